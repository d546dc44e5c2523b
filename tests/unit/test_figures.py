"""The figures of an organization, and what changes make of them."""

from __future__ import annotations

from datetime import date

import pytest

from orgmodel.core.figures import Figures, Row, figures_between, figures_of, rows_of
from orgmodel.core.operations import (
    ChangeRule,
    CreateRole,
    EditPerson,
    HirePerson,
    MovePeople,
    OffboardPerson,
    Operation,
    SetSquadLead,
)
from orgmodel.core.org import Org
from orgmodel.core.replay import carry_out
from tests.build import an_org, chapter, id_of, person, role, squad, tribe, vacancy

TODAY = date(2026, 11, 20)
NEW = "11111111-1111-4111-8111-111111111111"


def crew(count: int) -> list[str]:
    return [f"Person {number:02}" for number in range(count)]


def kestrel() -> Org:
    return an_org(
        role("Product owner", leads=True),
        tribe(
            "Listening",
            squad("Search", *crew(10), roles={"Person 00": "Product owner"}),
            squad("Studio", "Ana", "Ben", "Cleo"),
            squad("Old", closed_on=date(2026, 1, 1)),
            chapter("Backend", lead="Kim"),
        ),
        *(person(name, manager="Kim") for name in (*crew(10), "Ana")),
        person("Kim"),
        person("Olaf", status="left"),
        vacancy("Designer"),
        vacancy("Engineer", state="filled"),
    )


def after(org: Org, *operations: Operation) -> Figures:
    done = carry_out(org, operations, on=TODAY)
    return figures_between(figures_of(org), done.before, done.after, done.changes)


def test_figures() -> None:
    assert figures_of(kestrel()) == Figures(
        people=14,
        tribes=1,
        squads=2,
        chapters=1,
        vacancies=1,
        homeless=frozenset({id_of("Kim")}),
        unmanaged=frozenset(map(id_of, ("Kim", "Ben", "Cleo"))),
        out_of_range={id_of("Search"): 10, id_of("Studio"): 3},
        ownerless=frozenset({id_of("Studio")}),
        wide_spans={id_of("Kim"): 11},
    )


@pytest.mark.parametrize(("size", "strays"), [(3, True), (4, False), (9, False), (10, True)])
def test_a_squad_has_four_to_nine_people(size: int, strays: bool) -> None:
    found = figures_of(an_org(squad("Search", *crew(size))))
    assert found.out_of_range == ({id_of("Search"): size} if strays else {})


@pytest.mark.parametrize("state", ["proposed", "forming", "winding_down"])
def test_a_squad_that_forms_or_ends_may_be_small_but_not_large(state: str) -> None:
    assert figures_of(an_org(squad("Search", state=state))).out_of_range == {}
    assert figures_of(an_org(squad("Search", *crew(10), state=state))).out_of_range == {id_of("Search"): 10}


def test_guests_count_at_home() -> None:
    shares = {"Ana": 40}
    org = an_org(squad("Search", *crew(3), "Ana", shares=shares), squad("Studio", "Ana", shares={"Ana": 60}))
    assert figures_of(org).out_of_range == {id_of("Search"): 3, id_of("Studio"): 1}


@pytest.mark.parametrize(("reports", "wide"), [(10, False), (11, True)])
def test_a_manager_has_ten_reports(reports: int, wide: bool) -> None:
    org = an_org(person("Kim"), *(person(name, manager="Kim") for name in crew(reports)))
    assert figures_of(org).wide_spans == ({id_of("Kim"): reports} if wide else {})


def test_where_nobody_owns_products_no_squad_lacks_an_owner() -> None:
    assert figures_of(an_org(squad("Search"))).ownerless == frozenset()


def test_an_empty_organization() -> None:
    nothing: frozenset[str] = frozenset()
    assert figures_of(Org.empty()) == Figures(0, 0, 0, 0, 0, nothing, nothing, {}, nothing, {})


def test_a_move_settles_two_sizes() -> None:
    found = after(kestrel(), MovePeople(people=(id_of("Person 09"),), to=id_of("Studio")))
    assert found.out_of_range == {}
    assert found.wide_spans == {id_of("Kim"): 11}


