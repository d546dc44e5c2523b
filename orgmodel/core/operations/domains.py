"""What can be done about domains, the areas of business that squads must understand."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar

from orgmodel.core.operations.base import Close, Create, Edit, Refused, Reopen, check_open
from orgmodel.core.org import Org
from orgmodel.core.phrases import names, say


@dataclass(frozen=True, slots=True)
class CreateDomain(Create):
    """Add a domain, with the squad that answers for it."""

    KIND: ClassVar[str] = "domain"

    def apply(self, org: Org) -> Org:
        check_open(org, self.KIND, self.values, "squad")
        return Create.apply(self, org)


@dataclass(frozen=True, slots=True)
class EditDomain(Edit):
    """Change a domain's name, squad or complexity."""

    KIND: ClassVar[str] = "domain"
    FIXED: ClassVar[tuple[str, ...]] = ("key", "closed_on")

    def apply(self, org: Org) -> Org:
        check_open(org, self.KIND, self.values, "squad")
        return Edit.apply(self, org)


@dataclass(frozen=True, slots=True)
class CloseDomain(Close):
    """Close a domain; its systems are left without one."""

    KIND: ClassVar[str] = "domain"

    def emptied(self, org: Org, record: Any) -> Org:
        return org.change(dataclasses.replace(system, domain=None) for system in org.systems_in(record.id))

    def describe(self, org: Org) -> str:
        systems = names(system.name for system in org.systems_in(self.id))
        closed = Close.describe(self, org)
        if not systems:
            return closed
        return say("{sentence}, which leaves {left} without one", sentence=closed, left=systems)


@dataclass(frozen=True, slots=True)
class ReopenDomain(Reopen):
    """Open a closed domain again, without systems."""

    KIND: ClassVar[str] = "domain"

    def apply(self, org: Org) -> Org:
        domain = org.domains.get(self.id)
        squad = org.squads.get(domain.squad) if domain is not None and domain.squad else None
        if squad is not None and squad.closed_on is not None:
            raise Refused(
                say(
                    "{squad}, which answered for it, is closed. Give it to another squad first.",
                    squad=squad.name,
                )
            )
        return Reopen.apply(self, org)
