"""The document and its page: current, valid, for those who are signed in only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.api.conftest import Caller, problem

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"


def test_the_committed_document_is_valid_and_current(tmp_path: Path) -> None:
    written = tmp_path / "openapi.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(written))
    assert written.read_text() == COMMITTED.read_text(), (
        "Run: DEBUG=true .venv/bin/python manage.py spectacular --file docs/openapi.yaml"
    )


@pytest.mark.django_db
def test_schema_takes_a_token_and_refuses_strangers(editor: Any) -> None:
    response = editor.get("schema/", Accept="application/vnd.oai.openapi+json")
    assert (response.status_code, response.json()["openapi"]) == (200, "3.1.0")
    problem(Caller().get("schema/"), 401)


@pytest.mark.django_db
def test_the_page_shows_every_resource_and_sends_strangers_to_the_login(as_role: Any, client: Any) -> None:
    page = as_role("viewer").get("/api/v1/docs/")
    assert page.status_code == 200
    text = page.content.decode()
    for place in ('id="people"', 'id="people_move"', 'id="drafts_publish"', 'id="conflict"', 'id="org"'):
        assert place in text
    assert "style=" not in text
    assert "<script>" not in text
    stranger = client.get("/api/v1/docs/")
    assert (stranger.status_code, stranger["Location"]) == (302, "/login/?next=/api/v1/docs/")


@pytest.mark.django_db
def test_the_page_takes_a_token(editor: Any) -> None:
    assert editor.get("docs/", Accept="text/html").status_code == 200
