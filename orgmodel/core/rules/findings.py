"""The rules about health and what they find: in the whole organization, after a change, and between two states of it.

Rules about goals, delivery and self-assessment (families GO, DL and HC) come with the records that they need.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from immutables import Map

from orgmodel.core.changes import Change
from orgmodel.core.org import Org, Ref, is_gone
from orgmodel.core.records import KINDS, Waiver
from orgmodel.core.rules.base import (
    SEVERITIES,
    Alarm,
    Find,
    Finding,
    Limits,
    Number,
    Rule,
    View,
    parts_of_key,
)
from orgmodel.core.rules.settings import RULES, Settings, settings_of
from orgmodel.core.rules.subjects import SUBJECTS, subjects_of
from orgmodel.core.rules.terms import Terms

WEIGHTS: Mapping[str, int] = MappingProxyType({"critical": 100, "high": 50, "medium": 20, "low": 5})
"""What a finding of each severity weighs."""


# What the rules find


@dataclass(frozen=True, slots=True)
class Findings:
    """All findings of one organization on one day, by the record they are about. Iterates worst first.

    What `reevaluate` returns remembers the `base` it set out from and the records that it `touched`.
    """

    today: date
    settings: Settings
    by_subject: Map[Ref, tuple[Finding, ...]]
    since: Map[Ref, date] = field(default_factory=Map)
    base: Map[Ref, tuple[Finding, ...]] | None = field(default=None, repr=False, compare=False)
    touched: frozenset[Ref] = field(default=frozenset(), repr=False, compare=False)

    def of(self, kind: str, id_: str) -> tuple[Finding, ...]:
        """Return the findings about one record, worst first."""
        return self.by_subject.get((kind, id_), ())

    def get(self, key: str) -> Finding | None:
        """Return the finding with this key."""
        _, kind, id_ = parts_of_key(key)
        return next((finding for finding in self.of(kind, id_) if finding.key == key), None)

    def __iter__(self) -> Iterator[Finding]:
        return iter(sorted(itertools.chain.from_iterable(self.by_subject.values()), key=_worst_first))

    def __len__(self) -> int:
        return sum(map(len, self.by_subject.values()))


def _worst_first(finding: Finding) -> tuple[int, str, str, str]:
    return -SEVERITIES.index(finding.severity), finding.code, finding.message, finding.id


def evaluate(
    org: Org,
    today: date,
    settings: Settings | None = None,
    *,
    since: Mapping[Ref, date] | None = None,
    subjects: Iterable[Ref] | None = None,
) -> Findings:
    """Return what the rules find on a day, in the whole organization or about these records only.

    `since` holds what the log knows and rows do not: see `View`.
    """
    settings = settings or settings_of(org)
    known: Map[Ref, date] = Map(since or {})
    view = View(org, today, settings.words, known, settings.terms)
    refs = subjects if subjects is not None else ((kind, id_) for kind in SUBJECTS for id_ in org.table(kind))
    rules = _rules_by_kind(settings)
    found = {ref: alarms for ref in refs if (alarms := _findings_about(view, ref, rules))}
    return Findings(today, settings, Map(found), known)


def reevaluate(
    previous: Findings,
    before: Org,
    after: Org,
    changes: Iterable[Change],
    today: date | None = None,
    *,
    since: Mapping[Ref, date] | None = None,
) -> Findings:
    """Return what the rules find after changes from what they found before, at the cost of what the changes touch.

    Who loses their last squad has none since today, unless `since` knows better. Another day, or other settings, is
    another evaluation.
    """
    today = today or previous.today
    changes = list(changes)
    known = _since_after(previous.since, before, after, changes, today).update(since or {})
    subjects = subjects_of(before, after, changes, today) if today == previous.today else None
    if subjects is None:
        return evaluate(after, today, since=known)
    subjects.update(since or {})
    part = evaluate(after, today, previous.settings, since=known, subjects=subjects)
    rows = previous.by_subject.mutate()
    for ref in subjects:
        found = part.by_subject.get(ref)
        if found is None:
            rows.pop(ref, None)
        elif found != rows.get(ref):
            rows[ref] = found
    return Findings(today, previous.settings, rows.finish(), known, previous.by_subject, frozenset(subjects))


def _since_after(
    known: Map[Ref, date], before: Org, after: Org, changes: Iterable[Change], today: date
) -> Map[Ref, date]:
    """Return since when people have no squad, with those who lost their last one and without those who joined one."""
    people = {
        record.person
        for change in changes
        if change.kind == "membership"
        for org in (before, after)
        if (record := org.memberships.get(change.id)) is not None
    }
    for person in people:
        ref = ("person", person)
        had, has = (bool(org.pointing("membership", "person", person)) for org in (before, after))
        if has and ref in known:
            known = known.delete(ref)
        elif had and not has:
            known = known.set(ref, today)
    return known


_Applied = tuple[Rule, Find, Limits, Terms]
"""A rule with what is asked of it for every record, so that a hundred thousand records look it up once."""


def _rules_by_kind(settings: Settings) -> dict[str, list[_Applied]]:
    found: dict[str, list[_Applied]] = {kind: [] for kind in KINDS}
    for code, rule in RULES.items():
        terms = settings.terms[code]
        for kind in rule.kinds if terms.is_on else ():
            found[kind].append((rule, rule.find, terms.thresholds, terms))
    return found


def _findings_about(view: View, ref: Ref, rules: Mapping[str, Sequence[_Applied]]) -> tuple[Finding, ...]:
    """Return what the rules find about one record, worst first. What is closed or gone is beyond all of them."""
    record: Any = view.org.get(*ref)
    if record is None or (record.KIND != "dependency" and is_gone(record)):
        return ()
    found = [
        _finding(ref, rule, terms, alarm)
        for rule, find, thresholds, terms in rules[ref[0]]
        for alarm in find(view, record, thresholds)
        if not terms.says_nothing_of(view.org, record)
    ]
    return tuple(sorted(found, key=_worst_first)) if len(found) > 1 else tuple(found)


def _finding(ref: Ref, rule: Rule, terms: Terms, alarm: Alarm) -> Finding:
    return Finding(
        rule=rule.code,
        severity=terms.severity_of(alarm.severity),
        kind=ref[0],
        id=ref[1],
        message=alarm.message,
        value=alarm.value,
        threshold=alarm.threshold,
        people=alarm.people,
        what_to_try=alarm.what_to_try or rule.what_to_try,
        detail=f"{rule.code}{alarm.part}" if alarm.part else "",
    )


# What was said about findings


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding with what the organization says about it. `state` is "open", "acknowledged" or "waived"."""

    finding: Finding
    state: str = "open"
    waiver: Waiver | None = None


