"""manage.py export_org: the organization, live, of another day or of a draft, as files that import_org reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from orgmodel.changes import future, plans, services, snapshots
from orgmodel.changes.files.catalog import write_catalog
from orgmodel.changes.files.layout import KIND_OF
from orgmodel.changes.files.writing import write_files, write_lines, write_xlsx
from orgmodel.changes.models import Draft
from orgmodel.core.org import Org

FORMATS: Mapping[str, Callable[[Org], Iterable[bytes]]] = {
    "xlsx": lambda org: [write_xlsx(org)],
    "ndjson": write_lines,
    "backstage": write_catalog,
}


class Command(BaseCommand):
    help = "Export the organization: to a folder of CSV files, or to one file of another format."
    requires_system_checks = ()  # they load every page, which takes as long as 5,000 people

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", metavar="DIR|FILE", type=Path)
        parser.add_argument(
            "--format",
            choices=["csv", *FORMATS],
            default="csv",
            help="a folder of CSV files, or a workbook, JSON lines or a Backstage catalog in one file",
        )
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--as-of",
            metavar="DATE",
            help="as it was at the end of a day, such as 2026-06-30, as it is planned for a day to come, "
            "or as a snapshot names it, by its key",
        )
        which.add_argument(
            "--draft", metavar="NAME", help="as a draft would make it: the draft's key or name"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["target"]
        write = FORMATS.get(options["format"])
        if write is None:
            _check_free(target)
        org = self._org(options["as_of"], options["draft"])
        try:
            if write is None:
                _write_folder(target, org)
            else:
                _replace(target, write(org))
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error.strerror}.") from None
        self.stdout.write(
            f"{org.count('person'):,} people in {org.count('squad'):,} squads are written to {target}."
        )

    def _org(self, as_of: str | None, draft: str | None) -> Org:
        if as_of is not None:
            return moment_named(as_of)[0]
        if draft is not None:
            replay = plans.replay_draft(draft_named(draft))
            for step in replay.misfits:
                self.stderr.write(f"Note: this step no longer fits and is left out: {step.sentence}")
            return replay.after
        return services.current()


def _check_free(folder: Path) -> None:
    """Refuse a folder that holds anything but an earlier export."""
    if folder.exists() and not folder.is_dir():
        raise CommandError(f"{folder} is not a folder.")
    others = (
        sorted(path.name for path in folder.iterdir() if path.name not in KIND_OF) if folder.exists() else []
    )
    if others:
        raise CommandError(
            f"{folder} holds {others[0]}, which is not from an export. Choose an empty or new folder."
        )


def _write_folder(folder: Path, org: Org) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in write_files(org).items():
        _replace(folder / file, [content])


def _replace(path: Path, content: Iterable[bytes]) -> None:
    """Write a file whole or not at all."""
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("wb") as file:
        file.writelines(content)
    fresh.replace(path)


def moment_named(text: str) -> tuple[Org, date]:
    """Return the organization at a day, past or planned, or at a snapshot, and that day. Raises CommandError."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        snapshot = snapshots.find(text)
        if snapshot is None:
            raise CommandError(
                f"“{text}” is not a date such as 2026-06-30, and no snapshot has that key."
            ) from None
        return services.org_at_version(snapshot.version), snapshots.day_of(snapshot)
    if day <= timezone.localdate():
        return services.org_as_of(day), day
    return future.org_on(tuple(future.scheduled_until(day))).after, day


def draft_named(name: str) -> Draft:
    """Return the open draft of this key or name. Raises CommandError."""
    drafts = Draft.objects.filter(state=Draft.State.OPEN)
    found = list(drafts.filter(key=name)) or list(drafts.filter(name=name)[:2])
    if not found:
        raise CommandError(f"There is no open draft “{name}”.")
    if len(found) > 1:
        raise CommandError(f"Several drafts are called “{name}”; give the key instead.")
    return found[0]
