"""Accounts that identity providers switched off. Nobody is offboarded by that: it is shown, and people decide."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from orgmodel.changes.registry import model_of
from orgmodel.core.operations.people import seats_in_words
from orgmodel.core.org import Org
from orgmodel.scim.models import ScimUser


def deactivated() -> QuerySet[ScimUser]:
    return ScimUser.objects.filter(deactivated_at__isnull=False)


def count_here() -> int:
    """Return how many people are here whose account is off."""
    people: Any = model_of("person")._default_manager
    return int(people.filter(pk__in=deactivated().values("pk")).exclude(status="left").count())


def notice_about(org: Org, person: Any) -> dict[str, Any] | None:
    """Return since when someone's account is off and what they hold still, or None where it is on or unknown."""
    account = deactivated().filter(pk=person.id).first()
    if account is None or not person.is_here:
        return None
    return {
        "since": account.deactivated_at,
        "is_deleted": account.deleted_at is not None,
        "holds": seats_in_words(org, person.id),
    }
