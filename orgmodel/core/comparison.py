"""Two organizations side by side: who and what differs, in one sentence, in lists and as flows of people.

The two are a draft and live, two drafts, or two days. Whatever they are, it costs what the changes between them touch.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orgmodel.core.changes import Change
from orgmodel.core.figures import Row
from orgmodel.core.impact import PersonImpact, SquadImpact, people_impacts, squad_impacts
from orgmodel.core.operations.base import name_of, noun
from orgmodel.core.org import Org
from orgmodel.core.phrases import Phrase, count, joined, names, nonzero, say
from orgmodel.core.rules.sizes import is_out_of_range
from orgmodel.core.scope import is_here, is_open, scope_of, sorted_ids

UNITS = ("tribe", "squad", "chapter")


@dataclass(frozen=True, slots=True)
class Flow:
    """How many people go from a home squad to another, or stay; None is no squad."""

    before: str | None
    after: str | None
    people: int


@dataclass(frozen=True, slots=True)
class Delta:
    """Something to settle, counted among what the changes touch: how often before and after, and the ids of those
    settled and those new. What is in neither stays as it was."""

    before: int
    after: int
    fixed: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """A unit that was one and is now several; `into` are those it became, with itself where it goes on."""

    kind: str
    unit: str
    into: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """Units that were several and are now one."""

    kind: str
    units: tuple[str, ...]
    into: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two organizations. Ids are in the order of their names.

    Squads created and closed include those of a split or merge, so that the numbers add up; the sentence tells them
    once.
    """

    people_moved: tuple[str, ...]  # to another home squad
    people_new: tuple[str, ...]
    people_gone: tuple[str, ...]
    tribe_changes: tuple[str, ...]  # people, here and in the next three
    manager_changes: tuple[str, ...]
    chapter_changes: tuple[str, ...]
    share_changes: tuple[str, ...]
    squads_created: tuple[str, ...]
    squads_closed: tuple[str, ...]
    squads_moved: tuple[str, ...]
    squads_renamed: tuple[str, ...]
    splits: tuple[Split, ...]
    merges: tuple[Merge, ...]
    out_of_range: Delta
    vacancies: Delta
    homeless: Delta
    sentence: str
    flows: tuple[Flow, ...]


def compare(before: Org, after: Org, changes: Sequence[Change]) -> Comparison:
    """Return what differs, at the cost of what the changes between the two touch."""
    scope = scope_of(before, after, changes)
    people = people_impacts(before, after, scope)
    units = _units(before, after, changes)
    lineage = lineage_made(after, changes)
    squads = units["squad"]
    vacancies = [change.id for change in changes if change.kind == "vacancy"]
    found = Comparison(
        people_moved=_ids(people, lambda person: person.changes_squad),
        people_new=_ids(people, lambda person: person.arrives),
        people_gone=_ids(people, lambda person: person.leaves),
        tribe_changes=_ids(people, lambda person: person.changes_tribe),
        manager_changes=_ids(people, lambda person: person.changes_manager),
        chapter_changes=_ids(people, lambda person: person.changes_chapter),
        share_changes=_ids(people, lambda person: person.changes_share),
        squads_created=squads.created,
        squads_closed=squads.closed,
        squads_moved=squads.moved,
        squads_renamed=squads.renamed,
        splits=lineage.splits,
        merges=lineage.merges,
        out_of_range=_delta(before, after, "squad", scope.squads, _strays),
        vacancies=_delta(before, after, "vacancy", vacancies, _is_vacant),
        homeless=_delta(before, after, "person", scope.people, _is_homeless),
        sentence="",
        flows=_flows(before, after, people, squad_impacts(before, after, scope)),
    )
    sentence = _sentence(before, after, found, units) or _otherwise(changes)
    return dataclasses.replace(found, sentence=sentence)


def rows_of(columns: Sequence[Comparison]) -> tuple[Row, ...]:
    """Return what several organizations ask of today's, side by side; `figures.rows_of` says what each is like."""
    return tuple(Row(label, tuple(number(comparison) for comparison in columns)) for label, number in _ROWS)


