"""Carry out operations one after the other and keep, for each, what it changed or why it did not fit.

Commit, draft, preview, import and undo all go through here, so what is previewed is what happens.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from orgmodel.core import changes
from orgmodel.core.changes import Change, Conflict
from orgmodel.core.operations.base import Operation, Refused
from orgmodel.core.org import Org
from orgmodel.core.rules.integrity import RuleViolation, new_problems


@dataclass(frozen=True, slots=True)
class Step:
    """One operation as it went: its sentence, what it changed, and what is in its way where it did not fit."""

    operation: Operation  # as it is kept, whether or not it says its day
    on: date
    sentence: str
    changes: tuple[Change, ...]
    error: Refused | RuleViolation | Conflict | None = None

    @property
    def fits(self) -> bool:
        return self.error is None


@dataclass(frozen=True, slots=True)
class Replay:
    """Operations carried out on an organization. `after` counts what it touched from `before`."""

    before: Org
    after: Org
    steps: tuple[Step, ...]

    @property
    def changes(self) -> list[Change]:
        """The net difference: what several steps did to one record is one change."""
        found = [change for step in self.steps for change in step.changes]
        if len({change.ref for change in found}) < len(found):
            return changes.touched(self.after)
        # Nothing was touched twice, so what each step did is what all of them did.
        return changes.in_order(found)

    @property
    def misfits(self) -> list[Step]:
        return [step for step in self.steps if not step.fits]

    @property
    def positions(self) -> dict[tuple[str, str], int]:
        """For each record, which step touched it last."""
        return {change.ref: position for position, step in enumerate(self.steps) for change in step.changes}


def replay(org: Org, operations: Iterable[Operation], *, on: date) -> Replay:
    """Carry out operations on an organization as of a day, leaving out those that do not fit.

    An operation does not fit where it is refused, conflicts, or would leave a problem that was not there before it.
    """
    return replay_each(org, ((operation, on) for operation in operations))


def replay_each(org: Org, operations: Iterable[tuple[Operation, date]]) -> Replay:
    """Carry out operations, each as of its day, as `replay` does."""
    before = now = org.settle(org.version)
    origins = before.origins.mutate()
    steps = []
    for operation, on in operations:
        sentence = operation.describe(now)
        try:
            after = operation.dated(on).apply(now)
            added = new_problems(after, now)
            if added:
                raise RuleViolation(added)
        except (Refused, RuleViolation, Conflict) as error:
            steps.append(Step(operation, on, sentence, (), error))
            continue
        _remember(after, origins)
        steps.append(Step(operation, on, sentence, tuple(changes.touched(after))))
        now = after.settle(org.version)
    return Replay(before, now.since(origins.finish()), tuple(steps))


def carry_out(org: Org, operations: Iterable[Operation], *, on: date) -> Replay:
    """Carry out operations as of a day, all or none. Raises what is in the way of the first that does not fit.

    Several operations may pass through a state that breaks a rule, such as the two halves of a swap: only what the
    last one leaves counts.
    """
    before = now = org.settle(org.version)
    origins = before.origins.mutate()
    steps = []
    for position, operation in enumerate(operations):
        sentence = operation.describe(now)
        try:
            after = operation.dated(on).apply(now)
        except (Refused, Conflict) as objection:
            objection.position = position
            raise
        _remember(after, origins)
        steps.append(Step(operation, on, sentence, tuple(changes.touched(after))))
        now = after.settle(org.version)
    done = Replay(before, now.since(origins.finish()), tuple(steps))
    added = new_problems(done.after, before)
    if added:
        raise RuleViolation(added, done.positions)
    return done


def _remember(after: Org, origins: Any) -> None:
    """Add what a step touched, as it was before, to what earlier steps did; the earliest state counts."""
    for ref, origin in after.origins.items():
        if ref not in origins:
            origins[ref] = origin
