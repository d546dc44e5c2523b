"""Links to drafts in the admin: to see who opened them, and to revoke them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from orgmodel.access.admin_site import ReadOnly
from orgmodel.exports.models import Opening, ShareLink


@admin.action(description=gettext_lazy("Revoke"))
def revoke(modeladmin: Any, request: Any, links: Any) -> None:
    n = links.filter(revoked_at=None).update(revoked_at=timezone.now())
    messages.success(request, ngettext("{n} link is revoked.", "{n} links are revoked.", n).format(n=n))


class OpeningInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Opening
    fields = ("user", "opened_at")
    extra = 0


@admin.register(ShareLink)
class ShareLinkAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("draft", "made_by", "made_at", "expires_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("draft", "made_by")
    search_fields = ("draft__name",)
    ordering = ("-made_at",)
    fields = ("draft", "made_by", "made_at", "expires_at", "revoked_at")
    inlines = (OpeningInline,)
    show_full_result_count = False
    actions = (revoke,)
