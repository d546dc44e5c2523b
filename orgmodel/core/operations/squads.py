"""What can be done to squads as units."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from orgmodel.core.operations import handover
from orgmodel.core.operations.base import (
    Close,
    Create,
    DatedOperation,
    Edit,
    Operation,
    Refused,
    Rename,
    Reopen,
    day_of,
    get,
    get_here,
    get_open,
    name_of,
    new_id,
    refs,
    short,
)
from orgmodel.core.operations.lineage import line
from orgmodel.core.operations.memberships import membership_id, move_membership
from orgmodel.core.operations.tribes import move_in_words, move_to_tribe
from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import Phrase, count, names, say
from orgmodel.core.records import Membership, day, ref, text

PRODUCT_OWNER = "product-owner"
"""The key of the role of whoever a split or a merge names as product owner."""


@dataclass(frozen=True, slots=True)
class CreateSquad(Create):
    """Create a squad."""

    KIND: ClassVar[str] = "squad"


@dataclass(frozen=True, slots=True)
class RenameSquad(Rename):
    """Give a squad another name; its key and address stay."""

    KIND: ClassVar[str] = "squad"


@dataclass(frozen=True, slots=True)
class EditSquad(Edit):
    """Change a squad's type, state, review date or whether users meet its work."""

    KIND: ClassVar[str] = "squad"
    FIXED: ClassVar[tuple[str, ...]] = ("key", "closed_on")


@dataclass(frozen=True, slots=True)
class CloseSquad(Close):
    """Close a squad. What it holds goes to another one, or it must hold nothing any more.

    Its people and all that it owns go to `to`, and its mission where that has none. Without it, a squad that still has
    people, open vacancies, systems or domains, or that others wait for, is refused with their names.
    """

    KIND: ClassVar[str] = "squad"
    to: str | None = ref("squad", label="everything it holds goes to")

    def emptied(self, org: Org, record: Any) -> Org:
        if self.to is not None:
            to = handover.receiver(org, record, self.to)
            return handover.hand_over_squad(org, record, to, on=day_of(self.on))
        people = by_name(org.people[m.person] for m in org.memberships_in(record.id))
        vacancies = org.vacancies_in("squad", record.id)
        systems, domains = org.systems_of(record.id), org.domains_of(record.id)
        waiting = by_name(org.squads[d.squad] for d in org.needed_by(record.id))
        held: list[tuple[Phrase, Sequence[Any]]] = [
            (count(people, "person", "people"), people),
            (count(vacancies, "open vacancy", "open vacancies"), vacancies),
            (count(systems, "system", "systems"), systems),
            (count(domains, "domain", "domains"), domains),
            (count(waiting, "squad waiting for it", "squads waiting for it"), waiting),
        ]
        parts = [
            say("{count} ({names})", count=counted, names=names(part.name for part in records))
            for counted, records in held
            if records
        ]
        if parts:
            everything = names(parts, limit=len(parts))
            raise Refused(
                say("{unit} still has {held}. Move them first.", unit=record.name, held=everything),
                blockers=[(part.KIND, part.id) for _, records in held for part in records],
            )
        return _let_go(org, record.id)

    def describe(self, org: Org) -> str:
        return handover.in_words(Close.describe(self, org), org, self.KIND, self.id, self.to)


def _let_go(org: Org, squad: str) -> Org:
    """Return the organization in which a squad waits for nobody, has no coach and claims no system."""
    unclaimed = (dataclasses.replace(system, claimed_by=None) for system in org.systems_claimed_by(squad))
    return org.change(unclaimed, [*org.needs_of(squad), *org.coachings_in(squad)])


@dataclass(frozen=True, slots=True)
class ReopenSquad(Reopen):
    """Open a closed squad again, empty as it was left."""

    KIND: ClassVar[str] = "squad"


@dataclass(frozen=True, slots=True)
class MoveSquad(Operation):
    """Move a squad with everyone in it to another tribe. Managers and chapters stay as they are."""

    squad: str = ref("squad", required=True)
    tribe: str = ref("tribe", required=True)

    def apply(self, org: Org) -> Org:
        return move_to_tribe(org, get_open(org, "squad", self.squad, "squad"), self.tribe)

    def describe(self, org: Org) -> str:
        return move_in_words(org, "squad", self.squad, self.tribe)


