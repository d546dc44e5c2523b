"""The promises of the value: diff, apply, undo, JSON, replay. No database."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given, settings

from orgmodel.changes import jsonio
from orgmodel.core import changes
from orgmodel.core.operations import ApplyChanges, CreateSquad
from orgmodel.core.org import Org
from orgmodel.core.records import KINDS
from orgmodel.core.replay import carry_out, replay
from orgmodel.core.rules.integrity import problems
from tests.property.strategies import (
    TODAY,
    Program,
    founded,
    grown,
    operation_on,
    programs,
    short_programs,
    whole_unit_steps,
)

FOUNDED = founded()

promise = settings(deadline=None, max_examples=150)


def same(one: Org, other: Org) -> bool:
    return all(dict(one.table(kind)) == dict(other.table(kind)) for kind in KINDS)


def test_the_founded_organization_has_something_of_every_kind() -> None:
    assert [
        kind
        for kind in KINDS
        if not FOUNDED.table(kind)
        and kind not in ("chapter_member", "guild_member")
        and not kind.endswith("_lineage")
    ] == []


@promise
@given(programs, programs)
def test_applying_the_diff_of_two_organizations_to_the_first_gives_the_second(
    one: Program, two: Program
) -> None:
    first, _ = grown(FOUNDED, one)
    second, _ = grown(first, two)
    assert same(changes.apply(first, changes.diff(first, second)), second)


@promise
@given(programs, short_programs)
def test_what_was_touched_is_what_differs(one: Program, two: Program) -> None:
    org, _ = grown(FOUNDED, one)
    done = replay(org, [operation_on(org, step) for step in two], on=TODAY)
    assert done.changes == changes.diff(org, done.after)


@promise
@given(programs, programs)
def test_undo_restores_exactly(one: Program, two: Program) -> None:
    first, _ = grown(FOUNDED, one)
    second, _ = grown(first, two)
    back = changes.apply(second, changes.invert(changes.diff(first, second)))
    assert same(back, first)


@promise
@given(programs, whole_unit_steps)
def test_taking_back_a_split_or_merge_restores_every_unit_ids_included(
    program: Program, step: tuple[int, int]
) -> None:
    org, _ = grown(FOUNDED, program)
    done = replay(org, [operation_on(org, step)], on=TODAY)
    undone = changes.apply(done.after, changes.invert(done.changes))
    assert same(undone, org)
    assert problems(done.after) == []


@promise
@given(programs, whole_unit_steps, short_programs)
def test_what_is_redone_of_a_way_back_is_what_still_fits(
    program: Program, step: tuple[int, int], later: Program
) -> None:
    org, _ = grown(FOUNDED, program)
    done = replay(org, [operation_on(org, step)], on=TODAY)
    now, _ = grown(done.after.settle(1), later)
    back = changes.invert(done.changes)
    again = ApplyChanges(title="Undo", changes=tuple(back)).redone(now)
    if again is None:  # all of it fits, or nothing does
        assert changes.fitting(now, back) in (back, [])
    else:
        assert same(again.apply(now), changes.fold(now, back))


@promise
@given(programs, short_programs)
def test_what_is_redone_is_another_operation_that_can_be_kept(one: Program, two: Program) -> None:
    org, _ = grown(FOUNDED, one)
    operation = operation_on(org, two[0] if two else (0, 0))
    now, _ = grown(org, two[1:])
    again = operation.redone(now)
    if again is not None:
        assert again != operation
        assert again.redone(now) is None
        assert jsonio.load_operation(jsonio.dump_operation(again)) == again


@promise
@given(programs, short_programs, short_programs)
def test_undo_keeps_later_unrelated_edits(one: Program, two: Program, three: Program) -> None:
    first, _ = grown(FOUNDED, one)
    second, _ = grown(first, two)
    third, _ = grown(second, three)
    done, later = changes.diff(first, second), changes.diff(second, third)
    undone = changes.fold(third, changes.invert(done))
    taken_back = {(c.kind, c.id, field) for c in done for field in (*(c.before or ()), *(c.after or ()))}
    for change in later:
        record = undone.get(change.kind, change.id)
        for field, value in (change.after or {}).items():
            if (change.kind, change.id, field) not in taken_back:
                assert getattr(record, field) == value


@promise
@given(programs)
def test_json_round_trips_are_lossless(program: Program) -> None:
    org, operations = grown(FOUNDED, program)
    for kind in KINDS:
        for record in org.table(kind).values():
            assert jsonio.load_record(kind, orjson.loads(orjson.dumps(jsonio.dump_record(record)))) == record
    for change in changes.diff(FOUNDED, org):
        assert jsonio.load_change(orjson.loads(orjson.dumps(jsonio.dump_change(change)))) == change
    for operation in operations:
        assert (
            jsonio.load_operation(orjson.loads(orjson.dumps(jsonio.dump_operation(operation)))) == operation
        )


@promise
@given(programs, short_programs)
def test_replaying_a_draft_twice_equals_once(one: Program, two: Program) -> None:
    org, _ = grown(FOUNDED, one)
    operations = [operation_on(org, step) for step in two]
    once, twice = replay(org, operations, on=TODAY), replay(org, operations, on=TODAY)
    assert same(once.after, twice.after)
    assert [(s.sentence, s.changes) for s in once.steps] == [(s.sentence, s.changes) for s in twice.steps]


@promise
@given(programs)
def test_operations_never_add_a_problem(program: Program) -> None:
    assert problems(grown(FOUNDED, program)[0]) == []


@promise
@given(programs)
def test_indexes_agree_with_a_fresh_build(program: Program) -> None:
    org, _ = grown(FOUNDED, program)
    fresh = Org.build(record for kind in KINDS for record in org.table(kind).values())
    for (kind, name), index in fresh._groups.items():
        assert set(org._groups[kind, name]) == set(index)
        for key in index:
            assert set(org._ids(kind, name, key)) == set(fresh._ids(kind, name, key))


@pytest.mark.parametrize("size", [2, 3])
def test_a_conflicting_undo_names_every_record(size: int) -> None:
    creating = [
        CreateSquad(id=f"{number:08}-0000-4000-8000-000000000000", values={"name": f"S{number}"})
        for number in range(size)
    ]
    done = changes.diff(FOUNDED, carry_out(FOUNDED, creating, on=TODAY).after)
    assert len(changes.conflicts(FOUNDED, changes.invert(done))) == size


@promise
@given(programs, short_programs)
def test_folding_back_record_by_record_is_undoing_one_change_set_after_the_other(
    one: Program, two: Program
) -> None:
    org, _ = grown(FOUNDED, one)
    done = replay(org, [operation_on(org, step) for step in two], on=TODAY)
    dated_later = [step.changes for step in done.steps[::2]][
        ::-1
    ]  # the others stay, as if they were dated back
    one_by_one = done.after
    for part in dated_later:
        one_by_one = changes.fold(one_by_one, changes.invert(part))
    at_once = changes.fold_back(done.after, [change for part in dated_later for change in part])
    assert same(at_once, one_by_one)
