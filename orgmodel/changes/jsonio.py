"""Records, operations and changes to JSON and back, without loss: what drafts, the log, the API and files are made of.

Reading is strict: an unknown field or a value of the wrong shape raises `BadValue`, which names the place.
"""

from __future__ import annotations

import dataclasses
import functools
import uuid
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from orgmodel.core.changes import Change
from orgmodel.core.operations import OPERATIONS, Operation
from orgmodel.core.operations.base import noun
from orgmodel.core.phrases import Phrase, kept, recalled, say
from orgmodel.core.records import KINDS, Record, Spec, specs_of
from orgmodel.core.rules.integrity import storable

OPERATION_VERSION = 1
TOLD = "told"
"""Where an operation that is kept says what its texts were made of, so that they can be told in other languages."""

Json = Any


class BadValue(ValueError):
    """A value that cannot be what it is meant to be; `pointer` names the place, such as "values/share"."""

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(f"{pointer}: {message}" if pointer else message)
        self.pointer = pointer
        self.message = message


# Values


def dump_value(value: Any) -> Json:
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, tuple):
        return dict(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def load_value(spec: Spec, value: Json, pointer: str = "") -> Any:
    """Return a field's value from JSON. Raises BadValue where it is not of the field's shape."""
    return _LOADERS[spec.kind](spec, value, pointer)


def _load_text(spec: Spec, value: Json, pointer: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadValue(pointer, say("must be text"))
    if not storable(value):
        raise BadValue(pointer, say("holds characters that cannot be stored"))
    return value


def _load_id(spec: Spec, value: Json, pointer: str) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            return str(uuid.UUID(value))
        except ValueError:
            pass
    raise BadValue(pointer, say("must be an id"))


def _load_ids(spec: Spec, value: Json, pointer: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise BadValue(pointer, say("must be a list of ids"))
    found = [_load_id(spec, item, f"{pointer}/{index}") for index, item in enumerate(value)]
    return tuple(item for item in found if item is not None)


def _load_date(spec: Spec, value: Json, pointer: str) -> date | None:
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise BadValue(pointer, say("must be a date such as 2026-11-20"))


def _load_number(spec: Spec, value: Json, pointer: str) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        if isinstance(value, (str, int, float, Decimal)) and not isinstance(value, bool):
            number = Decimal(str(value))
            if number.is_finite() and abs(number) < Decimal(10) ** 12:
                return number.quantize(Decimal("0.000001")).normalize() + 0
    except InvalidOperation:
        pass
    raise BadValue(pointer, say("must be a number below a trillion"))


def whole_number(value: Json) -> int | None:
    """Return a whole number, however JSON writes it: 50 and 50.0 are the same there."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        return None
    return int(value)


def _load_percent(spec: Spec, value: Json, pointer: str) -> int | None:
    if value is None or value == "":
        return None
    whole = whole_number(value)
    if whole is not None and 1 <= whole <= 100:
        return whole
    raise BadValue(pointer, say("must be a whole number from 1 to 100"))


def _load_flag(spec: Spec, value: Json, pointer: str) -> bool:
    if isinstance(value, bool):
        return value
    raise BadValue(pointer, say("must be true or false"))


def _load_choice(spec: Spec, value: Json, pointer: str) -> str:
    allowed = [option for option, _ in spec.choices]
    if isinstance(value, str) and value in allowed:
        return value
    if value is None and "" in allowed:
        return ""
    raise BadValue(pointer, say("must be one of {choices}", choices=", ".join(filter(None, allowed))))


def _load_pairs(spec: Spec, value: Json, pointer: str) -> tuple[tuple[str, str], ...]:
    if value is None:
        return ()
    if isinstance(value, dict) and all(
        isinstance(v, str) and k and storable(k + v) for k, v in value.items()
    ):
        return tuple(sorted((name, text) for name, text in value.items() if text))
    example = '{"hris": "4711"}'
    raise BadValue(pointer, say("must give a text for each name, such as {example}", example=example))


_LOADERS = {
    "text": _load_text,
    "id": _load_id,
    "ref": _load_id,
    "refs": _load_ids,
    "date": _load_date,
    "number": _load_number,
    "percent": _load_percent,
    "flag": _load_flag,
    "choice": _load_choice,
    "ids": _load_pairs,
}


# Records


def dump_fields(values: Mapping[str, Any]) -> dict[str, Json]:
    return {name: dump_value(value) for name, value in values.items()}


def load_fields(kind: str, values: Json, pointer: str = "") -> dict[str, Any]:
    """Return some fields of a kind of record from JSON. Raises BadValue at an unknown field or a wrong value.

    They come in the order of the record: databases keep JSON in an order of their own.
    """
    if not isinstance(values, dict):
        raise BadValue(pointer, say("must be an object"))
    specs = specs_of(kind)
    prefix = f"{pointer}/" if pointer else ""
    for name in values:
        if name not in specs:
            raise BadValue(prefix + name, say("a {kind} has no such field", kind=noun(kind)))
    return {
        name: load_value(spec, values[name], prefix + name) for name, spec in specs.items() if name in values
    }


def dump_record(record: Record) -> dict[str, Json]:
    return {"id": record.id, **{name: dump_value(getattr(record, name)) for name in specs_of(record.KIND)}}


def load_record(kind: str, body: Json) -> Record:
    body = dict(body)
    return KINDS[kind](id=body.pop("id"), **load_fields(kind, body))


# Changes


def dump_change(change: Change) -> dict[str, Json]:
    return {
        "kind": change.kind,
        "id": change.id,
        "before": dump_fields(change.before) if change.before is not None else None,
        "after": dump_fields(change.after) if change.after is not None else None,
    }


def load_change(body: Json, pointer: str = "") -> Change:
    """Return a change from JSON. Raises BadValue."""
    if not isinstance(body, dict) or not isinstance(body.get("kind"), str) or body["kind"] not in KINDS:
        raise BadValue(pointer, say("must name a kind of record"))
    kind, id_ = body["kind"], _load_id(Spec("id"), body.get("id"), f"{pointer}/id")
    before, after = body.get("before"), body.get("after")
    if id_ is None or (before is None and after is None):
        raise BadValue(pointer, say("must have an id and what was before or after"))
    if before is None and isinstance(after, dict):
        for name, spec in specs_of(kind).items():
            if spec.required and name not in after:
                raise BadValue(f"{pointer}/after/{name}", say("is required of a new record"))
    return Change(
        kind,
        id_,
        load_fields(kind, before, f"{pointer}/before") if before is not None else None,
        load_fields(kind, after, f"{pointer}/after") if after is not None else None,
    )


# Operations


@functools.cache
def operation_specs(operation: Any) -> Mapping[str, Spec]:
    """Return the fields of an operation, by name."""
    found = {}
    for field in dataclasses.fields(operation):
        spec = field.metadata["spec"]
        if spec.kind == "ref" and not spec.target:
            spec = dataclasses.replace(spec, target=operation.KIND)
        found[field.name] = spec
    return found


def _class_of(operation: Operation) -> Any:
    return type(operation)


def dump_operation(operation: Operation) -> dict[str, Json]:
    body: dict[str, Json] = {"operation": type(operation).__name__, "v": OPERATION_VERSION}
    for name, spec in operation_specs(_class_of(operation)).items():
        value = getattr(operation, name)
        match spec.kind:
            case "values":
                body[name] = dump_fields(value)
            case "refs":
                body[name] = list(value)
            case "changes":
                body[name] = [dump_change(change) for change in value]
            case _:
                body[name] = dump_value(value)
    told = {name: kept(text) for name, text in body.items() if isinstance(text, Phrase)}
    return body | ({TOLD: told} if told else {})


def load_operation(body: Json, pointer: str = "") -> Operation:
    """Return an operation from JSON. Raises BadValue at the first thing that is not as it should be."""
    if not isinstance(body, dict):
        raise BadValue(pointer, say("must be an object"))
    name = body.get("operation")
    if not isinstance(name, str) or name not in OPERATIONS:
        message = say("names no operation; {file} lists them", file="docs/operations.md")
        raise BadValue(f"{pointer}/operation".lstrip("/"), message)
    if body.get("v", OPERATION_VERSION) != OPERATION_VERSION:
        raise BadValue(f"{pointer}/v".lstrip("/"), say("is from another version of orgmodel"))
    operation = OPERATIONS[name]
    specs = operation_specs(operation)
    given = {key: value for key, value in body.items() if key not in ("operation", "v", TOLD)}
    given |= {key: recalled(text) for key, text in body.get(TOLD, {}).items()}
    prefix = f"{pointer}/" if pointer else ""
    for key in given:
        if key not in specs:
            raise BadValue(prefix + key, say("{operation} has no such field", operation=name))
    for key, spec in specs.items():
        if spec.required and given.get(key) in (None, "", []):
            raise BadValue(prefix + key, say("is required"))
    loaded = {
        key: _load_operation_field(operation, specs[key], value, prefix + key) for key, value in given.items()
    }
    return operation(**loaded)


def _load_operation_field(operation: Any, spec: Spec, value: Json, pointer: str) -> Any:
    if spec.kind == "values":
        return load_fields(operation.KIND, value, pointer) if value is not None else {}
    if spec.kind == "changes":
        if not isinstance(value, list):
            raise BadValue(pointer, say("must be a list of changes"))
        return tuple(load_change(item, f"{pointer}/{index}") for index, item in enumerate(value))
    return load_value(spec, value, pointer)
