"""What can be done to roles, the organization's own words for what people do in squads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from orgmodel.core.operations.base import Create, Edit, Operation, Refused, get, name_of
from orgmodel.core.org import Org
from orgmodel.core.phrases import names, say
from orgmodel.core.records import ref


@dataclass(frozen=True, slots=True)
class CreateRole(Create):
    """Add a word for what people do in squads."""

    KIND: ClassVar[str] = "role"


@dataclass(frozen=True, slots=True)
class EditRole(Edit):
    """Change a role's name, whether it leads a squad, or the craft it stands for."""

    KIND: ClassVar[str] = "role"


@dataclass(frozen=True, slots=True)
class RemoveRole(Operation):
    """Remove a role that nobody holds."""

    id: str = ref("role", required=True)

    def apply(self, org: Org) -> Org:
        role = get(org, "role", self.id)
        holders = org.pointing("membership", "role", self.id)
        if holders:
            people = names(org.people[org.memberships[m].person].name for m in holders)
            raise Refused(
                say("{role} is still held by {people}.", role=role.name, people=people),
                blockers=[("membership", m) for m in holders],
            )
        return org.remove(role)

    def describe(self, org: Org) -> str:
        return say("Remove role {role}", role=name_of(org, "role", self.id))
