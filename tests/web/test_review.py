"""Talking about a draft: header, guests, parts, comments, reviews, briefings, and what waits on the overview."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from orgmodel.access import roles
from orgmodel.changes import drafts, plans, sharing
from orgmodel.changes.models import Draft, DraftBriefing, DraftShare
from orgmodel.core.operations import MovePeople, Refused
from tests.build import an_org, chapter, id_of, person, save, squad, tribe

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def planner(as_role: Any) -> Any:
    save(
        an_org(
            tribe("Listening", squad("Search", "Ana", "Ben"), squad("Playback", "Cleo")),
            tribe("Platform", squad("Events", "Dan"), squad("Identity", "Eve")),
            person("Ana", manager="Cleo"),
            chapter("Backend", "Ben"),
        )
    )
    return as_role("planner", "paula")


@pytest.fixture
def draft(planner: Any) -> Draft:
    moves = [
        MovePeople(people=(id_of("Ana"),), to=id_of("Playback"), source=id_of("Search")),
        MovePeople(people=(id_of("Dan"),), to=id_of("Identity"), source=id_of("Events")),
    ]
    return drafts.create_draft("Autumn", owner_id=planner.user.pk, at=NOW, operations=moves)


def page(draft: Draft, name: str, *args: Any) -> str:
    return reverse(name, args=[draft.key, *args])


def share(draft: Draft, guest: Any, can: str = "view", **options: Any) -> None:
    sharing.invite(draft, guest.user, can=can, **options)


# Who sees it


def test_a_private_draft_is_not_there_for_others(draft: Draft, as_role: Any) -> None:
    for role in ("viewer", "planner", "editor", "org designer"):
        other = as_role(role)
        for name in (
            "draft_review",
            "draft_changes",
            "draft_board",
            "draft_share",
            "draft_edit",
            "draft_briefings",
        ):
            assert other.get(page(draft, name)).status_code == 404
        assert other.get("/people/?draft=autumn").status_code == 404


def test_everyone_sees_a_draft_that_is_shown_to_everyone_and_nobody_else_edits_it(
    planner: Any, draft: Draft, as_role: Any
) -> None:
    planner.post(page(draft, "draft_visibility"), {"visibility": "everyone"})
    viewer, editor = as_role("viewer"), as_role("editor")
    assert viewer.get(page(draft, "draft_review")).status_code == 200
    assert viewer.get("/people/?draft=autumn").status_code == 200
    assert editor.get(page(draft, "draft_edit")).status_code == 403
    assert editor.post(page(draft, "draft_undo")).status_code == 403
    assert editor.get(page(draft, "draft_share")).status_code == 403
    assert Draft.objects.get().operations.filter(state="standing").count() == 2


@pytest.mark.parametrize(
    ("can", "comments", "edits"), [("view", 403, 403), ("comment", 302, 403), ("edit", 302, 200)]
)
def test_guests_may_do_what_they_were_invited_to(
    draft: Draft, as_role: Any, can: str, comments: int, edits: int
) -> None:
    guest = as_role("planner", "gus")
    share(draft, guest, can)
    assert guest.get(page(draft, "draft_review")).status_code == 200
    answer = guest.post(page(draft, "draft_comment"), {"body": "Why Ana?"})
    assert answer.status_code == (303 if comments == 302 else comments)
    assert guest.get(page(draft, "draft_edit")).status_code == edits
    assert guest.get(page(draft, "draft_share")).status_code == 403


def test_inviting_and_taking_it_back(planner: Any, draft: Draft, as_role: Any) -> None:
    guest = as_role("viewer", "vera")
    answer = planner.post(page(draft, "draft_share"), {"user": "vera", "can": "comment", "is_reviewer": "on"})
    assert answer.status_code == 303
    assert guest.get(page(draft, "draft_review")).status_code == 200
    planner.post(page(draft, "draft_uninvite", guest.user.pk))
    planner.post(page(draft, "draft_uninvite", guest.user.pk))
    assert guest.get(page(draft, "draft_review")).status_code == 404


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"user": "nobody", "can": "view"}, "Nobody logs in as “nobody”."),
        ({"user": "a\x00b", "can": "view"}, "Null characters are not allowed."),
        ({"user": "paula", "can": "view"}, "The draft is theirs already."),
        ({"user": "vera", "can": "edit"}, "has a role that reads only; let them view or comment."),
        ({"user": "vera", "can": "view", "is_reviewer": "on"}, "A reviewer needs to comment as well."),
        ({"user": "vera", "can": "rule"}, "Select a valid choice."),
        ({"user": "vera", "can": "view", "tribe": "x"}, "Select a valid choice."),
    ],
)
def test_inviting_refuses(planner: Any, draft: Draft, as_role: Any, sent: dict[str, str], words: str) -> None:
    as_role("viewer", "vera")
    answer = planner.post(page(draft, "draft_share"), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not DraftShare.objects.exists()


# A part of it


def test_a_leader_sees_and_edits_only_the_part_that_was_handed_over(draft: Draft, as_role: Any) -> None:
    leader = as_role("planner", "lea")
    share(draft, leader, "edit", tribe=id_of("Platform"))
    text = leader.get(page(draft, "draft_changes")).content.decode()
    assert "Move Dan from Events to Identity" in text
    assert "Move Ana" not in text
    assert "Cleo" in leader.get("/squads/playback/?draft=autumn").content.decode()
    assert (
        "Ana"
        not in leader.get("/squads/playback/?draft=autumn")
        .content.decode()
        .split("<main")[1]
        .split("Timeline")[0]
    )
    moved = leader.post("/moves/?draft=autumn", {"person": "eve", "to": "events", "source": "identity"})
    assert moved.status_code in (200, 303)
    refused = leader.post("/moves/?draft=autumn", {"person": "ben", "to": "playback", "source": "search"})
    assert refused.status_code == 422
    assert (
        "You edit the part of Platform in this draft; this would also change Listening."
        in refused.content.decode()
    )
    whole = plans.replay_draft(Draft.objects.get()).after
    assert whole.membership(id_of("Eve"), id_of("Events")) is not None
    assert whole.membership(id_of("Ben"), id_of("Search")) is not None
    assert leader.get(page(draft, "draft_edit")).status_code == 403


def test_a_part_does_not_let_someone_take_out_or_undo_other_parts(draft: Draft, as_role: Any) -> None:
    leader = as_role("planner", "lea")
    share(draft, leader, "edit", tribe=id_of("Platform"))
    with pytest.raises(Refused, match="not in the part"):
        drafts.remove(draft, 1, at=NOW, part=id_of("Platform"))
    with pytest.raises(Refused, match="not in the part"):
        drafts.undo(draft, at=NOW, part=id_of("Platform"))
    assert len(plans.replay_draft(draft).steps) == 2
    assert drafts.remove(draft, 2, at=NOW, part=id_of("Platform")) == ["Move Dan from Events to Identity"]


def test_nobody_publishes_from_a_part(draft: Draft, as_role: Any) -> None:
    leader = as_role("editor", "lea")
    share(draft, leader, "edit", tribe=id_of("Platform"))
    assert not roles.can_publish_draft(leader.user, draft)


# Comments


def test_comments_on_the_draft_and_on_a_change(planner: Any, draft: Draft, as_role: Any) -> None:
    guest = as_role("viewer", "vera")
    share(draft, guest, "comment")
    guest.post(page(draft, "draft_comment"), {"body": "Who asked for this?"})
    guest.post(page(draft, "draft_comment_on", 2), {"body": "Dan is needed in Events."})
    text = planner.get(page(draft, "draft_review")).content.decode()
    assert text.index("Who asked for this?") < text.index("Dan is needed in Events.")
    assert "<h3>Move Dan from Events to Identity</h3>" in text
    assert guest.get(page(draft, "draft_comment_on", 9)).status_code == 404
    assert guest.post(page(draft, "draft_comment"), {"body": "  "}).status_code == 422
    assert guest.post(page(draft, "draft_comment"), {"body": "x" * 5_001}).status_code == 422
    assert "<script>" not in text
    assert draft.comments.count() == 2


def test_a_mention_appears_on_the_overview_of_those_who_may_see_the_draft(
    planner: Any, draft: Draft, as_role: Any
) -> None:
    guest, stranger = as_role("viewer", "vera"), as_role("editor", "stan")
    share(draft, guest, "comment")
    answer = planner.post(
        page(draft, "draft_comment"), {"body": "@vera and @stan, is this right?"}, follow=True
    )
    assert "Not invited to this draft, so they will not see it: stan." in answer.content.decode()
    assert "is this right?" in guest.get("/").content.decode()
    assert "is this right?" not in stranger.get("/").content.decode()


# Reviews


def test_an_approval_is_of_what_was_read(planner: Any, draft: Draft, as_role: Any) -> None:
    reviewer = as_role("viewer", "vera")
    share(draft, reviewer, "comment", is_reviewer=True)
    assert "waits for your review" in reviewer.get("/").content.decode()
    read = Draft.objects.get().revision
    reviewer.post(page(draft, "draft_approve"), {"revision": read})
    assert "1 of 1" in planner.get(page(draft, "draft_review")).content.decode()
    assert "waits for your review" not in reviewer.get("/").content.decode()
    drafts.remove(draft, 2, at=NOW)
    assert "0 of 1" in planner.get(page(draft, "draft_review")).content.decode()
    answer = reviewer.post(page(draft, "draft_approve"), {"revision": read}, follow=True)
    assert "The draft was edited since you read it." in answer.content.decode()
    answer = planner.post(page(draft, "draft_approve"), {"revision": draft.revision}, follow=True)
    assert "You were not asked to review this draft." in answer.content.decode()


# Header


def test_the_header_is_kept_and_shown(planner: Any, draft: Draft) -> None:
    sent = {
        "name": "Autumn 2026",
        "problem": "Search waits for Playback.",
        "effective_on": "2026-12-11",
        "keep_together": "Ana, ben",
    }
    assert planner.post(page(draft, "draft_edit"), sent).status_code == 303
    kept = Draft.objects.get()
    assert (kept.name, kept.key, kept.problem) == ("Autumn 2026", "autumn", "Search waits for Playback.")
    assert kept.effective_on == date(2026, 12, 11)
    assert kept.keep_together == [[id_of("Ana"), id_of("Ben")]]
    text = planner.get(page(draft, "draft_review")).content.decode()
    assert "Search waits for Playback." in text
    assert "Not said yet: intent in one sentence, what is traded off, success measures." in text


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"keep_together": "Zoe"}, "Nobody is called “Zoe”."),
        ({"effective_on": "tomorrow"}, "Enter a valid date."),
        ({"intent": "x" * 501}, "Ensure this value has at most 500 characters"),
        ({"problem": "x" * 5_001}, "Ensure this value has at most 5000 characters"),
        ({"problem": "a\x00b"}, "holds characters that cannot be stored"),
    ],
)
def test_the_header_refuses(planner: Any, draft: Draft, sent: dict[str, str], words: str) -> None:
    body = {"name": "Autumn", **sent}
    answer = planner.post(page(draft, "draft_edit"), body)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Draft.objects.get().problem == ""


# Briefings


def test_talks_are_planned_with_those_whose_squad_or_manager_changes(planner: Any, draft: Draft) -> None:
    text = planner.get(page(draft, "draft_briefings")).content.decode()
    assert "Ana" in text
    assert "Dan" in text
    assert ">Eve<" not in text
    sent = {"person": [id_of("Ana"), id_of("Eve"), "x"], "on": "2026-12-01"}
    planner.post(page(draft, "draft_briefings"), sent)
    planned = DraftBriefing.objects.get()
    assert (planned.person, planned.by, planned.on) == (id_of("Ana"), id_of("Cleo"), date(2026, 12, 1))
    planner.post(page(draft, "draft_briefings"), {"all": "on", "on": "2026-12-02"})
    assert set(DraftBriefing.objects.values_list("on", flat=True)) == {date(2026, 12, 2)}
    planner.post(page(draft, "draft_briefings"), {"all": "on", "on": ""})
    assert not DraftBriefing.objects.exists()


def test_the_review_costs_the_same_however_much_is_said(
    planner: Any, draft: Draft, django_assert_num_queries: Any
) -> None:
    planner.get(page(draft, "draft_review"))
    for number in range(30):
        sharing.comment(draft, f"Number {number}", author_id=planner.user.pk, at=NOW, position=1)
    with django_assert_num_queries(13):
        planner.get(page(draft, "draft_review"))


def test_users_are_gone_with_their_invitations(draft: Draft, as_role: Any) -> None:
    guest = as_role("viewer", "vera")
    share(draft, guest)
    get_user_model().objects.filter(pk=guest.user.pk).delete()
    assert not DraftShare.objects.exists()


def test_an_approval_that_nobody_gave_is_not_taken_back(draft: Draft, as_role: Any) -> None:
    reviewer = as_role("editor")
    share(draft, reviewer, "comment", is_reviewer=True)

    html = reviewer.post(page(draft, "draft_approve"), {}, follow=True).content.decode()

    assert "You have not approved this draft, so there is nothing to take back." in html
    assert "Approval taken back" not in html
