"""The few marks that pictures are made of, as SVG text. What comes from people is escaped here and nowhere else."""

from __future__ import annotations

from datetime import date
from html import escape

from orgmodel.core.org import Org
from orgmodel.templatetags.orgmodel_ui import asset, slot

LETTER = 6.2  # as wide as a letter of 12 pixels is on average
SMALL_LETTER = 5.8  # and one of 11 pixels


def picture(width: float, height: float, label: str, parts: list[str]) -> str:
    """Return a whole picture. It holds links, so it is a group with a name rather than an image."""
    return (
        f'<svg class="chart" viewBox="0 0 {width:.0f} {height:.0f}" role="group" aria-label="{escape(label)}">'
        f"{''.join(parts)}</svg>"
    )


def text(x: float, y: float, words: str, css: str = "", *, anchor: str = "", tail: str = "") -> str:
    """Return a line of text; `tail` is markup that follows it, made by `span`."""
    css = f' class="{css}"' if css else ""
    anchor = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text{css} x="{x:.1f}" y="{y:.1f}"{anchor}>{escape(words)}{tail}</text>'


def span(words: str, css: str) -> str:
    return f' <tspan class="{css}">{escape(words)}</tspan>' if words else ""


def link(url: str, words: str, inner: str, *, in_tab_order: bool = True) -> str:
    """Return marks that open a page and say in words what they are; without an address they only say it.

    Marks whose page another mark opens too stay out of the tab order.
    """
    told = f"<title>{escape(words)}</title>{inner}"
    if not url:
        return f"<g>{told}</g>"
    skip = "" if in_tab_order else ' tabindex="-1"'
    return f'<a href="{escape(url)}" aria-label="{escape(words)}"{skip}>{told}</a>'


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
    letters = max(2, int(width / letter))
    return words if len(words) <= letters else f"{words[: letters - 1].rstrip()}…"


def named(names: list[str], noun: str) -> str:
    """Return one or two names, or how many there are: "Home & Browse, Search", "5 squads"."""
    return ", ".join(names) if len(names) <= 2 else f"{len(names)} {noun}"


def counted(count: int, one: str = "person", many: str = "people") -> str:
    return f"{count:,} {one if count == 1 else many}"


def day_of(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
