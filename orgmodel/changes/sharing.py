"""Who is invited to a draft, what is said about it, who approves it, and whom it is explained to beforehand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from orgmodel.access import roles
from orgmodel.changes import publishing
from orgmodel.changes.models import Draft, DraftBriefing, DraftComment, DraftOperation, DraftShare
from orgmodel.changes.plans import Planned
from orgmodel.changes.services import text_to_keep
from orgmodel.core.operations import Refused
from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import say

_MENTION = re.compile(r"(?<![\w@])@([\w.+-]+(?:@[\w.-]*\w)?)")


# Guests


def invite(
    draft: Draft, user: Any, *, can: str, tribe: str | None = None, is_reviewer: bool = False
) -> DraftShare:
    """Let someone see, comment or edit a draft, or one tribe's part of it; inviting again changes what they may do.

    Raises Refused for its owner, and for what their role cannot do.
    """
    if user.pk == draft.owner_id:
        raise Refused(say("The draft is theirs already."), field="user")
    if can not in DraftShare.Can.values:
        raise Refused(say("Choose what they may do: view, comment or edit."), field="can")
    if can == DraftShare.Can.EDIT and not roles.can_plan(user):
        raise Refused(
            say("{who} has a role that reads only; let them view or comment.", who=roles.name_of(user)),
            field="can",
        )
    if is_reviewer and can == DraftShare.Can.VIEW:
        raise Refused(say("A reviewer needs to comment as well."), field="can")
    values = {"can": can, "tribe": tribe, "is_reviewer": is_reviewer}
    share, _ = DraftShare.objects.update_or_create(draft=draft, user=user, defaults=values)
    return share


def uninvite(draft: Draft, user_id: int) -> None:
    """Take an invitation back. Doing so twice does no harm."""
    DraftShare.objects.filter(draft=draft, user=user_id).delete()


def show(draft: Draft, visibility: str, *, at: datetime) -> None:
    """Say who sees a draft apart from those invited. It is no edit of the draft: whoever reads it reads on."""
    if visibility not in Draft.Visibility.values:
        raise Refused(say("A draft is private, or everyone sees it."), field="visibility")
    draft.visibility, draft.updated_at = visibility, at
    draft.save(update_fields=["visibility", "updated_at"])


# Comments


def comment(
    draft: Draft, body: str, *, author_id: int, at: datetime, position: int | None = None
) -> DraftComment:
    """Say something about a draft, or about the operation at a position. Raises Refused.

    “@name” mentions someone who may see the draft: it appears on their overview.
    """
    body = text_to_keep(body, "body", say("text of the comment"))
    if not body:
        raise Refused(say("Write something first."), field="body")
    operation = _operation(draft, position) if position is not None else None
    with transaction.atomic():
        made = DraftComment.objects.create(
            draft=draft, operation=operation, author_id=author_id, body=body, written_at=at
        )
        made.mentions.set(user for user in mentioned(body) if roles.can_see_draft(user, draft))
    return made


def _operation(draft: Draft, position: int) -> DraftOperation:
    found = draft.operations.filter(position=position).exclude(state=DraftOperation.State.REMOVED).first()
    if found is None:
        raise Refused(say("This draft has no such change."))
    return found


def mentioned(body: str) -> list[Any]:
    """Return the users whose login a text names after an @."""
    logins = {login.rstrip(".") for login in _MENTION.findall(body)}
    found = get_user_model().objects.filter(username__in=logins, is_active=True)
    return list(found.order_by("username"))


def unreached(draft: Draft, comment: DraftComment) -> list[str]:
    """Return the names of those whom a comment mentions and who may not see the draft."""
    return [roles.name_of(user) for user in mentioned(comment.body) if not roles.can_see_draft(user, draft)]


# Reviews


def approve(draft: Draft, user_id: int, *, revision: int | None) -> None:
    """Note which revision of a draft a reviewer approves; None takes the approval back.

    Raises Refused where the draft has been edited since, or where this user was not asked.
    """
    if revision is not None and revision != draft.revision:
        raise Refused(say("The draft was edited since you read it. Look at it again before you approve."))
    asked = DraftShare.objects.filter(draft=draft, user=user_id, is_reviewer=True).first()
    if asked is None:
        raise Refused(say("You were not asked to review this draft."))
    if revision is None and asked.approved_revision is None:
        raise Refused(say("You have not approved this draft, so there is nothing to take back."))
    asked.approved_revision = revision
    asked.save(update_fields=["approved_revision"])


@dataclass(frozen=True, slots=True)
class Reviews:
    """How far the reviews of a draft are. An approval counts for the state of the draft that was read."""

    shares: tuple[DraftShare, ...]
    approved: int

    @property
    def asked(self) -> int:
        return len(self.shares)


def reviews_of(draft: Draft) -> Reviews:
    asked = draft.shares.filter(is_reviewer=True).select_related("user").order_by("user__username")
    shares = tuple(asked)
    return Reviews(shares, sum(share.approved_revision == draft.revision for share in shares))


# Briefings


def brief(draft: Draft, people: Iterable[str], *, by: str | None, on: date | None) -> int:
    """Plan a talk with each of these people, or plan it anew, and return how many. `on` None takes the plan back."""
    ids = sorted(set(people))
    if on is None:
        DraftBriefing.objects.filter(draft=draft, person__in=ids).delete()
        return len(ids)
    rows = [DraftBriefing(draft=draft, person=person, by=by, on=on) for person in ids]
    DraftBriefing.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["draft", "person"], update_fields=["by", "on"]
    )
    return len(ids)


def brief_by_managers(draft: Draft, org: Org, people: Iterable[str], *, on: date | None) -> int:
    """Plan a talk of each of these people with their own line manager, as `brief` does."""
    by_manager: dict[str | None, list[str]] = {}
    for id_ in people:
        person = org.people.get(id_)
        by_manager.setdefault(person.manager if person is not None else None, []).append(id_)
    return sum(brief(draft, some, by=by, on=on) for by, some in by_manager.items())


def affected(planned: Planned, today: date) -> list[str]:
    """Return the ids of those whose squad or line manager a draft changes, by name."""
    people = planned.replay.after.people
    impact = publishing.impact(planned, today)
    ids = (p.person for p in impact.people if p.changes_squad or p.changes_manager)
    return [person.id for person in by_name(people[id_] for id_ in ids if id_ in people)]


def briefings_of(draft: Draft) -> dict[str, DraftBriefing]:
    """Return what is planned, by the id of the person."""
    return {briefing.person: briefing for briefing in draft.briefings.all()}


# What waits for someone


@dataclass(frozen=True, slots=True)
class Waiting:
    """What someone finds on their overview: comments that mention them, drafts to review, drafts that failed."""

    mentions: Sequence[DraftComment]
    reviews: Sequence[Draft]
    failed: Sequence[Draft]

    def __bool__(self) -> bool:
        return bool(self.mentions or self.reviews or self.failed)


def waiting_for(user: Any, limit: int = 5) -> Waiting:
    """Return what drafts that may still come want of a user, the newest first."""
    planned = (Draft.State.OPEN, Draft.State.FAILED, Draft.State.SCHEDULED)
    visible = roles.visible_drafts(user).filter(state__in=planned)
    mentions = DraftComment.objects.filter(mentions=user, draft__in=visible.values("pk"))
    shares = DraftShare.objects.filter(user=user, is_reviewer=True, draft__state__in=planned)
    pending = [
        share.draft
        for share in shares.select_related("draft__owner").order_by("-draft__updated_at")
        if share.approved_revision != share.draft.revision
    ]
    failed = Draft.objects.filter(owner=user, state=Draft.State.FAILED).order_by("-updated_at")
    return Waiting(
        list(mentions.select_related("draft", "author").order_by("-written_at")[:limit]),
        pending[:limit],
        list(failed[:limit]),
    )
