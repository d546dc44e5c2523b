"""Filters of lists. An index of `Org` answers where there is one; otherwise the database for the live organization,
and a look at each record for a draft or a past day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from orgmodel.changes.models import Change, ChangeSet, Mention
from orgmodel.core.operations.base import noun
from orgmodel.core.org import INDEXES, Org
from orgmodel.core.records import Spec, specs_of
from orgmodel.core.rules.integrity import is_closed
from orgmodel.integrations.bodies import id_of

TEXT_LIMIT = 254  # longer texts are for reading, not for looking up
NAMED: Mapping[str, Any] = {"type": "string", "minLength": 1}


class BadFilter(ValueError):
    """A filter's value is not of its shape."""


class UnknownReference(BadFilter):
    """A filter's value names nothing that is there."""


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
    found["updated_after"] = _updated_after(kind)
    if "external_ids" in specs:
        found["external_id"] = _external_id_filter(kind)
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

    return Filter(about, read, lambda org, r, v: r.id in set(among(org, v)), among=among, schema=NAMED)


def within(about: str, among: Mapping[str, Callable[[Org, str], Iterable[str]]]) -> Filter:
    """Return a filter by a unit of one of several kinds, with who belongs to a unit of each."""

    def ids(org: Org, unit: tuple[str, str]) -> Iterable[str]:
        return among[unit[0]](org, unit[1])

    read = unit_reader(among)
    return Filter(about, read, lambda org, r, v: r.id in set(ids(org, v)), among=ids, schema=NAMED)


def unit_reader(known: Collection[str]) -> Callable[[Org, str], tuple[str, str]]:
    """Return what reads kind and id of a unit of one of these kinds from a text such as search or squad:search."""

    def read(org: Org, text: str) -> tuple[str, str]:
        only, _, key = text.rpartition(":")
        kinds = [only] if only in known else known
        found = [(kind, id_) for kind in kinds if (id_ := id_of(org, kind, key if only in known else text))]
        if len(found) > 1:
            raise BadFilter(
                f"Several units are called so. Name one: {', '.join(f'{k}:{text}' for k, _ in found)}."
            )
        if not found:
            raise UnknownReference(f"There is no {' or '.join(kinds)} “{text[:100]}”.")
        return found[0]

    return read


def by_unit(
    kind: str,
    about: str,
    tribe: Callable[[Org, str], Iterable[str]],
    **more: Callable[[Org, str], Iterable[str]],
) -> dict[str, Filter]:
    """Return the filters `tribe` and `unit` of what belongs to squads: `more` says who else it may belong to."""
    among = {"squad": lambda org, v: org.pointing(kind, "squad", v), **more, "tribe": tribe}
    units = f"A {' or '.join(among)} that it belongs to, such as search or squad:search."
    return {"tribe": related("tribe", about, tribe), "unit": within(units, among)}


def ref_reader(target: str) -> Callable[[Org, str], str | None]:
    def read(org: Org, text: str) -> str | None:
        if not text:
            return None
        found = id_of(org, target, text)
        if found is None:
            raise UnknownReference(f"There is no {noun(target)} “{text[:100]}”.")
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
            return Filter(f"The {words}.", _read_text, holds, rows=rows, schema=schema)
    return Filter(f"The {words}, exactly.", _read_text, holds, rows=rows)


def _name_filter(name: str) -> Filter:
    return Filter(
        f"Part of the {name}, whatever the case of the letters.",
        _read_text,
        lambda org, record, value: value.casefold() in getattr(record, name).casefold(),
        rows=lambda value: Q(**{f"{name}__icontains": value}),
    )


def _external_id_filter(kind: str) -> Filter:
    def read(org: Org, text: str) -> tuple[str, str]:
        source, separator, value = text.partition(":")
        if not (source and separator and value):
            raise BadFilter("Must look like hris:4711, a source and its id.")
        return source, value

    return Filter(
        "An id in another system, as source:id, such as hris:4711.",
        read,
        lambda org, record, value: value in record.external_ids,
        among=lambda org, value: org.with_external_id(kind, *value),
        schema={"type": "string", "pattern": "^[^:]+:.+$"},
    )


def mentions_of(kind: str) -> QuerySet[Any]:
    """Return what the log says of a kind, each with `record` and `version`.

    Of units and people that includes changes of their members and seats; of other records their own.
    """
    if "key" in specs_of(kind):
        return Mention.objects.filter(kind=kind)
    return Change.objects.filter(kind=kind).annotate(version=F("change_set__version"))


@dataclass(frozen=True)
class _Later:
    """What the log says of a kind of record since a version."""

    kind: str
    version: int

    @property
    def mentions(self) -> QuerySet[Any]:
        return mentions_of(self.kind).filter(version__gt=self.version)

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset(self.mentions.values_list("record", flat=True))


def _updated_after(kind: str) -> Filter:
    def read(org: Org, text: str) -> _Later:
        return _Later(kind, _version_at(_moment(text)))

    return Filter(
        "Only what the log has recorded a change of after a moment, such as 2026-11-20T08:00:00Z, or since a day.",
        read,
        lambda org, record, later: record.id in later.ids,
        rows=lambda later: Exists(later.mentions.filter(record=OuterRef("pk"))),
        schema={"type": "string", "format": "date-time"},
    )


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))  # a plus that was not escaped in the address
        return found if found.tzinfo is not None else timezone.make_aware(found)
    except (ValueError, OverflowError):
        raise BadFilter("Must be a moment such as 2026-11-20T08:00:00Z, or a day.") from None


def _version_at(moment: datetime) -> int:
    """Return the version that the organization had at a moment."""
    earlier = ChangeSet.objects.filter(recorded_at__lte=moment).order_by("-version")
    return earlier.values_list("version", flat=True).first() or 0


def _read_text(org: Org, text: str) -> str:
    return text


def _read_flag(org: Org, text: str) -> bool:
    if text not in ("true", "false"):
        raise BadFilter("Must be true or false.")
    return text == "true"