_ROWS: tuple[tuple[str, Callable[[Comparison], int]], ...] = (
    (say("People who change squad"), lambda comparison: len(comparison.people_moved)),
    (say("People who change tribe"), lambda comparison: len(comparison.tribe_changes)),
    (say("People who change manager"), lambda comparison: len(comparison.manager_changes)),
    (say("People who join"), lambda comparison: len(comparison.people_new)),
    (say("People who leave"), lambda comparison: len(comparison.people_gone)),
    (say("Squads created"), lambda comparison: len(comparison.squads_created)),
    (say("Squads closed"), lambda comparison: len(comparison.squads_closed)),
    (say("Squads that change tribe"), lambda comparison: len(comparison.squads_moved)),
)


def _ids(people: Iterable[PersonImpact], wanted: Callable[[PersonImpact], bool]) -> tuple[str, ...]:
    return tuple(person.person for person in people if wanted(person))


# Units


@dataclass(frozen=True, slots=True)
class _Units:
    """The units of one kind that open, close, change tribe or change their name."""

    created: tuple[str, ...]
    closed: tuple[str, ...]
    moved: tuple[str, ...]
    renamed: tuple[str, ...]


def _units(before: Org, after: Org, changes: Iterable[Change]) -> dict[str, _Units]:
    edited: dict[str, list[str]] = {kind: [] for kind in UNITS}
    for change in changes:
        if change.kind in edited:
            edited[change.kind].append(change.id)
    return {kind: _units_of(before, after, kind, ids) for kind, ids in edited.items()}


def _units_of(before: Org, after: Org, kind: str, ids: Iterable[str]) -> _Units:
    created, closed, moved, renamed = [], [], [], []
    for id_ in sorted_ids(before, after, kind, ids):
        was_open, is_now_open = is_open(before, kind, id_), is_open(after, kind, id_)
        if is_now_open and not was_open:
            created.append(id_)
        elif was_open and not is_now_open:
            closed.append(id_)
        elif is_now_open:
            old: Any = before.get(kind, id_)
            new: Any = after.get(kind, id_)
            if getattr(old, "tribe", None) != getattr(new, "tribe", None):
                moved.append(id_)
            if old.name != new.name:
                renamed.append(id_)
    return _Units(tuple(created), tuple(closed), tuple(moved), tuple(renamed))


# Splits and merges


@dataclass(frozen=True, slots=True)
class LineageMade:
    """The units that split and those that merge."""

    splits: tuple[Split, ...]
    merges: tuple[Merge, ...]


def lineage_made(after: Org, changes: Iterable[Change]) -> LineageMade:
    """Return what splits and merges, read from the lineage that these changes record."""
    splits: list[Split] = []
    merges: list[Merge] = []
    recorded = [change for change in changes if change.before is None and change.after is not None]
    for kind in UNITS:
        edges = [change.after for change in recorded if change.kind == f"{kind}_lineage"]
        split = [(e["predecessor"], e["successor"]) for e in edges if e and e["how"] == "split"]
        merged = [(e["predecessor"], e["successor"]) for e in edges if e and e["how"] == "merge"]
        splits += _splits(after, kind, split)
        merges += _merges(after, kind, merged)
    return LineageMade(tuple(splits), tuple(merges))


def _splits(after: Org, kind: str, edges: Sequence[tuple[str, str]]) -> Iterator[Split]:
    """Yield who splits. What a split made may split again: all parts are told of the unit that was one before."""
    parents = {successor: predecessor for predecessor, successor in edges}
    parts: dict[str, set[str]] = {}
    for predecessor, successor in edges:
        parts.setdefault(_first(predecessor, parents), set()).update((predecessor, successor))
    for unit, ids in parts.items():
        into = sorted_ids(after, after, kind, (id_ for id_ in ids if is_open(after, kind, id_)))
        if len(into) > 1:
            yield Split(kind, unit, tuple(into))


def _first(unit: str, parents: Mapping[str, str]) -> str:
    seen = set()
    while unit in parents and unit not in seen:
        seen.add(unit)
        unit = parents[unit]
    return unit


