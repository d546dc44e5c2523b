"""Make, open and revoke read-only links to what a draft changes."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db.models import Count, Max, QuerySet

from orgmodel.changes.models import Draft
from orgmodel.changes.services import Refused
from orgmodel.core.phrases import say
from orgmodel.exports.models import Opening, ShareLink

DAYS = (7, 14, 30, 90)
MOST = 20  # links of one draft that are valid at a time


def make(draft: Draft, days: str, *, by: int, at: datetime) -> ShareLink:
    """Return a new link. Raises Refused for a draft that is closed, for a span that is not offered, or where there are
    enough.
    """
    if not draft.is_planned:
        state = draft.get_state_display()
        raise Refused(say("The draft “{draft}” is {state} already.", draft=draft.name, state=state))
    if days not in map(str, DAYS):
        raise Refused(say("Choose for how many days the link is valid."), field="days")
    if valid(draft, at=at).count() >= MOST:
        raise Refused(say("{most} links are enough for a draft. Revoke one first.", most=MOST), field="days")
    return ShareLink.objects.create(
        key=secrets.token_urlsafe(18),
        draft=draft,
        made_by_id=by,
        made_at=at,
        expires_at=at + timedelta(days=int(days)),
    )


def valid(draft: Draft, *, at: datetime) -> QuerySet[ShareLink]:
    """Return the links that show a draft now, newest first, with how often and when last each was opened."""
    found = ShareLink.objects.filter(draft=draft, revoked_at=None, expires_at__gt=at)
    return found.annotate(opened=Count("openings"), last_opened_at=Max("openings__opened_at")).order_by(
        "-made_at", "-pk"
    )


def revoke(draft: Draft, link_id: int, *, at: datetime) -> None:
    """End a link. One that has ended already stays as it is."""
    ShareLink.objects.filter(draft=draft, pk=link_id, revoked_at=None).update(revoked_at=at)


def opened(key: str, *, by: int, at: datetime) -> ShareLink | None:
    """Return the link of this key and note who opened it; None where it has ended, or never was."""
    rows = ShareLink.objects.select_related("draft__owner", "made_by")
    link = rows.filter(key=key, revoked_at=None, expires_at__gt=at).first() if "\x00" not in key else None
    if link is None or not link.draft.is_planned:
        return None
    Opening.objects.create(link=link, user_id=by, opened_at=at)
    return link
