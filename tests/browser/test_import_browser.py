"""From an HR export to a draft in a real browser: every step is accessible and fits a small screen."""

from __future__ import annotations

from typing import Any

from tests.browser.test_pages import DARK, problems_of

HR = b"Employee #,First Name,Last Name,Work Email,Team\n1,Noor,Haddad,noor@example.org,Search\n2,Lin,Wei,,Ranking\n"


def complaints(page: Any) -> list[str]:
    """Return what is wrong with the page as it is, in light, in dark and on a small screen."""
    found = problems_of(page)
    page.emulate_media(color_scheme="dark")
    found += problems_of(page, **DARK)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 320, "height": 640})
    if page.evaluate("document.documentElement.scrollWidth") > 320:
        found.append("too wide")
    page.set_viewport_size({"width": 1440, "height": 950})
    return [*found, *page.evaluate("window.violations")]


def test_columns_are_mapped_previewed_and_put_into_a_draft(sign_in: Any) -> None:
    page = sign_in("org designer")
    page.context.set_default_timeout(60_000)
    page.goto("/import/")
    page.set_input_files("input[type=file]", {"name": "bamboo.csv", "mimeType": "text/csv", "buffer": HR})
    page.click("text=Preview")
    page.get_by_role("heading", name="What the columns of bamboo.csv are").wait_for()
    assert complaints(page) == []

    page.click("text=Preview")
    page.get_by_text("bamboo.csv:3: squad: there is no squad “Ranking”").wait_for()
    assert complaints(page) == []

    page.check("text=Leave those people where they are")
    page.click("text=Preview")
    page.get_by_text("2 new people, 1 unknown squad").wait_for()
    page.click("text=Field by field")
    assert complaints(page) == []

    page.click("text=Put it into a draft")
    page.wait_for_url("**/drafts/import-of-*/changes/")
