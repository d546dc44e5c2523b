"""Merging units: some close on a day, and all that they hold goes to one that stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from orgmodel.core.operations.base import (
    DatedOperation,
    Refused,
    day_of,
    get_here,
    get_open,
    name_of,
    noun,
    refs,
    short,
)
from orgmodel.core.operations.chapters import reporting_to_lead
from orgmodel.core.operations.handover import hand_over_chapter, hand_over_squad, hand_over_tribe
from orgmodel.core.operations.squads import with_product_owner
from orgmodel.core.operations.tribes import led
from orgmodel.core.org import Org
from orgmodel.core.phrases import names, say
from orgmodel.core.records import KINDS, day, flag, ref, text


@dataclass(frozen=True, slots=True)
class MergeSquads(DatedOperation):
    """Merge squads into one that stays, perhaps under another name, with another mission or product owner.

    Someone in several of them keeps one membership with the shares added. Roles that lead are left behind. Open
    vacancies, systems and domains go along with `hands_over`; otherwise they stay with the closed squad and need
    another home. Dependencies and coaches go along, and the mission of the first that has one where there is no other.
    """

    squads: tuple[str, ...] = refs("squad")
    into: str = ref("squad", required=True)
    on: date | None = day()
    name: str = text(200)
    mission: str | None = ref("mission")
    product_owner: str | None = ref("person")
    hands_over: bool = flag(default=True, label="open vacancies, systems and domains go along")

    def apply(self, org: Org) -> Org:
        if self.mission is not None:
            get_open(org, "mission", self.mission, "mission")
        into, squads = _units(org, "squad", self.into, self.squads)
        on = day_of(self.on)
        org = org.edit(into, name=self.name or into.name, mission=self.mission or into.mission)
        for squad in squads:
            org = hand_over_squad(org, squad, into, on=on, holdings=self.hands_over)
            org = org.edit(org.squads[squad.id], closed_on=on)
        return with_product_owner(org, into.id, self.product_owner)

    def describe(self, org: Org) -> str:
        return _in_words(org, "squad", self.squads, self.into, self.name)


@dataclass(frozen=True, slots=True)
class MergeTribes(DatedOperation):
    """Merge tribes into one that stays and takes over their squads and chapters, perhaps under another name or lead."""

    tribes: tuple[str, ...] = refs("tribe")
    into: str = ref("tribe", required=True)
    on: date | None = day()
    name: str = text(200)
    lead: str | None = ref("person", label="tribe lead")

    def apply(self, org: Org) -> Org:
        into, tribes = _units(org, "tribe", self.into, self.tribes)
        on = day_of(self.on)
        org = _led(org, into, self.name, self.lead, on)
        for tribe in tribes:
            org = hand_over_tribe(org, tribe, into, on=on)
            org = org.edit(org.tribes[tribe.id], closed_on=on)
        return org

    def describe(self, org: Org) -> str:
        return _in_words(org, "tribe", self.tribes, self.into, self.name)


@dataclass(frozen=True, slots=True)
class MergeChapters(DatedOperation):
    """Merge chapters into one that stays and takes over their members, perhaps under another name or lead.

    With `reports_to_lead`, its lead becomes the line manager of everyone in it.
    """

    chapters: tuple[str, ...] = refs("chapter")
    into: str = ref("chapter", required=True)
    on: date | None = day()
    name: str = text(200)
    lead: str | None = ref("person", label="chapter lead")
    reports_to_lead: bool = flag(label="line manager becomes the chapter's lead")

    def apply(self, org: Org) -> Org:
        into, chapters = _units(org, "chapter", self.into, self.chapters)
        on = day_of(self.on)
        org = _led(org, into, self.name, self.lead, on)
        for chapter in chapters:
            org = hand_over_chapter(org, chapter, into, on=on).edit(chapter, closed_on=on)
        if not self.reports_to_lead:
            return org
        members = [member.person for member in org.chapter_members_in(into.id)]
        return reporting_to_lead(org, org.chapters[into.id], members)

    def describe(self, org: Org) -> str:
        merged = _in_words(org, "chapter", self.chapters, self.into, self.name)
        if not self.reports_to_lead:
            return merged
        return say("{sentence}, everyone reporting to its lead", sentence=merged)


def _units(org: Org, kind: str, into: str, ids: Iterable[str]) -> tuple[Any, list[Any]]:
    """Return the unit that stays and those that close, or refuse."""
    stays = get_open(org, kind, into, "into")
    units = [get_open(org, kind, id_, f"{kind}s") for id_ in dict.fromkeys(ids)]
    if not units:
        raise Refused(
            say("Choose at least one {noun} to merge into {unit}.", noun=noun(kind), unit=stays.name),
            field=f"{kind}s",
        )
    if stays in units:
        raise Refused(say("{unit} cannot merge into itself.", unit=stays.name), field=f"{kind}s")
    return stays, units


def _led(org: Org, unit: Any, name: str, lead: str | None, on: date) -> Org:
    """Return the organization with another name and lead for a unit, where they are given."""
    named = org.edit(unit, name=name or unit.name)
    if lead is None or get_here(org, lead, "lead").id == unit.lead:
        return named
    return led(named, named.get(unit.KIND, unit.id), lead, interim=False, since=on)


def _in_words(org: Org, kind: str, ids: Iterable[str], into: str, name: str) -> str:
    units = [name_of(org, kind, id_) for id_ in dict.fromkeys(ids)]
    merged = say(
        "Merge {noun} {units} into {into}",
        noun=noun(kind if len(units) == 1 else KINDS[kind].PLURAL),
        units=names(units),
        into=name_of(org, kind, into),
    )
    return say("{sentence} as {name}", sentence=merged, name=short(name)) if name else merged
