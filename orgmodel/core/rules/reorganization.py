"""What to settle before a reorganization: what it leaves without a home, and the checks RG-01 to RG-10 of a draft.

A check judges what the draft does, never a flaw that was there before it. Checks are findings, not refusals: blockers
stop publishing, the others ask for a reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from orgmodel.core.changes import Conflict
from orgmodel.core.impact import Impact, PersonImpact, SquadImpact
from orgmodel.core.operations.base import Refused, name_of, names, noun
from orgmodel.core.operations.dependencies import pair_in_words
from orgmodel.core.operations.handover import HOLDERS, holdings_of
from orgmodel.core.org import Org, Ref
from orgmodel.core.records import KINDS
from orgmodel.core.replay import Replay, Step
from orgmodel.core.rules.findings import difference_made
from orgmodel.core.rules.integrity import RuleViolation
from orgmodel.core.rules.limits import LIMITS, Limits

LEVELS = ("blocker", "high", "medium")
NAMED = 8
"""How many names a message gives before it counts the others; `Check.subjects` has all of them."""


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

    @property
    def before(self) -> Org:
        return self.replay.before

    @property
    def after(self) -> Org:
        return self.replay.after


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


def left_behind(before: Org, after: Org) -> list[LeftBehind]:
    """Return what squads newly hold while they are closed, at the cost of what `after` touched since `before`."""
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
    """Return the closed squads that were touched themselves or through what they hold, by name."""
    touched: set[str | None] = {id_ for kind, id_ in after.origins if kind == "squad"}
    holdings = filter(None, (after.get(kind, id_) for kind, id_ in after.origins if kind in HOLDERS))
    touched.update(getattr(record, field) for record in holdings for field in HOLDERS[record.KIND])
    closed = [squad for squad in touched if squad is not None and _is_closed(after, squad)]
    return sorted(closed, key=lambda squad: (after.squads[squad].name.casefold(), squad))


def _is_closed(org: Org, squad: str) -> bool:
    record = org.squads.get(squad)
    return record is not None and record.closed_on is not None


def _by_squad(org: Org, left: Iterable[LeftBehind]) -> Iterator[tuple[str, list[Ref], str]]:
    """Yield each closed squad with what it still holds and the sentence that says so."""
    for squad, things in groupby(left, key=lambda thing: thing.squad):
        refs = [(thing.kind, thing.id) for thing in things]
        held = names(_held(org, refs))
        yield squad, refs, f"{org.squads[squad].name} closes but still holds {held}."


def _held(org: Org, refs: Iterable[Ref]) -> Iterator[str]:
    """Yield what is held, kind by kind, by name: "the vacancy Designer" or "2 vacancies (Designer, Tester)"."""
    for kind, own in groupby(refs, key=lambda ref: ref[0]):
        titles = [
            pair_in_words(org, id_) if kind == "dependency" else name_of(org, kind, id_) for _, id_ in own
        ]
        if len(titles) == 1:
            yield f"the {noun(kind)} {titles[0]}"
        else:
            yield f"{len(titles)} {KINDS[kind].PLURAL.replace('_', ' ')} ({', '.join(titles)})"


def _way_out(things: Sized) -> str:
    return "Give it a home first." if len(things) == 1 else "Give them a home first."


def checks_of(plan: Plan) -> list[Check]:
    """Return what to settle before publishing: blockers first, then in the order of their codes."""
    found = [check for rule in CHECKS for check in rule(plan)]
    return sorted(found, key=lambda check: (LEVELS.index(check.level), check.code))


# Blockers


def nobody_lost(plan: Plan) -> Iterator[Check]:
    """RG-01: nobody who is here ends without a squad, or loses their manager. Who leads a unit may do without."""
    people = [p for p in plan.impact.people if not p.leaves and not plan.after.seats_of(p.person)]
    homeless = [p.person for p in people if p.squad_after is None and (p.squad_before or p.arrives)]
    unmanaged = [p.person for p in people if p.manager_after is None and p.manager_before]
    for found, what, way_out in (
        (homeless, "a squad", "Give them a squad, or let them leave in this draft too."),
        (unmanaged, "a manager", "Name a line manager for each of them."),
    ):
        if found:
            message = f"{_count(found, 'person ends', 'people end')} without {what}: {_people(plan, found)}."
            yield Check("RG-01", "blocker", message, _refs("person", found), way_out)


def everything_fits(plan: Plan) -> Iterator[Check]:
    """RG-02: every step fits today's organization."""
    misfits = plan.replay.misfits
    if misfits:
        what = _count(misfits, "change does not fit", "changes do not fit")
        sentences = names((f"“{step.sentence}”" for step in misfits), NAMED)
        subjects = dict.fromkeys(ref for step in misfits for ref in _in_the_way(step))
        yield Check(
            "RG-02",
            "blocker",
            f"{what} today's organization any more: {sentences}.",
            tuple(subjects),
            "Drop each, redo it on today's organization, or keep it for later.",
        )


