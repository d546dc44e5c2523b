"""Import and export of a whole organization, beside the database's own way to read and write the same rows."""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import cpu
from benchmarks.databases import Engine
from benchmarks.server import ROOT

# Parents before children, so that references hold at every row.
TABLES = (
    "squads_role",
    "squads_person",
    "squads_mission",
    "squads_tribe",
    "squads_squad",
    "squads_membership",
    "guilds_chapter",
    "guilds_chaptermember",
    "guilds_guild",
    "guilds_guildmember",
    "squads_vacancy",
)
Rows = dict[str, Any]


@dataclass
class Spent:
    """What something took: CPU of all processes that had a part in it, and time on the wall."""

    cpu: float
    wall: float


@dataclass
class Shelf:
    """A loaded database, the files that come out of it, and a second database that they go into."""

    engine: Engine
    database: str
    folder: Path
    environment: Callable[[str], dict[str, str]]

    def __post_init__(self) -> None:
        self._rows = read_rows(self.engine, self.database)
        self._csv = self.folder / f"{self.engine.name}.csv"
        self._json = self.folder / f"{self.engine.name}.json"
        self._json.mkdir()

    def measure(self) -> dict[str, Spent]:
        """Export and import once, and once what the database does with the same rows."""
        return {
            "export": self._manage(self.database, "export_org"),
            "COPY of JSON rows": self._spent(lambda: write_json(self.engine, self.database, self._json)),
            "COPY of the same rows": self._into_empty(
                lambda: self._spent(lambda: write_rows(self.engine, "target", self._rows))
            ),
            "import": self._into_empty(lambda: self._manage("target", "import_org")),
        }

    def _into_empty(self, measure: Callable[[], Spent]) -> Spent:
        self.engine.create("target", "empty")
        return measure()

    def _manage(self, database: str, command: str) -> Spent:
        return self._spent(lambda: manage(self.environment(database), command, str(self._csv)))

    def _spent(self, action: Callable[[], object]) -> Spent:
        return spent(self.engine, action)


def spent(engine: Engine, action: Callable[[], object]) -> Spent:
    parents = [os.getpid(), *([engine.postmaster] if engine.postmaster else [])]
    watch, children = cpu.Stopwatch(*parents), _of_children()
    started = time.perf_counter()
    action()
    wall = time.perf_counter() - started
    return Spent(watch.lap() + _of_children() - children, wall)


def _of_children() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def manage(environment: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)


def read_rows(engine: Engine, database: str) -> Rows:
    """Return the rows of all tables, as `write_rows` takes them."""
    connection = engine.connect(database)
    cursor = connection.cursor()
    found: Rows = {}
    for table in TABLES:
        if engine.name == "postgresql":
            found[table] = io.BytesIO()
            cursor.copy_expert(f"COPY {table} TO STDOUT", found[table])
        else:
            found[table] = cursor.execute(f"SELECT * FROM {table}").fetchall()
    connection.close()
    return found


def write_rows(engine: Engine, database: str, rows: Rows) -> None:
    """Write the rows with COPY, or on SQLite with one prepared INSERT per table, in one transaction."""
    connection = engine.connect(database)
    cursor = connection.cursor()
    for table in TABLES:
        if engine.name == "postgresql":
            rows[table].seek(0)
            cursor.copy_expert(f"COPY {table} FROM STDIN", rows[table])
        elif rows[table]:
            marks = ", ".join("?" * len(rows[table][0]))
            cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", rows[table])
    connection.commit()
    connection.close()


def write_json(engine: Engine, database: str, folder: Path) -> None:
    """Write every row as JSON, one file per table, the way the database does it."""
    connection = engine.connect(database)
    cursor = connection.cursor()
    for table in TABLES:
        with (folder / f"{table}.json").open("wb") as file:
            if engine.name == "postgresql":
                cursor.copy_expert(f"COPY (SELECT row_to_json(t) FROM {table} AS t) TO STDOUT", file)
            else:
                columns = [row[1] for row in cursor.execute(f"PRAGMA table_info({table})").fetchall()]
                pairs = ", ".join(f"'{column}', {column}" for column in columns)
                for (line,) in cursor.execute(f"SELECT json_object({pairs}) FROM {table}"):
                    file.write(line.encode() + b"\n")
    connection.close()
