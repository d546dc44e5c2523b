"""`Idempotency-Key`: a request that is sent again is answered again, and carried out once.

The key is taken in a transaction of its own, before anything else. The request then runs in one transaction together
with keeping its answer, so that a process that dies leaves neither. Only successes are kept.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from orgmodel.access.roles import tribe_of
from orgmodel.integrations.models import KeptAnswer
from orgmodel.integrations.problems import Fault, Faulty, to_json

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(hours=48)
LEASE = timedelta(seconds=60)  # how long a request may run before another one may take its key over
AGAIN_IN = 5  # seconds
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_HEADERS = ("Change-Set", "Draft-Revision", "ETag", "Location")


def key_of(request: Request, *, required: bool, refused: bool) -> str:
    """Return the key of a request, "" where it has none. Raises Faulty."""
    key = request.headers.get(HEADER)
    if key is None and not required:
        return ""
    if refused:
        detail = "The answer tells a secret, which is not kept to be told again. Send this without a key."
        raise Faulty([Fault("not_possible", detail, header=HEADER)])
    if key and _KEY.fullmatch(key):
        return key
    if key or not required:
        detail = "A key has 1 to 255 visible ASCII characters and no spaces."
        raise Faulty([Fault("invalid", detail, header=HEADER)])
    detail = f"Send {HEADER} with a new value, such as a UUID, so that this can be sent again safely."
    raise Faulty([Fault("required", detail, header=HEADER)])


def once(request: Request, key: str, run: Callable[[], Any]) -> Any:
    """Run a request and keep its answer, or say again what it was answered before. Raises Faulty."""
    kept = _claim(cast(int, request.user.pk), key, _fingerprint(request), timezone.now())
    if kept.status is not None:
        headers = {**kept.headers, "Idempotent-Replayed": "true"}
        return HttpResponse(bytes(kept.body), status=kept.status, headers=headers)
    try:
        with transaction.atomic():
            response = run()
            _keep(kept, response)
    except BaseException:
        _mine(kept).delete()
        raise
    return response


def clear_old(at: datetime) -> int:
    """Remove answers that are not kept any longer and return how many there were."""
    deleted, _ = KeptAnswer.objects.filter(started_at__lt=at - KEPT_FOR).delete()
    return deleted


def _claim(user_id: int, key: str, fingerprint: str, at: datetime) -> KeptAnswer:
    """Return the row of a key: a new one or one taken over, to run with, or one that holds its answer."""
    new = {"fingerprint": fingerprint, "started_at": at}
    try:
        kept, made = KeptAnswer.objects.get_or_create(user_id=user_id, key=key, defaults=new)
    except IntegrityError:  # another request had the key at this moment, and has given it up by now
        raise _running("The request that was sent with this key has just failed.") from None
    if made:
        return kept
    is_over = at - kept.started_at > KEPT_FOR
    if not is_over and kept.fingerprint != fingerprint:
        detail = "This key was sent with another address or body."
        raise Faulty([Fault("reused", detail, header=HEADER)], kind="key-reused")
    if not is_over and kept.status is not None:
        return kept
    abandoned = at - kept.started_at > LEASE
    if not (abandoned and _mine(kept).update(**new, status=None, headers={}, body=b"")):
        raise _running("The request that was sent with this key still runs.")
    kept.started_at, kept.status = at, None
    return kept


def _running(detail: str) -> Faulty:
    wait = {"Retry-After": str(AGAIN_IN)}
    return Faulty([Fault("running", detail, header=HEADER)], kind="still-running", headers=wait)


def _keep(kept: KeptAnswer, response: Any) -> None:
    headers = {name: response[name] for name in _HEADERS if name in response}
    body = to_json(response.data) if response.data is not None else b""
    headers["Content-Type"] = "application/json"  # it is not rendered yet
    if not _mine(kept).update(status=response.status_code, headers=headers, body=body):
        detail = "This took so long that the request was taken over by a later one with the same key."
        raise Faulty([Fault("running", detail, header=HEADER)], kind="still-running")


def _mine(kept: KeptAnswer) -> Any:
    """Return the row as long as nobody has taken it over."""
    return KeptAnswer.objects.filter(pk=kept.pk, started_at=kept.started_at)


def _fingerprint(request: Request) -> str:
    inner, seen = request._request, tribe_of(request.user)  # another token of the caller may see less
    found = hashlib.sha256(f"{inner.method} {inner.get_full_path()} {seen}\n".encode())
    found.update(inner.body)
    return found.hexdigest()
