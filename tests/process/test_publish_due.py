"""Scheduled drafts are published once each, however many machines run the command in the same minute."""

from __future__ import annotations

import json
from typing import Any

PEOPLE = [f"Person {number}" for number in range(8)]
MACHINES = 4


def test_every_due_draft_goes_live_exactly_once(installation: Any) -> None:
    found = {"people": [*PEOPLE, "Somebody else"], "squads": ["Search", "Playback"]}
    installation.run("-m", "tests.process.found", input=json.dumps(found))
    installation.run("-m", "tests.process.schedule", input=json.dumps({"people": PEOPLE, "to": "Playback"}))

    machines = [installation.start("manage.py", "publish_due") for _ in range(MACHINES)]
    printed = [machine.communicate(timeout=120) for machine in machines]

    assert [machine.returncode for machine in machines] == [0] * MACHINES, printed
    lines = [line.partition(":")[0] for out, _ in printed for line in out.splitlines()]
    assert sorted(lines) == [f"Move {name}" for name in PEOPLE]
    state = json.loads(installation.run("-m", "tests.process.state"))
    assert state == {
        "version": 1 + len(PEOPLE),
        "change_sets": 1 + len(PEOPLE),
        "drafts": ["published"] * len(PEOPLE),
        "sizes": {"Search": 1, "Playback": len(PEOPLE)},
        "differences": 0,
    }
    assert installation.manage("publish_due") == ""
