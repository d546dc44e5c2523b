"""manage.py findings: what the rules find, live, on a past day or in a draft; for people and for scripts."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from orgmodel.changes import plans, store
from orgmodel.changes.management.commands.export_org import draft_named, moment_named
from orgmodel.changes.models import Head
from orgmodel.core.org import Org
from orgmodel.core.rules.base import SEVERITIES
from orgmodel.core.rules.findings import Findings
from orgmodel.findings import services as found
from orgmodel.findings.log import since_of
from orgmodel.findings.plain import as_csv, plain_all


class Command(BaseCommand):
    help = "List what the rules find, worst first. What is waived is left out."
    requires_system_checks = ()  # they load every page, which takes as long as a thousand people

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=("table", "json", "csv"), default="table")
        parser.add_argument(
            "--fail-on",
            choices=SEVERITIES,
            help="exit with 1 where anything is as bad as this; errors exit with 2",
        )
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--as-of", metavar="DATE", help="at the end of a day, such as 2026-06-30")
        which.add_argument("--draft", metavar="NAME", help="as a draft would make it: its key or name")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = _rows(options["as_of"], options["draft"])
        except (CommandError, DatabaseError) as error:
            # Not 1, which scripts take to mean that something is as bad as they asked for.
            raise CommandError(str(error), returncode=2) from error
        match options["format"]:
            case "json":
                self.stdout.write(json.dumps(rows, indent=2, ensure_ascii=False))
            case "csv":
                self.stdout.write(as_csv(rows), ending="")
            case _:
                self.stdout.write(_table(rows))
        if options["fail_on"] and any(_is_as_bad(row, options["fail_on"]) for row in rows):
            raise SystemExit(1)


def _is_as_bad(row: dict[str, Any], severity: str) -> bool:
    return SEVERITIES.index(row["severity"]) >= SEVERITIES.index(severity)


def _rows(as_of: str | None, draft: str | None) -> list[dict[str, Any]]:
    head = store.head()
    live = store.org_at(head)
    org, findings = _findings(head, live, as_of, draft)
    standing = found.standing(findings, org, findings.today)
    shown = list(found.worst(each.finding for each in standing))
    if draft is not None:
        return plain_all(org, standing, found.since_planned(head, live, findings.today, shown))
    return plain_all(org, standing, since_of(org, findings, shown))


def _findings(head: Head, live: Org, as_of: str | None, draft: str | None) -> tuple[Org, Findings]:
    if draft is not None:
        planned = plans.plan_of(draft_named(draft), head)
        return planned.replay.after, found.findings_of_draft(planned, head, live)
    if as_of is not None:
        org, day = moment_named(as_of)
        return org, found.on_day(org, day)
    return live, found.live(head, live)


def _table(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return "Nothing found."
    width = max(len(row["rule"]) for row in rows)
    lines = [f"{row['severity']:<8}  {row['rule']:<{width}}  {row['message']}" for row in rows]
    return "\n".join([*lines, f"{len(rows):,} in all."])
