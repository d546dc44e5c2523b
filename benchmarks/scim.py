"""python -m benchmarks.scim [--users 10000] [--seconds 60]: what an identity provider asks of the real server.

`--seconds 600` is the ten minutes at 25 requests a second that Microsoft asks for. The database is that of
DATABASE_URL, which must be empty, or a SQLite file of its own.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import cpu

ROOT = Path(__file__).resolve().parent.parent
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
MEMBERS = 5_000
RATE = 25
THREADS = 8


class Directory:
    """An identity provider with a connection for each of its threads."""

    def __init__(self, port: int, token: str, server: int) -> None:
        self._port = port
        self.server = server  # the process whose family answers
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
        self._local = threading.local()

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        if not hasattr(self._local, "connection"):
            self._local.connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        connection = self._local.connection
        raw = json.dumps(body) if body is not None else None
        try:
            connection.request(method, f"/scim/v2{path}", raw, self._headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            raise
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:200]!r}")
        return json.loads(content)

    def patch(self, path: str, /, **operation: Any) -> Any:
        return self("PATCH", path, {"schemas": [PATCH], "Operations": [operation]})


@contextmanager
def served() -> Iterator[Directory]:
    """Serve an installation of its own with two workers."""
    with tempfile.TemporaryDirectory(prefix="orgmodel-scim-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        url = os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/scim.sqlite3"
        environment = os.environ | {
            "DATABASE_URL": url, "DEBUG": "true", "SCIM_RATE_PER_MINUTE": "1000000", "SCIM_RATE_BURST": "1000000",
            "LOG_LEVEL": "WARNING",
        }  # fmt: skip

        def manage(*arguments: str) -> str:
            command = [sys.executable, "manage.py", *arguments]
            return subprocess.run(
                command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True
            ).stdout

        manage("migrate", "-v0")
        token = manage("create_token", "Okta", "--scopes", "scim").split()[-1]
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "orgmodel.wsgi", "--workers", "2", "--threads", "4",
             "--keep-alive", "900", "--bind", f"127.0.0.1:{port}"],
            env=environment, cwd=ROOT,
        )  # fmt: skip
        try:
            directory = Directory(port, token, server.pid)
            _wait(lambda: directory("GET", "/Users?count=1"))
            yield directory
        finally:
            server.terminate()
            server.wait(30)


def _wait(call: Callable[[], Any]) -> None:
    for _ in range(100):
        try:
            call()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server does not answer")


def per_second(directory: Directory, name: str, call: Callable[[int], Any], count: int) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        watch, started = cpu.Stopwatch(directory.server), time.perf_counter()
        list(pool.map(call, range(count)))
        took, used = time.perf_counter() - started, watch.lap() / count * 1_000
    print(
        f"{name}: {count / took:,.0f} a second ({count:,} in {took:.1f} s, {used:.1f} ms CPU each)",
        flush=True,
    )


def sustained(directory: Directory, ids: list[str], seconds: int) -> None:
    """Ask 25 times a second, half of it writes, and say how long answers took and how many failed."""
    times: list[float] = []
    failed: list[str] = []

    def ask(number: int) -> None:
        id_ = ids[number % len(ids)]
        started = time.perf_counter()
        try:
            if number % 2:
                directory.patch(f"/Users/{id_}", op="replace", path="title", value=f"Title {number}")
            else:
                directory("GET", f'/Users?filter=userName%20eq%20"u{number % len(ids)}@example.org"')
        except (RuntimeError, OSError) as error:
            failed.append(str(error))
        times.append(time.perf_counter() - started)

    with ThreadPoolExecutor(16) as pool:
        started = time.perf_counter()
        for number in range(RATE * seconds):
            time.sleep(max(0.0, started + number / RATE - time.perf_counter()))
            pool.submit(ask, number)
    p95 = statistics.quantiles(times, n=20)[-1] * 1_000
    print(f"{RATE} a second for {seconds} s: {len(failed)} errors, p95 {p95:.0f} ms", *failed[:3], sep="\n")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scim", description=__doc__)
    parser.add_argument("--users", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    ids: list[str] = [""] * options.users
    with served() as directory:

        def create(number: int) -> None:
            address = f"u{number}@example.org"
            body = {
                "schemas": [USER], "userName": address, "displayName": f"Person {number}", "active": True,
                "emails": [{"value": address, "type": "work", "primary": True}],
            }  # fmt: skip
            ids[number] = directory("POST", "/Users", body)["id"]

        def activate(*, active: bool) -> Callable[[int], Any]:
            return lambda number: directory.patch(
                f"/Users/{ids[number]}", op="replace", value={"active": active}
            )

        per_second(directory, "create", create, options.users)
        per_second(directory, "deactivate", activate(active=False), options.users)
        per_second(directory, "restore", activate(active=True), options.users)
        per_second(
            directory,
            "filter by userName",
            lambda n: directory("GET", f'/Users?filter=userName%20eq%20"u{n}@example.org"'),
            min(3_000, options.users),
        )
        per_second(
            directory,
            "list, 10 to a page",
            lambda n: directory("GET", f"/Users?startIndex={n + 1}&count=10"),
            3_000,
        )
        per_second(
            directory,
            "list, 100 to a page",
            lambda n: directory("GET", f"/Users?startIndex={n + 1}&count=100"),
            1_000,
        )
        members = [{"value": id_} for id_ in ids[:MEMBERS]]
        group = directory("POST", "/Groups", {"schemas": [GROUP], "displayName": "All", "members": members})[
            "id"
        ]
        for operation in (
            {"op": "remove", "path": f'members[value eq "{ids[0]}"]'},
            {"op": "add", "path": "members", "value": [{"value": ids[0]}]},
        ):
            started = time.perf_counter()
            directory.patch(f"/Groups/{group}", **operation)
            took = (time.perf_counter() - started) * 1_000
            print(f"{operation['op']} one of {len(members):,} members: {took:.0f} ms", flush=True)
        sustained(directory, ids, options.seconds)


if __name__ == "__main__":
    main()
