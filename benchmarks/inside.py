"""What has to run inside Django: load an organization, count queries, write a thousand moves, reorganize in a draft.

One process per task:
python -m benchmarks.inside load PEOPLE | queries PATH ... | moves ROUNDS POSTMASTER        prints JSON
                            | draft | reorganize ROUNDS SESSION DRAFT | findings ROUNDS
                            | palette ROUNDS SESSION
"""

from __future__ import annotations

import json
import os
import sys
import time
import uuid
from collections.abc import Callable
from importlib import import_module
from typing import Any

import_module("orgmodel.wsgi")  # sets Django up, and the collector as a server has it

from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.models import F  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks import cpu, generator  # noqa: E402
from orgmodel.changes import drafts, plans, publishing, services, store  # noqa: E402
from orgmodel.changes.models import ChangeSet, Draft  # noqa: E402
from orgmodel.core.changes import change_between  # noqa: E402
from orgmodel.core.operations import ApplyChanges, MovePeople, Operation, RenamePerson, SplitSquad  # noqa: E402
from orgmodel.findings import services as health  # noqa: E402
from orgmodel.integrations import tokens  # noqa: E402
from squads.models import Membership  # noqa: E402

ACTOR = services.Actor("Benchmark")
MOVES = 1_000


def load(people: int) -> dict[str, Any]:
    """Commit a generated organization as one change set, and let someone in by session and by token."""
    changes = tuple(
        change for record in generator.records(people) if (change := change_between(None, record)) is not None
    )
    started = time.perf_counter()
    with store.paused_collector():  # as an import does
        _commit([ApplyChanges(title="Found the organization", changes=changes)])
    took = time.perf_counter() - started
    user = get_user_model().objects.create_user("bench")
    user.groups.add(Group.objects.get(name="org designer"))
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "orgmodel.access.backends.RoleBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.create()
    token = tokens.issue("bench", "editor", at=timezone.now())
    return {"session": session.session_key, "token": token, "records": len(changes), "seconds": took}


def queries(session: str, *paths: str) -> dict[str, int]:
    """Count the queries of pages that a process answers which has answered them before."""
    browser = Client(HTTP_HOST="127.0.0.1")
    browser.cookies["sessionid"] = session
    found = {}
    for path in paths:
        browser.get(path)
        with CaptureQueriesContext(connection) as captured:
            browser.get(path)
        found[path] = len(captured)
    return found


def moves(rounds: int, postmaster: int) -> dict[str, list[dict[str, float]]]:
    """Move the first 1,000 people to the next squad and back: by `bulk_update` without a log, and as change sets."""
    rows = list(Membership.objects.filter(share__gte=80).order_by("person__key")[:MOVES])
    homes = {row.pk: row.squad_id for row in rows}
    squads = list(dict.fromkeys(homes.values()))
    following = dict(zip(squads, squads[3:] + squads[:3], strict=True))  # further than anyone's second squad
    away = {pk: following[home] for pk, home in homes.items()}
    operations = {
        name: [MovePeople(people=(row.person_id,), to=goal[row.pk], source=origin[row.pk]) for row in rows]
        for name, origin, goal in (("away", homes, away), ("home", away, homes))
    }
    store.current()
    found: dict[str, list[dict[str, float]]] = {}

    def measure(name: str, action: Callable[[], object]) -> None:
        watch = cpu.Stopwatch(os.getpid(), *([postmaster] if postmaster else []))
        started = time.perf_counter()
        action()
        wall = time.perf_counter() - started
        found.setdefault(name, []).append({"cpu": watch.lap(), "wall": wall})

    for _ in range(rounds):
        for goal in (away, homes):
            measure("bulk_update", lambda goal=goal: _bulk_update(rows, goal))
        for name in ("away", "home"):
            measure("commit", lambda name=name: _commit(operations[name]))
    return found


def _bulk_update(rows: list[Membership], goal: dict[str, str]) -> None:
    for row in rows:
        row.squad_id = goal[row.pk]
    with transaction.atomic():
        Membership.objects.bulk_update(rows, ["squad"])


def _commit(operations: list[Operation]) -> None:
    services.commit(operations, actor=ACTOR, message="", source="import", at=timezone.now())


# A draft of 500 operations: in each of ten tribes 46 people go to another squad and four squads split.

SPLITS = range(8, 12)  # squads of a tribe
TRIBES = 10


def draft() -> str:
    """Start the draft for the user of the session, and return its key."""
    owner = get_user_model().objects.get(username="bench")
    operations = _reorganization()
    made = drafts.create_draft("Benchmark", owner_id=owner.pk, at=timezone.now(), operations=operations)
    return made.key


