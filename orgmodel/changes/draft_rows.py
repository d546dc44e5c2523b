"""The changes of a draft as its page lists them: those that stand with what is in their way, then those parked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from orgmodel.changes import drafts, overtaken, plans, wording
from orgmodel.changes.models import ChangeSet, Draft, DraftOperation
from orgmodel.changes.plans import Planned
from orgmodel.changes.queries import SHOWN, Intent
from orgmodel.core.phrases import said, say
from orgmodel.core.replay import replay


@dataclass(frozen=True, slots=True)
class Row(Intent):
    """One change of a draft. `again` is what redoing it on today's organization would do, where it no longer fits."""

    is_parked: bool = False
    note: str = ""
    comments: int = 0
    again: str = ""
    can_edit: bool = False

    @property
    def status(self) -> str:
        if self.is_parked:
            return say("parked")
        return say("does not fit") if self.reason else ""

    @property
    def icon(self) -> str:
        return "pause" if self.is_parked else Intent.icon.fget(self)  # type: ignore[attr-defined]


def rows(draft: Draft, plan: Planned, positions: Sequence[int], *, today: date, can_edit: bool) -> list[Row]:
    """Return a page of a draft's changes, each with its first facts, its note, and why it does not fit."""
    told = _said(draft, positions)
    misfits = [p for p in positions if p in plan.positions and not plan.step(p).fits]
    reasons = overtaken.reasons([plan.step(p) for p in misfits], plan.replay.after, today)
    why = dict(zip(misfits, reasons, strict=True))
    again = drafts.redone(plan) if misfits and can_edit else {}
    parked = dict(plan.parked)
    found = []
    for position in positions:
        is_parked = position in parked
        done = (
            replay(plan.replay.after, [parked[position]], on=plans.day_of(draft))
            if is_parked
            else plan.replay
        )
        step = done.steps[0] if is_parked else plan.step(position)
        note, comments = told[position]
        done_again = again.get(position)
        changes = step.changes if done_again is None else done_again.changes
        row = Row(
            step.sentence,
            wording.facts(changes[:SHOWN], done.before, done.after),
            position,
            more=max(0, len(changes) - SHOWN),
            reason=why.get(position, ""),
            is_parked=is_parked,
            note=said(note),
            comments=comments,
            again=done_again.sentence if done_again is not None else "",
            can_edit=can_edit,
        )
        found.append(row)
    return found


def _said(draft: Draft, positions: Sequence[int]) -> dict[int, tuple[str, int]]:
    """Return the note on each of these changes, and how many comments there are."""
    found = draft.operations.filter(position__in=positions).annotate(said=Count("comments"))
    return {
        position: (note, count) for position, note, count in found.values_list("position", "note", "said")
    }


@dataclass(frozen=True, slots=True)
class Part:
    """A change set that made some changes of a draft live, and how many."""

    change_set: ChangeSet
    count: int


def published_parts(draft: Draft) -> list[Part]:
    """Return what of a draft is live already, in the order in which it was published."""
    live = draft.operations.filter(state=DraftOperation.State.PUBLISHED, change_set__isnull=False)
    counts = dict(live.values_list("change_set").annotate(count=Count("pk")).order_by())
    found = ChangeSet.objects.filter(pk__in=counts).order_by("version")
    return [Part(change_set, counts[change_set.pk]) for change_set in found]
