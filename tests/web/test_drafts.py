"""The list of drafts, and what happens to a draft: start, rename, undo last, remove, publish, discard."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import drafts, services
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.core.operations import CreateSquad, MovePeople, Operation, RenameSquad, SetShare
from tests.build import an_org, id_of, save, squad, tribe

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _org() -> None:
    save(
        an_org(
            tribe("Listen", squad("Search", "Ana", "Ben"), squad("Radio", "Cleo")),
            tribe("Create", squad("Ads")),
        )
    )


def move(*people: str, to: str, source: str | None = None) -> MovePeople:
    ids = tuple(id_of(name) for name in people)
    return MovePeople(people=ids, to=id_of(to), source=id_of(source) if source else None)


def a_draft(owner: Any, *operations: Operation, name: str = "Unblock search") -> Draft:
    return drafts.create_draft(name, owner_id=owner.user.pk, at=timezone.now(), operations=operations)


def expected(draft: Draft) -> str:
    return drafts.fingerprint(drafts.replay_draft(Draft.objects.get(pk=draft.pk)))


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
    discarded = editor.get("/drafts/?state=discarded")

    assert counts == {"Open": 1, "Published": 0, "Discarded": 1}
    assert [row["draft"].name for row in discarded.context["rows"]] == ["Thrown away"]
    assert editor.get("/drafts/?state=nonsense").context["state"] == "open"


def test_an_empty_list_says_what_belongs_here(as_role: Any) -> None:
    assert "No drafts yet" in as_role("planner").get("/drafts/").content.decode()


def test_a_planner_sees_only_their_own_and_an_editor_all(as_role: Any) -> None:
    rikard, ines = as_role("planner", "rikard"), as_role("planner", "ines")
    a_draft(rikard)

    assert ines.get("/drafts/").context["rows"] == []
    assert ines.get("/drafts/unblock-search/changes/").status_code == 404
    assert len(as_role("editor").get("/drafts/").context["rows"]) == 1


def test_a_viewer_has_no_drafts(as_role: Any) -> None:
    a_draft(as_role("planner"))
    viewer = as_role("viewer")

    assert viewer.get("/drafts/").status_code == 403
    assert 'href="/drafts/"' not in viewer.get("/people/").content.decode()
    for page in ("changes", "board", "publish", "discard", "rename"):
        assert viewer.get(f"/drafts/unblock-search/{page}/").status_code == 404
    for action in ("undo-last", "redo", "remove/1", "publish", "discard"):
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


@pytest.mark.parametrize("name", ["", "   "])
def test_a_draft_without_a_name_is_named_by_its_day(as_role: Any, name: str) -> None:
    as_role("planner").post("/drafts/", {"name": name})

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
    return [step.sentence for step in drafts.replay_draft(Draft.objects.get(pk=draft.pk)).steps]


def add(draft: Draft, *operations: Operation) -> None:
    drafts.append(draft, operations, author_id=draft.owner_id, at=timezone.now())


ANA, BEN = "Move Ana from Search to Radio", "Move Ben from Search to Radio"


def test_undo_last_takes_the_last_change_out(as_role: Any) -> None:
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
    planner.post("/drafts/unblock-search/remove/1/")
    planner.post("/drafts/unblock-search/undo/")
    assert sentences(draft) == []

    planner.post("/drafts/unblock-search/redo/")
    assert sentences(draft) == [BEN]
    planner.post("/drafts/unblock-search/redo/")
    assert sentences(draft) == [ANA, BEN]


def test_a_new_change_leaves_nothing_to_redo(as_role: Any) -> None:
    planner = as_role("planner")
    draft = a_draft(planner, move("Ana", to="Radio"))
    planner.post("/drafts/unblock-search/undo/")
    add(Draft.objects.get(pk=draft.pk), move("Ben", to="Radio"))

    answer = planner.post("/drafts/unblock-search/redo/", follow=True)

    assert "This draft has no change to redo." in answer.content.decode()
    assert sentences(draft) == [BEN]


def test_undone_changes_are_neither_counted_nor_published(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Radio"))
    add(draft, move("Ben", to="Radio"))
    editor.post("/drafts/unblock-search/undo/")

    [row] = editor.get("/drafts/").context["rows"]
    assert row["summary"] == "1 move"
    editor.post("/drafts/unblock-search/publish/", {"expected": expected(draft)})
    assert ChangeSet.objects.latest("version").sentences == [ANA]


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


def test_undo_last_goes_back_to_the_board_it_was_pressed_on(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", to="Radio"))

    answer = planner.post(
        "/drafts/unblock-search/undo/", {"next": "/tribes/listen/?draft=unblock-search"}
    )

    assert answer["Location"] == "/tribes/listen/?draft=unblock-search"


def test_nothing_leads_off_the_site(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", to="Radio"))

    answer = planner.post("/drafts/unblock-search/undo/", {"next": "https://elsewhere.example/"})

    assert answer["Location"] == "/drafts/unblock-search/changes/"


def test_undo_last_of_an_empty_draft_is_harmless(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner)

    answer = planner.post("/drafts/unblock-search/undo/", follow=True)

    assert answer.status_code == 200
    assert "This draft has no change to undo." in answer.content.decode()


def test_any_change_can_be_removed(as_role: Any) -> None:
    planner = as_role("planner")
    draft = a_draft(planner, move("Ana", to="Radio"), move("Ben", to="Radio"))

    answer = planner.post("/drafts/unblock-search/remove/1/")

    assert answer.status_code == 303
    assert list(draft.planned_operations.values_list("position", flat=True)) == [2]


@pytest.mark.parametrize("position", ["1", "7", "99999999999999999999"])
def test_removing_what_is_gone_says_so(as_role: Any, position: str) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", to="Radio"))
    planner.post("/drafts/unblock-search/remove/1/")

    answer = planner.post(f"/drafts/unblock-search/remove/{position}/")

    assert answer.status_code == 422
    assert "This draft has no such change." in answer.content.decode()


@pytest.mark.parametrize("action", ["undo-last", "redo", "remove/1"])
def test_taking_out_needs_a_post(as_role: Any, action: str) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", to="Radio"))

    assert planner.get(f"/drafts/unblock-search/{action}/").status_code == 405


# Publish


def test_publishing_makes_the_draft_live_as_one_change_set(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Radio"), move("Cleo", to="Ads"))
    page = editor.get("/drafts/unblock-search/publish/")
    assert "Publish 2 changes" in page.content.decode()

    read = page.context["form"]["expected"].value()
    answer = editor.post(
        "/drafts/unblock-search/publish/", {"reason": "Search is blocked.", "expected": read}
    )

    published = ChangeSet.objects.get(version=2)
    assert (answer.status_code, answer["Location"]) == (303, "/history/2/")
    assert (published.message, published.source, published.sentences) == (
        "Search is blocked.",
        "draft",
        ["Move Ana from Search to Radio", "Move Cleo from Radio to Ads"],
    )
    assert Draft.objects.get(pk=draft.pk).state == "published"
    assert services.current().membership(id_of("Ana"), id_of("Radio")) is not None


def test_publishing_twice_says_it_is_published(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Radio"))
    form = {"expected": expected(draft)}
    editor.post("/drafts/unblock-search/publish/", form)

    answer = editor.post("/drafts/unblock-search/publish/", form, follow=True)

    assert answer.redirect_chain == [("/history/2/", 303)]
    assert "The draft “Unblock search” is published already." in answer.content.decode()
    assert ChangeSet.objects.count() == 2


def test_a_draft_that_changed_meanwhile_is_shown_again_before_it_is_published(as_role: Any) -> None:
    editor, planner = as_role("editor"), as_role("planner")
    draft = a_draft(planner, move("Ana", to="Radio"))
    read = editor.get("/drafts/unblock-search/publish/").context["form"]["expected"].value()
    drafts.append(draft, [move("Ben", to="Ads")], author_id=None, at=timezone.now())

    answer = editor.post("/drafts/unblock-search/publish/", {"expected": read, "reason": "Now."})

    assert answer.status_code == 409
    assert "The list of changes is not the one you have read any more." in answer.content.decode()
    assert ChangeSet.objects.count() == 1
    again = editor.post(
        "/drafts/unblock-search/publish/",
        {"expected": answer.context["form"]["expected"].value(), "reason": "Now."},
    )
    assert again.status_code == 303


def test_unrelated_news_does_not_get_in_the_way(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Radio"))
    read = expected(draft)
    services.commit(
        [RenameSquad(id=id_of("Ads"), name="Advertising")],
        actor=services.Actor("Eve"),
        message="",
        source="web",
        at=timezone.now(),
    )

    assert editor.post("/drafts/unblock-search/publish/", {"expected": read}).status_code == 303


def test_a_draft_with_a_misfit_cannot_be_published(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Radio", source="Search"))
    services.commit(
        [move("Ana", to="Ads")], actor=services.Actor("Eve"), message="", source="web", at=timezone.now()
    )

    page = editor.get("/drafts/unblock-search/publish/").content.decode()
    answer = editor.post("/drafts/unblock-search/publish/", {"expected": expected(draft)})

    assert "1 of 1 changes no longer fits" in page
    assert "Ana is in Ads now, not in Search any more." in page
    assert answer.status_code == 422
    assert ChangeSet.objects.count() == 2


def test_a_planner_reads_who_can_publish_and_cannot(as_role: Any) -> None:
    planner, editor = as_role("planner"), as_role("editor")
    draft = a_draft(planner, move("Ana", to="Radio"))

    page = planner.get("/drafts/unblock-search/publish/").content.decode()

    assert "editors and org designers publish" in page
    assert f"ask {editor.user.username}." in page
    assert planner.post("/drafts/unblock-search/publish/", {"expected": expected(draft)}).status_code == 403


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("effective_on", "2999-01-01", "A day to come cannot be published yet."),
        ("effective_on", "yesterday", "Enter a valid date."),
        ("reason", "x" * 5_001, "at most 5000 characters"),
        ("reason", "a\x00b", "This holds characters that cannot be stored."),
    ],
)
def test_publishing_with_bad_input_is_refused(as_role: Any, field: str, value: str, complaint: str) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Radio"))

    answer = editor.post("/drafts/unblock-search/publish/", {"expected": expected(draft), field: value})

    assert answer.status_code == 422
    assert complaint in answer.content.decode()
    assert ChangeSet.objects.count() == 1


def test_publishing_blindly_shows_the_list_first(as_role: Any) -> None:
    editor = as_role("editor")
    a_draft(editor, move("Ana", to="Radio"))

    assert editor.post("/drafts/unblock-search/publish/").status_code == 409


def test_an_empty_draft_has_nothing_to_publish(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor)

    assert "There is nothing to publish" in editor.get("/drafts/unblock-search/publish/").content.decode()
    assert editor.post("/drafts/unblock-search/publish/", {"expected": expected(draft)}).status_code == 422


# Discard


def test_discarding_asks_first_and_keeps_what_was_planned(as_role: Any) -> None:
    planner = as_role("planner")
    draft = a_draft(planner, move("Ana", to="Radio"))

    assert "Discard “Unblock search”?" in planner.get("/drafts/unblock-search/discard/").content.decode()
    answer = planner.post("/drafts/unblock-search/discard/")

    assert (answer.status_code, answer["Location"]) == (303, "/drafts/?state=discarded")
    assert Draft.objects.get(pk=draft.pk).state == "discarded"
    page = planner.get("/drafts/unblock-search/changes/").content.decode()
    assert "Move Ana from Search to Radio" in page
    assert "Remove" not in page


def test_a_discarded_draft_cannot_be_changed(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, SetShare(person=id_of("Ana"), squad=id_of("Search"), share=50))
    read = expected(draft)
    editor.post("/drafts/unblock-search/discard/")

    for action in ("discard", "publish", "rename"):
        answer = editor.post(
            f"/drafts/unblock-search/{action}/", {"expected": read, "name": "Again"}, follow=True
        )
        assert "is discarded already." in answer.content.decode()
    assert editor.post("/drafts/unblock-search/remove/1/").status_code == 422
    assert ChangeSet.objects.count() == 1


def test_a_toast_takes_back_all_of_a_move_at_once(as_role: Any) -> None:
    planner = as_role("planner")
    draft = a_draft(planner, move("Ana", to="Radio"), move("Ben", to="Radio"), move("Cleo", to="Ads"))

    answer = planner.post("/drafts/unblock-search/remove/1/", {"also": ["2", "x", "9" * 40]})

    assert answer.status_code == 303
    assert list(draft.planned_operations.values_list("position", flat=True)) == [3]
