"""What tests of drafts start from: two tribes with three squads, and drafts that move people between them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from orgmodel.changes import drafts, plans
from orgmodel.changes.models import Draft
from orgmodel.core.operations import MovePeople, Operation
from tests.build import an_org, id_of, save, squad, tribe


def save_two_tribes() -> None:
    save(
        an_org(
            tribe("Listen", squad("Search", "Ana", "Ben"), squad("Radio", "Cleo")),
            tribe("Create", squad("Ads")),
        )
    )


def move(*people: str, to: str, source: str | None = None) -> MovePeople:
    ids = tuple(id_of(name) for name in people)
    return MovePeople(people=ids, to=id_of(to), source=id_of(source) if source else None)


def a_draft(owner: Any, *operations: Operation, name: str = "Unblock search") -> Draft:
    return drafts.create_draft(name, owner_id=owner.user.pk, at=timezone.now(), operations=operations)


def expected(draft: Draft) -> str:
    """Return the fingerprint that a page of the draft would carry now."""
    return plans.fingerprint(plans.replay_draft(Draft.objects.get(pk=draft.pk)))
