"""The change feed while many write: whoever follows it misses nothing and is told nothing twice."""

from __future__ import annotations

import json
from typing import Any

from tests.process.conftest import serving

PEOPLE = [f"Person {number}" for number in range(30)]
WRITERS, CHANGE_SETS, EACH, PAUSE = 6, 40, 5, 4


def test_a_poller_is_told_everything_once(installation: Any) -> None:
    found = {"people": PEOPLE, "squads": ["Search", "Playback"]}
    installation.run("-m", "tests.process.found", input=json.dumps(found))
    token = installation.token("follower", "--role", "viewer")
    with serving(installation) as (host, port):
        poller = installation.start("-m", "tests.process.poller", f"http://{host}:{port}", token)
        numbers = (str(CHANGE_SETS), str(EACH), str(PAUSE))
        writers = [
            installation.start("-m", "tests.process.writer", str(seed), *numbers) for seed in range(WRITERS)
        ]
        for writer in writers:
            _, errors = writer.communicate(timeout=120)
            assert writer.returncode == 0, errors
        told, errors = poller.communicate("stop\n", timeout=120)
    assert poller.returncode == 0, errors
    lines = told.splitlines()
    versions = [int(line.split()[0]) for line in lines]
    assert len(lines) == len({*lines})
    assert versions == sorted(versions)
    assert {*versions} == {*range(1, 2 + WRITERS * CHANGE_SETS)}
    assert len(lines) - versions.count(1) == WRITERS * CHANGE_SETS * EACH
