"""The real gunicorn on one database, and a client that is connected to all of its workers."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks import cpu

ROOT = Path(__file__).resolve().parent.parent
STATIC = "/api/static"
WORKERS, THREADS = 2, 4


def production(url: str, folder: Path) -> dict[str, str]:
    """Return the environment of a production process, behind a proxy that speaks HTTP."""
    plain = {name: value for name, value in os.environ.items() if name not in ("DEBUG", "LIVE_EDITING")}
    return plain | {
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "DATABASE_URL": url,
        "SECRET_KEY": _secret(folder),
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "false",
        "LOG_LEVEL": "WARNING",
        "API_RATE_PER_MINUTE": "1000000",  # counted, as always, and never reached
        "API_RATE_BURST": "1000000",
        "BENCHMARK_STATIC_ROOT": str(folder / "static"),
    }


def _secret(folder: Path) -> str:
    """Return one key for all processes of a run, which must read each other's sessions."""
    file = folder / "secret"
    if not file.exists():
        file.write_text(secrets.token_urlsafe(64))
    return file.read_text()


class Server:
    """gunicorn with 2 workers of 4 threads."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.port = _free_port()
        self._environment = environment

    def __enter__(self) -> Server:
        command = [sys.executable, "-m", "gunicorn", "orgmodel.wsgi:application"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread", "--log-level", "warning"]
        command += ["--workers", str(WORKERS), "--threads", str(THREADS), "--no-control-socket"]
        # Longer than a worker takes to load, and than the pause between two measurements of one round.
        command += ["--keep-alive", "300", "--timeout", "300"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self._environment)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        self.process.wait(30)

    @property
    def workers(self) -> set[int]:
        return cpu.family(self.process.pid) - {self.process.pid}

    def memory(self) -> float:
        """Return the bytes that a worker holds for itself, on average."""
        return sum(map(_private_bytes, self.workers)) / WORKERS

    @contextmanager
    def client(self, **headers: str) -> Iterator[Client]:
        """Yield a client with two kept connections to each worker, which takes them in turn."""
        found: dict[str, list[http.client.HTTPConnection]] = {}
        spare = []
        while len(found) < WORKERS or min(map(len, found.values())) < 2:
            connection = self.connect()
            connection.request("GET", STATIC)
            held = found.setdefault(connection.getresponse().read().decode(), [])
            (held if len(held) < 2 else spare).append(connection)
        for connection in spare:
            connection.close()
        taken = [connection for pair in zip(*found.values(), strict=True) for connection in pair]
        try:
            yield Client(taken, headers)
        finally:
            for connection in taken:
                connection.close()

    def connect(self) -> http.client.HTTPConnection:
        deadline = time.monotonic() + 60
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
            try:
                connection.connect()
            except ConnectionRefusedError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
            else:
                connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return connection


class Client:
    def __init__(self, connections: list[http.client.HTTPConnection], headers: dict[str, str]) -> None:
        self._turns = itertools.cycle(connections)
        self._headers = headers

    def get(self, path: str) -> bytes:
        return self._send("GET", path, None, {})

    def post(self, path: str, body: Any) -> bytes:
        return self._send("POST", path, json.dumps(body), {"Content-Type": "application/json"})

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> bytes:
        connection = next(self._turns)
        connection.request(method, path, body, self._headers | headers)
        response = connection.getresponse()
        content = response.read()
        if response.status not in (200, 201):
            raise Unexpected(f"{method} {path} answered {response.status}: {content[:300].decode()}")
        return content


class Unexpected(Exception):
    """An answer that is not the one to be measured."""


def _private_bytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) * 1024


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
