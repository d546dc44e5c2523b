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
    identifying_columns,
    paired_name,
    required_columns,
)
from orgmodel.core.records import specs_of

MAX_COLUMNS = 64
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong in a file. `column` is "" where a whole line or file is meant."""

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: "
        return f"{place}{self.column}: {self.message}" if self.column else place + self.message


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
    return Fault(file, 1, "", f"is none of the files of an organization{_hint(file, list(KIND_OF))}")


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


def empty(file: str) -> Fault:
    return Fault(file, 1, "", "is empty; its first line must name the columns")


def too_wide(file: str, line: int, count: int) -> Fault:
    return Fault(file, line, "", f"names {count:,} columns; {MAX_COLUMNS} are allowed")


def _decode(file: str, content: bytes, faults: list[Fault]) -> str | None:
    if content.startswith(UTF_16):
        faults.append(Fault(file, 1, "", "is UTF-16; save it as CSV in UTF-8"))
    elif content.startswith(ZIP):
        faults.append(Fault(file, 1, "", "is a spreadsheet or zip file; save it as CSV in UTF-8"))
    elif (position := content.find(b"\x00")) >= 0:
        faults.append(
            Fault(file, _line_at(content, position), "", "holds a NUL character; save it as CSV in UTF-8")
        )
    else:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            # A BOM is not counted by the codec, but it holds no line break either.
            message = f"is not UTF-8 (byte 0x{error.object[error.start]:02x}); save it as CSV in UTF-8"
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


def _explain(error: str) -> tuple[str, bool]:
    """Return what a complaint of the csv module means, and whether the lines after it can be trusted."""
    if "expected after" in error:
        return "has text after a closing quote; a quote inside a cell is written twice", True
    if "field limit" in error:
        return (
            f"has a cell of more than {csv.field_size_limit():,} characters; is a quote never closed?",
            False,
        )
    return "opens a quote that is never closed", False


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
    for name, count in Counter(columns).items():
        if (paired := paired_name(kind, name)) is not None:
            if not paired.strip():
                own = PAIRS[kind]
                message = f"must name a {own.name} after the colon, such as {own.example}"
                found.append(Fault(file, line, name, message))
        elif name not in known:
            found.append(Fault(file, line, name[:80], f"is not a column of {file}{_hint(name, known)}"))
        if count > 1:
            found.append(Fault(file, line, name[:80], "is named twice"))
    needed = identifying_columns(kind, match) if table.is_sparse else required_columns(kind, match)
    found += [Fault(file, line, name, "is missing") for name in needed if name not in columns]
    return found


def _hint(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word[:80].lower(), known, n=1)
    return f"; do you mean {close[0]}?" if close else f"; there are {', '.join(known)}"


def _even(
    file: str, rows: Iterator[tuple[int, list[str]]], width: int, faults: list[Fault]
) -> Iterator[tuple[int, list[Cell]]]:
    for line, row in rows:
        if len(row) == width:
            yield line, [*row]
        else:
            cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
            faults.append(Fault(file, line, "", f"has {cells} where the first line names {width} columns"))