def test_who_leaves_is_one_report_less_and_who_comes_has_no_squad_yet() -> None:
    found = after(
        kestrel(), OffboardPerson(person=id_of("Person 00")), HirePerson(id=NEW, values={"name": "Nora"})
    )
    assert (found.people, found.wide_spans) == (14, {})
    assert found.homeless == frozenset({id_of("Kim"), NEW})
    assert found.unmanaged == frozenset({*map(id_of, ("Kim", "Ben", "Cleo")), NEW})
    assert found.ownerless == frozenset({id_of("Search"), id_of("Studio")})


def test_a_new_owner() -> None:
    lead = SetSquadLead(squad=id_of("Studio"), role=id_of("Product owner"), person=id_of("Ana"))
    assert after(kestrel(), lead).ownerless == frozenset()


def test_with_the_role_every_squad_may_lack_an_owner() -> None:
    org = an_org(squad("Search"), squad("Studio"))
    found = after(org, CreateRole(id=NEW, values={"key": "product-owner", "name": "Owner", "leads": True}))
    assert found.ownerless == frozenset({id_of("Search"), id_of("Studio")})


def limit(rule: str, value: int) -> Operation:
    name = "high_below" if rule == "SQ-02" else "high_above"
    others = {"SQ-02": "medium_below"}.get(rule, "medium_above")
    return ChangeRule(rule=rule, values={"thresholds": ((name, str(value)), (others, str(value)))})


def test_limits_are_those_of_the_organization() -> None:
    found = after(kestrel(), limit("SQ-01", 10), limit("SQ-02", 3), limit("CH-01", 11))
    assert (found.out_of_range, found.wide_spans) == ({}, {})
    assert after(kestrel(), limit("SQ-01", 6)).out_of_range == {id_of("Search"): 10, id_of("Studio"): 3}


def test_there_is_no_limit_where_the_rule_is_off_or_the_unit_exempt() -> None:
    off = after(kestrel(), *(ChangeRule(rule=rule, values={"is_on": False}) for rule in ("SQ-01", "CH-01")))
    assert (off.out_of_range, off.wide_spans) == ({id_of("Studio"): 3}, {})
    exempt = ChangeRule(rule="SQ-02", values={"exempt": "squad studio: They grow in May"})
    assert after(kestrel(), exempt).out_of_range == {id_of("Search"): 10}


@pytest.mark.parametrize(("reports", "wide"), [(8, False), (9, True)])
def test_a_manager_of_managers_has_eight_reports(reports: int, wide: bool) -> None:
    leads = [person(name, manager="Kim") for name in crew(reports)]
    org = an_org(person("Kim"), *leads, person("Nora", manager="Person 00"))
    assert figures_of(org).wide_spans == ({id_of("Kim"): reports} if wide else {})


def test_who_gets_a_report_makes_their_manager_one_of_managers() -> None:
    org = an_org(person("Kim"), person("Nora"), *(person(name, manager="Kim") for name in crew(9)))
    assert figures_of(org).wide_spans == {}
    found = after(org, EditPerson(id=id_of("Nora"), values={"manager": id_of("Person 00")}))
    assert found.wide_spans == {id_of("Kim"): 9}


def test_three_organizations_side_by_side() -> None:
    live = kestrel()
    moved = after(live, MovePeople(people=(id_of("Person 09"),), to=id_of("Studio")))
    assert rows_of([figures_of(live), moved, figures_of(Org.empty())]) == (
        Row("People", (14, 14, 0)),
        Row("Tribes", (1, 1, 0)),
        Row("Squads", (2, 2, 0)),
        Row("Chapters", (1, 1, 0)),
        Row("Vacancies", (1, 1, 0)),
        Row("Squads out of range", (2, 0, 0)),
        Row("Squads without product owner", (1, 1, 0)),
        Row("People without squad", (1, 1, 0)),
        Row("People without manager", (3, 3, 0)),
        Row("Managers with too many reports", (1, 1, 0)),
    )
