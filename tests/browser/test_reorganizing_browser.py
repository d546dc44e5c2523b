"""Splitting and merging squads in a real browser: by mouse, by keyboard, without JavaScript, on a small screen."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from orgmodel.changes.models import DraftOperation

BOARD = "/tribes/listening-experience/"


def sentences(draft: str) -> list[str]:
    """Return the operations of a draft, by name."""
    rows = DraftOperation.objects.filter(draft__key=draft).order_by("position")
    return [body["operation"] for body in rows.values_list("body", flat=True)]


def side_of(page: Any, name: str) -> str:
    """Return on which side of the two columns someone's card is."""
    card = page.locator(".sides label").filter(has_text=name)
    return str(card.evaluate("card => getComputedStyle(card).gridColumnStart"))


def menu(page: Any, squad: str) -> Any:
    return page.locator(f"thead th[data-squad={squad}] details.menu")


def preview(page: Any) -> Any:
    return page.locator("#foresight")


def test_a_squad_is_split_from_the_board_by_mouse(sign_in: Any, new_draft: Any) -> None:
    page = sign_in("planner")
    draft = new_draft(page.user)
    page.goto(f"{BOARD}?draft={draft}")
    menu(page, "search").locator("summary").click()
    menu(page, "search").get_by_role("link", name="Split…").click()
    expect(preview(page)).to_contain_text("Choose who goes to the new squad.")
    page.locator(".sides label").filter(has_text="Hanna Virtanen").click()
    page.locator(".sides label").filter(has_text="Samuel Osei").click()
    assert (side_of(page, "Hanna Virtanen"), side_of(page, "Mikael Borg")) == ("2", "auto")
    expect(preview(page)).to_contain_text("6 → 4")
    expect(preview(page)).to_contain_text("2 people go from Search to The new squad.")
    page.get_by_label("Name of the new squad").fill("Discovery")
    page.get_by_label("Name of the new squad").blur()
    expect(preview(page)).to_contain_text("2 people go from Search to Discovery.")
    page.get_by_role("button", name="Split squad in the draft").click()
    expect(page.locator("thead th[data-squad=discovery]")).to_contain_text("2 people")
    expect(page.locator(".toast")).to_contain_text("Split Discovery off Search")
    assert sentences(draft) == ["SplitSquad"]


def test_two_squads_are_merged_from_the_board_by_keyboard(sign_in: Any, new_draft: Any) -> None:
    page = sign_in("planner")
    draft = new_draft(page.user)
    page.goto(f"{BOARD}?draft={draft}")
    menu(page, "offline-downloads").locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(menu(page, "offline-downloads").get_by_role("link", name="Merge…")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Merge Offline & Downloads with others")
    page.wait_for_load_state()  # the preview follows once its script is there
    page.get_by_label("Playback stays").focus()
    page.keyboard.press("Space")
    expect(preview(page)).to_contain_text("8 → 11")
    expect(preview(page)).to_contain_text("Priya Raman keeps one membership: 50 % + 50 % = 100 %.")
    expect(page.get_by_label("Playback stays")).to_be_focused()
    page.get_by_role("button", name="Merge squads in the draft").focus()
    page.keyboard.press("Enter")
    expect(page.locator("thead th[data-squad=offline-downloads]")).to_contain_text("Closes")
    expect(page.locator("thead th[data-squad=playback]")).to_contain_text("8 → 11")
    assert sentences(draft) == ["MergeSquads"]


def test_escape_closes_the_menu_of_a_column(sign_in: Any) -> None:
    page = sign_in("planner")
    page.goto(BOARD)
    menu(page, "search").locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu(page, "search").get_by_role("link", name="Close…")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu(page, "search").get_by_role("link", name="Close…")).to_be_hidden()
    expect(menu(page, "search").locator("summary")).to_be_focused()


def test_split_and_merge_without_javascript(sign_in: Any, new_draft: Any) -> None:
    page = sign_in("planner", java_script_enabled=False)
    draft = new_draft(page.user)
    page.goto(f"/squads/search/?draft={draft}")
    page.get_by_role("link", name="Split…").click()
    page.get_by_label("Hanna Virtanen goes").check()
    page.get_by_label("Name of the new squad").fill("Discovery")
    page.get_by_role("button", name="Preview").click()
    expect(preview(page)).to_contain_text("6 → 5")
    assert page.get_by_label("Hanna Virtanen goes").is_checked()
    page.get_by_role("button", name="Split squad in the draft").click()
    page.get_by_role("link", name="Merge…").click()
    page.get_by_label("Discovery merges").check()
    page.get_by_role("button", name="Preview").click()
    expect(preview(page)).to_contain_text("5 → 6")
    page.get_by_role("button", name="Merge squads in the draft").click()
    expect(page.locator("body")).to_contain_text("Merge squad Discovery into Search")
    assert sentences(draft) == ["SplitSquad", "MergeSquads"]


def test_selected_people_form_a_squad(sign_in: Any, new_draft: Any) -> None:
    page = sign_in("planner")
    draft = new_draft(page.user)
    page.goto(f"{BOARD}?draft={draft}")
    for name in ("Jonas Ek", "Emil Dahl"):
        card = page.locator(".board .p[data-person]").filter(has_text=name).first
        card.hover()
        card.locator("input").check()
    page.get_by_role("button", name="New squad…").click()
    expect(preview(page)).to_contain_text("Emil Dahl goes from Playback to The new squad.")
    page.get_by_label("Name", exact=True).fill("Vinyl")
    page.get_by_role("button", name="Form squad in the draft").click()
    expect(page.locator("thead th[data-squad=vinyl]")).to_contain_text("2 people")
