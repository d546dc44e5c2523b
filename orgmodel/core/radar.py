"""Where drafts of one organization collide: what cannot be true of both, and what only all of them together break.

Every draft says what it claims: where people go, which units open up or close, which fields become what. Two claims
about the same that differ collide; equal ones agree. It costs what the drafts touch.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from orgmodel.core.changes import Change
from orgmodel.core.impact import people_impacts
from orgmodel.core.operations.base import name_of, names, short
from orgmodel.core.org import Org, Ref
from orgmodel.core.records import Spec, Tribe, label_of, specs_of
from orgmodel.core.replay import Replay
from orgmodel.core.rules.limits import LIMITS, Limits
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


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a draft holds about one thing (`about`): claims about the same with different values collide."""

    kind: str
    about: tuple[str, ...]
    value: Any
    ref: Ref  # whom to show it with
    subject: str
    side: Side


def collisions(plans: Sequence[tuple[str, Replay]], limits: Limits = LIMITS) -> list[Collision]:
    """Return every collision between drafts, each given as its key and its replay on today's organization."""
    claims: dict[tuple[str, ...], list[_Claim]] = {}
    for plan, replay in plans:
        for claim in _claims_of(plan, replay):
            claims.setdefault((claim.kind, *claim.about), []).append(claim)
    pairs = [
        (one, other)
        for same in claims.values()
        for one, other in itertools.combinations(same, 2)
        if one.value != other.value
    ]
    found = [*_told_once(pairs), *_sums(plans, limits)]
    return sorted(found, key=lambda c: (KINDS_OF_COLLISION.index(c.kind), c.subject.casefold(), c.ref))


def _told_once(pairs: Iterable[tuple[_Claim, _Claim]]) -> Iterator[Collision]:
    """Yield collisions, without the fields of a membership where its person is known to go different ways."""
    pairs = list(pairs)
    torn = {_between(*pair) for pair in pairs if pair[0].kind == "person"}
    for one, other in pairs:
        if one.about[0] != "membership" or _between(one, other) not in torn:
            message = f"{one.subject} {_in_both(one.side.does, other.side.does)}."
            yield Collision(one.kind, one.ref, one.subject, message, (one.side, other.side))


def _between(one: _Claim, other: _Claim) -> tuple[Ref, str, str]:
    return one.ref, one.side.plan, other.side.plan


def _in_both(one: str, other: str) -> str:
    """Say two things in one sentence, without the verb for the second where it is the same."""
    verb, _, rest = other.partition(" ")
    return f"{one} in one and {rest if rest and one.startswith(f'{verb} ') else other} in the other"


# What a draft claims


def _claims_of(plan: str, replay: Replay) -> Iterator[_Claim]:
    changes, positions = replay.changes, replay.positions
    yield from _homes(plan, replay, changes)
    yield from _openings(plan, replay, changes, positions)
    for change in changes:
        yield from _fields(plan, replay, change, positions[change.ref])


def _homes(plan: str, replay: Replay, changes: Sequence[Change]) -> Iterator[_Claim]:
    """Yield where people go: another home squad, none, or out of the organization."""
    before, after = replay.before, replay.after
    moved_at = _moved_at(replay)
    for person in people_impacts(before, after, scope_of(before, after, changes)):
        if not person.leaves and not person.changes_squad:
            continue
        home = person.squad_after
        stays = f"goes to {name_of(after, 'squad', home)}" if home else "ends without a squad"
        does = "leaves" if person.leaves else stays
        yield _Claim(
            "person",
            ("home", person.person),
            (person.leaves, home),
            ("person", person.person),
            name_of(before, "person", person.person),
            Side(plan, moved_at[person.person], does),
        )


def _moved_at(replay: Replay) -> dict[str, int]:
    """For everybody whose membership or status is touched, return the last step that does."""
    found: dict[str, int] = {}
    for position, step in enumerate(replay.steps):
        for change in step.changes:
            if change.kind == "membership" and (record := _record(replay, change)) is not None:
                found[record.person] = position
            elif change.kind == "person" and (change.after is None or "status" in change.after):
                found[change.id] = position
    return found


def _openings(
    plan: str, replay: Replay, changes: Sequence[Change], positions: Mapping[Ref, int]
) -> Iterator[_Claim]:
    """Yield which units close, and which get people, vacancies, squads or chapters."""
    given: dict[Ref, list[Change]] = {}
    for change in changes:
        if change.kind in UNITS and change.before is not None and (change.after or {}).get("closed_on"):
            yield _opening(replay, change.ref, Side(plan, positions[change.ref], "closes"))
        for unit in _units_named(replay, change):
            given.setdefault(unit, []).append(change)
    for unit, what in given.items():
        told = names(dict.fromkeys(_title(replay, change) for change in what))
        yield _opening(replay, unit, Side(plan, max(positions[c.ref] for c in what), f"gets {told}"))


def _opening(replay: Replay, unit: Ref, side: Side) -> _Claim:
    return _Claim("closed", unit, side.does == "closes", unit, name_of(replay.after, *unit), side)


def _units_named(replay: Replay, change: Change) -> Iterator[Ref]:
    """Yield the units that a record newly belongs to, unless it is a vacancy that is settled."""
    record = _record(replay, change)
    if change.kind in LINEAGE or (change.kind == "vacancy" and record is not None and not record.is_open):
        return
    specs = specs_of(change.kind)
    for field, value in (change.after or {}).items():
        if value and specs[field].target in UNITS:
            yield specs[field].target, value


