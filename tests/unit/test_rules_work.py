"""Rules about dependencies, systems and vacancies: each fires, and stays silent at its boundary."""

from __future__ import annotations

from typing import Any

import pytest

from tests.build import Part, mission, needs, person, skills, squad, system, tribe, vacancy
from tests.findings import TODAY, crew, days_ago, told

TRIBES = (
    tribe("Listening", squad("Search"), squad("Ads")),
    tribe("Platform", squad("Events"), squad("Logins")),
)


def blocked(squad: str, other: str, days: int = 0) -> Part:
    return needs(squad, other, level="blocking", since=days_ago(days))


@pytest.mark.parametrize(
    ("other", "days", "said"),
    [
        ("Ads", 30, "medium: Search is blocked by Ads."),
        ("Ads", 31, "high: Search has been blocked by Ads for 31 days; the limit is 30."),
        ("Events", 30, "high: Search is blocked by Events of another tribe."),
        (
            "Events",
            31,
            "critical: Search has been blocked by Events of another tribe for 31 days; the limit is 30.",
        ),
    ],
)
def test_de_01_fires_where_a_squad_is_blocked(other: str, days: int, said: str) -> None:
    assert told("DE-01", *TRIBES, blocked("Search", other, days)) == [said]


def test_de_01_is_silent_where_it_is_slowed_and_about_closed_squads() -> None:
    assert told("DE-01", *TRIBES, needs("Search", "Events", level="slowing", since=days_ago(99))) == []
    assert told("DE-01", squad("Search", closed_on=TODAY), squad("Ads"), blocked("Search", "Ads")) == []


def waiting(slowed: int, blocked: int) -> list[Part]:
    """Squads that wait for Events."""
    levels = ["slowing"] * slowed + ["blocking"] * blocked
    squads = [squad(f"S{n}") for n in range(len(levels))]
    return [
        squad("Events"),
        *squads,
        *(needs(f"S{n}", "Events", level=level) for n, level in enumerate(levels)),
    ]


def test_de_02_fires_where_four_squads_wait_or_two_are_blocked() -> None:
    assert told("DE-02", *waiting(3, 1)) == [
        "high: Events slows or blocks 4 squads; from 4 on it is a bottleneck."
    ]
    assert told("DE-02", *waiting(0, 2)) == ["high: Events blocks 2 squads; from 2 on it is a bottleneck."]


def test_de_02_is_silent_about_three_and_one() -> None:
    assert told("DE-02", *waiting(2, 1)) == []
    free = needs("Search", "Events", level="none")
    assert told("DE-02", *waiting(2, 1), squad("Search"), free) == []


def test_de_03_fires_once_for_a_circle() -> None:
    circle = [needs("Search", "Ads"), needs("Ads", "Events"), needs("Events", "Search", level="blocking")]
    assert told("DE-03", *TRIBES, *circle, needs("Logins", "Search")) == [
        "high: 3 squads wait for one another: Ads, Events and Search."
    ]


def test_what_begins_tomorrow_is_not_told_today() -> None:
    tomorrow = days_ago(-1)
    assert told("DE-01", *TRIBES, needs("Search", "Ads", level="blocking", since=tomorrow)) == []
    assert told("DE-01", *TRIBES, needs("Search", "Ads", level="blocking", since=TODAY)) == [
        "medium: Search is blocked by Ads."
    ]
    later = needs("S0", "Events", level="blocking", since=tomorrow)
    assert told("DE-02", *waiting(0, 2), later) == []
    assert told("DE-03", *TRIBES, needs("Search", "Ads"), needs("Ads", "Search", since=tomorrow)) == []
    assert told("DE-03", *TRIBES, needs("Search", "Ads"), needs("Ads", "Search", since=TODAY)) == [
        "high: 2 squads wait for one another: Ads and Search."
    ]


def test_de_03_is_silent_where_one_edge_does_not_count() -> None:
    assert told("DE-03", *TRIBES, needs("Search", "Ads"), needs("Ads", "Search", level="none")) == []
    assert (
        told("DE-03", *TRIBES, needs("Search", "Ads"), needs("Search", "Events"), needs("Ads", "Events"))
        == []
    )


def test_sy_01_fires_without_squad_or_people() -> None:
    owned = system("index", {"Ana": "developer"}, squad="Search")
    assert told("SY-01", squad("Search"), owned, system("bus", squad="Search", critical=True)) == [
        "critical: The critical system bus has nobody who answers for it."
    ]
    assert told("SY-01", squad("Old", closed_on=TODAY), system("index", squad="Old")) == [
        "high: The system index has no owner squad."
    ]
    assert told("SY-01", owned, squad("Search"), system("bus")) == [
        "high: The system bus has no owner squad and nobody who answers for it."
    ]


