"""How a draft stands on today's organization: its operations carried out, and what no longer fits marked."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date

import orjson
from django.utils import timezone

from orgmodel.changes import jsonio, services, store
from orgmodel.changes.models import Draft, DraftOperation, Head
from orgmodel.core.changes import Change
from orgmodel.core.dependence import needed_by
from orgmodel.core.operations import Operation, Refused
from orgmodel.core.org import Org
from orgmodel.core.phrases import say
from orgmodel.core.reach import tribes_of
from orgmodel.core.replay import Replay, Step, replay

STANDING, PARKED, REMOVED = (
    DraftOperation.State.STANDING,
    DraftOperation.State.PARKED,
    DraftOperation.State.REMOVED,
)


@dataclass(frozen=True, slots=True)
class Planned:
    """A draft on today's organization: what stands in it, carried out, and what is parked beside it."""

    key: Hashable  # differs wherever the rest may
    replay: Replay
    positions: tuple[int, ...]  # of the standing operations, in order
    parked: tuple[tuple[int, Operation], ...]
    can_undo: bool
    can_redo: bool

    @property
    def operations(self) -> list[Operation]:
        """What stands in it, whether or not it fits today."""
        return [step.operation for step in self.replay.steps]

    def step(self, position: int) -> Step:
        """Return how an operation went. Raises Refused where it does not stand in the draft."""
        return self.replay.steps[self.index(position)]

    def index(self, position: int) -> int:
        if position not in self.positions:
            raise Refused(say("This draft has no such change."))
        return self.positions.index(position)

    def indexes(self, positions: Iterable[int]) -> list[int]:
        return [self.index(position) for position in positions]

    def sentences(self, positions: Iterable[int]) -> list[str]:
        """Return what the operations at these positions say, those that stand and those that are parked."""
        standing = dict(zip(self.positions, (step.sentence for step in self.replay.steps), strict=True))
        aside = {position: op.describe(self.replay.after) for position, op in self.parked}
        return [text for position in positions if (text := standing.get(position) or aside.get(position))]


def day_of(draft: Draft) -> date:
    """Return the day on which a draft takes effect as far as anybody knows: today, where none is planned."""
    return draft.scheduled_on or draft.effective_on or timezone.localdate()


def plan_of(draft: Draft, at: Head | None = None, *, part: str | None = None) -> Planned:
    """Return a draft carried out on today's organization; what no longer fits is marked and left out.

    `at` spares reading the head again. `part` is the id of a tribe: only what reaches it, and what that builds on.
    """
    head = at or store.head()
    key = ("draft", draft.pk, draft.revision, head.version, head.change_set, part, day_of(draft))
    return services.kept(key, lambda: planned_by(key, store.org_at(head), draft, part))


def planned_by(key: Hashable, org: Org, draft: Draft, part: str | None) -> Planned:
    """Return a draft carried out on an organization, without keeping it."""
    rows = list(
        draft.operations.exclude(state=REMOVED).order_by("position").values_list("position", "state", "body")
    )
    standing = [(p, jsonio.load_operation(body)) for p, state, body in rows if state == STANDING]
    parked = [(p, jsonio.load_operation(body)) for p, state, body in rows if state == PARKED]
    done = replay(org, [operation for _, operation in standing], on=day_of(draft))
    if part is not None:
        reached = [i for i, step in enumerate(done.steps) if part in tribes_reached(done, step.changes)]
        # What does not fit changes nothing, so it reaches nothing either.
        chosen = sorted({*reached, *needed_by(done, reached)})
        standing = [standing[i] for i in chosen]
        parked = []
        done = replay(org, [operation for _, operation in standing], on=day_of(draft))
    undone = set(draft.edits.values_list("is_undone", flat=True))
    positions = tuple(position for position, _ in standing)
    return Planned(key, done, positions, tuple(parked), can_undo=False in undone, can_redo=True in undone)


def replay_draft(draft: Draft, *, part: str | None = None) -> Replay:
    """Return a draft carried out on today's organization; what no longer fits is marked and left out."""
    return plan_of(draft, part=part).replay


def tribes_reached(done: Replay, changes: Iterable[Change]) -> set[str]:
    """Return the ids of the tribes in which changes of a replay can be seen."""
    return tribes_of(changes, done.before, done.after)


def fingerprint(planned: Replay) -> str:
    """Return a short text that differs wherever what a draft would change does, or what no longer fits in it."""
    steps = [[step.sentence, step.fits] for step in planned.steps]
    changes = [jsonio.dump_change(change) for change in planned.changes]
    return hashlib.sha256(orjson.dumps([steps, changes])).hexdigest()