def reorganize(rounds: int, session: str, key: str) -> dict[str, list[float]]:
    """Look at the draft anew after an edit, and publish its like: seconds on the wall."""
    browser = Client(HTTP_HOST="127.0.0.1")
    browser.cookies["sessionid"] = session
    made = Draft.objects.get(key=key)
    found: dict[str, list[float]] = {}

    def measure(name: str, action: Callable[[], object]) -> None:
        started = time.perf_counter()
        action()
        found.setdefault(name, []).append(time.perf_counter() - started)

    for page in ("impact", "compare"):
        browser.get(f"/drafts/{key}/{page}/")  # the templates, and the figures of the organization as it is
    for _ in range(rounds):
        Draft.objects.filter(pk=made.pk).update(revision=F("revision") + 1)  # as every edit does
        made.refresh_from_db()
        measure("replay", lambda: plans.plan_of(made))
        planned = plans.plan_of(made)
        measure("impact", lambda planned=planned: publishing.impact(planned, timezone.localdate()))
        measure("impact page", lambda: browser.get(f"/drafts/{key}/impact/"))
        measure("compare page", lambda: browser.get(f"/drafts/{key}/compare/"))
    for _ in range(rounds):
        _measure_publishing(measure)
    return found


def _measure_publishing(measure: Callable[[str, Callable[[], object]], None]) -> None:
    copy = Draft.objects.get(key=draft())
    published = []

    def publish() -> None:
        done = publishing.publish(copy, actor=ACTOR, message="", at=timezone.now(), despite="A benchmark.")
        published.append(done)

    measure("publish", publish)
    services.undo(published[0], actor=ACTOR, message="", at=timezone.now())


def _reorganization() -> list[Operation]:
    org = store.current()
    found: list[Operation] = []
    for number in range(TRIBES):
        squads = [org.find("squad", f"squad-{number:04}-{position}") for position in range(12)]
        ids = [squad.id for squad in squads if squad is not None]
        for index in range(46):
            person = org.find("person", f"person-{number * 100 + index:06}")
            home, goal = ids[index // 8], ids[index // 8 + 3]
            found.append(MovePeople(people=(person.id if person else "",), to=goal, source=home))
        found += [_split(number, position, ids[position]) for position in SPLITS]
    return found


def _split(number: int, position: int, squad: str) -> SplitSquad:
    org = store.current()
    seats = (org.find("person", f"person-{number * 100 + position * 8 + seat:06}") for seat in (1, 2, 3))
    people = tuple(person.id for person in seats if person is not None)
    name = f"Part {number} {position}"
    return SplitSquad(squad=squad, id=str(uuid.uuid4()), name=name, people=people)


# Findings


SMALL = 50  # operations: all that happens in the first tribe


def findings(rounds: int) -> dict[str, list[float]]:
    """Find what is wrong in the whole organization, after one move, and in a draft: seconds of CPU."""
    owner = get_user_model().objects.get(username="bench")
    operations = _reorganization()[:SMALL]
    small = drafts.create_draft("Small", owner_id=owner.pk, at=timezone.now(), operations=operations)
    found: dict[str, list[float]] = {}

    def measure(name: str, action: Callable[[], object]) -> None:
        watch = cpu.Stopwatch(os.getpid())
        action()
        found.setdefault(name, []).append(watch.lap())

    for _ in range(rounds):
        store.forget()  # with all that an organization in memory has worked out about itself
        health.forget()
        store.current()
        measure("cold", _findings)
        _commit([operations[0]])
        store.current()
        measure("after one move", _findings)
        services.undo(ChangeSet.objects.latest("version"), actor=ACTOR, message="", at=timezone.now())
        _findings()
        Draft.objects.filter(pk=small.pk).update(revision=F("revision") + 1)  # as every edit does
        small.refresh_from_db()
        measure("of a draft", lambda: _findings_of(small))
    return found


def _findings() -> None:
    head = store.head()
    health.live(head, store.org_at(head))


def _findings_of(draft: Draft) -> None:
    head = store.head()
    health.difference(plans.plan_of(draft, head), head, store.org_at(head))


# The palette

TYPED = (
    "a",
    "ad",
    "ada be",
    "ada berg",
    "engineer",
    "tribe 3",
    "ambre tribe",
    "adda brg",
    "move ada berg to amber 0",
)


def palette(rounds: int, session: str) -> dict[str, list[float]]:
    """Type into the palette, the first time and after someone was renamed: seconds on the wall."""
    browser = Client(HTTP_HOST="127.0.0.1", HTTP_HX_REQUEST="true")
    browser.cookies["sessionid"] = session
    found: dict[str, list[float]] = {}

    def measure(name: str, text: str) -> None:
        started = time.perf_counter()
        browser.get("/search/", {"q": text})
        found.setdefault(name, []).append(time.perf_counter() - started)

    browser.get("/search/")
    measure("first", "ada berg")
    person = min(store.current().people)
    for number in range(rounds):
        for text in TYPED:
            measure("question", text)
        _commit([RenamePerson(id=person, name=f"Zora Quist {number}")])
        store.current()
        measure("after a change", "zora")
    return found


def main(task: str, *arguments: str) -> Any:
    match task:
        case "load":
            return load(int(arguments[0]))
        case "queries":
            return queries(*arguments)
        case "moves":
            return moves(int(arguments[0]), int(arguments[1]))
        case "draft":
            return draft()
        case "reorganize":
            return reorganize(int(arguments[0]), *arguments[1:])
        case "findings":
            return findings(int(arguments[0]))
        case "palette":
            return palette(int(arguments[0]), *arguments[1:])
    raise SystemExit(__doc__)


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
