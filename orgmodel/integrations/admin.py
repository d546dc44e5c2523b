"""Tokens of integrations in the admin: to be looked over and revoked. They are issued on the command line."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.utils import timezone

from orgmodel.access.admin_site import ReadOnly
from orgmodel.integrations.models import Token


@admin.action(description="Revoke")
def revoke(modeladmin: Any, request: Any, tokens: Any) -> None:
    count = tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
    messages.success(request, "1 token is revoked." if count == 1 else f"{count} tokens are revoked.")


@admin.register(Token)
class TokenAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("integration", "public_id", "created_at", "last_used_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user",)
    search_fields = ("user__username", "public_id")
    ordering = ("-created_at",)
    fields = ("user", "public_id", "created_at", "last_used_at", "revoked_at")
    actions = (revoke,)

    @admin.display(ordering="user__username")
    def integration(self, row: Token) -> str:
        return row.user.get_full_name() or row.user.get_username().removeprefix("integration:")
