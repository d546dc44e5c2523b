"""Publishing a draft: all of it or some of its changes, with what is open answered; and on a day to come."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from orgmodel.changes import drafts, plans, publishing, services, sharing
from orgmodel.changes.models import ChangeSet, Draft, Freeze
from orgmodel.changes.reverse import reverse_draft
from orgmodel.core.operations import CloseSquad, CreateSquad, LeaveSquad, Operation, RenameSquad
from tests.build import id_of
from tests.web.sketches import a_draft, expected, move, save_two_tribes

pytestmark = pytest.mark.django_db

PUBLISH, SCHEDULE = "/drafts/unblock-search/publish/", "/drafts/unblock-search/schedule/"
WHY = "It is a small one."


@pytest.fixture(autouse=True)
def _org() -> None:
    save_two_tribes()


def live(*operations: Operation) -> None:
    services.commit(operations, actor=services.Actor("Eve"), message="", source="web", at=timezone.now())


# All of it, now


def test_publishing_makes_the_draft_live_as_one_change_set(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Radio"), move("Cleo", to="Ads"))
    page = editor.get(PUBLISH)
    assert "Publish 2 changes" in page.content.decode()

    read = page.context["form"]["expected"].value()
    answer = editor.post(PUBLISH, {"reason": "Search is blocked.", "expected": read, "despite": WHY})

    published = ChangeSet.objects.get(version=2)
    assert (answer.status_code, answer["Location"]) == (303, "/history/2/")
    assert (published.message, published.source, published.sentences) == (
        "Search is blocked.",
        "draft",
        ["Move Ana from Search to Radio", "Move Cleo from Radio to Ads"],
    )
    done = Draft.objects.get(pk=draft.pk)
    assert (done.state, done.despite, done.effective_on) == ("published", WHY, timezone.localdate())
    assert services.current().membership(id_of("Ana"), id_of("Radio")) is not None


def test_publishing_twice_says_it_is_published(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Radio"))
    form = {"expected": expected(draft), "despite": WHY}
    editor.post(PUBLISH, form)

    answer = editor.post(PUBLISH, form, follow=True)

    assert answer.redirect_chain == [("/history/2/", 303)]
    assert "The draft “Unblock search” is published already." in answer.content.decode()
    assert ChangeSet.objects.count() == 2


def test_a_draft_that_changed_meanwhile_is_shown_again_before_it_is_published(as_role: Any) -> None:
    editor, planner = as_role("editor"), as_role("planner")
    draft = a_draft(planner, move("Ana", to="Radio"))
    sharing.show(draft, "everyone", at=timezone.now())
    read = editor.get(PUBLISH).context["form"]["expected"].value()
    drafts.append(draft, [move("Ben", to="Ads")], author_id=None, at=timezone.now())

    answer = editor.post(PUBLISH, {"expected": read, "reason": "Now.", "despite": WHY})

    assert answer.status_code == 409
    assert "The list of changes is not the one you have read any more." in answer.content.decode()
    assert ChangeSet.objects.count() == 1
    again = editor.post(
        PUBLISH,
        {"expected": answer.context["form"]["expected"].value(), "reason": "Now.", "despite": WHY},
    )
    assert again.status_code == 303


def test_unrelated_news_does_not_get_in_the_way(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Radio"))
    read = expected(draft)
    live(RenameSquad(id=id_of("Ads"), name="Advertising"))

    assert editor.post(PUBLISH, {"expected": read, "despite": WHY}).status_code == 303


def test_what_does_not_fit_cannot_be_published(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Radio", source="Search"))
    live(move("Ana", to="Ads"))

    page = editor.get(PUBLISH).content.decode()
    answer = editor.post(PUBLISH, {"expected": expected(draft), "despite": WHY})

    assert "1 change no longer fits" in page
    assert answer.status_code == 422
    assert "1 change no longer fits today&#x27;s organization" in answer.content.decode()
    assert ChangeSet.objects.count() == 2


def test_a_planner_reads_who_can_publish_and_cannot(as_role: Any) -> None:
    planner, editor = as_role("planner"), as_role("editor")
    draft = a_draft(planner, move("Ana", to="Radio"))

    page = planner.get(PUBLISH).content.decode()

    assert "editors and org designers publish" in page
    assert f"{editor.user.username} may publish it." in page
    assert planner.post(PUBLISH, {"expected": expected(draft)}).status_code == 403


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("effective_on", "2999-01-01", "A day to come cannot be published yet. Schedule the draft"),
        ("effective_on", "2026-01-01", "Say why it is dated back."),
        ("despite", "  ", "Still open: RG-05"),
        ("despite", "x" * 5_001, "at most 5000 characters"),
        ("effective_on", "yesterday", "Enter a valid date."),
        ("reason", "x" * 5_001, "at most 5000 characters"),
        ("reason", "a\x00b", "This holds characters that cannot be stored."),
    ],
)
def test_publishing_with_bad_input_is_refused(as_role: Any, field: str, value: str, complaint: str) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Radio"))

    answer = editor.post(PUBLISH, {"expected": expected(draft), "despite": WHY, field: value})

    assert answer.status_code == 422
    assert complaint in answer.content.decode()
    assert ChangeSet.objects.count() == 1


def test_publishing_blindly_shows_the_list_first(as_role: Any) -> None:
    editor = as_role("editor")
    a_draft(editor, move("Ana", to="Radio"))

    assert editor.post(PUBLISH).status_code == 409


def test_an_empty_draft_has_nothing_to_publish(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor)

    assert "There is nothing to publish" in editor.get(PUBLISH).content.decode()
    assert editor.post(PUBLISH, {"expected": expected(draft)}).status_code == 422


def test_what_is_open_is_grouped_and_asked_for_once(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Radio"))
    drafts.describe(draft, {"problem": "Waits.", "intent": "Less waiting."}, at=timezone.now())

    settling = editor.get(PUBLISH).context["settling"]

    assert [check.code for check in settling.blockers] == []
    assert {"RG-05", "RG-10"} <= {check.code for check in settling.others}
    assert settling.missing == ["what is traded off", "success measures"]


def test_a_draft_with_nothing_open_asks_for_no_reason(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, RenameSquad(id=id_of("Ads"), name="Advertising"))
    today = timezone.localdate()
    said = dict.fromkeys(("problem", "intent", "trade_offs", "success", "rollback_plan"), "Said.")
    drafts.describe(draft, said | {"review_on": today + timedelta(days=90)}, at=timezone.now())

    page = editor.get(PUBLISH)

    assert "despite" not in page.context["form"].fields
    assert "Nothing speaks against it" in page.content.decode()
    assert editor.post(PUBLISH, {"expected": expected(draft)}).status_code == 303


def test_a_blocker_blocks_whatever_the_reason(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, LeaveSquad(person=id_of("Ana"), squad=id_of("Search")))

    page = editor.get(PUBLISH)
    answer = editor.post(PUBLISH, {"expected": expected(draft), "despite": WHY})

    assert [check.code for check in page.context["settling"].blockers] == ["RG-01"]
    assert "This cannot go live yet: 1 check blocks it." in page.content.decode()
    assert answer.status_code == 422
    assert "1 person ends without a squad: Ana." in answer.content.decode()
    assert ChangeSet.objects.count() == 1


def test_dating_back_is_allowed_with_a_reason(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Radio"))
    day = timezone.localdate() - timedelta(days=7)
    form = {
        "expected": expected(draft),
        "despite": WHY,
        "reason": "Told late.",
        "effective_on": day.isoformat(),
    }

    assert editor.post(PUBLISH, form).status_code == 303
    assert ChangeSet.objects.get(version=2).effective_on == day


def test_a_draft_that_takes_something_back_asks_what_was_learned(as_role: Any) -> None:
    editor = as_role("editor")
    live(move("Ana", to="Radio"))
    draft = reverse_draft(ChangeSet.objects.get(version=2), owner_id=editor.user.pk, at=timezone.now())
    page = f"/drafts/{draft.key}/publish/"
    assert "learning" in editor.get(page).context["form"].fields

    form = {"expected": expected(draft), "despite": WHY, "learning": "Radio was full."}
    assert editor.post(page, form).status_code == 303
    assert ChangeSet.objects.get(version=3).learning == "Radio was full."
    a_draft(editor, move("Ana", to="Ads"))
    assert "learning" not in editor.get(PUBLISH).context["form"].fields


# Some of it


def ticked(page: Any, *positions: int, **fields: str) -> dict[str, Any]:
    """Return the form as a browser sends it with these changes ticked."""
    hidden = {name: page.context["form"][name].value() for name in ("expected", "read")}
    return {"choose": "1", "change": [str(p) for p in positions], "despite": WHY, **hidden, **fields}


def test_another_choice_is_shown_first_and_then_published(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Radio"), move("Ben", to="Radio"), move("Cleo", to="Ads"))
    first = editor.get(PUBLISH)
    assert [choice.is_chosen for choice in first.context["choices"]] == [True, True, True]

    shown = editor.post(PUBLISH, ticked(first, 1, 3, reason="Now."))

    assert shown.status_code == 200
    assert "This is what you chose now: 2 of 3 changes." in shown.content.decode()
    assert "Publish 2 changes" in shown.content.decode()
    assert (shown.context["form"]["reason"].value(), shown.context["form"]["despite"].value()) == (
        "Now.",
        WHY,
    )
    assert ChangeSet.objects.count() == 1
    answer = editor.post(PUBLISH, ticked(shown, 1, 3, reason="Now."), follow=True)
    assert "Published 2 changes. The rest stays in the draft." in answer.content.decode()
    assert ChangeSet.objects.get(version=2).sentences == [
        "Move Ana from Search to Radio",
        "Move Cleo from Radio to Ads",
    ]
    draft.refresh_from_db()
    assert draft.state == "open"
    [part] = answer.context["parts"]
    assert (part.change_set.version, part.count) == (2, 2)
    assert [entry.sentence for entry in answer.context["entries"]] == ["Move Ben from Search to Radio"]
    assert not answer.context["steps_back"].undo


def test_the_rest_follows_and_closes_the_draft(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Radio"), move("Ben", to="Radio"))
    publishing.publish(
        draft, actor=services.Actor("Eve"), message="", at=timezone.now(), despite=WHY, positions=[2]
    )

    answer = editor.post(PUBLISH, {"expected": expected(draft), "despite": WHY}, follow=True)

    assert "Published 1 change. “Unblock search” is live now." in answer.content.decode()
    page = editor.get("/drafts/unblock-search/changes/")
    assert [(part.change_set.version, part.count) for part in page.context["parts"]] == [(2, 1)]
    assert Draft.objects.get(pk=draft.pk).state == "published"


def test_what_a_choice_builds_on_comes_along_and_says_why(as_role: Any) -> None:
    editor = as_role("editor")
    new = CreateSquad(id=id_of("Podcasts"), values={"name": "Podcasts", "tribe": id_of("Listen")})
    a_draft(editor, new, move("Ben", to="Ads"), move("Ana", to="Podcasts"))

    page = editor.post(PUBLISH, ticked(editor.get(PUBLISH), 3))

    assert [(c.position, c.is_chosen, c.because) for c in page.context["choices"]] == [
        (1, True, "because “Move Ana from Search to Podcasts” builds on it"),
        (2, False, ""),
        (3, True, ""),
    ]
    assert editor.post(PUBLISH, ticked(page, 1, 3)).status_code == 303
    assert ChangeSet.objects.get(version=2).sentences == [
        "Create squad Podcasts",
        "Move Ana from Search to Podcasts",
    ]


def test_what_does_not_fit_stays_while_the_rest_goes_live(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Radio", source="Search"), move("Ben", to="Radio"))
    live(move("Ana", to="Ads"))

    page = editor.get(PUBLISH)
    assert "organization and stays in the draft." in page.content.decode()
    assert editor.post(PUBLISH, ticked(page, 2)).status_code == 303
    assert [step.fits for step in plans.replay_draft(Draft.objects.get(pk=draft.pk)).steps] == [False]


def test_the_head_keeps_the_day_that_the_draft_is_planned_for(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Radio"), move("Ben", to="Radio"))
    day = timezone.localdate() + timedelta(days=40)
    drafts.describe(draft, {"effective_on": day}, at=timezone.now())

    page = editor.get(PUBLISH)
    assert f"takes effect {day.day} {day:%b}" in page.content.decode()
    assert page.context["form"]["effective_on"].value() == timezone.localdate()
    editor.post(PUBLISH, ticked(editor.post(PUBLISH, ticked(page, 1)), 1))

    assert ChangeSet.objects.get(version=2).effective_on == timezone.localdate()
    assert Draft.objects.get().effective_on == day


@pytest.mark.parametrize("change", [[], ["99"], ["x"], ["²"], ["9" * 50], [""]])
def test_choosing_nothing_publishes_nothing(as_role: Any, change: list[str]) -> None:
    editor = as_role("editor")
    a_draft(editor, move("Ana", to="Radio"), move("Ben", to="Radio"))
    form = ticked(editor.get(PUBLISH)) | {"change": change}

    page = editor.post(PUBLISH, form)
    again = editor.post(PUBLISH, ticked(page) | {"change": change})

    assert "Choose at least one change." in page.content.decode()
    assert again.status_code in (200, 409, 422)
    assert ChangeSet.objects.count() == 1


def test_a_very_large_draft_goes_live_as_a_whole(as_role: Any) -> None:
    editor = as_role("editor")
    names = [RenameSquad(id=id_of("Ads"), name=f"Ads {number}") for number in range(501)]
    draft = a_draft(editor, *names)

    page = editor.get(PUBLISH)

    assert not page.context["can_choose"]
    assert "all 501 go live together" in page.content.decode()
    assert editor.post(PUBLISH, {"expected": expected(draft), "despite": WHY}).status_code == 303


# On a day to come


def scheduled(owner: Any, *operations: Operation, on: date | None = None) -> Draft:
    draft = a_draft(owner, *operations)
    day = on or timezone.localdate() + timedelta(days=3)
    publishing.schedule(draft, on=day, by_id=owner.user.pk, message="Ready.", at=timezone.now(), despite=WHY)
    return draft


def test_scheduling_closes_the_draft_until_its_day(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Radio"))
    day = timezone.localdate() + timedelta(days=3)
    page = editor.get(SCHEDULE)
    form = {"expected": page.context["form"]["expected"].value(), "scheduled_on": day.isoformat()}

    answer = editor.post(SCHEDULE, form | {"reason": "Ready.", "despite": WHY}, follow=True)

    draft.refresh_from_db()
    assert (draft.state, draft.scheduled_on, draft.scheduled_by, draft.schedule_message, draft.despite) == (
        "scheduled",
        day,
        editor.user,
        "Ready.",
        WHY,
    )
    html = " ".join(answer.content.decode().split())
    assert f"Goes live on {day:%-d %B %Y} by itself, scheduled by editor." in html
    assert "Unschedule</button>" in html
    assert "Remove" not in html
    assert editor.post("/drafts/unblock-search/operations/1/remove/").status_code == 422
    assert editor.get("/tribes/listen/?draft=unblock-search").status_code == 200


def test_a_scheduled_draft_is_listed_with_its_day_and_can_be_unscheduled(as_role: Any) -> None:
    editor = as_role("editor")
    day = timezone.localdate() + timedelta(days=3)
    draft = scheduled(editor, move("Ana", to="Radio"), on=day)

    page = editor.get("/drafts/?state=scheduled").content.decode()
    assert f"You, goes live {day.day} {day:%b}" in page
    editor.post("/drafts/unblock-search/unschedule/")
    draft.refresh_from_db()
    assert (draft.state, draft.scheduled_on) == ("open", None)
    again = editor.post("/drafts/unblock-search/unschedule/", follow=True)
    assert "The draft “Unblock search” is open, not scheduled." in again.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("scheduled_on", "", "This field is required."),
        ("scheduled_on", "tomorrow", "Enter a valid date."),
        ("scheduled_on", "2020-01-01", "Choose a day to come, or publish it now."),
        ("despite", "", "Still open: RG-05"),
        ("expected", "", "The list of changes is not the one you have read any more."),
    ],
)
def test_scheduling_with_bad_input_is_refused(as_role: Any, field: str, value: str, complaint: str) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Radio"))
    day = timezone.localdate() + timedelta(days=3)
    form = {"expected": expected(draft), "scheduled_on": day.isoformat(), "despite": WHY}

    answer = editor.post(SCHEDULE, form | {field: value})

    assert answer.status_code in (409, 422)
    assert complaint in answer.content.decode()
    assert Draft.objects.get().state == "open"


def test_only_who_publishes_schedules(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, move("Ana", to="Radio"))

    assert planner.get(SCHEDULE).status_code == 403
    assert planner.post(SCHEDULE).status_code == 403


def test_the_day_comes_and_the_draft_goes_live_once(as_role: Any, capsys: Any) -> None:
    editor = as_role("editor")
    draft = scheduled(editor, move("Ana", to="Radio"))
    call_command("publish_due")
    assert capsys.readouterr().out == ""
    Draft.objects.filter(pk=draft.pk).update(scheduled_on=timezone.localdate())

    call_command("publish_due")
    call_command("publish_due")

    assert capsys.readouterr().out == "Unblock search: published as change 2.\n"
    published = ChangeSet.objects.get(version=2)
    assert (published.actor_name, published.message, published.effective_on) == (
        "editor",
        "Ready.",
        timezone.localdate(),
    )
    assert Draft.objects.get().state == "published"


def test_a_draft_that_no_longer_fits_on_its_day_stops_and_says_so(as_role: Any, capsys: Any) -> None:
    editor = as_role("editor")
    draft = scheduled(editor, move("Ana", to="Radio", source="Search"), move("Ben", to="Radio"))
    Draft.objects.filter(pk=draft.pk).update(scheduled_on=timezone.localdate())
    live(move("Ana", to="Ads"))

    call_command("publish_due")

    why = "1 change no longer fits today's organization: “Move Ana from Search to Radio”. Remove it or redo it first."
    assert capsys.readouterr().out == f"Unblock search: stopped. {why}\n"
    draft.refresh_from_db()
    assert (draft.state, draft.failure) == ("failed", why)
    listed = editor.get("/drafts/")
    assert [row["draft"].name for row in listed.context["rows"]] == ["Unblock search"]
    assert "did not go live" in listed.content.decode()
    page = editor.get("/drafts/unblock-search/changes/").content.decode()
    assert "Settle that, then publish or schedule it again." in page
    swedish = editor.get("/drafts/unblock-search/changes/", headers={"accept-language": "sv"})
    assert (
        "1 ändring passar inte längre dagens organisation: ”Flytta Ana från Search till Radio”. "
        "Ta bort den eller gör om den först."
    ) in swedish.content.decode()
    editor.post("/drafts/unblock-search/operations/1/redo-on-today/")
    day = timezone.localdate() + timedelta(days=1)
    form = {"expected": expected(draft), "scheduled_on": day.isoformat(), "despite": WHY}
    assert editor.post(SCHEDULE, form).status_code == 303
    draft.refresh_from_db()
    assert (draft.state, draft.failure) == ("scheduled", "")


# One day, wherever it is judged


def test_a_freeze_shows_on_every_page_of_a_draft_without_a_day(as_role: Any) -> None:
    editor = as_role("editor")
    a_draft(editor, move("Ana", to="Radio"))
    today = timezone.localdate()
    Freeze.objects.create(name="Launch", first_on=today, last_on=today)

    for page in ("impact", "review", "publish"):
        assert "is inside the freeze Launch" in editor.get(f"/drafts/unblock-search/{page}/").content.decode()


def test_publishing_on_another_day_than_the_draft_plans_says_which_one_is_judged(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor, move("Ana", to="Radio"))
    today = timezone.localdate()
    drafts.describe(draft, {"effective_on": today + timedelta(days=40)}, at=timezone.now())
    Freeze.objects.create(name="Launch", first_on=today, last_on=today)

    assert "Launch" not in editor.get("/drafts/unblock-search/review/").content.decode()
    html = editor.get("/drafts/unblock-search/publish/").content.decode()
    assert "is inside the freeze Launch" in html
    assert "Judged for " in html


# The day on which it takes effect


def test_what_a_draft_closes_is_closed_on_the_day_of_publishing(as_role: Any) -> None:
    editor = as_role("editor")
    planned, real = timezone.localdate() + timedelta(days=30), timezone.localdate() - timedelta(days=2)
    draft = a_draft(editor, CloseSquad(id=id_of("Radio"), to=id_of("Search")))
    drafts.describe(draft, {"effective_on": planned}, at=timezone.now())
    assert plans.replay_draft(draft).after.squads[id_of("Radio")].closed_on == planned

    publishing.publish(
        draft, actor=services.Actor("Eve"), message="Late.", at=timezone.now(), effective_on=real, despite=WHY
    )

    assert services.current().squads[id_of("Radio")].closed_on == real


def test_a_planned_move_does_not_follow_someone_who_moves_meanwhile(as_role: Any) -> None:
    draft = a_draft(as_role("editor"), move("Ana", to="Radio"))
    live(CreateSquad(id=id_of("Studio"), values={"name": "Studio"}), move("Ana", to="Studio"))
    [misfit] = plans.replay_draft(draft).misfits
    assert misfit.sentence == "Move Ana from Search to Radio"


def test_what_is_still_open_on_its_day_is_told_in_the_language_of_whoever_reads_it(as_role: Any) -> None:
    editor = as_role("editor")
    draft = scheduled(editor, move("Ana", to="Radio", source="Search"))
    Draft.objects.filter(pk=draft.pk).update(scheduled_on=timezone.localdate(), despite="")
    publishing.publish_due(timezone.now())

    page = editor.get("/drafts/unblock-search/changes/", headers={"accept-language": "sv"}).content.decode()
    assert (
        "Fortfarande öppet: RG-05 (1 person får en annan squad eller chef "
        "utan att något enskilt samtal är planerat: Ana), RG-06 ("
    ) in page
    draft.refresh_from_db()
    assert (
        "Still open: RG-05 (1 person gets another squad or manager "
        "and no private briefing is planned: Ana), RG-06 ("
    ) in draft.failure
