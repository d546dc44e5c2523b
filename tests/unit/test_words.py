"""What splits, merges and rotations are called, in a draft's one line and as facts; what findings measure."""

from __future__ import annotations

from datetime import date

import pytest

from orgmodel.changes.queries import in_one_line
from orgmodel.changes.wording import Fact, facts
from orgmodel.core.operations import MergeSquads, SplitSquad
from orgmodel.core.operations.lineage import lineage_id
from orgmodel.core.replay import carry_out
from orgmodel.findings.wording import measure_of
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
        Fact("squad_lineage", one, "Ranking from Search", "day", "", "1 December 2026"),
        Fact("squad_lineage", other, "Search from Radio", "", "", "new"),
        Fact("squad_lineage", other, "Search from Radio", "day", "", "1 December 2026"),
        Fact("squad_lineage", other, "Search from Radio", "how", "", "Merge"),
    ]


@pytest.mark.parametrize(
    ("code", "value", "threshold", "words"),
    [
        ("SQ-01", 12, 9, "12 people, limit 9"),
        ("SQ-02", 3, 4, "3 people, needs 4"),
        ("SQ-03", 0, 1, "none, needs 1"),
        ("SQ-06a", 1, 3, "1 craft, needs 3"),
        ("SQ-07", 3, 3, "3 managers, told from 3"),
        ("SQ-08", 0.5, 2, "0.5 hours, needs 2"),
        ("PE-03", 130, 120, "130 %, limit 120"),
        ("DE-01", 48, 30, "48 days, limit 30"),
        ("DE-01", 18, 30, "18 days"),
        ("DE-03", 2, 0, "2 squads"),
        ("RO-03a", 25, 30, "25 days"),
        ("CH-06", 0, 1, ""),
    ],
)
def test_a_value_is_told_with_what_it_counts_and_what_it_is_held_against(
    code: str, value: float, threshold: float, words: str
) -> None:
    assert measure_of(code, value, threshold) == words
