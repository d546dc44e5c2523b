"""An outline as a tree: from left to right, each group half-way beside what is below it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from orgmodel.changes.pictures.drawing import counted, cut, link, number, picture, span, text
from orgmodel.core.phrases import joined, said, say
from orgmodel.core.structure import Node, Outline

PITCH = 20  # from line to line
GAP = 32  # from level to level, for the lines
LEAST, MOST = 96, 240  # room for the words of a level
BOLD_LETTER = 7.8  # as wide as a letter of 12 pixels in bold is on average

Page = Callable[[Node], str]
"""The address of a group or a person, "" where there is none."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A node, and where it stands."""

    node: Node
    level: int
    y: float
    below: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A level of the tree: where its words begin, and the room that they have."""

    x: float
    room: float

    @property
    def end(self) -> float:
        return self.x + self.room


def tree(outline: Outline, label: str, page: Page, name: Callable[[Node], str]) -> SafeString:
    """Return the picture of an outline; `name` gives words to groups that are no records."""
    spots, height = _placed(outline.nodes)
    every = [spot for top in spots for spot in _walk(top)]
    columns = _columns(every, name)
    lines = "".join(_line(spot, child, columns) for spot in every for child in spot.below)
    marks = [f'<path class="none ed" d="{lines}"/>'] if lines else []
    marks += [_mark(spot, columns[spot.level], page(spot.node), name(spot.node)) for spot in every]
    width = columns[-1].end if columns else 0
    return mark_safe(picture(width, height, label, marks, is_fixed=True))  # noqa: S308 - `drawing` escapes


def _placed(nodes: list[Node]) -> tuple[list[Spot], float]:
    """Return where everything stands, and how tall that is."""
    row = 0

    def place(node: Node, level: int) -> Spot:
        nonlocal row
        below = tuple(place(child, level + 1) for child in node.children)
        if below:
            y = (below[0].y + below[-1].y) / 2
        else:
            y = PITCH * row + PITCH / 2
            row += 1
        return Spot(node, level, y, below)

    spots = [place(node, 0) for node in nodes]
    return spots, PITCH * row


def _walk(spot: Spot) -> Iterator[Spot]:
    yield spot
    for child in spot.below:
        yield from _walk(child)


def _columns(spots: list[Spot], name: Callable[[Node], str]) -> list[Column]:
    """Return the levels, each as wide as what it says."""
    widths: dict[int, float] = {}
    for spot in spots:
        letters = len(said(name(spot.node))) + len(said(_tail(spot.node))) + 1
        widths[spot.level] = max(widths.get(spot.level, LEAST), letters * BOLD_LETTER)
    found: list[Column] = []
    for level in range(len(widths)):
        x = found[-1].end + GAP if found else 0
        found.append(Column(x, min(widths[level], MOST)))
    return found


def _line(spot: Spot, child: Spot, columns: list[Column]) -> str:
    end = columns[spot.level].end
    return f"M{end:.0f} {spot.y:.0f}h{GAP / 2:.0f}V{child.y:.0f}h{GAP / 2 - 4:.0f}"


def _tail(node: Node) -> str:
    """Return what stands behind a name: how many people, and what a draft does."""
    return joined(" ", filter(None, (number(node.people) if node.people else "", node.mark)))


def _mark(spot: Spot, column: Column, url: str, name: str) -> str:
    node = spot.node
    told = [name, counted(node.people) if node.people else "", node.mark]
    told += [say("selected")] if node.is_selected else []
    tail = _tail(node)
    words = text(
        column.x,
        spot.y + 4,
        cut(name, column.room - BOLD_LETTER * len(said(tail)), BOLD_LETTER),
        "mut" if node.is_gone else "b" if node.is_selected or not node.is_person else "",
        tail=span(tail, "mut"),
    )
    return link(url, joined(", ", filter(None, told)), words, in_tab_order=False)
