"""What comes out of a printer: whole names on pages that nothing is cut from, and nothing to press."""

from __future__ import annotations

from typing import Any

import pytest

CUT = """() => [...document.querySelectorAll("main .nm, main td, main th")]
  .filter((e) => e.checkVisibility())
  .filter((e) => e.scrollWidth > e.clientWidth + 1 || e.getBoundingClientRect().right > innerWidth)
  .map((e) => e.textContent.trim())"""
TO_PRESS = """() => [...document.querySelectorAll(".rail, .btn:not(td > *), main :is(input[type=search], select)")]
  .filter((e) => e.checkVisibility()).map((e) => e.textContent.trim())"""
ACROSS = 1016  # pixels of a page of A4 that lies, within its margins


@pytest.mark.parametrize(
    "url",
    [
        "/tribes/listening-experience/",
        "/tribes/creators-marketplace/?draft=unblock-ingestion",
        "/heat/",
        "/map/",
        "/dependencies/",
    ],
)
def test_wide_pages_print_whole(sign_in: Any, url: str) -> None:
    page = sign_in("editor", viewport={"width": ACROSS, "height": 700})
    page.emulate_media(media="print")
    page.goto(url)
    assert page.evaluate(CUT) == []
    assert page.evaluate(TO_PRESS) == []


def test_paper_says_of_which_draft_and_day_it_is(sign_in: Any) -> None:
    page = sign_in("editor")
    page.emulate_media(media="print")
    page.goto("/squads/?draft=unblock-ingestion")
    assert page.locator("#chip").inner_text().startswith("Draft: Unblock ingestion")
    page.goto("/squads/?as_of=2026-01-31")
    assert page.locator("#chip").inner_text().startswith("As of 31 January 2026")


def test_why_something_was_found_is_folded_away_but_not_on_paper(sign_in: Any) -> None:
    page = sign_in("viewer")
    page.goto("/findings/")
    why = page.locator(".why").first
    assert (why.locator("summary").is_visible(), why.locator("dl").is_visible()) == (True, False)
    page.emulate_media(media="print")
    assert (why.locator("summary").is_visible(), why.locator("dl").is_visible()) == (False, True)
    page.emulate_media(media="screen")
    why.locator("summary").click()
    assert why.locator("dt").all_inner_texts() == ["Why it matters", "What to try"]


def test_a_board_is_a_sheet_and_a_longer_one_names_its_squads_on_each(sign_in: Any) -> None:
    page = sign_in("editor")
    page.goto("/tribes/platform-data/")
    assert page.pdf(format="A4", landscape=True).count(b"/Type /Page\n") == 1
    page.goto("/tribes/listening-experience/?draft=unblock-ingestion")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": ACROSS, "height": 700})
    head = page.locator(".board thead").bounding_box()
    assert head["height"] < 688 / 4  # of a page of A4 that lies: a browser repeats no taller head
