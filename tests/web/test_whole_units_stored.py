"""Splits, merges and handovers in the tables: written as planned, and taken back to the last id."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from orgmodel.changes import services, store
from orgmodel.core import changes
from orgmodel.core.operations import (
    CloseSquad,
    CloseTribe,
    FormSquad,
    MergeChapters,
    MergeSquads,
    MergeTribes,
    Operation,
    RotatePeople,
    SplitSquad,
    SplitTribe,
)
from orgmodel.core.replay import carry_out
from tests.build import id_of, save
from tests.unit.test_whole_unit_operations import NEW, ids, streaming

AT = datetime(2026, 12, 2, tzinfo=UTC)
ACTOR = services.Actor("Ana")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "operation",
    [
        SplitSquad(
            squad=id_of("Recommendations"),
            id=NEW,
            name="Recommendations",  # which the rest gives away in the same step
            people=ids("Ana", "Ben"),
            stays_as="Home Ranking",
            product_owner=id_of("Ben"),
            vacancies=ids("Ranker"),
        ),
        MergeSquads(squads=ids("Offline"), into=id_of("Playback"), name="Offline"),
        MergeSquads(squads=ids("Offline", "Playback"), into=id_of("Recommendations")),
        CloseSquad(id=id_of("Offline"), to=id_of("Playback")),
        FormSquad(id=NEW, name="Radio", people=ids("Ana", "Gil", "Joe"), tribe=id_of("Listening")),
        RotatePeople(people=ids("Ben", "Fay", "Ivo")),
        SplitTribe(tribe=id_of("Listening"), id=NEW, name="Away", squads=ids("Offline")),
        MergeTribes(tribes=ids("Listening"), into=id_of("Personal"), name="Listening"),
        CloseTribe(id=id_of("Listening"), to=id_of("Personal")),
        MergeChapters(chapters=ids("Player"), into=id_of("Backend"), name="Player"),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_written_as_planned_and_taken_back_to_the_last_id(operation: Operation) -> None:
    org = streaming()
    save(org, at=AT)
    done = services.commit([operation], actor=ACTOR, message="", source="web", at=AT)
    assert done.sentences == [operation.describe(org)]
    assert changes.diff(store.load(0), carry_out(org, [operation], on=AT.date()).after) == []
    undo = services.undo(done, actor=ACTOR, message="", at=AT)
    assert changes.diff(store.load(0), org) == []
    services.undo(undo, actor=ACTOR, message="", at=AT)
    assert changes.diff(store.load(0), carry_out(org, [operation], on=AT.date()).after) == []
