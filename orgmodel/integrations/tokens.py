"""Issue, recognize and revoke tokens. The secret is shown once and kept as an HMAC under a key made from SECRET_KEY."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.text import slugify

from orgmodel.integrations.models import Token

PREFIX = "om"
USED_EVERY = timedelta(minutes=1)


def issue(name: str, role: str, *, at: datetime) -> str:
    """Return a new token for the integration of this name, which gets this role and no other."""
    public_id, secret = secrets.token_hex(8), secrets.token_hex(32)
    user_model: Any = get_user_model()
    with transaction.atomic():
        username = username_of(name)
        user, is_new = user_model.objects.get_or_create(username=username)
        if is_new:
            user.set_unusable_password()
            # The name for people, where the username cannot hold it.
            user.first_name = "" if username == f"integration:{name}" else name
        user.is_active = True
        user.save()
        user.groups.set([Group.objects.get(name=role)])
        Token.objects.create(public_id=public_id, digest=_digest(secret), user=user, created_at=at)
    return f"{PREFIX}_{public_id}_{secret}"


def revoke(name: str, *, at: datetime) -> int:
    """Revoke every token of an integration and return how many there were."""
    return Token.objects.filter(user__username=username_of(name), revoked_at=None).update(revoked_at=at)


def recognize(text: str, *, at: datetime) -> Any:
    """Return the user whom a token belongs to, with their roles, or None where it opens nothing."""
    prefix, _, rest = text.partition("_")
    public_id, _, secret = rest.partition("_")
    found = _tokens(public_id) if prefix == PREFIX and public_id.isalnum() and len(public_id) <= 16 else []
    known = found[0].digest if found else ""
    if not any(constant_time_compare(known, _digest(secret, key)) for key in _keys()) or not found:
        return None
    token, user = found[0], found[0].user
    if not user.is_active:
        return None
    if token.last_used_at is None or at - token.last_used_at >= USED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used_at=at)
    user.role_names = {row.role for row in found}
    return user


def username_of(name: str) -> str:
    """Return the login of an integration: `integration:hr-sync` for “HR sync”."""
    return f"integration:{slugify(name, allow_unicode=True)}"


def _tokens(public_id: str) -> list[Any]:
    """Return a valid token once for each group of its user: everything that a request needs, in one query."""
    rows = Token.objects.select_related("user").annotate(role=F("user__groups__name"))
    return [*rows.filter(public_id=public_id, revoked_at=None)]


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _digest(secret: str, key: str | None = None) -> str:
    return salted_hmac("orgmodel.integrations.token", secret, secret=key, algorithm="sha256").hexdigest()
