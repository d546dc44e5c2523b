"""Request bodies: one declaration says what a body may hold, reads it strictly, and describes it in the schema.

A reference may be an id or a key. Everything that is wrong is reported at once, each with its place.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from orgmodel.changes import jsonio
from orgmodel.changes.jsonio import BadValue, operation_specs
from orgmodel.changes.services import MESSAGE_LIMIT
from orgmodel.core.operations import OPERATIONS, Operation
from orgmodel.core.operations.base import noun
from orgmodel.core.org import Org
from orgmodel.core.records import Spec, specs_of
from orgmodel.core.rules.integrity import storable
from orgmodel.integrations.problems import Fault, Faulty

Json = Any

VERSION_LIMIT = 2**31 - 1

OPTIONS: Mapping[str, Spec] = {
    "message": Spec("text", limit=MESSAGE_LIMIT, label="the reason, for the log"),
    "effective_on": Spec("date", label="the day from which it counts; today where absent"),
    "expected_version": Spec("version", label="refuse where the organization has moved on from this version"),
}
"""What every write that goes live may carry beside its own fields."""

IN_ADDRESS: Mapping[str, Spec] = {**OPTIONS, "message": dataclasses.replace(OPTIONS["message"], limit=300)}
"""The same, where it stands in the address: servers refuse addresses that are longer than 4,000 bytes."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a write goes live: why, from which day on, and on which version it builds."""

    message: str = ""
    effective_on: date | None = None
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a request's body an operation stands, and what it calls the fields that an objection may name."""

    within: str  # a pointer
    called: Mapping[str, str]
    otherwise: str = ""  # what every other field is called: the one that the operation carries out

    def pointer(self, field: str) -> str:
        called = self.called.get(field, self.otherwise)
        return f"{self.within}/{called}" if called else self.within


@dataclass(frozen=True, slots=True)
class Body:
    """What a request may carry. `renamed` maps a field of an operation, or of its record, to what the body calls it."""

    name: str
    fields: Mapping[str, Spec]
    kind: str = ""  # of the record that fields of the shape "values" belong to
    renamed: Mapping[str, str] = dataclasses.field(default_factory=dict)
    options: bool = True
    nested: Body | None = None  # what the items of a field of the shape "bodies" are

    @classmethod
    def of_operation(
        cls,
        operation: Any,
        *,
        without: Iterable[str] = (),
        renamed: Mapping[str, str] | None = None,
        called: str = "",
    ) -> Body:
        """Return the body of an operation: its own fields, without those that the address or the server gives."""
        given = {name: spec for name, spec in operation_specs(operation).items() if name not in without}
        kind = getattr(operation, "KIND", "")
        return cls(called or operation.__name__, given, kind, renamed or {})

    @property
    def own(self) -> Mapping[str, Spec]:
        """The fields as the body calls them."""
        return {self.renamed.get(name, name): spec for name, spec in self.fields.items()}

    @property
    def named(self) -> Mapping[str, Spec]:
        """The fields as the body calls them, and the options of a write."""
        return {**self.own, **OPTIONS} if self.options else self.own

    def place(self, within: str = "", *, only: str = "") -> Place:
        """Return where an operation stands that this body, or `only` one field of it, asks for."""
        return Place(within, {name: name for name in self.named} | dict(self.renamed), only)

    def place_of(self, position: int | None) -> Place:
        """Return where the operation at a position stands: in an item of its own where the body is a list of them."""
        if self.nested is None or position is None:
            return self.place()
        [name] = (name for name, spec in self.own.items() if spec.kind == "bodies")
        return self.nested.place(f"/{name}/{position}")

    def read(self, body: Json, org: Org) -> tuple[dict[str, Any], Options]:
        """Return a body's values, as the operation calls them, and its options. Raises Faulty, with all faults."""
        values = Reader(org, self.nested).fields(self.named, body, self.kind)
        options = Options(**{name: values.pop(name) for name in OPTIONS if name in values and self.options})
        return self.unrenamed(values), options

    def unrenamed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        original = {called: name for name, called in self.renamed.items() if name in self.fields}
        return {original.get(name, name): value for name, value in values.items()}


