"""Every request has an id: in its answer, in what is logged meanwhile, and in the problem document of the API."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

from orgmodel.redaction import TOKEN

HEADER = "X-Request-Id"
_SANE = re.compile(r"[A-Za-z0-9._:+/=-]{1,128}")
_current: ContextVar[str] = ContextVar("request_id", default="-")


class RequestIdMiddleware:
    """Takes the id that the caller or a proxy gave, where it is harmless, or makes one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        id_ = given if _SANE.fullmatch(given) and not TOKEN.search(given) else uuid.uuid4().hex
        request.request_id = id_  # type: ignore[attr-defined]
        before = _current.set(id_)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(before)
        response[HEADER] = id_
        return response


class RequestIdFilter(logging.Filter):
    """Gives every log record the id of the request that it belongs to; “-” outside of any."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)  # Django logs some of them after the middleware
        record.request_id = getattr(request, "request_id", None) or _current.get()
        return True
