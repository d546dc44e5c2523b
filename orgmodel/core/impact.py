"""What a reorganization does to people, squads, chapters, tribes and missions, and what it asks of them.

All of it is worked out from the organization before and after, at the cost of what the changes touch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from orgmodel.core.changes import Change
from orgmodel.core.figures import span_of
from orgmodel.core.org import Org
from orgmodel.core.records import Membership
from orgmodel.core.rules.limits import LIMITS, Limits
from orgmodel.core.scope import Scope, is_here, is_open, scope_of, sorted_ids


@dataclass(frozen=True, slots=True)
class PersonImpact:
    """Where someone is at home before and after: ids, and the share of their time there. None where nowhere.

    The tribe is the home squad's; of someone without a squad, their chapter's.
    """

    person: str
    squad_before: str | None
    squad_after: str | None
    tribe_before: str | None
    tribe_after: str | None
    manager_before: str | None
    manager_after: str | None
    chapter_before: str | None
    chapter_after: str | None
    share_before: int | None
    share_after: int | None
    arrives: bool = False  # hired or taken back: for them nothing changes, all is new
    leaves: bool = False

    @property
    def stays(self) -> bool:
        return not self.arrives and not self.leaves

    @property
    def changes_squad(self) -> bool:
        return self.stays and self.squad_before != self.squad_after

    @property
    def changes_tribe(self) -> bool:
        return self.stays and self.tribe_before != self.tribe_after

    @property
    def changes_manager(self) -> bool:
        return self.stays and self.manager_before != self.manager_after

    @property
    def changes_chapter(self) -> bool:
        return self.stays and self.chapter_before != self.chapter_after

    @property
    def changes_share(self) -> bool:
        """Say whether another part of their time belongs to the squad they stay in."""
        return self.stays and not self.changes_squad and self.share_before != self.share_after


@dataclass(frozen=True, slots=True)
class SquadImpact:
    """A squad whose people or tribe differ, or that opens or closes.

    Of those who counted in it before, `stayed` still do; `core_kept` says so in percent, rounded down, so that a limit
    of 50 means half. Where nobody was before, all of the core is kept.
    """

    squad: str
    size_before: int
    size_after: int
    stayed: int
    core_kept: int
    is_new: bool = False
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class UnitImpact:
    """A tribe or chapter whose size differs, or how many people report to its lead (`span`)."""

    kind: str
    unit: str
    size_before: int
    size_after: int
    span_before: int
    span_after: int


@dataclass(frozen=True, slots=True)
class MissionImpact:
    """A mission with other people, squads or time than before.

    `share` is in percent of one person: 250 is two and a half. An unknown share counts as a whole one.
    """

    mission: str
    people_before: int
    people_after: int
    share_before: int
    share_after: int
    squads_before: int
    squads_after: int

    @property
    def is_left_without_squad(self) -> bool:
        return self.squads_before > 0 and self.squads_after == 0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who stop or start working together in a squad, and for how many months they have."""

    one: str
    other: str
    months: int
    starts: bool


@dataclass(frozen=True, slots=True)
class Impact:
    """What differs for whom. Each list leaves out those for whom nothing does.

    `reach_people` counts everybody whose place in squads, manager, chapter, tribe or teammates differ, `reach_squads`
    where that is and what opens, closes or moves, `reach_tribes` the tribes of all of them, before and after.
    """

    people: tuple[PersonImpact, ...]
    squads: tuple[SquadImpact, ...]
    units: tuple[UnitImpact, ...]
    missions: tuple[MissionImpact, ...]
    pairs: tuple[Pair, ...]
    price: int
    reach_people: int
    reach_squads: int
    reach_tribes: int


def impact_of(
    before: Org, after: Org, changes: Sequence[Change], *, today: date, limits: Limits = LIMITS
) -> Impact:
    """Return what changes do to the organization, at the cost of what they touch."""
    scope = scope_of(before, after, changes)
    people = people_impacts(before, after, scope)
    squads = squad_impacts(before, after, scope)
    pairs = _pairs(before, after, scope, today, limits)
    memberships = _differing_memberships(before, after, changes)
    reached = {m.person for m in memberships} | {p.person for p in people}
    reached |= {person for pair in pairs for person in (pair.one, pair.other)}
    reached_squads = {m.squad for m in memberships} | {s.squad for s in squads}
    reached_tribes = _tribes_of(before, after, reached_squads)
    reached_tribes |= {tribe for p in people for tribe in (p.tribe_before, p.tribe_after)}
    return Impact(
        people=people,
        squads=squads,
        units=_unit_impacts(before, after, scope),
        missions=_mission_impacts(before, after, scope),
        pairs=pairs,
        price=price_of(people, pairs, limits),
        reach_people=len(reached),
        reach_squads=len(reached_squads),
        reach_tribes=len(reached_tribes - {None}),
    )


