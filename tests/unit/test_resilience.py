"""What hangs on single people."""

from __future__ import annotations

from orgmodel.core.org import Org
from orgmodel.core.resilience import Loss, losses, single_points
from tests.build import an_org, chapter, id_of, person, skills, squad, system, tribe


def org() -> Org:
    return an_org(
        person("Ana", craft="Backend", level="I3"),
        person("Ben", craft="Backend", level="I3"),
        person("Cid", craft="Design", level="I3"),
        skills("Ana", Kafka="expert"),
        skills("Ben", Kafka="learning"),
        tribe(
            "T", squad("Core", "Ana", "Ben", "Cid"), chapter("Backend", "Ana", "Ben"), squad("Solo", "Zoe")
        ),
        system("ledger", {"Ana": "both"}, squad="Core"),
        system("wiki", {"Ana": "both", "Ben": "both"}, squad="Core"),
        system("elsewhere", {"Cid": "both"}, squad="Solo"),
    )


def told(found: list[Loss]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(loss.what, loss.name, loss.people) for loss in found]


def test_one_person_takes_along_what_only_they_have() -> None:
    assert told(losses(org(), [id_of("Ana")])) == [
        ("system", "ledger", (id_of("Ana"),)),
        ("skill", "Kafka", (id_of("Ana"),)),
    ]


def test_several_take_along_what_they_share() -> None:
    found = losses(org(), [id_of("Ana"), id_of("Ben")])
    both = tuple(sorted([id_of("Ana"), id_of("Ben")]))
    assert ("system", "wiki", both) in told(found)
    assert ("craft", "Backend", both) in told(found)
    assert ("chapter", "Backend", both) in told(found)
    assert "level" not in {loss.what for loss in found}


def test_a_system_of_another_squad_is_lost_there() -> None:
    found = losses(org(), [id_of("Cid")])
    assert [(loss.name, loss.squad) for loss in found] == [
        ("elsewhere", id_of("Solo")),
        ("Design", id_of("Core")),
    ]


def test_nobody_away_loses_nothing() -> None:
    assert losses(org(), []) == []


def test_every_single_point_is_listed_and_squads_of_one_are_not() -> None:
    assert told(single_points(org())) == [
        ("system", "ledger", (id_of("Ana"),)),
        ("system", "elsewhere", (id_of("Cid"),)),
        ("skill", "Kafka", (id_of("Ana"),)),
        ("craft", "Design", (id_of("Cid"),)),
    ]
