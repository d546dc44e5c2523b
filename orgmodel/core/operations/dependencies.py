"""Which squads wait for which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from orgmodel.core.operations.base import (
    Create,
    Edit,
    Operation,
    Refused,
    check_open,
    get,
    name_of,
)
from orgmodel.core.org import Org
from orgmodel.core.phrases import names, say
from orgmodel.core.records import label_of, ref, specs_of


@dataclass(frozen=True, slots=True)
class RecordDependency(Create):
    """Record that a squad waits for another one: how badly, of what kind, since when, and what is done about it."""

    KIND: ClassVar[str] = "dependency"

    def apply(self, org: Org) -> Org:
        check_open(org, self.KIND, self.values, "squad", "needs")
        squad, needs = self.values.get("squad"), self.values.get("needs")
        if squad and squad == needs:
            raise Refused(
                say("{squad} cannot need itself.", squad=name_of(org, "squad", squad)), field="needs"
            )
        if squad and needs and org.dependency(squad, needs) is not None:
            message = say(
                "{squad} needs {needs} already. Edit that dependency instead.",
                squad=name_of(org, "squad", squad),
                needs=name_of(org, "squad", needs),
            )
            raise Refused(message, field="needs")
        return Create.apply(self, org)

    def describe(self, org: Org) -> str:
        squad, needs = (name_of(org, "squad", self.values.get(field)) for field in ("squad", "needs"))
        return say("Record the dependency of {squad} on {needs}", squad=squad, needs=needs)


@dataclass(frozen=True, slots=True)
class EditDependency(Edit):
    """Change how badly a squad waits for another one, of what kind it is, or what is done about it."""

    KIND: ClassVar[str] = "dependency"
    FIXED: ClassVar[tuple[str, ...]] = ("squad", "needs")

    def describe(self, org: Org) -> str:
        labels = names([label_of(self.KIND, n) for n in self.values if n in specs_of(self.KIND)])
        return say("Edit the dependency {pair}: {fields}", pair=pair_in_words(org, self.id), fields=labels)


@dataclass(frozen=True, slots=True)
class SolveDependency(Operation):
    """Remove a dependency that is solved. The log remembers it."""

    id: str = ref("dependency", required=True)

    def apply(self, org: Org) -> Org:
        return org.remove(get(org, "dependency", self.id))

    def describe(self, org: Org) -> str:
        return say("Solve the dependency {pair}", pair=pair_in_words(org, self.id))


def pair_in_words(org: Org, id_: str) -> str:
    """Return which squads a dependency is between: "of Search on Ads"."""
    dependency = org.dependencies.get(id_)
    squad, needs = (dependency.squad, dependency.needs) if dependency is not None else (None, None)
    return say(
        "of {squad} on {needs}", squad=name_of(org, "squad", squad), needs=name_of(org, "squad", needs)
    )