def price_of(people: Iterable[PersonImpact], pairs: Iterable[Pair], limits: Limits = LIMITS) -> int:
    """Return the human price of a reorganization as one number, in months of working together.

    It adds up the months that every pair has worked together who now stop, and for everybody who stays in the
    organization 6 months for another manager, 3 for another home squad and 1 for another tribe (`Limits.price_*`).

    What a team knows of each other is lost with the pair, so time together is the unit. The rest is what starting
    anew takes: about a quarter until a squad is formed, half a year until a new manager knows enough to develop and
    assess someone, a month to know the neighbors of another tribe. Pairs that move together keep what they have and
    cost nothing, nor do pairs who start: two designs that end alike differ only in what they break.
    """
    ended = sum(pair.months for pair in pairs if not pair.starts)
    anew = sum(
        limits.price_manager * person.changes_manager
        + limits.price_squad * person.changes_squad
        + limits.price_tribe * person.changes_tribe
        for person in people
    )
    return ended + anew


# People


@dataclass(frozen=True, slots=True)
class _Place:
    squad: str | None = None
    tribe: str | None = None
    manager: str | None = None
    chapter: str | None = None
    share: int | None = None


def people_impacts(before: Org, after: Org, scope: Scope) -> tuple[PersonImpact, ...]:
    """Return the people whose home, manager or chapter differs, by name."""
    found = (_person_impact(before, after, id_) for id_ in sorted_ids(before, after, "person", scope.people))
    return tuple(impact for impact in found if impact is not None)


def _person_impact(before: Org, after: Org, person: str) -> PersonImpact | None:
    was_here, is_now_here = is_here(before, person), is_here(after, person)
    old = _place(before, person) if was_here else _Place()
    new = _place(after, person) if is_now_here else _Place()
    if old == new and was_here == is_now_here:
        return None
    return PersonImpact(
        person=person,
        squad_before=old.squad,
        squad_after=new.squad,
        tribe_before=old.tribe,
        tribe_after=new.tribe,
        manager_before=old.manager,
        manager_after=new.manager,
        chapter_before=old.chapter,
        chapter_after=new.chapter,
        share_before=old.share,
        share_after=new.share,
        arrives=is_now_here and not was_here,
        leaves=was_here and not is_now_here,
    )


def _place(org: Org, person: str) -> _Place:
    home = org.primary_membership(person)
    chapter = org.chapter_of(person)
    unit: Any = org.squads[home.squad] if home else chapter
    return _Place(
        squad=home.squad if home else None,
        tribe=unit.tribe if unit else None,
        manager=org.people[person].manager,
        chapter=chapter.id if chapter else None,
        share=home.share if home else None,
    )


# Squads, tribes, chapters


def squad_impacts(before: Org, after: Org, scope: Scope) -> tuple[SquadImpact, ...]:
    """Return the squads whose people or tribe differ, or that open or close, by name."""
    found = (_squad_impact(before, after, id_) for id_ in sorted_ids(before, after, "squad", scope.squads))
    return tuple(impact for impact in found if impact is not None)


def _squad_impact(before: Org, after: Org, squad: str) -> SquadImpact | None:
    was, is_ = _counted(before, squad), _counted(after, squad)
    was_open, is_now_open = is_open(before, "squad", squad), is_open(after, "squad", squad)
    if was == is_ and was_open == is_now_open and _tribe_of(before, squad) == _tribe_of(after, squad):
        return None
    stayed = len(was & is_)
    return SquadImpact(
        squad=squad,
        size_before=len(was),
        size_after=len(is_),
        stayed=stayed,
        core_kept=100 * stayed // len(was) if was else 100,
        is_new=is_now_open and not was_open,
        is_closed=was_open and not is_now_open,
    )


def _counted(org: Org, squad: str) -> set[str]:
    return {membership.person for membership in org.memberships_in(squad) if org.counts(membership)}


def _tribe_of(org: Org, squad: str) -> str | None:
    record = org.squads.get(squad)
    return record.tribe if record else None


def _unit_impacts(before: Org, after: Org, scope: Scope) -> tuple[UnitImpact, ...]:
    shifts = _tribe_shifts(before, after, scope)
    found = []
    for tribe in sorted_ids(before, after, "tribe", scope.tribes):
        size = len(before.people_in_tribe(tribe)) if tribe in before.tribes else 0
        found.append(_unit_impact(before, after, "tribe", tribe, (size, size + shifts[tribe])))
    for chapter in sorted_ids(before, after, "chapter", scope.chapters):
        sizes = len(before.chapter_members_in(chapter)), len(after.chapter_members_in(chapter))
        found.append(_unit_impact(before, after, "chapter", chapter, sizes))
    return tuple(u for u in found if u.size_before != u.size_after or u.span_before != u.span_after)


def _unit_impact(before: Org, after: Org, kind: str, unit: str, sizes: tuple[int, int]) -> UnitImpact:
    return UnitImpact(kind, unit, *sizes, _span_in(before, kind, unit), _span_in(after, kind, unit))


def _span_in(org: Org, kind: str, unit: str) -> int:
    record: Any = org.get(kind, unit)
    return span_of(org, record.lead) if record is not None and record.lead else 0


