"""The map as SVG text. Marks carry classes, which a page's style sheet colors and `files` turns into attributes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote

from orgmodel.changes.pictures.drawing import counted, cut
from orgmodel.core.phrases import count, joined, said, say
from orgmodel.core.rules.base import SEVERITIES
from orgmodel.core.rules.sizes import is_beyond
from orgmodel.templatetags.orgmodel_ui import escape, within
from squads.board import Card, Seat, Tone
from squads.matrix.coloring import PLAIN, Coloring
from squads.matrix.layout import (
    INDENT,
    LETTER,
    LINE,
    SIGN,
    WIDTH,
    Band,
    Box,
    Head,
    Place,
    Scale,
    Sheet,
    Shelf,
    arrival_of,
    name_of,
    note_of,
    share_of,
)

PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+").fullmatch
DIM = ' opacity=".3"'
DASHED = ' stroke-dasharray="4 3"'
CIRCLE = "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0z"
SHAPES = (
    CIRCLE,
    "m0-4.2 4.3 7.8h-8.6z",
    "m-2.2-3.8h4.4l2.2 3.8-2.2 3.8h-4.4l-2.2-3.8z",
    "m-3.5-3.5h7v7h-7z",
    "m0-4.2 4.2 3.1-1.6 4.9h-5.2l-1.6-4.9z",
    "m0-4.5 4.5 4.5-4.5 4.5-4.5-4.5z",
    "m0-4.5 1.3 2.9 3.2.3-2.4 2.2.7 3.2-2.8-1.7-2.8 1.7.7-3.2-2.4-2.2 3.2-.3z",
    "m-1.4-4.2h2.8v2.8h2.8v2.8h-2.8v2.8h-2.8v-2.8h-2.8v-2.8h2.8z",
    CIRCLE,
)
"""A dot for each slot of the palette, as tribes have their glyphs, so that colors can be told apart without color."""

ALARMS = ("", "mut", "wn", "dg", "dg")
ALARM_SHAPES = (CIRCLE, CIRCLE, SHAPES[1], SHAPES[5], SHAPES[3])
"""The class and the dot of each severity from 1 to 4: they differ without color, too."""

NONE: Mapping[str, str] = MappingProxyType({})

Address = Callable[[str, str], str]
"""Returns the address of the page of a kind of record with a key."""


@dataclass(frozen=True, slots=True)
class Look:
    """How sheets are drawn: where marks lead, their tones, and whose keys a guild lights up."""

    address: Address
    coloring: Coloring = PLAIN
    lit: frozenset[str] | None = None


def addresses(pages: dict[str, str]) -> Address:
    """Return addresses made of those of a page of each kind whose key is "-key-": quicker than asking for each."""
    parts = {kind: escape(url).partition("-key-") for kind, url in pages.items()}

    def address(kind: str, key: str) -> str:
        before, _, after = parts[kind]
        return f"{before}{key if PLAIN_KEY(key) else quote(key, safe='')}{after}"

    return address


def draw(sheet: Sheet, look: Look) -> str:
    """Return a tribe's matrix as an element of a page."""
    label = (
        say("{tribe}: squads as columns, chapters as bands, people by name", tribe=sheet.name)
        if sheet.scale.is_named
        else say("{tribe}: squads as columns, chapters as bands, one dot for each person", tribe=sheet.name)
    )
    return (
        f'<svg class="chart matrix" viewBox="0 0 {WIDTH} {sheet.height:.0f}" role="group" '
        f'aria-label="{escape(label)}">{marks(sheet, look)}</svg>'
    )


def marks(sheet: Sheet, look: Look) -> str:
    return "".join(part for shelf in sheet.shelves for part in _shelf(sheet, shelf, look))


