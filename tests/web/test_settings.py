"""How pages look: kept in cookies, written by the server."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from orgmodel.changes import services
from orgmodel.changes.services import Actor
from orgmodel.core.operations import CreateTribe
from tests.build import id_of


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


def test_times_of_day_are_those_of_the_chosen_zone_and_days_stay(as_role: Any) -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    founded = CreateTribe(id=id_of("Payments"), values={"name": "Payments"})
    services.commit([founded], actor=Actor("Ana"), message="", source="cli", at=late)
    client = as_role("viewer")
    before = client.get("/history/1/").content.decode()
    client.post("/settings/", {"zone": "Asia/Tokyo"})
    after = client.get("/history/1/").content.decode()
    assert '30 June 2026, 23:30 <span class="m reg">UTC</span>' in before
    assert '1 July 2026, 08:30 <span class="m reg">Asia/Tokyo</span>' in after
    effective = '<a class="n" href="/history/?as_of=2026-06-30">30 June 2026</a>'
    assert effective in before
    assert effective in after
    assert 'title="1 July 2026, 08:30, Asia/Tokyo"' in client.get("/history/").content.decode()
