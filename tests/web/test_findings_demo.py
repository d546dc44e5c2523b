"""What the rules find in Kestrel Audio: every flaw that its description plants, and nothing else.

The tables list subjects and severities exactly, so that whatever a rule says beyond them fails as well. Rules about
goals, delivery and self-assessment come with their records.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from orgmodel.changes import plans, services
from orgmodel.changes.models import Draft
from orgmodel.core.org import Org
from orgmodel.core.rules.base import Finding
from orgmodel.core.rules.findings import Difference, Findings, evaluate, findings_between, reevaluate
from orgmodel.core.rules.settings import RULES
from orgmodel.findings.log import days_before, since_of
from orgmodel.findings.queries import name_of, unit_of
from tests.web.test_demo import TODAY, ago, demo, named

__all__ = ["demo"]  # the fixture

CRITICAL, HIGH, MEDIUM, LOW = "critical", "high", "medium", "low"

SQUADS = {
    "SQ-01": {"Personal Recommendations": HIGH},
    "SQ-02": {"Offline & Downloads": HIGH, "Audiobooks Launch": LOW},
    "SQ-03": {"Content Ingestion": HIGH, "Audiobooks Launch": HIGH},
    "SQ-04": {"Content Ingestion": HIGH},
    "SQ-05": {"Developer Platform": MEDIUM},
    # Rights and Monetization have a designer for 30 % of her time, which will do.
    "SQ-06": {"Ads Insertion": MEDIUM, "Offline & Downloads": MEDIUM, "Audiobooks Launch": MEDIUM},
    "SQ-07": {"Ads Insertion": HIGH, "Audiobooks Launch": HIGH, "Content Ingestion": MEDIUM},
    "SQ-08": {"Ads Insertion": HIGH, "Creator Studio": MEDIUM},
    "SQ-09": {"Ads Insertion": MEDIUM},
    "SQ-10": {"Monetization & Payouts": HIGH},
    "SQ-11": {"Audiobooks Launch": HIGH, "Developer Platform": LOW},
}
UNITS = {
    "TR-01": {},
    "TR-02": {},
    "TR-03": {"Platform & Data": MEDIUM},
    "CH-01": {"Tomasz Wojcik": HIGH},  # Lucia Moretti has eight reports, which is the limit
    "CH-02": {
        "Quality": MEDIUM,
        "LX Web": LOW,
        "CM Data": LOW,
        "CM Design": LOW,
        "PD Data Engineering": LOW,
        "PD Product": LOW,
    },
    "CH-03": {"LX Web": MEDIUM, "CM Data": MEDIUM, "PD Product": MEDIUM},
    "CH-04": {"Mobile": MEDIUM, "Quality": MEDIUM},
    "CH-05": {"Grace Oduya": MEDIUM},
    "CH-06": {"Samuel Osei": MEDIUM},
    "SP-01": {
        "Victoria Lane": MEDIUM,
        "Lars Hedman": MEDIUM,
        "Ulrika Boman": LOW,
        "Amy Fong": LOW,
        "Stefan Krause": LOW,
    },
    "GU-01": {"Accessibility": MEDIUM},
    "GU-02": {"Accessibility": MEDIUM},
    "GU-03": {"Mobile": LOW},
}
PEOPLE = {
    "PE-01": {"Leo Martins": HIGH, "Grace Oduya": HIGH, "Yuki Tan": MEDIUM},  # Yuki for 45 days: not beyond
    "PE-02": {"Yuki Tan": HIGH},
    "PE-03": {"Daniel Okafor": HIGH},
    "PE-04": {"Daniel Okafor": MEDIUM, "Elif Kaya": MEDIUM, "Priya Raman": LOW},
    "PE-05": {"Tomasz Wojcik": MEDIUM},
    "RO-01": {"Priya Raman": MEDIUM},
    "RO-02": {
        "Malin Rosen": MEDIUM,
        "Offline & Downloads": LOW,
        "Ads Insertion": LOW,
        "Audiobooks Launch": LOW,
        "Content Ingestion": LOW,
    },
    "RO-03": {"Erik Thorn": HIGH, "Lars Hedman": MEDIUM},  # Victoria Lane stands in for 75 days: not long
}
WORK = {
    "DE-01": {
        "Creator Studio on Content Ingestion": CRITICAL,
        "Audiobooks Launch on Content Ingestion": CRITICAL,
        "Ads Insertion on Event Pipeline": HIGH,
        "Monetization & Payouts on Identity & Accounts": HIGH,
        "Offline & Downloads on Playback": MEDIUM,
    },
    "DE-02": {"Event Pipeline": HIGH, "Content Ingestion": HIGH},
    "DE-03": {"Content Ingestion, Rights & Licensing": HIGH},  # one finding, whichever of the two bears it
    "SY-01": {"ingest-transcoder": CRITICAL},
    "SY-02": {"rights-engine": HIGH, "offline-sync": HIGH, "search-index": LOW, "studio-web": LOW},
    "SY-03": {"home-feed": MEDIUM},
    "HI-01": {
        "Product lead": HIGH,
        "Product owner, Content Ingestion": HIGH,
        "Product owner, Audiobooks Launch": HIGH,
        "Chapter lead, CM Data": HIGH,
        "Senior mobile engineer": MEDIUM,
        "Product designer": f"{MEDIUM} {MEDIUM}",  # open for too long, and without a hiring manager
        "Staff ML engineer": MEDIUM,
    },
}


def found_in(org: Org, day: date = TODAY) -> Findings:
    return evaluate(org, day, since=days_before(org, day))


def subject(org: Org, finding: Finding) -> str:
    if finding.rule == "DE-03":
        return "Content Ingestion, Rights & Licensing"
    return name_of(org, finding.kind, finding.id)


def table_of(org: Org, findings: Findings, rules: set[str]) -> dict[str, dict[str, str]]:
    """Return what rules find as the tables above say it."""
    table: dict[str, dict[str, str]] = {rule: {} for rule in rules}
    for finding in findings:
        if finding.rule in rules:
            row, name = table[finding.rule], subject(org, finding)
            row[name] = f"{row[name]} {finding.severity}" if name in row else finding.severity
    return table


# Today


@pytest.mark.parametrize("expected", [SQUADS, UNITS, PEOPLE, WORK], ids=["squads", "units", "people", "work"])
def test_every_planted_flaw_is_found_and_nothing_else(demo: Org, expected: dict[str, dict[str, str]]) -> None:
    assert table_of(demo, found_in(demo), set(expected)) == expected


def test_the_tables_tell_all_rules_and_all_findings(demo: Org) -> None:
    findings = found_in(demo)
    assert {*SQUADS, *UNITS, *PEOPLE, *WORK} == set(RULES)
    assert Counter(finding.severity for finding in findings) == {CRITICAL: 3, HIGH: 27, MEDIUM: 33, LOW: 18}


def test_quiet_units_are_quiet(demo: Org) -> None:
    findings = found_in(demo)
    quiet = [
        named(demo, "squad", name) for name in ("Home & Browse", "Identity & Accounts", "Playback", "Search")
    ]
    assert [finding for squad in quiet for finding in findings.of("squad", squad.id)] == []


def test_content_ingestion_is_the_worst_of_all_units(demo: Org) -> None:
    findings = found_in(demo)
    weights: Counter[str] = Counter()
    for finding in findings:
        kind, id_ = unit_of(demo, finding.ref)
        weights[name_of(demo, kind, id_)] += {CRITICAL: 100, HIGH: 50, MEDIUM: 20, LOW: 5}[finding.severity]
    (worst, weight), (_, next_weight) = weights.most_common(2)
    assert worst == "Content Ingestion"
    assert weight > 2 * next_weight


# Since when


def test_findings_are_as_old_as_what_they_tell_of(demo: Org) -> None:
    findings = found_in(demo)
    wanted = {
        ("DE-01", "Creator Studio on Content Ingestion"): 48,
        ("DE-02", "Content Ingestion"): 33,  # the second squad that it blocks
        ("DE-02", "Event Pipeline"): 18,  # the fourth that waits
        ("SY-01", "ingest-transcoder"): 70,  # its owner left
        ("SQ-03", "Content Ingestion"): 95,  # and the product owner before
        ("SY-03", "home-feed"): 83,
        ("CH-03", "CM Data"): 75,
        ("CH-03", "LX Web"): 60,
        ("RO-03", "Lars Hedman"): 49,  # beyond 90 days of standing in
        ("PE-01", "Yuki Tan"): 30,  # beyond two weeks after the first day
        ("SQ-10", "Monetization & Payouts"): 700,
    }
    asked = [finding for finding in findings if (finding.rule, subject(demo, finding)) in wanted]
    since = since_of(demo, findings, asked)
    ages = {(f.rule, subject(demo, f)): (TODAY - since[f.key]).days for f in asked}
    assert ages == wanted


def test_health_has_become_worse_since_the_platform_tribe(demo: Org) -> None:
    counts = {}
    for days in (300, 150, 90, 30):
        then = services.org_as_of(ago(days))
        counts[days] = Counter(finding.severity for finding in found_in(then, ago(days)))
    assert [counts[days][CRITICAL] for days in (300, 150, 90, 30)] == [0, 0, 0, 1]
    assert [counts[days].total() for days in (300, 150, 90, 30)] == [47, 42, 52, 72]


# In a draft


def test_the_draft_trades_findings(demo: Org) -> None:
    replay = plans.plan_of(Draft.objects.get(name="Unblock ingestion")).replay
    before = found_in(demo)
    after = reevaluate(before, replay.before, replay.after, replay.changes)
    change: Difference = findings_between(before, after)

    def told(findings: tuple[Finding, ...], org: Org) -> set[str]:
        return {f"{f.rule} {subject(org, f)} {f.severity}" for f in findings}

    assert told(change.fixed, replay.before) >= {
        "SQ-01 Personal Recommendations high",
        "SQ-02 Offline & Downloads high",
        "DE-01 Offline & Downloads on Playback medium",
        "RO-01 Priya Raman medium",
    }
    assert told(change.new, replay.after) >= {
        "SQ-01 Playback high",
        "SQ-03 Discovery high",
        "SY-01 offline-sync critical",
        "CH-04 PD Backend medium",
        "CH-04 PD Platform Engineering medium",
    }
    assert {(was.severity, now.severity, subject(replay.after, now)) for was, now in change.better} == {
        (CRITICAL, HIGH, "Creator Studio on Content Ingestion"),
        (CRITICAL, HIGH, "Audiobooks Launch on Content Ingestion"),
    }
    assert change.worse == ()


def test_another_day_tells_another_age(demo: Org) -> None:
    """A boundary the day after: Yuki Tan has been without a squad for 46 days, and it presses more."""
    yuki = named(demo, "person", "Yuki Tan")
    later = found_in(demo, TODAY + timedelta(days=1))
    assert [f.severity for f in later.of("person", yuki.id) if f.rule == "PE-01"] == [HIGH]
