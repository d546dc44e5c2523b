"""Pictures of units as SVG text. Presentation attributes and classes only, since the content security policy blocks
style attributes; every mark says in words what it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.safestring import SafeString, mark_safe

from orgmodel.changes.pictures.drawing import cut
from orgmodel.core.phrases import say
from orgmodel.templatetags.orgmodel_ui import escape
from squads.board import Board, Cell, Column, Row

LABELS = 116  # width of the chapters' names
WIDTH = 598
HEAD = 34  # height of the squads' names
LINE = 13
STEP = 10  # from dot to dot
LETTER = 5.9  # as wide as a letter is on average
SIZE = 14  # room for a squad's size


def mini_matrix(board: Board, urls: Mapping[str, str]) -> SafeString:
    """Return a tribe in small: squads as columns, chapters as rows, a dot for each person, an empty one for a vacancy.

    `urls` are the squads' addresses by key; a squad without one is not linked.
    """
    columns = [column for column in board.columns if column.key]
    if not columns:
        return SafeString("")
    width = (WIDTH - LABELS) / max(len(columns), 4)
    tops = _tops(board.rows, columns, per_line=max(1, int((width - STEP) / STEP)))
    height = tops[-1] + 2
    told = say("{tribe}: squads as columns, chapters as rows, one dot for each person", tribe=board.name)
    parts = [f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="group" aria-label="{escape(told)}">']
    for number, row in enumerate(board.rows):
        top, tall = tops[number], tops[number + 1] - tops[number]
        if number % 2 == 0:
            parts.append(f'<rect class="band" x="0" y="{top}" width="{WIDTH}" height="{tall}"/>')
        label = escape(cut(row.name, LABELS - 8, LETTER))
        parts.append(f'<text class="mut x" x="2" y="{top + 10}">{label}</text>')
    for number, column in enumerate(columns):
        left = LABELS + number * width
        parts.append(_head(column, urls.get(column.key, ""), left, width))
        for top, row in zip(tops, board.rows, strict=False):
            parts += _dots(_cell(row, column), left, top, per_line=max(1, int((width - STEP) / STEP)))
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308 - every text above is escaped where it is put in


def _tops(rows: list[Row], columns: list[Column], per_line: int) -> list[int]:
    """Return where each row begins, and where the last one ends; crowded cells take several lines."""
    tops = [HEAD]
    for row in rows:
        most = max(
            len(cell.cards) + len(cell.vacancies) for cell in (_cell(row, column) for column in columns)
        )
        tops.append(tops[-1] + LINE * max(1, -(-most // per_line)))
    return tops


def _cell(row: Row, column: Column) -> Cell:
    return next(cell for cell in row.cells if cell.squad_key == column.key)


def _head(column: Column, url: str, left: float, width: float) -> str:
    first, second = _two_lines(column.name, width - STEP)
    text = "".join(
        f'<text class="x" x="{left + 1:.1f}" y="{y}">{escape(line)}</text>'
        for line, y in ((first, 15), (second, 28))
    )
    link = f'<a href="{escape(url)}" aria-label="{escape(column.name)}">{text}</a>' if url else text
    return (
        f'<rect class="tr" x="{left:.1f}" y="0" width="{width - STEP:.1f}" height="2"/>'
        f"{link}"
        f'<text class="x b" x="{left + width - STEP - 1:.1f}" y="15" text-anchor="end">{column.size}</text>'
    )


def _two_lines(name: str, width: float) -> tuple[str, str]:
    """Break a squad's name into two lines; the first one leaves room for the size."""
    words = name.split()
    first = words.pop(0)
    while words and len(f"{first} {words[0]}") * LETTER <= width - SIZE:
        first = f"{first} {words.pop(0)}"
    return cut(first, width - SIZE, LETTER), cut(" ".join(words), width, LETTER)


def _dots(cell: Cell, left: float, top: int, per_line: int) -> Iterator[str]:
    marks = [("tr", card.name) for card in cell.cards] + [
        ("vacd", say("Vacant: {title}", title=v.title)) for v in cell.vacancies
    ]
    for number, (css, words) in enumerate(marks):
        x = left + 4 + STEP * (number % per_line)
        y = top + 6.5 + LINE * (number // per_line)
        yield f'<circle class="{css}" cx="{x:.1f}" cy="{y}" r="3.5"><title>{escape(words)}</title></circle>'
