"""Where drafts of one organization collide: what cannot be true of both, and what only all of them together break.

Every draft says what it claims: where people go, which units open up or close, which fields become what. Two claims
about the same that differ collide; equal ones agree. It costs what the drafts touch.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from orgmodel.core.changes import Change
from orgmodel.core.impact import people_impacts
from orgmodel.core.operations.base import name_of, short, subject_of
from orgmodel.core.org import Org, Ref
from orgmodel.core.phrases import count, day_in_words, names, nonzero, say
from orgmodel.core.records import Spec, Squad, Tribe, label_of, specs_of
from orgmodel.core.replay import Replay
from orgmodel.core.rules.sizes import squad_least, squad_most, tribe_most
from orgmodel.core.scope import Scope, is_open, scope_of

KINDS_OF_COLLISION = ("person", "closed", "field", "sum")
UNITS = frozenset({"tribe", "squad", "chapter", "guild"})
LINEAGE = frozenset({"squad_lineage", "tribe_lineage", "chapter_lineage"})


@dataclass(frozen=True, slots=True)
class Side:
    """One draft's part in a collision: at which step, and what it does there, such as "goes to Search"."""

    plan: str
    step: int
    does: str


@dataclass(frozen=True, slots=True)
class Collision:
    """What drafts cannot both have. Of the kinds "person", "closed" and "field" there are two sides.

    Of the kind "sum" there are as many as have a part in it. `message` tells all sides; where a reader may not see one
    of them, `subject` and the other side's `does` can be told alone.
    """

    kind: str
    ref: Ref
    subject: str
    message: str
    sides: tuple[Side, ...]


class _Draft:
    """A draft's replay with what several questions about it have in common."""

    def __init__(self, plan: str, replay: Replay) -> None:
        self.plan = plan
        self.steps = replay.steps
        self.before, self.after = replay.before, replay.after
        self.changes = replay.changes
        self.positions = replay.positions
        self.scope = scope_of(self.before, self.after, self.changes)

    def side(self, step: int, does: str) -> Side:
        return Side(self.plan, step, does)

    def record(self, change: Change) -> Any:
        return self.after.get(*change.ref) or self.before.get(*change.ref)

    @functools.cached_property
    def moved_at(self) -> dict[str, int]:
        """For everybody whose membership or status is touched, the last step that does."""
        found: dict[str, int] = {}
        for position, step in enumerate(self.steps):
            for change in step.changes:
                if change.kind == "membership" and (record := self.record(change)) is not None:
                    found[record.person] = position
                elif change.kind == "person" and (change.after is None or "status" in change.after):
                    found[change.id] = position
        return found

    @functools.cached_property
    def staffed_at(self) -> dict[Ref, int]:
        """For every squad and tribe, the last step that touches it or somebody in it."""
        scopes = [scope_of(self.before, self.after, step.changes) for step in self.steps]
        return {
            (kind, unit): position
            for position, scope in enumerate(scopes)
            for kind in _MEMBERS
            for unit in _units_in(scope, kind)
        }


THE_DAY = "the day on which it takes effect"
"""Drafts for different days that say the same of it are at one: when it is so is for their days to say."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a draft holds about one thing (`about`): claims about the same with different values collide."""

    kind: str
    about: tuple[str, ...]
    value: Any
    ref: Ref  # whom to show it with
    subject: str
    side: Side
    what: str = ""  # where someone goes, or what a field is


def collisions(plans: Sequence[tuple[str, Replay]]) -> list[Collision]:
    """Return every collision between drafts, each given as its key and its replay on the same organization."""
    drafts = [_Draft(plan, replay) for plan, replay in plans]
    claims: dict[tuple[str, ...], list[_Claim]] = {}
    for claim in itertools.chain.from_iterable(map(_claims_of, drafts)):
        claims.setdefault((claim.kind, *claim.about), []).append(claim)
    pairs = [
        (one, other)
        for same in claims.values()
        for one, other in itertools.combinations(same, 2)
        if one.value != other.value
    ]
    found = [*_told_once(pairs), *_sums(drafts)]
    return sorted(found, key=lambda c: (KINDS_OF_COLLISION.index(c.kind), c.subject.casefold(), c.ref))


