"""Decision paths, the resilience drill and who leads what."""

from __future__ import annotations

from typing import Any

import pytest

from tests.build import an_org, chapter, person, save, squad, system, tribe

pytestmark = pytest.mark.django_db


def build(squads: int = 1) -> None:
    save(
        an_org(
            person("Boss"),
            person("Cleo", manager="Boss"),
            person("Ana", manager="Cleo", craft="Backend"),
            person("Ben", manager="Boss", craft="Design"),
            tribe(
                "Payments",
                squad("Core", "Ana", "Ben"),
                *(squad(f"More {n}", f"Solo {n}") for n in range(squads)),
                chapter("Backend", "Ana", lead="Cleo"),
                lead="Boss",
            ),
            chapter("Design", "Ben"),
            system("ledger", {"Ana": "both"}, squad="Core"),
        )
    )


def main_of(browser: Any, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200
    return str(answer.content.decode()).split("<main")[1]


def test_a_decision_path_names_who_could_decide(as_role: Any) -> None:
    build()
    page = main_of(as_role("viewer"), "/findings/decisions/")
    first = page.split("<tbody>")[1].split("</tr>")[0]
    assert ">Core</a>" in first
    assert '<a href="/people/boss/">Boss</a>' in first
    assert '<td class="num">2</td>' in first


def test_the_worst_ten_paths_are_shown_and_all_can_be(as_role: Any) -> None:
    build(squads=14)
    viewer = as_role("viewer")
    assert main_of(viewer, "/findings/decisions/").count('<th scope="row">') == 10
    assert main_of(viewer, "/findings/decisions/?show=all").count('<th scope="row">') == 15


def test_where_no_manager_is_known_there_are_no_paths(as_role: Any) -> None:
    save(an_org(tribe("Payments", squad("Core", "Ana", "Ben"))))
    page = main_of(as_role("viewer"), "/findings/decisions/")
    assert "No line managers yet" in page
    assert "nobody" not in page


def test_empty_seats_come_first(as_role: Any) -> None:
    build()
    page = main_of(as_role("viewer"), "/findings/leaders/")
    rows = page.split("<tbody>")[1].split("</tr>")
    assert ">Design</a>" in rows[0]
    assert 'class="tag bad">empty' in rows[0]
    assert "1 empty</a>" in page
    assert "Design" not in main_of(as_role("viewer", "two"), "/findings/leaders/?state=held")


def test_the_drill_says_what_is_lost_with_someone(as_role: Any) -> None:
    build()
    lost = main_of(as_role("viewer"), "/findings/resilience/?people=Ana").split('id="lost-h"')[1]
    lost = lost.split("</section>")[0]
    for words in ("Without Ana", "3 lost", "ledger", ">Backend <"):
        assert words in lost


def test_the_same_draw_shows_the_same_people(as_role: Any) -> None:
    build(squads=20)
    viewer = as_role("viewer")
    names = [
        main_of(viewer, f"/findings/resilience/?draw={seed}").split('id="lost-h">')[1].split("<span")[0]
        for seed in (7, 7, 8)
    ]
    assert names[0] == names[1] != names[2]


@pytest.mark.parametrize(
    "query", ["people=%00", "people=nobody", "what=nope", "draw=x%00", "page=99", "state=x"]
)
def test_bad_input_is_no_error(as_role: Any, query: str) -> None:
    build()
    viewer = as_role("viewer")
    for page in ("decisions", "leaders", "resilience"):
        assert viewer.get(f"/findings/{page}/?{query}").status_code == 200


@pytest.mark.parametrize("page", ["decisions", "leaders", "resilience"])
def test_they_cost_four_queries(as_role: Any, page: str, django_assert_num_queries: Any) -> None:
    build(squads=30)
    viewer = as_role("viewer")
    viewer.get(f"/findings/{page}/")
    with django_assert_num_queries(4):  # session, user, head, saved views
        viewer.get(f"/findings/{page}/")
