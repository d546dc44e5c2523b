"""`make screenshots`: takes the pictures of README and docs, of the demo organization as it is today.

Serves a copy of its own on a free port, so nothing that someone works on is touched or shown.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chromium import find_chromium
from environment import PYTHON, ROOT, fail, install

IMAGES = ROOT / "docs" / "images"
PASSWORD = "try-kestrel-audio"  # noqa: S105 - of the demo logins, and known to everyone
STARTUP_SECONDS = 60
WIDTH, HEIGHT = 1440, 900

SHOTS = {
    "overview": "/",
    "map": "/map/",
    "draft": "/tribes/listening-experience/?draft=unblock-ingestion",
    "compare": "/drafts/unblock-ingestion/compare/",
    "findings": "/findings/",
}
"""What is taken, by the name of its file."""


def main() -> int:
    install("dev")
    chromium = find_chromium()
    if chromium is None:
        fail("Pictures need Chromium. On Debian, Ubuntu: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder)) as address:
        taken = subprocess.run([PYTHON, __file__, "take", address, chromium], check=False)
    return taken.returncode


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = os.environ | {"DEBUG": "true", "DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite3'}"}
    if subprocess.run([PYTHON, "tools/prepare.py"], cwd=ROOT, env=environment, check=False).returncode:
        raise SystemExit(1)
    command = [str(PYTHON), "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    server = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    fail("The server did not start.")


def take(address: str, chromium: str) -> None:
    """Take every picture. Runs in .venv, where Playwright is."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(f"{address}/login/")
        page.fill("[name=username]", "editor")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"{address}/")
        for name, path in SHOTS.items():
            page.goto(address + path, wait_until="networkidle")
            page.screenshot(path=IMAGES / f"{name}.png")
            print(f"docs/images/{name}.png")
        browser.close()


if __name__ == "__main__":
    if sys.argv[1:2] == ["take"]:
        take(*sys.argv[2:])
    else:
        try:
            raise SystemExit(main())
        except KeyboardInterrupt:
            raise SystemExit(130) from None
