"""Integrations and their tokens in the admin. Both are made by forms; tokens are shown once, rotated, never changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orgmodel.access.admin_site import ForDesigners, ReadOnly
from orgmodel.changes import services
from orgmodel.changes.pages import see_other
from orgmodel.core.phrases import said
from orgmodel.integrations import once, tokens
from orgmodel.integrations.forms import IntegrationForm, TokenForm
from orgmodel.integrations.models import ColumnMapping, Integration, Token

OVERLAP = timedelta(days=1)


class MadeByForm(ReadOnly):
    """Mixed into admin classes whose rows are made by `make`, from a form, and never changed."""

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return ForDesigners.has_add_permission(self, request, obj)

    def add_view(self, request: Any, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        form = self.form_for(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            return self.make(request, form)
        site: Any = self
        title = _("Add {what}").format(what=site.opts.verbose_name)
        context = {
            **site.admin_site.each_context(request),
            "title": title,
            "opts": site.opts,
            "form": form,
            "media": site.media + form.media,
            "action": {"name": "add", "label": title},
        }
        return TemplateResponse(request, "admin/record_action.html", context)

    def form_for(self, data: Any) -> forms.Form:
        raise NotImplementedError

    def make(self, request: Any, form: Any) -> HttpResponse:
        raise NotImplementedError


class TokenOfForm(TokenForm):
    integration = forms.ModelChoiceField(
        Integration.objects.filter(closed_at=None).order_by("name"), label=gettext_lazy("Integration")
    )
    field_order = ("integration",)


@admin.action(description=gettext_lazy("Revoke"))
def revoke(modeladmin: Any, request: Any, rows: Any) -> None:
    n = tokens.revoke(rows, at=timezone.now())
    words = ngettext("{n} token is revoked.", "{n} tokens are revoked.", n)
    messages.success(request, words.format(n=n))


@admin.action(description=gettext_lazy("Rotate: a new token now, the old one goes on for a day"))
def rotate(modeladmin: Any, request: Any, rows: Any) -> HttpResponse | None:
    chosen = [*rows[:2]]
    if len(chosen) != 1:
        messages.error(request, _("Choose one token: the new one is shown once."))
        return None
    try:
        return _shown_next(request, tokens.rotate(chosen[0], overlap=OVERLAP, at=timezone.now()))
    except tokens.BadTerms as error:
        messages.error(request, said(error.message))
        return None


@admin.action(description=gettext_lazy("Close, and revoke their tokens"))
def close(modeladmin: Any, request: Any, rows: Any) -> None:
    for integration in rows:
        tokens.close(integration, at=timezone.now())
    messages.success(request, _("What you chose is closed, and its tokens are revoked."))


def _shown_next(request: Any, token: str) -> HttpResponse:
    return once.keep(request, see_other(reverse("admin:integrations_token_changelist")), token)


@admin.register(Integration)
class IntegrationAdmin(MadeByForm, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "key", "created_at", "closed_at")
    list_filter = (("closed_at", admin.EmptyFieldListFilter),)
    search_fields = ("name", "about")
    ordering = ("name",)
    fields = ("name", "key", "about", "user", "created_at", "closed_at")
    actions = (close,)

    def view_on_site(self, obj: Integration) -> str:
        return reverse("integration", args=[obj.key])

    def form_for(self, data: Any) -> forms.Form:
        return IntegrationForm(data)

    def make(self, request: Any, form: Any) -> HttpResponse:
        made = tokens.integration_of(
            form.cleaned_data["name"], about=form.cleaned_data["about"], at=timezone.now()
        )
        messages.success(request, _("{name} is there. Give it a token.").format(name=made.name))
        return see_other(reverse("admin:integrations_token_add"))


@admin.register(Token)
class TokenAdmin(MadeByForm, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("integration", "name", "may", "expires_at", "last_used_at", "revoked_at")
    list_display_links = ("name",)
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("integration",)
    search_fields = ("integration__name", "public_id")
    ordering = ("-created_at",)
    fields = (
        "integration",
        "name",
        "may",
        "tribe",
        "addresses",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )
    readonly_fields = ("name", "may")
    actions = (rotate, revoke)

    @admin.display(description=gettext_lazy("name"))
    def name(self, obj: Token) -> str:
        return obj.name

    @admin.display(description=gettext_lazy("scopes"))
    def may(self, obj: Token) -> str:
        return ", ".join(obj.scopes)

    def form_for(self, data: Any) -> forms.Form:
        return TokenOfForm(data, org=services.current(), at=timezone.now())

    def make(self, request: Any, form: Any) -> HttpResponse:
        integration = form.cleaned_data["integration"]
        try:
            token = tokens.issue_to(integration, form.terms(), at=timezone.now(), public_id=form.public_id)
        except tokens.BadTerms as error:
            messages.error(request, said(error.message))
            return see_other(reverse("admin:integrations_token_changelist"))
        return _shown_next(request, token)

    def changelist_view(self, request: Any, extra_context: Any = None) -> HttpResponse:
        new_token = once.take(request)
        response = super().changelist_view(request, {**(extra_context or {}), "new_token": new_token})
        return once.forget(response) if new_token else response


@admin.register(ColumnMapping)
class ColumnMappingAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Columns are named where a file is imported; here they are looked at and removed."""

    list_display = ("name", "integration", "updated_at")
    list_select_related = ("integration",)
    search_fields = ("name", "integration__name")
    ordering = ("integration__name", "name")
    fields = ("integration", "name", "columns", "updated_at")

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return ForDesigners.has_delete_permission(self, request, obj)
