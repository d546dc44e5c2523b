"""The log over REST: newest first, as a feed, one change set with its facts, undo."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import problem
from tests.build import id_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("payments")]


def versions(response: Any) -> list[int]:
    assert response.status_code == 200, response.content
    return [change_set["version"] for change_set in response.json()["results"]]


def test_newest_first_and_as_a_feed(editor: Any) -> None:
    for title in ("a", "b", "c"):
        editor.patch("people/ana/", {"title": title})
    assert versions(editor.get("change-sets/")) == [4, 3, 2, 1]
    assert versions(editor.get("change-sets/?source=import")) == [1]
    first = editor.get("change-sets/?limit=3").json()
    assert versions(editor.get(first["next"].partition("/api/v1/")[2])) == [1]
    feed = editor.get("change-sets/?since=1&limit=2")
    assert versions(feed) == [2, 3]
    assert versions(editor.get(feed.json()["next"].partition("/api/v1/")[2])) == [4]


@pytest.mark.parametrize("query", ["since=x", "since=-1", "since=99999999999", "cursor=eA"])
def test_bad_places(editor: Any, query: str) -> None:
    problem(editor.get(f"change-sets/?{query}"), 400, (query.partition("=")[0], "invalid"))


def test_one_with_its_changes_and_facts(editor: Any) -> None:
    editor.patch("people/ana/", {"title": "Head", "message": "Promoted"})
    found = editor.get("change-sets/2/").json()
    assert (found["title"], found["message"], found["source"]) == (
        "Edit person Ana: title",
        "Promoted",
        "api",
    )
    assert found["changes"] == [
        {"kind": "person", "id": id_of("Ana"), "before": {"title": ""}, "after": {"title": "Head"}}
    ]
    assert found["facts"][0]["after"] == "Head"
    for unknown in (
        "change-sets/99/",
        "change-sets/0/",
        "change-sets/999999999/",
        "change-sets/x/",
        "change-sets/9999999999/",
    ):
        problem(editor.get(unknown), 404)


def test_undo(editor: Any) -> None:
    editor.patch("people/ana/", {"title": "Head"})
    undone = editor.post("change-sets/2/undo/", {"message": "Too early"})
    assert (undone.status_code, undone["Change-Set"], undone.json()["undoes"]) == (201, "3", 2)
    assert editor.get("people/ana/").json()["title"] == ""
    assert editor.get("change-sets/2/").json()["undone_by"] == 3
    problem(editor.post("change-sets/2/undo/"), 422, ("", "refused"))


def test_what_was_learned(editor: Any) -> None:
    editor.patch("people/ana/", {"title": "Head"})
    undone = editor.post("change-sets/2/undo/", {"message": "Too early", "learning": "Ask Ana first"})
    assert (undone.json()["learning"], undone.json()["message"]) == ("Ask Ana first", "Too early")
    assert editor.get("change-sets/2/").json()["learning"] == ""
    problem(editor.post("change-sets/3/undo/", {"learning": 7}), 400, ("/learning", "invalid"))
    problem(editor.post("change-sets/3/undo/", {"learning": "x" * 9_000_000}), 422, ("/learning", "refused"))


def test_the_draft_that_was_published_is_named_to_who_may_see_it(editor: Any, calling: Any) -> None:
    move = {"operation": "MovePeople", "people": ["ben"], "to": "comet"}
    editor.post("drafts/", {"name": "Secret", "operations": [move]})
    editor.post("drafts/secret/publish/", {"despite": "Agreed"})
    assert editor.get("change-sets/2/").json()["draft"] == "secret"
    assert editor.get("change-sets/1/").json()["draft"] is None
    viewer = calling("viewer")
    assert viewer.get("change-sets/2/").json()["draft"] is None
    assert "Secret" not in viewer.get("change-sets/").content.decode()
    editor.patch("drafts/secret/", {"visibility": "everyone"})
    assert viewer.get("change-sets/2/").json()["draft"] == "secret"


def test_reverse_item_by_item(editor: Any) -> None:
    moves = [{"people": [who], "to": "comet"} for who in ("ana", "ben")]
    assert editor.post("moves/", {"moves": moves}).status_code == 200
    editor.post("people/ben/move/", {"to": "phoenix"})
    started = editor.post("change-sets/2/reverse/")
    draft = started.json()
    assert (started.status_code, draft["reverses"], draft["state"]) == (201, 2, "open")
    assert [entry["sentence"] for entry in draft["entries"]] == [
        "Take back: Move Ana from Phoenix to Comet",
    ]
    assert [parked["sentence"] for parked in draft["parked"]] == ["Take back: Move Ben from Phoenix to Comet"]
    assert "Ben is in Phoenix now" in draft["parked"][0]["note"]
    kept = editor.get(f"drafts/{draft['key']}/operations/").json()["results"][0]["operation"]
    assert (kept["title"], sorted(kept)) == (
        "Take back: Move Ana from Phoenix to Comet",
        ["changes", "operation", "title", "v"],
    )
    assert editor.post("change-sets/2/reverse/", {"force": True}).status_code == 400
    address = f"drafts/{draft['key']}/publish/"
    done = editor.post(address, {"despite": "Agreed", "learning": "Too many at once"})
    assert done.status_code == 200, done.content
    back = editor.get(f"change-sets/{done.json()['change_set']}/").json()
    assert (back["undoes"], back["learning"]) == (2, "Too many at once")
    problem(editor.post("change-sets/2/reverse/"), 422, ("", "refused"))
    problem(editor.post("change-sets/99/reverse/"), 404)


def test_planners_reverse_viewers_do_not(calling: Any, editor: Any) -> None:
    editor.patch("people/ana/", {"title": "Head"})
    assert calling("planner").post("change-sets/2/reverse/").status_code == 201
    problem(calling("viewer").post("change-sets/2/reverse/"), 403, ("", "missing_scope"))


@pytest.mark.parametrize("count", [1, 40])
def test_a_list_costs_the_same_however_long(editor: Any, django_assert_num_queries: Any, count: int) -> None:
    for number in range(count):
        editor.patch("people/ana/", {"title": f"{number}"})
    with django_assert_num_queries(4):  # token with user and roles, its count, change sets, what undoes them
        assert len(editor.get("change-sets/").json()["results"]) == count + 1


def test_undo_of_what_has_been_overtaken(editor: Any) -> None:
    editor.patch("people/ana/", {"title": "Head", "city": "Oslo"})
    editor.patch("people/ana/", {"title": "Chief"})
    found = problem(editor.post("change-sets/2/undo/"), 409, ("", "conflict"))
    assert (found["errors"][0]["expected"], found["errors"][0]["found"]) == ("Head", "Chief")
    assert editor.post("change-sets/2/undo/", {"skip_overtaken": True}).status_code == 201
    ana = editor.get("people/ana/").json()
    assert (ana["title"], ana["city"]) == ("Chief", "")


def test_undo_reads_its_body_strictly(editor: Any) -> None:
    problem(
        editor.post("change-sets/1/undo/", {"skip_overtaken": "yes"}), 400, ("/skip_overtaken", "invalid")
    )
    problem(editor.post("change-sets/1/undo/", {"force": True}), 400, ("/force", "unknown_field"))
    problem(editor.post("change-sets/7/undo/"), 404)


def test_change_sets_of_one_record(editor: Any, payments: Any) -> None:
    def versions(record: str) -> list[int]:
        return [each["version"] for each in editor.get(f"change-sets/?record={record}").json()["results"]]

    moved = editor.post("people/ben/move/", {"to": "comet"})["Change-Set"]
    assert versions("person:ben") == versions("squad:comet") == [int(moved), 1]
    assert versions(f"person:{id_of('Ben')}") == [int(moved), 1]
    assert versions("squad:phoenix") == [int(moved), 1]
    assert versions("person:cleo") == [1]
    assert versions("person:00000000-0000-4000-8000-000000000000") == []
    for record, status, code in (
        ("ben", 400, "invalid"),
        ("robot:ben", 400, "invalid"),
        ("person:nobody", 422, "unknown_reference"),
    ):
        problem(editor.get(f"change-sets/?record={record}"), status, ("record", code))
