"""The one door: commit, preview and undo, and the organization at another day. Drafts are in `drafts.py`.

Every face (page, API, admin, import) changes the organization through these. What is below, in `store.py`, it calls to
read, or to wait for its turn (`locked_head`). The clock, new ids and the actor come from the face.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from orgmodel.changes import store
from orgmodel.changes.models import ChangeSet, undoings
from orgmodel.changes.telling import told
from orgmodel.core import changes as core
from orgmodel.core.changes import Change, Conflict, FieldConflict
from orgmodel.core.operations import ApplyChanges, Operation, Refused
from orgmodel.core.operations.base import short
from orgmodel.core.org import Org
from orgmodel.core.part import carry_out_in_part
from orgmodel.core.phrases import joined, say
from orgmodel.core.replay import Replay, carry_out
from orgmodel.core.rules.integrity import RuleViolation, storable
from orgmodel.core.rules.reorganization import left_behind, left_behind_in_words

__all__ = ["Actor", "Conflict", "Refused", "RuleViolation", "StaleVersion", "commit", "preview", "undo"]

MESSAGE_LIMIT = 5_000
A_NAME = say("A name")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: the name that the log keeps, and the login it came from.

    `tribe` is the id of the only tribe that they may change, as with some tokens.
    """

    name: str
    user_id: int | None = None
    tribe: str | None = None


class StaleVersion(Exception):
    """The organization is no longer at the version that the caller built on."""

    def __init__(self, expected: int, found: int) -> None:
        self.message = say(
            "The organization is at version {found} now, not {expected}.", found=found, expected=expected
        )
        super().__init__(self.message)
        self.expected = expected
        self.found = found


# Live


def current() -> Org:
    """Return the live organization."""
    return store.current()


def preview(operations: Sequence[Operation], *, seen: Sequence[Change] = ()) -> Replay:
    """Return what `commit` would do. Raises Refused, RuleViolation or Conflict as it would."""
    org = store.current()
    check_seen(org, seen)
    return carry_out(org, operations, on=timezone.localdate())


def commit(
    operations: Sequence[Operation],
    *,
    actor: Actor,
    message: str,
    source: str,
    at: datetime,
    effective_on: date | None = None,
    expected_version: int | None = None,
    undoes: ChangeSet | None = None,
    learning: str = "",
    seen: Sequence[Change] = (),
) -> ChangeSet:
    """Carry out operations on the live organization, all or none, and log them as one change set.

    Raises Refused (a precondition), RuleViolation (problems it would add), Conflict (fields that have changed since) or
    StaleVersion; nothing is written then. `effective_on` None means the day of `at`, and it cannot be later. `seen` is
    what an editor saw and wants in its place: where a record no longer holds what they saw, it is a conflict.
    """
    message = text_to_keep(message, "message", say("reason"))
    learning = text_to_keep(learning, "learning", say("learning"))
    today = timezone.localdate(at)
    if effective_on is not None and effective_on > today:
        raise Refused(
            say("A day to come cannot be published yet. Keep it in a draft until then."), field="effective_on"
        )
    if effective_on is not None and effective_on < today and not message:
        raise Refused(say("Say why this counts from a day that has passed."), field="message")
    with transaction.atomic():
        head = store.locked_head()
        if expected_version is not None and expected_version != head.version:
            raise StaleVersion(expected_version, head.version)
        org = store.org_at(head)
        check_seen(org, seen)
        done = carry_out_in_part(org, operations, on=effective_on or today, tribe=actor.tribe)
        changes = done.changes
        if not changes:
            raise Refused(say("Nothing would change."))
        check_nothing_left_behind(done)
        sentences = [step.sentence for step in done.steps]
        change_set = ChangeSet(
            actor_id=actor.user_id,
            actor_name=actor.name[:200],
            source=source,
            message=message,
            sentences=sentences,
            told=told(sentences),
            recorded_at=at,
            effective_on=effective_on or today,
            undoes=undoes,
            learning=learning,
        )
        store.write(head, done.after, changes, change_set, done.positions)
    return change_set


def check_nothing_left_behind(done: Replay) -> None:
    """Raise Refused where a unit would be closed over things that then belong to nobody."""
    orphans = left_behind(done.before, done.after)
    if orphans:
        raise Refused(
            joined(" ", left_behind_in_words(done.after, orphans)),
            blockers=[(orphan.kind, orphan.id) for orphan in orphans],
        )


def text_to_keep(text: str, field: str, what: str) -> str:
    """Return a text that someone wrote without spaces around it. Raises Refused where it cannot be stored."""
    text = text.strip()
    if len(text) > MESSAGE_LIMIT:
        raise Refused(
            say("The {what} may have {most:,} characters at most.", what=what, most=MESSAGE_LIMIT),
            field=field,
        )
    if not storable(text):
        raise Refused(say("The {what} holds characters that cannot be stored.", what=what), field=field)
    return text


