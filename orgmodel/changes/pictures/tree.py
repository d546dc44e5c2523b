"""An outline as a tree: from left to right, each group half-way beside what is below it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from orgmodel.changes.pictures.drawing import counted, cut, link, number, picture, span, text
from orgmodel.core.phrases import joined, said, say
from orgmodel.core.structure import Node, Outline

PITCH = 20  # from line to line
STEP = 208  # from level to level
ROOM = 176  # for the words of one level
WIDTH = 1040  # at least, so that a small tree is not drawn large

Page = Callable[[Node], str]
"""The address of a group or a person, "" where there is none."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A node, and where it stands."""

    node: Node
    x: float
    y: float
    below: tuple[Spot, ...]


def tree(outline: Outline, label: str, page: Page, name: Callable[[Node], str]) -> SafeString:
    """Return the picture of an outline; `name` gives words to groups that are no records."""
    spots, height = _placed(outline.nodes)
    every = [spot for top in spots for spot in _walk(top)]
    width = max(WIDTH, max((spot.x for spot in every), default=0) + STEP)
    lines = "".join(_line(spot, child) for spot in every for child in spot.below)
    marks = [f'<path class="none ed" d="{lines}"/>'] if lines else []
    marks += [_mark(spot, page(spot.node), name(spot.node)) for spot in every]
    return mark_safe(picture(width, height, label, marks))  # noqa: S308 - `drawing` escapes


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
        return Spot(node, STEP * level, y, below)

    spots = [place(node, 0) for node in nodes]
    return spots, PITCH * row


def _walk(spot: Spot) -> Iterator[Spot]:
    yield spot
    for child in spot.below:
        yield from _walk(child)


def _line(spot: Spot, child: Spot) -> str:
    return f"M{spot.x + ROOM + 4:.0f} {spot.y:.0f}h12V{child.y:.0f}h{STEP - ROOM - 20}"


def _mark(spot: Spot, url: str, name: str) -> str:
    node = spot.node
    told = [name, counted(node.people) if node.people else "", node.mark]
    told += [say("selected")] if node.is_selected else []
    tail = joined(" ", filter(None, (number(node.people) if node.people else "", node.mark)))
    words = text(
        spot.x,
        spot.y + 4,
        cut(name, ROOM - 7 * len(said(tail))),
        "mut" if node.is_gone else "b" if node.is_selected or not node.is_person else "",
        tail=span(tail, "mut"),
    )
    return link(url, joined(", ", filter(None, told)), words, in_tab_order=False)
