"""Webhooks over REST: make, read, change, remove; what was sent; test, rotate, send again; who may."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.integrations import tokens
from orgmodel.webhooks.models import Delivery, Subscription
from tests.api.conftest import Caller, problem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("payments")]

URL = "https://example.com/hook"


@pytest.fixture
def designer(calling: Any) -> Any:
    return calling("org designer", "bot")


def made(caller: Any, *events: str, **more: Any) -> Any:
    answer = caller.post("webhooks/", {"url": URL, "events": [*(events or ("person.*",))], **more})
    assert answer.status_code == 201, answer.content
    return answer.json()


def sent(count: int, state: str = "dead") -> list[str]:
    subscription = Subscription.objects.get()
    found = [
        Delivery.objects.create(
            subscription=subscription,
            event=f"msg_{number}",
            type="person.moved",
            subject=f"person:{number}",
            body='{"type":"person.moved"}',
            created_at=timezone.now(),
            next_at=timezone.now(),
            state=state,
            attempts=10,
            status=500,
            error="Answered 500.",
        )
        for number in range(count)
    ]
    return [each.event for each in found]


def test_make_read_change_remove(designer: Any) -> None:
    new = made(designer, "person.*", "squad.split")
    secret = new.pop("secret")
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", secret)
    assert new == {
        "id": new["id"],
        "integration": "bot",
        "url": URL,
        "events": ["person.*", "squad.split"],
        "state": "active",
        "reason": "",
        "old_secret_until": None,
        "created_at": new["created_at"],
    }
    path = f"webhooks/{new['id']}/"
    assert designer.get(path).json() == designer.get("webhooks/").json()["results"][0] == new
    changed = designer.patch(path, {"events": ["*"], "state": "paused"}).json()
    assert (changed["events"], changed["state"], changed["url"]) == (["*"], "paused", URL)
    assert designer.patch(path, {"state": "active"}).json()["state"] == "active"
    assert designer.delete(path).status_code == 204
    problem(designer.get(path), 404)


def test_a_disabled_one_is_active_again_on_request(designer: Any) -> None:
    path = f"webhooks/{made(designer)['id']}/"
    Subscription.objects.update(state="disabled", reason="Gone.")
    answer = designer.patch(path, {"state": "active"}).json()
    assert (answer["state"], answer["reason"]) == ("active", "")
    assert Subscription.objects.get().since_version == 1


@pytest.mark.parametrize(
    ("body", "place", "code"),
    [
        ({"url": "ftp://example.com", "events": ["*"]}, "/url", "refused"),
        ({"url": "https://example.com:22/", "events": ["*"]}, "/url", "refused"),
        ({"url": "http://127.0.0.1:8080/hook", "events": ["*"]}, "/url", "refused"),
        ({"url": "https://[::ffff:10.0.0.1]/", "events": ["*"]}, "/url", "refused"),
        ({"url": "http://2130706433/", "events": ["*"]}, "/url", "refused"),
        ({"url": URL, "events": ["person.danced"]}, "/events", "refused"),
    ],
)
def test_what_cannot_be(designer: Any, body: Any, place: str, code: str) -> None:
    problem(designer.post("webhooks/", body), 422, (place, code))


@pytest.mark.parametrize(
    ("body", "place", "code"),
    [
        ({"events": ["*"]}, "/url", "required"),
        ({"url": URL}, "/events", "required"),
        ({"url": URL, "events": []}, "/events", "required"),
        ({"url": URL, "events": "*"}, "/events", "invalid"),
        ({"url": URL, "events": [7]}, "/events/0", "invalid"),
        ({"url": URL, "events": ["\x00"]}, "/events/0", "invalid"),
        ({"url": URL, "events": ["*"], "secret": "mine"}, "/secret", "unknown_field"),
    ],
)
def test_what_cannot_be_read(designer: Any, body: Any, place: str, code: str) -> None:
    problem(designer.post("webhooks/", body), 400, (place, code))


def test_only_so_many(designer: Any) -> None:
    for _ in range(20):
        made(designer)
    problem(designer.post("webhooks/", {"url": URL, "events": ["*"]}), 422, ("", "refused"))


def test_for_another_integration(designer: Any, calling: Any) -> None:
    calling("viewer", "HR sync")
    assert made(designer, integration="hr-sync")["integration"] == "hr-sync"
    body = {"url": URL, "events": ["*"], "integration": "nobody"}
    problem(designer.post("webhooks/", body), 422, ("/integration", "unknown_reference"))


def test_who_may(designer: Any, calling: Any) -> None:
    path = f"webhooks/{made(designer)['id']}/"
    reader = calling("viewer", "reader")
    assert reader.get("webhooks/").json()["results"] == []
    problem(reader.get(path), 404)
    problem(reader.get(f"{path}deliveries/"), 404)
    for answer in (reader.post("webhooks/", {"url": URL, "events": ["*"]}), reader.post(f"{path}rotate/")):
        assert problem(answer, 403, ("", "missing_scope"))["errors"][0]["detail"].startswith(
            "This token lacks the scope “admin”."
        )
    own = Caller(tokens.issue("bot", "viewer", at=timezone.now()))
    assert [each["id"] for each in own.get("webhooks/").json()["results"]] == [path.split("/")[1]]
    assert own.get(f"{path}deliveries/").status_code == 200


def test_what_was_sent(designer: Any) -> None:
    path = f"webhooks/{made(designer)['id']}/"
    sent(3)
    page = designer.get(f"{path}deliveries/?limit=2").json()
    assert [each["event"] for each in page["results"]] == ["msg_2", "msg_1"]
    assert page["results"][0]["body"] == {"type": "person.moved"}
    rest = designer.get(page["next"].partition("/api/v1/")[2]).json()
    assert ([each["event"] for each in rest["results"]], rest["next"]) == (["msg_0"], None)
    assert designer.get(f"{path}deliveries/?state=waiting").json()["results"] == []
    problem(designer.get(f"{path}deliveries/?state=lost"), 400, ("state", "invalid"))


def test_send_again(designer: Any) -> None:
    path = f"webhooks/{made(designer)['id']}/"
    sent(3)
    assert designer.post(f"{path}redeliver/", {"events": ["msg_1", "msg_9"]}).json() == {"count": 1}
    assert designer.post(f"{path}redeliver/").json() == {"count": 2}
    again = designer.get(f"{path}deliveries/").json()["results"]
    assert {(each["state"], each["attempts"]) for each in again} == {("waiting", 0)}


def test_a_test_event(designer: Any) -> None:
    path = f"webhooks/{made(designer)['id']}/"
    answer = designer.post(f"{path}test/")
    assert (answer.status_code, answer.json()["type"], answer.json()["state"]) == (
        201,
        "webhook.test",
        "waiting",
    )


def test_another_secret(designer: Any) -> None:
    new = made(designer)
    secret = designer.post(f"webhooks/{new['id']}/rotate/").json()["secret"]
    assert secret == Subscription.objects.get().secret != new["secret"]
    assert designer.get(f"webhooks/{new['id']}/").json()["old_secret_until"] is not None


def test_nobody_is_there(designer: Any) -> None:
    for path in ("webhooks/x/", f"webhooks/{uuid.uuid4()}/", f"webhooks/{uuid.uuid4()}/deliveries/"):
        problem(designer.get(path), 404)
