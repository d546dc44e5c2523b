"""Tribes, squads, chapters, guilds, missions, vacancies and roles over REST."""

from __future__ import annotations

from typing import Any

import pytest

from orgmodel.changes.models import ChangeSet
from tests.api.conftest import problem
from tests.build import id_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("payments")]


def sentences() -> list[str]:
    found: list[str] = ChangeSet.objects.latest("version").sentences
    return found


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("tribes/", ["payments", "search"]),
        ("tribes/?q=SEAR", ["search"]),
        ("tribes/?lead=ana", ["payments"]),
        ("squads/?tribe=payments", ["comet", "phoenix"]),
        ("squads/?tribe=search", []),
        ("squads/?closed=true", []),
        ("squads/?closed=false&state=active", ["comet", "phoenix"]),
        ("squads/?user_facing=true", []),
        ("chapters/?tribe=payments&q=back", ["backend"]),
        ("guilds/?kind=interest", ["testing"]),
        ("guilds/?kind=capability", []),
        ("missions/?q=anywhere", ["pay-anywhere"]),
        ("vacancies/?squad=phoenix", ["data-engineer"]),
        ("vacancies/?tribe=payments&closed=false", ["data-engineer"]),
        ("vacancies/?closed=true", []),
        ("vacancies/?state=filled", []),
        ("roles/?leads=true", ["product-owner"]),
    ],
)
@pytest.mark.parametrize("as_of", ["", "as_of=2999-01-01"])
def test_lists_and_filters(editor: Any, path: str, keys: list[str], as_of: str) -> None:
    address = f"{path}{'&' if '?' in path else '?'}{as_of}" if as_of else path
    response = editor.get(address)
    assert response.status_code == 200, response.content
    assert [record["key"] for record in response.json()["results"]] == keys


def test_a_squad_shows_its_people_and_vacancies(editor: Any) -> None:
    squad = editor.get("squads/phoenix/").json()
    assert (squad["size"], squad["tribe"]["key"]) == (2, "payments")
    assert [m["person"]["name"] for m in squad["memberships"]] == ["Ana", "Ben"]
    assert [v["key"] for v in squad["vacancies"]] == ["data-engineer"]


def test_a_tribe_shows_its_squads_and_chapters(editor: Any) -> None:
    tribe = editor.get("tribes/payments/").json()
    assert ([s["key"] for s in tribe["squads"]], [c["key"] for c in tribe["chapters"]]) == (
        ["comet", "phoenix"],
        ["backend"],
    )
    assert (tribe["size"], tribe["lead"]["key"]) == (3, "ana")


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("tribes/", {"name": "Ads"}, "Create tribe Ads"),
        ("squads/", {"name": "Nova", "tribe": "search", "user_facing": True}, "Create squad Nova"),
        ("chapters/", {"name": "Web", "tribe": "payments"}, "Create chapter Web"),
        ("guilds/", {"name": "Data", "coordinator": "ben"}, "Create guild Data"),
        ("missions/", {"statement": "Pay fast", "target": "0.25"}, "Create mission Pay fast"),
        ("vacancies/", {"title": "Tester", "squad": "comet"}, "Open vacancy Tester in Comet"),
        ("roles/", {"name": "Agile coach"}, "Create role Agile coach"),
    ],
)
def test_create(editor: Any, path: str, body: dict[str, Any], sentence: str) -> None:
    response = editor.post(path, {**body, "message": "new"})
    assert response.status_code == 201, response.content
    assert sentences() == [sentence]
    assert editor.get(f"{path}{response.json()['key']}/").json() == response.json()


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("tribes/payments/", {"name": "Money"}, ["Rename tribe Payments to Money"]),
        ("tribes/payments/", {"lead": "ben"}, ["Make Ben tribe lead of Payments"]),
        (
            "tribes/payments/",
            {"lead": None, "purpose": "x"},
            ["Leave Payments without a tribe lead", "Edit tribe Payments: purpose"],
        ),
        ("squads/comet/", {"tribe": "search"}, ["Move squad Comet from Payments to Search"]),
        ("squads/comet/", {"tribe": None}, ["Edit squad Comet: tribe"]),
        ("squads/comet/", {"mission": "pay-anywhere"}, ["Give Comet the mission “Pay anywhere”"]),
        (
            "squads/comet/",
            {"state": "forming", "review_on": "2027-01-01"},
            ["Edit squad Comet: state and mission review on"],
        ),
        ("chapters/backend/", {"lead": "ben"}, ["Make Ben chapter lead of Backend"]),
        (
            "guilds/testing/",
            {"coordinator": "ben", "kind": "capability"},
            ["Make Ben coordinator of Testing", "Edit guild Testing: kind"],
        ),
        ("missions/pay-anywhere/", {"statement": "Pay everywhere"}, ["Reword mission “Pay anywhere”"]),
        ("missions/pay-anywhere/", {"target": 0.5}, ["Edit mission Pay anywhere: target"]),
        ("vacancies/data-engineer/", {"title": "Analyst"}, ["Edit vacancy Data engineer: title"]),
        ("roles/engineer/", {"craft": "software"}, ["Edit role Engineer: craft"]),
    ],
)
def test_patch_in_words(editor: Any, path: str, body: dict[str, Any], told: list[str]) -> None:
    response = editor.patch(path, body)
    assert response.status_code == 200, response.content
    assert sentences() == told


