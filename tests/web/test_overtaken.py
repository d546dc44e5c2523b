"""Why a change of a draft no longer fits: in words, with names and the day from the log."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from orgmodel.changes import services
from orgmodel.changes.models import ChangeSet
from orgmodel.changes.overtaken import reasons
from orgmodel.core.operations import (
    CloseSquad,
    EditPerson,
    HirePerson,
    JoinSquad,
    LeaveSquad,
    MovePeople,
    OffboardPerson,
    Operation,
    RemoveRole,
    SetShare,
    SetSquadLead,
)
from orgmodel.core.replay import replay
from tests.build import an_org, id_of, role, save, squad, tribe

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _org() -> None:
    parts = (squad("Ads", "Lim Hui", "Ben"), squad("Search", "Cleo"), squad("Empty"))
    save(an_org(role("Scribe"), tribe("Listen", *parts)), at=datetime(2026, 1, 7, tzinfo=UTC))


AT = datetime(2026, 11, 19, tzinfo=UTC)
VICTORIA = services.Actor("Victoria Lane")


def live(*operations: Operation, on: date = date(2026, 5, 3)) -> ChangeSet:
    return services.commit(
        operations, actor=VICTORIA, message="It was so.", source="web", at=AT, effective_on=on
    )


def reason(operation: Operation) -> str:
    done = replay(services.current(), [operation], on=TODAY)
    [found] = reasons(done.misfits, done.after, TODAY)
    return found


def move(*people: str, to: str = "Empty") -> MovePeople:
    return MovePeople(people=tuple(id_of(p) for p in people), to=id_of(to), source=id_of("Ads"))


def test_someone_who_moved_on_has_left_on_a_day() -> None:
    live(MovePeople(people=(id_of("Lim Hui"),), to=id_of("Search")))

    assert reason(move("Lim Hui")) == (
        "Lim Hui left Ads on 3 May and is in Search now; this draft moves them from Ads."
    )


def test_someone_in_no_squad_any_more_just_left() -> None:
    live(LeaveSquad(person=id_of("Lim Hui"), squad=id_of("Ads")), on=date(2025, 12, 31))

    assert reason(move("Lim Hui")) == "Lim Hui left Ads on 31 December 2025; this draft moves them from Ads."


def test_several_who_left_are_told_one_by_one() -> None:
    live(MovePeople(people=(id_of("Lim Hui"),), to=id_of("Search")))
    live(MovePeople(people=(id_of("Ben"),), to=id_of("Search")), on=date(2026, 6, 1))

    assert reason(move("Lim Hui", "Ben")) == (
        "Lim Hui left Ads on 3 May and is in Search now and Ben left Ads on 1 June and is in Search now;"
        " this draft moves them from Ads."
    )


def test_the_last_time_that_someone_left_counts() -> None:
    for number, to in enumerate(("Search", "Ads", "Search"), start=1):
        live(MovePeople(people=(id_of("Lim Hui"),), to=id_of(to)), on=date(2026, 5, number))

    assert reason(move("Lim Hui")).startswith("Lim Hui left Ads on 3 May and")


@pytest.mark.parametrize(
    ("happened", "planned", "words"),
    [
        (
            LeaveSquad(person=id_of("Lim Hui"), squad=id_of("Ads")),
            SetShare(person=id_of("Lim Hui"), squad=id_of("Ads"), share=50),
            "Lim Hui left Ads on 3 May.",
        ),
        (
            LeaveSquad(person=id_of("Lim Hui"), squad=id_of("Ads")),
            SetSquadLead(squad=id_of("Ads"), role=id_of("Scribe"), person=id_of("Lim Hui")),
            "Lim Hui left Ads on 3 May. Add them to the squad first.",
        ),
        (
            CloseSquad(id=id_of("Empty")),
            MovePeople(people=(id_of("Ben"),), to=id_of("Empty")),
            "Empty closed on 3 May.",
        ),
        (
            OffboardPerson(person=id_of("Ben")),
            JoinSquad(id=id_of("new"), person=id_of("Ben"), squad=id_of("Search")),
            "Ben left on 3 May.",
        ),
        (
            RemoveRole(id=id_of("Scribe")),
            SetSquadLead(squad=id_of("Ads"), role=id_of("Scribe"), person=id_of("Ben")),
            "The role Scribe was removed on 3 May.",
        ),
        (
            EditPerson(id=id_of("Ben"), values={"level": "I4"}),
            EditPerson(id=id_of("Ben"), values={"level": "I3"}, seen={"level": ""}),
            "Victoria Lane changed the level of Ben on 3 May: it was empty, it is I4 now.",
        ),
    ],
)
def test_the_day_is_told_where_the_log_knows_it(happened: Operation, planned: Operation, words: str) -> None:
    live(happened)

    assert reason(planned) == words


def test_of_two_who_were_removed_the_one_in_the_way_is_named() -> None:
    hired = live(*(HirePerson(id=id_of(name), values={"name": name}) for name in ("Zoe", "Yan")))
    services.undo(hired, actor=VICTORIA, message="", at=AT)

    both = MovePeople(people=(id_of("Zoe"), id_of("Yan")), to=id_of("Empty"))
    assert reason(both) == "The person Zoe was removed on 19 November."


def test_what_the_log_knows_nothing_of_is_said_as_ever() -> None:
    stranger = JoinSquad(id=id_of("new"), person=id_of("Nobody"), squad=id_of("Search"))

    assert reason(stranger) == "There is no such person."
    assert reason(MovePeople(people=(id_of("Cleo"),), to=id_of("Search"))) == "Cleo is in Search already."


def test_the_log_is_asked_once_for_all(django_assert_num_queries: Any) -> None:
    live(MovePeople(people=(id_of("Lim Hui"), id_of("Ben")), to=id_of("Search")))
    done = replay(services.current(), [move("Lim Hui"), move("Ben")] * 10, on=TODAY)

    with django_assert_num_queries(
        4
    ):  # mentions of people, of squads, their change sets; memberships in conflict
        assert len(reasons(done.misfits, done.after, TODAY)) == 20
