"""Circles of tribes and squads."""

from __future__ import annotations

import re
from typing import Any

import pytest

from orgmodel.core.operations import CloseSquad, CloseTribe, CreateSquad
from orgmodel.core.org import Org
from squads.circles import DOTS, SQUADS, blocs_of, circles
from tests.build import an_org, id_of, save, squad, tribe
from tests.web.sketches import a_draft, move


def save_listen(*others: Any) -> None:
    save(
        an_org(
            tribe("Listen", squad("Search", "Ana", "Ben"), squad("Radio", "Cleo")),
            tribe("Create", squad("Ads", "Dan")),
            squad("Lab"),
            *others,
        )
    )


def titles_of(client: Any, url: str = "/circles/") -> list[str]:
    response = client.get(url)
    assert response.status_code == 200
    drawn = response.content.decode().partition("<main")[2]
    return re.findall(r"<title>(.*?)</title>", drawn)


def test_squads_are_in_their_tribes_and_people_in_their_squads(as_role: Any) -> None:
    save_listen()
    assert titles_of(as_role("viewer")) == [
        *("Create, 1 person", "Ads, 1 person", "Dan"),
        *("Listen, 3 people", "Radio, 1 person", "Cleo", "Search, 2 people", "Ana", "Ben"),
        *("No tribe, 0 people", "Lab, 0 people"),
    ]


def test_a_tribe_leads_to_itself_and_from_there_to_its_board(as_role: Any) -> None:
    save_listen()
    viewer = as_role("viewer")
    assert 'href="/circles/?tribe=listen"' in viewer.get("/circles/").content.decode()
    assert titles_of(viewer, "/circles/?tribe=create") == ["Create, 1 person", "Ads, 1 person", "Dan"]
    page = viewer.get("/circles/?tribe=create").content.decode().partition("<main")[2]
    assert 'href="/tribes/create/" aria-label="Create, 1 person"' in page


def test_a_draft_shows_who_moved_and_what_was_before(as_role: Any) -> None:
    save_listen()
    planner = as_role("planner")
    key = a_draft(planner, move("Cleo", to="Search", source="Radio")).key
    assert "Cleo, moved" in titles_of(planner, f"/circles/?draft={key}")
    assert "Radio, 1 person" in titles_of(planner, f"/circles/?draft={key}&side=before")


def test_a_draft_keeps_what_it_closes_and_marks_what_it_makes(as_role: Any) -> None:
    save_listen(tribe("Old"))
    planner = as_role("planner")
    close = CloseSquad(id=id_of("Radio"), to=id_of("Search"))
    create = CreateSquad(id=id_of("Live"), values={"name": "Live", "tribe": id_of("Create")})
    url = f"/circles/?draft={a_draft(planner, close, create, CloseTribe(id=id_of('Old'))).key}"
    assert titles_of(planner, url) == [
        *("Create, 1 person", "Ads, 1 person", "Dan", "Live, 0 people, new in this draft"),
        *("Listen, 3 people", "Radio, 1 person, closes with the merge", "Cleo, moves away"),
        *("Search, 3 people", "Ana", "Ben", "Cleo, moved"),
        *("Old, 0 people, closes in this draft", "No tribe, 0 people", "Lab, 0 people"),
    ]
    page = planner.get(url).content.decode().partition("<main")[2]
    assert "4 people in 4 squads." in page
    assert "Dashed is there no more, a thick line is new, a dot with a rim has moved." in page
    assert page.count('<circle class="none ed" stroke-dasharray="4 3"') == 1
    assert page.count('<circle class="none ed" stroke-width="1"') == 1
    assert page.count('<circle class="sf ts" stroke-width="3"') == 1
    assert page.count('<circle class="none ts" stroke-dasharray="4 3"') == 1
    assert 'Radio</a> <span class="tag">closes with the merge</span></th>' in page
    assert '<td class="num">1 → 0</td>' in page


def picture_of(org: Org) -> str:
    return circles(blocs_of(org), lambda *parts: "/".join(parts), lambda tribe: f"/{tribe.key}")


def drawn(org: Org) -> list[str]:
    return re.findall("<title>(.*?)</title>", picture_of(org))


def test_someone_in_squads_of_two_tribes_is_one_person(as_role: Any) -> None:
    save(an_org(tribe("Listen", squad("Search", "Ana")), tribe("Create", squad("Ads", "Ana", "Ben"))))
    assert "2 people in 2 squads." in as_role("viewer").get("/circles/").content.decode()


def test_a_long_name_of_a_squad_takes_two_lines() -> None:
    picture = picture_of(an_org(tribe("Listen", squad("Offline & Downloads", "Ana"))))
    assert re.findall('<text class="x".*?>(.*?)</text>', picture) == ["Offline &amp;", "Downloads"]


def test_where_much_is_drawn_small_tribes_are_still_named_to_be_read() -> None:
    tribes = (tribe(f"T{t}", *(squad(f"Squad {t}.{s}", f"P{t}.{s}") for s in range(10))) for t in range(30))
    picture = picture_of(an_org(*tribes))
    wide = int(re.search(r'viewBox="0 0 (\d+)', picture)[1])  # type: ignore[index]
    sizes = {float(size) for size in re.findall(r'font-size="(.*?)"', picture)}
    assert min(sizes) * 900 / wide > 10
    assert "Squad 3.4</text>" not in picture
    assert "<title>Squad 3.4, 1 person</title>" in picture


def test_of_many_people_squads_say_how_many() -> None:
    names = [f"P{number}" for number in range(DOTS + 1)]
    assert drawn(an_org(tribe("Big", squad("All", *names)))) == ["Big, 1,001 people", "All, 1,001 people"]


def test_of_many_squads_only_tribes_are_drawn() -> None:
    squads = [squad(f"S{number}") for number in range(SQUADS + 1)]
    assert drawn(an_org(tribe("Big", *squads))) == ["Big, 0 people"]


def test_the_table_says_what_is_drawn(as_role: Any) -> None:
    save(an_org(tribe("Big", *(squad(f"S{number}") for number in range(SQUADS + 1)))))
    page = as_role("viewer").get("/circles/").content.decode()
    assert 'Big</a></th><td class="num">801</td><td class="num">0</td>' in page
    assert "/squads/s7/" not in page


@pytest.mark.parametrize(("query", "status"), [("side=left", 400), ("tribe=nope", 404)])
def test_bad_addresses_are_refused(as_role: Any, query: str, status: int) -> None:
    save_listen()
    assert as_role("viewer").get(f"/circles/?{query}").status_code == status


@pytest.mark.parametrize("people", [1, 300])
def test_it_costs_the_same_queries_whatever_the_size(
    as_role: Any, django_assert_num_queries: Any, people: int
) -> None:
    save(an_org(tribe("Listen", squad("Search", *(f"P{number}" for number in range(people))))))
    editor = as_role("editor")
    editor.get("/circles/")
    with django_assert_num_queries(4):  # session, user with roles, head, views and drafts of the rail
        editor.get("/circles/?tribe=listen")


def test_an_empty_organization_says_so(as_role: Any) -> None:
    assert b"Nothing to draw yet" in as_role("viewer").get("/circles/").content
