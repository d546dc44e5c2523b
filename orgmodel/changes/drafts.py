"""What a draft holds: operations that are added, parked, removed and redone.

How it goes on today's organization is in `plans.py`, publishing and scheduling in `publishing.py`; who may see and edit
a draft is in `orgmodel/access/roles.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from orgmodel.access import roles
from orgmodel.changes import jsonio, services, store
from orgmodel.changes.models import ChangeSet, Draft, DraftEdit, DraftOperation
from orgmodel.changes.plans import (
    PARKED,
    REMOVED,
    STANDING,
    Planned,
    day_of,
    plan_of,
    planned_by,
    replay_draft,
    tribes_reached,
)
from orgmodel.changes.services import name_to_keep, text_to_keep
from orgmodel.core import changes as core
from orgmodel.core.changes import Change
from orgmodel.core.dependence import dependents
from orgmodel.core.operations import Operation, Refused
from orgmodel.core.operations.base import name_of
from orgmodel.core.phrases import Phrase, count, day_in_words, joined, names, said, say
from orgmodel.core.replay import Replay, Step, carry_out, replay

HEADER = (
    "problem",
    "intent",
    "trade_offs",
    "success",
    "rollback_plan",
    "effective_on",
    "announce_on",
    "review_on",
)
"""What a draft says about itself, apart from its name and who should stay together."""
ASKED_FOR = ("problem", "intent", "trade_offs", "success", "effective_on")
"""What publishing asks for; the owner may say why not."""


@cache
def header_words(name: str) -> Phrase:
    """Return what a part of the header is called, to be told to others."""
    field: Any = Draft._meta.get_field(name)
    declared = field.deconstruct()[3]  # whichever language is spoken right now
    return say(declared.get("verbose_name", name))


def header_label(name: str) -> str:
    """Return what a part of the header is called, in the language of this request."""
    return said(header_words(name))


# Starting and describing one


def create_draft(
    name: str,
    *,
    owner_id: int,
    at: datetime,
    operations: Sequence[Operation] = (),
    id_: str | None = None,
    reverses: ChangeSet | None = None,
) -> Draft:
    """Start a draft on today's organization. Raises Refused for a name that is missing or cannot be kept.

    A name that nobody typed is English: it is kept, with a key made of it, for readers of every language.
    `id_` comes from a form, so that the same form sent twice starts one draft: the second time returns it.
    """
    draft = Draft(
        owner_id=owner_id, based_on=timezone.localdate(at), created_at=at, updated_at=at, reverses=reverses
    )
    with transaction.atomic():
        store.locked_head()  # so that two drafts of one name started at once get two keys
        if id_ is not None:
            before = Draft.objects.select_related("change_set").filter(pk=id_).first()
            if before is not None and before.owner_id == owner_id:
                return before
            if before is not None:
                raise Refused(say("This form was used by somebody else. Reload the page and send it again."))
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


def describe(draft: Draft, values: Mapping[str, Any], *, at: datetime) -> None:
    """Set parts of a draft's header, `visibility` and `keep_together` (groups of ids of people). Raises Refused."""
    with transaction.atomic():
        locked = lock(draft)
        for name, value in values.items():
            kept = _text_of(name, value) if isinstance(value, str) else value
            setattr(locked, name, kept)
            setattr(draft, name, kept)
        _touch(draft, locked, at)


def _text_of(name: str, value: str) -> str:
    field: Any = Draft._meta.get_field(name)
    what, most = header_label(name), field.max_length
    text = text_to_keep(value, name, what)
    if most and len(text) > most:
        raise Refused(
            say("The {what} may have {most:,} characters at most.", what=what, most=most), field=name
        )
    return text


