"""What an organization has decided about rules and findings, as tables; `store.py` alone writes them.

Findings themselves are in no table: they follow from the organization whenever they are asked for.
"""

from __future__ import annotations

from django.db import models

from orgmodel.changes import columns
from orgmodel.changes.models import RecordModel


class RuleSetting(RecordModel):
    key = models.CharField("rule", max_length=100)
    is_on = models.BooleanField("on", default=True)
    severity = columns.choice("rule_setting", "severity")
    thresholds = models.JSONField(default=dict, blank=True)
    note = columns.long_text()
    exempt = models.TextField("does not apply to", blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="findings_rulesetting_key")]

    def __str__(self) -> str:
        return self.key


class Waiver(RecordModel):
    key = models.CharField("finding", max_length=100)
    reason = models.TextField()
    state = columns.choice("waiver", "state")
    until = columns.day()
    draft = columns.text(100, verbose_name="draft that addresses it")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="findings_waiver_key")]

    def __str__(self) -> str:
        return self.key
