"""The board of a tribe: what it shows, to whom, and what it costs."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import drafts
from orgmodel.core.operations import CloseSquad, MovePeople
from orgmodel.core.records import Squad
from squads.board import find_targets, targets_of, tribe_board
from tests.build import an_org, chapter, id_of, role, save, squad, tribe, vacancy

TODAY = date(2026, 11, 20)


def payments() -> Any:
    return an_org(
        role("Product owner", leads=True),
        role("Engineer"),
        tribe(
            "Payments",
            squad("Phoenix", "Ana", "Ben", shares={"Ben": 50}, roles={"Ana": "Product owner"}),
            squad("Dragon", "Ben", "Cleo", shares={"Ben": 40}),
            chapter("Backend", "Ben", "Cleo", "Dora", lead="Cleo"),
            lead="Ana",
        ),
        tribe("Growth", squad("Hydra", "Emil"), chapter("Design", "Ana")),
        squad("Nomads", "Finn"),
        vacancy("Engineer wanted", squad="Phoenix", chapter="Backend", opened_on=date(2026, 11, 1)),
    )


def board_of(org: Any, name: str = "Payments", **options: Any) -> Any:
    return tribe_board(org, org.tribes[id_of(name)], today=TODAY, **options)


def people_in(board: Any, row: str, squad_key: str) -> list[str]:
    cells = next(each.cells for each in board.rows if each.name == row)
    return next([card.name for card in cell.cards] for cell in cells if cell.squad_key == squad_key)


def test_squads_are_columns_and_chapters_rows() -> None:
    board = board_of(payments())
    assert [column.name for column in board.columns] == ["Dragon", "Phoenix", "No squad yet"]
    assert [(row.name, row.outside, row.size) for row in board.rows] == [
        ("Backend", False, 3),
        ("Design", True, 1),
    ]
    assert people_in(board, "Backend", "dragon") == ["Cleo", "Ben"]
    assert people_in(board, "Design", "phoenix") == ["Ana"]
    assert people_in(board, "Backend", "") == ["Dora"]


def test_a_squad_counts_those_who_are_at_home_in_it() -> None:
    board = board_of(payments())
    assert [(column.name, column.size) for column in board.columns[:2]] == [("Dragon", 1), ("Phoenix", 2)]
    assert (board.people_count, board.squad_count, board.vacancy_count) == (4, 2, 1)


def test_leads_shares_and_vacancies_show() -> None:
    board = board_of(payments())
    cards = {card.name: card for row in board.rows for cell in row.cells for card in cell.cards}
    seats = [seat for row in board.rows for cell in row.cells for seat in cell.vacancies]
    assert cards["Ana"].lead_mark == "Product owner"
    assert cards["Cleo"].lead_mark == "Chapter lead"
    assert [(seat.title, seat.age_days) for seat in seats] == [("Engineer wanted", 19)]
    assert [(lead.seat, lead.name) for lead in board.leads] == [("Tribe lead", "Ana")]
    assert [column.product_owner or column.note for column in board.columns[:2]] == [
        "No product owner",
        "Ana",
    ]


def test_squads_without_a_tribe_have_a_board_of_their_own() -> None:
    board = tribe_board(payments(), None, today=TODAY)
    assert [column.name for column in board.columns] == ["Nomads"]
    assert board.people_count == 1
    assert board.layout == "wrap"


def test_a_filter_hides_whom_it_does_not_match() -> None:
    board = board_of(payments(), text=" cLe ")
    off = {
        card.name: card.off
        for row in board.rows
        for cell in row.cells
        if cell.squad_key
        for card in cell.cards
    }
    assert off == {"Ana": True, "Ben": True, "Cleo": False}


def test_a_draft_marks_moves_ghosts_sizes_and_closing_squads() -> None:
    before = payments()
    after = MovePeople(people=(id_of("Cleo"),), source=id_of("Dragon"), to=id_of("Hydra")).apply(before)
    after = MovePeople(people=(id_of("Ben"),), source=id_of("Dragon"), to=id_of("Phoenix")).apply(after)
    after = CloseSquad(id=id_of("Dragon"), on=TODAY).apply(after)
    board = board_of(after, before=before, show_origins=True)
    dragon, phoenix = board.columns[:2]
    assert (dragon.closed, dragon.note, dragon.size_before, dragon.size) == (
        True,
        "Closes in this draft",
        1,
        0,
    )
    assert (phoenix.closed, phoenix.size_before, phoenix.size) == (False, 2, 2)
    assert people_in(board, "Backend", "dragon") == ["Cleo", "Ben"]
    ghosts = [card.ghost for cell in board.cells_in(["dragon"]) for card in cell.cards]
    assert ghosts == [True, True]
    hydra = board_of(after, "Growth", before=before)
    assert [
        card.moved_from for cell in hydra.cells_in(["hydra"]) for card in cell.cards if card.name == "Cleo"
    ] == ["Dragon"]


def test_targets_are_all_squads_where_there_are_few() -> None:
    org = payments()
    groups = [
        (group.tribe, [squad.name for squad in group.squads])
        for group in targets_of(org, org.tribes[id_of("Payments")])
    ]
    assert groups == [
        ("Payments", ["Dragon", "Phoenix"]),
        ("Growth", ["Hydra"]),
        ("Without a tribe", ["Nomads"]),
    ]


def test_targets_are_the_tribes_own_where_there_are_many() -> None:
    org = payments().change(Squad(id=id_of(f"S{n}"), key=f"s{n}", name=f"S{n}") for n in range(60))
    assert [group.tribe for group in targets_of(org, org.tribes[id_of("Payments")])] == ["Payments"]
    assert [squad.name for group in find_targets(org, "s4", limit=3) for squad in group.squads] == [
        "S4",
        "S40",
        "S41",
    ]


def test_the_page_shows_the_board(as_role: Any) -> None:
    save(payments())
    page = as_role("viewer").get("/tribes/payments/")
    html = page.content.decode()
    assert page.status_code == 200
    assert f'id="p-{id_of("Cleo", "Dragon")}"' in html
    assert "board-form" not in html


def test_a_stranger_is_sent_to_the_login(client: Any, db: None) -> None:
    assert client.get("/tribes/payments/").headers["Location"] == "/login/?next=/tribes/payments/"


@pytest.mark.parametrize("key", ["unknown", "\x00", "a" * 3000, "%F0%9F%98%80"])
def test_an_unknown_tribe_is_not_found(as_role: Any, key: str) -> None:
    assert as_role("viewer").get(f"/tribes/{key}/").status_code == 404


def test_names_are_escaped(as_role: Any) -> None:
    save(an_org(tribe("<b>T</b>", squad("<i>S</i>", "<script>x</script>"), key="t")))
    html = as_role("editor").get("/tribes/t/").content.decode()
    assert "<script>x" not in html
    assert "<i>S" not in html


def test_a_past_day_is_read_only(as_role: Any) -> None:
    save(payments())
    html = as_role("editor").get(f"/tribes/payments/?as_of={timezone.localdate()}").content.decode()
    assert "board-form" not in html


def test_neighbors_are_linked(as_role: Any) -> None:
    save(payments())
    editor = as_role("editor")
    assert 'rel="prev" href="/tribes/growth/"' in editor.get("/tribes/payments/").content.decode()
    assert 'rel="next" href="/tribes/payments/"' in editor.get("/tribes/growth/").content.decode()


def test_the_filter_works_without_javascript(as_role: Any) -> None:
    save(payments())
    html = as_role("viewer").get("/tribes/payments/?q=cleo").content.decode()
    assert re.findall(r'class="p off" id="p-[^"]+" data-person="(\w+)"', html) == ["ben", "ben", "ana"]


@pytest.mark.parametrize("count", [1, 300])
def test_the_page_takes_four_queries(as_role: Any, django_assert_num_queries: Any, count: int) -> None:
    names = [f"Person {number}" for number in range(count)]
    save(an_org(tribe("Payments", *(squad(f"S{n}", *names[n::10]) for n in range(10)))))
    editor = as_role("editor")
    editor.get("/tribes/payments/")
    with django_assert_num_queries(4):  # session, user with roles, head, number of drafts
        editor.get("/tribes/payments/")


def test_reorganizing_starts_one_draft_however_often_it_is_clicked(as_role: Any) -> None:
    save(payments())
    planner = as_role("planner")
    answers = [planner.post("/tribes/payments/reorganize/") for _ in range(2)]
    assert [answer.headers["Location"] for answer in answers] == [
        "/tribes/payments/?draft=reorganize-payments"
    ] * 2
    assert as_role("viewer").post("/tribes/payments/reorganize/").status_code == 403


def test_a_draft_board_carries_its_draft_along(as_role: Any) -> None:
    save(payments())
    editor = as_role("editor")
    move = MovePeople(people=(id_of("Cleo"),), source=id_of("Dragon"), to=id_of("Phoenix"))
    drafts.create_draft("Plan", owner_id=editor.user.pk, at=timezone.now(), operations=[move])
    html = editor.get("/tribes/payments/?draft=plan").content.decode()
    assert "from Dragon" in html
    assert 'href="/people/cleo/?draft=plan"' in html
    assert 'action="/moves/?draft=plan&amp;tribe=payments"' in html
    assert as_role("planner").get("/tribes/payments/?draft=plan").status_code == 404


def a_crowd(count: int) -> Any:
    names = [f"Person {number:03}" for number in range(count)]
    return save(an_org(tribe("Payments", squad("Phoenix", *names), squad("Dragon"))))


@pytest.mark.django_db
def test_a_long_column_is_folded(as_role: Any) -> None:
    a_crowd(127)
    html = as_role("editor").get("/tribes/payments/").content.decode()
    above, folded = html.split("<summary>and 103 more</summary>")
    assert above.count(' data-person="') == 24
    assert folded.count(' data-person="') == 103
    assert 'data-size="127"' in above


@pytest.mark.django_db
def test_a_filtered_or_short_column_is_not_folded(as_role: Any) -> None:
    a_crowd(25)
    browser = as_role("editor")
    assert "and 1 more" in browser.get("/tribes/payments/").content.decode()
    assert 'class="fold"' not in browser.get("/tribes/payments/?q=Person 024").content.decode()