def _merges(after: Org, kind: str, edges: Iterable[tuple[str, str]]) -> Iterator[Merge]:
    merged: dict[str, list[str]] = {}
    for predecessor, successor in edges:
        if not is_open(after, kind, predecessor):
            merged.setdefault(successor, []).append(predecessor)
    for into, units in merged.items():
        yield Merge(kind, tuple(sorted_ids(after, after, kind, units)), into)


# What is to be settled


def _delta(
    before: Org, after: Org, kind: str, ids: Iterable[str], counts: Callable[[Org, str], bool]
) -> Delta:
    was = {id_ for id_ in ids if counts(before, id_)}
    is_ = {id_ for id_ in ids if counts(after, id_)}
    fixed, new = (sorted_ids(before, after, kind, some) for some in (was - is_, is_ - was))
    return Delta(len(was), len(is_), tuple(fixed), tuple(new))


def _strays(org: Org, squad: str) -> bool:
    record = org.squads.get(squad)
    return record is not None and is_out_of_range(org, record)


def _is_vacant(org: Org, vacancy: str) -> bool:
    record = org.vacancies.get(vacancy)
    return record is not None and record.is_open


def _is_homeless(org: Org, person: str) -> bool:
    return is_here(org, person) and not org.pointing("membership", "person", person)


# Flows


def _flows(
    before: Org, after: Org, people: Iterable[PersonImpact], squads: Iterable[SquadImpact]
) -> tuple[Flow, ...]:
    """Return where the people of every changed squad come from and go to, those who stay included."""
    moved = [person for person in people if person.squad_before != person.squad_after]
    changed = {squad.squad for squad in squads}
    changed.update(squad for p in moved for squad in (p.squad_before, p.squad_after) if squad is not None)
    concerned = {m.person for org in (before, after) for squad in changed for m in org.memberships_in(squad)}
    counted = Counter((_home(before, person), _home(after, person)) for person in concerned)
    flows = [Flow(*ends, people=number) for ends, number in counted.items() if changed.intersection(ends)]
    return tuple(sorted(flows, key=lambda flow: (_title(before, flow.before), _title(after, flow.after))))


def _home(org: Org, person: str) -> str | None:
    home = org.primary_membership(person)
    return home.squad if home else None


def _title(org: Org, squad: str | None) -> tuple[bool, str, str]:
    """Order squads by name, and no squad last."""
    return (False, org.squads[squad].name.casefold(), squad) if squad else (True, "", "")


# The sentence


@dataclass(frozen=True, slots=True)
class _Names:
    """What units are called in a sentence: as they were, or as they are where they are new."""

    before: Org
    after: Org

    def of(self, kind: str, ids: Iterable[str]) -> list[str]:
        return sorted((self.one(kind, id_) for id_ in ids), key=str.casefold)

    def one(self, kind: str, id_: str) -> str:
        return self._in(self.before if self.before.get(kind, id_) else self.after, kind, id_)

    def now(self, kind: str, id_: str) -> str:
        return self._in(self.after, kind, id_)

    @staticmethod
    def _in(org: Org, kind: str, id_: str) -> str:
        name = name_of(org, kind, id_)
        return name if kind == "squad" else say("{name} {noun}", name=name, noun=noun(kind))


def _sentence(before: Org, after: Org, found: Comparison, units: Mapping[str, _Units]) -> str:
    """Say in one sentence of bounded length what differs, whole units first."""
    called = _Names(before, after)
    clauses = [
        *_moving(called, units),
        *_splitting(called, found.splits),
        *_merging(called, found.merges),
        count(found.people_moved, "person changes squad", "people change squad"),
        *_opening(called, units, found.splits),
        *_closing(called, units, found),
        *_renaming(called, units, found),
        count(found.manager_changes, "person changes manager", "people change manager"),
        count(found.chapter_changes, "person changes chapter", "people change chapter"),
        count(found.share_changes, "person changes share", "people change share"),
        count(found.people_new, "person joins", "people join"),
        count(found.people_gone, "person leaves", "people leave"),
        count(found.vacancies.new, "vacancy opens", "vacancies open"),
        count(found.vacancies.fixed, "vacancy closes", "vacancies close"),
    ]
    told = joined(", ", nonzero(clauses))
    return say("{clauses}.", clauses=told) if told else ""


