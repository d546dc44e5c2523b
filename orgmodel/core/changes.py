"""What differs between two organizations, and how to carry a difference over: diff, apply, invert, conflicts.

An operation says what someone wants; changes say what differs. Only the fields that differ are kept, so undoing a move
keeps a later rename, and a conflict means that this very field has changed since.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orgmodel.core.org import Org, Ref
from orgmodel.core.records import KINDS, Record, specs_of, values_of


@dataclass(frozen=True, slots=True)
class Change:
    """One record's difference: the fields before and after. A creation has no before, a deletion no after."""

    kind: str
    id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def ref(self) -> Ref:
        return self.kind, self.id


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that no longer holds what a change set out from. `field` is "" where the record itself came or went."""

    kind: str
    id: str
    field: str
    expected: Any
    found: Any
    wanted: Any


class Conflict(Exception):
    """The organization has moved on in the very fields that someone wants to change.

    `position` is that of the operation among those that were carried out together.
    """

    position: int | None = None

    def __init__(self, conflicts: Sequence[FieldConflict]) -> None:
        super().__init__(f"{len(conflicts)} fields have changed since")
        self.conflicts = tuple(conflicts)


def change_between(old: Record | None, new: Record | None) -> Change | None:
    """Return what differs between two states of one record, or None where nothing does."""
    if (old is None and new is None) or old == new:
        return None
    if old is None:
        assert new is not None
        return Change(new.KIND, new.id, None, values_of(new))
    if new is None:
        return Change(old.KIND, old.id, values_of(old), None)
    before, after = {}, {}
    for name in specs_of(old.KIND):
        was, is_ = getattr(old, name), getattr(new, name)
        if was != is_:
            before[name], after[name] = was, is_
    return Change(old.KIND, old.id, before, after)


def touched(org: Org) -> list[Change]:
    """Return what differs from the last settled state, at the cost of what was touched."""
    pairs = ((origin, org.get(kind, id_)) for (kind, id_), origin in org.origins.items())
    return in_order(change_between(old, new) for old, new in pairs)


def between(one: Org, other: Org) -> list[Change]:
    """Return what turns one organization into another where both set out from the same settled one, such as two drafts.

    Unlike `diff`, at the cost of what either touched.
    """
    refs = {*one.origins, *other.origins}
    return in_order(change_between(one.get(*ref), other.get(*ref)) for ref in refs)


def diff(old: Org, new: Org) -> list[Change]:
    """Return what turns one organization into another, at the cost of reading both."""
    found = []
    for kind in KINDS:
        before, after = old.table(kind), new.table(kind)
        if before is after:
            continue
        found += [
            change_between(record, after.get(id_))
            for id_, record in before.items()
            if record is not after.get(id_)
        ]
        found += [change_between(None, record) for id_, record in after.items() if id_ not in before]
    return in_order(found)


RANKS = {kind: position for position, kind in enumerate(KINDS)}


def in_order(changes: Iterable[Change | None]) -> list[Change]:
    """Return changes in the order in which change sets keep them: by kind, parents first, then by id."""
    return sorted((c for c in changes if c is not None), key=lambda c: (RANKS[c.kind], c.id))


def apply(org: Org, changes: Iterable[Change]) -> Org:
    """Return the organization with all changes made.

    Raises Conflict, naming every field, where one no longer holds what its change set out from.
    """
    changes = list(changes)
    found = conflicts(org, changes)
    if found:
        raise Conflict(found)
    return _write(org, changes)


def fold(org: Org, changes: Iterable[Change]) -> Org:
    """Return the organization with those changes made that still fit, field by field, and the others left out."""
    return _write(org, fitting(org, changes))


def fitting(org: Org, changes: Iterable[Change]) -> list[Change]:
    """Return what of these changes still fits, field by field."""
    return [part for change in changes if (part := _fitting_part(org, change)) is not None]


def fold_back(org: Org, changes: Iterable[Change]) -> Org:
    """Return the organization without those changes, which come newest first: what `fold` makes of their inverses.

    Each record is taken back on its own and written once, so the price is that of the changes.
    """
    records: dict[Ref, Record | None] = {}
    for change in changes:
        record = records[change.ref] if change.ref in records else org.get(*change.ref)
        records[change.ref] = without(record, change)
    puts = [record for record in records.values() if record is not None]
    removals = [org.get(*ref) for ref, record in records.items() if record is None]
    return org.change(puts, (record for record in removals if record is not None))


def without(record: Record | None, change: Change) -> Record | None:
    """Return one record as it would be without a change; what has been overtaken since stays as it is."""
    if change.after is None:
        assert change.before is not None
        return record if record is not None else KINDS[change.kind](id=change.id, **change.before)
    if record is None:
        return None
    if change.before is None:
        overtaken = any(getattr(record, name) != value for name, value in change.after.items())
        return record if overtaken else None
    stale = _overtaken(change.kind, (n for n in change.before if getattr(record, n) != change.after[n]))
    before = {name: value for name, value in change.before.items() if name not in stale}
    return dataclasses.replace(record, **before) if before else record


def conflicts(org: Org, changes: Iterable[Change]) -> list[FieldConflict]:
    """Return every field that no longer holds what a change set out from."""
    return [conflict for change in changes for conflict in _conflicts_of(org, change)]


def invert(changes: Iterable[Change]) -> list[Change]:
    """Return the changes that take these back."""
    return [Change(c.kind, c.id, c.after, c.before) for c in changes]


TOGETHER = {("membership", "squad"): {"since"}}
"""Fields that mean nothing without another: where that was overtaken, they are as well."""


def _overtaken(kind: str, stale: Iterable[str]) -> set[str]:
    found = set(stale)
    return found.union(*(TOGETHER.get((kind, name), ()) for name in found))


def _conflicts_of(org: Org, change: Change) -> list[FieldConflict]:
    record = org.get(change.kind, change.id)
    if change.before is None:
        if record is None:
            return []
        return [FieldConflict(change.kind, change.id, "", None, record, change.after)]
    if record is None:
        return [FieldConflict(change.kind, change.id, "", change.before, None, change.after)]
    return [
        FieldConflict(
            change.kind, change.id, name, expected, getattr(record, name), (change.after or {}).get(name)
        )
        for name, expected in change.before.items()
        if getattr(record, name) != expected
    ]


def _fitting_part(org: Org, change: Change) -> Change | None:
    """Return what of a change still fits: all of a creation or deletion or nothing of it, of an edit each field."""
    found = _conflicts_of(org, change)
    if not found:
        return change
    if change.before is None or change.after is None or any(not c.field for c in found):
        return None
    stale = _overtaken(change.kind, (c.field for c in found))
    before = {name: value for name, value in change.before.items() if name not in stale}
    if not before:
        return None
    return dataclasses.replace(change, before=before, after={name: change.after[name] for name in before})


def _write(org: Org, changes: Iterable[Change]) -> Org:
    puts: dict[Ref, Record] = {}
    removals: dict[Ref, Record] = {}
    for change in changes:
        ref = change.ref
        record = puts.get(ref) or org.get(change.kind, change.id)
        if change.after is None:
            puts.pop(ref, None)
            if record is not None:
                removals[ref] = record
        elif change.before is None or record is None:
            removals.pop(ref, None)
            puts[ref] = KINDS[change.kind](id=change.id, **change.after)
        else:
            puts[ref] = dataclasses.replace(record, **change.after)
    return org.change(puts.values(), removals.values())
