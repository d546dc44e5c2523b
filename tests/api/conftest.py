"""Callers of the API: `calling("editor")` has a token of that role; `problem` checks a problem document."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from orgmodel.integrations import tokens
from tests.build import (
    an_org,
    chapter,
    guild,
    id_of,
    mission,
    person,
    role,
    save,
    squad,
    tribe,
    vacancy,
)


class Caller:
    """A client of the API, with or without a token."""

    def __init__(self, token: str = "") -> None:
        self._client = Client(raise_request_exception=False)
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return self.exactly(method, path, body, **{**_needed(method, path), **headers})

    def exactly(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a request with these headers and the token, and no others."""
        raw = body if isinstance(body, (bytes, str)) else json.dumps(body) if body is not None else ""
        kind = {"content_type": "application/json"} if body is not None else {}
        given = {**self._headers, **headers}
        return self._client.generic(method, f"/api/v1/{path}", raw, headers=given, **kind)  # type: ignore[arg-type]

    def get(self, path: str, **headers: str) -> Any:
        return self("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self("PATCH", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Any:
        return self("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self("DELETE", path, **headers)


def _needed(method: str, path: str) -> dict[str, str]:
    """Return headers without which a request is refused: a precondition that always holds, and a new key."""
    if method in ("PATCH", "PUT", "DELETE"):
        return {"If-Match": "*"}
    return {"Idempotency-Key": uuid.uuid4().hex} if path.endswith(("/publish/", "imports/")) else {}


@pytest.fixture
def calling(db: None) -> Any:
    """Return a function that makes a caller of a role."""

    def make(role: str, name: str = "") -> Caller:
        return Caller(tokens.issue(name or role.replace(" ", "-"), role, at=timezone.now()))

    return make


@pytest.fixture
def editor(calling: Any) -> Any:
    return calling("editor")


@pytest.fixture
def payments(db: None) -> Any:
    """Save a small organization: one tribe, two squads, a chapter, a guild, a mission, a vacancy."""
    return save(
        an_org(
            role("Product owner", leads=True),
            role("Engineer"),
            mission("Pay anywhere"),
            person("Ana", email="ana@example.org", external_ids=(("hris", "4711"),), craft="backend"),
            tribe(
                "Payments",
                squad("Phoenix", "Ana", "Ben", roles={"Ana": "Product owner", "Ben": "Engineer"}),
                squad("Comet", "Cleo", shares={"Cleo": 50}),
                chapter("Backend", "Ana", "Ben"),
                lead="Ana",
            ),
            tribe("Search"),
            guild("Testing", "Ana", "Cleo"),
            vacancy("Data engineer", squad="Phoenix"),
        )
    )


def problem(response: Any, status: int, *errors: tuple[str, str]) -> dict[str, Any]:
    """Check a problem document, and its errors as (place, code); return it."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = response.json()
    assert found["status"] == status
    assert found["request_id"] == response["X-Request-Id"]
    assert [(_place(error), error["code"]) for error in found["errors"]] == [*errors]
    return found


def _place(error: dict[str, Any]) -> Any:
    return next(error[place] for place in ("pointer", "parameter", "header") if place in error)


__all__ = ["Caller", "id_of", "problem"]
