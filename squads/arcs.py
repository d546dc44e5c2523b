"""Who waits for whom as arcs: squads along a line, by tribe, and an arc from each that waits to whom it waits for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import methodcaller
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from orgmodel.changes.pictures.drawing import colored, cut, glyph, link, picture, text
from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import count, joined, say
from orgmodel.core.records import Squad, Tribe
from orgmodel.templatetags.orgmodel_ui import slot
from squads.dependencies import LARGEST, MOVED, NEW, SOLVED, Need, needs_in, worst_first

WIDTH, WIDE = 760, 1160  # beside other things, and across a page
NAMES = 228  # where names end and the line is
PITCH = 22  # from squad to squad
HEAD = 30  # of a tribe
OBLATE = 2.0  # how much wider than half as tall arcs may be: they cross less, and lie further apart
WORD = 110  # room beside the arcs, where a draft changes some
APART = 3  # arcs leave a squad a little above its middle and arrive a little below
COLORS = {"blocking": "danger", "slowing": "warn", "none": "m"}
DASHES = {"blocking": "", "slowing": ' stroke-dasharray="6 4"', "none": ' stroke-dasharray="1 3"'}
PALE = ' stroke-dasharray="4 6" stroke-opacity=".6"'
FATES: dict[str, str] = {
    NEW: say("new in this draft"),
    MOVED: say("moved in this draft"),
    SOLVED: say("solved in this draft"),
}

Page = Callable[..., str]
"""The address of a page, by its name and keys."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A squad on the line."""

    squad: Squad
    y: float


def arcs(needs: Sequence[Need], page: Page, *, width: int = WIDTH) -> SafeString | None:
    """Return the picture, or None of more squads than one can follow."""
    tribes = _by_tribe(needs)
    if not needs or sum(map(len, tribes.values())) > LARGEST:
        return None
    parts, stops, y = [], {}, 0.0
    for tribe, squads in tribes.items():
        parts.append(_head(tribe, y, page))
        for number, squad in enumerate(squads):
            stops[squad.id] = Stop(squad, y + HEAD + PITCH * (number + 0.5))
        parts.append(_line(tribe, [stops[squad.id] for squad in squads], page))
        y += HEAD + PITCH * len(squads)
    tallest = max(abs(stops[need.squad.id].y - stops[need.needs.id].y) for need in needs)
    flatness = min(OBLATE, (width - NAMES - 24) / (tallest / 2 or 1))
    reach = NAMES + 24 + flatness * tallest / 2 + WORD * any(need.fate for need in needs)
    parts += [_arc(need, stops, flatness, page) for need in reversed(needs)]
    label = say("Who waits for whom: an arc leads from a squad to the one it waits for")
    return mark_safe(picture(reach, y + 8, label, parts, is_fixed=True))  # noqa: S308 - `drawing` escapes


def around(org: Org, squad: str, today: Any, before: Org | None = None) -> list[Need]:
    """Return whom a squad waits for, who waits for it, and who of these waits for another of them.

    With an organization `before`, those that a draft solves come last.
    """
    near = {squad}
    for need in needs_in(org, methodcaller("dependencies_of", squad), today, before):
        near |= {need.squad.id, need.needs.id}
    between = (need for id_ in near for need in needs_in(org, methodcaller("needs_of", id_), today, before))
    return worst_first(need for need in between if need.needs.id in near)


def _by_tribe(needs: Sequence[Need]) -> dict[Tribe | None, list[Squad]]:
    """Return the squads by tribe, by name; those without a tribe come last."""
    found: dict[Tribe | None, set[Squad]] = {}
    for need in needs:
        found.setdefault(need.tribe, set()).add(need.squad)
        found.setdefault(need.other_tribe, set()).add(need.needs)
    tribes: list[Tribe | None] = [*by_name(tribe for tribe in found if tribe is not None)]
    tribes += [None] if None in found else []
    return {tribe: by_name(found[tribe]) for tribe in tribes}


def _head(tribe: Tribe | None, y: float, page: Page) -> str:
    if tribe is None:
        return text(NAMES - 10, y + 20, say("No tribe"), "mut x", anchor="end")
    name = cut(tribe.name, NAMES - 32)
    words = text(NAMES - 26, y + 20, name, "b x", anchor="end")
    mark = colored(slot(tribe.color), glyph(NAMES - 20, y + 11, slot(tribe.color)))
    return link(
        page("tribe", tribe.key), say("Tribe {name}", name=tribe.name), words + mark, in_tab_order=False
    )


def _line(tribe: Tribe | None, stops: list[Stop], page: Page) -> str:
    """Return the squads of a tribe along their part of the line."""
    first, last = stops[0].y - PITCH / 2 + 2, stops[-1].y + PITCH / 2 - 2
    line = f'<path class="ts" stroke-width="3" d="M{NAMES} {first:.1f}V{last:.1f}"/>'
    names = (
        link(
            page("squad", stop.squad.key),
            stop.squad.name,
            text(NAMES - 10, stop.y + 4, cut(stop.squad.name, NAMES - 16), anchor="end"),
        )
        for stop in stops
    )
    return colored(slot(tribe.color) if tribe is not None else 0, line) + "".join(names)


def _arc(need: Need, stops: dict[str, Stop], flatness: float, page: Page) -> str:
    """Return one arc, right of the line: it ends with an arrow at the squad that is waited for."""
    start, end = stops[need.squad.id].y, stops[need.needs.id].y
    sign = 1 if end > start else -1
    start, end = start + APART * sign, end - APART * sign
    radius = abs(end - start) / 2
    wide = (
        radius * flatness * (1 if sign > 0 else 0.86)
    )  # so that two who wait for each other have an arc each
    bow = f"M{NAMES + 3} {start:.1f}A{wide:.1f} {radius:.1f} 0 0 {int(sign > 0)} {NAMES + 3} {end:.1f}"
    stroke = f'class="none" stroke="currentColor" stroke-width="{2 if need.level == "blocking" else 1.5}"'
    color, dashes = ("m", PALE) if need.is_solved else (COLORS[need.level], DASHES[need.level])
    arrow = f'<path {stroke} d="M{NAMES + 9} {end - 4:.1f}l-6 4 6 4"/>'
    marks = f'<g class="{color}"><path {stroke}{dashes} d="{bow}"/>{arrow}</g>'
    if need.fate:
        css = "mut x" if need.is_solved else "b x"
        marks += text(NAMES + wide + 8, (start + end) / 2 + 4, need.fate, css)
    return link(page("dependency", need.squad.key, need.needs.key), _words(need), marks)


def _words(need: Need) -> str:
    told = [
        say("{squad} needs {other}", squad=need.squad.name, other=need.needs.name),
        need.verb if need.level != "none" else "",
        count(need.days, "day", "days") if need.days else "",
        FATES.get(need.fate, ""),
    ]
    return joined(", ", filter(None, told))
