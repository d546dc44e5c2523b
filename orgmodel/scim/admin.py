"""Users and groups of identity providers, in the admin: read, link and unlink. A unit is chosen on the group's page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgmodel.access.admin_site import ReadOnly
from orgmodel.changes import services
from orgmodel.core.operations.base import noun
from orgmodel.core.phrases import said
from orgmodel.scim import linking, links
from orgmodel.scim.models import ScimGroup, ScimUser


@admin.action(description=gettext_lazy("Link: choose a unit and see what that would do"))
def link(modeladmin: Any, request: Any, rows: Any) -> HttpResponse | None:
    if len(rows) == 1:
        return redirect("scim_group", rows[0].pk)
    messages.warning(request, _("Choose one group: each is linked to a unit of its own."))
    return None


@admin.action(description=gettext_lazy("Unlink: nobody leaves a unit by that"))
def unlink(modeladmin: Any, request: Any, rows: Any) -> None:
    for group in rows:
        links.unlink(group)
    messages.success(request, _("What you chose is linked to nothing any more."))


@admin.register(ScimUser)
class ScimUserAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("user_name", "external_id", "updated_at", "deactivated_at", "deleted_at")
    list_filter = (("deactivated_at", admin.EmptyFieldListFilter), ("deleted_at", admin.EmptyFieldListFilter))
    search_fields = ("user_name", "external_id")
    ordering = ("user_name",)
    show_full_result_count = False
    fields = (
        "who",
        "user_name",
        "external_id",
        "body",
        "created_at",
        "updated_at",
        "deactivated_at",
        "deleted_at",
    )
    readonly_fields = ("who",)

    @admin.display(description=gettext_lazy("person"))
    def who(self, obj: ScimUser) -> str:
        person = services.current().people.get(obj.person)
        return person.name if person is not None else "—"


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("unit kind")
    parameter_name = "unit_kind"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind, said(noun(kind))) for kind in linking.KINDS]

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(unit_kind=self.value()) if self.value() in linking.KINDS else queryset


@admin.register(ScimGroup)
class ScimGroupAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "external_id", "kind", "linked_to", "updated_at")
    list_filter = (KindFilter,)
    search_fields = ("name", "external_id")
    ordering = ("name_key",)
    fields = ("name", "external_id", "kind", "linked_to", "moves", "created_at", "updated_at")
    actions = (link, unlink)

    @admin.display(description=gettext_lazy("unit kind"), ordering="unit_kind")
    def kind(self, obj: ScimGroup) -> str:
        return said(noun(obj.unit_kind))

    @admin.display(description=gettext_lazy("linked to"))
    def linked_to(self, obj: ScimGroup) -> str:
        unit = linking.unit_of(services.current(), obj)
        return unit.name if unit is not None else ""

    def view_on_site(self, obj: ScimGroup) -> str:
        return reverse("scim_group", args=[obj.pk])
