"""What a role may do at all through the API; what it may do to this draft or live is asked where it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from orgmodel.access.roles import can_plan, can_view

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it imports this module by its settings


class ReaderPermission(BasePermission):
    """Every role may, such as comment on a draft that one is invited to."""

    message = "Your login has no role here yet. Ask an org designer to give you one."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return can_view(request.user)


class RolePermission(ReaderPermission):
    """Viewers read; whoever plans may also write, into drafts at least."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not super().has_permission(request, view):
            return False
        self.message = "Your role reads only. Ask an org designer to let you plan or publish."
        return request.method in SAFE_METHODS or can_plan(request.user)
