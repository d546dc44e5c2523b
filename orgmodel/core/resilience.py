"""What hangs on single people: what a squad would lose with them, and where one alone holds something."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from orgmodel.core.org import Org
from orgmodel.core.records import System

WHAT = ("system", "skill", "craft", "chapter", "level")
"""What a squad can lose its last of, the gravest first."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What a squad has of someone alone, or would lose its last of. `name` is the craft, skill, system and so on."""

    what: str
    name: str
    squad: str
    people: tuple[str, ...]


def losses(org: Org, people: Collection[str]) -> list[Loss]:
    """Return what squads would lose their last of if all of these people were away at once."""
    gone = set(people)
    squads = {m.squad for person in gone for m in org.memberships_of(person)}
    squads |= {
        system.squad for person in gone for system in _owned_by(org, person) if system.squad is not None
    }
    found = [
        Loss(what, name, squad, tuple(sorted(holders)))
        for squad in squads
        for what, name, holders in _held(org, squad)
        if holders <= gone
    ]
    return sorted(found, key=lambda loss: _gravest_first(org, loss))


def single_points(org: Org, *, least: int = 2) -> list[Loss]:
    """Return what one person alone has in a squad of at least so many people; systems of any squad."""
    found = [
        Loss(what, name, squad.id, tuple(holders))
        for squad in org.squads.values()
        if squad.closed_on is None
        for what, name, holders in _held(org, squad.id)
        if len(holders) == 1 and (what == "system" or len(org.memberships_in(squad.id)) >= least)
    ]
    return sorted(found, key=lambda loss: _gravest_first(org, loss))


def _held(org: Org, squad: str) -> Iterator[tuple[str, str, set[str]]]:
    """Yield what a squad has, and the people it has it of."""
    groups: dict[tuple[str, str], set[str]] = {}
    for membership in org.memberships_in(squad):
        for ref in _qualities(org, membership.person):
            groups.setdefault(ref, set()).add(membership.person)
    for (what, name), holders in groups.items():
        yield what, name, holders
    for system in org.systems_of(squad):
        owners = {person.id for person, _ in org.owners_of(system.id)}
        if owners:
            yield "system", system.name, owners


def _owned_by(org: Org, person: str) -> list[System]:
    """Return the systems in use that someone answers for."""
    found: Any = (org.get("system_owner", id_) for id_ in org.pointing("system_owner", "person", person))
    return [system for owner in found if (system := org.systems[owner.system]).closed_on is None]


def _qualities(org: Org, person: str) -> Iterator[tuple[str, str]]:
    record = org.people[person]
    if record.craft:
        yield "craft", record.craft
    if record.level:
        yield "level", record.level
    chapter = org.chapter_of(person)
    if chapter is not None:
        yield "chapter", chapter.name
    for skill in org.skills_of(person):
        if skill.proficiency != "learning":
            yield "skill", skill.skill


def _gravest_first(org: Org, loss: Loss) -> tuple[int, str, str]:
    return WHAT.index(loss.what), org.squads[loss.squad].name.casefold(), loss.name.casefold()
