"""Bytes of a CSV file to rows with line numbers. Whatever is wrong with a file is a `Fault` that names the place.

`Table` is what every format becomes; the other formats are read by modules of their own.
"""

from __future__ import annotations

import csv
import dataclasses
import difflib
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from orgmodel.changes.files.layout import (
    HOME,
    KIND_OF,
    PAIRS,
    Pairs,
    identifying_columns,
    paired_name,
    required_columns,
)
from orgmodel.core.phrases import Phrase, count, joined, say
from orgmodel.core.records import specs_of

MAX_COLUMNS = 64
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
ZIP = b"PK\x03\x04"
MISSING = say("is missing")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong in a file. `column` is "" where a whole line or file is meant."""

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        return str(self.told)

    @property
    def told(self) -> Phrase:
        """The place and what is wrong there, for people."""
        place = (f"{self.file}:{self.line}", self.column) if self.column else (f"{self.file}:{self.line}",)
        return joined(": ", (*place, self.message))


Cell = str | None
"""A cell's text, or None where a row says nothing about its column, as rows of JSON may."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file or sheet, each with the line that it begins in; `line` is that of the column names.

    `kind` is "" as long as nobody has said what the rows are. Rows of a sparse one say what they wish to.
    """

    file: str
    kind: str
    columns: tuple[str, ...]
    rows: list[tuple[int, list[Cell]]]
    line: int = 1
    is_sparse: bool = False


def checked(table: Table, match: str, faults: list[Fault]) -> Table | None:
    """Return a table with its columns as they are called here, or None where they are not those of its kind."""
    columns = tuple(
        name if paired_name(table.kind, name) is not None else name.strip() for name in table.columns
    )
    wrong = _faults_of_header(table, columns, match)
    faults += wrong
    return None if wrong else dataclasses.replace(table, columns=columns)


def unknown_file(file: str) -> Fault:
    message = say("is none of the files of an organization; {hint}", hint=_hint(file, list(KIND_OF)))
    return Fault(file, 1, "", message)


def read_csv(file: str, kind: str, content: bytes, faults: list[Fault]) -> Table | None:
    """Return the rows of a CSV file."""
    text = _decode(file, content, faults)
    if text is None:
        return None
    rows = _rows(file, text, faults)
    line, header = next(rows, (1, []))
    if not header:
        if not any(fault.file == file for fault in faults):
            faults.append(empty(file))
        return None
    if len(header) > MAX_COLUMNS:
        faults.append(too_wide(file, line, len(header)))
        return None
    return Table(file, kind, tuple(header), list(_even(file, rows, len(header), faults)), line)


def also_in_line(text: str, line: int) -> Phrase:
    return say("“{text}” is also in line {line}", text=text[:80], line=line)


def empty(file: str) -> Fault:
    return Fault(file, 1, "", say("is empty; its first line must name the columns"))


def too_wide(file: str, line: int, columns: int) -> Fault:
    message = say("names {n:,} columns; {most} are allowed", n=columns, most=MAX_COLUMNS)
    return Fault(file, line, "", message)


def _decode(file: str, content: bytes, faults: list[Fault]) -> str | None:
    if content.startswith(UTF_16):
        faults.append(Fault(file, 1, "", say("is UTF-16; save it as CSV in UTF-8")))
    elif content.startswith(ZIP):
        faults.append(Fault(file, 1, "", say("is a spreadsheet or zip file; save it as CSV in UTF-8")))
    elif (position := content.find(b"\x00")) >= 0:
        message = say("holds a NUL character; save it as CSV in UTF-8")
        faults.append(Fault(file, _line_at(content, position), "", message))
    else:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            # A BOM is not counted by the codec, but it holds no line break either.
            byte = f"0x{error.object[error.start]:02x}"
            message = say("is not UTF-8 (byte {byte}); save it as CSV in UTF-8", byte=byte)
            faults.append(Fault(file, _line_at(content, error.start), "", message))
    return None


def _line_at(content: bytes, position: int) -> int:
    return content.count(b"\n", 0, position) + 1


def _rows(file: str, text: str, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold anything, each with the line that it begins in."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message, goes_on = _explain(str(error))
            faults.append(Fault(file, line, "", message))
            if not goes_on:
                return
            continue
        if any(row):
            yield line, row


def _explain(error: str) -> tuple[Phrase, bool]:
    """Return what a complaint of the csv module means, and whether the lines after it can be trusted."""
    if "expected after" in error:
        return say("has text after a closing quote; a quote inside a cell is written twice"), True
    if "field limit" in error:
        most = csv.field_size_limit()
        return say("has a cell of more than {n:,} characters; is a quote never closed?", n=most), False
    return say("opens a quote that is never closed"), False


def _delimiter(text: str) -> str:
    """Return what separates cells: some spreadsheets write semicolons or tabs, and no file has one column only."""
    first = text[: text.find("\n")] if "\n" in text else text[:1000]
    if "," in first:
        return ","
    return next((mark for mark in ";\t" if mark in first), ",")


def _faults_of_header(table: Table, columns: tuple[str, ...], match: str) -> list[Fault]:
    file, line, kind = table.file, table.line, table.kind
    known = [name for name, spec in specs_of(kind).items() if spec.kind != "ids"]
    known += HOME if kind == "person" else ()
    found = []
    for name, times in Counter(columns).items():
        if (paired := paired_name(kind, name)) is not None:
            if not paired.strip():
                found.append(Fault(file, line, name, _lacks_name(PAIRS[kind])))
        elif name not in known:
            message = say("is not a column of {file}; {hint}", file=file, hint=_hint(name, known))
            found.append(Fault(file, line, name[:80], message))
        if times > 1:
            found.append(Fault(file, line, name[:80], say("is named twice")))
    needed = identifying_columns(kind, match) if table.is_sparse else required_columns(kind, match)
    found += [Fault(file, line, name, MISSING) for name in needed if name not in columns]
    return found


def _lacks_name(pairs: Pairs) -> Phrase:
    return say(
        "must name a {what} after the colon, such as {example}", what=pairs.name, example=pairs.example
    )


def _hint(word: str, known: list[str]) -> Phrase:
    close = difflib.get_close_matches(word[:80].lower(), known, n=1)
    return (
        say("do you mean {name}?", name=close[0])
        if close
        else say("there are {names}", names=", ".join(known))
    )


def _even(
    file: str, rows: Iterator[tuple[int, list[str]]], width: int, faults: list[Fault]
) -> Iterator[tuple[int, list[Cell]]]:
    for line, row in rows:
        if len(row) == width:
            yield line, [*row]
        else:
            message = count(
                row,
                "has {n} cell where the first line names {columns} columns",
                "has {n} cells where the first line names {columns} columns",
                columns=width,
            )
            faults.append(Fault(file, line, "", message))
