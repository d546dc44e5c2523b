"""People for each tribe over time: a line in steps for each, what happened on the days of large steps, and one day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe

from orgmodel.changes.headcount import Headcount, Marker, Series, finding, headcount
from orgmodel.changes.models import Head
from orgmodel.changes.pictures.drawing import (
    LETTER,
    SMALL_LETTER,
    colored,
    counted,
    cut,
    day_of,
    glyph,
    link,
    number,
    picture,
    span,
    text,
)
from orgmodel.core.phrases import count, joined, said, say
from orgmodel.templatetags.orgmodel_ui import address_of, slot

WIDTH, HEIGHT = 1160, 276
LEFT, RIGHT, TOP, BOTTOM = 30, 930, 42, 240
LETTERS = (60, 34)  # of what happened: whole where there is room for that of all, or shortened
ROWS = (30, 14)  # where the words of markers stand; the second where the first has no room
LINE = 15  # from label to label
TICKS = 4  # lines across, at most

Taken = tuple[int, float, float]
"""Where words stand: row, begin and end."""

Address = Callable[[date], str]
"""The page that shows a day."""


@dataclass(frozen=True, slots=True)
class StepRow:
    """The people of each tribe from a day on, for the table that says the same; None while a tribe does not exist."""

    on: date
    people: tuple[int | None, ...]


def headcount_steps(
    found: Headcount, *, day: date | None, marker_url: Callable[[int], str], day_url: Address
) -> SafeString:
    """Return the picture; `day` is marked where it lies within. Change sets and months are links."""
    return mark_safe(_Steps(found, day, marker_url, day_url).svg())  # noqa: S308 - `drawing` escapes


@dataclass(frozen=True, slots=True)
class StepChart:
    """The chart as a page shows it: what is remarkable as its title, the picture, and the table."""

    title: str
    found: Headcount
    picture: SafeString
    rows: list[StepRow]


def step_chart(head: Head, today: date, *, day: date | None, history: str) -> StepChart | None:
    """Return the chart of the last twelve months; `history` is the address of the page of the log it leads to."""
    found = headcount(head, today)
    if found is None:
        return None
    drawn = headcount_steps(
        found,
        day=day,
        marker_url=lambda version: address_of("change_set", version),
        day_url=lambda on: f"{history}?as_of={on}",
    )
    return StepChart(finding(found), found, drawn, step_rows(found))


def step_rows(found: Headcount) -> list[StepRow]:
    """Return what the picture shows as rows, the latest first, without days on which no number changed."""
    columns = list(zip(*(series.people for series in found.series), strict=True))
    rows = [StepRow(found.days[0], columns[0])]
    rows += [
        StepRow(found.days[n], column) for n, column in enumerate(columns) if column != columns[max(0, n - 1)]
    ]
    return rows[::-1]


class _Steps:
    def __init__(
        self, found: Headcount, day: date | None, marker_url: Callable[[int], str], day_url: Address
    ) -> None:
        self.found, self.marker_url, self.day_url = found, marker_url, day_url
        self.first, self.last = found.days[0], found.days[-1]
        self.place = found.on(day) if day is not None else None
        self.day = day if self.place is not None else None
        known = (people for series in found.series for people in series.people if people is not None)
        self.step, self.most = _scale(max(known, default=0) or 1)

    def x(self, day: date) -> float:
        span = max(1, (self.last - self.first).days)
        return LEFT + (RIGHT - LEFT) * (day - self.first).days / span

    def y(self, people: int) -> float:
        return BOTTOM - (BOTTOM - TOP) * people / self.most

    def svg(self) -> str:
        parts = [
            *self._later(),
            *self._grid(),
            *self._months(),
            *self._markers(),
            *self._lines(),
            *self._chosen(),
        ]
        first, last = day_of(self.first), day_of(self.last)
        return picture(
            WIDTH, HEIGHT, say("People in each tribe from {first} to {last}", first=first, last=last), parts
        )

    def _later(self) -> Iterator[str]:
        if self.day is not None:
            x = self.x(self.day)
            yield (
                f'<rect class="later" x="{x:.1f}" y="{TOP}" width="{RIGHT - x:.1f}" height="{BOTTOM - TOP}"/>'
            )

    def _grid(self) -> Iterator[str]:
        for people in range(0, int(self.most) + 1, self.step):
            y = self.y(people)
            yield f'<path class="ln" d="M{LEFT} {y:.1f}H{RIGHT}"/>'
            yield text(LEFT - 8, y + 4, number(people), "mut x", anchor="end")

    def _months(self) -> Iterator[str]:
        month = (self.first.replace(day=1) + timedelta(days=32)).replace(day=1)
        while month <= self.last:
            x = self.x(month)
            words = date_format(month, "M Y" if month.month == 1 else "M")
            yield f'<path class="ed" d="M{x:.1f} {BOTTOM}v6"/>'
            if x < RIGHT - 24:
                label = text(x + 4, BOTTOM + 18, words, "mut x")
                yield link(self.day_url(month), say("Look at {day}", day=day_of(month)), label)
            month = (month + timedelta(days=32)).replace(day=1)

    # What happened

    def _markers(self) -> Iterator[str]:
        """Yield a dashed line for each marker, with its words to the right or left of it where they fit."""
        labels = next(
            (labels for labels in map(self._labels, LETTERS) if all(place for _, place in labels)), None
        )
        for marker, (words, place) in zip(
            self.found.markers, labels or self._labels(LETTERS[-1]), strict=True
        ):
            x = self.x(marker.on)
            line = f'<path class="ed" stroke-dasharray="2 3" d="M{x:.1f} {(place or (ROWS[0],))[0] + 4}V{BOTTOM}"/>'
            label = ""
            if place is not None:
                row, begin, end = place
                is_right = begin > x
                label = text(begin if is_right else end, row, words, "x", anchor="" if is_right else "end")
            title = joined(", ", (_words(marker), day_of(marker.on)))
            yield link(self.marker_url(marker.version), title, line + label)

    def _labels(self, letters: int) -> list[tuple[str, Taken | None]]:
        """Return the words of each marker, and their place where there is one beside those before."""
        taken: list[Taken] = []
        found: list[tuple[str, Taken | None]] = []
        for marker in self.found.markers:
            words = _words(marker, letters)
            place = next(_free(self.x(marker.on), len(said(words)) * SMALL_LETTER, taken), None)
            taken += [place] if place is not None else []
            found.append((words, place))
        return found

    # The lines

    def _lines(self) -> Iterator[str]:
        ends = {
            n: self.y(series.last) for n, series in enumerate(self.found.series) if series.last is not None
        }
        labels = _apart(ends)
        for n, series in enumerate(self.found.series):
            color = slot(series.tribe.color)
            parts = [f'<path class="ts none" stroke-width="2" d="{self._path(series)}"/>']
            if n in labels:
                y = labels[n]
                room = WIDTH - RIGHT - 30 - 6 * LETTER
                name = cut(series.tribe.name, room)
                parts.append(glyph(RIGHT + 10, y - 5, color))
                parts.append(text(RIGHT + 25, y + 4, name, tail=span(number(series.last or 0), "mut")))
            words = joined(": ", (series.tribe.name, counted(series.last or 0)))
            yield colored(color, link("", words, "".join(parts)))

    def _path(self, series: Series) -> str:
        """Return the way of a line: across from day to day, then up or down; it is broken while there is no tribe."""
        parts: list[str] = []
        before: int | None = None
        for on, people in zip(self.found.days, series.people, strict=True):
            x = self.x(on)
            if people != before:
                if before is not None:
                    parts.append(f"H{x:.1f}")
                if people is not None:
                    parts.append(
                        f"{'M' + format(x, '.1f') + ' ' if before is None else 'V'}{self.y(people):.1f}"
                    )
            before = people
        return "".join(parts) + (f"H{RIGHT}" if before is not None else "")

    # The chosen day

    def _chosen(self) -> Iterator[str]:
        if self.day is None or self.place is None:
            return
        x = self.x(self.day)
        is_late = x > RIGHT - 70
        anchor = "end" if is_late else ""
        beside = x - 8 if is_late else x + 8
        yield f'<path class="ik" stroke-width="1.5" d="M{x:.1f} {TOP}V{BOTTOM}"/>'
        yield f'<circle class="ikf" cx="{x:.1f}" cy="{BOTTOM}" r="5"/>'
        chosen = date_format(self.day, "j F")
        yield text(beside + (-2 if is_late else 2), BOTTOM - 10, chosen, "b", anchor=anchor)
        known = {
            n: people
            for n, series in enumerate(self.found.series)
            if (people := series.people[self.place]) is not None
        }
        labels = _apart({n: self.y(people) - 8 for n, people in known.items()})
        for n, people in known.items():
            dot = f'<circle class="tr" cx="{x:.1f}" cy="{self.y(people):.1f}" r="4"/>'
            label = text(beside, labels[n] + 2, number(people), "x b", anchor=anchor)
            yield colored(slot(self.found.series[n].tribe.color), dot + label)


def _words(marker: Marker, letters: int = 200) -> str:
    """Return what happened; of a long title as many letters as given, since that it was undone matters more."""
    title = cut(marker.title, letters, letter=1)
    if marker.undone_after is None:
        return title
    days = count(marker.undone_after, "day", "days")
    return say("{what}, undone after {days}", what=title, days=days)


def _free(x: float, width: float, taken: list[Taken]) -> Iterator[Taken]:
    """Yield the places beside a line that nothing else takes: row, begin and end of the words."""
    for row in ROWS:
        for begin in (x + 6, x - 6 - width):
            end = begin + width
            others = [(a, b) for other, a, b in taken if other == row]
            if begin >= 0 and end <= WIDTH and all(end + 8 <= a or begin - 8 >= b for a, b in others):
                yield row, begin, end


def _apart(ys: dict[int, float]) -> dict[int, float]:
    """Move labels so that none covers another: down where they are too close, then up from the end of the chart."""
    order = sorted(ys, key=lambda n: ys[n])
    found = {n: ys[n] for n in order}
    for one, other in pairwise(order):
        found[other] = max(found[other], found[one] + LINE)
    limit = float(BOTTOM)
    for n in reversed(order):
        found[n] = min(found[n], limit)
        limit = found[n] - LINE
    return found


def _scale(most: int) -> tuple[int, float]:
    """Return a round step for the lines across, and the number at the top of the chart."""
    steps = (unit * size for size in (10**power for power in range(12)) for unit in (1, 2, 5))
    return next(step for step in steps if most <= step * TICKS), most * 1.04
