"""Forms of the admin that are saved by operations: they know what the page showed, and say which fields differ."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AutocompleteSelect
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgmodel.changes import jsonio, services, wording
from orgmodel.changes.services import MESSAGE_LIMIT
from orgmodel.changes.wording import OBJECTIONS, Objection
from orgmodel.core.changes import Change, Conflict
from orgmodel.core.operations import Operation, Refused
from orgmodel.core.org import Org, Ref
from orgmodel.core.phrases import said, say
from orgmodel.core.records import Record, specs_of, values_of
from orgmodel.core.replay import replay
from orgmodel.core.rules.integrity import RuleViolation


class ReasonField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Reason"),
            max_length=MESSAGE_LIMIT,
            widget=AdminTextareaWidget({"rows": 2}),
            help_text=gettext_lazy("Why this changes. It stands in the history beside your name."),
        )


class PairsField(forms.CharField):
    """Names with a value each, one “name: value” in a line."""

    def __init__(self, example: str, help_text: str) -> None:
        self.example = example
        super().__init__(required=False, widget=AdminTextareaWidget({"rows": 2}), help_text=said(help_text))

    def prepare_value(self, value: Any) -> Any:
        return (
            "\n".join(f"{source}: {id_}" for source, id_ in value.items())
            if isinstance(value, dict)
            else value
        )

    def to_python(self, value: Any) -> Any:
        lines = [line for line in (super().to_python(value) or "").splitlines() if line.strip()]
        pairs = [line.partition(": " if ": " in line else ":") for line in lines]  # a name may hold a colon
        if not all(source.strip() and id_.strip() for source, _, id_ in pairs):
            text = _("Write each on a line of its own, such as “{example}”.").format(example=self.example)
            raise forms.ValidationError(text)
        return tuple(sorted((source.strip(), id_.strip()) for source, _, id_ in pairs))


class RecordSelect(AutocompleteSelect):
    """Finds a record by typing. What is no id at all, in a form that was tampered with, is not looked up."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(name, [id_ for id_ in value if _is_id(id_)], attr)


def _is_id(text: str) -> bool:
    try:
        return bool(uuid.UUID(text))
    except ValueError:
        return False


class RecordForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form for a record. It never writes its instance; the admin asks it for the fields that are to be set."""

    kind: ClassVar[str]
    org: ClassVar[Org]
    seen = forms.CharField(label="", required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record: Any = None if self.instance._state.adding else self.org.get(self.kind, self.instance.pk)
        if self.record is not None:
            shown = jsonio.dump_fields(values_of(self.record))
            self.initial["seen"] = json.dumps(shown)
            numbers = [name for name, spec in specs_of(self.kind).items() if spec.kind == "number"]
            self.initial = {**self.initial, **{name: shown[name] for name in numbers}}

    def clean_seen(self) -> dict[str, Any]:
        text = self.cleaned_data["seen"]
        try:
            return jsonio.load_fields(self.kind, json.loads(text)) if text else {}
        except (ValueError, RecursionError):
            self.add_error(None, _("This form is damaged. Reload the page and try again."))
            return {}

    def _post_clean(self) -> None:
        # What may be saved is for commit() to say, in the organization's own words; the instance stays as it is.
        pass

    def values(self) -> dict[str, Any]:
        """Return the record's fields as the form gives them."""
        return {
            name: _plain(value) for name, value in self.cleaned_data.items() if name in specs_of(self.kind)
        }

    def changes(self) -> dict[str, Any]:
        """Return the fields that the form gives other values than the page showed."""
        shown = self.cleaned_data["seen"] or values_of(self.record)
        return {name: value for name, value in self.values().items() if not _same(shown.get(name), value)}

    def edit(self) -> Change:
        """Return what the designer saw in the fields to be set, and what they want there."""
        wanted = self.changes()
        seen = self.cleaned_data["seen"]
        return Change(
            self.kind, self.instance.pk, {name: seen[name] for name in wanted if name in seen}, wanted
        )

    def overrule(self, field: str) -> None:
        """Take a field's present value as seen, so that saving once more means it."""
        self.cleaned_data["seen"] |= {field: getattr(self.record, field)}
        shown = json.dumps(jsonio.dump_fields(self.cleaned_data["seen"]))
        self.data = {**self.data.dict(), self.add_prefix("seen"): shown}  # type: ignore[attr-defined]

    def shows(self, field: str) -> bool:
        return field in self.fields and not self.fields[field].widget.is_hidden


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _same(shown: Any, given: Any) -> bool:
    """Say whether a value came back as it was shown: browsers strip texts, and send nothing for None."""
    if isinstance(shown, str) and isinstance(given, str):
        return shown.replace("\r\n", "\n").strip() == given
    return bool(shown == given) or (shown is None and given == "")


@dataclass(frozen=True, slots=True)
class Intent:
    """An operation, and the form that it came from: which record, and which field of the form a refusal belongs to."""

    operation: Operation
    form: RecordForm
    id: str
    field: str = ""


