"""Subscriptions of integrations to events, what is delivered to them, and how far the log has been told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orgmodel.changes.fields import IdField
from orgmodel.changes.models import new_id
from orgmodel.integrations.models import Integration
from orgmodel.webhooks import signing


class Subscription(models.Model):
    """An address that hears of some events. Its secrets are worked out from its id and number, and kept nowhere."""

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")  # by somebody; what happens meanwhile waits
        DISABLED = "disabled", _("disabled")  # by us, or by 410; what happens meanwhile is not told

    id = IdField(primary_key=True, default=new_id, editable=False)
    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="subscriptions")
    url = models.CharField("address", max_length=500)
    patterns = models.JSONField("events")  # such as "person.*"
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    reason = models.TextField("why it is disabled", blank=True)
    secret_number = models.PositiveIntegerField(default=1)
    old_secret_until = models.DateTimeField(null=True, blank=True)
    since_version = models.PositiveIntegerField()  # of the organization, when it began
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="disabled") | Q(reason=""), name="webhooks_subscription_reason"
            )
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def secret(self) -> str:
        """The secret that signs what it is sent, to be shown once."""
        return signing.secret_of(self.pk, self.secret_number)

    def secrets(self, at: datetime) -> list[str]:
        """Return the secrets that sign now, the newest first; the one before counts a while after it was replaced."""
        numbers = [self.secret_number]
        if self.old_secret_until is not None and at < self.old_secret_until:
            numbers.append(self.secret_number - 1)
        return [secret for number in numbers for secret in signing.secrets_of(self.pk, number)]


class Delivery(models.Model):
    """One event on its way to one subscription, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        DEAD = "dead", _("given up")

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=80)  # its id, and the header webhook-id of every attempt
    type = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)  # kind and id of what it is about: told in order
    body = models.TextField()
    created_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    lease = IdField(null=True, blank=True)  # of the worker that has it in hand
    lease_until = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)  # what the receiver answered last
    error = models.CharField(max_length=300, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["subscription", "event"], name="webhooks_delivery_event")
        ]
        indexes = [
            models.Index(
                fields=["subscription", "next_at"],
                condition=Q(state="waiting"),
                name="webhooks_delivery_due",
            ),
            models.Index(
                fields=["subscription", "subject", "id"],
                condition=Q(state="waiting"),
                name="webhooks_delivery_order",
            ),
            models.Index(fields=["subscription", "state", "id"], name="webhooks_delivery_log"),
            models.Index(fields=["created_at"], name="webhooks_delivery_age"),
        ]

    def __str__(self) -> str:
        return self.event


class Progress(models.Model):
    """The one row that says how far the log has been told. Locking it lets one worker at a time tell more."""

    version = models.PositiveIntegerField(default=0)
    change_set = IdField(null=True)  # the one of this version, to notice that the log is another one now
    checked_on = models.DateField(null=True)  # on which day log and tables were compared last

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="webhooks_progress_one_row")]

    def __str__(self) -> str:
        return f"told up to version {self.version}"


def progress() -> Progress:
    found: Any = Progress.objects.get_or_create(pk=1)
    return found[0]  # type: ignore[no-any-return]
