"""From people selected on a board to a page about several people, and back."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import services
from orgmodel.core.changes import diff
from orgmodel.core.operations import ApplyChanges
from orgmodel.core.org import Org
from tests.build import an_org, chapter, guild, id_of, person, save, squad, tribe

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def org() -> Org:
    built = an_org(
        tribe("Listen", squad("Search", "Ana", "Ben"), squad("Radio", "Cleo", "Ana"), chapter("Web")),
        guild("Python"),
        person("Dora"),
    )
    save(built)
    return built


def card(org: Org, name: str, squad_: str) -> str:
    membership = org.membership(id_of(name), id_of(squad_))
    assert membership is not None
    return f"{membership.id}:{squad_.lower()}"


def go(client: Any, page: str, *people: str, query: str = "tribe=listen") -> Any:
    return client.post(f"/moves/selection/{page}/?{query}", {"person": people})


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("guild", "/guilds/add/?person=ana&person=ben&tribe=listen"),
        ("chapter", "/chapters/change/?person=ana&person=ben&tribe=listen"),
        ("share", "/shares/?person=ana%3Asearch&person=ben%3Asearch&tribe=listen"),
    ],
)
def test_a_selection_is_carried_to_the_page(as_role: Any, org: Org, page: str, address: str) -> None:
    editor = as_role("editor")
    answer = go(editor, page, card(org, "Ana", "Search"), card(org, "Ben", "Search"))

    assert (answer.status_code, answer["Location"]) == (303, address)
    assert editor.get(address).status_code == 200


def test_the_page_names_them_and_leads_back_to_the_board(as_role: Any, org: Org) -> None:
    editor = as_role("editor")
    page = go(editor, "guild", card(org, "Ana", "Search"))["Location"]

    assert "Ana (ana)" in editor.get(page).content.decode()
    answer = editor.post(page, {"people": "ana", "guild": "python", "role": ""})
    assert (answer.status_code, answer["Location"]) == (303, "/tribes/listen/")
    assert services.current().guild_member(id_of("Ana"), id_of("Python")) is not None


def test_shares_are_set_in_the_squads_where_people_were_selected(as_role: Any, org: Org) -> None:
    editor = as_role("editor")
    page = go(editor, "share", card(org, "Ana", "Radio"), card(org, "Ben", "Search"))["Location"]

    assert "Of Ana in Radio, Ben in Search." in editor.get(page).content.decode()
    assert editor.post(page, {"share": "40"}).status_code == 303
    now = services.current()
    shares = {(m.person, m.squad): m.share for m in now.memberships.values()}
    assert shares[id_of("Ana"), id_of("Radio")] == 40
    assert shares[id_of("Ben"), id_of("Search")] == 40
    assert shares[id_of("Ana"), id_of("Search")] is None


def test_the_share_page_takes_what_a_board_sends(as_role: Any, org: Org) -> None:
    html = as_role("editor").get("/shares/", {"person": card(org, "Ana", "Radio")}).content.decode()
    assert "Of Ana in Radio." in html


def test_a_selection_stays_in_its_draft(as_role: Any, org: Org) -> None:
    planner = as_role("planner")
    planner.post("/drafts/", {"name": "Plan"})
    answer = go(planner, "chapter", card(org, "Ana", "Search"), query="draft=plan&tribe=listen")
    assert answer["Location"] == "/chapters/change/?draft=plan&person=ana&tribe=listen"

    answer = planner.post(answer["Location"], {"people": "ana", "chapter": "web"})
    assert answer["Location"] == "/tribes/listen/?draft=plan"
    assert services.current().chapter_of(id_of("Ana")) is None


def test_what_cannot_be_selected_is_said_on_the_board(as_role: Any, org: Org) -> None:
    editor = as_role("editor")
    nobody = go(editor, "guild")
    assert (nobody.status_code, "Choose at least one person." in nobody.content.decode()) == (422, True)
    stale = go(editor, "guild", card(org, "Ana", "Search").replace("search", "nowhere"))
    assert stale.status_code == 303  # still there, whatever the address of their squad
    moved = go(editor, "guild", card(org, "Ana", "Search").replace("search", "radio"))
    assert moved.status_code == 409
    idle = go(editor, "share", f"{id_of('Dora')}:")
    assert (idle.status_code, "Dora is in no squad" in idle.content.decode()) == (422, True)
    assert go(editor, "nothing", card(org, "Ana", "Search")).status_code == 404
    assert go(as_role("viewer"), "guild", card(org, "Ana", "Search")).status_code == 403
    assert editor.get("/moves/selection/guild/").status_code == 405


def test_a_form_takes_no_more_people_than_an_address_holds(as_role: Any) -> None:
    names = [f"Somebody With A Name {number}" for number in range(150)]
    change = an_org(*(person(name) for name in names))
    founding = ApplyChanges(title="Hire", changes=tuple(diff(Org.empty(), change)))
    services.commit([founding], actor=services.Actor("Eve"), message="", source="web", at=timezone.now())
    answer = go(as_role("editor"), "guild", *(f"{id_of(name)}:" for name in names))

    assert answer.status_code == 422
    assert "Choose fewer at a time." in answer.content.decode()
