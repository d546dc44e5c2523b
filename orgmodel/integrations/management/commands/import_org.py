"""manage.py import_org: a folder of files, or one file, into the organization, live or as a draft."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from orgmodel.access import roles
from orgmodel.changes import drafts, services, store
from orgmodel.changes.files.layout import KIND_OF
from orgmodel.changes.files.mapping import match_for
from orgmodel.changes.files.matching import KEY, is_match
from orgmodel.changes.files.planning import Plan, Terms, plan_import
from orgmodel.changes.files.sources import ENDINGS, ending_of
from orgmodel.changes.services import Actor
from orgmodel.changes.wording import OBJECTIONS, in_short
from orgmodel.core.operations import ApplyChanges
from orgmodel.integrations.models import ColumnMapping

MAX_FILE = 512 * 1024 * 1024


class Command(BaseCommand):
    help = "Import files: a folder of CSV, or one of XLSX, JSON, NDJSON or a Backstage catalog."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="DIR|FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="show what would change and write nothing")
        parser.add_argument("--message", default="", help="the reason that the log keeps")
        parser.add_argument(
            "--missing",
            choices=["keep", "close", "error"],
            default="keep",
            help="what to do with records that the files lack",
        )
        parser.add_argument(
            "--match-on",
            metavar="FIELD",
            help="by what rows find their people: key (the default), email or external_id:<source>",
        )
        parser.add_argument(
            "--mapping",
            metavar="INTEGRATION:NAME",
            help="the columns that an integration has kept under a name",
        )
        parser.add_argument(
            "--unknown-squads",
            choices=["error", "skip"],
            default="error",
            help="what a squad that is not here is: an error, or people stay where they are",
        )
        parser.add_argument("--draft", metavar="NAME", help="make a draft of it; nothing is live then")
        parser.add_argument(
            "--owner", metavar="USERNAME", help="whose draft it is (default: the first superuser)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with store.paused_collector():
            self._import(options)

    def _import(self, options: dict[str, Any]) -> None:
        now = timezone.now()
        terms = _terms(options)
        files = _read(options["source"])
        plan = plan_import(files, services.current(), today=timezone.localdate(now), terms=terms)
        self._report(plan)
        if plan.operation is None:
            self.stdout.write("Nothing to change.")
        elif options["dry_run"]:
            self.stdout.write("This was a dry run; nothing is written.")
        else:
            self._write(plan.operation, now, options)

    def _report(self, plan: Plan) -> None:
        for notice in plan.notices:
            self.stderr.write(f"Note: {notice}")
        for error in plan.errors:
            self.stderr.write(str(error))
        if plan.errors:
            count = len(plan.errors)
            raise CommandError(f"{count:,} {'error' if count == 1 else 'errors'}; nothing is written.")
        self.stdout.write(f"{'':16}{'new':>10}{'changed':>10}{'unchanged':>11}{'closed':>10}")
        for row in plan.rows:
            counts = f"{row.new:>10,}{row.changed:>10,}{row.unchanged:>11,}{row.closed:>10,}"
            self.stdout.write(f"{row.label:16}{counts}")

    def _write(self, operation: ApplyChanges, now: Any, options: dict[str, Any]) -> None:
        try:
            if options["draft"] is not None:
                owner = _owner(options["owner"])
                draft = drafts.create_draft(
                    options["draft"], owner_id=owner.pk, at=now, operations=[operation]
                )
                self.stdout.write(f"Draft “{draft.name}” of {owner.get_username()}: {operation.title}")
            else:
                message = options["message"] or f"Import of {options['source'].resolve().name}"
                done = services.commit(
                    [operation], actor=Actor("Command line"), message=message, source="import", at=now
                )
                self.stdout.write(f"Version {done.version}: {operation.title}")
        except OBJECTIONS as objection:
            raise CommandError(in_short(objection, services.current())) from None


def _terms(options: dict[str, Any]) -> Terms:
    """Return how the import goes about it."""
    columns = _columns(options["mapping"]) if options["mapping"] is not None else None
    match = options["match_on"] or (match_for(columns.values()) if columns else KEY)
    if not is_match(match):
        raise CommandError("--match-on is key, email or external_id:<source>.")
    skips = options["unknown_squads"] == "skip"
    return Terms(match, options["missing"], columns, skips_unknown_squads=skips)


def _columns(text: str) -> dict[str, str]:
    key, _, name = text.partition(":")
    found = ColumnMapping.objects.filter(integration__key=key, name=name).first()
    if found is None:
        kept = ColumnMapping.objects.order_by("integration__key", "name")
        there = [f"{each.integration.key}:{each.name}" for each in kept.select_related("integration")]
        raise CommandError(f"There is no mapping “{text}”. There are: {', '.join(there) or 'none'}.")
    return dict(found.columns)


def _read(source: Path) -> dict[str, bytes]:
    """Return a file, or the CSV files of a folder, those with other names too: a slip of the name is an error."""
    if source.is_file() and ending_of(source.name) in ENDINGS:
        found = [source]
    elif source.is_dir():
        found = sorted(path for path in source.iterdir() if path.suffix.lower() == ".csv" and path.is_file())
    else:
        raise CommandError(f"{source} is not a folder, nor a file that ends in {', '.join(ENDINGS)}.")
    if not found:
        raise CommandError(f"There is no CSV file in {source}. Expected are {', '.join(KIND_OF)}.")
    for path in found:
        if path.stat().st_size > MAX_FILE:
            raise CommandError(f"{path.name} is larger than {MAX_FILE // 1024**2} MB.")
    try:
        return {path.name: path.read_bytes() for path in found}
    except OSError as error:
        raise CommandError(f"{source} cannot be read: {error.strerror}.") from None


def _owner(username: str | None) -> Any:
    users = get_user_model()._default_manager.filter(is_active=True).order_by("pk")
    if username is not None:
        owner = users.filter(username=username).first()
    else:
        editors = users.filter(groups__name__in=[roles.EDITOR, roles.ORG_DESIGNER])
        owner = users.filter(is_superuser=True).first() or editors.first()
    if owner is None:
        raise CommandError(
            "A draft needs an owner. Name a login with --owner, or make one with createsuperuser."
        )
    return owner
