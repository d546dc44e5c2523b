"""What can be done to squads as units."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar

from orgmodel.core.operations.base import (
    Close,
    Create,
    Edit,
    Operation,
    Refused,
    Rename,
    Reopen,
    get,
    get_here,
    get_open,
    name_of,
    names,
)
from orgmodel.core.org import Org
from orgmodel.core.records import ref


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
    """Close a squad that has no people and no open vacancy left; refused with their names otherwise."""

    KIND: ClassVar[str] = "squad"

    def check_empty(self, org: Org, record: Any) -> None:
        members = org.memberships_in(record.id)
        vacancies = org.vacancies_in("squad", record.id)
        holds = []
        if members:
            people = sorted(org.people[m.person].name for m in members)
            holds.append(f"{len(people)} {'person' if len(people) == 1 else 'people'} ({names(people)})")
        if vacancies:
            count = len(vacancies)
            holds.append(
                f"{count} open {'vacancy' if count == 1 else 'vacancies'} ({names(v.title for v in vacancies)})"
            )
        if holds:
            raise Refused(
                f"{record.name} still has {' and '.join(holds)}. Move them first.",
                blockers=[("person", m.person) for m in members] + [("vacancy", v.id) for v in vacancies],
            )


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
        squad = get_open(org, "squad", self.squad, "squad")
        tribe = get_open(org, "tribe", self.tribe, "tribe")
        if squad.tribe == self.tribe:
            raise Refused(f"{squad.name} is in {tribe.name} already.", field="tribe")
        return org.edit(squad, tribe=self.tribe)

    def describe(self, org: Org) -> str:
        squad = org.squads.get(self.squad)
        origin = f" from {name_of(org, 'tribe', squad.tribe)}" if squad is not None and squad.tribe else ""
        return (
            f"Move squad {name_of(org, 'squad', self.squad)}{origin} to {name_of(org, 'tribe', self.tribe)}"
        )


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
                raise Refused(f"{squad.name} has no {role.name.lower()}.", field="person")
            return org.change(_with_role(m, None) for m in holders)
        person = get_here(org, self.person)
        membership = org.membership(person.id, squad.id)
        if membership is None:
            raise Refused(
                f"{person.name} is not in {squad.name}. Add them to the squad first.", field="person"
            )
        if membership.role == role.id:
            raise Refused(f"{person.name} is {role.name.lower()} of {squad.name} already.", field="person")
        return org.change([*(_with_role(m, None) for m in holders), _with_role(membership, role.id)])

    def describe(self, org: Org) -> str:
        role, squad = name_of(org, "role", self.role).lower(), name_of(org, "squad", self.squad)
        if self.person is None:
            return f"Leave {squad} without a {role}"
        return f"Make {name_of(org, 'person', self.person)} {role} of {squad}"


def _with_role(membership: Any, role: str | None) -> Any:
    return dataclasses.replace(membership, role=role)
