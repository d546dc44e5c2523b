"""What a reorganization is said to do before it is done: sizes, parts, limits, what is combined or lost."""

from __future__ import annotations

from datetime import date

import pytest

from orgmodel.core.operations import (
    CloseTribe,
    MergeChapters,
    MergeSquads,
    MoveChapter,
    Refused,
    RotatePeople,
    SplitSquad,
    SplitTribe,
)
from orgmodel.core.org import Org
from squads.foresight import Foresight, foresee
from tests.build import an_org, chapter, id_of, mission, person, role, squad, tribe, vacancy

TODAY = date(2026, 11, 20)


@pytest.fixture
def org() -> Org:
    return an_org(
        role("Product owner", leads=True),
        mission("Listen anywhere"),
        mission("Hear everything"),
        person("Ana", craft="Backend", manager=None),
        person("Ben", craft="Design"),
        tribe(
            "Listen",
            squad(
                "Radio",
                *("Ana", "Ben", "Cleo", "Dan", "Eve"),
                shares={"Ana": 50},
                roles={"Ben": "Product owner"},
                mission="Listen anywhere",
            ),
            squad(
                "Offline",
                "Ana",
                "Fay",
                "Gus",
                shares={"Ana": 30},
                roles={"Fay": "Product owner"},
                mission="Hear everything",
            ),
            chapter("Backend", "Ana", "Cleo", lead="Ana"),
            chapter("Design", "Ben", "Fay"),
        ),
        tribe("Ads"),
        vacancy("Engineer", squad="Offline"),
    )


def numbers(seen: Foresight) -> list[tuple[str, int | None, int | None, str]]:
    return [(unit.name, unit.before, unit.after, unit.warning) for unit in seen.units]


def split(*people: str, **more: object) -> SplitSquad:
    ids = tuple(id_of(name) for name in people)
    return SplitSquad(squad=id_of("Radio"), id=id_of("Vinyl"), name="Vinyl", people=ids, **more)  # type: ignore[arg-type]


def merge(**more: object) -> MergeSquads:
    return MergeSquads(squads=(id_of("Offline"),), into=id_of("Radio"), **more)  # type: ignore[arg-type]


def test_a_split_shows_both_sides(org: Org) -> None:
    seen = foresee(org, [split("Ben", "Cleo")], "squad", on=TODAY)
    assert numbers(seen) == [
        ("Radio", 5, 3, "Fewer than 4 people"),
        ("Vinyl", None, 2, "Fewer than 4 people"),
    ]
    assert [unit.parts for unit in seen.units] == [
        (("Chapters", "none 2, Backend 1"), ("Crafts", "Backend 1"), ("Mission", "Listen anywhere")),
        (("Chapters", "Backend 1, Design 1"), ("Crafts", "Design 1"), ("Mission", "none")),
    ]
    assert seen.notes == ("2 people go from Radio to Vinyl.", "Radio has no product owner then.")


def test_a_merge_names_shares_roles_and_missions(org: Org) -> None:
    seen = foresee(org, [merge()], "squad", on=TODAY)
    assert numbers(seen) == [("Radio", 5, 7, ""), ("Offline", 2, None, "")]
    assert seen.units[0].parts == (
        ("Chapters", "none 3, Backend 2, Design 2"),
        ("Crafts", "Backend 1, Design 1"),
        ("Vacancies", "Engineer"),
        ("Mission", "Listen anywhere"),
    )
    assert seen.notes == (
        "2 people go from Offline to Radio.",
        "Ana keeps one membership: 30 % + 50 % = 80 %.",
        "Fay is product owner of Offline no more.",
        "No squad works on “Hear everything” then.",
    )


def test_what_is_left_behind_is_said(org: Org) -> None:
    seen = foresee(org, [merge(hands_over=False)], "squad", on=TODAY)
    assert seen.notes[-1].startswith("Offline closes but still holds the vacancy Engineer.")


def test_a_squad_may_become_too_large(org: Org) -> None:
    large = an_org(tribe("T", squad("A", *"abcdef"), squad("B", *"ghijkl")))
    operation = MergeSquads(squads=(id_of("B"),), into=id_of("A"))
    assert numbers(foresee(large, [operation], "squad", on=TODAY))[0] == ("A", 6, 12, "More than 9 people")


def test_people_who_change_places_are_named(org: Org) -> None:
    seen = foresee(org, [RotatePeople(people=(id_of("Cleo"), id_of("Gus")))], "squad", on=TODAY)
    assert seen.notes == ("Cleo goes from Radio to Offline.", "Gus goes from Offline to Radio.")


def test_a_tribe_that_splits_shows_whose_chapter_stays_behind(org: Org) -> None:
    operation = SplitTribe(tribe=id_of("Listen"), id=id_of("Live"), name="Live", squads=(id_of("Radio"),))
    seen = foresee(org, [operation], "tribe", on=TODAY)
    assert numbers(seen) == [("Listen", 7, 2, ""), ("Live", None, 5, "")]
    assert seen.units[0].parts == (
        ("1 squad", "Offline"),
        ("2 chapters", "Backend and Design"),
        ("Tribe lead", "nobody"),
    )
    assert seen.notes == ("3 people are in a chapter of another tribe then.",)


def test_a_chapter_that_moves_alone_parts_from_its_people(org: Org) -> None:
    seen = foresee(org, [MoveChapter(chapter=id_of("Backend"), tribe=id_of("Ads"))], "tribe", on=TODAY)
    assert [(unit.name, unit.before, unit.after) for unit in seen.units] == [("Ads", 0, 0), ("Listen", 7, 7)]
    assert seen.notes == ("2 people are in a chapter of another tribe then.",)


def test_a_closing_tribe_hands_over(org: Org) -> None:
    seen = foresee(org, [CloseTribe(id=id_of("Listen"), to=id_of("Ads"))], "tribe", on=TODAY)
    assert numbers(seen) == [("Ads", 0, 7, ""), ("Listen", 7, None, "")]


def test_chapters_that_merge_show_the_span_of_their_lead(org: Org) -> None:
    operation = MergeChapters(chapters=(id_of("Design"),), into=id_of("Backend"), reports_to_lead=True)
    seen = foresee(org, [operation], "chapter", on=TODAY)
    assert numbers(seen) == [("Backend", 2, 4, ""), ("Design", 2, None, "")]
    assert seen.units[0].parts == (("Squads", "Radio 3, Offline 1"), ("Chapter lead", "Ana, 3 reports"))
    assert seen.notes == ("3 people get another line manager.",)


def test_a_span_may_become_too_wide() -> None:
    names = [f"P{number}" for number in range(12)]
    org = an_org(chapter("A", "Lead", lead="Lead"), chapter("B", *names))
    operation = MergeChapters(chapters=(id_of("B"),), into=id_of("A"), reports_to_lead=True)
    seen = foresee(org, [operation], "chapter", on=TODAY)
    assert seen.units[0].warning == "More than 10 reports for its lead"


def test_what_is_refused_is_raised(org: Org) -> None:
    with pytest.raises(Refused, match="Choose who goes"):
        foresee(org, [split()], "squad", on=TODAY)
