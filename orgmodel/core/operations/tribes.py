"""What can be done to tribes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from orgmodel.core.operations import handover
from orgmodel.core.operations.base import (
    Close,
    Create,
    Edit,
    Operation,
    Refused,
    Rename,
    Reopen,
    day_of,
    get_here,
    get_open,
    in_already,
    name_of,
    noun,
)
from orgmodel.core.org import Org
from orgmodel.core.phrases import names, say
from orgmodel.core.records import choice, day, flag, label_of, ref, specs_of


@dataclass(frozen=True, slots=True)
class CreateTribe(Create):
    """Create a tribe. Where no color is named, it gets one that few others have."""

    KIND: ClassVar[str] = "tribe"

    def apply(self, org: Org) -> Org:
        created = Create.apply(self, org)
        tribe = created.tribes[self.id]
        if tribe.color:
            return created
        return created.edit(tribe, color=next_color(other.color for other in org.tribes.values()))


def next_color(taken: Iterable[str]) -> str:
    """Return the color slot that the fewest tribes have, the first of several."""
    counts = Counter(taken)
    slots = [slot for slot, _ in specs_of("tribe")["color"].choices if slot]
    return min(slots, key=lambda slot: counts[slot])


@dataclass(frozen=True, slots=True)
class RenameTribe(Rename):
    """Give a tribe another name; its key and address stay."""

    KIND: ClassVar[str] = "tribe"


@dataclass(frozen=True, slots=True)
class EditTribe(Edit):
    """Change a tribe's purpose, leads, mission or color."""

    KIND: ClassVar[str] = "tribe"
    FIXED: ClassVar[tuple[str, ...]] = ("key", "closed_on")


@dataclass(frozen=True, slots=True)
class CloseTribe(Close):
    """Close a tribe. Its open squads and chapters go to another one, or it must have none left.

    Its mission goes along to `to` where that has none.
    """

    KIND: ClassVar[str] = "tribe"
    to: str | None = ref("tribe", label="everything it holds goes to")

    def emptied(self, org: Org, record: Any) -> Org:
        if self.to is not None:
            to = handover.receiver(org, record, self.to)
            return handover.hand_over_tribe(org, record, to, on=day_of(self.on))
        units: list[Any] = [*org.squads_of(record.id), *org.chapters_of(record.id)]
        if units:
            left = names(unit.name for unit in units)
            raise Refused(
                say("{unit} still has {held}. Move or close them first.", unit=record.name, held=left),
                blockers=[(u.KIND, u.id) for u in units],
            )
        return org

    def describe(self, org: Org) -> str:
        return handover.in_words(Close.describe(self, org), org, self.KIND, self.id, self.to)


@dataclass(frozen=True, slots=True)
class ReopenTribe(Reopen):
    """Open a closed tribe again."""

    KIND: ClassVar[str] = "tribe"


@dataclass(frozen=True, slots=True)
class SetTribeLead(Operation):
    """Say who is tribe lead, product lead or design lead of a tribe, or that nobody is.

    With `interim`, who stands in as tribe lead; a tribe lead proper ends that.
    """

    tribe: str = ref("tribe", required=True)
    seat: str = choice("lead", "product_lead", "design_lead")
    person: str | None = ref("person")
    interim: bool = flag()
    since: date | None = day()

    def apply(self, org: Org) -> Org:
        tribe = get_open(org, "tribe", self.tribe, "tribe")
        if self.seat not in ("lead", "product_lead", "design_lead"):
            raise Refused(say("A tribe has a tribe lead, a product lead and a design lead."), field="seat")
        if self.seat == "lead":
            return led(org, tribe, self.person, interim=self.interim, since=self.since)
        if self.interim or self.since is not None:
            raise Refused(say("Only a tribe lead has a first day, or stands in."), field="seat")
        if self.person is not None:
            get_here(org, self.person)
        if getattr(tribe, self.seat) == self.person:
            raise Refused(say("That is so already in {unit}.", unit=tribe.name), field="person")
        return org.edit(tribe, **{self.seat: self.person})

    def describe(self, org: Org) -> str:
        seat = "interim_lead" if self.interim else self.seat
        return lead_in_words(org, "tribe", self.tribe, seat, self.person)


def led(org: Org, unit: Any, person: str | None, *, interim: bool, since: date | None) -> Org:
    """Return the organization in which someone leads a tribe or chapter, or stands in as its lead.

    A lead proper ends that somebody stands in; someone who stands in leaves the lead as it is.
    """
    if person is not None:
        get_here(org, person)
    field, first_day = ("interim_lead", "interim_since") if interim else ("lead", "lead_since")
    if getattr(unit, field) == person or (person is not None and unit.lead == person):
        raise Refused(say("That is so already in {unit}.", unit=unit.name), field="person")
    values: dict[str, Any] = {field: person, first_day: since if person is not None else None}
    if person is not None and not interim:
        values |= {"interim_lead": None, "interim_since": None}
    return org.edit(unit, **values)


def lead_in_words(org: Org, kind: str, unit: str, seat: str, person: str | None) -> str:
    """Return the sentence for it: "Make Ana interim chapter lead of Backend"."""
    label, where = label_of(kind, seat), name_of(org, kind, unit)
    if person is None:
        if seat == "interim_lead":
            return say("Leave {unit} without an {seat}", unit=where, seat=label)
        return say("Leave {unit} without a {seat}", unit=where, seat=label)
    who = name_of(org, "person", person)
    return say("Make {person} {seat} of {unit}", person=who, seat=label, unit=where)


def move_to_tribe(org: Org, unit: Any, tribe: str) -> Org:
    """Return the organization with a squad or chapter moved to another tribe."""
    to = get_open(org, "tribe", tribe, "tribe")
    if unit.tribe == to.id:
        raise in_already(unit, to, "tribe")
    return org.edit(unit, tribe=to.id)


def move_in_words(org: Org, kind: str, unit: str, tribe: str) -> str:
    """Return the sentence for it: "Move squad Search from Listening to Ads"."""
    record: Any = org.get(kind, unit)
    told = {"noun": noun(kind), "unit": name_of(org, kind, unit), "to": name_of(org, "tribe", tribe)}
    if record is None or not record.tribe:
        return say("Move {noun} {unit} to {to}", **told)
    return say("Move {noun} {unit} from {source} to {to}", source=name_of(org, "tribe", record.tribe), **told)
