"""The admin as a whole: for org designers only, whatever `is_staff` and model permissions say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgmodel.access.roles import can_design
from orgmodel.core.rules.integrity import storable


class FoundByTyping(AutocompleteJsonView):
    """Tells records of one name apart by the fields that their admin names in `hints`."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        hints = [
            str(value) for name in getattr(self.model_admin, "hints", ()) if (value := getattr(obj, name))
        ]
        return super().serialize_result(obj, to_field_name) | {"text": " · ".join([str(obj), *hints])}


class OrgAdminSite(AdminSite):
    site_header = "orgmodel"
    site_title = gettext_lazy("orgmodel admin")
    index_title = gettext_lazy("Keep the organization")

    def has_permission(self, request: HttpRequest) -> bool:
        return can_design(request.user)

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return FoundByTyping.as_view(admin_site=self)(request)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            # Filters go into queries as they are; what no database can hold would fail there.
            if not all(storable(name + value) for name in request.GET for value in request.GET.getlist(name)):
                raise BadRequest(_("The address holds characters that cannot be stored."))
            return inner(request, *args, **kwargs)  # type: ignore[no-any-return]

        return checked


class ForDesigners:
    """Mixed into admin classes: org designers may do everything here, nobody else anything."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return can_design(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_design(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_design(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_design(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can_design(request.user)


class ReadOnly(ForDesigners):
    """Mixed into admin classes: org designers may read, nobody may change anything."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
