"""How often a token may call. Requests are counted in the database, so that all processes count alike.

Two windows count every request: a long one, and a short one that keeps a burst from taking all of it at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from orgmodel.integrations.models import Token, Usage

SUSTAINED, BURST = 60, 5  # seconds of the two windows
KEPT = timedelta(minutes=10)

_TABLE = Usage._meta.db_table
_COUNT = (
    f"INSERT INTO {_TABLE} (token_id, bucket, {{window}}, count) VALUES (%s, %s, %s, 1), (%s, %s, %s, 1) "  # noqa: S608
    f"ON CONFLICT (token_id, bucket, {{window}}) DO UPDATE SET count = {_TABLE}.count + %s RETURNING bucket, count"
)


@dataclass(frozen=True, slots=True)
class Window:
    """A limit: so many requests in so many seconds. `number` is that of the window that a moment lies in."""

    bucket: str
    quota: int
    seconds: int
    number: int
    ends_in: int
    count: int

    @property
    def left(self) -> int:
        return max(0, self.quota - self.count)


@dataclass(frozen=True, slots=True)
class Allowance:
    """How a token stands with its limits after a request was counted."""

    token: int
    windows: tuple[Window, ...]

    @property
    def is_over(self) -> bool:
        return any(window.count > window.quota for window in self.windows)

    @property
    def wait(self) -> int:
        """For how many seconds nothing more is answered."""
        return max((w.ends_in for w in self.windows if w.count > w.quota), default=0)

    @property
    def headers(self) -> dict[str, str]:
        policy = ", ".join(f'"{w.bucket}";q={w.quota};w={w.seconds}' for w in self.windows)
        state = ", ".join(f'"{w.bucket}";r={w.left};t={w.ends_in}' for w in self.windows)
        wait = {"Retry-After": str(self.wait)} if self.is_over else {}
        return {"RateLimit-Policy": policy, "RateLimit": state, **wait}


def take(request: HttpRequest, token: Token, *, at: datetime) -> Allowance | None:
    """Count a request and return how its token stands; None where limits are switched off."""
    is_scim = request.path_info.startswith("/scim/")
    sustained, burst = settings.SCIM_RATE_LIMIT if is_scim else settings.API_RATE_LIMIT
    if not sustained:
        return None
    allowance = _count(token.pk, "scim" if is_scim else "api", (sustained, burst), at)
    request.allowance = allowance  # type: ignore[attr-defined]
    return allowance


def _count(token: int, bucket: str, quotas: tuple[int, int], at: datetime) -> Allowance:
    seconds = at.timestamp()
    planned = [
        (name, quota, length, int(seconds // length), math.ceil(length - seconds % length))
        for name, quota, length in ((bucket, quotas[0], SUSTAINED), (f"{bucket}-burst", quotas[1], BURST))
    ]
    counts = _add(token, [(name, number) for name, _, _, number, _ in planned], 1)
    return Allowance(token, tuple(Window(*each, count=counts[each[0]]) for each in planned))


def _add(token: int, windows: list[tuple[str, int]], step: int) -> dict[str, int]:
    """Add to windows, in one statement on both databases, and return their counts by bucket."""
    values = [value for bucket, number in windows for value in (token, bucket, number)]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(window=connection.ops.quote_name("window")), [*values, step])
        return dict(cursor.fetchall())


def give_back(allowance: Allowance) -> Allowance:
    """Take a request back that should not count."""
    windows = allowance.windows
    counts = _add(allowance.token, [(window.bucket, window.number) for window in windows], -1)
    return replace(allowance, windows=tuple(replace(w, count=counts[w.bucket]) for w in windows))


def clear_old(at: datetime) -> int:
    """Delete the windows that are over, and return how many there were."""
    before = (at - KEPT).timestamp()
    old = [
        Usage.objects.filter(bucket__endswith="-burst", window__lt=int(before // BURST)),
        Usage.objects.exclude(bucket__endswith="-burst").filter(window__lt=int(before // SUSTAINED)),
    ]
    return sum(rows.delete()[0] for rows in old)


class RateLimitMiddleware:
    """Tells every caller with a token how it stands. That nothing has changed (304) costs nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        response = self.get_response(request)
        allowance: Allowance | None = getattr(request, "allowance", None)
        if allowance is not None:
            if response.status_code == 304:
                allowance = give_back(allowance)
            for name, value in allowance.headers.items():
                response[name] = value
        return response
