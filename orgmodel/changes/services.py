"""The one door: commit, preview and undo, the organization at a past day, and drafts.

Every face (page, API, admin, import) calls these and nothing below them. The clock, new ids and the actor come from
the face.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

import orjson
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from orgmodel.changes import jsonio, store
from orgmodel.changes.models import ChangeSet, Draft, DraftOperation, Head
from orgmodel.core import changes as core
from orgmodel.core.changes import Change, Conflict, FieldConflict
from orgmodel.core.operations import ApplyChanges, Operation, Refused
from orgmodel.core.operations.base import short
from orgmodel.core.org import Org
from orgmodel.core.replay import Replay, carry_out, replay
from orgmodel.core.rules.integrity import RuleViolation, storable

__all__ = ["Actor", "Conflict", "Refused", "RuleViolation", "StaleVersion", "commit", "preview", "undo"]

MESSAGE_LIMIT = 5_000


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: the name that the log keeps, and the login it came from."""

    name: str
    user_id: int | None = None


class StaleVersion(Exception):
    """The organization is no longer at the version that the caller built on."""

    def __init__(self, expected: int, found: int) -> None:
        super().__init__(f"The organization is at version {found} now, not {expected}.")
        self.expected = expected
        self.found = found


class StaleDraft(Refused):
    """What a draft would change is no longer what its publisher has read."""

    def __init__(self) -> None:
        super().__init__("The list of changes is not the one you have read any more. Look at it again.")


# Live


def current() -> Org:
    """Return the live organization."""
    return store.current()


def preview(operations: Sequence[Operation], *, seen: Sequence[Change] = ()) -> Replay:
    """Return what `commit` would do. Raises Refused, RuleViolation or Conflict as it would."""
    org = store.current()
    _check_seen(org, seen)
    return carry_out(org, operations)


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
    seen: Sequence[Change] = (),
) -> ChangeSet:
    """Carry out operations on the live organization, all or none, and log them as one change set.

    Raises Refused (a precondition), RuleViolation (problems it would add), Conflict (fields that have changed since) or
    StaleVersion; nothing is written then. `effective_on` None means the day of `at`, and it cannot be later. `seen` is
    what an editor saw and wants in its place: where a record no longer holds what they saw, it is a conflict.
    """
    message = message.strip()
    if len(message) > MESSAGE_LIMIT:
        raise Refused(f"A reason may have {MESSAGE_LIMIT} characters.", field="message")
    if not storable(message):
        raise Refused("The reason holds characters that cannot be stored.", field="message")
    today = timezone.localdate(at)
    if effective_on is not None and effective_on > today:
        raise Refused(
            "A day to come cannot be published yet. Keep it in a draft until then.", field="effective_on"
        )
    with transaction.atomic():
        head = store.locked_head()
        if expected_version is not None and expected_version != head.version:
            raise StaleVersion(expected_version, head.version)
        org = store.org_at(head)
        _check_seen(org, seen)
        done = carry_out(org, operations)
        changes = done.changes
        if not changes:
            raise Refused("Nothing would change.")
        change_set = ChangeSet(
            actor_id=actor.user_id,
            actor_name=actor.name[:200],
            source=source,
            message=message,
            sentences=[step.sentence for step in done.steps],
            recorded_at=at,
            effective_on=effective_on or today,
            undoes=undoes,
        )
        store.write(head, done.after, changes, change_set, done.positions)
    return change_set


def _check_seen(org: Org, seen: Sequence[Change]) -> None:
    found = [conflict for conflict in core.conflicts(org, seen) if conflict.found != conflict.wanted]
    if found:
        raise Conflict(found)


# Undo


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """What undoing a change set would do today: what still fits, and what has been overtaken since."""

    operation: ApplyChanges
    overtaken: tuple[FieldConflict, ...]


def plan_undo(change_set: ChangeSet) -> UndoPlan:
    """Return what undoing would do on today's organization. Raises Refused where it is undone already."""
    if ChangeSet.objects.filter(undoes=change_set).exists():
        raise Refused("This change is undone already.")
    org = store.current()
    inverse = core.invert(store.changes_of(change_set))
    fitting = core.touched(core.fold(org.settle(org.version), inverse))
    title = f"Undo: {short(change_set.title, 400)}"
    return UndoPlan(ApplyChanges(title=title, changes=tuple(fitting)), tuple(core.conflicts(org, inverse)))


def undo(
    change_set: ChangeSet, *, actor: Actor, message: str, at: datetime, skip_overtaken: bool = False
) -> ChangeSet:
    """Take a change set back by a new one that points to it; the log keeps both.

    Raises Conflict, naming every field, where something has been overtaken since, unless it is to be skipped.
    """
    with transaction.atomic():
        store.locked_head()
        plan = plan_undo(change_set)
        if plan.overtaken and not skip_overtaken:
            raise Conflict(plan.overtaken)
        return commit([plan.operation], actor=actor, message=message, source="undo", at=at, undoes=change_set)