def name_to_keep(name: str, limit: int, *, what: str, whose: str = A_NAME) -> str:
    """Return a name without needless spaces. Raises Refused where there is none or it cannot be stored."""
    name = " ".join(name.split())
    if not name:
        raise Refused(say("Give {what} a name.", what=what), field="name")
    if len(name) > limit or not storable(name):
        raise Refused(
            say("{whose} may have {most} characters, all of them printable.", whose=whose, most=limit),
            field="name",
        )
    return name


def check_seen(org: Org, seen: Sequence[Change]) -> None:
    found = [conflict for conflict in core.conflicts(org, seen) if conflict.found != conflict.wanted]
    if found:
        raise Conflict(found)


# Undo


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """What undoing a change set would do today: what still fits, and what has been overtaken since."""

    operation: ApplyChanges
    overtaken: tuple[FieldConflict, ...]


def is_undone(change_set: ChangeSet | None) -> bool:
    return change_set is not None and change_set.pk in undoings([change_set])


def check_not_undone(change_set: ChangeSet) -> None:
    if is_undone(change_set):
        raise Refused(say("This change is undone already."))


def plan_undo(change_set: ChangeSet) -> UndoPlan:
    """Return what undoing would do on today's organization. Raises Refused where it is undone already."""
    check_not_undone(change_set)
    org = store.current()
    inverse = core.invert(store.changes_of(change_set))
    fitting = core.touched(core.fold(org.settle(org.version), inverse))
    title = short(change_set.undo_title, 400)
    return UndoPlan(ApplyChanges(title=title, changes=tuple(fitting)), tuple(core.conflicts(org, inverse)))


def undo(
    change_set: ChangeSet,
    *,
    actor: Actor,
    message: str,
    at: datetime,
    learning: str = "",
    skip_overtaken: bool = False,
) -> ChangeSet:
    """Take a change set back by a new one that points to it; the log keeps both.

    Raises Conflict, naming every field, where something has been overtaken since, unless it is to be skipped.
    """
    with transaction.atomic():
        store.locked_head()
        plan = plan_undo(change_set)
        if plan.overtaken and not skip_overtaken:
            raise Conflict(plan.overtaken)
        return commit(
            [plan.operation],
            actor=actor,
            message=message,
            source="undo",
            at=at,
            undoes=change_set,
            learning=learning,
        )


# The past


def org_as_of(day: date) -> Org:
    """Return the organization as it was at the end of a day: live, without what took effect after it."""
    head, later = store.head(), ChangeSet.objects.filter(effective_on__gt=day)
    return kept(("as of", day, head.version, head.change_set), lambda: _fold_back(store.org_at(head), later))


def org_at_version(version: int) -> Org:
    """Return the organization as the change set of this version left it, whatever was dated back since."""
    head, later = store.head(), ChangeSet.objects.filter(version__gt=version)
    key = ("at version", version, head.version, head.change_set)
    return kept(key, lambda: _fold_back(store.org_at(head), later))


def _fold_back(org: Org, later: QuerySet[ChangeSet]) -> Org:
    """Return an organization without some of its change sets. What it touched counts from the one given."""
    versions = set(later.filter(version__lte=org.version).values_list("version", flat=True))
    if not versions:
        return org
    newest_first = store.history(since=min(versions) - 1, until=org.version, newest_first=True)
    changes = (change for version, found in newest_first if version in versions for change in found)
    with store.paused_collector():
        return core.fold_back(org, changes)


# What this process keeps: replays and past days, which never change for a given version

_KEEP = 64
_memory: OrderedDict[Hashable, object] = OrderedDict()
_memory_lock = threading.Lock()
_T = TypeVar("_T")


def kept(key: Hashable, make: Callable[[], _T]) -> _T:
    """Return what was made for this key before, or make it.

    A key names the question and all that its answer depends on: version and change set of the head, the revision of a
    draft, a day, a part. One that forgets something is answered with what was true once.
    """
    with _memory_lock:
        found = _memory.get(key)
        if found is not None:
            _memory.move_to_end(key)  # what was not asked for the longest time goes first
    if found is None:
        found = make()
        with _memory_lock:
            _memory[key] = found
            while len(_memory) > _KEEP:
                _memory.popitem(last=False)
    return found  # type: ignore[return-value]


def changes_of(change_set: ChangeSet) -> list[Change]:
    """Return what a change set changed."""
    return store.changes_of(change_set)
