"""Errors of the API as `application/problem+json` (RFC 9457): one shape for all of them, wherever they come from."""

from __future__ import annotations

import http
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions

from orgmodel.changes import wording
from orgmodel.changes.drafts import HasDependents
from orgmodel.changes.publishing import OpenQuestions, StaleDraft
from orgmodel.changes.services import Conflict, Refused, RuleViolation, StaleVersion

DOCS = "/api/v1/docs/"

KINDS: Mapping[int, tuple[str, str, str]] = {
    400: (
        "malformed",
        "The request cannot be read",
        "Something in the body or the address is not what it must be; `errors` names each place. "
        "Correct it and send it again.",
    ),
    401: (
        "unauthenticated",
        "Say who you are",
        "Send `Authorization: Bearer om_…`; `manage.py create_token` makes a token.",
    ),
    403: ("forbidden", "Not for your role", "Your role does not allow this. An org designer gives roles."),
    404: (
        "not-found",
        "There is nothing here",
        "No such address, record or draft, or none that you may see. Addresses end with a slash.",
    ),
    405: (
        "method-not-allowed",
        "Not possible with this method",
        "The header `Allow` lists what is possible here.",
    ),
    406: (
        "not-acceptable",
        "Only JSON is served here",
        "Send `Accept: application/json`, or no such header.",
    ),
    409: (
        "conflict",
        "Somebody else was faster",
        "What you built on has changed meanwhile; `errors` shows what you expected and what was found. "
        "Read again, decide, send again.",
    ),
    410: (
        "gone",
        "This is not kept any more",
        "The change feed cannot go on from this cursor. `detail` says how to start over, and from which cursor.",
    ),
    413: ("too-large", "The request is too large", "A request may have ten megabytes."),
    415: ("unsupported-media-type", "Only JSON is read here", "Send `Content-Type: application/json`."),
    422: (
        "refused",
        "This cannot be done",
        "The request is well formed, but the organization does not allow it; `errors` says why and what helps.",
    ),
    500: (
        "server-error",
        "Something went wrong on our side",
        "Nothing was changed. The server's log has the details.",
    ),
}
"""For each status: the name of the problem, its title, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request, and where: in the body by JSON pointer, or in a query parameter."""

    code: str
    detail: str
    pointer: str | None = None
    parameter: str | None = None
    expected: Any = None
    found: Any = None
    position: int | None = None  # of the operation in a draft that is in the way

    def as_json(self) -> dict[str, Any]:
        where = (
            {"parameter": self.parameter} if self.parameter is not None else {"pointer": self.pointer or ""}
        )
        values = {"expected": self.expected, "found": self.found} if self.code in VALUED else {}
        if self.position is not None:
            values["position"] = self.position
        return {**where, "code": self.code, "detail": self.detail, **values}


VALUED = ("conflict", "stale_version")


class Faulty(Exception):
    """A request that cannot be read (400), or that names what is not there (422)."""

    def __init__(self, faults: Iterable[Fault], status: int = 400) -> None:
        self.faults = tuple(faults)
        self.status = status
        super().__init__(" ".join(_sentence(fault.detail) for fault in self.faults))


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def problem_response(
    request: HttpRequest,
    status: int,
    *,
    detail: str = "",
    faults: Iterable[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Return the problem document of a status."""
    name, title, advice = KINDS.get(status) or ("other", http.HTTPStatus(status).phrase, "")
    body = {
        "type": f"{DOCS}#{name}",
        "title": title,
        "status": status,
        "detail": detail or advice,
        "instance": request.path,
        "errors": [fault.as_json() for fault in faults],
    }
    return HttpResponse(
        orjson.dumps(body),
        status=status,
        content_type="application/problem+json",
        headers=dict(headers or {}),
    )


def exception_handler(exception: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """Answer what a view of the API raises; None leaves it to be logged and answered with a 500."""
    request = context["request"]._request
    renamed: Mapping[str, str] = getattr(context["view"], "renamed", {})
    match exception:
        case Faulty():
            return problem_response(request, exception.status, detail=str(exception), faults=exception.faults)
        case HasDependents():
            found = zip(exception.positions, exception.sentences, strict=True)
            faults = [Fault("dependent", sentence, position=position) for position, sentence in found]
            return problem_response(request, 422, detail=exception.message, faults=faults)
        case OpenQuestions():
            faults = [Fault("open_question", question, "/despite") for question in exception.questions]
            return problem_response(request, 422, detail=exception.message, faults=faults)
        case Refused() | RuleViolation() | Conflict() | StaleVersion():
            status = 409 if isinstance(exception, (Conflict, StaleVersion, StaleDraft)) else 422
            complaints = wording.explain(exception, request.reality.org)
            return problem_response(
                request,
                status,
                detail=" ".join(complaint.message for complaint in complaints),
                faults=[_fault(complaint, renamed) for complaint in complaints],
            )
        case Http404():
            return problem_response(request, 404, detail=str(exception))
        case PermissionDenied():
            return problem_response(request, 403, detail=str(exception))
        case BadRequest() | SuspiciousOperation():
            return problem_response(request, 400, detail=str(exception))
        case exceptions.APIException():
            return _of_framework(request, exception)
    return None


def _fault(complaint: wording.Complaint, renamed: Mapping[str, str]) -> Fault:
    field = renamed.get(complaint.field, complaint.field)
    return Fault(
        complaint.code,
        complaint.message,
        pointer=f"/{field}" if field else "",
        expected=complaint.expected,
        found=complaint.found,
    )


def _of_framework(request: HttpRequest, exception: exceptions.APIException) -> HttpResponse:
    headers = {}
    if challenge := getattr(exception, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    detail = exception.detail if isinstance(exception.detail, str) else ""
    return problem_response(request, exception.status_code, detail=str(detail), headers=headers)
