"""What a draft redraws: the squads on the board of a tribe, and the other tribes it reaches. It costs what the draft
touches and what is shown of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from orgmodel.core import changes
from orgmodel.core.changes import Change
from orgmodel.core.comparison import NUMBERS, Merge, Split, lineage_made
from orgmodel.core.operations.base import name_of
from orgmodel.core.operations.handover import holdings_of
from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import count, joined, names, say
from orgmodel.core.records import Chapter, Squad, Tribe
from orgmodel.core.rules.sizes import is_beyond, is_out_of_range, squad_least, squad_most
from orgmodel.core.rules.words import OWNER
from orgmodel.core.scope import is_open, scope_of

TRIBES_TOLD = 4  # other tribes that are told of with their numbers; the rest are counted


@dataclass(frozen=True, slots=True)
class Flag:
    """What is worth a look where a draft changes a squad. `level` is "danger" or "ok"."""

    level: str
    text: str
    of_size: bool = False


@dataclass(frozen=True, slots=True)
class Bracket:
    """Squads that stand together because one came of the other. `icon` is "split", "merge" or "move"."""

    text: str
    icon: str


@dataclass(frozen=True, slots=True)
class _Family:
    """The squads of splits and merges that share one; the anchor says where on a board they stand."""

    anchor: str
    squads: tuple[str, ...]
    bracket: Bracket


@dataclass(slots=True)
class Elsewhere:
    """Another tribe that a draft changes: what it does there, and how many people and squads there were and will be."""

    tribe: Tribe
    deeds: str
    people_before: int
    people: int
    squads_before: int
    squads: int
    url: str = ""  # which the page adds


@dataclass(slots=True)
class _Shift:
    """What a draft does to one tribe: squads by name, people by id."""

    gives_up: list[str] = field(default_factory=list)
    takes_in: list[str] = field(default_factory=list)
    opens: list[str] = field(default_factory=list)
    closes: list[str] = field(default_factory=list)
    movers: set[str] = field(default_factory=set)


@lru_cache(maxsize=16)
def redrawing(before: Org, after: Org) -> Redrawn:
    """Return a draft as boards show it. All its boards ask the same of it, so it is kept while it is looked at."""
    return Redrawn(before, after)


class Redrawn:
    """A draft as boards show it: `before` is what it set out from, `after` counts what it touched from there."""

    def __init__(self, before: Org, after: Org) -> None:
        self.before, self.after = before, after
        self.changes = changes.touched(after)
        lineage = lineage_made(after, self.changes)
        self.splits = [split for split in lineage.splits if split.kind == "squad"]
        self.merges = [merge for merge in lineage.merges if merge.kind == "squad"]
        self._merged = {squad for merge in self.merges for squad in merge.units}
        self._families: dict[str, _Family] = {}
        self._elsewhere: dict[str, Elsewhere] = {}
        for split in self.splits:
            goes_on = split.unit if is_open(after, "squad", split.unit) else split.into[0]
            self._join(goes_on, (split.unit, *split.into), Bracket(self._splitting(split), "split"))
        for merge in self.merges:
            self._join(merge.into, (merge.into, *merge.units), Bracket(self._merging(merge), "merge"))

    def _join(self, anchor: str, squads: Iterable[str], bracket: Bracket) -> None:
        """Put squads into one family, with those of every family that one of them is in already."""
        members: dict[str, None] = {}
        texts: dict[str, None] = {}
        for squad in squads:
            family = self._families.get(squad) or _Family(anchor, (squad,), bracket)
            members.update(dict.fromkeys(family.squads))
            texts[family.bracket.text] = None
            anchor = family.anchor
        texts[bracket.text] = None
        family = _Family(anchor, tuple(members), Bracket(joined("; ", texts), bracket.icon))
        self._families.update(dict.fromkeys(members, family))

    def _splitting(self, split: Split) -> str:
        parts = len(split.into)
        number = NUMBERS.get(parts, str(parts))
        return say("{squad} splits in {number}", squad=self._name(split.unit), number=number)

    def _merging(self, merge: Merge) -> str:
        return count(
            merge.units,
            "{squads} merges into {squad}",
            "{squads} merge into {squad}",
            squads=names(map(self._name, merge.units)),
            squad=name_of(self.after, "squad", merge.into),
        )

    def _name(self, squad: str) -> str:
        """Return what a squad was called, or is called where it is new."""
        return name_of(self.before if squad in self.before.squads else self.after, "squad", squad)

    # One squad

    def place(self, squad: Squad) -> tuple[str, str, bool, str, str]:
        """Return where a squad stands among others: by name, and whoever came of it beside it."""
        family = self._families.get(squad.id)
        anchor = squad if family is None else self._squad(family.anchor)
        name, first = squad.name.casefold(), anchor.name.casefold()
        return first, anchor.id, squad.id != anchor.id, name, squad.id

    def _squad(self, squad: str) -> Squad:
        return self.after.squads.get(squad) or self.before.squads[squad]

    def bracket(self, squad: Squad) -> Bracket | None:
        """Return what stands above a squad: that it splits, merges, or has come from another tribe."""
        family = self._families.get(squad.id)
        if family is not None:
            return family.bracket
        origin = self.origin(squad)
        return Bracket(say("From {tribe}", tribe=origin), "move") if origin else None

    def origin(self, squad: Squad) -> str:
        """Return the tribe that a squad has come from; "" for one that was in this tribe, or nowhere."""
        old = self.before.squads.get(squad.id)
        if old is None or old.tribe == squad.tribe or old.closed_on is not None:
            return ""
        return tribe_name(self.before, old)

    def is_new(self, squad: Squad) -> bool:
        return is_open(self.after, "squad", squad.id) and not is_open(self.before, "squad", squad.id)

    @cached_property
    def squads(self) -> set[str]:
        """The squads that the draft changes, or whose people it does."""
        return scope_of(self.before, self.after, self.changes).squads

    @cached_property
    def lost(self) -> dict[str | None, list[Squad]]:
        """The squads that were in each tribe, or None, and are there no more: closed, or moved to another one."""
        found: dict[str | None, list[Squad]] = {}
        for change in self.changes:
            if change.kind == "squad" and is_open(self.before, "squad", change.id):
                old, new = self.before.squads[change.id], self.after.squads.get(change.id)
                if new is None or new.closed_on is not None or new.tribe != old.tribe:
                    found.setdefault(old.tribe, []).append(old)
        return found

    def arrival(self, squad: Squad) -> str:
        """Return how a squad has come to its tribe; "" where it was there before."""
        if self.is_new(squad):
            return say("New in this draft")
        origin = self.origin(squad)
        return say("From {tribe}", tribe=origin) if origin else ""

    def farewell(self, squad: Squad) -> str:
        """Return why a squad is here no more."""
        new = self.after.squads.get(squad.id)
        if new is not None and new.closed_on is None:
            return say("Moves to {tribe}", tribe=tribe_name(self.after, new))
        return say("Closes with the merge") if squad.id in self._merged else say("Closes in this draft")

    def size_before(self, squad: Squad) -> int:
        return self.before.size_of(squad.id) if squad.id in self.before.squads else 0

    def flag(self, squad: Squad) -> Flag | None:
        """Return what the draft breaks or mends in a squad. What was so before says nothing."""
        if not is_open(self.after, "squad", squad.id):
            held = holdings_of(self.after, squad.id)
            return Flag("danger", count(held, "thing left behind", "things left behind")) if held else None
        was_out, is_out = self._is_out(self.before, squad), self._is_out(self.after, squad)
        size = self.after.size_of(squad.id)
        if is_out and (not was_out or size != self.size_before(squad)):
            record = self.after.squads[squad.id]
            most, least = squad_most(self.after, record), squad_least(self.after, record)
            text = (
                say("Over the limit of {most:g}", most=most)
                if is_beyond(size, most)
                else say("Fewer than {least:g} people", least=least)
            )
            return Flag("danger", text, of_size=True)
        if self._loses_owner(squad):
            return Flag("danger", say("No product owner"))
        return Flag("ok", say("Within limits"), of_size=True) if was_out and not is_out else None

    def _is_out(self, org: Org, squad: Squad) -> bool:
        record = org.squads.get(squad.id)
        return record is not None and is_out_of_range(org, record)

    def _loses_owner(self, squad: Squad) -> bool:
        """Say whether a squad lacks a product owner now, and did not before."""
        if self.after.find("role", OWNER) is None or self.after.holder(squad.id, OWNER) is not None:
            return False
        return self.is_new(squad) or self.before.holder(squad.id, OWNER) is not None

    # Other tribes

    def elsewhere(self, here: Tribe | None) -> tuple[list[Elsewhere], int]:
        """Return the first of the other tribes that the draft changes, by name, and how many more there are."""
        tribes = [tribe for tribe in self._reached if here is None or tribe.id != here.id]
        return [self._told(tribe) for tribe in tribes[:TRIBES_TOLD]], max(0, len(tribes) - TRIBES_TOLD)

    @cached_property
    def _reached(self) -> list[Tribe]:
        return by_name(self.after.tribes.get(id_) or self.before.tribes[id_] for id_ in self._shifts)

    @cached_property
    def _shifts(self) -> dict[str, _Shift]:
        found: dict[str, _Shift] = {}
        for change in self.changes:
            if change.kind == "squad":
                self._shift_squad(change, found)
            elif change.kind == "membership":
                self._shift_person(change, found)
        return found

    def _shift_squad(self, change: Change, found: dict[str, _Shift]) -> None:
        was_open, is_now_open = (is_open(org, "squad", change.id) for org in (self.before, self.after))
        was = self.before.squads[change.id].tribe if was_open else None
        is_ = self.after.squads[change.id].tribe if is_now_open else None
        if was == is_:
            return
        name = self._name(change.id)
        if was is not None:
            shift = found.setdefault(was, _Shift())
            (shift.gives_up if is_now_open else shift.closes).append(name)
        if is_ is not None:
            shift = found.setdefault(is_, _Shift())
            (shift.takes_in if was_open else shift.opens).append(name)

    def _shift_person(self, change: Change, found: dict[str, _Shift]) -> None:
        old, new = self.before.memberships.get(change.id), self.after.memberships.get(change.id)
        if old is not None and new is not None and old.squad == new.squad:
            return
        for org, membership in ((self.before, old), (self.after, new)):
            tribe = org.squads[membership.squad].tribe if membership is not None else None
            if membership is not None and tribe is not None:
                found.setdefault(tribe, _Shift()).movers.add(membership.person)

    def _told(self, tribe: Tribe) -> Elsewhere:
        if tribe.id not in self._elsewhere:
            self._elsewhere[tribe.id] = self._tell(tribe, self._shifts[tribe.id])
        return replace(self._elsewhere[tribe.id])  # a page adds an address to its own

    def _tell(self, tribe: Tribe, shift: _Shift) -> Elsewhere:
        (people_before, squads_before), (people, squads) = (
            _numbers(org, tribe.id) for org in (self.before, self.after)
        )
        deeds = names(self._deeds(tribe.id, shift), limit=8)
        if not deeds and people == people_before:
            deeds = count(shift.movers, "moves {n} person", "moves {n} people")
        return Elsewhere(tribe, deeds, people_before, people, squads_before, squads)

    def _deeds(self, tribe: str, shift: _Shift) -> Iterator[str]:
        """Yield what a tribe does, each with its squads. What a split or merge has told of is not told again."""
        splits = [split for split in self.splits if self._squad(split.unit).tribe == tribe]
        merges = [merge for merge in self.merges if self._squad(merge.into).tribe == tribe]
        told = {self._name(squad) for split in splits for squad in (split.unit, *split.into)}
        told.update(self._name(squad) for merge in merges for squad in merge.units)
        if splits:
            yield say("splits {squads}", squads=names(self._name(split.unit) for split in splits))
        for merge in merges:
            into = name_of(self.after, "squad", merge.into)
            yield say("merges {squads} into {squad}", squads=names(map(self._name, merge.units)), squad=into)
        if gives_up := _untold(shift.gives_up, told):
            yield say("gives up {squads}", squads=gives_up)
        if takes_in := _untold(shift.takes_in, told):
            yield say("takes in {squads}", squads=takes_in)
        if opens := _untold(shift.opens, told):
            yield say("opens {squads}", squads=opens)
        if closes := _untold(shift.closes, told):
            yield say("closes {squads}", squads=closes)


def _untold(squads: Iterable[str], told: set[str]) -> str:
    """Return the names of squads without those told of already; "" where none is left."""
    return names(sorted((name for name in squads if name not in told), key=str.casefold))


def fate_of(unit: Squad | Tribe | Chapter | None, org: Org, before: Org | None) -> str:
    """Return what a draft does to a unit as a whole."""
    if unit is None or before is None:
        return ""
    if not is_open(org, unit.KIND, unit.id):
        return say("Closes in this draft")
    return "" if is_open(before, unit.KIND, unit.id) else say("New")


def tribes_in(org: Org, before: Org | None) -> list[Tribe]:
    """Return the open tribes by name, with those that a draft closes."""
    tribes = org.tribes_by_name()
    if before is None:
        return [*tribes]
    return by_name([*tribes, *(t for t in before.tribes_by_name() if not is_open(org, "tribe", t.id))])


def tribe_name(org: Org, squad: Any) -> str:
    tribe = org.tribes.get(squad.tribe) if squad is not None and squad.tribe else None
    return tribe.name if tribe is not None else say("no tribe")


def _numbers(org: Org, tribe: str) -> tuple[int, int]:
    """Return how many people and squads a tribe has."""
    return (len(org.people_in_tribe(tribe)), len(org.squads_of(tribe))) if tribe in org.tribes else (0, 0)