def duplicate(
    draft: Draft, *, owner_id: int, at: datetime, part: str | None = None, id_: str | None = None
) -> Draft:
    """Start another draft with the same header and the operations that stand or are parked, or one tribe's part of it.

    `id_` comes from a form, as for `create_draft`.
    """
    with transaction.atomic():
        copy = create_draft(f"{draft.name[:190]}, copy", owner_id=owner_id, at=at, id_=id_)
        if copy.revision:  # the first of two clicks has filled it
            return copy
        for name in (*HEADER, "keep_together") if part is None else ():
            setattr(copy, name, getattr(draft, name))
        copy.save()
        positions = set(plan_of(draft, part=part).positions) if part else None
        rows = [
            DraftOperation(
                draft=copy, position=row.position, state=row.state, body=row.body, note=row.note,
                author_id=owner_id, added_at=at,
            )
            for row in draft.operations.filter(state__in=(STANDING, PARKED))
            if positions is None or row.position in positions
        ]  # fmt: skip
        DraftOperation.objects.bulk_create(rows)
        _touch(copy, copy, at)
    return copy


def archive(draft: Draft, *, at: datetime) -> None:
    """Put a draft away without publishing it. Raises Refused where it is not open."""
    with transaction.atomic():
        locked = lock(draft)
        locked.state = draft.state = Draft.State.ARCHIVED
        _touch(draft, locked, at)


def reopen(draft: Draft, *, at: datetime) -> None:
    """Take an archived draft out again. Raises Refused where it is not archived."""
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        if locked.state != Draft.State.ARCHIVED:
            state = locked.get_state_display()
            raise Refused(
                say("The draft “{draft}” is {state}, not archived.", draft=locked.name, state=state)
            )
        locked.state = draft.state = Draft.State.OPEN
        _touch(draft, locked, at)


def delete(draft: Draft) -> None:
    """Erase a draft with all that was said about it. Raises Refused where something of it was published."""
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        if locked.change_set_id is not None or locked.state == Draft.State.SCHEDULED:
            state = locked.get_state_display()
            raise Refused(
                say("The draft “{draft}” is {state} and stays in the record.", draft=locked.name, state=state)
            )
        locked.delete()


def _draft_name(name: str) -> str:
    return name_to_keep(name, 200, what=say("the draft"), whose=say("A draft's name"))


def _free_draft_key(name: str) -> str:
    stem = slugify(name)[:90] or "draft"
    taken = set(Draft.objects.filter(key__startswith=stem).values_list("key", flat=True)) | RESERVED
    numbered = (f"{stem}-{count}" for count in range(2, len(taken) + 3))
    return stem if stem not in taken else next(key for key in numbered if key not in taken)


RESERVED = frozenset({"conflicts", "compare", "live"})
"""What stands in addresses where a draft's key may stand."""


# Editing its operations


def append(
    draft: Draft,
    operations: Sequence[Operation],
    *,
    author_id: int | None,
    at: datetime,
    seen: Sequence[Change] = (),
    part: str | None = None,
    note: str = "",
) -> list[DraftOperation]:
    """Add operations to a draft. Raises Refused, RuleViolation or Conflict where they do not fit what it has made.

    `part` is the id of the tribe that someone may edit in it, where they may not edit all of it. `note` is what the
    draft says about each of them.
    """
    note = text_to_keep(note, "note", say("note"))
    with transaction.atomic():
        locked = lock(draft)
        org = replay_draft(locked).after
        services.check_seen(org, seen)
        done = carry_out(org, operations, on=day_of(locked))
        if not done.changes:
            raise Refused(say("Nothing would change."))
        _check_part(done, part)
        rows = _add(locked, _pinned(done), author_id=author_id, at=at, note=note)
        _record(locked, {row.position: (REMOVED, STANDING) for row in rows})
        _touch(draft, locked, at)
    return rows


def _pinned(done: Replay) -> list[Operation]:
    """Return operations as a draft keeps them: with what they would otherwise leave to the day of publishing."""
    found: list[Operation] = []
    now = done.before
    for step in done.steps:
        found += step.operation.pinned(now)
        now = core.fold(now, step.changes)
    return found


