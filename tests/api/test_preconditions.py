"""ETag, If-Match, If-None-Match: nobody overrules in silence, and nothing is sent twice that is held already."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes.models import ChangeSet
from tests.api.conftest import Caller, problem

pytestmark = pytest.mark.django_db


def test_one_of_two_wins(editor: Caller, payments: Any) -> None:
    before = editor.get("people/ana/")["ETag"]
    first = editor.patch("people/ana/", {"title": "Engineer"}, **{"If-Match": before})
    assert first.status_code == 200
    found = problem(
        editor.patch("people/ana/", {"craft": "web"}, **{"If-Match": before}), 412, ("If-Match", "stale")
    )
    assert found["type"] == "/api/v1/problems/stale/"
    assert (found["current"]["title"], found["current"]["craft"]) == ("Engineer", "backend")
    again = editor.patch("people/ana/", {"craft": "web"}, **{"If-Match": first["ETag"]})
    assert again.json()["craft"] == "web"
    assert editor.get("people/ana/")["ETag"] == again["ETag"] != first["ETag"] != before


def test_a_refusal_holds_the_tag_to_go_on_with(editor: Caller, payments: Any) -> None:
    refused = editor.delete("roles/engineer/", **{"If-Match": '"of-last-week"'})
    problem(refused, 412, ("If-Match", "stale"))
    assert refused["ETag"] == editor.get("roles/engineer/")["ETag"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "people/ana/"),
        ("DELETE", "roles/engineer/"),
        ("PATCH", "rules/SQ-01/"),
        ("PATCH", "drafts/later/"),
        ("PUT", "drafts/later/shares/ana/"),
        ("DELETE", "drafts/later/operations/1/"),
    ],
)
def test_what_one_builds_on_is_said(calling: Any, payments: Any, method: str, path: str) -> None:
    designer = calling("org designer")
    designer.post("drafts/", {"name": "Later"})
    designer.patch("people/ana/?draft=later", {"craft": "web"})
    answer = designer.exactly(method, path)
    problem(answer, 428, ("If-Match", "required"))


@pytest.mark.parametrize("tag", ["W/{}", '"a", W/{}', "", "ana"])
def test_weak_and_broken_tags_match_nothing(editor: Caller, payments: Any, tag: str) -> None:
    given = tag.format(editor.get("people/ana/")["ETag"])
    problem(editor.patch("people/ana/", {"title": "x"}, **{"If-Match": given}), 412, ("If-Match", "stale"))


def test_one_of_several_tags_is_enough(editor: Caller, payments: Any) -> None:
    given = f'"older", {editor.get("people/ana/")["ETag"]}'
    assert editor.patch("people/ana/", {"title": "x"}, **{"If-Match": given}).status_code == 200


def test_equal_content_has_an_equal_tag(calling: Any, editor: Caller, payments: Any) -> None:
    tag = editor.get("people/ana/")["ETag"]
    editor.patch("people/ben/", {"title": "Engineer"})
    assert editor.patch("people/ana/", {"craft": "backend"})["ETag"] == tag
    assert calling("viewer").get("people/ana/")["ETag"] == tag
    assert editor.get("people/ana/?fields=name")["ETag"] == tag
    today = timezone.localdate().isoformat()
    assert editor.get(f"people/ana/?as_of={today}")["ETag"] == tag


def test_a_draft_has_tags_of_its_own(editor: Caller, payments: Any) -> None:
    editor.post("drafts/", {"name": "Later"})
    live = editor.get("people/ana/")["ETag"]
    planned = editor.patch("people/ana/?draft=later", {"craft": "web"}, **{"If-Match": live})
    assert planned["ETag"] == editor.get("people/ana/?draft=later")["ETag"] != live
    assert editor.get("people/ana/")["ETag"] == live
    refused = editor.patch("people/ana/?draft=later", {"craft": "data"}, **{"If-Match": live})
    assert problem(refused, 412, ("If-Match", "stale"))["current"]["craft"] == "web"


def test_a_draft_is_an_object_too(editor: Caller, payments: Any) -> None:
    tag = editor.post("drafts/", {"name": "Later"})["ETag"]
    assert editor.get("drafts/later/")["ETag"] == tag
    editor.patch("people/ana/?draft=later", {"craft": "web"})
    problem(
        editor.patch("drafts/later/", {"intent": "Less"}, **{"If-Match": tag}), 412, ("If-Match", "stale")
    )
    now = editor.get("drafts/later/")["ETag"]
    assert editor.patch("drafts/later/", {"intent": "Less"}, **{"If-Match": now}).status_code == 200


def test_one_operation_of_a_draft_is_an_object(editor: Caller, payments: Any) -> None:
    editor.post("drafts/", {"name": "Later"})
    editor.patch("people/ana/?draft=later", {"craft": "web"})
    one = editor.get("drafts/later/operations/1/")
    assert (one.json()["position"], one.json()["state"]) == (1, "standing")
    noted = editor.patch("drafts/later/operations/1/", {"note": "Why"}, **{"If-Match": one["ETag"]})
    assert noted.status_code == 200
    problem(
        editor.delete("drafts/later/operations/1/", **{"If-Match": one["ETag"]}), 412, ("If-Match", "stale")
    )


@pytest.mark.parametrize(
    "path",
    ["people/ana/", "squads/phoenix/", "change-sets/1/", "rules/SQ-01/", "org/", "people/ana/?fields=name"],
)
def test_what_is_held_is_not_sent_again(editor: Caller, payments: Any, path: str) -> None:
    first = editor.get(path)
    again = editor.get(path, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert editor.get(path, **{"If-None-Match": f"W/{first['ETag']}"}).status_code == 304
    assert editor.get(path, **{"If-None-Match": '"other"'}).status_code == 200


def test_opened_references_are_sent_again(editor: Caller, payments: Any) -> None:
    """Their fields are no part of the object's tag."""
    tag = editor.get("squads/phoenix/")["ETag"]
    assert editor.get("squads/phoenix/?expand=tribe", **{"If-None-Match": tag}).status_code == 200


def test_verbs_answer_with_the_new_tag(editor: Caller, payments: Any) -> None:
    moved = editor.post("people/ben/move/", {"to": "comet"})
    assert moved["ETag"] == editor.get("people/ben/")["ETag"]
    hired = editor.post("people/", {"name": "Dora"})
    assert hired["ETag"] == editor.get(hired["Location"].partition("/api/v1/")[2])["ETag"]
    assert "ETag" not in editor.get("people/")


def test_a_refused_change_leaves_nothing(editor: Caller, payments: Any) -> None:
    before = ChangeSet.objects.count()
    editor.patch("people/ana/", {"title": "x"}, **{"If-Match": '"stale"'})
    assert ChangeSet.objects.count() == before
    assert editor.get("people/ana/").json()["title"] == ""
