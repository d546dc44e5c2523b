"""Where squads, chapters and people of a tribe stand on the map. Plain numbers, of which `drawing` makes SVG."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from orgmodel.changes.pictures.drawing import broken
from orgmodel.core.phrases import said, say
from orgmodel.templatetags.orgmodel_ui import percent
from squads.board import Board, Card, Column, Row, Seat

WIDTH = 1160
LABELS = 124  # width of the chapters' names
PAD = 1.5  # above and below those in a cell
INSET = 12  # from the edge of a column to its first person
HEAD = 30  # height of a squad's name in one line
LINE = 14  # of every further line of a head
GAP = 22  # between the shelves of a tribe with many squads
INDENT = 8  # from the edge of a column to the squad's name
SIGN = 14  # room for the sign of a finding
LETTER = 6.3  # as wide as a letter of 11 pixels is on average, in a wide font
BOLD_LETTER = 7.6  # and one of 12 pixels in bold
LINES = 3  # of a squad's name, at most
FEW_LINES = 2  # of a chapter's name, and of what a draft does to a squad
TWO_LINES = 29  # height of a band that has room for two lines of a chapter's name
NAMED, DOTTED = 1_000, 10_000  # more people than this are dots; more than that are numbers in boxes


@dataclass(frozen=True, slots=True)
class Scale:
    """How much room things take, in pixels. Where `is_named` is False, people are dots."""

    is_named: bool
    person: int  # width
    line: int  # height of a line of people
    note: int  # what it is higher by where it says more than names
    least: int  # width of a column
    most: int
    is_short: bool = False  # whether people go by first name and initial
    is_coded: bool = False  # whether a word that comes with a color stands beside names


FULL = Scale(is_named=True, person=97, line=19, note=12, least=105, most=210)
CODED = replace(FULL, person=130, is_coded=True)
SHORT = Scale(is_named=True, person=78, line=19, note=12, least=96, most=210, is_short=True)
SHORT_CODED = replace(SHORT, person=97, is_coded=True)
DOTS = Scale(is_named=False, person=11, line=13, note=0, least=100, most=210)


class Place(NamedTuple):
    """Where someone, or a vacancy, stands: the left edge and the middle of their line."""

    what: Card | Seat
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Head:
    """The top of a squad's column: the lines of its name, and of what a draft does to it."""

    column: Column
    x: float
    width: float
    names: tuple[str, ...]
    size: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A chapter across the squads of a shelf."""

    row: Row
    y: float
    height: float
    middle: float  # of the first line
    names: tuple[str, ...]  # the lines of the chapter's name


@dataclass(frozen=True, slots=True)
class Shelf:
    """As many squads as fit beside each other, with the chapters that have someone in them."""

    top: float
    bottom: float
    width: float
    heads: tuple[Head, ...]
    bands: tuple[Band, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A squad in numbers; `is_over` says that it has more people than it may.

    `size_before` and `fate` are of one that a draft touches; one that `is_gone` from its tribe has nobody.
    """

    id: str
    key: str
    name: str
    size: int
    is_over: bool = False
    size_before: int | None = None
    fate: str = ""
    is_new: bool = False
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """The matrix of one tribe."""

    name: str
    scale: Scale
    height: float
    shelves: tuple[Shelf, ...]


def scale_for(people: int, names: str, *, is_colored: bool = False) -> Scale | None:
    """Return how an organization or tribe of so many people is drawn; None where people are not drawn at all."""
    if people > DOTTED:
        return None
    if people > NAMED or names == "none":
        return DOTS
    if names == "short":
        return SHORT_CODED if is_colored else SHORT
    return CODED if is_colored else FULL


