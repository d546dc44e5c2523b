"""Search over everything that has a name."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import drafts
from orgmodel.core.operations import RenameSquad
from tests.build import an_org, chapter, guild, id_of, mission, save, squad, system, tribe, word


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


# The palette: the same list, as options


def palette_of(client: Any, text: str, *, language: str = "en", **query: str) -> str:
    headers = {"hx-request": "true", "accept-language": language}
    return str(client.get("/search/", {"q": text, **query}, headers=headers).content.decode())


def test_the_palette_gets_the_list_only(viewer: Any) -> None:
    html = palette_of(viewer, "seamus")
    assert "<html" not in html
    assert '<a class="grow" href="/people/seamus-search/" role="option" id="hit-1-1" tabindex="-1">' in html
    assert viewer.get("/search/").headers["Vary"].startswith("HX-Request")


def test_a_slip_is_forgiven(viewer: Any) -> None:
    assert "/people/seamus-search/" in html_of(viewer, "saemus")


def test_what_is_not_known_of_an_action_is_said(as_role: Any, viewer: Any) -> None:
    editor = as_role("editor")
    assert "Nothing is called “nowhere”." in palette_of(editor, "move ana to nowhere")
    assert "Nothing is called “nobody”." in palette_of(editor, "move nobody to lake 3")


@pytest.mark.parametrize(
    ("text", "found"),
    [("hire", "/people/new/"), ("heat", "/heat/"), ("circles", "/circles/"), ("words", "/settings/words/")],
)
def test_slips_are_no_noise_beside_what_is_called_so(
    as_role: Any, viewer: Any, text: str, found: str
) -> None:
    html = palette_of(as_role("editor"), text)
    assert re.findall('href="(.+?)"', html) == [found]


def test_pages_of_designers_are_found_by_them(as_role: Any, viewer: Any) -> None:
    assert 'href="/integrations/"' in palette_of(as_role("org designer"), "webhooks")
    assert "/integrations/" not in palette_of(as_role("editor"), "webhooks")


def test_pages_drafts_and_rules_are_found(viewer: Any, as_role: Any) -> None:
    planner = as_role("planner")
    drafts.create_draft("Unblock ingestion", owner_id=planner.user.pk, at=timezone.now())
    assert 'href="/settings/"' in palette_of(planner, "settings")
    assert 'href="/drafts/unblock-ingestion/changes/"' in palette_of(planner, "ingestion")
    assert "ingestion" not in palette_of(viewer, "unblock").lower()
    for typed in ("too large", "SQ-01", "sq01"):
        assert 'href="/findings/?rule=SQ-01"' in palette_of(viewer, typed), typed
    assert 'href="/admin/"' not in palette_of(planner, "admin")
    assert 'href="/admin/"' in palette_of(as_role("org designer"), "admin")


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("move ana to lake 3", {"Move Ana to Lake 3": "/people/ana/move/?to=lake-3"}),
        ("mov ana", {"Move Ana": "/people/ana/move/"}),
        ("move ana to nowhere", {"Move Ana": "/people/ana/move/"}),
        ("move nobody to lake 3", {"Move people": "/moves/new/"}),
        ("move lake 3", {"Move Lake 3 to another tribe": "/squads/lake-3/tribe/"}),
        ("move search to many", {"Move Search to tribe Many": "/squads/search/tribe/?tribe=many"}),
        ("new squad in many", {"New squad in Many": "/squads/new/?tribe=many"}),
        ("new squad Radio in many", {"New squad “Radio” in Many": "/squads/new/?name=Radio&tribe=many"}),
        ("new draft Spring", {"New draft “Spring”": "/drafts/?name=Spring"}),
        ("hire Zoe", {"Hire “Zoe”": "/people/new/?name=Zoe"}),
        ("split search", {"Split Search": "/squads/search/split/", "Split Searchers": "/tribes/searchers/split/"}),
        ("merge lake 1 into lake 2", {"Merge Lake 1 into Lake 2": "/squads/lake-2/merge/?squads=lake-1"}),
        ("merge search with lake 2", {"Merge Search into Lake 2": "/squads/lake-2/merge/?further=search"}),
        ("close lake 7", {"Close Lake 7": "/squads/lake-7/close/"}),
        ("add ana to search guild", {"Add Ana to guild Search guild": "/guilds/add/?guild=search-guild&person=ana"}),
    ],
)  # fmt: skip
def test_actions_lead_to_forms_that_are_filled_in(
    as_role: Any, viewer: Any, text: str, links: dict[str, str]
) -> None:
    editor = as_role("editor")
    html = palette_of(editor, text).replace("&amp;", "&")
    for name, url in links.items():
        assert f'href="{url}"' in html, html
        assert f">{name} <" in html
        assert editor.get(url).status_code == 200
    assert "Actions" not in palette_of(viewer, text)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("flytta ana till lake 3", "/people/ana/move/?to=lake-3"),
        ("lägg till ana i search guild", "/guilds/add/?guild=search-guild&person=ana"),
        ("lägg ana till search guild", "/guilds/add/?guild=search-guild&person=ana"),
        ("ny squad Radio i many", "/squads/new/?name=Radio&tribe=many"),
        ("nytt chapter Radio", "/chapters/new/?name=Radio"),
        ("nytt system", "/systems/new/"),
        ("skapa ny vakans", "/vacancies/new/"),
        ("skapa domän Ljud för search", "/domains/new/?name=Ljud&squad=search"),
        ("nytt utkast Vår", "/drafts/?name=V%C3%A5r"),
        ("anställ Zoe", "/people/new/?name=Zoe"),
        ("dela upp search", "/squads/search/split/"),
        ("dela search", "/squads/search/split/"),
        ("slå ihop lake 1 med lake 2", "/squads/lake-2/merge/?squads=lake-1"),
        ("slå samman lake 1 in i lake 2", "/squads/lake-2/merge/?squads=lake-1"),
        ("stäng lake 7", "/squads/lake-7/close/"),
        ("lägg ner lake 7", "/squads/lake-7/close/"),
        ("close lake 7", "/squads/lake-7/close/"),
    ],
)
def test_actions_are_asked_for_in_the_readers_language(
    as_role: Any, viewer: Any, text: str, url: str
) -> None:
    html = palette_of(as_role("editor"), text, language="sv").replace("&amp;", "&")
    assert f'href="{url}"' in html, html


@pytest.mark.parametrize("text", ["ångra", "ångr", "ta tillbaka"])
def test_undo_is_asked_for_in_the_readers_language(as_role: Any, viewer: Any, text: str) -> None:
    editor = as_role("editor")
    editor.post("/people/ana/move/", {"to": "lake-3", "source": "search"})
    assert 'href="/history/2/undo/"' in palette_of(editor, text, language="sv")


PRODUCT_AREA = word("tribe", "product area", "product areas", {"sv:one": "område", "sv:many": "områden"})


def test_actions_are_asked_for_in_the_organizations_words(as_role: Any) -> None:
    save(an_org(PRODUCT_AREA))
    editor = as_role("editor")
    assert 'href="/tribes/new/?name=Radio"' in palette_of(editor, "new product area Radio")
    assert 'href="/tribes/new/"' in palette_of(editor, "new prod")
    assert 'href="/tribes/new/?name=Radio"' in palette_of(editor, "new tribe Radio")
    assert 'href="/tribes/new/?name=Radio"' in palette_of(editor, "nytt område Radio", language="sv")


def test_pages_and_rules_are_found_in_the_organizations_words_and_in_every_language(as_role: Any) -> None:
    save(an_org(PRODUCT_AREA))
    viewer = as_role("viewer")
    for text in ("product areas", "tribes"):
        assert 'href="/tribes/"' in palette_of(viewer, text)
    assert 'href="/tribes/"' in palette_of(viewer, "områden", language="sv")
    assert 'href="/settings/"' in palette_of(viewer, "mörkt tema", language="sv")
    assert 'href="/settings/"' in palette_of(viewer, "dark theme", language="sv")
    assert 'href="/findings/?rule=TR-02"' in palette_of(viewer, "product area without lead")
    assert 'href="/findings/?rule=SQ-01"' in palette_of(viewer, "för många personer", language="sv")


def test_a_filled_in_form_holds_what_was_said(as_role: Any, viewer: Any) -> None:
    editor = as_role("editor")
    assert 'value="Spring"' in editor.get("/drafts/?name=Spring").content.decode()
    assert '<option value="lake-3" selected>' in editor.get("/people/ana/move/?to=lake-3").content.decode()


def test_undo_leads_to_the_last_change_of_ones_own(as_role: Any, viewer: Any) -> None:
    editor = as_role("editor")
    assert "Undo" not in palette_of(editor, "undo")
    editor.post("/people/ana/move/", {"to": "lake-3", "source": "search"})
    assert 'href="/history/2/undo/"' in palette_of(editor, "undo")


def test_what_was_redone_is_undone_by_the_name_that_its_page_has(as_role: Any, viewer: Any) -> None:
    editor = as_role("editor")
    editor.post("/people/ana/move/", {"to": "lake-3", "source": "search"})
    for version in (2, 3):  # undone, then redone
        editor.post(f"/history/{version}/undo/")
    html = palette_of(editor, "undo")
    assert 'href="/history/4/undo/"' in html
    assert "Undo: Move Ana from Search to Lake 3" in html
    assert "<h1>Undo: Move Ana from Search to Lake 3</h1>" in editor.get("/history/4/undo/").content.decode()


def test_actions_stay_in_the_draft(as_role: Any, viewer: Any) -> None:
    planner = as_role("planner")
    drafts.create_draft("Plan", owner_id=planner.user.pk, at=timezone.now())
    assert 'href="/people/ana/move/?draft=plan&amp;to=lake-3"' in palette_of(
        planner, "move ana to lake 3", draft="plan"
    )
    assert "Actions" not in palette_of(planner, "move ana to lake 3", as_of="2026-11-20")


def test_what_was_seen_last_is_offered_first(viewer: Any, as_role: Any) -> None:
    for page in ("/people/ana/", "/squads/search/", "/people/ana/"):
        viewer.get(page)
    html = html_of(viewer, "")
    assert html.index("/people/ana/") < html.index("/squads/search/")
    assert "Recently seen" in html
    viewer.get("/people/nobody/")
    assert "nobody" not in html_of(viewer, "")
    other = as_role("planner")
    other.cookies["seen"] = viewer.cookies["seen"].value
    assert "Recently seen" not in html_of(other, "")  # who used this browser before is nobody's business


@pytest.mark.parametrize("value", ["", "1|", "x" * 4000, "1|person:%00|squad:%ED%A0%80", "1|person", "|||"])
def test_any_cookie_is_fine(viewer: Any, value: str) -> None:
    viewer.cookies["seen"] = value.replace("1|", f"{viewer.user.pk}|")
    assert viewer.get("/search/").status_code == 200
    assert viewer.get("/people/ana/").status_code == 200


@pytest.mark.parametrize("squads", [1, 300])
def test_a_search_takes_five_queries(as_role: Any, squads: int, django_assert_num_queries: Any) -> None:
    save(an_org(tribe("T", *(squad(f"Lake {number}", f"Ana {number}") for number in range(squads)))))
    planner = as_role("planner")
    palette_of(planner, "lake")
    with django_assert_num_queries(5):  # session, user, head, drafts, saved views
        palette_of(planner, "lake")
    with django_assert_num_queries(4):  # session, user, head, saved views
        palette_of(planner, "")
