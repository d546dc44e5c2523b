"""One run: makes the databases, starts a server on each, and measures part by part."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import events, files, pages, report
from benchmarks.databases import Engine, engines
from benchmarks.files import Spent
from benchmarks.pages import Site
from benchmarks.report import Figure, Measure
from benchmarks.server import ROOT, Server, production

DOTTED = 10_000  # people up to whom the map draws everyone; the pages are another process, with Django

FILE_ROUNDS = 3  # of a minute each, and nothing else runs meanwhile


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
                _say(
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
            _say(f"pages and moves, round {number + 1} of {self.rounds}")
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
        tell("API page of 100 people", "x static", 12, (r["API page"] / r["static"] for r in rounds))
        tell("nested ModelSerializers", "ms CPU", None, (r["rival"] for r in rounds))
        tell("API page of 100 people", "x them", 0.25, (r["API page"] / r["rival"] for r in rounds))
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
            _say(f"1,000 moves, {site.engine.name} {report.size(site.people)}")
            found = self.inside(
                site.engine, site.database, "moves", str(self.rounds), str(site.engine.postmaster)
            )
            plain = [sample["cpu"] for sample in found["bulk_update"]]
            logged = [sample["cpu"] for sample in found["commit"]]
            ratios = [a / b for a, b in zip(logged, plain, strict=True)]
            for name, unit, target, samples in (
                ("bulk_update of 1,000 rows", "ms CPU", None, _ms(plain)),
                ("1,000 moves in one commit", "ms CPU", None, _ms(logged)),
                ("1,000 moves in one commit", "x bulk_update", 0.6, ratios),
            ):
                self.note(Measure(name, unit, target), site.engine, site.people, samples)

    def drafts(self) -> None:
        """A draft of 500 operations: its boards, what it does to people, and publishing it."""
        for site in self.sites:
            _say(f"a draft of 500 operations, {site.engine.name} {report.size(site.people)}")
            draft = self.inside(site.engine, site.database, "draft")
            pages.warm(site, [*pages.TRIBES, *pages.boards_of(draft)])
            rounds = [pages.measure_boards(site, draft, self.requests) for _ in range(self.rounds)]
            arguments = (str(self.rounds), site.session, draft)
            found = self.inside(site.engine, site.database, "reorganize", *arguments)
            for name, unit, target, samples in (
                ("board of the draft", "ms CPU", None, [r["draft"] for r in rounds]),
                ("board of the draft", "x live board", 1.5, [r["draft"] / r["live"] for r in rounds]),
                ("replaying it after an edit", "s", None, found["replay"]),
                ("its impact", "s", 1, found["impact"]),
                ("its impact page", "s", 1, found["impact page"]),
                ("its compare page", "s", None, found["compare page"]),
                ("publishing it", "s", 1, found["publish"]),
            ):
                self.note(Measure(name, unit, target), site.engine, site.people, samples)

    def map(self) -> None:
        """The pictures of the whole organization: names, dots or boxes by its size; and the map of a tribe."""
        for site in self.sites:
            _say(f"pictures, {site.engine.name} {report.size(site.people)}")
            pages.warm(site, [*pages.WHOLE.values()])
            rounds = [pages.measure_pictures(site, self.requests) for _ in range(self.rounds)]
            most = 500 if site.people > DOTTED else 300
            for name in rounds[0]:
                measure = Measure(name, "ms CPU", most if name != "map of a tribe" else None)
                self.note(measure, site.engine, site.people, [r[name] for r in rounds])

    def chromium(self) -> None:
        """What a person waits for in a browser: pages that load, and one move."""
        from benchmarks import chromium

        for site in self.sites:
            _say(f"Chromium, {site.engine.name} {report.size(site.people)}")
            draft = self.inside(site.engine, site.database, "draft")
            pages.warm(site, ["/map/", *pages.boards_of(draft)[:1]])
            for name, samples in chromium.measure(site, draft, self.rounds).items():
                most = 400 if name == "load of the map" and site.people <= DOTTED else None
                self.note(Measure(name, "ms in Chromium", most), site.engine, site.people, samples)

    def findings(self) -> None:
        """What the rules find: in everything, after one move, and in a draft of 50 operations."""
        for site in self.sites:
            _say(f"findings, {site.engine.name} {report.size(site.people)}")
            found = self.inside(site.engine, site.database, "findings", str(self.rounds))
            for name, unit, target, samples in (
                ("all findings, cold", "s CPU", 5, found["cold"]),
                ("findings after one move", "ms CPU", 20, _ms(found["after one move"])),
                ("findings of a draft of 50 operations", "ms CPU", 100, _ms(found["of a draft"])),
            ):
                self.note(Measure(name, unit, target), site.engine, site.people, samples)

    def palette(self) -> None:
        """What the palette answers while someone types; an index of names moves along with the organization."""
        for site in self.sites:
            _say(f"palette, {site.engine.name} {report.size(site.people)}")
            found = self.inside(site.engine, site.database, "palette", str(self.rounds), site.session)
            for name, key, most in (
                ("palette, 95th percentile", "question", 100),
                ("palette after a change", "after a change", 200),
                ("palette, first question of a process", "first", None),
            ):
                samples = _ms(found[key])
                if key == "question":
                    samples = [sorted(samples)[round(len(samples) * 0.95) - 1]]
                self.note(Measure(name, "ms", most), site.engine, site.people, samples)

    def start(self) -> None:
        """Memory of the servers that have run so far, then cold starts."""
        for engine in self.engines:
            own = {site.people: site.server for site in self.sites if site.engine is engine}
            small, large = min(own), max(own)
            if small < large:
                per_person = (own[large].memory() - own[small].memory()) / (large - small) / 1024
                self.note(Measure("memory per person and worker", "KB", 1.5), engine, large, [per_person])
        sites = [site for site in self.sites if site.people == max(self.sizes)]
        starts: dict[str, list[float]] = {}
        for number in range(self.rounds):
            _say(f"cold start, round {number + 1} of {self.rounds}")
            for site in sites:
                environment = self.environment(site.engine, site.database)
                starts.setdefault(site.engine.name, []).append(pages.first_page(environment, site.session))
        for site in sites:
            self.note(
                Measure("cold start to first page", "s", 6),
                site.engine,
                site.people,
                starts[site.engine.name],
            )

    def feed(self) -> None:
        """Sixteen writers, and one that follows the feed."""
        for engine in self.engines:
            _say(f"the change feed, {engine.name}")
            found = events.follow(engine)
            for name, unit, target, value in (
                ("feed: missed by a poller", f"of {found.changes:,} changes", 0, found.missed),
                ("feed: told twice", "changes", 0, found.twice),
                ("feed: told out of order", "changes", 0, found.disordered),
                ("feed: written by 16 processes", "changes/s", None, found.changes / found.seconds),
            ):
                self.note(Measure(name, unit, target), engine, events.PEOPLE, [value])

    def webhooks(self) -> None:
        """Two workers that are killed again and again."""
        for engine in self.engines:
            _say(f"webhooks through kills, {engine.name}")
            found = events.deliver(engine, self.folder)
            for name, unit, target, value in (
                ("webhooks: lost", f"of {found.events:,} events", 0, found.lost),
                ("webhooks: out of order for a person", "events", 0, found.disordered),
                ("webhooks: with a wrong signature", "events", 0, found.forged),
                ("webhooks: delivered more than once", "events", None, found.again),
                ("webhooks: all delivered after", "s", None, found.seconds),
            ):
                self.note(Measure(name, unit, target), engine, events.PEOPLE, [value])

    def files(self) -> None:
        """Import and export of the largest organization."""
        people = max(self.sizes)
        for engine in self.engines:
            shelf = files.Shelf(engine, f"people{people}", self.folder, partial(self.environment, engine))
            [site] = [site for site in self.sites if site.engine is engine and site.people == people]
            pages.warm(site)
            found, grown = [], []
            for number in range(FILE_ROUNDS):
                _say(
                    f"import and export, {engine.name} {report.size(people)}, round {number + 1} of {FILE_ROUNDS}"
                )
                streamed, more = pages.measure_export(site)
                found.append({**shelf.measure(), "streamed JSON lines": streamed})
                grown.append(more)
            self._tell_files(engine, people, found)
            self.note(Measure("streamed JSON lines", "MB more in memory"), engine, people, grown)

    def _tell_files(self, engine: Engine, people: int, rounds: Sequence[dict[str, Spent]]) -> None:
        for name, base, target in (
            ("import", "COPY of the same rows", 10),
            ("export", "COPY of JSON rows", 3),
            ("streamed JSON lines", "COPY of JSON rows", 2),
        ):
            self.note(Measure(base, "s CPU"), engine, people, (r[base].cpu for r in rounds))
            self.note(Measure(name, "s CPU"), engine, people, (r[name].cpu for r in rounds))
            self.note(Measure(name, "s on the wall"), engine, people, (r[name].wall for r in rounds))
            ratios = (r[name].cpu / r[base].cpu for r in rounds)
            self.note(Measure(name, f"x {base}", target), engine, people, ratios)


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def _ms(seconds: Iterable[float]) -> list[float]:
    return [value * 1000 for value in seconds]
