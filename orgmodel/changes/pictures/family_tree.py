"""Where a unit came from and what became of it: its line through time, with what split off and what merged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import SafeString, mark_safe

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
from orgmodel.core.records import Lineage

WIDTH = 760
TOP, PITCH = 34, 52  # the unit's own line, and from line to line
START, END = 164, 120  # room for the unit's name before the first event, and for "Today" after the last
APART = 128  # from event to event, so that their dates do not touch
STUB = 112  # how long a line is drawn of which no beginning is known
BEND = 46  # the width of the curve from line to line
NAME = 22  # letters of a name

Address = Callable[[str], str]
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
    """The family of a unit for its page: the picture, and the list that says the same."""

    picture: SafeString
    rows: list[Origin]


def ancestry_of(org: Org, unit: Any, today: date, address: Address, *, size: int) -> Ancestry | None:
    """Return where a squad, tribe or chapter came from and what became of it, or None where nothing is recorded."""
    found = family(org, unit.KIND, unit.id)
    if not found.edges:
        return None
    rows = origins(org, found, address)
    return Ancestry(family_tree(org, found, today, address, size=size), rows)


def origins(org: Org, found: Family, address: Address) -> list[Origin]:
    """Return a family as sentences, the latest first."""
    rows = []
    for edge in reversed(found.edges):
        one, other = org.get(found.kind, edge.successor), org.get(found.kind, edge.predecessor)
        words = "split off from"
        if edge.how == "merge":
            one, other, words = other, one, "merged into"
        rows.append(Origin(edge.on, one, address(_key(one)), words, other, address(_key(other))))
    return rows


def family_tree(org: Org, found: Family, today: date, address: Address, *, size: int) -> SafeString:
    """Return the picture; `size` is how many people the unit has today."""
    svg = _Tree(org, found, today, address, size).svg()
    return mark_safe(svg)  # noqa: S308 - `drawing` escapes


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
    def __init__(self, org: Org, found: Family, today: date, address: Address, size: int) -> None:
        self.org, self.family, self.today, self.address, self.size = org, found, today, address, size
        self.units: dict[str, Any] = {id_: org.get(found.kind, id_) for id_ in found.nodes}
        self.days = self._places()
        self.right = max(self.days.values()) + END
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
        start = min(born) + BEND if born else max(0, min(known, default=STUB) - STUB)
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
            width = len(cut(line.unit.name, NAME * LETTER)) * LETTER
            begin, end = line.x1 - BEND, max(line.x2 + BEND, line.x1 + width) + 12
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
        label = f"Where {own.unit.name} came from and what became of it"
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
        closed = f", closed {day_of(line.unit.closed_on)}" if line.unit.closed_on else ""
        return link(self.address(line.unit.key), f"{line.unit.name}{closed}", path + name)

    def _own(self, line: _Line) -> str:
        name = cut(line.unit.name, NAME * LETTER)
        parts = [
            f'<path class="ts none" stroke-width="2.5" d="M{line.x1:.1f} {line.y}H{line.x2:.1f}"/>',
            text(line.x1, line.y + 18, name, "b"),
        ]
        if line.unit.closed_on is None:
            parts += [
                f'<circle class="tr" cx="{line.x2:.1f}" cy="{line.y}" r="5"/>',
                text(self.right + 5, line.y - 12, "Today", anchor="end"),
                text(self.right + 5, line.y + 18, counted(self.size), "mut x", anchor="end"),
            ]
        return "".join(parts)

    def _events(self) -> Iterable[str]:
        """Return a circle with its date where lines meet: one for all that happens to one unit on one day."""
        meetings = dict.fromkeys((self.lines[_hub(e)].y, e.on, e.how) for e in self.family.edges)
        for y, on, how in meetings:
            x = self.days[on]
            yield f'<circle class="sf ts" stroke-width="2" cx="{x:.1f}" cy="{y}" r="4.5"/>'
            yield text(x - 4, y - 12, how.capitalize(), tail=span(day_of(on), "mut x"))


def _begins(edge: Lineage, unit: str) -> bool:
    return edge.how == "split" and edge.successor == unit


def _hub(edge: Lineage) -> str:
    """Return the unit that goes on through a split or merger."""
    return edge.predecessor if edge.how == "split" else edge.successor
