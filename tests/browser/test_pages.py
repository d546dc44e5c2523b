"""Every page: accessible in light and dark, within the content security policy, no wider than a small screen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from orgmodel.changes.models import Draft
from orgmodel.exports import links

TODAY = timezone.localdate()
UNITS = [
    "/",
    "/map/",
    "/map/?guild=web&color=craft&names=short",
    "/map/?names=none&color=level",
    "/map/?tribe=listening-experience&color=findings",
    "/circles/",
    "/circles/?tribe=platform-data",
    "/structure/?people=jonas-ek&people=hanna-virtanen",
    "/structure/?by=squads&people=jonas-ek&name=nobody",
    "/structure/?by=chapters&root=listening-experience",
    "/structure/?by=guilds",
    "/heat/",
    "/heat/?rows=level&columns=tribe",
    "/tribes/",
    "/tribes/listening-experience/",
    "/tribes/listening-experience/?color=craft",
    "/tribes/listening-experience/?color=findings",
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
    "/findings/",
    "/findings/?state=waived",
    "/findings/rules/",
    "/findings/rules/SQ-01/",
    "/findings/decisions/",
    "/findings/leaders/",
    "/findings/resilience/?people=Bo+Lindqvist",
    "/dependencies/",
    "/dependencies/?tribe=platform-data&level=blocking",
    "/dependencies/new/",
    "/squads/monetization-payouts/",
    "/squads/monetization-payouts/needs/identity-accounts/",
    "/squads/monetization-payouts/close/",
    "/squads/search/coaches/new/",
    "/systems/",
    "/systems/payout-ledger/",
    "/systems/payout-ledger/owners/",
    "/domains/",
    "/people/jonas-ek/skills/",
    "/tribes/platform-data/leads/",
]
REORGANIZING = [
    "/squads/search/split/?people=hanna-virtanen",
    "/squads/search/merge/?squads=playback",
    "/squads/search/close/?to=playback",
    "/squads/search/tribe/",
    "/squads/form/?person=jonas-ek",
    "/rotations/new/?person=jonas-ek&person=emil-dahl",
    "/tribes/listening-experience/split/",
    "/tribes/listening-experience/merge/?tribes=platform-data",
    "/chapters/lx-backend/merge/",
    "/chapters/lx-backend/tribe/",
]
DRAFTS = [
    "/drafts/",
    "/drafts/?state=published",
    "/drafts/conflicts/",
    "/drafts/compare/?draft=unblock-ingestion&draft=ads-to-new-york",
    "/tribes/creators-marketplace/?draft=unblock-ingestion&origins=1",
    "/map/?draft=unblock-ingestion&color=share",
    "/structure/?by=squads&draft=unblock-ingestion",
    "/heat/?columns=chapter&draft=unblock-ingestion",
    *(
        f"/drafts/unblock-ingestion/{page}/"
        for page in (
            "changes",
            "compare",
            "impact",
            "review",
            "edit",
            "share",
            "briefings",
            "publish",
            "schedule",
            "rename",
            "archive",
            "delete",
            "comments/1",
        )
    ),
    "/drafts/unblock-ingestion/changes/?note=1",
    "/drafts/unblock-ingestion/impact/?list=people",
    "/drafts/ads-to-new-york/changes/",
    "/drafts/ads-to-new-york/publish/",
]
TIME = [
    "/history/",
    "/history/?q=nothing+like+it",
    f"/history/?as_of={TODAY - timedelta(days=90)}",
    "/history/1/?intent=0&page=2",
    "/history/2/",
    "/history/2/undo/",
    f"/changes/?from={TODAY - timedelta(days=200)}&to={TODAY}",
    "/digest/",
    "/snapshots/",
    "/snapshots/?version=2",
    f"/tribes/listening-experience/?as_of={TODAY - timedelta(days=90)}",
    f"/tribes/listening-experience/?as_of={TODAY + timedelta(days=7)}",
]
OTHERS = [
    "/search/",
    "/search/?q=se",
    "/views/",
    "/views/?url=/people/%3Fcraft%3Dbackend",
    "/settings/",
    "/styleguide/",
    "/import/",
    "/demo/remove/",
    "/nothing-here/",
]
OPENED = {
    "the Share menu": lambda page: page.click("details.sharing summary"),
    "the palette": lambda page: page.keyboard.press("Control+k"),
    "the peek panel": lambda page: (
        page.focus("#main a[href='/people/jonas-ek/']"),
        page.keyboard.press("Space"),
    ),
    "the keys": lambda page: page.keyboard.press("?"),
}
"""What opens over a page, and how."""
DARK = {"runOnly": ["color-contrast"]}  # what else axe looks at is the same in every color


def problems_of(page: Any, **options: Any) -> list[str]:
    """Return what axe finds once nothing fades in any more: halfway, every contrast is too low."""
    page.evaluate("Promise.all(document.getAnimations().map(animation => animation.finished))")
    found = Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    return [f"{each['id']}: {node['target']}" for each in found for node in each["nodes"][:3]]


def complaints_about(page: Any, url: str) -> list[str]:
    """Open a page once and return what is wrong with it, in light, in dark and on a small screen."""
    page.set_viewport_size({"width": 1440, "height": 950})
    page.emulate_media(color_scheme="light")
    status = page.goto(url).status
    found = problems_of(page)
    page.emulate_media(color_scheme="dark")
    found += [f"in dark, {problem}" for problem in problems_of(page, **DARK)]
    page.set_viewport_size({"width": 320, "height": 640})
    if (width := page.evaluate("document.documentElement.scrollWidth")) > 320:
        found.append(f"{width} px wide")
    if status != (404 if url == "/nothing-here/" else 200):
        found.append(f"answered {status}")
    return found + page.evaluate("window.violations")


@pytest.mark.parametrize(
    "urls",
    [UNITS, REORGANIZING, DRAFTS, TIME, OTHERS],
    ids=["units", "reorganizing", "drafts", "time", "others"],
)
def test_every_page_is_accessible_keeps_the_policy_and_fits_a_small_screen(
    sign_in: Any, urls: list[str]
) -> None:
    page = sign_in("org designer")
    Draft.objects.update(owner=page.user)
    complaints = {url: complaints_about(page, url) for url in urls}
    assert {url: found for url, found in complaints.items() if found} == {}


@pytest.mark.parametrize("width", [1440, 320])
@pytest.mark.parametrize("what", OPENED)
def test_what_opens_over_a_page_is_accessible(sign_in: Any, what: str, width: int) -> None:
    page = sign_in("editor", viewport={"width": width, "height": 800})
    page.goto("/squads/home-browse/")
    OPENED[what](page)
    page.locator("dialog[open], details.sharing[open]").wait_for()
    page.wait_for_load_state("networkidle")
    assert problems_of(page) == []
    page.emulate_media(color_scheme="dark")
    assert problems_of(page, **DARK) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("window.violations") == []


def test_a_draft_by_its_link_is_accessible_for_both_sides(sign_in: Any) -> None:
    owner = sign_in("planner")
    draft = Draft.objects.get(key="unblock-ingestion")
    Draft.objects.update(owner=owner.user)
    link = links.make(draft, "14", by=owner.user.pk, at=timezone.now())
    assert complaints_about(sign_in("viewer"), f"/shared/{link.key}/") == []
    assert complaints_about(owner, "/drafts/unblock-ingestion/share/") == []


def test_the_login_page_is_accessible(live_server: Any, browser: Any, demo: None) -> None:
    page = browser.new_page()
    page.goto(f"{live_server.url}/login/")
    assert problems_of(page) == []
    page.close()
