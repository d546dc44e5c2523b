"""When the people of a squad work, as a strip of one day in the reader's time zone, with the hours they share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from orgmodel.changes.pictures.drawing import SMALL_LETTER, counted, cut, link, picture, text
from orgmodel.core.hours import QUARTERS, hours, in_words, runs, seen_from, shared, working_day
from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import joined, said, say
from orgmodel.core.records import Person

WIDTH = 760
LABELS = 176
TOP, PITCH = 22, 24  # the hours, and from line to line
QUARTER = (WIDTH - LABELS - 8) / QUARTERS


@dataclass(frozen=True, slots=True)
class Shift:
    """People who work at the same times, seen from the reader's time zone."""

    place: str
    people: tuple[Person, ...]
    day: int

    @property
    def times(self) -> str:
        return _times(self.day)

    @property
    def label(self) -> str:
        who = self.people[0].name if len(self.people) == 1 else counted(len(self.people))
        return joined(", ", [self.place, who])


@dataclass(frozen=True, slots=True)
class Strip:
    """The working hours of a squad: the picture, what it says in a sentence, and what it is made of."""

    sentence: str
    shifts: tuple[Shift, ...]
    picture: SafeString
    zone: str


def strip_of(org: Org, squad: str, today: date, zone: str, page: Callable[[Shift], str]) -> Strip | None:
    """Return the strip, or None where fewer than two people say in which time zone they are.

    The number of hours is the one that rule SQ-08 looks at. `page` gives the address behind some people.
    """
    members = [org.people[m.person] for m in org.memberships_in(squad) if org.counts(m)]
    found: dict[tuple[str, int], list[Person]] = {}
    for person in by_name(members):
        if (day := working_day(person.time_zone, person.working_hours, today)) is not None:
            found.setdefault((person.time_zone, seen_from(day, zone, today)), []).append(person)
    if sum(map(len, found.values())) < 2:
        return None
    shifts = tuple(
        Shift(time_zone.rpartition("/")[2].replace("_", " "), tuple(people), day)
        for (time_zone, day), people in sorted(found.items(), key=lambda item: (runs(item[0][1]), item[0][0]))
    )
    common = shared(shift.day for shift in shifts)
    sentence = _sentence(common, shifts, len(members))
    return Strip(sentence, shifts, _draw(shifts, common, zone, page), zone)


def _sentence(common: int, shifts: tuple[Shift, ...], members: int) -> str:
    known = sum(len(shift.people) for shift in shifts)
    many, when = in_words(hours(common)), _times(common)
    words = (
        say("They share {hours} of work a day, {when}.", hours=many, when=when)
        if common
        else say("They share {hours} of work a day.", hours=many)
    )
    if known == members:
        return words
    return joined(" ", [words, say("Of {n} the time zone is not known.", n=members - known)])


def _times(day: int) -> str:
    """Return when one works in words: "09:00 to 17:00"; a run until midnight and one from it are one."""
    found = runs(day)
    if len(found) > 1 and found[0][0] == 0 and found[-1][1] == QUARTERS:
        found = [*found[1:-1], (found[-1][0], found[0][1])]
    return joined(
        ", ", [say("{start} to {end}", start=_clock(start), end=_clock(end)) for start, end in found]
    )


def _clock(quarter: int) -> str:
    return f"{quarter // 4 % 24:02}:{quarter % 4 * 15:02}"


def _draw(shifts: tuple[Shift, ...], common: int, zone: str, page: Callable[[Shift], str]) -> SafeString:
    """Return the picture, in the language of the request that it is drawn for."""
    bottom = TOP + PITCH * len(shifts)
    framed = said(say("Shared: {times}", times=_times(common)))
    parts = [_hour(hour, bottom) for hour in range(0, 25, 3)]
    parts += [
        f'<rect class="none ik" x="{_x(start):.1f}" y="{TOP - 2}" width="{_x(end) - _x(start):.1f}" '
        f'height="{bottom - TOP + 4}" rx="3"><title>{framed}</title></rect>'
        for start, end in runs(common)
    ]
    parts += [_shift(shift, TOP + PITCH * row, page(shift)) for row, shift in enumerate(shifts)]
    label = gettext("Working hours in {zone}; what everybody shares is framed").format(zone=zone)
    return mark_safe(picture(WIDTH, bottom + 6, label, parts))  # noqa: S308 - `drawing` escapes


def _x(quarter: int) -> float:
    return LABELS + QUARTER * quarter


def _hour(hour: int, bottom: int) -> str:
    x = _x(hour * 4)
    return f'<path class="ln" d="M{x:.1f} {TOP - 4}V{bottom + 4}"/>' + text(
        x, 12, f"{hour:02}", "mut x", anchor="middle"
    )


def _shift(shift: Shift, top: int, url: str) -> str:
    bars = "".join(
        f'<rect class="tr" fill-opacity=".6" x="{_x(start):.1f}" y="{top + 5}" '
        f'width="{_x(end) - _x(start):.1f}" height="{PITCH - 10}" rx="2"/>'
        for start, end in runs(shift.day)
    )
    names = ", ".join(person.name for person in shift.people[:12])
    label, times = said(shift.label), said(shift.times)
    line = text(0, top + 16, cut(label, LABELS - 8, SMALL_LETTER), "x")
    return link(url, f"{label}, {times}: {names}", line + bars)
