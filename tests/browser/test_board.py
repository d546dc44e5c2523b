"""Moving people in a real browser: by mouse, by keyboard, without JavaScript; what is refused, what is taken back."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from orgmodel.changes import drafts, services
from orgmodel.changes.models import Draft, DraftOperation
from orgmodel.core.operations import HirePerson, JoinSquad, MovePeople, RenameSquad
from tests.browser.test_pages import problems_of

BOARD = "/tribes/listening-experience/"


def card(page: Any, name: str) -> Any:
    return page.locator(".board .p[data-person]:not(.ghost)").filter(has_text=name).first


def column(page: Any, squad: str) -> Any:
    return page.locator(f"thead th[data-squad={squad}]")


def squad_of(page: Any, name: str) -> str:
    return str(card(page, name).evaluate("card => card.closest('[data-squad]').dataset.squad"))


def drag(page: Any, name: str, squad: str) -> None:
    card(page, name).drag_to(column(page, squad))


def settled(page: Any) -> None:
    expect(page.locator(".p.pending")).to_have_count(0)


@pytest.fixture
def board(sign_in: Any, new_draft: Any) -> Any:
    """The board of a tribe in an empty draft."""
    page = sign_in("planner")
    page.goto(f"{BOARD}?draft={new_draft(page.user)}")
    return page


def test_a_dropped_card_is_there_before_the_server_has_answered(board: Any) -> None:
    held: list[Any] = []
    board.route("**/moves/**", lambda route, _: held.append(route))
    publish = board.get_by_role("link", name="Review and publish…")
    expect(publish).to_have_count(0)
    drag(board, "Jonas Ek", "search")
    assert squad_of(board, "Jonas Ek") == "search"
    expect(card(board, "Jonas Ek")).to_have_class("p pending")
    board.wait_for_timeout(50)
    held[0].continue_()
    settled(board)
    assert squad_of(board, "Jonas Ek") == "search"
    expect(card(board, "Jonas Ek")).to_contain_text("from Home & Browse")
    expect(board.locator(".toast")).to_contain_text("Jonas Ek moved to Search.")
    expect(column(board, "search")).to_contain_text("6 → 7")
    expect(board.locator("#chip")).to_contain_text("1 change")
    expect(board.locator("#draft-summary")).to_have_text("1 move")
    expect(board.get_by_role("navigation", name="Draft")).to_contain_text("Changes 1")
    expect(publish).to_be_visible()


def test_a_move_is_told_in_the_head_of_both_squads_and_leaves_a_ghost_with_origins(board: Any) -> None:
    expect(board.get_by_text("Drag someone to another squad, or press m")).to_be_visible()
    drag(board, "Jonas Ek", "playback")
    settled(board)
    expect(board.get_by_text("Drag someone to another squad")).to_have_count(0)
    expect(column(board, "home-browse")).to_contain_text("7 → 6")
    drag(board, "Noor Haddad", "playback")
    settled(board)
    expect(column(board, "playback")).to_contain_text("8 → 10 people")
    expect(column(board, "playback")).to_contain_text("Over the limit of 9")
    expect(board.locator("#draft-settle")).to_contain_text("to settle")
    expect(board.locator(".p.ghost")).to_have_count(0)

    board.get_by_role("link", name="Show origins").click()
    expect(board).to_have_url(re.compile("origins=1"))
    ghosts = board.locator("td[data-squad=home-browse] .p.ghost")
    expect(ghosts).to_have_text(["JEJonas Ek, moved away", "NHNoor Haddad, moved away"])
    drag(board, "Sara Almeida", "search")
    settled(board)
    expect(ghosts).to_have_count(3)
    board.get_by_role("link", name="Hide origins").click()
    expect(ghosts).to_have_count(0)


def test_a_selection_is_dragged_as_one(board: Any) -> None:
    for name in ("Petra Sand", "Kofi Annor", "Emil Dahl"):
        card(board, name).hover()
        card(board, name).locator("input").check()
    expect(board.locator("[data-count]")).to_have_text("3 selected")
    drag(board, "Kofi Annor", "search")
    settled(board)
    assert {squad_of(board, name) for name in ("Petra Sand", "Kofi Annor", "Emil Dahl")} == {"search"}
    expect(board.locator(".toast")).to_contain_text("moved to Search.")


def test_a_move_by_keyboard_alone_keeps_the_focus(board: Any) -> None:
    card(board, "Jonas Ek").locator("a").focus()
    board.keyboard.press("x")
    board.keyboard.press("m")
    board.keyboard.type("sea")
    board.keyboard.press("Enter")
    settled(board)
    assert squad_of(board, "Jonas Ek") == "search"
    focused = board.evaluate("document.activeElement.closest('.p')?.dataset.person")
    assert focused == card(board, "Jonas Ek").get_attribute("data-person")


def test_arrows_walk_and_escape_clears(board: Any) -> None:
    card(board, "Tomasz Wojcik").locator("a").focus()
    board.keyboard.press("ArrowDown")
    expect(card(board, "Jonas Ek").locator("a")).to_be_focused()
    board.keyboard.press("x")
    expect(board.locator(".pick :checked")).to_have_count(1)
    board.keyboard.press("Escape")
    expect(board.locator(".pick :checked")).to_have_count(0)


def test_five_rapid_moves_are_five_steps(board: Any) -> None:
    names = ["Jonas Ek", "Emil Dahl", "Petra Sand", "Kofi Annor", "David Mensah"]
    ids = [card(board, name).get_attribute("id") for name in names]
    for id_ in ids:
        board.locator(f"[id='{id_}'] input").evaluate(
            """box => {
              const data = new DataTransfer();
              const fire = (target, type) => target.dispatchEvent(
                new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
              fire(box.closest(".p"), "dragstart");
              const head = document.querySelector("thead th[data-squad=search]");
              fire(head, "dragover");
              fire(head, "drop");
            }"""
        )
    expect(board.locator("#chip")).to_contain_text("5 changes")
    settled(board)
    assert DraftOperation.objects.filter(draft__name="Plan").count() == 5
    assert [squad_of(board, name) for name in names] == ["search"] * 5


def test_a_drag_says_where_a_squad_would_pass_the_limit(board: Any) -> None:
    hints = card(board, "Jonas Ek").evaluate(
        """card => {
          const data = new DataTransfer();
          const fire = (target, type) => target.dispatchEvent(
            new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
          const head = document.querySelector("thead th[data-squad=search]");
          return [8, 9].map((size) => {
            head.querySelector("[data-size]").dataset.size = size;
            fire(card, "dragstart");
            fire(head, "dragover");
            fire(card, "dragend");
            return head.querySelector(".sq").dataset.drop;
          });
        }"""
    )
    assert hints == ["→ Search: 9 people", "Search would have 10, limit 9"]


def test_a_refused_move_goes_back_and_says_why(board: Any) -> None:
    draft = Draft.objects.get(name="Plan")
    draft.state = Draft.State.ARCHIVED
    draft.save()
    drag(board, "Jonas Ek", "search")
    expect(board.locator(".toast.bad")).to_be_visible()
    settled(board)
    assert squad_of(board, "Jonas Ek") == "home-browse"


def test_undo_in_the_toast_takes_the_move_back(board: Any) -> None:
    drag(board, "Jonas Ek", "search")
    settled(board)
    board.locator(".toast button[type=submit]").click()
    expect(board.locator(".p.moved")).to_have_count(0)
    assert squad_of(board, "Jonas Ek") == "home-browse"


def test_a_drag_on_the_live_board_starts_a_draft(sign_in: Any) -> None:
    page = sign_in("editor")
    page.goto(BOARD)
    drag(page, "Jonas Ek", "search")
    page.wait_for_url("**/?draft=*")
    expect(page.locator(".toast")).to_contain_text("Draft started from today")
    assert squad_of(page, "Jonas Ek") == "search"
    page.get_by_role("link", name="Publish…", exact=True).click()
    expect(page.get_by_role("button", name="Publish 1 change")).to_be_visible()


def test_direct_editing_commits_and_the_toast_undoes(sign_in: Any, settings: Any) -> None:
    settings.LIVE_EDITING = "direct"
    page = sign_in("editor")
    page.goto(BOARD)
    drag(page, "Jonas Ek", "search")
    settled(page)
    page.locator(".toast button[type=submit]").click()
    expect(page.locator(".toast")).to_contain_text("Undone")
    page.goto(BOARD)
    assert squad_of(page, "Jonas Ek") == "home-browse"


def test_a_bulk_move_and_its_undo_without_javascript(sign_in: Any, new_draft: Any) -> None:
    page = sign_in("planner", java_script_enabled=False)
    page.goto(f"{BOARD}?draft={new_draft(page.user)}")
    for name in ("Jonas Ek", "Emil Dahl"):
        card(page, name).locator("input").check()
    page.locator("#board-to").select_option("search")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("moved to Search")
    expect(page.locator(".p.moved")).to_have_count(2)
    page.locator(".toast button[type=submit]").click()
    expect(page.locator(".p.moved")).to_have_count(0)


def test_the_filter_hides_others_as_one_types(board: Any) -> None:
    board.keyboard.press("/")
    board.keyboard.type("jonas")
    expect(board.locator(".board .p[data-person]:visible")).to_have_count(1)


def test_what_is_filtered_is_in_the_address_as_one_types(board: Any) -> None:
    board.keyboard.press("/")
    board.keyboard.type("Jonas")
    expect(board).to_have_url(re.compile(r"\?draft=plan&q=Jonas$"))
    assert board.input_value("#page-address") == board.url
    board.reload()
    expect(card(board, "Jonas Ek")).to_be_visible()
    expect(card(board, "Sara Almeida")).to_be_hidden()
    board.click("text=Color by")
    board.click(".pop a:has-text('craft')")
    expect(board.get_by_placeholder("Filter people")).to_have_value("Jonas")


def test_a_long_word_in_a_name_widens_no_column(sign_in: Any, new_draft: Any) -> None:
    page = sign_in("editor")
    key = new_draft(page.user)
    search: Any = services.current().find("squad", "search")
    name = "Rindfleischetikettierungsüberwachung"
    renamed = [RenameSquad(id=search.id, name=name)]
    drafts.append(Draft.objects.get(key=key), renamed, author_id=page.user.pk, at=timezone.now())
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{BOARD}?draft={key}")
    assert column(page, "search").bounding_box()["width"] == column(page, "playback").bounding_box()["width"]
    link = column(page, "search").locator(".name a")
    assert link.evaluate("link => link.getBoundingClientRect().right") <= column(page, "search").evaluate(
        "head => head.getBoundingClientRect().right"
    )


def test_single_keys_can_be_switched_off(board: Any) -> None:
    board.context.add_cookies([{"name": "shortcuts", "value": "off", "url": board.url}])
    board.reload()
    card(board, "Jonas Ek").locator("a").focus()
    board.keyboard.press("m")
    expect(board.locator("#move-dialog")).to_be_hidden()


def test_undo_and_redo_by_key_take_back_one_step_after_the_other(board: Any) -> None:
    for name in ("Petra Sand", "Kofi Annor"):
        card(board, name).hover()
        card(board, name).locator("input").check()
    start = {name: squad_of(board, name) for name in ("Petra Sand", "Kofi Annor", "Jonas Ek")}
    drag(board, "Kofi Annor", "search")
    settled(board)
    drag(board, "Jonas Ek", "search")
    settled(board)
    toolbar = board.locator("#steps-back")
    expect(toolbar.get_by_role("button", name="Undo the last change")).to_be_enabled()
    expect(toolbar.get_by_role("button", name="Redo what was undone")).to_be_disabled()

    board.keyboard.press("Control+z")
    expect(board.locator(".toast")).to_contain_text("Undone in the draft: Move Jonas Ek")
    assert squad_of(board, "Jonas Ek") == start["Jonas Ek"]
    board.keyboard.press("u")
    expect(board.locator(".toast")).to_contain_text("Undone in the draft: Move")
    expect(board.locator("#draft-count")).to_have_text("0")
    assert {name: squad_of(board, name) for name in start} == start

    board.keyboard.press("Control+Shift+z")
    expect(board.locator(".toast")).to_contain_text("Redone in the draft")
    assert {name: squad_of(board, name) for name in start} == start | {
        "Petra Sand": "search",
        "Kofi Annor": "search",
    }


def test_undo_waits_for_the_move_that_is_on_its_way(board: Any) -> None:
    drag(board, "Petra Sand", "search")
    settled(board)
    held: list[Any] = []
    board.route("**/moves/**", lambda route, _: held.append(route))
    drag(board, "Jonas Ek", "search")
    board.keyboard.press("Control+z")
    board.wait_for_timeout(50)
    held[0].continue_()

    expect(board.get_by_text("Undone in the draft: Move Jonas Ek")).to_be_visible()
    assert squad_of(board, "Petra Sand") == "search"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_selection_goes_on_to_a_page_about_several(sign_in: Any, new_draft: Any, javascript: bool) -> None:
    page = sign_in("planner", java_script_enabled=javascript)
    page.goto(f"{BOARD}?draft={new_draft(page.user)}")
    for name in ("Petra Sand", "Kofi Annor"):
        card(page, name).hover()
        card(page, name).locator("input").check()
    page.get_by_role("button", name="Add to guild…").click()

    expect(page.get_by_label("People")).to_have_value("Kofi Annor (kofi-annor)\nPetra Sand (petra-sand)")


@pytest.fixture
def crowd(sign_in: Any, new_draft: Any) -> Any:
    """A draft's board with a column of a hundred people more than it had."""
    page = sign_in("editor")
    search: Any = services.current().find("squad", "search")
    ids = [str(uuid.uuid4()) for _ in range(100)]
    hires: list[Any] = [
        HirePerson(id=id_, values={"name": f"Extra {n:03}", "key": f"extra-{n:03}"})
        for n, id_ in enumerate(ids)
    ]
    joins = [JoinSquad(id=str(uuid.uuid4()), person=id_, squad=search.id) for id_ in ids]
    key = new_draft(page.user)
    drafts.append(Draft.objects.get(key=key), [*hires, *joins], author_id=page.user.pk, at=timezone.now())
    page.goto(f"{BOARD}?draft={key}")
    return page


def test_people_in_a_folded_column_are_selected_and_dragged_as_others(crowd: Any) -> None:
    expect(card(crowd, "Extra 000")).to_be_visible()
    expect(card(crowd, "Extra 099")).to_be_hidden()
    crowd.get_by_text("and 76 more").click()
    card(crowd, "Extra 099").locator(".pick").click()
    expect(crowd.locator("[data-count]")).to_have_text("1 selected")
    crowd.keyboard.press("Escape")
    card(crowd, "Extra 098").scroll_into_view_if_needed()
    here = card(crowd, "Extra 098").bounding_box()
    there = column(crowd, "playback").bounding_box()
    crowd.mouse.move(here["x"] + 60, here["y"] + 10)
    crowd.mouse.down()
    crowd.mouse.move(there["x"] + 40, here["y"] - 30, steps=4)
    crowd.mouse.move(there["x"] + 40, here["y"] - 20, steps=2)
    crowd.mouse.up()
    settled(crowd)
    assert squad_of(crowd, "Extra 098") == "playback"
    expect(card(crowd, "Extra 099")).to_be_visible()


def test_filtering_unfolds_whom_it_finds(crowd: Any) -> None:
    crowd.get_by_placeholder("Filter people").fill("Extra 099")
    expect(card(crowd, "Extra 099")).to_be_visible()
    crowd.get_by_placeholder("Filter people").fill("")
    expect(card(crowd, "Extra 099")).to_be_hidden()


def test_the_dialog_offers_no_squad_that_someone_is_in_already(board: Any) -> None:
    card(board, "Daniel Okafor").locator("a.nm").focus()
    board.keyboard.press("m")
    offered = board.locator("#move-to option")
    expect(offered.filter(has_text="Playback")).to_have_count(1)
    expect(offered.filter(has_text="Search")).to_have_count(0)
    expect(offered.filter(has_text="Personal Recommendations")).to_have_count(0)
    board.keyboard.press("Escape")
    card(board, "Jonas Ek").locator("a.nm").focus()
    board.keyboard.press("m")
    chosen = board.locator("#move-to option:checked")
    expect(chosen).to_have_text("Offline & Downloads (3)")  # not where he is
    board.keyboard.type("ads")
    expect(chosen).to_have_text("Ads Insertion (7)")


# What others do


def arrive(page: Any) -> None:
    """Ask now, rather than in twenty seconds."""
    with page.expect_response(re.compile("/live/")):
        page.evaluate("window.dispatchEvent(new Event('focus'))")


def let_a_colleague_move_emil_dahl(users: Any) -> None:
    """Move him to Search in the draft, as Ulla Berg."""
    colleague = users.objects.create_user("colleague", first_name="Ulla", last_name="Berg")
    org: Any = services.current()
    emil, search = org.find("person", "emil-dahl"), org.find("squad", "search")
    move = MovePeople(people=(emil.id,), to=search.id, source=org.primary_membership(emil.id).squad)
    drafts.append(Draft.objects.get(name="Plan"), [move], author_id=colleague.pk, at=timezone.now())


def test_what_others_do_arrives_during_a_selection(board: Any, django_user_model: Any) -> None:
    for name in ("Petra Sand", "Kofi Annor"):
        card(board, name).locator("input").check(force=True)
    card(board, "Jonas Ek").locator("a").focus()
    board.locator(".board-scroll").evaluate("frame => { frame.scrollTop = 40; frame.id = 'mine'; }")
    card(board, "Petra Sand").evaluate("card => card.mine = true")

    arrive(board)  # nothing has happened yet: nothing moves
    expect(board.locator(".toast")).to_have_count(0)

    let_a_colleague_move_emil_dahl(django_user_model)
    arrive(board)
    expect(board.locator(".toast")).to_contain_text("Ulla Berg changed this draft.")
    assert squad_of(board, "Emil Dahl") == "search"
    expect(column(board, "search")).to_contain_text("6 → 7")
    expect(board.locator("#chip")).to_contain_text("1 change")
    expect(board.locator(".pick :checked")).to_have_count(2)
    expect(board.locator("[data-count]")).to_have_text("2 selected")
    expect(card(board, "Jonas Ek").locator("a")).to_be_focused()
    assert card(board, "Petra Sand").evaluate("card => card.mine === true")

    drag(board, "Kofi Annor", "search")  # and the selection can still be dragged
    settled(board)
    assert {squad_of(board, name) for name in ("Petra Sand", "Kofi Annor")} == {"search"}
    assert board.evaluate("window.violations") == []


def test_what_others_do_hides_nobody_once_the_filter_is_empty(board: Any, django_user_model: Any) -> None:
    board.goto(f"{board.url}&q=Jonas")
    board.get_by_placeholder("Filter people").fill("")
    expect(card(board, "Sara Almeida")).to_be_visible()
    let_a_colleague_move_emil_dahl(django_user_model)
    arrive(board)
    expect(column(board, "search")).to_contain_text("6 → 7")
    expect(card(board, "Sara Almeida")).to_be_visible()


def test_what_others_do_waits_while_something_is_open(board: Any) -> None:
    card(board, "Jonas Ek").locator("a").focus()
    board.keyboard.press("m")
    asked: list[str] = []
    board.on("request", lambda request: asked.append(request.url))
    board.evaluate("window.dispatchEvent(new Event('focus'))")
    board.wait_for_timeout(200)
    assert [url for url in asked if "/live/" in url] == []


# Colors and folding


def test_chapters_fold_and_stay_folded(board: Any) -> None:
    row = board.locator("tbody tr").filter(has_text="LX Design")
    row.get_by_role("button", name="People of LX Design").click()
    expect(row.locator(".p").first).to_be_hidden()
    assert row.locator(".cell").first.evaluate("cell => getComputedStyle(cell, '::before').content") == '"1"'
    board.reload()
    expect(row.locator(".p").first).to_be_hidden()
    row.get_by_role("button", name="People of LX Design").press("Enter")
    expect(row.locator(".p").first).to_be_visible()


def test_people_are_colored_by_what_one_chooses(board: Any) -> None:
    board.locator("summary", has_text="Color by").click()
    board.get_by_role("link", name="Craft").click()
    expect(board).to_have_url(re.compile("color=craft"))
    board.wait_for_load_state()
    before = card(board, "Jonas Ek").get_attribute("data-color")
    assert before is not None
    expect(board.get_by_role("list", name="Colors")).to_be_visible()
    drag(board, "Jonas Ek", "search")
    settled(board)
    assert card(board, "Jonas Ek").get_attribute("data-color") == before
    assert problems_of(board) == []


def test_on_a_touch_screen_nothing_covers_what_is_found_about_a_squad(sign_in: Any) -> None:
    page = sign_in("editor", viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page.goto(BOARD)
    head = column(page, "search")
    finding = head.locator("a.state").bounding_box()
    select = head.get_by_role("button", name="Select all").bounding_box()
    assert finding["y"] + finding["height"] <= select["y"]
