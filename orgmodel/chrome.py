"""What the frame around every page needs: rights, rail, top bar, theme. One context processor; its only query of
its own finds saved views and open drafts, and only for a page that shows the rail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Value
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from orgmodel.access import roles
from orgmodel.changes.models import Draft
from orgmodel.look import look_of
from orgmodel.pages import saved

RAIL_TRIBES = 8
RAIL_VIEWS = 6


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's context. A stranger gets the look only."""
    look = look_of(request)
    user = getattr(request, "user", None)
    reality = getattr(request, "reality", None)
    if user is None or reality is None or not roles.can_view(user):
        return look
    return look | {
        "role_name": roles.in_words(user),
        "can": {
            "plan": roles.can_plan(user),
            "publish": roles.can_publish(user),
            "design": roles.can_design(user),
        },
        "organization_name": reality.head.name,
        "is_demo": reality.head.is_demo,
        "reality": reality,
        "clock": SimpleLazyObject(lambda: clock_of(request)),
        "rail": SimpleLazyObject(lambda: _rail(request)),
    }


@dataclass(frozen=True, slots=True)
class Step:
    """The same page some days earlier or later: in a word, and in whole words for those who listen."""

    words: str
    said: str
    url: str


@dataclass(frozen=True, slots=True)
class Clock:
    """The date control of a page: the day it shows, and its address on others; `keep` is the rest of it."""

    day: date
    is_today: bool
    today: str
    back: tuple[Step, ...]
    forth: tuple[Step, ...]
    keep: tuple[tuple[str, str], ...]


def clock_of(request: Any) -> Clock:
    today = timezone.localdate()
    day = request.reality.as_of or today

    def step(words: str, said: str, days: int) -> Step:
        try:
            other = day + timedelta(days=days)
        except OverflowError:  # the calendar ends here
            other = day
        return Step(words, said, _on_day(request, None if other == today else other))

    return Clock(
        day=day,
        is_today=request.reality.as_of is None,
        today=_on_day(request, None),
        back=(step(_("week"), _("Back one week"), -7), step(_("day"), _("Back one day"), -1)),
        forth=(step(_("day"), _("Forth one day"), 1), step(_("week"), _("Forth one week"), 7)),
        keep=tuple((n, v) for n, values in request.GET.lists() if n not in REALITY for v in values),
    )


REALITY = ("as_of", "draft")


def _on_day(request: Any, day: date | None) -> str:
    """Return the address of this page as of a day; None is today."""
    query = request.GET.copy()
    for name in REALITY:
        query.pop(name, None)
    if day is not None:
        query["as_of"] = day.isoformat()
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _rail(request: Any) -> dict[str, Any]:
    org, match = request.reality.org, request.resolver_match
    current = match.kwargs.get("key") if match is not None and match.view_name == "tribe" else None
    tribes = org.tribes_by_name()
    shown = list(tribes[:RAIL_TRIBES])
    if current is not None and all(tribe.key != current for tribe in shown):
        shown += [tribe for tribe in (org.find("tribe", current),) if tribe is not None]
    views, drafts = _pinned(request.user)
    return {
        "people": org.count("person"),
        "tribes": shown,
        "tribe_count": len(tribes),
        "current_tribe": current,
        "drafts": drafts,
        "views": views[:RAIL_VIEWS],
        "view_count": len(views),
    }


def _pinned(user: Any) -> tuple[list[tuple[str, str]], int]:
    """Return the names and addresses of saved views, and how many drafts are open: one query, as every page asks."""
    rows = saved.seen_by(user).order_by().values_list("name", "url")
    if roles.can_plan(user):
        drafts = Draft.objects.filter(owner=user.pk, state=Draft.State.OPEN)
        rows = rows.union(drafts.values_list("key", Value("")), all=True)
    views = sorted(((name, url) for name, url in rows if url), key=lambda view: view[0].casefold())
    return views, len(rows) - len(views)
