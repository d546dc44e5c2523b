"""The change feed under many writers, webhooks through workers that are killed: what is lost, doubled, disordered."""

from __future__ import annotations

import itertools
import json
import re
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.databases import Engine
from tests.process.conftest import Hooks, Installation, end, serving

PEOPLE = 1_000
WRITERS, CHANGE_SETS, EACH = 16, 313, 20  # 100,160 changes
EVENT_SETS, EVENTS_EACH = 100, 100  # 10,000 events, ten for each person
KILLS, WORKERS = 10, 2
PATIENCE = 1_800  # seconds for what is left; an attempt that fails twice is made again five minutes later


@dataclass(frozen=True)
class Followed:
    """What a poller was told while others wrote."""

    changes: int
    missed: int
    twice: int
    disordered: int
    seconds: float


@dataclass(frozen=True)
class Delivered:
    """What a receiver got while workers were killed."""

    events: int
    lost: int
    disordered: int
    forged: int
    again: int
    seconds: float


def follow(engine: Engine) -> Followed:
    """Let sixteen processes commit as fast as they can, a moment apart, and one poller follow the feed over HTTP."""
    installation = _installed(engine)
    found = re.search(r"om_\w+", installation.manage("create_token", "follower", "--role", "viewer"))
    assert found is not None
    with serving(installation) as (host, port):
        poller = installation.start("-m", "tests.process.poller", f"http://{host}:{port}", found[0])
        started = time.monotonic()
        _write(installation, range(WRITERS), CHANGE_SETS, EACH)
        seconds = time.monotonic() - started
        told, errors = poller.communicate("stop\n", timeout=PATIENCE)
    assert poller.returncode == 0, errors
    lines = [line for line in told.splitlines() if not line.startswith("1 ")]  # the first made the people
    versions = [int(line.split()[0]) for line in lines]
    changes = WRITERS * CHANGE_SETS * EACH
    return Followed(
        changes, changes - len({*lines}), len(lines) - len({*lines}), _disorder(versions), seconds
    )


def deliver(engine: Engine, folder: Path) -> Delivered:
    """Let two workers deliver, and kill them again and again."""
    installation = _installed(engine)
    installation.environment["WEBHOOK_ALLOWED_HOSTS"] = "127.0.0.1"
    hooks = Hooks(installation, folder / f"received-{engine.name}")
    hooks.subscribe(good=["person.*"])
    _write(installation, [1], EVENT_SETS, EVENTS_EACH)
    started, events = time.monotonic(), EVENT_SETS * EVENTS_EACH
    for number in range(1, KILLS + 1):
        workers = [_worker(installation) for _ in range(WORKERS)]
        _wait_for(events * number // (KILLS + 2), engine)
        for worker in workers:
            end(worker)
    worker = _worker(installation)
    _wait_for(events, engine)
    seconds = time.monotonic() - started
    worker.terminate()
    worker.communicate(timeout=30)
    got = hooks.got("/good")
    end(hooks.process)
    arrived = {line["id"] for line in got}
    forged = sum(not line["verified"] for line in got)
    disordered = sum(_disorder(versions) for versions in _by_person(got))
    return Delivered(events, events - len(arrived), disordered, forged, len(got) - len(arrived), seconds)


def _installed(engine: Engine) -> Installation:
    installation = Installation(engine.create("events", "empty"))
    found = {"people": [f"Person {number}" for number in range(PEOPLE)], "squads": ["Search", "Playback"]}
    installation.run("-m", "tests.process.found", input=json.dumps(found))
    return installation


def _write(installation: Installation, seeds: Sequence[int], change_sets: int, each: int) -> None:
    """Commit from a process for each seed, and wait for all of them."""
    numbers = (str(change_sets), str(each), "4")
    writers = [installation.start("-m", "tests.process.writer", str(seed), *numbers) for seed in seeds]
    for writer in writers:
        _, errors = writer.communicate(timeout=PATIENCE)
        assert writer.returncode == 0, errors


def _worker(installation: Installation) -> Any:
    return installation.start("manage.py", "run_worker")


def _wait_for(events: int, engine: Engine) -> None:
    """Wait until so many events have been delivered or given up, as long as there is patience."""
    until, settled = time.monotonic() + PATIENCE, 0
    with closing(engine.connect("events")) as connection:
        cursor = connection.cursor()
        while settled < events and time.monotonic() < until:
            time.sleep(0.1)
            connection.rollback()  # and look anew
            cursor.execute("SELECT count(*) FROM webhooks_delivery WHERE state <> 'waiting'")
            [settled] = cursor.fetchone()


def _by_person(got: Sequence[dict[str, Any]]) -> list[list[int]]:
    def person(line: dict[str, Any]) -> str:
        return str(line["body"]["data"]["id"])

    groups = itertools.groupby(sorted(got, key=person), key=person)
    return [[line["body"]["data"]["version"] for line in lines] for _, lines in groups]


def _disorder(versions: Sequence[int]) -> int:
    return sum(later < earlier for earlier, later in itertools.pairwise(versions))
