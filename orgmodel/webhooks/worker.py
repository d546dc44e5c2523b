"""What runs beside the server: publishes due drafts, delivers webhooks, clears up, checks the log.

The main thread does all that asks the database; an attempt is a thread of its own, so that a receiver that hangs holds
up nobody else. Any number of workers may run; one that is killed leaves nothing behind but leases that end.
"""

from __future__ import annotations

import logging
import queue
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from django.conf import settings
from django.core.management import call_command
from django.db import Error, close_old_connections, connection
from django.db.models import Q
from django.utils import timezone

from orgmodel.changes.models import new_id
from orgmodel.integrations import limits, repeats
from orgmodel.webhooks import delivery, sending
from orgmodel.webhooks.fanout import fan_out
from orgmodel.webhooks.models import Delivery, Progress, Subscription, progress
from orgmodel.webhooks.sending import Outcome

IDLE = 1.0  # seconds between looks at the database where there is nothing to do
THREADS = 16
WIDTH = 8  # attempts at the same time for one subscription; one where its last one failed
GATHER = 0.01  # seconds after the first result for others, so that a look at the database serves several
PATIENCE = 3.0  # seconds for attempts on their way when asked to stop
EVERY = {"publish": 20.0, "renew": 20.0, "clear": 3600.0, "check": 600.0}  # seconds
NIGHT = 2  # the hour of the day, in TIME_ZONE, after which log and tables are compared

log = logging.getLogger("orgmodel.worker")
Done: TypeAlias = tuple[Delivery, Outcome] | None


class Worker:
    """One worker: what it has in hand, and when it did what last."""

    def __init__(self, *, timeout: float = sending.TIMEOUT) -> None:
        self.lease = new_id()
        self.timeout = timeout
        self.in_hand: dict[int, Delivery] = {}
        self.failing: set[str] = set()  # subscriptions whose last attempt failed
        self.done: queue.SimpleQueue[Done] = queue.SimpleQueue()
        self.stopping = False
        self.last: dict[str, float] = {}
        self.check: subprocess.Popen[bytes] | None = None

    # Life

    def run(self) -> None:
        """Work until asked to stop."""
        failures = 0
        while not self.stopping:
            close_old_connections()
            try:
                is_busy = self.turn()
                failures = 0
            except Error:
                failures += 1
                log.exception("The database did not do what it was asked")
                connection.close()
                time.sleep(min(failures, 30))
                continue
            self.collect(0.0 if is_busy else IDLE)
        self.wind_up()

    def stop(self) -> None:
        """Ask it to stop; safe in a signal handler."""
        self.stopping = True
        self.done.put(None)

    def run_once(self) -> None:
        """Do all that is due now, and return when it is done."""
        while self.turn() or self.in_hand:
            self.collect(IDLE if self.in_hand else 0.0)
        if self.check is not None:
            self.check.wait()

    def wind_up(self) -> None:
        """Wait a moment for attempts on their way. The lease of one that takes longer ends by itself."""
        until = time.monotonic() + PATIENCE
        while self.in_hand and time.monotonic() < until:
            self.collect(until - time.monotonic())
        if self.check is not None:
            self.check.terminate()
            self.check.wait()

    # Work

    def turn(self) -> bool:
        """Do what is due, and return whether more is due at once."""
        self.chores()
        has_more = fan_out(timezone.now())
        return self.start() or has_more

    def start(self) -> bool:
        """Begin attempts at what is due, as many as there are threads left, and return whether any began."""
        if len(self.in_hand) >= THREADS:
            return False
        began = False
        at = timezone.now()
        busy = Counter(each.subscription_id for each in self.in_hand.values())
        for subscription in delivery.due_subscriptions(at):
            width = 1 if subscription.pk in self.failing else WIDTH
            room = min(width - busy[subscription.pk], THREADS - len(self.in_hand))
            if room <= 0:
                continue
            for each in delivery.claim(subscription, room, lease=self.lease, at=at):
                began = True
                self.in_hand[each.pk] = each
                threading.Thread(target=self.attempt, args=(each, subscription, at), daemon=True).start()
        return began

    def attempt(self, each: Delivery, subscription: Subscription, at: datetime) -> None:
        try:
            outcome = delivery.send(each, subscription, at, timeout=self.timeout)
        except Exception:
            log.exception("An attempt failed in a way that nobody foresaw")
            outcome = Outcome(error="Failed on our side; the worker's log has the details.")
        self.done.put((each, outcome))

    def collect(self, seconds: float) -> None:
        """Write down what became of attempts, waiting so long for the first."""
        try:
            done = self.done.get(timeout=seconds) if seconds > 0 else self.done.get_nowait()
            time.sleep(GATHER)
            while True:
                if done is not None:
                    self.write_down(*done)
                done = self.done.get_nowait()
        except queue.Empty:
            return

    def write_down(self, each: Delivery, outcome: Outcome) -> None:
        self.in_hand.pop(each.pk, None)
        (self.failing.discard if outcome.is_delivered else self.failing.add)(each.subscription_id)
        delivery.finish(each, outcome, lease=self.lease, at=timezone.now())

    # Chores

    def chores(self) -> None:
        chores: dict[str, Callable[[], object]] = {
            "publish": lambda: call_command("publish_due"),
            "renew": lambda: delivery.renew(self.lease, timezone.now()),
            "clear": clear_old,
            "check": self.check_log,
        }
        for name, chore in chores.items():
            if time.monotonic() - self.last.get(name, float("-inf")) >= EVERY[name]:
                self.last[name] = time.monotonic()
                chore()

    def check_log(self) -> None:
        """Compare log and tables once a night, in a process of its own, whichever worker sees first that it is due."""
        if self.check is not None and (code := self.check.poll()) is not None:
            self.check = None
            (log.error if code else log.info)("verify_log ended with status %s", code)
        now = timezone.localtime()
        if now.hour < NIGHT or progress().checked_on == now.date():
            return
        due = Q(checked_on=None) | Q(checked_on__lt=now.date())
        if Progress.objects.filter(due, pk=1).update(checked_on=now.date()):
            self.check = subprocess.Popen([sys.executable, settings.BASE_DIR / "manage.py", "verify_log"])


def clear_old() -> None:
    """Drop what is kept only for a while: the log of deliveries, answers to repeated requests, counts of requests."""
    at = timezone.now()
    for owner in (delivery, limits, repeats):
        owner.clear_old(at)
