"""Drafts and the log in a real browser: from a first draft to publishing and undoing, with and without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import drafts, services
from orgmodel.changes.models import Draft
from orgmodel.core.operations import RenameSquad
from tests.browser.test_pages import problems_of


def plan_a_rename(key: str) -> None:
    """Put a change into a draft, as a board would."""
    draft = Draft.objects.get(key=key)
    squad: Any = services.current().find("squad", "search")
    drafts.append(
        draft, [RenameSquad(id=squad.id, name="Discovery")], author_id=draft.owner_id, at=timezone.now()
    )


def search_is_called() -> str:
    squad: Any = services.current().find("squad", "search")
    return str(squad.name)


@pytest.mark.parametrize("has_script", [True, False])
def test_from_a_draft_to_live_and_back(sign_in: Any, has_script: bool) -> None:
    page = sign_in("editor", java_script_enabled=has_script)
    page.goto("/drafts/")
    page.get_by_label("Name of the new draft").fill("Search first")
    page.get_by_role("button", name="Start a draft").click()
    page.wait_for_url("**/tribes/?draft=search-first")

    plan_a_rename("search-first")
    page.get_by_role("link", name="Draft: Search first").click()
    page.wait_for_url("**/drafts/search-first/changes/")
    page.get_by_role("link", name="Review and publish…").click()
    page.get_by_label("Reason").fill("People search less than they discover.")
    page.get_by_label("Why all the same").fill("It is one name.")
    page.get_by_role("button", name="Publish 1 change").click()
    page.wait_for_url("**/history/*/")
    assert search_is_called() == "Discovery"
    assert page.get_by_text("People search less than they discover.").is_visible()

    page.get_by_role("link", name="Undo…").click()
    page.get_by_role("button", name="Undo 1 change").click()
    page.wait_for_url("**/history/*/")
    assert search_is_called() == "Search"


def test_publishing_what_somebody_changed_meanwhile_shows_it_first(sign_in: Any, new_draft: Any) -> None:
    page = sign_in("editor")
    key = new_draft(page.user)
    plan_a_rename(key)
    page.goto(f"/drafts/{key}/publish/")
    squad: Any = services.current().find("squad", "playback")
    draft = Draft.objects.get(key=key)
    drafts.append(draft, [RenameSquad(id=squad.id, name="Player")], author_id=None, at=timezone.now())

    page.get_by_label("Why all the same").fill("It is one name.")
    page.get_by_role("button", name="Publish 1 change").click()

    assert page.get_by_role("alert").inner_text().strip() == (
        "The list of changes is not the one you have read any more. Look at it again."
    )
    assert search_is_called() == "Search"
    page.get_by_role("button", name="Publish 2 changes").click()
    page.wait_for_url("**/history/*/")
    assert search_is_called() == "Discovery"


def test_files_go_through_a_preview_into_a_draft(sign_in: Any) -> None:
    page = sign_in("planner")
    page.goto("/import/")
    people = b"key,name,email\ndora,Dora Lind,dora@example.org\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": people}
    )
    page.get_by_role("button", name="Preview").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Import 1 person"
    assert problems_of(page) == []

    page.get_by_role("button", name="Put it into a draft").click()

    page.wait_for_url("**/drafts/*/changes/")
    assert page.get_by_text("Dora Lind: new").is_visible()


def test_long_names_to_choose_from_fit_a_small_screen(sign_in: Any, new_draft: Any) -> None:
    page = sign_in("planner", viewport={"width": 320, "height": 700})
    key = new_draft(page.user)
    drafts.create_draft("Merge what belongs together. " * 4, owner_id=page.user.pk, at=timezone.now())
    page.goto(f"/drafts/{key}/compare/")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
