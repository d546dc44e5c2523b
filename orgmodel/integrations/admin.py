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
    list_select_related = ("integration",)
    search_fields = ("integration__name", "public_id")
    ordering = ("-created_at",)
    fields = ("integration", "public_id", "created_at", "last_used_at", "revoked_at")
    actions = (revoke,)
