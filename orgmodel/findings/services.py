"""The findings of the organization that a request reads: live, of a draft, or of another day.

Live is kept for the version it was found at, and moved forward by what the log says has changed since.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from orgmodel.access import roles
from orgmodel.changes import comparing, services, store
from orgmodel.changes.models import ChangeSet, Draft, Head
from orgmodel.changes.plans import Planned, plan_of
from orgmodel.core.org import Org, Ref
from orgmodel.core.rules.base import Finding
from orgmodel.core.rules.findings import (
    Difference,
    Findings,
    Judged,
    evaluate,
    findings_between,
    reevaluate,
    with_waivers,
)
from orgmodel.findings.log import days_before, found_on, since_of
from orgmodel.findings.settled import Settled, settled_in

CATCH_UP_LIMIT = 2_000  # changes; beyond that, looking at everything again is quicker
LARGE = 5_000  # people
DRAFTS = 8  # drafts that are asked whether they address a finding, the last edited first
TRACED = 2_000  # people; of larger organizations the last twelve months are not read back
DATED = 300  # findings for which the log is asked since when they are there, the worst first


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was found live at a version."""

    change_set: str | None
    org: Org
    findings: Findings


_live: _Kept | None = None
_finding = threading.Lock()


def day_of(reality: Any) -> date:
    """Return the day that a request reads."""
    return reality.as_of or timezone.localdate()


def findings_of(reality: Any) -> Findings:
    """Return all findings of the organization that a request reads; asked again, they cost nothing."""
    memory = vars(reality)
    if "findings" not in memory:
        memory["findings"] = _read(reality)
    found: Findings = memory["findings"]
    return found


def about(reality: Any, refs: Iterable[Ref]) -> Findings:
    """Return the findings of a request's organization, at least those about these records.

    Another day of a large organization is asked about nothing else: a page costs what it shows.
    """
    if "findings" in vars(reality) or not (reality.is_another_day and is_large(reality.org)):
        return findings_of(reality)
    return evaluate(reality.org, day_of(reality), subjects=set(refs))


def is_large(org: Org) -> bool:
    """Say whether looking at everything takes longer than a page should."""
    return org.count("person") > LARGE


def _read(reality: Any) -> Findings:
    head = reality.head
    match reality.kind:
        case "live":
            return live(head, reality.live)
        case "draft":
            return findings_of_draft(reality.plan, head, reality.live)
        case "future":
            return evaluate(reality.org, reality.as_of)
    key = ("findings", reality.moment, head.version, head.change_set)
    return services.kept(key, lambda: on_day(reality.org, reality.as_of))


def live(head: Head, org: Org) -> Findings:
    """Return what the rules find today, at the price of what has changed since they were last asked."""
    global _live  # noqa: PLW0603 - what this process keeps, like the organization itself
    today = timezone.localdate()
    with _finding:
        known = _live
        if known is not None and known.change_set == head.change_set and known.findings.today == today:
            return known.findings
        moved = _moved(known, head, org) if known is not None and known.findings.today == today else None
        found = moved if moved is not None else on_day(org, today)
        _live = _Kept(head.change_set, org, found)
        return found


def forget() -> None:
    """Drop what this process keeps, so that everything is looked at again."""
    global _live  # noqa: PLW0603 - as above
    _live = None


def _moved(known: _Kept, head: Head, org: Org) -> Findings | None:
    """Return what was found moved forward by the log, or None where that is not worth it or the log is another one."""
    since = ChangeSet.objects.filter(version__range=(known.org.version, head.version))
    if known.change_set is None or not since.filter(pk=known.change_set).exists():
        return None
    size = since.exclude(pk=known.change_set).aggregate(n=Sum("change_count"))["n"] or 0
    if size > CATCH_UP_LIMIT:
        return None
    changes = [c for _, some in store.history(since=known.org.version, until=head.version) for c in some]
    return reevaluate(known.findings, known.org, org, changes)


def on_day(org: Org, today: date) -> Findings:
    """Return what the rules find on a day, with what the log knows of the time before it."""
    return evaluate(org, today, since=days_before(org, today))


def findings_of_draft(planned: Planned, head: Head, org: Org) -> Findings:
    """Return what the rules would find if a draft were live."""
    before = live(head, org)
    key = ("findings", planned.key, before.today)
    replay = planned.replay
    return services.kept(key, lambda: reevaluate(before, replay.before, replay.after, replay.changes))


def difference(planned: Planned, head: Head, org: Org) -> Difference:
    """Return what a draft fixes, and what it makes new, worse or better."""
    return findings_between(live(head, org), findings_of_draft(planned, head, org))


# What was said about findings, and what is done about them


