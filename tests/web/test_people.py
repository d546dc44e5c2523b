"""The list of people."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import drafts
from orgmodel.core.operations import LeaveSquad
from tests.build import an_org, chapter, guild, id_of, person, save, squad, tribe

pytestmark = pytest.mark.django_db


def build(extra: int = 0) -> None:
    save(
        an_org(
            person("Ana", craft="Backend", level="I3", title="Engineer"),
            person("Ben", craft="Design"),
            person("Cleo"),
            person("Dan", status="left"),
            tribe("Payments", squad("Phoenix", "Ana", "Ben"), chapter("Backend", "Ana")),
            tribe("Search", squad("Hydra", "Ana")),
            guild("Web", "Ana", "Cleo"),
            *(person(f"Person {n:03}") for n in range(extra)),
        )
    )


def names(page: Any) -> list[str]:
    """Return whom a page of the list shows, in order."""
    table = page.content.decode().partition("<tbody>")[2]
    return re.findall(r'<th scope="row"[^>]*>.*?<a href="/people/[^"]*">([^<]*)</a>', table, re.DOTALL)


FILTERS = [
    ("", ["Ana", "Ben", "Cleo"]),
    ("q=an", ["Ana"]),
    ("q=an&status=all", ["Ana", "Dan"]),
    ("q=ENGINEER+ana", ["Ana"]),
    ("tribe=payments", ["Ana", "Ben"]),
    ("tribe=search", ["Ana"]),
    ("squad=phoenix", ["Ana", "Ben"]),
    ("squad=none", ["Cleo"]),
    ("chapter=backend", ["Ana"]),
    ("guild=web", ["Ana", "Cleo"]),
    ("guild=web&chapter=backend", ["Ana"]),
    ("craft=Design", ["Ben"]),
    ("level=I3", ["Ana"]),
    ("status=left", ["Dan"]),
    ("tribe=payments&craft=Design", ["Ben"]),
    ("tribe=nope", []),
    ("squad=nope", []),
    ("chapter=nope", []),
    ("guild=nope", []),
    ("status=nope", []),
    ("q=%00", []),
    ("q=%25", []),
    ("page=999", ["Ana", "Ben", "Cleo"]),
    ("page=x", ["Ana", "Ben", "Cleo"]),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
def test_filters_find_the_same_live_in_a_draft_and_in_the_past(
    as_role: Any, query: str, expected: list[str]
) -> None:
    build()
    planner = as_role("planner")
    drafts.create_draft("Plan", owner_id=planner.user.pk, at=timezone.now())
    for reality in ("", "&draft=plan", f"&as_of={timezone.localdate()}"):
        assert names(planner.get(f"/people/?{query}{reality}")) == expected


def test_the_list_counts_as_the_rail_and_the_overview_do(as_role: Any) -> None:
    build()
    viewer = as_role("viewer")
    page = viewer.get("/people/").content.decode()
    assert '<span class="m">3</span>' in page
    assert 'People<span class="count">3</span>' in page
    assert "of 3\u00a0people work" in viewer.get("/").content.decode()


def test_a_draft_filters_what_the_draft_makes(as_role: Any) -> None:
    build()
    planner = as_role("planner")
    leave = LeaveSquad(person=id_of("Ben"), squad=id_of("Phoenix"))
    drafts.create_draft("Plan", owner_id=planner.user.pk, at=timezone.now(), operations=[leave])
    page = planner.get("/people/?squad=phoenix&draft=plan")
    assert names(page) == ["Ana"]
    assert '<input type="hidden" name="draft" value="plan">' in page.content.decode()


def test_pages_follow_each_other_and_keep_the_filter(as_role: Any) -> None:
    build(extra=60)
    browser = as_role("viewer")
    first = browser.get("/people/?q=person")
    assert names(first) == [f"Person {n:03}" for n in range(50)]
    assert "q=person&amp;page=2" in first.content.decode()
    assert names(browser.get("/people/?q=person&page=2")) == [f"Person {n:03}" for n in range(50, 60)]


def test_the_filters_fold_and_say_how_many_are_chosen(as_role: Any) -> None:
    build()
    viewer = as_role("viewer")
    assert "Filters</summary>" in viewer.get("/people/?q=ana").content.decode()
    assert 'Filters <span class="tag hot">2<' in viewer.get("/people/?tribe=search&level=I3").content.decode()


def test_every_squad_and_guild_can_be_chosen(as_role: Any) -> None:
    build()
    page = as_role("viewer").get("/people/?squad=phoenix&guild=web").content.decode()
    assert '<option value="phoenix" selected>Phoenix</option>' in page
    assert '<option value="web" selected>Web</option>' in page
    assert "There is no" not in page


def test_a_search_without_result_says_so(as_role: Any) -> None:
    build()
    assert "Nothing matches." in as_role("viewer").get("/people/?q=zzz").content.decode()


LISTS = ["people", "squads", "tribes", "chapters", "guilds", "missions", "vacancies", "systems", "domains"]


@pytest.mark.parametrize("page", [*LISTS, "dependencies", "map"])
def test_an_empty_organization_says_what_belongs_here_and_how_it_gets_there(as_role: Any, page: str) -> None:
    viewer, planner = (as_role(role).get(f"/{page}/").content.decode() for role in ("viewer", "planner"))
    assert '<div class="empty">' in viewer
    assert "/new/" not in viewer
    _, _, empty = planner.partition('<div class="empty">')
    assert "/new/" in empty
    assert '<a class="link" href="/import/">Import files</a>' in empty


def test_strangers_go_to_the_login(client: Any) -> None:
    assert client.get("/people/")["Location"] == "/login/?next=/people/"


@pytest.mark.parametrize("extra", [0, 300])
def test_queries_do_not_grow_with_the_people(
    as_role: Any, extra: int, django_assert_num_queries: Any
) -> None:
    build(extra)
    browser = as_role("viewer")
    browser.get("/people/")
    with django_assert_num_queries(6):  # session, user, head, saved views, count, page
        browser.get("/people/")
