"""Lists and pages of tribes, squads, missions, vacancies, roles, chapters and guilds: what all of them keep to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import drafts
from tests.build import (
    an_org,
    chapter,
    coaching,
    domain,
    guild,
    mission,
    needs,
    person,
    role,
    save,
    skills,
    squad,
    system,
    tribe,
    vacancy,
)

pytestmark = pytest.mark.django_db


def build(people: int = 1) -> None:
    crowd = ["Ana", *(f"Person {n:03}" for n in range(people - 1))]
    save(
        an_org(
            role("Product owner", leads=True),
            person("Ana", title="Engineer"),
            mission(
                "Pay people on time",
                metric="On time",
                unit="%",
                baseline=Decimal(90),
                target=Decimal(100),
                current=Decimal(95),
            ),
            mission("Grow", closed_on=timezone.localdate()),
            tribe(
                "Payments",
                squad("Phoenix", *crowd, roles={"Ana": "Product owner"}, mission="Pay people on time"),
                squad("Hydra", type="platform", state="forming"),
                chapter("Backend", *crowd, lead="Ana", competency="Go"),
                lead="Ana",
                purpose="Money in time",
                mission="Pay people on time",
            ),
            tribe("Old tribe", closed_on=timezone.localdate()),
            squad("Old squad", closed_on=timezone.localdate()),
            chapter("Old chapter", closed_on=timezone.localdate()),
            guild("Quality", *crowd, coordinator="Ana", purpose="Fewer faults"),
            guild("Old guild", closed_on=timezone.localdate()),
            vacancy("Designer", squad="Phoenix", chapter="Backend", opened_on=timezone.localdate()),
            vacancy("Writer", state="cancelled"),
            domain("Payouts", squad="Phoenix", complexity="complex"),
            domain("Old domain", closed_on=timezone.localdate()),
            system("Ledger", {"Ana": "both"}, squad="Phoenix", domain="Payouts", critical=True, skill="Go"),
            system("Notifier", claimed_by="Phoenix"),
            system("Old system", closed_on=timezone.localdate()),
            skills("Ana", go="expert"),
            needs("Hydra", "Phoenix", level="blocking", mitigation="They pair on Tuesdays."),
            coaching("Ana", "Hydra"),
        )
    )


PAGES = [
    ("/tribes/", ["Payments", "Ana", "Pay people on time"], ["Old tribe"]),
    ("/tribes/?closed=yes", ["Old tribe"], []),
    (
        "/tribes/payments/about/",
        ["Money in time", "Tribe lead", "Phoenix", "Backend"],
        ["/tribes/payments/edit/"],
    ),
    (
        "/squads/",
        ["Phoenix", "Hydra", "forming", "Pay people on time", "+ 1 open"],
        ["Old squad", "/squads/new/"],
    ),
    ("/squads/?closed=yes", ["Old squad", "Closed "], ["Phoenix"]),
    ("/squads/?closed=all", ["Old squad", "Closed ", "Phoenix"], []),
    ("/squads/?closed=nope", ["Nothing matches"], ["Phoenix"]),
    ("/squads/?type=platform", ["Hydra"], ["Phoenix"]),
    ("/squads/?state=forming&tribe=payments", ["Hydra"], ["Phoenix"]),
    ("/squads/?tribe=nope", ["Nothing matches"], ["Phoenix"]),
    ("/squads/?q=hyd", ["Hydra"], ["Phoenix"]),
    ("/missions/", ["Pay people on time", "Phoenix", "1 open squad has no mission"], ["Grow"]),
    ("/missions/?squads=without", ["Nothing matches"], ["On time"]),
    ("/missions/?squads=with", ["On time"], []),
    ("/missions/?closed=yes", ["Grow"], ["On time"]),
    ("/missions/pay-people-on-time/", ["Phoenix", "95 %", "50\u00a0% of the way", "Timeline"], ["/retire/"]),
    ("/missions/grow/", ["Retired on"], []),
    ("/vacancies/", ["Designer", "Phoenix", "0 days"], ["Writer"]),
    ("/vacancies/?state=all", ["Designer", "Writer"], []),
    ("/vacancies/?tribe=payments", ["Designer"], ["Writer"]),
    ("/vacancies/designer/", ["Phoenix", "Backend", "nobody"], ["/fill/"]),
    ("/vacancies/writer/", ["cancelled"], []),
    (
        "/systems/",
        ["Ledger", "critical", "Ana", "Payouts", "no squad", "nobody"],
        ["Old system", "/systems/new/"],
    ),
    ("/systems/?closed=yes", ["Old system", "retired"], ["Ledger"]),
    ("/systems/?critical=yes", ["Ledger"], ["Notifier"]),
    ("/systems/?critical=no", ["Notifier"], ["Ledger"]),
    ("/systems/?critical=nope", ["Nothing matches"], ["Ledger"]),
    ("/systems/?owner=nobody", ["Notifier"], ["Ledger"]),
    ("/systems/?owner=squad", ["Notifier"], ["Ledger"]),
    ("/systems/?owner=nope", ["Nothing matches"], ["Ledger"]),
    ("/systems/?tribe=payments", ["Ledger"], ["Notifier"]),
    ("/systems/?q=go", ["Ledger"], ["Notifier"]),
    (
        "/systems/ledger/",
        [
            "operationally critical",
            "developer and operations",
            "Who knows Go",
            "expert",
            "Phoenix",
            "complex",
        ],
        ["/systems/ledger/edit/"],
    ),
    ("/systems/notifier/", ["Nobody.", "Also claimed by"], []),
    ("/systems/old-system/", ["Retired on"], ["/reopen/"]),
    ("/domains/", ["Payouts", "Complex", "Phoenix", "Ledger"], ["Old domain", "/domains/new/"]),
    ("/domains/?closed=yes", ["Old domain", "closed "], ["Payouts"]),
    ("/domains/?complexity=complex&tribe=payments", ["Payouts"], []),
    ("/roles/", ["Product owner", "leads a squad"], ["/roles/new/"]),
    ("/chapters/", ["Backend", "Ana", "Go"], ["Old chapter"]),
    ("/chapters/?tribe=payments", ["Backend"], []),
    (
        "/chapters/backend/",
        ["Members by squad", "Phoenix", "Designer", "one lead to 1"],
        ["/chapters/backend/edit/"],
    ),
    ("/chapters/old-chapter/", ["Closed on"], []),
    ("/guilds/", ["Quality", "Fewer faults", "Ana"], ["Old guild"]),
    (
        "/guilds/quality/",
        ["Members by tribe", "Payments", "Phoenix", "1 person from 1 tribe"],
        ["/guilds/quality/edit/"],
    ),
    ("/guilds/old-guild/", ["Closed on"], []),
]
LIVE = [path for path, _, _ in PAGES]


@pytest.mark.parametrize(("path", "there", "missing"), PAGES)
def test_pages_show_the_same_live_in_a_draft_and_in_the_past(
    as_role: Any, path: str, there: list[str], missing: list[str]
) -> None:
    build()
    viewer, planner = as_role("viewer"), as_role("planner")
    drafts.create_draft("Plan", owner_id=planner.user.pk, at=timezone.now())
    join = "&" if "?" in path else "?"
    pages = [
        viewer.get(path),
        viewer.get(f"{path}{join}as_of={timezone.localdate()}"),
        planner.get(f"{path}{join}draft=plan"),
    ]
    for page in pages:
        main = page.content.decode().partition("<main")[2].partition("</main>")[0]
        assert page.status_code == 200
        assert [words for words in there if words not in main] == []
        assert [words for words in missing if words in main and not words.startswith("/")] == []
    assert [words for words in missing if words in pages[0].content.decode().partition("<main")[2]] == []


def test_strangers_go_to_the_login(client: Any) -> None:
    for path in LIVE:
        assert client.get(path)["Location"].startswith("/login/?next=")


def test_an_empty_organization_has_no_dead_ends(as_role: Any) -> None:
    editor = as_role("editor")
    kinds = ("tribes", "squads", "missions", "vacancies", "roles", "chapters", "guilds")
    for path in (*kinds, "systems", "domains", "dependencies"):
        page = editor.get(f"/{path}/").content.decode()
        assert "No " in page
        assert "/new/" in page


@pytest.mark.parametrize(
    "kind",
    [
        "tribes",
        "squads",
        "missions",
        "vacancies",
        "chapters",
        "guilds",
        "systems",
        "domains",
        "dependencies",
    ],
)
def test_hostile_filters_are_never_a_500(as_role: Any, kind: str) -> None:
    build()
    browser = as_role("viewer")
    for value in ("%00", "%ED%A0%80", "x" * 5_000, "%25", "-1", "9" * 40):
        names = ("q", "page", "tribe", "type", "state", "kind", "closed", "squads")
        names += ("critical", "owner", "complexity", "level", "between")
        for name in names:
            assert browser.get(f"/{kind}/?{name}={value}").status_code == 200
    assert browser.get(f"/{kind}/?draft=x&as_of=2026-01-01").status_code == 400


QUERIES = {
    "/tribes/": 6, "/tribes/payments/about/": 6, "/squads/": 6, "/missions/": 6, "/vacancies/": 6, "/roles/": 4,
    "/missions/pay-people-on-time/": 6, "/vacancies/designer/": 6, "/chapters/": 6, "/chapters/backend/": 6,
    "/guilds/": 6, "/guilds/quality/": 6, "/systems/": 6, "/systems/ledger/": 6, "/domains/": 6,
    "/dependencies/": 4, "/squads/hydra/needs/phoenix/": 4,
}  # fmt: skip


@pytest.mark.parametrize("people", [1, 300])
def test_queries_do_not_grow_with_the_people(
    as_role: Any, people: int, django_assert_num_queries: Any
) -> None:
    build(people)
    browser = as_role("viewer")
    for path, count in QUERIES.items():
        browser.get(path)
        with django_assert_num_queries(count):
            browser.get(path)
