"""Drafts over REST: start, say what for, publish, schedule, copy, put away; and who may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import publishing, services
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.core.operations import CloseSquad, CreateSquad
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
    fact, since = told["entries"][0]["facts"]
    assert (since["field"], since["after"]) == ("since", f"{timezone.localdate():%-d %B %Y}")
    assert (fact["id"], fact["field"], fact["before"], fact["after"]) == (
        id_of("Ben", "Phoenix"),
        "squad",
        "Phoenix",
        "Comet",
    )
    published = editor.post(
        f"{draft}publish/",
        {"message": "Go", "effective_on": "2026-11-01", "expected_version": 1, "despite": "Agreed"},
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


def test_archive_and_reopen(editor: Any) -> None:
    draft = start(editor, operations=[MOVE])
    assert editor.post(f"{draft}archive/").json()["state"] == "archived"
    problem(editor.post(f"{draft}archive/"), 422, ("", "refused"))
    problem(editor.post(f"{draft}operations/", MOVE), 422, ("", "refused"))
    assert [d["state"] for d in editor.get("drafts/?state=archived").json()["results"]] == ["archived"]
    assert editor.get("drafts/?state=open").json()["results"] == []
    reopened = editor.post(f"{draft}reopen/").json()
    assert (reopened["state"], [e["sentence"] for e in reopened["entries"]]) == (
        "open",
        ["Move Ben from Phoenix to Comet"],
    )
    problem(editor.post(f"{draft}reopen/"), 422, ("", "refused"))


def test_duplicate_and_erase(editor: Any) -> None:
    draft = start(editor, operations=[MOVE])
    editor.patch(draft, {"intent": "One team", "keep_together": [["ana", "ben"]]})
    editor.post(f"{draft}operations/", {"operation": "MovePeople", "people": ["ana"], "to": "comet"})
    editor.patch(f"{draft}operations/2/", {"state": "parked", "note": "Perhaps"})
    copied = editor.post(f"{draft}duplicate/")
    copy = copied.json()
    assert (copied.status_code, copied["Location"]) == (201, "http://testserver/api/v1/drafts/later-copy/")
    assert (copy["name"], copy["intent"], copy["visibility"]) == ("Later, copy", "One team", "private")
    assert [[p["name"] for p in group] for group in copy["keep_together"]] == [["Ana", "Ben"]]
    assert (copy["operation_count"], copy["parked"]) == (
        1,
        [{"position": 2, "sentence": "Move Ana from Phoenix to Comet", "note": "Perhaps"}],
    )
    assert editor.delete(draft).status_code == 204
    problem(editor.get(draft), 404)
    problem(editor.delete(draft), 404)
    editor.post("drafts/later-copy/publish/", {"despite": "Agreed"})
    problem(editor.delete("drafts/later-copy/"), 422, ("", "refused"))


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
        ("POST", f"{draft}archive/", {}),
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
    problem(one.post(f"{draft}publish/"), 403, ("", "missing_scope"))
    problem(editor.get(draft), 404)
    one.patch(draft, {"visibility": "everyone"})
    assert editor.get(draft).status_code == 200
    problem(editor.patch(draft, {"visibility": "private"}), 403)
    problem(editor.post(f"{draft}operations/", MOVE), 403)
    problem(editor.post("people/ana/move/?draft=later", {"to": "comet"}), 403)
    problem(editor.post(f"{draft}archive/"), 403)
    problem(editor.delete(draft), 403)
    assert editor.post(f"{draft}publish/", {"despite": "Agreed"}).status_code == 200


def test_a_viewer_sees_no_draft(calling: Any, editor: Any) -> None:
    viewer, draft = calling("viewer"), start(editor)
    assert viewer.get("drafts/").json()["results"] == []
    problem(viewer.get(draft), 404)
    problem(viewer.get("org/?draft=later"), 404)
    problem(viewer.post("drafts/", {"name": "x"}), 403, ("", "missing_scope"))


def test_a_planner_does_not_write_live(calling: Any) -> None:
    planner = calling("planner")
    problem(planner.patch("people/ana/", {"title": "Head"}), 403, ("", "missing_scope"))
    problem(planner.post("change-sets/1/undo/"), 403, ("", "missing_scope"))
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
    closed = CreateSquad(id=id_of("Gone"), values={"name": "Gone"}), CloseSquad(id=id_of("Gone"))
    services.commit(closed, actor=services.Actor("Eve"), message="", source="web", at=timezone.now())
    assert editor.get("org/").json()["counts"]["squads"] == 2  # what has closed is not among them
    assert editor.get("org/").json()["version"] == 2


# What it says of itself


def test_header(editor: Any) -> None:
    draft = start(editor)
    said = {
        "name": "Sooner",
        "problem": "Two squads build one thing",
        "intent": "One team",
        "trade_offs": "Search waits",
        "success": "Lead time from 9 to 5 days",
        "rollback_plan": "Undo it by June",
        "effective_on": "2027-01-04",
        "announce_on": "2026-12-01",
        "review_on": "2027-06-01",
    }
    found = editor.patch(draft, {**said, "keep_together": [["ana", id_of("Ben")], ["cleo"]]}).json()
    assert {name: found[name] for name in said} == said
    assert [[p["key"] for p in group] for group in found["keep_together"]] == [["ana", "ben"], ["cleo"]]
    assert (found["key"], found["revision"], found["despite"]) == ("later", 1, "")
    cleared = editor.patch(draft, {"announce_on": None, "keep_together": []}).json()
    assert (cleared["announce_on"], cleared["keep_together"], cleared["intent"]) == (None, [], "One team")


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"owner": "ana"}, 400, ("/owner", "unknown_field")),
        ({"state": "published"}, 400, ("/state", "unknown_field")),
        ({"problem": 7}, 400, ("/problem", "invalid")),
        ({"problem": "a\x00b"}, 400, ("/problem", "invalid")),
        ({"problem": "x" * 5_001}, 422, ("/problem", "refused")),
        ({"problem": "x" * 9_000_000}, 422, ("/problem", "refused")),
        ({"intent": "x" * 501}, 422, ("/intent", "refused")),
        ({"name": "x" * 201}, 422, ("/name", "refused")),
        ({"effective_on": "soon"}, 400, ("/effective_on", "invalid")),
        ({"visibility": "friends"}, 400, ("/visibility", "invalid")),
        ({"visibility": None}, 400, ("/visibility", "invalid")),
        ({"keep_together": "ana"}, 400, ("/keep_together", "invalid")),
        ({"keep_together": ["ana"]}, 400, ("/keep_together", "invalid")),
        ({"keep_together": [["ana", 7]]}, 400, ("/keep_together/0/1", "invalid")),
        ({"keep_together": [["ana"], ["nobody"]]}, 422, ("/keep_together/1/0", "unknown_reference")),
    ],
)
def test_a_header_is_read_strictly(editor: Any, body: Any, status: int, error: tuple[str, str]) -> None:
    draft = start(editor)
    problem(editor.patch(draft, body), status, error)
    assert Draft.objects.get().revision == 0


def test_lone_surrogates_are_refused(editor: Any) -> None:
    draft = start(editor)
    problem(editor("PATCH", draft, b'{"problem": "\\ud800"}'), 400, ("", "malformed"))


def test_one_line_says_what_it_does(editor: Any) -> None:
    draft = start(editor, operations=[MOVE, {"operation": "CreateSquad", "values": {"name": "Nova"}}])
    editor.post(f"{draft}operations/", {"operation": "MovePeople", "people": ["ana"], "to": "comet"})
    editor.patch(f"{draft}operations/3/", {"state": "parked"})
    [listed] = editor.get("drafts/").json()["results"]
    assert (listed["summary"], listed["operation_count"], listed["parked_count"]) == (
        "1 move, 1 new squad",
        2,
        1,
    )
    assert "entries" not in listed
    assert (listed["part"], listed["reverses"], listed["scheduled_on"], listed["failure"]) == (
        None,
        None,
        None,
        "",
    )


@pytest.mark.parametrize("count", [1, 40])
def test_a_list_costs_the_same_however_long(editor: Any, django_assert_num_queries: Any, count: int) -> None:
    for number in range(count):
        start(editor, f"Draft {number}", operations=[MOVE])
    with django_assert_num_queries(6):  # token with user and roles, its count, drafts, shares, lines, counts
        assert len(editor.get("drafts/").json()["results"]) == count


# Going live


def test_open_questions_are_named_one_by_one(editor: Any) -> None:
    draft = start(editor, operations=[{**MOVE, "people": ["cleo"], "to": "phoenix"}])
    response = editor.post(f"{draft}publish/")
    details = [error["detail"] for error in response.json()["errors"]]
    problem(response, 422, *[("/despite", "open_question")] * len(details))
    assert [detail.partition(" (")[0] for detail in details] == [
        "RG-05",
        "RG-06",
        "RG-07",
        "RG-10",
        "the problem and evidence",
        "the intent in one sentence",
        "what is traded off",
        "the success measures",
    ]
    assert editor.get(draft).json()["state"] == "open"
    assert (
        editor.post(f"{draft}publish/", {"despite": "Agreed on Monday"}).json()["despite"]
        == "Agreed on Monday"
    )


def test_publishing_some_brings_along_what_they_build_on(editor: Any) -> None:
    nova = id_of("Nova")
    draft = start(
        editor,
        operations=[
            {"operation": "CreateSquad", "id": nova, "values": {"name": "Nova", "tribe": "payments"}},
            {"operation": "MovePeople", "people": ["ana"], "to": "comet"},
        ],
    )
    editor.post(f"{draft}operations/", {"operation": "MovePeople", "people": ["ben"], "to": "nova"})
    told = editor.post(f"{draft}publish/", {"operations": [3], "despite": "First step"})
    assert (told.json()["state"], [e["position"] for e in told.json()["entries"]]) == ("open", [2])
    assert editor.get("change-sets/2/").json()["sentences"] == [
        "Create squad Nova",
        "Move Ben from Phoenix to Nova",
    ]
    assert editor.get("change-sets/2/").json()["draft"] == "later"
    whole = editor.post(f"{draft}publish/", {"despite": "The rest"}).json()
    assert (whole["state"], whole["change_set"]) == ("published", 3)


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"operations": []}, 422, ("", "refused")),
        ({"operations": [9]}, 422, ("", "refused")),
        ({"operations": ["1"]}, 400, ("/operations/0", "invalid")),
        ({"operations": 1}, 400, ("/operations", "invalid")),
        ({"operations": [None]}, 400, ("/operations", "invalid")),
        ({"despite": "x" * 5_001}, 422, ("/despite", "refused")),
        ({"despite": "a\x00"}, 400, ("/despite", "invalid")),
        ({"effective_on": "2999-01-01", "despite": "x"}, 422, ("/effective_on", "refused")),
        ({"expected_changes": "something else"}, 409, ("", "refused")),
        ({"force": True}, 400, ("/force", "unknown_field")),
    ],
)
def test_publishing_is_read_strictly(editor: Any, body: Any, status: int, error: tuple[str, str]) -> None:
    draft = start(editor, operations=[MOVE])
    problem(editor.post(f"{draft}publish/", body), status, error)
    assert editor.get(draft).json()["state"] == "open"


def test_publishing_what_was_read(editor: Any) -> None:
    draft = start(editor, operations=[MOVE])
    read = editor.get(draft).json()["fingerprint"]
    body = {"despite": "Agreed", "expected_changes": read}
    editor.post(f"{draft}operations/", {"operation": "CreateSquad", "values": {"name": "Nova"}})
    problem(editor.post(f"{draft}publish/", body), 409, ("", "refused"))
    editor.delete(f"{draft}operations/2/")
    assert editor.post(f"{draft}publish/", body).json()["state"] == "published"


def test_schedule_and_unschedule(editor: Any) -> None:
    draft = start(editor, operations=[MOVE])
    day = (timezone.localdate() + timedelta(days=40)).isoformat()
    found = editor.post(
        f"{draft}schedule/", {"on": day, "message": "Next quarter", "despite": "Agreed"}
    ).json()
    assert (found["state"], found["scheduled_on"], found["effective_on"]) == ("scheduled", day, day)
    problem(editor.post(f"{draft}operations/", MOVE), 422, ("", "refused"))
    problem(editor.patch(draft, {"problem": "x"}), 422, ("", "refused"))
    problem(editor.post(f"{draft}publish/", {"despite": "x"}), 422, ("", "refused"))
    problem(editor.delete(draft), 422, ("", "refused"))
    again = editor.post(f"{draft}unschedule/").json()
    assert (again["state"], again["scheduled_on"]) == ("open", None)
    problem(editor.post(f"{draft}unschedule/"), 422, ("", "refused"))


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({}, 400, ("/on", "required")),
        ({"on": None}, 400, ("/on", "required")),
        ({"on": "2026-13-01"}, 400, ("/on", "invalid")),
        ({"on": "2020-01-01"}, 422, ("/on", "refused")),
        ({"on": "2999-01-01", "despite": "x", "message": "x" * 5_001}, 422, ("/message", "refused")),
    ],
)
def test_scheduling_is_read_strictly(editor: Any, body: Any, status: int, error: tuple[str, str]) -> None:
    draft = start(editor, operations=[MOVE])
    problem(editor.post(f"{draft}schedule/", body), status, error)


def test_planners_neither_publish_nor_schedule(calling: Any) -> None:
    planner = calling("planner")
    draft = start(planner, operations=[MOVE])
    for verb in ("publish", "schedule"):
        found = problem(planner.post(f"{draft}{verb}/", {"on": "2999-01-01"}), 403, ("", "missing_scope"))
        assert found["detail"].startswith("This token lacks the scope “publish”.")


def test_a_draft_that_failed_on_its_day_says_why(editor: Any) -> None:
    draft = start(editor, operations=[{**MOVE, "source": "phoenix"}])
    day = timezone.localdate() + timedelta(days=1)
    editor.post(f"{draft}schedule/", {"on": day.isoformat(), "despite": "Agreed"})
    editor.post("people/ben/move/", {"to": "comet"})
    publishing.publish_due(timezone.now() + timedelta(days=1))
    found = editor.get(draft).json()
    assert (found["state"], found["scheduled_on"]) == ("failed", day.isoformat())
    assert found["failure"].startswith("1 change no longer fits")
