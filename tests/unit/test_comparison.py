"""Two organizations side by side: what differs, told in one sentence."""

from __future__ import annotations

from datetime import date

import pytest

from orgmodel.core import changes
from orgmodel.core.comparison import Comparison, Delta, Flow, Merge, Split, compare, rows_of
from orgmodel.core.figures import Row
from orgmodel.core.operations import (
    ChangeChapter,
    CloseSquad,
    CloseTribe,
    CloseVacancy,
    CreateSquad,
    CreateTribe,
    EditPerson,
    EditTribe,
    HirePerson,
    JoinSquad,
    LeaveSquad,
    MergeSquads,
    MergeTribes,
    MovePeople,
    MoveSquad,
    OffboardPerson,
    OpenVacancy,
    Operation,
    RenameSquad,
    RenameTribe,
    ReopenSquad,
    SetShare,
    SplitSquad,
)
from orgmodel.core.org import Org
from orgmodel.core.replay import carry_out
from tests.build import an_org, chapter, id_of, person, squad, tribe, vacancy

TODAY = date(2026, 11, 20)
NEW = "11111111-1111-4111-8111-111111111111"
NEWER = "22222222-2222-4222-8222-222222222222"
RECOMMENDERS = ("Wei", "Petra", "Nils", "Arjun", "Kofi", "Lina")
PLAYERS = ("Cleo", "Dora", "Eli", "Finn", "Gus", "Hana", "Ivo", "Jo")


def kestrel() -> Org:
    return an_org(
        tribe(
            "Listening",
            squad("Playback", *PLAYERS),
            squad("Offline & Downloads", "Anton", "Ines"),
            squad("Recommendations", *RECOMMENDERS),
        ),
        tribe("Creators", squad("Studio", "Sam"), chapter("Web", "Sam")),
        tribe("Platform", squad("Content Ingestion", "Lars", "Omar"), chapter("Data", "Lars")),
        person("Kim"),
        vacancy("Senior backend", squad="Offline & Downloads"),
    )


def compared(org: Org, *operations: Operation) -> Comparison:
    done = carry_out(org, operations, on=TODAY)
    return compare(done.before, done.after, done.changes)


def move(to: str, *people: str) -> MovePeople:
    return MovePeople(people=tuple(map(id_of, people)), to=id_of(to))


def split(**options: object) -> SplitSquad:
    given = {"id": NEW, "name": "Discovery", "people": tuple(map(id_of, RECOMMENDERS[:3])), "on": TODAY}
    return SplitSquad(squad=id_of("Recommendations"), **(given | options))  # type: ignore[arg-type]


MOVE_INGESTION = MoveSquad(squad=id_of("Content Ingestion"), tribe=id_of("Creators"))
MERGE_OFFLINE = MergeSquads(squads=(id_of("Offline & Downloads"),), into=id_of("Playback"))


def test_a_reorganization_in_one_sentence() -> None:
    found = compared(kestrel(), MOVE_INGESTION, split(), MERGE_OFFLINE)
    assert found.sentence == (
        "Content Ingestion changes tribe, Recommendations splits in two, Offline & Downloads merges into Playback, "
        "5 people change squad."
    )


def test_a_reorganization_in_lists() -> None:
    found = compared(kestrel(), MOVE_INGESTION, split(), MERGE_OFFLINE)
    assert found.people_moved == tuple(map(id_of, ("Anton", "Ines", "Nils", "Petra", "Wei")))
    assert found.tribe_changes == (id_of("Lars"), id_of("Omar"))
    assert (found.people_new, found.people_gone, found.manager_changes) == ((), (), ())
    assert found.squads_created == (NEW,)
    assert found.squads_closed == (id_of("Offline & Downloads"),)
    assert found.squads_moved == (id_of("Content Ingestion"),)
    assert found.splits == (Split("squad", id_of("Recommendations"), (NEW, id_of("Recommendations"))),)
    assert found.merges == (Merge("squad", (id_of("Offline & Downloads"),), id_of("Playback")),)
    # Offline was too small, Playback has 10 now, both halves of Recommendations have 3.
    assert found.out_of_range == Delta(
        before=2,  # with Content Ingestion, which is as small as before
        after=4,
        fixed=(id_of("Offline & Downloads"),),
        new=(NEW, id_of("Playback"), id_of("Recommendations")),
    )
    assert found.homeless == Delta(0, 0, (), ())


