"""What splits, merges and rotations are called: in a draft's one line, and as facts of a change set."""

from __future__ import annotations

from datetime import date

import pytest

from orgmodel.changes.queries import in_one_line
from orgmodel.changes.wording import Fact, facts
from orgmodel.core.operations import MergeSquads, SplitSquad
from orgmodel.core.operations.lineage import lineage_id
from orgmodel.core.replay import carry_out
from tests.build import an_org, id_of, squad

DAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("operations", "line"),
    [
        ([], "Nothing changed yet"),
        ([("SplitSquad", 6)], "1 split"),
        (
            [("MovePeople", 7), ("MergeSquads", 0), ("SplitSquad", 6), ("FormSquad", 5)],
            "7 moves, 1 merge, 1 split, 1 new squad",
        ),
        ([("SplitSquad", 2), ("SplitTribe", 0), ("MergeTribes", 0)], "2 splits, 1 merge"),
        ([("RotatePeople", 2), ("RotatePeople", 3), ("CreateSquad", 0)], "2 rotations, 1 new squad"),
        ([("MoveChapter", 0)], "1 chapter to another tribe"),
        ([("MoveSquad", 0), ("MoveSquad", 0)], "2 squads to other tribes"),
        ([("MergeChapters", 0), ("MergeChapters", 0)], "2 merges"),
        ([("CloseSquad", 0)], "1 closed squad"),
    ],
)
def test_a_draft_in_one_line(operations: list[tuple[str, int]], line: str) -> None:
    assert in_one_line(operations) == line


def test_a_line_between_units_in_words() -> None:
    org = an_org(squad("Search", "Ana", "Ben"), squad("Radio", "Cleo"))
    split = SplitSquad(squad=id_of("Search"), id=id_of("Rank"), name="Ranking", people=(id_of("Ben"),))
    merge = MergeSquads(squads=(id_of("Radio"),), into=id_of("Search"))
    done = carry_out(org, [split, merge], on=DAY)
    told = [f for f in facts(done.changes, done.before, done.after) if f.kind == "squad_lineage"]
    one = lineage_id(id_of("Search"), id_of("Rank"), DAY)
    other = lineage_id(id_of("Radio"), id_of("Search"), DAY)
    assert sorted(told, key=lambda fact: (fact.subject, fact.field)) == [
        Fact("squad_lineage", one, "Ranking from Search", "", "", "new"),
        Fact("squad_lineage", one, "Ranking from Search", "on", "", "1 December 2026"),
        Fact("squad_lineage", other, "Search from Radio", "", "", "new"),
        Fact("squad_lineage", other, "Search from Radio", "how", "", "Merge"),
        Fact("squad_lineage", other, "Search from Radio", "on", "", "1 December 2026"),
    ]
