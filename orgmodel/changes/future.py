"""The organization on a day to come: live, with the drafts that are scheduled until then carried out on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from orgmodel.access import roles
from orgmodel.changes import plans, services, store
from orgmodel.changes.models import Draft, Head
from orgmodel.core.changes import Change
from orgmodel.core.org import Org
from orgmodel.core.replay import Replay, replay_each


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is planned until a day: the scheduled drafts one may see, in order, and how many others there are.

    What would no longer fit on that day is left out of `org`; what others keep to themselves is, too.
    """

    drafts: tuple[Draft, ...]
    others: int
    replay: Replay

    @property
    def org(self) -> Org:
        return self.replay.after

    def days(self) -> Iterator[tuple[date, Change]]:
        """Yield what each draft is to change, with the day on which it will."""
        steps = iter(self.replay.steps)
        for draft in self.drafts:
            assert draft.scheduled_on is not None
            for step in islice(steps, len(plans.replay_draft(draft).steps)):
                for change in step.changes:
                    yield draft.scheduled_on, change


def scheduled_until(day: date) -> QuerySet[Draft]:
    """Return the drafts that are to go live until a day, in the order in which they will."""
    due = Draft.objects.filter(state=Draft.State.SCHEDULED, scheduled_on__lte=day)
    return due.order_by("scheduled_on", "created_at")


def outlook(day: date, user: Any, at: Head | None = None) -> Outlook:
    """Return what is planned until a day as far as a user may see it. `at` spares reading the head again."""
    due = scheduled_until(day)
    shown = tuple(due.filter(pk__in=roles.wholly_visible_drafts(user).values("pk")))
    return Outlook(shown, due.count() - len(shown), org_on(shown, at))


def org_on(scheduled: tuple[Draft, ...], at: Head | None = None) -> Replay:
    """Return live with some drafts carried out one after the other; what does not fit then is left out."""
    head = at or store.head()
    key = ("on", head.version, head.change_set, *((draft.pk, draft.revision) for draft in scheduled))

    def carried_out() -> Replay:
        replays = [plans.replay_draft(draft) for draft in scheduled]
        steps = (step for planned in replays for step in planned.steps)
        return replay_each(store.org_at(head), ((step.operation, step.on) for step in steps))

    return services.kept(key, carried_out)
