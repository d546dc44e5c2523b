"""Tokens of integrations: what a script or an HR system signs in with. Only a digest is kept, never the token."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Token(models.Model):
    """A way in for a service user, `Authorization: Bearer om_<public id>_<secret>`."""

    public_id = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["public_id"], name="integrations_token_public_id")]

    def __str__(self) -> str:
        return f"{self.user} om_{self.public_id}_…"
