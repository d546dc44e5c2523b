"""Rules about tribes, chapters, line managers and guilds: each fires, and stays silent at its boundary."""

from __future__ import annotations

from typing import Any

import pytest

from tests.build import Part, an_org, chapter, guild, person, squad, tribe
from tests.findings import all_of, crew, days_ago, told


def reporting(manager: str, number: int) -> Part:
    """People who report to a manager, each named after them."""
    return all_of([f"{manager}{index}" for index in range(number)], manager=manager)


def a_tribe(people: int, squads: int = 2) -> Part:
    units = [squad(f"S{index}", *crew(people if index == 0 else 0)) for index in range(squads)]
    return tribe("Listening", *units, lead="P1")


@pytest.mark.parametrize(
    ("people", "said"),
    [
        (91, "low: Listening has 91 people and approaches the limit of 100."),
        (101, "high: Listening has 101 people and exceeds the limit of 100."),
        (151, "critical: Listening has 151 people and exceeds the limit of 150."),
    ],
)
def test_tr_01_fires_above_ninety_people(people: int, said: str) -> None:
    assert told("TR-01", a_tribe(people)) == [said]


@pytest.mark.parametrize(
    ("squads", "said"),
    [
        (1, "medium: Listening has 1 squad; 2 to 12 work well."),
        (13, "medium: Listening has 13 squads; 2 to 12 work well."),
    ],
)
def test_tr_01_fires_with_one_squad_or_many(squads: int, said: str) -> None:
    assert told("TR-01", a_tribe(5, squads)) == [said]


def test_tr_01_is_silent_at_ninety_people_and_twelve_squads() -> None:
    assert told("TR-01", a_tribe(90, 12)) == []
    assert told("TR-01", a_tribe(5, 2)) == []


def test_tr_02_fires_without_lead() -> None:
    assert told("TR-02", tribe("Listening")) == ["critical: Listening has no lead."]
    assert told("TR-02", tribe("Listening", interim_lead="Ana"), person("Ana")) == [
        "medium: Listening has no lead; Ana stands in."
    ]


def test_tr_02_is_silent_with_one() -> None:
    assert told("TR-02", tribe("Listening", lead="Ana"), person("Ana")) == []


def trio(**fields: Any) -> list[Part]:
    """A tribe with some leads, next to one that has all."""
    whole = {"lead": "Ana", "product_lead": "Ana", "design_lead": "Ana"}
    kind = fields.pop("type", "stream_aligned")
    return [tribe("Whole", **whole), tribe("Listening", squad("Search", type=kind), **fields), person("Ana")]


def test_tr_03_fires_where_product_or_design_have_no_lead() -> None:
    assert told("TR-03", *trio(lead="Ana")) == ["medium: Listening has no product lead and no design lead."]
    assert told("TR-03", *trio(type="platform", design_lead="Ana")) == [
        "medium: Listening has no product lead."
    ]


def test_tr_03_is_silent_about_design_of_platforms_and_where_nobody_has_trios() -> None:
    assert told("TR-03", *trio(type="platform", product_lead="Ana")) == []
    assert told("TR-03", *trio(product_lead="Ana", design_lead="Ana")) == []
    assert told("TR-03", tribe("Listening", lead="Ana"), person("Ana")) == []


def test_ch_01_fires_above_eight_direct_reports() -> None:
    assert told("CH-01", person("Ana"), reporting("Ana", 9)) == [
        "medium: Ana has 9 direct reports; the limit is 8."
    ]
    assert told("CH-01", person("Ana"), reporting("Ana", 11)) == [
        "high: Ana has 11 direct reports; the limit is 10."
    ]


def test_ch_01_is_silent_at_eight_about_leavers_and_about_managers_of_managers() -> None:
    assert (
        told("CH-01", person("Ana"), reporting("Ana", 8), person("Ben", manager="Ana", status="left")) == []
    )
    assert told("CH-01", person("Ana"), reporting("Ana", 9), person("Ben", manager="Ana0")) == []


def test_ch_02_fires_below_four_members() -> None:
    assert told("CH-02", chapter("Web", *crew(3))) == ["low: Web has 3 members; the least is 4."]
    assert told("CH-02", chapter("Web", *crew(2))) == ["medium: Web has 2 members; the least is 3."]


def test_ch_02_is_silent_at_four_members() -> None:
    assert told("CH-02", chapter("Web", *crew(4))) == []


def test_ch_03_fires_without_lead() -> None:
    assert told("CH-03", chapter("Web")) == ["high: Web has no lead."]
    assert told("CH-03", chapter("Web", interim_lead="Ana"), person("Ana")) == [
        "medium: Web has no lead; Ana stands in."
    ]


def test_ch_03_is_silent_with_one() -> None:
    assert told("CH-03", chapter("Web", lead="Ana"), person("Ana")) == []


def two_tribes(*guests: str) -> list[Part]:
    return [
        tribe("Listening", squad("Search", "Ana", "Ben", *guests), chapter("Web", "Ana", "Ben", "Cleo")),
        tribe("Creators", squad("Studio", "Cleo")),
    ]


def test_ch_04_fires_where_members_work_in_two_tribes() -> None:
    assert told("CH-04", *two_tribes()) == ["medium: Web has members in 2 tribes."]


def test_ch_04_is_silent_in_one_tribe_and_about_members_without_squad() -> None:
    assert told("CH-04", two_tribes()[0]) == []


