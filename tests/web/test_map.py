"""The map: whole and by tribe, in drafts and on other days, as a page and as a file, at a cost that does not grow."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from orgmodel.changes import services
from orgmodel.core.operations import CloseSquad, CreateTribe, RenameSquad
from squads.matrix import layout
from tests.build import an_org, chapter, guild, id_of, person, save, squad, tribe, vacancy
from tests.web.sketches import a_draft, move

SVG = "{http://www.w3.org/2000/svg}"


def html_of(client: Any, url: str = "/map/") -> str:
    response = client.get(url)
    assert response.status_code == 200
    return str(response.content.decode())


def text_of(client: Any, url: str = "/map/") -> str:
    """Return the words of a page, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html_of(client, url).partition("<main")[2]))


def save_listen(**options: Any) -> None:
    save(
        an_org(
            tribe(
                "Listen",
                squad("Search", "Ana", "Ben"),
                squad("Radio", "Cleo"),
                chapter("Backend", "Ana", "Cleo"),
                color="1",
                lead="Lea",
            ),
            tribe("Create", squad("Ads", "Dan"), color="2"),
            vacancy("Engineer", squad="Radio", chapter="Backend"),
            guild("Web", "Ana", "Zoe", coordinator="Ana"),
            person("Lea"),
            person("Ben", craft="Web"),
            person("Zoe"),
        ),
        **options,
    )


def test_a_stranger_is_sent_to_the_login(client: Any, db: None) -> None:
    for url in ("/map/", "/map.svg", "/tribes/listen/map.svg"):
        assert client.get(url).headers["Location"].startswith("/login/")


def test_it_shows_every_tribe_with_its_squads_chapters_and_people(as_role: Any) -> None:
    save_listen()
    words = text_of(as_role("viewer"))
    assert "6 people, 3 squads, 2 tribes. Columns are squads, bands are chapters." in words
    assert "Listen 4 people Led by Lea" in words
    assert "Vacant: Engineer" in words
    assert "Without a squad: Zoe." in words


def test_every_mark_leads_somewhere(as_role: Any) -> None:
    save_listen()
    html = html_of(as_role("viewer"))
    for url in (
        "/people/ana/",
        "/squads/radio/",
        "/chapters/backend/",
        "/vacancies/engineer/",
        "/tribes/listen/",
    ):
        assert f'href="{url}"' in html
    assert 'href="/map.svg" download' in html


def test_a_table_says_the_same(as_role: Any) -> None:
    save_listen()
    rows = re.findall(r"<tr>.*?</tr>", html_of(as_role("viewer")), re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    words = [[re.sub(r"<[^>]+>", " ", cell).split() for cell in row] for row in cells]
    assert words[3] == [["Backend", "2"], ["Cleo", "Vacant:", "Engineer"], ["Ana"]]


def test_an_empty_organization_says_what_the_map_will_show(as_role: Any) -> None:
    assert "Nothing to draw yet" in text_of(as_role("viewer"))


def test_one_tribe_is_shown_alone(as_role: Any) -> None:
    save_listen()
    words = text_of(as_role("viewer"), "/map/?tribe=create")
    assert "1 person." in words
    assert "Dan" in words
    assert "Ana" not in words


# What it can show


def test_a_guild_is_lit_up_with_how_far_it_reaches(as_role: Any) -> None:
    save_listen()
    words = text_of(as_role("viewer"), "/map/?guild=web")
    assert "Guild Web reaches 1 of 2 tribes. Ana coordinates." in words
    assert "1 in guild Web" in words
    assert "nobody in guild Web" in words
    assert "1 in no tribe" in words


def test_colors_come_with_words(as_role: Any) -> None:
    save_listen()
    words = text_of(as_role("viewer"), "/map/?color=craft")
    assert "We Web 1" in words
    assert "? Craft not known 3" in words


def test_findings_mark_squads_and_color_people(as_role: Any) -> None:
    save_listen()
    html = html_of(as_role("viewer"), "/map/?color=findings")
    assert re.search(r"<title>Ads: 1 person\. worst finding \w+</title>", html)
    assert re.search(r'<a href="/squads/ads/">Ads</a> 1, worst finding \w+</th>', html)


def test_links_keep_what_is_chosen(as_role: Any) -> None:
    save_listen()
    html = html_of(as_role("viewer"), "/map/?color=level&guild=web&names=short&tribe=listen")
    assert 'href="/map/?tribe=listen&amp;color=share&amp;guild=web&amp;names=short"' in html
    assert 'href="/map/?color=level&amp;guild=web&amp;names=short">Map</a>' in html
    assert 'href="/map.svg?tribe=listen&amp;color=level&amp;guild=web&amp;names=short"' in html


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("color=mauve", "“mauve” is nothing that color can be in the address: tribe, chapter, craft,"),
        ("names=long", "“long” is nothing that names can be in the address: full, short, none."),
        ("side=left", "“left” is nothing that side can be in the address: after, before."),
    ],
)
def test_an_address_that_asks_for_nonsense_is_told_what_it_can_ask_for(
    as_role: Any, query: str, words: str
) -> None:
    save_listen()
    viewer = as_role("viewer")
    for url in ("/map/", "/map.svg", "/tribes/listen/map.svg"):
        response = viewer.get(f"{url}?{query}")
        assert response.status_code == 400
        assert words in response.content.decode()


