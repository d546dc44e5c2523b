"""The few marks that pictures are made of, as SVG. Words are said in the reader's language and escaped here only."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from html import escape

from django.utils.formats import date_format

from orgmodel.core.org import Org
from orgmodel.core.phrases import Phrase, count, said, say
from orgmodel.templatetags.orgmodel_ui import asset, slot

LETTER = 6.2  # as wide as a letter of 12 pixels is on average
SMALL_LETTER = 5.8  # and one of 11 pixels

_PART = re.compile(r"[^\s_/-]*[\s_/-]+|[^\s_/-]+")  # of a name that may stand on a line of its own


def picture(width: float, height: float, label: str, parts: list[str], *, is_fixed: bool = False) -> str:
    """Return a whole picture. It holds links, so it is a group with a name rather than an image.

    One that `is_fixed` is never drawn larger or smaller, however wide the page is.
    """
    size = f' as-is" width="{width:.0f}" height="{height:.0f}"' if is_fixed else '"'
    return (
        f'<svg class="chart{size} viewBox="0 0 {width:.0f} {height:.0f}" role="group" '
        f'aria-label="{_told(label)}">{"".join(parts)}</svg>'
    )


def text(x: float, y: float, words: str, css: str = "", *, anchor: str = "", tail: str = "") -> str:
    """Return a line of text; `tail` is markup that follows it, made by `span`."""
    css = f' class="{css}"' if css else ""
    anchor = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text{css} x="{x:.1f}" y="{y:.1f}"{anchor}>{_told(words)}{tail}</text>'


def span(words: str, css: str) -> str:
    """Return words after a name, such as "0 → 10": read from left to right also where the name is not."""
    return f' <tspan class="{css}" unicode-bidi="isolate">{_told(words)}</tspan>' if words else ""


def link(url: str, words: str, inner: str, *, in_tab_order: bool = True) -> str:
    """Return marks that open a page and say in words what they are; without an address they only say it.

    Marks whose page another mark opens too stay out of the tab order.
    """
    told = _told(words)
    inner = f"<title>{told}</title>{inner}"
    if not url:
        return f"<g>{inner}</g>"
    skip = "" if in_tab_order else ' tabindex="-1"'
    return f'<a href="{escape(url)}" aria-label="{told}"{skip}>{inner}</a>'


def glyph(x: float, y: float, color: int) -> str:
    """Return a tribe's shape, 10 pixels wide, to be put into a group of its color."""
    href = f"{asset('icons.svg')}#g{color}"
    return f'<svg class="tr" x="{x:.1f}" y="{y:.1f}" width="10" height="10"><use href="{href}"/></svg>'


def color_of(org: Org, tribe: str | None) -> int:
    """Return the palette slot of a tribe, or 0 where there is none."""
    record = org.tribes.get(tribe) if tribe else None
    return slot(record.color) if record is not None else 0


def colored(color: int, inner: str) -> str:
    return f'<g data-color="{color}">{inner}</g>' if color else inner


def cut(words: str, width: float, letter: float = LETTER) -> str:
    """Return as much of a text as there is room for."""
    words, letters = said(words), max(2, int(width / letter))
    return words if len(words) <= letters else f"{words[: letters - 1].rstrip()}…"


def broken(words: str, room: float, letter: float, *, most: int, indent: float = 0) -> tuple[str, ...]:
    """Break words at spaces and hyphens where they must. The first line is shorter by `indent`."""
    words = said(words)
    if len(words) * letter <= room - indent:
        return (words,) if words else ()
    lines: list[str] = []
    for part in _PART.findall(words):
        taken = indent if len(lines) == 1 else 0
        is_fitting = bool(lines) and len((lines[-1] + part).rstrip()) * letter <= room - taken
        if is_fitting or len(lines) == most:
            lines[-1] += part
        else:
            lines.append(part)
    rooms = [room - indent, *[room] * len(lines)]
    return tuple(_cut(line.strip(), width, letter) for line, width in zip(lines, rooms, strict=False))


def _cut(line: str, room: float, letter: float) -> str:
    """Return a line, cut with room to spare where it is too long: letters of one word may all be wide ones."""
    return line if len(line) * letter <= room else cut(line, room, letter * 1.1)


@lru_cache(maxsize=1_024)
def counted(people: int) -> Phrase:
    return count(people, "{n:,} person", "{n:,} people")


def number(value: int) -> Phrase:
    return say("{n:,}", n=value)


def day_of(day: date) -> str:
    """Return a day as pictures name it: "3 Nov 2026"."""
    return date_format(day, "j M Y")


def _told(words: str) -> str:
    return escape(said(words))
