"""What an organization calls its units, as a table; `store.py` alone writes it."""

from __future__ import annotations

from django.db import models

from orgmodel.changes.models import RecordModel


class Word(RecordModel):
    key = models.CharField("term", max_length=100)
    one = models.CharField("word for one", max_length=40)
    many = models.CharField("word for several", max_length=40)
    forms = models.JSONField("forms in other languages", default=dict, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="language_word_key")]

    def __str__(self) -> str:
        return self.key
