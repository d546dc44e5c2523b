"""The summary of a person, squad or finding that another page shows in a panel."""

from __future__ import annotations

from typing import Any

import pytest

from tests.build import an_org, chapter, mission, save, squad, tribe


@pytest.fixture
def viewer(as_role: Any) -> Any:
    org = an_org(
        mission("Audio never stops"),
        tribe(
            "Listening", squad("Playback", "Ana", "Ben", mission="Audio never stops"), chapter("Web", "Ana")
        ),
    )
    save(org)
    return as_role("viewer")


def peek(client: Any, url: str) -> str:
    return str(client.get(url, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="peek").content.decode())


def test_a_person_in_short(viewer: Any) -> None:
    html = peek(viewer, "/people/ana/")
    assert "<html" not in html
    assert "<h2>Ana</h2>" in html
    assert '<a class="grow" href="/squads/playback/">Playback</a>' in html
    assert '<dt>Chapter</dt><dd><a href="/chapters/web/">Web</a></dd>' in html


def test_a_squad_in_short(viewer: Any) -> None:
    html = peek(viewer, "/squads/playback/")
    assert "<h2>Playback</h2>" in html
    assert "2 people, Listening" in html
    assert html.count('<a class="grow" href="/people/') == 2


def test_a_finding_in_short(viewer: Any) -> None:
    html = viewer.get("/squads/playback/").content.decode()
    url = html.split('href="/findings/SQ-02', 1)[1].split('"')[0]
    finding = peek(viewer, f"/findings/SQ-02{url}")
    assert "<html" not in finding
    assert "<h2>Playback has 2 people" in finding
    assert '<dt>Value</dt><dd class="big">2 people, needs 4' in finding


def test_the_page_itself_is_as_ever(viewer: Any) -> None:
    answer = viewer.get("/people/ana/")
    assert "<html" in answer.content.decode()
    assert answer.content.decode().count("<dt>Chapter</dt>") == 1
    assert "HX-Request" in answer.headers["Vary"]
    assert "<h2>Ana</h2>" not in answer.content.decode()


def test_a_peek_is_nothing_that_was_seen(viewer: Any) -> None:
    peek(viewer, "/people/ben/")
    assert "seen" not in viewer.cookies
