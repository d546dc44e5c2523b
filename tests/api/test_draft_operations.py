"""The operations of a draft over REST: remove, park, note, redo on today, undo and redo."""

from __future__ import annotations

from typing import Any

import pytest

from orgmodel.changes.models import DraftOperation
from tests.api.conftest import Caller, problem
from tests.build import id_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("payments")]

BEN = {"operation": "MovePeople", "people": ["ben"], "to": "comet"}
ANA = {"operation": "MovePeople", "people": ["ana"], "to": "comet"}
NOVA = {"operation": "CreateSquad", "id": id_of("Nova"), "values": {"name": "Nova", "tribe": "payments"}}
TO_NOVA = {"operation": "MovePeople", "people": ["cleo"], "to": id_of("Nova")}


@pytest.fixture
def draft(editor: Caller) -> str:
    """A draft with a squad, and a move into it that builds on it."""
    assert editor.post("drafts/", {"name": "Later", "operations": [NOVA]}).status_code == 201
    assert editor.post("drafts/later/operations/", TO_NOVA).status_code == 201
    return "drafts/later/"


def states(response: Any) -> list[tuple[int, str]]:
    assert response.status_code in (200, 201), response.content
    return [(each["position"], each["state"]) for each in response.json()["results"]]


def test_take_out_one_that_nothing_builds_on(editor: Caller, draft: str) -> None:
    assert states(editor.delete(f"{draft}operations/2/")) == [(1, "standing")]
    problem(editor.delete(f"{draft}operations/2/"), 422, ("", "refused"))
    problem(editor.delete(f"{draft}operations/9/"), 422, ("", "refused"))


@pytest.mark.parametrize(("method", "body"), [("DELETE", None), ("PATCH", {"state": "parked"})])
def test_others_that_build_on_it_are_named(editor: Caller, draft: str, method: str, body: Any) -> None:
    found = problem(editor(method, f"{draft}operations/1/", body), 422, ("", "dependent"))
    assert found["errors"] == [
        {"pointer": "", "code": "dependent", "detail": "Move Cleo from Comet to Nova", "position": 2}
    ]
    assert states(editor.get(f"{draft}operations/")) == [(1, "standing"), (2, "standing")]


def test_others_that_build_on_it_go_as_well_when_asked(editor: Caller, draft: str) -> None:
    assert states(editor.delete(f"{draft}operations/1/?dependents=remove")) == []
    assert states(editor.post(f"{draft}undo/")) == [(1, "standing"), (2, "standing")]
    problem(editor.delete(f"{draft}operations/1/?dependents=keep"), 400, ("dependents", "invalid"))
    problem(editor.delete(f"{draft}operations/1/?force=1"), 400, ("force", "unknown_parameter"))


def test_park_and_let_stand(editor: Caller, draft: str) -> None:
    place = f"{draft}operations/1/"
    parked = editor.patch(place, {"state": "parked", "dependents": "park"})
    assert states(parked) == [(1, "parked"), (2, "parked")]
    assert parked.json()["results"][0]["sentence"] == "Create squad Nova"
    assert states(editor.patch(place, {"state": "parked"})) == [(1, "parked"), (2, "parked")]
    assert states(editor.patch(place, {"state": "standing"})) == [(1, "standing"), (2, "parked")]
    assert states(editor.patch(place, {"state": "standing"})) == [(1, "standing"), (2, "parked")]


def test_a_note(editor: Caller, draft: str) -> None:
    noted = editor.patch(f"{draft}operations/2/", {"note": "She asked for it"}).json()
    assert [each["note"] for each in noted["results"]] == ["", "She asked for it"]
    assert editor.get(draft).json()["entries"][1]["note"] == "She asked for it"


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"note": 7}, 400, ("/note", "invalid")),
        ({"note": "a\x00"}, 400, ("/note", "invalid")),
        ({"note": "x" * 9_000_000}, 422, ("/note", "refused")),
        ({"state": "removed"}, 400, ("/state", "invalid")),
        ({"state": "parked", "dependents": "remove"}, 400, ("/dependents", "invalid")),
        ({"position": 3}, 400, ("/position", "unknown_field")),
    ],
)
def test_changes_are_read_strictly(
    editor: Caller, draft: str, body: Any, status: int, error: tuple[str, str]
) -> None:
    problem(editor.patch(f"{draft}operations/2/", body), status, error)
    assert set(DraftOperation.objects.values_list("state", "note")) == {("standing", "")}


@pytest.mark.parametrize("position", ["9", "999999999", "9999999999", "x"])
def test_an_operation_that_is_not_there(editor: Caller, draft: str, position: str) -> None:
    problem(editor.patch(f"{draft}operations/{position}/", {"note": "x"}), 404)


def test_undo_and_redo_go_back_edit_by_edit(editor: Caller, draft: str) -> None:
    editor.delete(f"{draft}operations/2/")
    assert states(editor.delete(f"{draft}operations/last/")) == [(1, "standing"), (2, "standing")]
    assert states(editor.post(f"{draft}undo/")) == [(1, "standing")]
    assert states(editor.post(f"{draft}undo/")) == []
    problem(editor.post(f"{draft}undo/"), 422, ("", "refused"))
    assert states(editor.post(f"{draft}redo/")) == [(1, "standing")]
    told = editor.get(draft).json()
    assert (told["can_undo"], told["can_redo"]) == (True, True)
    assert states(editor.post(f"{draft}operations/", BEN)) == [(1, "standing"), (3, "standing")]
    problem(editor.post(f"{draft}redo/"), 422, ("", "refused"))
    problem(editor.post(f"{draft}undo/", {"steps": 2}), 400, ("/steps", "unknown_field"))


