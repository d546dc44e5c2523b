"""python -m benchmarks [--sizes 1k,10k,100k] [--engines postgresql,sqlite] [--only pages,moves,drafts,...] [--quick]

Starts the real server on every database and size, measures in rounds, prints a table and writes results.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path

from benchmarks import report
from benchmarks.run import Run
from benchmarks.server import ROOT, Unexpected

PARTS = (
    "pages", "moves", "drafts", "findings", "palette", "chromium", "map", "start", "files", "feed", "webhooks",
)  # fmt: skip
"""In this order: what is measured in Chromium expects people where they are before `map` moves more of them."""
SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000}


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
                except (Unexpected, HTTPException, subprocess.CalledProcessError) as error:
                    print(f"{part} could not be measured: {error}", file=sys.stderr)
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
