"""Splitting a unit: part of it goes on as a new one, the rest stays with its id, its history and its address."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from orgmodel.core.operations.base import (
    DatedOperation,
    Refused,
    day_of,
    get,
    get_here,
    get_open,
    name_of,
    new_id,
    not_in,
    refs,
    short,
)
from orgmodel.core.operations.lineage import line
from orgmodel.core.operations.squads import created_squad, with_product_owner
from orgmodel.core.operations.tribes import CreateTribe
from orgmodel.core.org import Org
from orgmodel.core.phrases import names, say
from orgmodel.core.records import day, flag, ref, text


@dataclass(frozen=True, slots=True)
class SplitSquad(DatedOperation):
    """Split a squad: some of its people go on as a new squad of the same tribe and type, with their roles and shares.

    The rest stays, perhaps under another name (`stays_as`) and without the mission (`keeps_mission`). `mission` is the
    new squad's, `product_owner` one of those who go, and `vacancies` and `systems` go along.
    """

    squad: str = ref("squad", required=True)
    id: str = new_id()
    name: str = text(200, required=True)
    people: tuple[str, ...] = refs("person")
    on: date | None = day()
    stays_as: str = text(200)
    mission: str | None = ref("mission")
    keeps_mission: bool = flag(default=True)
    product_owner: str | None = ref("person")
    vacancies: tuple[str, ...] = refs("vacancy", required=False)
    systems: tuple[str, ...] = refs("system", required=False)

    def apply(self, org: Org) -> Org:
        squad = get_open(org, "squad", self.squad, "squad")
        going = self._going(org, squad)
        owned = [
            *(self._vacancy(org, squad, id_) for id_ in dict.fromkeys(self.vacancies)),
            *(self._system(org, squad, id_) for id_ in dict.fromkeys(self.systems)),
        ]
        rest = dataclasses.replace(
            squad, name=self.stays_as or squad.name, mission=squad.mission if self.keeps_mission else None
        )
        like = {"tribe": squad.tribe, "type": squad.type, "user_facing": squad.user_facing}
        org = created_squad(org.put(rest), self.id, self.name, mission=self.mission, **like)
        moved = [dataclasses.replace(held, squad=self.id) for held in (*going, *owned)]
        org = org.change([*moved, line("squad", squad.id, self.id, how="split", on=day_of(self.on))])
        return with_product_owner(org, self.id, self.product_owner)

    def _going(self, org: Org, squad: Any) -> list[Any]:
        """Return the memberships of those who go, or refuse: nobody, everybody, or someone who is not in the squad."""
        if not self.people:
            raise Refused(say("Choose who goes to the new squad."), field="people")
        members = {m.person: m for m in org.memberships_in(squad.id)}
        for person in self.people:
            if person not in members:
                raise not_in(get_here(org, person, "people"), squad, "people")
        if len(set(self.people)) == len(members):
            raise Refused(
                say("Nobody would stay in {squad}. Rename it instead.", squad=squad.name), field="people"
            )
        return [members[person] for person in dict.fromkeys(self.people)]

    def _vacancy(self, org: Org, squad: Any, id_: str) -> Any:
        vacancy = get(org, "vacancy", id_, "vacancies")
        if vacancy.squad != squad.id or not vacancy.is_open:
            message = say("{vacancy} is no open vacancy of {squad}.", vacancy=vacancy.title, squad=squad.name)
            raise Refused(message, field="vacancies")
        return vacancy

    def _system(self, org: Org, squad: Any, id_: str) -> Any:
        system = get_open(org, "system", id_, "systems")
        if system.squad != squad.id:
            message = say("{system} is no system of {squad}.", system=system.name, squad=squad.name)
            raise Refused(message, field="systems")
        return system

    def describe(self, org: Org) -> str:
        told = {
            "squad": name_of(org, "squad", self.squad),
            "new": short(self.name),
            "people": _named(org, "person", self.people),
        }
        if not self.stays_as:
            return say("Split {new} off {squad} with {people}", **told)
        return say("Split {squad} into {rest} and {new} with {people}", rest=short(self.stays_as), **told)


@dataclass(frozen=True, slots=True)
class SplitTribe(DatedOperation):
    """Split a tribe: some of its squads and chapters go on as a new tribe. The rest stays."""

    tribe: str = ref("tribe", required=True)
    id: str = new_id()
    name: str = text(200, required=True)
    squads: tuple[str, ...] = refs("squad")
    on: date | None = day()
    chapters: tuple[str, ...] = refs("chapter", required=False)
    lead: str | None = ref("person", label="tribe lead")

    def apply(self, org: Org) -> Org:
        tribe = get_open(org, "tribe", self.tribe, "tribe")
        if not self.squads:
            raise Refused(say("Choose which squads go to the new tribe."), field="squads")
        if set(self.squads) >= {squad.id for squad in org.squads_of(tribe.id)}:
            raise Refused(
                say("No squad would stay in {tribe}. Rename it instead.", tribe=tribe.name), field="squads"
            )
        units = [
            self._unit(org, tribe, kind, id_)
            for kind, ids in (("squad", self.squads), ("chapter", self.chapters))
            for id_ in dict.fromkeys(ids)
        ]
        lead = get_here(org, self.lead, "lead").id if self.lead is not None else None
        org = CreateTribe(
            id=self.id,
            values={"name": self.name, "lead": lead, "lead_since": self.on if lead is not None else None},
        ).apply(org)
        moved = [dataclasses.replace(unit, tribe=self.id) for unit in units]
        return org.change([*moved, line("tribe", tribe.id, self.id, how="split", on=day_of(self.on))])

    def _unit(self, org: Org, tribe: Any, kind: str, id_: str) -> Any:
        unit = get_open(org, kind, id_, f"{kind}s")
        if unit.tribe != tribe.id:
            raise not_in(unit, tribe, f"{kind}s")
        return unit

    def describe(self, org: Org) -> str:
        tribe, squads = name_of(org, "tribe", self.tribe), _named(org, "squad", self.squads)
        return say(
            "Split tribe {new} off {tribe} with {squads}", new=short(self.name), tribe=tribe, squads=squads
        )


def _named(org: Org, kind: str, ids: Iterable[str]) -> str:
    return names(name_of(org, kind, id_) for id_ in dict.fromkeys(ids))
