"""Forms that yield operations. Their fields come from the specs of records and operations, so nothing is said twice."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson
from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgmodel.access import roles
from orgmodel.changes import jsonio, wording
from orgmodel.changes.services import MESSAGE_LIMIT, Conflict
from orgmodel.core.changes import Change
from orgmodel.core.operations import Create, Edit, Operation, Refused, Rename
from orgmodel.core.operations.base import check_seen, noun, short
from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import said, say
from orgmodel.core.records import Record, Spec, label_of, specs_of, values_of
from orgmodel.core.rules.integrity import is_closed, storable

SELECTED = frozenset({"role", "tribe"})  # kinds of which there are few enough for a list to choose from
LISTED = 200  # unless there are more than this
SUGGESTED = 300  # no more records than this are offered while one types
MATCHES = 5
LINES = 1_000  # texts that may be longer than this get several lines

# Finding a record by what someone typed


def title_of(record: Record) -> str:
    """Return the text that stands for a record in a field: its name, and its key to tell namesakes apart."""
    return f"{short(record.name)} ({record.key})"  # type: ignore[attr-defined]


def matches(org: Org, kind: str, text: str) -> list[Any]:
    """Return what a text may mean: the one record of this key or title, else those of this name, else those that
    begin with it, else those with a word that does."""
    in_title = re.search(r"\(([^()]+)\)$", text)
    for key in (text, in_title.group(1) if in_title else ""):
        exact = org.find(kind, key)
        if exact is not None:
            return [exact]
    wanted = text.casefold()
    named: list[Any] = []
    beginning: list[Any] = []
    inside: list[Any] = []
    for record in org.table(kind).values():
        name = record.name.casefold()  # type: ignore[attr-defined]
        if wanted not in name or is_closed(record):
            continue
        if name == wanted:
            named.append(record)
        elif name.startswith(wanted):
            beginning.append(record)
        elif f" {wanted}" in name:
            inside.append(record)
    return by_name(named or beginning or inside)


def find_one(org: Org, kind: str, text: str) -> Any:
    """Return the record that a text names. Raises ValidationError, naming what it may mean, where that is not one."""
    found = matches(org, kind, text)
    if len(found) == 1:
        return found[0]
    if not found:
        words = _("There is no {kind} “{name}”. Type a key, a name or how the name begins.")
        raise ValidationError(words.format(kind=said(noun(kind)), name=short(text)))
    shown = "; ".join(title_of(record) for record in found[:MATCHES])
    words = _("“{name}” may be any of these: {records}. Choose one.")
    if len(found) > MATCHES:
        words = _("“{name}” may be any of these: {records}; and {n} more. Choose one.")
    raise ValidationError(words.format(name=short(text), records=shown, n=len(found) - MATCHES))


class SearchInput(forms.TextInput):
    """A text field that suggests records; without JavaScript too."""

    def __init__(self, suggestions: Sequence[Record] = ()) -> None:
        super().__init__({"autocomplete": "off"})
        self.suggestions = suggestions

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        if not self.suggestions:
            return super().render(name, value, attrs, renderer)
        list_id = f"{(attrs or {}).get('id', name)}-list"
        field = super().render(name, value, {**(attrs or {}), "list": list_id}, renderer)
        options = format_html_join(
            "", '<option value="{}">', ((title_of(record),) for record in self.suggestions)
        )
        return format_html('{}<datalist id="{}">{}</datalist>', field, list_id, options)


class RecordField(forms.CharField):
    """A reference. Reads a key, a name, or how a name begins; a list to choose from where there are few."""

    def __init__(
        self, org: Org, kind: str, *, suggestions: Sequence[Record] | None = None, **options: Any
    ) -> None:
        self.org, self.kind = org, kind
        self.is_list = kind in SELECTED and len(org.table(kind)) <= LISTED
        super().__init__(max_length=3_000, widget=self._list() if self.is_list else None, **options)
        if not self.is_list:
            self.widget = SearchInput(self._suggestions() if suggestions is None else suggestions)
            self.widget.is_required = self.required

    def _list(self) -> forms.Select:
        records = by_name(record for record in self.org.table(self.kind).values() if not is_closed(record))
        return forms.Select(choices=[("", _("None")), *((record.key, record.name) for record in records)])

    def _suggestions(self) -> list[Record]:
        table = self.org.table(self.kind)
        return by_name(r for r in table.values() if not is_closed(r)) if len(table) <= SUGGESTED else []

    def prepare_value(self, value: Any) -> Any:
        record = self._known(value)
        if record is None:
            return value
        return record.key if self.is_list else title_of(record)

    def _known(self, value: Any) -> Any:
        """Return the record of an id or key."""
        return (
            (self.org.get(self.kind, value) or self.org.find(self.kind, value))
            if isinstance(value, str)
            else None
        )

    def clean(self, value: Any) -> str | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return str(find_one(self.org, self.kind, text).id)
        except ValidationError:
            if isinstance(self.widget, SearchInput):
                self.widget.suggestions = matches(self.org, self.kind, text)[:SUGGESTED]
            raise


class RecordsField(forms.CharField):
    """Several references, one to a line."""

    widget = forms.Textarea

    def __init__(self, org: Org, kind: str, **options: Any) -> None:
        self.org, self.kind = org, kind
        super().__init__(widget=forms.Textarea({"rows": 5}), max_length=200_000, **options)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, (list, tuple)):
            return value
        found = [(self.org.get(self.kind, v) or self.org.find(self.kind, v), v) for v in value]
        return "\n".join(title_of(record) if record is not None else text for record, text in found)

    def clean(self, value: Any) -> tuple[str, ...]:
        lines = [line.strip() for line in super().clean(value).splitlines()]
        errors, ids = [], []
        for line in filter(None, lines[:1_000]):
            try:
                ids.append(find_one(self.org, self.kind, line).id)
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors[:MATCHES])
        return tuple(dict.fromkeys(ids))


class PairsField(forms.CharField):
    """Names with a value each, one to a line, as in the example."""

    widget = forms.Textarea

    def __init__(self, *, example: str = "hris: 4711", rows: int = 2, **options: Any) -> None:
        self.example = example
        hint = say("One to a line, such as “{example}”.", example=example)
        options = {"help_text": said(hint), **options}
        super().__init__(widget=forms.Textarea({"rows": rows}), max_length=10_000, **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{source}: {id_}" for source, id_ in value) if isinstance(value, tuple) else value

    def clean(self, value: Any) -> tuple[tuple[str, str], ...]:
        found = []
        for line in filter(None, (line.strip() for line in super().clean(value).splitlines())):
            name, value = (part.strip() for part in line.partition(":")[::2])
            if not (name and value):
                words = _("“{line}” does not read like “{example}”.")
                raise ValidationError(words.format(line=short(line), example=self.example))
            found.append((name, value))
        return tuple(sorted(found))


class TextField(forms.CharField):
    """Text as records keep it: browsers send other line ends."""

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n")
        if not storable(text):
            raise ValidationError(_("This holds characters that cannot be stored."))
        return text


class NumberField(forms.DecimalField):
    """A number as records keep it."""

    def prepare_value(self, value: Any) -> Any:
        return jsonio.dump_value(value) if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Decimal | None:
        return jsonio.load_value(Spec("number"), super().clean(value))  # type: ignore[no-any-return]


class IdInput(forms.UUIDField):
    """The id of a record to be made, kept in the form: sent twice, it makes one."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> str:
        return str(super().clean(value))


