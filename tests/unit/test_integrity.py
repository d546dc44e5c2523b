"""Problems: each rule fires, and stays silent at its boundary."""

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from orgmodel.core.org import Org
from orgmodel.core.records import Membership, Person, RuleSetting, SquadLineage, Waiver
from orgmodel.core.rules.integrity import new_problems, problems
from tests.build import (
    Part,
    an_org,
    chapter,
    coaching,
    domain,
    guild,
    id_of,
    mission,
    needs,
    person,
    role,
    skills,
    squad,
    system,
    tribe,
    vacancy,
    word,
)
from tests.findings import as_phrase


def found(org: Org) -> list[tuple[str, str]]:
    return [(problem.code, as_phrase(problem.message)) for problem in problems(org)]


def test_a_sound_organization_has_no_problem() -> None:
    org = an_org(
        role("Engineer"),
        tribe(
            "Listening", squad("Search", "Ana", shares={"Ana": 100}), chapter("Backend", "Ana"), lead="Ana"
        ),
        guild("Web", "Ana"),
        mission("Find it"),
        vacancy("Engineer", squad="Search"),
    )
    assert found(org) == []


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": "  "}, "Name is missing"),
        ({"name": "x" * 201}, "Name is longer than 200 characters"),
        ({"title": "a\x00b"}, "Title holds characters that cannot be stored"),
        ({"title": "\ud800"}, "Title holds characters that cannot be stored"),
        ({"status": "asleep"}, "Status must be one of active, prehire, onboarding, on_leave, notice, left"),
        (
            {"external_ids": (("hr", ""),)},
            "External ids must name a source and a value, 200 characters each at most",
        ),
        ({"external_ids": (("hr", "1"), ("hr", "2"))}, "External ids names a source twice"),
        ({"email": "ana"}, "Email must be an address such as ana@example.org"),
        ({"started_on": "yesterday"}, "Started on is not a date"),
    ],
)
def test_field_fits(fields: dict[str, object], message: str) -> None:
    ana = Person(**({"id": id_of("Ana"), "key": "ana", "name": "Ana"} | fields))  # type: ignore[arg-type]
    assert found(Org.build([ana])) == [("field_fits", message)]


def test_field_fits_at_the_boundary() -> None:
    ana = Person(id=id_of("Ana"), key="ana", name="x" * 200, title="y" * 200, external_ids=(("hr", "1"),))
    assert found(Org.build([ana])) == []


@pytest.mark.parametrize(
    "email",
    [
        "ana",
        "@example.org",
        "ana@",
        "ana@example",
        "ana@.org",
        "ana@example.",
        "ana@a..org",
        "ana@b@example.org",
        "a na@example.org",
        "ana@example.org ",
    ],
)
def test_an_email_is_an_address(email: str) -> None:
    ana = Person(id=id_of("Ana"), key="ana", name="Ana", email=email)
    assert found(Org.build([ana])) == [("field_fits", "Email must be an address such as ana@example.org")]


@pytest.mark.parametrize(
    "email", ["", "a@b.c", "p00001@example.org", "root@localhost", "åsa+x@müller.example"]
)
def test_an_email_at_the_boundary(email: str) -> None:
    assert found(Org.build([Person(id=id_of("Ana"), key="ana", name="Ana", email=email)])) == []


@pytest.mark.parametrize("share", [0, 101, -5, 12.5, True])
def test_a_share_is_a_whole_number_from_1_to_100(share: object) -> None:
    org = an_org(squad("Search", "Ana"))
    org = org.edit(org.memberships[id_of("Ana", "Search")], share=share)
    assert found(org) == [("field_fits", "Share in percent must be a whole number from 1 to 100")]


@pytest.mark.parametrize("share", [1, 100, None])
def test_shares_at_the_boundary(share: int | None) -> None:
    org = an_org(squad("Search", "Ana"))
    assert found(org.edit(org.memberships[id_of("Ana", "Search")], share=share)) == []


