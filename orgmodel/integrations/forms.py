"""Forms about integrations and their tokens, for pages and the admin."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgmodel.changes.forms import IdInput, TextField
from orgmodel.core.org import Org
from orgmodel.core.phrases import said, say
from orgmodel.integrations import tokens
from orgmodel.integrations.models import Integration
from orgmodel.integrations.tokens import MEANINGS, SCOPES, BadTerms, Terms

EXPIRIES = (
    ("90", gettext_lazy("in 90 days")),
    ("365", gettext_lazy("in a year")),
    ("30", gettext_lazy("in 30 days")),
    ("", gettext_lazy("never")),
)
OVERLAPS = (
    ("24", gettext_lazy("a day")),
    ("1", gettext_lazy("an hour")),
    ("168", gettext_lazy("a week")),
    ("0", gettext_lazy("not at all")),
)


class IntegrationForm(forms.Form):
    name = forms.RegexField(
        r"^\w[\w .-]{0,99}\Z",
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("What calls, such as HR sync. The history names it."),
        error_messages={
            "invalid": gettext_lazy(
                "Letters, digits, spaces, dots, dashes and underscores, a letter or digit first."
            )
        },
    )
    about = TextField(
        label=gettext_lazy("What it is for, and whom to ask"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        key = tokens.key_of(name)
        if not key:
            raise ValidationError(_("A name needs a letter or a digit."))
        if Integration.objects.filter(key=key).exists():
            raise ValidationError(_("There is an integration of this name already."))
        return name


class TokenForm(forms.Form):
    """A new token: what it may do, to what, from where and until when."""

    id = IdInput()
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It may"),
        choices=[
            (scope, say("{scope}: {meaning}", scope=scope, meaning=MEANINGS[scope])) for scope in SCOPES
        ],
        widget=forms.CheckboxSelectMultiple({"class": "lines"}),
        error_messages={
            "required": gettext_lazy("Choose at least one: a token without scopes opens nothing.")
        },
    )
    tribe = forms.ChoiceField(
        required=False,
        label=gettext_lazy("It sees"),
        help_text=gettext_lazy(
            "A token that is limited to a tribe sees nothing else, and reads and writes people and units only."
        ),
    )
    expires = forms.ChoiceField(
        label=gettext_lazy("It expires"), choices=EXPIRIES, initial="365", required=False
    )
    addresses = TextField(
        label=gettext_lazy("It may call from"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy(
            "Addresses or networks, one on each line, such as 203.0.113.0/24. From anywhere if empty."
        ),
    )

    def __init__(self, *args: Any, org: Org, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._at = at
        self.initial.setdefault("id", uuid.uuid4())
        tribe: Any = self.fields["tribe"]
        tribe.choices = [("", _("the whole organization")), *((t.id, t.name) for t in org.tribes_by_name())]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            try:
                tokens.check(self.terms(), at=self._at)
            except BadTerms as error:
                self.add_error(error.field, said(error.message))
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
        label=gettext_lazy("The old token goes on for"),
        choices=OVERLAPS,
        help_text=gettext_lazy("Time to put the new one in its place. Both work meanwhile."),
    )

    def hours(self) -> timedelta:
        return timedelta(hours=int(self.cleaned_data["overlap"]))
