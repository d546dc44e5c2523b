"""A process that publishes a draft of 100 moves over the API, with a key, and says how that went; run by the tests.

With “found”, it starts over; with “later”, it is a minute later for what did not come to an end.
"""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from orgmodel.changes import drafts, store  # noqa: E402
from orgmodel.core.operations import MovePeople  # noqa: E402
from orgmodel.integrations import repeats, tokens  # noqa: E402
from orgmodel.integrations.models import KeptAnswer  # noqa: E402
from tests.build import an_org, id_of, save, squad, tribe  # noqa: E402

PEOPLE = [f"Person {number}" for number in range(100)]
NOW = timezone.now()


def found() -> None:
    """Start over with everyone in one squad, and a draft that moves each of them to another."""
    store.erase()
    KeptAnswer.objects.all().delete()
    save(an_org(tribe("Listening", squad("Search", *PEOPLE), squad("Playback"))), at=NOW)
    owner = tokens.integration_of("Nightly", at=NOW).user
    moves = [MovePeople(people=(id_of(name),), to=id_of("Playback")) for name in PEOPLE]
    drafts.create_draft("Everyone", owner_id=owner.pk, at=NOW, operations=moves)


def publish() -> None:
    token = tokens.issue("Nightly", "editor", at=NOW)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "tonight"}
    client = Client(SERVER_NAME="localhost")
    client.get("/api/v1/drafts/everyone/", headers=headers)  # warm, so that the time is spent on publishing
    print("ready", flush=True)
    sys.stdin.readline()
    answer = client.post(
        "/api/v1/drafts/everyone/publish/", {"despite": "A test."}, "application/json", headers=headers
    )
    print(json.dumps([answer.status_code, answer.get("Idempotent-Replayed", "")]), flush=True)


if "found" in sys.argv:
    found()
else:
    if "later" in sys.argv:
        KeptAnswer.objects.filter(status=None).update(started_at=NOW - repeats.LEASE - timedelta(seconds=1))
    publish()
