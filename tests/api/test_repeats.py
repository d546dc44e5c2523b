"""Idempotency-Key: what is sent again is answered again, and done once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from orgmodel.changes import services, store
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.core.operations import RenamePerson
from orgmodel.integrations import repeats
from orgmodel.integrations.models import KeptAnswer
from tests.api.conftest import Caller, problem
from tests.build import id_of

pytestmark = pytest.mark.django_db

KEY = {"Idempotency-Key": "4f1c-nightly"}
MOVE = {"to": "comet", "message": "Help"}


def test_the_same_request_is_answered_again_and_done_once(editor: Caller, payments: Any) -> None:
    first = editor.post("people/ben/move/", MOVE, **KEY)
    again = editor.post("people/ben/move/", MOVE, **KEY)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    for header in ("Change-Set", "ETag", "Content-Type"):
        assert again[header] == first[header]
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert again["X-Request-Id"] != first["X-Request-Id"]
    assert ChangeSet.objects.count() == 2


def test_what_was_created_keeps_its_address(editor: Caller, payments: Any) -> None:
    first = editor.post("people/", {"name": "Dora"}, **KEY)
    again = editor.post("people/", {"name": "Dora"}, **KEY)
    assert (again.status_code, again["Location"]) == (201, first["Location"])
    assert again.json()["id"] == first.json()["id"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("people/ben/move/", MOVE | {"message": "Other"}),
        ("people/cleo/move/", MOVE),
        ("people/ben/move/?draft=later", MOVE),
    ],
)
def test_a_key_belongs_to_one_request(editor: Caller, payments: Any, path: str, body: Any) -> None:
    editor.post("drafts/", {"name": "Later"})
    editor.post("people/ben/move/", MOVE, **KEY)
    found = problem(editor.post(path, body, **KEY), 422, ("Idempotency-Key", "reused"))
    assert found["type"] == "/api/v1/problems/key-reused/"


def test_keys_of_others_do_not_matter(calling: Any, editor: Caller, payments: Any) -> None:
    editor.post("people/ben/move/", MOVE, **KEY)
    other = calling("editor", "other").post("people/cleo/move/", {"to": "phoenix"}, **KEY)
    assert other.status_code == 200
    assert "Idempotent-Replayed" not in other


def test_one_that_still_runs_is_waited_for(editor: Caller, payments: Any) -> None:
    editor.post("people/ben/move/", MOVE, **KEY)
    KeptAnswer.objects.update(status=None, started_at=timezone.now() - timedelta(seconds=59))
    waiting = editor.post("people/ben/move/", MOVE, **KEY)
    found = problem(waiting, 409, ("Idempotency-Key", "running"))
    assert (waiting["Retry-After"], found["type"]) == ("5", "/api/v1/problems/still-running/")
    assert ChangeSet.objects.count() == 2


def test_one_that_was_abandoned_is_taken_over(editor: Caller, payments: Any) -> None:
    body = {"name": "Dora"}
    editor.post("people/", body, **KEY)
    KeptAnswer.objects.update(status=None, started_at=timezone.now() - timedelta(seconds=61))
    again = editor.post("people/", body, **KEY)
    assert (again.status_code, ChangeSet.objects.count()) == (201, 3)
    assert editor.post("people/", body, **KEY).content == again.content


def test_who_was_taken_over_leaves_nothing(editor: Caller, payments: Any, monkeypatch: Any) -> None:
    """Two processes, one of them very slow: only what the later one did stays."""
    keep = repeats._keep

    def late(kept: Any, response: Any) -> None:
        KeptAnswer.objects.update(started_at=timezone.now() + timedelta(seconds=1))
        keep(kept, response)

    monkeypatch.setattr(repeats, "_keep", late)
    problem(editor.post("people/ben/move/", MOVE, **KEY), 409, ("Idempotency-Key", "running"))
    assert ChangeSet.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status"), [({"to": "nowhere"}, 422), ({"to": 7}, 400), ({"to": "phoenix"}, 422), ("{", 400)]
)
def test_failures_are_not_kept(editor: Caller, payments: Any, body: Any, status: int) -> None:
    assert editor.post("people/ben/move/", body, **KEY).status_code == status
    assert not KeptAnswer.objects.exists()
    assert editor.post("people/ben/move/", MOVE, **KEY).status_code == 200


def test_answers_are_kept_for_two_days(editor: Caller, payments: Any) -> None:
    editor.post("people/", {"name": "Dora"}, **KEY)
    KeptAnswer.objects.update(started_at=timezone.now() - timedelta(hours=48, seconds=1))
    assert editor.post("people/", {"name": "Eve"}, **KEY).json()["name"] == "Eve"
    assert repeats.clear_old(timezone.now() + timedelta(hours=47)) == 0
    assert repeats.clear_old(timezone.now() + timedelta(hours=49)) == 1


@pytest.mark.parametrize("key", ["with space", "ä", "x" * 256])
def test_keys_are_checked(editor: Caller, payments: Any, key: str) -> None:
    answer = editor.post("people/ben/move/", MOVE, **{"Idempotency-Key": key})
    problem(answer, 400, ("Idempotency-Key", "invalid"))


def test_publishing_asks_for_a_key(editor: Caller, payments: Any) -> None:
    editor.post("drafts/", {"name": "Later"})
    editor.post("people/ben/move/?draft=later", {"to": "comet"})
    refused = editor.post("drafts/later/publish/", {}, **{"Idempotency-Key": ""})
    problem(refused, 400, ("Idempotency-Key", "required"))
    body = {"despite": "A test."}
    first = editor.post("drafts/later/publish/", body, **KEY)
    again = editor.post("drafts/later/publish/", body, **KEY)
    assert (first.status_code, again.content) == (200, first.content)
    assert (ChangeSet.objects.count(), Draft.objects.get().state) == (2, "published")


@pytest.mark.django_db(transaction=True)
def test_a_commit_that_is_taken_back_is_not_seen(payments: Any) -> None:
    """Whoever commits inside a larger transaction sees it at once; nobody does when that fails."""

    def rename() -> None:
        renaming = RenamePerson(id=id_of("Ana"), name="Anna")
        actor = services.Actor("Ana")
        services.commit([renaming], actor=actor, message="", source="api", at=timezone.now())
        assert services.current().people[id_of("Ana")].name == "Anna"
        assert store._current[1].version < services.current().version
        raise RuntimeError

    before = services.current()
    with pytest.raises(RuntimeError), transaction.atomic():
        rename()
    assert services.current() is before
    assert services.current().people[id_of("Ana")].name == "Ana"


def test_an_answer_that_tells_a_secret_is_not_kept(calling: Any) -> None:
    designer = calling("org designer")
    body = {"url": "https://hooks.example.org/orgmodel", "events": ["*"]}
    problem(designer.post("webhooks/", body, **KEY), 400, ("Idempotency-Key", "not_possible"))
    made = designer.post("webhooks/", body).json()
    problem(designer.post(f"webhooks/{made['id']}/rotate/", **KEY), 400, ("Idempotency-Key", "not_possible"))
    assert not KeptAnswer.objects.exists()
