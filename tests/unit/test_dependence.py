"""What falls with a step of a draft, and what must come along with it."""

from datetime import date

import pytest

from orgmodel.core.dependence import Inseparable, dependents, needed_by
from orgmodel.core.operations import Operation
from orgmodel.core.operations.memberships import MovePeople, SetShare
from orgmodel.core.operations.merges import MergeSquads
from orgmodel.core.operations.people import EditPerson, HirePerson
from orgmodel.core.operations.squads import CloseSquad, CreateSquad, RenameSquad, ReopenSquad
from orgmodel.core.replay import Replay, replay
from tests.build import an_org, id_of, squad

TODAY = date(2026, 11, 20)
ORG = an_org(squad("Search", "Ana", "Ben"), squad("Ads", "Cleo"), squad("Old", closed_on=date(2026, 1, 1)))


def draft(*operations: Operation) -> Replay:
    return replay(ORG, operations, on=TODAY)


def move(who: str, to: str) -> MovePeople:
    return MovePeople(people=(id_of(who),), to=id_of(to))


def create(name: str) -> CreateSquad:
    return CreateSquad(id=id_of(name), values={"name": name})


def close(name: str) -> CloseSquad:
    return CloseSquad(id=id_of(name))


def share(who: str, where: str, percent: int) -> SetShare:
    return SetShare(person=id_of(who), squad=id_of(where), share=percent)


def test_who_goes_to_a_new_squad_depends_on_it() -> None:
    whole = draft(create("Video"), move("Ana", "Video"), move("Ben", "Ads"))
    assert dependents(whole, [0]) == (1,)
    assert needed_by(whole, [1]) == (0,)
    assert dependents(whole, [1]) == needed_by(whole, [2]) == ()


def test_what_depends_on_a_dependent_falls_too() -> None:
    whole = draft(create("Video"), move("Ana", "Video"), share("Ana", "Video", 50))
    assert dependents(whole, [0]) == (1, 2)
    assert needed_by(whole, [2]) == (0, 1)
    assert needed_by(whole, [0, 2]) == (1,)


def test_closing_needs_everybody_gone() -> None:
    whole = draft(move("Ana", "Ads"), move("Cleo", "Search"), move("Ana", "Search"), move("Cleo", "Ads"))
    assert dependents(whole, [0]) == (2,)
    whole = draft(move("Cleo", "Search"), share("Ben", "Search", 50), close("Ads"))
    assert dependents(whole, [0]) == (2,)
    assert needed_by(whole, [2]) == (0,)


def test_a_second_move_does_not_depend_on_the_first_but_cannot_come_before_it() -> None:
    whole = draft(create("Video"), move("Ana", "Ads"), move("Ana", "Video"))
    assert dependents(whole, [1]) == ()
    assert needed_by(whole, [2]) == (0, 1)


def test_who_goes_to_a_squad_that_reopens_needs_it_open() -> None:
    whole = draft(ReopenSquad(id=id_of("Old")), move("Ana", "Old"))
    assert needed_by(whole, [1]) == (0,)


def test_a_name_must_be_free_before_it_is_taken() -> None:
    a_search = CreateSquad(id=id_of("Another"), values={"name": "Search"})
    whole = draft(move("Ana", "Ads"), RenameSquad(id=id_of("Search"), name="Find"), a_search)
    assert needed_by(whole, [2]) == (1,)


def test_a_merge_takes_along_what_was_done_to_its_people_before() -> None:
    merge = MergeSquads(squads=(id_of("Ads"),), into=id_of("Search"))
    whole = draft(share("Ana", "Search", 50), share("Cleo", "Ads", 50), create("Video"), merge)
    assert needed_by(whole, [3]) == (1,)
    assert dependents(whole, [1]) == ()


def test_another_field_of_the_same_record_is_not_needed() -> None:
    whole = draft(
        EditPerson(id=id_of("Ana"), values={"level": "3"}),
        EditPerson(id=id_of("Ana"), values={"title": "Dr"}),
    )
    assert needed_by(whole, [1]) == dependents(whole, [0]) == ()


def test_what_does_not_fit_depends_on_nothing_and_goes_nowhere() -> None:
    whole = draft(close("Search"), move("Ana", "Ads"), move("Ben", "Ads"))
    assert dependents(whole, [1]) == ()
    assert needed_by(whole, [1, 2]) == ()
    with pytest.raises(Inseparable) as refusal:
        needed_by(whole, [0, 1])
    assert refusal.value.sentences == ("Close squad Search",)


def test_choosing_nothing_or_everything_needs_nothing() -> None:
    whole = draft(create("Video"), move("Ana", "Video"))
    assert needed_by(whole, []) == needed_by(whole, [0, 1]) == dependents(whole, []) == ()


def test_in_a_long_draft_only_what_hangs_together_comes_along() -> None:
    people = [f"P{number}" for number in range(120)]
    hires = [HirePerson(id=id_of(name), values={"name": name}) for name in people]
    whole = draft(*hires, *(EditPerson(id=id_of(name), values={"level": "3"}) for name in people))
    assert needed_by(whole, range(120, 180)) == tuple(range(60))
    assert dependents(whole, range(60)) == tuple(range(120, 180))
