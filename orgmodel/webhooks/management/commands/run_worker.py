"""manage.py run_worker: publish due drafts, deliver webhooks, clear up, check the log. Run one beside the server."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from orgmodel.webhooks.worker import Worker


class Command(BaseCommand):
    help = "Publish due drafts, deliver webhooks, clear up and check the log, until it is stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now and end, as for cron")

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop())
        if options["once"]:
            worker.run_once()
        else:
            worker.run()
