"""The promise of findings: looking again only at what changes touch finds what looking at everything does."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from orgmodel.core import changes
from orgmodel.core.org import Org
from orgmodel.core.records import RuleSetting
from orgmodel.core.rules.findings import Findings, evaluate, findings_between, reevaluate
from orgmodel.core.rules.settings import settings_of
from tests.property.strategies import TODAY, Program, founded, grown, programs, short_programs

STRICT = {
    # Small organizations break these, so that there is something to find.
    "SQ-01": {"medium_above": 1, "high_above": 2},
    "SQ-09": {"medium_above": 0},
    "SQ-10": {"hard_most": 0, "domains_most": 1},
    "SQ-11": {"engineers_least": 1},
    "TR-01": {"low_above": 0, "high_above": 1, "critical_above": 3},
    "CH-01": {"medium_above": 0, "high_above": 1},
    "SP-01": {"medium_above": 0, "steps_most": 1},
    "RO-01": {"medium_above": 0},
    "RO-02": {"medium_above": 0},
    "PE-05": {"medium_above": 0},
    "DE-02": {"waiting_least": 1, "blocked_least": 1},
    "HI-01": {"key_role_days": 1, "days": 1},
}


def strict(org: Org) -> Org:
    return org.change(
        RuleSetting(
            id=f"00000000-0000-0000-0000-0000000000{number:02}",
            key=code,
            thresholds=tuple((name, str(value)) for name, value in limits.items()),
        )
        for number, (code, limits) in enumerate(STRICT.items())
    ).settle(0)


FOUNDED = strict(founded())

promise = settings(deadline=None, max_examples=150)


def found(findings: Findings) -> dict[object, object]:
    return dict(findings.by_subject)


@promise
@given(programs, short_programs)
def test_findings_after_changes_are_those_of_the_whole_organization(one: Program, two: Program) -> None:
    before, _ = grown(FOUNDED, one)
    after, _ = grown(before, two)
    again = reevaluate(evaluate(before, TODAY), before, after, changes.diff(before, after))
    whole = evaluate(after, TODAY, since=again.since)
    assert found(again) == found(whole)


@promise
@given(programs, short_programs)
def test_what_changes_do_is_the_same_however_it_is_worked_out(one: Program, two: Program) -> None:
    before, _ = grown(FOUNDED, one)
    after, _ = grown(before, two)
    live = evaluate(before, TODAY)
    again = reevaluate(live, before, after, changes.diff(before, after))
    assert findings_between(live, again) == findings_between(live, evaluate(after, TODAY, since=again.since))


@promise
@given(programs)
def test_keys_tell_findings_apart(program: Program) -> None:
    org, _ = grown(FOUNDED, program)
    findings = list(evaluate(org, TODAY))
    assert len({finding.key for finding in findings}) == len(findings)


@promise
@given(st.dictionaries(st.sampled_from(sorted(STRICT)), st.decimals(allow_nan=False, allow_infinity=False)))
def test_any_number_can_be_a_threshold(numbers: dict[str, object]) -> None:
    org = FOUNDED.change(
        RuleSetting(
            id=f"00000000-0000-0000-0000-0000000001{number:02}",
            key=code,
            thresholds=tuple((name, str(value)) for name in settings_of(FOUNDED).terms[code].thresholds),
        )
        for number, (code, value) in enumerate(numbers.items())
    )
    assert all(finding.message for finding in evaluate(org, TODAY))
