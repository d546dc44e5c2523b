"""Heat tables: people by craft or level, in squads, tribes and chapters."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from orgmodel.core.operations import CloseChapter, CloseSquad, CreateChapter, CreateSquad, CreateTribe
from orgmodel.core.replay import carry_out
from squads.heat import TALLEST, WIDEST, columns_of, heat_of
from tests.build import an_org, chapter, id_of, person, save, squad, tribe
from tests.web.sketches import a_draft, move

PEOPLE = (
    person("Ana", craft="Backend", level="Senior"),
    person("Ben", craft="Backend", level="Junior"),
    person("Cleo", craft="Design", level="Principal"),
    person("Dan"),
    person("Zoe", craft="Backend"),
)


def listen() -> Any:
    return an_org(
        *PEOPLE,
        tribe(
            "Listen", squad("Search", "Ana", "Ben", "Cleo"), squad("Radio", "Ana"), chapter("Backend", "Ben")
        ),
        tribe("Create", squad("Ads", "Dan")),
        squad("Lab"),
    )


def numbers(rows: str, columns: str, org: Any = None) -> dict[str, list[int]]:
    org = org or listen()
    heat = heat_of(org, rows, columns, columns_of(org, columns, None))
    return {row.label: [cell.number for cell in (*row.cells, row.total)] for row in heat.rows}


def test_it_counts_people_where_they_are_and_everybody_once_in_a_total() -> None:
    assert [unit.name for unit in columns_of(listen(), "squad", None)] == ["Ads", "Radio", "Search", "Lab"]
    assert numbers("craft", "squad") == {
        "Backend": [0, 1, 2, 0, 2],
        "Design": [0, 0, 1, 0, 1],
        "Craft not known": [1, 0, 0, 0, 1],
    }
    assert numbers("craft", "chapter") == {"Backend": [1, 1]}


def test_levels_go_from_the_lowest_rung_up() -> None:
    assert list(numbers("level", "tribe")) == ["Junior", "Senior", "Principal", "Level not known"]


def test_the_most_crowded_cell_has_the_most_color() -> None:
    org = listen()
    heat = heat_of(org, "craft", "squad", columns_of(org, "squad", None))
    assert [[cell.step for cell in row.cells] for row in heat.rows] == [
        [0, 3, 5, 0],
        [0, 0, 3, 0],
        [3, 0, 0, 0],
    ]


def test_rare_words_are_counted_together() -> None:
    names = [f"P{number:02}" for number in range(TALLEST + 2)]
    org = an_org(*(person(name, craft=f"Craft {name}") for name in names), tribe("Big", squad("All", *names)))
    rows = heat_of(org, "craft", "squad", columns_of(org, "squad", None)).rows
    assert len(rows) == TALLEST + 1
    assert (rows[-1].label, rows[-1].value, rows[-1].total.number) == ("Others", "", 2)


def main_of(client: Any, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return str(response.content.decode().partition("<main")[2])


def test_a_cell_leads_to_just_those_people(as_role: Any) -> None:
    save(listen())
    viewer = as_role("viewer")
    page = main_of(viewer, "/heat/")
    assert re.search(r'class="h5"><a href="/people/\?squad=search&amp;craft=Backend">2<', page)
    found = main_of(viewer, "/people/?squad=search&craft=Backend")
    assert ["/people/ana/" in found, "/people/ben/" in found, "/people/cleo/" in found] == [True, True, False]


def test_a_tribe_narrows_it_and_it_can_be_taken_along(as_role: Any) -> None:
    save(listen())
    viewer = as_role("viewer")
    assert "Ads" not in main_of(viewer, "/heat/?tribe=listen&rows=level").partition("<table")[2]
    csv = viewer.get("/heat/?rows=craft&columns=tribe&format=csv").content.decode("utf-8-sig").splitlines()
    assert csv[:2] == ["Craft,Create,Listen,Total", "Backend,,2,2"]


def test_a_draft_shows_what_changes_and_before(as_role: Any) -> None:
    save(listen())
    planner = as_role("planner")
    key = a_draft(planner, move("Ben", to="Ads", source="Search")).key
    page = main_of(planner, f"/heat/?draft={key}")
    assert "0 → 1" in page
    assert "2 → 1" in page
    assert "→" not in main_of(planner, f"/heat/?draft={key}&side=before")


CLOSE = CloseSquad(id=id_of("Radio"), to=id_of("Lab"))
CREATE = CreateSquad(id=id_of("Live"), values={"name": "Live", "tribe": id_of("Listen")})


@pytest.mark.parametrize(
    ("columns", "heads"),
    [
        (
            "squad",
            [
                ("Ads", "", 1, 1),
                ("Live", "New", 0, 0),
                ("Radio", "Closes in this draft", 1, 0),
                ("Search", "", 3, 3),
                ("Lab", "", 0, 1),
            ],
        ),
        ("tribe", [("Create", "", 1, 1), ("Listen", "", 3, 3), ("New", "New", 0, 0)]),
        ("chapter", [("Backend", "Closes in this draft", 1, 0), ("Web", "New", 0, 1)]),
    ],
)
def test_columns_that_a_draft_closes_stay_with_what_was_and_new_ones_are_marked(
    columns: str, heads: list[tuple[str, str, int, int]]
) -> None:
    operations = [
        CLOSE,
        CREATE,
        CreateTribe(id=id_of("New"), values={"name": "New"}),
        CreateChapter(id=id_of("Web"), values={"name": "Web", "tribe": id_of("Listen")}),
        CloseChapter(id=id_of("Backend"), to=id_of("Web")),
    ]
    done = carry_out(listen(), operations, on=date(2026, 6, 30))
    units = columns_of(done.after, columns, None, done.before)
    heat = heat_of(done.after, "craft", columns, units, done.before)
    assert [(c.unit.name, c.fate, c.total.before, c.total.number) for c in heat.columns] == heads
    assert [c.unit.name for c in heat.columns if c.is_gone] == [
        name for name, fate, *_ in heads if fate == "Closes in this draft"
    ]


def test_a_draft_marks_the_heads_of_columns(as_role: Any) -> None:
    save(listen())
    planner = as_role("planner")
    key = a_draft(planner, CLOSE, CREATE).key
    page = main_of(planner, f"/heat/?draft={key}&tribe=listen")
    heads = re.findall(r'<th scope="col"( class="gone")?><a href="[^"]+">.*?</svg>(\w+)</a>(.*?)</th>', page)
    assert heads == [
        ("", "Live", ' <span class="tag hot">new</span>'),
        (' class="gone"', "Radio", ' <span class="m reg">closes in this draft</span>'),
        ("", "Search", ""),
    ]
    assert "1 → 0" in page
    assert "Live" not in main_of(planner, f"/heat/?draft={key}&side=before")


@pytest.mark.parametrize("query", ["rows=city", "columns=guild", "side=left"])
def test_what_is_not_there_is_named(as_role: Any, query: str) -> None:
    save(listen())
    response = as_role("viewer").get(f"/heat/?{query}")
    assert response.status_code == 400
    assert f"“{query.partition('=')[2]}” is nothing that" in response.content.decode()


def test_of_very_many_squads_it_shows_tribes_unless_asked_for_squads(as_role: Any) -> None:
    save(an_org(tribe("Big", squad("S", "Ana"), *(squad(f"S{number}") for number in range(WIDEST)))))
    viewer = as_role("viewer")
    assert '<a href="/tribes/big/">' in main_of(viewer, "/heat/").partition("<tbody>")[0]
    assert '<option value="tribe" selected>' in main_of(viewer, "/heat/")


def test_of_too_many_columns_it_says_what_to_choose(as_role: Any) -> None:
    save(
        an_org(
            tribe("Big", *(squad(f"S{number}") for number in range(WIDEST + 1))), tribe("Small", squad("One"))
        )
    )
    viewer = as_role("viewer")
    assert "62 columns are more than one can follow; 60 is the most. Choose a tribe" in main_of(
        viewer, "/heat/?columns=squad"
    )
    assert "<table" in main_of(viewer, "/heat/?tribe=small")


@pytest.mark.parametrize("people", [1, 300])
def test_it_costs_the_same_queries_whatever_the_size(
    as_role: Any, django_assert_num_queries: Any, people: int
) -> None:
    names = [f"P{number}" for number in range(people)]
    save(an_org(tribe("Listen", squad("Search", *names)), *(person(name, craft="Web") for name in names)))
    editor = as_role("editor")
    editor.get("/heat/")
    with django_assert_num_queries(4):  # session, user with roles, head, views and drafts of the rail
        editor.get("/heat/?rows=craft&columns=tribe")


def test_an_empty_organization_says_so(as_role: Any) -> None:
    assert "Nothing to count yet" in main_of(as_role("viewer"), "/heat/")
