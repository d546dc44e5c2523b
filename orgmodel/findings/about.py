"""What other pages say about findings: of a squad, a tribe, the whole organization, and of a draft."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from orgmodel.access import roles
from orgmodel.changes.comparing import shift_of
from orgmodel.changes.models import Draft
from orgmodel.changes.pages import address, can_change
from orgmodel.changes.plans import plan_of
from orgmodel.core.org import Org, Ref
from orgmodel.core.phrases import count, say
from orgmodel.core.rules.base import Finding, View
from orgmodel.core.rules.dependencies import first_of_circle
from orgmodel.core.rules.findings import WEIGHTS, Findings, Judged
from orgmodel.core.rules.settings import settings_of
from orgmodel.core.rules.squads import could_find
from orgmodel.findings import services
from orgmodel.findings.mending import form_of
from orgmodel.findings.queries import (
    Row,
    Unit,
    counts_of,
    name_of,
    refs_of_unit,
    rows_of,
    unit_of,
    units_of,
)
from orgmodel.findings.wording import CONDITIONS, CONDITIONS_OF_SEVERAL

SHOWN = 6  # findings or units in a section of another page
WORST = 300  # findings, the worst, that units are weighed by


@dataclass(frozen=True, slots=True)
class About:
    """Findings in a section of another page: how many of which severity, and the worst of them."""

    counts: list[tuple[str, int]]
    total: int
    rows: list[Row]
    units: list[Unit]

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def unit(request: Any, ref: Ref) -> About:
    """Return the findings about a unit and what belongs to it."""
    return _about(request, _of(request, refs_of_unit(request.reality.org, ref)))


def tribe(request: Any, tribe: Any) -> About:
    """Return the findings about a tribe, its squads and its chapters, by unit."""
    return _about(request, _of(request, _refs_of_tribe(request.reality.org, tribe)))


def _refs_of_tribe(org: Org, tribe: Any) -> Iterator[Ref]:
    yield "tribe", tribe.id
    for squad in org.squads_of(tribe.id):
        yield from refs_of_unit(org, ("squad", squad.id))
    yield from (("chapter", chapter.id) for chapter in org.chapters_of(tribe.id))


def organization(request: Any) -> About:
    """Return the findings about everything, by unit."""
    return _about(request, services.findings_of(request.reality))


def _of(request: Any, refs: Iterable[Ref]) -> Iterator[Finding]:
    refs = list(refs)
    findings = services.about(request.reality, refs)
    for ref in refs:
        yield from findings.of(*ref)


def _standing(request: Any, found: Iterable[Finding]) -> list[Judged]:
    """Return findings without those that are waived."""
    return services.standing(found, request.reality.org, services.day_of(request.reality))


def _about(request: Any, found: Iterable[Finding]) -> About:
    standing = _standing(request, found)
    worst = sorted(standing, key=lambda each: -WEIGHTS[each.finding.severity])[:WORST]
    rows = rows_of(request, worst, {}, {})
    counts = counts_of(each.finding for each in standing)
    return About(counts, len(standing), rows[:SHOWN], units_of(request, rows)[:SHOWN])


def standing_count(request: Any) -> int:
    """Return how many findings stand; 0 where counting would cost a page more than it is worth."""
    reality = request.reality
    if services.is_large(reality.org) or reality.is_another_day:
        return 0
    found = services.findings_of(reality)
    return len(found) - sum(
        each.state == "waived" for each in services.judged(_waivable(reality.org, found), reality)
    )


def _waivable(org: Org, found: Findings) -> Iterator[Finding]:
    """Yield the findings that anything was said about."""
    for waiver in org.table("waiver").values():
        finding = found.get(waiver.key)  # type: ignore[attr-defined]
        if finding is not None:
            yield finding


def worst_of(request: Any, units: Iterable[Ref]) -> dict[Ref, str]:
    """Return the severity of the worst finding that counts with each of these units; those without any are left out."""
    standing = _standing_by_unit(request, units)
    return {unit: _worst(own).severity for unit, own in standing.items()}


def _standing_by_unit(request: Any, units: Iterable[Ref]) -> dict[Ref, list[Judged]]:
    """Return the findings that count with each of these units, without those that are waived, where there are any."""
    parts = {unit: list(refs_of_unit(request.reality.org, unit)) for unit in units}
    if not parts:
        return {}
    findings = services.about(request.reality, itertools.chain.from_iterable(parts.values()))
    found: dict[Ref, list[Judged]] = {}
    for unit, refs in parts.items():
        told = [finding for ref in refs for finding in findings.of(*ref)]
        if told and (standing := _standing(request, told)):
            found[unit] = standing
    return found


def _worst(standing: Iterable[Judged]) -> Finding:
    return max((each.finding for each in standing), key=lambda finding: WEIGHTS[finding.severity])


# Marks on a board


@dataclass(frozen=True, slots=True)
class Mark:
    """How many findings there are about someone or something, how many are as bad as the worst, and what it says."""

    count: int
    severity: str
    worst: int
    message: str


def marks_of(request: Any, kind: str, keys: Iterable[str]) -> dict[str, Mark]:
    """Return the marks of the records with these keys that any finding counts with."""
    org: Org = request.reality.org
    named = {(kind, record.id): key for key in keys if (record := org.find(kind, key)) is not None}
    return {named[ref]: _mark(standing) for ref, standing in _standing_by_unit(request, named).items()}


def _mark(standing: list[Judged]) -> Mark:
    worst = _worst(standing)
    as_bad = sum(each.finding.severity == worst.severity for each in standing)
    return Mark(len(standing), worst.severity, as_bad, worst.message)


def count_in_tribe(request: Any, tribe: Any) -> int:
    """Return how many findings there are about a tribe, its squads and its chapters."""
    return len(_standing(request, _of(request, _refs_of_tribe(request.reality.org, tribe))))


# The scorecard of a squad, and of a tribe


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that holds for a good squad; where it does not, `url` leads to what mends it, else to the finding."""

    code: str
    holds: bool
    url: str = ""
    message: str = ""

    @property
    def words(self) -> str:
        return CONDITIONS[self.code]


