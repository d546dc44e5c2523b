"""The promises of dependence: a partially published draft followed by the rest equals the whole."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from orgmodel.core.dependence import dependents, needed_by
from orgmodel.core.operations import Operation
from orgmodel.core.org import Org
from orgmodel.core.records import KINDS
from orgmodel.core.replay import Replay, replay
from tests.property.strategies import TODAY, Program, founded, grown, programs

FOUNDED = founded()

promise = settings(deadline=None, max_examples=150)


def same(one: Org, other: Org) -> bool:
    return all(dict(one.table(kind)) == dict(other.table(kind)) for kind in KINDS)


def a_draft(program: Program, seed: int) -> tuple[Replay, list[int]]:
    """Return a draft in which every step fits, with some of its steps chosen."""
    _, operations = grown(FOUNDED, program)
    draft = replay(FOUNDED, operations, on=TODAY)
    count = random.Random(seed).randint(0, min(3, len(operations)))
    return draft, sorted(random.Random(seed).sample(range(len(operations)), count))


def picked(draft: Replay, positions: list[int]) -> list[Operation]:
    return [draft.steps[position].operation for position in positions]


@promise
@given(programs, st.integers(0, 1000))
def test_a_partially_published_draft_followed_by_the_rest_equals_the_whole(
    program: Program, seed: int
) -> None:
    draft, chosen = a_draft(program, seed)
    now = sorted({*chosen, *needed_by(draft, chosen)})
    later = [position for position in range(len(draft.steps)) if position not in now]
    first = replay(draft.before, picked(draft, now), on=TODAY)
    second = replay(first.after.settle(first.after.version + 1), picked(draft, later), on=TODAY)
    assert first.misfits == second.misfits == []
    assert same(second.after, draft.after)


@promise
@given(programs, st.integers(0, 1000))
def test_without_the_chosen_and_what_depends_on_them_the_rest_comes_out_as_before(
    program: Program, seed: int
) -> None:
    draft, chosen = a_draft(program, seed)
    fallen = dependents(draft, chosen)
    alone = replay(
        draft.before,
        picked(draft, [p for p in range(len(draft.steps)) if p not in {*chosen, *fallen}]),
        on=TODAY,
    )
    assert [step.operation for step in alone.misfits] == []


@promise
@given(programs, st.integers(0, 1000))
def test_only_earlier_steps_are_needed_and_only_later_ones_depend(program: Program, seed: int) -> None:
    draft, chosen = a_draft(program, seed)
    if chosen:
        assert all(position < max(chosen) for position in needed_by(draft, chosen))
        assert all(position > min(chosen) for position in dependents(draft, chosen))
