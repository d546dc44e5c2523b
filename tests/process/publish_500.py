"""A process that publishes a draft of 500 operations and says when it is inside the transaction; run by the tests."""

import sys
from datetime import UTC, datetime

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.db import transaction  # noqa: E402

from orgmodel.changes import drafts, plans, publishing, services, store  # noqa: E402
from orgmodel.changes.models import Draft  # noqa: E402
from orgmodel.core.operations import MovePeople  # noqa: E402
from tests.build import an_org, id_of, save, squad, tribe  # noqa: E402

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PEOPLE = [f"Person {number}" for number in range(500)]


def found() -> None:
    """Start over with 500 people in one squad, and a draft that moves each of them to another."""
    store.erase()
    save(an_org(tribe("Listening", squad("Search", *PEOPLE), squad("Playback"))), at=NOW)
    user = get_user_model().objects.get_or_create(username="planner")[0]
    moves = [
        MovePeople(people=(id_of(name),), to=id_of("Playback"), source=id_of("Search")) for name in PEOPLE
    ]
    drafts.create_draft("Everyone to Playback", owner_id=user.pk, at=NOW, operations=moves)


def publish() -> None:
    draft = Draft.objects.get()
    plans.replay_draft(draft)  # warm, so that the time is spent inside the transaction
    print("ready", flush=True)
    sys.stdin.readline()
    with transaction.atomic():
        print("inside", flush=True)
        publishing.publish(draft, actor=services.Actor("Planner"), message="", at=NOW, despite="A test.")
        print("written", flush=True)
    print("done", flush=True)


found() if "found" in sys.argv else publish()
