"""The tables of a page as rows and columns: what someone sees is what they get in a file."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.utils.formats import get_format

SKIPPED = frozenset({"button", "form", "svg", "select", "script", "template", "style"})
"""Elements that are not part of what a cell says."""

VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "col", "wbr", "use", "path"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "caption"})
APART = frozenset({"br", "li", "p", "div", "dt"})
HIDDEN = "vh"  # the class of words for those who cannot see the page
APPARATUS = frozenset({"menu", "js"})  # classes of what is there to act, not to tell
ACTS = "acts"  # the class of the head of a column of nothing else

UNBROKEN = "\N{NO-BREAK SPACE}"
_SPACE = re.compile(r"[ \t\r\n\f]+")

Value = str | int


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is on a page, without columns that hold nothing but controls."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def tables_of(html: str) -> list[Table]:
    """Return the tables of a page in their order. Those without a cell that says anything are left out."""
    reader = _Reader()
    reader.feed(html)
    return [table for table in map(_table, reader.found) if table.rows]


def title_of(html: str) -> str:
    """Return the name of a page, without that of the organization behind it."""
    found = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    return _Reader.words(found[1]).rpartition(" · ")[0] if found is not None else ""


@dataclass(slots=True)
class _Cell:
    """What a cell says, and what it says only to those who cannot see it."""

    shown: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    span: int = 1
    acts: bool = False  # whether what stands below it is there to act

    def text(self) -> str:
        said = _tidy(self.shown)
        return said or _tidy(self.hidden)


@dataclass(slots=True)
class _Found:
    title: str
    head: list[list[_Cell]] = field(default_factory=list)
    body: list[list[_Cell]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects tables with the heading that stands before each."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[_Found] = []
        self._heading: list[str] | None = None
        self._title = ""
        self._table: _Found | None = None
        self._in_head = False
        self._cell: _Cell | None = None
        self._skipped: list[str] = []  # open elements that are left out, with those inside them
        self._has_ended = False  # an element, and nothing was said since
        self._hidden: list[str] = []  # open elements whose words are hidden, with those inside them

    @classmethod
    def words(cls, html: str) -> str:
        """Return the plain text of a piece of a page."""
        reader = cls()
        reader._cell = _Cell()
        reader.feed(html)
        reader.close()
        return reader._cell.text()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self._skipped:
            if tag not in VOID:
                self._skipped.append(tag)
            return
        classes = {*(given.get("class") or "").split()}
        is_reading = self._cell is not None or self._heading is not None
        is_way_on = tag == "a" and self._heading is not None and _tidy(self._heading)
        is_apparatus = tag in SKIPPED or classes & APPARATUS or given.get("aria-hidden") == "true"
        if is_reading and (is_way_on or is_apparatus):
            if tag not in VOID:
                self._skipped.append(tag)
        elif tag == "table":
            self._table = _Found(self._title)
        elif tag in HEADINGS:
            self._heading = []
        elif self._table is not None:
            self._start_in_table(tag, given)
        if self._cell is None or tag in VOID or self._skipped:
            return
        if self._has_ended:
            self._cell.shown.append(" ")  # between what stands side by side on the page
        if self._hidden or HIDDEN in classes:
            self._hidden.append(tag)

    def _start_in_table(self, tag: str, given: dict[str, str | None]) -> None:
        assert self._table is not None
        if tag in ("thead", "tbody", "tfoot"):
            self._in_head = tag == "thead"
        elif tag == "tr":
            (self._table.head if self._in_head else self._table.body).append([])
        elif tag in ("td", "th"):
            acts = self._in_head and ACTS in (given.get("class") or "").split()
            self._cell = _Cell(span=_span(given.get("colspan")), acts=acts)
            rows = self._table.head if self._in_head else self._table.body
            rows[-1].append(self._cell)
        elif tag == "time" and self._cell is not None:
            self._cell.shown.append(given.get("datetime") or "")
            self._skipped.append(tag)  # the day itself, rather than how the page shortens it
        elif tag in APART and self._cell is not None and _tidy(self._cell.shown):
            self._cell.shown.append("; ")

    def handle_endtag(self, tag: str) -> None:
        self._has_ended = True
        if self._skipped:
            if self._skipped[-1] == tag:
                self._skipped.pop()
            return
        if self._hidden:
            if self._hidden[-1] == tag:
                self._hidden.pop()
            return
        if tag == "table" and self._table is not None:
            self.found.append(self._table)
            self._table = None
        elif tag in ("td", "th"):
            self._cell = None
        elif tag in HEADINGS and self._heading is not None:
            title = _tidy(self._heading)
            self._heading = None
            if self._table is None:
                self._title = title
            elif tag == "caption" and title:
                self._table.title = title

    def handle_data(self, data: str) -> None:
        self._has_ended = False
        if self._skipped:
            return
        if self._heading is not None:
            self._heading.append(data)
        elif self._cell is not None:
            (self._cell.hidden if self._hidden else self._cell.shown).append(data)


def _span(text: str | None) -> int:
    return min(int(text), 100) if text is not None and text.isdecimal() and int(text) > 0 else 1


def _tidy(parts: list[str]) -> str:
    """Return what is said; a space that does not break stays, as it may be part of a number."""
    return _SPACE.sub(" ", "".join(parts)).replace(" ; ", "; ").replace(".; ", ". ").strip(f"; {UNBROKEN}")


def _table(found: _Found) -> Table:
    head = [_texts(row) for row in found.head]
    body = [row for row in map(_texts, found.body) if any(row)]
    width = max(map(len, [*head, *body]), default=0)
    columns, rows = _padded(head[-1] if head else [], width), [_padded(row, width) for row in body]
    acts = [cell.acts for cell in (found.head[-1] if found.head else ()) for _ in range(cell.span)]
    told = (place for place in range(width) if not any(acts[place : place + 1]))
    kept = [place for place in told if any(row[place] for row in rows)]
    return Table(
        _plain(found.title),
        tuple(_plain(columns[place]) for place in kept),
        tuple(tuple(value_of(row[place]) for place in kept) for row in rows),
    )


def _texts(row: list[_Cell]) -> list[str]:
    """Return what the cells of a row say; one that spans several columns says it in the first of them."""
    return [text for cell in row for text in (cell.text(), *[""] * (cell.span - 1))]


def _padded(row: list[str], width: int) -> list[str]:
    return row + [""] * (width - len(row))


def value_of(text: str) -> Value:
    """Return a number where a cell says nothing but one as the reader's language writes it: "1,204" is 1204."""
    thousands = str(get_format("THOUSAND_SEPARATOR"))
    if _number(thousands).fullmatch(text) is None:
        return _plain(text)
    return int(text.replace(thousands, "").replace("\N{MINUS SIGN}", "-"))


@functools.cache
def _number(thousands: str) -> re.Pattern[str]:
    return re.compile(rf"[-\N{{MINUS SIGN}}+]?\d{{1,3}}({re.escape(thousands)}\d{{3}})*")


def _plain(text: str) -> str:
    return text.replace(UNBROKEN, " ")
