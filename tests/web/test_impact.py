"""What a draft does to people and units, what speaks against it, and what it would leave without a home."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orgmodel.changes import drafts, plans, publishing, services
from orgmodel.changes.models import Draft, DraftShare
from orgmodel.core.changes import change_between, in_order
from orgmodel.core.operations import (
    ApplyChanges,
    ChangeChapter,
    CreateDomain,
    CreateSystem,
    EditPerson,
    MergeSquads,
    MovePeople,
    Operation,
)
from orgmodel.core.records import Dependency
from tests.build import an_org, chapter, id_of, mission, person, save, squad, tribe, vacancy

pytestmark = pytest.mark.django_db

DAY = timezone.localdate()


@pytest.fixture(autouse=True)
def _org() -> None:
    save(
        an_org(
            mission("Offline listening"),
            mission("Play anywhere"),
            person("Ana", manager="Pia"),
            person("Pia"),
            person("Quin"),
            tribe(
                "Listen",
                squad("Playback", "Ana", "Ben", "Cleo", "Dan", mission="Play anywhere"),
                squad("Offline", "Eve", "Fay", mission="Offline listening"),
                chapter("Backend", "Ana", "Eve", lead="Pia"),
                chapter("Mobile", "Ben"),
            ),
            tribe("Create", squad("Ads", "Gus", "Hal", "Ida", "Jon")),
            vacancy("Senior backend", squad="Offline"),
        ),
        at=timezone.now() - timedelta(days=400),
    )


def a_draft(owner: Any, *operations: Operation, name: str = "Unblock") -> Draft:
    return drafts.create_draft(name, owner_id=owner.user.pk, at=timezone.now(), operations=operations)


def move(*people: str, to: str) -> MovePeople:
    return MovePeople(people=tuple(id_of(name) for name in people), to=id_of(to))


def merge() -> MergeSquads:
    return MergeSquads(squads=(id_of("Offline"),), into=id_of("Playback"), hands_over=False)


def live(operation: Operation, days_ago: int = 0) -> None:
    at = timezone.now() - timedelta(days=days_ago)
    services.commit([operation], actor=services.Actor("Eve"), message="", source="web", at=at)


def rows(page: Any, key: str) -> list[Any]:
    return next((section.rows for section in page.context["sections"] if section.key == key), [])


# How far it reaches


def test_it_begins_with_how_far_it_reaches_and_its_price(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", to="Ads"))

    page = planner.get("/drafts/unblock/impact/")

    assert page.status_code == 200
    assert [(fact["label"], fact["value"]) for fact in page.context["facts"]] == [
        ("People reached", "8"),  # Ana, three she leaves, four she joins
        ("Squads reached", "2"),
        ("Tribes reached", "2"),
        ("Human price", "40"),
    ]
    # Nobody knows since when they are together, so each of the three pairs counts 12 months.
    assert page.context["price"] == (
        "40 = 36 months of working together that end + 3 for another squad + 1 for another tribe."
    )


def test_an_empty_draft_has_no_impact(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner)

    assert "No impact yet" in planner.get("/drafts/unblock/impact/").content.decode()


# Lists


def test_people_are_told_before_and_after(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(
        planner,
        move("Ana", to="Ads"),
        EditPerson(id=id_of("Ana"), values={"manager": id_of("Quin")}),
        ChangeChapter(people=(id_of("Ana"),), chapter=id_of("Mobile")),
    )

    [row] = rows(planner.get("/drafts/unblock/impact/"), "people")

    assert (row.person.name, row.person.url) == ("Ana", "/people/ana/?draft=unblock")
    told = [(cell.before, cell.after.name) for cell in (row.squad, row.manager, row.chapter)]
    assert told == [("Playback", "Ads"), ("Pia", "Quin"), ("Backend", "Mobile")]
    assert row.squad.after.url == "/squads/ads/?draft=unblock"


def test_squads_say_who_stays(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", "Ben", "Cleo", to="Ads"))

    found = rows(planner.get("/drafts/unblock/impact/"), "squads")

    assert [(r.squad.name, r.before, r.after, r.stayed, r.core_kept, r.is_broken) for r in found] == [
        ("Ads", 4, 7, 4, 100, False),
        ("Playback", 4, 1, 1, 25, True),
    ]


def test_tribes_chapters_and_missions_say_what_they_gain_and_lose(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(
        planner,
        merge(),
        move("Ana", to="Ads"),
        ChangeChapter(people=(id_of("Ana"),), chapter=id_of("Mobile")),
    )

    page = planner.get("/drafts/unblock/impact/")

    assert [(r.unit.name, r.kind, r.size_before, r.size_after) for r in rows(page, "units")] == [
        ("Create", "tribe", 4, 5),
        ("Listen", "tribe", 6, 5),
        ("Backend", "chapter", 2, 1),
        ("Mobile", "chapter", 1, 2),
    ]
    told = [
        (r.mission.name, r.people_before, r.people_after, r.time_before, r.time_after, r.is_left)
        for r in rows(page, "missions")
    ]
    assert told == [("Offline listening", 2, 0, "2", "0", True), ("Play anywhere", 4, 5, "4", "5", False)]
    assert "left without a squad" in page.content.decode()


def test_the_ledger_tells_pairs_and_who_moves_again(as_role: Any) -> None:
    planner = as_role("planner")
    live(move("Eve", to="Ads"), days_ago=390)  # too long ago to count
    live(move("Eve", to="Playback"), days_ago=200)
    live(move("Eve", to="Offline"), days_ago=100)
    a_draft(planner, move("Eve", to="Ads"))

    page = planner.get("/drafts/unblock/impact/")

    pairs = [(r.one.name, r.other.name, r.months, r.starts) for r in rows(page, "pairs")]
    assert pairs[0] == ("Eve", "Fay", 3, False)
    assert sorted(pairs[1:]) == [("Eve", name, 0, True) for name in ("Gus", "Hal", "Ida", "Jon")]
    assert [(r.person.name, r.number, r.days) for r in rows(page, "again")] == [
        ("Eve", 3, (DAY - timedelta(days=200), DAY - timedelta(days=100)))
    ]


def test_a_list_has_a_page_of_its_own_with_search(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", "Ben", to="Ads"))

    everyone = planner.get("/drafts/unblock/impact/?list=people")
    found = planner.get("/drafts/unblock/impact/?list=people&q=%20AN")
    nobody = planner.get("/drafts/unblock/impact/?list=people&q=%00")

    assert [row.person.name for row in rows(everyone, "people")] == ["Ana", "Ben"]
    assert [row.person.name for row in rows(found, "people")] == ["Ana"]
    assert [section.key for section in found.context["sections"]] == ["people"]
    assert "Nobody of this name changes place." in nobody.content.decode()
    assert planner.get("/drafts/unblock/impact/?list=nonsense").status_code == 404
    assert planner.get("/drafts/unblock/impact/?list=people&page=nonsense").status_code == 200


# Checks and what needs a home


def test_checks_say_what_to_try(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, merge())

    page = planner.get("/drafts/unblock/impact/")

    assert [(check.code, check.level) for check in page.context["checks"]] == [
        ("RG-03", "blocker"),
        ("RG-05", "high"),
        ("RG-10", "medium"),
    ]
    html = page.content.decode()
    assert "Offline closes but still holds the vacancy Senior backend." in html
    assert "Plan who tells each of them, before it is announced." in html


def test_what_is_left_behind_gets_a_home_by_one_button(as_role: Any) -> None:
    planner = as_role("planner")
    draft = a_draft(planner, merge())

    [row] = planner.get("/drafts/unblock/impact/").context["left"]
    told = (row.thing.name, row.squad, row.goes_to.name, row.choose_url)
    assert told == (
        "Senior backend",
        "Offline",
        "Playback",
        "/vacancies/senior-backend/edit/?draft=unblock",
    )

    sent = {"id": row.id, "to": row.goes_to_id}
    first = planner.post("/drafts/unblock/give-home/", sent)
    second = planner.post("/drafts/unblock/give-home/", sent)

    assert (first.status_code, first["Location"]) == (303, "/drafts/unblock/impact/")
    assert second.status_code == 303  # a second click does no harm
    planned = plans.replay_draft(Draft.objects.get(pk=draft.pk))
    assert [step.sentence for step in planned.steps][1:] == ["Edit vacancy Senior backend: squad"]
    assert planned.after.vacancies[id_of("Senior backend")].squad == id_of("Playback")
    assert planner.get("/drafts/unblock/impact/").context["left"] == []


def test_all_that_a_squad_leaves_behind_is_named_with_the_page_that_helps(as_role: Any) -> None:
    planner = as_role("planner")
    owner = {"squad": id_of("Offline")}
    waits = Dependency(id=id_of("waits"), squad=id_of("Ads"), needs=id_of("Offline"))
    draft = a_draft(
        planner,
        CreateSystem(id=id_of("Sync"), values={"name": "Sync", **owner}),
        CreateDomain(id=id_of("Caching"), values={"name": "Caching", **owner}),
        merge(),
        ApplyChanges("Somebody waits", tuple(in_order([change_between(None, waits)]))),
    )

    page = planner.get("/drafts/unblock/impact/")
    told = {(row.kind, row.thing.name, row.goes_to.name, row.choose_url) for row in page.context["left"]}
    assert told == {
        ("vacancy", "Senior backend", "Playback", "/vacancies/senior-backend/edit/?draft=unblock"),
        ("system", "Sync", "Playback", "/systems/sync/edit/?draft=unblock"),
        ("domain", "Caching", "Playback", "/domains/caching/edit/?draft=unblock"),
        ("dependency", "Ads waits for Offline", "", "/squads/ads/needs/offline/?draft=unblock"),
    }
    assert "system of Offline, which closes" in page.content.decode()

    for name in ("Sync", "Caching"):
        sent = {"id": id_of(name), "to": id_of("Playback")}
        assert planner.post("/drafts/unblock/give-home/", sent).status_code == 303
    sent = {"id": id_of("waits"), "to": id_of("Playback")}
    assert planner.post("/drafts/unblock/give-home/", sent).status_code == 422
    after = plans.replay_draft(Draft.objects.get(pk=draft.pk)).after
    assert after.systems[id_of("Sync")].squad == after.domains[id_of("Caching")].squad == id_of("Playback")


@pytest.mark.parametrize("to", ["", "nonsense", "\x00", id_of("Nobody"), id_of("Offline")])
def test_a_home_that_is_none_is_refused(as_role: Any, to: str) -> None:
    planner = as_role("planner")
    a_draft(planner, merge())

    page = planner.post("/drafts/unblock/give-home/", {"id": id_of("Senior backend"), "to": to})

    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()
    assert len(planner.get("/drafts/unblock/impact/").context["left"]) == 1


# Who may what


def test_only_those_who_see_the_draft_see_its_impact(as_role: Any, client: Any) -> None:
    owner, editor, viewer = as_role("planner"), as_role("editor"), as_role("viewer")
    draft = a_draft(owner, merge())
    page, home = "/drafts/unblock/impact/", "/drafts/unblock/give-home/"

    assert client.get(page).status_code == 302
    assert editor.get(page).status_code == viewer.get(page).status_code == 404
    assert editor.post(home).status_code == 404

    DraftShare.objects.create(draft=draft, user=viewer.user, can="view")
    seen = viewer.get(page)
    assert seen.status_code == 200
    assert "give-home" not in seen.content.decode()
    assert viewer.post(home).status_code == 403
    assert owner.get(home).status_code == 405


def test_who_was_handed_a_part_sees_the_impact_of_that_part(as_role: Any) -> None:
    owner, guest = as_role("planner"), as_role("planner", "guest")
    draft = a_draft(owner, merge(), EditPerson(id=id_of("Gus"), values={"manager": id_of("Quin")}))
    DraftShare.objects.create(draft=draft, user=guest.user, can="edit", tribe=id_of("Create"))

    page = guest.get("/drafts/unblock/impact/")

    assert [row.person.name for row in rows(page, "people")] == ["Gus"]
    assert page.context["left"] == []


def test_a_scheduled_draft_can_be_read_but_not_changed(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Ads"))
    publishing.schedule(
        draft,
        on=DAY + timedelta(days=9),
        by_id=editor.user.pk,
        message="",
        at=timezone.now(),
        despite="It is a test.",
    )

    page = editor.get("/drafts/unblock/impact/")

    assert page.status_code == editor.get("/drafts/unblock/compare/").status_code == 200
    assert rows(page, "people")[0].person.url == "/people/ana/"
    assert editor.post("/drafts/unblock/give-home/").status_code == 303


# What it costs


@pytest.mark.parametrize("count", [1, 40])
def test_queries_do_not_grow_with_the_draft(as_role: Any, count: int) -> None:
    planner = as_role("planner")
    moves = [move("Ana", to=("Ads", "Offline")[number % 2]) for number in range(count)]
    a_draft(planner, *moves, move("Ben", to="Ads"))
    planner.get("/drafts/unblock/impact/")

    with CaptureQueriesContext(connection) as captured:
        planner.get("/drafts/unblock/impact/")

    assert len(captured) == 12
