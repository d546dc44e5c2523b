"""What changes can have an effect on: the people and units worth a look. What is outside stays as it was.

Comparison and impact start from here, so both cost what the changes touch, whatever the size of the organization.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from orgmodel.core.changes import Change
from orgmodel.core.org import Org


@dataclass(frozen=True, slots=True)
class Scope:
    """Ids of what changes touch, directly or through a record next to it. `movers` are those of the people whose
    place in squads may differ."""

    people: set[str] = field(default_factory=set)
    movers: set[str] = field(default_factory=set)
    squads: set[str] = field(default_factory=set)
    chapters: set[str] = field(default_factory=set)
    tribes: set[str] = field(default_factory=set)


def scope_of(before: Org, after: Org, changes: Iterable[Change]) -> Scope:
    """Return what these changes touch."""
    scope = Scope()
    for change in changes:
        add = _ADDERS.get(change.kind)
        for org in (before, after) if add else ():
            record = org.get(change.kind, change.id)
            if add and record is not None:
                add(scope, org, record, change)
    scope.people.update(scope.movers)
    for org in (before, after):
        _add_units(scope, org)
    return scope


def sets(change: Change, *fields: str) -> bool:
    """Say whether a change creates or removes its record, or sets one of these fields."""
    if change.before is None or change.after is None:
        return True
    return any(name in change.after for name in fields)


def sorted_ids(before: Org, after: Org, kind: str, ids: Iterable[str]) -> list[str]:
    """Sort the ids of records that are in at least one of two organizations by name, for a stable order."""
    named: list[tuple[str, str]] = []
    for id_ in ids:
        record: Any = after.get(kind, id_) or before.get(kind, id_)
        named.append((record.name.casefold(), id_))
    return [id_ for _, id_ in sorted(named)]


def is_here(org: Org, person: str) -> bool:
    """Say whether there is such a person, and they have not left."""
    record = org.people.get(person)
    return record is not None and record.is_here


def is_open(org: Org, kind: str, id_: str | None) -> bool:
    """Say whether there is such a unit, and it is not closed."""
    record: Any = org.get(kind, id_)
    return record is not None and record.closed_on is None


def _add_membership(scope: Scope, org: Org, membership: Any, change: Change) -> None:
    scope.movers.add(membership.person)
    scope.squads.add(membership.squad)


def _add_chapter_member(scope: Scope, org: Org, member: Any, change: Change) -> None:
    scope.people.add(member.person)
    scope.chapters.add(member.chapter)


def _add_person(scope: Scope, org: Org, person: Any, change: Change) -> None:
    scope.people.add(person.id)
    if sets(change, "manager", "status"):
        _add_led_by(scope, org, person.manager)


def _add_led_by(scope: Scope, org: Org, manager: str | None) -> None:
    """Add the units that show how many people report to this manager."""
    if manager is not None:
        scope.chapters.update(org.pointing("chapter", "lead", manager))
        scope.tribes.update(org.pointing("tribe", "lead", manager))


def _add_squad(scope: Scope, org: Org, squad: Any, change: Change) -> None:
    scope.squads.add(squad.id)
    if sets(change, "tribe", "type", "closed_on"):
        scope.movers.update(membership.person for membership in org.memberships_in(squad.id))


def _add_chapter(scope: Scope, org: Org, chapter: Any, change: Change) -> None:
    scope.chapters.add(chapter.id)
    if sets(change, "tribe", "closed_on"):
        scope.people.update(member.person for member in org.chapter_members_in(chapter.id))


def _add_tribe(scope: Scope, org: Org, tribe: Any, change: Change) -> None:
    scope.tribes.add(tribe.id)


_ADDERS: dict[str, Callable[[Scope, Org, Any, Change], None]] = {
    "membership": _add_membership,
    "chapter_member": _add_chapter_member,
    "person": _add_person,
    "squad": _add_squad,
    "chapter": _add_chapter,
    "tribe": _add_tribe,
}


def _add_units(scope: Scope, org: Org) -> None:
    """Add every squad that a mover is in, as a change of one share may make another squad their home, and the tribes
    of all squads and chapters. Without a squad, someone counts in the tribe of their chapter."""
    for person in scope.movers:
        scope.squads.update(membership.squad for membership in org.memberships_of(person))
        chapter = org.chapter_of(person)
        if chapter is not None and chapter.tribe is not None:
            scope.tribes.add(chapter.tribe)
    for kind, ids in (("squad", scope.squads), ("chapter", scope.chapters)):
        units: list[Any] = [org.get(kind, id_) for id_ in ids]
        scope.tribes.update(unit.tribe for unit in units if unit is not None and unit.tribe is not None)
