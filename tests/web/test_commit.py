"""The door itself: what it refuses, what it logs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from orgmodel.changes import services, store
from orgmodel.changes.models import ChangeSet
from orgmodel.changes.services import Actor, Refused, StaleVersion
from orgmodel.core.changes import Change
from orgmodel.core.operations import ApplyChanges, MovePeople, Operation, RenameSquad
from tests.build import an_org, id_of, needs, save, squad, tribe

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MOVE = MovePeople(people=(id_of("Ana"),), to=id_of("Playback"), source=id_of("Search"))

pytestmark = pytest.mark.django_db


def commit(*operations: Operation, **options: Any) -> ChangeSet:
    defaults = {"actor": Actor("Rikard Nord"), "message": " Closer to home. ", "source": "web", "at": NOW}
    return services.commit(list(operations), **(defaults | options))


def found() -> None:
    save(an_org(tribe("Listening", squad("Search", "Ana", "Ben"), squad("Playback"))), at=NOW)


def test_a_commit_is_logged_with_author_reason_source_and_day() -> None:
    found()
    change_set = commit(MOVE, effective_on=date(2026, 11, 1))
    change_set.refresh_from_db()
    assert (change_set.version, change_set.actor_name, change_set.message) == (
        2,
        "Rikard Nord",
        "Closer to home.",
    )
    assert (change_set.source, change_set.recorded_at, change_set.effective_on) == (
        "web",
        NOW,
        date(2026, 11, 1),
    )
    assert change_set.sentences == ["Move Ana from Search to Playback"]
    assert [(c.kind, c.before, c.after) for c in store.changes_of(change_set)] == [
        (
            "membership",
            {"squad": id_of("Search"), "since": None},
            {"squad": id_of("Playback"), "since": date(2026, 11, 1)},
        )
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"message": "x" * 5001}, "The reason may have 5,000 characters at most."),
        ({"message": "a\x00b"}, "The reason holds characters that cannot be stored."),
        (
            {"effective_on": date(2026, 11, 21)},
            "A day to come cannot be published yet. Keep it in a draft until then.",
        ),
    ],
)
def test_refused(options: dict[str, Any], message: str) -> None:
    found()
    with pytest.raises(Refused) as caught:
        commit(MOVE, **options)
    assert caught.value.message == message
    assert store.head().version == 1


def test_what_changes_nothing_is_refused() -> None:
    found()
    with pytest.raises(Refused) as caught:
        commit(RenameSquad(id=id_of("Search"), name="Find"), RenameSquad(id=id_of("Search"), name="Search"))
    assert caught.value.message == "Nothing would change."


def test_a_version_that_is_no_longer_the_head_is_stale() -> None:
    found()
    commit(MOVE, expected_version=1)
    with pytest.raises(StaleVersion) as caught:
        commit(RenameSquad(id=id_of("Search"), name="Find"), expected_version=1)
    assert (caught.value.expected, caught.value.found) == (1, 2)


def test_two_squads_swap_their_names() -> None:
    found()
    commit(
        RenameSquad(id=id_of("Search"), name="Playing"),
        RenameSquad(id=id_of("Playback"), name="Search"),
        RenameSquad(id=id_of("Search"), name="Playback"),
    )
    tables = store.load(0)
    assert (tables.squads[id_of("Search")].name, tables.squads[id_of("Playback")].name) == (
        "Playback",
        "Search",
    )


def test_a_person_swaps_two_memberships() -> None:
    save(
        an_org(squad("Search", "Ana", shares={"Ana": 60}), squad("Playback", "Ana", shares={"Ana": 40})),
        at=NOW,
    )
    swap = [
        Change("membership", id_of("Ana", one), {"squad": id_of(one)}, {"squad": id_of(other)})
        for one, other in (("Search", "Playback"), ("Playback", "Search"))
    ]
    commit(ApplyChanges(title="Swap", changes=tuple(swap)))
    tables = store.load(0)
    assert {tables.squads[m.squad].name: m.share for m in tables.memberships_of(id_of("Ana"))} == {
        "Search": 40,
        "Playback": 60,
    }


def test_dependencies_trade_their_places() -> None:
    start = an_org(
        squad("Search"),
        squad("Playback"),
        squad("Ads"),
        needs("Search", "Ads", level="blocking"),
        needs("Playback", "Ads"),
        needs("Ads", "Search"),
    )
    save(start, at=NOW)
    steps = (("Search", "Playback"), ("Playback", "Search"))
    traded = [
        Change("dependency", id_of(one, "Ads"), {"squad": id_of(one)}, {"squad": id_of(other)})
        for one, other in steps
    ]
    follows = Change(
        "dependency",
        id_of("Ads", "Search"),
        {"squad": id_of("Ads"), "needs": id_of("Search")},
        {"squad": id_of("Search"), "needs": id_of("Playback")},
    )
    commit(ApplyChanges(title="Trade", changes=(*traded, follows)))
    tables = store.load(0)
    names = {d.level: tables.squads[d.squad].name for d in tables.needed_by(id_of("Ads"))}
    assert names == {"blocking": "Playback", "slowing": "Search"}
    assert [d.id for d in tables.needed_by(id_of("Playback"))] == [id_of("Ads", "Search")]


def test_rows_follow_the_log_also_in_a_process_that_was_behind() -> None:
    found()
    behind = services.current()
    commit(MOVE)
    store._keep(ChangeSet.objects.get(version=1).pk, behind)
    assert services.current().memberships[id_of("Ana", "Search")].squad == id_of("Playback")
