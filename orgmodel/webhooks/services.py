"""What can be done to a subscription. Pages, API and admin call these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction

from orgmodel.changes import store
from orgmodel.changes.models import new_id
from orgmodel.core.operations import Refused
from orgmodel.core.phrases import say
from orgmodel.integrations.models import Integration
from orgmodel.webhooks.delivery import send_again
from orgmodel.webhooks.events import Event, is_pattern
from orgmodel.webhooks.fanout import Letter
from orgmodel.webhooks.guard import Forbidden, as_written, checked_address, target_of
from orgmodel.webhooks.models import Delivery, Subscription

OVERLAP = timedelta(hours=24)  # for which the secret before the newest still signs
MOST = 20  # subscriptions of an integration
State = Subscription.State


def subscribe(integration: Integration, *, url: str, patterns: Iterable[str], at: datetime) -> Subscription:
    """Let an address hear of events from now on. Raises Refused."""
    checked_url, checked = check_url(url), check_patterns(patterns)
    with transaction.atomic():
        head = store.locked_head()  # so that no change falls between what it hears of and what came before
        if integration.subscriptions.count() >= MOST:
            raise Refused(say("An integration has {most} webhooks at most. Remove one first.", most=MOST))
        return Subscription.objects.create(
            integration=integration,
            url=checked_url,
            patterns=checked,
            since_version=head.version,
            created_at=at,
        )


def edit(subscription: Subscription, *, url: str, patterns: Iterable[str]) -> None:
    """Change where events go, and which. What is on its way goes to the new address. Raises Refused."""
    subscription.url, subscription.patterns = check_url(url), check_patterns(patterns)
    subscription.save(update_fields=["url", "patterns"])


def check_url(url: str) -> str:
    """Return an address to which webhooks may go, as far as can be told before a name is resolved. Raises Refused."""
    try:
        target = target_of(url)
        with suppress(OSError):
            checked_address(target, as_written)
    except Forbidden as error:
        raise Refused(error.message, field="url") from error
    return url


def check_patterns(patterns: Iterable[str]) -> Sequence[str]:
    found = list(dict.fromkeys(patterns))
    if not found:
        raise Refused(
            say("Name at least one event, such as {event}; {all} is all of them.", event="person.*", all="*"),
            field="events",
        )
    unknown = [pattern for pattern in found if not is_pattern(pattern)]
    if unknown:
        raise Refused(
            say(
                "There is no event “{event}”. Patterns are such as {patterns} or {all}.",
                event=unknown[0][:60],
                patterns="person.moved, person.*, *.closed",
                all="*",
            ),
            field="events",
        )
    return found


def pause(subscription: Subscription) -> None:
    """Stop sending. What happens meanwhile waits."""
    _set_state(subscription, State.PAUSED)


def resume(subscription: Subscription) -> None:
    """Send again, also where it was disabled: what waits, and what happens from now on."""
    _set_state(subscription, State.ACTIVE)


def _set_state(subscription: Subscription, state: Subscription.State) -> None:
    with transaction.atomic():
        head = store.locked_head()
        if subscription.state == State.DISABLED:
            subscription.since_version = head.version  # what happened while it was disabled is not told
        subscription.state, subscription.reason = state, ""
        subscription.save(update_fields=["state", "reason", "since_version"])


def rotate(subscription: Subscription, *, at: datetime) -> str:
    """Give it another secret and return that. The one before signs as well for a while."""
    with transaction.atomic():
        locked = Subscription.objects.select_for_update().get(pk=subscription.pk)
        subscription.secret_number = locked.secret_number + 1
        subscription.old_secret_until = at + OVERLAP
        subscription.save(update_fields=["secret_number", "old_secret_until"])
    return subscription.secret


def send_test(subscription: Subscription, *, at: datetime) -> Delivery:
    """Let an event of no meaning go out next."""
    event = Event("webhook.test", "webhook", subscription.pk, None)
    found = Letter.of(event, new_id(), at=at, version=None, effective_on=None).to(subscription, at)
    found.save()
    return found


def redeliver(subscription: Subscription, events: Iterable[str] | None, *, at: datetime) -> int:
    """Let events go out again with the same ids: those named, or all that were given up. Return how many."""
    rows = subscription.deliveries.all()
    chosen = rows.filter(state=Delivery.State.DEAD) if events is None else rows.filter(event__in=[*events])
    return send_again(chosen, at)