def _tribe_shifts(before: Org, after: Org, scope: Scope) -> Counter[str]:
    """Return how many people each tribe gains or loses: counting a tribe once and adding that is half the work."""
    leads = {lead for org in (before, after) for tribe in scope.tribes for lead in _trio(org, tribe)}
    shifts: Counter[str] = Counter()
    for person in scope.people | leads:
        shifts.update(_tribes_with(after, person))
        shifts.subtract(_tribes_with(before, person))
    return shifts


def _trio(org: Org, tribe: str) -> list[str]:
    record: Any = org.tribes.get(tribe)
    leads = [getattr(record, field) for field in TRIO] if record is not None else []
    return [lead for lead in leads if lead is not None]


TRIO = ("lead", "product_lead", "design_lead")


def _tribes_with(org: Org, person: str) -> set[str]:
    """Return the tribes that count someone among theirs, as `Org.people_in_tribe` does."""
    memberships = org.memberships_of(person)
    units: list[Any] = [org.squads[m.squad] for m in memberships if org.counts(m)]
    if not memberships:
        units = [chapter] if (chapter := org.chapter_of(person)) else []
    found = {unit.tribe for unit in units if unit.closed_on is None and unit.tribe is not None}
    return found.union(*(org.pointing("tribe", field, person) for field in TRIO))


# Missions


def _mission_impacts(before: Org, after: Org, scope: Scope) -> tuple[MissionImpact, ...]:
    touched = {
        squad.mission
        for org in (before, after)
        for id_ in scope.squads
        if (squad := org.squads.get(id_)) is not None and squad.mission is not None
    }
    found = []
    for mission in sorted_ids(before, after, "mission", touched):
        was, is_ = _staffing(before, mission), _staffing(after, mission)
        if was != is_:
            found.append(MissionImpact(mission, was[0], is_[0], was[1], is_[1], was[2], is_[2]))
    return tuple(found)


def _staffing(org: Org, mission: str) -> tuple[int, int, int]:
    """Return how many people, percent of their time and squads a mission has."""
    squads = org.squads_on(mission)
    members = [membership for squad in squads for membership in org.memberships_in(squad.id)]
    share = sum(100 if membership.share is None else membership.share for membership in members)
    return len({membership.person for membership in members}), share, len(squads)


# Who works with whom


def _pairs(before: Org, after: Org, scope: Scope, today: date, limits: Limits) -> tuple[Pair, ...]:
    """Return who stops and who starts working together, the longest together first.

    Two people work together while they share a squad, whichever; moving to another one together ends nothing.
    """
    found: dict[tuple[str, str], Pair] = {}
    for person in scope.movers:
        was, is_ = _teammates(before, person, limits), _teammates(after, person, limits)
        for other in was.keys() - is_.keys():
            pair = _in_order(person, other)
            if pair not in found:
                found[pair] = Pair(*pair, months=_months_together(was[other], today, limits), starts=False)
        for other in is_.keys() - was.keys():
            pair = _in_order(person, other)
            found[pair] = Pair(*pair, months=0, starts=True)
    return tuple(sorted(found.values(), key=lambda pair: (pair.starts, -pair.months, pair.one, pair.other)))


def _in_order(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


_Shared = list[tuple[Membership, Membership]]


def _teammates(org: Org, person: str, limits: Limits) -> dict[str, _Shared]:
    """Return who shares a squad with someone, and the memberships of both in each squad that they share."""
    found: dict[str, _Shared] = {}
    for own in org.memberships_of(person):
        members = org.memberships_in(own.squad)
        if len(members) > limits.teammates_most:
            continue
        for membership in members:
            if membership.person != person:
                found.setdefault(membership.person, []).append((own, membership))
    return found


def _months_together(shared: _Shared, today: date, limits: Limits) -> int:
    """Return for how long two people have worked together: where they share several squads, the longest counts.

    In a squad it is since the later of both came. Where nobody knows since when someone is in it, a year is taken for
    them (`Limits.together_unknown`), so a design is neither spared nor punished for what the data does not say; more
    than three years (`Limits.together_most`) count as three.
    """
    return max(min(_months_in(one, today, limits), _months_in(other, today, limits)) for one, other in shared)


def _months_in(membership: Membership, today: date, limits: Limits) -> int:
    if membership.since is None:
        return limits.together_unknown
    since = membership.since
    months = (today.year - since.year) * 12 + today.month - since.month - (today.day < since.day)
    return max(0, min(limits.together_most, months))


# How far it reaches


def _tribes_of(before: Org, after: Org, squads: Iterable[str]) -> set[str | None]:
    return {_tribe_of(org, squad) for squad in squads for org in (before, after)}


def _differing_memberships(before: Org, after: Org, changes: Iterable[Change]) -> list[Membership]:
    """Return the memberships that differ, each as it was and as it is."""
    ids = [change.id for change in changes if change.kind == "membership"]
    return [
        found for id_ in ids for org in (before, after) if (found := org.memberships.get(id_)) is not None
    ]