@dataclass(frozen=True, slots=True)
class SetSquadLead(Operation):
    """Say which member holds a leading role in a squad, such as product owner, or that nobody does.

    Whoever held it stays in the squad without that role.
    """

    squad: str = ref("squad", required=True)
    role: str = ref("role", required=True)
    person: str | None = ref("person")

    def apply(self, org: Org) -> Org:
        squad = get_open(org, "squad", self.squad, "squad")
        role = get(org, "role", self.role, "role")
        holders = [m for m in org.memberships_in(squad.id) if m.role == role.id]
        if self.person is None:
            if not holders:
                message = say("{squad} has no {role}.", squad=squad.name, role=role.name.lower())
                raise Refused(message, field="person")
            return org.change(_with_role(m, None) for m in holders)
        person = get_here(org, self.person)
        membership = org.membership(person.id, squad.id)
        if membership is None:
            message = say(
                "{person} is not in {squad}. Add them to the squad first.",
                person=person.name,
                squad=squad.name,
            )
            raise Refused(message, field="person")
        if membership.role == role.id:
            message = say(
                "{person} is {role} of {squad} already.",
                person=person.name,
                role=role.name.lower(),
                squad=squad.name,
            )
            raise Refused(message, field="person")
        return _led_by(org, membership, role)

    def describe(self, org: Org) -> str:
        role, squad = name_of(org, "role", self.role).lower(), name_of(org, "squad", self.squad)
        if self.person is None:
            return say("Leave {unit} without a {seat}", unit=squad, seat=role)
        who = name_of(org, "person", self.person)
        return say("Make {person} {seat} of {unit}", person=who, seat=role, unit=squad)


@dataclass(frozen=True, slots=True)
class FormSquad(DatedOperation):
    """Form a new squad from people, who move there from their home squads with their shares.

    Someone without a squad joins it. Roles that lead are left behind; `product_owner` is one of the people. Where all
    of them come from one squad, it is written down that the new one was split off from it.
    """

    id: str = new_id()
    name: str = text(200, required=True)
    people: tuple[str, ...] = refs("person")
    tribe: str | None = ref("tribe")
    mission: str | None = ref("mission")
    product_owner: str | None = ref("person")
    on: date | None = day()

    def apply(self, org: Org) -> Org:
        if not self.people:
            raise Refused(say("Choose at least one person."), field="people")
        on = day_of(self.on)
        people = [get_here(org, person, "people") for person in dict.fromkeys(self.people)]
        org = created_squad(org, self.id, self.name, tribe=self.tribe, mission=self.mission)
        homes = [org.primary_membership(person.id) for person in people]
        for person, home in zip(people, homes, strict=True):
            if home is not None:
                org = move_membership(org, home, self.id, since=on)
            else:
                id_ = membership_id(person.id, self.id)
                org = org.put(Membership(id=id_, person=person.id, squad=self.id, since=on))
        origins = {home.squad if home is not None else None for home in homes}
        if len(origins) == 1 and (origin := origins.pop()) is not None:
            org = org.put(line("squad", origin, self.id, how="split", on=on))
        return with_product_owner(org, self.id, self.product_owner)

    def describe(self, org: Org) -> str:
        who = names(name_of(org, "person", person) for person in dict.fromkeys(self.people))
        return say("Form squad {squad} with {people}", squad=short(self.name), people=who)


def created_squad(org: Org, id_: str, name: str, **fields: Any) -> Org:
    """Return the organization with a new squad in an open tribe and on an open mission, where it has them."""
    for kind in ("tribe", "mission"):
        if fields[kind] is not None:
            get_open(org, kind, fields[kind], kind)
    return CreateSquad(id=id_, values={"name": name, **fields}).apply(org)


def with_product_owner(org: Org, squad: str, person: str | None) -> Org:
    """Return the organization in which this member of a squad is its only product owner; None leaves it as it is."""
    if person is None:
        return org
    role = org.find("role", PRODUCT_OWNER)
    if role is None:
        raise Refused(
            say("There is no role with the key {key}. Create it first.", key=PRODUCT_OWNER),
            field="product_owner",
        )
    membership = org.membership(person, squad)
    if membership is None:
        message = say(
            "{person} is not in {squad}, so cannot be its product owner.",
            person=name_of(org, "person", person),
            squad=name_of(org, "squad", squad),
        )
        raise Refused(message, field="product_owner")
    return _led_by(org, membership, role)


def _led_by(org: Org, membership: Any, role: Any) -> Org:
    """Return the organization in which one member alone holds a role in a squad."""
    holders = [m for m in org.memberships_in(membership.squad) if m.role == role.id]
    return org.change([*(_with_role(m, None) for m in holders), _with_role(membership, role.id)])


def _with_role(membership: Any, role: str | None) -> Any:
    return dataclasses.replace(membership, role=role)
