"""Links that show a draft's comparison to whoever is sent them, and who opened them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from orgmodel.changes.models import Draft


class ShareLink(models.Model):
    """A way to read one draft's comparison, for anyone with a login. It ends by itself, or when it is revoked."""

    key = models.CharField(max_length=32)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="links")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="exports_sharelink_key")]

    def __str__(self) -> str:
        return _("{draft} until {day}").format(draft=self.draft, day=self.expires_at.date())

    def get_absolute_url(self) -> str:
        return reverse("shared", args=[self.key])


class Opening(models.Model):
    """Someone looked at a draft by its link."""

    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="openings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["link", "opened_at"], name="exports_opening_latest")]

    def __str__(self) -> str:
        return f"{self.user} {self.opened_at:%Y-%m-%d %H:%M}"
