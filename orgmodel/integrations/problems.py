"""Errors of the API as `application/problem+json` (RFC 9457): one shape for all of them, wherever they come from."""

from __future__ import annotations

import http
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson
from django.core.exceptions import (
    BadRequest,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions

from orgmodel.changes import wording
from orgmodel.changes.drafts import HasDependents
from orgmodel.changes.middleware import WrongParameter
from orgmodel.changes.publishing import OpenQuestions, StaleDraft
from orgmodel.changes.services import Conflict, Refused, RuleViolation, StaleVersion
from orgmodel.errors import unavailable

PLACE = "/api/v1/problems/"


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of problem: what it is called, and what helps. Each has a page of its own."""

    name: str
    status: int
    title: str
    advice: str

    @property
    def address(self) -> str:
        return f"{PLACE}{self.name}/"


_ALL = (
    Kind(
        "malformed",
        400,
        "The request cannot be read",
        "Something in the body, the address or a header is not what it must be; `errors` names each place. "
        "Correct it and send it again.",
    ),
    Kind(
        "unauthenticated",
        401,
        "Say who you are",
        "Send `Authorization: Bearer om_…`; `manage.py create_token` makes a token.",
    ),
    Kind(
        "forbidden",
        403,
        "Not for your role",
        "Your role or your token's scopes do not allow this. An org designer gives both.",
    ),
    Kind(
        "not-found",
        404,
        "There is nothing here",
        "No such address, record or draft, or none that you may see. Addresses end with a slash.",
    ),
    Kind(
        "method-not-allowed",
        405,
        "Not possible with this method",
        "The header `Allow` lists what is possible here.",
    ),
    Kind(
        "not-acceptable",
        406,
        "Only JSON is served here",
        "Send `Accept: application/json`, or no such header.",
    ),
    Kind(
        "conflict",
        409,
        "Somebody else was faster",
        "What you built on has changed meanwhile; `errors` shows what you expected and what was found. "
        "Read again, decide, send again.",
    ),
    Kind(
        "still-running",
        409,
        "The first request still runs",
        "A request with the same `Idempotency-Key` has not been answered yet. "
        "Send it again after as many seconds as `Retry-After` says.",
    ),
    Kind(
        "gone",
        410,
        "This is not kept any more",
        "What you ask for is older than what is kept. Read everything once, and go on from there.",
    ),
    Kind(
        "stale",
        412,
        "It has changed since you read it",
        "`current` holds it as it is now, and the header `ETag` its tag. Decide, and send your change again with "
        "that tag as `If-Match`.",
    ),
    Kind("too-large", 413, "The request is too large", "A request may have ten megabytes."),
    Kind(
        "unsupported-media-type",
        415,
        "This kind of content is not read here",
        "Send JSON, with `Content-Type: application/json`, unless the documentation names more for this address.",
    ),
    Kind(
        "refused",
        422,
        "This cannot be done",
        "The request is well formed, but the organization does not allow it; `errors` says why and what helps.",
    ),
    Kind(
        "key-reused",
        422,
        "This key belongs to another request",
        "The `Idempotency-Key` was sent before with another address or body. Use a new key for a new request.",
    ),
    Kind(
        "precondition-required",
        428,
        "Say on which state you build",
        "Send the `ETag` that you read as `If-Match`, or `If-Match: *` to change whatever is there.",
    ),
    Kind(
        "too-many-requests",
        429,
        "Too many requests",
        "Wait as many seconds as `Retry-After` says. `RateLimit-Policy` and `RateLimit` tell what is left.",
    ),
    Kind(
        "server-error",
        500,
        "Something went wrong on our side",
        "Nothing was changed. The server's log has the details, under the `request_id`.",
    ),
    Kind(
        "unavailable",
        503,
        "The database cannot be reached right now",
        "Nothing was changed. Send it again after as many seconds as `Retry-After` says.",
    ),
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _ALL}
"""Every type of problem, by name."""

_OF_STATUS: Mapping[int, Kind] = {kind.status: kind for kind in reversed(_ALL)}  # the first of each status


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request, and where: in the body by JSON pointer, a query parameter, a header."""

    code: str
    detail: str
    pointer: str | None = None
    parameter: str | None = None
    header: str | None = None
    expected: Any = None
    found: Any = None
    position: int | None = None  # of the operation in a draft that is in the way

    def as_json(self) -> dict[str, Any]:
        places = {"pointer": self.pointer, "parameter": self.parameter, "header": self.header}
        where = {place: name for place, name in places.items() if name is not None} or {"pointer": ""}
        values: dict[str, Any] = (
            {"expected": self.expected, "found": self.found} if self.code in VALUED else {}
        )
        if self.position is not None:
            values["position"] = self.position
        return {**where, "code": self.code, "detail": self.detail, **values}


VALUED = ("conflict", "stale_version")


class Faulty(Exception):
    """A request that cannot be read (400), that names what is not there (422), or meets another problem by name."""

    def __init__(
        self,
        faults: Iterable[Fault],
        status: int = 400,
        *,
        detail: str = "",
        kind: str = "",
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        self.faults = tuple(faults)
        self.kind = KINDS[kind] if kind else _OF_STATUS[status]
        self.headers = headers or {}
        self.members = members or {}
        super().__init__(detail or " ".join(_sentence(fault.detail) for fault in self.faults))


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def problem_response(
    request: HttpRequest,
    status: int,
    *,
    kind: Kind | None = None,
    detail: str = "",
    faults: Iterable[Fault] = (),
    headers: Mapping[str, str] | None = None,
    members: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Return the problem document of a status, or of a kind of problem; `members` are its own beside the usual."""
    kind = kind or _OF_STATUS.get(status) or Kind("other", status, http.HTTPStatus(status).phrase, "")
    body = {
        "type": kind.address if kind.name in KINDS else "about:blank",
        "title": kind.title,
        "status": kind.status,
        "detail": detail or kind.advice,
        "instance": request.path,
        "request_id": getattr(request, "request_id", ""),
        "errors": [fault.as_json() for fault in faults],
        **(members or {}),
    }
    return HttpResponse(
        to_json(body),
        status=kind.status,
        content_type="application/problem+json",
        headers=dict(headers or {}),
    )


def to_json(value: Any) -> bytes:
    """Return a value as the API writes it."""
    return orjson.dumps(value, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    raise TypeError


def exception_handler(exception: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """Answer what a view of the API raises; None leaves it to be logged and answered with a 500."""
    request = context["request"]._request
    match exception:
        case Faulty():
            return problem_response(
                request,
                exception.kind.status,
                kind=exception.kind,
                detail=str(exception),
                faults=exception.faults,
                headers=exception.headers,
                members=exception.members,
            )
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
                faults=[context["view"].fault_of(complaint) for complaint in complaints],
            )
        case Http404():
            return problem_response(request, 404, detail=str(exception))
        case ObjectDoesNotExist():  # found, and removed by somebody else before it could be locked
            return problem_response(request, 404, detail="It has just been removed.")
        case PermissionDenied():
            return problem_response(request, 403, detail=str(exception))
        case RequestDataTooBig():
            return problem_response(request, 413)
        case WrongParameter():
            fault = Fault("invalid", str(exception), parameter=exception.parameter)
            return problem_response(request, 400, detail=fault.detail, faults=[fault])
        case BadRequest() | SuspiciousOperation():
            return problem_response(request, 400, detail=str(exception))
        case OperationalError():
            return unavailable(request, exception)
        case exceptions.APIException():
            return _of_framework(request, exception, context["view"])
    return None


def fault_of(complaint: wording.Complaint, pointer: str | None, parameter: str | None = None) -> Fault:
    """Return what is in the way as a fault at its place."""
    return Fault(
        complaint.code,
        complaint.message,
        pointer,
        parameter,
        expected=complaint.expected,
        found=complaint.found,
    )


def _of_framework(request: HttpRequest, exception: exceptions.APIException, view: Any) -> HttpResponse:
    headers = {}
    if challenge := getattr(exception, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(exception, "wait", None):
        headers["Retry-After"] = str(math.ceil(wait))
    return problem_response(request, exception.status_code, detail=_words(exception, view), headers=headers)


def _words(exception: exceptions.APIException, view: Any) -> str:
    """Return what the framework says, or "" where the advice of the problem says it better."""
    if isinstance(exception, exceptions.UnsupportedMediaType):
        read = ", ".join(name for parser in view.parser_classes for name in parser.reads)
        return f"{exception.detail} Read here: {read}."
    if isinstance(exception, (exceptions.NotAuthenticated, exceptions.NotAcceptable)):
        return ""
    return str(exception.detail) if isinstance(exception.detail, str) else ""