# The past


def org_as_of(day: date) -> Org:
    """Return the organization as it was at the end of a day: live, without what took effect after it."""
    head = store.head()
    return _kept(("as of", day, head.version, head.change_set), lambda: _fold_back(store.org_at(head), day))


def _fold_back(org: Org, day: date) -> Org:
    later = set(
        ChangeSet.objects.filter(effective_on__gt=day, version__lte=org.version).values_list(
            "version", flat=True
        )
    )
    if not later:
        return org
    for version, changes in store.history(since=min(later) - 1, until=org.version, newest_first=True):
        if version in later:
            org = core.fold(org, core.invert(changes)).settle(org.version)
    return org


# Drafts


def create_draft(
    name: str, *, owner_id: int, at: datetime, operations: Sequence[Operation] = (), id_: str | None = None
) -> Draft:
    """Start a draft on today's organization. Raises Refused for a name that is missing or cannot be kept.

    `id_` comes from a form, so that the same form sent twice starts one draft: the second time returns it.
    """
    draft = Draft(owner_id=owner_id, based_on=timezone.localdate(at), created_at=at, updated_at=at)
    with transaction.atomic():
        store.locked_head()  # so that two drafts of one name started at once get two keys
        if id_ is not None:
            before = Draft.objects.select_related("change_set").filter(pk=id_).first()
            if before is not None and before.owner_id == owner_id:
                return before
            if before is not None:
                raise Refused("This form was used by somebody else. Reload the page and send it again.")
            draft.id = id_
        draft.name = _draft_name(name)
        draft.key = _free_draft_key(draft.name)
        draft.save(force_insert=True)
        if operations:
            append(draft, operations, author_id=owner_id, at=at)
    return draft


def rename_draft(draft: Draft, name: str, *, at: datetime) -> None:
    """Give a draft another name; its key stays. Raises Refused."""
    draft.name, draft.updated_at = _draft_name(name), at
    draft.save(update_fields=["name", "updated_at"])


def _draft_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused("Give the draft a name.", field="name")
    if len(name) > 200 or not storable(name):
        raise Refused("A draft's name may have 200 characters, all of them printable.", field="name")
    return name


def _free_draft_key(name: str) -> str:
    stem = slugify(name)[:90] or "draft"
    taken = set(Draft.objects.filter(key__startswith=stem).values_list("key", flat=True))
    numbered = (f"{stem}-{count}" for count in range(2, len(taken) + 3))
    return stem if stem not in taken else next(key for key in numbered if key not in taken)


def append(
    draft: Draft,
    operations: Sequence[Operation],
    *,
    author_id: int | None,
    at: datetime,
    seen: Sequence[Change] = (),
) -> list[DraftOperation]:
    """Add operations to a draft. Raises Refused, RuleViolation or Conflict where they do not fit what it has made."""
    with transaction.atomic():
        locked = _locked(draft)
        org = replay_draft(locked).after
        _check_seen(org, seen)
        done = carry_out(org, operations)
        if not done.changes:
            raise Refused("Nothing would change.")
        last = locked.operations.order_by("-position").values_list("position", flat=True).first() or 0
        rows = [
            DraftOperation(
                draft=locked,
                position=position,
                batch=last + 1,
                body=jsonio.dump_operation(operation),
                author_id=author_id,
                added_at=at,
            )
            for position, operation in enumerate(operations, start=last + 1)
        ]
        locked.operations.exclude(undone=None).delete()
        DraftOperation.objects.bulk_create(rows)
        _touch(draft, locked, at)
    return rows


def remove_last(draft: Draft, *, at: datetime) -> list[str]:
    """Take back what was appended last, all that was appended with it, and return its sentences. Raises Refused."""
    with transaction.atomic():
        locked = _locked(draft)
        last = locked.planned_operations.last()
        if last is None:
            raise Refused("This draft has no change to undo.")
        found = locked.planned_operations.filter(batch=last.batch)
        sentences = _sentences(locked, found.values_list("position", flat=True))
        found.update(undone=locked.revision + 1)
        _touch(draft, locked, at)
    return sentences


def remove(draft: Draft, *positions: int, at: datetime) -> None:
    """Take operations out of a draft; those that built on it show as no longer fitting. Raises Refused."""
    with transaction.atomic():
        locked = _locked(draft)
        if not locked.planned_operations.filter(position__in=positions).update(undone=locked.revision + 1):
            raise Refused("This draft has no such change.")
        _touch(draft, locked, at)


