"""A process killed while it publishes over the API leaves nothing half; the same request sent again does it once."""

from __future__ import annotations

import json
import time
from typing import Any

SCRIPT = ("-m", "tests.process.publish_over_api")
MOMENTS = (0.05, 0.3, 0.6)  # of the time that it takes, when it is killed


def publish(
    installation: Any, *arguments: str, within: float | None = None
) -> tuple[list[Any] | None, float]:
    """Publish, or be killed after some seconds; return status and whether it was a replay, and how long it took."""
    child = installation.start(*SCRIPT, *arguments)
    assert child.stdout.readline() == "ready\n", child.stderr.read()
    started = time.monotonic()
    child.stdin.write("go\n")
    child.stdin.flush()
    if within is not None:
        time.sleep(within)
        child.kill()
    told, _ = child.communicate()
    return json.loads(told) if told else None, time.monotonic() - started


def state(installation: Any) -> tuple[int, int, list[str], int]:
    found = json.loads(installation.run("-m", "tests.process.state"))
    return found["version"], found["change_sets"], found["drafts"], found["differences"]


def test_a_killed_request_is_sent_again_and_done_once(installation: Any, record_property: Any) -> None:
    installation.run(*SCRIPT, "found")
    answer, duration = publish(installation)
    assert answer == [200, ""]
    halted = 0
    for moment in MOMENTS:
        installation.run(*SCRIPT, "found")
        told, _ = publish(installation, within=moment * duration)
        after_kill = state(installation)
        assert after_kill in ((1, 1, ["open"], 0), (2, 2, ["published"], 0))
        halted += told is None and after_kill[0] == 1
        again, _ = publish(installation, "later")
        assert again == [200, "" if after_kill[0] == 1 else "true"]
        assert state(installation) == (2, 2, ["published"], 0)
    record_property("killed before the end", halted)
    assert halted >= 1
