"""Tribes as circles with their squads inside, and a dot for each person: how large everything is, at one look."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from orgmodel.changes.pictures.drawing import SMALL_LETTER, colored, counted, cut, link, number, picture, text
from orgmodel.changes.pictures.packing import Disk, packed
from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import joined, say
from orgmodel.core.records import Person, Squad, Tribe
from orgmodel.templatetags.orgmodel_ui import slot
from squads.board import squads_in

DOTS = 1_000  # people, of whom each has a dot; beyond that a squad says its number
SQUADS = 1_500  # beyond that only tribes are drawn
DOT, APART = 3.5, 9.5  # the size of a dot, and how far from each other they are
NAME = 17  # room for the name of a squad below its circle
TURN = math.pi * (3 - math.sqrt(5))  # from seed to seed of a sunflower

Page = Callable[..., str]
"""The address of a page, by its name and keys."""


@dataclass(frozen=True, slots=True)
class Crew:
    """A squad and who counts in it; `moved` are those who were not in it before a draft."""

    squad: Squad
    people: tuple[Person, ...]
    moved: frozenset[str]
    is_new: bool


@dataclass(frozen=True, slots=True)
class Bloc:
    """A tribe, or None for squads without one, with its squads."""

    tribe: Tribe | None
    crews: tuple[Crew, ...]

    @property
    def people(self) -> int:
        return len({person.id for crew in self.crews for person in crew.people})


def blocs_of(org: Org, tribe: Tribe | None = None, before: Org | None = None) -> list[Bloc]:
    """Return the tribes with their squads, or one of them, and at last the squads without a tribe."""
    tribes: list[Tribe | None] = [tribe] if tribe is not None else [*org.tribes_by_name(), None]
    blocs = [Bloc(each, tuple(_crew(org, s, before) for s in squads_in(org, each))) for each in tribes]
    return [bloc for bloc in blocs if bloc.tribe is not None or bloc.crews]


def _crew(org: Org, squad: Squad, before: Org | None) -> Crew:
    people = by_name(org.people[m.person] for m in org.memberships_in(squad.id) if org.counts(m))
    moved = (p.id for p in people if before is not None and before.membership(p.id, squad.id) is None)
    is_new = before is not None and squad.id not in before.squads
    return Crew(squad, tuple(people), frozenset(moved), is_new)


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
    places, _ = packed([ring + 2 * NAME for ring in rings])
    left = min((place.x - place.r for place in places), default=0)
    top = min((place.y - place.r for place in places), default=0)
    parts = []
    for bloc, ring, place, (inside, _) in zip(blocs, rings, places, insides, strict=True):
        x, y = place.x - left, place.y - top
        marks = [_ring(bloc, Disk(x, y, ring), zoom)]
        if has_squads:
            disks = [Disk(x + disk.x, y + disk.y - NAME / 2, disk.r - NAME) for disk in inside]
            marks += [
                _squad(crew, disk, page, has_dots=has_dots)
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


def _ring(bloc: Bloc, disk: Disk, zoom: Callable[[Tribe], str]) -> str:
    name = bloc.tribe.name if bloc.tribe is not None else say("No tribe")
    marks = f'<circle class="tr" fill-opacity=".1" cx="{disk.x:.1f}" cy="{disk.y:.1f}" r="{disk.r:.1f}"/>'
    marks += (
        f'<circle class="none ts" stroke-width="2" cx="{disk.x:.1f}" cy="{disk.y:.1f}" r="{disk.r:.1f}"/>'
    )
    words = joined(" ", (name, number(bloc.people)))
    marks += text(disk.x, disk.y - disk.r - 8, cut(words, 2 * disk.r + 40), "b", anchor="middle")
    told = joined(", ", (name, counted(bloc.people)))
    return link(zoom(bloc.tribe) if bloc.tribe is not None else "", told, marks)


def _squad(crew: Crew, disk: Disk, page: Page, *, has_dots: bool) -> str:
    dash = ' stroke-dasharray="4 3"' if crew.is_new else ""
    marks = f'<circle class="sf ts"{dash} cx="{disk.x:.1f}" cy="{disk.y:.1f}" r="{disk.r:.1f}"/>'
    name = cut(crew.squad.name, 2 * (disk.r + NAME) - 8, SMALL_LETTER)
    marks += text(disk.x, disk.y + disk.r + 11, name, "x", anchor="middle")
    if not has_dots:
        marks += text(disk.x, disk.y + 4, number(len(crew.people)), anchor="middle")
    told = [crew.squad.name, counted(len(crew.people)), *([say("new")] if crew.is_new else [])]
    squad = link(page("squad", crew.squad.key), joined(", ", told), marks)
    return squad + "".join(_dots(crew, disk, page)) if has_dots else squad


def _dots(crew: Crew, disk: Disk, page: Page) -> list[str]:
    """Return the people of a squad as the seeds of a sunflower, which lie equally close however many they are."""
    found = []
    for place, person in enumerate(crew.people):
        far, angle = APART * math.sqrt(place + 0.5) * 0.94, TURN * place
        x, y = disk.x + far * math.cos(angle), disk.y + far * math.sin(angle)
        is_moved = person.id in crew.moved
        css = "tr ik" if is_moved else "tr"
        mark = f'<circle class="{css}" stroke-width="{2 if is_moved else 0}" cx="{x:.1f}" cy="{y:.1f}" r="{DOT}"/>'
        told = joined(", ", (person.name, say("moved"))) if is_moved else person.name
        found.append(link(page("person", person.key), told, mark, in_tab_order=False))
    return found