def test_a_number_fits_its_column() -> None:
    org = an_org(mission("Find it", target=Decimal(10) ** 12))
    assert found(org) == [("field_fits", "Target must be a number below a trillion")]
    assert found(an_org(mission("Find it", target=Decimal("999999999999.999999")))) == []


def test_reference_exists() -> None:
    org = an_org(squad("Search", tribe="Nowhere"))
    assert found(org) == [("reference_exists", "Tribe refers to a tribe that does not exist")]


def test_key_unique() -> None:
    org = an_org(person("Ana")).put(Person(id=id_of("Other"), key="ana", name="Ana"))
    assert found(org) == [("key_unique", "Key “ana” is taken by another person")] * 2


@pytest.mark.parametrize("key", ["a b", "ä", "a/b", ".hidden"])
def test_a_key_can_stand_in_an_address(key: str) -> None:
    org = Org.build([Person(id=id_of("Ana"), key=key, name="Ana")])
    assert found(org) == [("key_unique", "Key may hold letters, digits, dots, dashes and underscores only")]


def test_names_are_unique_within_their_tribe_whatever_the_case() -> None:
    org = an_org(tribe("Listening", squad("Search"), squad("SEARCH", key="search-2")))
    assert sorted(found(org)) == [
        ("name_unique", "There is already a squad “SEARCH” in Listening"),
        ("name_unique", "There is already a squad “Search” in Listening"),
    ]


def test_the_same_name_may_live_in_another_tribe_or_be_closed() -> None:
    org = an_org(
        tribe("Listening", squad("Search"), squad("SEARCH", key="search-2", closed_on=date(2026, 1, 1))),
        tribe("Creators", squad("search", key="search-3")),
    )
    assert found(org) == []


def test_one_membership_per_person_and_squad() -> None:
    org = an_org(squad("Search", "Ana"))
    org = org.put(Membership(id=id_of("second"), person=id_of("Ana"), squad=id_of("Search")))
    assert set(found(org)) == {("one_membership", "Ana is in Search twice")}


def test_one_chapter_per_person() -> None:
    org = an_org(chapter("Backend", "Ana"), chapter("Web"))
    second = an_org(chapter("Web", "Ana")).chapter_members[id_of("Ana")]
    org = org.put(dataclasses.replace(second, id=id_of("second")))
    assert set(found(org)) == {("one_chapter", "Ana is in more than one chapter")}


def test_a_line_leads_from_one_unit_to_another() -> None:
    org = an_org(squad("Search"), squad("Ranking"))
    line = SquadLineage(
        id=id_of("line"), predecessor=id_of("Search"), successor=id_of("Ranking"), on=date(2026, 5, 1)
    )
    later = dataclasses.replace(line, id=id_of("later"), on=date(2026, 5, 2))
    assert found(org.change([line, later])) == []
    turned = dataclasses.replace(line, predecessor=id_of("Ranking"))
    assert found(org.put(turned)) == [("two_units", "Ranking cannot come of itself")]
    twice = org.change([line, dataclasses.replace(later, on=line.on)])
    assert set(found(twice)) == {("two_units", "Ranking comes of Search twice on one day")}
    undated = dataclasses.replace(line, on=None)  # type: ignore[arg-type]
    assert found(org.put(undated)) == [("field_fits", "Day is missing")]


def test_what_joins_two_records_is_there_once() -> None:
    org = an_org(
        squad("Search"),
        squad("Ads"),
        needs("Search", "Ads"),
        needs("Ads", "Search"),
        system("Index", {"Ana": "developer", "Ben": "both"}, squad="Search"),
        skills("Ana", Go="expert", SQL="working"),
        skills("Ben", Go="expert"),
        coaching("Ana", "Search", "Ads"),
    )
    assert found(org) == []
    for kind, message in (
        ("dependency", "This dependency is there already"),
        ("system_owner", "This system owner is there already"),
        ("person_skill", "This person skill is there already"),
        ("coaching", "This coaching is there already"),
    ):
        first: Any = next(iter(org.table(kind).values()))
        again = {"skill": first.skill.lower()} if kind == "person_skill" else {}
        twice = org.put(dataclasses.replace(first, id=id_of("second"), **again))
        assert found(twice) == [("one_of_each", message)] * 2


