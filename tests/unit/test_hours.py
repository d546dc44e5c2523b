"""When the people of a squad work, and the hours that they share."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from orgmodel.core.hours import hours, runs, seen_from, shared, working_day
from squads.hours import Strip, strip_of
from tests.build import Part, an_org, id_of, person, squad

SUMMER, WINTER = date(2026, 7, 1), date(2026, 11, 20)


def test_a_day_is_told_in_quarters_of_utc() -> None:
    assert runs(working_day("Europe/Stockholm", "09:00-17:00", WINTER) or 0) == [(32, 64)]
    assert runs(working_day("Europe/Stockholm", "", SUMMER) or 0) == [(28, 60)]
    assert runs(working_day("Asia/Kolkata", "10:15-18:15", WINTER) or 0) == [(19, 51)]
    assert runs(working_day("America/Los_Angeles", "", WINTER) or 0) == [(0, 4), (68, 96)]


@pytest.mark.parametrize(
    ("zone", "times"), [("", ""), ("Nowhere", ""), ("UTC", "late"), ("UTC", "09:00-09:00")]
)
def test_what_is_not_known_is_none(zone: str, times: str) -> None:
    assert working_day(zone, times, WINTER) is None


def test_days_are_shared_and_seen_from_elsewhere() -> None:
    stockholm, new_york = (
        working_day(zone, "", WINTER) or 0 for zone in ("Europe/Stockholm", "America/New_York")
    )
    both = shared([stockholm, new_york])
    assert (hours(stockholm), hours(both)) == (8, 2)
    assert runs(seen_from(both, "Europe/Stockholm", WINTER)) == [(60, 68)]
    assert runs(seen_from(stockholm, "Pacific/Auckland", WINTER)) == [(0, 20), (84, 96)]


def strip(*people: Part, zone: str = "UTC") -> Strip | None:
    names = [record.name for part in people for record in part.records]  # type: ignore[attr-defined]
    org = an_org(*people, squad("Search", *names))
    return strip_of(org, id_of("Search"), WINTER, zone, lambda shift: f"/{len(shift.people)}/")


def in_zone(name: str, zone: str, **fields: Any) -> Part:
    return person(name, time_zone=zone, **fields)


def test_it_says_how_many_hours_are_shared_and_when_in_the_time_of_the_reader() -> None:
    people = (
        in_zone("Ana", "Europe/Stockholm"),
        in_zone("Ben", "Europe/Stockholm"),
        in_zone("Cleo", "America/New_York", working_hours="08:00-16:00"),
        person("Dan"),
    )
    found = strip(*people)
    assert found is not None
    assert (
        found.sentence == "They share 3 hours of work a day, 13:00 to 16:00. Of 1 the time zone is not known."
    )
    assert [(shift.label, shift.times) for shift in found.shifts] == [
        ("Stockholm, 2 people", "08:00 to 16:00"),
        ("New York, Cleo", "13:00 to 21:00"),
    ]
    seen = strip(*people, zone="Pacific/Auckland")
    assert seen is not None
    assert {shift.label: shift.times for shift in seen.shifts} == {
        "Stockholm, 2 people": "21:00 to 05:00",
        "New York, Cleo": "02:00 to 10:00",
    }


def test_each_line_leads_somewhere_and_says_who_works_when() -> None:
    found = strip(in_zone("Ana", "Europe/Stockholm"), in_zone("Ben", "UTC"))
    assert found is not None
    assert re.findall(r'href="([^"]+)".*?<title>(.*?)</title>', found.picture) == [
        ("/1/", "Stockholm, Ana, 08:00 to 16:00: Ana"),
        ("/1/", "UTC, Ben, 09:00 to 17:00: Ben"),
    ]
    assert "<title>Shared: 09:00 to 16:00</title>" in found.picture


def test_nobody_together_is_said_too() -> None:
    found = strip(in_zone("Ana", "Europe/Stockholm"), in_zone("Ben", "America/Los_Angeles"))
    assert found is not None
    assert found.sentence == "They share 0 hours of work a day."
    assert "Shared:" not in found.picture


def test_one_known_time_zone_is_nothing_to_compare() -> None:
    assert strip(in_zone("Ana", "Europe/Stockholm"), person("Ben")) is None
