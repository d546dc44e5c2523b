"""The pages of one draft: what it changes, what no longer fits, and the way to its boards."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import drafts, plans, publishing, services
from orgmodel.changes.models import Draft, DraftShare
from orgmodel.core.changes import diff
from orgmodel.core.operations import ApplyChanges, LeaveSquad, MovePeople, Operation, RenameSquad
from orgmodel.core.org import Org
from tests.build import an_org, id_of, person, save, squad, tribe

pytestmark = pytest.mark.django_db

TODAY = f"{timezone.localdate():%-d %B}"


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


def positions(draft: Draft) -> tuple[int, ...]:
    return plans.plan_of(Draft.objects.get(pk=draft.pk)).positions


def an_import(people: int) -> ApplyChanges:
    org = Org.build(record for number in range(people) for record in person(f"Person {number:03}").records)
    return ApplyChanges(title="Import of people", changes=tuple(diff(Org.empty(), org)))


def test_changes_are_intents_with_facts_beneath(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", "Radio", "Search"), RenameSquad(id=id_of("Ads"), name="Advertising"))

    page = planner.get("/drafts/unblock-search/changes/")

    assert page.status_code == 200
    assert [(entry.sentence, entry.status) for entry in page.context["entries"]] == [
        ("Move Ana from Search to Radio", ""),
        ("Rename squad Ads to Advertising", ""),
    ]
    for action in ("operations/1/park", "operations/2/park", "operations/2/remove"):
        assert f'action="/drafts/unblock-search/{action}/"' in page.content.decode()
    today = f"{timezone.localdate():%-d %B %Y}"
    facts = page.context["entries"][0].facts
    assert [(fact.subject, fact.field, fact.before, fact.after) for fact in facts] == [
        ("Ana", "squad", "Search", "Radio"),
        ("Ana", "since", "", today),
    ]


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
        ("does not fit", f"Ana left Search on {TODAY} and is in Ads now; this draft moves them from Search."),
        ("", ""),
    ]
    html = " ".join(page.content.decode().split())
    assert "1 no longer fits" in html
    assert "Redone on today: Move Ana from Ads to Radio." in html
    for action in ("redo-on-today", "park", "remove"):
        assert f'action="/drafts/unblock-search/operations/1/{action}/"' in html
    assert "operations/2/redo-on-today" not in html


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
    done = publishing.publish(
        draft, actor=services.Actor("Eve"), message="", at=timezone.now(), despite="A test."
    )

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
    publishing.publish(draft, actor=services.Actor("Eve"), message="", at=timezone.now(), despite="A test.")

    page = editor.get("/history/2/")
    assert page.context["change_set"].message == ""
    assert '<a class="n" href="/drafts/unblock-search/changes/">Unblock search</a>' in page.content.decode()
    page = as_role("viewer").get("/history/2/").content.decode()
    assert "<dd>Unblock search</dd>" in page


ON_RADIO = (move("Ana", "Radio", "Search"), move("Ana", "Ads", "Radio"))


@pytest.mark.parametrize(("action", "word"), [("remove", "Remove"), ("park", "Park")])
def test_what_others_build_on_is_asked_about_once(as_role: Any, action: str, word: str) -> None:
    planner = as_role("planner")
    draft = a_draft(planner, *ON_RADIO, move("Ben", "Radio", "Search"))

    page = planner.post(f"/drafts/unblock-search/operations/1/{action}/")

    html = " ".join(page.content.decode().split())
    assert page.status_code == 422
    assert "1 change builds on it" in html
    assert "<li>Move Ana from Radio to Ads</li>" in html
    assert f">{word} both</button>" in html
    assert positions(draft) == (1, 2, 3)
    planner.post(f"/drafts/unblock-search/operations/1/{action}/", {"dependents": "all"})
    assert positions(draft) == (3,)
    planner.post("/drafts/unblock-search/undo/")
    assert positions(draft) == (1, 2, 3)


def test_what_is_parked_is_struck_through_below_and_can_be_taken_up(as_role: Any) -> None:
    planner = as_role("planner")
    draft = a_draft(planner, move("Ana", "Radio", "Search"), move("Ben", "Radio", "Search"))

    page = planner.post("/drafts/unblock-search/operations/1/park/", follow=True)

    assert "Parked: Move Ana from Search to Radio." in page.content.decode()
    assert [(entry.sentence, entry.status, bool(entry.facts)) for entry in page.context["entries"]] == [
        ("Move Ben from Search to Radio", "", True),
        ("Move Ana from Search to Radio", "parked", True),
    ]
    assert "1, and 1 parked" in page.content.decode()
    page = planner.post("/drafts/unblock-search/operations/1/take-up/", follow=True)
    assert "Taken up again: Move Ana from Search to Radio." in page.content.decode()
    assert positions(draft) == (1, 2)
    again = planner.post("/drafts/unblock-search/operations/1/take-up/")
    assert (again.status_code, "no such change" in again.content.decode()) == (422, True)


def test_a_note_is_written_in_place(as_role: Any) -> None:
    planner = as_role("planner")
    draft = a_draft(planner, move("Ana", "Radio", "Search"), move("Ben", "Radio", "Search"))
    planner.post("/drafts/unblock-search/operations/2/park/")
    note = "/drafts/unblock-search/operations/2/note/"
    page = planner.get("/drafts/unblock-search/changes/?note=2").content.decode()
    assert f'action="{note}"' in page

    answer = planner.post(note, {"note": "  Wait for Erik.\nHe is back in May. "})

    assert answer["Location"] == "/drafts/unblock-search/changes/#change-2"
    html = planner.get("/drafts/unblock-search/changes/").content.decode()
    assert '<p class="note">Wait for Erik.<br>He is back in May.</p>' in html
    assert "Wait for Erik." in planner.get("/drafts/unblock-search/changes/?note=2").content.decode()
    planner.post(note, {"note": ""})
    assert draft.operations.get(position=2).note == ""


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("x" * 5_001, "at most 5000 characters"), ("a\x00b", "This holds characters that cannot be stored.")],
)
def test_a_note_that_cannot_be_kept_is_shown_again(as_role: Any, text: str, complaint: str) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", "Radio", "Search"))

    answer = planner.post("/drafts/unblock-search/operations/1/note/", {"note": text})

    assert answer.status_code == 422
    assert complaint in answer.content.decode()
    assert planner.post("/drafts/unblock-search/operations/9/note/", {"note": "x"}).status_code == 404


def test_redo_on_today_replaces_what_no_longer_fits(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", "Radio", "Search"), move("Ben", "Radio", "Search"))
    live(move("Ana", "Ads", "Search"))
    assert [e.again for e in planner.get("/drafts/unblock-search/changes/").context["entries"]] == [
        "Move Ana from Ads to Radio",
        "",
    ]

    page = planner.post("/drafts/unblock-search/operations/1/redo-on-today/", follow=True)

    assert "Redone on today&#x27;s organization: Move Ana from Ads to Radio." in page.content.decode()
    assert [(entry.sentence, entry.status) for entry in page.context["entries"]] == [
        ("Move Ana from Ads to Radio", ""),
        ("Move Ben from Search to Radio", ""),
    ]
    answer = planner.post("/drafts/unblock-search/operations/1/redo-on-today/")
    assert answer.status_code == 422
    assert "There is nothing left of it to do" in answer.content.decode()

    planner.post("/drafts/unblock-search/undo/")
    page = planner.get("/drafts/unblock-search/changes/")
    assert page.context["entries"][0].again == "Move Ana from Ads to Radio"
    planner.post("/drafts/unblock-search/redo/")
    page = planner.get("/drafts/unblock-search/changes/")
    assert page.context["entries"][0].sentence == "Move Ana from Ads to Radio"


def test_who_has_a_part_edits_that_part_only(as_role: Any) -> None:
    owner, guest = as_role("planner", "owner"), as_role("planner", "guest")
    draft = a_draft(owner, move("Ana", "Radio", "Search"), RenameSquad(id=id_of("Ads"), name="Advertising"))
    DraftShare.objects.create(draft=draft, user=guest.user, can="edit", tribe=id_of("Create"))

    page = guest.get("/drafts/unblock-search/changes/")

    assert [entry.sentence for entry in page.context["entries"]] == ["Rename squad Ads to Advertising"]
    for action in ("remove", "park"):
        answer = guest.post(f"/drafts/unblock-search/operations/1/{action}/")
        assert "not in the part of the draft that you edit" in answer.content.decode()
    assert guest.post("/drafts/unblock-search/operations/1/note/", {"note": "x"}).status_code == 404
    assert guest.post("/drafts/unblock-search/operations/1/take-up/").status_code == 403
    assert guest.post("/drafts/unblock-search/operations/1/redo-on-today/").status_code == 403
    assert guest.get("/drafts/unblock-search/rename/").status_code == 403
    guest.post("/drafts/unblock-search/operations/2/park/")
    assert positions(draft) == (1,)


def test_the_head_counts_what_is_to_settle_also_on_the_board(as_role: Any) -> None:
    planner = as_role("planner")
    draft = a_draft(planner)
    board = "/tribes/listen/?draft=unblock-search"
    assert "to settle" not in planner.get(board).content.decode()
    drafts.append(draft, [move("Ana", "Radio", "Search")], author_id=None, at=timezone.now())
    settle = planner.get(board).context["reality"].to_settle
    assert (settle.blockers, settle.others) == (0, 8)
    assert "8 to settle" in planner.get(board).content.decode()

    leave = LeaveSquad(person=id_of("Ben"), squad=id_of("Search"))
    drafts.append(draft, [leave], author_id=None, at=timezone.now())

    assert '<span class="danger">1 blocks</span>' in planner.get(board).content.decode()


@pytest.mark.parametrize("people", [1, 300])
def test_the_page_costs_the_same_however_large_the_draft(
    as_role: Any, people: int, django_assert_num_queries: Any
) -> None:
    planner = as_role("planner")
    a_draft(planner, an_import(people))
    planner.get("/drafts/unblock-search/changes/")

    # session, user, head, the draft, notes, briefings, freezes, drafts in the rail
    with django_assert_num_queries(8):
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
def test_a_archived_draft_leads_to_what_it_planned(as_role: Any, page: str) -> None:
    planner = as_role("planner")
    drafts.archive(a_draft(planner, move("Ben", "Ads", "Search"), name="Thrown away"), at=timezone.now())

    answer = planner.get(f"{page}?draft=thrown-away")

    assert answer["Location"] == "/drafts/thrown-away/changes/"
    html = planner.get(answer["Location"]).content.decode()
    assert f"Archived on {timezone.localdate():%-d %B %Y}." in html
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
