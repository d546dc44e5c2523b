"""What a person waits for in Chromium: the load of a page, and one move on a board from the key to the answer."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chromium import find_chromium
from playwright.sync_api import Page, sync_playwright

from benchmarks.pages import Site, boards_of

OPTIONS = ["--no-sandbox", "--disable-gpu"]
LOAD = """() => {
  const [entry] = performance.getEntriesByType("navigation");
  return entry.loadEventEnd - entry.responseStart;
}"""


@contextmanager
def signed_in(site: Site) -> Iterator[Page]:
    """Yield a page of a fresh browser in which the benchmark's user is signed in."""
    address = f"http://127.0.0.1:{site.server.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=OPTIONS)
        context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": site.session, "url": address}])
        yield context.new_page()
        browser.close()


def load(page: Page, path: str, times: int) -> list[float]:
    """Return the milliseconds from the first byte of the answer to the load event, the styles and scripts cached."""
    page.goto(path)
    return [_loaded(page, path) for _ in range(times)]


def _loaded(page: Page, path: str) -> float:
    page.goto(path, wait_until="load")
    page.wait_for_function("performance.getEntriesByType('navigation')[0].loadEventEnd > 0")
    return float(page.evaluate(LOAD))


def moves(page: Page, draft: str, times: int) -> list[float]:
    """Return the milliseconds of moves by keyboard in a draft: from Enter until the server has answered."""
    boards = itertools.cycle(boards_of(draft))
    return [_move(page, next(boards)) for _ in range(times)]


def _move(page: Page, board: str) -> float:
    page.goto(board, wait_until="load")
    page.locator(".board .p[data-person] a.nm").first.focus()
    page.keyboard.press("m")
    page.locator("#move-dialog[open] #move-to option:not(:disabled)").last.wait_for(state="attached")
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    started = page.evaluate("performance.now()")
    page.keyboard.press("Enter")
    page.wait_for_selector(".p.moved:not(.pending)", state="attached")
    return float(page.evaluate("performance.now()") - started)


def measure(site: Site, draft: str, times: int) -> dict[str, Any]:
    """Return samples of each measure, in milliseconds."""
    with signed_in(site) as page:
        return {
            "load of the map": load(page, "/map/", times),
            "load of a tribe's board": load(page, boards_of(draft)[0], times),
            "one move on a board": moves(page, draft, times),
        }
