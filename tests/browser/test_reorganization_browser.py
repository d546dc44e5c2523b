"""A whole reorganization in a browser, from a board to live and back: by mouse, by keyboard, without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.test_board import BOARD, card, column, drag, settled

MOVED = ("Aisha Bello", "Viktor Strand", "Per Hallberg")
OPEN = "Senior backend engineer"


class Mouse:
    """Clicks and drags, on a screen that shows a whole board."""

    options: dict[str, Any] = {"viewport": {"width": 1440, "height": 1400}}

    def press(self, control: Any) -> None:
        control.click()

    def tick(self, box: Any) -> None:
        box.click()

    def foresee(self, page: Any) -> None:
        """See what a form would do: nothing needs to be done for it."""

    def move(self, page: Any, names: tuple[str, ...], squad: str) -> None:
        for name in names:
            card(page, name).hover()
            card(page, name).locator("input").check()
        drag(page, names[-1], squad)
        settled(page)


class Keyboard(Mouse):
    """Puts the focus on a control, as Tab does in the end, and never touches the mouse."""

    def press(self, control: Any) -> None:
        control.focus()
        control.page.keyboard.press("Enter")

    def tick(self, box: Any) -> None:
        box.focus()
        box.page.keyboard.press("Space")

    def move(self, page: Any, names: tuple[str, ...], squad: str) -> None:
        for name in names:
            card(page, name).locator("a.nm").focus()
            page.keyboard.press("x")
        page.keyboard.press("m")
        page.keyboard.type(squad.partition("-")[0])
        page.keyboard.press("Enter")
        settled(page)


class Forms(Mouse):
    """Has no JavaScript: the board is a form."""

    options = {"java_script_enabled": False}

    def foresee(self, page: Any) -> None:
        page.get_by_role("button", name="Preview").click()

    def move(self, page: Any, names: tuple[str, ...], squad: str) -> None:
        for name in names:
            card(page, name).locator("input").check()
        page.locator("#board-to").select_option(squad)
        page.get_by_role("button", name="Move", exact=True).click()


def starting(name: str) -> re.Pattern[str]:
    """Match what a control is called by how it starts. What only screen readers hear may follow after a space."""
    return re.compile("^" + re.escape(name).replace(":", r"\s*:"))


class Walk:
    """Someone on the way through a draft, who presses what is named."""

    def __init__(self, page: Any, way: Mouse) -> None:
        self.page, self.way = page, way

    def link(self, name: str, within: Any = None) -> None:
        self.way.press((within or self.page.get_by_role("main")).get_by_role("link", name=starting(name)))

    def button(self, name: str) -> None:
        self.way.press(self.page.get_by_role("button", name=starting(name)))

    def write(self, label: str, text: str) -> None:
        self.page.get_by_role("textbox", name=starting(label)).fill(text)

    def tab(self, name: str) -> None:
        self.link(name, self.page.get_by_role("navigation", name="Draft"))
        expect(self.page).to_have_title(re.compile(f", {name.lower()}"))

    def says(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("main")).to_contain_text(text)

    def toast(self, text: str) -> None:
        expect(self.page.locator(".toast").filter(has_text=text).first).to_be_visible()

    def size(self, squad: str, words: str) -> None:
        expect(column(self.page, squad)).to_contain_text(words)

    def another_day(self, step: str) -> None:
        clock = self.page.locator("details.menu").filter(has=self.page.locator("#as-of"))
        self.way.press(clock.locator("summary"))
        self.link(step, clock)


@pytest.mark.parametrize(
    "way", [Mouse(), Keyboard(), Forms()], ids=["mouse", "keyboard", "without JavaScript"]
)
def test_a_reorganization_from_a_board_to_live_and_back(sign_in: Any, settings: Any, way: Mouse) -> None:
    settings.LIVE_EDITING = "direct"  # so that somebody else changes live by a single move
    walk = Walk(sign_in("editor", **way.options), way)
    page = walk.page
    page.goto(BOARD)
    walk.button("Reorganize in a draft")
    draw_up(walk)
    weigh(walk)
    talk_and_catch_up(walk, Walk(sign_in("editor", **way.options), way))
    publish(walk)
    take_back(walk)


def draw_up(walk: Walk) -> None:
    """Merge two squads and move three people; take that back and take it up again; note it and park it."""
    page, way = walk.page, walk.way
    menu = column(page, "offline-downloads").locator("details.menu")
    way.press(menu.locator("summary"))
    walk.link("Merge…", menu)
    way.tick(page.get_by_label("Playback stays"))
    way.tick(page.get_by_label("Open vacancies, systems and domains go along"))
    way.foresee(page)
    expect(page.locator("#foresight")).to_contain_text("8 → 11")
    walk.button("Merge squads in the draft")
    walk.size("playback", "8 → 11 people")
    walk.size("offline-downloads", "Closes")

    way.move(page, MOVED, "home-browse")
    walk.size("home-browse", "7 → 10 people")
    walk.size("playback", "8 people")
    expect(page.locator("#chip")).to_contain_text("2 changes")
    walk.button("Undo the last change")
    walk.toast(
        "Undone in the draft: Move Aisha Bello, Viktor Strand and Per Hallberg from Playback to Home & Browse."
    )
    walk.size("home-browse", "7 people")
    walk.button("Redo what was undone")
    walk.toast("Redone in the draft: Move Aisha Bello")
    walk.size("home-browse", "7 → 10 people")

    walk.tab("Changes")
    walk.link("Note: Move Aisha Bello")
    walk.write("Note", "Aisha asked for it.")
    walk.button("Save note")
    walk.says("Aisha asked for it.")
    walk.button("Park: Move Aisha Bello")
    walk.says("Changes 1, and 1 parked")
    walk.button("Take up: Move Aisha Bello")
    walk.says("Changes 2")


def weigh(walk: Walk) -> None:
    """Read what the draft does and asks, and give a home to what would be left without one."""
    page = walk.page
    walk.tab("Compare")
    expect(page.locator("#compare-title")).to_contain_text("Offline & Downloads merges into Playback")
    expect(
        page.get_by_role("group", name=re.compile("^Where people go: .* 6 people change squad"))
    ).to_be_visible()
    walk.tab("Impact")
    walk.says("Needs a home before publishing 2")
    walk.says("Blocks publishing")
    walk.button(f"To Playback: {OPEN}")
    walk.says("Needs a home before publishing 1")
    walk.button("To Playback: offline-sync")
    expect(page.get_by_role("heading", name="Needs a home before publishing")).to_have_count(0)
    expect(page.locator("#draft-count")).to_have_text("4")


def talk_and_catch_up(walk: Walk, other: Walk) -> None:
    """Comment on the draft; somebody changes live meanwhile, so that a change has to be redone on today."""
    page = walk.page
    walk.tab("Review")
    walk.write("Comment", "Home & Browse gets large.")
    walk.button("Comment")
    walk.says("Home & Browse gets large.")

    other.page.goto(BOARD)
    other.way.move(other.page, ("Per Hallberg",), "search")
    other.size("search", "7 people")

    walk.tab("Changes")
    walk.says("1 no longer fits")
    walk.says("and is in Search now; this draft moves them from Playback.")
    walk.button("Redo on today")
    walk.toast("Redone on today's organization")
    expect(page.get_by_text("no longer fits")).to_have_count(0)


def publish(walk: Walk) -> None:
    """Publish the merger, then the rest; each time with the reason why what is open is no reason to wait."""
    page = walk.page
    walk.link("Review and publish…")
    walk.way.tick(page.get_by_role("checkbox", name="Move Aisha Bello"))
    walk.write("Reason", "Two squads, one job.")
    walk.write("Why all the same", "The board has decided.")
    walk.button("Publish")
    walk.says("This is what you chose now: 3 of 4 changes.")
    walk.button("Publish 3 changes")
    walk.toast("Published 3 changes. The rest stays in the draft.")
    walk.says("Live already")

    walk.link("Review and publish…")
    walk.write("Reason", "Home & Browse takes over the start page.")
    walk.write("Why all the same", "It is large for a quarter only.")
    walk.button("Publish 1 change")
    walk.toast("is live now")
    expect(page).to_have_url(re.compile(r"/history/\d+/$"))
    walk.says("Home & Browse takes over the start page.")


def take_back(walk: Walk) -> None:
    """Plan to take the moves back on a day to come; look at the board of yesterday, today and that day."""
    page = walk.page
    walk.link("Undo…")
    walk.button("Start a reverse draft")
    walk.toast("Nothing is live until you publish.")
    walk.says("Changes 3")
    walk.link("Schedule…")
    page.get_by_label("Goes live on").fill(f"{timezone.localdate() + timedelta(days=3)}")
    walk.write("Why all the same", "It was for a quarter only.")
    walk.button("Schedule 3 changes")
    walk.says("Unschedule it to edit it.")

    page.goto(BOARD)
    walk.size("home-browse", "10 people")
    walk.another_day("Back one day")
    expect(page.locator("#chip")).to_contain_text("read-only")
    walk.size("home-browse", "7 people")
    walk.another_day("Forth one week")
    expect(page.locator("#chip")).to_contain_text("1 scheduled draft")
    walk.size("home-browse", "7 people")