def test_flows_hold_everybody_of_the_squads_that_differ() -> None:
    found = compared(kestrel(), MOVE_INGESTION, split(), MERGE_OFFLINE)
    offline, recommendations = id_of("Offline & Downloads"), id_of("Recommendations")
    ingestion, playback = id_of("Content Ingestion"), id_of("Playback")
    assert found.flows == (
        Flow(ingestion, ingestion, 2),
        Flow(offline, playback, 2),
        Flow(playback, playback, 8),
        Flow(recommendations, NEW, 3),
        Flow(recommendations, recommendations, 3),
    )


def test_flows_of_those_who_come_and_go() -> None:
    found = compared(
        kestrel(),
        LeaveSquad(person=id_of("Sam"), squad=id_of("Studio")),
        OffboardPerson(person=id_of("Lars")),
        JoinSquad(id=NEW, person=id_of("Kim"), squad=id_of("Studio")),
    )
    studio, ingestion = id_of("Studio"), id_of("Content Ingestion")
    assert found.flows == (
        Flow(ingestion, ingestion, 1),
        Flow(ingestion, None, 1),
        Flow(studio, None, 1),
        Flow(None, studio, 1),
    )
    assert found.homeless == Delta(1, 1, fixed=(id_of("Kim"),), new=(id_of("Sam"),))


def test_a_home_that_changes_with_a_share_flows() -> None:
    org = an_org(squad("A", "Priya", shares={"Priya": 60}), squad("B", "Priya", shares={"Priya": 40}))
    found = compared(org, SetShare(person=id_of("Priya"), squad=id_of("A"), share=30))
    assert found.flows == (Flow(id_of("A"), id_of("B"), 1),)
    assert found.people_moved == (id_of("Priya"),)


def test_nothing_differs() -> None:
    found = compared(kestrel())
    assert found.sentence == "Nothing differs."
    assert found.flows == ()


@pytest.mark.parametrize(
    ("operations", "sentence"),
    [
        ([move("Studio", "Lars")], "1 person changes squad."),
        (
            [move("Studio", "Lars"), move("Content Ingestion", "Sam")],  # a swap
            "2 people change squad.",
        ),
        ([CreateSquad(id=NEW, values={"name": "Trust"})], "Trust is new."),
        (
            [CreateSquad(id=NEW, values={"name": "Trust"}), CreateSquad(id=NEWER, values={"name": "Ads"})],
            "Ads and Trust are new.",
        ),
        (
            [CreateTribe(id=NEW, values={"name": "Ads"}), CreateSquad(id=NEWER, values={"name": "Ads"})],
            "Ads tribe is new, Ads is new.",
        ),
        (
            [move("Playback", "Sam"), CloseSquad(id=id_of("Studio"))],
            "1 person changes squad, Studio closes.",
        ),
        ([RenameSquad(id=id_of("Studio"), name="Atelier")], "Studio becomes Atelier."),
        ([RenameTribe(id=id_of("Creators"), name="Makers")], "Creators tribe becomes Makers tribe."),
        (
            [
                RenameSquad(id=id_of("Studio"), name="Atelier"),
                RenameSquad(id=id_of("Playback"), name="Play"),
            ],
            "Playback and Studio are renamed.",
        ),
        ([EditPerson(id=id_of("Sam"), values={"manager": id_of("Kim")})], "1 person changes manager."),
        ([ChangeChapter(people=(id_of("Sam"),), chapter=id_of("Data"))], "1 person changes chapter."),
        ([SetShare(person=id_of("Sam"), squad=id_of("Studio"), share=50)], "1 person changes share."),
        ([HirePerson(id=NEW, values={"name": "Nora"})], "1 person joins."),
        (
            [OffboardPerson(person=id_of("Sam")), OffboardPerson(person=id_of("Omar"))],
            "2 people leave.",
        ),
        ([OpenVacancy(id=NEW, values={"title": "Designer"})], "1 vacancy opens."),
        ([CloseVacancy(vacancy=id_of("Senior backend"))], "1 vacancy closes."),
        (
            [EditTribe(id=id_of("Creators"), values={"purpose": "Make"})],
            "1 record differs.",
        ),
        (
            [
                EditTribe(id=id_of("Creators"), values={"purpose": "Make"}),
                EditTribe(id=id_of("Platform"), values={"purpose": "Carry"}),
            ],
            "2 records differ.",
        ),
    ],
)
def test_sentences(operations: list[Operation], sentence: str) -> None:
    assert compared(kestrel(), *operations).sentence == sentence


def test_a_closed_squad_opens_again() -> None:
    org = an_org(squad("Studio", closed_on=TODAY))
    found = compared(org, ReopenSquad(id=id_of("Studio")))
    assert found.sentence == "Studio opens again."
    assert found.squads_created == (id_of("Studio"),)


