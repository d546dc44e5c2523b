"""manage.py publish_due: publish every scheduled draft whose day has come. Run it every minute, from any machine."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from orgmodel.changes.models import ChangeSet
from orgmodel.changes.publishing import publish_due


class Command(BaseCommand):
    help = "Publish every scheduled draft whose day has come, once each, however many processes try."

    def handle(self, *args: Any, **options: Any) -> None:
        for draft, outcome in publish_due(timezone.now()).items():
            if isinstance(outcome, ChangeSet):
                self.stdout.write(f"{draft.name}: published as change {outcome.version}.")
            else:
                self.stdout.write(f"{draft.name}: stopped. {outcome}")
