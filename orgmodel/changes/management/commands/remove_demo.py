"""manage.py remove_demo: an empty organization in place of the demo. Logins stay."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orgmodel.core.operations import Refused
from orgmodel.demo.loading import remove_demo


class Command(BaseCommand):
    help = "Remove the demo organization with its history and drafts. Logins stay."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            remove_demo()
        except Refused as refused:
            raise CommandError(refused.message) from None
        self.stdout.write("The demo organization is removed.")
