"""Who calls the API: an integration by its token. People in a browser come in by their session, DRF's own class."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied, Throttled
from rest_framework.request import Request

from orgmodel.integrations import limits, tokens

SCHEME = "bearer"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer om_…`"""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        user = user_of(request._request)
        return (user, None) if user is not None else None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="orgmodel"'


def user_of(request: HttpRequest) -> Any:
    """Return the integration's user whose token a request bears, or None where it bears none; the request counts.

    Raises AuthenticationFailed, PermissionDenied for a wrong address, or Throttled.
    """
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != SCHEME:
        return None
    now = timezone.now()
    try:
        user = tokens.recognize(token.strip(), at=now, address=address_of(request))
    except tokens.NotRecognized as error:
        raise AuthenticationFailed(str(error)) from None
    except tokens.WrongAddress as error:
        raise PermissionDenied(str(error)) from None
    allowance = limits.take(request, user.token, at=now)
    if allowance is not None and allowance.is_over:
        raise Throttled(wait=allowance.wait)
    return user


def address_of(request: HttpRequest) -> str:
    """Return where a request comes from: the last address of `X-Forwarded-For` that is not a proxy of our own."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    before = [
        each.strip() for each in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if each.strip()
    ]
    while before and tokens.is_in(address, settings.TRUSTED_PROXIES):
        address = before.pop()
    return address
