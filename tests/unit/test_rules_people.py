"""Rules about people and the roles they hold: each fires, and stays silent at its boundary."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.build import Part, chapter, coaching, guild, id_of, person, role, squad, tribe
from tests.findings import TODAY, crew, days_ago, told

OWNER = role("Product owner", leads=True)
LEAD = role("Engineering lead", leads=True)


def owned(*squads: str, owner: str = "Ana") -> list[Part]:
    return [OWNER, *(squad(name, owner, roles={owner: "Product owner"}) for name in squads)]


@pytest.mark.parametrize(
    ("days", "severity", "limit"), [(15, "medium", 14), (45, "medium", 14), (46, "high", 45)]
)
def test_pe_01_fires_after_two_weeks_without_squad(days: int, severity: str, limit: int) -> None:
    assert told("PE-01", person("Ana", started_on=days_ago(days))) == [
        f"{severity}: Ana has been in no squad for {days} days; the limit is {limit}."
    ]


def test_pe_01_knows_from_the_log_since_when() -> None:
    ana = person("Ana", started_on=days_ago(900))
    assert told("PE-01", ana, since={("person", id_of("Ana")): days_ago(14)}) == []
    assert told("PE-01", ana, since={("person", id_of("Ana")): days_ago(16)}) == [
        "medium: Ana has been in no squad for 16 days; the limit is 14."
    ]
    assert told("PE-01", person("Ana")) == ["low: Ana is in no squad."]


def test_pe_01_is_silent_for_two_weeks_and_about_who_works_across() -> None:
    assert told("PE-01", person("Ana", started_on=days_ago(14))) == []
    assert told("PE-01", person("Ana", started_on=days_ago(99), status="on_leave")) == []
    assert told("PE-01", person("Ana"), person("Ben", manager="Ana"), squad("Search", "Ben")) == []
    assert told("PE-01", person("Ana"), tribe("Listening", product_lead="Ana")) == []
    assert told("PE-01", person("Ana"), coaching("Ana", "Search"), squad("Search")) == []


def test_pe_01_fires_for_chapter_leads() -> None:
    reports = person("Ana"), person("Ben", manager="Ana"), squad("Search", "Ben")
    assert told("PE-01", *reports, chapter("Web", lead="Ana")) == ["low: Ana is in no squad."]


def test_pe_02_fires_without_manager_or_chapter() -> None:
    people = person("Ana", manager="Top"), person("Ben"), person("Top")
    assert told("PE-02", *people, chapter("Web", "Ben")) == [
        "high: Ben has no line manager.",
        "medium: Ana is in no chapter.",
    ]


def test_pe_02_is_silent_about_the_top_and_where_there_are_no_managers_and_chapters() -> None:
    assert told("PE-02", person("Ana"), person("Ben")) == []
    assert told("PE-02", person("Ana", manager="Top"), person("Top")) == []
    coached = coaching("Ana", "Search"), squad("Search"), tribe("Listening", lead="Ben")
    assert told("PE-02", person("Ana"), person("Ben"), person("Cleo", manager="Ben"), *coached) == []


def sharing(**shares: int) -> list[Part]:
    return [squad(name, "Ana", shares={"Ana": share}) for name, share in shares.items()]


def test_pe_03_fires_above_all_of_the_time() -> None:
    assert told("PE-03", *sharing(Search=60, Ads=41)) == [
        "medium: Ana is planned for 101 % of their time; the limit is 100 %."
    ]
    assert told("PE-03", *sharing(Search=60, Ads=61)) == [
        "high: Ana is planned for 121 % of their time; the limit is 120 %."
    ]


def test_pe_03_is_silent_at_all_of_it_and_where_shares_are_not_known() -> None:
    assert told("PE-03", *sharing(Search=60, Ads=40)) == []
    assert told("PE-03", squad("Search", "Ana"), squad("Ads", "Ana")) == []


def test_pe_04_fires_in_two_squads() -> None:
    assert told("PE-04", *sharing(Search=60, Ads=40)) == ["low: Ana is in 2 squads."]
    assert told("PE-04", *sharing(Search=60, Ads=20, Home=20)) == ["medium: Ana is in 3 squads."]


def test_pe_04_is_silent_in_one() -> None:
    assert told("PE-04", *sharing(Search=60)) == []


def test_pe_05_fires_with_three_lead_roles() -> None:
    search = squad("Search", "Ana", roles={"Ana": "Engineering lead"})
    seats = chapter("Web", lead="Ana"), chapter("Mobile", interim_lead="Ana")
    assert told("PE-05", LEAD, search, *seats) == [
        "medium: Ana has 3 lead roles:"
        " chapter lead of Web, interim chapter lead of Mobile and engineering lead of Search."
    ]


def test_pe_05_fires_where_an_owner_leads_the_chapter_of_their_squad() -> None:
    search = squad("Search", "Ana", "Ben", roles={"Ana": "Product owner"})
    assert told("PE-05", OWNER, search, chapter("Web", "Ben", lead="Ana")) == [
        "high: Ana is product owner of Search and leads the chapter of people in it, Web."
    ]


def test_pe_05_is_silent_with_two_roles_and_about_guilds() -> None:
    guilds = guild("Web", coordinator="Ana", sponsor="Ana")
    assert told("PE-05", *owned("Search"), guilds, chapter("Product", "Ana", lead="Ana")) == []
    assert told("PE-05", *owned("Search"), chapter("Product", "Ben", lead="Ana"), squad("Ads", "Ben")) == []


def test_ro_01_fires_for_owners_of_two_squads() -> None:
    assert told("RO-01", *owned("Search", "Ads")) == [
        "medium: Ana is product owner of 2 squads: Ads and Search."
    ]
    assert told("RO-01", *owned("Search", "Ads", "Home")) == [
        "high: Ana is product owner of 3 squads: Ads, Home and Search."
    ]


def test_ro_01_is_silent_about_one() -> None:
    assert told("RO-01", *owned("Search"), squad("Ads", "Ana")) == []


def test_ro_02_fires_for_coaches_of_five_squads_and_squads_without() -> None:
    squads = [squad(f"S{n}") for n in range(5)]
    assert told("RO-02", *squads, squad("Ads"), coaching("Ana", *(f"S{n}" for n in range(5)))) == [
        "medium: Ana coaches 5 squads; the limit is 4.",
        "low: Ads has no coach.",
    ]


def test_ro_02_is_silent_at_four_and_where_nobody_coaches() -> None:
    squads = [squad(f"S{n}") for n in range(4)]
    assert (
        told("RO-02", *squads, squad("Ads", state="proposed"), coaching("Ana", *(f"S{n}" for n in range(4))))
        == []
    )
    assert told("RO-02", squad("Ads")) == []


def leading(**fields: Any) -> list[Part]:
    return [person("Ana", **fields), guild("Web", coordinator="Ana"), chapter("Web", lead="Ana")]


def test_ro_03_fires_where_a_holder_goes_or_is_away() -> None:
    what = "Ana, chapter lead of Web and guild coordinator of Web,"
    assert told("RO-03", *leading(status="notice", leaves_on=TODAY + timedelta(days=30))) == [
        f"high: {what} leaves in 30 days."
    ]
    assert told("RO-03", *leading(status="notice")) == [f"high: {what} has given notice."]
    assert told("RO-03", *leading(status="on_leave", away_since=days_ago(31))) == [
        f"high: {what} is away for 31 days; the limit is 30."
    ]
    back = TODAY + timedelta(days=30)
    assert told("RO-03", *leading(status="on_leave", away_since=days_ago(1), away_until=back)) == [
        f"high: {what} is away for 31 days; the limit is 30."
    ]


def test_ro_03_fires_where_someone_stands_in_for_more_than_ninety_days() -> None:
    web = chapter("Web", interim_lead="Ana", interim_since=days_ago(91))
    assert told(
        "RO-03", person("Ana"), web, tribe("Listening", interim_lead="Ana", interim_since=days_ago(9))
    ) == ["medium: Ana has been interim chapter lead of Web for 91 days; the limit is 90."]


def test_ro_03_is_silent_about_later_days_and_who_holds_nothing() -> None:
    assert told("RO-03", *leading(status="notice", leaves_on=TODAY + timedelta(days=31))) == []
    assert told("RO-03", *leading(status="on_leave", away_since=days_ago(30))) == []
    assert told("RO-03", person("Ana", status="notice"), squad("Search", "Ana", *crew(3))) == []
    assert told("RO-03", person("Ana"), chapter("Web", interim_lead="Ana", interim_since=days_ago(90))) == []
