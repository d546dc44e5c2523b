"""Findings that are no more: what changes of the last ninety days did away with, as the log tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from orgmodel.changes import jsonio
from orgmodel.changes.models import Change as ChangeRow
from orgmodel.changes.models import ChangeSet
from orgmodel.core import changes as core
from orgmodel.core.changes import Change
from orgmodel.core.org import Org
from orgmodel.core.rules.base import Finding
from orgmodel.core.rules.findings import Findings, Judged, evaluate
from orgmodel.core.rules.subjects import subjects_of
from orgmodel.findings.log import WALKED

DAYS = timedelta(days=90)
RESOLVED = "resolved"
LACKED_FIRST = {"SQ-05a": "SQ-04a", "SQ-05b": "SQ-04a", "SY-02": "SY-01"}
"""Findings that make room for a graver one about the same, as a system with one owner does when that one goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled(Judged):
    """A finding as it was when a change set did away with it, and the organization before that."""

    org: Org
    change_set: ChangeSet
    state: str = RESOLVED

    @property
    def on(self) -> date:
        return self.change_set.effective_on


def org_of(found: Judged, org: Org) -> Org:
    """Return the organization that a finding is about: this one, or the one it was last in."""
    return found.org if isinstance(found, Settled) else org


def settled_in(org: Org, among: Findings, *, looks_at_everything: bool) -> list[Settled]:
    """Return the findings that change sets of the last ninety days did away with and that have not come back, the
    latest first, as today's rules see it.

    What only the passing of days settled is left out: nobody did it. So is what a change of everything settled, such
    as one of roles, unless `looks_at_everything`, and what is further back than the log is read.
    """
    found: list[Settled] = []
    known = {finding.key for finding in among}
    for change_set, changes in _latest(among.today):
        earlier = core.fold_back(org, changes).settle(change_set.version - 1)
        subjects = subjects_of(earlier, org, changes, change_set.effective_on)
        if subjects is not None or looks_at_everything:
            day = change_set.effective_on
            was, is_ = (
                evaluate(state, day, among.settings, since=among.since, subjects=subjects)
                for state in (earlier, org)
            )
            gone = [each for each in was if each.key not in known and not _stands(each, is_)]
            found += [Settled(finding, org=earlier, change_set=change_set) for finding in gone]
            known.update(finding.key for finding in gone)
        org = earlier
    return found


def _stands(finding: Finding, findings: Findings) -> bool:
    """Say whether a finding is still there, or has become a graver one."""
    graver = LACKED_FIRST.get(finding.code)
    keys = [finding.key] if graver is None else [finding.key, finding.key.replace(finding.code, graver, 1)]
    return any(findings.get(key) is not None for key in keys)


def _latest(today: date) -> Iterator[tuple[ChangeSet, list[Change]]]:
    """Yield the change sets of the last days, the latest first, each with the changes to take back."""
    sets = []
    walked = 0
    recent = ChangeSet.objects.filter(effective_on__gt=today - DAYS, effective_on__lte=today)
    for change_set in recent.order_by("-effective_on", "-version"):
        walked += change_set.change_count
        if walked > WALKED:
            break
        sets.append(change_set)
    rows = ChangeRow.objects.filter(change_set__version__in=[each.version for each in sets]).order_by("pk")
    changes: dict[int, list[Change]] = {}
    for version, kind, id_, before, after in rows.values_list(
        "change_set__version", "kind", "record", "before", "after"
    ):
        change = jsonio.load_change({"kind": kind, "id": id_, "before": before, "after": after})
        changes.setdefault(version, []).append(change)
    for change_set in sets:
        yield change_set, changes.get(change_set.version, [])
