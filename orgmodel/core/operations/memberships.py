"""Who is in which squad: join, leave, move, share."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from orgmodel.core.changes import Conflict, FieldConflict
from orgmodel.core.operations.base import (
    Operation,
    Refused,
    check_fields,
    check_seen,
    field_values,
    get,
    get_here,
    get_open,
    name_of,
    names,
    new_id,
    refs,
)
from orgmodel.core.org import Org
from orgmodel.core.records import Membership, choice, day, label_of, percent, ref


@dataclass(frozen=True, slots=True)
class JoinSquad(Operation):
    """Add a person to a squad, next to the squads they are in already."""

    id: str = new_id()
    person: str = ref("person", required=True)
    squad: str = ref("squad", required=True)
    role: str | None = ref("role")
    share: int | None = percent()
    kind: str = choice("permanent", "loan", "rotation", "trial")
    since: date | None = day()
    until: date | None = day()

    def apply(self, org: Org) -> Org:
        person = get_here(org, self.person)
        squad = get_open(org, "squad", self.squad, "squad")
        if self.role is not None:
            get(org, "role", self.role, "role")
        if org.membership(person.id, squad.id) is not None:
            raise Refused(f"{person.name} is in {squad.name} already.", field="squad")
        if org.get("membership", self.id) is not None:
            raise Refused("This membership exists already.")
        fields = {name: getattr(self, name) for name in ("role", "share", "kind", "since", "until")}
        return org.put(Membership(id=self.id, person=person.id, squad=squad.id, **fields))

    def describe(self, org: Org) -> str:
        share = f" at {self.share} %" if self.share else ""
        role = f" as {name_of(org, 'role', self.role).lower()}" if self.role else ""
        return (
            f"Add {name_of(org, 'person', self.person)} to {name_of(org, 'squad', self.squad)}{role}{share}"
        )


@dataclass(frozen=True, slots=True)
class LeaveSquad(Operation):
    """Take a person out of a squad. They stay in the organization and in their other squads."""

    person: str = ref("person", required=True)
    squad: str = ref("squad", required=True)

    def apply(self, org: Org) -> Org:
        return org.remove(_membership(org, self.person, self.squad))

    def describe(self, org: Org) -> str:
        return f"Take {name_of(org, 'person', self.person)} out of {name_of(org, 'squad', self.squad)}"


@dataclass(frozen=True, slots=True)
class MovePeople(Operation):
    """Move one or many people from a squad to another.

    `source` None means each person's home squad. Role, share and since stay where they are not given, but a role that
    leads is left behind. Someone who is in the new squad already keeps one membership there with both shares added.
    """

    people: tuple[str, ...] = refs("person")
    to: str = ref("squad", required=True)
    source: str | None = ref("squad", label="from")
    role: str | None = ref("role")
    share: int | None = percent()
    since: date | None = day()

    def apply(self, org: Org) -> Org:
        if not self.people:
            raise Refused("Choose at least one person.", field="people")
        squad = get_open(org, "squad", self.to, "to")
        if self.role is not None:
            get(org, "role", self.role, "role")
        for person in dict.fromkeys(self.people):
            org = self._move(org, person, squad)
        return org

    def _move(self, org: Org, person: str, squad: Any) -> Org:
        who = get_here(org, person, "people")
        membership = org.membership(person, self.source) if self.source else org.primary_membership(person)
        if membership is None and self.source and (home := org.primary_membership(person)):
            # Somebody else has moved them meanwhile: both values are shown, nobody is overruled in silence.
            raise Conflict([FieldConflict("membership", home.id, "squad", self.source, home.squad, squad.id)])
        if membership is None:
            raise Refused(f"{who.name} is in no squad. Add them to {squad.name} instead.", field="people")
        if membership.squad == squad.id:
            raise Refused(f"{who.name} is in {squad.name} already.", field="to")
        there = org.membership(person, squad.id)
        if there is not None:
            return org.change([self._combined(membership, there)], [membership])
        old = org.roles.get(membership.role) if membership.role else None
        role = self.role or (None if old is not None and old.leads else membership.role)
        return org.edit(
            membership,
            squad=squad.id,
            role=role,
            share=self.share or membership.share,
            since=self.since or membership.since,
        )

    def _combined(self, left: Membership, there: Membership) -> Membership:
        shares = [share for share in (left.share, there.share) if share]
        share = self.share or (min(100, sum(shares)) if len(shares) == 2 else None)
        return dataclasses.replace(there, share=share, role=self.role or there.role)

    def describe(self, org: Org) -> str:
        sources = (
            {self.source}
            if self.source
            else {m.squad for p in self.people if (m := org.primary_membership(p))}
        )
        origin = f" from {name_of(org, 'squad', sources.pop())}" if len(sources) == 1 else ""
        who = names(name_of(org, "person", person) for person in self.people)
        role = f" as {name_of(org, 'role', self.role).lower()}" if self.role else ""
        share = f" at {self.share} %" if self.share else ""
        return f"Move {who}{origin} to {name_of(org, 'squad', self.to)}{role}{share}"


@dataclass(frozen=True, slots=True)
class SetShare(Operation):
    """Set how much of someone's time a squad has, in percent, or that it is unknown."""

    person: str = ref("person", required=True)
    squad: str = ref("squad", required=True)
    share: int | None = percent()

    def apply(self, org: Org) -> Org:
        membership = _membership(org, self.person, self.squad)
        if membership.share == self.share:
            raise Refused("That is their share already.", field="share")
        return org.edit(membership, share=self.share)

    def describe(self, org: Org) -> str:
        who, where = name_of(org, "person", self.person), name_of(org, "squad", self.squad)
        return (
            f"Set {who} to {self.share} % in {where}"
            if self.share
            else f"Leave open how much of {who} is in {where}"
        )


@dataclass(frozen=True, slots=True)
class EditMembership(Operation):
    """Change the role, kind, share or dates of a person's membership in a squad."""

    FIELDS: ClassVar[tuple[str, ...]] = ("role", "share", "kind", "since", "until")
    KIND: ClassVar[str] = "membership"
    person: str = ref("person", required=True)
    squad: str = ref("squad", required=True)
    values: Mapping[str, Any] = field_values()
    seen: Mapping[str, Any] = field_values(required=False)

    def apply(self, org: Org) -> Org:
        check_fields("membership", self.values, fixed=("person", "squad"))
        if not self.values:
            raise Refused("Nothing to change.")
        membership = _membership(org, self.person, self.squad)
        check_seen(membership, self.values, self.seen)
        return org.edit(membership, **self.values)

    def describe(self, org: Org) -> str:
        labels = names(label_of("membership", name) for name in self.values if name in self.FIELDS)
        return f"Edit {name_of(org, 'person', self.person)} in {name_of(org, 'squad', self.squad)}: {labels}"


def _membership(org: Org, person: str, squad: str) -> Membership:
    who = get(org, "person", person, "person")
    where = get(org, "squad", squad, "squad")
    membership = org.membership(person, squad)
    if membership is None:
        raise Refused(f"{who.name} is not in {where.name}.", field="person")
    return membership
