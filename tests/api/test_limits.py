"""How often a token may call: counted for all processes, told in headers; what has not changed costs nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.integrations import limits, tokens
from orgmodel.integrations.models import Usage
from tests.api.conftest import Caller, problem

pytestmark = pytest.mark.django_db


NOW = datetime(2026, 11, 21, 12, 0, 1, tzinfo=UTC)


@pytest.fixture
def wait(monkeypatch: Any) -> Any:
    """Return a function that lets the clock stand so many seconds after it stood at first."""

    def until(seconds: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(seconds=seconds))

    until(0)
    return until


@pytest.fixture
def caller(settings: Any, wait: Any) -> Caller:
    settings.API_RATE_LIMIT, settings.SCIM_RATE_LIMIT = (5, 3), (50, 40)
    return Caller(tokens.issue("bot", "viewer", at=NOW))


def test_headers_tell_what_is_left(caller: Caller) -> None:
    answer = caller.get("people/")
    assert answer["RateLimit-Policy"] == '"api";q=5;w=60, "api-burst";q=3;w=5'
    assert answer["RateLimit"] == '"api";r=4;t=59, "api-burst";r=2;t=4'
    assert "Retry-After" not in answer


def test_a_burst_is_stopped_then_the_minute(caller: Any, wait: Any) -> None:
    assert [caller.get("people/").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = caller.get("people/")
    problem(refused, 429)
    assert (refused["Retry-After"], refused["RateLimit"]) == ("4", '"api";r=0;t=59, "api-burst";r=0;t=4')
    wait(5)  # the burst is over, the minute has counted the refused ones as well
    refused = caller.get("people/")
    assert (refused.status_code, refused["Retry-After"]) == (429, "54")
    wait(60)
    assert caller.get("people/").status_code == 200


def test_writes_and_refusals_count_too(caller: Any) -> None:
    assert caller.post("people/", {}).status_code == 403
    assert caller.get("nobody/").status_code == 404
    assert caller.get("people/")["RateLimit"].startswith('"api";r=3;')


def test_what_has_not_changed_costs_nothing(caller: Any) -> None:
    etag = caller.get("org/")["ETag"]
    for _ in range(4):
        again = caller("GET", "org/", **{"If-None-Match": etag})
        assert (again.status_code, again["RateLimit"][:10]) == (304, '"api";r=4;')


def test_each_token_counts_for_itself(caller: Any) -> None:
    for _ in range(4):
        caller.get("people/")
    other = Caller(tokens.issue("bot", "viewer", at=timezone.now()))
    assert other.get("people/").status_code == 200


def test_sessions_and_strangers_are_not_counted(caller: Any, as_role: Any) -> None:
    assert "RateLimit" not in as_role("viewer").get("/api/v1/people/")
    assert "RateLimit" not in Caller().get("people/")
    assert "RateLimit" not in Caller("om_x").get("people/")
    assert not Usage.objects.exists()


def test_limits_can_be_switched_off(caller: Any, settings: Any) -> None:
    settings.API_RATE_LIMIT = (0, 0)
    assert "RateLimit" not in caller.get("people/")


def test_identity_providers_have_a_bucket_of_their_own(caller: Any, rf: Any) -> None:
    token = tokens.issue("idp", "org designer", at=timezone.now())
    known = tokens.recognize(token, at=timezone.now()).token
    allowance = limits.take(rf.get("/scim/v2/Users"), known, at=timezone.now())
    assert allowance is not None
    assert allowance.headers["RateLimit-Policy"] == '"scim";q=50;w=60, "scim-burst";q=40;w=5'


def test_old_windows_are_cleared(caller: Any) -> None:
    caller.get("people/")
    now = timezone.now()
    assert limits.clear_old(now + timedelta(minutes=9)) == 0
    assert (limits.clear_old(now + timedelta(minutes=12)), Usage.objects.count()) == (2, 0)


def test_the_defaults_let_an_identity_provider_go_on(settings: Any) -> None:
    assert settings.API_RATE_LIMIT == (600, 100)
    minute, burst = settings.SCIM_RATE_LIMIT
    assert minute / limits.SUSTAINED >= 25 <= burst / limits.BURST