def test_no_squad_needs_itself_or_claims_what_it_owns() -> None:
    org = an_org(squad("Search"), squad("Ads"), system("Index", squad="Search", claimed_by="Ads"))
    assert found(org) == []
    itself = org.change(an_org(needs("Search", "Search")).dependencies.values())
    assert found(itself) == [("two_squads", "Search cannot need itself")]
    owned = org.edit(org.systems[id_of("Index")], claimed_by=id_of("Search"))
    assert found(owned) == [("two_squads", "Search owns Index already")]


def test_nobody_is_back_before_they_went_away() -> None:
    away = {"away_since": date(2026, 5, 1), "away_until": date(2026, 5, 1)}
    assert found(an_org(person("Ana", **away))) == []
    assert found(an_org(person("Ana", **away | {"away_until": date(2026, 4, 30)}))) == [
        ("until_after_since", "Ana would be back on 2026-04-30 before going away on 2026-05-01")
    ]


def set_for(rule: str, exempt: str = "", **thresholds: str) -> Org:
    own = RuleSetting(id=id_of(rule), key=rule, thresholds=tuple(thresholds.items()), exempt=exempt)
    return an_org(squad("Atlas", "Ana"), tribe("Core")).change([own])


@pytest.mark.parametrize("number", ["9", "8.5", "999999999"])
def test_thresholds_at_the_boundary(number: str) -> None:
    assert found(set_for("SQ-01", high_above=number)) == []


@pytest.mark.parametrize("number", ["nine", "NaN", "Infinity", "1,5", "-1", "1e3"])
def test_a_threshold_is_a_number(number: str) -> None:
    said = [("setting_fits", "The threshold high_above must be a number")]
    assert found(set_for("SQ-01", high_above=number)) == said
    assert found(set_for("crafts", Actuary=number)) == [
        ("setting_fits", "The threshold Actuary must be a number")
    ]


def test_a_threshold_is_one_that_the_rule_has_and_in_order() -> None:
    assert found(set_for("SQ-01", most="9")) == [
        ("setting_fits", "SQ-01 has no threshold most: it has medium_above and high_above")
    ]
    assert found(set_for("SQ-03", most="9")) == [("setting_fits", "SQ-03 has no threshold most: it has none")]
    assert found(set_for("SQ-01", high_above="5")) == [
        ("setting_fits", "The threshold medium_above (8) must not be more than high_above (5)")
    ]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("squad atlas: On call\n\nperson ana: Why\ntribe core: Why\ntype platform: Why", ""),
        ("squad  atlas : On call", ""),
        ("squad nope: Why", "There is no squad “nope”"),
        ("type nope: Why", "There is no type “nope”: there are stream_aligned, platform, enabling and"
                           " complicated_subsystem"),
        ("squad atlas", "Say after a colon why squad atlas is exempt"),
        ("atlas: Why", "“atlas” does not read like “squad atlas: Why”: a line begins with person, squad, tribe,"
                       " chapter, guild, system and type"),
        ("role ana: Why", "“role ana” does not read like “squad atlas: Why”: a line begins with person, squad, tribe,"
                          " chapter, guild, system and type"),
    ],
)  # fmt: skip
def test_exemptions_name_what_there_is_and_say_why(line: str, fault: str) -> None:
    assert found(set_for("SQ-01", exempt=line)) == ([("setting_fits", fault)] if fault else [])


