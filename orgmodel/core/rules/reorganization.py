"""What to settle before a reorganization: what it leaves without a home, and the checks RG-01 to RG-10 of a draft.

A check judges what the draft does, never a flaw that was there before it. It is neither a `Finding`, which is about the
organization, nor a refusal while a draft is being made: blockers stop publishing, the others ask for a reason there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from orgmodel.core.changes import Conflict
from orgmodel.core.impact import Impact, PersonImpact, SquadImpact
from orgmodel.core.operations.base import Refused, name_of, noun
from orgmodel.core.operations.dependencies import pair_in_words
from orgmodel.core.operations.handover import HOLDERS, holdings_of
from orgmodel.core.org import Org, Ref
from orgmodel.core.phrases import capital, count, day_in_words, joined, names, say
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
    return [joined(" ", (message, _way_out(refs))) for _, refs, message in _by_squad(org, left)]


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
        name, held = org.squads[squad].name, names(_held(org, refs))
        yield squad, refs, say("{squad} closes but still holds {held}.", squad=name, held=held)


def _held(org: Org, refs: Iterable[Ref]) -> Iterator[str]:
    """Yield what is held, kind by kind, by name: "the vacancy Designer" or "2 vacancies (Designer, Tester)"."""
    for kind, own in groupby(refs, key=lambda ref: ref[0]):
        titles = [
            pair_in_words(org, id_) if kind == "dependency" else name_of(org, kind, id_) for _, id_ in own
        ]
        if len(titles) == 1:
            yield say("the {kind} {name}", kind=noun(kind), name=titles[0])
        else:
            kinds = noun(KINDS[kind].PLURAL)
            yield say("{n} {kinds} ({names})", n=len(titles), kinds=kinds, names=joined(", ", titles))


def _way_out(things: Sized) -> str:
    return say("Give it a home first.") if len(things) == 1 else say("Give them a home first.")


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
    if homeless:
        message = count(
            homeless,
            "{n} person ends without a squad: {names}.",
            "{n} people end without a squad: {names}.",
            names=_people(plan, homeless),
        )
        way_out = say("Give them a squad, or let them leave in this draft too.")
        yield Check("RG-01", "blocker", message, _refs("person", homeless), way_out)
    if unmanaged:
        message = count(
            unmanaged,
            "{n} person ends without a manager: {names}.",
            "{n} people end without a manager: {names}.",
            names=_people(plan, unmanaged),
        )
        way_out = say("Name a line manager for each of them.")
        yield Check("RG-01", "blocker", message, _refs("person", unmanaged), way_out)


def everything_fits(plan: Plan) -> Iterator[Check]:
    """RG-02: every step fits today's organization."""
    misfits = plan.replay.misfits
    if misfits:
        told = names((say("“{sentence}”", sentence=step.sentence) for step in misfits), NAMED)
        subjects = dict.fromkeys(ref for step in misfits for ref in _in_the_way(step))
        yield Check(
            "RG-02",
            "blocker",
            count(
                misfits,
                "{n} change does not fit today's organization any more: {changes}.",
                "{n} changes do not fit today's organization any more: {changes}.",
                changes=told,
            ),
            tuple(subjects),
            say("Drop each, redo it on today's organization, or keep it for later."),
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
        passed = say("The effective date, {day}, has passed.", day=day_in_words(effective))
        yield _day_check(passed, say("Choose a day to come."))
    for name, first, last in plan.freezes:
        if first <= effective <= last:
            told = {"first": day_in_words(first), "last": day_in_words(last)}
            frozen = say(
                "{day} is inside the freeze {name}, {first} to {last}.",
                day=day_in_words(effective),
                name=name,
                **told,
            )
            yield _day_check(frozen, say("Choose a day before {first} or after {last}.", **told))
    notice = (effective - announced).days if announced is not None else plan.limits.notice_days
    if notice < plan.limits.notice_days:
        yield _day_check(
            _short_notice(notice, plan.limits.notice_days),
            say("Announce it earlier, or let it start later."),
        )


def everybody_briefed(plan: Plan) -> Iterator[Check]:
    """RG-05: whoever gets another squad or manager hears it in private first."""
    found = [p.person for p in _displaced(plan) if p.person not in plan.briefed]
    if found:
        yield Check(
            "RG-05",
            "high",
            count(
                found,
                "{n} person gets another squad or manager and no private briefing is planned: {names}.",
                "{n} people get another squad or manager and no private briefing is planned: {names}.",
                names=_people(plan, found),
            ),
            _refs("person", found),
            say("Plan who tells each of them, before it is announced."),
        )


def health_holds(plan: Plan) -> Iterator[Check]:
    """RG-06: what the draft spoils weighs no more than what it settles, by the severity of the findings."""
    found = difference_made(plan.before, plan.after, plan.replay.changes, plan.today)
    if found.weight > 0:
        spoiled = [*found.new, *(now for _, now in found.worse)]
        told = [finding.message for finding in spoiled[:NAMED]]
        if len(spoiled) > NAMED:
            told.append(say("And {n} more.", n=len(spoiled) - NAMED))
        yield Check(
            "RG-06",
            "high",
            say(
                "Findings: {new} new, {worse} worse, {better} better, {fixed} fixed. {told}",
                new=len(found.new),
                worse=len(found.worse),
                better=len(found.better),
                fixed=len(found.fixed),
                told=joined(" ", told),
            ),
            tuple(dict.fromkeys(finding.ref for finding in spoiled)),
            say("Settle what is new in this draft, or say why it may wait."),
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
        told = [
            say(
                "{squad} ({n} of {all})",
                squad=_name(plan, "squad", s.squad),
                n=kept[s.squad],
                all=s.size_before,
            )
            for s in broken
        ]
        yield Check(
            "RG-07",
            "medium",
            count(
                broken,
                "{n} squad keeps less than {least} % of its people together: {squads}.",
                "{n} squads keep less than {least} % of their people together: {squads}.",
                least=plan.limits.core_kept,
                squads=names(told, NAMED),
            ),
            _refs("squad", [s.squad for s in broken]),
            say("Leave more of them where they are, or move them as a group."),
        )
    for group in plan.header.keep_together:
        yield from _separated(plan, group)


def nobody_moved_again(plan: Plan) -> Iterator[Check]:
    """RG-08: nobody gets a second squad or third manager within twelve months."""
    counts = {p.person: _recent_changes(plan, p.person) for p in _displaced(plan)}
    again = [person for person, changes in counts.items() if changes]
    if again:
        told = (
            say("{person} (change no. {n})", person=_name(plan, "person", p), n=counts[p] + 1) for p in again
        )
        yield Check(
            "RG-08",
            "medium",
            count(
                again,
                "{n} person gets another squad or manager again within {months} months: {people}.",
                "{n} people get another squad or manager again within {months} months: {people}.",
                months=plan.limits.months_between_moves,
                people=names(told, NAMED),
            ),
            _refs("person", again),
            say("Leave them where they are this time, or ask them first."),
        )


def success_can_be_told(plan: Plan) -> Iterator[Check]:
    """RG-10: it is written down how success shows, what is done where it does not, and when that is looked at."""
    header = plan.header
    missing = [
        words
        for words, value in (
            (say("no success measure"), header.success.strip()),
            (say("no rollback plan"), header.rollback_plan.strip()),
            (say("no review date"), header.review_on),
        )
        if not value
    ]
    if missing:
        message = say("{missing}.", missing=capital(names(missing)))
        way_out = say(
            "Write down how success shows, when you look at it, and what you do where it does not show."
        )
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
    if days < 0:
        return say("It is announced after it takes effect; {least} days earlier is due.", least=least)
    if days == 0:
        return say("It is announced on the day it takes effect; {least} days earlier is due.", least=least)
    early = count(days, "day", "days")
    return say("It is announced {days} before it takes effect; {least} are due.", days=early, least=least)


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
            say("{people} in {squad}", people=_people(plan, people), squad=_name(plan, "squad", home))
            if home
            else say("{people} in no squad", people=_people(plan, people))
            for home, people in homes.items()
        ]
        yield Check(
            "RG-07",
            "medium",
            say(
                "{n} people who are to stay together end apart: {parts}.",
                n=len(here),
                parts=joined("; ", parts),
            ),
            _refs("person", here),
            say("Move them together, or take them out of the group."),
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


def _refs(kind: str, ids: Iterable[str]) -> tuple[Ref, ...]:
    return tuple((kind, id_) for id_ in ids)
