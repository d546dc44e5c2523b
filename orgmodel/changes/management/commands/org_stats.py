"""manage.py org_stats: how many records of each kind there are, and the version."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from orgmodel.changes import store
from orgmodel.changes.files.layout import KIND_OF
from orgmodel.core.org import Org
from orgmodel.core.records import KINDS
from orgmodel.core.rules.integrity import is_closed


class Command(BaseCommand):
    help = "Count the records of each kind, open and closed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=["table", "json"], default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        head = store.head()
        counts = _counts(store.org_at(head))
        if options["format"] == "json":
            body = {"name": head.name, "version": head.version, "is_demo": head.is_demo, "counts": counts}
            self.stdout.write(json.dumps(body, indent=2))
            return
        self.stdout.write(f"{head.name}, version {head.version}")
        self.stdout.write(f"{'':16}{'open':>10}{'closed':>10}")
        for kind, count in counts.items():
            self.stdout.write(f"{kind.replace('_', ' '):16}{count['open']:>10,}{count['closed']:>10,}")


def _counts(org: Org) -> dict[str, dict[str, int]]:
    """Count by kind; people who have left and settled vacancies count as closed."""
    found = {}
    for kind in KIND_OF.values():
        table = org.table(kind)
        closed = sum(map(is_closed, table.values()))
        found[KINDS[kind].PLURAL] = {"open": len(table) - closed, "closed": closed}
    return found