class MainForm(RecordForm):
    """The form of the record itself. Its last check is a preview of all that the page asks for, inlines included."""

    admin: ClassVar[Any]
    new_id = forms.UUIDField(label="", widget=forms.HiddenInput)
    reason = ReasonField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.intents: list[Intent] = []
        if self.record is None:
            self.initial["new_id"] = (
                uuid.uuid4()
            )  # sent along, so that a double click creates one record and not two
        else:
            del self.fields["new_id"]

    @property
    def formsets(self) -> Sequence[RowFormSet]:
        return getattr(self.instance, "formsets", ())

    def clean(self) -> None:
        if not all(formset.is_valid() for formset in self.formsets) or self.errors:
            return
        if self.record is None:
            self.instance.pk = str(self.cleaned_data["new_id"])
        self.intents = self.admin.plan(self)
        if not self.intents:
            self.add_error(None, _("Nothing was changed, so there is nothing to save."))
            return
        try:
            services.preview([intent.operation for intent in self.intents], seen=self.edits())
        except OBJECTIONS as objection:
            self.object_to(objection)

    def edits(self) -> list[Change]:
        """Return what was seen and is wanted instead, of the record and of its rows."""
        rows = [row for formset in self.formsets for row in formset.edited_rows()]
        return [form.edit() for form in (self, *rows) if form.record is not None]

    def object_to(self, objection: Objection) -> None:
        """Put what is in the way at the field that it is about, in the row that it is about."""
        org = services.current()
        for complaint, intent in zip(
            wording.explain(objection, org), self._blamed(objection, org), strict=True
        ):
            form: RecordForm = intent.form if intent is not None else self
            if isinstance(form, RowForm) and form.is_leaving:
                form = self  # errors of rows that are to go are not shown
            field = (
                complaint.field if form.shows(complaint.field) else intent.field if intent is not None else ""
            )
            message = complaint.message
            if isinstance(objection, Conflict) and complaint.field and form.record is not None:
                form.overrule(complaint.field)
                message = say("{message} Save again to set yours all the same.", message=message)
            form.add_error(field if form.shows(field) else None, said(message))

    def _blamed(self, objection: Objection, org: Org) -> list[Intent | None]:
        match objection:
            case RuleViolation():
                return [self._about((p.kind, p.id)) for p in objection.problems]
            case Conflict():
                return [self._about((c.kind, c.id)) for c in objection.conflicts]
        return [self._refused(objection, org)]

    def _about(self, ref: Ref) -> Intent | None:
        return next((intent for intent in self.intents if (intent.form.kind, intent.id) == ref), None)

    def _refused(self, objection: Objection, org: Org) -> Intent | None:
        steps = replay(org, [intent.operation for intent in self.intents], on=timezone.localdate()).steps
        for intent, step in zip(self.intents, steps, strict=True):
            if isinstance(step.error, Refused) and str(step.error) == str(objection):
                return intent
        return None


class RowForm(RecordForm):
    """A row of an inline: someone's part in the unit. Who it is stays; the rest may change."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.record is not None:
            who = self.org.people[self.record.person]
            self.fields["person"] = forms.Field(disabled=True, required=False, widget=PersonLink(who))

    @property
    def is_leaving(self) -> bool:
        return bool(getattr(self, "cleaned_data", {}).get("DELETE"))

    def values(self) -> dict[str, Any]:
        given = super().values()
        if self.record is not None:
            given.pop("person", None)
        return given


class PersonLink(forms.Widget):
    """Shows a person by name, with a link to their own page in the admin."""

    def __init__(self, person: Record) -> None:
        super().__init__()
        self.person: Any = person

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        address = reverse("admin:squads_person_change", args=[self.person.id])
        return format_html('<a href="{}">{}</a>', address, self.person.name)


LOST = gettext_lazy(
    "This row is not there any more: somebody moved or removed it meanwhile. Reload the page."
)


class RowFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """The rows of an inline. Which of them may be saved is for the preview of the whole page to say."""

    def clean(self) -> None:
        for row in self._old_rows():
            if row.record is None:
                row.add_error(None, LOST)

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["id"].error_messages["invalid_choice"] = LOST

    def _old_rows(self) -> list[RowForm]:
        return cast(list[RowForm], self.initial_forms)

    def leaving_rows(self) -> list[RowForm]:
        return [row for row in self._old_rows() if row.record is not None and row.is_leaving]

    def edited_rows(self) -> list[RowForm]:
        return [row for row in self._old_rows() if not row.is_leaving and row.changes()]

    def new_rows(self) -> list[RowForm]:
        rows = cast(list[RowForm], self.extra_forms)
        return [row for row in rows if row.has_changed() and not row.is_leaving]


class ActionForm(forms.Form):
    """What an action asks before it is carried out: always the reason, and whatever else it needs."""

    reason = ReasonField()

    def given(self) -> Mapping[str, Any]:
        return {name: _plain(value) for name, value in self.cleaned_data.items()}
