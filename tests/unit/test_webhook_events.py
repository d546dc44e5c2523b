"""Which events a change is told as: one test for each thing that can happen."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from orgmodel.core import changes
from orgmodel.core.operations import (
    AssignCoach,
    CloseSquad,
    CloseVacancy,
    CreateGuild,
    EditPerson,
    FillVacancy,
    HirePerson,
    JoinGuild,
    JoinSquad,
    MergeSquads,
    MovePeople,
    MoveSquad,
    OffboardPerson,
    Operation,
    ReinstatePerson,
    RemoveRole,
    RenameSquad,
    ReopenSquad,
    ReopenVacancy,
    SetShare,
    SetSkills,
    SplitSquad,
)
from orgmodel.core.org import Org
from orgmodel.webhooks.events import TYPES, Event, change_set_events, events_of, is_pattern, is_wanted
from tests.build import an_org, chapter, guild, id_of, person, role, squad, tribe, vacancy

TODAY = date(2026, 11, 20)


@pytest.fixture
def org() -> Org:
    return an_org(
        role("Engineer"),
        person("Dora", status="left"),
        tribe(
            "Payments",
            squad("Phoenix", "Ana", "Ben", "Eve"),
            squad("Comet", "Cleo"),
            chapter("Backend", "Ana"),
        ),
        tribe("Search"),
        guild("Testing"),
        vacancy("Data engineer", squad="Phoenix"),
    )


def told(org: Org, *operations: Operation) -> list[tuple[str, str | None, dict[str, list[str]]]]:
    """Return the events of operations: type, key, and the keys of others that they name."""
    after = org
    for operation in operations:
        after = operation.apply(after)
    found = events_of(changes.diff(org, after), org, after)
    return [
        (e.type, e.key, {name: [o["key"] for o in others] for name, others in e.more.items()}) for e in found
    ]


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (
            HirePerson(id=id_of("Finn"), values={"name": "Finn"}),
            [("person.created", "finn", {})],
        ),
        (
            EditPerson(id=id_of("Ana"), values={"title": "Head"}),
            [("person.updated", "ana", {})],
        ),
        (
            MovePeople(people=(id_of("Ana"),), to=id_of("Comet"), source=id_of("Phoenix")),
            [("person.moved", "ana", {"squads": ["phoenix", "comet"]})],
        ),
        (
            SetShare(person=id_of("Ana"), squad=id_of("Phoenix"), share=50),
            [("person.updated", "ana", {"squads": ["phoenix"]})],
        ),
        (
            OffboardPerson(person=id_of("Ana")),
            [("person.left", "ana", {"squads": ["phoenix"], "chapters": ["backend"]})],
        ),
        (
            ReinstatePerson(person=id_of("Dora")),
            [("person.returned", "dora", {})],
        ),
        (
            JoinGuild(people=(id_of("Ana"),), guild=id_of("Testing")),
            [("person.updated", "ana", {"guilds": ["testing"]})],
        ),
        (
            SetSkills(person=id_of("Ana"), skills=(("Go", "expert"),)),
            [("person.updated", "ana", {})],
        ),
        (
            RenameSquad(id=id_of("Comet"), name="Meteor"),
            [("squad.updated", "comet", {})],
        ),
        (
            MoveSquad(squad=id_of("Comet"), tribe=id_of("Search")),
            [("squad.moved", "comet", {})],
        ),
        (
            AssignCoach(person=id_of("Ana"), squad=id_of("Comet")),
            [("squad.updated", "comet", {})],
        ),
        (
            CloseSquad(id=id_of("Comet"), on=TODAY, to=id_of("Phoenix")),
            [
                ("person.moved", "cleo", {"squads": ["comet", "phoenix"]}),
                ("squad.merged", "comet", {"squads": ["phoenix"]}),
                ("squad.closed", "comet", {}),
            ],
        ),
        (
            SplitSquad(
                squad=id_of("Phoenix"), id=id_of("Kite"), name="Kite", people=(id_of("Eve"),), on=TODAY
            ),
            [
                ("squad.created", "kite", {}),
                ("person.moved", "eve", {"squads": ["phoenix", "kite"]}),
                ("squad.split", "phoenix", {"squads": ["kite"]}),
            ],
        ),
        (
            MergeSquads(squads=(id_of("Comet"),), into=id_of("Phoenix"), on=TODAY),
            [
                ("squad.merged", "comet", {"squads": ["phoenix"]}),
                ("squad.closed", "comet", {}),
                ("person.moved", "cleo", {"squads": ["comet", "phoenix"]}),
            ],
        ),
        (
            CreateGuild(id=id_of("Web"), values={"name": "Web"}),
            [("guild.created", "web", {})],
        ),
        (
            FillVacancy(id=id_of("Seat"), vacancy=id_of("Data engineer"), person=id_of("Cleo")),
            [
                ("person.moved", "cleo", {"squads": ["phoenix"]}),
                ("vacancy.filled", "data-engineer", {}),
            ],
        ),
        (
            CloseVacancy(vacancy=id_of("Data engineer")),
            [("vacancy.closed", "data-engineer", {})],
        ),
        (
            RemoveRole(id=id_of("Engineer")),
            [("role.removed", "engineer", {})],
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Operation) else "",
)
def test_what_an_operation_is_told_as(org: Org, operation: Operation, expected: Any) -> None:
    assert sorted(told(org, operation)) == sorted(expected)


def test_what_was_closed_is_open_again(org: Org) -> None:
    closed = CloseSquad(id=id_of("Comet"), on=TODAY, to=id_of("Phoenix")).apply(org)
    assert told(closed, ReopenSquad(id=id_of("Comet"))) == [("squad.reopened", "comet", {})]
    cancelled = CloseVacancy(vacancy=id_of("Data engineer")).apply(org)
    reopened = [("vacancy.reopened", "data-engineer", {})]
    assert told(cancelled, ReopenVacancy(vacancy=id_of("Data engineer"))) == reopened


def test_who_comes_with_a_squad_is_created_there_and_not_moved_as_well(org: Org) -> None:
    hired = HirePerson(id=id_of("Finn"), values={"name": "Finn"})
    joins = JoinSquad(id=id_of("Seat"), person=id_of("Finn"), squad=id_of("Comet"))
    assert told(org, hired, joins) == [("person.created", "finn", {"squads": ["comet"]})]


def test_somebody_may_be_moved_and_be_different(org: Org) -> None:
    moved = MovePeople(people=(id_of("Ana"),), to=id_of("Comet"), source=id_of("Phoenix"))
    edited = EditPerson(id=id_of("Ana"), values={"title": "Head"})
    assert [type_ for type_, _, _ in told(org, moved, edited)] == ["person.moved", "person.updated"]


def test_undoing_a_split_tells_of_both_squads(org: Org) -> None:
    operation = SplitSquad(
        squad=id_of("Phoenix"), id=id_of("Kite"), name="Kite", people=(id_of("Eve"),), on=TODAY
    )
    split = operation.apply(org)
    back = events_of(changes.invert(changes.diff(org, split)), split, org)
    assert sorted((event.type, event.key) for event in back) == [
        ("person.moved", "eve"),
        ("squad.removed", "kite"),
        ("squad.updated", "phoenix"),
    ]


def test_every_record_is_told_once_whatever_the_order(org: Org) -> None:
    everything = changes.diff(Org.empty(), org)
    found = events_of(everything, Org.empty(), org)
    assert len({event.subject for event in found}) == len(found)
    assert {event.type.partition(".")[2] for event in found} == {"created"}


def test_what_a_change_set_is() -> None:
    found = change_set_events("c2", 2, ("c1", 1), ("d1", "big-plan"))
    assert [(e.type, e.subject, e.key, dict(e.more)) for e in found] == [
        ("change_set.recorded", "change_set:c2", None, {}),
        ("change_set.undone", "change_set:c1", None, {"undone": 1}),
        ("draft.published", "draft:d1", "big-plan", {}),
    ]


def test_what_is_sent_is_thin() -> None:
    at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    event = Event("squad.updated", "squad", "s1", "phoenix")
    assert event.body(at=at, version=7, effective_on=TODAY) == {
        "type": "squad.updated",
        "timestamp": at,
        "data": {"kind": "squad", "id": "s1", "key": "phoenix", "version": 7, "effective_on": TODAY},
    }


@pytest.mark.parametrize("pattern", ["*", "person.*", "*.closed", "squad.split", "change_set.undone"])
def test_patterns(pattern: str) -> None:
    assert is_pattern(pattern)
    assert any(is_wanted(type_, [pattern]) for type_ in TYPES)


@pytest.mark.parametrize(
    "pattern", ["", "person", "person.", "person.danced", "p*.moved", "person.[ml]*", "a.b.c"]
)
def test_no_patterns(pattern: str) -> None:
    assert not is_pattern(pattern)


def test_every_type_that_can_be_told_is_listed(org: Org) -> None:
    assert TYPES["person.moved"] == "A person joined or left squads, which the event names."
    assert TYPES["squad.split"] == "Part of a squad goes on as another, which the event names."
    assert "guild.moved" not in TYPES
    assert all(type_.count(".") == 1 and about.endswith((".", "to.")) for type_, about in TYPES.items())
