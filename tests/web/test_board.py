"""The board of a tribe: what it shows, to whom, and what it costs."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from orgmodel import spoken
from orgmodel.changes import drafts, store
from orgmodel.core.operations import (
    CloseSquad,
    CreateSquad,
    MergeSquads,
    MovePeople,
    MoveSquad,
    Operation,
    SplitSquad,
)
from orgmodel.core.records import Squad
from orgmodel.core.replay import replay
from squads.board import find_targets, targets_of, tribe_board
from tests.build import an_org, chapter, id_of, person, role, save, squad, tribe, vacancy
from tests.web.texts import Bracketed, data_of, untranslated

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


def test_who_stands_in_for_a_chapter_lead_is_named_as_such() -> None:
    backend = chapter("Backend", "Ben", interim_lead="Cleo")
    org = an_org(person("Cleo"), tribe("Payments", squad("Dragon", "Ben"), backend))
    assert [row.lead_name for row in board_of(org).rows] == ["Interim: Cleo"]


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
    after = CloseSquad(id=id_of("Dragon")).dated(TODAY).apply(after)
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
    answers = [
        planner.post("/tribes/payments/reorganize/", headers={"accept-language": language})
        for language in ("sv", "en")
    ]
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
    above, folded = html.split("and 103 more</summary>")
    assert above.count(' data-person="') == 24
    assert folded.count(' data-person="') == 103
    assert 'data-size="127"' in above
    assert html.count('data-limit="9"') == 2  # Phoenix and Dragon, by SQ-01


@pytest.mark.django_db
def test_a_filtered_or_short_column_is_not_folded(as_role: Any) -> None:
    a_crowd(25)
    browser = as_role("editor")
    assert "and 1 more" in browser.get("/tribes/payments/").content.decode()
    assert 'class="fold"' not in browser.get("/tribes/payments/?q=Person 024").content.decode()


# What a draft changes


def a_draft(*operations: Operation, start: Any = None) -> dict[str, Any]:
    """The board of Payments in a draft of these operations, as keywords of what it takes."""
    planned = replay(start or a_tribe(), operations, on=TODAY)
    assert planned.misfits == []
    return {"org": planned.after, "before": planned.before}


def a_tribe() -> Any:
    return an_org(
        role("Product owner", leads=True),
        tribe(
            "Payments",
            squad("Dragon", *(f"D{n}" for n in range(7)), roles={"D0": "Product owner"}),
            squad("Griffin", *(f"G{n}" for n in range(4))),
            squad("Phoenix", *(f"P{n}" for n in range(9)), roles={"P0": "Product owner"}),
            squad("Unicorn", *(f"U{n}" for n in range(10)), state="active"),
            chapter("Backend", "D1"),
        ),
        tribe(
            "Growth",
            squad("Hydra", *(f"H{n}" for n in range(5))),
            squad("Kraken", *(f"K{n}" for n in range(4))),
        ),
        tribe("Support", squad("Sphinx", "S0", "S1")),
        vacancy("Tester", squad="Griffin"),
    )


def merge(*squads: str, into: str, **values: Any) -> Operation:
    return MergeSquads(squads=tuple(map(id_of, squads)), into=id_of(into), **values)


def split(name: str, new: str, *people: str) -> Operation:
    return SplitSquad(squad=id_of(name), id=id_of(new), name=new, people=tuple(map(id_of, people)))


def heads(board: Any) -> list[tuple[str, Any, int, str]]:
    """Each squad with its size before and after, and what is flagged."""
    return [(c.name, c.size_before, c.size, c.flag.text if c.flag else "") for c in board.columns]


def brackets(board: Any) -> list[tuple[str, int]]:
    return [(bracket.text if bracket else "", span) for bracket, span in board.brackets]


def test_the_live_board_carries_no_mark_of_a_draft() -> None:
    board = board_of(a_tribe())
    assert heads(board) == [
        ("Dragon", None, 7, ""),
        ("Griffin", None, 4, ""),
        ("Phoenix", None, 9, ""),
        ("Unicorn", None, 10, ""),
    ]
    assert (board.brackets, board.people_before, board.squads_before, board.elsewhere) == ([], None, None, [])


def test_squads_that_a_draft_leaves_alone_say_nothing() -> None:
    board = board_of(**a_draft())
    assert [(column.size_before == column.size, column.flag) for column in board.columns] == [
        (True, None)
    ] * 4
    assert (board.brackets, board.elsewhere) == ([], [])


def test_a_size_beyond_the_limits_is_said_in_words_where_the_draft_makes_it() -> None:
    moves = [
        MovePeople(people=(id_of("G0"),), source=id_of("Griffin"), to=id_of("Phoenix")),
        MovePeople(people=(id_of("U0"),), source=id_of("Unicorn"), to=id_of("Dragon")),
    ]
    assert heads(board_of(**a_draft(*moves))) == [
        ("Dragon", 7, 8, ""),
        ("Griffin", 4, 3, "Fewer than 4 people"),
        ("Phoenix", 9, 10, "Over the limit of 9"),
        ("Unicorn", 10, 9, "Within limits"),
    ]


def test_a_squad_that_loses_its_product_owner_says_so() -> None:
    move = MovePeople(people=(id_of("D0"),), source=id_of("Dragon"), to=id_of("Griffin"), role=None)
    board = board_of(**a_draft(move))
    assert heads(board)[:2] == [("Dragon", 7, 6, "No product owner"), ("Griffin", 4, 5, "")]


def test_splits_and_merges_stand_under_a_bracket_beside_each_other() -> None:
    draft = a_draft(
        split("Phoenix", "Basilisk", "P1", "P2", "P3", "P4"),
        merge("Griffin", into="Unicorn", hands_over=False),
    )
    board = board_of(**draft)
    assert [(column.name, column.is_new, column.closed) for column in board.columns] == [
        ("Dragon", False, False),
        ("Phoenix", False, False),
        ("Basilisk", True, False),
        ("Unicorn", False, False),
        ("Griffin", False, True),
    ]
    assert brackets(board) == [("", 1), ("Phoenix splits in two", 2), ("Griffin merges into Unicorn", 2)]
    griffin = board.columns[-1]
    assert (griffin.note, griffin.flag.text) == ("Closes with the merge", "1 thing left behind")
    assert [seat.title for cell in board.cells_in(["griffin"]) for seat in cell.vacancies] == ["Tester"]
    assert (board.people_before, board.people_count, board.squads_before, board.squad_count) == (30, 30, 4, 4)


def test_a_split_and_a_merge_that_share_a_squad_share_a_bracket() -> None:
    draft = a_draft(split("Phoenix", "Basilisk", "P1", "P2"), merge("Griffin", into="Basilisk"))
    assert brackets(board_of(**draft)) == [
        ("", 1),
        ("Phoenix splits in two; Griffin merges into Basilisk", 3),
        ("", 1),
    ]


def test_a_squad_that_changes_tribe_is_told_on_both_sides() -> None:
    draft = a_draft(MoveSquad(squad=id_of("Hydra"), tribe=id_of("Payments")))
    board, growth = board_of(**draft), board_of(name="Growth", **draft)
    assert brackets(board) == [("", 2), ("From Growth", 1), ("", 2)]
    assert (board.people_before, board.people_count) == (30, 35)
    assert brackets(growth) == []
    assert [(c.name, c.closed, c.note, c.size) for c in growth.columns] == [
        ("Hydra", True, "Moves to Payments", 5),
        ("Kraken", False, "No product owner", 4),
    ]


def elsewhere(board: Any) -> list[tuple[str, str, int, int, int, int]]:
    return [
        (e.tribe.name, e.deeds, e.people_before, e.people, e.squads_before, e.squads) for e in board.elsewhere
    ]


def test_other_tribes_that_a_draft_touches_are_told_of() -> None:
    draft = a_draft(
        MoveSquad(squad=id_of("Hydra"), tribe=id_of("Support")),
        MovePeople(people=(id_of("K0"),), source=id_of("Kraken"), to=id_of("Dragon")),
        split("Phoenix", "Basilisk", "P1", "P2", "P3", "P4"),
    )
    assert elsewhere(board_of(**draft)) == [
        ("Growth", "gives up Hydra", 9, 3, 2, 1),
        ("Support", "takes in Hydra", 2, 7, 1, 2),
    ]
    assert elsewhere(board_of(name="Support", **draft)) == [
        ("Growth", "gives up Hydra", 9, 3, 2, 1),
        ("Payments", "splits Phoenix", 30, 31, 4, 5),
    ]


def test_people_who_move_within_another_tribe_are_counted() -> None:
    draft = a_draft(MovePeople(people=(id_of("K0"), id_of("K1")), source=id_of("Kraken"), to=id_of("Hydra")))
    assert elsewhere(board_of(**draft)) == [("Growth", "moves 2 people", 9, 9, 2, 2)]


def test_only_the_first_of_many_other_tribes_are_told_of() -> None:
    start = an_org(tribe("Payments"), *(tribe(f"T{n}") for n in range(6)))
    opens = [
        CreateSquad(id=id_of(f"S{n}"), values={"name": f"S{n}", "tribe": id_of(f"T{n}")}) for n in range(6)
    ]
    board = board_of(**a_draft(*opens, start=start))
    assert [(e.tribe.name, e.deeds) for e in board.elsewhere] == [(f"T{n}", f"opens S{n}") for n in range(4)]
    assert board.more_elsewhere == 2


@pytest.fixture
def planned(as_role: Any, db: None) -> Any:
    """An editor whose draft splits a squad and takes one in from another tribe."""
    save(a_tribe())
    editor = as_role("editor")
    operations = [
        split("Phoenix", "Basilisk", "P1", "P2", "P3", "P4"),
        MoveSquad(squad=id_of("Hydra"), tribe=id_of("Payments")),
    ]
    drafts.create_draft("Plan", owner_id=editor.user.pk, at=timezone.now(), operations=operations)
    return editor


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_page_of_a_draft_tells_what_changes(planned: Any) -> None:
    html = planned.get("/tribes/payments/?draft=plan").content.decode()
    words = text_of(html)
    assert "30 → 35 people, 4 → 6 squads" in words
    assert "Growth gives up Hydra: 9 → 4 people, 2 → 1 squad. Show Growth" in words
    assert '<a class="link" href="/tribes/growth/?draft=plan">' in html
    assert "Drag someone" not in words
    row = re.findall(r'<th scope="colgroup" colspan="(\d)">(.*?)</th>', html)
    assert [(span, text_of(cell).strip()) for span, cell in row] == [
        ("1", "From Growth"),
        ("2", "Phoenix splits in two"),
    ]


def test_what_a_draft_changes_is_told_in_the_readers_language(planned: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(spoken, "Spoken", Bracketed)
    html = planned.get("/tribes/payments/live/?draft=plan&origins=1").content.decode()
    assert "⟦30 → 35 people⟧, ⟦4 → 6 squads⟧" in html
    assert untranslated(html, ["Plan", "Basilisk", *data_of(store.current())]) == []


def test_without_chapters_the_bracket_stands_in_each_head(as_role: Any) -> None:
    save(an_org(tribe("Payments", squad("Phoenix", "Ana", "Ben"), squad("Dragon", "Cleo"))))
    editor = as_role("editor")
    operations = [merge("Dragon", into="Phoenix")]
    drafts.create_draft("Plan", owner_id=editor.user.pk, at=timezone.now(), operations=operations)
    html = editor.get("/tribes/payments/?draft=plan").content.decode()
    assert html.count('<span class="from">Dragon merges into Phoenix</span>') == 2
    assert "Closes with the merge" in html


@pytest.mark.parametrize("count", [2, 300])
def test_the_board_of_a_draft_takes_seven_queries(
    as_role: Any, django_assert_num_queries: Any, count: int
) -> None:
    names = [f"Person {number}" for number in range(count)]
    save(an_org(tribe("Payments", squad("Phoenix", *names), squad("Dragon"))))
    editor = as_role("editor")
    move = MovePeople(people=tuple(map(id_of, names[::2])), source=id_of("Phoenix"), to=id_of("Dragon"))
    drafts.create_draft("Plan", owner_id=editor.user.pk, at=timezone.now(), operations=[move])
    editor.get("/tribes/payments/?draft=plan")
    # those of a live board, the draft, its briefings and the freezes; its changes are remembered
    with django_assert_num_queries(7):
        editor.get("/tribes/payments/?draft=plan")


def test_ghosts_show_only_with_origins_which_stay_in_the_address(planned: Any) -> None:
    html = planned.get("/tribes/payments/?draft=plan&q=P").content.decode()
    assert 'class="p ghost"' not in html
    assert 'href="/tribes/payments/?draft=plan&amp;origins=1&amp;q=P">Show origins</a>' in html
    html = planned.get("/tribes/payments/?draft=plan&origins=1").content.decode()
    assert html.count('class="p ghost"') == 4
    assert 'href="/tribes/payments/?draft=plan">Hide origins</a>' in html
    assert 'rel="prev" href="/tribes/growth/?draft=plan&amp;origins=1"' in html
    assert 'action="/moves/?draft=plan&amp;tribe=payments&amp;origins=1"' in html


def test_a_draft_that_changes_nothing_says_how_to_begin(as_role: Any) -> None:
    save(a_tribe())
    editor = as_role("editor")
    drafts.create_draft("Plan", owner_id=editor.user.pk, at=timezone.now())
    hint = "Drag someone to another squad, or press m"
    assert hint in editor.get("/tribes/payments/?draft=plan").content.decode()
    assert hint not in editor.get("/tribes/payments/").content.decode()


def test_an_answer_to_a_move_brings_everything_that_it_changes(planned: Any) -> None:
    before = planned.get("/tribes/payments/?draft=plan").content.decode()
    answer = planned.post(
        "/moves/?draft=plan&tribe=payments",
        {"person": f"{id_of('D0', 'Dragon')}:dragon", "to": "kraken"},
        headers={"HX-Request": "true"},
    ).content.decode()
    words = text_of(answer)
    assert "7 → 6 people No product owner" in words
    assert "30 → 34 people, 4 → 6 squads" in words
    assert "Growth gives up Hydra: 9 → 5 people, 2 → 1 squad. Show Growth" in words
    swapped = set(re.findall(r'id="([^"]+)"[^>]* hx-swap-oob="outerMorph"', answer))
    assert {
        f"l-{id_of('Dragon')}",
        f"n-{id_of('Dragon')}",
        "numbers",
        "elsewhere",
        "draft-hint",
        f"r-{id_of('Backend')}",
    } <= swapped
    assert {id_ for id_ in swapped if f'id="{id_}"' not in before} == set()


def test_chapters_on_a_board_and_their_pages_tell_their_findings(as_role: Any) -> None:
    save(an_org(tribe("Payments", squad("Phoenix", "Ana", "Ben"), chapter("Backend", "Ana", "Ben"))))
    viewer = as_role("viewer")
    board = viewer.get("/tribes/payments/").content.decode()
    assert '<a class="xs" href="/chapters/backend/#findings-h">' in board
    page = viewer.get("/chapters/backend/").content.decode()
    assert '<h2 id="findings-h">' in page
    assert "Backend has no lead" in page
