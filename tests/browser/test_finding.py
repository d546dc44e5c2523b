"""Finding things in a real browser: the palette, peeking, saved views, every key of the map."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import problems_of

BOARD = "/tribes/listening-experience/"


@pytest.fixture
def page(sign_in: Any) -> Any:
    page = sign_in("editor")
    page.goto("/")
    return page


def palette(page: Any) -> Any:
    return page.get_by_role("dialog", name="Search or jump to")


def chosen(page: Any) -> Any:
    return palette(page).locator("[aria-selected=true]")


def at(page: Any, path: str) -> None:
    """Wait until the browser is at an address and shows its page: nobody presses keys on one not drawn yet."""
    expect(page).to_have_url(re.compile(f"{path}$"))
    page.wait_for_load_state()


def test_two_keys_and_a_name_lead_to_anyone(page: Any) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("jonas")
    expect(chosen(page)).to_contain_text("Jonas Ek")
    assert problems_of(page) == []
    assert page.get_by_role("combobox").get_attribute("aria-activedescendant") == chosen(page).get_attribute(
        "id"
    )
    page.keyboard.press("Enter")
    at(page, "/people/jonas-ek/")
    page.keyboard.press("Control+k")
    expect(chosen(page)).to_contain_text("Jonas Ek")  # recently seen
    assert page.evaluate("window.violations") == []


def test_arrows_choose_and_escape_gives_the_focus_back(page: Any) -> None:
    button = page.get_by_role("link", name="Search or jump to")
    button.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("se")
    expect(chosen(page)).to_have_count(1)
    first = chosen(page).inner_text()
    page.keyboard.press("ArrowDown")
    assert chosen(page).inner_text() != first
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")  # round to the last one
    assert chosen(page).inner_text() == palette(page).get_by_role("option").last.inner_text()
    page.keyboard.press("Escape")
    expect(palette(page)).to_be_hidden()
    expect(button).to_be_focused()


def test_what_is_typed_last_counts_for_those_who_are_quick(page: Any) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("move jonas ek to playback")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/people/jonas-ek/move/\?to=playback$"))
    expect(page.get_by_label("To squad")).to_have_value("playback")


def test_the_palette_fits_a_small_screen_and_the_dark(sign_in: Any) -> None:
    page = sign_in("viewer", viewport={"width": 320, "height": 640}, color_scheme="dark")
    page.goto("/people/")
    page.locator("[data-search]").click()
    page.keyboard.type("xyzzyqqq")
    expect(palette(page)).to_contain_text("Nothing is called “xyzzyqqq”.")
    assert problems_of(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_without_scripts_the_button_leads_to_the_same_list(sign_in: Any) -> None:
    page = sign_in("editor", java_script_enabled=False)
    page.goto("/")
    page.locator("[data-search]").click()
    page.get_by_role("searchbox").fill("move jonas to playback")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Move Jonas Ek to Playback").click()
    expect(page).to_have_url(re.compile(r"/people/jonas-ek/move/\?to=playback$"))


# Peeking


def test_space_peeks_and_escape_returns(page: Any) -> None:
    page.goto(BOARD)
    link = page.locator("[data-person=jonas-ek] a.nm")
    link.focus()
    page.keyboard.press("Space")
    panel = page.get_by_role("dialog", name="Jonas Ek")
    expect(panel).to_contain_text("Home & Browse")
    expect(panel.get_by_role("link", name="Open page")).to_have_attribute(
        "href", re.compile("/people/jonas-ek/")
    )
    assert problems_of(page) == []
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(link).to_be_focused()
    page.locator("thead th[data-squad=search] .name a").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("dialog", name="Search")).to_contain_text("Find it in one try")
    page.keyboard.press("Escape")
    page.goto("/findings/")
    page.locator("main a[href^='/findings/'][href*='~'], main a[href*='/findings/SQ-']").first.focus()
    page.keyboard.press("Space")
    expect(page.locator("#peek")).to_contain_text("Value")
    page.goto("/map/")
    page.locator(".matrix a[href='/people/jonas-ek/']").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("dialog", name="Jonas Ek")).to_contain_text("Home & Browse")
    assert page.evaluate("window.violations") == []


# The whole map of keys


def draft_has(page: Any, changes: str) -> None:
    """Wait until the page of a draft shows how much it changes, and is there as a whole."""
    expect(page.locator("#chip")).to_contain_text(changes)
    page.wait_for_load_state()


def test_every_key_of_the_map(sign_in: Any, new_draft: Any) -> None:
    page = sign_in("editor")
    draft = new_draft(page.user)
    page.goto("/people/")
    for key, path in {
        "o": "/",
        "m": "/map/",
        "b": "/tribes/",
        "p": "/people/",
        "s": "/squads/",
        "i": "/missions/",
        "f": "/findings/",
        "d": "/drafts/",
        "h": "/history/",
    }.items():
        page.keyboard.press("g")
        page.keyboard.press(key)
        at(page, path)
    page.keyboard.press("c")
    at(page, "/drafts/#id_name")
    page.goto("/people/")
    page.keyboard.press("/")
    expect(page.locator("[data-filter]")).to_be_focused()
    page.keyboard.type("g o ? c [ u m x ")  # no shortcut fires while typing
    expect(page.locator("[data-filter]")).to_have_value("g o ? c [ u m x ")
    at(page, "/people/")
    page.locator("[data-filter]").blur()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Ctrl+K")
    expect(page.get_by_role("dialog", name="Keys")).not_to_contain_text("Arrows")
    page.keyboard.press("Escape")

    page.goto(f"{BOARD}?draft={draft}")
    page.keyboard.press("]")
    at(page, rf"/tribes/platform-data/\?draft={draft}")
    page.keyboard.press("[")
    at(page, rf"{BOARD}\?draft={draft}")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Move to another squad")
    page.keyboard.press("Escape")
    page.locator("[data-person=jonas-ek] a.nm").focus()
    page.keyboard.press("x")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".pick :checked")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.locator(".pick :checked")).to_have_count(0)
    page.locator("[data-person=jonas-ek] a.nm").focus()
    page.keyboard.press("m")
    page.keyboard.type("sea")
    page.keyboard.press("Enter")
    expect(page.locator("td[data-squad=search] [data-person=jonas-ek]")).to_be_visible()
    draft_has(page, "1 change")
    page.keyboard.press("u")
    draft_has(page, "0 changes")
    page.keyboard.press("Control+Shift+Z")
    draft_has(page, "1 change")
    page.keyboard.press("Control+z")
    draft_has(page, "0 changes")
    page.locator("[data-person=jonas-ek] a.nm").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/people/jonas-ek/"))


def test_single_keys_can_be_switched_off(page: Any) -> None:
    page.goto("/settings/")
    page.get_by_role("group", name="Single-key shortcuts").get_by_label("Off").check()
    page.get_by_role("button", name="Save settings").click()
    page.goto(BOARD)
    page.locator("[data-person=jonas-ek] a.nm").focus()
    for key in ("?", "x", "m", "g", "h", "c", "Space"):
        page.keyboard.press(key)
    expect(page.locator("dialog[open], .pick :checked")).to_have_count(0)
    at(page, BOARD)
    page.keyboard.press("Control+k")  # with a modifier, nobody presses it by accident
    expect(palette(page)).to_be_visible()
