"""Webhooks and what was sent, in the admin: read, pause, send again. They are made on the integration's page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orgmodel.access.admin_site import ReadOnly
from orgmodel.webhooks import services
from orgmodel.webhooks.delivery import send_again
from orgmodel.webhooks.models import Delivery, Subscription


@admin.action(description=gettext_lazy("Pause: what happens waits"))
def pause(modeladmin: Any, request: Any, rows: Any) -> None:
    for subscription in rows:
        services.pause(subscription)
    messages.success(request, _("What you chose is paused."))


@admin.action(description=gettext_lazy("Resume, also what was disabled"))
def resume(modeladmin: Any, request: Any, rows: Any) -> None:
    for subscription in rows:
        services.resume(subscription)
    messages.success(request, _("What you chose is active."))


@admin.action(description=gettext_lazy("Send again, with the same ids"))
def redeliver(modeladmin: Any, request: Any, rows: Any) -> None:
    n = send_again(rows, timezone.now())
    words = ngettext("{n} event will be sent again.", "{n} events will be sent again.", n)
    messages.success(request, words.format(n=n))


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("url", "integration", "events", "state", "created_at")
    list_filter = ("state",)
    list_select_related = ("integration",)
    search_fields = ("url", "integration__name")
    ordering = ("integration__name", "created_at")
    fields = ("integration", "url", "events", "state", "reason", "old_secret_until", "created_at")
    readonly_fields = ("events",)
    actions = (pause, resume)

    @admin.display(description=gettext_lazy("events"))
    def events(self, obj: Subscription) -> str:
        return ", ".join(obj.patterns)

    def view_on_site(self, obj: Subscription) -> str:
        return reverse("webhook", args=[obj.integration.key, obj.pk])


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("event", "type", "subscription", "state", "attempts", "status", "created_at")
    list_filter = ("state", "type")
    list_select_related = ("subscription",)
    search_fields = ("event", "subject")
    ordering = ("-pk",)
    show_full_result_count = False
    fields = (
        "subscription",
        "event",
        "type",
        "subject",
        "body",
        "state",
        "attempts",
        "created_at",
        "tried_at",
        "next_at",
        "delivered_at",
        "status",
        "error",
    )
    actions = (redeliver,)
