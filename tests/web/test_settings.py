"""How pages look: kept in cookies, written by the server."""

from __future__ import annotations

from typing import Any

import pytest


def test_choices_are_remembered_and_written_into_the_page(as_role: Any) -> None:
    client = as_role("viewer")
    answer = client.post("/settings/", {"theme": "dark", "density": "cozy", "shortcuts": "off"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/settings/")
    html = client.get("/settings/").content.decode()
    assert '<html lang="en" data-theme="dark" data-density="cozy">' in html
    assert '<body data-shortcuts="off">' in html


def test_the_default_needs_no_cookie(as_role: Any) -> None:
    client = as_role("viewer")
    client.post("/settings/", {"theme": "dark"})
    client.post("/settings/", {"theme": "system"})
    assert client.cookies["theme"].value == ""
    assert '<html lang="en" data-density="compact">' in client.get("/settings/").content.decode()


@pytest.mark.parametrize("value", ["", "purple", "\x00", "x" * 100_000])
def test_an_unknown_choice_changes_nothing(as_role: Any, value: str) -> None:
    client = as_role("viewer")
    assert client.post("/settings/", {"theme": value}).status_code == 303
    assert "theme" not in client.cookies


@pytest.mark.parametrize(
    ("asked", "location"),
    [
        ("/people/?q=a", "/people/?q=a"),
        ("https://elsewhere.example/", "/settings/"),
        ("//elsewhere.example", "/settings/"),
    ],
)
def test_it_goes_back_to_a_page_of_ours(as_role: Any, asked: str, location: str) -> None:
    answer = as_role("viewer").post("/settings/", {"density": "cozy", "next": asked})
    assert answer.headers["Location"] == location


def test_a_bad_cookie_is_ignored(as_role: Any) -> None:
    client = as_role("viewer")
    client.cookies["theme"] = "purple"
    assert "purple" not in client.get("/settings/").content.decode()


def test_a_stranger_is_sent_to_the_login(client: Any, db: None) -> None:
    assert client.get("/settings/").status_code == 302


def test_the_page_leads_to_api_export_and_for_designers_to_the_admin(as_role: Any) -> None:
    editor, designer = (
        as_role(role).get("/settings/").content.decode() for role in ("editor", "org designer")
    )
    assert 'href="/api/v1/docs/"' in editor
    assert 'href="/export/orgmodel.zip"' in editor
    assert "Every record in lists" not in editor
    assert "Every record in lists" in designer