@pytest.mark.parametrize(
    ("path", "body", "place"),
    [
        ("squads/comet/", {"key": "x"}, "/key"),
        ("squads/comet/", {"closed_on": "2026-01-01"}, "/closed_on"),
        ("vacancies/data-engineer/", {"filled_by": "ana"}, "/filled_by"),
        ("missions/pay-anywhere/", {"name": "x"}, "/name"),
    ],
)
def test_what_has_a_way_of_its_own_is_no_field(
    editor: Any, path: str, body: dict[str, Any], place: str
) -> None:
    problem(editor.patch(path, body), 400, (place, "unknown_field"))


def test_names_are_unique_within_a_tribe(editor: Any) -> None:
    problem(editor.post("squads/", {"name": "COMET", "tribe": "payments"}), 422, ("/name", "name_unique"))
    assert editor.post("squads/", {"name": "Comet", "tribe": "search"}).status_code == 201


def test_close_and_reopen(editor: Any) -> None:
    found = problem(editor.post("squads/comet/close/"), 422, ("", "refused"))
    assert found["detail"] == "Comet still has 1 person (Cleo). Move them first."
    editor.post("people/cleo/move/", {"to": "phoenix"})
    problem(editor.post("squads/comet/close/", {"on": "2026-06-30"}), 422, ("/on", "refused"))
    day = {"on": "2026-06-30", "effective_on": "2026-06-30"}
    closed = editor.post("squads/comet/close/", {**day, "message": "done"})
    assert closed.json()["closed_on"] == "2026-06-30"
    assert [s["key"] for s in editor.get("squads/?closed=true").json()["results"]] == ["comet"]
    assert editor.post("squads/comet/reopen/").json()["closed_on"] is None
    problem(editor.post("squads/comet/close/", {"on": "soon"}), 400, ("/on", "invalid"))


def test_close_of_the_other_units(editor: Any) -> None:
    for path in ("tribes/search/", "guilds/testing/", "missions/pay-anywhere/"):
        assert editor.post(f"{path}close/").json()["closed_on"] is not None
        assert editor.post(f"{path}reopen/").json()["closed_on"] is None
    problem(editor.post("chapters/backend/close/"), 422, ("", "refused"))


def test_squad_lead_and_mission(editor: Any) -> None:
    led = editor.post("squads/phoenix/lead/", {"role": "product-owner", "person": "ben"}).json()
    assert {m["person"]["key"]: (m["role"] or {}).get("key") for m in led["memberships"]} == {
        "ana": None,
        "ben": "product-owner",
    }
    problem(
        editor.post("squads/phoenix/lead/", {"role": "product-owner", "person": "cleo"}),
        422,
        ("/person", "refused"),
    )
    given = editor.post("squads/phoenix/mission/", {"mission": "pay-anywhere"}).json()
    assert given["mission"] == {"id": id_of("Pay anywhere"), "key": "pay-anywhere", "name": "Pay anywhere"}
    assert editor.post("squads/phoenix/hand-over/", {"to": "comet"}).json()["mission"] is None
    assert editor.get("squads/?mission=pay-anywhere").json()["results"][0]["key"] == "comet"


def test_vacancies_are_filled_closed_and_reopened(editor: Any) -> None:
    filled = editor.post("vacancies/data-engineer/fill/", {"person": "cleo", "share": 50}).json()
    assert (filled["state"], filled["filled_by"]["key"]) == ("filled", "cleo")
    assert [m["squad"]["key"] for m in editor.get("people/cleo/").json()["memberships"]] == [
        "comet",
        "phoenix",
    ]
    problem(editor.post("vacancies/data-engineer/close/"), 422, ("", "refused"))
    assert editor.post("vacancies/data-engineer/reopen/").json()["state"] == "open"
    assert editor.post("vacancies/data-engineer/close/").json()["state"] == "cancelled"


def test_a_role_goes_when_nobody_holds_it(editor: Any) -> None:
    problem(editor.delete("roles/engineer/"), 422, ("", "refused"))
    editor.post("roles/", {"name": "Designer"})
    response = editor.delete("roles/designer/?message=unused")
    assert (response.status_code, response.content, response["Change-Set"]) == (204, b"", "3")
    assert ChangeSet.objects.get(version=3).message == "unused"
    problem(editor.get("roles/designer/"), 404)


def test_methods_that_are_not_there(editor: Any) -> None:
    for method, path in (
        ("DELETE", "squads/comet/"),
        ("PUT", "people/ana/"),
        ("PATCH", "people/"),
        ("OPTIONS", "people/"),
    ):
        response = editor(method, path, {})
        problem(response, 405)
        assert "GET" in response["Allow"]


@pytest.mark.parametrize("path", ["squads/?limit=200", "guilds/", "tribes/payments/", "squads/phoenix/"])
def test_queries(editor: Any, path: str, django_assert_max_num_queries: Any) -> None:
    editor.get(path)
    with django_assert_max_num_queries(4):
        editor.get(path)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("vacancies/?unit=squad:phoenix", 1),
        ("vacancies/?unit=payments", 1),
        ("vacancies/?unit=comet", 0),
        ("vacancies/?unit=backend", 0),
        ("memberships/?unit=phoenix", 2),
        ("memberships/?unit=tribe:payments", 3),
        ("memberships/?unit=tribe:search", 0),
        ("chapter-members/?unit=backend", 2),
        ("chapter-members/?unit=payments", 2),
        ("systems/?unit=phoenix", 0),
        ("dependencies/?unit=phoenix", 0),
    ],
)
def test_what_belongs_to_a_unit(editor: Any, payments: Any, path: str, names: int) -> None:
    assert len(editor.get(path).json()["results"]) == names
