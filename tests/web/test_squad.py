"""The page of a squad."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import drafts, services
from orgmodel.core.operations import CloseSquad, LeaveSquad
from tests.build import an_org, chapter, id_of, mission, person, role, save, squad, tribe, vacancy

pytestmark = pytest.mark.django_db


def build(people: int = 2) -> None:
    names = ["Ana", "Ben", *(f"Person {n}" for n in range(people - 2))]
    save(
        an_org(
            role("Product owner", leads=True),
            mission(
                "Pay people on time",
                metric="On time",
                unit="%",
                baseline=Decimal(90),
                target=Decimal(100),
                current=Decimal(95),
            ),
            person("Ana", city="Oslo", level="I3"),
            tribe(
                "Payments",
                squad(
                    "Phoenix",
                    *names,
                    roles={"Ana": "Product owner"},
                    shares={"Ana": 60},
                    mission="Pay people on time",
                ),
                squad("Hydra", "Ana", shares={"Ana": 40}),
                chapter("Backend", "Ana"),
                lead="Ben",
                color="3",
            ),
            vacancy("Designer", squad="Phoenix"),
        )
    )


def leave(name: str) -> None:
    services.commit(
        [LeaveSquad(person=id_of(name), squad=id_of("Phoenix"))],
        actor=services.Actor("Editor"),
        message="",
        source="web",
        at=timezone.now(),
    )


def test_it_shows_mission_members_vacancies_leads_and_history(as_role: Any) -> None:
    build()
    leave("Ben")
    page = as_role("viewer").get("/squads/phoenix/").content.decode()
    for words in (
        "Pay people on time", "1 person, 1 vacancy", "50\u00a0% of the way", "Oslo", "60\u00a0%", "also in", "Vacant:",
        "What to build", "lead of Payments", "Take Ben out of Phoenix", "Found the organization",
    ):  # fmt: skip
        assert words in page, words


def test_viewers_see_no_buttons_and_editors_do(as_role: Any) -> None:
    build()
    assert "/squads/phoenix/edit/" not in as_role("viewer").get("/squads/phoenix/").content.decode()
    assert "/squads/phoenix/edit/" in as_role("planner").get("/squads/phoenix/").content.decode()


def test_strangers_go_to_the_login(client: Any) -> None:
    build()
    assert client.get("/squads/phoenix/")["Location"] == "/login/?next=/squads/phoenix/"


def test_unknown_squads_are_not_found(as_role: Any) -> None:
    build()
    browser = as_role("viewer")
    for key in ("nope", "%00", "x" * 2_000):
        assert browser.get(f"/squads/{key}/").status_code == 404


def test_in_a_draft_it_shows_the_draft_and_links_stay_in_it(as_role: Any) -> None:
    build()
    planner = as_role("planner")
    leave_ben = LeaveSquad(person=id_of("Ben"), squad=id_of("Phoenix"))
    drafts.create_draft("Plan", owner_id=planner.user.pk, at=timezone.now(), operations=[leave_ben])
    page = planner.get("/squads/phoenix/?draft=plan").content.decode()
    assert 'href="/people/ana/?draft=plan"' in page
    assert 'href="/people/ben/?draft=plan"' not in page.split('id="members"')[1].split("Who decides")[0]
    assert 'href="/squads/phoenix/add/?draft=plan"' in page


def test_as_of_a_day_it_shows_that_day_without_buttons(as_role: Any) -> None:
    build()
    day = timezone.localdate().isoformat()
    page = as_role("editor").get(f"/squads/phoenix/?as_of={day}").content.decode()
    assert f'href="/people/ana/?as_of={day}"' in page
    assert "/squads/phoenix/edit/" not in page


def test_before_it_existed_it_is_not_found(as_role: Any) -> None:
    build()
    assert as_role("viewer").get("/squads/phoenix/?as_of=2000-01-01").status_code == 404


def test_a_closed_squad_says_so_and_can_be_reopened(as_role: Any) -> None:
    save(an_org(squad("Hydra")))
    services.commit(
        [CloseSquad(id=id_of("Hydra"))],
        actor=services.Actor("Editor"),
        message="",
        source="web",
        at=timezone.now(),
    )
    page = as_role("editor").get("/squads/hydra/").content.decode()
    assert "Closed on" in page
    assert "/squads/hydra/reopen/" in page
    assert "/squads/hydra/edit/" not in page


@pytest.mark.parametrize("people", [2, 300])
def test_queries_do_not_grow_with_the_people(
    as_role: Any, people: int, django_assert_num_queries: Any
) -> None:
    build(people)
    browser = as_role("viewer")
    browser.get("/squads/phoenix/")
    with django_assert_num_queries(
        9
    ):  # session, user, head, saved views, mentions, change sets, three for who was where when
        browser.get("/squads/phoenix/")


def test_working_hours_are_shown_in_the_time_of_the_reader(as_role: Any) -> None:
    berlin = {"time_zone": "Europe/Berlin", "working_hours": "09:00-17:00"}
    save(an_org(person("Ana", **berlin), person("Ben", **berlin), squad("Search", "Ana", "Ben")))
    viewer = as_role("viewer")
    viewer.cookies["zone"] = "Europe/Berlin"
    page = viewer.get("/squads/search/").content.decode()
    assert "They share 8 hours of work a day, 09:00 to 17:00." in page
    assert "Times are those of Europe/Berlin." in page
    assert 'href="/people/?squad=search"' in page
