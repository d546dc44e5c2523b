"""What every operation has, and the five shapes most of them share: create, rename, edit, close and reopen a record.

An operation is an intent: it says what someone wants, in one sentence, and turns one organization into another. It is
data, so a draft can keep it, and it is pure, so a preview is the same code as the real thing.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from orgmodel.core.changes import Conflict, FieldConflict
from orgmodel.core.org import Org, Ref
from orgmodel.core.phrases import capital, names, say
from orgmodel.core.records import (
    KINDS,
    RESERVED_KEYS,
    ChapterMember,
    Coaching,
    Dependency,
    GuildMember,
    Lineage,
    Membership,
    PersonSkill,
    Record,
    Spec,
    SystemOwner,
    day,
    label_of,
    ref,
    specs_of,
    text,
)


class Refused(Exception):
    """An operation's precondition does not hold. The message says why, and what to do about it.

    `field` names the part of the operation that is at fault, `blockers` the records that stand in the way.
    `position` is that of the operation among those that were carried out together.
    """

    position: int | None = None

    def __init__(self, message: str, *, field: str = "", blockers: Iterable[Ref] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.blockers = tuple(blockers)


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that can be done to an organization."""

    def apply(self, org: Org) -> Org:
        """Return the organization after it. Raises Refused where it makes no sense."""
        raise NotImplementedError

    def describe(self, org: Org) -> str:
        """Return one sentence for it, told on the organization before it."""
        raise NotImplementedError

    def dated(self, on: date) -> Operation:
        """Return it as carried out on a day, which `apply` counts on. Raises Refused where it names another day."""
        return self

    def pinned(self, org: Org) -> tuple[Operation, ...]:
        """Return it with what it leaves to the organization said, so that a later change of that is a conflict."""
        return (self,)

    def redone(self, org: Org) -> Operation | None:
        """Return the same intent for the organization as it is now, or None where there is no other way to say it."""
        return None


@dataclass(frozen=True, slots=True)
class DatedOperation(Operation):
    """An operation whose day, `on`, is written down. It is the day on which the change takes effect, never another."""

    def dated(self, on: date) -> Operation:
        given: Any = self
        if given.on not in (None, on):
            raise Refused(
                say(
                    "This happens on the day on which the change takes effect. "
                    "Leave the day out, or date the change."
                ),
                field="on",
            )
        return dataclasses.replace(given, on=on)  # type: ignore[no-any-return]

    def redone(self, org: Org) -> Operation | None:
        """Leave the day to the change, where it was said."""
        given: Any = self
        return dataclasses.replace(given, on=None) if given.on is not None else None


def day_of(on: date | None) -> date:
    """Return the day of an operation, which has one once it is `dated`."""
    assert on is not None, "an operation is dated before it is applied"
    return on


def new_id() -> Any:
    return dataclasses.field(metadata={"spec": Spec("id", required=True)})


def field_values(*, required: bool = True) -> Any:
    if required:
        return dataclasses.field(metadata={"spec": Spec("values", required=True)})
    return dataclasses.field(default_factory=dict, metadata={"spec": Spec("values")})


def refs(target: str, *, required: bool = True) -> Any:
    if required:
        return dataclasses.field(metadata={"spec": Spec("refs", target=target, required=True)})
    return dataclasses.field(default=(), metadata={"spec": Spec("refs", target=target)})


@dataclass(frozen=True, slots=True)
class Create(Operation):
    """Add a record of one kind. Where `values` names no key, one is made from the name."""

    KIND: ClassVar[str]
    id: str = new_id()
    values: Mapping[str, Any] = field_values()

    def apply(self, org: Org) -> Org:
        if org.get(self.KIND, self.id) is not None:
            raise Refused(say("This {noun} exists already.", noun=noun(self.KIND)))
        check_fields(self.KIND, self.values)
        specs = specs_of(self.KIND)
        missing = [n for n, spec in specs.items() if spec.required and n != "key" and not self.values.get(n)]
        if missing:
            label = capital(label_of(self.KIND, missing[0]))
            raise Refused(say("{field} is missing.", field=label), field=missing[0])
        given = dict(self.values)
        if "key" in specs and not given.get("key"):
            given["key"] = free_key(
                org, self.KIND, str(given.get("name") or given.get("title") or given.get("statement"))
            )
        return org.put(KINDS[self.KIND](id=self.id, **given))

    def describe(self, org: Org) -> str:
        name = self.values.get("name") or self.values.get("title") or self.values.get("statement") or ""
        return say("Create {noun} {name}", noun=noun(self.KIND), name=short(str(name)))


