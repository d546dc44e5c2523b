"""Pages about webhooks: where events go, what became of them, and the secret that is shown once."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orgmodel.integrations import tokens
from orgmodel.integrations.models import Integration
from orgmodel.webhooks import services
from orgmodel.webhooks.models import Delivery, Subscription
from tests.build import an_org, person, save, squad, tribe

pytestmark = pytest.mark.django_db

PAGE, LIST = "/integrations/chat-bot/", "/integrations/chat-bot/webhooks/"
URL = "https://example.com/hook"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")


@pytest.fixture
def designer(as_role: Any) -> Any:
    save(an_org(person("Ana"), tribe("Payments", squad("Phoenix", "Ana"))))
    return as_role("org designer")


@pytest.fixture
def bot() -> Integration:
    return tokens.integration_of("Chat bot", at=timezone.now())


@pytest.fixture
def hook(designer: Any, bot: Integration) -> Subscription:
    return services.subscribe(bot, url=URL, patterns=["person.*"], at=timezone.now())


def page_of(hook: Subscription) -> str:
    return f"{LIST}{hook.pk}/"


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def sent(hook: Subscription, state: str, count: int = 1) -> list[Delivery]:
    found = [services.send_test(hook, at=timezone.now()) for _ in range(count)]
    Delivery.objects.filter(pk__in=[each.pk for each in found]).update(
        state=state, attempts=10, error="Answered 500."
    )
    return found


def test_add_a_webhook_and_see_its_secret_once(designer: Any, bot: Integration) -> None:
    assert "Nothing is sent to it when something happens." in text(designer.get(PAGE))
    answer = designer.post(LIST, {"url": URL, "events": "person.*, squad.split"})
    hook = Subscription.objects.get()
    assert (answer.status_code, answer["Location"], hook.patterns) == (
        303,
        page_of(hook),
        ["person.*", "squad.split"],
    )
    first = designer.get(page_of(hook))
    assert SECRET.findall(first.content.decode()) == [hook.secret]
    assert first["Cache-Control"] == "no-store"
    assert not SECRET.search(text(designer.get(page_of(hook))))
    for address in (PAGE, LIST):
        assert URL in text(designer.get(address))


@pytest.mark.parametrize(
    ("url", "events", "complaint"),
    [
        ("", "*", "required"),
        ("ftp://example.com/", "*", "Must begin with https:// or http://."),
        ("https://example.com:25/", "*", "Port 25 is not for webhooks"),
        (URL, "person.danced", "There is no event “person.danced”."),
        (URL, "", "required"),
        (URL, "\x00", "stored"),
    ],
)
def test_what_cannot_be(designer: Any, bot: Integration, url: str, events: str, complaint: str) -> None:
    answer = designer.post(LIST, {"url": url, "events": events})
    assert answer.status_code == 422
    assert complaint in answer.content.decode()
    assert not Subscription.objects.exists()


def test_change_rotate_remove(designer: Any, hook: Subscription) -> None:
    assert f'value="{URL}"' in text(designer.get(f"{page_of(hook)}edit/"))
    assert designer.post(f"{page_of(hook)}edit/", {"url": URL, "events": "no"}).status_code == 422
    designer.post(f"{page_of(hook)}edit/", {"url": f"{URL}2", "events": "*"})
    assert f"{URL}2" in text(designer.get(page_of(hook)))
    assert "both sign" in text(designer.get(f"{page_of(hook)}rotate/"))
    designer.post(f"{page_of(hook)}rotate/")
    rotated = text(designer.get(page_of(hook)))
    assert SECRET.findall(rotated) == [Subscription.objects.get().secret]
    assert SECRET.findall(rotated) != [hook.secret]
    assert "The secret before signs until" in rotated
    assert designer.get(f"{page_of(hook)}remove/").status_code == 200
    assert designer.post(f"{page_of(hook)}remove/")["Location"] == LIST
    assert designer.get(page_of(hook)).status_code == 404


def test_buttons(designer: Any, hook: Subscription) -> None:
    def press(do: str, **more: Any) -> str:
        answer = designer.post(f"{page_of(hook)}do/", {"do": do, **more}, follow=True)
        return text(answer)

    assert "Paused." in press("pause")
    assert Subscription.objects.get().state == "paused"
    assert "Active: events are sent again." in press("resume")
    assert "A test event is on its way." in press("test")
    dead = sent(hook, "dead", 3)
    assert 'Send what was given up again <span class="m">3</span>' in text(designer.get(page_of(hook)))
    assert "1 event will be sent again." in press("redeliver", event=dead[0].event)
    assert "2 events will be sent again." in press("redeliver")
    assert not Delivery.objects.filter(state="dead").exists()
    assert designer.post(f"{page_of(hook)}do/", {"do": "dance"}).status_code == 404
    assert designer.get(f"{page_of(hook)}do/").status_code == 405


def test_the_log_by_state(designer: Any, hook: Subscription) -> None:
    sent(hook, "dead")
    sent(hook, "delivered", 2)
    assert text(designer.get(page_of(hook))).count('<th scope="row">') == 3
    dead = text(designer.get(f"{page_of(hook)}?state=dead"))
    assert dead.count('<th scope="row">') == 1
    assert "Answered 500." in dead
    assert text(designer.get(f"{page_of(hook)}?state=x&page=x")).count('<th scope="row">') == 3


def test_whoever_looks_is_told_why_it_was_disabled(designer: Any, hook: Subscription) -> None:
    Subscription.objects.update(state="disabled", reason="The receiver answered 410: it is gone for good.")
    for address in (PAGE, LIST, page_of(hook)):
        assert "The receiver answered 410: it is gone for good." in text(designer.get(address))


def test_for_org_designers_only(as_role: Any, hook: Subscription) -> None:
    editor = as_role("editor")
    addresses = [LIST, *(f"{page_of(hook)}{part}" for part in ("", "edit/", "rotate/", "remove/", "do/"))]
    assert [editor.get(address).status_code for address in addresses] == [403] * 6
    assert [editor.post(address).status_code for address in addresses] == [403, 403, 403, 403, 403, 403]


def test_nothing_is_there(designer: Any, hook: Subscription) -> None:
    other = tokens.integration_of("Other", at=timezone.now())
    for address in (
        f"/integrations/{other.key}/webhooks/{hook.pk}/",
        f"{LIST}{uuid.uuid4()}/",
        f"{LIST}x/",
        "/integrations/nobody/webhooks/",
        "/integrations/%00/webhooks/",
    ):
        assert designer.get(address).status_code == 404
    tokens.close(other, at=timezone.now())
    assert designer.get(f"/integrations/{other.key}/webhooks/").status_code == 404


@pytest.mark.parametrize("count", [1, 300])
def test_the_page_costs_the_same_however_much_was_sent(designer: Any, hook: Subscription, count: int) -> None:
    sent(hook, "delivered", count)
    designer.get(page_of(hook))
    for address, expected in ((page_of(hook), 9), (LIST, 6)):
        with CaptureQueriesContext(connection) as queries:
            assert designer.get(address).status_code == 200
        assert len(queries) == expected, [query["sql"] for query in queries]


def test_in_the_admin(designer: Any, hook: Subscription) -> None:
    def act(model: str, action: str, pk: Any) -> str:
        data = {"action": action, "_selected_action": [str(pk)]}
        return text(designer.post(f"/admin/webhooks/{model}/", data, follow=True))

    (dead,) = sent(hook, "dead")
    assert URL in text(designer.get("/admin/webhooks/subscription/"))
    assert designer.get(f"/admin/webhooks/subscription/{hook.pk}/change/").status_code == 200
    assert designer.get(f"/admin/webhooks/delivery/{dead.pk}/change/").status_code == 200
    assert "What you chose is paused." in act("subscription", "pause", hook.pk)
    assert "What you chose is active." in act("subscription", "resume", hook.pk)
    assert "1 event will be sent again." in act("delivery", "redeliver", dead.pk)
    assert hook.secret not in text(designer.get(f"/admin/webhooks/subscription/{hook.pk}/change/"))
