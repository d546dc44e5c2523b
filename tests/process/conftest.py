"""Real processes on a real database of their own: what a transaction of the test itself could not show."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

ROOT = Path(__file__).resolve().parent.parent.parent


class Installation:
    """An empty, migrated database, and the processes that run on it."""

    def __init__(self, url: str) -> None:
        self.environment = os.environ | {
            "DATABASE_URL": url,
            "DEBUG": "true",
            "DJANGO_SETTINGS_MODULE": "orgmodel.settings",
        }

    def run(self, *arguments: str, **options: Any) -> str:
        """Run a script or module of Python to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            **options,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def manage(self, *arguments: str) -> str:
        return self.run("manage.py", *arguments)

    def token(self, name: str, *terms: str) -> str:
        """Return a new token of an integration, on terms such as `--role editor`."""
        return self.manage("create_token", name, *terms).strip()

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Start a script or module of Python with pipes and return its process."""
        pipes: dict[str, Any] = {
            "stdin": subprocess.PIPE,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
        }
        return subprocess.Popen(
            [sys.executable, *arguments], env=self.environment, cwd=ROOT, text=True, **(pipes | options)
        )


@contextmanager
def serving(installation: Installation) -> Iterator[tuple[str, int]]:
    """Run the real gunicorn with two workers, and give its address. A test that wants limits says so beforehand."""
    unlimited = {"API_RATE_PER_MINUTE": "0", "SCIM_RATE_PER_MINUTE": "0"}
    installation.environment = unlimited | installation.environment
    arguments = ["--bind", "127.0.0.1:0", "--workers", "2", "--threads", "8"]
    process = installation.start("-m", "gunicorn", "orgmodel.wsgi:application", *arguments)
    found = (re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", line) for line in process.stderr)
    port = next(match for match in found if match)
    drain = threading.Thread(target=process.stderr.read, daemon=True)
    drain.start()
    try:
        yield "127.0.0.1", int(port[1])
    finally:
        process.terminate()
        process.wait(timeout=30)
        drain.join(timeout=30)
        for pipe in (process.stdin, process.stdout, process.stderr):
            pipe.close()


class Hooks:
    """A receiver in a process of its own, and the subscriptions that lead to it."""

    def __init__(self, installation: Any, log: Path) -> None:
        self.installation, self.log = installation, log
        log.touch()
        self.process = installation.start("-m", "tests.process.receiver", str(log))
        self.port = int(self.process.stdout.readline())

    def subscribe(self, **patterns: list[str]) -> None:
        urls = {f"http://127.0.0.1:{self.port}/{path}": wanted for path, wanted in patterns.items()}
        made = self.installation.run("-m", "tests.process.writer", "subscribe", input=json.dumps(urls))
        secrets = {f"/{url.rpartition('/')[2]}": secret for url, secret in json.loads(made).items()}
        self.process.stdin.write(json.dumps(secrets) + "\n")
        self.process.stdin.flush()

    def got(self, path: str) -> list[dict[str, Any]]:
        lines = (json.loads(line) for line in self.log.read_text().splitlines())
        return [line for line in lines if line["path"] == path]


def end(process: subprocess.Popen[str]) -> str:
    """Kill a process and return what it complained of."""
    process.kill()
    _, errors = process.communicate()
    return errors


@pytest.fixture
def installation(tmp_path: Path, django_db_blocker: Any) -> Iterator[Installation]:
    """A database of the kind that this run tests, migrated and empty; dropped afterwards."""
    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        made = Installation(f"sqlite:///{tmp_path / 'orgmodel.sqlite3'}")
        made.manage("migrate", "-v0")
        yield made
        return
    name = f"process_{os.getpid()}"
    place = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
    made = Installation(f"postgres://{place}/{name}")
    with django_db_blocker.unblock(), connections["default"]._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
        made.manage("migrate", "-v0")
        yield made
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
