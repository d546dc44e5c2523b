"""Forms about integrations and their tokens, for pages and the admin."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from orgmodel.changes.forms import IdInput, TextField
from orgmodel.core.org import Org
from orgmodel.integrations import tokens
from orgmodel.integrations.models import Integration
from orgmodel.integrations.tokens import MEANINGS, SCOPES, BadTerms, Terms

EXPIRIES = (("90", "in 90 days"), ("365", "in a year"), ("30", "in 30 days"), ("", "never"))
OVERLAPS = (("24", "a day"), ("1", "an hour"), ("168", "a week"), ("0", "not at all"))


class IntegrationForm(forms.Form):
    name = forms.RegexField(
        r"^\w[\w .-]{0,99}\Z",
        max_length=100,
        help_text="What calls, such as HR sync. The history names it.",
        error_messages={
            "invalid": "Letters, digits, spaces, dots, dashes and underscores, a letter or digit first."
        },
    )
    about = TextField(
        label="What it is for, and whom to ask",
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        key = tokens.key_of(name)
        if not key:
            raise ValidationError("A name needs a letter or a digit.")
        if Integration.objects.filter(key=key).exists():
            raise ValidationError("There is an integration of this name already.")
        return name


class TokenForm(forms.Form):
    """A new token: what it may do, to what, from where and until when."""

    id = IdInput()
    scopes = forms.MultipleChoiceField(
        label="It may",
        choices=[(scope, f"{scope}: {MEANINGS[scope]}") for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple({"class": "lines"}),
        error_messages={"required": "Choose at least one: a token without scopes opens nothing."},
    )
    tribe = forms.ChoiceField(
        required=False,
        help_text="A token that is limited to a tribe sees nothing else, and reads and writes people and units only.",
    )
    expires = forms.ChoiceField(label="It expires", choices=EXPIRIES, initial="365", required=False)
    addresses = TextField(
        label="It may call from",
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text="Addresses or networks, one on each line, such as 203.0.113.0/24. From anywhere if empty.",
    )

    def __init__(self, *args: Any, org: Org, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._at = at
        self.initial.setdefault("id", uuid.uuid4())
        tribe: Any = self.fields["tribe"]
        tribe.choices = [("", "the whole organization"), *((t.id, t.name) for t in org.tribes_by_name())]
        tribe.label = "It sees"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            try:
                tokens.check(self.terms(), at=self._at)
            except BadTerms as error:
                self.add_error(error.field, str(error))
        return given

    def terms(self) -> Terms:
        given = self.cleaned_data
        days = given["expires"]
        return Terms(
            scopes=given["scopes"],
            tribe=given["tribe"] or None,
            addresses=given["addresses"].split(),
            expires_at=self._at + timedelta(days=int(days)) if days else None,
        )

    @property
    def public_id(self) -> str:
        """What the token is called: the same for a form that is sent twice."""
        return uuid.UUID(self.cleaned_data["id"]).hex[:16]


class RotateForm(forms.Form):
    overlap = forms.ChoiceField(
        label="The old token goes on for",
        choices=OVERLAPS,
        help_text="Time to put the new one in its place. Both work meanwhile.",
    )

    def hours(self) -> timedelta:
        return timedelta(hours=int(self.cleaned_data["overlap"]))
