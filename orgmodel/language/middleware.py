"""Speaks the reader's language: what they chose (a cookie), else what their browser asks for.

Programs are spoken to in plain English with the standard words, so that what they read never changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from django.db import DatabaseError
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from orgmodel import spoken
from orgmodel.access import roles
from orgmodel.core.vocabulary import STANDARD, Vocabulary, vocabulary_of

PROGRAMS = ("/api/", "/scim/v2")
Speaking = Callable[[], AbstractContextManager[None]]


class LanguageMiddleware:
    """Stands before whatever may answer, so that errors too are told in the language of whoever reads them."""

    def __init__(self, get_response: Callable[[Any], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        if request.path_info.startswith(PROGRAMS):
            return self._answer(request, partial(spoken.speaking, "en"))
        code = translation.get_language_from_request(request)
        response = self._answer(request, partial(spoken.speaking, code, partial(words_for, request)))
        if not isinstance(response, FileResponse):  # such as styles, which are the same for everyone
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
            response.headers.setdefault("Content-Language", code)
        return response

    def _answer(self, request: Any, speaking: Speaking) -> HttpResponseBase:
        with speaking():
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            # what is streamed is put into words only while it is sent
            parts: Any = response.streaming_content  # of no asynchronous answer: there is none here
            response.streaming_content = _told(parts, speaking)
        return response


def _told(parts: Iterable[bytes], speaking: Speaking) -> Iterator[bytes]:
    with speaking():
        yield from parts


def words_for(request: Any) -> Vocabulary:
    """Return the words of the organization that a request shows. Strangers, and errors, get the standard ones."""
    user, reality = getattr(request, "user", None), getattr(request, "reality", None)
    try:
        if user is None or reality is None or not roles.can_view(user):
            return STANDARD
        return vocabulary_of(reality.live)
    except DatabaseError:  # the page that says so is read nevertheless
        return STANDARD
