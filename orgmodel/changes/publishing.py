"""A draft goes live: what must be answered first, all of it or some of its changes, now or on a day to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from orgmodel.access import roles
from orgmodel.changes import drafts, plans, queries, services, store, wording
from orgmodel.changes.drafts import ASKED_FOR, header_label, header_words
from orgmodel.changes.models import ChangeSet, Draft, DraftEvent, DraftOperation, Freeze
from orgmodel.changes.plans import Planned, fingerprint, plan_of
from orgmodel.changes.services import Actor, StaleVersion, text_to_keep
from orgmodel.changes.wording import OBJECTIONS
from orgmodel.core.dependence import Inseparable, needed_by
from orgmodel.core.impact import Impact, impact_of
from orgmodel.core.operations import Refused
from orgmodel.core.phrases import clause, count, joined, names, say
from orgmodel.core.replay import Replay, replay_each
from orgmodel.core.rules.limits import LIMITS
from orgmodel.core.rules.reorganization import Check, Header, Plan, checks_of


class StaleDraft(Refused):
    """What a draft would change is no longer what its publisher has read."""

    def __init__(self) -> None:
        super().__init__(say("The list of changes is not the one you have read any more. Look at it again."))


class OpenQuestions(Refused):
    """What publishing asks for, and nobody has said why it goes live without."""

    def __init__(self, questions: Sequence[str]) -> None:
        listed = names(questions, limit=12)
        super().__init__(
            say(
                "Still open: {questions}. Settle it, or say why it is published all the same.",
                questions=listed,
            ),
            field="despite",
        )
        self.questions = tuple(questions)


YEAR = timedelta(days=365)


# What a draft does, and what speaks against it


def impact(planned: Planned, today: date) -> Impact:
    """Return what a draft does to people and units, kept for as long as neither it nor live changes."""
    done = planned.replay
    return services.kept(
        ("impact", planned.key, today),
        lambda: impact_of(done.before, done.after, done.changes, today=today, limits=LIMITS),
    )


def checks(draft: Draft, planned: Planned, today: date, *, effective_on: date | None = None) -> list[Check]:
    """Return what speaks against publishing a draft as it is, the worst first.

    It is judged on the day that its header says, else on today; `effective_on` tries another one.
    """
    header = header_of(draft)
    header = replace(header, effective_on=effective_on or header.effective_on or today)
    briefed = frozenset(str(b.person) for b in draft.briefings.exclude(on=None).only("person"))
    freezes = tuple(Freeze.objects.order_by("first_on").values_list("name", "first_on", "last_on"))

    def make() -> list[Check]:
        found = impact(planned, today)
        earlier = queries.earlier_moves([person.person for person in found.people], since=today - YEAR)
        return checks_of(Plan(planned.replay, found, header, today, briefed, earlier, freezes, LIMITS))

    return services.kept(("checks", planned.key, today, header, briefed, freezes), make)


@dataclass(frozen=True, slots=True)
class ToSettle:
    """How many checks stop a draft from being published, and how much else needs settling or a reason."""

    blockers: int
    others: int

    @property
    def count(self) -> int:
        return self.blockers + self.others


COUNTED = 1_000  # changes up to which this is counted on every page of a draft


def to_settle(draft: Draft, planned: Planned, today: date) -> ToSettle | None:
    """Count what is to settle in a draft; None for one so large that counting would hold up every page of it."""
    steps = planned.replay.steps
    if not steps or sum(len(step.changes) for step in steps) > COUNTED:
        return None
    found = checks(draft, planned, today)
    blockers = sum(check.level == "blocker" for check in found)
    return ToSettle(blockers, len(open_questions(draft, found)))


def header_of(draft: Draft) -> Header:
    return Header(
        problem=draft.problem,
        intent=draft.intent,
        trade_offs=draft.trade_offs,
        success=draft.success,
        rollback_plan=draft.rollback_plan,
        effective_on=draft.effective_on,
        announce_on=draft.announce_on,
        review_on=draft.review_on,
        keep_together=tuple(tuple(group) for group in draft.keep_together),
    )


def missing(draft: Draft, *, has_day: bool = False) -> list[str]:
    """Return what the header of a draft should say and does not, in words. `has_day`: its day is said elsewhere."""
    return [header_label(name) for name in _missing(draft) if not (has_day and name == "effective_on")]


def _missing(draft: Draft) -> list[str]:
    return [name for name in ASKED_FOR if not getattr(draft, name)]


# Publishing


@dataclass(frozen=True, slots=True)
class Selection:
    """What goes live together: the positions chosen, those that must come along, and what it all does today."""

    chosen: tuple[int, ...]
    along: tuple[int, ...]
    replay: Replay

    @property
    def positions(self) -> tuple[int, ...]:
        return tuple(sorted((*self.chosen, *self.along)))


def narrowed(planned: Planned, chosen: Selection) -> Planned:
    """Return a plan of the selected changes alone, to look at and to check before they are published."""
    if not chosen.positions or chosen.positions == planned.positions:
        return planned
    return replace(
        planned, key=(planned.key, chosen.positions), replay=chosen.replay, positions=chosen.positions
    )


def selection(planned: Planned, positions: Sequence[int] | None) -> Selection:
    """Return some changes of a draft, or all where `positions` is None, with those that they build on.

    Raises Refused where they cannot be published without the others.
    """
    if positions is None or set(positions) == set(planned.positions):
        return Selection(planned.positions, (), planned.replay)
    chosen = planned.indexes(sorted(set(positions)))
    try:
        along = needed_by(planned.replay, chosen)
    except Inseparable as error:
        raise Refused(
            say("These cannot go live on their own: {changes}.", changes=names(error.sentences))
        ) from error
    steps = planned.replay.steps
    picked = (steps[i] for i in sorted({*chosen, *along}))
    done = replay_each(planned.replay.before, ((step.operation, step.on) for step in picked))
    found = [planned.positions[i] for i in chosen]
    return Selection(tuple(found), tuple(planned.positions[i] for i in along), done)


def publish(
    draft: Draft,
    *,
    actor: Actor,
    message: str,
    at: datetime,
    effective_on: date | None = None,
    expected_version: int | None = None,
    expected_changes: str | None = None,
    positions: Sequence[int] | None = None,
    despite: str = "",
    learning: str = "",
) -> ChangeSet:
    """Make a draft live as one change set: all of it, or the operations at some positions and what they build on.

    `expected_changes` is the fingerprint of the replay that the publisher has read. `despite` says why it goes live
    with checks and questions still open. Raises Refused where there is nothing to publish, where it is not as expected
    or no longer fits, or where something is open; RuleViolation or Conflict as `commit` does.
    """
    with transaction.atomic():
        head = (
            store.locked_head()
        )  # always before the draft's lock, so that two publishers cannot wait for each other
        if expected_version is not None and expected_version != head.version:
            raise StaleVersion(expected_version, head.version)
        locked = drafts.lock(draft)
        change_set = _publish(
            locked, actor=actor, message=message, at=at, effective_on=effective_on,
            expected_changes=expected_changes, positions=positions, despite=despite, learning=learning,
        )  # fmt: skip
        draft.refresh_from_db()
    return change_set


def _publish(
    locked: Draft,
    *,
    actor: Actor,
    message: str,
    at: datetime,
    effective_on: date | None,
    expected_changes: str | None = None,
    positions: Sequence[int] | None = None,
    despite: str,
    learning: str = "",
) -> ChangeSet:
    planned = plan_of(locked)
    chosen = selection(planned, positions)
    if expected_changes is not None and expected_changes != fingerprint(chosen.replay):
        raise StaleDraft
    _check_fits(chosen.replay)
    today = timezone.localdate(at)
    planned_for, locked.effective_on = locked.effective_on, effective_on or today
    _check_answered(locked, narrowed(planned, chosen), locked.scheduled_on or today, despite)
    is_whole = set(chosen.positions) == set(planned.positions)
    undoes = locked.reverses if is_whole and not services.is_undone(locked.reverses) else None
    change_set = services.commit(
        [step.operation for step in chosen.replay.steps],
        actor=actor,
        message=message,
        source=ChangeSet.Source.DRAFT,
        at=at,
        effective_on=effective_on,
        undoes=undoes,
        learning=learning,
    )
    published = locked.operations.filter(position__in=chosen.positions, state=DraftOperation.State.STANDING)
    published.update(state=DraftOperation.State.PUBLISHED, change_set=change_set)
    locked.edits.all().delete()  # what is live is undone in the history
    locked.change_set = change_set
    if is_whole and not locked.operations.filter(state=plans.PARKED).exists():
        locked.state = Draft.State.PUBLISHED
    else:
        locked.effective_on = planned_for  # of the rest
    if is_whole and locked.state != Draft.State.PUBLISHED:  # what is parked waits without a day
        locked.state, locked.failure = Draft.State.OPEN, ""
        locked.scheduled_on, locked.scheduled_by = None, None
    locked.despite = despite.strip() or locked.despite
    drafts.touch(locked, at)
    return change_set


def _check_fits(chosen: Replay) -> None:
    if not chosen.steps:
        raise Refused(say("This draft has no change to publish."))
    if chosen.misfits:
        raise Refused(
            count(
                chosen.misfits,
                "{n} change no longer fits today's organization: “{change}”. Remove it or redo it first.",
                "{n} changes no longer fit today's organization: “{change}”. Remove it or redo it first.",
                change=chosen.misfits[0].sentence,
            )
        )


def _check_answered(draft: Draft, planned: Planned, today: date, despite: str) -> None:
    found = checks(draft, planned, today)
    blockers = [check for check in found if check.level == "blocker"]
    if blockers:
        raise Refused(joined(" ", [check.message for check in blockers]))
    questions = open_questions(draft, found)
    if questions and not text_to_keep(despite, "despite", say("reason")):
        raise OpenQuestions(questions)


def open_questions(draft: Draft, found: Sequence[Check]) -> list[str]:
    """Return what needs a reason before a draft goes live: checks that do not block, and what its header lacks."""
    checks = [
        say("{code} ({message})", code=check.code, message=clause(check.message))
        for check in found
        if check.level != "blocker"
    ]
    lacking = [
        header_words(name) if name == "trade_offs" else say("the {what}", what=header_words(name))
        for name in _missing(draft)
    ]
    return [*checks, *lacking]


# A day to come


def schedule(
    draft: Draft,
    *,
    on: date,
    by_id: int,
    message: str,
    at: datetime,
    despite: str = "",
    expected_changes: str | None = None,
) -> None:
    """Let a draft go live by itself on a day to come. Raises Refused as `publish` does."""
    with transaction.atomic():
        store.locked_head()
        locked = drafts.lock(draft)
        planned = plan_of(locked)
        if on <= timezone.localdate(at):
            raise Refused(say("Choose a day to come, or publish it now."), field="scheduled_on")
        if expected_changes is not None and expected_changes != fingerprint(planned.replay):
            raise StaleDraft
        locked.effective_on = on
        _check_fits(planned.replay)
        _check_answered(locked, planned, timezone.localdate(at), despite)
        locked.state = Draft.State.SCHEDULED
        locked.scheduled_on, locked.scheduled_by_id, locked.failure = on, by_id, ""
        locked.schedule_message = text_to_keep(message, "message", say("reason"))
        locked.despite = despite.strip() or locked.despite
        drafts.touch(locked, at)
        _tell(locked, DraftEvent.What.SCHEDULED, at)
        draft.refresh_from_db()


def unschedule(draft: Draft, *, at: datetime) -> None:
    """Let a scheduled draft be edited again. Raises Refused where it is not scheduled."""
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        if locked.state != Draft.State.SCHEDULED:
            state = locked.get_state_display()
            raise Refused(
                say("The draft “{draft}” is {state}, not scheduled.", draft=locked.name, state=state)
            )
        _tell(locked, DraftEvent.What.UNSCHEDULED, at)
        locked.state, locked.scheduled_on, locked.scheduled_by = Draft.State.OPEN, None, None
        drafts.touch(locked, at)
        draft.refresh_from_db()


def _tell(draft: Draft, what: DraftEvent.What, at: datetime) -> None:
    DraftEvent.objects.create(draft=draft, what=what, at=at, scheduled_on=draft.scheduled_on)


def publish_due(at: datetime) -> Mapping[Draft, ChangeSet | str]:
    """Publish every draft whose day has come, once each, however many processes try at the same time.

    A draft that no longer fits becomes failed and says why. Returns what became of each: its change set, or why not.
    """
    today = timezone.localdate(at)
    due = Draft.objects.filter(state=Draft.State.SCHEDULED, scheduled_on__lte=today)
    found: dict[Draft, ChangeSet | str] = {}
    for pk in list(due.order_by("scheduled_on", "created_at").values_list("pk", flat=True)):
        with transaction.atomic():
            store.locked_head()
            draft = Draft.objects.select_for_update().get(pk=pk)
            if draft.state == Draft.State.SCHEDULED:  # otherwise another process was faster
                found[draft] = _publish_due(draft, at)
    return found


def _publish_due(draft: Draft, at: datetime) -> ChangeSet | str:
    user = draft.scheduled_by
    name = roles.name_of(user) if user is not None else draft.name
    try:
        with transaction.atomic():
            return _publish(
                draft,
                actor=Actor(name, user.pk if user is not None else None),
                message=draft.schedule_message or f"Scheduled for {draft.scheduled_on:%-d %B %Y}.",
                at=at,
                effective_on=draft.scheduled_on,
                despite=draft.despite,
            )
    except OBJECTIONS as objection:
        draft.refresh_from_db()
        draft.state = Draft.State.FAILED
        why = draft.failure = wording.in_short(objection, services.current())
        drafts.touch(draft, at)
        _tell(draft, DraftEvent.What.STOPPED, at)
        return why
