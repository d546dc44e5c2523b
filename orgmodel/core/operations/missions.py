"""What can be done to missions: they outlive squads and can be handed over."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from orgmodel.core.operations.base import (
    Create,
    DatedOperation,
    Edit,
    Operation,
    Refused,
    Rename,
    Reopen,
    day_of,
    get_open,
    name_of,
)
from orgmodel.core.org import Org
from orgmodel.core.phrases import names, say
from orgmodel.core.records import day, ref


@dataclass(frozen=True, slots=True)
class CreateMission(Create):
    """Create a mission."""

    KIND: ClassVar[str] = "mission"


@dataclass(frozen=True, slots=True)
class RewordMission(Rename):
    """Give a mission another statement; its key and address stay."""

    KIND: ClassVar[str] = "mission"
    NAME: ClassVar[str] = "statement"

    def describe(self, org: Org) -> str:
        return say("Reword mission “{mission}”", mission=name_of(org, "mission", self.id))


@dataclass(frozen=True, slots=True)
class EditMission(Edit):
    """Change a mission's user problem, parent or North Star metric."""

    KIND: ClassVar[str] = "mission"
    FIXED: ClassVar[tuple[str, ...]] = ("key", "closed_on")


@dataclass(frozen=True, slots=True)
class RetireMission(DatedOperation):
    """Retire a mission; the squads and tribes that held it are left without one."""

    id: str = ref("mission", required=True)
    on: date | None = day()

    def apply(self, org: Org) -> Org:
        mission = get_open(org, "mission", self.id)
        parts = [
            part.statement
            for m in org.pointing("mission", "parent", self.id)
            if not (part := org.missions[m]).closed_on
        ]
        if parts:
            raise Refused(
                say(
                    "Missions still serve this one: {missions}. Retire them or move them first.",
                    missions=names(parts),
                )
            )
        holders = _holders(org, self.id)
        return org.change(
            [
                dataclasses.replace(mission, closed_on=day_of(self.on)),
                *(dataclasses.replace(h, mission=None) for h in holders),
            ]
        )

    def describe(self, org: Org) -> str:
        holders = names(holder.name for holder in _holders(org, self.id))
        retired = say("Retire mission “{mission}”", mission=name_of(org, "mission", self.id))
        if not holders:
            return retired
        return say("{sentence}, which leaves {left} without one", sentence=retired, left=holders)


def _holders(org: Org, mission: str) -> list[Any]:
    return [*org.squads_on(mission), *org.tribes_on(mission)]


@dataclass(frozen=True, slots=True)
class ReopenMission(Reopen):
    """Take a retired mission up again."""

    KIND: ClassVar[str] = "mission"


@dataclass(frozen=True, slots=True)
class AssignMission(Operation):
    """Give a squad a mission, in place of the one it had, or leave it without."""

    squad: str = ref("squad", required=True)
    mission: str | None = ref("mission")

    def apply(self, org: Org) -> Org:
        squad = get_open(org, "squad", self.squad, "squad")
        if self.mission is not None:
            get_open(org, "mission", self.mission, "mission")
        if squad.mission == self.mission:
            raise Refused(say("That is the mission of {squad} already.", squad=squad.name), field="mission")
        return org.edit(squad, mission=self.mission)

    def describe(self, org: Org) -> str:
        squad = name_of(org, "squad", self.squad)
        if self.mission is None:
            return say("Leave {squad} without a mission", squad=squad)
        mission = name_of(org, "mission", self.mission)
        return say("Give {squad} the mission “{mission}”", squad=squad, mission=mission)


@dataclass(frozen=True, slots=True)
class HandOverMission(Operation):
    """Hand a squad's mission over to another squad; the first is left without one."""

    source: str = ref("squad", required=True, label="from")
    to: str = ref("squad", required=True)

    def apply(self, org: Org) -> Org:
        source = get_open(org, "squad", self.source, "source")
        to = get_open(org, "squad", self.to, "to")
        if source.mission is None:
            raise Refused(say("{squad} has no mission to hand over.", squad=source.name), field="source")
        if source.id == to.id or to.mission == source.mission:
            raise Refused(say("{squad} has that mission already.", squad=to.name), field="to")
        return org.change(
            [dataclasses.replace(to, mission=source.mission), dataclasses.replace(source, mission=None)]
        )

    def describe(self, org: Org) -> str:
        squad = org.squads.get(self.source)
        mission = name_of(org, "mission", squad.mission if squad is not None else None)
        source, to = name_of(org, "squad", self.source), name_of(org, "squad", self.to)
        return say(
            "Hand the mission “{mission}” over from {source} to {to}", mission=mission, source=source, to=to
        )
