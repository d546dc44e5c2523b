"""Issue, recognize and revoke tokens. The secret is shown once and kept as an HMAC under a key made from SECRET_KEY."""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.text import slugify

from orgmodel.access.roles import EDITOR, ORG_DESIGNER, PLANNER, VIEWER
from orgmodel.integrations.models import Integration, Token

PREFIX = "om"
USED_EVERY = timedelta(minutes=1)

_READS = ("people:read", "units:read", "changes:read")
_WRITES = ("people:write", "units:write", "publish")
SCOPES = (*_READS, "drafts:write", *_WRITES, "scim", "admin")
SCOPES_OF = {
    VIEWER: _READS,
    PLANNER: (*_READS, "drafts:write"),
    EDITOR: (*_READS, "drafts:write", *_WRITES),
    ORG_DESIGNER: SCOPES,
}
"""The scopes that let a token do what a person of a role may."""


def role_for(scopes: Iterable[str]) -> str:
    """Return the role that a token acts in: the least one that may do what its scopes say."""
    held = {*scopes}
    if "admin" in held:
        return ORG_DESIGNER
    if held & {*_WRITES, "scim"}:
        return EDITOR
    return PLANNER if "drafts:write" in held else VIEWER


def issue(name: str, role: str, *, at: datetime) -> str:
    """Return a new token for the integration of this name, with the scopes of a role."""
    public_id, secret = secrets.token_hex(8), secrets.token_hex(32)
    with transaction.atomic():
        integration = integration_of(name, at=at)
        Token.objects.create(
            public_id=public_id,
            digest=_digest(secret),
            integration=integration,
            scopes=list(SCOPES_OF[role]),
            created_at=at,
        )
    return with_checksum(f"{PREFIX}_{public_id}_{secret}")


def integration_of(name: str, *, at: datetime) -> Integration:
    """Return the integration of this name, made with its user where there is none."""
    key = slugify(name, allow_unicode=True)
    found = Integration.objects.filter(key=key).first()
    if found is not None:
        return found
    user_model: Any = get_user_model()
    user = user_model(username=username_of(name), first_name=name)
    user.set_unusable_password()
    user.save()
    return Integration.objects.create(key=key, name=name, user=user, created_at=at)


def with_checksum(token: str) -> str:
    """Return a token with its checksum, by which scanners of source code recognize one without asking."""
    return f"{token}_{zlib.crc32(token.encode()):08x}"


def revoke(name: str, *, at: datetime) -> int:
    """Revoke every token of an integration and return how many there were."""
    key = slugify(name, allow_unicode=True)
    return Token.objects.filter(integration__key=key, revoked_at=None).update(revoked_at=at)


def recognize(text: str, *, at: datetime) -> Any:
    """Return the user whom a token belongs to, in the role its scopes give, or None where it opens nothing."""
    body, _, _ = text.rpartition("_")
    prefix, _, rest = body.partition("_")
    public_id, _, secret = rest.partition("_")
    well_formed = prefix == PREFIX and public_id.isalnum() and len(public_id) <= 16
    found = _token(public_id) if well_formed and with_checksum(body) == text else None
    known = found.digest if found is not None else ""
    if not any(constant_time_compare(known, _digest(secret, key)) for key in _keys()) or found is None:
        return None
    user: Any = found.integration.user
    if not user.is_active or found.integration.closed_at is not None:
        return None
    if found.last_used_at is None or at - found.last_used_at >= USED_EVERY:
        Token.objects.filter(pk=found.pk).update(last_used_at=at)
    user.role_names = {role_for(found.scopes)}
    user.token = found
    return user


def role_names_of(user: Any) -> set[str]:
    """Return the roles that the tokens of an integration act in; none for people, who hold roles themselves."""
    held = Token.objects.filter(integration__user=user, integration__closed_at=None, revoked_at=None)
    return {role_for(scopes) for scopes in held.values_list("scopes", flat=True)}


def username_of(name: str) -> str:
    """Return the login of an integration: `integration:hr-sync` for “HR sync”."""
    return f"integration:{slugify(name, allow_unicode=True)}"


def _token(public_id: str) -> Token | None:
    rows = Token.objects.select_related("integration__user")
    return rows.filter(public_id=public_id, revoked_at=None).first()


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _digest(secret: str, key: str | None = None) -> str:
    return salted_hmac("orgmodel.integrations.token", secret, secret=key, algorithm="sha256").hexdigest()