def add_parked(draft: Draft, operation: Operation, *, note: str, author_id: int, at: datetime) -> None:
    """Add an operation that does not stand, with a note that says why."""
    with transaction.atomic():
        locked = lock(draft)
        _add(locked, [operation], author_id=author_id, at=at, state=PARKED, note=note)
        _touch(draft, locked, at)


def _add(
    draft: Draft, operations: Sequence[Operation], *, author_id: int | None, at: datetime, **fields: Any
) -> list[DraftOperation]:
    last = draft.operations.order_by("-position").values_list("position", flat=True).first() or 0
    rows = [
        DraftOperation(
            draft=draft, position=position, body=jsonio.dump_operation(operation),
            author_id=author_id, added_at=at, **fields,
        )
        for position, operation in enumerate(operations, start=last + 1)
    ]  # fmt: skip
    return DraftOperation.objects.bulk_create(rows)


def _check_part(done: Replay, part: str | None) -> None:
    if part is None:
        return
    reached = tribes_reached(done, done.changes)
    if reached != {part}:
        own = name_of(done.before, "tribe", part)
        others = names(sorted(name_of(done.after, "tribe", tribe) for tribe in reached - {part}))
        raise Refused(
            say(
                "You edit the part of {tribe} in this draft; this would also change {others}.",
                tribe=own,
                others=others,
            )
            if others
            else say("You edit the part of {tribe} in this draft.", tribe=own)
        )


def remove(
    draft: Draft, *positions: int, at: datetime, with_dependents: bool = False, part: str | None = None
) -> list[str]:
    """Take operations out of a draft and return their sentences. Raises Refused, naming those that build on them.

    `with_dependents` takes those out as well.
    """
    return _set_aside(draft, positions, REMOVED, "remove", at, with_dependents=with_dependents, part=part)


def park(
    draft: Draft, *positions: int, at: datetime, with_dependents: bool = False, part: str | None = None
) -> list[str]:
    """Keep operations in a draft without carrying them out, as `remove` does otherwise."""
    return _set_aside(draft, positions, PARKED, "park", at, with_dependents=with_dependents, part=part)


class HasDependents(Refused):
    """Operations that others in the draft build on; `positions` are those others."""

    def __init__(self, verb: str, positions: Sequence[int], sentences: Sequence[str]) -> None:
        listed = names([say("“{change}”", change=sentence) for sentence in sentences])
        super().__init__(
            count(
                positions,
                "{n} change builds on it: {changes}. Park it as well?",
                "{n} changes build on it: {changes}. Park them as well?",
                changes=listed,
            )
            if verb == "park"
            else count(
                positions,
                "{n} change builds on it: {changes}. Remove it as well?",
                "{n} changes build on it: {changes}. Remove them as well?",
                changes=listed,
            )
        )
        self.verb = verb
        self.positions = tuple(positions)
        self.sentences = tuple(sentences)


def _set_aside(
    draft: Draft,
    positions: Sequence[int],
    state: str,
    verb: str,
    at: datetime,
    *,
    with_dependents: bool,
    part: str | None,
) -> list[str]:
    with transaction.atomic():
        locked = lock(draft)
        planned = plan_of(locked)
        found = _states_of(locked, positions, without=(REMOVED, DraftOperation.State.PUBLISHED, state))
        standing = [position for position in found if found[position] == STANDING]
        also = _dependents(planned, standing)
        _check_parts(planned, [*found, *also], part)
        if also and not with_dependents:
            raise HasDependents(verb, also, planned.sentences(also))
        states = {
            **{p: (before, state) for p, before in found.items()},
            **dict.fromkeys(also, (STANDING, state)),
        }
        sentences = planned.sentences(states)
        _record(locked, states)
        _touch(draft, locked, at)
    return sentences


def _dependents(planned: Planned, positions: Sequence[int]) -> list[int]:
    return [planned.positions[i] for i in dependents(planned.replay, planned.indexes(positions))]


def _check_parts(planned: Planned, positions: Iterable[int], part: str | None) -> None:
    if part is not None:
        for position in positions:
            reached = tribes_reached(planned.replay, planned.step(position).changes)
            if reached != {part}:
                raise Refused(say("This change is not in the part of the draft that you edit."))