def scorecard(request: Any, squad: Any) -> list[Condition]:
    """Return what makes a good squad, as far as the organization asks for it: what fails first."""
    org: Org = request.reality.org
    refs = list(refs_of_unit(org, ("squad", squad.id)))
    failed: dict[str, Finding] = {}
    for finding in itertools.chain(_of(request, refs), _circle(request, squad)):
        failed.setdefault(finding.rule, finding)
    terms, asks = settings_of(org).terms, _asks(request.reality, squad)
    asked = [
        code
        for code in CONDITIONS
        if code in failed
        or (terms[code].is_on and asks.get(code, True) and not terms[code].says_nothing_of(org, squad))
    ]
    rows = [_condition(request, code, failed.get(code)) for code in asked]
    return sorted(rows, key=lambda row: row.holds)


def _circle(request: Any, squad: Any) -> Iterator[Finding]:
    """Yield that a squad waits in a circle, where another one bears the finding for all in it."""
    first = first_of_circle(request.reality.org, squad.id, services.day_of(request.reality))
    if first is not None and first != squad.id:
        yield from (f for f in _of(request, [("squad", first)]) if f.rule == "DE-03")


@dataclass(frozen=True, slots=True)
class Summed:
    """For how many squads of a tribe a condition holds, of those it is asked of, and the squads that miss it."""

    code: str
    held: int
    asked: int
    missing: list[tuple[str, str]]  # name and address

    @property
    def words(self) -> str:
        return CONDITIONS_OF_SEVERAL[self.code]

    @property
    def is_whole(self) -> bool:
        return not self.missing


