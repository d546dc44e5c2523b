"""The overview: true sentences, numbers that open their rows, and a cost that does not grow with the organization."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import drafts
from orgmodel.core.operations import MovePeople
from orgmodel.pages import overview
from orgmodel.templatetags import orgmodel_ui
from tests.build import an_org, chapter, id_of, person, role, save, squad, tribe, vacancy


def html_of(client: Any, url: str = "/") -> str:
    return str(client.get(url).content.decode().replace("\xa0", " "))


def test_an_empty_database_leads_to_the_first_run(as_role: Any) -> None:
    assert as_role("editor").get("/").headers["Location"] == "/welcome/"


def test_a_stranger_is_sent_to_the_login(client: Any, db: None) -> None:
    assert client.get("/").headers["Location"] == "/login/?next=/"


@pytest.mark.parametrize(
    ("parts", "headline"),
    [
        ([tribe("T", squad("S", "Ana"))], "1 person works in 1 squad."),
        (
            [tribe("T", squad("S", "Ana", "Ben")), person("Cleo")],
            "2 of 3 people work in 1 squad.",
        ),
        (
            [role("Product owner", leads=True), tribe("T", squad("S", "Ana"))],
            "1 person works in 1 squad. One has no product owner: S.",
        ),
        (
            [role("Product owner", leads=True), tribe("T", squad("S", "Ana"), squad("R", "Ben"))],
            "2 people work in 2 squads. 2 squads have no product owner.",
        ),
        (
            [tribe("T", squad("S", "Ana")), vacancy("V", squad="S")],
            "1 person works in 1 squad. 1 seat is open.",
        ),
        ([tribe("T", squad("S", "Ana")), person("Cleo", status="left")], "1 person works in 1 squad."),
        ([tribe("T")], "Nobody is here yet."),
        ([tribe("T", squad("S"))], "1 squad, and nobody yet."),
        ([tribe("T"), person("Ana"), person("Ben")], "2 people, and no squad yet."),
    ],
)
def test_the_headline_is_true(as_role: Any, parts: list[Any], headline: str) -> None:
    save(an_org(*parts))
    assert f'<h1 class="lead">{headline}</h1>' in html_of(as_role("viewer"))


def test_a_young_organization_says_what_to_do_next(as_role: Any) -> None:
    save(an_org(tribe("T")))
    html = html_of(as_role("planner"))
    steps = (("squads/new", "Add a squad"), ("people/new", "Hire someone"), ("import", "Import files"))
    for page, label in steps:
        assert f'href="/{page}/">{label}</a>' in html
    assert "Add a tribe" not in html
    assert "Hire someone" not in html_of(as_role("viewer"))


def test_numbers_open_their_rows(as_role: Any) -> None:
    save(an_org(tribe("T", squad("S", "Ana"), chapter("C", "Ana")), person("Cleo")))
    html = html_of(as_role("viewer"))
    assert '<a class="n" href="/tribes/">1 tribe</a>' in html
    assert '<a class="n" href="/people/?squad=none">1 person without a squad</a>' in html


def test_tribes_show_in_small(as_role: Any) -> None:
    save(an_org(tribe("T", squad("S", "Ana", "Ben")), vacancy("Engineer", squad="S")))
    html = html_of(as_role("viewer"))
    assert html.count('<circle class="tr"') == 2
    assert "<title>Vacant: Engineer</title>" in html


def test_very_many_squads_show_as_numbers(as_role: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview, "PICTURED", 1)
    save(an_org(tribe("T", squad("S", "Ana", "Ben"), squad("R", "Cleo"))))
    html = html_of(as_role("viewer"))
    assert "<circle" not in html
    assert '<td class="num">3</td>' in html


def test_the_last_changes_and_my_drafts_show(as_role: Any) -> None:
    save(an_org(tribe("T", squad("S", "Ana"), squad("R", "Ben"))))
    planner = as_role("planner")
    move = MovePeople(people=(id_of("Ana"),), to=id_of("R"))
    drafts.create_draft("Mine", owner_id=planner.user.pk, at=timezone.now(), operations=[move])
    drafts.create_draft("Theirs", owner_id=as_role("editor").user.pk, at=timezone.now())
    html = html_of(planner)
    assert "Found the organization" in html
    assert '<a href="/drafts/mine/board/">Mine</a>' in html
    assert "1 move" in html
    assert "Theirs" not in html


def test_names_are_escaped(as_role: Any) -> None:
    save(an_org(tribe("<b>T", squad("<i>S", "<u>Ana"), chapter("<s>C", "<u>Ana"), key="t")))
    html = html_of(as_role("viewer"))
    assert not [tag for tag in ("<b>T", "<i>S", "<u>Ana", "<s>C") if tag in html]


@pytest.mark.parametrize("query", ["", "?as_of=2020-01-01"])
def test_it_can_be_read_as_of_a_day(as_role: Any, query: str) -> None:
    save(an_org(tribe("T", squad("S", "Ana"))))
    assert as_role("viewer").get(f"/{query}").status_code == 200


def test_a_day_to_come_shows_what_is_planned_and_says_so(as_role: Any) -> None:
    save(an_org(tribe("T", squad("S", "Ana"))))
    page = as_role("viewer").get("/?as_of=2099-01-01").content.decode()
    assert "As planned for 1 Jan 2099" in page
    assert "nothing scheduled until then" in page


def test_before_the_record_it_says_when_that_begins(as_role: Any) -> None:
    save(an_org(tribe("T", squad("S", "Ana"))), effective_on=date(2024, 12, 20))
    html = as_role("viewer").get("/?as_of=2024-12-19").content.decode()
    assert "The record begins on 20 December 2024." in html
    assert 'href="/?as_of=2024-12-20"' in html
    assert "0\u00a0people" not in html
    assert "The record begins" not in as_role("editor").get("/?as_of=2024-12-20").content.decode()


def test_a_day_that_is_none_is_named_with_a_way_to_today(as_role: Any) -> None:
    answer = as_role("viewer").get("/people/?as_of=2026-13-77")
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "“2026-13-77” is no day of the calendar." in html
    assert '<a class="btn go" href="/people/">' in html


def test_large_numbers_are_grouped(as_role: Any) -> None:
    save(an_org(tribe("T", squad("S", *(f"Person {number}" for number in range(1_234))))))
    viewer = as_role("viewer")
    html = viewer.get("/people/").content.decode()
    assert 'People<span class="count">1,234</span>' in html
    assert "1 to 50 of 1,234" in html
    assert "2,470 records" in viewer.get("/history/1/").content.decode()


@pytest.mark.parametrize("count", [1, 300])
def test_the_page_takes_nine_queries(as_role: Any, django_assert_num_queries: Any, count: int) -> None:
    names = [f"Person {number}" for number in range(count)]
    save(an_org(tribe("T", *(squad(f"S{n}", *names[n::10]) for n in range(10)))))
    editor = as_role("editor")
    editor.get("/")
    # session, user with roles, head, last changes, my drafts, their number, and mentions, reviews, failures that wait
    with django_assert_num_queries(9):
        editor.get("/")


def test_days_of_other_years_show_the_year() -> None:
    today = timezone.localdate()
    assert [orgmodel_ui.day(each) for each in (None, date(2024, 12, 20), today)] == [
        "",
        "20 Dec 2024",
        f"{today:%-d %b}",
    ]
