"""The index of names: word starts, slips, order, and moving it along with the organization."""

from __future__ import annotations

import dataclasses

import pytest

from orgmodel.core.org import Org
from orgmodel.core.search import Catalog, fitting, plain, slips, tokens_of
from tests.build import an_org, id_of, mission, person, squad, system, tribe


@pytest.fixture
def org() -> Org:
    return an_org(
        mission("Audio never stops"),
        tribe("Listening", squad("Search", "Ana Lund", "Jonas Ek"), squad("Payments")),
        person("Åsa Sjöberg", title="Search engineer", email="asa.berg@example.com"),
        person("Ana Searle", status="left"),
        system("Payout ledger", skill="Rust"),
    )


def names(org: Org, text: str, kind: str = "person", *, forgiving: bool = True) -> list[str]:
    found = Catalog.of(org).find(text, 8, [kind], forgiving=forgiving)
    return [record.name for record in found[kind].records] if kind in found else []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ana", ["Ana Lund", "Ana Searle"]),  # who has left comes last
        ("ANA LU", ["Ana Lund"]),
        ("lund ana", ["Ana Lund"]),
        ("sjoberg", ["Åsa Sjöberg"]),
        ("sear", ["Ana Searle", "Åsa Sjöberg"]),  # names before titles
        ("asa.berg@example.com", ["Åsa Sjöberg"]),
        ("jnoas", ["Jonas Ek"]),
        ("jonass", ["Jonas Ek"]),
        ("jomas ek", ["Jonas Ek"]),
        ("oberg", ["Åsa Sjöberg"]),  # within a word, where nothing begins so
        ("jnsao", []),
        ("", []),
        ("---", []),
    ],
)
def test_people_are_found_by_what_one_types(org: Org, text: str, found: list[str]) -> None:
    assert names(org, text) == found


def test_slips_are_forgiven_only_where_asked(org: Org) -> None:
    assert names(org, "jnoas", forgiving=False) == []


def test_other_kinds_are_found_by_their_other_words(org: Org) -> None:
    assert names(org, "rust", "system") == ["Payout ledger"]
    assert names(org, "never", "mission") == ["Audio never stops"]


def test_the_whole_name_comes_first() -> None:
    org = an_org(tribe("T", squad("Search core"), squad("Research"), squad("Search")))
    assert names(org, "search", "squad") == ["Search", "Search core"]


def test_a_catalog_moves_with_the_organization(org: Org) -> None:
    catalog = Catalog.of(org)
    renamed = dataclasses.replace(org.people[id_of("Jonas Ek")], name="Zoe Quist", key="zoe")
    after = org.put(renamed).remove(org.people[id_of("Ana Searle")])
    moved = catalog.at(after)
    for text in ("zoe", "jonas", "ana", "quist", "searle", "ek"):
        assert moved.find(text, 8, forgiving=False) == Catalog.of(after).find(text, 8, forgiving=False)
    assert moved.indexes["squad"] is catalog.indexes["squad"]
    assert catalog.find("jonas", 8)["person"].count == 1  # the one before stays as it was
    assert moved.at(after).indexes["person"] is moved.indexes["person"]


def test_hits_are_counted_beyond_those_shown() -> None:
    org = an_org(tribe("T", *(squad(f"Lake {number}") for number in range(12))))
    found = Catalog.of(org).find("lake", 3)["squad"]
    assert (len(found.records), found.count) == (3, 12)


def test_short_lists_are_searched_alike() -> None:
    labels = ["Settings theme", "Saved views", "Findings"]
    assert fitting("s", labels) == [0, 1]
    assert fitting("findigns", labels) == []
    assert fitting("findigns", labels, near=True) == [2]
    assert fitting("views saved", labels) == [1]
    assert fitting("", labels) == []


def test_words_are_read_as_typed() -> None:
    assert plain("Łódź Straße Ærø") == "lodz strasse aero"
    assert tokens_of("Ana  ana lund@x.org") == ["ana", "lund"]
    assert {"jonas", "jnas", "jonsa"} <= slips("jnoas") | {"jnas", "jonsa"}
