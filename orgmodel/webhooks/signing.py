"""Signatures as Standard Webhooks 1.0 has them. A secret is worked out from SECRET_KEY, so a copy of the database signs
nothing; while an old SECRET_KEY is among the fallbacks, its secrets sign as well.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.utils.crypto import salted_hmac

PREFIX = "whsec_"


def secret_of(subscription: str, number: int) -> str:
    """Return the secret of this number of a subscription, as its receiver keeps it."""
    return secrets_of(subscription, number)[0]


def secrets_of(subscription: str, number: int) -> list[str]:
    """Return one secret for each key that counts."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [_secret(f"{subscription}/{number}", key) for key in keys]


def _secret(what: str, key: str) -> str:
    digest = salted_hmac("orgmodel.webhooks.secret", what, secret=key, algorithm="sha256").digest()
    return PREFIX + base64.b64encode(digest).decode()


def headers(event: str, body: bytes, secrets: Iterable[str], at: datetime) -> Mapping[str, str]:
    """Return the three headers of an attempt: the event's id, the time of the attempt, and a signature per secret."""
    timestamp = str(int(at.timestamp()))
    signed = b".".join((event.encode(), timestamp.encode(), body))
    return {
        "webhook-id": event,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{_signature(secret, signed)}" for secret in secrets),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
