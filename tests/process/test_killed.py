"""A process killed in the middle of publishing 500 operations leaves all of them or nothing."""

from __future__ import annotations

import json
import random
import time
from typing import Any

KILLS = 20
BEFORE = {
    "version": 1,
    "change_sets": 1,
    "drafts": ["open"],
    "sizes": {"Search": 500, "Playback": 0},
    "differences": 0,
}
AFTER = {
    "version": 2,
    "change_sets": 2,
    "drafts": ["published"],
    "sizes": {"Search": 0, "Playback": 500},
    "differences": 0,
}


def test_a_killed_publish_leaves_all_or_nothing(installation: Any, record_property: Any) -> None:
    script = ("-m", "tests.process.publish_500")
    installation.run(*script, "found")
    duration = _time_of_one(installation, script)
    inside = 0
    chance = random.Random(7)
    for _ in range(KILLS):
        child = installation.start(*script)
        assert child.stdout.readline() == "ready\n", child.stderr.read()
        child.stdin.write("go\n")
        child.stdin.flush()
        assert child.stdout.readline() == "inside\n"
        time.sleep(0.8 * duration * chance.random())
        child.kill()
        rest, _ = child.communicate()
        inside += "done" not in rest
        state = json.loads(installation.run("-m", "tests.process.state"))
        assert {key: value for key, value in state.items() if key != "sizes"} in (
            {key: value for key, value in BEFORE.items() if key != "sizes"},
            {key: value for key, value in AFTER.items() if key != "sizes"},
        )
        assert state["sizes"] in (BEFORE["sizes"], AFTER["sizes"])
        if state == AFTER:
            installation.run(*script, "found")
    record_property("kills inside the transaction", inside)
    assert inside >= KILLS // 4, f"only {inside} of {KILLS} kills landed inside the transaction"


def _time_of_one(installation: Any, script: tuple[str, ...]) -> float:
    """Return how many seconds the transaction takes, and put everything back."""
    child = installation.start(*script)
    assert child.stdout.readline() == "ready\n", child.stderr.read()
    child.stdin.write("go\n")
    child.stdin.flush()
    assert child.stdout.readline() == "inside\n"
    started = time.monotonic()
    assert child.stdout.readline() == "written\n"
    duration = time.monotonic() - started
    assert child.stdout.readline() == "done\n"
    child.communicate()
    assert json.loads(installation.run("-m", "tests.process.state")) == AFTER
    installation.run(*script, "found")
    return duration
