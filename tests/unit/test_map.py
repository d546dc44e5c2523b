"""The map: where squads, chapters and people stand, what their colors say, and what a file of it holds."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from django.utils.translation import override

from orgmodel.changes.pictures.flat import Title
from orgmodel.core.operations import (
    CloseSquad,
    CloseTribe,
    CreateSquad,
    CreateTribe,
    HirePerson,
    JoinSquad,
    MovePeople,
    MoveSquad,
    Operation,
)
from orgmodel.core.org import Org
from orgmodel.core.replay import carry_out
from orgmodel.findings.about import Mark
from squads.board import Board, Tone
from squads.matrix import coloring
from squads.matrix.drawing import Look, addresses, boxes, draw, swatch
from squads.matrix.files import boxes_file, matrix_file
from squads.matrix.layout import CODED, DOTS, FULL, SHORT, Scale, Sheet, lay_out, scale_for
from squads.matrix.overview import asides, boards_of, reach_of, tiles_of
from squads.redrawn import fate_of
from tests.build import (
    an_org,
    chapter,
    coaching,
    guild,
    id_of,
    person,
    role,
    squad,
    tribe,
    vacancy,
)

TODAY = date(2026, 6, 30)
PAGES = addresses({kind: f"/{kind}/-key-/" for kind in ("squad", "person", "chapter", "vacancy")})
NAUGHTY = '<b>"R&D"</b>'
ORG = an_org(
    tribe(
        "Listen",
        squad("Search", "Ana Lund", "Ben Holm", "Cleo Berg"),
        squad("Radio", "Dan Ek"),
        chapter("Backend", "Ana Lund", "Ben Holm", "Dan Ek"),
        chapter("Web", "Cleo Berg"),
        color="1",
        lead="Lea Roos",
    ),
    tribe("Platform", squad("Data", "Eve Ito"), color="3"),
    vacancy("Senior engineer, Radio", squad="Radio", chapter="Web"),
    person("Lea Roos"),
)


def board(org: Org = ORG, name: str = "Listen") -> Board:
    return next(each for each in boards_of(org, TODAY, None) if each.name == name)


def sheet(scale: Scale = FULL, org: Org = ORG, name: str = "Listen") -> Sheet:
    return lay_out(board(org, name), scale)


def planned(*operations: Operation, org: Org = ORG) -> list[Board]:
    done = carry_out(org, operations, on=TODAY)
    return boards_of(done.after, TODAY, done.before)


def texts(svg: str) -> list[str]:
    """Return every line of text in a picture, as one reads it."""
    return ["".join(e.itertext()) for e in ElementTree.fromstring(svg).iter() if e.tag.endswith("text")]


def told(svg: str) -> dict[str, str]:
    """Return what each link says, by its address."""
    return {e.attrib["href"]: e[0].text or "" for e in ElementTree.fromstring(svg).iter() if e.tag == "a"}


# How large things are drawn


@pytest.mark.parametrize(
    ("people", "names", "scale"),
    [
        (1_000, "full", FULL),
        (1_000, "short", SHORT),
        (20, "none", DOTS),
        (1_001, "full", DOTS),
        (10_000, "short", DOTS),
        (10_001, "full", None),
    ],
)
def test_people_are_names_then_dots_then_numbers(people: int, names: str, scale: Scale | None) -> None:
    assert scale_for(people, names) is scale


def test_names_leave_room_for_the_word_of_a_color() -> None:
    assert scale_for(100, "full", is_colored=True) is CODED


# Where things stand


def test_squads_stand_as_columns_and_chapters_as_bands() -> None:
    (shelf,) = sheet().shelves
    assert [(head.column.name, head.x, head.width, head.names, head.size) for head in shelf.heads] == [
        ("Radio", 124, 210, ("Radio",), "1"),
        ("Search", 334, 210, ("Search",), "3"),
    ]
    assert [(band.row.name, band.y, band.height) for band in shelf.bands] == [
        ("Backend", 30, 22),
        ("Web", 52, 22),
    ]
    assert (shelf.width, shelf.bottom) == (544, 74)


def test_people_stand_beside_each_other_and_the_last_takes_what_is_left() -> None:
    places = [(place.what.key if hasattr(place.what, "key") else place.what.name, place.x, place.y, place.width)
              for place in sheet().shelves[0].places]  # fmt: skip
    title = len("Senior engineer") * 6.3 + 10
    assert places == [
        ("Dan Ek", 136, 41, 97),
        ("Ana Lund", 346, 41, 97),
        ("Ben Holm", 443, 41, 97),
        ("senior-engineer-radio", 136, 63, title),
        ("Cleo Berg", 346, 63, 97),
    ]


def test_dots_stand_closer() -> None:
    (shelf,) = sheet(DOTS).shelves
    assert [(place.x, place.y) for place in shelf.places if place.x > 334] == [
        (346, 38),
        (357, 38),
        (346, 54),
    ]
    assert shelf.bottom == 62


@pytest.mark.parametrize(
    ("scale", "squads", "shelves"), [(FULL, 9, [9]), (FULL, 10, [5, 5]), (DOTS, 11, [6, 5]), (DOTS, 10, [10])]
)
def test_squads_that_do_not_fit_beside_each_other_stand_in_even_shelves(
    scale: Scale, squads: int, shelves: list[int]
) -> None:
    org = an_org(tribe("Wide", *(squad(f"S{n:02}", f"P{n}") for n in range(squads))))
    drawn = sheet(scale, org, "Wide")
    assert [len(shelf.heads) for shelf in drawn.shelves] == shelves
    assert all(shelf.width <= 1160 for shelf in drawn.shelves)
    assert [shelf.top for shelf in drawn.shelves[1:]] == [shelf.bottom + 22 for shelf in drawn.shelves[:-1]]


def test_a_long_name_takes_further_lines_and_one_without_spaces_is_cut() -> None:
    org = an_org(tribe("T", squad("Personal Recommendations For All", "Ana"), squad("X" * 60, "Ben")))
    drawn = sheet(FULL, org, "T")
    heads = drawn.shelves[0].heads
    assert heads[0].names == ("Personal", "Recommendations For All")
    assert heads[1].names == (f"{'X' * 19}…",)
    assert drawn.shelves[0].bands[0].y == 44
    lines = [line for line in texts(draw(drawn, Look(PAGES))) if "Personal" in line or "For" in line]
    assert lines == ["Personal 1", "Recommendations For All"]


def test_names_of_a_directory_break_at_their_hyphens() -> None:
    names = [f"sig-api-machinery-{what}" for what in ("admins", "approvers", "reviewers")]
    others = [f"team-{number}" for number in range(6)]
    org = an_org(tribe("T", *(squad(name, "Ana") for name in (*names, *others))))
    assert [head.names for head in sheet(DOTS, org, "T").shelves[0].heads[:3]] == [
        ("sig-api-", "machinery-", "admins"),
        ("sig-api-", "machinery-", "approvers"),
        ("sig-api-", "machinery-", "reviewers"),
    ]


def test_a_chapter_has_two_lines_for_its_name_where_its_people_have_two() -> None:
    def label(*people: str) -> tuple[str, ...]:
        org = an_org(tribe("T", squad("S", *people), chapter("Platform Engineering Guild", *people)))
        return sheet(FULL, org, "T").shelves[0].bands[0].names

    assert label("Ana") == ("Platform Engine…",)
    assert label("Ana", "Ben", "Cleo") == ("Platform", "Engineering Guild")


def test_those_without_a_chapter_stand_beside_words_of_the_readers_language() -> None:
    with override("sv"):
        (band,) = sheet(FULL, an_org(tribe("T", squad("S", "Ana"))), "T").shelves[0].bands
        assert band.names == ("Inget chapter",)


def test_part_of_someones_time_stands_beside_their_name() -> None:
    org = an_org(tribe("T", squad("S", "Ana Lund", "Ben", shares={"Ana Lund": 40, "Ben": 100})))
    assert texts(draw(sheet(FULL, org, "T"), Look(PAGES)))[-2:] == ["Ana Lund 40\N{NO-BREAK SPACE}%", "Ben"]


def test_a_tribe_without_squads_has_no_shelf() -> None:
    assert sheet(FULL, an_org(tribe("Empty")), "Empty") == Sheet("Empty", FULL, 0, ())


# What is drawn


def test_a_picture_names_everyone_and_leads_to_them() -> None:
    svg = draw(sheet(), Look(PAGES))
    assert texts(svg) == [
        "Backend", "Web", "Radio 1", "Search 3", "Dan Ek", "Ana Lund", "Ben Holm", "Senior engineer", "Cleo Berg",
    ]  # fmt: skip
    assert told(svg) == {
        "/chapter/backend/": "Chapter Backend: 3 people",
        "/chapter/web/": "Chapter Web: 1 person",
        "/squad/radio/": "Radio: 1 person",
        "/squad/search/": "Search: 3 people",
        "/person/dan-ek/": "Dan Ek",
        "/person/ana-lund/": "Ana Lund",
        "/person/ben-holm/": "Ben Holm",
        "/vacancy/senior-engineer-radio/": "Vacant: Senior engineer, Radio",
        "/person/cleo-berg/": "Cleo Berg",
    }


def test_short_names_are_first_names_with_an_initial() -> None:
    assert texts(draw(sheet(SHORT), Look(PAGES)))[4:] == [
        "Dan E.",
        "Ana L.",
        "Ben H.",
        "Senior engineer",
        "Cleo B.",
    ]


def test_dots_say_who_they_are_and_stay_out_of_the_tab_order() -> None:
    svg = draw(sheet(DOTS), Look(PAGES))
    assert texts(svg) == ["Backend", "Web", "Radio 1", "Search 3"]
    assert told(svg)["/person/ana-lund/"] == "Ana Lund"
    assert svg.count('tabindex="-1"') == 5
    assert svg.count('class="vacd"') == 1


def test_names_cannot_break_out_of_a_picture() -> None:
    org = an_org(tribe(NAUGHTY, squad(NAUGHTY, NAUGHTY, key="k&k"), chapter(NAUGHTY, NAUGHTY)))
    for scale in (FULL, SHORT, DOTS):
        svg = draw(sheet(scale, org, NAUGHTY), Look(PAGES))
        assert "<b>" not in svg
        assert "/squad/k%26k/" in told(svg)


def test_the_worst_finding_of_a_squad_stands_in_its_corner() -> None:
    marked = board()
    marked.columns[0].mark, marked.columns[1].mark = Mark(1, "critical", 1, ""), Mark(2, "medium", 1, "")
    svg = draw(lay_out(marked, FULL), Look(PAGES))
    assert "<title>critical finding</title>" in svg
    assert svg.count(' opacity=".3"') == 1
    assert told(svg)["/squad/search/"] == "Search: 3 people. worst finding medium"


def test_a_guild_rings_its_members_and_fades_the_others() -> None:
    lit = Look(PAGES, lit=frozenset({"ana-lund"}))
    named, dotted = draw(sheet(), lit), draw(sheet(DOTS), lit)
    assert named.count('class="pill"') == 1
    assert '<text class="x b" x="346" y="45">Ana Lund</text>' in named
    assert named.count('class="x mut"') == 3
    assert (dotted.count('class="ring"'), dotted.count('class="fade"')) == (1, 3)


# Drafts


def test_a_draft_shows_who_came_who_left_and_what_is_new() -> None:
    listen, _ = planned(
        MovePeople(people=(id_of("Ana Lund"),), to=id_of("Radio"), source=id_of("Search")),
        HirePerson(id=id_of("Flo"), values={"name": "Flo"}),
        JoinSquad(id=id_of("Flo", "Radio"), person=id_of("Flo"), squad=id_of("Radio")),
        CreateSquad(id=id_of("Live"), values={"name": "Live", "tribe": id_of("Listen")}),
    )
    svg = draw(lay_out(listen, FULL), Look(PAGES))
    lines = texts(svg)
    assert [line for line in lines if line in ("from Search", "new", "New in this draft")] == [
        "New in this draft", "from Search", "new",
    ]  # fmt: skip
    assert {"Radio 1 → 3", "Search 3 → 2", "Live 0"} <= set(lines)
    assert "<title>Ana Lund, from Search</title>" in svg
    assert "<title>Ana Lund, moves away</title>" in svg


def test_a_size_beside_a_name_from_right_to_left_is_read_from_left_to_right() -> None:
    values = {"name": "فريق البحث", "tribe": id_of("Listen")}
    listen, _ = planned(
        CreateSquad(id=id_of("RTL"), values=values),
        JoinSquad(id=id_of("Ana", "RTL"), person=id_of("Ana Lund"), squad=id_of("RTL")),
    )
    svg = draw(lay_out(listen, FULL), Look(PAGES))
    assert re.search('فريق البحث <tspan [^>]*unicode-bidi="isolate">0 → 1</tspan>', svg)


def test_a_line_with_someone_who_came_is_higher() -> None:
    listen, _ = planned(MovePeople(people=(id_of("Cleo Berg"),), to=id_of("Radio"), source=id_of("Search")))
    assert [band.height for band in lay_out(listen, FULL).shelves[0].bands] == [22, 34]


def test_a_tribe_that_a_draft_closes_stays_on_the_map() -> None:
    org = an_org(tribe("Listen", squad("Search", "Ana")), tribe("Old"))
    done = carry_out(org, [CloseTribe(id=id_of("Old"))], on=TODAY)
    boards = boards_of(done.after, TODAY, done.before)
    assert [fate_of(each.tribe, done.after, done.before) for each in boards] == ["", "Closes in this draft"]
    assert fate_of(org.tribes[id_of("Old")], done.before, Org.empty()) == "New"


CLOSES = CloseSquad(id=id_of("Radio"), to=id_of("Search"))
OPENS = CreateSquad(id=id_of("Live"), values={"name": "Live", "tribe": id_of("Listen")})


@pytest.mark.parametrize("scale", [FULL, DOTS])
def test_a_squad_that_closes_has_a_dashed_edge_and_a_new_one_a_mark(scale: Scale) -> None:
    listen, _ = planned(CLOSES, OPENS)
    svg = draw(lay_out(listen, scale), Look(PAGES))
    (shelf,) = lay_out(listen, scale).shelves
    live, _search, radio = shelf.heads
    x, width, height = radio.x + 2, radio.width - 4, shelf.bottom - 5
    edge = f'stroke-dasharray="4 3" x="{x:g}" y="5" width="{width:g}" height="{height:g}"'
    assert (svg.count(edge), svg.count("stroke-dasharray")) == (1, 1)
    mark = f'<rect class="ac" x="{live.x:g}" y="0" width="{live.width:g}" height="3"/>'
    assert (svg.count(mark), svg.count('y="0" width="')) == (1, 2)  # the other one is the tribe's line
    said = told(svg)
    assert said["/squad/live/"] == "Live: 0 people. New in this draft"
    assert said["/squad/radio/"] == "Radio: 0 people. Closes with the merge"
    assert said["/squad/search/"] == "Search: 3 → 4 people. Radio merges into Search"


# Colors


def legend(
    by: str, *parts: object, worst: dict[tuple[str, str], str] | None = None
) -> list[tuple[str, str, int]]:
    org = an_org(*parts)  # type: ignore[arg-type]
    found = coloring.color(org, boards_of(org, TODAY, None), by, worst or {})
    return [(tone.label, tone.code, count) for tone, count in found.legend]


def test_crafts_get_a_hue_and_two_letters_each() -> None:
    people = [person("Ana", craft="Backend"), person("Ben", craft="Backend"), person("Cleo", craft="Banking")]
    assert legend("craft", *people, person("Dan"), tribe("T", squad("S", "Ana", "Ben", "Cleo", "Dan"))) == [
        ("Backend", "Ba", 2),
        ("Banking", "Bn", 1),
        ("Craft not known", "?", 1),
    ]


def test_the_ninth_chapter_is_one_of_the_others() -> None:
    names = [f"P{number}" for number in range(18)]
    chapters = [chapter(f"C{n}", *(names[2 * n : 2 * n + 2] if n < 8 else names[16:17])) for n in range(9)]
    found = legend("chapter", tribe("T", squad("S", *names), *chapters))
    assert [label for label, _, _ in found] == [*(f"C{n}" for n in range(8)), "No chapter", "Others"]
    assert found[0] == ("C0", "C0", 2)


def test_levels_stand_in_the_order_of_their_rungs() -> None:
    people = [person("Ana", level="Staff"), person("Ben", level="I1"), person("Cleo", level="Wizard")]
    assert legend("level", *people, tribe("T", squad("S", "Ana", "Ben", "Cleo"))) == [
        ("Junior", "", 1),
        ("Staff and above", "", 1),
        ("Level not known", "", 1),
    ]


def test_shares_and_findings_say_how_much() -> None:
    shares = [squad("S", "Ana", "Ben", "Cleo", shares={"Ana": 100, "Ben": 50, "Cleo": 20})]
    assert [label for label, *_ in legend("share", tribe("T", *shares))] == [
        "Less than half",
        "Half or more",
        "Whole",
    ]
    worst = {("person", id_of("Ana")): "critical"}
    assert legend("findings", tribe("T", squad("S", "Ana", "Ben")), worst=worst) == [
        ("Critical", "", 1),
        ("No findings", "", 1),
    ]


def test_someone_in_two_squads_counts_once() -> None:
    parts = tribe("T", squad("S", "Ana"), squad("R", "Ana")), person("Ana", craft="Web")
    assert legend("craft", *parts) == [("Web", "We", 1)]


def test_the_code_of_a_color_stands_beside_the_name() -> None:
    org = an_org(person("Ana Lund", level="I4"), tribe("T", squad("S", "Ana Lund")))
    boards = boards_of(org, TODAY, None)
    svg = draw(lay_out(boards[0], CODED), Look(PAGES, coloring.color(org, boards, "level", {})))
    assert texts(svg)[-2:] == ["Ana Lund", "I4"]
    assert 'class="h4"' in svg


def test_dots_differ_in_shape_as_well() -> None:
    assert swatch(Tone("Web", "We", hue=3)) == '<path class="tr" data-color="3" d="M0 0m-3.5-3.5h7v7h-7z"/>'
    assert swatch(Tone("Senior", step=3)).startswith('<path class="s3" d="M0 0m-3.5 0a')


def test_findings_have_the_colors_of_problems_and_a_shape_each() -> None:
    org = an_org(tribe("T", squad("S", "Ana", "Ben", "Cleo", "Dan")))
    worst = {
        ("person", id_of(name)): how for name, how in (("Ana", "low"), ("Ben", "high"), ("Cleo", "critical"))
    }
    boards = boards_of(org, TODAY, None)
    found = coloring.color(org, boards, "findings", worst)
    assert [swatch(tone).partition(" d=")[0] for tone, _ in found.legend] == [
        '<path class="mut"',
        '<path class="dg"',
        '<path class="dg"',
        '<path class="h0"',
    ]
    assert len({swatch(tone) for tone, _ in found.legend}) == 4
    named = draw(lay_out(boards[0], CODED), Look(PAGES, found))
    assert named.count('<rect class="dg" fill-opacity="0.15"') == 1
    assert named.count('<rect class="dg" fill-opacity="0.3"') == 1


# Numbers instead of people


def test_squads_become_boxes_with_numbers() -> None:
    tile = tiles_of(ORG)[0]
    assert (tile.name, tile.people, tile.vacancies) == ("Listen", 4, 1)
    worst = {box.id: "high" for box in tile.squads if box.size == 3}
    svg = boxes(tile.squads, lambda key: f"/squad/{key}/", "Squads of Listen", worst)
    assert texts(svg) == ["1", "3"]
    assert told(svg) == {
        "/squad/radio/": "Radio: 1 person",
        "/squad/search/": "Search: 3 people, worst finding high",
    }


def test_boxes_keep_what_a_draft_closes_and_mark_what_it_makes() -> None:
    done = carry_out(ORG, [CLOSES, OPENS, CreateTribe(id=id_of("Lab"), values={"name": "Lab"})], on=TODAY)
    lab, tile, platform = tiles_of(done.after, done.before)
    assert [(each.name, each.fate) for each in (lab, tile, platform)] == [
        ("Lab", "New"),
        ("Listen", ""),
        ("Platform", ""),
    ]
    assert (tile.people_before, tile.people) == (4, 4)
    assert (tile.squads_before, tile.squad_count) == (2, 2)
    svg = boxes(tile.squads, lambda key: f"/squad/{key}/", "Squads of Listen")
    assert told(svg) == {
        "/squad/live/": "Live: 0 people, new in this draft",
        "/squad/radio/": "Radio: 0 people, 1 before, closes with the merge",
        "/squad/search/": "Search: 4 people, 3 before",
    }
    assert texts(svg) == ["0", "1", "4"]
    assert '<rect class="none ed" stroke-dasharray="4 3" x="44" y="0" width="40" height="18"/>' in svg
    assert '<rect class="ac" x="0" y="0" width="40" height="3"/>' in svg
    assert re.findall(r'<text class="(x[^"]*)"', svg) == ["x ", "x mut", "x b ac"]


def test_a_box_that_moves_to_another_tribe_stands_in_both() -> None:
    done = carry_out(ORG, [MoveSquad(squad=id_of("Radio"), tribe=id_of("Platform"))], on=TODAY)
    listen, platform = tiles_of(done.after, done.before)
    assert [
        (box.name, box.size, box.size_before, box.fate) for box in (*listen.squads, *platform.squads)
    ] == [
        ("Radio", 0, 1, "Moves to Platform"),
        ("Search", 3, None, ""),
        ("Data", 1, None, ""),
        ("Radio", 1, 0, "From Listen"),
    ]
    assert [
        (each.people_before, each.people, each.squads_before, each.squad_count) for each in (listen, platform)
    ] == [
        (4, 3, 2, 1),
        (1, 2, 1, 2),
    ]


def test_a_tribe_that_a_draft_closes_stays_among_the_boxes() -> None:
    org = an_org(tribe("Listen", squad("Search", "Ana")), tribe("Old"))
    done = carry_out(org, [CloseTribe(id=id_of("Old"))], on=TODAY)
    assert [(each.name, each.fate) for each in tiles_of(done.after, done.before)] == [
        ("Listen", ""),
        ("Old", "Closes in this draft"),
    ]
    svg = boxes_file(Title("Acme", ""), tiles_of(done.after, done.before), lambda key: f"/{key}/")
    assert "Old 0, closes in this draft" in texts(svg)


def test_squads_without_a_tribe_come_last() -> None:
    org = an_org(squad("Loose", "Ana"), tribe("T", squad("S", "Ben")))
    assert [tile.name for tile in tiles_of(org)] == ["T", "Without a tribe"]
    assert [each.name for each in boards_of(org, TODAY, None)] == ["T", "Without a tribe"]


# Beside the squads


def test_who_is_in_no_squad_is_named_with_the_reason() -> None:
    org = an_org(
        tribe("T", squad("S", "Ana"), lead="Lea"),
        person("Lea", manager="Ceo"),
        person("Ceo"),
        person("Zoe"),
        person("Gone", status="left"),
        coaching("Carl", "S"),
        person("Carl"),
    )
    found = [
        (each.label, [who.name for who in each.people]) for each in asides(org, boards_of(org, TODAY, None))
    ]
    assert found == [("Without a squad", ["Zoe"]), ("Company leads", ["Ceo"]), ("Coaches", ["Carl"])]


def test_a_guild_reaches_tribes_by_the_home_of_its_members() -> None:
    org = an_org(
        tribe("T", squad("S", "Ana", "Ben")),
        tribe("U", squad("R", "Cleo")),
        guild("Web", "Ana", "Ben", "Zoe"),
    )
    reach = reach_of(org, org.guilds[id_of("Web")])
    assert reach.sentence == "Guild Web reaches 1 of 2 tribes."
    assert dict(reach.by_tribe) == {id_of("T"): 2, "": 1}
    assert reach.members == {"ana", "ben", "zoe"}


# Files


def test_a_file_needs_no_style_sheet() -> None:
    title = Title("Kestrel & Co", "30 Jun 2026")
    lit = Look(PAGES, lit=frozenset({"ana-lund"}))
    for scale in (FULL, DOTS):
        svg = matrix_file(title, boards_of(ORG, TODAY, None), scale, lit)
        assert ("class=" in svg, "style" in svg, "<use" in svg) == (False, False, False)
        assert texts(svg)[:2] == ["Kestrel & Co 30 Jun 2026", "Listen 5 people, led by Lea Roos"]
        assert 'color="#2f9c7d"' in svg
    svg = boxes_file(title, tiles_of(ORG), lambda key: f"https://example.com/squads/{key}/")
    assert texts(svg) == ["Kestrel & Co 30 Jun 2026", "Listen 4", "1", "3", "Platform 1", "1"]


def test_a_file_stays_well_formed_whatever_names_hold() -> None:
    org = an_org(role("Owner"), tribe("T\x0b", squad("S\x01", "A\x02na", key="s")))
    svg = matrix_file(Title("T\x0b", ""), boards_of(org, TODAY, None), FULL, Look(PAGES))
    assert texts(svg)[-1] == "Ana"


def test_a_share_beside_a_name_takes_a_second_place_and_the_others_keep_theirs() -> None:
    people = squad("Search", "Ana", "Ben", "Cleo", "Dan", shares={"Cleo": 40})
    found = {
        place.what.name: (place.x, place.y)
        for place in sheet(FULL, an_org(tribe("T", people)), "T").shelves[0].places
    }
    (left, top), (right, _) = found["Ana"], found["Ben"]
    assert found == {
        "Ana": (left, top),
        "Ben": (left + 97, top),
        "Cleo": (left, top + 19),
        "Dan": (left, top + 38),
    }
    assert right == left + 97