def test_sy_01_is_silent_with_both_and_where_no_people_are_named() -> None:
    assert told("SY-01", squad("Search"), system("index", {"Ana": "developer"}, squad="Search")) == []
    assert told("SY-01", squad("Search"), system("index", squad="Search")) == []
    assert told("SY-01", system("index", closed_on=TODAY)) == []


def run_by(*owners: str, **fields: Any) -> list[Part]:
    return [squad("Search"), system("index", dict.fromkeys(owners, "developer"), squad="Search", **fields)]


def test_sy_02_fires_with_one_owner_or_one_who_has_the_skill() -> None:
    assert told("SY-02", *run_by("Ana")) == ["low: The system index has one owner, Ana."]
    assert told("SY-02", *run_by("Ana", critical=True)) == [
        "high: The critical system index has one owner, Ana."
    ]
    known = skills("Ana", Lucene="expert"), skills("Ben", Lucene="learning")
    assert told("SY-02", *run_by("Ana", "Ben", skill="lucene"), *known) == [
        "low: The system index needs lucene, which only Ana has."
    ]
    assert told("SY-02", *run_by("Ana", skill="Lucene", critical=True), *known) == [
        "high: The critical system index has one owner, Ana, and needs Lucene, which only Ana has."
    ]


def test_sy_02_is_silent_with_two_of_each_and_about_orphans() -> None:
    known = skills("Ana", Lucene="expert"), skills("Ben", Lucene="working")
    assert told("SY-02", *run_by("Ana", "Ben", skill="Lucene", critical=True), *known) == []
    assert told("SY-02", *run_by("Ana", "Ben", skill="Lucene")) == []
    assert told("SY-02", *run_by()) == []


def test_sy_03_fires_where_two_squads_claim_one_thing() -> None:
    feed = system("feed", squad="Search", claimed_by="Ads")
    find = mission("Find it")
    assert told("SY-03", squad("Search", mission="Find it"), squad("Ads", mission="Find it"), feed, find) == [
        "medium: The mission “Find it” is claimed by 2 squads: Ads and Search.",
        "medium: The system feed is claimed by 2 squads: Search and Ads.",
    ]


def test_sy_03_is_silent_about_one_squad_and_closed_ones() -> None:
    feed = system("feed", squad="Search", claimed_by="Ads")
    units = squad("Search", mission="Find it"), squad("Ads", mission="Find it", closed_on=TODAY)
    assert told("SY-03", *units, feed, mission("Find it")) == []


def opened(title: str, days: int = 0, **fields: Any) -> Part:
    whole = {"level": "I3", "loop": "Pairing", "hiring_manager": "Ana"}
    return vacancy(title, opened_on=days_ago(days), **(whole | fields))


def test_hi_01_fires_when_it_is_open_for_long() -> None:
    assert told("HI-01", person("Ana"), opened("Product owner", 61), opened("Designer", 91)) == [
        "high: The vacancy Product owner has been open for 61 days; the limit is 60.",
        "medium: The vacancy Designer has been open for 91 days; the limit is 90.",
    ]


def test_hi_01_fires_when_something_is_missing() -> None:
    ads = opened("Designer", level="", loop="", hiring_manager=None)
    assert told("HI-01", person("Ana"), ads, opened("Tester")) == [
        "medium: The vacancy Designer has no level and no interview loop and no hiring manager."
    ]


def test_hi_01_fires_when_the_squad_gets_too_large() -> None:
    people = squad("Search", *crew(8)), person("Ana")
    assert (
        told("HI-01", *people, opened("Tester", squad="Search"), opened("Designer", squad="Search"))
        == ["medium: With its vacancies, Search would have 10 people; the limit is 9."] * 2
    )


def test_hi_01_is_silent_at_its_limits() -> None:
    people = squad("Search", *crew(8)), person("Ana")
    assert told("HI-01", *people, opened("Tech lead", 60), opened("Tester", 90, squad="Search")) == []
    assert told("HI-01", person("Ana"), opened("Tester", level="", state="draft")) == []
    assert told("HI-01", person("Ana"), opened("Tester", 300, level="", state="filled")) == []
    assert told("HI-01", person("Ana"), opened("Tester", loop="")) == []
