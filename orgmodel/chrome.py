"""What the frame around every page needs: rights, rail, top bar, theme. One context processor, no queries of its own
beyond those of the request's reality."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from orgmodel.access import roles
from orgmodel.core.org import Org, by_name

RAIL_TRIBES = 8
THEMES = ("light", "dark")
DENSITIES = ("compact", "cozy")


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's context. A stranger gets the theme only."""
    look = {
        "theme": request.COOKIES.get("theme") if request.COOKIES.get("theme") in THEMES else "",
        "density": request.COOKIES.get("density") if request.COOKIES.get("density") in DENSITIES else "compact",
        "shortcuts": request.COOKIES.get("shortcuts") != "off",
    }
    user = getattr(request, "user", None)
    reality = getattr(request, "reality", None)
    if user is None or reality is None or not roles.can_view(user):
        return look
    return look | {
        "role": roles.role_of(user),
        "can": {"plan": roles.can_plan(user), "publish": roles.can_publish(user), "design": roles.can_design(user)},
        "organization_name": reality.head.name,
        "is_demo": reality.head.is_demo,
        "reality": reality,
        "rail": _rail(request, reality.org),
    }


def _rail(request: Any, org: Org) -> dict[str, Any]:
    match = request.resolver_match
    current = (match.kwargs.get("key") if match.view_name == "tribe" else None) if match else None
    tribes = by_name(tribe for tribe in org.tribes.values() if tribe.closed_on is None)
    shown = tribes[:RAIL_TRIBES]
    if current and current not in {tribe.key for tribe in shown}:
        shown += [tribe for tribe in tribes if tribe.key == current]
    return {
        "people": sum_here(org),
        "tribes": shown,
        "tribe_count": len(tribes),
        "current_tribe": current,
    }


def sum_here(org: Org) -> int:
    return len(org.people)
