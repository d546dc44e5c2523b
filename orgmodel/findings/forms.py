"""Forms about findings and rules; all of them yield operations."""

from __future__ import annotations

import math
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from orgmodel.changes.comparing import OFFERED, planned_drafts
from orgmodel.changes.forms import EditForm, OperationForm, PairsField, TextField
from orgmodel.core.changes import Change
from orgmodel.core.operations import ChangeRule, Operation, Waive
from orgmodel.core.operations.base import short
from orgmodel.core.rules.base import Rule
from orgmodel.core.rules.settings import setting_of
from orgmodel.core.rules.terms import EXEMPT_KINDS


class WaiveForm(OperationForm):
    """Says that a finding is known, or may stay for a time. A draft that addresses it is chosen from the open ones."""

    def __init__(self, request: Any, key: str, *, state: str, **options: Any) -> None:
        self.user = request.user
        super().__init__(
            request,
            Waive,
            asks=("reason", "until", "state", "draft"),
            initial={"state": state, **options},
            key=key,
        )
        # The reason is what the finding says from now on, and why in the history; it is asked for once.
        self.fields["reason"] = TextField(
            label=_("Reason"),
            max_length=2_000,
            widget=forms.Textarea({"rows": 3}),
            help_text=_("Everyone reads it here."),
        )
        self.fields["until"].help_text = _("The finding is open again after this day.")
        self.order_fields(["state", "reason", "until", "draft"])

    def add_fields(self) -> None:
        super().add_fields()
        drafts = planned_drafts(self.user).values_list("key", "name")[:OFFERED]
        self.fields["draft"] = forms.ChoiceField(
            label=_("Draft that addresses it"), choices=[("", _("None")), *drafts], required=False
        )


class RuleForm(EditForm):
    """Sets how the organization applies a rule. All thresholds are shown; what equals the rule's own is not kept."""

    def __init__(self, request: Any, rule: Rule) -> None:
        self.rule = rule
        super().__init__(
            request,
            ChangeRule,
            setting_of(request.reality.org, rule.code),
            asks=("is_on", "severity", "thresholds", "exempt", "note"),
            options={
                "severity": {
                    "label": _("Severity"),
                    "help_text": _("Of its worst findings; milder ones stay as many steps below."),
                },
                "exempt": {"label": _("Does not apply to"), "help_text": _exempt_help()},
                "note": {"label": _("Why we differ")},
            },
        )

    def add_fields(self) -> None:
        super().add_fields()
        severities = self.fields["severity"]
        severities.choices = [("", _("As the rule says")), *severities.choices[1:]]  # type: ignore[attr-defined]
        if not self.rule.thresholds:
            del self.fields["thresholds"]
            self.asks = tuple(name for name in self.asks if name != "thresholds")
            return
        name, value = next(iter(self.rule.thresholds.items()))
        self.fields["thresholds"] = PairsField(
            label=_("Thresholds"),
            example=f"{name}: {value}",
            rows=len(self.rule.thresholds) + 1,
            required=False,
        )
        own = dict(self.record.thresholds)  # type: ignore[attr-defined]
        self.initial["thresholds"] = tuple(
            (name, own.get(name, f"{value:g}")) for name, value in self.rule.thresholds.items()
        )

    def clean_thresholds(self) -> tuple[tuple[str, str], ...]:
        given: tuple[tuple[str, str], ...] = self.cleaned_data["thresholds"]
        kept = []
        for name, text in given:
            if name not in self.rule.thresholds:
                fault = _("“{name}” is no threshold of {rule}: there are {known}.")
                known = ", ".join(self.rule.thresholds)
                raise ValidationError(fault.format(name=short(name), rule=self.rule.code, known=known))
            if _number(text) is None:
                raise ValidationError(_("“{text}” is no number.").format(text=short(text)))
            if _number(text) != self.rule.thresholds[name]:
                kept.append((name, text))
        return tuple(kept)

    def edit(self, values: dict[str, Any], seen: dict[str, Any]) -> Operation:
        return ChangeRule(rule=self.rule.code, values=values, seen=seen)

    def seen(self) -> list[Change]:
        """Return nothing: a rule that nobody has set yet is no record, and the operation checks what was seen."""
        return []


def _exempt_help() -> str:
    """Return how exemptions are written. Their words are a syntax, which has no other language."""
    return _(
        "One to a line, each with why, such as “{example}”. A line begins with {kinds} or {last} and a key, or with"
        " “{type}” for all squads of a type. What belongs to a unit is exempt with it."
    ).format(
        example="squad atlas: On call around the clock",
        kinds=", ".join(EXEMPT_KINDS[:-2]),
        last=EXEMPT_KINDS[-2],
        type="type platform",
    )


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
