"""What someone looked at last: kept in a cookie of their browser, so that no page costs a query more for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse

KINDS = frozenset({"person", "squad", "tribe", "chapter", "guild", "system", "mission"})
"""The pages that count, named after the kinds they show."""

COOKIE = "seen"
KEPT = 8
LONGEST = 100  # a key in an address
MONTH = 30 * 24 * 60 * 60


def last_seen(request: Any) -> list[tuple[str, str]]:
    """Return kinds and keys, the last one first. Whether they are still there is for the reader to look up."""
    user, *parts = request.COOKIES.get(COOKIE, "").split("|")
    if user != str(request.user.pk):  # somebody else used this browser
        return []
    pairs = (part.partition(":") for part in parts[:KEPT])
    return [(kind, unquote(key, errors="replace")) for kind, _, key in pairs if kind in KINDS]


class SeenMiddleware:
    """Notes each page of a person or unit that was shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        shown = request.method == "GET" and response.status_code == 200 and not request.htmx
        if not shown or match is None or match.view_name not in KINDS or "key" not in match.kwargs:
            return response
        this, before = (match.view_name, match.kwargs["key"]), last_seen(request)
        if len(this[1]) <= LONGEST and before[:1] != [this]:
            self._note(request, response, [this, *(each for each in before if each != this)][:KEPT])
        return response

    @staticmethod
    def _note(request: Any, response: HttpResponse, pairs: list[tuple[str, str]]) -> None:
        parts = [f"{kind}:{quote(key, safe='')}" for kind, key in pairs]
        response.set_cookie(
            COOKIE,
            "|".join([str(request.user.pk), *parts]),
            max_age=MONTH,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
