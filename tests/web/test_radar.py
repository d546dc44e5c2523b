"""Where drafts collide, and that a draft one may not see gives nothing away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orgmodel.changes import drafts, publishing
from orgmodel.changes.models import Draft, DraftShare
from orgmodel.core.operations import CloseSquad, MovePeople, Operation, RenameSquad
from tests.build import an_org, id_of, save, squad, tribe

pytestmark = pytest.mark.django_db

RADAR = "/drafts/conflicts/"


@pytest.fixture(autouse=True)
def _org() -> None:
    save(
        an_org(
            tribe(
                "Listen",
                squad("Search", "Ana", "Ben", "Cleo", "Dan", "Eve", "Fay", "Gus", "Hal"),
                squad("Radio", "Ida", "Jon", "Kim", "Lea", "Max", "Ned"),
            ),
            tribe("Create", squad("Ads", "Ola", "Pia", "Quin", "Rae")),
        )
    )


def a_draft(owner: Any, name: str, *operations: Operation) -> Draft:
    return drafts.create_draft(name, owner_id=owner.user.pk, at=timezone.now(), operations=operations)


def move(*people: str, to: str) -> MovePeople:
    return MovePeople(people=tuple(id_of(name) for name in people), to=id_of(to))


def told(browser: Any) -> list[tuple[str, str, list[tuple[str, str]], int]]:
    return [
        (c.kind, c.message, [(place.draft, place.does) for place in c.places], c.hidden)
        for c in browser.get(RADAR).context["page"].object_list
    ]


def test_a_person_claimed_twice_links_to_both_places(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, "One", RenameSquad(id=id_of("Ads"), name="Adverts"), move("Ana", to="Radio"))
    a_draft(planner, "Other", move("Ana", to="Ads"))

    page = planner.get(RADAR)

    assert page.status_code == 200
    assert told(planner) == [
        (
            "Claimed twice",
            "Ana goes to Radio in one and to Ads in the other.",
            [("One", "goes to Radio"), ("Other", "goes to Ads")],
            0,
        )
    ]
    [conflict] = page.context["page"].object_list
    assert [place.url for place in conflict.places] == [
        "/drafts/one/changes/?intent=2",
        "/drafts/other/changes/?intent=1",
    ]
    assert (conflict.page, conflict.url) == ("Ana", "/people/ana/")


def test_every_kind_of_collision_is_told(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, "One", move("Ola", to="Search"), RenameSquad(id=id_of("Radio"), name="Stations"))
    a_draft(planner, "Other", move("Pia", to="Search"), RenameSquad(id=id_of("Radio"), name="Channels"))
    a_draft(planner, "Third", CloseSquad(id=id_of("Ads"), to=id_of("Radio")))
    a_draft(planner, "Fourth", move("Ida", to="Ads"))

    kinds = {kind for kind, *_ in told(planner)}

    assert kinds == {
        "Claimed twice",
        "Staffed here, closed there",
        "Set to two values",
        "Out of range together",
    }


def test_a_draft_of_others_is_another_draft_without_content(as_role: Any) -> None:
    planner, other = as_role("planner"), as_role("planner", "ines")
    a_draft(planner, "One", move("Ana", to="Radio"))
    a_draft(other, "Secret plan", RenameSquad(id=id_of("Ads"), name="Zeppelin"), move("Ana", "Ben", to="Ads"))

    html = planner.get(RADAR).content.decode()

    assert told(planner) == [
        (
            "Claimed twice",
            "Ana goes to Radio; something else is planned elsewhere.",
            [("One", "goes to Radio")],
            1,
        )
    ]
    assert "Another draft" in html
    main = html.split('id="main"')[1]
    for word in ("Secret", "secret", "Zeppelin", "Ben", "Ads", "ines"):
        assert word not in main


def test_what_a_hidden_draft_renames_keeps_its_name(as_role: Any) -> None:
    """The older draft is the hidden one, so that its words would come first."""
    planner, other = as_role("planner"), as_role("planner", "ines")
    a_draft(other, "Secret", RenameSquad(id=id_of("Radio"), name="Zeppelin"), move("Ana", to="Radio"))
    a_draft(planner, "One", CloseSquad(id=id_of("Radio"), to=id_of("Search")))

    html = planner.get(RADAR).content.decode()

    assert "Zeppelin" not in html
    assert "Staffed here, closed there" in html


def test_several_hidden_drafts_are_told_once(as_role: Any) -> None:
    planner, other = as_role("planner"), as_role("planner", "ines")
    a_draft(planner, "One", move("Ana", to="Radio"))
    a_draft(other, "Secret", move("Ana", to="Ads"))
    a_draft(other, "Second secret", move("Ana", to="Ads"))

    [(_, _, places, hidden)] = told(planner)

    assert (places, hidden) == ([("One", "goes to Radio")], 2)
    assert "2 other drafts" in planner.get(RADAR).content.decode()


def test_collisions_between_drafts_one_may_not_see_are_not_shown(as_role: Any) -> None:
    one, other, viewer = as_role("planner"), as_role("planner", "ines"), as_role("viewer")
    a_draft(one, "One", move("Ana", to="Radio"))
    a_draft(other, "Other", move("Ana", to="Ads"))

    for stranger in (as_role("org designer"), viewer):
        assert told(stranger) == []
        assert "No conflicts" in stranger.get(RADAR).content.decode()


def test_a_number_that_a_hidden_draft_is_part_of_is_not_told(as_role: Any) -> None:
    planner, other = as_role("planner"), as_role("planner", "ines")
    a_draft(planner, "One", move("Ola", to="Search"))
    a_draft(other, "Secret", move("Ida", to="Search"))

    assert told(planner) == [
        (
            "Out of range together",
            "Search gains 1; with what others plan it ends out of range.",
            [("One", "gains 1")],
            1,
        )
    ]


def test_who_was_handed_a_part_sees_what_collides_in_it(as_role: Any) -> None:
    owner, guest = as_role("planner"), as_role("planner", "guest")
    shared = a_draft(owner, "Shared", move("Ana", to="Radio"), RenameSquad(id=id_of("Ads"), name="Adverts"))
    DraftShare.objects.create(draft=shared, user=guest.user, can="edit", tribe=id_of("Create"))
    a_draft(guest, "Own", move("Ana", to="Ads"), RenameSquad(id=id_of("Ads"), name="Banners"))

    found = told(guest)

    assert [(kind, [draft for draft, _ in places]) for kind, _, places, _ in found] == [
        ("Set to two values", ["Shared", "Own"])
    ]


def test_scheduled_drafts_are_looked_at_and_those_put_away_are_not(as_role: Any) -> None:
    editor = as_role("editor")
    due = a_draft(editor, "Due", move("Ana", to="Radio"))
    publishing.schedule(
        due,
        on=timezone.localdate() + timedelta(days=9),
        by_id=editor.user.pk,
        message="",
        at=timezone.now(),
        despite="It is a test.",
    )
    old = a_draft(editor, "Old", move("Ana", to="Ads"))

    assert [draft for draft, _ in told(editor)[0][2]] == ["Due", "Old"]
    drafts.archive(old, at=timezone.now())
    assert told(editor) == []


def test_strangers_are_sent_to_the_login(client: Any) -> None:
    assert client.get(RADAR).status_code == 302


def test_nonsense_in_the_address_does_no_harm(as_role: Any) -> None:
    assert as_role("planner").get(f"{RADAR}?page=%00").status_code == 200


@pytest.mark.parametrize(("operations", "count"), [(1, 2), (40, 2), (1, 8)])
def test_queries_do_not_grow_with_drafts_once_they_are_known(
    as_role: Any, operations: int, count: int
) -> None:
    planner = as_role("planner")
    for number in range(count):
        renames = [RenameSquad(id=id_of("Ads"), name=f"Ads {number} {n}") for n in range(operations)]
        a_draft(planner, f"Draft {number}", *renames)
    planner.get(RADAR)

    with CaptureQueriesContext(connection) as captured:
        planner.get(RADAR)

    assert len(captured) == 7


@pytest.mark.parametrize("operations", [1, 40])
def test_a_first_look_costs_two_queries_for_each_draft(as_role: Any, operations: int) -> None:
    planner = as_role("planner")
    for name in ("One", "Other"):
        renames = [RenameSquad(id=id_of("Ads"), name=f"{name} {n}") for n in range(operations)]
        a_draft(planner, name, *renames)

    with CaptureQueriesContext(connection) as captured:
        planner.get(RADAR)

    assert len(captured) == 11