@pytest.mark.parametrize("query", ["guild=nope", "tribe=nope", "guild=%00", "tribe=" + "x" * 5_000])
def test_an_unknown_guild_or_tribe_is_not_found(as_role: Any, query: str) -> None:
    save_listen()
    assert as_role("viewer").get(f"/map/?{query}").status_code == 404


# Other realities


def test_a_draft_shows_before_and_after(as_role: Any) -> None:
    save_listen()
    planner = as_role("planner")
    draft = a_draft(planner, move("Ana", to="Radio", source="Search"))
    after = html_of(planner, f"/map/?draft={draft.key}")
    assert "<title>Ana, from Search</title>" in after
    assert "<title>Ana, moves away</title>" in after
    assert f'href="/map/?draft={draft.key}&amp;side=before"' in after
    assert f'href="/people/ana/?draft={draft.key}"' in after
    before = html_of(planner, f"/map/?draft={draft.key}&side=before")
    assert "from Search" not in before
    assert "<title>Search: 2 people" in before


def test_a_draft_marks_what_it_closes_and_makes_at_any_scale(
    as_role: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_listen()
    planner = as_role("planner")
    close = CloseSquad(id=id_of("Radio"), to=id_of("Search"))
    create = CreateTribe(id=id_of("Labs"), values={"name": "Labs"})
    url = f"/map/?draft={a_draft(planner, close, create).key}"
    for query in ("", "&names=none"):
        named = html_of(planner, url + query)
        assert "<title>Radio: 0 people. Closes with the merge</title>" in named
        assert named.count('class="none ed" stroke-dasharray="4 3"') == 1
        assert '<b class="ac">new</b>' in named
    assert "Radio</a> 1 → 0, closes with the merge" in html_of(planner, url)
    monkeypatch.setattr(layout, "DOTTED", 1)
    boxes = html_of(planner, url)
    assert "<title>Radio: 0 people, 1 before, closes with the merge</title>" in boxes
    assert 'Listen</a></th><td class="num">3</td><td class="num">2 → 1</td>' in boxes
    assert 'Labs</a> <span class="tag hot">new</span>' in boxes
    assert "Radio: 1 person</title>" in html_of(planner, f"{url}&side=before")


def test_dots_of_a_draft_have_a_legend(as_role: Any) -> None:
    save_listen()
    planner = as_role("planner")
    draft = a_draft(planner, move("Ana", to="Radio", source="Search"))
    assert "moved or new vacant, or moves away" in text_of(planner, f"/map/?draft={draft.key}&names=none")
    for address in (
        "/map/?names=none",
        f"/map/?draft={draft.key}",
        f"/map/?draft={draft.key}&names=none&side=before",
    ):
        assert "moved or new" not in text_of(planner, address), address


def test_a_draft_that_renames_is_drawn_with_the_new_name(as_role: Any) -> None:
    save_listen()
    planner = as_role("planner")
    draft = a_draft(planner, RenameSquad(id=id_of("Radio"), name="Waves"))
    assert "Waves" in text_of(planner, f"/map/?draft={draft.key}")
    assert "Waves" not in text_of(planner)


def test_another_day_shows_the_organization_of_that_day(as_role: Any) -> None:
    today = timezone.localdate()
    save_listen(effective_on=today - timedelta(days=10))
    viewer = as_role("viewer")
    assert "6 people" in text_of(viewer, f"/map/?as_of={today - timedelta(days=5)}")
    assert "Nothing to draw yet" in text_of(viewer, f"/map/?as_of={date(2020, 1, 1)}")


# Files


def test_the_file_is_a_picture_that_leads_back(as_role: Any) -> None:
    save_listen()
    response = as_role("viewer").get("/map.svg")
    assert response.headers["Content-Type"] == "image/svg+xml"
    picture = ElementTree.fromstring(response.content)
    words = ["".join(text.itertext()) for text in picture.iter(f"{SVG}text")]
    assert words[0] == f"My organization {timezone.localdate().day} {timezone.localdate():%b %Y}"
    assert words[1] == "Create 1 person"
    assert {link.attrib["href"] for link in picture.iter(f"{SVG}a")} >= {"http://testserver/people/ana/"}


def test_the_file_of_a_tribe_holds_that_tribe_only(as_role: Any) -> None:
    save_listen()
    words = as_role("viewer").get("/tribes/create/map.svg").content.decode()
    assert "Dan" in words
    assert "Ana" not in words
    assert as_role("viewer", "other").get("/tribes/nope/map.svg").status_code == 404


def test_the_file_of_a_draft_says_so(as_role: Any) -> None:
    save_listen()
    planner = as_role("planner")
    draft = a_draft(planner, move("Ana", to="Radio", source="Search"))
    assert "draft “Unblock search”" in planner.get(f"/map.svg?draft={draft.key}").content.decode()
    side = planner.get(f"/tribes/listen/map.svg?draft={draft.key}&side=before")
    assert "before “Unblock search”" in side.content.decode()


# Large organizations


def many(people: int) -> None:
    """Save tribes of fifty people, in squads of ten."""
    tribes = []
    for number in range(0, people, 50):
        own = [
            squad(f"S{start}", *(f"P{n}" for n in range(start, min(start + 10, people))))
            for start in range(number, min(number + 50, people), 10)
        ]
        tribes.append(tribe(f"T{number:05}", *own))
    save(an_org(*tribes, guild("Web", "P0")))


def test_more_than_names_can_show_are_dots(as_role: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "NAMED", 100)
    many(101)
    viewer = as_role("viewer")
    html = html_of(viewer)
    assert "A dot is a person" in html
    assert '<span class="m">Names</span>' not in html
    assert html.count('tabindex="-1"><title>P') == 101
    assert 'href="/map/?tribe=t00000"' in html
    alone = html_of(viewer, "/map/?tribe=t00000")
    assert ">P0</text>" in alone
    assert '<span class="m">Names</span>' in alone


def test_more_than_dots_can_show_are_numbers_in_boxes(as_role: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "DOTTED", 100)
    many(101)
    viewer = as_role("viewer")
    html = html_of(viewer, "/map/?guild=web&color=craft")
    assert "A box is a squad with its number of people." in html
    assert "Only squads are drawn here. Open a tribe to see its people by craft." in html
    assert 'href="/people/p' not in html
    assert "<title>S0: 10 people</title>" in html
    assert "<title>S0: 10 people, worst finding high</title>" in html_of(viewer, "/map/?color=findings")
    assert viewer.get("/map.svg").content.count(b"<title>") == 11


@pytest.mark.parametrize(("dotted", "end"), [(10_000, ". "), (1, "</title>")])
def test_whoever_looks_again_sees_what_has_changed_since(
    as_role: Any, monkeypatch: pytest.MonkeyPatch, dotted: int, end: str
) -> None:
    monkeypatch.setattr(layout, "DOTTED", dotted)
    save_listen()
    viewer = as_role("viewer")
    assert f"<title>Search: 2 people{end}" in html_of(viewer)
    services.commit(
        [move("Ana", to="Radio", source="Search")],
        actor=services.Actor("Another"),
        message="",
        source="web",
        at=timezone.now(),
    )
    assert f"<title>Search: 1 person{end}" in html_of(viewer)


@pytest.mark.parametrize("people", [1, 300])
def test_it_costs_the_same_queries_whatever_the_size(
    as_role: Any, django_assert_num_queries: Any, people: int
) -> None:
    many(people)
    editor = as_role("editor")
    editor.get("/map/")
    with django_assert_num_queries(4):  # session, user with roles, head, number of drafts
        editor.get("/map/?guild=web&color=level")
    with django_assert_num_queries(3):
        editor.get("/map.svg")
