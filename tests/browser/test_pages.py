"""Every page: accessible in light and dark, within the content security policy, no wider than a small screen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from orgmodel.changes import services
from orgmodel.changes.models import Draft
from orgmodel.exports import links
from orgmodel.integrations import tokens
from orgmodel.integrations.models import Integration
from orgmodel.scim.models import ScimGroup, ScimMember
from orgmodel.webhooks import services as webhooks
from orgmodel.webhooks.models import Delivery, Subscription

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
    "/tribes/platform-data/",
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
    "/findings/?state=resolved",
    "/findings/rules/",
    "/findings/rules/SQ-01/",
    "/findings/rules/preset/?preset=Bank",
    "/settings/words/",
    "/settings/words/tribe/",
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
HOOK = "3f0c7a52-5d2c-5550-a4df-cc2cf250ce99"
WEBHOOK = f"/integrations/hr-sync/webhooks/{HOOK}/"
SCIM_GROUPS = {
    "loose": "9a3bb3a8-0f4e-5d7c-9d52-0c8d1f3f3a11",
    "linked": "5d0b7a3e-6a44-5a51-8f0e-2f4f0f9f6b22",
}
INTEGRATIONS = [
    "/scim/groups/",
    f"/scim/groups/{SCIM_GROUPS['loose']}/?kind=squad&unit=search&moves=on",
    f"/scim/groups/{SCIM_GROUPS['linked']}/",
    "/integrations/",
    "/integrations/hr-sync/",
    "/integrations/hr-sync/close/",
    "/integrations/hr-sync/tokens/0123456789abcdef/rotate/",
    "/integrations/hr-sync/tokens/0123456789abcdef/revoke/",
    "/integrations/hr-sync/webhooks/",
    *(f"{WEBHOOK}{part}" for part in ("", "?state=dead", "edit/", "rotate/", "remove/")),
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


def add_integration() -> None:
    """Give HR sync a token that does all a token may, from somewhere, and one that is over."""
    now = timezone.now()
    hr_sync = tokens.integration_of("HR sync", about="Nightly; ask Hanna", at=now)
    terms = tokens.Terms(tokens.SCOPES, addresses=["203.0.113.0/24", "2001:db8::/32"])
    tokens.issue_to(hr_sync, terms, at=now, public_id="0123456789abcdef")
    tokens.issue("HR sync", "viewer", at=now)
    tokens.revoke(hr_sync.tokens.exclude(public_id="0123456789abcdef"), at=now)
    add_webhook(hr_sync)


def add_webhook(integration: Integration) -> None:
    """Let it have a webhook that was disabled, with something in each state."""
    now = timezone.now()
    hook = Subscription.objects.create(
        pk=HOOK,
        integration=integration,
        url="https://chat.example.com/hooks/organization-changes?room=engineering-leaders",
        patterns=["person.*", "squad.split"],
        state="disabled",
        reason="person.moved could not be delivered in 10 attempts. The last one: Answered 500.",
        old_secret_until=now + timedelta(hours=5),
        since_version=0,
        created_at=now,
    )
    for state in ("waiting", "delivered", "dead"):
        sent = webhooks.send_test(hook, at=now)
        error = "" if state == "delivered" else "Answered 500 Internal Server Error."
        Delivery.objects.filter(pk=sent.pk).update(state=state, attempts=3, status=204, error=error)


def add_scim_groups() -> None:
    """Let an identity provider have pushed two groups, one of which is linked to a guild."""
    now, org = timezone.now(), services.current()
    guild = next(iter(org.guilds.values()))
    for number, (name, id_) in enumerate(SCIM_GROUPS.items()):
        linked = {"unit_kind": "guild", "unit": guild.id} if name == "linked" else {}
        group = ScimGroup.objects.create(
            pk=id_, name=f"engineering-{name}", name_key=name, created_at=now, updated_at=now, **linked
        )
        for person in list(org.people)[number : number + 30]:
            ScimMember.objects.create(group=group, person=person)


@pytest.mark.parametrize(
    "urls",
    [UNITS, REORGANIZING, DRAFTS, TIME, INTEGRATIONS, OTHERS],
    ids=["units", "reorganizing", "drafts", "time", "integrations", "others"],
)
def test_every_page_is_accessible_keeps_the_policy_and_fits_a_small_screen(
    sign_in: Any, urls: list[str]
) -> None:
    page = sign_in("org designer")
    Draft.objects.update(owner=page.user)
    add_integration()
    add_scim_groups()
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


def test_a_link_is_copied_by_clicking_once_or_twice(sign_in: Any) -> None:
    owner = sign_in("planner")
    draft = Draft.objects.get(key="unblock-ingestion")
    Draft.objects.update(owner=owner.user)
    links.make(draft, "14", by=owner.user.pk, at=timezone.now())
    owner.clock.install()
    owner.goto("/drafts/unblock-ingestion/share/")
    button, status = owner.locator("main [data-copy]"), owner.locator("#status")
    for _click in range(2):
        status.evaluate("(status) => status.replaceChildren()")
        button.click()
        expect(status).to_have_text("Copied")
        expect(button).to_have_text("Copied")
    owner.clock.run_for(10_000)
    expect(button).to_have_text("Copy")


def test_the_login_page_is_accessible(live_server: Any, browser: Any, demo: None) -> None:
    page = browser.new_page()
    page.goto(f"{live_server.url}/login/")
    assert problems_of(page) == []
    page.close()