def with_waivers(findings: Iterable[Finding], org: Org, today: date) -> Iterator[Judged]:
    """Yield findings with what was said about them, as long as that holds. Its last day is the day it names."""
    for finding in findings:
        waiver: Any = org.find("waiver", finding.key)
        if waiver is None or (waiver.until is not None and waiver.until < today):
            yield Judged(finding)
        else:
            yield Judged(finding, waiver.state, waiver)


# Between two states


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change does to the health of an organization, worst first. What got worse or better is given as it was
    and as it is."""

    fixed: tuple[Finding, ...]
    new: tuple[Finding, ...]
    worse: tuple[tuple[Finding, Finding], ...]
    better: tuple[tuple[Finding, Finding], ...]

    @property
    def weight(self) -> int:
        """Return by how much all findings weigh more than before; less than nothing where health gains."""
        added = [*self.new, *(now for _, now in (*self.worse, *self.better))]
        gone = [*self.fixed, *(was for was, _ in (*self.worse, *self.better))]
        return sum(WEIGHTS[f.severity] for f in added) - sum(WEIGHTS[f.severity] for f in gone)


def findings_between(before: Findings, after: Findings) -> Difference:
    """Return what is fixed, new, worse and better after a change."""
    refs = after.touched if after.base is before.by_subject else _differing(before, after)
    was, is_ = (
        {finding.key: finding for ref in refs for finding in findings.of(*ref)}
        for findings in (before, after)
    )
    both = [(was[key], is_[key]) for key in was if key in is_]
    return Difference(
        fixed=_sorted(finding for key, finding in was.items() if key not in is_),
        new=_sorted(finding for key, finding in is_.items() if key not in was),
        worse=_sorted_pairs(pair for pair in both if _badness(pair[1]) > _badness(pair[0])),
        better=_sorted_pairs(pair for pair in both if _badness(pair[1]) < _badness(pair[0])),
    )


def difference_made(
    before: Org, after: Org, changes: Iterable[Change], today: date, since: Mapping[Ref, date] | None = None
) -> Difference:
    """Return what changes do to the health of an organization, at the cost of what they touch, and held against the
    rules as they are set after them."""
    changes = list(changes)
    subjects = subjects_of(before, after, changes, today)
    settings, known = settings_of(after), Map[Ref, date](since or {})
    was = evaluate(before, today, settings, since=known, subjects=subjects)
    known = _since_after(known, before, after, changes, today)
    return findings_between(was, evaluate(after, today, settings, since=known, subjects=subjects))


def _differing(before: Findings, after: Findings) -> set[Ref]:
    """Return the records about which two states may not say the same."""
    one, other = before.by_subject, after.by_subject
    return {ref for ref, found in one.items() if other.get(ref) is not found}.union(
        ref for ref in other if ref not in one
    )


def _badness(finding: Finding) -> tuple[int, Number]:
    """Return what two states of one finding are compared by: how severe, and how far beyond its threshold."""
    return SEVERITIES.index(finding.severity), abs(finding.value - finding.threshold)


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=_worst_first))


def _sorted_pairs(pairs: Iterable[tuple[Finding, Finding]]) -> tuple[tuple[Finding, Finding], ...]:
    return tuple(sorted(pairs, key=lambda pair: _worst_first(pair[1])))


# Priority


def priority(finding: Finding, age_days: int = 0) -> float:
    """Return how much a finding presses: its severity, the more the more people it affects and the older it is.

    That it presses half as much again where a current bet depends on it comes with the records of bets.
    """
    reach = 1 + math.log2(1 + finding.people)
    return WEIGHTS[finding.severity] * reach * (1 + min(max(age_days, 0), 90) / 90)