@dataclass(frozen=True, slots=True)
class Rename(Operation):
    """Give a record another name. Its key, and so its address, stays."""

    KIND: ClassVar[str]
    NAME: ClassVar[str] = "name"
    id: str = ref("", required=True)
    name: str = text(2000, required=True)

    def apply(self, org: Org) -> Org:
        record = get(org, self.KIND, self.id)
        if not self.name.strip():
            raise Refused(say("Name is missing."), field="name")
        if getattr(record, self.NAME) == self.name:
            what = capital(noun(self.KIND))
            raise Refused(
                say("{noun} {name} is called that already.", noun=what, name=short(self.name)), field="name"
            )
        return org.edit(record, **{self.NAME: self.name})

    def describe(self, org: Org) -> str:
        old, new = name_of(org, self.KIND, self.id), short(self.name)
        return say("Rename {noun} {old} to {new}", noun=noun(self.KIND), old=old, new=new)


@dataclass(frozen=True, slots=True)
class Edit(Operation):
    """Set some fields of a record, leaving the others as they are.

    `seen` holds what the editor saw in those fields; where the organization has moved on since, it is a conflict.
    """

    KIND: ClassVar[str]
    FIXED: ClassVar[tuple[str, ...]] = ("key",)  # fields with an operation of their own, or none
    id: str = ref("", required=True)
    values: Mapping[str, Any] = field_values()
    seen: Mapping[str, Any] = field_values(required=False)

    def apply(self, org: Org) -> Org:
        record = get(org, self.KIND, self.id)
        check_fields(self.KIND, self.values, fixed=self.FIXED)
        if not self.values:
            raise Refused(say("Nothing to change."))
        check_seen(record, self.values, self.seen)
        return org.edit(record, **self.values)

    def redone(self, org: Org) -> Operation | None:
        return seen_again(self, org.get(self.KIND, self.id))

    def describe(self, org: Org) -> str:
        labels = names([label_of(self.KIND, n) for n in self.values if n in specs_of(self.KIND)])
        name = name_of(org, self.KIND, self.id)
        return say("Edit {noun} {name}: {fields}", noun=noun(self.KIND), name=name, fields=labels)


@dataclass(frozen=True, slots=True)
class Close(DatedOperation):
    """Close a unit. It stays in the log and can be reopened."""

    KIND: ClassVar[str]
    id: str = ref("", required=True)
    on: date | None = day()

    def apply(self, org: Org) -> Org:
        record: Any = get(org, self.KIND, self.id)
        if record.closed_on is not None:
            raise Refused(say("{name} is closed already.", name=record.name))
        org = self.emptied(org, record)
        return org.edit(get(org, self.KIND, self.id), closed_on=day_of(self.on))

    def emptied(self, org: Org, record: Any) -> Org:
        """Return the organization in which the unit holds nothing any more, or refuse, naming who or what it holds."""
        return org

    def describe(self, org: Org) -> str:
        return say("Close {noun} {name}", noun=noun(self.KIND), name=name_of(org, self.KIND, self.id))


@dataclass(frozen=True, slots=True)
class Reopen(Operation):
    """Open a closed unit again, empty as it was left."""

    KIND: ClassVar[str]
    id: str = ref("", required=True)

    def apply(self, org: Org) -> Org:
        record: Any = get(org, self.KIND, self.id)
        if record.closed_on is None:
            raise Refused(say("{name} is open.", name=record.name))
        return org.edit(record, closed_on=None)

    def describe(self, org: Org) -> str:
        return say("Reopen {noun} {name}", noun=noun(self.KIND), name=name_of(org, self.KIND, self.id))


def get(org: Org, kind: str, id_: str | None, field: str = "id") -> Any:
    """Return a record, or refuse: it never was, or is gone."""
    record = org.get(kind, id_)
    if record is None:
        raise Refused(say("There is no such {noun}.", noun=noun(kind)), field=field)
    return record


def get_open(org: Org, kind: str, id_: str | None, field: str = "id") -> Any:
    """Return a unit that is open, or refuse."""
    record = get(org, kind, id_, field)
    if getattr(record, "closed_on", None) is not None:
        raise Refused(say("{name} is closed.", name=record.name), field=field)
    return record


def get_here(org: Org, id_: str | None, field: str = "person") -> Any:
    """Return a person who has not left, or refuse."""
    person = get(org, "person", id_, field)
    if not person.is_here:
        raise Refused(say("{person} has left.", person=person.name), field=field)
    return person


def in_already(member: Any, unit: Any, field: str) -> Refused:
    """Return the refusal to put someone or something where it is."""
    return Refused(say("{member} is in {unit} already.", member=member.name, unit=unit.name), field=field)


