"""Which draft a call of the API is about, and who may do what with it: the same rules and words as on the pages."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework.request import Request

from orgmodel.access import roles
from orgmodel.changes import draft_pages
from orgmodel.changes.faces import check_may_make_live
from orgmodel.changes.models import Draft
from orgmodel.changes.plans import Planned, plan_of
from orgmodel.core.operations import Refused
from orgmodel.core.rules.integrity import storable


def user_id(request: Request) -> int:
    return cast(int, request.user.pk)


def find(request: Request, key: str) -> Draft:
    """Return a draft by its key, or answer 404 for one that this user may not see."""
    return draft_pages.draft_or_404(request._request, _checked(key))


def find_to_edit(request: Request, key: str, *, whole: bool = False) -> Draft:
    """Return a draft that this user may edit, all of it or a part. One that is closed is refused by the edit."""
    return draft_pages.draft_to_edit(request._request, _checked(key), whole=whole)


def find_own(request: Request, key: str) -> Draft:
    return draft_pages.own_draft(request._request, _checked(key))


def find_to_publish(request: Request, key: str) -> Draft:
    """Return a draft that this user may publish or schedule, or that is closed, which publishing refuses."""
    draft = find(request, key)
    if not roles.can_publish(request.user):
        raise PermissionDenied("Your role plans; ask an editor to publish this draft.")
    if roles.part_of(request.user, draft) is not None:
        raise PermissionDenied("You were handed a part of this draft; whoever sees all of it publishes it.")
    if draft.is_open:
        check_may_make_live(request.user, plan_of(draft).operations)
    return draft


def find_planned(request: Request, key: str) -> Draft:
    """Return a draft that still may come. Raises Refused for one that was published or archived."""
    draft = find(request, key)
    if not draft.is_planned:
        raise Refused(f"The draft “{draft.name}” is {draft.get_state_display()}: it is not going to come.")
    return draft


def plan_for(user: Any, draft: Draft) -> Planned:
    """Return a draft, or the part of it that a user may see, carried out on the organization as it is by now."""
    return plan_of(draft, part=roles.part_of(user, draft))


def _checked(key: str) -> str:
    if not storable(key):
        raise Http404("There is no such draft.")
    return key
