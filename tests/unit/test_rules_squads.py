"""Rules about squads: each fires, and stays silent at its boundary."""

from __future__ import annotations

from typing import Any

import pytest

from tests.build import Part, domain, id_of, mission, person, role, setting, squad
from tests.findings import TODAY, all_of, crew, days_ago, told

OWNER = role("Product owner", leads=True)
LEAD = role("Engineering lead", leads=True)


def crafted(name: str, *crafts: str, **fields: Any) -> Part:
    """A squad with one person of each craft given."""
    people = [person(f"P{index}", craft=craft) for index, craft in enumerate(crafts, start=1)]
    own = squad(name, *crew(len(crafts)), **fields)
    return Part((*own.records, *(record for part in people for record in part.records)))


def leveled(*levels: str) -> Part:
    """A squad of engineers with these levels."""
    people = [person(f"P{n}", craft="Backend", level=level) for n, level in enumerate(levels, start=1)]
    own = squad("Search", *crew(len(levels)))
    return Part((*own.records, *(record for part in people for record in part.records)))


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (9, "medium: Search has 9 people; the limit is 8."),
        (10, "high: Search has 10 people; the limit is 9."),
    ],
)
def test_sq_01_fires_above_eight(size: int, said: str) -> None:
    assert told("SQ-01", squad("Search", *crew(size))) == [said]


def test_sq_01_is_silent_at_eight_and_about_guests() -> None:
    guests = crew(2, first=9)
    search = squad("Search", *crew(8), *guests, shares=dict.fromkeys(guests, 20))
    assert told("SQ-01", search, squad("Ads", *guests, shares=dict.fromkeys(guests, 80))) == []


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (4, "medium: Search has 4 people; the least is 5."),
        (3, "high: Search has 3 people; the least is 4."),
        (0, "high: Search has 0 people; the least is 4."),
    ],
)
def test_sq_02_fires_below_five(size: int, said: str) -> None:
    assert told("SQ-02", squad("Search", *crew(size))) == [said]


def test_sq_02_is_silent_at_five() -> None:
    assert told("SQ-02", squad("Search", *crew(5))) == []
    assert told("SQ-02", squad("Search", "Ana", state="proposed")) == []
    assert told("SQ-02", squad("Search", "Ana", state="winding_down")) == []


def test_sq_02_gives_a_squad_time_to_form() -> None:
    said = "Search has 1 person; the least is 4."
    forming = squad("Search", "Ana", since={"Ana": days_ago(90)}, state="forming")
    assert told("SQ-02", forming) == [f"low: {said}"]
    assert told("SQ-02", squad("Search", "Ana", since={"Ana": days_ago(91)}, state="forming")) == [
        f"high: {said}"
    ]
    assert told("SQ-02", forming, since={("squad", id_of("Search")): days_ago(91)}) == [f"high: {said}"]


def test_sq_03_fires_without_product_owner() -> None:
    assert told("SQ-03", OWNER, squad("Search", "Ana")) == ["high: Search has no product owner."]


def test_sq_03_is_silent_with_one_and_where_nobody_knows_the_role() -> None:
    assert told("SQ-03", OWNER, squad("Search", "Ana", roles={"Ana": "Product owner"})) == []
    assert told("SQ-03", squad("Search", "Ana")) == []
    assert told("SQ-03", OWNER, squad("Search", state="proposed")) == []


def test_sq_04_fires_without_mission_and_when_it_was_not_reviewed_for_long() -> None:
    find = mission("Find it", reviewed_on=days_ago(366))
    assert told("SQ-04", find, squad("Search", mission="Find it"), squad("Ads")) == [
        "high: Ads has no mission.",
        "low: The mission of Search was reviewed 366 days ago; the limit is 365.",
    ]


def test_sq_04_is_silent_after_a_year_and_where_nobody_has_missions() -> None:
    find = mission("Find it", reviewed_on=days_ago(365))
    assert told("SQ-04", find, squad("Search", mission="Find it")) == []
    assert told("SQ-04", mission("Find it"), squad("Search", mission="Find it")) == []
    assert told("SQ-04", squad("Search")) == []


