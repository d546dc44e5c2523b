"""Rows of the organization tables as records. A whole organization is read this way, so it goes by columns: one loop
in C for each, rather than one in Python for each value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
from django.db import connection, models, transaction

from orgmodel.changes.registry import model_of
from orgmodel.core.records import KINDS, Record, references_to, specs_of

ROWS = 5_000  # at a time

Read = Callable[[Iterable[Any]], Iterable[Any]]
"""What turns a column's values from the database into those of records."""


def load_records() -> Iterator[Record]:
    """Yield the records of every table. Equal values are one object, which halves the memory they take."""
    known: dict[Any, Any] = {}

    def shared(values: Iterable[Any]) -> Iterator[Any]:
        values = tuple(values)
        return map(known.setdefault, values, values)

    for kind in KINDS:
        yield from _load_kind(kind, shared)


def _load_kind(kind: str, shared: Read) -> Iterator[Record]:
    model, specs = model_of(kind), specs_of(kind)
    fields = [model._meta.get_field(name) for name in ("id", *specs)]
    readers = [_reader(kind, field.name, shared) for field in fields]
    columns = ", ".join(_select(field) for field in fields)
    with _reading() as cursor:
        cursor.execute(f"SELECT {columns} FROM {_quote(model._meta.db_table)}")  # noqa: S608 - names come from models
        while rows := cursor.fetchmany(ROWS):
            yield from map(
                KINDS[kind],
                *(read(column) for read, column in zip(readers, zip(*rows, strict=True), strict=True)),
            )


@contextmanager
def _reading() -> Iterator[Any]:
    """Give a cursor that leaves the rows with the server until they are fetched, which takes a transaction."""
    with ExitStack() as stack:
        if connection.vendor == "postgresql":
            stack.enter_context(transaction.atomic())
        yield stack.enter_context(connection.chunked_cursor())


def _select(field: Any) -> str:
    """Return the SQL for a column, in which ids are canonical text."""
    column = _quote(field.column)
    if field.name != "id" and not isinstance(field, models.ForeignKey):
        return column
    if connection.vendor == "postgresql":
        return f"{column}::text"
    return " || '-' || ".join(f"substr({column}, {at}, {length})" for at, length in _GROUPS)


_GROUPS = (
    (1, 8),
    (9, 4),
    (13, 4),
    (17, 4),
    (21, 12),
)  # the hexadecimal digits of a UUID in its canonical text


def _reader(kind: str, field: str, shared: Read) -> Read:
    if field in ("key", "email") or (field == "id" and not references_to(kind)):
        return _as_is  # nobody else has the same, so looking for it would only cost
    match "ref" if field == "id" else specs_of(kind)[field].kind:
        case "ref" | "text" | "choice":
            return shared
        case "date":
            return lambda values: shared(map(_date, values))
        case "number":
            return lambda values: map(_number, values)
        case "ids":
            return lambda values: map(_pairs, values)
        case "flag":
            return lambda values: map(bool, values)
    return _as_is


def _as_is(values: Iterable[Any]) -> Iterable[Any]:
    return values


def _date(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _number(value: Any) -> Decimal | None:
    return Decimal(str(value)).quantize(Decimal("0.000001")).normalize() + 0 if value is not None else None


def _pairs(value: Any) -> tuple[tuple[str, str], ...]:
    loaded = orjson.loads(value) if isinstance(value, (str, bytes)) else value
    return tuple(sorted(loaded.items()))


def _quote(name: str) -> str:
    return connection.ops.quote_name(name)
