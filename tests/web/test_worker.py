"""What the worker does in one go, with a real receiver; what happens when it is killed is in tests/process."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from orgmodel.changes import drafts, publishing, services, store
from orgmodel.changes.models import Draft, DraftEvent
from orgmodel.core.operations import EditPerson, MovePeople, Operation, RenameSquad
from orgmodel.integrations import tokens
from orgmodel.integrations.models import KeptAnswer
from orgmodel.webhooks import delivery as delivering
from orgmodel.webhooks import services as webhooks
from orgmodel.webhooks.fanout import fan_out, seconds_behind
from orgmodel.webhooks.models import Delivery, Progress, Subscription, progress
from orgmodel.webhooks.sending import Outcome
from orgmodel.webhooks.worker import Worker, clear_old
from tests.build import an_org, id_of, save, squad, tribe

pytestmark = pytest.mark.django_db

ACTOR = services.Actor("Ana")


@pytest.fixture(autouse=True)
def org(db: None, settings: Any) -> None:
    settings.WEBHOOK_ALLOWED_HOSTS = ["127.0.0.1"]
    save(an_org(tribe("Payments", squad("Phoenix", "Ana", "Ben"), squad("Comet", "Cleo"))), at=timezone.now())
    Progress.objects.create(pk=1, checked_on=timezone.localdate())  # nothing to check tonight


@pytest.fixture
def receiver() -> Iterator[Any]:
    """A real receiver: `status` says what it answers, by path; `got` is what it was sent."""
    state = SimpleNamespace(got=[], status={}, headers={})

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.got.append(SimpleNamespace(path=self.path, headers=dict(self.headers), body=body))
            self.send_response(state.status.get(self.path, 204))
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


def subscribed(url: str, *patterns: str) -> Subscription:
    integration = tokens.integration_of("Chat bot", at=timezone.now())
    return webhooks.subscribe(integration, url=url, patterns=patterns or ("*",), at=timezone.now())


def commit(*operations: Operation) -> Any:
    return services.commit(operations, actor=ACTOR, message="", source="web", at=timezone.now())


def titled(title: str, who: str = "Ana") -> EditPerson:
    return EditPerson(id=id_of(who), values={"title": title})


def waiting() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("type", flat=True))


def test_what_happens_is_delivered_and_signed(receiver: Any) -> None:
    subscription = subscribed(f"{receiver.url}/hook", "person.*")
    change_set = commit(MovePeople(people=(id_of("Ana"),), to=id_of("Comet"), source=id_of("Phoenix")))
    call_command("run_worker", once=True)
    (got,) = receiver.got
    assert Webhook(subscription.secret).verify(got.body, got.headers) == {
        "type": "person.moved",
        "timestamp": change_set.recorded_at.isoformat(),
        "data": {
            "kind": "person",
            "id": id_of("Ana"),
            "key": "ana",
            "version": 2,
            "effective_on": change_set.effective_on.isoformat(),
            "squads": [
                {"id": id_of("Phoenix"), "key": "phoenix"},
                {"id": id_of("Comet"), "key": "comet"},
            ],
        },
    }
    sent = Delivery.objects.get()
    assert (sent.event, sent.state, sent.attempts, sent.status) == (
        got.headers["webhook-id"],
        "delivered",
        1,
        204,
    )
    call_command("run_worker", once=True)
    assert len(receiver.got) == 1


def test_only_what_came_after_it_began_and_only_what_is_wanted() -> None:
    commit(titled("before"))
    subscribed("http://127.0.0.1/", "squad.*", "person.left")
    commit(titled("after"), RenameSquad(id=id_of("Comet"), name="Meteor"))
    fan_out(timezone.now())
    assert waiting() == ["squad.updated"]
    assert (progress().version, progress().change_set) == (3, store.head().change_set)


def test_nobody_listens() -> None:
    commit(titled("a"))
    assert not fan_out(timezone.now())
    assert (waiting(), progress().version) == ([], 2)


def test_each_event_has_an_id_that_others_hear_as_well() -> None:
    subscribed("http://127.0.0.1/a", "person.*")
    subscribed("http://127.0.0.1/b", "person.*")
    commit(titled("a"), titled("b", "Ben"))
    fan_out(timezone.now())
    ids = list(Delivery.objects.order_by("pk").values_list("event", flat=True))
    assert len(ids) == 4
    assert ids[:2] == ids[2:]
    assert len({*ids}) == 2


def test_an_undo_is_told() -> None:
    subscribed("http://127.0.0.1/", "change_set.*")
    change_set = commit(titled("a"))
    services.undo(change_set, actor=ACTOR, message="", at=timezone.now())
    fan_out(timezone.now())
    assert waiting() == ["change_set.recorded", "change_set.recorded", "change_set.undone"]
    assert json.loads(Delivery.objects.latest("pk").body)["data"] == {
        "kind": "change_set",
        "id": change_set.pk,
        "key": None,
        "version": 3,
        "effective_on": timezone.localdate().isoformat(),
        "undone": 2,
    }


def test_a_change_that_was_rolled_back_is_not_told() -> None:
    subscribed("http://127.0.0.1/")
    with pytest.raises(services.Refused):
        commit(titled("a"), MovePeople(people=(id_of("Ana"),), to=id_of("Phoenix"), source=id_of("Phoenix")))
    fan_out(timezone.now())
    assert waiting() == []


def a_draft(visibility: str) -> Draft:
    owner = get_user_model().objects.get_or_create(username="planner")[0]
    move = MovePeople(people=(id_of("Ana"),), to=id_of("Comet"))
    draft = drafts.create_draft(f"Plan {visibility}", owner_id=owner.pk, at=timezone.now(), operations=[move])
    Draft.objects.filter(pk=draft.pk).update(visibility=visibility)
    return draft


def test_drafts_that_everyone_sees_are_told() -> None:
    subscribed("http://127.0.0.1/", "draft.*")
    draft, now = a_draft("everyone"), timezone.now()
    day = timezone.localdate(now) + timedelta(days=3)
    publishing.schedule(draft, on=day, by_id=draft.owner_id, message="", at=now, despite="A test.")
    fan_out(now)
    assert json.loads(Delivery.objects.get().body)["data"] == {
        "kind": "draft",
        "id": draft.pk,
        "key": "plan-everyone",
        "version": None,
        "effective_on": day.isoformat(),
    }
    publishing.unschedule(draft, at=now)
    publishing.publish(draft, actor=ACTOR, message="", at=now, despite="A test.")
    fan_out(now)
    assert waiting() == ["draft.scheduled", "draft.unscheduled", "draft.published"]
    assert not DraftEvent.objects.exists()


def test_private_drafts_are_not_told() -> None:
    subscribed("http://127.0.0.1/", "draft.*", "change_set.*")
    draft = a_draft("private")
    publishing.publish(draft, actor=ACTOR, message="", at=timezone.now(), despite="A test.")
    fan_out(timezone.now())
    assert waiting() == ["change_set.recorded"]


def test_a_paused_one_waits_and_a_disabled_one_hears_nothing(receiver: Any) -> None:
    paused, disabled = subscribed(f"{receiver.url}/paused"), subscribed(f"{receiver.url}/disabled")
    webhooks.pause(paused)
    Subscription.objects.filter(pk=disabled.pk).update(state="disabled")
    commit(titled("a"))
    call_command("run_worker", once=True)
    assert receiver.got == []
    webhooks.resume(paused)
    call_command("run_worker", once=True)
    assert {(got.path, json.loads(got.body)["type"]) for got in receiver.got} == {
        ("/paused", "change_set.recorded"),
        ("/paused", "person.updated"),
    }


def test_after_another_organization_took_its_place_it_is_told_from_the_start() -> None:
    subscribed("http://127.0.0.1/", "tribe.*")
    fan_out(timezone.now())
    store.erase()
    store.forget()
    fan_out(timezone.now())
    save(an_org(tribe("Search")), at=timezone.now())
    fan_out(timezone.now())
    assert waiting() == ["tribe.created"]


# Deliveries


def attempt(outcome: Outcome, at: datetime) -> Delivery:
    """Claim the one delivery that is due, and write down what became of it."""
    (subscription,) = delivering.due_subscriptions(at)
    (found,) = delivering.claim(subscription, 1, lease=id_of("worker"), at=at)
    delivering.finish(found, outcome, lease=id_of("worker"), at=at)
    return Delivery.objects.get(pk=found.pk)


def test_the_schedule_and_its_end() -> None:
    subscription = subscribed("http://127.0.0.1/", "person.*")
    commit(titled("a"))
    at = timezone.now()
    fan_out(at)
    pauses = []
    for _ in range(9):
        found = attempt(Outcome(500, "Answered 500."), at)
        assert found.state == "waiting"
        pauses.append((found.next_at - at).total_seconds())
        assert not delivering.due_subscriptions(found.next_at - timedelta(seconds=1))
        at = found.next_at
    for seconds, planned in zip(pauses, delivering.SCHEDULE[1:], strict=True):
        assert planned <= seconds <= planned * 1.2
    assert attempt(Outcome(500, "Answered 500."), at).state == "dead"
    subscription.refresh_from_db()
    assert (subscription.state, subscription.reason) == (
        "disabled",
        "person.updated could not be delivered in 10 attempts. The last one: Answered 500.",
    )


def test_a_receiver_may_ask_for_a_pause() -> None:
    subscribed("http://127.0.0.1/", "person.*")
    commit(titled("a"))
    at = timezone.now()
    fan_out(at)
    found = attempt(Outcome(503, "Answered 503.", retry_after=3600), at)
    assert found.next_at == at + timedelta(hours=1)


def test_gone_for_good(receiver: Any) -> None:
    subscription = subscribed(f"{receiver.url}/hook", "person.*")
    receiver.status["/hook"] = 410
    commit(titled("a"))
    call_command("run_worker", once=True)
    subscription.refresh_from_db()
    assert (subscription.state, subscription.reason) == (
        "disabled",
        "The receiver answered 410: it is gone for good.",
    )
    assert Delivery.objects.get().state == "dead"


def test_what_is_about_one_record_goes_in_order() -> None:
    subscription = subscribed("http://127.0.0.1/", "person.*")
    for title in ("a", "b"):
        commit(titled(title), titled(title, "Ben"))
    at = timezone.now()
    fan_out(at)
    first = delivering.claim(subscription, 10, lease=id_of("one"), at=at)
    assert [json.loads(each.body)["data"]["version"] for each in first] == [2, 2]
    assert delivering.claim(subscription, 10, lease=id_of("two"), at=at) == []
    delivering.finish(first[0], Outcome(204), lease=id_of("one"), at=at)
    delivering.finish(first[1], Outcome(500, "Answered 500."), lease=id_of("one"), at=at)
    then = delivering.claim(subscription, 10, lease=id_of("two"), at=at)
    assert [(each.subject, json.loads(each.body)["data"]["version"]) for each in then] == [
        (first[0].subject, 3)
    ]


def test_a_lease_ends_and_what_came_too_late_does_not_count() -> None:
    subscription = subscribed("http://127.0.0.1/", "person.*")
    commit(titled("a"))
    at = timezone.now()
    fan_out(at)
    (found,) = delivering.claim(subscription, 1, lease=id_of("one"), at=at)
    later = at + timedelta(seconds=59)
    delivering.renew(id_of("one"), later)
    assert delivering.due_subscriptions(later + timedelta(seconds=59)) == []
    after = later + timedelta(seconds=61)
    assert delivering.claim(subscription, 1, lease=id_of("two"), at=after) == [found]
    delivering.finish(found, Outcome(204), lease=id_of("one"), at=after)
    assert Delivery.objects.get().state == "waiting"
    delivering.finish(found, Outcome(204), lease=id_of("two"), at=after)
    assert Delivery.objects.get().state == "delivered"


def test_sent_again_with_the_same_id(receiver: Any) -> None:
    subscribed(f"{receiver.url}/hook", "person.*")
    commit(titled("a"))
    call_command("run_worker", once=True)
    assert delivering.send_again(Delivery.objects.all(), timezone.now()) == 1
    call_command("run_worker", once=True)
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1
    assert len(receiver.got) == 2


def test_a_new_secret_and_the_one_before_sign_for_a_day(receiver: Any) -> None:
    subscription = subscribed(f"{receiver.url}/hook", "person.*")
    old = subscription.secret
    new = webhooks.rotate(subscription, at=timezone.now())
    commit(titled("a"))
    call_command("run_worker", once=True)
    (got,) = receiver.got
    assert Webhook(old).verify(got.body, got.headers) == Webhook(new).verify(got.body, got.headers)
    assert subscription.secrets(timezone.now() + timedelta(hours=25)) == [new]


def test_a_test_event_goes_to_whom_it_is_meant_for(receiver: Any) -> None:
    subscription = subscribed(f"{receiver.url}/hook", "squad.split")
    webhooks.send_test(subscription, at=timezone.now())
    call_command("run_worker", once=True)
    (got,) = receiver.got
    assert json.loads(got.body)["type"] == "webhook.test"


def test_how_long_the_oldest_event_waits_for_a_worker(client: Any) -> None:
    def behind() -> int:
        return seconds_behind(timezone.now() + timedelta(minutes=5))

    subscribed("http://127.0.0.1:8080/", "person.*")
    assert behind() == 0
    commit(titled("Lead"))
    assert 300 <= behind() < 310  # in the log
    assert client.get("/readyz").json()["outbox_seconds"] < 10
    fan_out(timezone.now())
    assert 300 <= behind() < 310  # on its way
    Delivery.objects.update(next_at=timezone.now() + timedelta(minutes=9), attempts=2)
    assert behind() == 0  # to be tried again later
    Subscription.objects.update(state="disabled")
    commit(titled("Head"))
    assert behind() == 0  # nobody listens


def test_what_is_old_is_dropped() -> None:
    subscription, now = subscribed("http://127.0.0.1/"), timezone.now()
    for days in (29, 31):
        sent = webhooks.send_test(subscription, at=now)
        Delivery.objects.filter(pk=sent.pk).update(created_at=now - timedelta(days=days))
    user = subscription.integration.user
    for hours in (47, 49):
        KeptAnswer.objects.create(
            user=user, key=str(hours), fingerprint="", started_at=now - timedelta(hours=hours)
        )
    clear_old()
    assert Delivery.objects.count() == 1
    assert list(KeptAnswer.objects.values_list("key", flat=True)) == ["47"]


def test_due_drafts_go_live(receiver: Any) -> None:
    draft, before = a_draft("everyone"), timezone.now() - timedelta(days=2)
    day = timezone.localdate(before) + timedelta(days=1)
    publishing.schedule(draft, on=day, by_id=draft.owner_id, message="", at=before, despite="A test.")
    subscribed(f"{receiver.url}/hook", "draft.published")
    call_command("run_worker", once=True)
    assert [json.loads(got.body)["data"]["key"] for got in receiver.got] == ["plan-everyone"]


def test_the_log_is_checked_once_a_night() -> None:
    Progress.objects.update(checked_on=date(2026, 1, 1))
    worker = Worker()
    worker.check_log()
    started = worker.check
    if timezone.localtime().hour < 2:
        assert started is None
    else:
        assert started is not None
        started.terminate()
        started.wait()
        assert progress().checked_on == timezone.localdate()
    again = Worker()
    again.check_log()
    assert again.check is None