def _shelf(sheet: Sheet, shelf: Shelf, look: Look) -> Iterator[str]:
    yield f'<rect class="tr" x="0" y="{shelf.top:g}" width="{shelf.width:g}" height="3"/>'
    for number, band in enumerate(shelf.bands):
        yield _band(band, shelf.width, look, is_shaded=number % 2 == 0)
    lines = "".join(f"M{head.x:g} {shelf.top + 3:g}V{shelf.bottom:g}" for head in shelf.heads)
    yield f'<path class="ln" d="{lines}"/>'
    for head in shelf.heads:
        yield _edge(head, shelf)
        yield from _head(head, shelf.top, look)
    if sheet.scale.is_named:
        yield from (_named(place, sheet.scale, look) for place in shelf.places)
    else:
        yield '<g class="dots tr">'
        yield from (_dot(place, look) for place in shelf.places)
        yield "</g>"


def _band(band: Band, width: float, look: Look, *, is_shaded: bool) -> str:
    row = band.row
    shade = f'<rect class="band" x="0" y="{band.y:g}" width="{width:g}" height="{band.height:g}"/>'
    label = "".join(
        _line(6, band.middle + 12 * place, name, "mut x") for place, name in enumerate(band.names)
    )
    if row.key:
        words = escape(say("Chapter {chapter}: {people}", chapter=row.name, people=counted(row.size)))
        label = _link(look.address("chapter", row.key), words, label)
    return f"{shade if is_shaded else ''}{label}"


# Squads


def _edge(head: Head, shelf: Shelf) -> str:
    """Return what frames a squad that a draft closes or moves away, or stands above one that it makes."""
    if head.column.closed:
        x, y = head.x + 2, shelf.top + 5
        height = shelf.bottom - y
        return f'<rect class="none ed"{DASHED} x="{x:g}" y="{y:g}" width="{head.width - 4:g}" height="{height:g}"/>'
    if head.column.is_new:
        return f'<rect class="ac" x="{head.x:g}" y="{shelf.top:g}" width="{head.width:g}" height="3"/>'
    return ""


def _head(head: Head, top: float, look: Look) -> Iterator[str]:
    column = head.column
    css = "b mut" if column.closed else "b"
    alarm = "dg" if column.key and not column.closed and is_beyond(column.size, column.limit) else "mut"
    x, y = head.x + INDENT, top + 20
    first, *others = map(escape, head.names)
    right = head.x + head.width - SIGN - 4
    text = (
        f'<text class="{css}" x="{x:g}" y="{y:g}">{first} '
        f'<tspan class="{alarm}" x="{right:g}" text-anchor="end" unicode-bidi="isolate">{head.size}</tspan></text>'
    )
    for line in others:
        y += LINE
        text += f'<text class="{css}" x="{x:g}" y="{y:g}">{line}</text>'
    for note in head.notes:
        y += LINE
        text += f'<text class="x ac" x="{x:g}" y="{y:g}">{escape(note)}</text>'
    words = _squad_words(head)
    yield _link(look.address("squad", column.key), words, text) if column.key else text
    if column.severity:
        yield sign(head.x + head.width - SIGN, top + 10, column.severity)


def _squad_words(head: Head) -> str:
    column = head.column
    told = [
        count(
            column.size, "{name}: {size} person", "{name}: {size} people", name=column.name, size=head.size
        ),
        say("worst finding {severity}", severity=say(column.severity)) if column.severity else "",
        note_of(column),
        say("New in this draft") if column.is_new else "",
        column.mission,
    ]
    return escape(". ".join(dict.fromkeys(said(words).rstrip(".") for words in told if words)))


def sign(x: float, y: float, severity: str) -> str:
    """Return the sign of a severity: bars filled by its rank, or a filled square."""
    rank = SEVERITIES.index(severity)
    css = ALARMS[rank + 1]
    words = say("{severity} finding", severity=say(severity))
    title = f"<title>{escape(words)}</title>"
    if severity == "critical":
        square = f'<rect x="{x:g}" y="{y:g}" width="11" height="11" rx="2.5"/>'
        return (
            f'<g class="{css}">{title}{square}<path class="cut" d="M{x + 5.5:g} {y + 2:g}v4.5m0 1.5v1"/></g>'
        )
    bars = (
        f'<rect x="{x + 4 * bar:g}" y="{y + 7 - 3.5 * bar:g}" width="3" height="{4 + 3.5 * bar:g}"'
        f"{'' if bar <= rank else DIM}/>"
        for bar in range(3)
    )
    return f'<g class="{css}">{title}{"".join(bars)}</g>'


