"""Databases to measure on: a PostgreSQL cluster with its usual durability, and SQLite files with the project's."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
from postgres import Unavailable, throwaway_cluster
from psycopg2 import sql

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "256MB"}


@dataclass(frozen=True)
class Engine:
    """A kind of database. `postmaster` is the process whose family counts as the database; 0 where it is a library."""

    name: str
    place: str  # the address of the cluster, or a folder
    postmaster: int = 0

    def url(self, database: str) -> str:
        if self.name == "sqlite":
            return f"sqlite:///{self.place}/{database}.sqlite3"
        return f"{self.place.rsplit('/', 1)[0]}/{database}"

    def create(self, database: str, template: str | None = None) -> str:
        """Make a database, empty or like another one, and return its address."""
        if self.name == "sqlite":
            for file in Path(self.place).glob(f"{database}.sqlite3*"):
                file.unlink()
            if template is not None:
                self._checkpoint(template)
                shutil.copyfile(f"{self.place}/{template}.sqlite3", f"{self.place}/{database}.sqlite3")
            return self.url(database)
        name, like = sql.Identifier(database), sql.Identifier(template or "template0")
        self._administer(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        self._administer(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, like))
        return self.url(database)

    def connect(self, database: str) -> Any:
        """Return a plain connection of the driver, as durable as the project's own."""
        if self.name == "postgresql":
            return psycopg2.connect(self.url(database))
        connection = sqlite3.connect(f"{self.place}/{database}.sqlite3", timeout=20)
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        )
        return connection

    def settle(self, database: str) -> None:
        """Do now what the database would do some time after a large load, so that it does not meet a measurement."""
        if self.name == "sqlite":
            self._checkpoint(database)
            return
        connection = self.connect(database)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("CHECKPOINT")
        connection.close()

    def _checkpoint(self, database: str) -> None:
        connection = self.connect(database)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def _administer(self, statement: sql.Composed) -> None:
        connection = psycopg2.connect(self.place)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
        connection.close()


@contextmanager
def engines(names: list[str], folder: Path) -> Iterator[list[Engine]]:
    """Yield the engines of these names; the cluster is stopped and deleted afterwards."""
    sqlite = [Engine("sqlite", str(folder))] if "sqlite" in names else []
    if "postgresql" not in names:
        yield sqlite
        return
    try:
        with throwaway_cluster(DURABLE) as url:
            yield [Engine("postgresql", url, _postmaster(url)), *sqlite]
    except Unavailable as error:
        raise SystemExit(str(error)) from None


def _postmaster(url: str) -> int:
    connection = psycopg2.connect(url)
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0])
    connection.close()
    return int((folder / "postmaster.pid").read_text().split()[0])
