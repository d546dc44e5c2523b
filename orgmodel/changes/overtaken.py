"""Why a change of a draft no longer fits today's organization: in words, with names and, from the log, the day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from orgmodel.changes import wording
from orgmodel.changes.models import Change as ChangeRow
from orgmodel.changes.models import ChangeSet, Mention
from orgmodel.changes.wording import FieldKey, LastSet
from orgmodel.core.changes import Conflict
from orgmodel.core.dependence import named_by
from orgmodel.core.operations import MovePeople
from orgmodel.core.operations.base import name_of, noun, short
from orgmodel.core.org import Org, Ref
from orgmodel.core.phrases import day_in_words, joined, names, say
from orgmodel.core.records import Person
from orgmodel.core.replay import Step

LOOKED_UP = 20  # people of one change whose day is looked for
Exit = tuple[str, str]
"""The ids of a person and of a squad that they are not in any more."""


def reasons(misfits: Sequence[Step], org: Org, today: date) -> list[str]:
    """Return for each step that does not fit why: "Lim Hui left Ads on 3 May; this draft moves them from Ads."

    `org` is what the draft makes of today's organization. The log is asked once for all of them.
    """
    log = _Log(
        exits={each for step in misfits for each in _exits(step, org)},
        refs={ref for step in misfits for ref in _in_question(step, org)},
        today=today,
    )
    return [_reason(step, org, log) for step in misfits]


def _reason(step: Step, org: Org, log: _Log) -> str:
    assert step.error is not None
    if isinstance(step.operation, MovePeople) and (moved := _moved_away(step, org, log)):
        return moved
    dated: dict[str, str] = {}
    for undated, with_day in _dated(step, org, log):
        dated.setdefault(undated, with_day)  # of two who are gone, the first is in the way
    found = [complaint.message for complaint in wording.explain(step.error, org, log.fields)]
    return joined(" ", [dated.get(message, message) for message in found])


def _moved_away(step: Step, org: Org, log: _Log) -> str:
    """Tell who left which squad on which day, and where each of them is now; "" where the log does not know."""
    exits = [each for each in _exits(step, org) if each in log.exits]
    if not exits:
        return ""
    told = []
    for person, squad in exits:
        home, left = org.primary_membership(person), _exit_in_words(person, squad, org, log)
        told.append(
            say("{left} and is in {squad} now", left=left, squad=name_of(org, "squad", home.squad))
            if home is not None
            else left
        )
    source = name_of(org, "squad", exits[0][1])
    return say("{exits}; this draft moves them from {squad}.", exits=names(told), squad=source)


def _exit_in_words(person: str, squad: str, org: Org, log: _Log) -> str:
    return say(
        "{person} left {squad} on {day}",
        person=name_of(org, "person", person),
        squad=name_of(org, "squad", squad),
        day=log.exits[person, squad],
    )


def _dated(step: Step, org: Org, log: _Log) -> Iterator[tuple[str, str]]:
    """Yield what a refusal may say without a day, and the same with the day."""
    for person, squad in _exits(step, org):
        if (person, squad) in log.exits:
            who, where = name_of(org, "person", person), name_of(org, "squad", squad)
            left = _exit_in_words(person, squad, org, log)
            yield say("{member} is not in {unit}.", member=who, unit=where), say("{left}.", left=left)
            yield (
                say("{person} is not in {squad}. Add them to the squad first.", person=who, squad=where),
                say("{left}. Add them to the squad first.", left=left),
            )
    for kind, id_ in named_by(step.operation):
        record: Any = org.get(kind, id_)
        if record is None and (kind, id_) in log.removals:
            name, day = log.removals[kind, id_]
            removed = say("The {noun} {name} was removed on {day}.", noun=noun(kind), name=name, day=day)
            yield say("There is no such {noun}.", noun=noun(kind)), removed
        elif getattr(record, "closed_on", None) is not None:
            closed = say("{name} closed on {day}.", name=record.name, day=log.in_words(record.closed_on))
            yield say("{name} is closed.", name=record.name), closed
        elif isinstance(record, Person) and ("person", id_, "status") in log.fields and not record.is_here:
            day = log.fields["person", id_, "status"].day
            yield (
                say("{person} has left.", person=record.name),
                say("{person} left on {day}.", person=record.name, day=day),
            )


def _exits(step: Step, org: Org) -> list[Exit]:
    """Return whom a step takes for members of a squad that they are not in."""
    operation: Any = step.operation
    squad = getattr(operation, "source", None) or getattr(operation, "squad", None)
    if not isinstance(squad, str):
        return []
    people = [id_ for kind, id_ in named_by(operation) if kind == "person" and id_ in org.people]
    return [(person, squad) for person in people[:LOOKED_UP] if org.membership(person, squad) is None]


def _in_question(step: Step, org: Org) -> Iterator[Ref]:
    """Yield the records of which the log may tell something: fields in conflict, who left, what was removed."""
    if isinstance(step.error, Conflict):
        yield from ((conflict.kind, conflict.id) for conflict in step.error.conflicts[:LOOKED_UP])
    for kind, id_ in named_by(step.operation):
        record = org.get(kind, id_)
        if record is None or (isinstance(record, Person) and not record.is_here):
            yield kind, id_


class _Log:
    """The days that the log knows, in words: when someone left a squad, a field was last set, a record was removed."""

    def __init__(self, *, exits: Iterable[Exit], refs: Iterable[Ref], today: date) -> None:
        self._today = today
        self.exits = self._exits(set(exits))
        self.fields: dict[FieldKey, LastSet] = {}
        self.removals: dict[Ref, tuple[str, str]] = {}
        by_kind: dict[str, list[str]] = {}
        for kind, id_ in refs:
            by_kind.setdefault(kind, []).append(id_)
        for kind, ids in by_kind.items():
            self._read(kind, ids)

    def in_words(self, day: date) -> str:
        """Return a day as a sentence tells it, with the year only where it is another one."""
        return day_in_words(day, year=day.year != self._today.year)

    def _read(self, kind: str, ids: Sequence[str]) -> None:
        rows = ChangeRow.objects.filter(kind=kind, record__in=ids).order_by("change_set__version", "pk")
        columns = ("record", "before", "after", "change_set__effective_on", "change_set__actor_name")
        for id_, before, after, day, who in rows.values_list(*columns):
            if after is None:
                name = short(str(before.get("name") or before.get("title") or before.get("statement") or ""))
                self.removals[kind, id_] = name, self.in_words(day)
            else:
                last = LastSet(who, self.in_words(day))
                self.fields.update(((kind, id_, field), last) for field in after)

    def _exits(self, exits: set[Exit]) -> dict[Exit, str]:
        """Return when each of them left: the last that one and the same operation did to both person and squad."""
        if not exits:
            return {}
        people = Mention.objects.filter(kind="person", record__in={person for person, _ in exits})
        squads = Mention.objects.filter(
            kind="squad", record__in={squad for _, squad in exits}, version__in=people.values("version")
        )
        steps_of: dict[str, set[tuple[int, int]]] = {}
        for found in (people, squads):
            for id_, version, operation in found.values_list("record", "version", "operation"):
                steps_of.setdefault(str(id_), set()).add((version, operation))
        last = {
            (person, squad): max(both)[0]
            for person, squad in exits
            if (both := steps_of.get(person, set()) & steps_of.get(squad, set()))
        }
        days = dict(
            ChangeSet.objects.filter(version__in=set(last.values())).values_list("version", "effective_on")
        )
        return {each: self.in_words(days[version]) for each, version in last.items()}