def nothing_left_behind(plan: Plan) -> Iterator[Check]:
    """RG-03: a squad that closes holds nothing any more."""
    for squad, refs, message in _by_squad(plan.after, left_behind(plan.before, plan.after)):
        yield Check("RG-03", "blocker", message, (("squad", squad), *refs), _way_out(refs))


# High


def day_is_good(plan: Plan) -> Iterator[Check]:
    """RG-04: the day it takes effect is not past, outside every freeze, and announced early enough."""
    effective, announced = plan.header.effective_on, plan.header.announce_on
    if effective is None:
        return
    if effective < plan.today:
        yield _day_check(f"The effective date, {_day(effective)}, has passed.", "Choose a day to come.")
    for name, first, last in plan.freezes:
        if first <= effective <= last:
            yield _day_check(
                f"{_day(effective)} is inside the freeze {name}, {_day(first)} to {_day(last)}.",
                f"Choose a day before {_day(first)} or after {_day(last)}.",
            )
    notice = (effective - announced).days if announced is not None else plan.limits.notice_days
    if notice < plan.limits.notice_days:
        yield _day_check(
            _short_notice(notice, plan.limits.notice_days), "Announce it earlier, or let it start later."
        )


def everybody_briefed(plan: Plan) -> Iterator[Check]:
    """RG-05: whoever gets another squad or manager hears it in private first."""
    found = [p.person for p in _displaced(plan) if p.person not in plan.briefed]
    if found:
        who = _count(found, "person gets", "people get")
        yield Check(
            "RG-05",
            "high",
            f"{who} another squad or manager and no private briefing is planned: {_people(plan, found)}.",
            _refs("person", found),
            "Plan who tells each of them, before it is announced.",
        )


def health_holds(plan: Plan) -> Iterator[Check]:
    """RG-06: what the draft spoils weighs no more than what it settles, by the severity of the findings."""
    found = difference_made(plan.before, plan.after, plan.replay.changes, plan.today)
    if found.weight > 0:
        spoiled = [*found.new, *(now for _, now in found.worse)]
        counted = (
            ("new", found.new),
            ("worse", found.worse),
            ("better", found.better),
            ("fixed", found.fixed),
        )
        told = [finding.message for finding in spoiled[:NAMED]]
        if len(spoiled) > NAMED:
            told.append(f"And {len(spoiled) - NAMED} more.")
        yield Check(
            "RG-06",
            "high",
            f"Findings: {', '.join(f'{len(those)} {what}' for what, those in counted)}. {' '.join(told)}",
            tuple(dict.fromkeys(finding.ref for finding in spoiled)),
            "Settle what is new in this draft, or say why it may wait.",
        )


# Medium


def cores_stay_together(plan: Plan) -> Iterator[Check]:
    """RG-07: at least half of a squad stays together, and so do groups that are to be kept together.

    Of a squad that closes, the part counts that goes on in one squad, so merging squads whole breaks none of them.
    """
    kept = {s.squad: _kept(plan, s) for s in plan.impact.squads if s.size_before}
    broken = [
        s
        for s in plan.impact.squads
        if s.size_before and 100 * kept[s.squad] < plan.limits.core_kept * s.size_before
    ]
    if broken:
        least = plan.limits.core_kept
        one, many = (
            f"squad keeps less than {least} % of its people together",
            f"squads keep less than {least} % of their people together",
        )
        who = [f"{_name(plan, 'squad', s.squad)} ({kept[s.squad]} of {s.size_before})" for s in broken]
        yield Check(
            "RG-07",
            "medium",
            f"{_count(broken, one, many)}: {names(who, NAMED)}.",
            _refs("squad", [s.squad for s in broken]),
            "Leave more of them where they are, or move them as a group.",
        )
    for group in plan.header.keep_together:
        yield from _separated(plan, group)