def _fields(plan: str, replay: Replay, change: Change, step: int) -> Iterator[_Claim]:
    """Yield what fields become, and whether a record is removed or goes on with changes."""
    if change.kind in LINEAGE:
        return
    title, ref, specs = _place(replay, change), _shown_with(replay, change), specs_of(change.kind)
    if change.before is not None:
        does = "is removed" if change.after is None else "is changed"
        yield _Claim("field", change.ref, does, ref, title, Side(plan, step, does))
    for field, value in (change.after or {}).items():
        does = f"is {_in_words(replay.after, specs[field], value)}"
        subject = f"{title}: {label_of(change.kind, field)}"
        yield _Claim("field", (*change.ref, field), value, ref, subject, Side(plan, step, does))


# What only all of them do


def _sums(plans: Sequence[tuple[str, Replay]], limits: Limits) -> Iterator[Collision]:
    """Yield the squads and tribes in range today and in each draft, but not with what all of them do together."""
    if not plans:
        return
    scopes = [(plan, replay, scope_of(replay.before, replay.after, replay.changes)) for plan, replay in plans]
    today = plans[0][1].before
    for kind, members in _MEMBERS.items():
        deltas: dict[str, list[_Delta]] = {}
        for plan, replay, scope in scopes:
            for unit in _units_in(scope, kind):
                if is_open(replay.before, kind, unit):
                    delta = _Delta(plan, replay, members(replay.before, unit), members(replay.after, unit))
                    deltas.setdefault(unit, []).append(delta)
        for unit, own in deltas.items():
            found = _sum_of(today, (kind, unit), own, limits)
            if found is not None:
                yield found


@dataclass(frozen=True, slots=True)
class _Delta:
    """Who is in a unit before and after a draft."""

    plan: str
    replay: Replay
    before: frozenset[str]
    after: frozenset[str]


def _sum_of(today: Org, unit: Ref, deltas: Sequence[_Delta], limits: Limits) -> Collision | None:
    kind, id_ = unit
    if any(not is_open(delta.replay.after, kind, id_) for delta in deltas):
        return None  # who closes it while others staff it collides already
    live = deltas[0].before
    left = {person for delta in deltas for person in delta.before - delta.after}
    joined = {person for delta in deltas for person in delta.after - delta.before}
    total = len((live - left) | joined)
    record: Any = today.get(kind, id_)
    least, most = _range(record, limits)
    alone = [len(live), *(len(delta.after) for delta in deltas)]
    if least <= total <= most or any(not least <= size <= most for size in alone):
        return None
    bound = f"at most {most}" if total > most else f"at least {least}"
    return Collision(
        "sum",
        unit,
        record.name,
        f"{record.name} has {len(live)} people today and would have {total} with all of these; {bound}.",
        tuple(_part(unit, delta) for delta in deltas if delta.before != delta.after),
    )


def _part(unit: Ref, delta: _Delta) -> Side:
    gained, lost = len(delta.after - delta.before), len(delta.before - delta.after)
    does = [words for words, count in ((f"gains {gained}", gained), (f"loses {lost}", lost)) if count]
    return Side(delta.plan, _last_step(delta.replay, *unit), " and ".join(does))


def _last_step(replay: Replay, kind: str, unit: str) -> int:
    """Return the last step that touches a unit or somebody in it."""
    scopes = [scope_of(replay.before, replay.after, step.changes) for step in replay.steps]
    return max(position for position, scope in enumerate(scopes) if unit in _units_in(scope, kind))


def _units_in(scope: Scope, kind: str) -> set[str]:
    return scope.squads if kind == "squad" else scope.tribes


def _range(record: Any, limits: Limits) -> tuple[int, int]:
    if isinstance(record, Tribe):
        return 0, limits.tribe_most
    return (limits.squad_least if record.state == "active" else 0), limits.squad_most


def _in_squad(org: Org, squad: str) -> frozenset[str]:
    return frozenset(m.person for m in org.memberships_in(squad) if org.counts(m))


def _in_tribe(org: Org, tribe: str) -> frozenset[str]:
    return frozenset(org.people_in_tribe(tribe))


_MEMBERS: Mapping[str, Callable[[Org, str], frozenset[str]]] = {"squad": _in_squad, "tribe": _in_tribe}


# Words


def _record(replay: Replay, change: Change) -> Any:
    return replay.after.get(*change.ref) or replay.before.get(*change.ref)


def _is_part(kind: str) -> bool:
    """Say whether a record is someone's part in a unit, so that it is told by their name."""
    return "person" in specs_of(kind)


def _shown_with(replay: Replay, change: Change) -> Ref:
    return ("person", _record(replay, change).person) if _is_part(change.kind) else change.ref


def _title(replay: Replay, change: Change) -> str:
    record = _record(replay, change)
    if _is_part(change.kind):
        return name_of(replay.after, "person", record.person)
    return short(str(record.name))


def _place(replay: Replay, change: Change) -> str:
    """Return the name of a record; of someone's part in a squad or guild, where it is as well."""
    record, title = _record(replay, change), _title(replay, change)
    if change.kind == "membership":
        return f"{title} in {name_of(replay.after, 'squad', record.squad)}"
    if change.kind == "guild_member":
        return f"{title} in {name_of(replay.after, 'guild', record.guild)}"
    return title


def _in_words(org: Org, spec: Spec, value: object) -> str:
    if value is None or value in ("", ()):
        return "empty"
    match value:
        case bool():
            return "yes" if value else "no"
        case date():
            return f"{value:%-d %B %Y}"
        case str() if spec.kind == "ref":
            return name_of(org, spec.target, value)
        case str() if spec.kind == "choice":
            return dict(spec.choices).get(value, value)
        case str():
            return f"“{short(value)}”"
    return str(value)
