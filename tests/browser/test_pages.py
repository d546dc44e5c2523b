"""Every page: accessible in light and dark, within the content security policy, no wider than a small screen."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = [
    "/",
    "/tribes/",
    "/tribes/listening-experience/",
    "/tribes/creators-marketplace/?draft=unblock-ingestion&origins=1",
    "/tribes/platform-data/about/",
    "/squads/",
    "/squads/search/",
    "/people/",
    "/people/jonas-ek/",
    "/people/jonas-ek/move/",
    "/people/jonas-ek/edit/",
    "/people/new/",
    "/chapters/",
    "/guilds/",
    "/missions/",
    "/vacancies/",
    "/roles/",
    "/drafts/",
    "/drafts/unblock-ingestion/changes/",
    "/drafts/unblock-ingestion/compare/",
    "/drafts/unblock-ingestion/impact/",
    "/drafts/unblock-ingestion/publish/",
    "/drafts/compare/?draft=unblock-ingestion",
    "/drafts/conflicts/",
    "/history/",
    "/history/2/",
    "/search/?q=se",
    "/settings/",
    "/styleguide/",
    "/demo/remove/",
    "/nothing-here/",
]


def problems_of(page: Any) -> list[str]:
    """Return what axe finds once nothing fades in any more: halfway, every contrast is too low."""
    page.evaluate("Promise.all(document.getAnimations().map(animation => animation.finished))")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{each['id']}: {node['target']}" for each in found for node in each["nodes"][:3]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_keeps_the_policy(sign_in: Any, scheme: str) -> None:
    page = sign_in("org designer", color_scheme=scheme)
    found = {}
    for url in PAGES:
        status = page.goto(url).status
        complaints = problems_of(page) + page.evaluate("window.violations")
        if status != (404 if url == "/nothing-here/" else 200):
            complaints.append(f"answered {status}")
        if complaints:
            found[url] = complaints
    assert found == {}


def test_no_page_scrolls_sideways_on_a_small_screen(sign_in: Any) -> None:
    page = sign_in("org designer", viewport={"width": 320, "height": 640})
    wide = []
    for url in PAGES:
        page.goto(url)
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(url)
    assert wide == []


def test_the_login_page_is_accessible(live_server: Any, browser: Any, demo: None) -> None:
    page = browser.new_page()
    page.goto(f"{live_server.url}/login/")
    assert problems_of(page) == []
    page.close()
