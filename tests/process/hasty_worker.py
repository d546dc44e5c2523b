"""The worker with little patience, so that tests need not wait for minutes: what it does is the same."""

from datetime import timedelta

import django

django.setup()

import signal  # noqa: E402

from django.utils import timezone  # noqa: E402

from orgmodel.webhooks import delivery, worker  # noqa: E402
from orgmodel.webhooks.models import Progress, progress  # noqa: E402

worker.IDLE = 0.05
delivery.SCHEDULE = (0, *[0.2] * 9)
delivery.LEASE = timedelta(seconds=3)

progress()
Progress.objects.update(checked_on=timezone.localdate())  # nothing to check tonight
hasty = worker.Worker(timeout=0.5)
signal.signal(signal.SIGTERM, lambda *_: hasty.stop())
print("ready", flush=True)
hasty.run()
