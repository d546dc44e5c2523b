"""Who can decide: the way from a squad to the first person with authority over all of it, and who holds which seat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import capital, either
from orgmodel.core.records import Role, Squad, Tribe, label_of
from orgmodel.core.rules.tribes import needs_design
from orgmodel.core.rules.words import OWNER

# The decision path


@dataclass(frozen=True, slots=True)
class DecisionPath:
    """How far a squad is from a decision that nobody in it can make.

    `decider` is the nearest person whom all its people report to, directly or not; `steps` is how many managers the one
    furthest from them has to pass. Both are None where the lines of its people do not meet.
    """

    squad: str
    people: int
    chapter_leads: tuple[str, ...]
    managers: tuple[str, ...]
    decider: str | None
    steps: int | None

    @property
    def badness(self) -> tuple[bool, int, int]:
        return self.steps is None, self.steps or 0, len(self.managers)


def decision_path(org: Org, squad: str) -> DecisionPath:
    """Return who stands behind the people of a squad, and who could decide for all of them."""
    members = [m.person for m in org.memberships_in(squad) if org.counts(m)]
    lines = [line_of(org, person) for person in members]
    decider, steps = _where_they_meet(lines)
    chapters = [chapter for person in members if (chapter := org.chapter_of(person)) is not None]
    return DecisionPath(
        squad=squad,
        people=len(members),
        chapter_leads=_named(org, (chapter.lead for chapter in chapters)),
        managers=_named(org, (org.people[person].manager for person in members)),
        decider=decider,
        steps=steps,
    )


def line_of(org: Org, person: str) -> list[str]:
    """Return someone and everybody they report to, the nearest first; a circle is followed once."""
    line: list[str] = []
    step: str | None = person
    while step is not None and step in org.people and step not in line:
        line.append(step)
        step = org.people[step].manager
    return line


def _where_they_meet(lines: list[list[str]]) -> tuple[str | None, int | None]:
    if not lines:
        return None, None
    common = set.intersection(*map(set, lines))
    reach = {person: max(line.index(person) for line in lines) for person in common}
    if not reach:
        return None, None
    decider = min(reach, key=lambda person: (reach[person], lines[0].index(person)))
    return decider, reach[decider]


def _named(org: Org, ids: Iterator[str | None]) -> tuple[str, ...]:
    """Return people, each once, by name."""
    return tuple(sorted({id_ for id_ in ids if id_}, key=lambda id_: (org.people[id_].name.casefold(), id_)))


def decision_paths(org: Org) -> list[DecisionPath]:
    """Return the decision path of every squad that anybody is in, the longest first."""
    found = [decision_path(org, squad.id) for squad in org.squads.values() if squad.closed_on is None]
    settled = [path for path in found if path.people]
    return sorted(
        settled,
        key=lambda path: (*(-int(part) for part in path.badness), org.squads[path.squad].name.casefold()),
    )


# The leadership map


@dataclass(frozen=True, slots=True)
class LeadSeat:
    """A seat of a unit: who holds it, and who stands in. `holders` are several where two hold what is meant for one."""

    kind: str
    unit: str
    label: str
    holders: tuple[str, ...]
    interim: str | None = None

    @property
    def state(self) -> str:
        """Return "empty", "interim", "double" or "held"."""
        if len(self.holders) > 1:
            return "double"
        if self.holders:
            return "held"
        return "interim" if self.interim else "empty"


def leadership(org: Org) -> list[LeadSeat]:
    """Return every seat that leads a unit: of tribes, chapters and guilds, and the roles that lead squads.

    Product and design leads of tribes count as seats only where the organization has any, and squads have seats for the
    leading roles that it knows. A tribe of platforms can do without a design lead.
    """
    seats: list[LeadSeat] = []
    for tribe in org.tribes_by_name():
        seats.append(_seat(tribe, "lead", interim=tribe.interim_lead))
        seats += [
            _seat(tribe, field)
            for field in ("product_lead", "design_lead")
            if org.uses("tribe", field) and (getattr(tribe, field) or _needs(org, tribe, field))
        ]
    chapters, guilds = open_units(org, "chapter"), open_units(org, "guild")
    seats += [_seat(chapter, "lead", interim=chapter.interim_lead) for chapter in chapters]
    seats += [_seat(guild, "coordinator") for guild in guilds]
    leading = [role for role in by_name(org.roles.values()) if role.leads or role.key == OWNER]
    roles = [
        [role for role in leading if role.key == OWNER],
        [role for role in leading if role.key != OWNER],  # any of them answers for how it is built
    ]
    return seats + [
        _squad_seat(org, squad, any_of) for squad in open_units(org, "squad") for any_of in roles if any_of
    ]


def _seat(unit: Any, field: str, *, interim: str | None = None) -> LeadSeat:
    label = capital(label_of(unit.KIND, field))
    return LeadSeat(unit.KIND, unit.id, label, _one(getattr(unit, field)), interim)


def _needs(org: Org, tribe: Tribe, field: str) -> bool:
    return field != "design_lead" or needs_design(org, tribe)


def _squad_seat(org: Org, squad: Squad, roles: list[Role]) -> LeadSeat:
    ids = {role.id for role in roles}
    holders = dict.fromkeys(m.person for m in org.memberships_in(squad.id) if m.role in ids)
    return LeadSeat("squad", squad.id, either(role.name for role in roles), tuple(holders))


def _one(person: str | None) -> tuple[str, ...]:
    return (person,) if person is not None else ()


def open_units(org: Org, kind: str) -> list[Any]:
    """Return the open units of a kind by name."""
    units: list[Any] = [*org.table(kind).values()]
    return by_name(unit for unit in units if unit.closed_on is None)


def seats_held(seats: list[LeadSeat]) -> Counter[str]:
    """Return how many of these seats each person holds or stands in for."""
    return Counter(person for seat in seats for person in (*seat.holders, *_one(seat.interim)))
