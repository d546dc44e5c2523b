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


def test_two_keys_and_a_name_lead_to_anyone(page: Any) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("jonas")
    expect(chosen(page)).to_contain_text("Jonas Ek")
    assert problems_of(page) == []
    assert page.get_by_role("combobox").get_attribute("aria-activedescendant") == chosen(page).get_attribute("id")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/people/jonas-ek/$"))
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
