"""Taking back what is live: the preview, what has been overtaken, toasts, double clicks and races."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import queries, services
from orgmodel.changes.models import ChangeSet, undoings
from orgmodel.core.operations import HirePerson, JoinSquad, MovePeople, Operation, RenameSquad
from tests.build import an_org, id_of, save, squad, tribe

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _org() -> None:
    save(an_org(tribe("Listen", squad("Search", "Ana", "Ben"), squad("Radio", "Cleo"), squad("Ads"))))


def live(*operations: Operation) -> ChangeSet:
    return services.commit(
        operations, actor=services.Actor("Eve"), message="", source="web", at=timezone.now()
    )


def move(*people: str, to: str) -> MovePeople:
    return MovePeople(people=tuple(id_of(name) for name in people), to=id_of(to))


def squad_of(name: str) -> str:
    org = services.current()
    membership = org.primary_membership(id_of(name))
    return org.squads[membership.squad].name if membership is not None else ""


# The preview


def test_the_preview_shows_what_would_be_taken_back(as_role: Any) -> None:
    live(move("Ana", to="Radio"))

    page = as_role("editor").get("/history/2/undo/")

    [entry] = page.context["entries"]
    assert [(f.subject, f.before, f.after) for f in entry.facts][:1] == [("Ana", "Radio", "Search")]
    assert "Undo 1 change" in page.content.decode()
    assert ChangeSet.objects.count() == 2


def test_the_preview_shows_what_was_overtaken_with_both_values(as_role: Any) -> None:
    live(move("Ana", "Ben", to="Radio"))
    live(move("Ana", to="Ads"))

    html = as_role("editor").get("/history/2/undo/").content.decode()

    assert "Ana is in Ads now, not in Radio any more." in html
    assert "Undo what still fits" in html


def test_where_everything_was_overtaken_there_is_nothing_to_press(as_role: Any) -> None:
    live(move("Ana", to="Radio"))
    live(move("Ana", to="Ads"))

    html = as_role("editor").get("/history/2/undo/").content.decode()

    assert "everything it set has been changed since" in html
    assert "Undo what still fits" not in html


def test_the_preview_says_why_it_cannot_be_undone(as_role: Any) -> None:
    live(HirePerson(id=id_of("Dora"), values={"name": "Dora"}))
    live(JoinSquad(id=id_of("Dora", "Ads"), person=id_of("Dora"), squad=id_of("Ads")))

    page = as_role("editor").get("/history/2/undo/")

    assert "This cannot be undone as things are." in page.content.decode()
    assert as_role("org designer").post("/history/2/undo/").status_code == 422
    assert ChangeSet.objects.count() == 3


# Undo


def test_undoing_is_a_change_set_of_its_own(as_role: Any) -> None:
    found = live(move("Ana", to="Radio"))
    editor = as_role("editor")

    answer = editor.post("/history/2/undo/", {"reason": "Too early."})

    undone = ChangeSet.objects.get(version=3)
    assert (answer.status_code, answer["Location"]) == (303, "/history/3/")
    assert (undone.undoes_id, undone.source, undone.message) == (found.pk, "undo", "Too early.")
    assert squad_of("Ana") == "Search"


def test_an_undo_can_be_undone(as_role: Any) -> None:
    live(move("Ana", to="Radio"))
    editor = as_role("editor")
    editor.post("/history/2/undo/")

    assert "<h1>Redo: Move Ana from Search to Radio</h1>" in editor.get("/history/3/undo/").content.decode()
    editor.post("/history/3/undo/")

    assert squad_of("Ana") == "Radio"


def test_from_a_toast_it_goes_back_to_the_page_it_was_pressed_on(as_role: Any) -> None:
    live(move("Ana", to="Radio"))

    answer = as_role("editor").post("/history/2/undo/", {"next": "/tribes/listen/"})

    assert (answer.status_code, answer["Location"]) == (303, "/tribes/listen/")


def test_from_a_message_it_goes_back_by_the_referer(as_role: Any) -> None:
    live(move("Ana", to="Radio"))

    answer = as_role("editor").post(
        "/history/2/undo/", headers={"Referer": "http://testserver/people/?q=ana"}
    )

    assert answer["Location"] == "/people/?q=ana"


def test_by_htmx_it_goes_there_too(as_role: Any) -> None:
    live(move("Ana", to="Radio"))

    answer = as_role("editor").post(
        "/history/2/undo/", {"next": "/tribes/listen/"}, headers={"HX-Request": "true"}
    )

    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/tribes/listen/")


def test_a_double_click_undoes_once(as_role: Any) -> None:
    live(move("Ana", to="Radio"))
    editor = as_role("editor")
    editor.post("/history/2/undo/")

    answer = editor.post("/history/2/undo/", follow=True)

    assert answer.redirect_chain == [("/history/2/", 303)]
    assert "This is undone already, by change 3." in answer.content.decode()
    assert ChangeSet.objects.count() == 3


def test_looking_at_the_preview_of_what_is_undone_leads_to_the_change(as_role: Any) -> None:
    live(move("Ana", to="Radio"))
    editor = as_role("editor")
    editor.post("/history/2/undo/")

    assert editor.get("/history/2/undo/")["Location"] == "/history/2/"


# Overtaken


def test_what_was_overtaken_is_a_conflict_and_nothing_is_undone(as_role: Any) -> None:
    live(move("Ana", "Ben", to="Radio"))
    live(move("Ana", to="Ads"))

    answer = as_role("editor").post("/history/2/undo/")

    assert answer.status_code == 409
    assert "Ana is in Ads now, not in Radio any more." in answer.content.decode()
    assert (squad_of("Ana"), squad_of("Ben")) == ("Ads", "Radio")


def test_what_still_fits_can_be_undone(as_role: Any) -> None:
    live(move("Ana", "Ben", to="Radio"))
    live(move("Ana", to="Ads"))

    answer = as_role("editor").post("/history/2/undo/", {"skip": "1"})

    assert answer.status_code == 303
    assert (squad_of("Ana"), squad_of("Ben")) == ("Ads", "Search")


def test_a_conflict_by_htmx_is_a_toast_that_shows_the_way(as_role: Any) -> None:
    live(move("Ana", to="Radio"))
    live(move("Ana", to="Ads"))

    answer = as_role("editor").post("/history/2/undo/", headers={"HX-Request": "true"})

    html = answer.content.decode()
    assert answer.status_code == 409
    assert 'hx-swap-oob="beforeend:#toasts"' in html
    assert 'href="/history/2/undo/"' in html
    assert "<html" not in html


def test_skipping_where_nothing_fits_is_refused(as_role: Any) -> None:
    live(move("Ana", to="Radio"))
    live(move("Ana", to="Ads"))

    answer = as_role("editor").post("/history/2/undo/", {"skip": "1"})

    assert answer.status_code == 422
    assert ChangeSet.objects.count() == 3


def test_a_later_unrelated_edit_stays(as_role: Any) -> None:
    live(move("Ana", to="Radio"))
    live(RenameSquad(id=id_of("Search"), name="Find"))

    as_role("editor").post("/history/2/undo/")

    assert squad_of("Ana") == "Find"


# Who may, and bad input


@pytest.mark.parametrize("role", ["viewer", "planner"])
def test_only_publishers_undo(as_role: Any, role: str) -> None:
    live(move("Ana", to="Radio"))
    user = as_role(role)

    assert user.get("/history/2/undo/").status_code == 403
    assert user.post("/history/2/undo/").status_code == 403
    assert ChangeSet.objects.count() == 2


@pytest.mark.parametrize("reason", ["x" * 5_001, "a\x00b"])
def test_a_reason_that_cannot_be_kept_is_refused(as_role: Any, reason: str) -> None:
    live(move("Ana", to="Radio"))

    answer = as_role("editor").post("/history/2/undo/", {"reason": reason})

    assert answer.status_code == 422
    assert ChangeSet.objects.count() == 2


@pytest.mark.parametrize("version", ["99", "99999999999999999999"])
def test_an_unknown_change_cannot_be_undone(as_role: Any, version: str) -> None:
    assert as_role("editor").post(f"/history/{version}/undo/").status_code == 404


# The toolbar of a live board where moves are live at once

BOARD = "/tribes/listen/"


def toolbar(client: Any) -> tuple[str, str, str]:
    found = client.get(BOARD).context["steps_back"]
    return found.undo, found.redo, found.look


def test_the_toolbar_takes_back_and_brings_back_ones_own_last_change(as_role: Any, settings: Any) -> None:
    settings.LIVE_EDITING = "direct"
    editor = as_role("editor")
    assert toolbar(editor) == ("", "", "")

    editor.post("/moves/?tribe=listen", {"person": id_of("Ana"), "to": "radio"})
    assert toolbar(editor) == ("/history/2/undo/", "", "")
    answer = editor.post("/history/2/undo/", {"next": BOARD}, follow=True)
    assert (answer.redirect_chain[-1][0], squad_of("Ana")) == (BOARD, "Search")
    assert toolbar(editor) == ("", "/history/3/undo/", "")
    answer = editor.post("/history/3/undo/", {"next": BOARD}, follow=True)
    assert "Redone: Move Ana from Search to Radio." in answer.content.decode()
    assert squad_of("Ana") == "Radio"
    assert toolbar(editor) == ("/history/4/undo/", "", "")


def test_the_toolbar_shows_first_what_others_have_changed_since(as_role: Any, settings: Any) -> None:
    settings.LIVE_EDITING = "direct"
    editor = as_role("editor")
    editor.post("/moves/?tribe=listen", {"person": id_of("Ana"), "to": "radio"})
    live(move("Ben", to="Radio"))

    assert toolbar(editor) == ("", "", "/history/2/undo/")


def test_no_toolbar_where_a_move_starts_a_draft(as_role: Any) -> None:
    assert as_role("editor").get(BOARD).context["steps_back"] is None


def test_the_preview_of_a_large_change_shows_its_first_records(as_role: Any) -> None:
    page = as_role("editor").get("/history/1/undo/")
    few = len(page.context["entries"][0].facts)
    live(*(HirePerson(id=id_of(f"Person {n}"), values={"name": f"Person {n}"}) for n in range(30)))

    page = as_role("org designer").get("/history/2/undo/")

    assert few <= 12
    assert len(page.context["entries"][0].facts) == 12
    assert "and 18 more" in page.content.decode()


# Undone, redone and undone again


def undo(found: ChangeSet) -> ChangeSet:
    return services.undo(found, actor=services.Actor("Eve"), message="", at=timezone.now())


def test_what_was_redone_is_in_effect_again_and_can_be_undone_again(as_role: Any) -> None:
    moved = live(move("Ana", to="Radio"))
    undone = undo(moved)
    redone = undo(undone)
    editor = as_role("editor")

    html = editor.get("/history/2/").content.decode()
    assert 'class="tag" href="/history/3/"' not in html
    assert "/history/2/undo/" in html
    rows = {row.version: row.undoing for row in editor.get("/history/").context["page"].change_sets}
    assert rows == {1: None, 2: None, 3: redone, 4: None}
    assert [each.title for each in (undone, redone)] == [
        "Undo: Move Ana from Search to Radio",
        "Redo: Move Ana from Search to Radio",
    ]

    editor.post("/history/2/undo/")
    assert squad_of("Ana") == "Search"
    assert ChangeSet.objects.get(version=2).undoing == ChangeSet.objects.get(version=5)


def test_undoing_what_was_redone_is_an_undo_again(as_role: Any) -> None:
    redone = undo(undo(live(move("Ana", to="Radio"))))

    editor = as_role("editor")
    html = editor.get(f"/history/{redone.version}/undo/").content.decode()
    assert "<h1>Undo: Move Ana from Search to Radio</h1>" in html
    assert undo(redone).title == "Undo: Move Ana from Search to Radio"
    assert editor.get("/history/2/").context["undone_by"].version == 3


def test_undo_and_redo_alternate_however_often() -> None:
    last = live(move("Ana", to="Radio"))
    made = [last]
    for step in range(1, 10):
        last = undo(last)
        made.append(last)
        assert last.title == f"{'Undo' if step % 2 else 'Redo'}: Move Ana from Search to Radio"
        assert squad_of("Ana") == ("Search" if step % 2 else "Radio")
        undone = undoings(made)
        assert [each.pk in undone for each in made] == [(step - n) % 2 == 1 for n in range(step + 1)]


def test_a_day_on_which_someone_moved_counts_again_once_it_is_redone() -> None:
    moved = live(move("Ana", to="Radio"))
    today = timezone.localdate()
    since = today - timedelta(days=30)
    assert queries.earlier_moves([id_of("Ana")], since) == {id_of("Ana"): (today,)}
    undone = undo(moved)
    assert queries.earlier_moves([id_of("Ana")], since) == {}
    undo(undone)
    assert queries.earlier_moves([id_of("Ana")], since) == {id_of("Ana"): (today,)}