def test_what_came_together_is_undone_together(editor: Caller) -> None:
    editor.post("drafts/", {"name": "Later", "operations": [BEN, ANA]})
    assert states(editor.post("drafts/later/undo/")) == []
    assert states(editor.post("drafts/later/redo/")) == [(1, "standing"), (2, "standing")]


def test_redo_on_today(editor: Caller, draft: str) -> None:
    editor.post(f"{draft}operations/", {**BEN, "source": "phoenix"})
    editor.post("squads/", {"name": "Orbit", "tribe": "payments"})
    editor.post("people/ben/move/", {"to": "orbit"})
    stale = editor.get(f"{draft}operations/").json()["results"][2]
    assert (stale["fits"], stale["reason"], stale["redo"]) == (
        False,
        "Ben is in Orbit now, not in Phoenix any more.",
        "Move Ben from Orbit to Comet",
    )
    again = editor.post(f"{draft}operations/3/redo/").json()["results"][2]
    assert (again["sentence"], again["fits"], again["redo"]) == ("Move Ben from Orbit to Comet", True, "")
    problem(editor.post(f"{draft}operations/3/redo/"), 422, ("", "refused"))
    problem(editor.post(f"{draft}operations/9/redo/"), 422, ("", "refused"))


@pytest.mark.parametrize("count", [2, 40])
def test_reading_one_costs_the_same_however_much_it_holds(
    editor: Caller, django_assert_num_queries: Any, count: int
) -> None:
    squads = [{"operation": "CreateSquad", "values": {"name": f"Squad {n}"}} for n in range(count)]
    editor.post("drafts/", {"name": "Later", "operations": squads})
    editor.get("drafts/later/")
    # token with user and roles, draft, share, line, counts, head, reviews, notes
    with django_assert_num_queries(9):
        assert len(editor.get("drafts/later/").json()["entries"]) == count
    # token with user and roles, draft, head, operations
    with django_assert_num_queries(5):
        assert len(editor.get("drafts/later/operations/").json()["results"]) == count


# Whose draft it is


def test_who_may_look_does_not_edit(editor: Caller, draft: str, calling: Any) -> None:
    planner = calling("planner")
    editor("PUT", f"{draft}shares/integration:planner/", {"can": "comment"})
    assert states(planner.get(f"{draft}operations/")) == [(1, "standing"), (2, "standing")]
    for method, path, body in (
        ("POST", "operations/", BEN),
        ("PATCH", "operations/1/", {"note": "x"}),
        ("DELETE", "operations/2/", None),
        ("POST", "operations/2/redo/", None),
        ("DELETE", "operations/last/", None),
        ("POST", "undo/", None),
        ("POST", "redo/", None),
        ("PATCH", "", {"intent": "x"}),
    ):
        found = problem(planner(method, f"{draft}{path}", body), 403)
        assert found["detail"] == "The draft “Later” is not yours to change."
    problem(planner.post("people/ana/move/?draft=later", {"to": "comet"}), 403)


def test_who_was_handed_a_part_edits_only_that(calling: Any, editor: Caller) -> None:
    planner = calling("planner")
    editor.post("squads/", {"name": "Index", "tribe": "search"})
    editor.post("squads/", {"name": "Ranking", "tribe": "search"})
    editor.post("people/", {"name": "Dan"})
    editor.post("memberships/", {"person": "dan", "squad": "index"})
    operations = [BEN, {"operation": "MovePeople", "people": ["dan"], "to": "ranking"}]
    editor.post("drafts/", {"name": "Later", "operations": operations})
    editor.patch("drafts/later/", {"problem": "Too many teams"})
    editor("PUT", "drafts/later/shares/integration:planner/", {"can": "edit", "tribe": "search"})
    assert states(planner.get("drafts/later/operations/")) == [(2, "standing")]
    told = planner.get("drafts/later/").json()
    assert (told["part"]["key"], told["summary"], told["operation_count"]) == ("search", "1 move", 1)
    assert [entry["position"] for entry in told["entries"]] == [2]
    assert "problem" not in told
    assert planner.get("drafts/").json()["results"][0]["summary"] == "1 move"
    problem(planner.patch("drafts/later/operations/1/", {"note": "x"}), 404)
    problem(planner.delete("drafts/later/operations/1/"), 422, ("", "refused"))
    problem(planner.post("drafts/later/operations/", ANA), 422, ("", "refused"))
    problem(planner.patch("drafts/later/", {"intent": "x"}), 403)
    problem(planner.post("people/ana/move/?draft=later", {"to": "comet"}), 422, ("", "refused"))
    assert planner.patch("drafts/later/operations/2/", {"note": "Fine"}).status_code == 200
    assert states(planner.patch("drafts/later/operations/2/", {"state": "parked"})) == []
    problem(planner.post("drafts/later/operations/2/redo/"), 403)
    copy = planner.post("drafts/later/duplicate/").json()
    assert (copy["problem"], copy["operation_count"]) == ("", 0)
    assert editor.get("drafts/later/").json()["operation_count"] == 1


def test_a_part_of_a_draft_is_not_published(calling: Any, editor: Caller) -> None:
    editor.post("drafts/", {"name": "Later", "operations": [BEN]})
    guest = calling("editor", "guest")
    editor("PUT", "drafts/later/shares/integration:guest/", {"can": "edit", "tribe": "payments"})
    problem(guest.post("drafts/later/publish/", {"despite": "x"}), 403)
    problem(guest.post("drafts/later/schedule/", {"on": "2999-01-01"}), 403)
