"""Diff, apply, invert, fold and conflicts."""

import pytest

from orgmodel.core import changes
from orgmodel.core.changes import Change, Conflict, FieldConflict
from orgmodel.core.org import Org
from tests.build import an_org, id_of, squad, tribe


def two_squads() -> Org:
    return an_org(tribe("Listening", squad("Search", "Ana", "Ben"), squad("Playback", "Cleo")))


def moved(org: Org, who: str, from_: str, to: str) -> Org:
    return org.edit(org.memberships[id_of(who, from_)], squad=id_of(to))


MOVE = Change("membership", id_of("Ana", "Search"), {"squad": id_of("Search")}, {"squad": id_of("Playback")})


def test_only_the_fields_that_differ_are_kept() -> None:
    org = two_squads()
    assert changes.diff(org, moved(org, "Ana", "Search", "Playback")) == [MOVE]


def test_touched_is_the_same_as_the_full_diff() -> None:
    org = two_squads()
    after = moved(org, "Ana", "Search", "Playback").remove(org.memberships[id_of("Ben", "Search")])
    assert changes.touched(after) == changes.diff(org, after)


def test_what_comes_back_to_where_it_was_is_no_change() -> None:
    org = two_squads()
    there = moved(org, "Ana", "Search", "Playback")
    assert changes.touched(moved(there, "Ana", "Search", "Search")) == []


def test_apply_then_invert_restores() -> None:
    org = two_squads()
    after = changes.apply(org, [MOVE])
    back = changes.apply(after, changes.invert([MOVE]))
    assert changes.diff(org, back) == []


def test_a_field_that_has_changed_since_is_a_conflict_with_both_values() -> None:
    org = an_org(tribe("Listening", squad("Search", "Ana"), squad("Playback"), squad("Home")))
    org = moved(org, "Ana", "Search", "Home")
    with pytest.raises(Conflict) as caught:
        changes.apply(org, [MOVE])
    assert caught.value.conflicts == (
        FieldConflict("membership", MOVE.id, "squad", id_of("Search"), id_of("Home"), id_of("Playback")),
    )


def test_an_unrelated_later_edit_is_no_conflict() -> None:
    org = two_squads()
    after = changes.apply(org, [MOVE])
    after = after.edit(after.memberships[MOVE.id], share=50)
    back = changes.apply(after, changes.invert([MOVE]))
    assert back.memberships[MOVE.id].squad == id_of("Search")
    assert back.memberships[MOVE.id].share == 50


def test_creating_what_is_there_and_deleting_what_is_gone_are_conflicts() -> None:
    org = two_squads()
    ana = org.people[id_of("Ana")]
    created = changes.change_between(None, ana)
    assert created is not None
    assert [c.field for c in changes.conflicts(org, [created])] == [""]
    gone = org.remove(ana)
    assert [c.field for c in changes.conflicts(gone, changes.invert([created]))] == [""]


def test_fold_makes_what_fits_field_by_field() -> None:
    org = two_squads()
    wanted = Change(
        "membership",
        MOVE.id,
        {"squad": id_of("Home"), "share": None},
        {"squad": id_of("Playback"), "share": 60},
    )
    folded = changes.fold(org, [wanted])
    assert folded.memberships[MOVE.id].squad == id_of("Search")
    assert folded.memberships[MOVE.id].share == 60