def lay_out(board: Board, scale: Scale) -> Sheet:
    """Return the matrix of a tribe. Squads that do not fit beside each other stand in even shelves."""
    count = len(board.columns)
    shelves = -(-count // ((WIDTH - LABELS) // scale.least))
    per_shelf = -(-count // shelves) if shelves else 0
    found: list[Shelf] = []
    top = 0.0
    for start in range(0, count, per_shelf or 1):
        shelf = _shelf(board, scale, range(start, min(start + per_shelf, count)), per_shelf, top)
        found.append(shelf)
        top = shelf.bottom + GAP
    return Sheet(board.name, scale, found[-1].bottom if found else 0, tuple(found))


def _shelf(board: Board, scale: Scale, numbers: range, per_shelf: int, top: float) -> Shelf:
    width = min(scale.most, (WIDTH - LABELS) / per_shelf)
    lefts = [LABELS + index * width for index in range(len(numbers))]
    heads = tuple(
        _head(board.columns[number], left, width) for left, number in zip(lefts, numbers, strict=True)
    )
    lines = max(len(head.names) + len(head.notes) for head in heads)
    y = top + HEAD + LINE * (lines - 1)
    bands: list[Band] = []
    places: list[Place] = []
    for row in board.rows:
        cells = [row.cells[number] for number in numbers]
        people: list[list[Card | Seat]] = [[*cell.cards, *cell.vacancies] for cell in cells]
        if not any(people):
            continue
        flows = [
            _flow(inside, scale, left + INSET, y, width - INSET)
            for left, inside in zip(lefts, people, strict=True)
        ]
        height = max(bottom for _, bottom in flows) - y
        places += [place for flow, _ in flows for place in flow]
        names = broken(row.name, LABELS - 8, LETTER, most=FEW_LINES if height >= TWO_LINES else 1)
        bands.append(Band(row, y, height, y + PAD + scale.line / 2, names))
        y += height
    return Shelf(top, y, LABELS + width * len(numbers), heads, tuple(bands), tuple(places))


def _head(column: Column, left: float, width: float) -> Head:
    was = column.size_before
    is_same = column.closed or was in (None, column.size)
    size = f"{column.size}" if is_same else f"{was} → {column.size}"
    room, kept = width - INDENT, len(f" {size}") * BOLD_LETTER
    names = broken(column.name, room, BOLD_LETTER, most=LINES, indent=SIGN + kept)
    notes = broken(note_of(column), room, LETTER, most=FEW_LINES)
    return Head(column, left, width, names, size, notes)


def _flow(
    inside: list[Card | Seat], scale: Scale, left: float, top: float, room: float
) -> tuple[list[Place], float]:
    """Return where those in a cell stand, line by line, and where the last line ends."""
    places: list[Place] = []
    if not inside:
        return places, top + scale.line + 2 * PAD
    y = top + PAD
    for line in _lines_of(inside, scale, max(1, int(room // scale.person))):
        for index, (slot, what) in enumerate(line):
            x = slot * scale.person
            is_last = index == len(line) - 1
            width = _width(what, scale, room - x) if is_last else line[index + 1][0] * scale.person - x
            places.append(Place(what, left + x, y + scale.line / 2, width))
        has_notes = scale.note and any(arrival_of(what) for _, what in line)
        y += scale.line + (scale.note if has_notes else 0)
    return places, y + PAD


def _lines_of(inside: list[Card | Seat], scale: Scale, slots: int) -> Iterator[list[tuple[int, Card | Seat]]]:
    """Yield those on each line with their slots. A share beside a name takes a second one, where a line has two."""
    line: list[tuple[int, Card | Seat]] = []
    taken = 0
    for what in inside:
        wide = min(slots, 2) if scale.is_named and share_of(what, scale) else 1
        if taken + wide > slots:
            yield line
            line, taken = [], 0
        line.append((taken, what))
        taken += wide
    yield line


def _width(what: Card | Seat, scale: Scale, room: float) -> float:
    """Return the width of the last in a line, who may have what is left of it."""
    if not scale.is_named:
        return scale.person
    share = len(share_of(what, scale))
    if scale.is_short and isinstance(what, Card) and not share:
        return scale.person
    letters = max(len(name_of(what, scale)) + share, len(said(arrival_of(what))))
    wanted = letters * LETTER + max(0, scale.person - FULL.person) + 10
    return min(room, max(scale.person, wanted))


def name_of(what: Card | Seat, scale: Scale) -> str:
    """Return how the map names someone or a vacancy: Ada King Lovelace, or Ada L."""
    if isinstance(what, Seat):
        return what.title.split(",")[0]
    first, *rest = what.name.split() or [""]
    return f"{first} {rest[-1][0]}." if scale.is_short and rest else what.name


def share_of(what: Card | Seat, scale: Scale) -> str:
    """Return how much of their time someone is here, as the map says it beside the name: " 40 %"."""
    if scale.is_coded or isinstance(what, Seat) or what.share in (None, 100):
        return ""
    return f" {percent(what.share)}"


def arrival_of(what: Card | Seat) -> str:
    """Return where a draft has brought someone from, as the map says it beneath the name."""
    if isinstance(what, Seat):
        return ""
    if what.moved_from:
        return say("from {squad}", squad=what.moved_from)
    return say("new") if what.is_new else ""


def note_of(column: Column) -> str:
    """Return what a draft does to a squad, as the map says it beneath the name."""
    if column.closed:
        return column.note
    if column.bracket is not None:
        return column.bracket.text
    return say("New in this draft") if column.is_new else ""