def test_a_waiver_ends_and_what_is_acknowledged_need_not() -> None:
    key = f"SQ-01:squad:{id_of('Search')}"
    waiver = Waiver(id=id_of("waiver"), key=key, reason="Splits soon.")
    assert found(Org.build([waiver])) == []
    waived = dataclasses.replace(waiver, state="waived")
    assert found(Org.build([waived])) == [("waiver_ends", "Say until when the finding is waived")]
    assert found(Org.build([dataclasses.replace(waived, until=date(2027, 1, 1))])) == []
    assert found(Org.build([dataclasses.replace(waiver, key="a b")])) == [
        ("key_unique", "Key may hold letters, digits, dots, dashes and underscores only"),
        ("rule_known", "There is no rule “a b”"),
    ]


@pytest.mark.parametrize(
    ("rule", "known"), [("SQ-01", True), ("crafts", True), ("XX-01", False), ("", False)]
)
def test_a_setting_is_of_a_rule_that_there_is(rule: str, known: bool) -> None:
    problems = found(Org.build([RuleSetting(id=id_of("setting"), key=rule)]))
    assert (("rule_known", f"There is no rule “{rule}”") not in problems) is known


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (word("tribe", "area", "areas", {"sv:one": "område", "sv:article": "ett"}), []),
        (word("team", "crew", "crews"), [("word_fits", "There is no term “team”")]),
        (
            word("tribe", "squad", "areas"),
            [
                (
                    "word_fits",
                    "“squad” is the word for squad already: choose another, or change that one first",
                ),
            ],
        ),
        (
            word("tribe", "area", "areas", {"sv:one": "{x}"}),
            [
                (
                    "word_fits",
                    "“{x}” must begin with a letter and hold letters, digits, single spaces and hyphens only",
                )
            ],
        ),
    ],
)
def test_a_word_is_of_a_term_and_fits_into_sentences(part: Part, said: list[tuple[str, str]]) -> None:
    assert found(an_org(part)) == said


def test_until_is_not_before_since() -> None:
    org = an_org(squad("Search", "Ana"))
    membership = org.memberships[id_of("Ana", "Search")]
    same = org.edit(membership, since=date(2026, 5, 1), until=date(2026, 5, 1))
    assert found(same) == []
    before = org.edit(membership, since=date(2026, 5, 2), until=date(2026, 5, 1))
    assert found(before) == [
        ("until_after_since", "Ana would leave on 2026-05-01 before joining on 2026-05-02")
    ]


def test_no_cycle_among_managers() -> None:
    line = an_org(person("Ana", manager="Ben"), person("Ben", manager="Cleo"), person("Cleo"))
    assert found(line) == []
    circle = line.edit(line.people[id_of("Cleo")], manager=id_of("Ana"))
    assert sorted(found(circle)) == [
        ("no_cycle", f"{name} would answer to themselves") for name in ("Ana", "Ben", "Cleo")
    ]


def test_no_cycle_among_missions() -> None:
    org = an_org(mission("A", parent="B"), mission("B"))
    assert found(org) == []
    assert len(found(org.edit(org.missions[id_of("B")], parent=id_of("A")))) == 2


