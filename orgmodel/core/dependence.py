"""Which steps of a draft hang on which others: what falls with a step, and what must come along with it.

A guess from what operations name and write comes first; replaying decides. So the answer is exact, and costs a few
replays however many steps there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from orgmodel.core.changes import Change
from orgmodel.core.operations.base import Operation
from orgmodel.core.org import Ref
from orgmodel.core.records import specs_of
from orgmodel.core.replay import Replay, Step, replay_each

ROUNDS = 12
"""How often the guess is mended step by step before everything earlier comes along, which is always right."""

HERE, LEFT = "is there", "is left"

Mark = tuple[Ref, str]
"""A record with one of its fields, or with HERE or LEFT."""


class Inseparable(Exception):
    """Steps cannot be published on their own because they do not fit today's organization. Names their sentences."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__("Does not fit today's organization: " + "; ".join(self.sentences))


def dependents(whole: Replay, chosen: Collection[int]) -> tuple[int, ...]:
    """Return which other steps stop fitting without the chosen ones, or come out otherwise.

    A step comes out otherwise where it writes other fields, or other values into them, than with the chosen. What a
    field held before does not count: Ana moved to Ads and then to Search ends in Search without the first move too.
    Steps that do not fit anyway depend on nothing.
    """
    rest = [index for index in _fitting(whole) if index not in chosen]
    return tuple(_otherwise(whole, rest, _in_this_order(whole, rest)))


def needed_by(whole: Replay, chosen: Collection[int]) -> tuple[int, ...]:
    """Return which earlier steps must come along so that publishing the chosen now and the rest later changes nothing.

    "Changes nothing" is checked by replaying in that order: every step fits, and the same organization comes of it.
    Steps that do not fit today belong to neither part; raises Inseparable where one of the chosen is such a step.
    """
    unfit = [whole.steps[index].sentence for index in sorted(chosen) if not whole.steps[index].fits]
    if unfit:
        raise Inseparable(unfit)
    last = max(chosen, default=-1)
    needs = _Needs(whole)
    taken = needs.closure(chosen)
    for _ in range(ROUNDS):
        rest = [index for index in _fitting(whole) if index not in taken]
        order = [*sorted(taken), *rest]
        run = _in_this_order(whole, order)
        at_odds = next(_otherwise(whole, order, run), None)
        if at_odds is None and _same_result(whole, run):
            return tuple(sorted(taken.difference(chosen)))
        if at_odds is None or at_odds > last:
            break
        missing = _missing_for(whole, at_odds, taken, rest) if at_odds in taken else at_odds
        taken = needs.closure({*taken, missing})
    return tuple(index for index in _fitting(whole) if index < last and index not in chosen)


def _fitting(whole: Replay) -> list[int]:
    return [index for index, step in enumerate(whole.steps) if step.fits]


def _in_this_order(whole: Replay, order: Sequence[int]) -> Replay:
    steps = (whole.steps[index] for index in order)
    return replay_each(whole.before, ((step.operation, step.on) for step in steps))


def _otherwise(whole: Replay, order: Sequence[int], run: Replay) -> Iterator[int]:
    """Yield the steps that do not come out as they did in the whole, in the order in which they ran."""
    for index, step in zip(order, run.steps, strict=True):
        if not step.fits or _written(step) != _written(whole.steps[index]):
            yield index


def _written(step: Step) -> dict[Ref, Mapping[str, Any] | None]:
    """Return what a step writes but for its own day, which an earlier step of the day may have written already."""
    return {change.ref: _but_for(step.on, change.after) for change in step.changes}


def _but_for(day: date, values: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return values and {name: value for name, value in values.items() if value != day}


def _same_result(whole: Replay, run: Replay) -> bool:
    touched = {*whole.after.origins, *run.after.origins}
    return all(whole.after.get(*ref) == run.after.get(*ref) for ref in touched)


def _missing_for(whole: Replay, index: int, taken: Collection[int], rest: Sequence[int]) -> int:
    """Return a step without which one of the taken does not come out as it did.

    With all steps before it, it does. So of those left out, halve your way to the last one that has to be there.
    """
    before = [other for other in rest if other < index]
    enough, too_few = 0, len(before)
    while too_few - enough > 1:
        middle = (enough + too_few) // 2
        order = sorted({*(other for other in taken if other < index), *before[middle:], index})
        if index in _otherwise(whole, order, _in_this_order(whole, order)):
            too_few = middle
        else:
            enough = middle
    return before[enough]


class _Needs:
    """A good guess which steps need which: what each one gives to later steps and what it uses of earlier ones.

    Both are sets of marks: a field of a record that is written, a record that comes, goes, opens or closes, and one
    that something is taken out of, which whoever closes it waits for.
    """

    def __init__(self, whole: Replay) -> None:
        self._steps = whole.steps
        self._givers: dict[Mark, list[int]] = {}
        for index, step in enumerate(whole.steps):
            for mark in _given(step):
                self._givers.setdefault(mark, []).append(index)

    def closure(self, chosen: Iterable[int]) -> set[int]:
        """Return the chosen steps with everything earlier that they seem to need, at any remove."""
        found = set(chosen)
        waiting = list(found)
        while waiting:
            index = waiting.pop()
            givers = {giver for mark in _used(self._steps[index]) for giver in self._givers.get(mark, ())}
            new = {giver for giver in givers if giver < index} - found
            found |= new
            waiting += new
        return found


def _given(step: Step) -> set[Mark]:
    found: set[Mark] = set()
    for change in step.changes:
        found.update((change.ref, name) for name in _fields(change))
        if _comes_or_goes(change):
            found.add((change.ref, HERE))
        found.update((ref, LEFT) for ref in _refs_in(change.kind, change.before))
    return found


def _used(step: Step) -> set[Mark]:
    found: set[Mark] = {(ref, HERE) for ref in named_by(step.operation)}
    for change in step.changes:
        found.update((change.ref, name) for name in (*_fields(change), HERE))
        found.update((ref, HERE) for ref in _refs_in(change.kind, change.after))
        if _comes_or_goes(change):
            found.add((change.ref, LEFT))
    return found


def _fields(change: Change) -> Collection[str]:
    return (change.before if change.after is None else change.after) or ()


def _comes_or_goes(change: Change) -> bool:
    """Say whether a record is created, removed, opened or closed; someone leaving and coming back included."""
    before, after = change.before, change.after
    if before is None or after is None or "closed_on" in after:
        return True
    return "left" in (before.get("status"), after.get("status")) or (
        change.kind == "vacancy" and "state" in after
    )


def _refs_in(kind: str, values: Mapping[str, Any] | None) -> Iterator[Ref]:
    """Yield the records that the fields of one refer to."""
    specs = specs_of(kind)
    for name, value in (values or {}).items():
        if value and specs[name].kind == "ref":
            yield specs[name].target, value


def named_by(operation: Operation) -> Iterator[Ref]:
    """Yield the records that an operation is about by its fields, whether it changes them or not."""
    for field in fields(operation):
        spec, value = field.metadata.get("spec"), getattr(operation, field.name)
        if spec is not None and spec.target and value:
            yield from ((spec.target, id_) for id_ in (value if spec.kind == "refs" else (value,)))