@dataclass(slots=True)
class Reader:
    """Reads JSON by specs, collecting what is wrong. References are looked up in `org`."""

    org: Org
    nested: Body | None = None
    malformed: list[Fault] = dataclasses.field(default_factory=list)
    unknown: list[Fault] = dataclasses.field(default_factory=list)

    def fields(self, specs: Mapping[str, Spec], body: Json, kind: str = "") -> dict[str, Any]:
        """Return the fields of a body. Raises Faulty."""
        values = self._object(specs, body, kind, "", strict=True)
        self.check()
        return values

    def operations(self, body: Json) -> list[Operation]:
        """Return one or many operations, in the form that drafts keep. Raises Faulty."""
        found = self._operations(body, "") if isinstance(body, list) else [self._operation(body, "")]
        if not found:
            self.malformed.append(Fault("required", "Name at least one operation.", ""))
        self.check()
        return [operation for operation in found if operation is not None]

    def check(self) -> None:
        if self.malformed:
            raise Faulty(self.malformed)
        if self.unknown:
            raise Faulty(self.unknown, status=422)

    def _operation(self, body: Json, pointer: str) -> Operation | None:
        name = body.get("operation") if isinstance(body, dict) else None
        if not isinstance(name, str) or name not in OPERATIONS:
            self._refuse(pointer + "/operation", "names no operation; GET operations/ lists them")
            return None
        if body.get("v", jsonio.OPERATION_VERSION) != jsonio.OPERATION_VERSION:
            self._refuse(pointer + "/v", "is from another version of orgmodel")
        operation = OPERATIONS[name]
        specs = operation_specs(operation)
        given = {key: value for key, value in body.items() if key not in ("operation", "v")}
        given |= {
            key: str(uuid.uuid4()) for key, spec in specs.items() if spec.kind == "id" and not given.get(key)
        }
        before = len(self.malformed) + len(self.unknown)
        values = self._object(specs, given, getattr(operation, "KIND", ""), pointer, strict=True)
        return operation(**values) if len(self.malformed) + len(self.unknown) == before else None

    def _object(
        self, specs: Mapping[str, Spec], body: Json, kind: str, pointer: str, *, strict: bool
    ) -> dict[str, Any]:
        if not isinstance(body, dict):
            self._refuse(pointer, "must be an object")
            return {}
        for name in body.keys() - specs.keys():
            fault = Fault(
                "unknown_field", f"“{_short(name)}” is no field of this.", f"{pointer}/{_escape(name)}"
            )
            self.malformed.append(fault)
        if strict:
            for name, spec in specs.items():
                nullable = spec.kind == "position" and name in body
                empty: tuple[Any, ...] = (None, [], "") if spec.kind == "ref" else (None, [])
                if spec.required and not nullable and body.get(name) in empty:
                    self.malformed.append(Fault("required", f"“{name}” is required.", f"{pointer}/{name}"))
        return {
            name: self._value(specs[name], value, kind, f"{pointer}/{name}")
            for name, value in body.items()
            if name in specs
        }

    def _value(self, spec: Spec, value: Json, kind: str, pointer: str) -> Any:
        match spec.kind:
            case "ref":
                return self._reference(spec.target, value, pointer)
            case "refs":
                if isinstance(value, list):
                    return tuple(self._one_of(spec, v, f"{pointer}/{i}") for i, v in enumerate(value))
                return self._refuse(pointer, "must be a list of ids or keys")
            case "values":
                return self._object(
                    specs_of(kind), {} if value is None else value, kind, pointer, strict=False
                )
            case "ids" if kind == "rule_setting":
                value = _numbers_as_text(value)
            case "merge":
                return self._merge(value, pointer)
            case "version" | "position":
                return self._whole_number(spec.kind, value, pointer)
            case "positions":
                return self._positions(value, pointer)
            case "groups":
                return self._groups(spec, value, pointer)
            case "texts":
                return self._texts(value, pointer)
            case "changes" if not isinstance(value, list):
                return self._refuse(pointer, "must be a list of changes")
            case "bodies":
                return self._bodies(value, pointer)
            case "operations":
                return self._operations(value, pointer)
        try:
            if spec.kind == "changes":
                return tuple(jsonio.load_change(item, f"{pointer[1:]}/{i}") for i, item in enumerate(value))
            return jsonio.load_value(spec, value)
        except BadValue as error:
            return self._refuse(f"/{error.pointer}" if error.pointer else pointer, error.message)

    def _bodies(self, value: Json, pointer: str) -> Any:
        if not isinstance(value, list) or self.nested is None:
            return self._refuse(pointer, "must be a list of objects")
        own, kind = self.nested.own, self.nested.kind
        found = [self._object(own, item, kind, f"{pointer}/{i}", strict=True) for i, item in enumerate(value)]
        return [self.nested.unrenamed(item) for item in found]

    def _operations(self, value: Json, pointer: str) -> Any:
        if not isinstance(value, list):
            return self._refuse(pointer, "must be a list of operations")
        return [self._operation(item, f"{pointer}/{i}") for i, item in enumerate(value)]

    def _merge(self, value: Json, pointer: str) -> Any:
        """Read some names of a field of pairs; null or an empty text takes a name out."""
        if not isinstance(value, dict | None):
            return self._refuse(pointer, 'must give a text for each name, such as {"hris": "4711"}')
        given = {name: "" if text is None else text for name, text in (value or {}).items()}
        faulty = [name for name, text in given.items() if not (name and isinstance(text, str))]
        for name in faulty or [name for name, text in given.items() if not storable(name + text)]:
            self._refuse(f"{pointer}/{_escape(name)}", "must be a text, or null to take it out")
        return tuple(given.items())

    def _whole_number(self, what: str, value: Json, pointer: str) -> Any:
        whole = jsonio.whole_number(value)
        if value is None or (whole is not None and 0 <= whole <= VERSION_LIMIT):
            return whole
        return self._refuse(pointer, f"must be a {what}, a whole number")

    def _positions(self, value: Json, pointer: str) -> Any:
        if value is None:
            return None
        if not isinstance(value, list) or None in value:
            return self._refuse(pointer, "must be a list of positions")
        return [self._whole_number("position", item, f"{pointer}/{i}") for i, item in enumerate(value)]

    def _texts(self, value: Json, pointer: str) -> Any:
        text = Spec("text", limit=500)
        if not isinstance(value, list) or None in value:
            return self._refuse(pointer, "must be a list of texts")
        return [self._value(text, item, "", f"{pointer}/{i}") for i, item in enumerate(value)]

    def _groups(self, spec: Spec, value: Json, pointer: str) -> Any:
        if not isinstance(value, list) or not all(isinstance(group, list) for group in value):
            return self._refuse(pointer, "must be a list of groups, each a list of ids or keys")
        group = Spec("refs", target=spec.target)
        found = [self._value(group, item, "", f"{pointer}/{i}") for i, item in enumerate(value)]
        return [[id_ for id_ in ids if id_ is not None] for ids in found]

    def _one_of(self, spec: Spec, value: Json, pointer: str) -> Any:
        if value is None or value == "":
            return self._refuse(pointer, "must be an id or a key")
        return self._reference(spec.target, value, pointer)

    def _reference(self, target: str, value: Json, pointer: str) -> Any:
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return self._refuse(pointer, "must be an id or a key")
        found = id_of(self.org, target, value)
        if found is None:
            detail = f"There is no {noun(target)} “{_short(value)}”."
            self.unknown.append(Fault("unknown_reference", detail, pointer))
        return found

    def _refuse(self, pointer: str, message: str) -> Any:
        name = pointer.rpartition("/")[2]
        subject = f"“{_short(name)}”" if name else "The body"
        self.malformed.append(Fault("invalid", f"{subject} {message}.", pointer))