@pytest.mark.parametrize(
    ("org", "message"),
    [
        (an_org(squad("Search", "Ana", closed_on=date(2026, 1, 1))), "Search is closed"),
        (
            an_org(chapter("Backend", closed_on=date(2026, 1, 1)), vacancy("Lead", chapter="Backend")),
            "Backend is closed",
        ),
        (an_org(tribe("Listening", squad("Search"), closed_on=date(2026, 1, 1))), "Listening is closed"),
        (an_org(chapter("Web", "Ana", closed_on=date(2026, 1, 1))), "Web is closed"),
        (an_org(guild("Web", "Ana", closed_on=date(2026, 1, 1))), "Web is closed"),
        (
            an_org(mission("Find", closed_on=date(2026, 1, 1)), squad("Search", mission="Find")),
            "Find is closed",
        ),
        (an_org(person("Ana", status="left"), squad("Search", "Ana")), "Ana has left"),
        (an_org(person("Ana", status="left"), tribe("Listening", lead="Ana")), "Ana has left"),
        (an_org(person("Ana", status="left"), person("Ben", manager="Ana")), "Ana has left"),
        (an_org(person("Ana", status="left"), tribe("Listening", interim_lead="Ana")), "Ana has left"),
        (an_org(person("Ana", status="left"), chapter("Backend", interim_lead="Ana")), "Ana has left"),
        (an_org(person("Ana", status="left"), system("Index", {"Ana": "both"})), "Ana has left"),
        (an_org(person("Ana", status="left"), squad("Search"), coaching("Ana", "Search")), "Ana has left"),
        (an_org(squad("Search", closed_on=date(2026, 1, 1)), coaching("Ana", "Search")), "Search is closed"),
        (an_org(system("Index", {"Ana": "both"}, closed_on=date(2026, 1, 1))), "Index is closed"),
        (
            an_org(domain("Finding", closed_on=date(2026, 1, 1)), system("Index", domain="Finding")),
            "Finding is closed",
        ),
        (
            an_org(squad("Search", closed_on=date(2026, 1, 1)), system("Index", claimed_by="Search")),
            "Search is closed",
        ),
    ],
)
def test_closed_units_hold_nobody(org: Org, message: str) -> None:
    assert found(org) == [("closed_holds_nobody", message)]


def test_a_settled_vacancy_may_name_a_closed_chapter() -> None:
    org = an_org(
        chapter("Backend", closed_on=date(2026, 1, 1)), vacancy("Lead", chapter="Backend", state="cancelled")
    )
    assert found(org) == []


@pytest.mark.parametrize("state", ["open", "cancelled"])
def test_what_a_closed_squad_leaves_behind_is_no_problem_of_the_organization(state: str) -> None:
    org = an_org(squad("Search", closed_on=date(2026, 1, 1)), vacancy("PO", squad="Search", state=state))
    assert found(org) == []


def test_a_closed_squad_may_be_left_with_a_system_a_domain_and_dependencies() -> None:
    org = an_org(
        squad("Search", closed_on=date(2026, 1, 1)),
        squad("Ads"),
        system("Index", squad="Search"),
        domain("Finding", squad="Search"),
        needs("Ads", "Search"),
        needs("Search", "Ads"),
    )
    assert found(org) == []


def test_only_what_a_change_adds_counts() -> None:
    flawed = an_org(tribe("Listening", squad("Search", "Ana", closed_on=date(2026, 1, 1))), person("Ben"))
    renamed = flawed.edit(flawed.people[id_of("Ben")], name="Benno")
    assert new_problems(renamed, flawed) == []
    same_flaw = flawed.edit(flawed.memberships[id_of("Ana", "Search")], share=50)
    assert new_problems(same_flaw, flawed) == []


def test_neighbors_of_what_is_removed_or_closed_are_checked() -> None:
    org = an_org(squad("Search", "Ana"))
    closed = org.edit(org.squads[id_of("Search")], closed_on=date(2026, 1, 1))
    assert [p.message for p in new_problems(closed, org)] == ["Search is closed"]
    gone = org.remove(org.squads[id_of("Search")])
    assert [p.message for p in new_problems(gone, org)] == ["Squad refers to a squad that does not exist"]


def test_an_id_of_another_system_belongs_to_one_record() -> None:
    org = an_org(
        person("Ana", external_ids=(("hris", "1"), ("git", "ana"))),
        person("Ben", external_ids=(("hris", "2"), ("git", "ben"))),
    )
    assert found(org) == []
    ben = org.people[id_of("Ben")]
    twice = org.edit(ben, external_ids=(("git", "ben"), ("hris", "1")))
    assert set(found(twice)) == {("external_id_unique", "Another person has the id “1” in “hris”")}
    assert twice.with_external_id("person", "hris", "2") == ()
    apart = twice.edit(twice.people[ben.id], external_ids=(("git", "ben"), ("jira", "1")))
    assert found(apart) == []
    assert apart.with_external_id("person", "git", "ben") == (ben.id,)
    assert apart.remove(apart.people[ben.id]).with_external_id("person", "git", "ben") == ()
