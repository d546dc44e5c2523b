"""The radar: drafts that collide, and drafts that only look as if they did."""

from collections.abc import Sequence
from datetime import date, timedelta

from orgmodel.core.operations import Operation
from orgmodel.core.operations.memberships import LeaveSquad, MovePeople, SetShare
from orgmodel.core.operations.merges import MergeSquads
from orgmodel.core.operations.people import EditPerson, OffboardPerson
from orgmodel.core.operations.splits import SplitSquad
from orgmodel.core.operations.squads import CloseSquad, MoveSquad, RenameSquad
from orgmodel.core.operations.vacancies import OpenVacancy
from orgmodel.core.org import Org
from orgmodel.core.radar import Side, collisions
from orgmodel.core.replay import replay
from tests.build import an_org, id_of, setting, squad, tribe

TODAY = date(2026, 11, 20)

ORG = an_org(
    tribe(
        "Listening",
        squad("Search", "Ana Ruiz", "Ben Ito", "Cleo Tan", "Dan Fox", shares={"Ana Ruiz": 100}),
        squad("Payments", "Eva Lind", "Finn Ode", "Gil Rao", "Hana Sy"),
        squad("Ads", state="forming"),
    ),
    tribe("Growth"),
)


def with_limits(org: Org, *, least: int = 0, most: int = 9, tribe: int = 100) -> Org:
    """Return an organization whose rules allow other sizes."""
    limits = {"SQ-01": ("high_above", most), "SQ-02": ("high_below", least), "TR-01": ("high_above", tribe)}
    return org.change(
        record
        for code, (name, number) in limits.items()
        for record in setting(code, thresholds=((name, str(number)),)).records
    ).settle(0)


ORG = with_limits(ORG)


def move(who: str, to: str) -> MovePeople:
    return MovePeople(people=(id_of(who),), to=id_of(to))


def told(*plans: Sequence[Operation], org: Org = ORG) -> list[tuple[str, str]]:
    replays = [(f"draft-{number}", replay(org, plan, on=TODAY)) for number, plan in enumerate(plans)]
    assert [step.error for _, done in replays for step in done.misfits] == []
    return [(c.kind, c.message) for c in collisions(replays)]


def test_the_same_on_two_days_is_no_collision() -> None:
    plan = [move("Ana Ruiz", "Payments"), CloseSquad(id=id_of("Ads"), to=id_of("Payments"))]
    days = (TODAY, TODAY + timedelta(days=30))
    replays = [(f"on {day}", replay(ORG, plan, on=day)) for day in days]
    assert collisions(replays) == []


def test_the_same_person_goes_to_two_squads() -> None:
    found = collisions(
        [
            (
                "one",
                replay(
                    ORG, [RenameSquad(id=id_of("Ads"), name="Ads Now"), move("Ana Ruiz", "Ads")], on=TODAY
                ),
            ),
            ("two", replay(ORG, [move("Ana Ruiz", "Payments")], on=TODAY)),
        ],
    )
    assert [(c.kind, c.ref, c.subject, c.message) for c in found] == [
        (
            "person",
            ("person", id_of("Ana Ruiz")),
            "Ana Ruiz",
            "Ana Ruiz goes to Ads Now in one and to Payments in the other.",
        )
    ]
    assert found[0].sides == (Side("one", 1, "goes to Ads Now"), Side("two", 0, "goes to Payments"))


def test_who_leaves_in_one_draft_cannot_move_in_the_other() -> None:
    assert told([move("Ana Ruiz", "Ads")], [OffboardPerson(person=id_of("Ana Ruiz"))]) == [
        ("person", "Ana Ruiz goes to Ads in one and leaves in the other.")
    ]


def test_the_same_move_in_both_is_no_collision() -> None:
    assert told([move("Ana Ruiz", "Ads")], [move("Ana Ruiz", "Ads"), move("Ben Ito", "Ads")]) == []


def test_three_drafts_collide_pair_by_pair() -> None:
    found = told(
        [move("Ana Ruiz", "Ads")],
        [move("Ana Ruiz", "Payments")],
        [LeaveSquad(person=id_of("Ana Ruiz"), squad=id_of("Search"))],
    )
    assert [message for _, message in found] == [
        "Ana Ruiz goes to Ads in one and to Payments in the other.",
        "Ana Ruiz goes to Ads in one and ends without a squad in the other.",
        "Ana Ruiz goes to Payments in one and ends without a squad in the other.",
    ]


def test_a_squad_is_staffed_here_and_closed_there() -> None:
    staffing = [
        move("Ana Ruiz", "Ads"),
        OpenVacancy(id=id_of("Lead"), values={"title": "Lead", "squad": id_of("Ads")}),
    ]
    assert told(staffing, [CloseSquad(id=id_of("Ads"))]) == [
        ("closed", "Ads gets Ana Ruiz and Lead in one and closes in the other.")
    ]


def test_a_squad_is_staffed_here_and_merged_there() -> None:
    merge = MergeSquads(squads=(id_of("Ads"),), into=id_of("Payments"))
    assert told([move("Ana Ruiz", "Ads")], [merge]) == [
        ("closed", "Ads gets Ana Ruiz in one and closes in the other.")
    ]


