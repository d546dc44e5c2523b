"""What can be done about systems, and who answers for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from orgmodel.core.operations.base import (
    Close,
    Create,
    Edit,
    Operation,
    Refused,
    Reopen,
    check_open,
    get_here,
    get_open,
    name_of,
    pair_id,
    refs,
)
from orgmodel.core.org import Org
from orgmodel.core.phrases import count, names, say
from orgmodel.core.records import SystemOwner, ref

REFERENCES = ("squad", "claimed_by", "domain")


@dataclass(frozen=True, slots=True)
class CreateSystem(Create):
    """Add a system, with the squad that owns it."""

    KIND: ClassVar[str] = "system"

    def apply(self, org: Org) -> Org:
        check_open(org, self.KIND, self.values, *REFERENCES)
        return Create.apply(self, org)

    def describe(self, org: Org) -> str:
        created, squad = Create.describe(self, org), self.values.get("squad")
        if not squad:
            return created
        return say("{sentence} of {squad}", sentence=created, squad=name_of(org, "squad", squad))


@dataclass(frozen=True, slots=True)
class EditSystem(Edit):
    """Change a system's name, owner squad, domain, needed skill, or whether it is operationally critical."""

    KIND: ClassVar[str] = "system"
    FIXED: ClassVar[tuple[str, ...]] = ("key", "closed_on")

    def apply(self, org: Org) -> Org:
        check_open(org, self.KIND, self.values, *REFERENCES)
        return Edit.apply(self, org)


@dataclass(frozen=True, slots=True)
class RetireSystem(Close):
    """Retire a system; nobody answers for it any more."""

    KIND: ClassVar[str] = "system"

    def emptied(self, org: Org, record: Any) -> Org:
        return org.change((), org.owners_in(record.id))

    def describe(self, org: Org) -> str:
        return say("Retire system {system}", system=name_of(org, "system", self.id))


@dataclass(frozen=True, slots=True)
class ReopenSystem(Reopen):
    """Take a retired system into use again, without owners."""

    KIND: ClassVar[str] = "system"

    def apply(self, org: Org) -> Org:
        system = org.systems.get(self.id)
        owner = org.squads.get(system.squad) if system is not None and system.squad else None
        if owner is not None and owner.closed_on is not None:
            raise Refused(
                say("{squad}, which owned it, is closed. Give it to another squad first.", squad=owner.name)
            )
        return Reopen.apply(self, org)


@dataclass(frozen=True, slots=True)
class SetSystemOwners(Operation):
    """Say who answers for a system as a developer and who in operations, in place of those who did.

    Whoever is named twice has both perspectives.
    """

    system: str = ref("system", required=True)
    developers: tuple[str, ...] = refs("person", required=False)
    operations: tuple[str, ...] = refs("person", required=False)

    def apply(self, org: Org) -> Org:
        system = get_open(org, "system", self.system, "system")
        for field in ("developers", "operations"):
            for person in getattr(self, field):
                get_here(org, person, field)
        present = {owner.person: owner for owner in org.owners_in(system.id)}
        wanted = {
            person: SystemOwner(
                id=present[person].id if person in present else pair_id(system.id, person),
                system=system.id,
                person=person,
                perspective=self._perspective(person),
            )
            for person in self._people()
        }
        if wanted == present:
            raise Refused(say("That is so already for {system}.", system=system.name), field="developers")
        return org.change(wanted.values(), (present[person] for person in present.keys() - wanted.keys()))

    def _people(self) -> dict[str, None]:
        return dict.fromkeys((*self.developers, *self.operations))

    def _perspective(self, person: str) -> str:
        if person in self.developers and person in self.operations:
            return "both"
        return "developer" if person in self.developers else "operations"

    def describe(self, org: Org) -> str:
        system = name_of(org, "system", self.system)
        people = [name_of(org, "person", person) for person in self._people()]
        if not people:
            return say("Leave {system} without owners", system=system)
        return count(
            people,
            "Make {people} owner of {system}",
            "Make {people} owners of {system}",
            people=names(people),
            system=system,
        )


def owned_by(system: str, perspectives: Mapping[str, str]) -> SetSystemOwners:
    """Return the operation that makes these people a system's owners, each with their perspective."""
    return SetSystemOwners(
        system=system,
        developers=tuple(person for person, own in perspectives.items() if own in ("developer", "both")),
        operations=tuple(person for person, own in perspectives.items() if own in ("operations", "both")),
    )
