"""Deliveries on their way: claimed by one worker at a time, tried again by the schedule, given up in the end."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from orgmodel.webhooks import sending, signing
from orgmodel.webhooks.models import Delivery, Subscription
from orgmodel.webhooks.sending import Outcome

MINUTE, HOUR = 60, 60 * 60
SCHEDULE = (
    0,
    5,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
)
"""Seconds before each attempt."""
JITTER = 0.2  # of the pause, so that what failed together is not tried again together
LEASE = timedelta(seconds=60)
KEPT = timedelta(days=30)
State = Delivery.State


def free(at: datetime) -> Q:
    """What nobody has in hand and is due."""
    return Q(Q(lease_until=None) | Q(lease_until__lt=at), state=State.WAITING, next_at__lte=at)


def due_subscriptions(at: datetime) -> list[Subscription]:
    """Return the subscriptions for which something is due."""
    due = Delivery.objects.filter(free(at), subscription=OuterRef("pk"))
    rows = Subscription.objects.filter(Exists(due), state=Subscription.State.ACTIVE)
    return list(rows.filter(integration__closed_at=None).order_by("pk"))


def claim(subscription: Subscription, count: int, *, lease: str, at: datetime) -> list[Delivery]:
    """Take up to so many due deliveries in hand; nobody else gets them as long as the lease holds.

    What is about the same record goes in order: a later one is not taken while an earlier one waits.
    """
    with transaction.atomic():
        rows = _next(at).filter(subscription=subscription).order_by("next_at", "pk")
        found = list(rows.select_for_update(skip_locked=True)[:count])
        Delivery.objects.filter(pk__in=[each.pk for each in found]).update(
            lease=lease, lease_until=at + LEASE
        )
    return found


def _next(at: datetime) -> QuerySet[Delivery]:
    """Return what may be tried now: due, in nobody's hands, and not behind another one about the same record."""
    earlier = Delivery.objects.filter(
        subscription=OuterRef("subscription"),
        subject=OuterRef("subject"),
        pk__lt=OuterRef("pk"),
        state=State.WAITING,
    )
    return Delivery.objects.filter(free(at), ~Exists(earlier))


def due_since(at: datetime) -> datetime | None:
    """Return since when the oldest event waits for a worker, or None where none does."""
    rows = _next(at).filter(
        subscription__state=Subscription.State.ACTIVE, subscription__integration__closed_at=None
    )
    return rows.order_by("next_at").values_list("next_at", flat=True).first()


def renew(lease: str, at: datetime) -> None:
    """Say that a worker is still there, so that nobody takes what it has in hand."""
    Delivery.objects.filter(lease=lease, state=State.WAITING).update(lease_until=at + LEASE)


def send(
    delivery: Delivery, subscription: Subscription, at: datetime, *, timeout: float = sending.TIMEOUT
) -> Outcome:
    """Try once. Touches no database, so that it can run in a thread."""
    body = delivery.body.encode()
    headers = {
        **signing.headers(delivery.event, body, subscription.secrets(at), at),
        "Content-Type": "application/json",
        "User-Agent": "orgmodel-webhooks/1",
    }
    return sending.post(subscription.url, body, headers, timeout=timeout)


def finish(delivery: Delivery, outcome: Outcome, *, lease: str, at: datetime) -> None:
    """Write down what became of an attempt, unless the lease has gone to another worker meanwhile."""
    values = {
        "attempts": F("attempts") + 1,
        "tried_at": at,
        "status": outcome.status,
        "error": outcome.error,
        "lease": None,
        "lease_until": None,
    }
    attempts = delivery.attempts + 1
    gives_up = outcome.is_gone or attempts >= len(SCHEDULE)
    if outcome.is_delivered:
        values |= {"state": State.DELIVERED, "delivered_at": at}
    elif gives_up:
        values["state"] = State.DEAD
    else:
        values["next_at"] = at + pause(attempts, outcome.retry_after)
    with transaction.atomic():
        is_mine = Delivery.objects.filter(pk=delivery.pk, lease=lease).update(**values)
        if is_mine and gives_up and not outcome.is_delivered:
            _disable(delivery, outcome, attempts)


def pause(attempts: int, retry_after: float) -> timedelta:
    """Return how long to wait after so many attempts: as the schedule says, and as long as the receiver asks."""
    seconds = SCHEDULE[attempts] * (1 + JITTER * random.random())  # noqa: S311 - no secret
    return timedelta(seconds=max(seconds, retry_after))


def _disable(delivery: Delivery, outcome: Outcome, attempts: int) -> None:
    if outcome.is_gone:
        reason = "The receiver answered 410: it is gone for good."
    else:
        reason = (
            f"{delivery.type} could not be delivered in {attempts} attempts. The last one: {outcome.error}"
        )
    active = Subscription.objects.filter(pk=delivery.subscription_id, state=Subscription.State.ACTIVE)
    active.update(state=Subscription.State.DISABLED, reason=reason)


def send_again(rows: QuerySet[Delivery], at: datetime) -> int:
    """Let deliveries start over, with the same ids. Return how many; what a worker has in hand is left to it."""
    rows = rows.filter(Q(lease_until=None) | Q(lease_until__lt=at))
    fresh = {"state": State.WAITING, "attempts": 0, "next_at": at, "delivered_at": None}
    return rows.update(**fresh, lease=None, lease_until=None)


def clear_old(at: datetime) -> None:
    """Drop what is older than the log of deliveries reaches."""
    Delivery.objects.filter(created_at__lt=at - KEPT).delete()
