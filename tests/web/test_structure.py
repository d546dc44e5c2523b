"""The structure page: four groupings of the same people, who is selected, and the comparison."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.core.operations import CloseSquad
from tests.build import an_org, guild, id_of, needs, person, save, squad, tribe
from tests.web.sketches import a_draft, move


def save_listen(**options: Any) -> None:
    save(
        an_org(
            person("Boss"),
            person("Ana", manager="Boss"),
            person("Ben", manager="Boss"),
            person("Cleo", manager="Ben"),
            tribe("Listen", squad("Search", "Ana", "Ben"), squad("Radio", "Cleo")),
            guild("Web", "Ana"),
            needs("Search", "Radio"),
        ),
        **options,
    )


def html_of(client: Any, url: str = "/structure/") -> str:
    response = client.get(url)
    assert response.status_code == 200
    return str(response.content.decode().partition("<main")[2].partition("</main>")[0])


def words_in(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_stranger_is_sent_to_the_login(client: Any, db: None) -> None:
    assert client.get("/structure/").headers["Location"].startswith("/login/")


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("lines", "Ana reports to Boss"),
        ("squads", "Ana in Search, Listen"),
        ("chapters", "Ana in no chapter"),
        ("guilds", "Ana in Web"),
    ],
)
def test_whoever_is_selected_stays_so_in_each_grouping(as_role: Any, by: str, words: str) -> None:
    save_listen()
    html = html_of(as_role("viewer"), f"/structure/?by={by}&people=ana")
    assert words in words_in(html)
    assert 'value="ana" checked' in html
    assert words_in(html).count("selected") >= 2  # how it works, and beside the name
    for other in ("lines", "squads", "chapters", "guilds"):
        assert f'href="/structure/?by={other}&amp;people=ana"' in html


def test_a_name_selects_too_and_a_wrong_one_is_named(as_role: Any) -> None:
    save_listen()
    viewer = as_role("viewer")
    assert "Cleo</b></a> <span" in html_of(viewer, "/structure/?name=CLEO")
    assert "Nobody here is called “Zoe”." in words_in(html_of(viewer, "/structure/?name=Zoe"))


def test_a_branch_is_shown_by_itself(as_role: Any) -> None:
    save_listen()
    viewer = as_role("viewer")
    assert 'href="/structure/?by=lines&amp;root=ben"' in html_of(viewer)
    words = words_in(html_of(viewer, "/structure/?root=ben&people=ana"))
    assert "Ben 1 person. The same people" in words
    # Who is selected and not below Ben is not forgotten when the form is sent
    assert '<input type="hidden" name="people" value="ana">' in html_of(
        viewer, "/structure/?root=ben&people=ana"
    )


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        (
            "by=color",
            400,
            "“color” is nothing that by can be in the address: lines, squads, chapters, guilds.",
        ),
        ("side=x", 400, "“x” is nothing that side can be"),
        ("people=nobody", 200, "Nobody here has the key “nobody”."),
        ("by=guilds&root=nothing", 404, "There is no such page"),
        (
            "&".join(f"people=p{n}" for n in range(51)),
            400,
            "51 people are selected in the address; 50 is the most.",
        ),
    ],
)
def test_what_is_not_there_is_named(as_role: Any, query: str, status: int, words: str) -> None:
    save_listen()
    response = as_role("viewer").get(f"/structure/?{query}")
    assert (response.status_code, words in response.content.decode()) == (status, True)


def test_the_comparison_counts_and_says_what(as_role: Any) -> None:
    save_listen()
    words = words_in(html_of(as_role("viewer")))
    assert (
        "Hand-offs Lines: reporting groups beyond the first behind each squad, 0 in all, and 1 recorded "
        "dependencies. Squads: recorded dependencies between squads. 1 1" in words
    )
    assert (
        "Layers Lines: people on the longest line, from its top down. Squads: tribe, squad and person. 3 3"
        in words
    )


def test_a_draft_marks_what_moves_and_can_be_compared_with_before(as_role: Any) -> None:
    save_listen()
    planner = as_role("planner")
    key = a_draft(planner, move("Cleo", to="Search", source="Radio")).key
    after = html_of(planner, f"/structure/?by=squads&draft={key}")
    assert '<span class="tag hot">moved</span>' in after
    assert "1 → 0" not in words_in(after)
    assert "1.5 → 3" in words_in(after)  # the median size of a squad
    before = html_of(planner, f"/structure/?by=squads&draft={key}&side=before")
    assert "moved" not in before
    assert f'href="/structure/?draft={key}&amp;by=squads"' in before


def test_a_draft_keeps_what_it_closes(as_role: Any) -> None:
    save_listen()
    planner = as_role("planner")
    key = a_draft(planner, CloseSquad(id=id_of("Radio"), to=id_of("Search"))).key
    page = html_of(planner, f"/structure/?by=squads&draft={key}")
    gone = f'<a class="m" href="/squads/radio/?draft={key}">Radio</a> <span class="tag">closes</span>'
    assert gone in re.sub(r"\s+", " ", page)
    assert "<title>Radio, closes</title>" in page
    assert '<text class="mut" x=' in page
    assert "closes" not in html_of(planner, f"/structure/?by=squads&draft={key}&side=before")


def test_it_shows_other_days(as_role: Any) -> None:
    save_listen(at=timezone.now() - timedelta(days=30))
    day = timezone.localdate() - timedelta(days=60)
    assert "Nothing to group yet" in html_of(as_role("viewer"), f"/structure/?as_of={day}")


def test_it_is_a_picture_and_a_table_to_take_along(as_role: Any) -> None:
    save_listen()
    viewer = as_role("viewer")
    svg = viewer.get("/structure/?format=svg").content.decode()
    assert svg.count("<title>") == 4
    assert "<title>Boss, 3 people</title>" in svg
    assert (
        viewer.get("/structure/?format=csv").content.decode().startswith("\ufeffWhat is counted,Lines,Squads")
    )


def test_a_tree_has_room_for_its_longest_name_and_no_more(as_role: Any) -> None:
    name = "Personal Recommendations"
    save(an_org(tribe("T", squad(name, "Ana"))))
    svg = as_role("viewer").get("/structure/?by=squads&format=svg").content.decode()
    (start,) = re.findall(rf'x="([\d.]+)"[^>]*>{name}', svg)
    line_starts = [int(x) for x in re.findall(r"M(\d+) ", svg)]
    assert max(line_starts) >= float(start) + 7.8 * len(f"{name} 1")
    (width,) = re.findall(r'<svg[^>]* width="(\d+)"', svg)
    assert int(width) < 600


@pytest.mark.parametrize("people", [1, 300])
def test_it_costs_the_same_queries_whatever_the_size(
    as_role: Any, django_assert_num_queries: Any, people: int
) -> None:
    names = [f"P{number}" for number in range(people)]
    save(an_org(tribe("Listen", squad("Search", *names)), *(person(n, manager="P0") for n in names[1:])))
    editor = as_role("editor")
    editor.get("/structure/")
    with django_assert_num_queries(4):  # session, user with roles, head, views and drafts of the rail
        editor.get("/structure/?by=squads&people=p0")


def test_a_large_organization_is_shown_in_part(as_role: Any) -> None:
    managers = [f"M{number}" for number in range(3)]
    people = [person(name, manager="Boss") for name in managers]
    people += [person(f"P{m}-{n}", manager=f"M{m}") for m in range(3) for n in range(240)]
    save(an_org(person("Boss"), *people))
    html = html_of(as_role("viewer"))
    assert html.count('type="checkbox"') == 1 + 3 + 2 * 240
    assert 'href="/structure/?by=lines&amp;root=m2">Show<' in html


def test_an_empty_organization_is_compared_with_nothing(as_role: Any) -> None:
    html = html_of(as_role("viewer"))
    assert "Nothing to group yet" in html
    assert "not known" not in html
