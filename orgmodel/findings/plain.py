"""Findings as plain data: for CSV and JSON, the API and the command line alike."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from orgmodel.core.org import Org
from orgmodel.core.rules.findings import Judged
from orgmodel.core.rules.settings import RULES
from orgmodel.findings.queries import name_of, tribe_of, unit_of
from orgmodel.findings.settled import Settled, org_of

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""

COLUMNS = (
    "key", "rule", "severity", "state", "kind", "name", "unit", "tribe", "message",
    "value", "threshold", "people", "since", "why", "what_to_try", "settled_on", "settled_by",
)  # fmt: skip


def plain(org: Org, found: Judged, since: date | None) -> dict[str, Any]:
    """Return a finding as names and values, by `COLUMNS`."""
    finding, org = found.finding, org_of(found, org)
    settled = found if isinstance(found, Settled) else None
    unit = unit_of(org, finding.ref)
    tribe = tribe_of(org, unit)
    return {
        "key": finding.key,
        "rule": finding.code,
        "severity": finding.severity,
        "state": found.state,
        "kind": finding.kind,
        "name": name_of(org, *finding.ref),
        "unit": name_of(org, *unit),
        "tribe": tribe.name if tribe is not None else "",
        "message": finding.message,
        "value": finding.value,
        "threshold": finding.threshold,
        "people": finding.people,
        "since": since.isoformat() if since is not None else None,
        "why": RULES[finding.rule].why,
        "what_to_try": finding.what_to_try,
        "settled_on": settled.on.isoformat() if settled is not None else None,
        "settled_by": settled.change_set.version if settled is not None else None,
    }


def plain_all(org: Org, found: Iterable[Judged], since: Mapping[str, date]) -> list[dict[str, Any]]:
    return [plain(org, each, since.get(each.finding.key)) for each in found]


def as_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return findings as a CSV file. What a spreadsheet would take for a formula is marked as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(row[name]) for name in COLUMNS] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
