"""Filters of lists. An index of `Org` answers where there is one; otherwise the database for the live organization,
and a look at each record for a draft or a past day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.lookups import Exact

from orgmodel.core.operations.base import noun
from orgmodel.core.org import INDEXES, Org
from orgmodel.core.records import Spec, specs_of
from orgmodel.core.rules.integrity import is_closed
from orgmodel.integrations.bodies import id_of

TEXT_LIMIT = 254  # longer texts are for reading, not for looking up


class BadFilter(ValueError):
    """A filter's value is not of its shape."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One query parameter of a list: how its text is read, and three ways to answer it."""

    about: str
    read: Callable[[Org, str], Any]
    holds: Callable[[Org, Any, Any], bool]
    among: Callable[[Org, Any], Iterable[str]] | None = None  # ids, from an index
    rows: Callable[[Any], Any] | None = None  # a condition on the table
    schema: Mapping[str, Any] | None = None


def parameter(about: str, **schema: Any) -> Filter:
    """A filter of what is no record of an `Org`, such as the log: only its description is used."""
    return Filter(about, lambda org, text: text, lambda org, record, value: True, schema=schema or None)


def filters_of(kind: str) -> dict[str, Filter]:
    """Return the filters that follow from a kind's fields."""
    specs = specs_of(kind)
    found = {name: _field_filter(kind, name, spec) for name, spec in specs.items() if _is_filter(name, spec)}
    called = next((name for name in ("name", "title", "statement") if name in specs), None)
    if called is not None:
        found["q"] = _name_filter(called)
    if "key" in specs:
        found["key"] = Filter(
            "The key.", _read_text, lambda org, r, v: r.key == v, among=lambda org, v: org.keyed(kind, v)
        )
    if "closed_on" in specs:
        found["closed"] = closed_filter(lambda value: Q(closed_on__isnull=not value))
    if "external_ids" in specs:
        found["external_id"] = _external_id_filter()
    return found


def closed_filter(rows: Callable[[bool], Any]) -> Filter:
    return Filter(
        "Whether it is closed; both where absent.",
        _read_flag,
        lambda org, record, value: is_closed(record) == value,
        rows=rows,
        schema={"type": "boolean"},
    )


def related(target: str, about: str, among: Callable[[Org, str], Iterable[str]]) -> Filter:
    """Return a filter by another record, of which an index knows who belongs to it."""

    def read(org: Org, text: str) -> str:
        found = ref_reader(target)(org, text)
        if found is None:
            raise BadFilter(f"Name a {noun(target)}, by id or key.")
        return found

    return Filter(about, read, lambda org, r, v: r.id in set(among(org, v)), among=among)


def ref_reader(target: str) -> Callable[[Org, str], str | None]:
    def read(org: Org, text: str) -> str | None:
        if not text:
            return None
        found = id_of(org, target, text)
        if found is None:
            raise BadFilter(f"There is no {noun(target)} “{text[:100]}”.")
        return found

    return read


def _is_filter(name: str, spec: Spec) -> bool:
    if spec.kind == "text":
        return spec.limit <= TEXT_LIMIT and name not in ("key", "name", "title")
    return spec.kind in ("choice", "ref", "flag")


def _field_filter(kind: str, name: str, spec: Spec) -> Filter:
    def holds(org: Org, record: Any, value: Any) -> bool:
        return bool(getattr(record, name) == value)

    def rows(value: Any) -> Q:
        return Q(**{name: value})

    words = (spec.label or name).replace("_", " ")
    match spec.kind:
        case "ref":
            indexed = any(index == name for index, _ in INDEXES[kind])
            among = (lambda org, value: org.pointing(kind, name, value)) if indexed else None
            about = f"The {words}, by id or key; empty for those without one."
            return Filter(about, ref_reader(spec.target), holds, among=among, rows=rows)
        case "flag":
            return Filter(f"Whether {words}.", _read_flag, holds, rows=rows, schema={"type": "boolean"})
        case "choice":
            allowed = [value for value, _ in spec.choices]
            schema = {"type": "string", "enum": allowed}
            return Filter(f"The {words}.", _choice_reader(allowed), holds, rows=rows, schema=schema)
    return Filter(f"The {words}, exactly.", _read_text, holds, rows=rows)


def _name_filter(name: str) -> Filter:
    return Filter(
        f"Part of the {name}, whatever the case of the letters.",
        _read_text,
        lambda org, record, value: value.casefold() in getattr(record, name).casefold(),
        rows=lambda value: Q(**{f"{name}__icontains": value}),
    )


def _external_id_filter() -> Filter:
    def read(org: Org, text: str) -> tuple[str, str]:
        source, separator, value = text.partition(":")
        if not (source and separator and value):
            raise BadFilter("Must look like hris:4711, a source and its id.")
        return source, value

    return Filter(
        "An id in another system, as source:id, such as hris:4711.",
        read,
        lambda org, record, value: value in record.external_ids,
        rows=lambda value: Exact(KeyTextTransform(value[0], "external_ids"), value[1]),
    )


def _read_text(org: Org, text: str) -> str:
    return text


def _read_flag(org: Org, text: str) -> bool:
    if text not in ("true", "false"):
        raise BadFilter("Must be true or false.")
    return text == "true"


def _choice_reader(allowed: list[str]) -> Callable[[Org, str], str]:
    def read(org: Org, text: str) -> str:
        if text not in allowed:
            raise BadFilter(f"Must be one of {', '.join(value for value in allowed if value)}.")
        return text

    return read
