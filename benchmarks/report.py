"""The table of figures: a row per measure, a column per database and size, with the target and whether it is met."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ROUNDS = 5  # at least, for a median


@dataclass(frozen=True)
class Measure:
    """Something that is measured; `target` is what it may be at most, None for what is only told."""

    name: str
    unit: str
    target: float | None = None


@dataclass(frozen=True)
class Figure:
    """One value of a measure: the median of its samples."""

    measure: Measure
    engine: str
    people: int  # 0 where two sizes are compared
    samples: tuple[float, ...]

    @property
    def value(self) -> float:
        return statistics.median(self.samples)

    @property
    def is_missed(self) -> bool:
        return self.measure.target is not None and self.value > self.measure.target


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as text; what misses its target has an exclamation mark."""
    measures = list(dict.fromkeys(figure.measure for figure in figures))
    columns = sorted({(figure.engine, figure.people) for figure in figures if figure.people})
    compared = {figure.engine for figure in figures if not figure.people}
    lines = [["", *(f"{_engine(engine)} {size(people)}" for engine, people in columns), "at most"]]
    values = {(f.measure, f.engine, f.people): f for f in figures}
    for measure in measures:
        # A comparison of two sizes stands in the column of the larger one.
        largest = {engine: max(people for name, people in columns if name == engine) for engine in compared}
        cells = []
        for engine, people in columns:
            figure = values.get((measure, engine, people))
            if figure is None and largest.get(engine) == people:
                figure = values.get((measure, engine, 0))
            cells.append(_cell(figure))
        target = "" if measure.target is None else f"{measure.target:g}"
        lines.append([f"{measure.name}, {measure.unit}", *cells, target])
    widths = [max(len(line[position]) for line in lines) for position in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            [line[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(line[1:], widths[1:], strict=True))]
        )
        for line in lines
    )


def missed(figures: Iterable[Figure]) -> list[str]:
    return [
        f"{figure.measure.name}, {figure.measure.unit}: {figure.value:.2f} instead of {figure.measure.target:g}"
        f" ({_engine(figure.engine)}{f' {size(figure.people)}' if figure.people else ''})"
        for figure in figures
        if figure.is_missed
    ]


def as_json(figures: Iterable[Figure]) -> list[dict[str, object]]:
    return [
        {
            "measure": figure.measure.name,
            "unit": figure.measure.unit,
            "target": figure.measure.target,
            "engine": figure.engine,
            "people": figure.people or None,
            "value": round(figure.value, 4),
            "samples": [round(sample, 4) for sample in figure.samples],
        }
        for figure in figures
    ]


def size(people: int) -> str:
    return f"{people // 1000}k"


def _engine(name: str) -> str:
    return {"postgresql": "PG", "sqlite": "SQLite"}[name]


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return ""
    digits = 0 if figure.value >= 100 else 1 if figure.value >= 10 else 2
    return f"{figure.value:.{digits}f}{'!' if figure.is_missed else ' '}"
