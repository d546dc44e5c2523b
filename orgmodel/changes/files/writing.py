"""An organization to CSV files: sorted by key, the same bytes for the same organization."""

from __future__ import annotations

import re
from collections.abc import Callable
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
    records = sorted(org.table(kind).values(), key=_sort_key(org, kind))
    header: list[str] = []
    columns: list[list[str]] = []
    for name, spec in specs_of(kind).items():
        if spec.kind == "ids":
            for source, cells in _external_ids(records):
                header.append(EXTERNAL_ID + source)
                columns.append(cells)
        else:
            write = _writer(org, spec)
            header.append(name)
            columns.append([write(getattr(record, name)) for record in records])
    lines = [",".join(map(_quoted, header)), *map(",".join, zip(*columns, strict=True))]
    return ("\n".join(lines) + "\n").encode()


def _sort_key(org: Org, kind: str) -> Callable[[Any], tuple[str, ...]]:
    specs = specs_of(kind)
    parts = [
        (name, org.table(specs[name].target) if specs[name].target else None) for name in identity_of(kind)
    ]

    def key(record: Any) -> tuple[str, ...]:
        values = ((getattr(record, name), table) for name, table in parts)
        return tuple(value if table is None else table[value].key for value, table in values)  # type: ignore[attr-defined]

    return key


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
