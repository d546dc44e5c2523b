"""What a load balancer asks: is the process there, may it have requests."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection


def test_the_process_answers_without_a_database(
    client: Any, django_assert_num_queries: Any, db: None
) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_it_is_ready_with_all_migrations(client: Any, db: None) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "outbox_seconds": 0})
    assert "no-cache" in answer.headers["Cache-Control"]


def test_it_is_not_ready_while_a_migration_is_missing(client: Any, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'changes'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["reason"]) == (503, "migrations are missing")


@pytest.mark.parametrize("url", ["/healthz", "/readyz"])
def test_nothing_is_changed_by_asking(client: Any, db: None, url: str) -> None:
    assert client.post(url).status_code == 405