# People


def _words(what: Card | Seat, tone: Tone | None) -> str:
    if isinstance(what, Seat):
        return escape(say("Vacant: {title}", title=what.title))
    share = f"{what.share} %" if what.share not in (None, 100) else ""
    label = tone.label if tone is not None else ""
    fate = say("moves away") if what.ghost else arrival_of(what)
    told = (what.name, what.lead_mark, what.level, share, label, fate)
    return escape(", ".join(dict.fromkeys(map(said, filter(None, told)))))


def _named(place: Place, scale: Scale, look: Look) -> str:
    """Return someone by name, or a vacancy by its title."""
    what = place.what
    if isinstance(what, Seat):
        return _link(look.address("vacancy", what.key), _words(what, None), _vacant(place, what, scale))
    is_lit = look.lit is not None and what.person_key in look.lit
    tone = look.coloring.tones.get(what.id) if is_lit or look.lit is None else None
    room, behind, beside = place.width - 6, [], []
    if what.ghost:
        behind.append(f'<rect class="vacd" {_box(place)}/>')
    if is_lit:
        behind.append(f'<rect class="pill" {_box(place)}/>')
    if tone is not None and tone.code:
        behind.append(f"<rect{_tint(tone)} {_box(place)}/>")
        beside.append(_line(place.x + place.width - 10, place.y, tone.code, "x", ' text-anchor="end"'))
        room -= (len(said(tone.code)) + 1) * LETTER
    if arrival := arrival_of(what):
        bar = f'x="{place.x - 6:g}" y="{place.y - 8.5:g}" width="2.5" height="29"'
        behind.append(f'<rect class="ac" {bar}/>')
        beside.append(_line(place.x, place.y + 14, cut(arrival, place.width - 4, LETTER), "x ac"))
    css = "x b" if is_lit else "x mut" if what.ghost or look.lit is not None else "x"
    share = share_of(what, scale)
    name = cut(name_of(what, scale), room - len(share) * LETTER, LETTER * 1.1 if is_lit else LETTER)
    tail = f'<tspan class="mut">{share}</tspan>' if share else ""
    marks = "".join([*behind, _line(place.x, place.y, name, css, tail=tail), *beside])
    return _link(look.address("person", what.person_key), _words(what, tone), marks)


def _vacant(place: Place, seat: Seat, scale: Scale) -> str:
    title = cut(name_of(seat, scale), place.width - 6, LETTER)
    return f'<rect class="vacd" {_box(place)}/>{_line(place.x, place.y, title, "x")}'


def _box(place: Place) -> str:
    return f'x="{place.x - 4.5:g}" y="{place.y - 8.5:g}" width="{place.width - 2:g}" height="17" rx="3"'


def _line(x: float, y: float, words: str, css: str, rest: str = "", *, tail: str = "") -> str:
    """Return a line of text whose middle is at a height; `tail` is markup that follows it."""
    return f'<text class="{css}" x="{x:g}" y="{y + 4:g}"{rest}>{escape(words)}{tail}</text>'


def _link(url: str, words: str, inner: str) -> str:
    return f'<a href="{url}"><title>{words}</title>{inner}</a>'


def _tint(tone: Tone) -> str:
    if tone.is_alarm:
        return f' class="{ALARMS[tone.step]}" fill-opacity="{0.3 if tone.step == 4 else 0.15}"'
    if tone.hue:
        return f' class="tint" data-color="{tone.hue}"'
    return f' class="h{tone.step}"' if tone.step else ' class="h0"'


def _dot(place: Place, look: Look) -> str:
    what = place.what
    at = f"M{place.x:g} {place.y:g}"
    if isinstance(what, Seat):
        href, css, shape, tone = look.address("vacancy", what.key), ' class="vacd"', CIRCLE, None
    else:
        href, tone = look.address("person", what.person_key), look.coloring.tones.get(what.id)
        css, shape = _dot_css(what, tone, look.lit)
    return (
        f'<a href="{href}" tabindex="-1"><title>{_words(what, tone)}</title><path{css} d="{at}{shape}"/></a>'
    )


