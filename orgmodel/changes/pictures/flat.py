"""What pictures look like without a style sheet: the light colors of `tokens.css` and `charts.css` as attributes.

In files, in slides and on paper. Whatever is painted in the color of a tribe takes `currentColor`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from django.utils.translation import gettext as _

from orgmodel.changes.pictures.drawing import day_of

HUES = (
    "#8a93a1", "#2f9c7d", "#b07ba9", "#0c3f6a", "#df6a12", "#397852", "#635100", "#6a1d32", "#685dde",
)  # fmt: skip
"""The colors of tribes by slot of the palette; the first is for what belongs to none."""

INK, MUTED, EDGE, ACCENT, PAPER = "#1a1d23", "#5b6472", "#8a93a1", "#3b4ec9", "#ffffff"
DANGER, WARN = "#b3261e", "#8a4b00"
MARGIN = 24  # around a picture in a file
TITLE = 44  # height of what stands above it

ATTRIBUTES: Mapping[str, Mapping[str, str]] = {
    "b": {"font-weight": "600"},
    "x": {"font-size": "11"},
    "mut": {"fill": MUTED},
    "dg": {"fill": DANGER},
    "wn": {"fill": WARN},
    "ac": {"fill": ACCENT},
    "moved": {"fill": ACCENT},
    "sf": {"fill": PAPER},
    "ikf": {"fill": INK},
    "none": {"fill": "none"},
    "band": {"fill": "#f7f8fa"},
    "later": {"fill": "#8f8672", "fill-opacity": ".09"},
    "ln": {"stroke": "#dfe3e8"},
    "ed": {"stroke": EDGE},
    "ik": {"stroke": INK},
    "cut": {"stroke": "#fff", "stroke-width": "1.5"},
    "ring": {"stroke": INK, "stroke-width": "1.5"},
    "fade": {"fill-opacity": ".25"},
    "vacd": {"fill": "none", "stroke": EDGE, "stroke-dasharray": "2 1.5"},
    "tr": {"fill": "currentColor"},
    "ts": {"stroke": "currentColor"},
    "tint": {"fill": "currentColor", "fill-opacity": ".18"},
    "pill": {"fill": "currentColor", "fill-opacity": ".14", "stroke": "currentColor", "stroke-width": "1.5"},
    "danger": {"color": DANGER},
    "warn": {"color": WARN},
    "m": {"color": MUTED},
    "h0": {"fill": "none", "stroke": EDGE},
    **{f"h{step}": {"fill": ACCENT, "fill-opacity": f"{step * 0.11:.2f}"} for step in range(1, 5)},
    **{
        f"s{step}": {"fill": ACCENT, "stroke": ACCENT, "fill-opacity": f"{step * 0.25:.2f}"}
        for step in range(1, 5)
    },
}
"""What a class becomes."""

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Title:
    """What stands above the picture in a file: the name of what it shows, and which day or draft."""

    name: str
    note: str


def heading(title: Title, x: float = 0, y: float = 0) -> str:
    """Return what stands above a picture whose top is `TITLE` below this place."""
    note = f'<tspan fill="{MUTED}" unicode-bidi="isolate" font-size="12" font-weight="400">{escape(title.note)}</tspan>'
    return (
        f'<text x="{x:g}" y="{y + 16:g}" font-size="20" font-weight="600">{escape(title.name)} {note}</text>'
    )


def moment_of(reality: Any, today: date, *, is_before: bool = False) -> str:
    """Return which organization a file shows, since it will be looked at on other days."""
    day = day_of(today)
    if reality.kind != "draft":
        return day
    name = reality.draft.name
    if is_before:
        return _("before “{draft}”, {day}").format(draft=name, day=day)
    return _("draft “{draft}”, {day}").format(draft=name, day=day)


def xml_of(markup: str) -> str:
    """Return markup of a page without what no XML file can hold: names may have it, and HTML bears it."""
    return _NOT_XML.sub("", markup)
