"""The pages of one draft: what it changes, what no longer fits, and the way to its boards."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import drafts, publishing, services
from orgmodel.changes.models import Draft
from orgmodel.core.changes import diff
from orgmodel.core.operations import ApplyChanges, MovePeople, Operation, RenameSquad
from orgmodel.core.org import Org
from tests.build import an_org, id_of, person, save, squad, tribe

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _org() -> None:
    save(
        an_org(
            tribe("Listen", squad("Search", "Ana", "Ben"), squad("Radio", "Cleo")),
            tribe("Create", squad("Ads")),
        )
    )


def a_draft(owner: Any, *operations: Operation, name: str = "Unblock search") -> Draft:
    return drafts.create_draft(name, owner_id=owner.user.pk, at=timezone.now(), operations=operations)


def move(who: str, to: str, source: str) -> MovePeople:
    return MovePeople(people=(id_of(who),), to=id_of(to), source=id_of(source))


def live(operation: Operation) -> None:
    services.commit([operation], actor=services.Actor("Eve"), message="", source="web", at=timezone.now())


def an_import(people: int) -> ApplyChanges:
    org = Org.build(record for number in range(people) for record in person(f"Person {number:03}").records)
    return ApplyChanges(title="Import of people", changes=tuple(diff(Org.empty(), org)))


def test_changes_are_intents_with_facts_beneath(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", "Radio", "Search"), RenameSquad(id=id_of("Ads"), name="Advertising"))

    page = planner.get("/drafts/unblock-search/changes/")

    assert page.status_code == 200
    assert [(entry.sentence, entry.status, entry.action_url) for entry in page.context["entries"]] == [
        ("Move Ana from Search to Radio", "", "/drafts/unblock-search/remove/1/"),
        ("Rename squad Ads to Advertising", "", "/drafts/unblock-search/remove/2/"),
    ]
    [fact] = page.context["entries"][0].facts
    assert (fact.subject, fact.field, fact.before, fact.after) == ("Ana", "squad", "Search", "Radio")


def test_the_page_wears_the_frame_of_the_draft(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", "Radio", "Search"))

    html = planner.get("/drafts/unblock-search/changes/").content.decode()

    assert "<title>Draft: Unblock search" in html
    assert 'class="blueprint"' in html
    assert "1 move" in html


def test_what_no_longer_fits_is_marked_in_place_with_the_reason(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", "Radio", "Search"), move("Ben", "Radio", "Search"))
    live(move("Ana", "Ads", "Search"))

    page = planner.get("/drafts/unblock-search/changes/")

    assert [(entry.status, entry.reason) for entry in page.context["entries"]] == [
        ("does not fit", "Ana is in Ads now, not in Search any more."),
        ("", ""),
    ]
    assert "1 no longer fits" in page.content.decode()


def test_the_boards_that_a_draft_changes_are_linked(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", "Ads", "Search"))

    page = planner.get("/drafts/unblock-search/changes/")

    assert [tribe.name for tribe in page.context["boards"]] == ["Create", "Listen"]
    assert 'href="/tribes/listen/?draft=unblock-search"' in page.content.decode()


def test_open_board_leads_to_the_first_tribe_touched_or_to_all(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", "Radio", "Search"))
    a_draft(planner, name="Empty")

    assert planner.get("/drafts/unblock-search/board/")["Location"] == "/tribes/listen/?draft=unblock-search"
    assert planner.get("/drafts/empty/board/")["Location"] == "/tribes/?draft=empty"


def test_an_empty_draft_says_what_belongs_here(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner)

    html = planner.get("/drafts/unblock-search/changes/").content.decode()

    assert "Nothing changed yet" in html
    assert "Review and publish" not in html


def test_a_large_intent_shows_its_first_changes_and_the_others_on_a_page_of_their_own(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, an_import(230))

    [entry] = planner.get("/drafts/unblock-search/changes/").context["entries"]
    last = planner.get("/drafts/unblock-search/changes/?intent=1&page=3")

    assert (entry.more, entry.more_url) == (218, "/drafts/unblock-search/changes/?intent=1")
    assert len(last.context["entries"][0].facts) == 30


STRANGE = ["intent=9", "intent=x", "intent=²", f"intent={'9' * 50}", "page=0", "page=x", "page=99"]


@pytest.mark.parametrize("query", STRANGE)
def test_strange_addresses_show_the_page(as_role: Any, query: str) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", "Radio", "Search"))

    assert planner.get(f"/drafts/unblock-search/changes/?{query}").status_code == 200


@pytest.mark.parametrize("key", ["nothing", "x" * 300])
def test_an_unknown_draft_is_not_there(as_role: Any, key: str) -> None:
    assert as_role("editor").get(f"/drafts/{key}/changes/").status_code == 404


def test_a_published_draft_shows_what_it_did_and_nothing_to_do(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", "Radio", "Search"))
    done = publishing.publish(draft, actor=services.Actor("Eve"), message="", at=timezone.now())

    assert editor.get("/tribes/?draft=unblock-search")["Location"] == "/drafts/unblock-search/changes/"
    page = editor.get("/drafts/unblock-search/changes/")
    html = page.content.decode()
    assert [entry.sentence for entry in page.context["entries"]] == ["Move Ana from Search to Radio"]
    assert '<a class="link" href="/history/2/">change 2</a>' in html
    assert "Review and publish" not in html
    assert "undone by" not in html

    services.undo(done, actor=services.Actor("Eve"), message="", at=timezone.now())
    html = editor.get("/drafts/unblock-search/changes/").content.decode()
    assert '<a class="tag" href="/history/3/">undone by change 3</a>' in html


def test_a_draft_published_without_a_reason_gives_none(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", "Radio", "Search"))
    publishing.publish(draft, actor=services.Actor("Eve"), message="", at=timezone.now())

    page = editor.get("/history/2/")
    assert page.context["change_set"].message == ""
    assert '<a class="n" href="/drafts/unblock-search/changes/">Unblock search</a>' in page.content.decode()
    page = as_role("viewer").get("/history/2/").content.decode()
    assert "<dd>Unblock search</dd>" in page


def test_removing_what_others_build_on_marks_them(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", "Radio", "Search"), move("Ana", "Ads", "Radio"))

    page = planner.post("/drafts/unblock-search/remove/1/", follow=True)

    assert [entry.status for entry in page.context["entries"]] == ["does not fit"]


@pytest.mark.parametrize("people", [1, 300])
def test_the_page_costs_the_same_however_large_the_draft(
    as_role: Any, people: int, django_assert_num_queries: Any
) -> None:
    planner = as_role("planner")
    a_draft(planner, an_import(people))
    planner.get("/drafts/unblock-search/changes/")

    with django_assert_num_queries(6):  # session, user, head twice, the draft, drafts in the rail
        planner.get("/drafts/unblock-search/changes/")


@pytest.mark.parametrize(
    "query", ["draft=other", "as_of=2020-01-01", "draft=unblock-search", "draft=thrown-away"]
)
def test_the_address_names_the_draft_whatever_its_query_says(as_role: Any, query: str) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", "Radio", "Search"))
    a_draft(planner, name="Other")
    drafts.archive(a_draft(planner, move("Ben", "Ads", "Search"), name="Thrown away"), at=timezone.now())

    page = planner.get(f"/drafts/unblock-search/changes/?{query}")

    assert [entry.sentence for entry in page.context["entries"]] == ["Move Ana from Search to Radio"]
    assert page.context["reality"].draft.name == "Unblock search"
    assert planner.get(f"/drafts/thrown-away/changes/?{query}").status_code == 200


@pytest.mark.parametrize("page", ["/", "/tribes/", "/people/", "/history/", "/drafts/thrown-away/board/"])
def test_a_discarded_draft_leads_to_what_it_planned(as_role: Any, page: str) -> None:
    planner = as_role("planner")
    drafts.archive(a_draft(planner, move("Ben", "Ads", "Search"), name="Thrown away"), at=timezone.now())

    answer = planner.get(f"{page}?draft=thrown-away")

    assert answer["Location"] == "/drafts/thrown-away/changes/"
    html = planner.get(answer["Location"]).content.decode()
    assert f"Discarded on {timezone.localdate():%-d %B %Y}." in html
    assert "Move Ben from Search to Ads" in html
    assert "Review and publish" not in html
    assert 'id="steps-back"' not in html


def test_a_draft_without_a_page_behind_its_key_leads_to_its_changes(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner)

    assert planner.get("/drafts/unblock-search/")["Location"] == "/drafts/unblock-search/changes/"
    assert planner.get("/drafts/nothing/").status_code == 404


def test_back_to_live_leaves_the_draft(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner)

    html = planner.get("/drafts/unblock-search/changes/").content.decode()

    assert '<a class="btn bare opt" href="/">Back to live</a>' in html
