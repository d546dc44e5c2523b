"""The same people in four outlines, and reporting lines set against squads."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from orgmodel.core.contrast import contrast
from orgmodel.core.operations import (
    CloseSquad,
    CreateSquad,
    EditChapter,
    MovePeople,
    MoveSquad,
    OffboardPerson,
)
from orgmodel.core.org import Org
from orgmodel.core.replay import carry_out
from orgmodel.core.structure import Node, chain_of, outline, structure_of
from tests.build import an_org, chapter, guild, id_of, needs, person, role, squad, tribe


def acme() -> Org:
    return an_org(
        role("Product owner", leads=True),
        person("Boss"),
        person("Mia", manager="Boss"),
        person("Max", manager="Boss"),
        person("Ana", manager="Mia", craft="Backend"),
        person("Ben", manager="Mia", craft="Design"),
        person("Cleo", manager="Max", craft="Frontend"),
        person("Gone", manager="Max", status="left"),
        tribe(
            "Listen",
            squad("Search", "Ana", "Ben", "Cleo", roles={"Cleo": "Product owner"}),
            squad("Radio", "Max"),
            squad("Old", closed_on=None),
            chapter("Backend", "Ana", "Cleo"),
        ),
        squad("Lab", "Mia"),
        guild("Web", "Ana", "Ben"),
        needs("Search", "Radio"),
    )


def drawn(nodes: list[Node]) -> list[Any]:
    """Return names with numbers, and what is below them."""
    return [
        (f"{node.name or node.ref[1]} {node.people}" if node.people else node.name, drawn(node.children))
        if node.children
        else (f"{node.name or node.ref[1]} {node.people}" if node.people else node.name)
        for node in nodes
    ]


def test_reporting_lines_go_from_the_top_down_without_those_who_left() -> None:
    assert drawn(outline(acme(), "lines").nodes) == [
        ("Boss 5", [("Max 1", ["Cleo"]), ("Mia 2", ["Ana", "Ben"])])
    ]


def test_squads_stand_in_their_tribes_and_nobody_is_left_out() -> None:
    assert drawn(outline(acme(), "squads").nodes) == [
        ("Listen 4", ["Old", ("Radio 1", ["Max"]), ("Search 3", ["Ana", "Ben", "Cleo"])]),
        ("no tribe 1", [("Lab 1", ["Mia"])]),
        ("no group 1", ["Boss"]),
    ]


def test_chapters_and_guilds_are_outlined_too() -> None:
    assert drawn(outline(acme(), "chapters").nodes) == [
        ("Listen 2", [("Backend 2", ["Ana", "Cleo"])]),
        ("no group 4", ["Ben", "Boss", "Max", "Mia"]),
    ]
    assert drawn(outline(acme(), "guilds").nodes) == [
        ("Web 2", ["Ana", "Ben"]),
        ("no group 4", ["Boss", "Cleo", "Max", "Mia"]),
    ]


def test_groups_that_hold_someone_selected_stand_open() -> None:
    found = outline(acme(), "lines", selected=[id_of("Cleo")])
    boss = found.nodes[0]
    assert [(node.name, node.is_open) for node in (boss, *boss.children)] == [
        ("Boss", True),
        ("Max", True),
        ("Mia", False),
    ]
    assert boss.children[0].children[0].is_selected


def test_what_there_is_no_room_for_is_folded_save_for_the_way_to_someone_selected() -> None:
    tight = outline(acme(), "lines", most=3)
    assert drawn(tight.nodes) == [("Boss 5", ["Max 1", "Mia 2"])]
    assert [node.is_folded for node in tight.nodes[0].children] == [True, True]
    held = outline(acme(), "lines", most=3, selected=[id_of("Ben")])
    assert drawn(held.nodes) == [("Boss 5", ["Max 1", ("Mia 2", ["Ben"])])]
    assert outline(acme(), "guilds", most=1).hidden == 1


def test_a_root_is_shown_by_itself_and_open() -> None:
    found = outline(acme(), "lines", root=("person", id_of("Mia")))
    assert drawn(found.nodes) == [("Mia 2", ["Ana", "Ben"])]
    assert found.nodes[0].is_open
    assert found.top.people == 2


def test_people_who_report_in_a_circle_are_in_no_line() -> None:
    org = an_org(person("Ana", manager="Ben"), person("Ben", manager="Ana"), person("Cleo"))
    assert chain_of(org).tops == (("person", id_of("Cleo")),)
    assert structure_of(org, "lines").paths(id_of("Ana")) == [
        [("person", id_of("Ben")), ("person", id_of("Ana"))]
    ]


def test_a_draft_marks_who_has_got_into_another_group() -> None:
    before = acme()
    after = MovePeople(people=(id_of("Ana"),), to=id_of("Radio"), source=id_of("Search")).apply(before)
    radio = outline(after, "squads", before=before).nodes[0].children[1]
    assert [(node.name, node.mark) for node in radio.children] == [("Ana", "moved"), ("Max", "")]
    lines = outline(after, "lines", before=before)
    assert {node.mark for node in lines.nodes[0].children} == {""}


def test_a_draft_marks_squads_and_chapters_that_move_to_another_tribe() -> None:
    org = an_org(tribe("Listen", squad("Search", "Ana"), chapter("Backend", "Ana")), tribe("Play"))
    operations = [
        MoveSquad(squad=id_of("Search"), tribe=id_of("Play")),
        EditChapter(id=id_of("Backend"), values={"tribe": id_of("Play")}),
    ]
    after = carry_out(org, operations, on=date(2026, 6, 30)).after
    for by in ("squads", "chapters"):
        listen, play = outline(after, by, before=org).nodes
        assert (listen.mark, play.mark, [node.mark for node in play.children]) == ("", "", ["moved"])


def test_what_a_draft_closes_and_who_leaves_come_last_where_they_were() -> None:
    operations = [
        OffboardPerson(person=id_of("Cleo")),
        CloseSquad(id=id_of("Radio"), to=id_of("Search")),
        CreateSquad(id=id_of("Live"), values={"name": "Live", "tribe": id_of("Listen")}),
    ]
    done = carry_out(acme(), operations, on=date(2026, 6, 30))
    listen = outline(done.after, "squads", before=done.before).nodes[0]
    assert [(node.name, node.mark, node.is_gone) for node in listen.children] == [
        ("Live", "new", False),
        ("Old", "", False),
        ("Search", "", False),
        ("Radio", "closes", True),
    ]
    search = listen.children[2]
    assert [(node.name, node.mark) for node in search.children] == [
        ("Ana", ""),
        ("Ben", ""),
        ("Max", "moved"),
        ("Cleo", "leaves"),
    ]
    boss = outline(done.after, "lines", before=done.before).nodes[0]
    assert [(node.name, node.mark) for node in boss.children[0].children] == [("Cleo", "leaves")]
    assert not any(node.is_gone for node in outline(done.after, "squads").nodes[0].children)


NUMBERS = [
    ("Layers", 3, 3),
    ("Size of a group", 2, 1),  # two, one and two reports; one, three and one members
    ("Hand-offs", 2, 1),  # Search is of the groups of Mia and Max, and it waits for Radio
    (
        "Behind a decision of a squad",
        1,
        0,
    ),  # Search has two managers and a product owner, the others one and none
    ("In a cross-functional group", 0, 50),  # Search: three of six
]


@pytest.mark.parametrize(("label", "lines", "squads"), NUMBERS)
def test_lines_and_squads_in_numbers(label: str, lines: float, squads: float) -> None:
    measures = {measure.label: (measure.lines, measure.squads) for measure in contrast(acme())}
    assert measures[label] == (lines, squads)


def test_a_manager_among_the_members_is_no_group_of_their_own() -> None:
    org = an_org(person("Mia"), person("Ana", manager="Mia"), squad("Search", "Mia", "Ana"))
    measures = {measure.label: measure for measure in contrast(org)}
    assert measures["Hand-offs"].lines == 0
    assert measures["Layers"].squads == 2


def test_an_empty_organization_has_no_numbers() -> None:
    assert {(measure.lines, measure.squads) for measure in contrast(an_org())} == {(None, None)}