def not_in(member: Any, unit: Any, field: str) -> Refused:
    """Return the refusal to take someone or something out of where it is not."""
    return Refused(say("{member} is not in {unit}.", member=member.name, unit=unit.name), field=field)


def check_fields(kind: str, given: Mapping[str, Any], fixed: tuple[str, ...] = ()) -> None:
    """Refuse fields that a kind of record does not have, or that are not for this operation to set."""
    for name in given:
        if name not in specs_of(kind):
            raise Refused(say("A {noun} has no {field}.", noun=noun(kind), field=name), field=name)
        if name in fixed:
            label = capital(label_of(kind, name))
            raise Refused(say("{field} cannot be changed here.", field=label), field=name)


def check_open(org: Org, kind: str, given: Mapping[str, Any], *fields: str) -> None:
    """Refuse to let a record refer in one of these fields to a unit that is closed, or not there."""
    for name in fields:
        if given.get(name) is not None:
            get_open(org, specs_of(kind)[name].target, given[name], name)


def check_seen(record: Record, wanted: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
    """Raise Conflict, with both values, where a field to be set is no longer what its editor saw."""
    found = [
        FieldConflict(record.KIND, record.id, name, seen[name], current, value)
        for name, value in wanted.items()
        if name in seen and seen[name] != (current := getattr(record, name)) and current != value
    ]
    if found:
        raise Conflict(found)


def set_over(
    org: Org, record: Record, edit: Any, faults_in: Callable[[Org, Any], Iterable[tuple[str, str]]]
) -> Org:
    """Return the organization with an edit of what it set over a default; the record is made where it had not yet.

    `faults_in` says what is wrong with the record as it would be, each fault with its field.
    """
    check_fields(record.KIND, edit.values, fixed=("key",))
    if not edit.values:
        raise Refused(say("Nothing to change."))
    check_seen(record, edit.values, edit.seen)
    for field, fault in faults_in(org, dataclasses.replace(record, **edit.values)):
        if field in edit.values:
            raise Refused(say("{fault}.", fault=capital(fault)), field=field)
    return org.put(record).edit(record, **edit.values)


def seen_again(edit: Any, record: Record | None) -> Operation | None:
    """Return an edit whose editor has seen the record as it is now, or None where that makes no difference."""
    if record is None or not all(hasattr(record, name) for name in edit.seen):
        return None
    seen = {name: getattr(record, name) for name in edit.seen}
    again: Operation = dataclasses.replace(edit, seen=seen)
    return again if seen != edit.seen else None


def noun(kind: str) -> str:
    """Return what a record of a kind is called, such as "guild member"."""
    return say(kind.replace("_", " "))


def name_of(org: Org, kind: str, id_: str | None) -> str:
    """Return the name of a record for a sentence, whether it is there or not."""
    record = org.get(kind, id_)
    if record is None:
        return say("an unknown {noun}", noun=noun(kind))
    return short(str(getattr(record, "name", "")))


def pair_id(one: str, other: str) -> str:
    """Return the id of the record that joins two others, once at most, so that doing the same again is the same."""
    return str(uuid.uuid5(uuid.UUID(one), other))


def subject_of(org: Org, record: Record) -> str:
    """Return what a record is called in a list: "Search", "Bo Lund in Search", "Ranking from Search"."""
    specs = specs_of(record.KIND)

    def called(*fields: str) -> dict[str, str]:
        return {field: name_of(org, specs[field].target, getattr(record, field)) for field in fields}

    match record:
        case Lineage():
            return say("{successor} from {predecessor}", **called("successor", "predecessor"))
        case Membership():
            return say("{person} in {squad}", **called("person", "squad"))
        case ChapterMember():
            return say("{person} in chapter {chapter}", **called("person", "chapter"))
        case GuildMember():
            return say("{person} in guild {guild}", **called("person", "guild"))
        case SystemOwner():
            return say("{person} for {system}", **called("person", "system"))
        case PersonSkill():
            return say("{skill} of {person}", skill=short(record.skill), **called("person"))
        case Dependency():
            return say("{squad} needs {needs}", **called("squad", "needs"))
        case Coaching():
            return say("{person} coaching {squad}", **called("person", "squad"))
    return short(str(record.name))  # type: ignore[attr-defined]


def short(name: str, limit: int = 80) -> str:
    return name if len(name) <= limit else name[: limit - 1].rstrip() + "…"


def free_key(org: Org, kind: str, name: str) -> str:
    """Return a key for a new record that no other of its kind has: "search", then "search-2"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:80] or kind.replace("_", "-")
    key, count = stem, 1
    while key in RESERVED_KEYS or org.keyed(kind, key):
        count += 1
        key = f"{stem}-{count}"
    return key
