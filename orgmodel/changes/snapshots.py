"""Names for points in time. A snapshot is a name for a version; nothing is copied, the log knows what it was."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from orgmodel.changes import store
from orgmodel.changes.models import ChangeSet, Snapshot
from orgmodel.changes.services import name_to_keep
from orgmodel.core.operations import Refused
from orgmodel.core.phrases import say

NAME_LIMIT = 200


def find(key: str) -> Snapshot | None:
    return Snapshot.objects.filter(key=key).first() if re.fullmatch(r"[-\w]{1,100}", key, re.ASCII) else None


def day_of(snapshot: Snapshot) -> date:
    """Return the day on which the version was made that a snapshot names."""
    made = ChangeSet.objects.filter(version=snapshot.version).values_list("recorded_at", flat=True).first()
    return timezone.localdate(made or snapshot.created_at)


def take(name: str, *, author_id: int | None, at: datetime, version: int | None = None) -> Snapshot:
    """Give a version a name: today's where none is said. The same name for the same version is no second one.

    Raises Refused for a name that is missing, taken or cannot be kept, and for a version that there is not.
    """
    name = _checked(name)
    with transaction.atomic():
        head = store.locked_head()  # so that two of one name taken at once get two keys
        if version is None:
            version = head.version
        if not 0 < version <= head.version:
            raise Refused(
                say("There is no version {version} of the organization yet.", version=version),
                field="version",
            )
        known = Snapshot.objects.filter(name__iexact=name).first()
        if known is not None and known.version == version:
            return known
        _check_free(known)
        return Snapshot.objects.create(
            key=_free_key(name), name=name, version=version, author_id=author_id, created_at=at
        )


def rename(snapshot: Snapshot, name: str) -> None:
    """Call a snapshot otherwise; its key stays, so addresses go on working. Raises Refused."""
    name = _checked(name)
    _check_free(Snapshot.objects.filter(name__iexact=name).exclude(pk=snapshot.pk).first())
    snapshot.name = name
    snapshot.save(update_fields=["name"])


def remove(snapshot: Snapshot) -> None:
    """Forget a name. What happened stays in the history."""
    snapshot.delete()


def _checked(name: str) -> str:
    return name_to_keep(name, NAME_LIMIT, what=say("this point in time"))


def _check_free(known: Snapshot | None) -> None:
    if known is not None:
        raise Refused(
            say("“{name}” is the name of version {version} already.", name=known.name, version=known.version),
            field="name",
        )


def _free_key(name: str) -> str:
    """Return a key of its own. None reads as a day, which `?as_of=` would take it for."""
    stem = slugify(name)[:80] or "snapshot"
    if _is_day(stem):
        stem = f"snapshot-{stem}"
    taken = set(Snapshot.objects.filter(key__startswith=stem).values_list("key", flat=True))
    numbered = (f"{stem}-{count}" for count in range(2, len(taken) + 3))
    return stem if stem not in taken else next(key for key in numbered if key not in taken)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
