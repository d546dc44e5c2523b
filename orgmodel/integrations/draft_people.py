"""Who is invited to a draft, what is said about it, who approves it and whom it is explained to, over REST."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from orgmodel.access import roles
from orgmodel.changes import services, sharing
from orgmodel.changes.models import Draft, DraftComment, DraftOperation, DraftShare
from orgmodel.core.org import Org
from orgmodel.core.records import Spec
from orgmodel.core.rules.integrity import storable
from orgmodel.integrations import tokens
from orgmodel.integrations.bodies import Body
from orgmodel.integrations.draft_access import find, find_own, find_to_edit, plan_for, user_id
from orgmodel.integrations.draft_json import comment_json, share_json
from orgmodel.integrations.permissions import ReaderPermission
from orgmodel.integrations.problems import Fault, Faulty
from orgmodel.integrations.resources import Json, reference
from orgmodel.integrations.schema import endpoint

CHOICES = tuple((can, can) for can in DraftShare.Can.values)


class DraftPeople(ViewSet):
    """Guests, comments, reviews and briefings of drafts."""

    share_body = Body(
        "ShareDraft",
        {
            "can": Spec("choice", choices=CHOICES, required=True, label="what they may do"),
            "tribe": Spec("ref", target="tribe", label="hand over one tribe's part only"),
            "is_reviewer": Spec("flag", label="ask for a review"),
        },
        options=False,
    )
    comment_body = Body(
        "CommentDraft",
        {
            "body": Spec(
                "text", limit=services.MESSAGE_LIMIT, required=True, label="@login mentions someone"
            ),
            "position": Spec("position", label="of the operation that it is about"),
        },
        options=False,
    )
    briefing_body = Body(
        "BriefDraft",
        {
            "people": Spec("refs", target="person", required=True),
            "on": Spec("date", label="when to talk with them; null takes the plan back"),
            "by": Spec("ref", target="person", label="who talks; their own line managers where absent"),
        },
        options=False,
    )
    approve_body = Body(
        "ApproveDraft",
        {
            "revision": Spec(
                "position", required=True, label="what you have read; null takes the approval back"
            )
        },
        options=False,
    )

    # Guests

    @endpoint("List who is invited to a draft", answers="DraftShares", reality=False)
    @action(detail=True, methods=["get"])
    def shares(self, request: Request, key: str) -> Response:
        draft = find_own(request, key)
        org = plan_for(request.user, draft).replay.after
        found = draft.shares.select_related("user").order_by("user__username")
        return Response({"results": [share_json(share, org) for share in found]})

    @endpoint("Read what someone may do in a draft", answers="DraftShare", reality=False)
    @action(detail=True, methods=["get"], url_path="shares/(?P<login>[^/]+)")
    def share(self, request: Request, key: str, login: str) -> Response:
        draft = find_own(request, key)
        found = draft.shares.select_related("user").filter(user__username=login) if storable(login) else ()
        for share in found:
            return Response(share_json(share, plan_for(request.user, draft).replay.after))
        raise Http404("Nobody of this login is invited to the draft.")

    @endpoint(
        "Invite someone to a draft, or change what they may do",
        answers="DraftShare",
        body=".share_body",
        reality=False,
    )
    @share.mapping.put  # type: ignore[untyped-decorator]
    def invite(self, request: Request, key: str, login: str) -> Response:
        draft = find_own(request, key)
        org = plan_for(request.user, draft).replay.after
        values, _ = self.share_body.read(request.data, org)
        return Response(share_json(sharing.invite(draft, _user(login), **values), org))

    @endpoint("Take an invitation back", status=204, reality=False)
    @share.mapping.delete  # type: ignore[untyped-decorator]
    def uninvite(self, request: Request, key: str, login: str) -> Response:
        draft = find_own(request, key)
        if storable(login):
            for user in get_user_model().objects.filter(username=login):
                sharing.uninvite(draft, user.pk)
        return Response(status=204)

    # Comments and reviews

    @endpoint("List what is said about a draft, in order of time", answers="DraftComments", reality=False)
    @action(detail=True, methods=["get"], permission_classes=[ReaderPermission])
    def comments(self, request: Request, key: str) -> Response:
        draft = find(request, key)
        return Response({"results": [comment_json(comment) for comment in _comments(request.user, draft)]})

    @endpoint(
        "Say something about a draft or one of its operations",
        answers="DraftComment",
        body=".comment_body",
        status=201,
        reality=False,
    )
    @comments.mapping.post  # type: ignore[untyped-decorator]
    def comment(self, request: Request, key: str) -> Response:
        draft = find(request, key)
        values, _ = self.comment_body.read(request.data, services.current())
        if not roles.can_comment_draft(request.user, draft):
            raise PermissionDenied(f"You may look at the draft “{draft.name}”, not comment on it.")
        position = values.get("position")
        if position is not None and not plan_for(request.user, draft).sentences([position]):
            detail = f"There is no change {position} in this draft."
            raise Faulty([Fault("unknown_reference", detail, "/position")], status=422)
        made = sharing.comment(
            draft, values["body"], author_id=user_id(request), at=timezone.now(), position=position
        )
        return Response(comment_json(made), status=201)

    @endpoint(
        "Approve a revision of a draft that you were asked to review",
        answers="DraftApproval",
        body=".approve_body",
        reality=False,
    )
    @action(detail=True, methods=["post"], permission_classes=[ReaderPermission])
    def approve(self, request: Request, key: str) -> Response:
        draft = find(request, key)
        values, _ = self.approve_body.read(request.data, services.current())
        sharing.approve(draft, user_id(request), revision=values["revision"])
        return Response({"approved_revision": values["revision"]})

    # Briefings

    @endpoint(
        "List whose squad or manager a draft changes, and when one talks with them",
        answers="DraftBriefings",
        reality=False,
    )
    @action(detail=True, methods=["get"])
    def briefings(self, request: Request, key: str) -> Response:
        return Response(_briefings(request.user, find(request, key)))

    @endpoint(
        "Plan talks with people whose squad or manager a draft changes",
        answers="DraftBriefings",
        body=".briefing_body",
        reality=False,
    )
    @briefings.mapping.post  # type: ignore[untyped-decorator]
    def brief(self, request: Request, key: str) -> Response:
        draft = find_to_edit(request, key, whole=True)
        plan = plan_for(request.user, draft)
        values, _ = self.briefing_body.read(request.data, plan.replay.after)
        people = values["people"]
        affected = set(sharing.affected(plan, timezone.localdate()))
        faults = [
            Fault("not_affected", "This draft changes neither their squad nor their manager.", f"/people/{i}")
            for i, person in enumerate(people)
            if person not in affected
        ]
        if faults:
            raise Faulty(faults, status=422)
        if values.get("by") is not None:
            sharing.brief(draft, people, by=values["by"], on=values.get("on"))
        else:
            sharing.brief_by_managers(draft, plan.replay.before, people, on=values.get("on"))
        return Response(_briefings(request.user, draft))


def _user(login: str) -> Any:
    users: Any = get_user_model().objects.filter(username=login, is_active=True) if storable(login) else ()
    for user in users:
        if roles.can_view(tokens.with_role(user, at=timezone.now())):
            return user
    raise Http404(f"Nobody logs in as “{login[:100]}”. An org designer adds logins in the admin.")


def _comments(user: Any, draft: Draft) -> list[DraftComment]:
    """Return what is said about a draft and about those of its operations that a user may see."""
    about = Q(operation=None)
    if roles.part_of(user, draft) is None:
        about |= ~Q(operation__state=DraftOperation.State.REMOVED)
    else:
        about |= Q(operation__position__in=plan_for(user, draft).positions)
    rows = draft.comments.filter(about).select_related("author", "operation").prefetch_related("mentions")
    return list(rows.order_by("written_at", "pk"))


def _briefings(user: Any, draft: Draft) -> Json:
    plan = plan_for(user, draft)
    org: Org = plan.replay.after
    planned = sharing.briefings_of(draft)
    results = []
    for id_ in sharing.affected(plan, timezone.localdate()):
        briefing = planned.get(id_)
        results.append(
            {
                "person": reference(org, "person", id_),
                "manager": reference(org, "person", org.people[id_].manager),
                "by": reference(org, "person", briefing.by) if briefing else None,
                "on": briefing.on if briefing else None,
            }
        )
    return {"results": results}
