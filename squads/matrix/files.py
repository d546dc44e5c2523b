"""The map as a file of its own: for slides, wikis and mail, where no style sheet of ours is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from orgmodel.changes.pictures.drawing import counted, number
from orgmodel.changes.pictures.flat import ATTRIBUTES, HUES, INK, MARGIN, PAPER, TITLE, Title, heading, xml_of
from orgmodel.core.phrases import joined, say
from orgmodel.templatetags.orgmodel_ui import escape, slot, within
from squads.board import Board
from squads.matrix.drawing import SHAPES, TILE, Look, box_marks, marks
from squads.matrix.layout import WIDTH, Scale, lay_out
from squads.matrix.overview import Tile

HEADING = 26  # and of a tribe's name
BETWEEN = 34
ACROSS = 4  # tribes beside each other, where squads are boxes

CLASS = re.compile(r' (?:class="([^"]*)"|data-color="(\d)")')


def matrix_file(title: Title, boards: Iterable[Board], scale: Scale, look: Look) -> str:
    """Return tribes one below the other, people by name or as dots."""
    parts = []
    y = float(TITLE)
    for board in boards:
        sheet = lay_out(board, scale)
        leads = ", ".join(lead.name for lead in board.leads if lead.name)
        people = counted(board.people_count)
        note = say("{people}, led by {leads}", people=people, leads=leads) if leads else people
        parts.append(
            _tribe(y, board.tribe.color if board.tribe else "", board.name, note, marks(sheet, look))
        )
        y += HEADING + sheet.height + BETWEEN
    return _file(WIDTH, y - BETWEEN, title, "".join(parts))


def boxes_file(title: Title, tiles: Iterable[Tile], url: Callable[[str], str]) -> str:
    """Return tribes beside and below each other, squads as boxes with their numbers."""
    parts = []
    y, tallest = float(TITLE), 0
    for place, tile in enumerate(tiles):
        column = place % ACROSS
        if place and not column:
            y += HEADING + tallest + BETWEEN
            tallest = 0
        inner, height = box_marks(tile.squads, url)
        tallest = max(tallest, height)
        note = joined(", ", filter(None, (number(tile.people), within(tile.fate))))
        tribe = _tribe(y, tile.tribe.color if tile.tribe else "", tile.name, note, inner)
        parts.append(f'<g transform="translate({column * (TILE + 32)} 0)">{tribe}</g>')
    return _file(ACROSS * (TILE + 32) - 32, y + HEADING + tallest, title, "".join(parts))


def _tribe(y: float, color: str, name: str, note: str, inner: str) -> str:
    """Return a tribe under its name, in its color; whoever belongs to none is gray."""
    hue = slot(color) if color else 0
    return (
        f'<g transform="translate(0 {y:g})" color="{HUES[hue]}"><path class="tr" d="M5 9{SHAPES[hue]}"/>'
        f'<text class="b" x="16" y="14">{escape(name)} '
        f'<tspan class="mut" unicode-bidi="isolate" font-weight="400">{escape(note)}</tspan></text>'
        f'<g transform="translate(0 {HEADING})">{inner}</g></g>'
    )


def _file(width: float, height: float, title: Title, inner: str) -> str:
    return as_file(width, height, say("Map of {name}", name=title.name), heading(title) + inner)


def as_file(width: float, height: float, label: str, inner: str) -> str:
    """Return marks as a picture that needs no style sheet: in light colors, on white, in whatever font there is."""
    left, right, bottom = -MARGIN, width + 2 * MARGIN, height + 2 * MARGIN
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left} {left} {right:.0f} {bottom:.0f}" '
        f'width="{right:.0f}" height="{bottom:.0f}" role="img" aria-label="{escape(label)}" '
        f'font-family="system-ui, sans-serif" font-size="12" fill="{INK}">'
        f'<rect x="{left}" y="{left}" width="100%" height="100%" fill="{PAPER}"/>{CLASS.sub(_attributes, inner)}</svg>'
    )
    return xml_of(svg)


def _attributes(found: re.Match[str]) -> str:
    if found[2]:
        return f' color="{HUES[int(found[2])]}"'
    attributes: dict[str, str] = {}
    for name in found[1].split():
        attributes |= ATTRIBUTES.get(name, {})
    return "".join(f' {name}="{value}"' for name, value in attributes.items())
