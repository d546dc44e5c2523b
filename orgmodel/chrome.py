"""What the frame around every page needs: rights, rail, top bar, theme. One context processor; its only query of
its own counts open drafts, and only for a page that shows the rail.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from orgmodel.access import roles
from orgmodel.changes.models import Draft

RAIL_TRIBES = 8
# How pages look, by cookie: each choice with its default first, which needs no cookie.
LOOK = {
    "theme": ("system", "light", "dark"),
    "density": ("compact", "cozy"),
    "shortcuts": ("on", "off"),
}


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's context. A stranger gets the look only."""
    look = look_of(request)
    user = getattr(request, "user", None)
    reality = getattr(request, "reality", None)
    if user is None or reality is None or not roles.can_view(user):
        return look
    return look | {
        "role": roles.role_of(user),
        "can": {
            "plan": roles.can_plan(user),
            "publish": roles.can_publish(user),
            "design": roles.can_design(user),
        },
        "organization_name": reality.head.name,
        "is_demo": reality.head.is_demo,
        "reality": reality,
        "rail": SimpleLazyObject(lambda: _rail(request)),
    }


def look_of(request: HttpRequest) -> dict[str, Any]:
    """Return theme, density and shortcuts, as the cookies say."""
    found = {}
    for name, choices in LOOK.items():
        chosen = request.COOKIES.get(name)
        found[name] = chosen if chosen in choices else choices[0]
    return found


def _rail(request: Any) -> dict[str, Any]:
    org, match = request.reality.org, request.resolver_match
    current = match.kwargs.get("key") if match is not None and match.view_name == "tribe" else None
    tribes = org.tribes_by_name()
    shown = list(tribes[:RAIL_TRIBES])
    if current is not None and all(tribe.key != current for tribe in shown):
        shown += [tribe for tribe in (org.find("tribe", current),) if tribe is not None]
    return {
        "people": org.count("person"),
        "tribes": shown,
        "tribe_count": len(tribes),
        "current_tribe": current,
        "drafts": _open_drafts(request.user),
    }


def _open_drafts(user: Any) -> int:
    return Draft.objects.filter(owner=user.pk, state=Draft.State.OPEN).count() if roles.can_plan(user) else 0
