"""Who waits for whom: the order of a list, and the matrix of squads and of tribes."""

from __future__ import annotations

from datetime import date
from typing import Any

from orgmodel.core.operations import CloseSquad, RecordDependency, SolveDependency
from orgmodel.core.replay import carry_out
from squads.dependencies import LARGEST, Matrix, matrix_of, needs_in, worst_first
from tests.build import an_org, id_of, needs, squad, tribe

TODAY = date(2026, 11, 20)


def org() -> Any:
    return an_org(
        tribe("Payments", squad("Phoenix"), squad("Hydra")),
        tribe("Search", squad("Index"), squad("Ranking")),
        squad("Scouts"),
        needs("Phoenix", "Hydra", level="slowing", since=date(2026, 11, 10)),
        needs("Phoenix", "Index", level="blocking", since=date(2026, 11, 19)),
        needs("Ranking", "Index", level="none"),
        needs("Scouts", "Index", level="blocking", since=date(2026, 10, 21)),
        needs("Hydra", "Scouts", since=date(2026, 12, 1)),
    )


def in_order(organization: Any, before: Any = None) -> list[Any]:
    return worst_first(needs_in(organization, lambda read: read.dependencies.values(), TODAY, before))


def drawn(matrix: Matrix | None) -> list[tuple[str, list[str]]]:
    """Return the rows of a matrix as they read."""
    assert matrix is not None
    return [
        (
            line.unit.name,
            [", ".join(count.words for count in cell.counts) if cell else "" for cell in line.cells],
        )
        for band in matrix.rows
        for line in band.lines
    ]


def test_what_blocks_comes_first_and_of_that_the_oldest() -> None:
    told = [(n.squad.name, n.verb, n.needs.name, n.days, n.crosses) for n in in_order(org())]
    assert told == [
        ("Scouts", "blocks", "Index", 30, True),
        ("Phoenix", "blocks", "Index", 1, True),
        ("Phoenix", "slows", "Hydra", 10, False),
        ("Hydra", "slows", "Scouts", None, True),  # it begins in December
        ("Ranking", "needs", "Index", None, False),
    ]


def test_squads_stand_by_tribe_and_those_without_one_last() -> None:
    matrix = matrix_of(in_order(org()))
    assert matrix is not None
    columns = [
        (band.tribe and band.tribe.name, [(line.unit.name, line.total) for line in band.lines])
        for band in matrix.columns
    ]
    assert columns == [("Payments", [("Hydra", 1)]), ("Search", [("Index", 3)]), (None, [("Scouts", 1)])]
    assert (matrix.of, matrix.width) == ("squad", 3)
    assert drawn(matrix) == [
        ("Hydra", ["", "", "1 slows"]),
        ("Phoenix", ["1 slows", "1 blocks", ""]),
        ("Ranking", ["", "1 needs", ""]),
        ("Scouts", ["", "1 blocks", ""]),
    ]


def test_a_cell_across_tribes_says_so() -> None:
    matrix = matrix_of(in_order(org()))
    assert matrix is not None
    [hydra, phoenix] = matrix.rows[0].lines
    assert [cell.crosses for cell in phoenix.cells if cell] == [False, True]
    assert [cell.crosses for cell in hydra.cells if cell] == [True]


def test_with_many_squads_it_is_about_tribes() -> None:
    many = [squad(f"Squad {n}") for n in range(LARGEST)]
    waiting = [needs(f"Squad {n}", "Index", level="blocking") for n in range(LARGEST)]
    organization = an_org(tribe("Payments", *many), tribe("Search", squad("Index")), *waiting)
    matrix = matrix_of(in_order(organization))
    assert matrix is not None
    assert (matrix.of, matrix.width) == ("tribe", 1)
    assert drawn(matrix) == [("Payments", [f"{LARGEST} block"])]
    assert matrix.rows[0].lines[0].cells[0].need is None  # type: ignore[union-attr]

    done = carry_out(organization, [SolveDependency(id=id_of("Squad 7", "Index"))], on=TODAY)
    redrawn = matrix_of(in_order(done.after, done.before))
    assert drawn(redrawn) == [("Payments", [f"{LARGEST - 1} block"])]
    assert redrawn.rows[0].lines[0].cells[0].fates == ("1 solved",)  # type: ignore[union-attr]

    fewer = [need for need in in_order(organization) if need.squad.name != "Squad 0"]
    assert matrix_of(fewer).of == "squad"  # type: ignore[union-attr]


def test_with_too_many_tribes_there_is_none() -> None:
    tribes = [tribe(f"Tribe {n}", squad(f"Squad {n}")) for n in range(LARGEST + 1)]
    waiting = [needs(f"Squad {n}", f"Squad {n + 1}") for n in range(LARGEST)]
    assert matrix_of(in_order(an_org(*tribes, *waiting))) is None


def test_what_a_draft_solves_adds_and_moves_is_said_in_its_cell_but_not_counted() -> None:
    done = carry_out(
        org(),
        [
            SolveDependency(id=id_of("Scouts", "Index")),
            RecordDependency(
                id=id_of("Hydra", "Index"), values={"squad": id_of("Hydra"), "needs": id_of("Index")}
            ),
            CloseSquad(id=id_of("Ranking"), to=id_of("Phoenix")),
        ],
        on=TODAY,
    )
    needs = in_order(done.after, done.before)
    assert [(n.squad.name, n.needs.name, n.fate) for n in needs if n.fate] == [
        ("Hydra", "Index", "new"),
        ("Scouts", "Index", "solved"),
        ("Ranking", "Index", "solved"),
    ]
    matrix = matrix_of(needs)
    assert matrix is not None
    told = {
        line.unit.name: [cell.fates for cell in line.cells if cell and cell.fates]
        for band in matrix.rows
        for line in band.lines
    }
    assert told == {"Hydra": [("new",)], "Phoenix": [], "Ranking": [("solved",)], "Scouts": [("solved",)]}
    assert drawn(matrix)[3] == ("Scouts", ["", "", ""])
    assert [line.total for band in matrix.rows for line in band.lines] == [2, 2, 0, 0]
