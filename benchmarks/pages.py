"""What is measured over HTTP, in rounds that go from server to server, so that all meet the same noise."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks import cpu, generator
from benchmarks.databases import Engine
from benchmarks.files import Spent
from benchmarks.server import STATIC, WORKERS, Client, Server
from orgmodel.core.records import Membership, Squad

TRIBES = [f"/tribes/{generator.tribe_key(number)}/" for number in range(10)]
WHOLE = {
    "map": "/map/",
    "map as a file": "/map.svg",
    "structure": "/structure/",
    "heat": "/heat/",
    "circles": "/circles/",
}
"""Pictures of the whole organization."""
PEOPLE = "/api/v1/people/?limit=100"
RIVAL = "/api/rival/"
EXPORT = "/api/v1/exports/"


@dataclass
class Site:
    """A server on one database, with what lets a client in."""

    engine: Engine
    people: int
    server: Server
    session: str
    token: str
    moves: Iterator[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.moves = _moves()

    @property
    def database(self) -> str:
        return f"people{self.people}"

    def stopwatch(self) -> cpu.Stopwatch:
        parents = [self.server.process.pid, *([self.engine.postmaster] if self.engine.postmaster else [])]
        return cpu.Stopwatch(*parents)


def measure(site: Site, requests: int) -> dict[str, float]:
    """Measure one round on one server: CPU milliseconds per request, and for moves the median of wall time too."""
    cookie = {"Cookie": f"sessionid={site.session}"}
    bearer = {"Authorization": f"Bearer {site.token}"}
    found: dict[str, float] = {}
    with site.server.client(**cookie) as browser, site.server.client(**bearer) as script:
        found["static"] = _cpu(site, lambda: browser.get(STATIC), requests * 5)
        pages = itertools.cycle(TRIBES)
        found["tribe page"] = _cpu(site, lambda: browser.get(next(pages)), requests)
        found["API page"] = _cpu(site, lambda: script.get(PEOPLE), requests)
        found["rival"] = _cpu(site, lambda: script.get(RIVAL), max(requests // 6, 4))
        return found | _move(site, script, requests)


def measure_boards(site: Site, draft: str, requests: int) -> dict[str, float]:
    """Measure one round of boards, live and in a draft: CPU milliseconds per request."""
    with site.server.client(Cookie=f"sessionid={site.session}") as browser:
        live, planned = itertools.cycle(TRIBES), itertools.cycle(boards_of(draft))
        return {
            "live": _cpu(site, lambda: browser.get(next(live)), requests),
            "draft": _cpu(site, lambda: browser.get(next(planned)), requests),
        }


def measure_export(site: Site) -> tuple[Spent, float]:
    """Stream everything as JSON lines, and return what it took and the memory in MB that the server has more then."""
    with site.server.client(Authorization=f"Bearer {site.token}") as script:
        before, watch, started = site.server.memory(), site.stopwatch(), time.perf_counter()
        script.get(EXPORT)
        spent = Spent(watch.lap(), time.perf_counter() - started)
        return spent, (site.server.memory() - before) / 1024**2


def measure_pictures(site: Site, requests: int) -> dict[str, float]:
    """Measure one round of every picture of the whole organization, and of one tribe: CPU milliseconds per request.

    What is drawn is kept until something changes, so each is measured for whoever looks first after a change as well.
    """
    one = itertools.cycle(f"{WHOLE['map']}?tribe={generator.tribe_key(number)}" for number in range(10))
    cookie = {"Cookie": f"sessionid={site.session}"}
    bearer = {"Authorization": f"Bearer {site.token}"}
    with site.server.client(**cookie) as browser, site.server.client(**bearer) as script:

        def measure(path: str, before: Callable[[], object] | None = None) -> float:
            return _cpu(site, lambda: browser.get(path), max(2, requests // 10), before)

        def move() -> None:
            person, squad = next(site.moves)
            script.post(f"/api/v1/people/{person}/move/", {"to": squad})

        changed = {f"{name}, after a change": measure(path, move) for name, path in WHOLE.items()}
        for path in [*WHOLE.values()] * 2 * WORKERS:
            browser.get(path)
        found = {name: measure(path) for name, path in WHOLE.items()} | changed
        return found | {"map of a tribe": _cpu(site, lambda: browser.get(next(one)), requests)}


def boards_of(draft: str) -> list[str]:
    return [f"{tribe}?draft={draft}" for tribe in TRIBES]


def warm(site: Site, paths: Sequence[str] = (*TRIBES, PEOPLE, RIVAL)) -> None:
    """Let every worker load the organization and compile what it draws."""
    with site.server.client(
        Cookie=f"sessionid={site.session}", Authorization=f"Bearer {site.token}"
    ) as client:
        for path in paths:
            for _ in range(4):
                client.get(path)


def first_page(environment: dict[str, str], session: str) -> float:
    """Return the seconds from starting a server to its first page."""
    started = time.perf_counter()
    with Server(environment) as server:
        connection = server.connect()
        client = Client([connection], {"Cookie": f"sessionid={session}"})
        client.get(TRIBES[0])
        took = time.perf_counter() - started
        connection.close()
    return took


def _cpu(
    site: Site, action: Callable[[], object], times: int, before: Callable[[], object] | None = None
) -> float:
    """Return the CPU milliseconds of an action; what comes `before` each is not counted."""
    watch, used = site.stopwatch(), 0.0
    for _ in range(times):
        if before is not None:
            before()
            watch.lap()
        action()
        used += watch.lap()
    return used / times * 1000


def _move(site: Site, script: Client, times: int) -> dict[str, float]:
    """Move people by the API, each time after an `UPDATE` of another membership by the database's own driver."""
    connection = site.engine.connect(site.database)
    update = _raw_update(connection, site.engine)
    update(), update()
    raw, over_http, used = [], [], 0.0
    for _ in range(times):
        person, squad = next(site.moves)
        raw.append(_seconds(update))
        watch = site.stopwatch()
        over_http.append(_seconds(script.post, f"/api/v1/people/{person}/move/", {"to": squad}))
        used += watch.lap()
    connection.close()
    return {
        "move": used / times * 1000,
        "move p50": statistics.median(over_http) * 1000,
        "raw p50": statistics.median(raw) * 1000,
    }