def tribe_scorecard(request: Any, tribe: Any) -> list[Summed]:
    """Return the scorecards of a tribe's squads summed up: what fails most first."""
    found: dict[str, Summed] = {}
    for squad in request.reality.org.squads_of(tribe.id):
        for condition in scorecard(request, squad):
            known = found.get(condition.code, Summed(condition.code, 0, 0, []))
            found[condition.code] = replace(known, held=known.held + condition.holds, asked=known.asked + 1)
            if not condition.holds:
                known.missing.append((squad.name, f"{address(request, 'squad', squad.key)}#scorecard-h"))
    order = list(CONDITIONS)
    return sorted(found.values(), key=lambda row: (-len(row.missing), order.index(row.code)))


def _asks(reality: Any, squad: Any) -> dict[str, bool]:
    """Return of some conditions whether the rule could find anything about a squad, by its code."""
    org: Org = reality.org
    settings = settings_of(org)
    view = View(org, services.day_of(reality), settings.words, terms=settings.terms)
    systems = org.systems_of(squad.id)
    knows_dependencies = org.uses("dependency", "needs")
    return {
        **could_find(view, squad),
        "DE-01": knows_dependencies,
        "DE-02": knows_dependencies,
        "DE-03": knows_dependencies,
        "SY-01": bool(systems) and org.uses("system_owner", "system"),
        "SY-02": any(org.owners_in(system.id) for system in systems),
        "HI-01": bool(org.vacancies_in("squad", squad.id)),
        "RO-02": squad.state != "proposed" and org.uses("coaching", "squad"),
    }


def _condition(request: Any, code: str, finding: Finding | None) -> Condition:
    if finding is None:
        return Condition(code, holds=True)
    form = form_of(request, finding) if can_change(request) else ""
    url = form or address(request, "finding", finding.key)
    return Condition(code, holds=False, url=url, message=finding.message)


# What a draft does


@dataclass(frozen=True, slots=True)
class Told:
    """A finding that a draft touches; `was` is the severity before, where it is there before and after."""

    finding: Finding
    unit: str
    url: str
    was: str = ""


@dataclass(frozen=True, slots=True)
class Between:
    """What a draft does to the health of the organization, by what becomes of findings: what, how many, which."""

    parts: list[tuple[str, str, list[Told]]]
    by_rule: list[tuple[str, str]]  # by how many findings of a rule there are more or less


def between(request: Any, draft: Draft) -> Between:
    """Return what a draft, or the part of it that this user was handed, fixes and makes new, worse or better."""
    head, live = request.reality.head, request.reality.live
    planned = plan_of(draft, head, part=roles.part_of(request.user, draft))
    difference = services.difference(planned, head, live)

    def told(org: Org, finding: Finding, was: Finding | None = None, *, into: Draft | None = draft) -> Told:
        url = address(request, "finding", finding.key, draft=into)
        severity = was.severity if was is not None and was.severity != finding.severity else ""
        return Told(finding, name_of(org, *unit_of(org, finding.ref)), url, severity)

    after = planned.replay.after
    parts = [
        (
            say("New"),
            count(difference.new, "new", "new"),
            [told(after, finding) for finding in difference.new],
        ),
        (
            say("Worse"),
            count(difference.worse, "worse", "worse"),
            [told(after, now, was) for was, now in difference.worse],
        ),
        (
            say("Better"),
            count(difference.better, "better", "better"),
            [told(after, now, was) for was, now in difference.better],
        ),
        (
            say("Fixed"),
            count(difference.fixed, "fixed", "fixed"),
            [told(live, finding, into=None) for finding in difference.fixed],
        ),
    ]
    shifts = Counter(finding.rule for finding in difference.new)
    shifts.subtract(Counter(finding.rule for finding in difference.fixed))
    return Between(
        [part for part in parts if part[-1]],
        [(rule, shift_of(0, shifts[rule])) for rule in sorted(shifts) if shifts[rule]],
    )