def places_of(operations: Json, within: str = "") -> list[Place]:
    """Return where operations stand that are sent as drafts keep them, one or many."""
    if not isinstance(operations, list):
        return [_place_in(operations, within)]
    return [_place_in(item, f"{within}/{i}") for i, item in enumerate(operations)]


def _place_in(operation: Mapping[str, Json], within: str) -> Place:
    """Return where an operation stands; the fields of the record that it makes or edits are among its `values`."""
    own = {name: name for name in operation_specs(OPERATIONS[operation["operation"]])}
    return Place(within, {name: f"values/{name}" for name in operation.get("values") or ()} | own)


def _numbers_as_text(thresholds: Json) -> Json:
    """Return thresholds as a rule keeps them, where they are sent as numbers, as they are read."""
    if not isinstance(thresholds, dict):
        return thresholds
    return {
        name: f"{Decimal(str(value)).normalize():f}"
        if isinstance(value, int | float) and not isinstance(value, bool)
        else value
        for name, value in thresholds.items()
    }


def id_of(org: Org, kind: str, text: str) -> str | None:
    """Return the id of the record that a text names, by its id or by its key."""
    try:
        canonical = str(uuid.UUID(text))
    except ValueError:
        canonical = ""
    if org.get(kind, canonical) is not None:
        return canonical
    record = org.find(kind, text) if "key" in specs_of(kind) else None
    return record.id if record is not None else None


def _short(text: str) -> str:
    """Return a text as an error may repeat it: not long, and writable."""
    return text[:100].encode(errors="replace").decode()


def _escape(name: str) -> str:
    return _short(name).replace("~", "~0").replace("/", "~1")
