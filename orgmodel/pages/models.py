"""What people keep for themselves: no part of the organization."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from orgmodel.core.phrases import say


class SavedView(models.Model):
    """An address with a name: a page as someone has filtered, colored and dated it."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=100)
    url = models.CharField("address", max_length=2_000)
    is_shared = models.BooleanField("shared with everyone", default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="pages_savedview_name")]
        indexes = [
            models.Index(fields=["name"], condition=models.Q(is_shared=True), name="pages_savedview_shared")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def note(self) -> str:
        return say("saved view for everyone") if self.is_shared else say("saved view")
