"""Guests, links, comments, reviews and briefings of a draft over REST."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from orgmodel.changes.models import DraftBriefing, DraftComment, DraftShare
from orgmodel.exports.models import ShareLink
from tests.api.conftest import Caller, problem
from tests.build import id_of

pytestmark = pytest.mark.django_db

MOVE = {"operation": "MovePeople", "people": ["ben"], "to": "comet"}
DRAFT = "drafts/later/"


@pytest.fixture
def planner(calling: Any) -> Caller:
    caller: Caller = calling("planner")
    return caller


@pytest.fixture
def viewer(calling: Any) -> Caller:
    caller: Caller = calling("viewer")
    return caller


@pytest.fixture(autouse=True)
def draft(payments: Any, editor: Caller) -> None:
    assert editor.post("drafts/", {"name": "Later", "operations": [MOVE]}).status_code == 201


def invite(owner: Caller, login: str, **body: Any) -> Any:
    return owner("PUT", f"{DRAFT}shares/integration:{login}/", body)


# Guests


def test_invite_change_and_take_back(editor: Caller, planner: Caller) -> None:
    problem(planner.get(DRAFT), 404)
    invited = invite(editor, "planner", can="edit", tribe="payments", is_reviewer=True)
    assert invited.status_code == 200
    share = {
        "login": "integration:planner",
        "name": "planner",
        "can": "edit",
        "tribe": {"id": id_of("Payments"), "key": "payments", "name": "Payments"},
        "is_reviewer": True,
        "approved_revision": None,
    }
    assert invited.json() == share
    assert editor.get(f"{DRAFT}shares/").json() == {"results": [share]}
    assert editor.get(f"{DRAFT}shares/integration:planner/").json() == share
    assert planner.get(DRAFT).status_code == 200
    assert invite(editor, "planner", can="view").json() == {
        **share,
        "can": "view",
        "tribe": None,
        "is_reviewer": False,
    }
    for _ in range(2):
        assert editor.delete(f"{DRAFT}shares/integration:planner/").status_code == 204
    problem(planner.get(DRAFT), 404)
    problem(editor.get(f"{DRAFT}shares/integration:planner/"), 404)


@pytest.mark.parametrize(
    ("login", "body", "status", "errors"),
    [
        ("viewer", {}, 400, [("/can", "required")]),
        ("viewer", {"can": "own"}, 400, [("/can", "invalid")]),
        ("viewer", {"can": "view", "tribe": "nowhere"}, 422, [("/tribe", "unknown_reference")]),
        ("viewer", {"can": "view", "is_reviewer": 1}, 400, [("/is_reviewer", "invalid")]),
        ("viewer", {"can": "view", "until": "2027-01-01"}, 400, [("/until", "unknown_field")]),
        ("viewer", {"can": "view", "is_reviewer": True}, 422, [("/can", "refused")]),
        ("viewer", {"can": "edit"}, 422, [("/can", "refused")]),
        ("editor", {"can": "view"}, 422, [("", "refused")]),
        ("nobody", {"can": "view"}, 404, []),
        ("%00", {"can": "view"}, 404, []),
        ("x" * 3_000, {"can": "view"}, 404, []),
    ],
)
@pytest.mark.usefixtures("viewer")
def test_invitations_are_read_strictly(
    editor: Caller, login: str, body: Any, status: int, errors: list[tuple[str, str]]
) -> None:
    problem(invite(editor, login, **body), status, *errors)
    assert not DraftShare.objects.exists()


def test_only_the_owner_invites(editor: Caller, planner: Caller) -> None:
    invite(editor, "planner", can="edit")
    for method, body in (("GET", None), ("PUT", {"can": "edit"}), ("DELETE", None)):
        found = problem(planner(method, f"{DRAFT}shares/integration:planner/", body), 403)
        assert found["detail"] == "The draft “Later” is not yours to put away or share."
    problem(planner.get(f"{DRAFT}shares/"), 403)


# Read-only links


def test_make_open_and_revoke_a_link(editor: Caller, as_role: Any) -> None:
    made = editor.post(f"{DRAFT}links/", {"days": "7"})
    assert made.status_code == 201
    link = made.json()
    assert link == {
        "id": link["id"],
        "url": f"http://testserver/shared/{ShareLink.objects.get().key}/",
        "made_by": "editor",
        "made_at": link["made_at"],
        "expires_at": link["expires_at"],
        "opened": 0,
        "last_opened_at": None,
    }
    span = datetime.fromisoformat(link["expires_at"]) - datetime.fromisoformat(link["made_at"])
    assert span == timedelta(days=7)
    client = as_role("viewer")
    assert "Later" in client.get(link["url"]).content.decode()
    (listed,) = editor.get(f"{DRAFT}links/").json()["results"]
    assert (listed["id"], listed["opened"]) == (link["id"], 1)
    assert editor.get(f"{DRAFT}links/{link['id']}/").json() == listed
    assert editor.delete(f"{DRAFT}links/{link['id']}/").status_code == 204
    assert client.get(link["url"]).status_code == 404
    assert editor.get(f"{DRAFT}links/").json() == {"results": []}
    problem(editor.delete(f"{DRAFT}links/{link['id']}/"), 404)


def test_many_links_are_listed_by_as_many_queries_as_one(
    editor: Caller, django_assert_num_queries: Any
) -> None:
    for count in (1, 3):
        while ShareLink.objects.count() < count:
            editor.post(f"{DRAFT}links/", {"days": "7"})
        with django_assert_num_queries(4):
            assert len(editor.get(f"{DRAFT}links/").json()["results"]) == count


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [({}, 400, "required"), ({"days": 7}, 400, "invalid"), ({"days": "8"}, 400, "invalid")],
)
def test_a_link_is_valid_as_long_as_is_offered(editor: Caller, body: Any, status: int, error: str) -> None:
    problem(editor.post(f"{DRAFT}links/", body), status, ("/days", error))
    assert not ShareLink.objects.exists()


def test_only_the_owner_has_links_and_only_to_what_is_still_planned(editor: Caller, planner: Caller) -> None:
    invite(editor, "planner", can="edit")
    link = editor.post(f"{DRAFT}links/", {"days": "7"}).json()["id"]
    problem(planner.get(f"{DRAFT}links/"), 403)
    problem(planner.post(f"{DRAFT}links/", {"days": "7"}), 403)
    problem(planner.delete(f"{DRAFT}links/{link}/"), 403)
    editor.post("drafts/", {"name": "Another"})
    problem(editor.get(f"drafts/another/links/{link}/"), 404)
    for nothing in ("0", "x", "٣", "9" * 40, "%00"):
        problem(editor.get(f"{DRAFT}links/{nothing}/"), 404)
    editor.post(f"{DRAFT}archive/")
    found = problem(editor.post(f"{DRAFT}links/", {"days": "7"}), 422, ("", "refused"))
    assert found["detail"] == "The draft “Later” is archived already."


# Comments


def test_comments(editor: Caller, viewer: Caller) -> None:
    invite(editor, "viewer", can="comment")
    said = editor.post(f"{DRAFT}comments/", {"body": "What do you say?"})
    assert (said.status_code, said.json()["position"], said.json()["author"]) == (
        201,
        None,
        "integration:editor",
    )
    answer = viewer.post(f"{DRAFT}comments/", {"body": "Ben should stay.", "position": 1})
    assert answer.status_code == 201
    found = viewer.get(f"{DRAFT}comments/").json()["results"]
    assert [(c["author"], c["position"], c["body"], c["mentions"]) for c in found] == [
        ("integration:editor", None, "What do you say?", []),
        ("integration:viewer", 1, "Ben should stay.", []),
    ]
    editor.delete(f"{DRAFT}operations/1/")
    assert len(viewer.get(f"{DRAFT}comments/").json()["results"]) == 1


def test_a_comment_mentions_who_may_see_it(editor: Caller, as_role: Any) -> None:
    as_role("viewer", "vera")
    as_role("planner", "paul")
    editor("PUT", f"{DRAFT}shares/vera/", {"can": "comment"})
    said = editor.post(f"{DRAFT}comments/", {"body": "@vera and @paul: see?"}).json()
    assert said["mentions"] == ["vera"]


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({}, 400, ("/body", "required")),
        ({"body": " "}, 422, ("/body", "refused")),
        ({"body": 7}, 400, ("/body", "invalid")),
        ({"body": "a\x00"}, 400, ("/body", "invalid")),
        ({"body": "x" * 9_000_000}, 422, ("/body", "refused")),
        ({"body": "x", "position": "1"}, 400, ("/position", "invalid")),
        ({"body": "x", "position": -1}, 400, ("/position", "invalid")),
        ({"body": "x", "position": 9}, 422, ("/position", "unknown_reference")),
        ({"body": "x", "author": "ana"}, 400, ("/author", "unknown_field")),
    ],
)
def test_comments_are_read_strictly(editor: Caller, body: Any, status: int, error: tuple[str, str]) -> None:
    problem(editor.post(f"{DRAFT}comments/", body), status, error)
    assert not DraftComment.objects.exists()


def test_who_may_only_look_does_not_comment(editor: Caller, viewer: Caller) -> None:
    problem(viewer.post(f"{DRAFT}comments/", {"body": "x"}), 404)
    invite(editor, "viewer", can="view")
    found = problem(viewer.post(f"{DRAFT}comments/", {"body": "x"}), 403)
    assert found["detail"] == "You may look at the draft “Later”, not comment on it."


@pytest.mark.parametrize("count", [1, 40])
def test_comments_cost_the_same_however_many(
    editor: Caller, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        editor.post(f"{DRAFT}comments/", {"body": f"{number}"})
    with django_assert_num_queries(5):  # token with user and roles, its count, draft, comments, mentions
        assert len(editor.get(f"{DRAFT}comments/").json()["results"]) == count


# Reviews


def test_approve_what_was_read(editor: Caller, viewer: Caller) -> None:
    invite(editor, "viewer", can="comment", is_reviewer=True)
    revision = viewer.get(DRAFT).json()["revision"]
    assert viewer.post(f"{DRAFT}approve/", {"revision": revision}).json() == {"approved_revision": revision}
    reviews = [{"login": "integration:viewer", "name": "viewer", "approves": True}]
    assert editor.get(DRAFT).json()["reviews"] == reviews
    editor.delete(f"{DRAFT}operations/1/")
    assert editor.get(DRAFT).json()["reviews"] == [{**reviews[0], "approves": False}]
    problem(viewer.post(f"{DRAFT}approve/", {"revision": revision}), 422, ("", "refused"))
    assert viewer.post(f"{DRAFT}approve/", {"revision": None}).json() == {"approved_revision": None}


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, ("/revision", "required")),
        ({"revision": "1"}, ("/revision", "invalid")),
        ({"revision": True}, ("/revision", "invalid")),
        ({"revision": 1, "approve": True}, ("/approve", "unknown_field")),
    ],
)
def test_approvals_are_read_strictly(editor: Caller, body: Any, error: tuple[str, str]) -> None:
    problem(editor.post(f"{DRAFT}approve/", body), 400, error)


def test_who_was_not_asked_does_not_approve(editor: Caller) -> None:
    revision = editor.get(DRAFT).json()["revision"]
    problem(editor.post(f"{DRAFT}approve/", {"revision": revision}), 422, ("", "refused"))


# Briefings


def test_plan_talks_with_those_affected(editor: Caller) -> None:
    editor.patch("people/ben/", {"manager": "ana"})
    ana, ben, cleo = ({"id": id_of(n), "key": n.lower(), "name": n} for n in ("Ana", "Ben", "Cleo"))
    row = {"person": ben, "manager": ana, "by": None, "on": None}
    assert editor.get(f"{DRAFT}briefings/").json() == {"results": [row]}
    planned = editor.post(f"{DRAFT}briefings/", {"people": ["ben"], "on": "2026-12-01"})
    assert planned.json() == {"results": [{**row, "by": ana, "on": "2026-12-01"}]}
    again = editor.post(f"{DRAFT}briefings/", {"people": ["ben"], "on": "2026-12-02", "by": "cleo"})
    assert again.json() == {"results": [{**row, "by": cleo, "on": "2026-12-02"}]}
    assert editor.post(f"{DRAFT}briefings/", {"people": ["ben"], "on": None}).json() == {"results": [row]}


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({}, 400, ("/people", "required")),
        ({"people": "ben"}, 400, ("/people", "invalid")),
        ({"people": ["ben", 7]}, 400, ("/people/1", "invalid")),
        ({"people": ["ben", "nobody"]}, 422, ("/people/1", "unknown_reference")),
        ({"people": ["ben", "ana"], "on": "2026-12-01"}, 422, ("/people/1", "not_affected")),
        ({"people": ["ben"], "on": "soon"}, 400, ("/on", "invalid")),
        ({"people": ["ben"], "by": "nobody"}, 422, ("/by", "unknown_reference")),
        ({"people": ["ben"], "where": "here"}, 400, ("/where", "unknown_field")),
    ],
)
def test_briefings_are_read_strictly(editor: Caller, body: Any, status: int, error: tuple[str, str]) -> None:
    problem(editor.post(f"{DRAFT}briefings/", body), status, error)
    assert not DraftBriefing.objects.exists()


def test_who_may_comment_plans_no_talks(editor: Caller, planner: Caller) -> None:
    invite(editor, "planner", can="comment")
    assert planner.get(f"{DRAFT}briefings/").status_code == 200
    problem(planner.post(f"{DRAFT}briefings/", {"people": ["ben"], "on": "2026-12-01"}), 403)


@pytest.mark.parametrize("path", ["shares/", "shares/x/", "comments/", "briefings/"])
def test_nothing_of_a_draft_that_one_may_not_see(planner: Caller, path: str) -> None:
    problem(planner.get(f"{DRAFT}{path}"), 404)
