"""Linking a group of an identity provider to a unit: what it would do, and doing it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from orgmodel.changes import services, store
from orgmodel.changes.models import ChangeSet
from orgmodel.changes.services import Actor
from orgmodel.core.operations import Operation, Refused
from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import say
from orgmodel.core.records import Person
from orgmodel.scim import linking
from orgmodel.scim.models import ScimGroup, ScimMember


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What linking would do: who joins, who is there already, and whom the group does not know."""

    operations: tuple[Operation, ...]
    joined: frozenset[str]
    already: frozenset[str]
    outside: tuple[Person, ...]  # in the group, and not made members
    others: tuple[Person, ...]  # in the unit, and not in the group: they stay


@dataclass(frozen=True, slots=True)
class Linked:
    """What linking has done: who joined, and the change set that says so; None where nobody had to."""

    joined: frozenset[str]
    change_set: ChangeSet | None


def members_of(group: ScimGroup) -> list[str]:
    found = ScimMember.objects.filter(group=group).order_by("pk").values_list("person", flat=True)
    return [str(id_) for id_ in found]


def foresee(org: Org, group: ScimGroup, members: Sequence[str], unit: Any, *, moves: bool) -> Foreseen:
    """Return what linking a group to a unit would do. Raises Refused where it is closed."""
    linked = ScimGroup(pk=group.pk, unit_kind=unit.KIND, unit=unit.id, moves=moves)
    if linking.unit_of(org, linked) is None:
        raise Refused(say("{unit} is closed.", unit=unit.name), field="unit")
    plan = linking.plan(org, linked, members, ())
    there = linking.people_in(org, unit.KIND, unit.id)
    return Foreseen(
        plan.operations,
        plan.joined,
        frozenset(there.intersection(members)),
        _named(org, {*members} - there - plan.joined),
        _named(org, there.difference(members)),
    )


def _named(org: Org, ids: Collection[str]) -> tuple[Person, ...]:
    return tuple(by_name(org.people[id_] for id_ in ids if id_ in org.people))


def differences(
    org: Org, group: ScimGroup, members: Sequence[str]
) -> tuple[Sequence[Person], Sequence[Person]]:
    """Return who is in a linked group but not in its unit, and the other way round."""
    unit = linking.unit_of(org, group)
    if unit is None:
        return (), ()
    there = linking.people_in(org, unit.KIND, unit.id)
    return _named(org, {*members} - there), _named(org, there.difference(members))


def link(group: ScimGroup, unit: Any, *, moves: bool, takes_over: bool, actor: Actor, at: datetime) -> Linked:
    """Link a group: its members join the unit, as one change set. Raises Refused, RuleViolation or Conflict.

    With `takes_over`, SCIM also ends the memberships of those who are in both already.
    """
    with transaction.atomic():
        store.locked_head()  # first, as for everything that SCIM writes, so that nobody waits for each other
        group.refresh_from_db()
        if ScimGroup.objects.filter(unit=unit.id).exclude(pk=group.pk).exists():
            raise Refused(say("{unit} is linked to another group already.", unit=unit.name), field="unit")
        found = foresee(services.current(), group, members_of(group), unit, moves=moves)
        change_set = None
        if found.operations:
            message = f"The group “{group.name}” is linked to {unit.name}."
            change_set = services.commit(found.operations, actor=actor, message=message, source="scim", at=at)
        group.unit_kind, group.unit, group.moves = unit.KIND, unit.id, moves
        group.save()
        managed = found.joined | (found.already if takes_over else frozenset())
        members = ScimMember.objects.filter(group=group)
        members.update(managed=False)
        members.filter(person__in=managed).update(managed=True)
    return Linked(found.joined, change_set)


def unlink(group: ScimGroup) -> None:
    """Unlink a group. Nobody leaves the unit by that; from then on they are there by hand."""
    with transaction.atomic():
        ScimMember.objects.filter(group=group).update(managed=False)
        ScimGroup.objects.filter(pk=group.pk).update(unit_kind="", unit=None, moves=False)
