"""Rows as JSON: one object of lists, such as {"people": [...], "squads": [...]}, or a record on each line (NDJSON)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from orgmodel.changes.files.layout import FILE_OF, KIND_NAMED, PAIRS, guard
from orgmodel.changes.files.reading import MAX_COLUMNS, Cell, Fault, Table, too_wide
from orgmodel.core.phrases import say
from orgmodel.core.records import KINDS

UNITS = ("tribe", "squad", "chapter", "guild")
LISTS = ("people", "units", "memberships")  # what most senders have; the other kinds go by their own names

Json = Any
Item = tuple[int, dict[str, Json]]


def read_json(file: str, content: bytes, faults: list[Fault]) -> list[Table]:
    """Return a table for each list. The line of a row is its place in its list, from 1."""
    body = _parsed(file, 1, content, faults)
    if body is None:
        return []
    if not isinstance(body, dict):
        message = say("must be an object with lists, such as {lists}", lists=", ".join(LISTS))
        faults.append(Fault(file, 1, "", message))
        return []
    found: dict[str, list[Item]] = {}
    for name, rows in body.items():
        if name != "units" and name not in KIND_NAMED:
            offer = ", ".join([*LISTS, *KIND_NAMED])
            faults.append(
                Fault(name[:80], 1, "", say("is no list of records; there are {lists}", lists=offer))
            )
        elif not isinstance(rows, list):
            faults.append(Fault(name, 1, "", say("must be a list of objects")))
        else:
            for line, row in enumerate(rows, start=1):
                _sort(found, name, line, row, kind=KIND_NAMED.get(name, ""), faults=faults)
    names = {kind: "units" if "units" in body and kind in UNITS else _plural(kind) for kind in found}
    return [table for kind, rows in found.items() for table in _tables(names[kind], kind, rows, faults)]


def read_lines(file: str, content: bytes, faults: list[Fault]) -> list[Table]:
    """Return a table for each kind of record that lines name as `record`. A line without one is a person."""
    found: dict[str, list[Item]] = {}
    for line, text in enumerate(content.split(b"\n"), start=1):
        if text.strip():
            row = _parsed(file, line, text, faults)
            if row is not None:
                kind = "" if isinstance(row, dict) and "record" in row else "person"
                _sort(found, file, line, row, kind=kind, faults=faults)
    return [table for kind, rows in found.items() for table in _tables(file, kind, rows, faults)]


def _parsed(file: str, line: int, text: bytes, faults: list[Fault]) -> Json:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        message = say("is not JSON: {problem}", problem=error.msg)
        faults.append(Fault(file, line + error.lineno - 1, "", message))
        return None


def _sort(
    found: dict[str, list[Item]], file: str, line: int, row: Json, *, kind: str, faults: list[Fault]
) -> None:
    """Put a row with the others of its kind, which it may say itself."""
    if not isinstance(row, dict):
        faults.append(Fault(file, line, "", say("must be an object")))
        return
    row = dict(row)
    row.pop("id", None)  # exports tell it; records are found by their keys
    if not kind:
        offer = UNITS if file == "units" else tuple(KINDS)
        kind = str(row.pop("record", ""))
        if kind not in offer:
            message = say("must be one of {choices}", choices=", ".join(offer))
            faults.append(Fault(file, line, "record", message))
            return
    found.setdefault(kind, []).append((line, row))


def _plural(kind: str) -> str:
    return FILE_OF[kind].removesuffix(".csv")


def _tables(file: str, kind: str, items: list[Item], faults: list[Fault]) -> Iterator[Table]:
    """Yield the table of one kind: a column for each field that any row has; a row without it leaves that as it is."""
    flat = [(line, dict(_cells(file, kind, line, row, faults))) for line, row in items]
    columns = tuple(dict.fromkeys(name for _, row in flat for name in row))
    if len(columns) > MAX_COLUMNS:
        faults.append(too_wide(file, 1, len(columns)))
        return
    rows: list[tuple[int, list[Cell]]] = [(line, [row.get(name) for name in columns]) for line, row in flat]
    yield Table(file, kind, columns, rows, is_sparse=True)


def _cells(
    file: str, kind: str, line: int, row: Mapping[str, Json], faults: list[Fault]
) -> Iterator[tuple[str, str]]:
    """Yield a row's fields as the texts that a CSV file would hold."""
    pairs = PAIRS.get(kind)
    for name, value in row.items():
        match value:
            case dict() if pairs is not None and name == pairs.field:
                for key, paired in value.items():
                    yield from _cells(file, "", line, {pairs.prefix + key: paired}, faults)
            case {"key": str(key)}:
                yield name, guard(key)
            case str():
                yield name, guard(value)
            case None:
                yield name, ""
            case bool():
                yield name, "true" if value else "false"
            case int() | float():
                yield name, str(value)
            case _:
                message = say("must be a text, a number, true, false or null")
                faults.append(Fault(file, line, name[:80], message))
