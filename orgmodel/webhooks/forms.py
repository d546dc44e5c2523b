"""The form of a webhook, for pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orgmodel.changes.forms import TextField
from orgmodel.core.operations import Refused
from orgmodel.core.phrases import said, say
from orgmodel.webhooks import guard, services


class WebhookForm(forms.Form):
    url = TextField(
        label=_("Address"),
        max_length=guard.LIMIT,
        help_text=_("Where events are sent, such as https://example.com/hook."),
    )
    events = TextField(
        label=_("Events"),
        max_length=2000,
        help_text=say(
            "Patterns with spaces between them, such as {patterns}; {all} is all of them.",
            patterns="person.* squad.split",
            all="*",
        ),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name, check in (("url", services.check_url), ("events", services.check_patterns)):
            if name in given:
                try:
                    given[name] = check(given[name])
                except Refused as refusal:
                    self.add_error(name, said(refusal.message))
        return given

    def clean_events(self) -> list[str]:
        text: str = self.cleaned_data["events"]
        return text.replace(",", " ").split()
