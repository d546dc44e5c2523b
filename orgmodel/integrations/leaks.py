"""Tokens in places where they would be kept, such as an address: they are refused there, with the way that is right."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from orgmodel.integrations.problems import Fault, problem_response
from orgmodel.redaction import TOKEN, without_tokens

PARAMETERS = frozenset({"token", "access_token", "api_key", "apikey", "authorization"})
INSTEAD = "Send it as `Authorization: Bearer om_…`, and nowhere else."
REVOKE = "Have this one revoked: what stands there is kept in logs."


class TokenLeakMiddleware:
    """Answers 400 where a token stands in the address, the body or another header than `Authorization` of a call."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(("/api/", "/scim/")):
            return self.get_response(request)
        where = _place_of_token(request)
        if where is None:
            return self.get_response(request)
        request.path = without_tokens(request.path)  # it is what the problem and the log name
        detail = f"A token in {where} is not read. {INSTEAD} {REVOKE}"
        return problem_response(request, 400, detail=detail, faults=[Fault("misplaced_token", detail)])


def _place_of_token(request: HttpRequest) -> str | None:
    named = PARAMETERS & {name.lower() for name in request.GET}
    if named or TOKEN.search(unquote(request.META.get("QUERY_STRING", ""))) or TOKEN.search(request.path):
        return "the address"
    for name, value in request.META.items():
        is_header = name.startswith("HTTP_") and name not in ("HTTP_AUTHORIZATION", "HTTP_COOKIE")
        if is_header and TOKEN.search(str(value)):
            return "this header"
    is_json = "json" in request.META.get("CONTENT_TYPE", "")
    return "the body" if is_json and _is_in_body(request) else None


def _is_in_body(request: HttpRequest) -> bool:
    """Look through a body as it came; one that is too large or breaks off is for the view to refuse."""
    try:
        return TOKEN.search(request.body.decode("latin-1")) is not None
    except (RequestDataTooBig, UnreadablePostError):
        return False
