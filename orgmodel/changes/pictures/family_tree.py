"""Where a unit came from and what became of it: its line through time, with what split off and what merged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from orgmodel.changes.pages import address
from orgmodel.changes.pictures.drawing import (
    LETTER,
    color_of,
    colored,
    counted,
    cut,
    day_of,
    link,
    picture,
    span,
    text,
)
from orgmodel.core.lineage import Family, family
from orgmodel.core.org import Org
from orgmodel.core.phrases import say
from orgmodel.core.records import Lineage

WIDTH = 760
TOP, PITCH = 34, 52  # the unit's own line, and from line to line
START, END = 164, 150  # room for the unit's name before the first event, and for "Today" after the last
APART = 150  # from event to event, so that their dates do not touch
STUB = 112  # how long a line is drawn of which no beginning is known, or as long as its name
BEND = 46  # the width of the curve from line to line
NAME = 22  # letters of a name
DRAWN = 6  # days on which something happened; of a longer story the latest are drawn and all are listed

TODAY = say("Today")
HOW = {
    ("split",): say("Split"),
    ("merge",): say("Merge"),
    ("split", "merge"): say("Split, merge"),
    ("merge", "split"): say("Merge, split"),
}
"""What happens to one unit on one day."""

Page = Callable[[str], str]
"""The page of a unit, by its key."""


@dataclass(frozen=True, slots=True)
class Origin:
    """One split or merger in words: `unit` split off from, or merged into, `other`."""

    on: date
    unit: Any
    unit_url: str
    words: str
    other: Any
    other_url: str


@dataclass(frozen=True, slots=True)
class Ancestry:
    """The family of a unit for its page: the picture, wider than a column of text or not, and the list."""

    title: str
    picture: SafeString
    rows: list[Origin]
    is_wide: bool


def ancestry_of(request: Any, unit: Any, *, size: int) -> Ancestry | None:
    """Return where a squad, tribe or chapter came from and what became of it, or None where nothing is recorded.

    `size` is how many people it has in what the request reads.
    """
    org, day = request.reality.org, request.reality.as_of
    found = family(org, unit.KIND, unit.id)
    if not found.edges:
        return None
    page = partial(address, request, unit.KIND)
    today, now = day or timezone.localdate(), day_of(day) if day else TODAY
    tree = family_tree(org, found, today, page, now=now, size=size)
    return Ancestry(_title(found), tree, origins(org, found, page), is_wide=len(_days(found)) > DRAWN / 2)


def _title(found: Family) -> str:
    """Return what a family tells: where a unit came from, what became of it, or both."""
    has_origin = any(edge.successor == found.id for edge in found.edges)
    if has_origin and any(edge.predecessor == found.id for edge in found.edges):
        return say("Where it came from, what became of it")
    return say("Where it came from") if has_origin else say("What became of it")


def origins(org: Org, found: Family, page: Page) -> list[Origin]:
    """Return a family as sentences, the latest first."""
    rows = []
    for edge in reversed(found.edges):
        one, other = org.get(found.kind, edge.successor), org.get(found.kind, edge.predecessor)
        words = say("split off from")
        if edge.how == "merge":
            one, other, words = other, one, say("merged into")
        rows.append(Origin(edge.on, one, page(_key(one)), words, other, page(_key(other))))
    return rows


def family_tree(
    org: Org, found: Family, today: date, page: Page, *, size: int, now: str = TODAY
) -> SafeString:
    """Return the picture; `size` is how many people the unit has today, or on the day that `now` says."""
    svg = _Tree(org, _latest(found), today, page, now=now, size=size).svg()
    return mark_safe(svg)  # noqa: S308 - `drawing` escapes


def _days(found: Family) -> list[date]:
    return sorted({edge.on for edge in found.edges})


def _latest(found: Family) -> Family:
    """Return the part of a family that is drawn."""
    days = _days(found)[-DRAWN:]
    edges = tuple(edge for edge in found.edges if edge.on in days)
    ends = {end for edge in edges for end in (edge.predecessor, edge.successor)}
    nodes = tuple(id_ for id_ in found.nodes if id_ in ends or id_ == found.id)
    return Family(found.kind, found.id, nodes, edges)


def _key(unit: Any) -> str:
    return str(unit.key)


@dataclass(slots=True)
class _Line:
    """A unit's line: where it begins and ends, and how far below the top it lies."""

    unit: Any
    x1: float
    x2: float
    row: int = 0

    @property
    def y(self) -> int:
        return TOP + PITCH * self.row


