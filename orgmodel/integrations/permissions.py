"""What may be done at all through the API: by a token's scopes, and by a role.

What may be done to this draft or live is asked where it is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from orgmodel.access.roles import can_plan, can_view, tribe_of
from orgmodel.integrations.problems import Fault, Faulty

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it imports this module by its settings


@dataclass(frozen=True, slots=True)
class Family:
    """The scopes that resources of one kind ask for. `within_tribe`: tokens limited to a tribe have a part of them."""

    read: str
    write: str
    within_tribe: bool = False
    actions: Mapping[str, str] = field(default_factory=dict)  # those that ask for another scope than the rest


FAMILIES: Mapping[str, Family] = {
    "people": Family("people:read", "people:write", within_tribe=True),
    "units": Family("units:read", "units:write", within_tribe=True),
    "names": Family("units:read", "units:write"),  # of points in time, whatever they are about
    "findings": Family("units:read", "units:write"),
    "rules": Family("units:read", "admin"),
    "drafts": Family(
        "units:read",
        "drafts:write",
        actions={
            **dict.fromkeys(("publish", "schedule", "unschedule"), "publish"),
            **dict.fromkeys(("comment", "approve"), "units:read"),  # whoever reads it may be invited to
        },
    ),
    "log": Family("changes:read", "publish", actions={"reverse": "drafts:write"}),
    "webhooks": Family("changes:read", "admin"),
    "links": Family("admin", "admin"),  # of groups that an identity provider pushes
    "views": Family("units:read", "units:read"),  # addresses with a name, which change nothing
    "imports": Family("drafts:write", "drafts:write"),
}
_PEOPLE = (
    "people memberships chapter-members guild-members person-skills moves rotations coachings system-owners"
)
_UNITS = (
    "squads tribes chapters guilds missions vacancies roles systems domains dependencies waivers org freezes"
)
FAMILY_OF: Mapping[str, str] = {
    **dict.fromkeys(_PEOPLE.split(), "people"),
    **dict.fromkeys(_UNITS.split(), "units"),
    "snapshots": "names",
    "findings": "findings",
    "rules": "rules",
    "words": "rules",
    "drafts": "drafts",
    "draft-links": "drafts",
    "change-sets": "log",
    "changes": "log",
    "webhooks": "webhooks",
    "scim-groups": "links",
    "views": "views",
    "imports": "imports",
    "exports": "people",  # and units, which the view asks for
}
"""The family of each resource, by its tag. A view may name another one itself, as `scope_family`."""
FOR_ALL = frozenset({"operations", "problems"})
"""Resources about the API itself, which hold nothing of the organization."""

WHOLE_ONLY = (
    "This token is limited to one tribe, and what is here is not told by tribe. Use one without that limit."
)


def check_scope(user: Any, scope: str) -> None:
    """Raise Faulty where a user came with a token that lacks a scope, naming it. A session has what its role has."""
    token = getattr(user, "token", None)
    if token is not None and scope not in token.scopes:
        detail = f"This token lacks the scope “{scope}”. Ask an org designer for a token that has it."
        raise Faulty([Fault("missing_scope", detail)], status=403)


def family_of(view: Any) -> Family | None:
    """Return what scopes a view asks for; None for the API about itself."""
    tag = getattr(view, "tag", "")
    return None if tag in FOR_ALL else FAMILIES[getattr(view, "scope_family", None) or FAMILY_OF[tag]]


def scope_for(family: Family, request: Request, action: str | None) -> str:
    """Return the scope that a request needs. What goes into a draft changes nothing but that draft."""
    if action is not None and action in family.actions:
        return family.actions[action]
    if request.method in SAFE_METHODS:
        return family.read
    into_draft = family.within_tribe and request.query_params.get("draft")
    return "drafts:write" if into_draft else family.write


class MemberPermission(BasePermission):
    """Whoever has a role, whatever the scopes of their token, such as to read about the API itself."""

    message = "Your login has no role here yet. Ask an org designer to give you one."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return can_view(request.user)


class ReaderPermission(MemberPermission):
    """Every role may, such as comment on a draft that one is invited to; a token needs the scope."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not super().has_permission(request, view):
            return False
        family = family_of(view)
        if family is not None:
            check_scope(request.user, scope_for(family, request, getattr(view, "action", None)))
            if tribe_of(request.user) is not None and not family.within_tribe:
                self.message = WHOLE_ONLY
                return False
        return True


class RolePermission(ReaderPermission):
    """Viewers read; whoever plans may also write, into drafts at least."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not super().has_permission(request, view):
            return False
        self.message = "Your role reads only. Ask an org designer to let you plan or publish."
        return request.method in SAFE_METHODS or can_plan(request.user)
