"""What every page of a draft asks first: is it there, may this user see or edit it, how does it stand today."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from orgmodel.access import roles
from orgmodel.changes.models import Draft
from orgmodel.changes.pages import go
from orgmodel.changes.plans import Planned, plan_of


def draft_or_404(request: Any, key: str) -> Draft:
    """Return a draft that this user may see. An open one becomes what the rest of the page reads."""
    draft = roles.visible_drafts(request.user).filter(key=key).first()
    if draft is None:
        raise Http404(_("There is no such draft."))
    request.reality.draft = draft if draft.is_planned else None
    return draft


def draft_to_edit(request: Any, key: str, *, whole: bool = False) -> Draft:
    """Return a draft that this user may edit, all of it or a part. Raises PermissionDenied."""
    draft = draft_or_404(request, key)
    may = roles.can_edit_whole_draft if whole else roles.can_edit_draft
    if draft.is_open and not may(request.user, draft):
        raise PermissionDenied(_("The draft “{name}” is not yours to change.").format(name=draft.name))
    return draft


def own_draft(request: Any, key: str) -> Draft:
    """Return a draft of this user's own. Raises PermissionDenied for one that they were only invited to."""
    draft = draft_or_404(request, key)
    if not roles.can_own_draft(request.user, draft):
        words = _("The draft “{draft}” is not yours to put away or share.")
        raise PermissionDenied(words.format(draft=draft.name))
    return draft


def plan_for(request: Any, draft: Draft) -> Planned:
    """Return the draft, or the part of it that this user may see, carried out on today's organization."""
    return plan_of(draft, request.reality.head, part=roles.part_of(request.user, draft))


def may_publish(user: Any, draft: Draft, plan: Planned) -> bool:
    """Say whether a user may publish or schedule a draft as it stands today."""
    return roles.can_publish_draft(user, draft) and roles.can_make_live(user, plan.operations)


def closed(request: Any, draft: Draft) -> HttpResponse:
    """Answer who would change a draft that was published or archived meanwhile, or by the first of two clicks."""
    words = _("The draft “{draft}” is {state} already.")
    messages.info(request, words.format(draft=draft.name, state=draft.get_state_display()))
    return go(request, address_of(draft))


def address_of(draft: Draft) -> str:
    """Return where to read on about a draft: its changes, or what it did once all of it is live."""
    if draft.state == Draft.State.PUBLISHED and draft.change_set is not None:
        return reverse("change_set", args=[draft.change_set.version])
    return reverse("draft_changes", args=[draft.key])
