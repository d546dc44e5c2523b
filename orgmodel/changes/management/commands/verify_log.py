"""manage.py verify_log: replay the log from the first change and compare it with the tables, record by record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orgmodel.changes import store
from orgmodel.changes.models import ChangeSet
from orgmodel.core import changes as core
from orgmodel.core.operations.base import subject_of
from orgmodel.core.org import Org


class Command(BaseCommand):
    help = "Replay the log from the first change and compare the outcome with the tables."

    def handle(self, *args: Any, **options: Any) -> None:
        version, found = _compare()
        for line in found:
            self.stdout.write(line)
        if found:
            count = len(found)
            raise CommandError(
                f"{count:,} {'difference' if count == 1 else 'differences'} at version {version}."
            )
        self.stdout.write(f"The log and the tables agree at version {version}.")


def _compare() -> tuple[int, list[str]]:
    """Compare at one version; where someone commits meanwhile, begin again."""
    while True:
        head = store.head()
        found = [*_gaps(head.version), *_differences(head.version)]
        if store.head().version == head.version:
            return head.version, found


def _gaps(version: int) -> Iterator[str]:
    versions = list(ChangeSet.objects.order_by("version").values_list("version", flat=True))
    if versions != list(range(1, version + 1)):
        yield f"The log should hold versions 1 to {version}, and holds {len(versions)} of them."


def _differences(version: int) -> Iterator[str]:
    org = Org.empty()
    for number, changes in store.history(until=version):
        for conflict in core.conflicts(org, changes):
            yield f"Version {number} builds on what was not so: {conflict.kind} {conflict.id} {conflict.field}"
        org = core.fold(org, changes).settle(number)
    tables = store.load(version)
    for change in core.diff(org, tables):
        yield from _in_words(change, org, tables)


def _in_words(change: core.Change, logged: Org, tables: Org) -> Iterator[str]:
    record = tables.get(change.kind, change.id) or logged.get(change.kind, change.id)
    assert record is not None
    who = f"{change.kind} {change.id} ({subject_of(tables if change.after is not None else logged, record)})"
    if change.before is None:
        yield f"{who}: in the tables, not in the log"
    elif change.after is None:
        yield f"{who}: in the log, not in the tables"
    else:
        for field, value in change.before.items():
            yield f"{who}: {field} is {value!r} in the log, {change.after[field]!r} in the tables"