def _told_once(pairs: Iterable[tuple[_Claim, _Claim]]) -> Iterator[Collision]:
    """Yield collisions, without the fields of a membership where its person is known to go different ways."""
    pairs = list(pairs)
    torn = {_between(*pair) for pair in pairs if pair[0].kind == "person"}
    for one, other in pairs:
        if one.about[0] != "membership" or _between(one, other) not in torn:
            yield Collision(one.kind, one.ref, one.subject, _told(one, other), (one.side, other.side))


def _between(one: _Claim, other: _Claim) -> tuple[Ref, str, str]:
    return one.ref, one.side.plan, other.side.plan


def _told(one: _Claim, other: _Claim) -> str:
    """Say two things in one sentence, without the verb for the second where it is the same."""
    both = {"subject": one.subject, "one": one.what, "other": other.what}
    if one.kind == "field":
        return say("{subject} is {one} in one and {other} in the other.", **both)
    if one.what and other.what:
        return say("{subject} goes to {one} in one and to {other} in the other.", **both)
    does = {"one": one.side.does, "other": other.side.does}
    return say("{subject} {one} in one and {other} in the other.", **both | does)


# What a draft claims


def _claims_of(draft: _Draft) -> Iterator[_Claim]:
    yield from _homes(draft)
    yield from _openings(draft)
    for change in draft.changes:
        if change.kind not in LINEAGE:
            yield from _fields(draft, change)


def _homes(draft: _Draft) -> Iterator[_Claim]:
    """Yield where people go: another home squad, none, or out of the organization."""
    for person in people_impacts(draft.before, draft.after, draft.scope):
        if not person.leaves and not person.changes_squad:
            continue
        id_, home = person.person, person.squad_after
        squad = name_of(draft.after, "squad", home) if home else ""
        does = say("goes to {squad}", squad=squad) if home else say("ends without a squad")
        side = draft.side(draft.moved_at[id_], say("leaves") if person.leaves else does)
        name = name_of(draft.before, "person", id_)
        yield _Claim("person", ("home", id_), (person.leaves, home), ("person", id_), name, side, squad)


def _openings(draft: _Draft) -> Iterator[_Claim]:
    """Yield which units close, and which get people, vacancies, squads or chapters."""
    given: dict[Ref, list[Change]] = {}
    for change in draft.changes:
        if change.kind in UNITS and change.before is not None and (change.after or {}).get("closed_on"):
            side = draft.side(draft.positions[change.ref], say("closes"))
            yield _opening(draft, change.ref, side, closes=True)
        for unit in _units_named(draft, change):
            given.setdefault(unit, []).append(change)
    for unit, what in given.items():
        told = names(dict.fromkeys(_title(draft, change) for change in what))
        side = draft.side(max(draft.positions[c.ref] for c in what), say("gets {names}", names=told))
        yield _opening(draft, unit, side, closes=False)


def _opening(draft: _Draft, unit: Ref, side: Side, *, closes: bool) -> _Claim:
    return _Claim("closed", unit, closes, unit, name_of(draft.after, *unit), side)


def _units_named(draft: _Draft, change: Change) -> Iterator[Ref]:
    """Yield the units that a record newly belongs to, unless it is a vacancy that is settled."""
    if change.kind in LINEAGE or (change.kind == "vacancy" and not draft.record(change).is_open):
        return
    specs = specs_of(change.kind)
    for field, value in (change.after or {}).items():
        if value and specs[field].target in UNITS:
            yield specs[field].target, value


def _fields(draft: _Draft, change: Change) -> Iterator[_Claim]:
    """Yield what fields become, and whether a record is removed or goes on with changes."""
    title, ref, specs = _place(draft, change), _shown_with(draft, change), specs_of(change.kind)
    step = draft.positions[change.ref]
    day = draft.steps[step].on
    if change.before is not None:
        becomes: str = say("removed") if change.after is None else say("changed")
        yield _Claim("field", change.ref, becomes, ref, title, _is(draft, step, becomes), becomes)
    for field, value in (change.after or {}).items():
        becomes = _in_words(draft.after, specs[field], value)
        subject = say("{name}: {field}", name=title, field=label_of(change.kind, field))
        kept = THE_DAY if value == day else value
        yield _Claim("field", (*change.ref, field), kept, ref, subject, _is(draft, step, becomes), becomes)


def _is(draft: _Draft, step: int, what: str) -> Side:
    return draft.side(step, say("is {what}", what=what))


# What only all of them do


