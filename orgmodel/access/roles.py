"""Who may do what: four roles, kept as Django groups, and the predicates that every face asks.

viewer reads · planner has drafts of their own · editor publishes · org designer also uses the admin.
"""

from __future__ import annotations

from typing import Any

from orgmodel.changes.models import Draft

VIEWER, PLANNER, EDITOR, ORG_DESIGNER = "viewer", "planner", "editor", "org designer"
ROLES = (VIEWER, PLANNER, EDITOR, ORG_DESIGNER)  # each may do what the ones before it may
DEMO = "demo"  # marks the demo logins, next to their role


def role_of(user: Any) -> str | None:
    """Return the highest role of a user, or None for a stranger. `RoleBackend` has read it with the user."""
    if not user.is_authenticated or not user.is_active:
        return None
    if user.is_superuser:
        return ORG_DESIGNER
    names = getattr(user, "role_names", None)
    if names is None:
        names = set(user.groups.values_list("name", flat=True))
        user.role_names = names
    held = [role for role in ROLES if role in names]
    return held[-1] if held else None


def _at_least(user: Any, role: str) -> bool:
    held = role_of(user)
    return held is not None and ROLES.index(held) >= ROLES.index(role)


def can_view(user: Any) -> bool:
    return _at_least(user, VIEWER)


def can_plan(user: Any) -> bool:
    return _at_least(user, PLANNER)


def can_publish(user: Any) -> bool:
    return _at_least(user, EDITOR)


def can_design(user: Any) -> bool:
    return _at_least(user, ORG_DESIGNER)


def can_see_draft(user: Any, draft: Draft) -> bool:
    """A draft is its owner's; whoever may publish it may see it too."""
    return can_publish(user) or (can_plan(user) and draft.owner_id == user.pk)


def can_edit_draft(user: Any, draft: Draft) -> bool:
    return draft.is_open and can_see_draft(user, draft)


def can_publish_draft(user: Any, draft: Draft) -> bool:
    return draft.is_open and can_publish(user)