class ShareField(forms.IntegerField):
    """A share in percent. It is refused in the same words everywhere."""

    WORDS = gettext_lazy("Must be a whole number from 1 to 100.")

    def __init__(self, **options: Any) -> None:
        words = dict.fromkeys(("invalid", "min_value", "max_value"), self.WORDS)
        super().__init__(min_value=1, max_value=100, error_messages=words, **options)


def field_for(
    org: Org, spec: Spec, label: str, *, without: Iterable[str] = (), **options: Any
) -> forms.Field:
    """Return the form field for the shape of a record's or an operation's field. `without` leaves out choices."""
    options = {"label": capfirst(said(label)), "required": spec.required, **options}
    match spec.kind:
        case "ref":
            return RecordField(org, spec.target, **options)
        case "refs":
            return RecordsField(org, spec.target, **options)
        case "id":
            return IdInput(**options)
        case "date":
            return forms.DateField(
                input_formats=["%Y-%m-%d"],
                widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
                **options,
            )
        case "number":
            return NumberField(
                max_digits=18, decimal_places=6, widget=forms.NumberInput({"step": "any"}), **options
            )
        case "percent":
            return ShareField(**options)
        case "flag":
            return forms.BooleanField(**{**options, "required": False})
        case "choice":
            choices = [
                (value, said(words) or _("None")) for value, words in spec.choices if value not in without
            ]
            return forms.ChoiceField(choices=choices, **{**options, "required": "" not in dict(choices)})
        case "ids":
            return PairsField(**options)
    attributes = {"inputmode": "email"} if spec.is_email else {}
    widget = forms.Textarea({"rows": 3}) if spec.limit > LINES else forms.TextInput(attributes)
    return TextField(max_length=spec.limit, widget=widget, **options)


