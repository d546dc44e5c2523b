"""Who waits for whom, as pages show it: a squad's needs, and the matrix of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import count, say
from orgmodel.core.records import Dependency, Squad, Tribe

LARGEST = 60  # units along a side of the matrix; with more squads it shows tribes

VERBS = {"blocking": say("blocks"), "slowing": say("slows"), "none": say("needs")}
"""How badly, in words, the worst first."""
WORST_FIRST = tuple(VERBS)
NEW, MOVED, SOLVED = say("new"), say("moved"), say("solved")


@dataclass(frozen=True, slots=True)
class Need:
    """One squad that waits for another, with what stands beside it on a page.

    `fate` is what a draft makes of it: NEW, MOVED where another squad waits or is waited for instead, or SOLVED.
    """

    dependency: Dependency
    squad: Squad
    needs: Squad
    tribe: Tribe | None
    other_tribe: Tribe | None
    days: int | None
    fate: str = ""

    @property
    def is_solved(self) -> bool:
        return self.fate == SOLVED

    @property
    def level(self) -> str:
        return self.dependency.level

    @property
    def verb(self) -> str:
        return VERBS[self.level]

    @property
    def crosses(self) -> bool:
        return self.tribe != self.other_tribe


def need_of(org: Org, dependency: Dependency, today: date, before: Org | None = None) -> Need:
    """Return a dependency with its squads and tribes; one that a draft takes away altogether is as it was `before`."""

    def record(kind: str, id_: str | None) -> Any:
        return org.get(kind, id_) or (before.get(kind, id_) if before is not None else None)

    squad, needs = record("squad", dependency.squad), record("squad", dependency.needs)
    since = dependency.since
    return Need(
        dependency,
        squad,
        needs,
        record("tribe", squad.tribe),
        record("tribe", needs.tribe),
        (today - since).days if since is not None and since <= today else None,
        _fate(org, dependency, before),
    )


def _fate(org: Org, dependency: Dependency, before: Org | None) -> str:
    if before is None:
        return ""
    if dependency.id not in org.dependencies:
        return SOLVED
    old = before.dependencies.get(dependency.id)
    if old is None:
        return NEW
    return MOVED if (old.squad, old.needs) != (dependency.squad, dependency.needs) else ""


def needs_in(
    org: Org, read: Callable[[Org], Iterable[Dependency]], today: date, before: Org | None = None
) -> Iterator[Need]:
    """Yield the dependencies that `read` finds in an organization.

    With an organization `before` they say what a draft makes of them, and what `read` found there and it solves is
    among them.
    """
    solved = (d for d in read(before) if d.id not in org.dependencies) if before is not None else ()
    return (need_of(org, dependency, today, before) for dependency in (*read(org), *solved))


def worst_first(needs: Iterable[Need]) -> list[Need]:
    """Return them as pages list them: those that block first, the oldest before the others, solved ones last."""
    return sorted(needs, key=_rank)


def _rank(need: Need) -> tuple[bool, int, int, str, str, str]:
    return (
        need.is_solved,
        WORST_FIRST.index(need.level),
        -(need.days or 0),
        need.squad.name.casefold(),
        need.needs.name.casefold(),
        need.dependency.id,
    )


# The matrix


@dataclass(frozen=True, slots=True)
class Count:
    """How many dependencies of a cell are as bad as this."""

    level: str
    number: int

    @property
    def words(self) -> str:
        match self.level:
            case "blocking":
                return count(self.number, "blocks", "block")
            case "slowing":
                return count(self.number, "slows", "slow")
            case _:
                return count(self.number, "needs", "need")


@dataclass(frozen=True, slots=True)
class Cell:
    """What one unit needs of another. Between squads it is one dependency, `need`.

    What a draft solves is not in the counts; `fates` says it, and what else the draft makes of them.
    """

    counts: tuple[Count, ...]
    crosses: bool
    need: Need | None
    fates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A unit along a side of the matrix, and how many dependencies it has there.

    One that waits has a cell for each unit that is waited for, None where it needs nothing of it.
    """

    unit: Any
    total: int
    cells: tuple[Cell | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Band:
    """The lines of one tribe along a side of the matrix. Where the units are tribes there is one band for all."""

    tribe: Tribe | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows need, columns provide. `of` is what stands along its sides: "squad" or "tribe"."""

    of: str
    columns: tuple[Band, ...]
    rows: tuple[Band, ...]

    @property
    def width(self) -> int:
        return sum(len(band.lines) for band in self.columns)


def matrix_of(needs: Sequence[Need]) -> Matrix | None:
    """Return the matrix of squads, of tribes where there are many squads, or None where tribes are too many too."""
    squads = {each.squad.id for each in needs} | {each.needs.id for each in needs}
    if len(squads) <= LARGEST:
        return _matrix("squad", needs, lambda n: (n.squad, n.tribe), lambda n: (n.needs, n.other_tribe))
    in_tribes = [each for each in needs if each.tribe is not None and each.other_tribe is not None]
    tribes = {each.tribe for each in in_tribes} | {each.other_tribe for each in in_tribes}
    if len(tribes) > LARGEST:
        return None
    return _matrix("tribe", in_tribes, lambda n: (n.tribe, None), lambda n: (n.other_tribe, None))


Place = Callable[[Need], tuple[Any, Tribe | None]]
"""Which unit a need belongs to along one side of the matrix, and the tribe that the unit is shown under."""


def _matrix(of: str, needs: Sequence[Need], waits: Place, provides: Place) -> Matrix:
    cells: dict[tuple[str, str], list[Need]] = {}
    for need in needs:
        cells.setdefault((waits(need)[0].id, provides(need)[0].id), []).append(need)
    columns = _bands(needs, provides)
    providers = [line.unit.id for band in columns for line in band.lines]

    def filled(line: Line) -> Line:
        found = (cells.get((line.unit.id, provider)) for provider in providers)
        return replace(line, cells=tuple(_cell(of, each) if each else None for each in found))

    rows = (replace(band, lines=tuple(map(filled, band.lines))) for band in _bands(needs, waits))
    return Matrix(of, columns, tuple(rows))


def _bands(needs: Iterable[Need], place: Place) -> tuple[Band, ...]:
    """Return units by tribe, by name, each with how often it is named; those without a tribe come last."""
    totals: dict[Tribe | None, Counter[Any]] = {}
    for need in needs:
        unit, tribe = place(need)
        totals.setdefault(tribe, Counter())[unit] += not need.is_solved
    tribes: list[Tribe | None] = [*by_name(tribe for tribe in totals if tribe is not None)]
    if None in totals:
        tribes.append(None)
    return tuple(
        Band(tribe, tuple(Line(unit, totals[tribe][unit]) for unit in by_name(totals[tribe])))
        for tribe in tribes
    )


def _cell(of: str, needs: Sequence[Need]) -> Cell:
    numbers = Counter(need.level for need in needs if not need.is_solved)
    counts = tuple(Count(level, numbers[level]) for level in WORST_FIRST if numbers[level])
    if of == "squad":
        return Cell(counts, needs[0].crosses, needs[0], (needs[0].fate,) if needs[0].fate else ())
    fates = Counter(need.fate for need in needs)
    told = {
        NEW: count(fates[NEW], "{n} new", "{n} new"),
        MOVED: count(fates[MOVED], "{n} moved", "{n} moved"),
        SOLVED: count(fates[SOLVED], "{n} solved", "{n} solved"),
    }
    return Cell(counts, needs[0].crosses, None, tuple(words for fate, words in told.items() if fates[fate]))
