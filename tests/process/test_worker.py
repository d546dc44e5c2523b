"""Webhooks through everything that goes wrong: workers that are killed, a receiver that drops, hangs and redirects."""

from __future__ import annotations

import itertools
import json
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.process.conftest import Hooks, end

PEOPLE = [f"Person {number}" for number in range(12)]
CHANGE_SETS, EACH = 40, 6
KILLS = 4  # of two workers at a time
WORKER = ("-m", "tests.process.hasty_worker")


@pytest.fixture
def hooks(installation: Any, tmp_path: Path) -> Iterator[Hooks]:
    installation.environment["WEBHOOK_ALLOWED_HOSTS"] = "127.0.0.1"
    found = {"people": PEOPLE, "squads": ["Search", "Playback"]}
    installation.run("-m", "tests.process.found", input=json.dumps(found))
    hooks = Hooks(installation, tmp_path / "received")
    yield hooks
    end(hooks.process)


def test_every_event_arrives_in_order_through_kills(installation: Any, hooks: Hooks) -> None:
    hooks.subscribe(good=["person.*"], bad=["person.*"], gone=["person.*"])
    writer = installation.start("-m", "tests.process.writer", "1", str(CHANGE_SETS), str(EACH), "300")
    chance = random.Random(5)
    for _ in range(KILLS):
        workers = [installation.start(*WORKER) for _ in range(2)]
        for worker in workers:
            assert worker.stdout.readline() == "ready\n", worker.stderr.read()
        time.sleep(0.2 + chance.random())
        for worker in workers:
            assert worker.poll() is None, worker.stderr.read()
            end(worker)
    assert writer.wait(timeout=60) == 0
    writer.communicate()
    _deliver_the_rest(installation, hooks)

    for path in ("/good", "/bad"):
        got = hooks.got(path)
        arrived = _arrived(got)
        assert len(arrived) == CHANGE_SETS * EACH
        assert {line["id"] for line in got} == arrived
        assert all(line["verified"] for line in got)
        by_person = sorted(got, key=lambda line: line["body"]["data"]["id"])
        for _, lines in itertools.groupby(by_person, key=lambda line: line["body"]["data"]["id"]):
            versions = [line["body"]["data"]["version"] for line in lines]
            assert versions == sorted(versions)
    assert {line["did"] for line in hooks.got("/bad")} == {"204", "500", "drop", "hang", "redirect"}
    assert 1 <= len(hooks.got("/gone")) <= 3 * len(PEOPLE)


def _arrived(got: list[dict[str, Any]]) -> set[str]:
    """Return the ids of events that the receiver said yes to; some came twice."""
    return {line["id"] for line in got if line["did"] == "204"}


def _deliver_the_rest(installation: Any, hooks: Hooks) -> None:
    """Run workers until everything has arrived."""
    until = time.monotonic() + 120
    worker = installation.start(*WORKER)
    while time.monotonic() < until:
        if all(len(_arrived(hooks.got(path))) == CHANGE_SETS * EACH for path in ("/good", "/bad")):
            break
        time.sleep(0.2)
    worker.send_signal(signal.SIGTERM)
    asked = time.monotonic()
    _, errors = worker.communicate(timeout=10)
    assert (worker.returncode, errors) == (0, "")
    assert time.monotonic() - asked < 5
