"""When people work: a day is 96 bits, one for each quarter of an hour, from midnight."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from orgmodel.core.phrases import say

QUARTERS = 96
EVERY = (1 << QUARTERS) - 1


@functools.lru_cache(maxsize=4096)
def working_day(time_zone: str, working_hours: str, today: date) -> int | None:
    """Return the quarters of the day, in UTC, in which someone works; None where the zone is not known.

    Where working hours are not known, they are taken to be nine to five.
    """
    try:
        offset = _offset(time_zone, today)
        start, end = (_minutes(part) for part in (working_hours or "09:00-17:00").split("-"))
    except (KeyError, ValueError, OSError):
        return None
    length = (end - start) % (24 * 60)
    if not length:
        return None
    quarters = ((start - offset + minute) // 15 % QUARTERS for minute in range(0, length, 15))
    return functools.reduce(int.__or__, (1 << quarter for quarter in quarters), 0)


def shared(days: Iterable[int]) -> int:
    """Return the quarters in which all of these work."""
    return functools.reduce(int.__and__, days, EVERY)


def hours(day: int) -> float:
    return day.bit_count() / 4


def in_words(number: float) -> str:
    """Return a number of hours in words: "1 hour", "2.5 hours"."""
    return say("1 hour") if number == 1 else say("{number:g} hours", number=number)


def seen_from(day: int, time_zone: str, today: date) -> int:
    """Return a day in UTC as the quarters of a day in a time zone."""
    shift = _offset(time_zone, today) // 15 % QUARTERS
    return (day << shift | day >> (QUARTERS - shift)) & EVERY


def runs(day: int) -> list[tuple[int, int]]:
    """Return from which quarter to which one works without a break; what spans midnight is two runs."""
    found: list[tuple[int, int]] = []
    for quarter in range(QUARTERS):
        if not day >> quarter & 1:
            continue
        if found and found[-1][1] == quarter:
            found[-1] = (found[-1][0], quarter + 1)
        else:
            found.append((quarter, quarter + 1))
    return found


def _offset(time_zone: str, today: date) -> int:
    """Return by how many minutes a time zone is ahead of UTC at noon."""
    offset = datetime.combine(today, time(12), ZoneInfo(time_zone)).utcoffset()
    return int(offset.total_seconds()) // 60 if offset else 0


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.strip().partition(":")
    return int(hours) * 60 + int(minutes or 0)
