"""What web views share: carry operations out in the request's reality, and say so.

For pages, draft mode is one `if`, in `perform`: a draft is open, or the operation goes live, or it starts a draft. The
API decides in `orgmodel.integrations.writing`, by rules and in words of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgmodel.access import roles
from orgmodel.changes import drafts, services
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.changes.services import Actor
from orgmodel.core.changes import Change
from orgmodel.core.operations import Operation, Refused
from orgmodel.core.phrases import day_in_words, say

ANOTHER_DAY = say("You are looking at another day, which cannot be changed. Go back to today first.")
DESIGNERS_ONLY = gettext_lazy(
    "Only org designers change rules and words. Ask one of them to do it, or to publish a draft that does."
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where operations went: into a draft, which may just have been started for them, or live."""

    draft: Draft | None = None
    change_set: ChangeSet | None = None
    started: bool = False
    positions: tuple[int, ...] = ()  # in the draft


def actor_of(user: Any) -> Actor:
    """Return the actor for the log: the user's full name, or login where there is none."""
    return Actor(roles.name_of(user), user.pk, roles.tribe_of(user))


def check_may_date_back(user: Any, day: date | None) -> None:
    """Raise PermissionDenied where someone may not say that something counted from a day that has passed."""
    if day is not None and day < timezone.localdate() and not roles.can_date_back(user):
        raise PermissionDenied(_("Only editors and org designers date a change back."))


def check_may_make_live(user: Any, operations: Iterable[Operation]) -> None:
    """Raise PermissionDenied where someone who publishes may not make these operations live."""
    if roles.can_publish(user) and not roles.can_make_live(user, operations):
        raise PermissionDenied(DESIGNERS_ONLY)


def perform(
    request: Any,
    operations: Sequence[Operation],
    *,
    message: str = "",
    source: str = "web",
    live: bool = True,
    draft_name: str = "",
    seen: Sequence[Change] = (),
) -> Outcome:
    """Carry operations out where this request may: in the draft it reads, live, or in a draft started on the spot.

    `message` is why: the reason that the history keeps, or the note in an open draft. `live` False asks for a draft
    even from someone who may publish; `seen` is as for `services.commit`. Raises PermissionDenied, Refused,
    RuleViolation or Conflict; nothing is kept then.
    """
    reality, user, now = request.reality, request.user, timezone.now()
    if reality.is_another_day:
        raise Refused(ANOTHER_DAY)
    if reality.draft is not None:
        if not roles.can_edit_draft(user, reality.draft):
            raise PermissionDenied(
                _("The draft “{name}” is not yours to change.").format(name=reality.draft.name)
            )
        rows = drafts.append(
            reality.draft,
            operations,
            author_id=user.pk,
            at=now,
            seen=seen,
            part=roles.editable_part_of(user, reality.draft),
            note=message,
        )
        return Outcome(draft=reality.draft, positions=tuple(row.position for row in rows))
    if live and roles.can_publish(user):
        check_may_make_live(user, operations)
        change_set = services.commit(
            operations, actor=actor_of(user), message=message, source=source, at=now, seen=seen
        )
        return Outcome(change_set=change_set)
    if roles.can_plan(user):
        what, day = operations[0].describe(reality.live), day_in_words(now, year=False)
        name = draft_name or f"{day}: {what}"
        draft = drafts.create_draft(name[:200], owner_id=user.pk, at=now, operations=operations)
        return Outcome(draft=draft, started=True, positions=tuple(range(1, len(operations) + 1)))
    raise PermissionDenied(_("Your role reads only. Ask an org designer to let you plan or publish."))
