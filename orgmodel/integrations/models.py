"""Integrations and what belongs to them: tokens, answers kept for repeated requests, how often they call."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from orgmodel.changes.fields import IdField
from orgmodel.redaction import PREFIX


class Integration(models.Model):
    """A script, an HR system or an identity provider that calls the API. Its user is who the log says did it."""

    key = models.SlugField(max_length=100, allow_unicode=True)
    name = models.CharField(max_length=100)
    about = models.TextField("what it is for, and whom to ask", blank=True, max_length=2000)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="integration"
    )
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="integrations_integration_key")]

    def __str__(self) -> str:
        return self.name


class Token(models.Model):
    """A way in for an integration: `Bearer om_<public id>_<secret>_<checksum>`. Only a digest of the secret is kept."""

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="tokens")
    public_id = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    tribe = IdField(
        null=True, blank=True
    )  # all it sees, where it is limited to one; no reference, as units close
    addresses = models.JSONField(
        "addresses it may call from", default=list, blank=True
    )  # networks; none: any
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["public_id"], name="integrations_token_public_id")]

    def __str__(self) -> str:
        return f"{self.integration} {self.name}"

    @property
    def name(self) -> str:
        """The part of a token that may be told to anybody."""
        return f"{PREFIX}_{self.public_id}_…"


class KeptAnswer(models.Model):
    """What a POST with an `Idempotency-Key` was answered, to be said again where it is repeated."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)  # of method, address and body
    started_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)  # None while it still runs
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=bytes)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="integrations_keptanswer_key"),
            models.CheckConstraint(
                condition=Q(status__isnull=True) | Q(status__range=(200, 299)),
                name="integrations_keptanswer_only_successes",
            ),
        ]
        indexes = [models.Index(fields=["started_at"], name="integrations_keptanswer_age")]

    def __str__(self) -> str:
        return self.key


class Usage(models.Model):
    """How many requests a token has made in a window of time; counted here, so that all processes count alike."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="usage")
    bucket = models.CharField(max_length=20)  # which limit
    window = models.BigIntegerField()  # its number since the epoch
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token", "bucket", "window"], name="integrations_usage_window")
        ]

    def __str__(self) -> str:
        return f"{self.token} {self.count}"


class ColumnMapping(models.Model):
    """Which column of an integration's files is which field, so that nobody maps them twice."""

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="mappings")
    name = models.CharField(max_length=100)
    columns = models.JSONField(
        default=dict
    )  # column of the file: field, such as "Employee ID": "external_id:hris"
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["integration", "name"], name="integrations_columnmapping_name")
        ]

    def __str__(self) -> str:
        return self.name