@dataclass(frozen=True, slots=True)
class _Delta:
    """Who is in a unit before and after a draft."""

    draft: _Draft
    before: frozenset[str]
    after: frozenset[str]

    def side(self, unit: Ref) -> Side:
        gained, lost = len(self.after - self.before), len(self.before - self.after)
        both = (say("gains {n}", n=gained), say("loses {n}", n=lost))
        does = names(nonzero(both))
        return self.draft.side(self.draft.staffed_at[unit], does)


def _sums(drafts: Sequence[_Draft]) -> Iterator[Collision]:
    """Yield the squads and tribes in range today and in each draft, but not with what all of them do together."""
    touching: dict[Ref, list[_Draft]] = {}
    for draft in drafts:
        for kind in _MEMBERS:
            for unit in _units_in(draft.scope, kind):
                touching.setdefault((kind, unit), []).append(draft)
    for ref, own in touching.items():
        # Where one of them closes it while others staff it, that is told already.
        if len(own) > 1 and all(is_open(org, *ref) for draft in own for org in (draft.before, draft.after)):
            members, unit = _MEMBERS[ref[0]], ref[1]
            today = members(own[0].before, unit)
            deltas = [_Delta(draft, today, members(draft.after, unit)) for draft in own]
            yield from _sum_of(ref, deltas)


def _sum_of(unit: Ref, deltas: Sequence[_Delta]) -> Iterator[Collision]:
    today = deltas[0].before
    left = {person for delta in deltas for person in delta.before - delta.after}
    joined = {person for delta in deltas for person in delta.after - delta.before}
    total = len((today - left) | joined)
    org = deltas[0].draft.before
    record: Any = org.get(*unit)
    least, most = _range(org, record)
    alone = [len(today), *(len(delta.after) for delta in deltas)]
    if not least <= total <= most and all(least <= size <= most for size in alone):
        sizes = {"unit": record.name, "today": count(today, "person", "people"), "total": total}
        message = (
            say(
                "{unit} has {today} today and would have {total} with all of these; at most {most:g}.",
                most=most,
                **sizes,
            )
            if total > most
            else say(
                "{unit} has {today} today and would have {total} with all of these; at least {least:g}.",
                least=least,
                **sizes,
            )
        )
        sides = tuple(delta.side(unit) for delta in deltas if delta.before != delta.after)
        yield Collision("sum", unit, record.name, message, sides)


def _range(org: Org, record: Squad | Tribe) -> tuple[float, float]:
    """Return how many people a unit may have, by today's rules."""
    if isinstance(record, Tribe):
        least, most = None, tribe_most(org, record)
    else:
        least, most = squad_least(org, record), squad_most(org, record)
    return least or 0, math.inf if most is None else most


def _units_in(scope: Scope, kind: str) -> set[str]:
    return scope.squads if kind == "squad" else scope.tribes


def _in_squad(org: Org, squad: str) -> frozenset[str]:
    return frozenset(m.person for m in org.memberships_in(squad) if org.counts(m))


def _in_tribe(org: Org, tribe: str) -> frozenset[str]:
    return frozenset(org.people_in_tribe(tribe))


_MEMBERS: Mapping[str, Callable[[Org, str], frozenset[str]]] = {"squad": _in_squad, "tribe": _in_tribe}


# Words


def _is_part(kind: str) -> bool:
    """Say whether a record is someone's part in a unit, so that it is told by their name."""
    return "person" in specs_of(kind)


def _shown_with(draft: _Draft, change: Change) -> Ref:
    return ("person", draft.record(change).person) if _is_part(change.kind) else change.ref


def _title(draft: _Draft, change: Change) -> str:
    record = draft.record(change)
    if _is_part(change.kind):
        return name_of(draft.after, "person", record.person)
    return say("a dependency") if change.kind == "dependency" else short(str(record.name))


def _place(draft: _Draft, change: Change) -> str:
    """Return the name of a record; of someone's part in a squad, in a guild or elsewhere, where it is as well."""
    if change.kind == "chapter_member":  # one has one chapter at most
        return _title(draft, change)
    return subject_of(draft.after, draft.record(change))


def _in_words(org: Org, spec: Spec, value: object) -> str:
    if value is None or value in ("", ()):
        return say("empty")
    match value:
        case bool():
            return say("yes") if value else say("no")
        case date():
            return day_in_words(value)
        case str() if spec.kind == "ref":
            return name_of(org, spec.target, value)
        case str() if spec.kind == "choice":
            return dict(spec.choices).get(value, value)
        case str():
            return say("“{text}”", text=short(value))
    return str(value)
