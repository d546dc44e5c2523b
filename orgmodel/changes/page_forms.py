"""Forms of the pages about drafts and the log. Those that yield operations are in `forms.py`."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgmodel.changes.forms import TextField
from orgmodel.changes.models import ChangeSet
from orgmodel.changes.services import MESSAGE_LIMIT
from orgmodel.core.operations.base import noun
from orgmodel.core.phrases import day_in_words, said
from orgmodel.core.records import KINDS

VERSION_LIMIT = 2**31 - 1  # what the column holds on every database

SOURCES = [("", gettext_lazy("From anywhere")), *ChangeSet.Source.choices]


def day_field(**options: Any) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(input_formats=["%Y-%m-%d"], widget=widget, **options)


def subjects() -> list[tuple[str, str]]:
    """Return what the log may be about, in the language that is spoken now."""
    return [("", _("About anything")), *((kind, capfirst(said(noun(kind)))) for kind in KINDS)]


def words_field(label: Any, help_text: Any, **options: Any) -> TextField:
    """Return a field for a few sentences, which nobody has to write."""
    options = {"required": False, "widget": forms.Textarea({"rows": 2}), **options}
    return TextField(label=label, max_length=MESSAGE_LIMIT, help_text=help_text, **options)


class DraftForm(forms.Form):
    name = TextField(
        label=gettext_lazy("Name of the draft"),
        max_length=200,
        widget=forms.TextInput({"placeholder": gettext_lazy("Unblock ingestion")}),
    )


class NewDraftForm(DraftForm):
    """Starts a draft, once: its id is in the form. One without a name is named by its day."""

    id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.initial.setdefault("id", uuid.uuid4())
        self.fields["name"].required = False

    def clean_name(self) -> str:
        today = day_in_words(timezone.localdate(), year=False)
        return self.cleaned_data["name"].strip() or f"Draft of {today}"

    def clean_id(self) -> str:
        return str(self.cleaned_data["id"] or uuid.uuid4())


class CopyForm(forms.Form):
    """Copies a draft, once: the id of the copy is in the form."""

    id = forms.UUIDField(required=False, widget=forms.HiddenInput)


class NoteForm(forms.Form):
    note = words_field(
        gettext_lazy("Note"),
        gettext_lazy("What whoever reads this change should know. Empty takes the note away."),
    )


class ReasonForm(forms.Form):
    reason = words_field(gettext_lazy("Reason"), gettext_lazy("Why; the history keeps it."))


class UndoForm(ReasonForm):
    learning = words_field(
        gettext_lazy("What we learned"),
        gettext_lazy("What you expected, what happened, what would have warned you."),
    )


class GoLiveForm(forms.Form):
    """What publishing and scheduling ask. `expected` stands for the list of changes that someone has read.

    Where something is still open, the field `despite` asks why that is no reason to wait.
    """

    reason = words_field(gettext_lazy("Reason"), gettext_lazy("Why; everyone reads it in the history."))
    despite = words_field(
        gettext_lazy("Why all the same"),
        gettext_lazy("One answer to everything that is still open. It is kept with the draft."),
    )
    expected = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, has_questions: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if not has_questions:
            del self.fields["despite"]

    def ask_again(self, *, has_questions: bool, **hidden: str) -> None:
        """Show a form that was sent once more; sent again, it goes ahead with what is shown now."""
        sent: Any = self.data
        self.data = {**sent.dict(), **hidden}
        if not has_questions:
            self.fields.pop("despite", None)


class PublishForm(GoLiveForm):
    """`read` holds the positions of the changes that were ticked when the page was shown."""

    effective_on = day_field(
        label=gettext_lazy("Takes effect on"),
        required=False,
        help_text=gettext_lazy("Today, or a day that has passed, with a reason."),
    )
    learning = words_field(
        gettext_lazy("What was learned"),
        gettext_lazy("What the reorganization that this takes back has taught."),
    )
    read = forms.CharField(required=False, max_length=10_000, widget=forms.HiddenInput)
    field_order = ("reason", "effective_on", "learning", "despite")

    def __init__(self, *arguments: Any, takes_back: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if not takes_back:
            del self.fields["learning"]

    def clean_effective_on(self) -> date | None:
        day: date | None = self.cleaned_data["effective_on"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(
                _("A day to come cannot be published yet. Schedule the draft for that day.")
            )
        return day

    def clean(self) -> None:
        day, reason = self.cleaned_data.get("effective_on"), self.cleaned_data.get("reason")
        if day is not None and day < timezone.localdate() and reason == "":
            self.add_error("reason", _("Say why it is dated back."))


class ScheduleForm(GoLiveForm):
    scheduled_on = day_field(
        label=gettext_lazy("Goes live on"),
        help_text=gettext_lazy("A day to come. It is checked again then, just after midnight."),
    )
    field_order = ("scheduled_on", "reason", "despite")


class FilesInput(forms.ClearableFileInput):
    """Chooses one file or several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several; empty ones too, because the import says what is wrong with them."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        if not data:
            raise ValidationError(_("Choose a zip or the CSV files themselves."))
        clean = super().clean
        return [clean(file) for file in data]


class HistoryForm(forms.Form):
    """What to show of the log. A value that makes no sense is left out, and said."""

    q = TextField(required=False, max_length=200, label=gettext_lazy("Text"))
    who = TextField(required=False, max_length=200, label=gettext_lazy("Who"))
    source = forms.ChoiceField(required=False, choices=SOURCES, label=gettext_lazy("From where"))
    kind = forms.ChoiceField(required=False, choices=subjects, label=gettext_lazy("What"))
    key = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    since = day_field(required=False, label=gettext_lazy("From"))
    until = day_field(required=False, label=gettext_lazy("To"))
    before = forms.IntegerField(
        required=False, min_value=0, max_value=VERSION_LIMIT, widget=forms.HiddenInput
    )
    after = forms.IntegerField(required=False, min_value=0, max_value=VERSION_LIMIT, widget=forms.HiddenInput)

    def clean_until(self) -> date | None:
        since, until = self.cleaned_data.get("since"), self.cleaned_data["until"]
        if since is not None and until is not None and until < since:
            words = _("Nothing can be since {since} and until {until}: that is earlier.")
            raise ValidationError(
                words.format(since=said(day_in_words(since)), until=said(day_in_words(until)))
            )
        return until  # type: ignore[no-any-return]


class BetweenForm(forms.Form):
    """Which days to compare, both included, and of what: everything, or one record as "squad:search"."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["from"] = day_field(label=_("From"), required=False)
        self.fields["to"] = day_field(label=_("to"), required=False)
        self.fields["unit"] = TextField(
            required=False,
            max_length=140,
            widget=forms.TextInput({"list": "units", "placeholder": _("Everything"), "autocomplete": "off"}),
        )

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if first is not None and last is not None and last < first:
            words = _("{last} is before {first}: choose a later day to end with.")
            raise ValidationError(
                words.format(last=said(day_in_words(last)), first=said(day_in_words(first)))
            )
        return self.cleaned_data


class SnapshotForm(forms.Form):
    """Names a version; `version` empty is the one of now."""

    name = TextField(
        label=gettext_lazy("Name"),
        max_length=200,
        widget=forms.TextInput({"placeholder": gettext_lazy("Before the merger")}),
    )
    version = forms.IntegerField(
        required=False, min_value=1, max_value=VERSION_LIMIT, widget=forms.HiddenInput
    )
