"""Tables as files: CSV, XLSX and JSON. No cell of any of them is a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

import orjson
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from orgmodel.changes.files.layout import guard
from orgmodel.changes.pictures.flat import xml_of
from orgmodel.exports.tables import Table, Value

SHEET_NAME = 31  # characters; longer ones Excel refuses
_NOT_IN_SHEET_NAMES = re.compile(r"[\\/*?:\[\]]")


def as_csv(tables: Sequence[Table]) -> bytes:
    """Return tables one below the other, each under its title where there are several."""
    out = io.StringIO()
    out.write("\N{BYTE ORDER MARK}")  # without it Excel takes UTF-8 for something else
    writer = csv.writer(out, lineterminator="\r\n")
    for number, table in enumerate(tables):
        if number:
            writer.writerow([])
        if len(tables) > 1:
            writer.writerow([_guarded(table.title)])
        writer.writerows([_guarded(cell) for cell in row] for row in (table.columns, *table.rows))
    return out.getvalue().encode()


def as_json(tables: Sequence[Table]) -> bytes:
    """Return `{"tables": [{"title", "columns", "rows"}]}`, rows as lists in the order of the columns."""
    found = [{"title": t.title, "columns": t.columns, "rows": t.rows} for t in tables]
    return orjson.dumps({"tables": found}, option=orjson.OPT_INDENT_2)


def as_xlsx(tables: Sequence[Table]) -> bytes:
    """Return a workbook with a sheet for each table."""
    book = Workbook(write_only=True)
    names: set[str] = set()
    for table in tables:
        sheet = book.create_sheet(_sheet_name(table.title, names))
        sheet.freeze_panes = "A2"
        sheet.append([_cell(sheet, column, bold=True) for column in table.columns])
        for row in table.rows:
            sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _guarded(value: Value) -> Value:
    return guard(value) if isinstance(value, str) else value


def _cell(sheet: object, value: Value, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, xml_of(value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"  # text, whatever it looks like
    if bold:
        cell.font = Font(bold=True)
    return cell


def _sheet_name(title: str, taken: set[str]) -> str:
    """Return a name that Excel takes and no other sheet has."""
    plain = _NOT_IN_SHEET_NAMES.sub(" ", title).strip("' ") or _("Table")
    name, number = plain[:SHEET_NAME].rstrip(), 2
    while name.casefold() in taken:
        tail = f" {number}"
        name, number = plain[: SHEET_NAME - len(tail)] + tail, number + 1
    taken.add(name.casefold())
    return name
