"""Workbooks (XLSX): read behind a look at what is in them, row by row; written with a sheet for each kind."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from orgmodel.changes.files.archives import BadArchive, opened
from orgmodel.changes.files.layout import kind_named, unguard
from orgmodel.changes.files.reading import MAX_COLUMNS, Cell, Fault, Table, empty, too_wide
from orgmodel.core.phrases import Phrase, say

MAX_ROWS = 50_000
MAX_CELL = 2_000
UNREADABLE = (InvalidFileException, ParseError, KeyError, TypeError, ValueError, IndexError, AttributeError)
"""What openpyxl raises for workbooks that are not what they should be."""
NO_VALUE = {
    "f": say("holds a formula; put its value there"),
    "e": say("holds an error; put its value there"),
}
"""What is wrong with a cell by the type that openpyxl gives it."""
NO_WORKBOOK = say("cannot be opened as an XLSX workbook")

# What XML cannot hold stands in workbooks as _x000B_, and so does the beginning of a text that looks like one.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")

Row = tuple[int, list[Cell]]


def read_workbook(file: str, content: bytes, faults: list[Fault]) -> list[Table]:
    """Return a table for each sheet that holds anything; a sheet's name says what its rows are."""
    try:
        with opened(content, NO_WORKBOOK) as archive:
            if (objection := _objection(archive)) is not None:
                faults.append(Fault(file, 1, "", objection))
                return []
            return _tables(file, content, faults)
    except BadArchive as bad:
        message = say("{what}; save it anew as XLSX, or as CSV under its own name", what=bad.message)
        faults.append(Fault(file, 1, "", message))
    return []


def _objection(archive: zipfile.ZipFile) -> Phrase | None:
    names = archive.namelist()
    if "xl/workbook.xml" not in names:
        return say("is no XLSX workbook; save it as XLSX or CSV")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return say("holds macros; save it as XLSX without them")
    if any(name.startswith("xl/externalLinks/") for name in names):
        return say("takes values from other workbooks; replace them by their values and save it again")
    return None


def _tables(file: str, content: bytes, faults: list[Fault]) -> list[Table]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        try:
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            found = [_table(file, sheet, len(sheets) == 1, faults) for sheet in sheets]
        finally:
            book.close()
    except UNREADABLE:
        faults.append(Fault(file, 1, "", say("is damaged; open it in a spreadsheet and save it again")))
        return []
    tables = [table for table in found if table is not None]
    if not tables and not faults:
        faults.append(empty(file))
    return tables


def _table(file: str, sheet: Any, is_only: bool, faults: list[Fault]) -> Table | None:
    kind = kind_named(sheet.title) or (kind_named(file) if is_only else "")
    place = file if is_only else f"{file}[{sheet.title}]"
    rows = _rows(place, sheet, faults)
    line, header = next(rows, (1, []))
    columns = tuple(name or "" for name in header)
    while columns and not columns[-1]:
        columns = columns[:-1]
    if not columns:
        return None
    if len(columns) > MAX_COLUMNS:
        faults.append(too_wide(place, line, len(columns)))
        return None
    return Table(place, kind, columns, list(_even(place, rows, len(columns), faults)), line)


def _rows(place: str, sheet: Any, faults: list[Fault]) -> Iterator[Row]:
    """Yield the rows that hold anything, and no more cells of each than are needed to see that there are too many."""
    sheet.reset_dimensions()  # what a sheet says about its own size may be a lie
    line = 0
    for line, cells in enumerate(sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS + 1), start=1):
        if line > MAX_ROWS + 1:
            message = say("has more than {n:,} rows; leave out those that are empty, or use CSV", n=MAX_ROWS)
            faults.append(Fault(place, line, "", message))
            return
        texts = [_text(place, line, cell, faults) for cell in cells]
        if any(texts):
            yield line, texts


def _text(place: str, line: int, cell: Any, faults: list[Fault]) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in NO_VALUE:
        faults.append(Fault(place, line, cell.coordinate, NO_VALUE[cell.data_type]))
        return ""
    text = _plain(value)
    if len(unguard(text)) > MAX_CELL:
        message = say("has {n:,} characters; {most:,} are allowed", n=len(text), most=MAX_CELL)
        faults.append(Fault(place, line, cell.coordinate, message))
        return ""
    return text


def _plain(value: Any) -> str:
    """Return a cell's value as a CSV file would hold it: a number without a needless point, a day as 2026-11-20."""
    match value:
        case str():
            return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
    return str(value)


def _even(place: str, rows: Iterable[Row], width: int, faults: list[Fault]) -> Iterator[Row]:
    """Yield rows as wide as the first one; cells beyond it must be empty, as spreadsheets leave out trailing ones."""
    for line, cells in rows:
        if any(cells[width:]):
            message = say("has cells to the right of the {n} columns that the first line names", n=width)
            faults.append(Fault(place, line, "", message))
        else:
            yield line, [*cells[:width], *[""] * (width - len(cells))]


def write_workbook(sheets: Mapping[str, Iterable[list[str]]], target: BinaryIO) -> None:
    """Write rows of guarded texts, sheet by sheet. Every cell is text, so that no id loses its zeros."""
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([_NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text) for text in row])
    book.save(target)
