"""An organization to CSV files: sorted by key, the same bytes for the same organization."""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import attrgetter, itemgetter
from typing import Any

from orgmodel.changes import jsonio
from orgmodel.changes.files.layout import FILE_OF, PAIRS, guard, identity_of
from orgmodel.core.org import Org
from orgmodel.core.records import KINDS, Record, specs_of

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
            for paired, cells in _paired(records, name):
                header.append(_quoted(PAIRS[kind].prefix + paired))
                columns.append(cells)
        else:
            write, values = _writer(org, kind, name), list(map(attrgetter(name), records))
            cells_of = {
                value: write(value) for value in set(values)
            }  # each value once, however often it is there
            header.append(name)
            columns.append([cells_of[value] for value in values])
    rows = sorted(zip(*columns, strict=True), key=itemgetter(*map(header.index, identity_of(kind))))
    return ("\n".join([",".join(header), *map(",".join, rows)]) + "\n").encode()


def _paired(records: list[Record], field: str) -> list[tuple[str, list[str]]]:
    """Return the names that a field holds anywhere, each with the cells of its column."""
    held = [dict(getattr(record, field)) for record in records]
    return [
        (name, [_text(pairs.get(name, "")) for pairs in held])
        for name in sorted({n for p in held for n in p})
    ]


def _writer(org: Org, kind: str, name: str) -> Callable[[Any], str]:
    spec = specs_of(kind)[name]
    if (kind, name) == ("waiver", "key"):
        return lambda value: guard(finding_key(org, value))
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


def finding_key(org: Org, key: str) -> str:
    """Return a finding's key with the key of the record that it is about in place of its id, where it has one."""
    rule, kind, id_ = parts if len(parts := key.split(":")) == 3 else ("", "", "")
    record: Any = org.get(kind, id_) if kind in KINDS and "key" in specs_of(kind) else None
    return f"{rule}:{kind}:{record.key}" if record is not None else key


def _text(value: str) -> str:
    return _quoted(guard(value))


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"' if _QUOTED.search(value) else value
