"""python -m benchmarks [--sizes 1k,10k,100k] [--engines postgresql,sqlite] [--only pages,moves,start,files] [--quick]

Starts the real server on every database and size, measures in rounds, prints a table and writes results.json.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import files, pages, report
from benchmarks.databases import Engine, engines
from benchmarks.pages import Site
from benchmarks.report import Figure, Measure
from benchmarks.server import ROOT, Server, Unexpected, production

PARTS = ("pages", "moves", "start", "files")
SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000}
LARGE = 100_000  # the size that the targets for start, memory and files speak of


class Run:
    """One run: the databases it has made, and the figures it has so far."""

    def __init__(self, options: argparse.Namespace, folder: Path, stack: ExitStack) -> None:
        self.sizes: list[int] = options.sizes
        self.rounds: int = options.rounds
        self.requests: int = options.requests
        self.folder = folder
        self.stack = stack
        self.engines: list[Engine] = stack.enter_context(engines(options.engines, folder))
        self.sites: list[Site] = []
        self.figures: list[Figure] = []

    def environment(self, engine: Engine, database: str) -> dict[str, str]:
        return production(engine.url(database), self.folder)

    def note(self, measure: Measure, engine: Engine, people: int, samples: Iterable[float]) -> None:
        self.figures.append(Figure(measure, engine.name, people, tuple(samples)))

    def inside(self, engine: Engine, database: str, *arguments: str) -> Any:
        """Run a task of benchmarks/inside.py and return what it found."""
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.inside", *arguments],
            cwd=ROOT,
            env=self.environment(engine, database),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    # Preparing

    def prepare(self) -> None:
        """Make every database, load its organization, and start a server on it."""
        for engine in self.engines:
            engine.create("empty")
            files.manage(self.environment(engine, "empty"), "migrate", "-v0")
            files.manage(self.environment(engine, "empty"), "collectstatic", "--noinput", "-v0")
            engine.settle("empty")
        for people in self.sizes:
            for engine in self.engines:
                database = f"people{people}"
                engine.create(database, "empty")
                loaded = self.inside(engine, database, "load", str(people))
                say(
                    f"{engine.name} {report.size(people)}: {loaded['records']} records in {loaded['seconds']:.1f} s"
                )
                engine.settle(database)
                server = self.stack.enter_context(Server(self.environment(engine, database)))
                self.sites.append(Site(engine, people, server, loaded["session"], loaded["token"]))

    # Measuring

    def pages(self) -> None:
        for site in self.sites:
            pages.warm(site)
        found: dict[tuple[str, int], list[dict[str, float]]] = {}
        for number in range(self.rounds):
            say(f"pages and moves, round {number + 1} of {self.rounds}")
            for site in self.sites:
                found.setdefault((site.engine.name, site.people), []).append(
                    pages.measure(site, self.requests)
                )
        for site in self.sites:
            self._tell_pages(site, found[site.engine.name, site.people])
        for engine in self.engines:
            self._compare_sizes(engine, {people: found[engine.name, people] for people in self.sizes})

    def _tell_pages(self, site: Site, rounds: Sequence[dict[str, float]]) -> None:
        def tell(name: str, unit: str, target: float | None, samples: Iterable[float]) -> None:
            self.note(Measure(name, unit, target), site.engine, site.people, samples)

        queries = self.inside(site.engine, site.database, "queries", site.session, pages.TRIBES[0])
        tell("static view", "ms CPU", None, (r["static"] for r in rounds))
        tell("tribe page", "ms CPU", None, (r["tribe page"] for r in rounds))
        tell("tribe page", "x static", 20, (r["tribe page"] / r["static"] for r in rounds))
        tell("tribe page", "queries", 4, queries.values())
        tell("API page of 100 people", "ms CPU", None, (r["API page"] for r in rounds))
        tell("API page of 100 people", "x static", 20, (r["API page"] / r["static"] for r in rounds))
        tell("move over HTTP", "ms CPU", None, (r["move"] for r in rounds))
        tell("move over HTTP", "ms p50", None, (r["move p50"] for r in rounds))
        tell("raw UPDATE and commit", "ms p50", None, (r["raw p50"] for r in rounds))
        tell("move over HTTP", "x raw UPDATE", 8, (r["move p50"] / r["raw p50"] for r in rounds))

    def _compare_sizes(self, engine: Engine, found: dict[int, list[dict[str, float]]]) -> None:
        small, large = min(found), max(found)
        if small == large:
            return
        for name, key, target in (("tribe page", "tribe page", 1.2), ("move over HTTP", "move p50", 1.3)):
            unit = f"{report.size(large)} : {report.size(small)}"
            ratios = [b[key] / a[key] for a, b in zip(found[small], found[large], strict=True)]
            self.note(Measure(name, unit, target), engine, 0, ratios)

    def moves(self) -> None:
        for site in self.sites:
            say(f"1,000 moves, {site.engine.name} {report.size(site.people)}")
            found = self.inside(
                site.engine, site.database, "moves", str(self.rounds), str(site.engine.postmaster)
            )
            plain = [sample["cpu"] for sample in found["bulk_update"]]
            self.note(Measure("bulk_update of 1,000 rows", "ms CPU"), site.engine, site.people, _ms(plain))
            for name in ("1,000 operations", "one operation"):
                samples = [sample["cpu"] for sample in found.get(name, ())]
                if samples:
                    measure = Measure(f"1,000 moves as {name}", "x bulk_update", 0.6)
                    ratios = [a / b for a, b in zip(samples, plain, strict=True)]
                    self.note(Measure(measure.name, "ms CPU"), site.engine, site.people, _ms(samples))
                    self.note(measure, site.engine, site.people, ratios)

    def start(self) -> None:
        """Memory of the servers that have run so far, then cold starts."""
        for engine in self.engines:
            own = {site.people: site.server for site in self.sites if site.engine is engine}
            small, large = min(own), max(own)
            if small < large:
                per_person = (own[large].memory() - own[small].memory()) / (large - small) / 1024
                self.note(Measure("memory per person and worker", "KB", 1.5), engine, large, [per_person])
        starts: dict[Site, list[float]] = {}
        for number in range(self.rounds):
            say(f"cold start, round {number + 1} of {self.rounds}")
            for index, site in enumerate(self.sites):
                environment = self.environment(site.engine, site.database)
                starts.setdefault(index, []).append(pages.first_page(environment, site.session))
        for index, site in enumerate(self.sites):
            target = 6 if site.people == LARGE else None
            self.note(Measure("cold start to first page", "s", 6), site.engine, site.people, starts[index])

    def files(self) -> None:
        """Import and export of the largest organization."""
        people = max(self.sizes)
        for engine in self.engines:
            self._files(engine, people, f"people{people}")

    def _files(self, engine: Engine, people: int, database: str) -> None:
        rows = files.read_rows(engine, database)
        csv, json_rows = self.folder / f"csv-{engine.name}", self.folder / "json"
        json_rows.mkdir(exist_ok=True)
        found: dict[str, list[files.Spent]] = {"export": [], "json": [], "import": [], "copy": []}
        for number in range(self.rounds):
            say(
                f"import and export, {engine.name} {report.size(people)}, round {number + 1} of {self.rounds}"
            )
            export = lambda: files.manage(self.environment(engine, database), "export_org", str(csv))
            found["export"].append(files.spent(engine, export))
            found["json"].append(files.spent(engine, lambda: files.write_json(engine, database, json_rows)))
            engine.create("target", "empty")
            found["copy"].append(files.spent(engine, lambda: files.write_rows(engine, "target", rows)))
            engine.create("target", "empty")
            bring_in = lambda: files.manage(self.environment(engine, "target"), "import_org", str(csv))
            found["import"].append(files.spent(engine, bring_in))
        for name, base, target in (("import", "copy", 10), ("export", "json", 3)):
            words = {"copy": "COPY of the same rows", "json": "COPY of JSON rows"}[base]
            self.note(Measure(words, "s CPU"), engine, people, (s.cpu for s in found[base]))
            self.note(Measure(name, "s CPU"), engine, people, (s.cpu for s in found[name]))
            self.note(Measure(name, "s on the wall"), engine, people, (s.wall for s in found[name]))
            ratios = (a.cpu / b.cpu for a, b in zip(found[name], found[base], strict=True))
            self.note(Measure(name, f"x {words}", target), engine, people, ratios)


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def _ms(seconds: Iterable[float]) -> list[float]:
    return [value * 1000 for value in seconds]


def main() -> int:
    options = _options()
    started = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="orgmodel-benchmarks-")))
        run = Run(options, folder, stack)
        run.prepare()
        for part in PARTS:
            if part in options.only:
                try:
                    getattr(run, part)()
                except (Unexpected, subprocess.CalledProcessError) as error:
                    say(f"{part} could not be measured: {error}")
    print(report.table(run.figures))
    for line in report.missed(run.figures):
        print(f"missed: {line}")
    body = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "seconds": round(time.monotonic() - started),
        "figures": report.as_json(run.figures),
    }
    options.json.write_text(json.dumps(body, indent=2) + "\n")
    print(f"{options.json}, {body['seconds']} s")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", default="1k,10k,100k")
    parser.add_argument("--engines", default="postgresql,sqlite")
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--rounds", type=int, default=report.ROUNDS)
    parser.add_argument("--requests", type=int, default=60, help="per page and round")
    parser.add_argument("--quick", action="store_true", help="1k and 10k people, fewer requests")
    parser.add_argument("--json", type=Path, default=ROOT / "benchmarks" / "results.json")
    options = parser.parse_args()
    if options.quick:
        options.sizes, options.requests = "1k,10k", 20
    options.sizes = sorted(SIZES[name] for name in options.sizes.split(","))
    options.engines = options.engines.split(",")
    options.only = options.only.split(",")
    return options


if __name__ == "__main__":
    raise SystemExit(main())