def test_many_squads_are_counted_after_three_names() -> None:
    org = an_org(tribe("Old", *(squad(f"Squad {number:02}") for number in range(12))), tribe("New"))
    moves = [MoveSquad(squad=squad.id, tribe=id_of("New")) for squad in org.squads_of(id_of("Old"))]
    assert compared(org, *moves).sentence == "Squad 00, Squad 01, Squad 02 and 9 more change tribe."


def test_many_merges_are_counted_after_four() -> None:
    numbers = range(7)
    org = an_org(*(squad(f"{name}{number}") for number in numbers for name in "AB"))
    merges = [MergeSquads(squads=(id_of(f"A{number}"),), into=id_of(f"B{number}")) for number in numbers]
    found = compared(org, *merges)
    assert len(found.merges) == 7
    assert found.sentence.count(" merges into ") == 4
    assert found.sentence.endswith(", 3 more merges.")


def test_what_splits_again_is_told_of_the_one_there_was() -> None:
    again = SplitSquad(squad=NEW, id=NEWER, name="Radio", people=(id_of("Wei"),))
    found = compared(kestrel(), split(), again)
    assert found.sentence == "Recommendations splits in three, 3 people change squad."
    assert found.splits == (Split("squad", id_of("Recommendations"), (NEW, NEWER, id_of("Recommendations"))),)


def test_squads_that_split_alike_are_told_together() -> None:
    org = an_org(squad("A", "Ana", "Ben"), squad("B", "Cleo", "Dora"))
    ops = [
        SplitSquad(squad=id_of("A"), id=NEW, name="C", people=(id_of("Ana"),)),
        SplitSquad(squad=id_of("B"), id=NEWER, name="D", people=(id_of("Cleo"),)),
    ]
    assert compared(org, *ops).sentence == "A and B split in two, 2 people change squad."


def test_a_split_that_renames_what_stays_is_one_clause() -> None:
    found = compared(kestrel(), split(stays_as="Home Ranking"))
    assert found.sentence == "Recommendations splits in two, 3 people change squad."
    assert found.squads_renamed == (id_of("Recommendations"),)


def test_a_part_that_closes_again_leaves_no_split() -> None:
    done = compared(
        kestrel(),
        split(),
        move("Recommendations", *RECOMMENDERS[:3]),
        CloseSquad(id=NEW),
    )
    assert done.splits == ()
    assert "splits" not in done.sentence


def test_a_merge_under_another_name_names_both() -> None:
    merge = MergeSquads(squads=(id_of("Offline & Downloads"),), into=id_of("Playback"), name="Player")
    found = compared(kestrel(), merge)
    assert found.sentence == "Offline & Downloads and Playback merge into Player, 2 people change squad."


def test_tribes_merge() -> None:
    found = compared(kestrel(), MergeTribes(tribes=(id_of("Platform"),), into=id_of("Creators")))
    assert found.merges == (Merge("tribe", (id_of("Platform"),), id_of("Creators")),)
    assert found.sentence == (
        "Content Ingestion changes tribe, Data chapter changes tribe, Platform tribe merges into Creators tribe."
    )


def test_an_empty_tribe_closes() -> None:
    assert compared(an_org(tribe("Old")), CloseTribe(id=id_of("Old"))).sentence == "Old tribe closes."


def test_vacancies_by_title() -> None:
    found = compared(
        kestrel(),
        CloseVacancy(vacancy=id_of("Senior backend")),
        OpenVacancy(id=NEW, values={"title": "Designer", "squad": id_of("Studio")}),
    )
    assert found.vacancies == Delta(1, 1, fixed=(id_of("Senior backend"),), new=(NEW,))


def test_two_drafts_are_compared_like_a_draft_with_live() -> None:
    one = carry_out(kestrel(), [move("Studio", "Lars")], on=TODAY).after
    other = carry_out(kestrel(), [move("Playback", "Lars")], on=TODAY).after
    found = compare(one, other, changes.diff(one, other))
    assert found.sentence == "1 person changes squad."
    assert Flow(id_of("Studio"), id_of("Playback"), 1) in found.flows


def test_three_options_side_by_side() -> None:
    options = [
        compared(kestrel(), MOVE_INGESTION),
        compared(kestrel(), split(), MERGE_OFFLINE),
        compared(kestrel()),
    ]
    assert rows_of(options) == (
        Row("People who change squad", (0, 5, 0)),
        Row("People who change tribe", (2, 0, 0)),
        Row("People who change manager", (0, 0, 0)),
        Row("People who join", (0, 0, 0)),
        Row("People who leave", (0, 0, 0)),
        Row("Squads created", (0, 1, 0)),
        Row("Squads closed", (0, 1, 0)),
        Row("Squads that change tribe", (1, 0, 0)),
    )
