"""A process that commits change after change, each to some people at once; run by tests and benchmarks.

`subscribe` in its place makes webhooks of the patterns given and prints the secret of each.
"""

import json
import random
import sys
import time
from collections.abc import Sequence

import django

django.setup()

from django.db import OperationalError  # noqa: E402
from django.utils import timezone  # noqa: E402

from orgmodel.changes import services  # noqa: E402
from orgmodel.core.operations import EditPerson  # noqa: E402
from orgmodel.integrations import tokens  # noqa: E402
from orgmodel.webhooks import services as webhooks  # noqa: E402


def subscribe(urls: dict[str, list[str]]) -> None:
    integration = tokens.integration_of("Receiver", at=timezone.now())
    made = {
        url: webhooks.subscribe(integration, url=url, patterns=patterns, at=timezone.now())
        for url, patterns in urls.items()
    }
    print(json.dumps({url: subscription.secret for url, subscription in made.items()}))


def write(seed: int, change_sets: int, people: int, pause: int) -> None:
    """Commit so many change sets, of so many people each, up to `pause` milliseconds apart."""
    chance = random.Random(seed)
    everyone = sorted(services.current().people)
    for number in range(change_sets):
        operations = [
            EditPerson(id=id_, values={"title": f"{seed}.{number}"})
            for id_ in chance.sample(everyone, people)
        ]
        _commit(operations, services.Actor(f"Writer {seed}"))
        time.sleep(chance.random() * pause / 1000)


def _commit(operations: Sequence[EditPerson], actor: services.Actor) -> None:
    """Commit, and again where others held the database for too long, as a client does that is answered 503."""
    try:
        services.commit(operations, actor=actor, message="", source="api", at=timezone.now())
    except OperationalError:
        _commit(operations, actor)


if sys.argv[1] == "subscribe":
    subscribe(json.load(sys.stdin))
else:
    write(*map(int, sys.argv[1:]))
