"""What the rules find as a whole: settings, what was said, what changes do, and looking again after them."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from orgmodel.core.operations import Operation
from orgmodel.core.operations.dependencies import SolveDependency
from orgmodel.core.operations.findings import ChangeRule
from orgmodel.core.operations.memberships import JoinSquad, LeaveSquad, MovePeople
from orgmodel.core.operations.people import EditPerson, HirePerson
from orgmodel.core.operations.skills import SetSkills
from orgmodel.core.operations.squads import RenameSquad
from orgmodel.core.org import Org
from orgmodel.core.replay import replay
from orgmodel.core.rules.base import Finding
from orgmodel.core.rules.findings import (
    Findings,
    Judged,
    evaluate,
    findings_between,
    priority,
    reevaluate,
    with_waivers,
)
from orgmodel.core.rules.presets import PRESETS, differing
from orgmodel.core.rules.settings import RULES, settings_of
from tests.build import (
    an_org,
    chapter,
    id_of,
    needs,
    person,
    setting,
    skills,
    squad,
    system,
    tribe,
    vacancy,
    waiver,
)
from tests.findings import TODAY, crew, days_ago, told

LARGE = squad("Search", *crew(9))
KEY = f"SQ-01:squad:{id_of('Search')}"


def large() -> Finding:
    return evaluate(an_org(LARGE), TODAY).of("squad", id_of("Search"))[0]


def after(org: Org, *operations: Operation) -> Findings:
    """Return what the rules find again after operations, having made sure that looking at everything finds the same."""
    done = replay(org, operations, on=TODAY)
    assert not done.misfits
    again = reevaluate(evaluate(org, TODAY), org, done.after, done.changes)
    assert dict(again.by_subject) == dict(evaluate(done.after, TODAY, since=again.since).by_subject)
    return again


# Findings


def test_a_finding_says_everything_about_itself() -> None:
    assert large() == Finding(
        rule="SQ-01",
        severity="medium",
        kind="squad",
        id=id_of("Search"),
        message="Search has 9 people; the limit is 8.",
        value=9,
        threshold=8,
        people=9,
        what_to_try="Split it in two along its mission, or move people to squads that need them.",
    )
    assert large().key == KEY


def test_parts_of_a_rule_have_keys_of_their_own() -> None:
    found = evaluate(an_org(person("Ana"), vacancy("Designer", opened_on=days_ago(99))), TODAY)
    assert [f.code for f in found.of("vacancy", id_of("Designer"))] == ["HI-01a", "HI-01b"]
    key = f"HI-01b:vacancy:{id_of('Designer')}"
    finding = found.get(key)
    assert finding is not None
    assert (finding.key, finding.rule, finding.detail) == (key, "HI-01", "HI-01b")


@pytest.mark.parametrize("key", ["", "SQ-01", "SQ-01:squad:nobody", "SQ-01:nothing:at:all"])
def test_there_is_no_finding_by_a_key_that_is_none(key: str) -> None:
    assert evaluate(an_org(LARGE), TODAY).get(key) is None


def test_findings_come_worst_first() -> None:
    found = list(evaluate(an_org(tribe("Listening", LARGE), squad("Ads", "Ana")), TODAY))
    assert [f.severity for f in found][:3] == ["critical", "high", "medium"]
    assert len(found) == len(evaluate(an_org(tribe("Listening", LARGE), squad("Ads", "Ana")), TODAY))


def test_what_presses_most() -> None:
    finding = dataclasses.replace(large(), severity="high", people=7)
    assert priority(finding) == 50 * (1 + 3)
    assert priority(finding, age_days=45) == 50 * 4 * 1.5
    assert priority(finding, age_days=900) == 50 * 4 * 2
    assert priority(finding, age_days=-3) == 50 * 4


# Settings


def test_thresholds_can_be_set_one_by_one() -> None:
    said = "high: Search has 9 people; the limit is 8.5."
    assert told("SQ-01", LARGE, setting("SQ-01", thresholds=(("high_above", "8.5"),))) == [said]
    assert told("SQ-01", LARGE, setting("SQ-01", thresholds=(("medium_above", "9"),))) == []
    assert told("SQ-01", LARGE, setting("SQ-01", thresholds=(("no_such", "1"),))) == [
        "medium: Search has 9 people; the limit is 8."
    ]


def test_a_rule_can_be_switched_off() -> None:
    assert told("SQ-01", LARGE, setting("SQ-01", is_on=False)) == []


@pytest.mark.parametrize(
    ("severity", "nine", "ten"),
    [
        ("", "medium", "high"),
        ("critical", "high", "critical"),
        ("medium", "low", "medium"),
        ("low", "low", "low"),
    ],
)
def test_another_severity_is_that_of_the_worst_and_keeps_the_order(
    severity: str, nine: str, ten: str
) -> None:
    set_so = setting("SQ-01", severity=severity)
    assert told("SQ-01", LARGE, set_so) == [f"{nine}: Search has 9 people; the limit is 8."]
    assert told("SQ-01", squad("Search", *crew(10)), set_so) == [
        f"{ten}: Search has 10 people; the limit is 9."
    ]


EXEMPT = [
    ("person ana", ["PE-04:Ben"]),
    ("chapter web", []),
    ("type platform", ["PE-04:Ana"]),
    ("squad search", ["PE-04:Ben"]),
    ("squad ads", ["PE-04:Ana"]),
    ("tribe listening", ["PE-04:Ben"]),
    ("guild web", ["PE-04:Ana", "PE-04:Ben"]),
]


@pytest.mark.parametrize(("place", "left"), EXEMPT)
def test_who_belongs_to_what_is_exempt_is_exempt(place: str, left: list[str]) -> None:
    org = an_org(
        tribe("Listening", squad("Search", "Ana", shares={"Ana": 60})),
        tribe("Selling", squad("Ads", "Ben", type="platform", shares={"Ben": 60})),
        squad("Guests", "Ana", "Ben", shares={"Ana": 40, "Ben": 40}),
        chapter("Web", "Ana", "Ben"),
        setting("PE-04", exempt=f"{place}: They asked for it"),
    )
    assert [f"{f.rule}:{org.people[f.id].name}" for f in evaluate(org, TODAY) if f.rule == "PE-04"] == left


def test_a_tribe_of_one_type_of_squads_is_exempt_with_the_type() -> None:
    exempt = setting("TR-02", exempt="type platform: Nobody leads these")
    build_, run = (squad(name, type="platform") for name in ("Build", "Run"))
    assert told("TR-02", tribe("Platform", build_, run), exempt) == []
    assert told("TR-02", tribe("Mixed", build_, squad("Search")), exempt) == ["critical: Mixed has no lead."]
    assert told("TR-02", tribe("Empty"), exempt) == ["critical: Empty has no lead."]


def test_what_a_squad_owns_is_exempt_with_it() -> None:
    parts = (tribe("T", squad("Atlas", "Ana"), lead="Ana"), system("ledger", squad="Atlas"))
    owned = an_org(*parts, system("wiki", {"Ana": "both"}, squad="Atlas"))
    assert [f.code for f in evaluate(owned, TODAY) if f.kind == "system"] == ["SY-01", "SY-02"]
    exempt = owned.change(setting("SY-01", exempt="squad atlas: Handed over soon").records)
    assert [f.code for f in evaluate(exempt, TODAY) if f.kind == "system"] == ["SY-02"]


def test_a_vacancy_is_held_to_the_size_that_squads_may_have() -> None:
    parts = (
        squad("Search", *crew(6)),
        vacancy("Engineer", squad="Search", level="I2", hiring_manager="P1"),
    )
    smaller = {"thresholds": (("high_above", "6"), ("medium_above", "6"))}
    said = ["medium: With its vacancies, Search would have 7 people; the limit is 6."]
    assert told("HI-01", *parts) == []
    assert told("HI-01", *parts, setting("SQ-01", **smaller)) == said
    assert told("HI-01", *parts, setting("SQ-01", is_on=False, **smaller)) == []
    assert told("HI-01", *parts, setting("SQ-01", exempt="squad search: Why", **smaller)) == []


def test_the_defaults_hold_where_nothing_is_set() -> None:
    terms = settings_of(an_org(setting("SQ-02", note="We are small."))).terms
    assert dict(terms["SQ-01"].thresholds) == {"medium_above": 8, "high_above": 9}
    assert (terms["SQ-02"].is_on, terms["SQ-02"].note) == (True, "We are small.")
    assert list(terms) == list(RULES)


def test_presets_differ_in_what_they_say_of_a_squad_of_nine() -> None:
    org = an_org(LARGE)
    said = {
        name: told("SQ-01", org.change(then for _, then in differing(org, preset)))
        for name, preset in PRESETS.items()
    }
    assert said == {
        "Defaults": ["medium: Search has 9 people; the limit is 8."],
        "2012 paper": ["high: Search has 9 people; the limit is 8."],
        "Team Topologies": [],
        "Bank": [],
    }


# What was said


@pytest.mark.parametrize("state", ["waived", "acknowledged"])
def test_what_was_said_holds_until_its_last_day(state: str) -> None:
    org = an_org(LARGE, waiver(KEY, state=state, reason="Splits in May.", until=TODAY))
    found = evaluate(org, TODAY)
    assert list(with_waivers(found, org, TODAY)) == [Judged(large(), state, org.find("waiver", KEY))]  # type: ignore[arg-type]
    assert list(with_waivers(found, org, TODAY + timedelta(days=1))) == [Judged(large(), "open")]


def test_a_finding_that_nothing_was_said_about_is_open() -> None:
    org = an_org(LARGE, waiver(f"SQ-02:squad:{id_of('Search')}", reason="Other."))
    assert list(with_waivers(evaluate(org, TODAY), org, TODAY)) == [Judged(large())]


# Between two states


def test_what_a_draft_fixes_and_spoils() -> None:
    org = an_org(
        squad("Search", *crew(10)), squad("Ads", *crew(4, first=11)), squad("Home", *crew(3, first=21))
    )
    move = MovePeople(people=(id_of("P1"),), to=id_of("Ads"))
    more = MovePeople(people=(id_of("P21"),), to=id_of("Ads"))
    live, draft = evaluate(org, TODAY), after(org, move, more)
    found = findings_between(live, draft)
    assert [f.message for f in found.fixed] == ["Ads has 4 people; the least is 5."]
    assert [f.message for f in found.new] == [
        "2 of 6 people joined Ads within 90 days (33 %); the limit is 30 %."
    ]
    assert [(was.message, now.message) for was, now in found.worse] == [
        ("Home has 3 people; the least is 4.", "Home has 2 people; the least is 4.")
    ]
    assert [(was.value, now.value) for was, now in found.better] == [(10, 9)]
    assert found.weight == (20 - 50) - 20 + 20
    assert [f.rule for f in findings_between(draft, live).fixed] == ["SQ-09"]
    assert [f.message for f in findings_between(draft, live).new] == ["Ads has 4 people; the least is 5."]


def test_nothing_differs_between_equal_states() -> None:
    found = findings_between(evaluate(an_org(LARGE), TODAY), evaluate(an_org(LARGE), TODAY))
    assert (found.fixed, found.new, found.worse, found.better, found.weight) == ((), (), (), (), 0)


# Looking again


def test_who_loses_their_last_squad_has_none_since_today() -> None:
    org = an_org(squad("Search", "Ana"), person("Ana", started_on=days_ago(900)))
    again = after(org, LeaveSquad(person=id_of("Ana"), squad=id_of("Search")))
    assert again.of("person", id_of("Ana")) == ()
    assert dict(again.since) == {("person", id_of("Ana")): TODAY}
    back = JoinSquad(id=id_of("Again"), person=id_of("Ana"), squad=id_of("Search"))
    left = replay(org, [LeaveSquad(person=id_of("Ana"), squad=id_of("Search"))], on=TODAY).after.settle(1)
    joined = replay(left, [back], on=TODAY)
    assert dict(reevaluate(again, left, joined.after, joined.changes).since) == {}


def test_another_day_looks_at_everything_again() -> None:
    org = an_org(person("Ana", started_on=days_ago(14)))
    live = evaluate(org, TODAY)
    assert live.of("person", id_of("Ana")) == ()
    tomorrow = reevaluate(live, org, org, [], TODAY + timedelta(days=1))
    assert [f.rule for f in tomorrow.of("person", id_of("Ana"))] == ["PE-01"]


def test_a_changed_rule_is_held_against_everything() -> None:
    change = ChangeRule(rule="SQ-01", values={"is_on": False})
    assert after(an_org(LARGE), change).of("squad", id_of("Search")) == ()


CIRCLE = an_org(
    *(squad(name, *crew(5, first=10 * n)) for n, name in enumerate("ABCD")),
    *(needs(one, other) for one, other in ("AB", "BC", "CD", "DA")),
)


def test_a_circle_is_told_again_wherever_it_is_touched() -> None:
    (first,) = [f.id for f in evaluate(CIRCLE, TODAY) if f.rule == "DE-03"]
    for name in "ABCD":
        renamed = after(CIRCLE, RenameSquad(id=id_of(name), name=f"New {name}"))
        (finding,) = renamed.of("squad", first)
        assert f"New {name}" in finding.message
    broken = after(CIRCLE, SolveDependency(id=id_of("A", "B")))
    assert [f for f in broken if f.rule == "DE-03"] == []


def test_a_skill_that_somebody_gains_takes_a_system_off_one_person() -> None:
    search = squad("Search"), system("index", {"Ana": "both", "Ben": "both"}, squad="Search", skill="Go")
    org = an_org(*search, skills("Ana", Go="expert"), skills("Ben", Rust="expert"))
    assert [f.rule for f in evaluate(org, TODAY).of("system", id_of("index"))] == ["SY-02"]
    learned = SetSkills(person=id_of("Ben"), skills=(("Go", "working"),))
    assert after(org, learned).of("system", id_of("index")) == ()


def test_layers_above_are_counted_again_for_everybody_below() -> None:
    line = [person(f"M{n}", manager=f"M{n - 1}" if n else None) for n in range(6)]
    org = an_org(*line, *(person(f"R{n}{k}", manager=f"M{n}") for n in range(6) for k in range(3)))
    shorter = EditPerson(id=id_of("M2"), values={"manager": id_of("M0")})
    found = [
        findings.get(f"SP-01b:person:{id_of('M5')}")
        for findings in (evaluate(org, TODAY), after(org, shorter))
    ]
    assert [finding.value if finding else None for finding in found] == [6, None]


def test_who_is_in_a_chapter_only_counts_in_its_tribe() -> None:
    lx = tribe("Listening", squad("Search"), squad("Ads"), chapter("Web", *crew(91)), lead="P1")
    away = squad("Elsewhere", "P2")
    again = after(an_org(lx, away), LeaveSquad(person=id_of("P2"), squad=id_of("Elsewhere")))
    assert [f.message for f in again.of("tribe", id_of("Listening"))] == [
        "Listening has 91 people and approaches the limit of 100."
    ]


def test_the_first_manager_of_all_makes_the_others_lack_one() -> None:
    org = an_org(person("Ana"), squad("Search", "Ben"))
    hired = HirePerson(id=id_of("Cleo"), values={"name": "Cleo", "manager": id_of("Ana")})
    assert [f.code for f in after(org, hired).of("person", id_of("Ben"))] == ["PE-02a"]