@dataclass(frozen=True, slots=True)
class Named:
    """A draft as findings mention it."""

    key: str
    name: str


Addressed = Mapping[str, tuple[Named, ...]]
"""The drafts that would do away with a finding or ease it, by its key."""


def judged(findings: Iterable[Finding], reality: Any) -> list[Judged]:
    """Return findings with what was said about them."""
    return list(with_waivers(findings, reality.org, day_of(reality)))


def standing(findings: Iterable[Finding], org: Org, day: date) -> list[Judged]:
    """Return findings without those that are waived on a day."""
    return [each for each in with_waivers(findings, org, day) if each.state != "waived"]


def addressed(reality: Any, user: Any) -> Addressed:
    """Return the open drafts that would do away with findings of today or ease them, as far as this user sees them."""
    if reality.kind != "live":
        return {}
    drafts = list(comparing.planned_drafts(user)[:DRAFTS])
    roles.read_shares(user, drafts)
    found: dict[str, tuple[Named, ...]] = {}
    for draft in drafts:
        for key in _helped_by(draft, user, reality):
            found[key] = (*found.get(key, ()), Named(draft.key, draft.name))
    return found


def _helped_by(draft: Draft, user: Any, reality: Any) -> list[str]:
    planned = plan_of(draft, reality.head, part=roles.part_of(user, draft))
    made = difference(planned, reality.head, reality.live)
    return [finding.key for finding in (*made.fixed, *(was for was, _ in made.better))]


def settled(reality: Any) -> list[Settled]:
    """Return what changes of the last ninety days settled; in a draft or on a day to come, what they settled live."""
    head, is_live = reality.head, reality.kind in ("live", "draft", "future")
    org = reality.live if is_live else reality.org
    among = live(head, org) if is_live else findings_of(reality)
    key = ("settled", "" if is_live else reality.moment, head.version, head.change_set, among.today)
    return services.kept(key, lambda: settled_in(org, among, looks_at_everything=not is_large(org)))


# Since when


def since(reality: Any, findings: Iterable[Finding]) -> dict[str, date]:
    """Return since when findings are there, by key; what a draft or a day to come adds is there from that day on.

    Those that the log cannot date at a fair price are left out.
    """
    wanted = list(findings)
    if reality.kind in ("draft", "future"):
        return since_planned(reality.head, reality.live, day_of(reality), wanted)
    return _dated(reality.head, reality.org, findings_of(reality), reality.moment, wanted)


def since_planned(head: Head, org: Org, day: date, findings: list[Finding]) -> dict[str, date]:
    """Return since when findings of what is planned for a day are there: those that are not there live, from then."""
    known = live(head, org)
    old = [finding for finding in findings if known.get(finding.key) is not None]
    new = {finding.key: day for finding in findings if known.get(finding.key) is None}
    return {**_dated(head, org, known, "", old), **new}


def _dated(head: Head, org: Org, among: Findings, moment: str, findings: list[Finding]) -> dict[str, date]:
    key = ("since", moment, head.version, head.change_set, among.today)
    known: dict[str, date] = services.kept(key, dict)
    missing = [finding for finding in findings if finding.key not in known]
    if missing:
        known.update(since_of(org, among, missing))
    return known


def worst(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings for which the log is asked since when they are there."""
    for number, finding in enumerate(findings):
        if number == DATED:
            return
        yield finding


# The last twelve months


@dataclass(frozen=True, slots=True)
class Month:
    """How many findings there were at the end of a month, or are today, without those that are waived on the day;
    `grave` are critical or high."""

    day: date
    total: int
    grave: int


def trend(reality: Any) -> list[Month]:
    """Return the last twelve months as the log knows them; nothing where reading them would take too long."""
    org = reality.live
    if reality.kind != "live" or org.count("person") > TRACED:
        return []
    now = live(reality.head, org)
    key = ("trend", reality.head.version, reality.head.change_set, now.today)
    return services.kept(key, lambda: _trend(org, now))


def _trend(org: Org, now: Findings) -> list[Month]:
    first = ChangeSet.objects.order_by("effective_on").values_list("effective_on", flat=True).first()
    days = [day for day in _month_ends(now.today) if first is not None and day >= first]
    earlier = [_month(before, found) for before, found in found_on(org, now, days)]
    return [*earlier[::-1], _month(org, now)]


def _month_ends(today: date) -> Iterator[date]:
    """Yield the last days of the eleven months before this one, the latest first."""
    day = today
    for _ in range(11):
        day = day.replace(day=1) - timedelta(days=1)
        yield day


def _month(org: Org, found: Findings) -> Month:
    counted = standing(found, org, found.today)
    grave = sum(each.finding.severity in ("critical", "high") for each in counted)
    return Month(found.today, len(counted), grave)
