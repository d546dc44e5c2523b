"""Everything needs a login and a role, but the login page, the health endpoints and static files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from orgmodel.access.roles import can_design, can_view

OPEN_VIEWS = frozenset({"login", "healthz", "readyz"})


class LoginRequiredMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if (
            match is None
            or match.view_name in OPEN_VIEWS
            or request.path_info.startswith(("/api/", "/scim/v2"))
        ):
            return None  # they answer strangers themselves, each in its own form
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("login"))
        if match.view_name == "logout":
            return None
        if not can_view(request.user):
            raise PermissionDenied(_("Your login has no role here yet. Ask an org designer to give you one."))
        if match.app_name == "admin" and not can_design(request.user):
            raise PermissionDenied(_("The admin is for org designers."))
        return None
