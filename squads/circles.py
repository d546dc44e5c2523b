"""Tribes as circles with their squads inside, and a dot for each person: how large everything is, at one look."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from django.utils.safestring import SafeString, mark_safe

from orgmodel.changes.pictures.drawing import (
    SMALL_LETTER,
    broken,
    colored,
    counted,
    link,
    number,
    picture,
    text,
)
from orgmodel.changes.pictures.packing import Disk, packed
from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import joined, said, say
from orgmodel.core.records import Person, Squad, Tribe
from orgmodel.core.scope import is_open
from orgmodel.templatetags.orgmodel_ui import slot, within
from squads.board import squads_in
from squads.redrawn import fate_of, redrawing, tribes_in

DOTS = 1_000  # people, of whom each has a dot; beyond that a squad says its number
SQUADS = 800  # beyond that only tribes are drawn
DOT, APART = 3.5, 9.5  # the size of a dot, and how far from each other they are
NAME = 20  # around a squad's circle, for its name below it
BOLD_LETTER = 7  # as wide as a letter of 12 pixels in bold is on average
SIDE = 820  # pixels that a page has for a picture; a larger one is drawn smaller, and what it says larger
READ = 8 / 12  # of their size, at which words can still be read
DASHED, NEW = ' stroke-dasharray="4 3"', ' stroke-width="3"'
TURN = math.pi * (3 - math.sqrt(5))  # from seed to seed of a sunflower

Page = Callable[..., str]
"""The address of a page, by its name and keys."""


@dataclass(frozen=True, slots=True)
class Crew:
    """A squad and who counts in it; `moved` are those who were not in it before a draft.

    `fate` is what the draft does to the squad. One that `is_gone` from its tribe has the people that it had.
    """

    squad: Squad
    people: tuple[Person, ...]
    moved: frozenset[str] = frozenset()
    fate: str = ""
    is_gone: bool = False


@dataclass(frozen=True)
class Bloc:
    """A tribe, or None for squads without one, with its squads; `fate` is what a draft does to it."""

    tribe: Tribe | None
    crews: tuple[Crew, ...]
    fate: str = ""
    is_gone: bool = False

    @cached_property
    def people(self) -> int:
        return len({person.id for crew in self.crews if not crew.is_gone for person in crew.people})

    @property
    def squads(self) -> int:
        return sum(not crew.is_gone for crew in self.crews)


@lru_cache(maxsize=4)
def blocs_of(org: Org, tribe: Tribe | None = None, before: Org | None = None) -> tuple[Bloc, ...]:
    """Return the tribes with their squads, or one of them, and at last the squads without a tribe.

    With an organization `before` they say what a draft does to them, and those that it takes away are there too. All
    are kept for whoever looks at the same organization next.
    """
    tribes: list[Tribe | None] = [tribe] if tribe is not None else [*tribes_in(org, before), None]
    blocs = [_bloc(org, each, before) for each in tribes]
    return tuple(bloc for bloc in blocs if bloc.tribe is not None or bloc.crews)


def _bloc(org: Org, tribe: Tribe | None, before: Org | None) -> Bloc:
    is_gone = before is not None and tribe is not None and not is_open(org, "tribe", tribe.id)
    return Bloc(tribe, tuple(_crews(org, tribe, before)), fate_of(tribe, org, before), is_gone)


def _crews(org: Org, tribe: Tribe | None, before: Org | None) -> list[Crew]:
    found = [Crew(squad, _people(org, squad)) for squad in squads_in(org, tribe)]
    if before is None:
        return found
    redrawn = redrawing(before, org)
    crews = [
        replace(crew, moved=_moved(before, crew), fate=redrawn.arrival(crew.squad))
        if crew.squad.id in redrawn.squads
        else crew
        for crew in found
    ]
    lost = redrawn.lost.get(tribe.id if tribe is not None else None, ())
    crews += [Crew(s, _people(before, s), fate=redrawn.farewell(s), is_gone=True) for s in lost]
    return sorted(crews, key=lambda crew: (crew.squad.name.casefold(), crew.squad.id))


def _people(org: Org, squad: Squad) -> tuple[Person, ...]:
    """Return who counts in a squad."""
    return tuple(org.people[m.person] for m in org.memberships_in(squad.id) if org.counts(m))


def _moved(before: Org, crew: Crew) -> frozenset[str]:
    """Return those of a squad who were not in it before."""
    squad = crew.squad.id
    return frozenset(person.id for person in crew.people if before.membership(person.id, squad) is None)


def people_in(blocs: Sequence[Bloc]) -> int:
    """Return how many people are drawn, once each: someone may be in squads of several tribes."""
    crews = (crew for bloc in blocs for crew in bloc.crews if not crew.is_gone)
    return len({person.id for crew in crews for person in crew.people})


def shows_squads(blocs: Sequence[Bloc]) -> bool:
    return sum(len(bloc.crews) for bloc in blocs) <= SQUADS


def shows_people(blocs: Sequence[Bloc]) -> bool:
    return sum(bloc.people for bloc in blocs) <= DOTS


def circles(blocs: Sequence[Bloc], page: Page, zoom: Callable[[Tribe], str]) -> SafeString:
    """Return the picture. A tribe's circle leads to `zoom`, squads and people to their pages."""
    has_squads, has_dots = shows_squads(blocs), shows_people(blocs)
    insides = [packed(_radii(bloc)) if has_squads else ([], 0) for bloc in blocs]
    rings = [
        max(around, 40) if has_squads else _radius(bloc.people)
        for bloc, (_, around) in zip(blocs, insides, strict=True)
    ]
    _, around = packed([ring + 2 * NAME for ring in rings])
    grain = max(1, 2 * around / SIDE)
    places, _ = packed([ring + 2 * NAME * max(1, grain / 2) for ring in rings])
    left = min((place.x - place.r for place in places), default=0)
    top = min((place.y - place.r for place in places), default=0) - 14 * (grain - 1)  # a name's second line
    raised = NAME * 0.8 if grain * READ <= 1 else 0  # to make room for names
    parts = []
    for bloc, ring, place, (inside, _) in zip(blocs, rings, places, insides, strict=True):
        x, y = place.x - left, place.y - top
        marks = [_ring(bloc, Disk(x, y, ring), zoom, grain, 2 * place.r - 6 * grain)]
        if has_squads:
            disks = [Disk(x + disk.x, y + disk.y - raised, disk.r - NAME) for disk in inside]
            marks += [
                _squad(crew, disk, page, grain, has_dots=has_dots)
                for crew, disk in zip(bloc.crews, disks, strict=True)
            ]
        parts.append(colored(slot(bloc.tribe.color) if bloc.tribe is not None else 0, "".join(marks)))
    label = say("Tribes as circles, with their squads inside")
    width = max((place.x + place.r for place in places), default=0) - left
    height = max((place.y + place.r for place in places), default=0) - top
    return mark_safe(picture(width, height, label, parts))  # noqa: S308 - `drawing` escapes


