"""From the log to deliveries. The log is the outbox: what is committed is in it, in the order of commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from django.db import transaction

from orgmodel.access import roles
from orgmodel.changes import services, store
from orgmodel.changes.models import ChangeSet, Draft, DraftEvent, Head
from orgmodel.core import changes as core
from orgmodel.webhooks import delivery
from orgmodel.webhooks.events import Event, change_set_events, events_of, is_wanted
from orgmodel.webhooks.models import Delivery, Progress, Subscription, progress

ENOUGH = 5_000  # changes in one go; a single change set may be larger
State = Subscription.State


@dataclass(frozen=True, slots=True)
class Letter:
    """An event as it is sent: with an id that is the same for everyone, and a text that stays the same."""

    event: Event
    id: str
    text: str

    @classmethod
    def of(
        cls, event: Event, id_: str, *, at: datetime, version: int | None, effective_on: date | None
    ) -> Letter:
        body = event.body(at=at, version=version, effective_on=effective_on)
        return cls(event, f"msg_{id_}", orjson.dumps(body).decode())

    def to(self, subscription: Subscription, now: datetime) -> Delivery:
        return Delivery(
            subscription=subscription,
            event=self.id,
            type=self.event.type,
            subject=self.event.subject,
            body=self.text,
            created_at=now,
            next_at=now,
        )


def fan_out(at: datetime) -> bool:
    """Make deliveries of what has happened since the last time. Return whether there is more.

    However many processes do it at the same time, each event becomes one delivery to each subscription.
    """
    told, head = progress(), store.head()
    has_news = (told.version, told.change_set) != (head.version, head.change_set)
    if not has_news and not DraftEvent.objects.exists():
        return False
    listening = _listening()
    start = _start(told, head, listening)
    version, deliveries = _of_log(start, head, listening, at)
    is_last = version == head.version
    with transaction.atomic():
        held = Progress.objects.select_for_update().get(pk=told.pk)
        if (held.version, held.change_set) != (told.version, told.change_set):
            return True  # another process was faster
        happened = list(DraftEvent.objects.select_for_update().select_related("draft").order_by("pk"))
        deliveries = [*_of_drafts(happened, listening, at), *deliveries]
        Delivery.objects.bulk_create(deliveries, batch_size=1_000)
        DraftEvent.objects.filter(pk__in=[event.pk for event in happened]).delete()
        held.version = version
        held.change_set = head.change_set if is_last else ChangeSet.objects.get(version=version).pk
        held.save(update_fields=["version", "change_set"])
    return not is_last


def seconds_behind(at: datetime) -> int:
    """Return for how long the oldest event has waited for a worker: in the log, or on its way. 0 where nothing has."""
    listening = _listening()
    if not listening:
        return 0
    told = Progress.objects.filter(pk=1).values_list("version", flat=True).first() or 0
    start = max(told, min(each.since_version for each in listening))
    untold = ChangeSet.objects.filter(version__gt=start).order_by("version")
    moments = [untold.values_list("recorded_at", flat=True).first(), delivery.due_since(at)]
    return max(0, *(int((at - moment).total_seconds()) for moment in moments if moment is not None), 0)


def _listening() -> list[Subscription]:
    """Return who hears of what happens now. A subscription is made under the head's lock: none is missed here."""
    rows = Subscription.objects.exclude(state=State.DISABLED).filter(integration__closed_at=None)
    return list(rows.select_related("integration__user"))


def _start(told: Progress, head: Head, listening: Sequence[Subscription]) -> int:
    """Return the version after which to go on: not before anybody listens, and from the first of another log."""
    known = ChangeSet.objects.filter(version=told.version, pk=told.change_set).exists()
    if told.version and not known:
        Subscription.objects.update(since_version=0)
        for subscription in listening:
            subscription.since_version = 0
        return 0
    return max(told.version, min((each.since_version for each in listening), default=head.version))


def _of_log(
    start: int, head: Head, listening: Sequence[Subscription], at: datetime
) -> tuple[int, list[Delivery]]:
    """Return the version reached, and the deliveries of the change sets up to it."""
    found: list[Delivery] = []
    if start >= head.version:
        return head.version, found
    org, seen, version = services.org_at_version(start), 0, start
    for version, changes in store.history(since=start, until=head.version):
        after = core.apply(org, changes)
        found += _of_change_set(version, events_of(changes, org, after), listening, at)
        org, seen = after.settle(version), seen + len(changes)
        if seen >= ENOUGH:
            break
    return version, found


def _of_change_set(
    version: int, events: Iterable[Event], listening: Iterable[Subscription], now: datetime
) -> Iterator[Delivery]:
    change_set = ChangeSet.objects.select_related("undoes").get(version=version)
    undoes = change_set.undoes
    undone = (undoes.pk, undoes.version) if undoes is not None and change_set.takes_back else None
    draft = Draft.objects.filter(operations__change_set=change_set).first()
    published = (draft.pk, draft.key) if draft is not None else None
    at, day = change_set.recorded_at, change_set.effective_on
    letters = [
        Letter.of(event, f"{change_set.pk}.{number}", at=at, version=version, effective_on=day)
        for number, event in enumerate(
            [*change_set_events(change_set.pk, version, undone, published), *events]
        )
    ]
    for subscription in listening:
        if subscription.since_version < version:
            yield from _deliveries(subscription, letters, draft, now)


def _of_drafts(
    happened: Iterable[DraftEvent], listening: Sequence[Subscription], now: datetime
) -> Iterator[Delivery]:
    for each in happened:
        draft = each.draft
        event = Event(f"draft.{each.what}", "draft", draft.pk, draft.key)
        id_ = f"{draft.pk}.{each.pk}"
        letter = Letter.of(event, id_, at=each.at, version=None, effective_on=each.scheduled_on)
        for subscription in listening:
            yield from _deliveries(subscription, [letter], draft, now)


def _deliveries(
    subscription: Subscription, letters: Iterable[Letter], draft: Draft | None, now: datetime
) -> Iterator[Delivery]:
    """Yield a delivery for each event that a subscription wants and may hear of."""
    for letter in letters:
        event = letter.event
        if not is_wanted(event.type, subscription.patterns):
            continue
        if event.kind == "draft" and draft is not None and not _may_see(subscription, draft):
            continue
        yield letter.to(subscription, now)


def _may_see(subscription: Subscription, draft: Draft) -> bool:
    """Whether a subscription hears of a draft: everyone sees it, or its integration was invited to it."""
    user: Any = subscription.integration.user
    user.role_names = {roles.VIEWER}
    return roles.wholly_visible_drafts(user).filter(pk=draft.pk).exists()
