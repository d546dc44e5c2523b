"""Decision paths and the leadership map."""

from __future__ import annotations

from orgmodel.core.authority import decision_path, decision_paths, leadership, seats_held
from tests.build import Part, an_org, chapter, guild, id_of, person, role, squad, tribe


def company() -> tuple[Part, ...]:
    return (
        person("Boss"),
        person("Cleo", manager="Boss"),
        person("Dan", manager="Boss"),
        person("Ana", manager="Cleo"),
        person("Ben", manager="Cleo"),
        person("Eve", manager="Dan"),
        person("Zoe"),
    )


def test_one_manager_of_all_is_a_step_away() -> None:
    org = an_org(*company(), squad("Core", "Ana", "Ben"), chapter("Backend", "Ana", "Ben", lead="Cleo"))
    path = decision_path(org, id_of("Core"))
    assert (path.people, path.decider, path.steps) == (2, id_of("Cleo"), 1)
    assert path.chapter_leads == path.managers == (id_of("Cleo"),)


def test_two_managers_meet_at_the_top() -> None:
    org = an_org(*company(), squad("Core", "Ana", "Eve"))
    path = decision_path(org, id_of("Core"))
    assert (path.decider, path.steps) == (id_of("Boss"), 2)
    assert path.managers == (id_of("Cleo"), id_of("Dan"))


def test_a_manager_who_is_a_member_decides_for_the_others() -> None:
    org = an_org(*company(), squad("Core", "Cleo", "Ana"))
    assert decision_path(org, id_of("Core")).decider == id_of("Cleo")


def test_lines_that_do_not_meet_have_no_decider() -> None:
    org = an_org(*company(), squad("Core", "Ana", "Zoe"))
    path = decision_path(org, id_of("Core"))
    assert (path.decider, path.steps) == (None, None)


def test_a_circle_of_managers_ends() -> None:
    org = an_org(person("A", manager="B"), person("B", manager="A"), squad("Core", "A"))
    assert decision_path(org, id_of("Core")).steps == 0


def test_the_longest_way_comes_first_and_empty_squads_are_left_out() -> None:
    org = an_org(
        *company(),
        squad("Near", "Ana", "Ben"),
        squad("Far", "Eve", "Dan"),
        squad("Lost", "Zoe", "Boss"),
        squad("No"),
    )
    assert [path.squad for path in decision_paths(org)] == [id_of("Lost"), id_of("Far"), id_of("Near")]


def test_the_map_says_who_holds_each_seat_and_which_are_empty() -> None:
    org = an_org(
        role("Product owner", leads=True),
        person("Lea"),
        person("Ida"),
        tribe(
            "Payments",
            squad("Two", "Ana", "Ben", roles={"Ana": "Product owner", "Ben": "Product owner"}),
            squad("None", "Cid"),
            chapter("Backend", "Ana", interim_lead="Ida"),
            lead="Lea",
        ),
        guild("Crafts", "Ana", coordinator="Lea"),
    )
    seats = leadership(org)
    assert [(seat.label, seat.state) for seat in seats] == [
        ("Tribe lead", "held"),
        ("Chapter lead", "interim"),
        ("Coordinator", "held"),
        ("Product owner", "empty"),
        ("Product owner", "double"),
    ]
    assert seats_held(seats)[id_of("Lea")] == 2


def test_product_leads_are_seats_where_there_are_any() -> None:
    org = an_org(person("Lea"), tribe("A", product_lead="Lea"), tribe("B"))
    assert [(seat.label, seat.state) for seat in leadership(org)] == [
        ("Tribe lead", "empty"),
        ("Product lead", "held"),
        ("Tribe lead", "empty"),
        ("Product lead", "empty"),
    ]


def test_squads_have_a_seat_for_whoever_answers_for_engineering_whatever_the_role_is_called() -> None:
    org = an_org(
        role("Tech lead", leads=True),
        role("Engineering lead", leads=True),
        role("Engineer"),
        tribe(
            "Payments",
            squad("Core", "Ana", "Ben", roles={"Ana": "Tech lead", "Ben": "Engineer"}),
            squad("None", "Cid"),
        ),
    )
    assert [(seat.label, seat.holders) for seat in leadership(org) if seat.kind == "squad"] == [
        ("Engineering lead or Tech lead", (id_of("Ana"),)),
        ("Engineering lead or Tech lead", ()),
    ]


def test_a_tribe_of_platforms_has_no_empty_seat_for_a_design_lead() -> None:
    org = an_org(
        tribe("Apps", squad("Web", "Ana"), design_lead="Ana"),
        tribe("Base", squad("Cloud", "Ben", type="platform")),
    )
    seats = [(seat.label, seat.state) for seat in leadership(org) if seat.kind == "tribe"]
    assert seats == [("Tribe lead", "empty"), ("Design lead", "held"), ("Tribe lead", "empty")]
