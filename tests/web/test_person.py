"""The page of a person, and of their leaving."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import drafts, services
from tests.build import an_org, chapter, guild, id_of, person, role, save, squad, tribe, vacancy

pytestmark = pytest.mark.django_db


def build(reports: int = 2) -> None:
    save(
        an_org(
            role("Product owner", leads=True),
            person("Ana", title="Engineer", manager="Boss", email="ana@example.org"),
            person("Boss"),
            *(person(f"Report {n:03}", manager="Ana") for n in range(reports)),
            tribe(
                "Payments",
                squad("Phoenix", "Ana", shares={"Ana": 70}, roles={"Ana": "Product owner"}),
                squad("Hydra", "Ana", shares={"Ana": 50}),
                chapter("Backend", "Ana", lead="Ana"),
                lead="Ana",
            ),
            guild("Quality", "Ana"),
            vacancy("Designer", squad="Phoenix", hiring_manager="Ana"),
        )
    )


def test_it_shows_squads_shares_leads_reports_guilds_and_history(as_role: Any) -> None:
    build()
    page = as_role("viewer").get("/people/ana/").content.decode()
    for words in (
        "120\u00a0% in all", "Phoenix", "Hydra", "2 reports", "Report 001", "tribe lead", "chapter lead",
        "product owner", "Quality", "Designer", "Boss", "Found the organization",
        '<a href="mailto:ana@example.org">ana@<wbr>example.org</a>',
    ):  # fmt: skip
        assert words in page, words


def test_offboarding_names_everything_that_ends_and_hands_over_the_reports(as_role: Any) -> None:
    build()
    editor = as_role("editor")
    page = editor.get("/people/ana/offboard/").content.decode()
    for words in (
        "Phoenix", "Hydra", "Backend", "Quality", "tribe lead of Payments", "chapter lead of Backend",
        "product owner of Phoenix", "Designer", "2 reports", 'value="Boss (boss)"',
    ):  # fmt: skip
        assert words in page, words
    assert editor.post("/people/ana/offboard/", {"successor": "Report 000"}).status_code == 303
    org = services.current()
    assert org.people[id_of("Report 001")].manager == id_of("Report 000")
    assert org.memberships_of(id_of("Ana")) == []


def test_someone_who_has_left_can_only_be_reinstated(as_role: Any) -> None:
    save(an_org(person("Gone", status="left")))
    page = as_role("editor").get("/people/gone/").content.decode()
    assert "Gone has left" in page
    assert "/people/gone/reinstate/" in page
    assert "/people/gone/edit/" not in page


def test_viewers_see_no_buttons(as_role: Any) -> None:
    build()
    page = as_role("viewer").get("/people/ana/").content.decode()
    assert "/people/ana/edit/" not in page
    assert "/guilds/quality/leave/" not in page


def test_as_of_and_draft_stay_in_the_links(as_role: Any) -> None:
    build()
    planner = as_role("planner")
    drafts.create_draft("Plan", owner_id=planner.user.pk, at=timezone.now())
    assert 'href="/squads/phoenix/?draft=plan"' in planner.get("/people/ana/?draft=plan").content.decode()
    assert (
        'href="/guilds/add/?draft=plan&amp;person=ana"'
        in planner.get("/people/ana/?draft=plan").content.decode()
    )
    day = timezone.localdate().isoformat()
    assert f'href="/squads/phoenix/?as_of={day}"' in planner.get(f"/people/ana/?as_of={day}").content.decode()
    assert planner.get("/people/ana/?as_of=2000-01-01").status_code == 404


def test_strangers_go_to_the_login(client: Any) -> None:
    assert client.get("/people/ana/")["Location"] == "/login/?next=/people/ana/"


@pytest.mark.parametrize("reports", [1, 300])
def test_queries_do_not_grow_with_the_people(
    as_role: Any, reports: int, django_assert_num_queries: Any
) -> None:
    build(reports)
    browser = as_role("viewer")
    browser.get("/people/ana/")
    # session, user, head, saved views, mentions, change sets, three for who was where when, the account
    with django_assert_num_queries(10):
        browser.get("/people/ana/")
