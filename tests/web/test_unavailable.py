"""A database that others hold for too long: every face says so, in its own form, and when to come back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from orgmodel.integrations import tokens

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def held(table: str) -> Iterator[None]:
    """Let another connection hold a table, and ours not wait for it."""
    if connection.vendor == "postgresql":
        claim = f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 100")
    else:
        claim = f"DELETE FROM {table} WHERE false"
    with closing(connection.copy()) as other:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(claim)
        yield
        other.rollback()
    connection.close()  # with its timeout


def test_a_page_says_that_nothing_was_changed(as_role: Any) -> None:
    browser = as_role("viewer")
    with held("changes_head"):
        answer = browser.get("/tribes/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "The database does not answer right now" in answer.content.decode()


def test_a_page_says_so_too_before_it_knows_who_asks(as_role: Any) -> None:
    browser = as_role("viewer")
    browser.raise_request_exception = False
    with held("django_session"):
        answer = browser.get("/tribes/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "The database does not answer right now" in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "form"),
    [("/api/v1/tribes/", "application/problem+json"), ("/scim/v2/Users", "application/scim+json")],
)
def test_an_integration_is_told_when_to_come_back(client: Any, path: str, form: str) -> None:
    token = tokens.issue("Okta", "org designer", at=timezone.now())
    with held("changes_head"):
        answer = client.get(path, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer["Content-Type"] == form
    assert "locked" not in answer.content.decode()
