"""Who is in which squad: join, leave, move, share."""

from __future__ import annotations

import dataclasses
import uuid
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
    seen_again,
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

    `source` None means each person's home squad. Role and share stay where they are not given, but a role that leads is
    left behind; `since` is the day of the change then. Someone who is in the new squad already keeps one membership
    there with both shares added.
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
        return move_membership(org, membership, squad.id, role=self.role, share=self.share, since=self.since)

    def dated(self, on: date) -> Operation:
        return self if self.since is not None else dataclasses.replace(self, since=on)

    def pinned(self, org: Org) -> tuple[Operation, ...]:
        """Return a move for each squad that someone's home is in, so that nobody is followed to another in silence."""
        if self.source is not None:
            return (self,)
        by_home: dict[str | None, list[str]] = {}
        for person in dict.fromkeys(self.people):
            home = org.primary_membership(person)
            by_home.setdefault(home.squad if home is not None else None, []).append(person)
        return tuple(
            dataclasses.replace(self, people=tuple(people), source=home) for home, people in by_home.items()
        )

    def redone(self, org: Org) -> Operation | None:
        """Move everyone who is still to be moved from where their home is now."""
        squad = org.squads.get(self.to)
        if squad is None or squad.closed_on is not None:
            return None
        people = tuple(person for person in self.people if _is_at_home_elsewhere(org, person, self.to))
        again = dataclasses.replace(self, people=people, source=None)
        if not people or again == self:
            return None
        one_each = again.pinned(org)
        return again if len(one_each) > 1 else one_each[0] if one_each[0] != self else None

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


def _is_at_home_elsewhere(org: Org, person: str, squad: str) -> bool:
    home = org.primary_membership(person)
    return home is not None and home.squad != squad


@dataclass(frozen=True, slots=True)
class RotatePeople(Operation):
    """Let people change places: each takes the home squad of the next one, the last that of the first.

    Shares and roles stay with the people, but a role that leads is left behind. `since` is the day of the change where
    it is not given.
    """

    people: tuple[str, ...] = refs("person")
    since: date | None = day()

    def dated(self, on: date) -> Operation:
        return self if self.since is not None else dataclasses.replace(self, since=on)

    def apply(self, org: Org) -> Org:
        people = [get_here(org, person, "people") for person in dict.fromkeys(self.people)]
        if len(people) < 2:
            raise Refused("Choose at least two people.", field="people")
        homes = [self._home(org, person) for person in people]
        squads = [home.squad for home in homes]
        for number, person in enumerate(people):
            squad = squads[(number + 1) % len(squads)]
            where = name_of(org, "squad", squad)
            if squads.count(squad) > 1:
                raise Refused(f"Two of them have {where} as their home squad.", field="people")
            if org.membership(person.id, squad) is not None:
                raise Refused(f"{person.name} is in {where} already.", field="people")
        turns = zip(homes, [*squads[1:], squads[0]], strict=True)
        return org.change(_arrived(org, home, squad, self.since) for home, squad in turns)

    def _home(self, org: Org, person: Any) -> Membership:
        home = org.primary_membership(person.id)
        if home is None:
            raise Refused(f"{person.name} is in no squad.", field="people")
        return home

    def describe(self, org: Org) -> str:
        who = names(name_of(org, "person", person) for person in dict.fromkeys(self.people))
        if len(set(self.people)) == 2:
            return f"Swap {who}"
        return f"Rotate {who}, each into the home squad of the next"


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

    def redone(self, org: Org) -> Operation | None:
        return seen_again(self, org.membership(self.person, self.squad))

    def describe(self, org: Org) -> str:
        labels = names(label_of("membership", name) for name in self.values if name in self.FIELDS)
        return f"Edit {name_of(org, 'person', self.person)} in {name_of(org, 'squad', self.squad)}: {labels}"


def membership_id(person: str, squad: str) -> str:
    """Return the id of a membership that comes of a larger operation, so that doing the same again is the same."""
    return str(uuid.uuid5(uuid.UUID(squad), person))


def move_membership(
    org: Org,
    membership: Membership,
    squad: str,
    *,
    role: str | None = None,
    share: int | None = None,
    since: date | None = None,
) -> Org:
    """Return the organization with someone's part in one squad moved to another.

    What is not given stays, but a role that leads is left behind. Someone who is in the new squad already keeps one
    membership there with both shares added, and their role there.
    """
    there = org.membership(membership.person, squad)
    if there is None:
        arrived = _arrived(org, membership, squad, since)
        return org.put(dataclasses.replace(arrived, role=role or arrived.role, share=share or arrived.share))
    both = [part for part in (membership.share, there.share) if part]
    added = min(100, sum(both)) if len(both) == 2 else None
    return org.change(
        [dataclasses.replace(there, share=share or added, role=role or there.role)], [membership]
    )


def _arrived(org: Org, membership: Membership, squad: str, since: date | None) -> Membership:
    """Return someone's part in one squad as it goes on in another; a last day that is over by then is dropped."""
    until = membership.until
    if since is not None and until is not None and until < since:
        until = None
    return dataclasses.replace(
        membership,
        squad=squad,
        role=_role_kept(org, membership),
        since=since or membership.since,
        until=until,
    )


def _role_kept(org: Org, membership: Membership) -> str | None:
    """Return the role that someone keeps when they change squads: any but one that leads."""
    role = org.roles.get(membership.role) if membership.role else None
    return None if role is not None and role.leads else membership.role


def _membership(org: Org, person: str, squad: str) -> Membership:
    who = get(org, "person", person, "person")
    where = get(org, "squad", squad, "squad")
    membership = org.membership(person, squad)
    if membership is None:
        raise Refused(f"{who.name} is not in {where.name}.", field="person")
    return membership
