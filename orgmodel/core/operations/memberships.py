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
    in_already,
    name_of,
    new_id,
    not_in,
    noun,
    refs,
    seen_again,
)
from orgmodel.core.org import Org
from orgmodel.core.phrases import names, say
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
            raise in_already(person, squad, "squad")
        if org.get("membership", self.id) is not None:
            raise Refused(say("This {noun} exists already.", noun=noun("membership")))
        fields = {name: getattr(self, name) for name in ("role", "share", "kind", "since", "until")}
        return org.put(Membership(id=self.id, person=person.id, squad=squad.id, **fields))

    def describe(self, org: Org) -> str:
        who, where = name_of(org, "person", self.person), name_of(org, "squad", self.squad)
        return _with_part(org, say("Add {person} to {squad}", person=who, squad=where), self)


@dataclass(frozen=True, slots=True)
class LeaveSquad(Operation):
    """Take a person out of a squad. They stay in the organization and in their other squads."""

    person: str = ref("person", required=True)
    squad: str = ref("squad", required=True)

    def apply(self, org: Org) -> Org:
        return org.remove(_membership(org, self.person, self.squad))

    def describe(self, org: Org) -> str:
        who, where = name_of(org, "person", self.person), name_of(org, "squad", self.squad)
        return say("Take {person} out of {squad}", person=who, squad=where)


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
            raise Refused(say("Choose at least one person."), field="people")
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
            message = say(
                "{person} is in no squad. Add them to {squad} instead.", person=who.name, squad=squad.name
            )
            raise Refused(message, field="people")
        if membership.squad == squad.id:
            raise in_already(who, squad, "to")
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
        who = names(name_of(org, "person", person) for person in self.people)
        to = name_of(org, "squad", self.to)
        if len(sources) == 1:
            source = name_of(org, "squad", sources.pop())
            moved = say("Move {people} from {source} to {to}", people=who, source=source, to=to)
        else:
            moved = say("Move {people} to {to}", people=who, to=to)
        return _with_part(org, moved, self)


def _with_part(org: Org, sentence: str, operation: JoinSquad | MovePeople) -> str:
    """Return a sentence with the role and the share that people get in a squad, where they are given."""
    if operation.role:
        role = name_of(org, "role", operation.role).lower()
        sentence = say("{sentence} as {role}", sentence=sentence, role=role)
    if operation.share:
        sentence = say("{sentence} at {share} %", sentence=sentence, share=operation.share)
    return sentence


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
            raise Refused(say("Choose at least two people."), field="people")
        homes = [self._home(org, person) for person in people]
        squads = [home.squad for home in homes]
        for number, person in enumerate(people):
            squad = squads[(number + 1) % len(squads)]
            if squads.count(squad) > 1:
                where = name_of(org, "squad", squad)
                raise Refused(
                    say("Two of them have {squad} as their home squad.", squad=where), field="people"
                )
            if org.membership(person.id, squad) is not None:
                raise in_already(person, org.squads[squad], "people")
        turns = zip(homes, [*squads[1:], squads[0]], strict=True)
        return org.change(_arrived(org, home, squad, self.since) for home, squad in turns)

    def _home(self, org: Org, person: Any) -> Membership:
        home = org.primary_membership(person.id)
        if home is None:
            raise Refused(say("{person} is in no squad.", person=person.name), field="people")
        return home

    def describe(self, org: Org) -> str:
        who = names(name_of(org, "person", person) for person in dict.fromkeys(self.people))
        if len(set(self.people)) == 2:
            return say("Swap {people}", people=who)
        return say("Rotate {people}, each into the home squad of the next", people=who)


@dataclass(frozen=True, slots=True)
class SetShare(Operation):
    """Set how much of someone's time a squad has, in percent, or that it is unknown."""

    person: str = ref("person", required=True)
    squad: str = ref("squad", required=True)
    share: int | None = percent()

    def apply(self, org: Org) -> Org:
        membership = _membership(org, self.person, self.squad)
        if membership.share == self.share:
            raise Refused(say("That is their share already."), field="share")
        return org.edit(membership, share=self.share)

    def describe(self, org: Org) -> str:
        who, where = name_of(org, "person", self.person), name_of(org, "squad", self.squad)
        if not self.share:
            return say("Leave open how much of {person} is in {squad}", person=who, squad=where)
        return say("Set {person} to {share} % in {squad}", person=who, share=self.share, squad=where)


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
            raise Refused(say("Nothing to change."))
        membership = _membership(org, self.person, self.squad)
        check_seen(membership, self.values, self.seen)
        return org.edit(membership, **self.values)

    def redone(self, org: Org) -> Operation | None:
        return seen_again(self, org.membership(self.person, self.squad))

    def describe(self, org: Org) -> str:
        labels = names(label_of("membership", name) for name in self.values if name in self.FIELDS)
        who, where = name_of(org, "person", self.person), name_of(org, "squad", self.squad)
        return say("Edit {person} in {squad}: {fields}", person=who, squad=where, fields=labels)


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
        raise not_in(who, where, "person")
    return membership
