"""The log: what happened, who did it, when, from where and why; and what one change set changed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import queries, services
from orgmodel.changes.models import ChangeSet
from orgmodel.core.changes import diff
from orgmodel.core.operations import ApplyChanges, LeaveSquad, MovePeople, Operation, RenameSquad
from orgmodel.core.org import Org
from tests.build import an_org, id_of, person, save, squad, tribe

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 30, 12, tzinfo=timezone.get_default_timezone())


@pytest.fixture(autouse=True)
def _org() -> None:
    save(
        an_org(tribe("Listen", squad("Search", "Ana", "Ben"), squad("Radio", "Cleo"))),
        at=NOON - timedelta(days=30),
        actor=services.Actor("Victoria Lane"),
    )


def live(
    *operations: Operation,
    message: str = "",
    source: str = "web",
    who: str = "Rikard Nord",
    at: datetime = NOON,
    effective_on: date | None = None,
) -> ChangeSet:
    return services.commit(
        operations,
        actor=services.Actor(who),
        message=message,
        source=source,
        at=at,
        effective_on=effective_on,
    )


def move(who: str, to: str) -> MovePeople:
    return MovePeople(people=(id_of(who),), to=id_of(to))


def versions(page: Any) -> list[int]:
    return [row.change_set.version for row in page.context["rows"]]


# The list


def test_history_says_who_when_from_where_why_and_what_newest_first(as_role: Any) -> None:
    live(move("Ana", "Radio"), message="Radio needs her.", source="api")

    page = as_role("viewer").get("/history/")

    html = page.content.decode()
    assert versions(page) == [2, 1]
    for said in (
        "Rikard Nord",
        "30 Jun",
        "API, 1 change",
        "“Radio needs her.”",
        "Move Ana from Search to Radio",
    ):
        assert said in html
    assert "Undo…" not in html


def test_an_undone_change_and_its_undoing_point_to_each_other(as_role: Any) -> None:
    services.undo(live(move("Ana", "Radio")), actor=services.Actor("Eve"), message="", at=NOON)

    html = as_role("editor").get("/history/").content.decode()

    assert 'undone<span class="vh"> by change 3</span>' in html
    assert 'Undoes <a class="link" href="/history/2/">change 2</a>' in html
    assert "Redo…" in html


def test_a_day_of_effect_is_told_where_it_differs(as_role: Any) -> None:
    live(move("Ana", "Radio"), message="Forgotten.", effective_on=date(2026, 6, 15))

    assert "effective 15 Jun" in as_role("viewer").get("/history/").content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=radio", [3, 2]),
        ("q=NEEDS", [2]),
        ("q=Søkelaget", [4]),
        ("q=100%25", []),
        ("who=nord", [3, 2]),
        ("source=api", [3]),
        ("kind=squad", [4, 1]),
        ("kind=person", [1]),
        ("kind=squad&key=radio", [3, 2, 1]),
        ("kind=person&key=ana", [2, 1]),
        ("since=2026-06-29", [4, 3, 2]),
        ("until=2026-06-29", [1]),
        ("q=radio&source=web", [2]),
    ],
)
def test_history_can_be_filtered(as_role: Any, query: str, found: list[int]) -> None:
    live(move("Ana", "Radio"), message="Radio needs her.")
    live(move("Ben", "Radio"), source="api")
    live(RenameSquad(id=id_of("Search"), name="Søkelaget"), who="Eve", source="admin")

    assert versions(as_role("viewer").get(f"/history/?{query}")) == found


@pytest.mark.parametrize(
    "query",
    [
        "since=30.6.2026",
        "source=nowhere",
        "kind=planet",
        "before=x",
        f"before={'9' * 30}",
        "after=-1",
        "q=a%00b",
        "q=" + "x" * 300,
    ],
)
def test_a_filter_that_makes_no_sense_is_told_and_left_out(as_role: Any, query: str) -> None:
    page = as_role("viewer").get(f"/history/?{query}")

    assert page.status_code == 400
    assert versions(page) == [1]
    assert 'role="alert"' in page.content.decode()


def test_a_time_that_ends_before_it_begins_is_told(as_role: Any) -> None:
    page = as_role("viewer").get("/history/?since=2026-06-30&until=2026-06-01")

    assert page.status_code == 400
    assert "Nothing can be since 30 June 2026 and until 1 June 2026" in page.content.decode()


def test_nothing_found_offers_a_way_out(as_role: Any) -> None:
    html = as_role("viewer").get("/history/?q=nothing+like+it").content.decode()

    assert "Nothing like that" in html
    assert 'href="/history/"' in html


def test_pages_go_by_version_in_both_directions(as_role: Any) -> None:
    for number in range(70):
        live(RenameSquad(id=id_of("Search"), name=f"Search {number}"))
    viewer = as_role("viewer")

    first = viewer.get("/history/")
    second = viewer.get(f"/history/?before={first.context['page'].older}")
    third = viewer.get(f"/history/?before={second.context['page'].older}")
    back = viewer.get(f"/history/?after={third.context['page'].newer}")

    assert versions(first) == list(range(71, 41, -1))
    assert versions(second) == list(range(41, 11, -1))
    assert versions(third) == list(range(11, 0, -1))
    assert third.context["page"].older is None
    assert versions(back) == versions(second)


@pytest.mark.parametrize("count", [1, 60])
def test_a_page_costs_the_same_however_long_the_log(
    as_role: Any, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        live(RenameSquad(id=id_of("Search"), name=f"Search {number}"))
    viewer = as_role("viewer")
    viewer.get("/history/")

    with django_assert_num_queries(6):  # session, user, head, saved views, change sets, what undoes them
        viewer.get("/history/")


# A day of the past


def test_a_past_day_is_marked_where_it_stands(as_role: Any) -> None:
    live(move("Ana", "Radio"), at=NOON - timedelta(days=10))
    live(move("Ben", "Radio"))

    page = as_role("viewer").get("/history/?as_of=2026-06-25")

    assert [(row.change_set.version, row.is_later, row.divides) for row in page.context["rows"]] == [
        (3, True, False),
        (2, False, True),
        (1, False, False),
    ]
    html = page.content.decode()
    assert "You are looking at 25 June 2026" in html
    assert "A Thursday" in html
    assert "3 people, 2 squads, 1 tribe." in html
    assert 'href="/?as_of=2026-06-25"' in html


def test_a_long_past_day_starts_near_it(as_role: Any) -> None:
    for number in range(40):
        live(RenameSquad(id=id_of("Search"), name=f"Search {number}"))

    page = as_role("viewer").get("/history/?as_of=2026-06-25")

    assert versions(page) == [6, 5, 4, 3, 2, 1]
    assert page.context["page"].newer == 6


# One change set


def test_a_change_set_shows_its_intents_and_facts(as_role: Any) -> None:
    live(move("Ana", "Radio"), RenameSquad(id=id_of("Radio"), name="Wireless"), message="Radio needs her.")

    page = as_role("viewer").get("/history/2/")

    told = [
        (e.sentence, [(f.subject, f.field, f.before, f.after) for f in e.facts])
        for e in page.context["entries"]
    ]
    assert told == [
        (
            "Move Ana from Search to Radio",
            [("Ana", "squad", "Search", "Wireless"), ("Ana", "since", "", "30 June 2026")],
        ),
        ("Rename squad Radio to Wireless", [("Wireless", "name", "Radio", "Wireless")]),
    ]


def test_names_are_told_though_the_record_is_gone(as_role: Any) -> None:
    """A membership that was moved and then ended is in the log only."""
    live(move("Ana", "Radio"))
    live(LeaveSquad(person=id_of("Ana"), squad=id_of("Radio")))
    viewer = as_role("viewer")

    [moved] = viewer.get("/history/2/").context["entries"]
    [left] = viewer.get("/history/3/").context["entries"]

    assert [(f.subject, f.field, f.before, f.after) for f in moved.facts] == [
        ("Ana", "squad", "Search", "Radio"),
        ("Ana", "since", "", "30 June 2026"),
    ]
    assert [(f.subject, f.before, f.after) for f in left.facts] == [("Ana in Radio", "there", "")]


def test_a_fact_says_what_was_then_whatever_came_later(as_role: Any) -> None:
    live(move("Ana", "Radio"))
    live(move("Ana", "Search"))

    [moved] = as_role("viewer").get("/history/2/").context["entries"]

    assert [(f.subject, f.before, f.after) for f in moved.facts] == [
        ("Ana", "Search", "Radio"),
        ("Ana", "", "30 June 2026"),
    ]


def test_a_large_change_set_shows_its_first_changes_and_the_others_page_by_page(as_role: Any) -> None:
    people = Org.build(record for number in range(230) for record in person(f"Person {number:03}").records)
    live(ApplyChanges(title="Import of people", changes=tuple(diff(Org.empty(), people))), source="import")
    viewer = as_role("viewer")

    [entry] = viewer.get("/history/2/").context["entries"]
    last = viewer.get("/history/2/?intent=0&page=3")

    assert (len(entry.facts), entry.more, entry.more_url) == (12, 218, "?intent=0")
    assert len(last.context["entries"][0].facts) == 30


@pytest.mark.parametrize("count", [1, 300])
def test_a_change_set_costs_the_same_however_large(
    as_role: Any, count: int, django_assert_num_queries: Any
) -> None:
    people = Org.build(record for number in range(count) for record in person(f"Person {number:03}").records)
    live(ApplyChanges(title="Import of people", changes=tuple(diff(Org.empty(), people))), source="import")
    viewer = as_role("viewer")
    viewer.get("/history/2/")

    # session, user, head, saved views, change set, changes, what undoes it
    with django_assert_num_queries(7):
        viewer.get("/history/2/")


@pytest.mark.parametrize("address", ["/history/99/", "/history/99999999999999999999/", "/history/0/"])
def test_an_unknown_change_is_not_there(as_role: Any, address: str) -> None:
    assert as_role("viewer").get(address).status_code == 404


@pytest.mark.parametrize("query", ["intent=9", "intent=x", "page=x", "page=0"])
def test_strange_addresses_show_the_change(as_role: Any, query: str) -> None:
    assert as_role("viewer").get(f"/history/1/?{query}").status_code == 200


def test_a_stranger_signs_in_first(client: Any) -> None:
    assert client.get("/history/")["Location"] == "/login/?next=/history/"


# What other pages ask


def test_the_changes_of_a_squad_name_who_came_and_who_left() -> None:
    live(move("Ana", "Radio"))
    live(move("Cleo", "Search"))
    live(LeaveSquad(person=id_of("Ben"), squad=id_of("Search")))

    events = queries.record_changes("squad", id_of("Search"))

    assert [(event.change_set.version, event.sentence) for event in events] == [
        (4, "Take Ben out of Search"),
        (3, "Move Cleo from Radio to Search"),
        (2, "Move Ana from Search to Radio"),
        (1, "Found the organization"),
    ]
    assert [
        event.change_set.version for event in queries.record_changes("squad", id_of("Search"), limit=2)
    ] == [4, 3]
    until = queries.record_changes("squad", id_of("Search"), until=date(2026, 6, 10))
    assert [event.change_set.version for event in until] == [1]
    assert [event.change_set.version for event in queries.record_changes("person", id_of("Ben"))] == [4, 1]
