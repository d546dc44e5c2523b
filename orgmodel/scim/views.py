"""The SCIM endpoint: who calls, what they ask of the protocol's core, and every error in SCIM's own form."""

from __future__ import annotations

import logging
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import APIException
from scim2_models import (
    Error,
    ForbiddenException,
    InvalidSyntaxException,
    InvalidValueException,
    PayloadTooLargeException,
    SCIMException,
    UnauthorizedException,
)
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse

from orgmodel.access.roles import tribe_of
from orgmodel.changes.faces import actor_of
from orgmodel.core.rules.integrity import storable
from orgmodel.errors import DATABASE_BACK_IN
from orgmodel.integrations.authentication import user_of
from orgmodel.integrations.permissions import check_scope
from orgmodel.integrations.problems import Faulty
from orgmodel.scim.bodies import normalized
from orgmodel.scim.desk import Desk
from orgmodel.scim.service import OrgHandler, service
from orgmodel.scim.storage import OrgStorage

logger = logging.getLogger(__name__)

SCOPE = "scim"
ADDRESS_LIMIT = 4_000
READING = ("GET", "HEAD")


@csrf_exempt
def scim(request: HttpRequest, path: str | None = None) -> HttpResponse:
    try:
        answer = _serve(request, path or "/")
    except Exception as error:  # whatever it is, its answer has SCIM's form
        answer = service().error_response(_as_scim(error))
        if answer.status >= 500:
            logger.exception("%s %s failed", request.method, request.path)
        if answer.status == 503:
            answer.headers["Retry-After"] = str(DATABASE_BACK_IN)
    body = orjson.dumps(answer.body) if answer.body is not None else b""
    return HttpResponse(body, status=answer.status, headers=answer.headers)


def _serve(request: HttpRequest, path: str) -> ScimResponse:
    user = _caller(request)
    asked = ScimRequest(
        method="GET" if request.method == "HEAD" else str(request.method),
        base_url=request.build_absolute_uri("/scim/v2"),
        path=path,
        query=_query(request),
        headers=request.headers,
        body=_body(request),
        subject=user,
    )
    desk = Desk(actor_of(user), timezone.now)
    handler = OrgHandler(
        service(), OrgStorage(service().provider, desk, writes=request.method not in READING)
    )
    return handler.handle(asked)


def _caller(request: HttpRequest) -> Any:
    """Return the user of the token that a request bears. SCIM sees everyone, so a part of the organization won't do."""
    user = user_of(request)
    if user is None:
        raise UnauthorizedException(
            detail="Send Authorization: Bearer om_… with a token that has the scope scim."
        )
    check_scope(user, SCOPE)
    if tribe_of(user) is not None:
        raise ForbiddenException(
            detail="This token is limited to one tribe, and SCIM is about everyone. Use one without that limit."
        )
    return user


def _query(request: HttpRequest) -> dict[str, str]:
    if len(request.META.get("QUERY_STRING", "")) > ADDRESS_LIMIT:
        raise InvalidValueException(detail=f"The query may have {ADDRESS_LIMIT:,} characters at most.")
    query = {name: str(value) for name, value in request.GET.items()}
    if not all(map(storable, query.values())):
        raise InvalidValueException(detail="The query holds characters that cannot be stored.")
    return query


def _body(request: HttpRequest) -> bytes:
    try:
        return normalized(request.body) if request.body else b""
    except RequestDataTooBig:
        raise PayloadTooLargeException(detail="A request may have ten megabytes.") from None


def _as_scim(error: Exception) -> Exception:
    """Return what the REST API or Python says as SCIM says it; anything else as it is, which is a failure of ours."""
    match error:
        case RecursionError():
            return InvalidSyntaxException(detail="This is nested too deeply to be read.")
        case OperationalError():
            return _error(503, "The database cannot be reached right now. Nothing was changed.")
        case Faulty():
            return _error(error.kind.status, str(error))
        case APIException():
            return _error(error.status_code, str(error.detail))
    return error


def _error(status: int, detail: str) -> SCIMException:
    return SCIMException.from_error(Error(status=status, detail=detail))