def test_sq_05_fires_without_metric_and_when_it_was_not_read_for_long() -> None:
    find, earn = mission("Find it"), mission("Earn", metric="Revenue", read_on=days_ago(61))
    assert told("SQ-05", find, earn, squad("Search", mission="Find it"), squad("Ads", mission="Earn")) == [
        "medium: Search has no North Star metric.",
        "low: The metric of Ads was last read 61 days ago; the limit is 60.",
    ]


def test_sq_05_is_silent_after_sixty_days_and_without_mission_and_where_nobody_has_metrics() -> None:
    earn = mission("Earn", metric="Revenue", read_on=days_ago(60))
    assert told("SQ-05", earn, squad("Ads", mission="Earn"), squad("Search")) == []
    assert told("SQ-05", mission("Earn", metric="Revenue"), squad("Ads", mission="Earn")) == []
    assert told("SQ-05", mission("Earn"), squad("Ads", mission="Earn")) == []


def test_sq_06_fires_where_a_discipline_is_missing_or_all_are_of_one_craft() -> None:
    assert told("SQ-06", crafted("Search", "Product", "Backend", "Quality", user_facing=True)) == [
        "medium: Search faces users and has nobody for design."
    ]
    assert told("SQ-06", crafted("Search", "Backend", user_facing=True)) == [
        "medium: Search faces users and has nobody for product or design."
    ]
    assert told("SQ-06", crafted("Search", *["Backend"] * 4, user_facing=True)) == [
        "high: All 4 people of Search are of one craft, Backend."
    ]


def test_sq_06_is_silent_with_all_disciplines_for_a_part_of_their_time() -> None:
    whole = crafted("Search", "Product", "UX design", "Data & ML", user_facing=True, shares={"P2": 30})
    assert told("SQ-06", whole) == []
    assert told("SQ-06", crafted("Search", *["Backend"] * 3)) == []
    assert told("SQ-06", crafted("Search", "Backend", "", user_facing=True)) == []


def test_sq_06_takes_the_role_of_who_has_no_craft() -> None:
    people = crafted(
        "Search", "", "", "Web", user_facing=True, roles={"P1": "Product owner", "P2": "Designer"}
    )
    assert told("SQ-06", OWNER, role("Designer", craft="Design"), people) == []


def test_sq_07_fires_without_engineering_lead() -> None:
    def torn(*managers: str) -> list[str]:
        people = [person(f"P{n}", craft="Web", manager=who) for n, who in enumerate(managers, start=1)]
        return told(
            "SQ-07", LEAD, squad("Search", *crew(len(managers))), *people, *map(person, set(managers))
        )

    assert torn("Ana", "Ana") == ["medium: Search has no engineering lead."]
    assert torn("Ana", "Ben") == [
        "medium: Search has no engineering lead; its engineers report to 2 managers."
    ]
    assert torn("Ana", "Ben", "Cleo") == [
        "high: Search has no engineering lead; its engineers report to 3 managers."
    ]


def test_sq_07_is_silent_with_one_and_where_nobody_knows_the_role() -> None:
    assert told("SQ-07", LEAD, squad("Search", "Ana", roles={"Ana": "Engineering lead"})) == []
    assert told("SQ-07", OWNER, squad("Search", "Ana"), person("Ana", craft="Web")) == []
    assert told("SQ-07", LEAD, squad("Search", "Ana")) == []


def placed(**zones: str) -> list[Part]:
    return [
        squad("Search", *zones),
        *(person(name, time_zone=zone, working_hours="09:00-17:00") for name, zone in zones.items()),
    ]


def test_sq_08_fires_below_four_hours_in_common() -> None:
    assert told("SQ-08", *placed(Ana="Europe/Stockholm", Ben="America/New_York")) == [
        "medium: The people of Search share 2 hours of work a day; the least is 4."
    ]
    assert told("SQ-08", *placed(Ana="Asia/Singapore", Ben="America/New_York", Cleo="Europe/Berlin")) == [
        "high: The people of Search share 0 hours of work a day; the least is 2."
    ]
    # 9 to 17 in Auckland is 20 to 4 in UTC, which crosses midnight; 9 to 17 in Tokyo is 0 to 8.
    assert told("SQ-08", *placed(Ana="Pacific/Auckland", Ben="Asia/Kolkata")) == [
        "high: The people of Search share 0.5 hours of work a day; the least is 2."
    ]


