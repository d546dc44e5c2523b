"""What to settle before a reorganization: what it leaves without a home, and the checks RG-01 to RG-10 of a draft.

A check judges what the draft does, never a flaw that was there before it. Checks are findings, not refusals: blockers
stop publishing, the others ask for a reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from orgmodel.core.operations.base import names
from orgmodel.core.org import Org, Ref
from orgmodel.core.replay import Replay
from orgmodel.core.rules.limits import LIMITS, Limits

if TYPE_CHECKING:
    from orgmodel.core.impact import Impact


@dataclass(frozen=True, slots=True)
class Header:
    """What the owner of a draft says about it. `keep_together` holds groups of people, by id."""

    problem: str = ""
    intent: str = ""
    trade_offs: str = ""
    success: str = ""
    rollback_plan: str = ""
    effective_on: date | None = None
    announce_on: date | None = None
    review_on: date | None = None
    keep_together: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A draft with everything the checks need to know. Nothing in it reads a clock or a database.

    `earlier` holds, for people the draft touches, the days of the last twelve months on which their squad or manager
    changed; `freezes` a name with its first and last day.
    """

    replay: Replay
    impact: Impact
    header: Header
    today: date
    briefed: frozenset[str] = frozenset()
    earlier: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    freezes: tuple[tuple[str, date, date], ...] = ()
    limits: Limits = LIMITS


@dataclass(frozen=True, slots=True)
class Check:
    """Something to settle before publishing. `level` is "blocker", "high" or "medium"; `subjects` whom it is about."""

    code: str
    level: str
    message: str
    subjects: tuple[Ref, ...] = ()
    what_to_try: str = ""


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Something that a closed squad still holds."""

    squad: str
    kind: str
    id: str


def holdings_of(org: Org, squad: str) -> list[Ref]:
    """Return what a squad holds that needs another home before it closes. Whatever squads come to own belongs here."""
    return [("vacancy", vacancy.id) for vacancy in org.vacancies_in("squad", squad)]


def left_behind(before: Org, after: Org) -> list[LeftBehind]:
    """Return what closed squads hold that no closed squad held before, at the cost of what `after` touched."""
    return [
        LeftBehind(squad, kind, id_)
        for squad in _closed_squads_touched(after)
        for kind, id_ in holdings_of(after, squad)
        if not (_is_closed(before, squad) and (kind, id_) in holdings_of(before, squad))
    ]


def left_behind_in_words(org: Org, left: Iterable[LeftBehind]) -> list[str]:
    """Return a sentence for each closed squad: what it still holds, and the way out."""
    return [f"{message} {_way_out(refs)}" for _, refs, message in _by_squad(org, left)]


def _closed_squads_touched(after: Org) -> list[str]:
    """Return the closed squads that were touched themselves or through a vacancy, by name."""
    touched = {id_ for kind, id_ in after.origins if kind == "squad"}
    vacancies = (after.vacancies.get(id_) for kind, id_ in after.origins if kind == "vacancy")
    touched.update(vacancy.squad for vacancy in vacancies if vacancy is not None and vacancy.squad)
    closed = [squad for squad in touched if _is_closed(after, squad)]
    return sorted(closed, key=lambda squad: (after.squads[squad].name.casefold(), squad))


def _is_closed(org: Org, squad: str) -> bool:
    record = org.squads.get(squad)
    return record is not None and record.closed_on is not None


def _by_squad(org: Org, left: Iterable[LeftBehind]) -> Iterator[tuple[str, list[Ref], str]]:
    """Yield each closed squad with what it still holds and the sentence that says so."""
    for squad, things in groupby(left, key=lambda thing: thing.squad):
        refs = [(thing.kind, thing.id) for thing in things]
        titles = [org.vacancies[id_].title for _, id_ in refs]
        holds = f"the vacancy {titles[0]}" if len(refs) == 1 else f"{len(refs)} vacancies ({_all(titles)})"
        yield squad, refs, f"{org.squads[squad].name} closes but still holds {holds}."


def _way_out(things: Collection[object]) -> str:
    return "Give it a home first." if len(things) == 1 else "Give them a home first."


def _all(names_: list[str]) -> str:
    return names(names_, limit=len(names_))


def checks_of(plan: Plan) -> list[Check]:
    """Return what to settle, blockers first, then in the order of the codes."""
    return []
