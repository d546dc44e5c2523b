"""Heat tables: crafts or levels against squads, tribes or chapters."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from orgmodel.changes.pages import address, record_or_404
from orgmodel.core.org import Org
from orgmodel.core.phrases import said
from orgmodel.core.records import Tribe
from squads.heat import COLUMNS, ROWS, WIDEST, Cell, Column, Heat, Row, columns_of, heat_of
from squads.listing import tribe_options
from squads.views.chosen import one_of, orgs_of, side_of, side_options


@require_safe
def heat(request: Any) -> HttpResponse:
    asked = request.GET
    rows = one_of(asked.get("rows") or "craft", "rows", ROWS)
    side = side_of(request)
    tribe = record_or_404(request, "tribe", asked["tribe"]) if asked.get("tribe") else None
    org, before = orgs_of(request, side)
    columns = one_of(asked.get("columns") or _usual(org, tribe, before), "columns", COLUMNS)
    units = columns_of(org, columns, tribe, before)
    query = {"rows": rows, "columns": columns} | ({"tribe": tribe.key} if tribe is not None else {})
    is_too_wide = len(units) > WIDEST
    found = heat_of(org, rows, columns, units, before) if units and not is_too_wide else None
    context = {
        "rows": rows,
        "columns": columns,
        "row_word": ROWS[rows],
        "column_word": COLUMNS[columns],
        "heading": _("{rows} by {columns}").format(
            rows=said(ROWS[rows]), columns=said(COLUMNS[columns]).lower()
        ),
        "heat": found,
        "lines": _lines(request, found, rows, columns) if found is not None else [],
        "too_many": len(units) if is_too_wide else 0,
        "most": WIDEST,
        "menus": [
            ("rows", _("Rows"), list(ROWS.items()), rows),
            ("columns", _("Columns"), list(COLUMNS.items()), columns),
            ("tribe", _("Tribe"), [("", _("All")), *tribe_options(org)], tribe.key if tribe else ""),
        ],
        "keep": [(name, asked[name]) for name in ("draft", "as_of", "side") if asked.get(name)],
        "sides": side_options(request, "heat", side, **query),
    }
    return render(request, "squads/heat.html", context)


def _usual(org: Org, tribe: Tribe | None, before: Org | None) -> str:
    """Return the columns of an address that names none: squads, or tribes where there are too many squads."""
    return "squad" if len(columns_of(org, "squad", tribe, before)) <= WIDEST else "tribe"


def _lines(
    request: Any, found: Heat, rows: str, columns: str
) -> list[tuple[Row, list[tuple[Cell, Column, str]]]]:
    """Return the rows with the address of the people behind each cell, "" where no list shows just those."""

    def url(row: Row, cell: Cell, column: Column) -> str:
        if not cell.number or not row.value:
            return ""
        return address(request, "people", **{columns: column.unit.key, rows: row.value})

    return [
        (
            row,
            [
                (cell, column, url(row, cell, column))
                for cell, column in zip(row.cells, found.columns, strict=True)
            ],
        )
        for row in found.rows
    ]