def test_sq_08_is_silent_at_four_hours_and_without_known_zones() -> None:
    assert told("SQ-08", *placed(Ana="UTC", Ben="Etc/GMT+4")) == []
    assert told("SQ-08", *placed(Ana="America/New_York", Ben="", Cleo="Mars/Base")) == []
    late = person("Ben", time_zone="Etc/GMT+5", working_hours="nine to five")
    assert told("SQ-08", squad("Search", "Ana", "Ben"), person("Ana", time_zone="Asia/Tokyo"), late) == []


def joined(days: int, number: int, **fields: Any) -> Part:
    """A squad of ten, some of whom joined so many days ago."""
    since = dict.fromkeys(crew(10), days_ago(800)) | dict.fromkeys(crew(number), days_ago(days))
    return squad("Search", *crew(10), since=since, **fields)


def test_sq_09_fires_when_more_than_three_in_ten_are_new() -> None:
    assert told("SQ-09", joined(90, 4)) == [
        "medium: 4 of 10 people joined Search within 90 days (40 %); the limit is 30 %."
    ]
    assert told("SQ-09", joined(0, 6)) == [
        "high: 6 of 10 people joined Search within 90 days (60 %); the limit is 50 %."
    ]


def test_sq_09_is_silent_at_three_in_ten_and_while_forming() -> None:
    assert told("SQ-09", joined(90, 3)) == []
    assert told("SQ-09", joined(91, 10)) == []
    assert told("SQ-09", joined(1, 10, state="forming")) == []
    assert told("SQ-09", squad("Search", *crew(4))) == []


def test_sq_10_fires_with_two_hard_domains_or_four_in_all() -> None:
    hard = [
        domain("Tax", squad="Pay", complexity="complicated"),
        domain("Fraud", squad="Pay", complexity="complex"),
    ]
    assert told("SQ-10", squad("Pay"), *hard) == [
        "high: Pay has 2 complicated or complex domains; the limit is 1."
    ]
    easy = [domain(f"D{n}", squad="Pay") for n in range(4)]
    assert told("SQ-10", squad("Pay"), *easy) == ["medium: Pay has 4 domains; the limit is 3."]


def test_sq_10_is_silent_with_one_hard_domain_and_three_in_all() -> None:
    own = [
        domain("Tax", squad="Pay", complexity="complex"),
        domain("A", squad="Pay"),
        domain("B", squad="Pay"),
    ]
    closed = domain("Fraud", squad="Pay", complexity="complex", closed_on=TODAY)
    assert told("SQ-10", squad("Pay"), *own, closed) == []


def test_sq_11_fires_in_the_worst_cases() -> None:
    assert told("SQ-11", leveled("I2", "I2", "I1")) == ["high: None of the 3 engineers of Search is senior."]
    assert told("SQ-11", leveled("Senior", "Junior", "Junior", "Intern")) == [
        "medium: 3 of 4 engineers of Search are junior (75 %); the limit is 60 %."
    ]
    assert told("SQ-11", leveled("Staff", "Principal", "Senior", "M1")) == [
        "low: All 4 engineers of Search are senior, and 2 of them staff or above."
    ]


def test_sq_11_is_silent_about_two_engineers_and_levels_nobody_knows() -> None:
    assert told("SQ-11", leveled("I1", "I1")) == []
    assert told("SQ-11", leveled("I2", "I2", "")) == []
    assert told("SQ-11", leveled("I3", "I1", "I1", "I1", "I3")) == []  # 60 % are junior
    assert told("SQ-11", leveled("I4", "I3", "I3")) == []
    assert told("SQ-11", squad("Search", *crew(3)), all_of(crew(3), craft="Design", level="I1")) == []


def test_an_organization_has_its_own_words() -> None:
    known = [setting("levels", thresholds=(("L9", "2"),)), setting("crafts", thresholds=(("Backend", "0"),))]
    assert told("SQ-11", leveled("I1", "I1", "L9"), known[0]) == [
        "medium: 2 of 3 engineers of Search are junior (67 %); the limit is 60 %."
    ]
    assert told("SQ-11", leveled("I1", "I1", "I1"), known[1]) == []
