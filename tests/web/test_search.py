"""Search over everything that has a name."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import drafts
from orgmodel.core.operations import RenameSquad
from tests.build import an_org, chapter, guild, id_of, mission, save, squad, system, tribe


@pytest.fixture
def viewer(as_role: Any) -> Any:
    save(
        an_org(
            mission("Search that finds"),
            tribe("Searchers", squad("Search", "Seamus Search", "Ana"), chapter("Search craft", "Ana")),
            guild("Search guild", "Ana"),
            system("Search index"),
            tribe("Many", *(squad(f"Lake {number}") for number in range(12))),
        )
    )
    return as_role("viewer")


def html_of(client: Any, text: str, **query: str) -> str:
    return str(client.get("/search/", {"q": text, **query}).content.decode())


def test_it_finds_every_kind(viewer: Any) -> None:
    html = html_of(viewer, "sEARCH")
    for url in (
        "people/seamus-search",
        "squads/search",
        "tribes/searchers",
        "chapters/search-craft",
        "guilds/search-guild",
        "systems/search-index",
        "missions/search-that-finds",
    ):
        assert f'href="/{url}/"' in html


def test_all_words_must_occur(viewer: Any) -> None:
    html = html_of(viewer, "search seamus")
    assert "/people/seamus-search/" in html
    assert "/squads/search/" not in html


def test_many_hits_are_cut_and_lead_to_the_list(viewer: Any) -> None:
    html = html_of(viewer, "lake")
    assert html.count('href="/squads/lake-') == 8
    assert '<a href="/squads/?q=lake">4 more</a>' in html


def test_it_reads_the_draft_that_one_looks_at(as_role: Any, viewer: Any) -> None:
    planner = as_role("planner")
    rename = RenameSquad(id=id_of("Search"), name="Discovery")
    drafts.create_draft("Plan", owner_id=planner.user.pk, at=timezone.now(), operations=[rename])
    assert 'href="/squads/search/?draft=plan"' in html_of(planner, "discovery", draft="plan")
    assert "Nothing found" in html_of(planner, "discovery")


@pytest.mark.parametrize("text", ["", " ", "\x00", "%", "_", "'", "x" * 10_000, "Ω≈ç√", "<b>"])
def test_any_text_is_fine(viewer: Any, text: str) -> None:
    answer = viewer.get("/search/", {"q": text})
    assert answer.status_code == 200
    assert "<b>" not in answer.content.decode().split("<h1>")[1].replace("<b>Alex", "")


def test_a_stranger_is_sent_to_the_login(client: Any, db: None) -> None:
    assert client.get("/search/?q=a").status_code == 302
