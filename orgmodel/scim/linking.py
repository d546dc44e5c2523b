"""What it means for the organization that people join and leave a group that is linked to a unit.

SCIM ends only what it began: a membership that somebody gave by hand, or an import, stays when the group loses the
person. A tribe has no members of its own, so a group linked to one is compared with it and changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from orgmodel.changes.models import new_id
from orgmodel.core.operations import (
    ChangeChapter,
    JoinGuild,
    JoinSquad,
    LeaveGuild,
    LeaveSquad,
    MovePeople,
    Operation,
)
from orgmodel.core.org import Org
from orgmodel.core.scope import is_here
from orgmodel.scim.models import ScimGroup

KINDS = ("squad", "tribe", "chapter", "guild")


@dataclass(frozen=True, slots=True)
class Plan:
    """The operations that a change of members asks for, and who is a member of the unit by them."""

    operations: tuple[Operation, ...] = ()
    joined: frozenset[str] = frozenset()


def unit_of(org: Org, group: ScimGroup) -> Any:
    """Return the open unit that a group is linked to, or None."""
    unit: Any = org.get(group.unit_kind, group.unit) if group.unit_kind else None
    return unit if unit is not None and unit.closed_on is None else None


def people_in(org: Org, kind: str, unit: str) -> set[str]:
    """Return the ids of the people in a unit."""
    match kind:
        case "squad":
            return {member.person for member in org.memberships_in(unit)}
        case "chapter":
            return {member.person for member in org.chapter_members_in(unit)}
        case "guild":
            return {member.person for member in org.guild_members_in(unit)}
    return org.people_in_tribe(unit)


def plan(org: Org, group: ScimGroup, entering: Iterable[str], leaving: Iterable[str]) -> Plan:
    """Return what is to be done where people enter and leave a group. `leaving` are those whom SCIM made members."""
    unit = unit_of(org, group)
    if unit is None or unit.KIND == "tribe":
        return Plan()
    there = people_in(org, unit.KIND, unit.id)
    new = [id_ for id_ in dict.fromkeys(entering) if id_ not in there and is_here(org, id_)]
    old = tuple(id_ for id_ in dict.fromkeys(leaving) if id_ in there)
    match unit.KIND:
        case "squad":
            return _of_squad(org, unit.id, new, old, moves=group.moves)
        case "chapter":
            return _of_chapter(org, unit.id, new, old, moves=group.moves)
    leave = (LeaveGuild(people=old, guild=unit.id),) if old else ()
    join = (JoinGuild(people=tuple(new), guild=unit.id),) if new else ()
    return Plan((*leave, *join), frozenset(new))


def _of_squad(org: Org, squad: str, new: Collection[str], old: Iterable[str], *, moves: bool) -> Plan:
    leave = [LeaveSquad(person=id_, squad=squad) for id_ in old]
    moved = tuple(id_ for id_ in new if moves and org.memberships_of(id_))
    move = (MovePeople(people=moved, to=squad),) if moved else ()
    join = [JoinSquad(id=new_id(), person=id_, squad=squad) for id_ in new if id_ not in {*moved}]
    return Plan((*leave, *move, *join), frozenset(new))


def _of_chapter(org: Org, chapter: str, new: Iterable[str], old: tuple[str, ...], *, moves: bool) -> Plan:
    """Someone has one chapter at most, so who is in another joins only where joining moves them."""
    joined = tuple(id_ for id_ in new if moves or org.chapter_of(id_) is None)
    leave = (ChangeChapter(people=old, chapter=None),) if old else ()
    join = (ChangeChapter(people=joined, chapter=chapter),) if joined else ()
    return Plan((*leave, *join), frozenset(joined))
