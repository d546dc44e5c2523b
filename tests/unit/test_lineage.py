"""Families of squads, tribes and chapters."""

from __future__ import annotations

from datetime import date

from orgmodel.core.lineage import family
from orgmodel.core.operations.lineage import lineage_id
from orgmodel.core.org import Org
from orgmodel.core.records import SquadLineage
from tests.build import an_org, id_of, squad


def lines(*edges: tuple[str, str, str, date]) -> Org:
    names = dict.fromkeys(name for one, other, _, _ in edges for name in (one, other))
    org = an_org(*(squad(name) for name in names))
    return org.change(
        SquadLineage(
            id=lineage_id(id_of(one), id_of(other), on),
            predecessor=id_of(one),
            successor=id_of(other),
            how=how,
            on=on,
        )
        for one, other, how, on in edges
    )


def told(org: Org, name: str) -> list[tuple[str, str]]:
    found = family(org, "squad", id_of(name)).edges
    return [(org.squads[edge.predecessor].name, org.squads[edge.successor].name) for edge in found]


def test_a_unit_of_its_own_has_no_kin() -> None:
    org = an_org(squad("Search"))
    found = family(org, "squad", id_of("Search"))
    assert (found.nodes, found.edges) == ((id_of("Search"),), ())


def test_ancestors_and_descendants_are_told_in_order_of_time() -> None:
    org = lines(
        ("Payments", "Payouts", "split", date(2024, 3, 3)),
        ("Tax Tools", "Payouts", "merge", date(2025, 1, 12)),
        ("Payouts", "Ledger", "split", date(2026, 2, 1)),
        ("Ledger", "Risk", "merge", date(2026, 5, 1)),
    )
    assert told(org, "Payouts") == [
        ("Payments", "Payouts"),
        ("Tax Tools", "Payouts"),
        ("Payouts", "Ledger"),
        ("Ledger", "Risk"),
    ]
    assert family(org, "squad", id_of("Payouts")).nodes[0] == id_of("Payouts")


def test_siblings_are_no_kin_and_neither_is_what_joined_an_ancestor_afterwards() -> None:
    org = lines(
        ("Payments", "Payouts", "split", date(2024, 3, 3)),
        ("Payments", "Subscriptions", "split", date(2024, 3, 3)),
        ("Tax Tools", "Payments", "merge", date(2025, 1, 12)),
    )
    assert told(org, "Payouts") == [("Payments", "Payouts")]
    assert told(org, "Tax Tools") == [("Tax Tools", "Payments")]


def test_squads_that_split_and_merge_again_are_told_once() -> None:
    org = lines(
        ("Ads", "Brand Ads", "split", date(2025, 1, 1)),
        ("Brand Ads", "Ads", "merge", date(2026, 1, 1)),
    )
    assert told(org, "Ads") == [("Ads", "Brand Ads"), ("Brand Ads", "Ads")]
