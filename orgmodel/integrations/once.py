"""Shows a token exactly once, on the page after the form that made it.

It waits in two halves, one in the session and one in a cookie, neither of which says anything without the other: who
reads the table of sessions learns nothing, not even where the page was never opened.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpResponse

NAME = "new_token"
SECONDS = 120


def keep(request: Any, response: HttpResponse, token: str) -> HttpResponse:
    """Let the page that a response leads to show a token."""
    pad = secrets.token_bytes(len(token))
    request.session[NAME] = _crossed(token.encode(), pad).hex()
    response.set_cookie(
        NAME,
        pad.hex(),
        max_age=SECONDS,
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def take(request: Any) -> str:
    """Return the token that was just made, "" where there is none; asked again, it is gone."""
    half, pad = request.session.pop(NAME, ""), request.COOKIES.get(NAME, "")
    if not half or len(half) != len(pad):
        return ""
    try:
        return _crossed(bytes.fromhex(half), bytes.fromhex(pad)).decode("ascii")
    except ValueError:  # the cookie is another one
        return ""


def forget(response: HttpResponse) -> HttpResponse:
    """Let nothing of a token stay behind on the way of a page that shows one."""
    response.delete_cookie(NAME)
    response["Cache-Control"] = "no-store"
    return response


def _crossed(text: bytes, pad: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(text, pad, strict=True))