def redo(draft: Draft, *, at: datetime) -> list[str]:
    """Bring back what was taken back last, where it was, and return its sentences. Raises Refused."""
    with transaction.atomic():
        locked = _locked(draft)
        last = locked.operations.aggregate(revision=Max("undone"))["revision"]
        if last is None:
            raise Refused("This draft has no change to redo.")
        found = locked.operations.filter(undone=last)
        positions = list(found.values_list("position", flat=True))
        found.update(undone=None)
        _touch(draft, locked, at)
        return _sentences(locked, positions)


def _sentences(draft: Draft, positions: Iterable[int]) -> list[str]:
    numbers, planned = numbered_replay(draft)
    wanted = set(positions)
    return [step.sentence for number, step in zip(numbers, planned.steps, strict=True) if number in wanted]


def discard(draft: Draft, *, at: datetime) -> None:
    """Close a draft without publishing it. Raises Refused where it is closed already."""
    with transaction.atomic():
        locked = _locked(draft)
        locked.state = draft.state = Draft.State.DISCARDED
        _touch(draft, locked, at)


def publish(
    draft: Draft,
    *,
    actor: Actor,
    message: str,
    at: datetime,
    effective_on: date | None = None,
    expected_version: int | None = None,
    expected_changes: str | None = None,
) -> ChangeSet:
    """Make a whole draft live as one change set.

    `expected_changes` is the fingerprint of the replay that the publisher has read. Raises Refused where the draft is
    empty, is no longer as expected or something in it no longer fits, RuleViolation or Conflict as `commit` does.
    """
    with transaction.atomic():
        store.locked_head()  # always before the draft's own lock, so that two publishers cannot wait for each other
        locked = _locked(draft)
        planned = replay_draft(locked)
        if expected_changes is not None and expected_changes != fingerprint(planned):
            raise StaleDraft
        if not planned.steps:
            raise Refused("This draft has no change to publish.")
        if planned.misfits:
            count = len(planned.misfits)
            words = "1 change no longer fits" if count == 1 else f"{count} changes no longer fit"
            raise Refused(
                f"{words} today's organization: “{planned.misfits[0].sentence}”. Remove it or redo it first."
            )
        change_set = commit(
            [step.operation for step in planned.steps],
            actor=actor,
            message=message,
            source="draft",
            at=at,
            effective_on=effective_on,
            expected_version=expected_version,
        )
        locked.state = draft.state = Draft.State.PUBLISHED
        locked.change_set = draft.change_set = change_set
        _touch(draft, locked, at)
    return change_set


def fingerprint(planned: Replay) -> str:
    """Return a short text that differs wherever what a draft would change does, or what no longer fits in it."""
    steps = [[step.sentence, step.fits] for step in planned.steps]
    changes = [jsonio.dump_change(change) for change in planned.changes]
    return hashlib.sha256(orjson.dumps([steps, changes])).hexdigest()


def replay_draft(draft: Draft) -> Replay:
    """Return a draft carried out on today's organization; what no longer fits is marked and left out."""
    return numbered_replay(draft)[1]


def numbered_replay(draft: Draft) -> tuple[list[int], Replay]:
    """Return a draft carried out on today's organization, and the position of each of its operations."""
    plan = _plan(draft)
    return plan.positions, plan.replay


def can_redo(draft: Draft, at: Head | None = None) -> bool:
    """Say whether something was taken back that `redo` would bring back. `at` spares reading the head again."""
    return draft.is_open and _plan(draft, at).has_undone


@dataclass(frozen=True, slots=True)
class _Plan:
    positions: list[int]
    replay: Replay
    has_undone: bool


def _plan(draft: Draft, at: Head | None = None) -> _Plan:
    head = at or store.head()
    key = ("draft", draft.pk, draft.revision, head.version, head.change_set)
    return _kept(key, lambda: _planned(store.org_at(head), draft))


def _planned(org: Org, draft: Draft) -> _Plan:
    rows = list(draft.operations.order_by("position").values_list("position", "body", "undone"))
    standing = [(position, jsonio.load_operation(body)) for position, body, undone in rows if undone is None]
    planned = replay(org, [operation for _, operation in standing])
    return _Plan([position for position, _ in standing], planned, len(standing) < len(rows))


def _locked(draft: Draft) -> Draft:
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if not locked.is_open:
        raise Refused(f"The draft “{locked.name}” is {locked.state} and cannot be changed any more.")
    return locked


def _touch(draft: Draft, locked: Draft, at: datetime) -> None:
    locked.revision += 1
    locked.updated_at = at
    locked.save()
    draft.revision, draft.updated_at = locked.revision, at


# What this process keeps: replays and past days, which never change for a given version

_KEEP = 32
_memory: OrderedDict[Hashable, object] = OrderedDict()
_memory_lock = threading.Lock()
_T = TypeVar("_T")


def _kept(key: Hashable, make: Callable[[], _T]) -> _T:
    found = _memory.get(key)
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
