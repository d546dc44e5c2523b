"""An organization to CSV files and workbooks, sorted by key, the same for the same organization; and to JSON lines."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice
from operator import attrgetter, itemgetter
from typing import Any

import orjson

from orgmodel.changes import jsonio
from orgmodel.changes.files.layout import FILE_OF, PAIRS, guard, identity_of
from orgmodel.changes.files.workbooks import write_workbook
from orgmodel.core.org import Org
from orgmodel.core.records import KINDS, Record, specs_of

_QUOTED = re.compile(r'[",\r\n]')
CHUNK = 500  # lines that are handed on at once

Texts = list[str]


def write_files(org: Org) -> dict[str, bytes]:
    """Return the content of every file by its name."""
    return {file: _write(org, kind) for kind, file in FILE_OF.items()}


def write_xlsx(org: Org) -> bytes:
    """Return a workbook with a sheet for each kind of record, in the columns of the CSV files."""
    target = io.BytesIO()
    sheets = {file.removesuffix(".csv"): _sheet(org, kind) for kind, file in FILE_OF.items()}
    write_workbook(sheets, target)
    return target.getvalue()


def write_lines(org: Org) -> Iterator[bytes]:
    """Yield every record as a line of JSON, many lines at once. References are keys, as in the other files."""
    for kind in KINDS:
        line_of, records = _line_writer(org, kind), iter(org.table(kind).values())
        while chunk := b"".join(map(line_of, islice(records, CHUNK))):
            yield chunk


def _line_writer(org: Org, kind: str) -> Callable[[Any], bytes]:
    specs = specs_of(kind)
    names = ("id", *specs)
    read = attrgetter(*names)
    tables = [(name, org.table(spec.target)) for name, spec in specs.items() if spec.kind == "ref"]
    paired = PAIRS[kind].field if kind in PAIRS else None

    def line_of(record: Any) -> bytes:
        row = {"record": kind, **dict(zip(names, read(record), strict=True))}
        for name, table in tables:
            if row[name] is not None:
                row[name] = table[row[name]].key  # type: ignore[attr-defined]
        if paired is not None:
            row[paired] = dict(row[paired])
        if kind == "waiver":
            row["key"] = finding_key(org, row["key"])
        return orjson.dumps(row, default=_plain, option=orjson.OPT_APPEND_NEWLINE)

    return line_of


def _plain(value: Decimal) -> str:
    return str(jsonio.dump_value(value))


def _write(org: Org, kind: str) -> bytes:
    header, rows = _rows(org, kind, _quoted)
    return ("\n".join([",".join(header), *map(",".join, rows)]) + "\n").encode()


def _sheet(org: Org, kind: str) -> Iterator[Texts]:
    header, rows = _rows(org, kind, str)
    yield header
    yield from map(list, rows)


def _rows(org: Org, kind: str, finish: Callable[[str], str]) -> tuple[Texts, list[tuple[str, ...]]]:
    """Return the columns and the cells of all rows; `finish` makes a text what the format needs."""
    records = list(org.table(kind).values())
    header: Texts = []
    columns: list[Texts] = []
    for name, spec in specs_of(kind).items():
        if spec.kind == "ids":
            for paired, cells in _paired(records, name, finish):
                header.append(finish(PAIRS[kind].prefix + paired))
                columns.append(cells)
        else:
            write, values = _writer(org, kind, name, finish), list(map(attrgetter(name), records))
            cells_of = {
                value: write(value) for value in set(values)
            }  # each value once, however often it is there
            header.append(name)
            columns.append([cells_of[value] for value in values])
    return header, sorted(zip(*columns, strict=True), key=itemgetter(*map(header.index, identity_of(kind))))


def _paired(records: list[Record], field: str, finish: Callable[[str], str]) -> list[tuple[str, Texts]]:
    """Return the names that a field holds anywhere, each with the cells of its column."""
    held = [dict(getattr(record, field)) for record in records]
    return [
        (name, [finish(guard(pairs.get(name, ""))) for pairs in held])
        for name in sorted({n for p in held for n in p})
    ]


def _writer(org: Org, kind: str, name: str, finish: Callable[[str], str]) -> Callable[[Any], str]:
    spec = specs_of(kind)[name]
    if (kind, name) == ("waiver", "key"):
        return lambda value: guard(finding_key(org, value))
    match spec.kind:
        case "text":
            return lambda value: finish(guard(value))
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


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"' if _QUOTED.search(value) else value