def nobody_moved_again(plan: Plan) -> Iterator[Check]:
    """RG-08: nobody gets a second squad or third manager within twelve months."""
    counts = {p.person: _recent_changes(plan, p.person) for p in _displaced(plan)}
    again = [person for person, count in counts.items() if count]
    if again:
        who = _count(again, "person gets", "people get")
        told = names((f"{_name(plan, 'person', p)} (change no. {counts[p] + 1})" for p in again), NAMED)
        yield Check(
            "RG-08",
            "medium",
            f"{who} another squad or manager again within {plan.limits.months_between_moves} months: {told}.",
            _refs("person", again),
            "Leave them where they are this time, or ask them first.",
        )


def success_can_be_told(plan: Plan) -> Iterator[Check]:
    """RG-10: it is written down how success shows, what is done where it does not, and when that is looked at."""
    header = plan.header
    missing = [
        words
        for words, value in (
            ("success measure", header.success.strip()),
            ("rollback plan", header.rollback_plan.strip()),
            ("review date", header.review_on),
        )
        if not value
    ]
    if missing:
        message = f"{names(f'no {words}' for words in missing).capitalize()}."
        way_out = "Write down how success shows, when you look at it, and what you do where it does not show."
        yield Check("RG-10", "medium", message, (), way_out)


CHECKS: tuple[Callable[[Plan], Iterator[Check]], ...] = (
    nobody_lost,
    everything_fits,
    nothing_left_behind,
    day_is_good,
    everybody_briefed,
    health_holds,
    cores_stay_together,
    nobody_moved_again,
    success_can_be_told,
)


# What the checks ask


def _in_the_way(step: Step) -> Iterator[Ref]:
    """Yield the records for which a step does not fit."""
    match step.error:
        case Refused(blockers=blockers):
            yield from blockers
        case RuleViolation(problems=problems):
            yield from ((problem.kind, problem.id) for problem in problems)
        case Conflict(conflicts=conflicts):
            yield from ((conflict.kind, conflict.id) for conflict in conflicts)


def _short_notice(days: int, least: int) -> str:
    if days <= 0:
        return f"It is announced {'on the day' if days == 0 else 'after'} it takes effect; {least} days earlier is due."
    return f"It is announced {_count(range(days), 'day', 'days')} before it takes effect; {least} are due."


def _day_check(message: str, what_to_try: str) -> Check:
    return Check("RG-04", "high", message, (), what_to_try)


def _displaced(plan: Plan) -> list[PersonImpact]:
    return [p for p in plan.impact.people if p.changes_squad or p.changes_manager]


def _kept(plan: Plan, squad: SquadImpact) -> int:
    """Return how many of a squad's people stay together: in it, or where most of them go when it closes."""
    if not squad.is_closed:
        return squad.stayed
    people = (m.person for m in plan.before.memberships_in(squad.squad) if plan.before.counts(m))
    homes = Counter(home for person in people if (home := _home(plan.after, person)) is not None)
    return max(homes.values(), default=0)


def _separated(plan: Plan, group: Iterable[str]) -> Iterator[Check]:
    """Yield the check for a group that ends in more squads than it is in today."""
    here = [p for p in group if (record := plan.after.people.get(p)) is not None and record.is_here]
    homes: dict[str | None, list[str]] = {}
    for person in here:
        homes.setdefault(_home(plan.after, person), []).append(person)
    if len(homes) > max(1, len({_home(plan.before, person) for person in here})):
        parts = [
            f"{_people(plan, people)} in {_name(plan, 'squad', home) if home else 'no squad'}"
            for home, people in homes.items()
        ]
        yield Check(
            "RG-07",
            "medium",
            f"{len(here)} people who are to stay together end apart: {'; '.join(parts)}.",
            _refs("person", here),
            "Move them together, or take them out of the group.",
        )


def _home(org: Org, person: str) -> str | None:
    membership = org.primary_membership(person) if person in org.people else None
    return membership.squad if membership else None


def _recent_changes(plan: Plan, person: str) -> int:
    """Return how often someone's squad or manager changed in the months before the draft takes effect."""
    day = plan.header.effective_on or plan.today
    return sum(
        _months_between(earlier, day) < plan.limits.months_between_moves
        for earlier in plan.earlier.get(person, ())
    )


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


# Words


def _people(plan: Plan, ids: Iterable[str]) -> str:
    return names((_name(plan, "person", id_) for id_ in ids), NAMED)


def _name(plan: Plan, kind: str, id_: str) -> str:
    return name_of(plan.after if plan.after.get(kind, id_) is not None else plan.before, kind, id_)


def _count(things: Sized, one: str, many: str) -> str:
    return f"{len(things)} {one if len(things) == 1 else many}"


def _refs(kind: str, ids: Iterable[str]) -> tuple[Ref, ...]:
    return tuple((kind, id_) for id_ in ids)


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
