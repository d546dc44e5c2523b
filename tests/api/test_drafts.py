"""Drafts over REST: start, plan, look, publish, discard; and who may."""

from __future__ import annotations

from typing import Any

import pytest

from orgmodel.changes.models import ChangeSet, Draft
from tests.api.conftest import Caller, problem
from tests.build import id_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("payments")]

MOVE = {"operation": "MovePeople", "people": ["ben"], "to": "comet"}


def start(caller: Caller, name: str = "Later", **body: Any) -> str:
    response = caller.post("drafts/", {"name": name, **body})
    assert response.status_code == 201, response.content
    return f"drafts/{response.json()['key']}/"


def test_start_plan_publish(editor: Any) -> None:
    draft = start(editor)
    added = editor.post(
        f"{draft}operations/", [MOVE, {"operation": "CreateSquad", "values": {"name": "Nova"}}]
    )
    assert added.status_code == 201, added.content
    assert [o["sentence"] for o in added.json()["results"]] == [
        "Move Ben from Phoenix to Comet",
        "Create squad Nova",
    ]
    assert added.json()["results"][0]["operation"]["to"] == id_of("Comet")
    told = editor.get(draft).json()
    assert (told["misfits"], told["operation_count"], told["owner"]) == (0, 2, "integration:editor")
    (fact,) = told["entries"][0]["facts"]
    assert (fact["id"], fact["field"], fact["before"], fact["after"]) == (
        id_of("Ben", "Phoenix"),
        "squad",
        "Phoenix",
        "Comet",
    )
    published = editor.post(
        f"{draft}publish/", {"message": "Go", "effective_on": "2026-11-01", "expected_version": 1}
    )
    assert (published.json()["state"], published.json()["change_set"], published["Change-Set"]) == (
        "published",
        2,
        "2",
    )
    assert ChangeSet.objects.get(version=2).message == "Go"
    problem(editor.post(f"{draft}publish/"), 422, ("", "refused"))
    problem(editor.post(f"{draft}operations/", MOVE), 422, ("", "refused"))


def test_start_with_operations_and_rename(editor: Any) -> None:
    draft = start(editor, operations=[MOVE])
    assert editor.get(draft).json()["entries"][0]["sentence"] == "Move Ben from Phoenix to Comet"
    assert editor.patch(draft, {"name": "Sooner"}).json()["name"] == "Sooner"
    problem(editor.patch(draft, {"name": " "}), 422, ("/name", "refused"))
    problem(
        editor.post("drafts/", {"name": "x", "operations": [{"operation": "Nothing"}]}),
        400,
        ("/operations/0/operation", "invalid"),
    )
    assert Draft.objects.count() == 1


def test_take_operations_out(editor: Any) -> None:
    draft = start(editor, operations=[MOVE, {"operation": "MovePeople", "people": ["ana"], "to": "comet"}])
    left = editor.delete(f"{draft}operations/1/").json()
    assert [(o["position"], o["fits"]) for o in left["results"]] == [(2, True)]
    assert editor.delete(f"{draft}operations/last/").json()["results"] == []
    assert [o["position"] for o in editor.post(f"{draft}redo/").json()["results"]] == [2]
    assert editor.delete(f"{draft}operations/last/").json()["results"] == []
    problem(editor.delete(f"{draft}operations/last/"), 422, ("", "refused"))
    problem(editor.delete(f"{draft}operations/9/"), 422, ("", "refused"))
    assert editor.get(draft).json()["operation_count"] == 0
    problem(editor.post(f"{draft}publish/"), 422, ("", "refused"))


def test_what_no_longer_fits_says_why(editor: Any) -> None:
    draft = start(editor, operations=[{**MOVE, "source": "phoenix"}])
    editor.post("people/ben/move/", {"to": "comet"})
    told = editor.get(draft).json()
    assert (told["misfits"], told["entries"][0]["fits"]) == (1, False)
    assert told["entries"][0]["reason"] == "Ben is in Comet now, not in Phoenix any more."
    problem(editor.post(f"{draft}publish/"), 422, ("", "refused"))


