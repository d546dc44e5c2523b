"""The only file that creates, updates or deletes organization rows: load them, write changes, keep the current `Org`.

Rows hold now, the log holds time. Writes are set-based SQL: one statement per kind and set of fields, whatever the
number of records.
"""

from __future__ import annotations

import functools
import gc
import itertools
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from django.db import connection, models, transaction

from orgmodel.changes import jsonio
from orgmodel.changes.fields import IdField
from orgmodel.changes.loading import load_records
from orgmodel.changes.models import Change as ChangeRow
from orgmodel.changes.models import (
    ChangeSet,
    Draft,
    DraftBriefing,
    DraftComment,
    DraftEdit,
    DraftEvent,
    DraftOperation,
    DraftShare,
    Head,
    Mention,
    Snapshot,
)
from orgmodel.changes.registry import model_of
from orgmodel.core import changes as core
from orgmodel.core.changes import Change
from orgmodel.core.org import UNIQUE_NAMES, Org
from orgmodel.core.records import KINDS, Record, specs_of

CATCH_UP_LIMIT = 5_000  # changes; a process further behind than that reloads the tables instead
FEW = 10  # rows; PostgreSQL takes a set of unknown size for 100 rows, and might read a whole table for one

_current: tuple[str | None, Org] = (None, Org.empty())
_loading = threading.Lock()
_own = threading.local()  # what this thread has written and not committed yet; nobody else may see it


class StoreError(RuntimeError):
    """The tables are not what the log says; `manage.py verify_log` shows where."""


# Reading


# Asked by every request, so it is worth a word of SQL: the ORM takes longer to write it than the database to answer.
_HEAD = "SELECT id, version, change_set, name, is_demo FROM changes_head WHERE id = 1"


def head() -> Head:
    return Head.objects.raw(_HEAD)[0]


def locked_head() -> Head:
    """Return the head and hold its lock until the transaction ends, so that commits queue up."""
    return Head.objects.raw(_HEAD + (" FOR UPDATE" if connection.features.has_select_for_update else ""))[0]


def current() -> Org:
    """Return the organization as it is now, at the price of reading one row when nothing has changed."""
    return org_at(head())


def org_at(at: Head) -> Org:
    """Return the organization that a head stands for, moving the kept one forward by the log where it is behind."""
    written: tuple[str, Org] | None = getattr(_own, "written", None)
    if written is not None and written[0] == at.change_set:
        return written[1]  # as no other change set has that id, one that was rolled back is never asked for
    known, org = _current
    if known == at.change_set and org.version == at.version:
        return org
    with _loading:
        known, org = _current
        if known == at.change_set and org.version == at.version:
            return org
        moved = _catch_up(org, known, at.version) if org.version < at.version else None
        return _keep(at.change_set, moved) if moved is not None else _reload(at)


def _catch_up(org: Org, known: str | None, version: int) -> Org | None:
    """Return the organization moved forward by the log, or None where that is not worth it or does not fit.

    Change sets first, their changes then: a join would be planned as if every change set were as large as an import.
    """
    since = ChangeSet.objects.filter(version__range=(org.version, version))
    sizes: dict[Any, int] = dict(since.values_list("pk", "change_count"))
    if org.version > 0 and sizes.pop(known, None) is None:
        return None  # another log than the one that made this organization
    if sum(sizes.values()) > CATCH_UP_LIMIT:
        return None
    rows = ChangeRow.objects.filter(change_set__in=list(sizes)).order_by("pk")
    batch = rows.values_list("change_set_id", "kind", "record", "before", "after")
    try:
        for _, group in itertools.groupby(batch, key=lambda row: row[0]):
            org = core.apply(org, [_change(*row[1:]) for row in group])
    except core.Conflict:
        return None
    return org.settle(version)


def _reload(at: Head) -> Org:
    """Load everything. A commit in the middle would mix two versions, so the head must be the same before and after."""
    while True:
        org = load(at.version)
        again = head()
        if (again.version, again.change_set) == (at.version, at.change_set):
            return _keep(at.change_set, org)
        at = again


def _keep(change_set: str | None, org: Org) -> Org:
    global _current  # noqa: PLW0603 - what this process keeps, and the one place that sets it
    _current = (change_set, org)
    return org


