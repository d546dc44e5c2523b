"""One tribe as an organization of its own."""

from __future__ import annotations

from datetime import date

import pytest

from orgmodel.core.operations import EditPerson, MovePeople, OffboardPerson, RenameSquad
from orgmodel.core.operations.base import Refused
from orgmodel.core.org import Org
from orgmodel.core.part import BLOCKED, OUTSIDE, carry_out_in_part, part_of_org
from orgmodel.core.rules.integrity import new_problems
from tests.build import an_org, guild, id_of, mission, needs, person, role, squad, tribe, waiver

DAY = date(2026, 11, 21)


@pytest.fixture
def org() -> Org:
    return an_org(
        role("Engineer"),
        mission("Everything"),
        mission("Pay anywhere", parent="Everything"),
        person("Ana", manager="Zoe"),
        person("New", manager="Ana"),
        tribe(
            "Payments",
            squad("Phoenix", "Ana", "Ben", mission="Pay anywhere"),
            squad("Comet", "Cleo"),
            lead="Ana",
        ),
        tribe("Search", squad("Index", "Zoe", "Ben")),
        guild("Testing", "Ana", "Zoe", coordinator="Zoe"),
        needs("Phoenix", "Comet"),
        needs("Phoenix", "Index"),
        waiver(f"SQ-01:squad:{id_of('Phoenix')}", reason="It splits."),
        waiver(f"SQ-01:squad:{id_of('Index')}", reason="It grows."),
    )


def test_it_holds_the_tribe_and_what_belongs_to_it(org: Org) -> None:
    part = part_of_org(org, id_of("Payments"))
    names = {kind: sorted(r.name for r in part.table(kind).values()) for kind in ("person", "squad", "tribe")}  # type: ignore[attr-defined]
    assert names == {
        "person": ["Ana", "Ben", "Cleo", "New"],
        "squad": ["Comet", "Phoenix"],
        "tribe": ["Payments"],
    }
    counts = [
        part.count(kind) for kind in ("membership", "dependency", "guild_member", "mission", "role", "waiver")
    ]
    assert counts == [3, 1, 1, 1, 1, 1]
    assert part.people[id_of("Ana")].manager is None
    assert part.get("guild", id_of("Testing")).coordinator is None  # type: ignore[union-attr]
    assert part.get("mission", id_of("Pay anywhere")).parent is None  # type: ignore[union-attr]
    assert new_problems(part, Org.empty()) == []
    assert part_of_org(org, id_of("Payments")) is part


def test_its_own_may_change(org: Org) -> None:
    operations = [
        RenameSquad(id=id_of("Comet"), name="Meteor"),
        MovePeople(people=(id_of("Cleo"),), to=id_of("Phoenix")),
        EditPerson(id=id_of("Ana"), values={"title": "Head"}),
    ]
    done = carry_out_in_part(org, operations, on=DAY, tribe=id_of("Payments"))
    assert len(done.steps) == 3
    assert done.after.people[id_of("Ana")].manager == id_of("Zoe")


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (EditPerson(id=id_of("Ben"), values={"title": "Head"}), OUTSIDE),  # in a squad of Search as well
        (OffboardPerson(person=id_of("Ben")), OUTSIDE),
        (RenameSquad(id=id_of("Index"), name="Ours"), "There is no such squad."),
        (MovePeople(people=(id_of("Cleo"),), to=id_of("Index")), None),
    ],
)
def test_what_is_outside_does_not_change(org: Org, operation: object, words: str | None) -> None:
    with pytest.raises(Refused) as refusal:
        carry_out_in_part(org, [operation], on=DAY, tribe=id_of("Payments"))  # type: ignore[list-item]
    assert words is None or refusal.value.message == words
    assert "Index" not in refusal.value.message
    assert "Search" not in refusal.value.message


def test_what_stands_in_the_way_outside_is_not_named(org: Org) -> None:
    taken = org.edit(org.people[id_of("Zoe")], external_ids=(("hris", "1"),))
    operation = EditPerson(id=id_of("Ana"), values={"external_ids": (("hris", "1"),)})
    with pytest.raises(Refused) as refusal:
        carry_out_in_part(taken, [operation], on=DAY, tribe=id_of("Payments"))
    assert refusal.value.message == BLOCKED


def test_everyone_else_is_not_limited(org: Org) -> None:
    done = carry_out_in_part(org, [RenameSquad(id=id_of("Index"), name="Indexing")], on=DAY, tribe=None)
    assert len(done.changes) == 1