def _seconds(action: Callable[..., object], *arguments: object) -> float:
    started = time.perf_counter()
    action(*arguments)
    return time.perf_counter() - started


def _memberships() -> list[Membership]:
    found = (record for record in generator.records(1_000) if isinstance(record, Membership))
    return [membership for membership in found if membership.share == 100]


def _moves() -> Iterator[tuple[str, str]]:
    """Yield people and squads forever: everyone to a squad three further, then everyone back."""
    squads = [record.id for record in generator.records(1_000) if isinstance(record, Squad)]
    further = dict(zip(squads, squads[3:] + squads[:3], strict=True))
    members = _memberships()[:-8]  # the last squad's are for the raw updates
    while True:
        yield from ((member.person, further[member.squad]) for member in members)
        yield from ((member.person, member.squad) for member in members)


def _raw_update(connection: Any, engine: Engine) -> Callable[[], None]:
    """Return a function that moves someone who is never moved otherwise, back and forth: one statement and a commit."""
    member = _memberships()[-2]
    squads = [record.id for record in generator.records(1_000) if isinstance(record, Squad)]
    goals = itertools.cycle([squads[0], member.squad])
    mark = "%s" if engine.name == "postgresql" else "?"
    statement = f"UPDATE squads_membership SET squad_id = {mark} WHERE id = {mark}"
    in_database: Callable[[str], str] = (
        str if engine.name == "postgresql" else lambda id_: id_.replace("-", "")
    )
    cursor = connection.cursor()

    def update() -> None:
        cursor.execute(statement, (in_database(next(goals)), in_database(member.id)))
        connection.commit()

    return update