def unpark(draft: Draft, *positions: int, at: datetime) -> list[str]:
    """Let parked operations stand again, where they were, and return their sentences. Raises Refused."""
    with transaction.atomic():
        locked = lock(draft)
        others = (STANDING, REMOVED, DraftOperation.State.PUBLISHED)
        found = _states_of(locked, positions, without=others)
        sentences = plan_of(locked).sentences(found)
        _record(locked, dict.fromkeys(found, (PARKED, STANDING)))
        _touch(draft, locked, at)
    return sentences


def redo_on_today(draft: Draft, position: int, *, at: datetime) -> str:
    """Replace an operation that no longer fits by one of the same intent that does, and return its sentence.

    Raises Refused where there is none.
    """
    with transaction.atomic():
        locked = lock(draft)
        planned = plan_of(locked)
        old = planned.step(position).operation
        new = redone(planned).get(position)
        if new is None:
            raise Refused(
                say(
                    "There is nothing left of it to do on today's organization. Remove it, or keep it parked."
                )
            )
        bodies = {position: (jsonio.dump_operation(old), jsonio.dump_operation(new.operation))}
        _record(locked, {position: (STANDING, STANDING)}, bodies)
        _touch(draft, locked, at)
    return new.sentence


def redone(planned: Planned) -> dict[int, Step]:
    """Return, for each operation that does not fit, how one of the same intent that does would go; few have none."""
    found: dict[int, Step] = {}
    now = planned.replay.before
    for position, step in zip(planned.positions, planned.replay.steps, strict=True):
        if step.fits:
            now = core.fold(now, step.changes)
            continue
        new = step.operation.redone(now)
        again = replay(now, [new], on=step.on).steps[0] if new is not None and new != step.operation else None
        if again is not None and again.changes:
            found[position] = again
    return found


def note(draft: Draft, position: int, text: str, *, at: datetime) -> None:
    """Set what a draft says about one of its operations. Raises Refused."""
    text = text_to_keep(text, "note", say("note"))
    with transaction.atomic():
        locked = lock(draft)
        rows = locked.operations.filter(position=position, state__in=(STANDING, PARKED))
        if not rows.update(note=text):
            raise Refused(say("This draft has no such change."))
        _touch(draft, locked, at)


def _states_of(draft: Draft, positions: Sequence[int], without: Sequence[str]) -> dict[int, str]:
    """Return the state of each of these operations. Raises Refused where there is none to edit."""
    rows = draft.operations.filter(position__in=positions).exclude(state__in=without).order_by("position")
    found = dict(rows.values_list("position", "state"))
    if not found:
        raise Refused(say("This draft has no such change."))
    return found


# Undo and redo: a stack of edits


class EditedMeanwhile(Refused):
    """A draft is not as whoever steps through its edits has seen it, so they might undo what somebody else did."""


def undo(draft: Draft, *, at: datetime, part: str | None = None, seen: int | None = None) -> list[str]:
    """Take back the last edit of a draft's operations, as a whole, and return their sentences. Raises Refused.

    `seen` is the revision that the user looks at: where the draft has moved on since, it is EditedMeanwhile.
    """
    with transaction.atomic():
        locked = lock(draft)
        _check_seen_as_it_is(locked, seen, say("Look again before you undo."), part)
        edit = _last_edit(locked)
        if edit is None:
            raise Refused(say("This draft has no change to undo."))
        return _step_through(draft, locked, edit, at, back=True, part=part)


def _last_edit(draft: Draft) -> DraftEdit | None:
    return draft.edits.filter(is_undone=False).order_by("-number").first()


