"""Error pages written for people, with a way out, on every path, whether DEBUG is on or not."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

DATABASE_BACK_IN = 5  # seconds


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
        if isinstance(exception, OperationalError):
            return unavailable(request, exception)
        logger.error("%s %s failed", request.method, request.path, exc_info=exception)
        return page(request, 500, "")


def page(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    """Return the error page of a status, or a problem document for the API."""
    if request.path_info.startswith("/api/"):
        from orgmodel.integrations.problems import problem_response

        return problem_response(request, status, detail=detail)
    request.reality = None  # type: ignore[attr-defined]  # what failed may be the very reading of an organization
    return render(request, f"{status}.html", {"detail": detail}, status=status)


def unavailable(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """Answer while the database does not: locked for too long, out of space, restarting."""
    logger.error("%s %s met a database that does not answer", request.method, request.path, exc_info=error)
    response = page(request, 503, "")
    response["Retry-After"] = DATABASE_BACK_IN
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 400, "")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 403, str(exception))


def page_not_found(request: HttpRequest, exception: Any = None, path: str = "") -> HttpResponse:
    return page(request, 404, "")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what a middleware raised, such as the one that reads the session."""
    error = sys.exception()
    return unavailable(request, error) if isinstance(error, OperationalError) else page(request, 500, "")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(
        request,
        403,
        _("This form is too old, or came from elsewhere. Go back, reload the page and send it again."),
    )