# Forms


class OperationForm(forms.Form):
    """Asks for some fields of an operation; the others are given.

    Bound where the request is a POST; otherwise prefilled from the address, so that pages can link to half a form.
    """

    def __init__(
        self,
        request: Any,
        operation: type[Operation],
        *,
        asks: Sequence[str] = (),
        options: Mapping[str, Mapping[str, Any]] | None = None,
        initial: Mapping[str, Any] | None = None,
        **given: Any,
    ) -> None:
        self.org: Org = request.reality.org
        self.operation, self.asks, self.given, self.options = operation, tuple(asks), given, options or {}
        self.conflicting: tuple[str, ...] = ()
        self.keeps_theirs = frozenset(request.POST.get("keep", "").split())
        super().__init__(request.POST if request.method == "POST" else None, initial=dict(initial or {}))
        self.add_fields()
        for name in self.fields:
            if name in request.GET:
                self.initial[name] = request.GET[name]
            elif isinstance(self.fields[name], RecordsField) and "person" in request.GET:
                self.initial[name] = _people_named(self.org, request.GET.getlist("person"))
        in_draft = request.reality.kind == "draft"
        if in_draft or (request.reality.kind == "live" and roles.can_publish(request.user)):
            self.fields["note" if in_draft else "reason"] = TextField(
                max_length=MESSAGE_LIMIT,
                required=False,
                widget=forms.Textarea({"rows": 2}),
                label=_("Note") if in_draft else _("Reason"),
                help_text=_("What whoever reads this change should know.")
                if in_draft
                else _("Why; the history keeps it."),
            )

    def add_fields(self) -> None:
        operation: Any = self.operation
        specs = jsonio.operation_specs(operation)
        for name in self.asks:
            self.add(name, specs[name], say(specs[name].label or name.replace("_", " ")))

    def add(self, name: str, spec: Spec, label: str) -> None:
        if spec.kind == "id":
            self.initial.setdefault(name, str(uuid.uuid4()))
        self.fields[name] = field_for(self.org, spec, **{"label": label, **self.options.get(name, {})})

    @property
    def creates(self) -> str:
        """The kind of record that the form makes, once: its id is in the form. "" where it makes none."""
        return ""

    def to_operation(self) -> Operation:
        return self.operation(**self.given, **{name: self.cleaned_data[name] for name in self.asks})

    def to_operations(self) -> list[Operation]:
        """Return what the form asks for, once it is valid. May raise Refused or Conflict."""
        return [self.to_operation()]

    def seen(self) -> list[Change]:
        """Return what the form showed and is to be set instead: where something else is there by now, it conflicts."""
        return []

    @property
    def reason(self) -> str:
        """Why: what the history keeps of it, or a draft as its note."""
        return str(self.cleaned_data.get("reason") or self.cleaned_data.get("note") or "")

    def object_to(self, objection: wording.Objection, org: Org) -> None:
        """Show what is in the way, each at the field that it belongs to."""
        for complaint in wording.explain(objection, org):
            name = complaint.field if complaint.field in self.fields else None
            if name is not None and self.fields[name].widget.is_hidden:
                name = None
            self.add_error(name, said(complaint.message))

    def refuse(self, text: str) -> None:
        self.add_error(None, said(text))


def _people_named(org: Org, values: Iterable[str]) -> list[str]:
    """Return whom an address names: people by key or id, or as a board does, `<membership>:<squad>`."""
    found = []
    for value in values:
        membership = org.memberships.get(value.partition(":")[0])
        found.append(membership.person if membership is not None else value)
    return list(dict.fromkeys(found))


