"""The form of a webhook, for pages."""

from __future__ import annotations

from typing import Any

from django import forms

from orgmodel.changes.forms import TextField
from orgmodel.core.operations import Refused
from orgmodel.webhooks import guard, services


class WebhookForm(forms.Form):
    url = TextField(
        label="Address",
        max_length=guard.LIMIT,
        help_text="Where events are sent, such as https://example.com/hook.",
    )
    events = TextField(
        label="Events",
        max_length=2000,
        help_text="Patterns with spaces between them, such as person.* squad.split; * is all of them.",
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name, check in (("url", services.check_url), ("events", services.check_patterns)):
            if name in given:
                try:
                    given[name] = check(given[name])
                except Refused as refusal:
                    self.add_error(name, refusal.message)
        return given

    def clean_events(self) -> list[str]:
        text: str = self.cleaned_data["events"]
        return text.replace(",", " ").split()
