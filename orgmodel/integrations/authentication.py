"""Who calls the API: an integration by its token. People in a browser come in by their session, DRF's own class."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from orgmodel.integrations import tokens

SCHEME = "bearer"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer om_…`"""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        scheme, _, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != SCHEME:
            return None
        user = tokens.recognize(token.strip(), at=timezone.now())
        if user is None:
            raise AuthenticationFailed("This token is unknown, revoked, or its user is not active any more.")
        return user, None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="orgmodel"'
