"""What the map shows of an organization: its tribes one by one, who is in none, and how far a guild reaches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import meant, say
from orgmodel.core.records import Guild, Person, Tribe
from orgmodel.core.rules.lines import tribe_of
from orgmodel.core.rules.sizes import is_beyond, squad_most
from squads.board import Board, Card, squads_in, tribe_board
from squads.matrix.layout import Box
from squads.redrawn import fate_of, redrawing, tribes_in

LISTED = 60  # people without a squad who are named; the others are counted


@lru_cache(maxsize=4)
def boards_of(org: Org, today: date, before: Org | None, only: Tribe | None = None) -> tuple[Board, ...]:
    """Return the boards of the tribes by name, and of the squads in none; a draft's with those that it closes.

    A draft's boards show where people and squads have come from. All are kept for whoever looks at the same
    organization next, in other colors say, so nobody may write into them.
    """
    tribes: list[Tribe | None] = [*tribes_in(org, before)] if only is None else [only]
    if only is None and (squads_in(org, None) or (before is not None and squads_in(before, None))):
        tribes.append(None)
    return tuple(tribe_board(org, tribe, today=today, before=before, show_origins=True) for tribe in tribes)


def people_on(org: Org, boards: Iterable[Board]) -> list[str]:
    """Return the ids of the people on boards, once each."""
    keys = dict.fromkeys(card.person_key for card in cards_on(boards))
    return [person.id for key in keys if (person := org.find("person", key)) is not None]


def cards_on(boards: Iterable[Board]) -> Iterator[Card]:
    return (card for board in boards for card in board.cards())


# Tribes as boxes


@dataclass(frozen=True, slots=True)
class Tile:
    """A tribe in numbers: its squads with theirs. `fate` is what a draft does to it."""

    tribe: Tribe | None
    name: str
    squads: tuple[Box, ...]
    vacancies: int
    fate: str = ""

    @property
    def people(self) -> int:
        return sum(box.size for box in self.squads)

    @property
    def people_before(self) -> int:
        return sum(box.size if box.size_before is None else box.size_before for box in self.squads)

    @property
    def squad_count(self) -> int:
        return sum(not box.is_gone for box in self.squads)

    @property
    def squads_before(self) -> int:
        return sum(not box.fate or box.is_gone for box in self.squads)


@lru_cache(maxsize=4)
def tiles_of(org: Org, before: Org | None = None) -> tuple[Tile, ...]:
    """Return every tribe in numbers, in one pass over all memberships; a draft's with what it closes.

    What there was before a draft is counted only where the draft touches it. All are kept, as boards are.
    """
    boxes = _boxes_of(org)
    if before is not None:
        _redraw(boxes, org, before)
    vacancies = Counter(org.squads[v.squad].tribe for v in org.vacancies.values() if v.squad and v.is_open)
    tiles = [
        Tile(
            tribe,
            tribe.name,
            tuple(boxes.get(tribe.id, ())),
            vacancies[tribe.id],
            fate_of(tribe, org, before),
        )
        for tribe in tribes_in(org, before)
    ]
    if None in boxes:
        tiles.append(Tile(None, say("Without a tribe"), tuple(boxes[None]), vacancies[None]))
    return tuple(tiles)


def _boxes_of(org: Org) -> dict[str | None, list[Box]]:
    """Return the open squads by tribe, by name."""
    sizes = Counter(membership.squad for membership in org.counted_memberships())
    found: dict[str | None, list[Box]] = {}
    for squad in by_name(squad for squad in org.squads.values() if squad.closed_on is None):
        size = sizes[squad.id]
        box = Box(squad.id, squad.key, squad.name, size, is_beyond(size, squad_most(org, squad)))
        found.setdefault(squad.tribe, []).append(box)
    return found


def _redraw(boxes: dict[str | None, list[Box]], org: Org, before: Org) -> None:
    """Say in the boxes what a draft does to squads, and add those that it takes away."""
    redrawn = redrawing(before, org)
    touched = redrawn.squads
    for own in boxes.values():
        for place, box in enumerate(own):
            if box.id in touched:
                squad = org.squads[box.id]
                was = redrawn.size_before(squad) if not redrawn.origin(squad) else 0
                own[place] = replace(
                    box, size_before=was, fate=redrawn.arrival(squad), is_new=redrawn.is_new(squad)
                )
    for tribe, lost in redrawn.lost.items():
        gone = [
            Box(
                s.id,
                s.key,
                s.name,
                0,
                size_before=before.size_of(s.id),
                fate=redrawn.farewell(s),
                is_gone=True,
            )
            for s in lost
        ]
        boxes[tribe] = sorted([*boxes.get(tribe, ()), *gone], key=lambda box: (box.name.casefold(), box.id))


# People beside the squads

WITHOUT_SQUAD, LEADS, COACHES = say("Without a squad"), say("Company leads"), meant("people", "Coaches")


@dataclass(frozen=True, slots=True)
class Aside:
    """People whom no squad shows, and why: "Coaches", "Without a squad". `more` are not named."""

    label: str
    people: tuple[Person, ...]
    more: int = 0


def asides(org: Org, shown: Iterable[Board]) -> list[Aside]:
    """Return the people who are on none of these boards, neither as members nor as leads of a tribe."""
    known = {lead.key for board in shown for lead in board.leads}
    known |= {card.person_key for card in cards_on(shown)}
    groups: dict[str, list[Person]] = {WITHOUT_SQUAD: [], LEADS: [], COACHES: []}
    for person in org.people.values():
        if person.is_here and person.key not in known:
            groups[_place_of(org, person)].append(person)
    return [
        Aside(label, tuple(by_name(people)[:LISTED]), max(0, len(people) - LISTED))
        for label, people in groups.items()
        if people
    ]


def _place_of(org: Org, person: Person) -> str:
    if org.squads_coached_by(person.id):
        return COACHES
    leads = person.manager is None and any(org.reports_of(person.id))
    return LEADS if leads else WITHOUT_SQUAD


# A guild across tribes


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a guild reaches: its members by tribe; `""` are those who belong to none."""

    guild: Guild
    members: frozenset[str]  # keys of people
    by_tribe: Mapping[str, int]
    tribes: int

    @property
    def sentence(self) -> str:
        reached = sum(1 for tribe in self.by_tribe if tribe)
        return say(
            "Guild {name} reaches {reached} of {tribes} tribes.",
            name=self.guild.name,
            reached=reached,
            tribes=self.tribes,
        )


def reach_of(org: Org, guild: Guild) -> Reach:
    people = [org.people[member.person] for member in org.guild_members_in(guild.id)]
    by_tribe = Counter(tribe_of(org, person.id) or "" for person in people)
    return Reach(guild, frozenset(person.key for person in people), by_tribe, len(org.tribes_by_name()))