def test_publishing_on_a_version_that_has_passed(editor: Any) -> None:
    draft = start(editor, operations=[MOVE])
    editor.patch("people/ana/", {"title": "Head"})
    problem(editor.post(f"{draft}publish/", {"expected_version": 1}), 409, ("", "stale_version"))
    assert editor.get(draft).json()["state"] == "open"


def test_discard(editor: Any) -> None:
    draft = start(editor, operations=[MOVE])
    assert editor.post(f"{draft}discard/").json()["state"] == "discarded"
    problem(editor.post(f"{draft}discard/"), 422, ("", "refused"))
    assert [d["state"] for d in editor.get("drafts/?state=discarded").json()["results"]] == ["discarded"]
    assert editor.get("drafts/?state=open").json()["results"] == []


def test_list_pages(editor: Any) -> None:
    for name in ("C", "A", "B"):
        start(editor, name)
    first = editor.get("drafts/?limit=2").json()
    assert [d["key"] for d in first["results"]] == ["a", "b"]
    assert [d["key"] for d in editor.get(first["next"].partition("/api/v1/")[2]).json()["results"]] == ["c"]


def test_each_planner_has_drafts_of_their_own(calling: Any, editor: Any) -> None:
    one, other = calling("planner", "one"), calling("planner", "other")
    draft = start(one)
    assert one.post(f"{draft}operations/", MOVE).status_code == 201
    assert one.post("people/ana/move/?draft=later", {"to": "comet"}).status_code == 200
    for method, path, body in (
        ("GET", draft, None),
        ("POST", f"{draft}operations/", MOVE),
        ("POST", f"{draft}discard/", {}),
        ("GET", "people/?draft=later", None),
        ("POST", "people/ana/move/?draft=later", {"to": "comet"}),
        ("GET", "drafts/%00/", None),
        ("GET", "people/?draft=%00", None),
    ):
        problem(
            other(method, path, body),
            404 if "=%00" not in path else 400,
            *([("draft", "invalid")] if "=%00" in path else []),
        )
    assert other.get("drafts/").json()["results"] == []
    problem(one.post(f"{draft}publish/"), 403)
    assert editor.get(draft).status_code == 200
    assert editor.post(f"{draft}publish/").status_code == 200


def test_a_viewer_sees_no_draft(calling: Any, editor: Any) -> None:
    viewer, draft = calling("viewer"), start(editor)
    assert viewer.get("drafts/").json()["results"] == []
    problem(viewer.get(draft), 404)
    problem(viewer.get("org/?draft=later"), 404)
    problem(viewer.post("drafts/", {"name": "x"}), 403)


def test_a_planner_does_not_write_live(calling: Any) -> None:
    planner = calling("planner")
    problem(planner.patch("people/ana/", {"title": "Head"}), 403)
    problem(planner.post("change-sets/1/undo/"), 403)
    assert ChangeSet.objects.count() == 1


def test_operations_list_what_can_be_done(editor: Any) -> None:
    found = {o["operation"]: o for o in editor.get("operations/").json()["results"]}
    assert found["MovePeople"]["fields"][1] == {
        "name": "to",
        "kind": "ref",
        "required": True,
        "target": "squad",
    }
    assert found["HirePerson"]["about"] == "Add a person to the organization."


def test_org_counts_any_reality(editor: Any) -> None:
    start(editor, operations=[{"operation": "CreateSquad", "values": {"name": "Nova"}}])
    assert editor.get("org/").json()["counts"]["squads"] == 2
    assert editor.get("org/?draft=later").json()["counts"]["squads"] == 3
    assert editor.get("org/?as_of=2000-01-01").json()["counts"]["people"] == 0
    assert editor.get("org/").json()["version"] == 1


def test_redo_brings_back_what_was_taken_back_last(editor: Any) -> None:
    draft = start(editor, operations=[MOVE, {"operation": "MovePeople", "people": ["ana"], "to": "comet"}])
    assert editor.delete(f"{draft}operations/last/").json()["results"] == []  # both came together
    assert [o["position"] for o in editor.post(f"{draft}redo/").json()["results"]] == [1, 2]
    problem(editor.post(f"{draft}redo/"), 422, ("", "refused"))
