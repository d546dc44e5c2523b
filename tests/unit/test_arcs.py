"""Who waits for whom, as arcs."""

from __future__ import annotations

import re
from datetime import date

from orgmodel.core.org import Org
from squads.arcs import WIDE, arcs, around, new_in
from squads.dependencies import LARGEST, worst_first
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


def drawn(org: Org, **options: object) -> str:
    needs = worst_first(org, org.dependencies.values(), TODAY)
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


def test_what_a_draft_adds_is_called_new() -> None:
    before = an_org(*[])
    new = new_in(before, acme().dependencies.values())
    assert len(new) == 3
    assert "Ads needs Lab, new in this draft" in drawn(acme(), new=new)
    assert new_in(None, acme().dependencies.values()) == set()


def test_arcs_across_a_page_have_a_picture_as_wide_as_they_are() -> None:
    names = [f"S{number:02}" for number in range(LARGEST)]
    svg = drawn(an_org(*map(squad, names), *(needs("S00", name) for name in names[1:])), width=WIDE)
    reach = max(float(radius) for radius in re.findall(r"M231 [\d.]+A([\d.]+) ", svg))
    assert 231 + reach == 877
    assert 'viewBox="0 0 1160 ' in svg
    assert 'viewBox="0 0 760 ' in drawn(acme())


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
