"""Error pages written for people, with a way out, on every path, whether DEBUG is on or not."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

logger = logging.getLogger(__name__)


class ErrorPagesMiddleware:
    """Answers what views raise. The API has its own answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Http404):
            return page(request, 404, str(exception))
        if isinstance(exception, PermissionDenied):
            return page(request, 403, str(exception))
        if isinstance(exception, (BadRequest, SuspiciousOperation)):
            return page(request, 400, str(exception) if isinstance(exception, BadRequest) else "")
        logger.error("%s %s failed", request.method, request.path, exc_info=exception)
        return page(request, 500, "")


def page(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    """Return the error page of a status, or a problem document for the API."""
    if request.path.startswith("/api/"):
        from orgmodel.integrations.problems import problem_response

        return problem_response(request, status, detail=detail)
    request.reality = None  # type: ignore[attr-defined]  # what failed may be the very reading of an organization
    return render(request, f"{status}.html", {"detail": detail}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 400, "")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 403, str(exception))


def page_not_found(request: HttpRequest, exception: Any = None, path: str = "") -> HttpResponse:
    return page(request, 404, "")


def server_error(request: HttpRequest) -> HttpResponse:
    return page(request, 500, "")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(
        request,
        403,
        "This form is too old, or came from elsewhere. Go back, reload the page and send it again.",
    )