def test_ch_05_fires_where_a_lead_is_in_no_squad() -> None:
    assert told("CH-05", chapter("Web", "Ben", lead="Ana"), person("Ana")) == [
        "medium: Ana leads Web and is in no squad."
    ]


def test_ch_05_is_silent_about_members_of_squads_and_tribe_leads() -> None:
    assert told("CH-05", chapter("Web", lead="Ana"), squad("Search", "Ana")) == []
    assert (
        told("CH-05", chapter("Web", lead="Ana"), tribe("Listening", design_lead="Ana"), person("Ana")) == []
    )


def test_ch_06_fires_where_someone_else_is_the_manager() -> None:
    web = chapter("Web", "Cleo", "Ana", lead="Ana")
    people = [person("Cleo", manager="Ben"), person("Ana", manager="Ben"), person("Ben")]
    assert told("CH-06", web, *people) == ["medium: Cleo reports to Ben; Ana leads their chapter, Web."]


def test_ch_06_is_silent_about_interim_leads_and_without_any_lead() -> None:
    people = [person("Cleo", manager="Ben"), person("Ben")]
    assert told("CH-06", chapter("Web", "Cleo", lead="Ben"), *people) == []
    assert told("CH-06", chapter("Web", "Cleo", interim_lead="Ben"), *people) == []
    assert told("CH-06", chapter("Web", "Cleo"), *people) == []
    assert told("CH-06", chapter("Web", "Cleo", lead="Ben"), person("Cleo"), person("Ben")) == []


def line(length: int) -> list[Part]:
    """People who report to one another, the first at the top, each with two more reports."""
    people = [person(f"M{n}", manager=f"M{n - 1}" if n else None) for n in range(length)]
    return [*people, *(reporting(f"M{n}", 2) for n in range(length))]


def test_sp_01_fires_for_wide_spans_deep_lines_and_tiny_teams() -> None:
    managers = [person("Ana"), reporting("Ana", 7), reporting("Ana0", 3)]
    assert told("SP-01", *managers) == [
        "medium: Ana manages managers and has 7 direct reports; the limit is 6."
    ]
    assert told("SP-01", *managers, person("Ben", manager="Ana"), person("Cleo", manager="Ana")) == [
        "high: Ana manages managers and has 9 direct reports; the limit is 8."
    ]
    assert told("SP-01", *line(6), reporting("M5", 3)) == [
        "medium: The direct reports of M5 are 6 steps from the top; the limit is 5."
    ]
    assert told("SP-01", person("Top"), person("Ana", manager="Top"), reporting("Ana", 2)) == [
        "low: Ana manages only 2 people."
    ]


def test_sp_01_is_silent_at_six_reports_five_steps_and_three_people() -> None:
    assert told("SP-01", person("Ana"), reporting("Ana", 6), reporting("Ana0", 3)) == []
    assert told("SP-01", *line(5), reporting("M4", 3)) == []
    assert told("SP-01", person("Ana"), reporting("Ana", 2)) == []


def test_a_circle_of_managers_does_not_hang() -> None:
    org = an_org(person("Ana", manager="Ben"), person("Ben", manager="Ana"))
    assert told("SP-01", org) == ["low: Ana manages only 1 person.", "low: Ben manages only 1 person."]


def test_gu_01_fires_without_coordinator() -> None:
    guilds = guild("Web", coordinator="Ana"), guild("Accessibility")
    assert told("GU-01", *guilds, person("Ana")) == ["medium: Accessibility has no coordinator."]


def test_gu_01_is_silent_where_nobody_names_any() -> None:
    assert told("GU-01", guild("Web"), guild("Accessibility")) == []


def test_gu_02_fires_after_ninety_days() -> None:
    assert told("GU-02", guild("Web", last_session_on=days_ago(91))) == [
        "low: Web last met 91 days ago; the limit is 90."
    ]
    assert told("GU-02", guild("Web", last_session_on=days_ago(181))) == [
        "medium: Web last met 181 days ago; the limit is 180."
    ]


def test_gu_02_is_silent_at_ninety_days_and_where_nobody_knows() -> None:
    assert told("GU-02", guild("Web", last_session_on=days_ago(90)), guild("Mobile")) == []


def spread(home: int, away: int, chapter_size: int = 0) -> list[Part]:
    """A guild of people, some of one tribe and some of another, and a chapter of the first of them."""
    people = crew(home + away)
    return [
        tribe("Listening", squad("Search", *people[:home]), chapter("Mobile", *people[:chapter_size])),
        tribe("Creators", squad("Studio", *people[home:])),
        guild("Apps", *people),
    ]


def test_gu_03_fires_in_one_tribe_or_nine_tenths_in_one_chapter() -> None:
    assert told("GU-03", *spread(4, 0)) == ["low: All 4 members of Apps are in one tribe."]
    assert told("GU-03", *spread(9, 1, chapter_size=9)) == [
        "low: 9 of 10 members of Apps are in one chapter, Mobile."
    ]


def test_gu_03_is_silent_where_members_come_from_everywhere() -> None:
    assert told("GU-03", *spread(9, 1, chapter_size=8)) == []
    assert told("GU-03", *spread(3, 1)) == []
    assert told("GU-03", *spread(1, 0)) == []
    assert told("GU-03", spread(4, 0)[0], guild("Apps", *crew(4))) == []
