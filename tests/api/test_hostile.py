"""Whatever is sent, the answer is a problem document that says what is wrong, never a 500, and nothing is written."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from orgmodel.changes.models import ChangeSet, DraftOperation
from tests.api.conftest import Caller, problem
from tests.build import id_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("payments")]

WRITES = [
    ("POST", "people/"),
    ("PATCH", "people/ana/"),
    ("POST", "people/ana/move/"),
    ("POST", "people/ana/offboard/"),
    ("POST", "moves/"),
    ("POST", "squads/"),
    ("POST", "squads/comet/close/"),
    ("POST", "squads/phoenix/lead/"),
    ("POST", "memberships/"),
    ("POST", "chapter-members/"),
    ("POST", "guilds/testing/join/"),
    ("POST", "vacancies/data-engineer/fill/"),
    ("POST", "drafts/"),
    ("POST", "drafts/later/operations/"),
    ("POST", "drafts/later/publish/"),
    ("POST", "drafts/later/schedule/"),
    ("POST", "drafts/later/duplicate/"),
    ("PATCH", "drafts/later/"),
    ("PATCH", "drafts/later/operations/1/"),
    ("PUT", "drafts/later/shares/ana/"),
    ("POST", "drafts/later/comments/"),
    ("POST", "drafts/later/briefings/"),
    ("POST", "drafts/later/approve/"),
    ("POST", "change-sets/1/reverse/"),
    ("POST", "change-sets/1/undo/"),
]

RAW = {
    "not JSON": b"{",
    "NaN": b'{"name": NaN}',
    "infinity": b'{"share": 1e999}',
    "lone surrogate": b'{"name": "\\ud800"}',
    "broken UTF-8": b'{"name": "\xff"}',
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "deep list": b"[" * 100_000,
    "deep object": b'{"a":' * 100_000,
    "a list": b"[1, 2]",
    "a list of lists": b"[[[]]]",
    "a text": b'"name"',
    "a number": b"7",
    "a huge number": b"1" * 5_000,
}


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_bodies_that_are_no_objects(editor: Any, method: str, path: str) -> None:
    editor.post("drafts/", {"name": "Later"})
    answers = {what: editor(method, path, body) for what, body in RAW.items()}
    assert {what: answer.status_code for what, answer in answers.items()} == dict.fromkeys(RAW, 400)
    assert {answer["Content-Type"] for answer in answers.values()} == {"application/problem+json"}
    assert (ChangeSet.objects.count(), DraftOperation.objects.count()) == (1, 0)


VALUES: list[Any] = [
    "\x00",
    "a\x00b",
    7,
    -1,
    2**63,
    10**30,
    1.5,
    True,
    [],
    [[]],
    {},
    {"a": {"b": []}},
    "x" * 5_001,
    "'; DROP TABLE squads_person; --",
    "../../etc/passwd",
    "0" * 36,
    "\uff12\uff10\uff12\uff16-01-01",
]
EDIT = {"operation": "EditPerson", "id": "ana", "values": {"title": "x"}}
FIELDS = [
    ("POST", "people/", {"name": "Zoe"}, ["name", "key", "email", "external_ids", "status"]),
    ("POST", "people/", {"name": "Zoe"}, ["started_on", "manager", "message"]),
    ("POST", "missions/", {"statement": "x"}, ["statement", "parent", "baseline", "key"]),
    ("POST", "squads/", {"name": "Nova"}, ["name", "tribe", "type", "user_facing", "review_on", "effective_on"]),
    ("POST", "people/ben/move/", {"to": "comet"}, ["to", "from", "role", "share", "since", "expected_version"]),
    ("POST", "moves/", {}, ["moves"]),
    ("POST", "memberships/", {"person": "cleo", "squad": "phoenix"}, ["person", "squad", "share", "until", "kind"]),
    ("PATCH", "people/ana/", {"title": "x"}, ["seen", "name", "level"]),
    ("PATCH", "drafts/later/", {}, ["name", "problem", "intent", "announce_on", "visibility", "keep_together"]),
    ("PATCH", "drafts/later/", {}, ["trade_offs", "success", "rollback_plan", "review_on", "effective_on"]),
    ("POST", "drafts/later/publish/", {}, ["operations", "despite", "learning", "expected_changes"]),
    ("POST", "drafts/later/schedule/", {"on": "2999-01-01"}, ["on", "message", "despite", "expected_changes"]),
    ("PATCH", "drafts/later/operations/1/", {}, ["note", "state", "dependents"]),
    ("POST", "drafts/later/comments/", {"body": "x"}, ["body", "position"]),
    ("PUT", "drafts/later/shares/integration:planner/", {"can": "view"}, ["can", "tribe", "is_reviewer"]),
    ("POST", "drafts/later/briefings/", {"people": ["ben"]}, ["people", "on", "by"]),
    ("POST", "drafts/later/approve/", {}, ["revision"]),
    ("POST", "drafts/later/operations/", EDIT, ["operation", "v", "id", "values", "seen"]),
    ("POST", "drafts/later/operations/", {"operation": "ApplyChanges", "title": "x"}, ["changes", "title"]),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body", "fields"), FIELDS)
def test_fields_of_any_shape(
    editor: Any, method: str, path: str, body: dict[str, Any], fields: list[str]
) -> None:
    editor.post("drafts/", {"name": "Later"})
    for field, value in itertools.product(fields, VALUES):
        response = editor(method, path, json.dumps({**body, field: value}))
        assert response.status_code < 500, (field, value, response.content)
        if response.status_code >= 400:
            assert response["Content-Type"] == "application/problem+json"
            assert response.json()["detail"]


@pytest.mark.parametrize(
    "changes",
    [
        [{"kind": "person", "id": id_of("X"), "before": None, "after": {}}],
        [{"kind": "person", "id": id_of("X"), "before": None, "after": {"name": "X"}}],
        [{"kind": "person", "id": id_of("Ana"), "before": {}, "after": {}}],
        [{"kind": "person", "id": id_of("Ana"), "before": {"name": "Ana"}, "after": {"name": None}}],
        [{"kind": "person", "id": id_of("Ana"), "before": {"name": "Ana"}, "after": None}],
        [{"kind": "person", "id": "", "before": {"name": "Ana"}, "after": None}],
        [{"kind": [], "id": id_of("Ana"), "before": None, "after": None}],
        [{"kind": "membership", "id": id_of("X"), "before": None, "after": {"person": None, "squad": None}}],
        [
            {
                "kind": "membership",
                "id": id_of("X"),
                "before": None,
                "after": {"person": id_of("Y"), "squad": id_of("Z")},
            }
        ],
        [
            {
                "kind": "squad",
                "id": id_of("Comet"),
                "before": {"tribe": id_of("Payments")},
                "after": {"tribe": id_of("X")},
            }
        ],
        [{"kind": "person", "id": id_of("X"), "before": {"name": "X"}, "after": {"name": "Y"}}],
    ],
)
def test_changes_that_make_no_sense(editor: Any, changes: list[Any]) -> None:
    editor.post("drafts/", {"name": "Later"})
    response = editor.post(
        "drafts/later/operations/", {"operation": "ApplyChanges", "title": "x", "changes": changes}
    )
    assert response.status_code in (400, 409, 422), response.content
    assert response["Content-Type"] == "application/problem+json"
    assert DraftOperation.objects.count() == 0


def test_more_than_ten_megabytes(editor: Any) -> None:
    problem(editor.post("people/", {"name": "x" * 11_000_000}), 413, ("", "too_large"))


def test_nine_megabytes_in_a_name(editor: Any) -> None:
    problem(editor.post("people/", {"name": "x" * 9_000_000}), 422, ("/name", "field_fits"))


def test_other_formats(editor: Any) -> None:
    response = editor._client.post(
        "/api/v1/people/", "name=x", content_type="application/x-www-form-urlencoded", headers=editor._headers
    )
    problem(response, 415)
    problem(editor.get("people/", Accept="text/csv"), 406)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "nothing/",
        "people",
        "people/ana",
        "people/ana/fly/",
        "../admin",
        "%00/",
        "people//",
        "people/%ED%A0%80/",
        "drafts/%ED%A0%80/",
    ],
)
def test_addresses_that_are_not_there(editor: Any, path: str) -> None:
    problem(editor.get(path), 404)


def test_a_field_name_that_is_no_text_for_a_pointer(editor: Any) -> None:
    problem(editor.post("people/", {"name": "Zoe", "a/b~c": 1}), 400, ("/a~1b~0c", "unknown_field"))


def test_a_merge_patch_may_say_that_it_is_one(payments: Any, editor: Any) -> None:
    patch = {"Content-Type": "application/merge-patch+json", "If-Match": "*"}
    assert editor.patch("people/ana/", {"title": "Lead"}, **patch).json()["title"] == "Lead"
    found = problem(editor.post("people/", {"name": "x"}, **{"Content-Type": patch["Content-Type"]}), 415)
    assert found["detail"].endswith("Read here: application/json, application/merge-patch+json with PATCH.")


def test_who_says_nothing_of_themselves_is_told_how() -> None:
    assert problem(Caller().get("people/"), 401)["detail"] == (
        "Send `Authorization: Bearer om_…`; `manage.py create_token` makes a token."
    )