class _Tree:
    def __init__(self, org: Org, found: Family, today: date, page: Page, *, now: str, size: int) -> None:
        self.org, self.family, self.page = org, found, page
        self.today, self.now, self.size = today, now, size
        self.units: dict[str, Any] = {id_: org.get(found.kind, id_) for id_ in found.nodes}
        self.days = self._places()
        self.right = max(WIDTH - 12, max(self.days.values()) + END)
        self.lines = {id_: self._line(id_) for id_ in found.nodes}
        self._put_in_rows()

    # Where things are

    def _places(self) -> dict[date, float]:
        """Return where each day stands at which something happens: true to time, but never too close to the last."""
        days = sorted(
            {edge.on for edge in self.family.edges}
            | {unit.closed_on for unit in self.units.values() if unit.closed_on}
        )
        span = max(1, (max(self.today, days[-1]) - days[0]).days)
        places: dict[date, float] = {}
        least = float(START)
        for day in days:
            true = START + (WIDTH - START - END) * (day - days[0]).days / span
            places[day] = max(least, true)
            least = places[day] + APART
        return places

    def _line(self, id_: str) -> _Line:
        """Return a unit's line from its first split, or a little before what is first known of it, until it closes."""
        unit = self.units[id_]
        born = [self.days[edge.on] for edge in self.family.edges if _begins(edge, id_)]
        known = [self.days[e.on] for e in self.family.edges if id_ in (e.predecessor, e.successor)]
        stub = max(STUB, _width(unit.name) + BEND)
        start = min(born) + BEND if born else max(0, min(known, default=stub) - stub)
        if id_ == self.family.id and not born:
            start = 0
        end = self.right
        if unit.closed_on is not None:
            merged = any(e.how == "merge" and e.predecessor == id_ for e in self.family.edges)
            end = self.days[unit.closed_on] - (BEND if merged else 0)
        return _Line(unit, start, max(end, start))

    def _put_in_rows(self) -> None:
        """Give each line a row in which nothing else is at that time; the unit itself has the first to itself."""
        taken: list[list[tuple[float, float]]] = [[(0, float("inf"))]]
        for id_ in self.family.nodes[1:]:
            line = self.lines[id_]
            begin, end = line.x1 - BEND, max(line.x2 + BEND, line.x1 + _width(line.unit.name)) + 12
            row = next(
                (row for row, used in enumerate(taken) if all(end <= a or begin >= b for a, b in used)),
                len(taken),
            )
            if row == len(taken):
                taken.append([])
            taken[row].append((begin, end))
            line.row = row

    # Drawing

    def svg(self) -> str:
        own = self.lines[self.family.id]
        parts = [self._curve(edge) for edge in self.family.edges]
        parts += [self._drawn(line) for id_, line in self.lines.items() if id_ != self.family.id]
        parts.append(self._own(own))
        parts += self._events()
        height = TOP + PITCH * max(line.row for line in self.lines.values()) + 30
        label = say("Where {unit} came from and what became of it", unit=own.unit.name)
        tribe = own.unit.id if self.family.kind == "tribe" else own.unit.tribe
        return picture(self.right + 10, height, label, [colored(color_of(self.org, tribe), "".join(parts))])

    def _curve(self, edge: Lineage) -> str:
        """Return the way from one line to the other: away from it where they split, into it where they merge."""
        one, other = self.lines[edge.predecessor], self.lines[edge.successor]
        x, y1, y2 = self.days[edge.on], one.y, other.y
        begin, end = (x, x + BEND) if edge.how == "split" else (x - BEND, x)
        mid = (begin + end) / 2
        return (
            f'<path class="ed none" stroke-width="1.5" d="M{begin:.1f} {y1}'
            f'C{mid:.1f} {y1} {mid:.1f} {y2} {end:.1f} {y2}"/>'
        )

    def _drawn(self, line: _Line) -> str:
        path = f'<path class="ed none" stroke-width="1.5" d="M{line.x1:.1f} {line.y}H{line.x2:.1f}"/>'
        name = text(line.x1, line.y + 18, cut(line.unit.name, NAME * LETTER))
        words = line.unit.name
        if line.unit.closed_on:
            words = say("{unit}, closed {day}", unit=words, day=day_of(line.unit.closed_on))
        return link(self.page(line.unit.key), words, path + name)

    def _own(self, line: _Line) -> str:
        name = cut(line.unit.name, NAME * LETTER)
        parts = [
            f'<path class="ts none" stroke-width="2.5" d="M{line.x1:.1f} {line.y}H{line.x2:.1f}"/>',
            text(line.x1, line.y + 18, name, "b"),
        ]
        if line.unit.closed_on is None:
            parts += [
                f'<circle class="tr" cx="{line.x2:.1f}" cy="{line.y}" r="5"/>',
                text(self.right + 5, line.y - 12, self.now, anchor="end"),
                text(self.right + 5, line.y + 18, counted(self.size), "mut x", anchor="end"),
            ]
        return "".join(parts)

    def _events(self) -> Iterable[str]:
        """Return a circle with its date where lines meet: one for all that happens to one unit on one day."""
        meetings: dict[tuple[int, date], list[Lineage]] = {}
        for edge in self.family.edges:
            meetings.setdefault((self.lines[_hub(edge)].y, edge.on), []).append(edge)
        for (y, on), edges in meetings.items():
            x, words = self.days[on], HOW[tuple(dict.fromkeys(edge.how for edge in edges))]
            is_crossed = any(
                _hub(edge) == edge.predecessor and self.lines[edge.successor].y < y for edge in edges
            )
            yield f'<circle class="sf ts" stroke-width="2" cx="{x:.1f}" cy="{y}" r="4.5"/>'
            yield text(x - 4, y + 18 if is_crossed else y - 12, words, tail=span(day_of(on), "mut x"))


def _width(name: str) -> float:
    return len(cut(name, NAME * LETTER)) * LETTER


def _begins(edge: Lineage, unit: str) -> bool:
    return edge.how == "split" and edge.successor == unit


def _hub(edge: Lineage) -> str:
    """Return the unit that goes on through a split or merger."""
    return edge.predecessor if edge.how == "split" else edge.successor
