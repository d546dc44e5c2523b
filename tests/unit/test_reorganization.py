"""What a draft must settle: each check fires, and stays silent at its boundary."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from orgmodel.core.changes import Change
from orgmodel.core.impact import impact_of
from orgmodel.core.operations import ApplyChanges, Operation
from orgmodel.core.operations.findings import ChangeRule
from orgmodel.core.operations.memberships import LeaveSquad, MovePeople
from orgmodel.core.operations.merges import MergeSquads
from orgmodel.core.operations.people import EditPerson, HirePerson, OffboardPerson
from orgmodel.core.operations.splits import SplitSquad
from orgmodel.core.operations.squads import CloseSquad, CreateSquad, SetSquadLead
from orgmodel.core.operations.vacancies import CloseVacancy
from orgmodel.core.org import Org
from orgmodel.core.replay import replay
from orgmodel.core.rules.limits import Limits
from orgmodel.core.rules.reorganization import (
    Check,
    Header,
    LeftBehind,
    Plan,
    checks_of,
    left_behind,
    left_behind_in_words,
)
from tests.build import an_org, id_of, person, role, squad, tribe, vacancy
from tests.findings import as_phrase

TODAY = date(2026, 11, 20)
LIMITS = Limits(notice_days=14)
DONE: dict[str, Any] = {"success": "Lead time", "rollback_plan": "Swap back", "review_on": date(2027, 2, 1)}


def planned(
    org: Org,
    *operations: Operation,
    briefed: Sequence[str] = (),
    earlier: Mapping[str, tuple[date, ...]] | None = None,
    freezes: tuple[tuple[str, date, date], ...] = (),
    limits: Limits = LIMITS,
    **header: Any,
) -> Plan:
    done = replay(org, operations, on=TODAY)
    return Plan(
        replay=done,
        impact=impact_of(done.before, done.after, done.changes, today=TODAY, limits=limits),
        header=Header(**(DONE | header)),
        today=TODAY,
        briefed=frozenset(id_of(name) for name in briefed),
        earlier={id_of(name): days for name, days in (earlier or {}).items()},
        freezes=freezes,
        limits=limits,
    )


def found(code: str, plan: Plan) -> list[Check]:
    return [check for check in checks_of(plan) if check.code == code]


def told(code: str, plan: Plan) -> list[str]:
    return [as_phrase(check.message) for check in found(code, plan)]


def move(who: str, to: str) -> MovePeople:
    return MovePeople(people=(id_of(who),), to=id_of(to))


def leave(who: str, where: str) -> LeaveSquad:
    return LeaveSquad(person=id_of(who), squad=id_of(where))


def closing(name: str) -> ApplyChanges:
    """Close a squad whatever it holds, as an undo does."""
    change = Change("squad", id_of(name), {"closed_on": None}, {"closed_on": TODAY})
    return ApplyChanges(title=f"Close {name}", changes=(change,))


def merge(*squads: str, into: str, hands_over: bool = True) -> MergeSquads:
    return MergeSquads(squads=tuple(map(id_of, squads)), into=id_of(into), hands_over=hands_over)


def split(where: str, *people: str) -> SplitSquad:
    return SplitSquad(
        squad=id_of(where),
        id=id_of("Other half"),
        name="Other half",
        people=tuple(map(id_of, people)),
    )


# Left behind

OFFLINE = an_org(
    squad("Offline & Downloads"),
    squad("Playback", "Ana"),
    vacancy("Senior backend", squad="Offline & Downloads"),
    vacancy("Designer", squad="Offline & Downloads"),
)


def settled(title: str) -> CloseVacancy:
    return CloseVacancy(vacancy=id_of(title))


def test_a_closed_squad_leaves_its_open_vacancies_behind() -> None:
    after = replay(OFFLINE, [settled("Designer"), closing("Offline & Downloads")], on=TODAY).after
    left = left_behind(OFFLINE, after)
    assert left == [LeftBehind(id_of("Offline & Downloads"), "vacancy", id_of("Senior backend"))]
    assert left_behind_in_words(after, left) == [
        "Offline & Downloads closes but still holds the vacancy Senior backend. Give it a home first."
    ]


def test_what_was_left_behind_before_is_not_left_behind_again() -> None:
    closed = replay(OFFLINE, [closing("Offline & Downloads")], on=TODAY).after.settle(1)
    assert left_behind(closed, replay(closed, [settled("Designer")], on=TODAY).after) == []


def test_an_open_squad_leaves_nothing_behind() -> None:
    assert left_behind(OFFLINE, replay(OFFLINE, [settled("Designer")], on=TODAY).after) == []


# RG-01


def test_nobody_ends_without_a_squad() -> None:
    org = an_org(squad("Search", "Ana", "Ben"), squad("Ads", "Ben"), person("Cleo"))
    plan = planned(
        org,
        leave("Ana", "Search"),
        leave("Ben", "Search"),
        HirePerson(id=id_of("Dan"), values={"name": "Dan"}),
    )
    assert found("RG-01", plan) == [
        Check(
            "RG-01",
            "blocker",
            "2 people end without a squad: Ana and Dan.",
            (("person", id_of("Ana")), ("person", id_of("Dan"))),
            "Give them a squad, or let them leave in this draft too.",
        )
    ]


def test_nobody_loses_their_manager() -> None:
    org = an_org(squad("Search", "Cleo"), person("Ana", manager="Ben"), person("Ben"))
    plan = planned(
        org,
        EditPerson(id=id_of("Ana"), values={"manager": None}),
        EditPerson(id=id_of("Cleo"), values={"level": "3"}),
    )
    assert told("RG-01", plan) == ["1 person ends without a manager: Ana."]


def test_who_leads_who_leaves_and_who_had_no_squad_may_end_without_one() -> None:
    org = an_org(
        tribe("Listening", squad("Search", "Ana", "Ben"), lead="Ana"),
        person("Cleo", manager="Ana"),
    )
    plan = planned(
        org,
        leave("Ana", "Search"),
        OffboardPerson(person=id_of("Ben")),
        EditPerson(id=id_of("Cleo"), values={"manager": id_of("Ana"), "title": "Coach"}),
    )
    assert told("RG-01", plan) == []


# RG-02


def test_what_does_not_fit_blocks() -> None:
    org = an_org(squad("Search", "Ana"), squad("Ads"))
    plan = planned(org, move("Ana", "Search"), CloseSquad(id=id_of("Search")))
    (check,) = found("RG-02", plan)
    assert (check.level, check.message) == (
        "blocker",
        "2 changes do not fit today's organization any more:"
        " “Move Ana from Search to Search” and “Close squad Search”.",
    )
    assert check.subjects == (("person", id_of("Ana")),)


def test_what_fits_does_not_block() -> None:
    assert told("RG-02", planned(an_org(squad("Search", "Ana"), squad("Ads")), move("Ana", "Ads"))) == []


# RG-03


def test_a_squad_that_merges_without_its_vacancies_blocks() -> None:
    plan = planned(OFFLINE, merge("Offline & Downloads", into="Playback", hands_over=False))
    home = ("squad", id_of("Offline & Downloads"))
    assert found("RG-03", plan) == [
        Check(
            "RG-03",
            "blocker",
            "Offline & Downloads closes but still holds 2 vacancies (Designer, Senior backend).",
            (home, ("vacancy", id_of("Designer")), ("vacancy", id_of("Senior backend"))),
            "Give them a home first.",
        )
    ]


def test_a_squad_that_hands_its_vacancies_over_does_not_block() -> None:
    assert told("RG-03", planned(OFFLINE, merge("Offline & Downloads", into="Playback"))) == []


# RG-04

CHRISTMAS = ("Christmas", date(2026, 12, 20), date(2027, 1, 3))


@pytest.mark.parametrize(
    ("effective", "announced", "messages"),
    [
        (date(2026, 11, 19), None, ["The effective date, 19 November 2026, has passed."]),
        (TODAY, None, []),
        (None, TODAY, []),
        (
            date(2026, 12, 20),
            None,
            ["20 December 2026 is inside the freeze Christmas, 20 December 2026 to 3 January 2027."],
        ),
        (
            date(2027, 1, 3),
            None,
            ["3 January 2027 is inside the freeze Christmas, 20 December 2026 to 3 January 2027."],
        ),
        (date(2026, 12, 19), None, []),
        (date(2027, 1, 4), None, []),
        (
            date(2026, 12, 14),
            date(2026, 12, 1),
            ["It is announced 13 days before it takes effect; 14 are due."],
        ),
        (date(2026, 12, 15), date(2026, 12, 1), []),
        (
            date(2026, 12, 1),
            date(2026, 12, 1),
            ["It is announced on the day it takes effect; 14 days earlier is due."],
        ),
        (
            date(2026, 12, 1),
            date(2026, 12, 2),
            ["It is announced after it takes effect; 14 days earlier is due."],
        ),
    ],
)
def test_the_day_it_takes_effect(effective: date | None, announced: date | None, messages: list[str]) -> None:
    plan = planned(an_org(), freezes=(CHRISTMAS,), effective_on=effective, announce_on=announced)
    assert told("RG-04", plan) == messages


# RG-05


def test_who_gets_another_squad_or_manager_is_briefed_first() -> None:
    org = an_org(squad("Search", "Ana", "Ben", "Cleo"), squad("Ads"))
    plan = planned(
        org,
        move("Ana", "Ads"),
        move("Ben", "Ads"),
        EditPerson(id=id_of("Cleo"), values={"manager": id_of("Ana")}),
        briefed=["Ben"],
    )
    assert found("RG-05", plan) == [
        Check(
            "RG-05",
            "high",
            "2 people get another squad or manager and no private briefing is planned: Ana and Cleo.",
            (("person", id_of("Ana")), ("person", id_of("Cleo"))),
            "Plan who tells each of them, before it is announced.",
        )
    ]


def test_who_is_briefed_hired_or_leaving_needs_no_other_briefing() -> None:
    org = an_org(squad("Search", "Ana", "Ben"), squad("Ads"))
    plan = planned(
        org,
        move("Ana", "Ads"),
        OffboardPerson(person=id_of("Ben")),
        HirePerson(id=id_of("Dan"), values={"name": "Dan"}),
        briefed=["Ana"],
    )
    assert told("RG-05", plan) == []


# RG-06

OWNED = an_org(
    role("Product owner", leads=True),
    squad("Search", "Ana", "Ben", "Cleo", "Dan", "Eva", roles={"Ana": "Product owner"}),
    squad("Ads", "Finn", "Gita", "Hugo", "Ines", "Jan", roles={"Finn": "Product owner"}),
)


def owner(where: str, who: str | None) -> SetSquadLead:
    return SetSquadLead(
        squad=id_of(where), role=id_of("Product owner"), person=id_of(who) if who is not None else None
    )


def test_what_a_draft_spoils_weighs_more_than_what_it_settles() -> None:
    plan = planned(OWNED, owner("Search", None), move("Jan", "Search"))
    assert found("RG-06", plan) == [
        Check(
            "RG-06",
            "high",
            "Findings: 2 new, 0 worse, 0 better, 0 fixed."
            " Search has no product owner. Ads has 4 people; the least is 5.",
            (("squad", id_of("Search")), ("squad", id_of("Ads"))),
            "Settle what is new in this draft, or say why it may wait.",
        )
    ]


def test_as_much_settled_as_spoiled() -> None:
    unowned = replay(OWNED, [owner("Ads", None)], on=TODAY).after.settle(1)
    assert told("RG-06", planned(unowned, owner("Search", None), owner("Ads", "Finn"))) == []
    assert told("RG-06", planned(unowned, owner("Search", None))) == [
        "Findings: 1 new, 0 worse, 0 better, 0 fixed. Search has no product owner."
    ]


def test_a_finding_that_gets_worse_counts_by_its_severity() -> None:
    once = replay(OWNED, [move("Ana", "Ads")], on=TODAY).after.settle(1)
    assert told("RG-06", planned(once, move("Ben", "Ads"))) == [
        "Findings: 0 new, 1 worse, 0 better, 0 fixed. Search has 3 people; the least is 4."
    ]


def test_the_rules_are_those_of_the_organization() -> None:
    off = replay(OWNED, [ChangeRule(rule="SQ-03", values={"is_on": False})], on=TODAY).after.settle(1)
    assert told("RG-06", planned(off, owner("Search", None))) == []


# RG-07

FOUR = an_org(squad("Search", "Ana", "Ben", "Cleo", "Dan"), squad("Ads", "Eva"), squad("Playback", "Finn"))


def test_a_squad_keeps_half_of_its_people() -> None:
    half = [move("Ana", "Ads"), move("Ben", "Playback")]
    assert told("RG-07", planned(FOUR, *half)) == []
    assert found("RG-07", planned(FOUR, *half, move("Cleo", "Ads"))) == [
        Check(
            "RG-07",
            "medium",
            "1 squad keeps less than 50 % of its people together: Search (1 of 4).",
            (("squad", id_of("Search")),),
            "Leave more of them where they are, or move them as a group.",
        )
    ]


def test_a_squad_merged_whole_keeps_its_people_together() -> None:
    assert told("RG-07", planned(FOUR, merge("Search", "Playback", into="Ads"))) == []


def test_a_squad_that_splits_keeps_half() -> None:
    assert told("RG-07", planned(FOUR, split("Search", "Ana", "Ben"))) == []
    assert told("RG-07", planned(FOUR, split("Search", "Ana", "Ben", "Cleo"))) == [
        "1 squad keeps less than 50 % of its people together: Search (1 of 4)."
    ]


def test_a_squad_that_closes_and_scatters_does_not() -> None:
    scattered = [move("Ana", "Ads"), move("Ben", "Playback"), move("Cleo", "New")]
    plan = planned(
        FOUR,
        CreateSquad(id=id_of("New"), values={"name": "New"}),
        *scattered,
        leave("Dan", "Search"),
        CloseSquad(id=id_of("Search")),
    )
    assert told("RG-07", plan) == ["1 squad keeps less than 50 % of its people together: Search (1 of 4)."]


def test_a_group_to_be_kept_together_is_separated() -> None:
    group = tuple(map(id_of, ("Ana", "Ben", "Cleo")))
    assert told("RG-07", planned(FOUR, move("Ana", "Ads"), keep_together=(group,))) == [
        "3 people who are to stay together end apart: Ana in Ads; Ben and Cleo in Search."
    ]


def test_a_group_that_moves_together_or_is_apart_already_is_not_separated() -> None:
    both = MovePeople(people=(id_of("Ana"), id_of("Ben")), to=id_of("Ads"))
    together, apart = (id_of("Ana"), id_of("Ben")), (id_of("Cleo"), id_of("Finn"))
    gone = (id_of("Nobody"), id_of("Cleo"))
    assert told("RG-07", planned(FOUR, both, keep_together=(together, apart, gone))) == []


# RG-08


def test_nobody_moves_twice_in_twelve_months() -> None:
    plan = planned(
        FOUR,
        move("Ana", "Ads"),
        move("Ben", "Ads"),
        earlier={"Ana": (date(2026, 3, 1), date(2025, 11, 21)), "Cleo": (date(2026, 3, 1),)},
    )
    assert found("RG-08", plan) == [
        Check(
            "RG-08",
            "medium",
            "1 person gets another squad or manager again within 12 months: Ana (change no. 3).",
            (("person", id_of("Ana")),),
            "Leave them where they are this time, or ask them first.",
        )
    ]


def test_a_move_twelve_months_ago_is_long_enough_ago() -> None:
    assert told("RG-08", planned(FOUR, move("Ana", "Ads"), earlier={"Ana": (date(2025, 11, 20),)})) == []
    later = planned(
        FOUR, move("Ana", "Ads"), earlier={"Ana": (date(2026, 1, 10),)}, effective_on=date(2027, 1, 10)
    )
    assert told("RG-08", later) == []


# RG-10


def test_success_way_back_and_review_are_written_down() -> None:
    assert told("RG-10", planned(an_org())) == []
    assert told("RG-10", planned(an_org(), rollback_plan=" ")) == ["No rollback plan."]
    assert found("RG-10", planned(an_org(), success="", rollback_plan="", review_on=None)) == [
        Check(
            "RG-10",
            "medium",
            "No success measure, no rollback plan and no review date.",
            (),
            "Write down how success shows, when you look at it, and what you do where it does not show.",
        )
    ]


def test_blockers_come_first() -> None:
    plan = planned(FOUR, leave("Ana", "Search"), success="", effective_on=date(2026, 1, 1))
    assert [(check.level, check.code) for check in checks_of(plan)] == [
        ("blocker", "RG-01"),
        ("high", "RG-04"),
        ("high", "RG-05"),
        ("high", "RG-06"),
        ("medium", "RG-10"),
    ]
