"""manage.py load_demo: the demo organization into an empty database."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from orgmodel.changes import store
from orgmodel.core.operations import Refused
from orgmodel.demo import loading


class Command(BaseCommand):
    help = "Load the demo organization Kestrel Audio into an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where an organization is there already"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not (options["if_empty"] and store.head().version):
            self._load()
        if store.head().is_demo:
            self._print_logins()

    def _load(self) -> None:
        try:
            loading.load_demo(at=timezone.now())
        except Refused as refused:
            raise CommandError(refused.message) from None
        org = store.current()
        self.stdout.write(
            f"{loading.NAME} is loaded: {org.count('person')} people in {org.count('squad')} squads."
        )
        if not settings.DEBUG:
            self.stdout.write(
                "DEBUG is off, so there are no demo logins; make your own with createsuperuser."
            )

    def _print_logins(self) -> None:
        for login in loading.demo_logins():
            self.stdout.write(f"  {login.username:10} {login.password}   {login.role}, as {login.full_name}")
