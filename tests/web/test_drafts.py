"""The list of drafts, and what happens to a draft: start, rename, undo, remove, copy, archive, delete."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import drafts, plans, publishing, services, sharing
from orgmodel.changes.models import Draft, DraftShare
from orgmodel.core.operations import CreateSquad, Operation, SetShare
from tests.build import id_of
from tests.web.sketches import a_draft, expected, move, save_two_tribes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _org() -> None:
    save_two_tribes()


# The list


def test_the_list_shows_each_draft_in_one_line(as_role: Any) -> None:
    planner = as_role("planner")
    new = CreateSquad(id=id_of("Podcasts"), values={"name": "Podcasts", "tribe": id_of("Listen")})
    a_draft(planner, move("Ana", "Ben", to="Radio"), new)

    page = planner.get("/drafts/")

    assert page.status_code == 200
    assert [(row["draft"].name, row["summary"], row["is_mine"]) for row in page.context["rows"]] == [
        ("Unblock search", "2 moves, 1 new squad", True)
    ]
    assert 'href="/drafts/unblock-search/board/"' in page.content.decode()


def test_the_list_is_divided_by_state(as_role: Any) -> None:
    editor = as_role("editor")
    a_draft(editor, name="Open one")
    drafts.archive(a_draft(editor, name="Thrown away"), at=timezone.now())

    counts = {tab["name"]: tab["count"] for tab in editor.get("/drafts/").context["tabs"]}
    archived = editor.get("/drafts/?state=archived")

    assert counts == {"Open": 1, "Scheduled": 0, "Published": 0, "Archived": 1}
    assert [row["draft"].name for row in archived.context["rows"]] == ["Thrown away"]
    assert editor.get("/drafts/?state=nonsense").context["state"] == "open"


def test_an_empty_list_says_what_belongs_here(as_role: Any) -> None:
    assert "No drafts yet" in as_role("planner").get("/drafts/").content.decode()


def test_a_draft_is_its_owners_until_others_are_invited_or_everyone_sees_it(as_role: Any) -> None:
    rikard, ines, editor = as_role("planner", "rikard"), as_role("planner", "ines"), as_role("editor")
    draft = a_draft(rikard)

    for other in (ines, editor):
        assert other.get("/drafts/").context["rows"] == []
        assert other.get("/drafts/unblock-search/changes/").status_code == 404
    DraftShare.objects.create(draft=draft, user=ines.user, can="view")
    assert len(ines.get("/drafts/").context["rows"]) == 1
    assert editor.get("/drafts/").context["rows"] == []
    sharing.show(draft, "everyone", at=timezone.now())
    assert "everyone sees it" in editor.get("/drafts/").content.decode()


def test_a_viewer_has_no_drafts(as_role: Any) -> None:
    a_draft(as_role("planner"))
    viewer = as_role("viewer")

    assert viewer.get("/drafts/").status_code == 403
    assert 'href="/drafts/"' not in viewer.get("/people/").content.decode()
    for page in ("changes", "board", "publish", "schedule", "archive", "delete", "rename"):
        assert viewer.get(f"/drafts/unblock-search/{page}/").status_code == 404
    for action in (
        "undo", "redo", "publish", "schedule", "unschedule", "duplicate", "archive", "reopen", "delete",
        "operations/1/remove", "operations/1/park", "operations/1/take-up", "operations/1/note",
    ):  # fmt: skip
        assert viewer.post(f"/drafts/unblock-search/{action}/").status_code == 404


@pytest.mark.parametrize("count", [1, 25])
def test_the_list_costs_the_same_however_many_drafts(
    as_role: Any, count: int, django_assert_num_queries: Any
) -> None:
    editor = as_role("editor")
    for number in range(count):
        a_draft(editor, move("Ana", to="Radio"), name=f"Draft {number}")
    editor.get("/drafts/")

    with django_assert_num_queries(7):  # session, user, head, tabs, number, drafts, their operations
        editor.get("/drafts/")


# Start


def test_starting_a_draft_leads_to_its_boards(as_role: Any) -> None:
    planner = as_role("planner")

    answer = planner.post("/drafts/", {"name": "  Winter   plan "})

    draft = Draft.objects.get()
    assert (draft.name, draft.owner, draft.state) == ("Winter plan", planner.user, "open")
    assert (answer.status_code, answer["Location"]) == (303, "/tribes/?draft=winter-plan")


def test_starting_a_draft_by_htmx_leads_there_too(as_role: Any) -> None:
    answer = as_role("planner").post("/drafts/", {"name": "Winter plan"}, headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/tribes/?draft=winter-plan")


def test_a_double_click_starts_one_draft(as_role: Any) -> None:
    planner = as_role("planner")
    planner.post("/drafts/", {"name": "Winter plan"})
    planner.post("/drafts/", {"name": "Winter plan"})

    assert Draft.objects.count() == 1


def test_a_form_sent_twice_starts_one_draft_whatever_came_between(as_role: Any) -> None:
    planner = as_role("planner")
    form = {"name": "Winter plan", "id": planner.get("/drafts/").context["form"]["id"].value()}
    planner.post("/drafts/", form)
    drafts.append(
        Draft.objects.get(), [move("Ana", to="Radio")], author_id=planner.user.pk, at=timezone.now()
    )

    assert planner.post("/drafts/", form)["Location"] == "/tribes/?draft=winter-plan"
    assert Draft.objects.count() == 1
    answer = as_role("editor").post("/drafts/", form)
    assert answer.status_code == 422
    assert "This form was used by somebody else." in answer.content.decode()


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("name", ["", "   "])
def test_a_draft_without_a_name_is_named_by_its_day(as_role: Any, name: str, language: str) -> None:
    as_role("planner").post("/drafts/", {"name": name}, headers={"accept-language": language})

    assert Draft.objects.get().name == f"Draft of {timezone.localdate():%-d %B}"


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("x" * 201, "Ensure this value has at most 200 characters (it has 201)."),
        ("a\x00b", "This holds characters that cannot be stored."),
    ],
)
def test_a_draft_needs_a_name_that_can_be_kept(as_role: Any, name: str, complaint: str) -> None:
    answer = as_role("planner").post("/drafts/", {"name": name})

    assert answer.status_code == 422
    assert complaint in answer.content.decode()
    assert not Draft.objects.exists()


# Rename


def test_renaming_keeps_the_address(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner)

    assert planner.get("/drafts/unblock-search/rename/").status_code == 200
    answer = planner.post("/drafts/unblock-search/rename/", {"name": "Search first"})

    assert (answer.status_code, answer["Location"]) == (303, "/drafts/unblock-search/changes/")
    assert Draft.objects.get().name == "Search first"
    assert planner.post("/drafts/unblock-search/rename/", {"name": ""}).status_code == 422


# Take out


def sentences(draft: Draft) -> list[str]:
    return [step.sentence for step in plans.replay_draft(Draft.objects.get(pk=draft.pk)).steps]


def add(draft: Draft, *operations: Operation) -> None:
    drafts.append(draft, operations, author_id=draft.owner_id, at=timezone.now())


ANA, BEN = "Move Ana from Search to Radio", "Move Ben from Search to Radio"


def test_undo_takes_the_last_change_out(as_role: Any) -> None:
    planner = as_role("planner")
    draft = a_draft(planner, move("Ana", to="Radio"))
    add(draft, move("Ben", to="Radio"))

    answer = planner.post("/drafts/unblock-search/undo/", follow=True)

    assert f"Undone in the draft: {BEN}." in answer.content.decode()
    assert sentences(draft) == [ANA]


def test_what_was_added_together_is_one_undo_and_one_redo(as_role: Any) -> None:
    planner = as_role("planner")
    draft = a_draft(planner)
    add(draft, move("Ana", to="Radio"), move("Ben", to="Radio"))

    undone = planner.post("/drafts/unblock-search/undo/", follow=True)
    assert f"Undone in the draft: {ANA} and {BEN}." in undone.content.decode()
    assert sentences(draft) == []

    redone = planner.post("/drafts/unblock-search/redo/", follow=True)
    assert f"Redone in the draft: {ANA} and {BEN}." in redone.content.decode()
    assert sentences(draft) == [ANA, BEN]


def test_redo_brings_back_in_reverse_order(as_role: Any) -> None:
    planner = as_role("planner")
    draft = a_draft(planner, move("Ana", to="Radio"))
    add(draft, move("Ben", to="Radio"))
    planner.post("/drafts/unblock-search/operations/1/remove/")
    assert sentences(draft) == [BEN]
    seen = []
    for action in ("undo", "undo", "undo", "redo", "redo", "redo"):
        planner.post(f"/drafts/unblock-search/{action}/")
        seen.append(sentences(draft))

    assert seen == [[ANA, BEN], [ANA], [], [ANA], [ANA, BEN], [BEN]]


def test_a_new_change_leaves_nothing_to_redo(as_role: Any) -> None:
    planner = as_role("planner")
    draft = a_draft(planner, move("Ana", to="Radio"))
    planner.post("/drafts/unblock-search/undo/")
    add(Draft.objects.get(pk=draft.pk), move("Ben", to="Radio"))

    answer = planner.post("/drafts/unblock-search/redo/", follow=True)

    assert "This draft has no change to redo." in answer.content.decode()
    assert sentences(draft) == [BEN]


def test_undone_changes_are_not_counted(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Radio"))
    add(draft, move("Ben", to="Radio"))
    editor.post("/drafts/unblock-search/undo/")

    [row] = editor.get("/drafts/").context["rows"]
    assert row["summary"] == "1 move"


@pytest.mark.parametrize("page", ["/drafts/unblock-search/changes/", "/tribes/listen/?draft=unblock-search"])
def test_undo_and_redo_are_always_in_the_toolbar(as_role: Any, page: str) -> None:
    planner = as_role("planner")
    draft = a_draft(planner)

    def toolbar() -> tuple[bool, bool]:
        steps = planner.get(page).context["steps_back"]
        return bool(steps.undo), bool(steps.redo)

    assert toolbar() == (False, False)
    add(draft, move("Ana", to="Radio"))
    assert toolbar() == (True, False)
    planner.post("/drafts/unblock-search/undo/")
    assert toolbar() == (False, True)


def test_who_may_not_change_a_draft_sees_no_undo(as_role: Any) -> None:
    a_draft(as_role("planner"), move("Ana", to="Radio"))
    assert 'id="steps-back"' not in as_role("viewer").get("/tribes/listen/").content.decode()
    assert as_role("planner", "other").post("/drafts/unblock-search/redo/").status_code == 404


def test_undo_goes_back_to_the_board_it_was_pressed_on(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", to="Radio"))

    answer = planner.post("/drafts/unblock-search/undo/", {"next": "/tribes/listen/?draft=unblock-search"})

    assert answer["Location"] == "/tribes/listen/?draft=unblock-search"


def test_nothing_leads_off_the_site(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", to="Radio"))

    answer = planner.post("/drafts/unblock-search/undo/", {"next": "https://elsewhere.example/"})

    assert answer["Location"] == "/drafts/unblock-search/changes/"


def test_undo_of_an_empty_draft_is_harmless(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner)

    answer = planner.post("/drafts/unblock-search/undo/", follow=True)

    assert answer.status_code == 200
    assert "This draft has no change to undo." in answer.content.decode()


def test_any_change_can_be_removed(as_role: Any) -> None:
    planner = as_role("planner")
    draft = a_draft(planner, move("Ana", to="Radio"), move("Ben", to="Radio"))

    answer = planner.post("/drafts/unblock-search/operations/1/remove/", follow=True)

    assert f"Removed from the draft: {ANA}." in answer.content.decode()
    assert sentences(draft) == [BEN]


@pytest.mark.parametrize("position", ["1", "7", "99999999999999999999"])
def test_removing_what_is_gone_says_so(as_role: Any, position: str) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", to="Radio"))
    planner.post("/drafts/unblock-search/operations/1/remove/")

    answer = planner.post(f"/drafts/unblock-search/operations/{position}/remove/")

    assert answer.status_code == 422
    assert "This draft has no such change." in answer.content.decode()


@pytest.mark.parametrize(
    "action",
    ["undo", "redo", "unschedule", "duplicate", "reopen", "operations/1/remove", "operations/1/park"],
)
def test_taking_out_needs_a_post(as_role: Any, action: str) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", to="Radio"))

    assert planner.get(f"/drafts/unblock-search/{action}/").status_code == 405


# Copy, archive, delete


def test_a_copy_is_a_draft_of_ones_own_and_two_clicks_make_one(as_role: Any) -> None:
    planner, editor = as_role("planner"), as_role("editor")
    draft = a_draft(planner, move("Ana", to="Radio"), move("Ben", to="Radio"))
    drafts.park(draft, 2, at=timezone.now())
    drafts.describe(draft, {"intent": "Search first."}, at=timezone.now())
    sharing.show(draft, "everyone", at=timezone.now())
    form = {"id": editor.get("/drafts/unblock-search/changes/").context["copy_id"]}

    swedish = {"accept-language": "sv"}  # the name is for readers of every language
    answers = [editor.post("/drafts/unblock-search/duplicate/", form, headers=swedish) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == ["/drafts/unblock-search-copy/changes/"] * 2
    copy = Draft.objects.get(key="unblock-search-copy")
    assert (copy.owner, copy.name, copy.intent, copy.visibility) == (
        editor.user,
        "Unblock search, copy",
        "Search first.",
        "private",
    )
    assert sentences(copy) == [ANA]
    assert [position for position, _ in plans.plan_of(copy).parked] == [2]
    assert as_role("viewer").post("/drafts/unblock-search/duplicate/").status_code == 403


def test_archiving_asks_first_keeps_what_was_planned_and_can_be_reopened(as_role: Any) -> None:
    planner = as_role("planner")
    draft = a_draft(planner, move("Ana", to="Radio"))

    assert "Archive “Unblock search”?" in planner.get("/drafts/unblock-search/archive/").content.decode()
    answer = planner.post("/drafts/unblock-search/archive/")

    assert (answer.status_code, answer["Location"]) == (303, "/drafts/?state=archived")
    page = planner.get("/drafts/unblock-search/changes/").content.decode()
    assert ANA in page
    assert "Remove" not in page
    planner.post("/drafts/unblock-search/reopen/")
    assert Draft.objects.get(pk=draft.pk).state == "open"
    again = planner.post("/drafts/unblock-search/reopen/", follow=True)
    assert "The draft “Unblock search” is open, not archived." in again.content.decode()


def test_an_archived_draft_cannot_be_changed(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, SetShare(person=id_of("Ana"), squad=id_of("Search"), share=50))
    read = expected(draft)
    editor.post("/drafts/unblock-search/archive/")

    for action in ("archive", "publish", "schedule", "rename"):
        answer = editor.post(
            f"/drafts/unblock-search/{action}/", {"expected": read, "name": "Again"}, follow=True
        )
        assert "is archived already." in answer.content.decode()
    for action in ("remove", "park", "take-up", "note"):
        answer = editor.post(f"/drafts/unblock-search/operations/1/{action}/", {"note": "x"})
        assert answer.status_code == 422, action


def test_deleting_names_what_is_lost_and_erases_it(as_role: Any) -> None:
    planner = as_role("planner")
    draft = a_draft(planner, move("Ana", to="Radio"), move("Ben", to="Radio"))
    drafts.note(draft, 1, "Ana asked for it.", at=timezone.now())
    sharing.comment(draft, "Why now?", author_id=planner.user.pk, at=timezone.now())

    page = " ".join(planner.get("/drafts/unblock-search/delete/").content.decode().split())
    assert "2 changes, 1 of them with a note" in page
    assert "1 comment<" in page
    assert planner.post("/drafts/unblock-search/delete/")["Location"] == "/drafts/"
    assert not Draft.objects.exists()


def test_what_went_live_stays_in_the_record(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Radio"))
    publishing.publish(
        draft, actor=services.Actor("Eve"), message="", at=timezone.now(), despite="It is a test."
    )

    answer = editor.post("/drafts/unblock-search/delete/", follow=True)

    assert "The draft “Unblock search” is published and stays in the record." in answer.content.decode()
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("action", ["archive", "delete"])
def test_only_its_owner_puts_a_draft_away(as_role: Any, action: str) -> None:
    draft = a_draft(as_role("planner"), move("Ana", to="Radio"))
    guest = as_role("editor")
    DraftShare.objects.create(draft=draft, user=guest.user, can="edit")

    assert guest.post(f"/drafts/unblock-search/{action}/").status_code == 403
    assert Draft.objects.get().state == "open"


def test_a_toast_takes_back_all_of_a_move_at_once(as_role: Any) -> None:
    planner = as_role("planner")
    draft = a_draft(planner, move("Ana", to="Radio"), move("Ben", to="Radio"), move("Cleo", to="Ads"))

    answer = planner.post("/drafts/unblock-search/operations/1/remove/", {"also": ["2", "x", "9" * 40]})

    assert answer.status_code == 303
    assert sentences(draft) == ["Move Cleo from Radio to Ads"]


# Undo on a draft that others edit as well


def test_nobody_undoes_what_somebody_else_did_meanwhile(as_role: Any) -> None:
    planner = as_role("planner")
    draft = a_draft(planner, move("Ana", to="Radio"))
    board = "/tribes/listen/?draft=unblock-search"
    seen = planner.get(board).context["steps_back"].revision
    drafts.append(draft, [move("Ben", to="Radio")], author_id=planner.user.pk, at=timezone.now())

    answer = planner.post("/drafts/unblock-search/undo/", {"next": board, "revision": seen})

    assert answer.status_code == 409
    html = answer.content.decode()
    assert "was edited meanwhile. Its last change now, by" in html
    assert "Move Ben from Search to Radio. Look again before you undo." in html
    assert len(plans.replay_draft(draft).steps) == 2
    fresh = answer.context["steps_back"].revision
    assert planner.post("/drafts/unblock-search/undo/", {"revision": fresh}).status_code == 303
    assert len(plans.replay_draft(Draft.objects.get(pk=draft.pk)).steps) == 1
    assert planner.post("/drafts/unblock-search/redo/", {"revision": fresh}).status_code == 409


def test_a_move_on_the_board_renews_what_undo_knows(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", to="Radio"))
    moves = "/moves/?tribe=listen&draft=unblock-search"

    answer = planner.post(moves, {"person": id_of("Ben"), "to": "radio"}, headers={"HX-Request": "true"})

    revision = Draft.objects.get().revision
    assert answer.content.decode().count(f'name="revision" value="{revision}"') == 2


def test_after_a_refused_step_undo_leads_to_a_page_that_can_be_read(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", to="Radio"))
    refused = "/drafts/unblock-search/operations/1/remove/"

    answer = planner.post("/drafts/unblock-search/undo/", {"next": refused})

    assert answer["Location"] == "/drafts/unblock-search/changes/"


def test_what_is_said_on_the_page_of_an_operation_is_the_note_in_the_draft(as_role: Any) -> None:
    planner = as_role("planner")
    draft = a_draft(planner, move("Ana", to="Radio"))
    page = "/people/ben/move/?draft=unblock-search"
    assert 'name="note"' in planner.get(page).content.decode()

    answer = planner.post(page, {"source": "search", "to": "radio", "note": "Ben asked for it."})

    assert answer.status_code == 303
    assert draft.operations.get(position=2).note == "Ben asked for it."
