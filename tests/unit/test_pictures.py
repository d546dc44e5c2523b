"""Pictures of change: what they show, in which words, and that names cannot break out of them."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree

from orgmodel.changes.headcount import Headcount, Marker, Series, finding
from orgmodel.changes.pictures.alluvial import DRAWN, FlowRow, Side, alluvial, flow_rows
from orgmodel.changes.pictures.family_tree import family_tree, origins
from orgmodel.changes.pictures.steps import StepRow, headcount_steps, step_rows
from orgmodel.core.comparison import Comparison, compare
from orgmodel.core.lineage import family
from orgmodel.core.operations import (
    CloseSquad,
    CreateSquad,
    HirePerson,
    JoinSquad,
    MovePeople,
    MoveSquad,
    Operation,
)
from orgmodel.core.operations.lineage import lineage_id
from orgmodel.core.org import Org
from orgmodel.core.records import SquadLineage, Tribe
from orgmodel.core.replay import carry_out
from tests.build import an_org, id_of, squad, tribe

ORG = an_org(
    tribe("Listen", squad("Search", "Ana", "Ben"), squad("Radio", "Cleo"), squad("Home", "Dan"), color="1"),
    tribe("Platform", squad("Data", "Eve", "Flo", "Gus"), color="3"),
    tribe("Ads", squad("Brand", "Hal"), color="2"),
)
NAUGHTY = '<b>"R&D"</b>'


def compared(*operations: Operation, org: Org = ORG) -> tuple[Comparison, Side, Side]:
    done = carry_out(org, operations, on=TODAY)
    found = compare(done.before, done.after, done.changes)
    return found, Side(done.before, "Live, today"), Side(done.after, "Draft: plan", "draft=plan")


def drawn(*operations: Operation, org: Org = ORG) -> str:
    return str(alluvial(*compared(*operations, org=org)))


def labels(svg: str) -> list[str]:
    """Return every line of text in a picture, as one reads it."""
    lines = [line for line in ElementTree.fromstring(svg).iter() if line.tag == "text"]
    return ["".join(line.itertext()) for line in lines]


def links(svg: str) -> dict[str, str]:
    """Return the address of each link by its words."""
    found = [link for link in ElementTree.fromstring(svg).iter() if link.tag == "a"]
    return {link.attrib["aria-label"]: link.attrib["href"] for link in found}


# Who goes where


def test_bands_bars_and_labels_say_who_moves_and_who_stays() -> None:
    svg = drawn(MovePeople(people=(id_of("Ana"),), to=id_of("Data")))
    assert labels(svg) == [
        "Live, today",
        "Draft: plan",
        "Listen 4",
        "Home, Radio 2 unchanged",
        "Search 2",
        "Platform 3",
        "Data 3",
        "Listen 3",
        "Home, Radio 2 unchanged",
        "Search 1",
        "Platform 4",
        "Data 4",
        "1 other tribe unchanged",
        "1 other tribe unchanged",
    ]
    assert links(svg) == {
        "2 people in Home, Radio: unchanged": "/tribes/listen/?draft=plan",
        "1 person stays in Search": "/squads/search/?draft=plan",
        "3 people stay in Data": "/squads/data/?draft=plan",
        "1 person: Search to Data": "/squads/data/?draft=plan",
        "Listen: 4 people": "/tribes/listen/",
        "Listen: 3 people": "/tribes/listen/?draft=plan",
        "Home, Radio: 2 unchanged": "/tribes/listen/?draft=plan",
        "Search: 2": "/squads/search/",
        "Search: 1": "/squads/search/?draft=plan",
        "Platform: 3 people": "/tribes/platform/",
        "Platform: 4 people": "/tribes/platform/?draft=plan",
        "Data: 3": "/squads/data/",
        "Data: 4": "/squads/data/?draft=plan",
    }
    assert svg.count('fill-opacity="0.5"') == 1


def test_a_squad_that_changes_tribe_moves_as_a_whole() -> None:
    operation = MoveSquad(squad=id_of("Radio"), tribe=id_of("Platform"))
    svg = drawn(operation)
    assert "Radio 1, joins the tribe" in labels(svg)
    assert "1 person of Radio to Platform" in links(svg)
    assert flow_rows(*compared(operation)) == [
        FlowRow(
            1,
            "Radio",
            "/squads/radio/",
            "Radio",
            "/squads/radio/?draft=plan",
            "go to Platform with their squad",
        )
    ]


def test_new_and_closed_squads_show_even_where_nobody_is_in_them() -> None:
    svg = drawn(
        CreateSquad(id=id_of("Lab"), values={"name": "Lab", "tribe": id_of("Listen")}),
        MovePeople(people=(id_of("Cleo"),), to=id_of("Home")),
        CloseSquad(id=id_of("Radio")),
    )
    assert "Radio 1, closes" in labels(svg)
    assert "Lab 0, new" in labels(svg)


def test_a_squad_that_everybody_leaves_stays_in_the_picture() -> None:
    svg = drawn(MovePeople(people=(id_of("Cleo"),), to=id_of("Home")))
    assert "Radio 1" in labels(svg)
    assert "Radio 0" in labels(svg)


def test_too_large_a_squad_says_the_limit_in_the_color_of_danger() -> None:
    crowd = an_org(tribe("Listen", squad("Search", *(f"P{n}" for n in range(9))), squad("Radio", "Ana")), *())
    svg = drawn(MovePeople(people=(id_of("Ana"),), to=id_of("Search")), org=crowd)
    assert '<tspan class="dg" unicode-bidi="isolate">10, limit 9</tspan>' in svg


def test_new_people_have_a_bar_of_their_own() -> None:
    svg = drawn(
        HirePerson(id=id_of("Ida"), values={"name": "Ida"}),
        JoinSquad(person=id_of("Ida"), squad=id_of("Radio"), id=id_of("Ida", "Radio")),
    )
    assert "New people 1" in labels(svg)
    assert "1 person: New people to Radio" in links(svg)


def test_nothing_is_drawn_where_nothing_changes() -> None:
    assert alluvial(compare(ORG, ORG, []), Side(ORG, "Live"), Side(ORG, "Draft")) == ""


def test_of_very_many_squads_the_largest_are_drawn_and_labels_stay_apart() -> None:
    org = an_org(tribe("Listen", *(squad(f"S{n}", f"P{n}") for n in range(200)), squad("Sink", "Ana")))
    svg = drawn(MovePeople(people=tuple(id_of(f"P{n}") for n in range(200)), to=id_of("Sink")), org=org)
    assert f"{201 - DRAWN} more squads {201 - DRAWN}" in labels(svg)
    for anchor in ('x="250.0"', 'x="858.0"'):
        ys = sorted(float(y) for y in re.findall(rf'<text[^>]*{anchor} y="([\d.]+)"', svg))
        assert all(other - one >= 14 for one, other in pairwise(ys))


def test_names_cannot_break_out_of_a_picture() -> None:
    org = an_org(tribe(NAUGHTY, squad(f"{NAUGHTY} one", "Ana", key="one"), squad("Two", "Ben"), key="t"))
    svg = drawn(MovePeople(people=(id_of("Ana"),), to=id_of("Two")), org=org)
    assert "<b>" not in svg
    assert f"1 person: {NAUGHTY} one to Two" in links(svg)


# Where a unit came from


def lines(*edges: tuple[str, str, str, date], **closed: date) -> Org:
    names = dict.fromkeys(name for one, other, _, _ in edges for name in (one, other))
    org = an_org(
        tribe(
            "Money", *(squad(name, key=f"k{n}", closed_on=closed.get(name)) for n, name in enumerate(names))
        )
    )
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


TODAY = date(2026, 6, 30)
FAMILY = lines(
    ("Payments", "Payouts", "split", date(2025, 3, 3)),
    ("Tax", "Payouts", "merge", date(2026, 1, 12)),
    Tax=date(2026, 1, 12),
)


def test_a_family_tree_names_every_unit_and_every_day() -> None:
    found = family(FAMILY, "squad", id_of("Payouts"))
    svg = family_tree(FAMILY, found, TODAY, lambda key: f"/squads/{key}/", size=6)
    assert labels(svg) == [
        "Payments",
        "Tax",
        "Payouts",
        "Today",
        "6 people",
        "Split 3 Mar 2025",
        "Merge 12 Jan 2026",
    ]
    assert links(svg) == {"Payments": "/squads/k0/", "Tax, closed 12 Jan 2026": "/squads/k2/"}


def test_the_list_says_the_same_latest_first() -> None:
    rows = origins(FAMILY, family(FAMILY, "squad", id_of("Payouts")), lambda key: f"/squads/{key}/")
    assert [(row.on, row.unit.name, row.words, row.other.name) for row in rows] == [
        (date(2026, 1, 12), "Tax", "merged into", "Payouts"),
        (date(2025, 3, 3), "Payouts", "split off from", "Payments"),
    ]
    assert [(row.unit_url, row.other_url) for row in rows] == [
        ("/squads/k2/", "/squads/k1/"),
        ("/squads/k1/", "/squads/k0/"),
    ]


def test_a_unit_that_became_part_of_another_ends_and_has_no_today() -> None:
    svg = family_tree(FAMILY, family(FAMILY, "squad", id_of("Tax")), TODAY, lambda key: f"/{key}/", size=0)
    assert labels(svg) == ["Payouts", "Tax", "Merge 12 Jan 2026"]


def test_of_a_long_story_the_latest_days_are_drawn_and_do_not_touch() -> None:
    org = lines(*((f"S{n}", "Payouts", "merge", date(2026, 1, 1 + n)) for n in range(9)))
    svg = family_tree(org, family(org, "squad", id_of("Payouts")), TODAY, lambda key: f"/{key}/", size=6)
    days = [label for label in labels(svg) if label.startswith("Merge")]
    assert days == [f"Merge {day} Jan 2026" for day in range(4, 10)]
    xs = [float(x) for x in re.findall(r'cx="([\d.]+)" cy="34" r="4.5"', svg)]
    assert all(other - one >= 150 for one, other in pairwise(xs))


# People in each tribe


def a_year(*series: tuple[int | None, ...], markers: tuple[Marker, ...] = ()) -> Headcount:
    names = ("Listen", "Ads", NAUGHTY)
    return Headcount(
        days=(date(2025, 6, 30), date(2025, 12, 1), date(2026, 6, 30)),
        series=tuple(
            Series(Tribe(id=name, key="t", name=name, color=str(n)), people)
            for n, (name, people) in enumerate(zip(names, series, strict=False), start=1)
        ),
        markers=markers,
        tribes=len(series),
    )


def steps(found: Headcount, day: date | None = None) -> str:
    return headcount_steps(
        found, day=day, marker_url=lambda version: f"/history/{version}/", day_url=lambda on: f"/?as_of={on}"
    )


def test_each_tribe_has_a_line_in_steps_and_a_label_at_its_end() -> None:
    svg = steps(a_year((10, 10, 20), (None, 20, 20)))
    assert 'd="M30.0 144.8H930.0V49.6H930"' in svg
    assert 'd="M409.7 49.6H930"' in svg
    assert [line for line in labels(svg) if line.startswith(("Listen", "Ads"))] == ["Listen 20", "Ads 20"]
    ys = re.findall(r'<text x="955.0" y="([\d.]+)"', svg)
    assert ys == ["53.6", "68.6"]


def test_what_happened_is_told_whole_where_there_is_room() -> None:
    title = "Edit squad Audiobooks Launch: state and mission"
    alone = Marker(date(2025, 12, 1), 7, title)
    assert title in labels(steps(a_year((10, 20, 20), markers=(alone,))))
    crowded = tuple(Marker(date(2025, 12, day), day, title) for day in range(1, 12, 2))
    told = [line for line in labels(steps(a_year((10, 20, 20), markers=crowded))) if line.startswith("Edit")]
    assert f"{title[:33].rstrip()}…" in told


def test_markers_lead_to_the_history_and_months_to_their_day() -> None:
    markers = (Marker(date(2025, 12, 1), 7, "Create tribe Ads"), Marker(date(2026, 1, 1), 9, "Form QA", 9))
    found = links(steps(a_year((10, 20, 20), markers=markers)))
    assert found["Create tribe Ads, 1 Dec 2025"] == "/history/7/"
    assert found["Form QA, undone after 9 days, 1 Jan 2026"] == "/history/9/"
    assert found["Look at 1 Mar 2026"] == "/?as_of=2026-03-01"


def test_the_chosen_day_is_marked_with_the_people_of_that_day() -> None:
    svg = steps(a_year((10, 12, 20)), day=date(2026, 1, 15))
    assert [line for line in labels(svg) if line in ("15 January", "12")] == ["15 January", "12"]
    assert 'class="later"' in svg
    assert 'class="later"' not in steps(a_year((10, 12, 20)), day=date(2024, 1, 15))


def test_the_table_has_the_days_on_which_a_number_changed() -> None:
    assert step_rows(a_year((10, 10, 20), (None, None, 3))) == [
        StepRow(date(2026, 6, 30), (20, 3)),
        StepRow(date(2025, 6, 30), (10, None)),
    ]


def test_the_title_says_what_is_most_remarkable() -> None:
    assert finding(a_year((10, 6, 6), (None, 4, 4))) == "Ads took 4 people out of Listen"
    assert finding(a_year((10, 13, 12), (5, 5, 6))) == "Listen grew from 10 to 12 people"
    assert finding(a_year((10, 10, 8), (5, 5, 6))) == "Listen shrank from 10 to 8 people"
    assert finding(a_year((10, 10, 10))) == "Every tribe has as many people as at the beginning"


def test_a_tribe_with_a_strange_name_is_escaped() -> None:
    assert "<b>" not in steps(a_year((1, 1, 1), (1, 1, 1), (1, 2, 3)))
