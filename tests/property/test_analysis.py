"""The promises of comparison, impact and figures: looking only at what changes touch misses nothing."""

from __future__ import annotations

from hypothesis import given, settings

from orgmodel.core import changes
from orgmodel.core.changes import Change
from orgmodel.core.comparison import compare
from orgmodel.core.figures import figures_between, figures_of
from orgmodel.core.impact import impact_of
from orgmodel.core.org import Org
from orgmodel.core.records import KINDS
from tests.build import setting
from tests.property.strategies import TODAY, Program, founded, grown, programs

NARROW = {"SQ-01": ("high_above", "2"), "SQ-02": ("high_below", "2"), "CH-01": ("high_above", "1")}
"""Small organizations break these, so that there is something to count."""
FOUNDED = (
    founded()
    .change(r for rule, limit in NARROW.items() for r in setting(rule, thresholds=(limit,)).records)
    .settle(0)
)

promise = settings(deadline=None, max_examples=150)


def everything(*orgs: Org) -> list[Change]:
    """Return changes that touch every record there is."""
    return [Change(kind, id_, None, {}) for org in orgs for kind in KINDS for id_ in org.table(kind)]


@promise
@given(programs, programs)
def test_figures_after_changes_are_those_of_the_whole_organization(one: Program, two: Program) -> None:
    before, _ = grown(FOUNDED, one)
    after, _ = grown(before, two)
    found = figures_between(figures_of(before), before, after, changes.diff(before, after))
    assert found == figures_of(after)


@promise
@given(programs, programs)
def test_impact_is_the_same_as_if_everything_had_been_looked_at(one: Program, two: Program) -> None:
    before, _ = grown(FOUNDED, one)
    after, _ = grown(before, two)
    found = impact_of(before, after, changes.diff(before, after), today=TODAY)
    whole = impact_of(before, after, everything(before, after), today=TODAY)
    assert (found.people, found.squads, found.units) == (whole.people, whole.squads, whole.units)
    assert (found.missions, found.pairs, found.price) == (whole.missions, whole.pairs, whole.price)


@promise
@given(programs, programs)
def test_comparison_counts_what_the_organizations_count(one: Program, two: Program) -> None:
    before, _ = grown(FOUNDED, one)
    after, _ = grown(before, two)
    found = compare(before, after, changes.diff(before, after))
    was, is_ = figures_of(before), figures_of(after)
    assert is_.people - was.people == len(found.people_new) - len(found.people_gone)
    assert is_.squads - was.squads == len(found.squads_created) - len(found.squads_closed)
    assert is_.vacancies - was.vacancies == found.vacancies.after - found.vacancies.before
    assert len(is_.homeless) - len(was.homeless) == found.homeless.after - found.homeless.before
    assert (
        len(is_.out_of_range) - len(was.out_of_range) == found.out_of_range.after - found.out_of_range.before
    )


@promise
@given(programs, programs)
def test_the_way_back_costs_as_many_people_and_opens_what_closed(one: Program, two: Program) -> None:
    before, _ = grown(FOUNDED, one)
    after, _ = grown(before, two)
    there = compare(before, after, changes.diff(before, after))
    back = compare(after, before, changes.diff(after, before))
    assert (set(back.people_moved), set(back.people_new), set(back.squads_created)) == (
        set(there.people_moved),
        set(there.people_gone),
        set(there.squads_closed),
    )
