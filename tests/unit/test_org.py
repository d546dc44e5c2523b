"""The organization as a value: lookups and the indexes behind them."""

import dataclasses
from datetime import date

from orgmodel.core.org import Org
from tests.build import an_org, chapter, guild, id_of, person, role, squad, tribe, vacancy


def kestrel() -> Org:
    return an_org(
        role("Product owner", leads=True),
        tribe(
            "Listening",
            squad("Search", "Ana", "Ben", roles={"Ana": "Product owner"}),
            squad("Playback", "Cleo", "Ben", shares={"Cleo": 100, "Ben": 40}),
            chapter("Backend", "Ben", "Dora", lead="Ben"),
            lead="Eve",
        ),
        guild("Web", "Ana", "Cleo", coordinator="Ana"),
        person("Eve"),
        vacancy("Backend engineer", squad="Search", chapter="Backend"),
    )


def test_squads_of_a_tribe_are_sorted_by_name() -> None:
    assert [s.name for s in kestrel().squads_of(id_of("Listening"))] == ["Playback", "Search"]


def test_closed_squads_are_not_listed() -> None:
    org = kestrel()
    org = org.edit(org.squads[id_of("Search")], closed_on=date(2026, 1, 1))
    assert [s.name for s in org.squads_of(id_of("Listening"))] == ["Playback"]


def test_home_is_the_largest_share() -> None:
    org = kestrel()  # Ben: share unknown, so whole, in Search; 40 % in Playback
    home = org.primary_membership(id_of("Ben"))
    assert home is not None
    assert home.squad == id_of("Search")
    assert org.size_of(id_of("Search")) == 2
    assert org.size_of(id_of("Playback")) == 1


def test_of_equal_shares_the_older_membership_is_home() -> None:
    org = an_org(squad("A", "Priya", shares={"Priya": 50}), squad("B", "Priya", shares={"Priya": 50}))
    org = org.edit(org.memberships[id_of("Priya", "A")], since=date(2026, 2, 1))
    org = org.edit(org.memberships[id_of("Priya", "B")], since=date(2026, 1, 1))
    home = org.primary_membership(id_of("Priya"))
    assert home is not None
    assert home.squad == id_of("B")


def test_people_in_tribe_are_members_leads_and_chapter_people_without_squad() -> None:
    assert kestrel().people_in_tribe(id_of("Listening")) == {
        id_of(n) for n in ("Ana", "Ben", "Cleo", "Dora", "Eve")
    }


def test_seats_and_squad_leads() -> None:
    org = kestrel()
    assert [(seat.label, unit.name) for seat, unit in org.seats_of(id_of("Ana"))] == [
        ("guild coordinator", "Web")
    ]
    assert [(r.name, p.name) for r, p in org.squad_leads(id_of("Search"))] == [("Product owner", "Ana")]
    holder = org.holder(id_of("Search"), "product-owner")
    assert holder is not None
    assert holder.name == "Ana"


def test_indexes_follow_every_change() -> None:
    org = kestrel()
    moved = org.edit(org.memberships[id_of("Ana", "Search")], squad=id_of("Playback"))
    assert sorted(m.person for m in moved.memberships_in(id_of("Playback"))) == sorted(
        id_of(n) for n in ("Ana", "Ben", "Cleo")
    )
    assert [m.person for m in moved.memberships_in(id_of("Search"))] == [id_of("Ben")]
    gone = moved.remove(moved.memberships[id_of("Ana", "Search")])
    assert gone.memberships_of(id_of("Ana")) == []
    assert len(org.memberships_in(id_of("Search"))) == 2  # the old value has not changed


def test_find_by_key_and_by_name() -> None:
    org = kestrel()
    found = org.find("squad", "search")
    assert found is not None
    assert found.id == id_of("Search")
    assert org.find("squad", "nothing") is None
    assert org.named("squad", "SEARCH", id_of("Listening")) == (id_of("Search"),)


def test_touched_records_are_counted_from_the_last_settled_state() -> None:
    org = kestrel()
    assert dict(org.origins) == {}
    ana = org.people[id_of("Ana")]
    twice = org.edit(ana, name="Anna").edit(dataclasses.replace(ana, name="Anna"), level="I3")
    assert dict(twice.origins) == {("person", ana.id): ana}
    assert dict(twice.settle(1).origins) == {}


def test_referrers_name_every_record_that_points_somewhere() -> None:
    org = kestrel()
    pointing = sorted((record.KIND, field) for record, field in org.referrers("person", id_of("Ben")))
    assert pointing == [
        ("chapter", "lead"),
        ("chapter_member", "person"),
        ("membership", "person"),
        ("membership", "person"),
    ]


def test_who_shares_an_unknown_part_of_their_time_counts_in_every_squad() -> None:
    org = an_org(tribe("T", squad("A", "Ana"), squad("B", "Ana"), squad("C", "Ana", shares={"Ana": 20})))
    assert [org.size_of(id_of(name)) for name in "ABC"] == [1, 1, 0]
    assert {m.squad for m in org.counted_memberships()} == {id_of("A"), id_of("B")}
    assert org.people_in_tribe(id_of("T")) == {id_of("Ana")}


def test_counts_leave_out_what_is_closed_gone_or_filled() -> None:
    org = an_org(
        tribe("T", squad("A", "Ana"), squad("B", closed_on=date(2026, 1, 1))),
        person("Ben", status="left"),
        vacancy("V", state="filled"),
    )
    assert [org.count(kind) for kind in ("person", "squad", "vacancy", "membership")] == [1, 1, 0, 1]
    assert org.count_in_squads() == 1
    reopened = org.edit(org.squads[id_of("B")], closed_on=None)
    assert reopened.count("squad") == 2


def test_tribes_come_by_name_without_closed_ones() -> None:
    org = an_org(tribe("b"), tribe("A"), tribe("c", closed_on=date(2026, 1, 1)))
    assert [each.name for each in org.tribes_by_name()] == ["A", "b"]


def test_reports_are_those_who_are_here() -> None:
    org = an_org(
        person("Ana"),
        person("Ben", manager="Ana"),
        person("Cleo", manager="Ana", status="left"),
        squad("Search", "Ben"),
    )
    assert [person.name for person in org.reports_of(id_of("Ana"))] == ["Ben"]


def test_who_has_known_shares_counts_at_home_only() -> None:
    shares = [squad(name, "Ana", shares={"Ana": share}) for name, share in (("A", 40), ("B", 60))]
    org = an_org(tribe("T", *shares, squad("C", "Ben", shares={"Ben": 20})))
    assert {m.squad for m in org.counted_memberships()} == {id_of("B"), id_of("C")}
    assert {m.squad for m in org.memberships.values() if org.counts(m)} == {id_of("B"), id_of("C")}
