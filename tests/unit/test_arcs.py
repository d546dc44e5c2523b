"""Who waits for whom, as arcs."""

from __future__ import annotations

import re
from datetime import date

from orgmodel.core.operations import CloseSquad, Operation, RecordDependency, SolveDependency
from orgmodel.core.org import Org
from orgmodel.core.replay import carry_out
from squads.arcs import WIDE, arcs, around
from squads.dependencies import LARGEST, needs_in, worst_first
from tests.build import an_org, id_of, needs, squad, tribe

TODAY = date(2026, 11, 20)


def acme() -> Org:
    return an_org(
        tribe("Listen", squad("Search"), squad("Radio"), color="1"),
        tribe("Create", squad("Ads")),
        squad("Lab"),
        needs("Search", "Ads", level="blocking", since=date(2026, 11, 10)),
        needs("Radio", "Search", level="slowing"),
        needs("Ads", "Lab", level="none"),
    )


def drawn(org: Org, before: Org | None = None, **options: object) -> str:
    needs = worst_first(needs_in(org, lambda read: read.dependencies.values(), TODAY, before))
    return str(arcs(needs, lambda *parts: "/" + "/".join(parts) + "/", **options))  # type: ignore[arg-type]


def test_each_squad_and_each_arc_leads_to_its_page_and_says_in_words_what_it_is() -> None:
    svg = drawn(acme())
    assert re.findall(r'<a href="(/[^"]+)"[^>]*><title>(.*?)</title>', svg) == [
        ("/tribe/create/", "Tribe Create"),
        ("/squad/ads/", "Ads"),
        ("/tribe/listen/", "Tribe Listen"),
        ("/squad/radio/", "Radio"),
        ("/squad/search/", "Search"),
        ("/squad/lab/", "Lab"),
        ("/dependency/ads/lab/", "Ads needs Lab"),
        ("/dependency/radio/search/", "Radio needs Search, slows"),
        ("/dependency/search/ads/", "Search needs Ads, blocks, 10 days"),
    ]


def test_what_blocks_is_solid_and_what_slows_is_dashed() -> None:
    strokes = re.findall(
        r'<g class="(\w+)"><path class="none" stroke="currentColor" ([^>]*) d=', drawn(acme())
    )
    assert strokes == [
        ("m", 'stroke-width="1.5" stroke-dasharray="1 3"'),
        ("warn", 'stroke-width="1.5" stroke-dasharray="6 4"'),
        ("danger", 'stroke-width="2"'),
    ]


def after(*operations: Operation) -> Org:
    return carry_out(acme(), operations, on=TODAY).after


def test_what_a_draft_adds_is_called_new() -> None:
    org = after(
        RecordDependency(id=id_of("Lab", "Ads"), values={"squad": id_of("Lab"), "needs": id_of("Ads")})
    )
    svg = drawn(org, acme())
    assert "<title>Lab needs Ads, slows, new in this draft</title>" in svg
    assert re.findall(r'<text class="b x" x="[\d.]+" y="[\d.]+">(\w+)</text>', svg) == ["new"]
    assert "in this draft" not in drawn(org)


def test_what_a_draft_solves_is_pale_and_dashed_beneath_the_others() -> None:
    svg = drawn(after(SolveDependency(id=id_of("Search", "Ads"))), acme())
    first, *others = re.findall(
        r'<a href="/dependency/[^"]+"[^>]*><title>(.*?)</title><g class="(\w+)">(.*?)d=', svg
    )
    assert first == (
        "Search needs Ads, blocks, 10 days, solved in this draft",
        "m",
        '<path class="none" stroke="currentColor" stroke-width="2" stroke-dasharray="4 6" stroke-opacity=".6" ',
    )
    assert [words for words, _, _ in others] == ["Ads needs Lab", "Radio needs Search, slows"]
    assert re.findall(r'<text class="mut x" x="[\d.]+" y="[\d.]+">(\w+)</text>', svg) == ["solved"]


def test_what_a_draft_hands_over_to_another_squad_is_called_moved() -> None:
    org = after(CloseSquad(id=id_of("Lab"), to=id_of("Radio")))
    assert "<title>Ads needs Radio, moved in this draft</title>" in drawn(org, acme())


def test_arcs_have_a_picture_as_wide_as_they_are_and_at_most_as_wide_as_a_page() -> None:
    names = [f"S{number:02}" for number in range(LARGEST)]
    svg = drawn(an_org(*map(squad, names), *(needs("S00", name) for name in names[1:])), width=WIDE)
    assert max(float(radius) for radius in re.findall(r"M231 [\d.]+A([\d.]+) ", svg)) < WIDE - 231
    assert 'viewBox="0 0 1160 ' in svg
    assert 'width="378" height="186" viewBox="0 0 378 186"' in drawn(acme())


def test_there_are_no_arcs_of_more_squads_than_one_can_follow() -> None:
    names = [f"S{number:02}" for number in range(LARGEST + 1)]
    few = an_org(*map(squad, names), *(needs("S00", name) for name in names[1:-1]))
    many = an_org(*map(squad, names), *(needs("S00", name) for name in names[1:]))
    assert "S00 needs S59" in drawn(few)
    assert drawn(many) == "None"
    assert drawn(an_org()) == "None"


def test_around_a_squad_are_its_neighbors_and_what_is_between_them() -> None:
    found = around(acme(), id_of("Search"), TODAY)
    assert [(need.squad.name, need.needs.name) for need in found] == [("Search", "Ads"), ("Radio", "Search")]
    assert around(acme(), id_of("Lab"), TODAY)[0].squad.name == "Ads"


def test_around_a_squad_is_also_what_a_draft_solves() -> None:
    org = after(SolveDependency(id=id_of("Search", "Ads")))
    found = around(org, id_of("Search"), TODAY, acme())
    assert [(need.squad.name, need.needs.name, need.fate) for need in found] == [
        ("Radio", "Search", ""),
        ("Search", "Ads", "solved"),
    ]
