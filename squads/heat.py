"""How many people of each craft or level are where: a table whose cells have the more color, the more they hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orgmodel.core.authority import open_units
from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import say
from orgmodel.core.records import Tribe
from orgmodel.core.rules.settings import settings_of
from orgmodel.core.scope import is_open
from squads.redrawn import fate_of, tribes_in

ROWS = {"craft": say("Craft"), "level": say("Level")}
UNKNOWN = {"craft": say("Craft not known"), "level": say("Level not known")}
COLUMNS = {"squad": say("Squad"), "tribe": say("Tribe"), "chapter": say("Chapter")}
WIDEST = 60  # columns that one can still follow
TALLEST = 60  # rows; what is rarer is counted together
STEPS = 5
OTHERS = "\0"  # no text of anybody's


@dataclass(frozen=True, slots=True)
class Cell:
    """How many people, 0 to 5 for how many that is in this table, and how many before a draft."""

    number: int
    step: int = 0
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A unit with what a draft does to it; one that `is_gone` is closed by the draft."""

    unit: Any
    tribe: Tribe | None
    total: Cell
    fate: str = ""
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A craft or level with its cells; `value` is "" where nobody says it, or rare ones are counted together."""

    label: str
    value: str
    cells: tuple[Cell, ...]
    total: Cell


@dataclass(frozen=True, slots=True)
class Heat:
    """The table. In its totals everybody counts once, even if they are in several columns."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Cell


def columns_of(org: Org, columns: str, tribe: Tribe | None, before: Org | None = None) -> list[Any]:
    """Return the units that a table would have as columns, those of one tribe side by side.

    With an organization `before`, those that a draft closes stay among them.
    """
    tribes = [tribe] if tribe is not None else [*tribes_in(org, before), None]
    if columns == "tribe":
        return [each for each in tribes if each is not None]
    return [unit for each in tribes for unit in _units(org, columns, each, before)]


def _units(org: Org, kind: str, tribe: Tribe | None, before: Org | None) -> list[Any]:
    found = _units_of(org, kind, tribe)
    if before is None:
        return found
    closed = (unit for unit in _units_of(before, kind, tribe) if not is_open(org, kind, unit.id))
    return by_name([*found, *closed])


def _units_of(org: Org, kind: str, tribe: Tribe | None) -> list[Any]:
    """Return the open squads or chapters of a tribe, or those without one, by name."""
    if tribe is None:
        return [unit for unit in open_units(org, kind) if unit.tribe is None]
    return getattr(org, f"{kind}s_of")(tribe.id)  # type: ignore[no-any-return]


def heat_of(org: Org, rows: str, columns: str, units: Sequence[Any], before: Org | None = None) -> Heat:
    """Return the table of these units; with an organization `before`, its cells say what they were."""
    now = [_people(org, columns, unit.id) for unit in units]
    then = [_people(before, columns, unit.id) for unit in units] if before is not None else None
    values = _values(org, rows, set().union(*now))
    values_before = _values(before, rows, set().union(*then)) if before is not None and then else {}
    labels = _labels(org, rows, [*values.values(), *values_before.values()])
    grid = {label: [_held(values, people, label, labels) for people in now] for label in labels}
    most = max((len(people) for row in grid.values() for people in row), default=0)

    def cell(people: set[str], was: set[str] | None, *, is_total: bool = False) -> Cell:
        step = -(-STEPS * len(people) // most) if most and not is_total else 0
        return Cell(len(people), step, len(was) if was is not None else None)

    def row(label: str) -> Row:
        held = grid[label]
        was = [_held(values_before, people, label, labels) for people in then] if then is not None else None
        cells = tuple(cell(people, was[place] if was else None) for place, people in enumerate(held))
        total = cell(set().union(*held), set().union(*was) if was is not None else None, is_total=True)
        shown = {"": UNKNOWN[rows], OTHERS: say("Others")}.get(label, label)
        return Row(shown, label if label != OTHERS else "", cells, total)

    tops = tuple(
        Column(
            unit,
            _tribe_of(org, unit),
            cell(people, then[place] if then else None, is_total=True),
            fate_of(unit, org, before),
            is_gone=before is not None and not is_open(org, columns, unit.id),
        )
        for place, (unit, people) in enumerate(zip(units, now, strict=True))
    )
    everybody = cell(set().union(*now), set().union(*then) if then is not None else None, is_total=True)
    return Heat(tops, tuple(map(row, labels)), everybody)


def _people(org: Org, kind: str, unit: str) -> set[str]:
    """Return who is in a unit, as the list of people understands it; nobody is in one that is not there."""
    if kind == "tribe":
        return {m.person for squad in org.squads_of(unit) for m in org.memberships_in(squad.id)}
    if kind == "chapter":
        return {member.person for member in org.chapter_members_in(unit)}
    return {m.person for m in org.memberships_in(unit)}


def _values(org: Org, rows: str, people: set[str]) -> dict[str, str]:
    return {id_: getattr(org.people[id_], rows) for id_ in people if org.people[id_].is_here}


def _labels(org: Org, rows: str, values: Sequence[str]) -> list[str]:
    """Return what is worth a row: crafts by name, levels from the lowest rung up, what is not known last."""
    counts = Counter(values)
    frequent = {value for value, _ in counts.most_common(TALLEST)}
    rung = settings_of(org).words.rung

    def place(value: str) -> tuple[bool, int, str]:
        step = rung(value) if rows == "level" else 0
        return not value, step if step is not None else STEPS, value.casefold()

    labels = sorted(frequent, key=place)
    return [*labels, OTHERS] if len(counts) > len(labels) else labels


def _held(values: Mapping[str, str], people: set[str], label: str, labels: Sequence[str]) -> set[str]:
    """Return those of some people who belong into a row."""
    if label == OTHERS:
        return {id_ for id_ in people if id_ in values and values[id_] not in labels}
    return {id_ for id_ in people if values.get(id_) == label}


def _tribe_of(org: Org, unit: Any) -> Tribe | None:
    if isinstance(unit, Tribe):
        return unit
    return org.tribes.get(unit.tribe) if unit.tribe else None
