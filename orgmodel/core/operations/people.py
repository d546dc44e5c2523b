"""What can be done about people: hire, edit, offboard."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar

from orgmodel.core.operations.base import (
    Create,
    Edit,
    Operation,
    Refused,
    Rename,
    get,
    get_here,
    name_of,
    short,
)
from orgmodel.core.org import Org
from orgmodel.core.phrases import Phrase, names, say
from orgmodel.core.records import Record, ref
from orgmodel.core.rules.lines import squads_led_by

ENDING = frozenset({"membership", "chapter_member", "guild_member", "system_owner", "coaching"})
"""What goes with a person who leaves."""

STAYING = frozenset({("vacancy", "filled_by"), ("person_skill", "person")})
"""What goes on naming a person who has left."""

FIRST_DAYS = {"lead": "lead_since", "interim_lead": "interim_since"}
"""The field that says since when, of the seats of tribes and chapters that have one."""


@dataclass(frozen=True, slots=True)
class HirePerson(Create):
    """Add a person to the organization."""

    KIND: ClassVar[str] = "person"

    def describe(self, org: Org) -> str:
        return say("Hire {person}", person=short(str(self.values.get("name", ""))))


@dataclass(frozen=True, slots=True)
class RenamePerson(Rename):
    """Change a person's name; their key and address stay."""

    KIND: ClassVar[str] = "person"


@dataclass(frozen=True, slots=True)
class EditPerson(Edit):
    """Change what is known about a person, their line manager included. Leaving is an operation of its own."""

    KIND: ClassVar[str] = "person"

    def apply(self, org: Org) -> Org:
        if self.values.get("status") == "left":
            raise Refused(
                say("Offboard the person instead, so that their squads and roles are settled."),
                field="status",
            )
        if self.values.get("manager") is not None:
            get_here(org, self.values["manager"], "manager")
        return Edit.apply(self, org)


@dataclass(frozen=True, slots=True)
class OffboardPerson(Operation):
    """Record that a person has left: every membership ends and every lead role they held stands empty.

    They own no system and coach no squad any more; what they can do stays known. Their reports go to `successor`, or to
    their own manager where none is named.
    """

    person: str = ref("person", required=True)
    successor: str | None = ref("person", label="reports go to")

    def apply(self, org: Org) -> Org:
        person = get_here(org, self.person)
        if self.successor == self.person:
            raise Refused(say("{person} cannot succeed themselves.", person=person.name), field="successor")
        manager = get_here(org, self.successor, "successor").id if self.successor else person.manager
        puts: dict[tuple[str, str], Any] = {("person", person.id): dataclasses.replace(person, status="left")}
        removals: list[Record] = []
        for record, field in org.referrers("person", person.id):
            if record.KIND in ENDING:
                removals.append(record)
            elif (record.KIND, field) not in STAYING:
                current = puts.get((record.KIND, record.id), record)
                empty = None if field != "manager" or manager == record.id else manager
                since = {FIRST_DAYS[field]: None} if field in FIRST_DAYS else {}
                puts[record.KIND, record.id] = dataclasses.replace(current, **{field: empty}, **since)
        return org.change(puts.values(), removals)

    def describe(self, org: Org) -> str:
        who = name_of(org, "person", self.person)
        left = seats_in_words(org, self.person)
        if not left:
            return say("Offboard {person}", person=who)
        return say("Offboard {person}, which leaves empty: {seats}", person=who, seats=names(left, limit=8))


def seats_in_words(org: Org, person: str) -> list[Phrase]:
    """Return what stands empty without someone: lead roles, systems and leading roles in squads."""
    held = [say("{seat} of {unit}", seat=seat.label, unit=unit.name) for seat, unit in org.seats_of(person)]
    held += [say("owner of {system}", system=system.name) for system in org.systems_owned_by(person)]
    led = squads_led_by(org, org.memberships_of(person))
    return held + [
        say("{seat} of {unit}", seat=role.lower(), unit=org.squads[squad].name) for role, squad in led
    ]


@dataclass(frozen=True, slots=True)
class ReinstatePerson(Operation):
    """Take back someone who had left. They come back without squad, chapter or role."""

    person: str = ref("person", required=True)

    def apply(self, org: Org) -> Org:
        person = get(org, "person", self.person, "person")
        if person.is_here:
            raise Refused(say("{person} is here.", person=person.name), field="person")
        manager = org.people.get(person.manager) if person.manager else None
        keeps = person.manager if manager is not None and manager.is_here else None
        return org.edit(person, status="active", manager=keeps)

    def describe(self, org: Org) -> str:
        return say("Reinstate {person}", person=name_of(org, "person", self.person))
