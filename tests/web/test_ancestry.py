"""Where a squad, tribe or chapter came from and what became of it, on its page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import drafts, services
from orgmodel.core.operations import MergeChapters, MergeSquads, MergeTribes, Operation, SplitSquad
from tests.build import an_org, chapter, id_of, save, squad, tribe

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def _org() -> None:
    save(
        an_org(
            tribe("Listen", squad("Search", "Ana", "Ben"), squad("Radio", "Cleo"), chapter("Web", "Ana")),
            tribe("Ads", squad("Brand", "Hal"), chapter("Mobile", "Hal")),
        ),
        at=timezone.now() - timedelta(days=60),
    )


def live(*operations: Operation) -> None:
    services.commit(
        operations, actor=services.Actor("Rikard Nord"), message="", source="web", at=timezone.now()
    )


def told(page: Any) -> list[str]:
    """Return the list of what happened, as one reads it."""
    rows = page.context["ancestry"].rows if page.context["ancestry"] is not None else []
    return [f"{row.unit.name} {row.words} {row.other.name}" for row in rows]


def test_a_unit_of_which_nothing_is_recorded_has_no_such_section(as_role: Any) -> None:
    page = as_role("viewer").get("/squads/search/")
    assert (told(page), b'id="ancestry"' in page.content) == ([], False)


def test_both_squads_of_a_split_tell_of_it(as_role: Any) -> None:
    live(SplitSquad(squad=id_of("Search"), id=id_of("Index"), name="Index", people=(id_of("Ben"),)))
    viewer = as_role("viewer")
    for key, title in (("search", "What became of it"), ("index", "Where it came from")):
        page = viewer.get(f"/squads/{key}/")
        assert told(page) == ["Index split off from Search"]
        assert f'<h2 id="ancestry">{title}</h2>' in page.content.decode()


def test_a_closed_squad_tells_what_became_of_it(as_role: Any) -> None:
    live(MergeSquads(squads=(id_of("Radio"),), into=id_of("Search")))
    page = as_role("viewer").get("/squads/radio/")
    assert told(page) == ["Radio merged into Search"]
    assert 'href="/squads/search/"' in page.content.decode()
    assert '<h2 id="ancestry">What became of it</h2>' in page.content.decode()


def test_tribes_and_chapters_tell_it_too(as_role: Any) -> None:
    live(MergeTribes(tribes=(id_of("Ads"),), into=id_of("Listen")))
    live(MergeChapters(chapters=(id_of("Mobile"),), into=id_of("Web")))
    viewer = as_role("viewer")
    assert told(viewer.get("/tribes/listen/about/")) == ["Ads merged into Listen"]
    assert told(viewer.get("/chapters/web/")) == ["Mobile merged into Web"]


def test_a_past_day_knows_nothing_of_what_came_later(as_role: Any) -> None:
    live(MergeSquads(squads=(id_of("Radio"),), into=id_of("Search")))
    before = TODAY - timedelta(days=30)
    assert told(as_role("viewer").get(f"/squads/search/?as_of={before}")) == []


def test_links_stay_on_the_day_one_looks_at(as_role: Any) -> None:
    live(MergeSquads(squads=(id_of("Radio"),), into=id_of("Search")))
    body = as_role("viewer").get(f"/squads/search/?as_of={TODAY}").content.decode()
    links = re.findall(r'href="(/squads/radio/[^"]*)"', body)
    assert set(links) == {f"/squads/radio/?as_of={TODAY}"}


def test_a_draft_shows_what_it_would_make(as_role: Any) -> None:
    editor = as_role("editor")
    merge = MergeSquads(squads=(id_of("Radio"),), into=id_of("Search"))
    drafts.create_draft("Plan", owner_id=editor.user.pk, at=timezone.now(), operations=[merge])
    assert told(editor.get("/squads/search/?draft=plan")) == ["Radio merged into Search"]