def _dot_css(card: Card, tone: Tone | None, lit: frozenset[str] | None) -> tuple[str, str]:
    """Return the attributes and the shape of someone's dot."""
    if card.ghost:
        return ' class="vacd"', CIRCLE
    if lit is not None and card.person_key not in lit:
        return ' class="fade"', CIRCLE
    ring = "ring" if lit is not None else ""
    if tone is not None:
        return _tone_css(tone, ring), _shape(tone)
    css = " ".join(name for name in ("moved" if arrival_of(card) else "", ring) if name)
    return f' class="{css}"' if css else "", CIRCLE


def _shape(tone: Tone) -> str:
    return ALARM_SHAPES[tone.step] if tone.is_alarm else SHAPES[tone.hue]


def _tone_css(tone: Tone, ring: str = "") -> str:
    if tone.hue:
        name = "tr"
    elif tone.is_alarm:
        name = ALARMS[tone.step]
    else:
        name = f"s{tone.step}" if tone.step else "h0"
    color = f' data-color="{tone.hue}"' if tone.hue else ""
    return f' class="{name} {ring}"{color}' if ring else f' class="{name}"{color}'


def swatch(tone: Tone) -> str:
    """Return the dot of a tone around the origin, for a legend."""
    return f'<path{_tone_css(tone)} d="M0 0{_shape(tone)}"/>'


# Squads as boxes

BOX, TALL, PER_LINE = 44, 22, 6
TILE = BOX * PER_LINE


def boxes(
    squads: Sequence[Box], url: Callable[[str], str], label: str, worst: Mapping[str, str] = NONE
) -> str:
    """Return squads as boxes with their numbers of people. `worst` has the worst severity of some squads by id."""
    inner, height = box_marks(squads, url, worst)
    return (
        f'<svg class="chart boxes" viewBox="0 0 {TILE} {height}" width="{TILE}" height="{height}" role="group" '
        f'aria-label="{escape(label)}">{inner}</svg>'
    )


def box_marks(
    squads: Sequence[Box], url: Callable[[str], str], worst: Mapping[str, str] = NONE
) -> tuple[str, int]:
    """Return the boxes, and how tall they are together."""
    parts = []
    for place, box in enumerate(squads):
        severity = worst.get(box.id, "")
        x, y = BOX * (place % PER_LINE), TALL * (place // PER_LINE)
        words = escape(_box_words(box, severity))
        shown, css = _box_number(box)
        frame = f'class="none ed"{DASHED}' if box.is_gone else 'class="tint"'
        mark = f'<rect class="ac" x="{x}" y="{y}" width="{BOX - 4}" height="3"/>' if box.is_new else ""
        parts.append(
            f'<a href="{url(box.key)}"><title>{words}</title><rect {frame} x="{x}" y="{y}" width="{BOX - 4}" '
            f'height="{TALL - 4}"/>{mark}<text class="x {css}" x="{x + 5}" y="{y + 13}">{shown}</text></a>'
            + (sign(x + BOX - 17, y + 3.5, severity) if severity else "")
        )
    return "".join(parts), TALL * -(-len(squads) // PER_LINE)


def _box_number(box: Box) -> tuple[int, str]:
    """Return the number in a box, and its class. One that is there no more keeps the number that it had."""
    if box.is_gone:
        return box.size_before or 0, "mut"
    if box.is_over:
        return box.size, "dg"
    return box.size, "b ac" if box.size_before not in (None, box.size) else ""


def _box_words(box: Box, severity: str) -> str:
    was = box.size_before
    told = [
        say("{name}: {people}", name=box.name, people=counted(box.size)),
        say("worst finding {severity}", severity=say(severity)) if severity else "",
        say("{n:,} before", n=was) if was and was != box.size else "",
        within(box.fate),
    ]
    return joined(", ", filter(None, told))