def test_a_squad_split_here_and_merged_there_tears_its_people() -> None:
    split = SplitSquad(squad=id_of("Search"), id=id_of("Find"), name="Find", people=(id_of("Ana Ruiz"),))
    merge = MergeSquads(squads=(id_of("Search"),), into=id_of("Ads"))
    assert told([split], [merge]) == [("person", "Ana Ruiz goes to Find in one and to Ads in the other.")]


def test_a_squad_both_close_on_the_same_day_is_no_collision() -> None:
    closing = CloseSquad(id=id_of("Ads"))
    assert told([closing], [closing]) == []


def test_who_leaves_a_squad_that_closes_elsewhere_is_in_nobodys_way() -> None:
    assert told([MoveSquad(squad=id_of("Ads"), tribe=id_of("Growth"))], [move("Ana Ruiz", "Payments")]) == []


def test_a_field_set_to_two_values() -> None:
    assert told(
        [
            RenameSquad(id=id_of("Search"), name="Find"),
            EditPerson(id=id_of("Ben Ito"), values={"level": "3"}),
        ],
        [
            RenameSquad(id=id_of("Search"), name="Seek"),
            EditPerson(id=id_of("Ben Ito"), values={"manager": id_of("Ana Ruiz")}),
        ],
        [EditPerson(id=id_of("Ben Ito"), values={"manager": id_of("Cleo Tan")})],
    ) == [
        ("field", "Ben Ito: manager is Ana Ruiz in one and Cleo Tan in the other."),
        ("field", "Find: name is “Find” in one and “Seek” in the other."),
    ]


def test_equal_values_and_other_fields_are_no_collision() -> None:
    assert (
        told(
            [RenameSquad(id=id_of("Search"), name="Find")],
            [
                RenameSquad(id=id_of("Search"), name="Find"),
                MoveSquad(squad=id_of("Search"), tribe=id_of("Growth")),
            ],
        )
        == []
    )


def test_a_membership_removed_in_one_and_changed_in_the_other() -> None:
    org = an_org(squad("Search", "Ana"), squad("Ads", "Ana", shares={"Ana": 20}))
    leaving = LeaveSquad(person=id_of("Ana"), squad=id_of("Ads"))
    sharing = SetShare(person=id_of("Ana"), squad=id_of("Ads"), share=40)
    assert told([leaving], [sharing], org=org) == [
        ("field", "Ana in Ads is removed in one and changed in the other.")
    ]


def test_fields_of_a_membership_are_not_told_again_where_the_person_is() -> None:
    one = MovePeople(people=(id_of("Ana Ruiz"),), to=id_of("Ads"), share=40)
    other = MovePeople(people=(id_of("Ana Ruiz"),), to=id_of("Payments"), share=60)
    assert [kind for kind, _ in told([one], [other])] == ["person"]


def test_all_drafts_together_make_a_squad_too_large_though_none_does_alone() -> None:
    org = with_limits(ORG, most=5)
    found = collisions(
        [
            ("one", replay(org, [move("Ana Ruiz", "Payments")], on=TODAY)),
            ("two", replay(org, [move("Ben Ito", "Ads"), move("Cleo Tan", "Payments")], on=TODAY)),
        ],
    )
    assert [(c.kind, c.message) for c in found] == [
        ("sum", "Payments has 4 people today and would have 6 with all of these; at most 5.")
    ]
    assert found[0].sides == (Side("one", 0, "gains 1"), Side("two", 1, "gains 1"))


def test_all_drafts_together_may_fill_a_squad_to_the_limit() -> None:
    org = with_limits(ORG, most=6)
    assert told([move("Ana Ruiz", "Payments")], [move("Cleo Tan", "Payments")], org=org) == []


def test_a_squad_that_one_draft_alone_makes_too_large_is_that_drafts_matter() -> None:
    org = with_limits(ORG, most=4)
    assert told([move("Ana Ruiz", "Payments")], [move("Cleo Tan", "Payments")], org=org) == []


def test_all_drafts_together_empty_a_squad() -> None:
    org = with_limits(ORG, least=3)
    assert told([move("Ana Ruiz", "Ads")], [move("Ben Ito", "Ads")], org=org) == [
        ("sum", "Search has 4 people today and would have 2 with all of these; at least 3.")
    ]


def test_someone_whom_two_drafts_take_counts_once() -> None:
    org = with_limits(ORG, least=3)
    assert [k for k, _ in told([move("Ana Ruiz", "Ads")], [move("Ana Ruiz", "Payments")], org=org)] == [
        "person"
    ]


def test_all_drafts_together_make_a_tribe_too_large() -> None:
    org = an_org(
        tribe("Listening", squad("Search", "Ana", "Ben")),
        squad("Ads", "Cleo"),
        squad("Payments", "Dan"),
    )
    into = [[MoveSquad(squad=id_of(name), tribe=id_of("Listening"))] for name in ("Ads", "Payments")]
    assert told(*into, org=with_limits(org, tribe=3)) == [
        ("sum", "Listening has 2 people today and would have 4 with all of these; at most 3.")
    ]


def test_one_draft_or_none_collides_with_nothing() -> None:
    assert told() == []
    assert told([move("Ana Ruiz", "Ads")]) == []
