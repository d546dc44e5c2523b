"""Many people at once on the real server: nothing is lost, nothing fails, log and tables agree."""

from __future__ import annotations

import http.client
import json
import random
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.build import id_of
from tests.process.conftest import serving

THREADS = 16
MOVES_EACH = 40
PEOPLE = [f"Person {number}" for number in range(12)]
SQUADS = ["Search", "Playback", "Home", "Studio"]


class Api:
    """A client of the running server with a connection of its own."""

    def __init__(self, address: tuple[str, int], token: str) -> None:
        self.connection = http.client.HTTPConnection(*address, timeout=60)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        self.connection.request(
            method, f"/api/v1/{path}", json.dumps(body) if body is not None else None, self.headers
        )
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read() or b"null")

    def __enter__(self) -> Api:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def squad_of(self, person: str) -> str:
        status, body = self.call("GET", f"people/{person}/")
        assert status == 200
        return str(body["memberships"][0]["squad"]["id"])


@pytest.fixture
def server(installation: Any) -> Iterator[tuple[tuple[str, int], str]]:
    """The real gunicorn with two workers on a small organization; its address and an editor's token."""
    installation.run("-m", "tests.process.found", input=json.dumps({"people": PEOPLE, "squads": SQUADS}))
    token = installation.token("test", "--role", "editor")
    with serving(installation) as address:
        yield address, token


def test_two_people_move_the_same_person_at_once(server: Any) -> None:
    start = threading.Barrier(2)
    ana = id_of(PEOPLE[0])

    def move(to: str) -> tuple[int, Any]:
        with Api(*server) as api:
            start.wait()
            return api.call("POST", f"people/{ana}/move/", {"from": id_of("Search"), "to": id_of(to)})

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(move, ["Playback", "Home"]), key=lambda answer: answer[0])
    assert [status for status, _ in answers] == [200, 409]
    with Api(*server) as api:
        won = api.squad_of(ana)
    error = answers[1][1]["errors"][0]
    names = {id_of(name): name for name in SQUADS}
    assert (error["expected"], error["found"]) == ("Search", names[won])


def test_random_moves_of_many_lose_nothing(server: Any, installation: Any) -> None:
    def mover(seed: int) -> Counter[int]:
        chance, seen = random.Random(seed), Counter[int]()
        with Api(*server) as api:
            for _ in range(MOVES_EACH):
                person = id_of(chance.choice(PEOPLE))
                body = {"from": api.squad_of(person), "to": id_of(chance.choice(SQUADS))}
                status, _ = api.call("POST", f"people/{person}/move/", body)
                seen[status] += 1
        return seen

    with ThreadPoolExecutor(THREADS) as pool:
        statuses = sum(pool.map(mover, range(THREADS)), Counter[int]())
    assert set(statuses) <= {200, 409, 422}  # 422: they are there already
    assert statuses.total() == THREADS * MOVES_EACH
    state = json.loads(installation.run("-m", "tests.process.state"))
    assert state["version"] == state["change_sets"] == 1 + statuses[200]
    assert sum(state["sizes"].values()) == len(PEOPLE)
    assert state["differences"] == 0
    assert statuses[200] > THREADS
