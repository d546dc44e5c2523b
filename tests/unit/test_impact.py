"""What a reorganization does to whom, and what it costs in people who have to start anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from orgmodel.core.impact import Impact, MissionImpact, Pair, PersonImpact, SquadImpact, UnitImpact, impact_of
from orgmodel.core.operations import (
    AssignMission,
    ChangeChapter,
    CloseSquad,
    EditMembership,
    EditPerson,
    HirePerson,
    JoinSquad,
    LeaveSquad,
    MergeSquads,
    MovePeople,
    MoveSquad,
    OffboardPerson,
    Operation,
    ReinstatePerson,
    RenameSquad,
    SetShare,
    SetTribeLead,
    SplitSquad,
)
from orgmodel.core.org import Org
from orgmodel.core.replay import carry_out
from orgmodel.core.rules.limits import LIMITS, Limits
from tests.build import an_org, chapter, id_of, mission, person, squad, tribe

TODAY = date(2026, 11, 20)
NEW = "11111111-1111-4111-8111-111111111111"
NEWER = "22222222-2222-4222-8222-222222222222"


def kestrel() -> Org:
    return an_org(
        tribe(
            "Listening",
            squad("Search", "Ana", "Ben", mission="Find it"),
            squad("Playback", "Cleo", "Dora", "Eli", mission="Hear it"),
            chapter("Backend", "Ana", "Cleo", lead="Kim"),
            lead="Kim",
        ),
        tribe("Creators", squad("Studio", "Finn"), chapter("Web", "Finn")),
        person("Ana", manager="Kim"),
        person("Cleo", manager="Kim"),
        person("Kim"),
        mission("Find it"),
        mission("Hear it"),
    )


def since(org: Org, squad_name: str, **days: date) -> Org:
    return org.change(
        replace(org.memberships[id_of(who, squad_name)], since=day) for who, day in days.items()
    )


def impact(org: Org, *operations: Operation, limits: Limits = LIMITS) -> Impact:
    done = carry_out(org, operations, on=TODAY)
    return impact_of(done.before, done.after, done.changes, today=TODAY, limits=limits)


def move(who: str, to: str) -> MovePeople:
    return MovePeople(people=(id_of(who),), to=id_of(to))


def pair(one: str, other: str, months: int = 0, *, starts: bool = False) -> Pair:
    first, second = sorted((id_of(one), id_of(other)))
    return Pair(first, second, months, starts)


# People


def test_nothing_changed_is_no_impact() -> None:
    assert impact(kestrel()) == Impact((), (), (), (), (), 0, 0, 0, 0)


def test_what_touches_nobody_is_no_impact() -> None:
    assert impact(kestrel(), RenameSquad(id=id_of("Search"), name="Find")) == impact(kestrel())


def test_someone_moves_to_a_squad_of_another_tribe() -> None:
    found = impact(kestrel(), move("Ana", "Studio"))
    assert found.people == (
        PersonImpact(
            person=id_of("Ana"),
            squad_before=id_of("Search"),
            squad_after=id_of("Studio"),
            tribe_before=id_of("Listening"),
            tribe_after=id_of("Creators"),
            manager_before=id_of("Kim"),
            manager_after=id_of("Kim"),
            chapter_before=id_of("Backend"),
            chapter_after=id_of("Backend"),
            share_before=None,
            share_after=None,
        ),
    )
    ana = found.people[0]
    assert (ana.changes_squad, ana.changes_tribe, ana.changes_manager, ana.changes_chapter) == (
        True,
        True,
        False,
        False,
    )


def test_home_changes_where_the_larger_share_moves() -> None:
    org = an_org(
        squad("Search", "Priya", "Ana", shares={"Priya": 60, "Ana": 100}),
        squad("Playback", "Priya", shares={"Priya": 40}),
    )
    found = impact(org, SetShare(person=id_of("Priya"), squad=id_of("Search"), share=30))
    priya = found.people[0]
    assert (priya.squad_before, priya.squad_after) == (id_of("Search"), id_of("Playback"))
    assert (priya.share_before, priya.share_after) == (60, 40)
    # Only the membership in Search was edited, but Playback has one more who counts.
    assert found.squads == (
        SquadImpact(id_of("Playback"), 0, 1, 0, 100),
        SquadImpact(id_of("Search"), 2, 1, 1, 50),
    )
    assert found.pairs == ()  # they still meet in Search


def test_a_share_that_moves_nobody_home_is_only_a_share() -> None:
    org = an_org(
        squad("Search", "Priya", shares={"Priya": 60}), squad("Playback", "Priya", shares={"Priya": 40})
    )
    found = impact(org, SetShare(person=id_of("Priya"), squad=id_of("Search"), share=50))
    assert [(p.changes_squad, p.changes_share) for p in found.people] == [(False, True)]
    assert found.squads == ()
    assert (found.price, found.reach_people, found.reach_squads) == (0, 1, 1)


def test_a_part_elsewhere_reaches_someone_without_changing_their_home() -> None:
    joins = JoinSquad(id=NEW, person=id_of("Ana"), squad=id_of("Studio"), share=20)
    org = an_org(squad("Search", "Ana", shares={"Ana": 80}), tribe("Creators", squad("Studio", "Finn")))
    found = impact(org, joins)
    assert found.people == ()
    assert found.squads == ()  # Ana counts at home
    assert found.pairs == (pair("Ana", "Finn", starts=True),)
    assert (found.reach_people, found.reach_squads, found.reach_tribes) == (2, 1, 1)


def test_someone_hired_arrives_and_changes_nothing() -> None:
    found = impact(
        kestrel(),
        HirePerson(id=NEW, values={"name": "Nora", "manager": id_of("Kim")}),
        JoinSquad(id=NEWER, person=NEW, squad=id_of("Search")),
    )
    nora = found.people[0]
    assert (nora.person, nora.arrives, nora.leaves) == (NEW, True, False)
    assert (nora.squad_before, nora.squad_after) == (None, id_of("Search"))
    assert (nora.changes_squad, nora.changes_tribe, nora.changes_manager) == (False, False, False)
    assert found.squads == (SquadImpact(id_of("Search"), 2, 3, 2, 100),)
    assert found.price == 0


def test_someone_who_leaves_costs_those_who_worked_with_them() -> None:
    found = impact(kestrel(), OffboardPerson(person=id_of("Ana")))
    ana = found.people[0]
    assert (ana.arrives, ana.leaves, ana.squad_after, ana.manager_after) == (False, True, None, None)
    assert found.pairs == (pair("Ana", "Ben", 12),)
    assert found.price == 12


def test_someone_taken_back_arrives_even_where_nothing_else_is_known_of_them() -> None:
    org = an_org(person("Olaf", status="left"))
    found = impact(org, ReinstatePerson(person=id_of("Olaf")))
    assert [(p.person, p.arrives) for p in found.people] == [(id_of("Olaf"), True)]


def test_people_of_a_squad_that_changes_tribe_change_tribe_and_keep_their_squad() -> None:
    found = impact(kestrel(), MoveSquad(squad=id_of("Search"), tribe=id_of("Creators")))
    assert [(p.person, p.changes_tribe, p.changes_squad) for p in found.people] == [
        (id_of("Ana"), True, False),
        (id_of("Ben"), True, False),
    ]
    assert found.squads == (SquadImpact(id_of("Search"), 2, 2, 2, 100),)
    assert found.pairs == ()
    assert found.price == 2


def test_someone_in_a_chapter_only_is_in_its_tribe() -> None:
    org = an_org(tribe("Listening", chapter("Backend", "Ana")), tribe("Creators", chapter("Web")))
    found = impact(org, ChangeChapter(people=(id_of("Ana"),), chapter=id_of("Web")))
    ana = found.people[0]
    assert (ana.tribe_before, ana.tribe_after, ana.changes_chapter) == (
        id_of("Listening"),
        id_of("Creators"),
        True,
    )


def test_someone_taken_out_of_their_only_squad_has_none() -> None:
    found = impact(kestrel(), LeaveSquad(person=id_of("Finn"), squad=id_of("Studio")))
    finn = found.people[0]
    assert (finn.squad_after, finn.changes_squad, finn.tribe_after) == (None, True, id_of("Creators"))


# Squads


@pytest.mark.parametrize(("go", "kept"), [(1, 66), (2, 33), (3, 0)])
def test_core_kept_is_rounded_down(go: int, kept: int) -> None:
    people = [id_of(name) for name in ("Cleo", "Dora", "Eli")][:go]
    found = impact(kestrel(), MovePeople(people=tuple(people), to=id_of("Search")))
    playback = next(s for s in found.squads if s.squad == id_of("Playback"))
    assert (playback.stayed, playback.core_kept) == (3 - go, kept)


def test_a_swap_keeps_sizes_and_half_the_core() -> None:
    org = an_org(squad("Search", "Ana", "Ben"), squad("Playback", "Cleo", "Dora"))
    found = impact(org, move("Ana", "Playback"), move("Cleo", "Search"))
    assert found.squads == (
        SquadImpact(id_of("Playback"), 2, 2, 1, 50),
        SquadImpact(id_of("Search"), 2, 2, 1, 50),
    )
    assert found.pairs == (
        *sorted([pair("Ana", "Ben", 12), pair("Cleo", "Dora", 12)], key=lambda p: (p.one, p.other)),
        *sorted(
            [pair("Ana", "Dora", starts=True), pair("Ben", "Cleo", starts=True)],
            key=lambda p: (p.one, p.other),
        ),
    )
    assert found.price == 2 * 12 + 2 * 3


def test_a_squad_that_closes_keeps_nobody_and_one_that_closes_empty_its_core() -> None:
    found = impact(kestrel(), move("Finn", "Search"), CloseSquad(id=id_of("Studio")))
    studio = next(s for s in found.squads if s.squad == id_of("Studio"))
    assert studio == SquadImpact(id_of("Studio"), 1, 0, 0, 0, is_closed=True)
    empty = an_org(squad("Studio"))
    assert impact(empty, CloseSquad(id=id_of("Studio"))).squads == (
        SquadImpact(id_of("Studio"), 0, 0, 0, 100, is_closed=True),
    )


def test_a_split_makes_a_new_squad_that_keeps_all_of_its_core() -> None:
    split = SplitSquad(squad=id_of("Playback"), id=NEW, name="Offline", people=(id_of("Cleo"), id_of("Dora")))
    found = impact(kestrel(), split)
    assert found.squads == (
        SquadImpact(NEW, 0, 2, 0, 100, is_new=True),
        SquadImpact(id_of("Playback"), 3, 1, 1, 33),
    )
    assert found.pairs == tuple(
        sorted([pair("Cleo", "Eli", 12), pair("Dora", "Eli", 12)], key=lambda p: (p.one, p.other))
    )  # Cleo and Dora go together
    assert found.price == 2 * 12 + 2 * 3


# Tribes and chapters


def test_tribes_and_chapters_by_size_and_span() -> None:
    found = impact(
        kestrel(),
        move("Ana", "Studio"),
        ChangeChapter(people=(id_of("Ana"),), chapter=id_of("Web")),
        EditPerson(id=id_of("Ana"), values={"manager": id_of("Finn")}),
    )
    assert found.units == (
        UnitImpact("tribe", id_of("Creators"), 1, 2, 0, 0),
        UnitImpact("tribe", id_of("Listening"), 6, 5, 2, 1),
        UnitImpact("chapter", id_of("Backend"), 2, 1, 2, 1),
        UnitImpact("chapter", id_of("Web"), 1, 2, 0, 0),
    )


def test_a_new_lead_from_elsewhere_is_one_more_in_the_tribe() -> None:
    found = impact(kestrel(), SetTribeLead(tribe=id_of("Creators"), seat="lead", person=id_of("Kim")))
    assert found.units == (UnitImpact("tribe", id_of("Creators"), 1, 2, 0, 2),)


def test_who_has_left_no_longer_reports_to_anybody() -> None:
    found = impact(kestrel(), OffboardPerson(person=id_of("Ana")))
    assert UnitImpact("chapter", id_of("Backend"), 2, 1, 2, 1) in found.units


# Missions


def test_a_mission_gains_what_another_loses() -> None:
    org = kestrel()
    org = org.edit(org.memberships[id_of("Ana", "Search")], share=50)
    found = impact(org, move("Ana", "Playback"))
    assert found.missions == (
        MissionImpact(id_of("Find it"), 2, 1, 150, 100, 1, 1),
        MissionImpact(id_of("Hear it"), 3, 4, 300, 350, 1, 1),
    )


def test_a_mission_left_without_a_squad() -> None:
    found = impact(kestrel(), AssignMission(squad=id_of("Search"), mission=None))
    assert found.missions == (MissionImpact(id_of("Find it"), 2, 0, 200, 0, 1, 0),)
    assert found.missions[0].is_left_without_squad


def test_a_mission_that_had_no_squad_is_not_left_without_one() -> None:
    org = kestrel()
    org = org.edit(org.squads[id_of("Search")], mission=None)
    found = impact(org, AssignMission(squad=id_of("Search"), mission=id_of("Find it")))
    assert [(m.squads_before, m.is_left_without_squad) for m in found.missions] == [(0, False)]


def test_someone_in_two_squads_of_a_mission_is_one_person() -> None:
    org = an_org(
        squad("Search", "Ana", mission="Find it", shares={"Ana": 50}),
        squad("Index", mission="Find it"),
        mission("Find it"),
    )
    found = impact(org, JoinSquad(id=NEW, person=id_of("Ana"), squad=id_of("Index"), share=50))
    assert found.missions == (MissionImpact(id_of("Find it"), 1, 1, 50, 100, 2, 2),)


# The ledger


@pytest.mark.parametrize(
    ("ana", "ben", "months"),
    [
        (date(2026, 1, 20), date(2025, 1, 1), 10),  # the later of both
        (date(2026, 1, 21), date(2025, 1, 1), 9),  # whole months
        (date(2026, 11, 20), date(2025, 1, 1), 0),
        (date(2027, 3, 1), date(2025, 1, 1), 0),  # not yet
        (date(2023, 11, 20), date(2020, 1, 1), 36),
        (date(2019, 1, 1), date(2020, 1, 1), 36),  # no more than three years
        (None, date(2020, 1, 1), 12),  # unknown is a year
        (None, date(2026, 8, 20), 3),  # but no longer than the other has been there
        (None, None, 12),
    ],
)
def test_months_together(ana: date | None, ben: date | None, months: int) -> None:
    org = kestrel()
    org = org.change(
        replace(org.memberships[id_of(who, "Search")], since=day) for who, day in (("Ana", ana), ("Ben", ben))
    )
    found = impact(org, LeaveSquad(person=id_of("Ana"), squad=id_of("Search")))
    assert found.pairs == (pair("Ana", "Ben", months),)


def test_of_two_squads_shared_the_longer_time_counts() -> None:
    org = an_org(squad("Search", "Ana", "Ben"), squad("Index", "Ana", "Ben"), squad("Studio"))
    org = since(org, "Search", Ana=date(2026, 1, 20), Ben=date(2026, 1, 20))
    org = since(org, "Index", Ana=date(2026, 9, 20), Ben=date(2026, 9, 20))
    leaves = [LeaveSquad(person=id_of("Ana"), squad=id_of(name)) for name in ("Search", "Index")]
    assert impact(org, *leaves).pairs == (pair("Ana", "Ben", 10),)
    assert impact(org, leaves[0]).pairs == ()  # they still meet in Index


def test_everybody_moving_together_ends_nothing() -> None:
    found = impact(kestrel(), MovePeople(people=(id_of("Ana"), id_of("Ben")), to=id_of("Studio")))
    assert found.pairs == tuple(
        sorted(
            [pair("Ana", "Finn", starts=True), pair("Ben", "Finn", starts=True)],
            key=lambda p: (p.one, p.other),
        )
    )


def test_a_merge_costs_the_move_and_no_pair() -> None:
    found = impact(kestrel(), MergeSquads(squads=(id_of("Search"),), into=id_of("Playback")))
    assert [p for p in found.pairs if not p.starts] == []
    assert len(found.pairs) == 2 * 3
    assert found.price == 2 * 3  # two people have another home squad


def test_the_longest_together_come_first() -> None:
    org = since(kestrel(), "Playback", Cleo=date(2024, 1, 1), Dora=date(2026, 6, 20), Eli=date(2024, 11, 20))
    found = impact(org, move("Cleo", "Search"))
    ended = [p for p in found.pairs if not p.starts]
    assert ended == [pair("Cleo", "Eli", 24), pair("Cleo", "Dora", 5)]


def test_price_of_a_manager_squad_and_tribe() -> None:
    org = kestrel()
    manager = EditPerson(id=id_of("Finn"), values={"manager": id_of("Kim")})
    assert impact(org, manager).price == 6
    assert impact(org, manager, move("Finn", "Search")).price == 6 + 3 + 1
    assert impact(org, manager, limits=Limits(price_manager=10)).price == 10


def test_in_a_very_large_squad_nobody_works_with_everybody() -> None:
    org = an_org(squad("Search", "Ana", "Ben", "Cleo"))
    leaves = LeaveSquad(person=id_of("Ana"), squad=id_of("Search"))
    assert len(impact(org, leaves, limits=Limits(teammates_most=3)).pairs) == 2
    assert impact(org, leaves, limits=Limits(teammates_most=2)).pairs == ()


# How far it reaches


def test_reach_counts_those_who_stay_where_somebody_comes_or_goes() -> None:
    found = impact(kestrel(), move("Ana", "Studio"))
    # Ana moves, Ben loses her, Finn gains her.
    assert (found.reach_people, found.reach_squads, found.reach_tribes) == (3, 2, 2)


def test_a_role_in_a_squad_reaches_whose_it_is() -> None:
    found = impact(
        kestrel(),
        EditMembership(person=id_of("Ana"), squad=id_of("Search"), values={"kind": "loan"}),
    )
    assert (found.reach_people, found.reach_squads, found.reach_tribes) == (1, 1, 1)
