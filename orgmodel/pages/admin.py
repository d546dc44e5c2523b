"""Saved views in the admin: to see what is shared, and to remove it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from orgmodel.access.admin_site import ForDesigners
from orgmodel.pages.models import SavedView


@admin.register(SavedView)
class SavedViewAdmin(ForDesigners, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "owner", "is_shared", "url", "created_at")
    list_filter = ("is_shared",)
    list_select_related = ("owner",)
    search_fields = ("name", "url", "owner__username")
    ordering = ("name",)
    readonly_fields = ("name", "owner", "url", "created_at")
    show_full_result_count = False

    def view_on_site(self, obj: SavedView) -> str:
        return obj.url

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False