def _otherwise(changes: Sequence[Change]) -> str:
    """Say what differs where it is nothing that has a clause of its own, such as a purpose."""
    return count(changes, "record differs.", "records differ.") if changes else say("Nothing differs.")


# Each clause counts its subjects, as those without any are left out.


def _moving(called: _Names, units: Mapping[str, _Units]) -> Iterator[Phrase]:
    for kind in UNITS:
        told = called.of(kind, units[kind].moved)
        yield count(told, "{units} changes tribe", "{units} change tribe", units=names(told))


def _splitting(called: _Names, splits: Sequence[Split]) -> Iterator[Phrase]:
    """Tell the units that split in as many parts together."""
    alike: dict[int, list[str]] = {}
    for split in splits:
        alike.setdefault(len(split.into), []).append(called.one(split.kind, split.unit))
    for parts, told in sorted(alike.items()):
        parted = {"units": names(told), "parts": NUMBERS.get(parts, str(parts))}
        yield count(told, "{units} splits in {parts}", "{units} split in {parts}", **parted)


NUMBERS = {
    2: say("two"),
    3: say("three"),
    4: say("four"),
    5: say("five"),
    6: say("six"),
    7: say("seven"),
    8: say("eight"),
    9: say("nine"),
}


def _merging(called: _Names, merges: Sequence[Merge]) -> Iterator[Phrase]:
    for merge in merges[:MERGES_TOLD]:
        into = called.now(merge.kind, merge.into)
        told = called.of(merge.kind, merge.units)
        if into != called.one(merge.kind, merge.into):
            told.append(called.one(merge.kind, merge.into))  # they become one under another name
        merged = {"units": names(told), "into": into}
        yield count(told, "{units} merges into {into}", "{units} merge into {into}", **merged)
    yield count(merges[MERGES_TOLD:], "more merge", "more merges")


MERGES_TOLD = 4


def _opening(called: _Names, units: Mapping[str, _Units], splits: Iterable[Split]) -> Iterator[Phrase]:
    """Tell what opens, unless a split has been told of it."""
    told = {(split.kind, unit) for split in splits for unit in split.into}
    for kind in UNITS:
        opened = [id_ for id_ in units[kind].created if (kind, id_) not in told]
        again = [id_ for id_ in opened if called.before.get(kind, id_) is not None]
        new = called.of(kind, [id_ for id_ in opened if id_ not in again])
        yield count(new, "{units} is new", "{units} are new", units=names(new))
        back = called.of(kind, again)
        yield count(back, "{units} opens again", "{units} open again", units=names(back))


def _closing(called: _Names, units: Mapping[str, _Units], found: Comparison) -> Iterator[Phrase]:
    """Tell what closes, unless a split or merge has been told of it."""
    told = {(split.kind, split.unit) for split in found.splits}
    told |= {(merge.kind, unit) for merge in found.merges for unit in merge.units}
    for kind in UNITS:
        closed = called.of(kind, [id_ for id_ in units[kind].closed if (kind, id_) not in told])
        yield count(closed, "{units} closes", "{units} close", units=names(closed))


def _renaming(called: _Names, units: Mapping[str, _Units], found: Comparison) -> Iterator[Phrase]:
    """Tell what is called otherwise, unless a split or merge has been told of it."""
    told = {(split.kind, split.unit) for split in found.splits}
    told |= {(merge.kind, merge.into) for merge in found.merges}
    for kind in UNITS:
        renamed = [id_ for id_ in units[kind].renamed if (kind, id_) not in told]
        becomes = called.now(kind, renamed[0]) if renamed else ""
        old = names(called.of(kind, renamed))
        yield count(renamed, "{units} becomes {name}", "{units} are renamed", units=old, name=becomes)
