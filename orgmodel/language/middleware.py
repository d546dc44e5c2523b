"""Speaks the reader's language: what they chose (a cookie), else what their browser asks for.

Programs are spoken to in plain English with the standard words, so that what they read never changes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import DatabaseError
from django.http import HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from orgmodel.access import roles
from orgmodel.core.vocabulary import STANDARD, Vocabulary, vocabulary_of
from orgmodel.language import spoken

PROGRAMS = ("/api/", "/scim/v2")


class LanguageMiddleware:
    def __init__(self, get_response: Callable[[Any], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if request.path.startswith(PROGRAMS):
            translation.activate("en")
            return self.get_response(request)
        code = translation.get_language_from_request(request)
        spoken.activate(code, lambda: words_for(request))
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", code)
        return response


def words_for(request: Any) -> Vocabulary:
    """Return the words of the organization that a request shows. Strangers, and errors, get the standard ones."""
    user, reality = getattr(request, "user", None), getattr(request, "reality", None)
    try:
        if user is None or reality is None or not roles.can_view(user):
            return STANDARD
        return vocabulary_of(reality.live)
    except DatabaseError:  # the page that says so is read nevertheless
        return STANDARD
