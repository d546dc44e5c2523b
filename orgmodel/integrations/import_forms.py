"""Forms of the import page: files, what their columns are, and the confirmation of a preview."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgmodel.changes.files import mapping, matching
from orgmodel.changes.files.planning import Terms
from orgmodel.changes.files.reading import Table
from orgmodel.changes.files.sources import ENDINGS
from orgmodel.changes.forms import TextField
from orgmodel.changes.page_forms import DraftForm, FilesField, FilesInput
from orgmodel.core.phrases import said, say
from orgmodel.integrations.models import ColumnMapping, Integration

MISSING = [
    ("keep", gettext_lazy("Keep as it is")),
    ("close", gettext_lazy("Close it, and let people who are missing leave")),
]
MISSING_PEOPLE = [("keep", gettext_lazy("Keep them")), ("close", gettext_lazy("Let them leave"))]
UNKNOWN = [
    ("error", gettext_lazy("Stop, and say which")),
    ("skip", gettext_lazy("Leave those people where they are")),
]
EXAMPLES = 3  # values of a column
DAMAGED = say("The preview is damaged. Choose the files again.")


class UploadForm(forms.Form):
    uploads = FilesField(
        label=gettext_lazy("Files"),
        allow_empty_file=True,
        widget=FilesInput({"accept": ",".join([*ENDINGS, ".zip"])}),
        help_text=say(
            "CSV, Excel (.xlsx), JSON, a Backstage catalog, or a zip. Files called {people}, {squads} and so on are "
            "read as they are; of any other file you say what its columns are.",
            people="people.csv",
            squads="squads.csv",
        ),
    )
    missing = forms.ChoiceField(
        label=gettext_lazy("What the files do not name"),
        choices=MISSING,
        initial="keep",
        widget=forms.RadioSelect,
    )


class ColumnsForm(forms.Form):
    """Says which field each column of a file of people is, and how its rows find their people."""

    content = forms.CharField(widget=forms.HiddenInput)
    match = forms.ChoiceField(
        label=gettext_lazy("Rows find their people by"),
        choices=[
            (mapping.SOURCE, gettext_lazy("Employee id")),
            (matching.EMAIL, gettext_lazy("Email")),
            (matching.KEY, gettext_lazy("Key")),
        ],
    )
    source = TextField(
        label=gettext_lazy("The employee ids are from"),
        max_length=50,
        required=False,
        help_text=gettext_lazy(
            "A short name of the system, such as hris or personio. People keep their id of each system."
        ),
    )
    unknown_squads = forms.ChoiceField(
        label=gettext_lazy("A squad that is not here"),
        choices=UNKNOWN,
        initial="error",
        widget=forms.RadioSelect,
    )
    missing = forms.ChoiceField(
        label=gettext_lazy("People whom the file does not name"),
        choices=MISSING_PEOPLE,
        initial="keep",
        widget=forms.RadioSelect,
        help_text=gettext_lazy("With employee ids, those who have an id of the same system."),
    )

    def __init__(self, *args: Any, table: Table, saved: Mapping[str, str] | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.table = table
        guessed = saved or mapping.guesses(table.columns)
        source = next((f for f in guessed.values() if f.startswith(matching.EXTERNAL_ID)), mapping.SOURCE)
        self.initial.setdefault("source", source.removeprefix(matching.EXTERNAL_ID))
        match = mapping.match_for(guessed.values())
        self.initial.setdefault("match", match if ":" not in match else mapping.SOURCE)
        choices = [("", _("Leave out")), *mapping.field_choices()]
        for place, column in enumerate(table.columns):
            field = guessed.get(column.strip(), "")
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=column,
                choices=choices,
                required=False,
                initial=mapping.SOURCE if field.startswith(matching.EXTERNAL_ID) else field,
            )

    def rows(self) -> list[dict[str, Any]]:
        """Return the columns as the page shows them: name, some values, and the field to choose."""
        return [
            {"name": column, "examples": _examples(self.table, place), "field": self[f"column_{place}"]}
            for place, column in enumerate(self.table.columns)
        ]

    def others(self) -> list[Any]:
        """Return the fields beside the columns."""
        return [field for field in self.visible_fields() if not field.name.startswith("column_")]

    def clean_source(self) -> str:
        source: str = self.cleaned_data["source"].strip() or mapping.HR
        if not source.isprintable() or ":" in source:
            raise ValidationError(_("Letters, digits, spaces and dashes, without a colon."))
        return source

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        fields = [*self._chosen().values()]
        match = given.get("match")
        if match and match not in fields:
            words = str(dict(self.fields["match"].choices)[match])  # type: ignore[attr-defined]
            self.add_error("match", _("Choose a column that is the {field}.").format(field=words.lower()))
        if "name" not in fields:
            self.add_error(None, _("Choose a column that is the name, or several that make it up."))
        twice = {field for field in fields if field != mapping.JOINED and fields.count(field) > 1}
        for place in range(len(self.table.columns)):
            if given.get(f"column_{place}") in twice:
                self.add_error(f"column_{place}", _("Another column is this field as well."))
        return given

    def _chosen(self) -> dict[str, str]:
        given = self.cleaned_data
        named = enumerate(self.table.columns)
        return {column.strip(): field for place, column in named if (field := given.get(f"column_{place}"))}

    def columns(self) -> dict[str, str]:
        """Return the field of each column that is one."""
        source = f"{matching.EXTERNAL_ID}{self.cleaned_data['source']}"
        return {
            column: source if field == mapping.SOURCE else field for column, field in self._chosen().items()
        }

    def terms(self) -> Terms:
        given, columns = self.cleaned_data, self.columns()
        match = given["match"]
        if match == mapping.SOURCE:
            match = f"{matching.EXTERNAL_ID}{given['source']}"
        skips = given["unknown_squads"] == "skip"
        return Terms(match, given["missing"], columns, skips_unknown_squads=skips)


def _examples(table: Table, place: int) -> list[str]:
    """Return the first different values of a column."""
    found = dict.fromkeys(cell for _, cells in table.rows[:50] if (cell := cells[place]))
    return [value[:60] for value in [*found][:EXAMPLES]]


class SaveForm(forms.Form):
    """Keeps what the columns are for the next file, with an integration, which may name it in its calls."""

    save_as = TextField(
        label=gettext_lazy("Keep these columns as"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("A name, such as Personio people."),
    )
    integration = forms.ModelChoiceField(
        Integration.objects.filter(closed_at=None).order_by("name"),
        label=gettext_lazy("Integration"),
        required=False,
        empty_label=gettext_lazy("Nobody yet"),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("save_as") and given.get("integration") is None:
            self.add_error("integration", _("Choose the integration that the columns belong to."))
        return given

    def keep(self, columns: Mapping[str, str], at: Any) -> ColumnMapping | None:
        given = self.cleaned_data
        if not given["save_as"]:
            return None
        values = {"columns": dict(columns), "updated_at": at}
        made, _ = ColumnMapping.objects.update_or_create(
            integration=given["integration"], name=given["save_as"], defaults=values
        )
        return made


class ConfirmForm(DraftForm):
    """Confirms a preview. The files of the preview come back in the form, so nothing has to be kept meanwhile."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    content = forms.CharField(widget=forms.HiddenInput)
    terms = forms.CharField(widget=forms.HiddenInput)

    def clean_terms(self) -> Terms:
        try:
            return terms_from(json.loads(self.cleaned_data["terms"]))
        except (ValueError, RecursionError):
            raise ValidationError(said(DAMAGED)) from None


def terms_as_text(terms: Terms) -> str:
    return json.dumps([terms.match, terms.missing, terms.columns, terms.skips_unknown_squads])


def terms_from(given: Any) -> Terms:
    """Return the terms that `terms_as_text` wrote. Raises ValueError for what it would not write."""
    match given:
        case [str(found), str(missing), dict() | None as columns, bool(skips)]:
            fields = [*(columns or {}).values()]
            known = all(isinstance(field, str) and mapping.is_field(field) for field in fields)
            if matching.is_match(found) and missing in dict(MISSING) and known:
                return Terms(found, missing, columns, skips_unknown_squads=skips)
    raise ValueError