class RecordForm(OperationForm):
    """Asks for fields of a record, rather than of an operation."""

    operation: type[Create] | type[Edit]

    @property
    def kind(self) -> str:
        return self.operation.KIND

    def add_fields(self) -> None:
        specs = specs_of(self.kind)
        for name in self.asks:
            self.add(name, specs[name], label_of(self.kind, name))

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.asks}


class CreateForm(RecordForm):
    """Creates a record, once: its id is in the form."""

    @property
    def creates(self) -> str:
        return self.kind

    def add_fields(self) -> None:
        self.add("id", Spec("id", required=True), "id")
        for name, spec in specs_of(self.kind).items():
            if spec.kind == "choice" and name in self.asks:
                self.initial.setdefault(name, spec.choices[0][0])
        super().add_fields()

    def to_operation(self) -> Operation:
        return self.operation(id=self.cleaned_data["id"], values={**self.given, **self.values()})


class EditForm(RecordForm):
    """Edits a record: sets the fields that differ from what the editor saw, which the form carries along.

    Where the organization has moved on in one of them meanwhile, that is a conflict.
    """

    def __init__(
        self,
        request: Any,
        operation: type[Any],
        record: Record,
        *,
        rename: type[Rename] | None = None,
        **options: Any,
    ) -> None:
        self.record, self.rename = record, rename
        super().__init__(request, operation, initial=values_of(record), **options)

    def add_fields(self) -> None:
        super().add_fields()
        seen = jsonio.dump_fields({name: getattr(self.record, name) for name in self.asks})
        self.fields["seen"] = forms.CharField(max_length=100_000, widget=forms.HiddenInput)
        self.initial["seen"] = orjson.dumps(seen).decode()

    @property
    def kind(self) -> str:
        return self.record.KIND

    def clean_seen(self) -> dict[str, Any]:
        try:
            loaded = jsonio.load_fields(self.kind, orjson.loads(self.cleaned_data["seen"]))
        except ValueError:
            loaded = {}
        if not loaded.keys() >= set(self.asks):
            raise ValidationError(_("This form is damaged. Reload the page and try again."))
        return loaded

    def changed(self) -> dict[str, Any]:
        """Return the fields that the editor has set to something else than they saw."""
        seen = self.cleaned_data["seen"]
        wanted = {name: value for name, value in self.values().items() if name not in self.keeps_theirs}
        return {name: value for name, value in wanted.items() if _tidy(seen[name]) != value}

    def to_operations(self) -> list[Operation]:
        values, seen = self.changed(), self.cleaned_data["seen"]
        check_seen(self.record, values, seen)
        operations: list[Operation] = []
        if self.rename is not None and self.rename.NAME in values:
            operations.append(self.rename(id=self.record.id, name=values.pop(self.rename.NAME)))
        if values or not operations:
            operations.append(self.edit(values, {name: seen[name] for name in values}))
        return operations

    def seen(self) -> list[Change]:
        wanted, seen = self.changed(), self.cleaned_data["seen"]
        return [Change(self.kind, self.record.id, {name: seen[name] for name in wanted}, wanted)]

    def edit(self, values: dict[str, Any], seen: dict[str, Any]) -> Operation:
        return self.operation(**{"id": self.record.id, **self.given, "values": values, "seen": seen})

    def object_to(self, objection: wording.Objection, org: Org) -> None:
        super().object_to(objection, org)
        if isinstance(objection, Conflict):
            self.conflicting = tuple(c.field for c in objection.conflicts if c.field in self.asks)
            found = {c.field: c.found for c in objection.conflicts if c.field in self.asks}
            # Sent again, the form overwrites what its editor has now been shown, and nothing else.
            seen = jsonio.dump_fields({**self.cleaned_data["seen"], **found})
            self.data = {**self.data.dict(), "seen": orjson.dumps(seen).decode()}  # type: ignore[attr-defined]


class SeatForm(EditForm):
    """Says who holds a seat of a unit, such as its lead, by the operation that is for it."""

    def edit(self, values: dict[str, Any], seen: dict[str, Any]) -> Operation:
        if not values:
            raise Refused(say("Nothing to change."))
        [seat] = self.asks
        return self.operation(**{self.kind: self.record.id, "person": values[seat]})


def _tidy(value: Any) -> Any:
    """Return a value as its field would send it back untouched."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value