def _radii(bloc: Bloc) -> list[float]:
    return [_radius(len(crew.people)) + NAME for crew in bloc.crews]


def _radius(people: int) -> float:
    return APART * math.sqrt(max(people, 4)) + DOT


def _ring(bloc: Bloc, disk: Disk, zoom: Callable[[Tribe], str], grain: float, room: float) -> str:
    """Return a tribe; its name has as much room as lies between it and the next one."""
    name = bloc.tribe.name if bloc.tribe is not None else say("No tribe")
    dash = DASHED if bloc.is_gone else ""
    marks = f'<circle class="tr" fill-opacity=".1" cx="{disk.x:.1f}" cy="{disk.y:.1f}" r="{disk.r:.1f}"/>'
    marks += f'<circle class="none ts"{dash} stroke-width="2" cx="{disk.x:.1f}" cy="{disk.y:.1f}" r="{disk.r:.1f}"/>'
    words = joined(" ", (name, number(bloc.people)))
    for place, line in enumerate(reversed(broken(words, room, BOLD_LETTER * grain, most=2))):
        y = disk.y - disk.r - (8 + 13 * place) * grain
        marks += _grown(text(disk.x, y, line, "b", anchor="middle"), 12 * grain)
    told = _told(name, bloc.people, bloc.fate)
    return link(zoom(bloc.tribe) if bloc.tribe is not None else "", told, marks)


def _told(name: str, people: int, fate: str) -> str:
    return joined(", ", filter(None, (name, counted(people), within(fate))))


def _squad(crew: Crew, disk: Disk, page: Page, grain: float, *, has_dots: bool) -> str:
    """Return a squad: with a thick line where it is new in its tribe, dashed and pale where it is there no more.

    Where a picture is drawn so small that its name could not be read, only its title says it.
    """
    css, line = ("none ed", DASHED) if crew.is_gone else ("sf ts", NEW if crew.fate else "")
    marks = f'<circle class="{css}"{line} cx="{disk.x:.1f}" cy="{disk.y:.1f}" r="{disk.r:.1f}"/>'
    weight = "mut" if crew.is_gone else "b" if crew.fate else ""
    if grain * READ <= 1:
        names = broken(crew.squad.name, 2 * (disk.r + NAME) - 8, SMALL_LETTER, most=2)
        for place, name in enumerate(names):
            y = disk.y + disk.r + 11 + 11 * place
            marks += text(disk.x, y, name, f"x {weight}".rstrip(), anchor="middle")
    if not has_dots:
        marks += _count(len(crew.people), disk, weight, grain)
    told = _told(crew.squad.name, len(crew.people), crew.fate)
    squad = link(page("squad", crew.squad.key), told, marks)
    return squad + "".join(_dots(crew, disk, page)) if has_dots else squad


def _count(people: int, disk: Disk, weight: str, grain: float) -> str:
    """Return how many people a squad has, as large as can be read where its circle has room for that."""
    words = said(number(people))
    size = min(12 * grain, 2 * disk.r / (0.7 * len(words) + 0.5))
    return _grown(text(disk.x, disk.y + size / 3, words, weight, anchor="middle"), size)


def _grown(words: str, size: float) -> str:
    """Return a text in a size of its own."""
    return f'<g font-size="{size:.1f}">{words}</g>' if size > 12 else words


def _dots(crew: Crew, disk: Disk, page: Page) -> list[str]:
    """Return the people of a squad by name as the seeds of a sunflower, which lie equally close, few or many."""
    found = []
    for place, person in enumerate(by_name(crew.people)):
        far, angle = APART * math.sqrt(place + 0.5) * 0.94, TURN * place
        x, y = disk.x + far * math.cos(angle), disk.y + far * math.sin(angle)
        is_moved = person.id in crew.moved
        css = "tr ik" if is_moved else "none ed" if crew.is_gone else "tr"
        stroke = 2 if is_moved else 1 if crew.is_gone else 0
        mark = f'<circle class="{css}" stroke-width="{stroke}" cx="{x:.1f}" cy="{y:.1f}" r="{DOT}"/>'
        fate = say("moved") if is_moved else say("moves away") if crew.is_gone else ""
        told = joined(", ", filter(None, (person.name, fate)))
        found.append(link(page("person", person.key), told, mark, in_tab_order=False))
    return found
