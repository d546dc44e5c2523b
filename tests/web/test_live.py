"""Boards that notice what others do, how they are colored, and which chapters they keep folded."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import drafts, services
from orgmodel.changes.services import Actor
from orgmodel.core.operations import MovePeople
from tests.build import an_org, chapter, id_of, person, save, squad, tribe


@pytest.fixture
def planner(as_role: Any) -> Any:
    save(
        an_org(
            person("Ana", craft="Backend", level="Senior"),
            person("Ben", craft="Design"),
            tribe("Listen", squad("Search", "Ana", "Ben"), squad("Radio"), chapter("Web", "Ana")),
        )
    )
    return as_role("planner")


MOVE = MovePeople(people=(id_of("Ana"),), to=id_of("Radio"), source=id_of("Search"))


def version_on(client: Any, url: str) -> tuple[str, str]:
    """Return where a board asks for news, and the version that it shows."""
    html = client.get(url).content.decode().replace("&amp;", "&")
    [(live, version)] = re.findall(r'data-url="([^"]+/live/[^"]*)" data-version="([^"]+)"', html)
    return live, version


def asked(client: Any, url: str, since: str) -> Any:
    return client.get(
        url, {"since": since, **dict(re.findall(r"[?&](\w+)=([^&]+)", url))}, HTTP_HX_REQUEST="true"
    )


def test_nothing_new_is_said_in_three_queries(planner: Any, django_assert_num_queries: Any) -> None:
    url, version = version_on(planner, "/tribes/listen/")
    assert (url, version) == ("/tribes/listen/live/", "1")
    with django_assert_num_queries(3):  # session, user, head
        answer = asked(planner, url, version)
    assert (answer.status_code, answer.content) == (304, b"")


def test_what_others_do_live_is_told_and_shown(planner: Any) -> None:
    url, version = version_on(planner, "/tribes/listen/")
    services.commit([MOVE], actor=Actor("Ulla Berg"), message="", source="page", at=timezone.now())
    html = asked(planner, url, version).content.decode()
    assert "Ulla Berg: Move Ana from Search to Radio." in html
    assert '<div id="board-sheet" hx-swap-oob="outerMorph">' in html
    assert 'data-version="2" hx-swap-oob="outerMorph"' in html
    cell = re.search(rf'<ul class="cell" id="c-{id_of("Web")}-{id_of("Radio")}"[^>]*>(.*?)</ul>', html)
    assert cell is not None
    assert "/people/ana/" in cell[1]


def test_ones_own_changes_are_no_news(planner: Any, as_role: Any) -> None:
    drafts.create_draft("Plan", owner_id=planner.user.pk, at=timezone.now())
    url, version = version_on(planner, "/tribes/listen/?draft=plan")
    assert version == "1.0"
    planner.post("/moves/?draft=plan", {"person": "ana", "to": "radio"})
    html = asked(planner, url, version).content.decode()
    assert "changed this draft" not in html
    assert "1 change" in html


@pytest.mark.parametrize("since", ["", "0", "\x00", "x" * 3000, "1.99"])
def test_any_version_is_fine(planner: Any, since: str) -> None:
    assert asked(planner, "/tribes/listen/live/", since).status_code == 200


def test_another_day_asks_for_nothing(planner: Any) -> None:
    assert 'id="live"' not in planner.get("/tribes/listen/?as_of=2026-11-20").content.decode()


def test_strangers_are_sent_to_the_login(client: Any, db: None) -> None:
    assert client.get("/tribes/listen/live/").status_code == 302


# Colors


@pytest.mark.parametrize(
    ("color", "mark", "code"),
    [
        ("craft", 'data-color="1"', '<span class="lvl">Ba</span><span class="vh">, Backend</span>'),
        ("chapter", 'data-color="1"', '<span class="lvl">We</span><span class="vh">, Web</span>'),
        ("level", 'data-step="3"', '<span class="lvl">Sen</span><span class="vh">, Senior</span>'),
    ],
)
def test_people_are_colored_with_a_word_beside_the_name(
    planner: Any, color: str, mark: str, code: str
) -> None:
    html = planner.get(f"/tribes/listen/?color={color}").content.decode()
    card = html.split('data-person="ana"')[1].split("</li>")[0]
    assert card.startswith(f" {mark}")
    assert code in card
    assert 'aria-label="Colors"' in html
    assert f"color={color}" in html.split('data-url="/tribes/listen/live/')[1][:40]


@pytest.mark.parametrize("color", ["", "tribe", "purple", "\x00"])
def test_a_board_is_of_one_tribe_so_that_color_is_plain(planner: Any, color: str) -> None:
    html = planner.get("/tribes/listen/", {"color": color}).content.decode()
    assert 'aria-label="Colors"' not in html
    assert 'data-person="ana" draggable' in html


def test_a_color_goes_along_with_moves_and_to_other_tribes(planner: Any) -> None:
    html = planner.get("/tribes/listen/?color=craft").content.decode()
    assert 'hx-post="/moves/?tribe=listen&amp;color=craft"' in html


# Folding


def test_folded_chapters_say_how_many(planner: Any) -> None:
    planner.cookies["folded"] = f"{id_of('Web')}.unknown"
    html = planner.get("/tribes/listen/").content.decode()
    assert f'<tr data-row="{id_of("Web")}" class="folded">' in html
    assert f'id="c-{id_of("Web")}-{id_of("Search")}" data-squad="search" data-n="1"' in html
    assert html.count('class="folded"') == 1
    assert 'data-fold aria-expanded="false" aria-label="People of Web"' in html