def _check_seen_as_it_is(draft: Draft, seen: int | None, advice: str, part: str | None) -> None:
    if seen is None or seen == draft.revision:
        return
    last = _last_edit(draft)
    positions = [int(position) for position in last.states] if last is not None else []
    sentences = plan_of(draft, part=part).sentences(positions)
    told = [say("The draft “{draft}” was edited meanwhile.", draft=draft.name)]
    if sentences:
        by = draft.operations.select_related("author").filter(position__in=positions).first()
        changes = names(sentences, limit=2)
        told.append(
            say("Its last change now, by {who}: {changes}.", who=roles.name_of(by.author), changes=changes)
            if by is not None and by.author is not None
            else say("Its last change now: {changes}.", changes=changes)
        )
    raise EditedMeanwhile(joined(" ", [*told, advice]))


def redo(draft: Draft, *, at: datetime, part: str | None = None, seen: int | None = None) -> list[str]:
    """Bring back what was undone last, where it was, and return its sentences. Raises Refused as `undo` does."""
    with transaction.atomic():
        locked = lock(draft)
        _check_seen_as_it_is(locked, seen, say("Look again before you redo."), part)
        edit = locked.edits.filter(is_undone=True).order_by("number").first()
        if edit is None:
            raise Refused(say("This draft has no change to redo."))
        return _step_through(draft, locked, edit, at, back=False, part=part)


def _step_through(
    draft: Draft, locked: Draft, edit: DraftEdit, at: datetime, *, back: bool, part: str | None
) -> list[str]:
    positions = [int(position) for position in edit.states]
    before = plan_of(locked)
    _set_states(locked, {int(p): pair[0 if back else 1] for p, pair in edit.states.items()})
    _set_bodies(locked, {int(p): pair[0 if back else 1] for p, pair in edit.bodies.items()})
    edit.is_undone = back
    edit.save(update_fields=["is_undone"])
    _touch(draft, locked, at)
    after = planned_by((), before.replay.before, locked, None)  # not kept: what is refused here was never so
    for planned in (before, after):
        _check_parts(planned, [position for position in positions if position in planned.positions], part)
    return before.sentences(positions) or after.sentences(positions)


def _record(
    draft: Draft,
    states: Mapping[int, tuple[str, str]],
    bodies: Mapping[int, tuple[Any, Any]] | None = None,
) -> None:
    """Make an edit, and put it on the stack in the place of those that were undone."""
    _set_states(draft, {position: after for position, (_, after) in states.items()})
    _set_bodies(draft, {position: after for position, (_, after) in (bodies or {}).items()})
    draft.edits.filter(is_undone=True).delete()
    last = draft.edits.order_by("-number").values_list("number", flat=True).first() or 0
    DraftEdit.objects.create(draft=draft, number=last + 1, states=dict(states), bodies=dict(bodies or {}))


def _set_states(draft: Draft, states: Mapping[int, str]) -> None:
    by_state: dict[str, list[int]] = {}
    for position, state in states.items():
        by_state.setdefault(state, []).append(position)
    for state, positions in by_state.items():
        draft.operations.filter(position__in=positions).update(state=state)


def _set_bodies(draft: Draft, bodies: Mapping[int, Any]) -> None:
    for position, body in bodies.items():
        draft.operations.filter(position=position).update(body=body)


def lock(draft: Draft) -> Draft:
    """Return a draft to edit, locked until the transaction ends. Raises Refused where it cannot be edited."""
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if locked.state == Draft.State.SCHEDULED:
        assert locked.scheduled_on is not None
        raise Refused(
            say(
                "The draft “{draft}” is scheduled for {day}. Unschedule it to edit it.",
                draft=locked.name,
                day=day_in_words(locked.scheduled_on),
            )
        )
    if not locked.is_open:
        state = locked.get_state_display()
        raise Refused(
            say(
                "The draft “{draft}” is {state} and cannot be changed any more.",
                draft=locked.name,
                state=state,
            )
        )
    return locked


def _touch(draft: Draft, locked: Draft, at: datetime) -> None:
    touch(locked, at)
    draft.revision, draft.updated_at = locked.revision, at


def touch(locked: Draft, at: datetime) -> None:
    """Save a locked draft as edited, so that no kept replay of it is used any more."""
    locked.revision += 1
    locked.updated_at = at
    locked.save()
