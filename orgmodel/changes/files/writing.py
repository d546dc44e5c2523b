"""An organization to CSV files: sorted by key, the same bytes for the same organization."""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import attrgetter, itemgetter
from typing import Any

from orgmodel.changes import jsonio
from orgmodel.changes.files.layout import EXTERNAL_ID, FILE_OF, guard, identity_of
from orgmodel.core.org import Org
from orgmodel.core.records import Record, Spec, specs_of

_QUOTED = re.compile(r'[",\r\n]')


def write_files(org: Org) -> dict[str, bytes]:
    """Return the content of every file by its name."""
    return {file: _write(org, kind) for kind, file in FILE_OF.items()}


def _write(org: Org, kind: str) -> bytes:
    records = list(org.table(kind).values())
    header: list[str] = []
    columns: list[list[str]] = []
    for name, spec in specs_of(kind).items():
        if spec.kind == "ids":
            for source, cells in _external_ids(records):
                header.append(_quoted(EXTERNAL_ID + source))
                columns.append(cells)
        else:
            write, values = _writer(org, spec), list(map(attrgetter(name), records))
            cells_of = {
                value: write(value) for value in set(values)
            }  # each value once, however often it is there
            header.append(name)
            columns.append([cells_of[value] for value in values])
    rows = sorted(zip(*columns, strict=True), key=itemgetter(*map(header.index, identity_of(kind))))
    return ("\n".join([",".join(header), *map(",".join, rows)]) + "\n").encode()


def _external_ids(records: list[Record]) -> list[tuple[str, list[str]]]:
    held = [dict(record.external_ids) for record in records]  # type: ignore[attr-defined]
    sources = sorted({source for ids in held for source in ids})
    return [(source, [_text(ids.get(source, "")) for ids in held]) for source in sources]


def _writer(org: Org, spec: Spec) -> Callable[[Any], str]:
    match spec.kind:
        case "text":
            return _text
        case "choice":
            return str
        case "flag":
            return lambda value: "true" if value else "false"
        case "ref":
            table: Any = org.table(spec.target)
            return lambda value: guard(table[value].key) if value is not None else ""
    return lambda value: str(jsonio.dump_value(value)) if value is not None else ""


def _text(value: str) -> str:
    return _quoted(guard(value))


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"' if _QUOTED.search(value) else value
