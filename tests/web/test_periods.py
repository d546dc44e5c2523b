"""Who was where when: periods from the log, on the pages of people and squads."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import periods, services
from orgmodel.changes.models import ChangeSet
from orgmodel.core.operations import (
    ChangeChapter,
    EditPerson,
    JoinSquad,
    LeaveSquad,
    MovePeople,
    OffboardPerson,
    Operation,
    SetTribeLead,
)
from tests.build import an_org, chapter, id_of, person, role, save, squad, tribe

pytestmark = pytest.mark.django_db

FOUNDED = datetime(2026, 1, 1, 12, tzinfo=timezone.get_default_timezone())


def day(number: int) -> date:
    return (FOUNDED + timedelta(days=number)).date()


def found(*, since: date | None = None) -> None:
    org = an_org(
        role("Product owner", leads=True),
        person("Ana", manager="Boss"),
        person("Boss"),
        tribe(
            "Listen",
            squad("Search", "Ana", "Ben", roles={"Ana": "Product owner"}),
            squad("Radio", "Cleo"),
            chapter("Backend", "Ana", lead="Boss"),
            chapter("Web"),
            lead="Ana",
        ),
    )
    if since is not None:
        org = org.edit(org.memberships[id_of("Ana", "Search")], since=since)
    save(org, at=FOUNDED)


def live(on: int, *operations: Operation, effective: int | None = None) -> ChangeSet:
    return services.commit(
        operations,
        actor=services.Actor("Eve"),
        message="Because.",
        source="web",
        at=FOUNDED + timedelta(days=on),
        effective_on=day(effective) if effective is not None else None,
    )


def move(who: str, to: str) -> MovePeople:
    return MovePeople(people=(id_of(who),), to=id_of(to))


def told(found: list[periods.Period]) -> list[tuple[str, str, str, date | None, date | None]]:
    return [(p.kind, p.place.name, p.role, p.since, p.until) for p in found]


def of(who: str, **options: Any) -> list[tuple[str, str, str, date | None, date | None]]:
    return told(periods.of_person(services.current(), id_of(who), **options))


def squads_of(who: str) -> list[tuple[str, date | None, date | None]]:
    return [(place, since, until) for kind, place, _, since, until in of(who) if kind == "squad"]


def test_what_the_first_import_brought_was_there_before_the_record() -> None:
    found()
    assert sorted(of("Ana")) == [
        ("chapter", "Backend", "", None, None),
        ("lead", "Listen", "tribe lead", None, None),
        ("manager", "Boss", "", None, None),
        ("role", "Search", "Product owner", None, None),
        ("squad", "Search", "Product owner", None, None),
    ]


def test_a_membership_may_say_itself_since_when_it_is() -> None:
    found(since=date(2024, 5, 1))
    assert squads_of("Ana") == [("Search", date(2024, 5, 1), None)]


def test_every_place_has_its_first_and_last_day() -> None:
    found()
    live(10, move("Ana", "Radio"))
    live(20, ChangeChapter(people=(id_of("Ana"),), chapter=id_of("Web")))
    live(30, SetTribeLead(tribe=id_of("Listen"), seat="lead", person=id_of("Ben")))
    live(40, EditPerson(id=id_of("Ana"), values={"manager": id_of("Cleo")}))
    live(50, LeaveSquad(person=id_of("Ana"), squad=id_of("Radio")))

    assert of("Ana") == [
        ("manager", "Cleo", "", day(40), None),
        ("chapter", "Web", "", day(20), None),
        ("squad", "Radio", "", day(10), day(50)),
        ("manager", "Boss", "", None, day(40)),
        ("lead", "Listen", "tribe lead", None, day(30)),
        ("chapter", "Backend", "", None, day(20)),
        ("squad", "Search", "Product owner", None, day(10)),
        ("role", "Search", "Product owner", None, day(10)),
    ]


def test_who_left_and_came_back_has_two_periods_though_the_first_membership_is_gone() -> None:
    found()
    live(10, LeaveSquad(person=id_of("Ben"), squad=id_of("Search")))
    live(20, JoinSquad(id=id_of("again"), person=id_of("Ben"), squad=id_of("Search")))
    assert squads_of("Ben") == [("Search", day(20), None), ("Search", None, day(10))]


def test_what_was_undone_later_is_told_and_marked() -> None:
    found()
    moved = live(10, move("Ben", "Radio"))
    services.undo(moved, actor=services.Actor("Eve"), message="", at=FOUNDED + timedelta(days=15))

    [back, away, before] = periods.of_person(services.current(), id_of("Ben"))
    assert told([back, away, before]) == [
        ("squad", "Search", "", day(15), None),
        ("squad", "Radio", "", day(10), day(15)),
        ("squad", "Search", "", None, day(10)),
    ]
    assert [p.is_undone for p in (back, away, before)] == [False, True, False]
    assert (away.began, away.ended) == (2, 3)


def test_what_was_undone_on_its_own_day_never_was() -> None:
    found()
    moved = live(10, move("Ben", "Radio"))
    services.undo(moved, actor=services.Actor("Eve"), message="", at=FOUNDED + timedelta(days=10))
    assert squads_of("Ben") == [("Search", None, None)]


def test_what_was_dated_back_counts_from_its_day_as_pages_of_past_days_show_it() -> None:
    found()
    live(20, move("Ben", "Radio"), effective=5)
    assert squads_of("Ben") == [("Radio", day(5), None), ("Search", None, day(5))]
    for number, name in ((4, "Search"), (5, "Radio"), (20, "Radio")):
        home = services.org_as_of(day(number)).primary_membership(id_of("Ben"))
        assert home is not None
        assert home.squad == id_of(name)


def test_a_day_leaves_out_what_came_after_it() -> None:
    found()
    live(10, move("Ben", "Radio"))
    live(20, move("Ben", "Search"))
    assert [row for row in of("Ben", until=day(15)) if row[0] == "squad"] == [
        ("squad", "Radio", "", day(10), None),
        ("squad", "Search", "", None, day(10)),
    ]


def test_a_squad_names_everyone_who_was_ever_in_it() -> None:
    found()
    live(10, move("Ana", "Radio"))
    live(20, OffboardPerson(person=id_of("Ben")))
    live(30, move("Cleo", "Search"))
    assert told(periods.of_squad(services.current(), id_of("Search"))) == [
        ("squad", "Cleo", "", day(30), None),
        ("squad", "Ben", "", None, day(20)),
        ("squad", "Ana", "Product owner", None, day(10)),
    ]


# On the pages


def test_the_page_of_a_person_tells_where_they_have_been(as_role: Any) -> None:
    found()
    moved = live(10, move("Ben", "Radio"))
    services.undo(moved, actor=services.Actor("Eve"), message="", at=FOUNDED + timedelta(days=15))
    page = as_role("viewer").get("/people/ben/").content.decode()
    _, _, section = page.partition("Where they have been")
    words = " ".join(re.sub(r"<[^>]+>", " ", section.partition("</section>")[0]).split())
    assert words == (
        "3 Search squad since 16 Jan Radio squad undone 11 Jan to 16 Jan Search squad until 11 Jan"
    )


def test_the_page_of_a_squad_names_everyone_and_folds_after_ten(as_role: Any) -> None:
    save(an_org(squad("Search", *(f"Person {n:02}" for n in range(13)))), at=FOUNDED)
    live(10, LeaveSquad(person=id_of("Person 05"), squad=id_of("Search")))
    page = as_role("viewer").get("/squads/search/").content.decode()
    shown, _, folded = page.partition("Everyone who was ever in it")[2].partition("<details>")
    assert shown.count('href="/people/') == 10
    assert "3 more" in folded
    assert folded.partition("</details>")[0].count('href="/people/') == 3
    assert "until 11 Jan" in folded


def test_a_past_day_tells_what_was_known_to_be_over_by_then(as_role: Any) -> None:
    found()
    live(10, move("Ben", "Radio"))
    page = as_role("viewer").get(f"/squads/search/?as_of={day(5)}").content.decode()
    assert "until" not in page.partition("Everyone who was ever in it")[2].partition("</section>")[0]


@pytest.mark.parametrize("moves", [1, 60])
def test_the_pages_cost_the_same_however_often_someone_moved(
    as_role: Any, moves: int, django_assert_num_queries: Any
) -> None:
    found()
    for number in range(moves):
        live(number + 1, move("Ben", "Search" if number % 2 else "Radio"))
    browser = as_role("viewer")
    # session, user, head, saved views, mentions, change sets; of the periods: change sets, records, changes
    for address, queries in (("/squads/search/", 9), ("/people/ben/", 10)):  # the account of a person too
        browser.get(address)
        with django_assert_num_queries(queries):
            browser.get(address)