def forget() -> None:
    """Drop what this process keeps, so that the next read loads the tables."""
    _own.written = None
    _keep(None, Org.empty())


def load(version: int) -> Org:
    """Return the organization in the tables."""
    with paused_collector():
        org = Org.build(load_records(), version)
        gc.freeze()  # it stays, and holds no circles: the collector need not walk it again and again
        return org


@contextmanager
def paused_collector() -> Iterator[None]:
    """Keep the collector from walking a growing heap of records that are all still needed."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def changes_of(change_set: ChangeSet) -> list[Change]:
    """Return what a change set changed."""
    rows = ChangeRow.objects.filter(change_set=change_set).order_by("pk")
    return [_change(*row) for row in rows.values_list("kind", "record", "before", "after")]


def _change(kind: Any, id_: Any, before: Any, after: Any) -> Change:
    return jsonio.load_change({"kind": kind, "id": id_, "before": before, "after": after})


def history(
    since: int = 0, until: int | None = None, *, newest_first: bool = False
) -> Iterator[tuple[int, list[Change]]]:
    """Yield every change set after `since`, by version, with its changes, in constant memory."""
    rows = ChangeRow.objects.filter(change_set__version__gt=since)
    if until is not None:
        rows = rows.filter(change_set__version__lte=until)
    order = ("-change_set__version", "pk") if newest_first else ("change_set__version", "pk")
    found = rows.order_by(*order).values_list("change_set__version", "kind", "record", "before", "after")
    for version, group in itertools.groupby(found.iterator(chunk_size=2_000), key=lambda row: row[0]):
        yield version, [_change(*row[1:]) for row in group]


# Writing


def write(
    at: Head,
    org: Org,
    changes: Sequence[Change],
    change_set: ChangeSet,
    positions: Mapping[tuple[str, str], int],
) -> None:
    """Write a commit: rows, log and head, within the caller's transaction that holds the head's lock.

    Deletes go first (children before parents), then updates, then creations (parents before children), so that names
    can be swapped and freed.
    """
    if not connection.in_atomic_block:
        raise StoreError("a commit needs a transaction")
    by_kind: dict[str, list[Change]] = {}
    for change in changes:
        by_kind.setdefault(change.kind, []).append(change)
    renewed = {kind: _renewed(kind, found, org) for kind, found in by_kind.items()}
    for kind in reversed(list(KINDS)):
        again = renewed.get(kind, set())
        _delete(kind, [c.id for c in by_kind.get(kind, ()) if c.after is None or c.id in again])
    for kind in KINDS:
        again = renewed.get(kind, set())
        edits = [
            c
            for c in by_kind.get(kind, ())
            if c.before is not None and c.after is not None and c.id not in again
        ]
        _update(kind, edits, org)
    for kind in KINDS:
        again = renewed.get(kind, set())
        new = [c.id for c in by_kind.get(kind, ()) if c.before is None or c.id in again]
        _insert(kind, [org.table(kind)[id_] for id_ in new])
    change_set.version = at.version + 1
    change_set.change_count = len(changes)
    change_set.save(force_insert=True)
    _insert_log(change_set, changes, positions)
    _insert_mentions(change_set, org, changes, positions)
    at.version, at.change_set = change_set.version, change_set.pk
    at.save(update_fields=["version", "change_set"])
    settled = org.settle(change_set.version)
    _own.written = (change_set.pk, settled)
    transaction.on_commit(lambda: _move_on(change_set.pk, settled))


def _move_on(change_set: str, org: Org) -> None:
    """Keep the organization that was just written, unless another thread has moved on further meanwhile."""
    _own.written = None
    with _loading:
        if _current[1].version < org.version:
            _keep(change_set, org)


def rename(at: Head, name: str, *, is_demo: bool) -> None:
    """Set what the organization is called, and whether it is the demo."""
    at.name, at.is_demo = name, is_demo
    at.save(update_fields=["name", "is_demo"])


def erase() -> None:
    """Remove the organization with its log and drafts, as if it had never been. Only ever offered for the demo."""
    with transaction.atomic():
        at = locked_head()
        tables: list[type[models.Model]] = [
            DraftComment.mentions.through,
            DraftComment,
            DraftShare,
            DraftBriefing,
        ]
        tables += [DraftEdit, DraftEvent, DraftOperation, Draft, Snapshot, Mention, ChangeRow, ChangeSet]
        tables += [model_of(kind) for kind in reversed(list(KINDS))]
        with connection.cursor() as cursor:
            for (
                model
            ) in tables:  # references are checked at the end of the transaction, so circles do not matter
                cursor.execute(f"DELETE FROM {_quote(model._meta.db_table)}")  # noqa: S608
        at.version, at.change_set, at.is_demo, at.name = 0, None, False, "My organization"
        at.save()
        transaction.on_commit(forget)


PAIRS = {
    "membership": ("person", "squad"),
    "system_owner": ("system", "person"),
    "dependency": ("squad", "needs"),
    "coaching": ("person", "squad"),
}
"""The references by which rows of a kind are unique, where both may change."""


def _renewed(kind: str, changes: list[Change], org: Org) -> set[str]:
    """Return the rows to delete and insert again rather than update, because they take the place of another that moves.

    Updated one row after the other, the first would meet the second, such as where someone swaps two memberships.
    """
    pair = PAIRS.get(kind, ())
    moved = [c for c in changes if c.before is not None and c.after is not None and c.after.keys() & {*pair}]
    if len(moved) < 2:
        return set()
    places = {c.id: tuple(getattr(org.table(kind)[c.id], name) for name in pair) for c in moved}
    left = {
        tuple((c.before or {}).get(name, now) for name, now in zip(pair, places[c.id], strict=True))
        for c in moved
    }
    return {id_ for id_, place in places.items() if place in left}


def _delete(kind: str, ids: list[str]) -> None:
    if not ids:
        return
    table = _quote(model_of(kind)._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DELETE FROM {table} WHERE id = ANY(%s::uuid[])", [ids])  # noqa: S608
        else:
            cursor.executemany(f"DELETE FROM {table} WHERE id = %s", [(uuid.UUID(id_).hex,) for id_ in ids])  # noqa: S608
        _expect(kind, cursor.rowcount, len(ids))


def _insert(kind: str, records: list[Record]) -> None:
    if records:
        _insert_rows(
            model_of(kind), ("id", *specs_of(kind)), [jsonio.dump_record(record) for record in records]
        )


def _insert_log(
    change_set: ChangeSet, changes: Sequence[Change], positions: Mapping[tuple[str, str], int]
) -> None:
    rows = []
    for change in changes:
        body = jsonio.dump_change(change)
        body["record"], body["change_set"], body["operation"] = (
            body.pop("id"),
            change_set.pk,
            positions[change.ref],
        )
        rows.append(body)
    _insert_rows(ChangeRow, ("change_set", "operation", "kind", "record", "before", "after"), rows)


def _insert_mentions(
    change_set: ChangeSet, org: Org, changes: Sequence[Change], positions: Mapping[tuple[str, str], int]
) -> None:
    found: dict[tuple[str, str], int] = {}
    for change in changes:
        for ref in _mentioned(org, change):
            found[ref] = positions[change.ref]
    rows = [
        {"version": change_set.version, "operation": operation, "kind": kind, "record": record}
        for (kind, record), operation in found.items()
    ]
    _insert_rows(Mention, ("version", "operation", "kind", "record"), rows)


def _mentioned(org: Org, change: Change) -> Iterator[tuple[str, str]]:
    """Yield the units and people that a change is about: of a membership its person and squad, whatever differs."""
    if "key" in specs_of(change.kind):
        yield change.ref
    sides: list[Mapping[str, Any]] = [side for side in (change.before, change.after) if side is not None]
    record = org.get(change.kind, change.id)
    for name, target, required in _pointers(change.kind):
        values = {side.get(name) for side in sides}
        if required and record is not None:
            values.add(getattr(record, name))
        yield from ((target, value) for value in values if value is not None)


@functools.cache
def _pointers(kind: str) -> tuple[tuple[str, str, bool], ...]:
    """Return the references that a change is told by: field, kind of its target, whether it is always there."""
    specs = specs_of(kind).items()
    return tuple(
        (name, spec.target, spec.required) for name, spec in specs if spec.kind == "ref" and spec.indexed
    )


def _insert_rows(model: type[models.Model], names: Sequence[str], rows: list[dict[str, Any]]) -> None:
    fields = _fields(model, names)
    columns = ", ".join(_quote(field.column) for field in fields)
    table = _quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for chunk in _chunks(rows):
                cursor.execute(
                    f"INSERT INTO {table} ({columns}) SELECT * FROM {_recordset(fields)}",  # noqa: S608
                    [orjson.dumps(chunk).decode()],
                )
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608
                _parameters(fields, rows),
            )


def _update(kind: str, changes: list[Change], org: Org) -> None:
    """Update rows, one statement for each set of fields that differ."""
    aside = _step_aside(kind, changes)
    by_fields: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for change in changes:
        row = jsonio.dump_fields(change.after or {})
        if change.id in aside:
            row["name"] = org.table(kind)[change.id].name  # type: ignore[attr-defined]
        by_fields.setdefault(tuple(row), []).append({"id": change.id, **row})
    for names, rows in by_fields.items():
        _update_rows(kind, names, rows)


def _step_aside(kind: str, changes: list[Change]) -> set[str]:
    """Give units names that nobody has where several change name or tribe at once, so that two can swap theirs."""
    if kind not in UNIQUE_NAMES:
        return set()
    aside = {c.id for c in changes if {"name", "tribe", "closed_on"} & set(c.after or ())}
    if len(aside) < 2:
        return set()
    _update_rows(kind, ("name",), [{"id": id_, "name": id_} for id_ in aside])
    return aside


def _update_rows(kind: str, names: Sequence[str], rows: list[dict[str, Any]]) -> None:
    model = model_of(kind)
    table = _quote(model._meta.db_table)
    key, *fields = _fields(model, ("id", *names))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) > FEW:
            sets = ", ".join(f"{_quote(field.column)} = x.{_quote(field.name)}" for field in fields)
            for chunk in _chunks(rows):
                cursor.execute(
                    f"UPDATE {table} AS t SET {sets} FROM {_recordset([key, *fields])} WHERE t.id = x.id",  # noqa: S608
                    [orjson.dumps(chunk).decode()],
                )
                _expect(kind, cursor.rowcount, len(chunk))
        else:
            sets = ", ".join(f"{_quote(field.column)} = %s" for field in fields)
            cursor.executemany(
                f"UPDATE {table} SET {sets} WHERE id = %s",  # noqa: S608
                _parameters([*fields, key], rows),
            )
            _expect(kind, cursor.rowcount, len(rows))


def _expect(kind: str, found: int, wanted: int) -> None:
    if found != wanted:
        raise StoreError(f"{wanted} rows of {kind} to write, {found} found")


def _chunks(rows: list[dict[str, Any]], size: int = 10_000) -> Iterable[list[dict[str, Any]]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def _recordset(fields: Sequence[Any]) -> str:
    """Return the SQL that turns one JSON parameter into rows: one statement whatever their number."""
    columns = ", ".join(f"{_quote(field.name)} {_column_type(field)}" for field in fields)
    return f"jsonb_to_recordset(%s::jsonb) AS x({columns})"


def _column_type(field: Any) -> str:
    return str(field.rel_db_type(connection) if field.primary_key else field.db_type(connection))


def _parameters(fields: Sequence[Any], rows: list[dict[str, Any]]) -> Any:
    """Return rows as the parameters of a statement, worked out column by column."""
    return zip(*(map(_adapter(field), [row[field.name] for row in rows]) for field in fields), strict=True)


def _adapter(field: Any) -> Callable[[Any], Any]:
    """Return what turns a JSON value into one that a driver takes."""
    if field.name == "id" or isinstance(field, (models.ForeignKey, IdField)):
        return lambda id_: id_.replace("-", "") if id_ is not None else None
    if isinstance(field, models.JSONField):
        return lambda value: orjson.dumps(value).decode() if value is not None else None
    return lambda value: value


def _fields(model: type[models.Model], names: Iterable[str]) -> list[Any]:
    return [model._meta.get_field(name) for name in names]


def _quote(name: str) -> str:
    return connection.ops.quote_name(name)
