"""What has a default that an organization sets something over, such as a rule: read, set over, and reset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from orgmodel.access.roles import can_design
from orgmodel.changes.faces import DESIGNERS_ONLY
from orgmodel.core.operations import Operation
from orgmodel.core.org import Org
from orgmodel.integrations import paging
from orgmodel.integrations.bodies import Body, Options
from orgmodel.integrations.conventions import ApiView
from orgmodel.integrations.resources import Json, delete_options, org_of
from orgmodel.integrations.schema import endpoint
from orgmodel.integrations.writing import write


class OverlayViewSet(ApiView, ViewSet):
    """A fixed list of keys. Org designers set something over the default of one, and reset it."""

    lookup_url_kwarg = "key"
    lookup_value_regex = "[^/]+"
    keys: ClassVar[Sequence[str]]
    noun: ClassVar[str]
    component: ClassVar[str]
    edit_body: ClassVar[Body]
    to_change: ClassVar[str]  # what PATCH does, and DELETE
    to_reset: ClassVar[str]
    about_change: ClassVar[str]

    def represent(self, org: Org, key: str) -> Json:
        raise NotImplementedError

    def changing(self, key: str, values: dict[str, Any], seen: dict[str, Any]) -> Operation:
        raise NotImplementedError

    def resetting(self, key: str) -> Operation:
        raise NotImplementedError

    @endpoint("List {view.noun}s", answers=".component", many=True)
    def list(self, request: Request) -> Response:
        org, (keys, following) = org_of(request), paging.part_of(request, self.keys)
        return paging.answer(request, [self.represent(org, key) for key in keys], following)

    @endpoint("Read one {view.noun}", answers=".component")
    def retrieve(self, request: Request, key: str) -> Response:
        return Response(self.represent(org_of(request), self._known(key)))

    @endpoint("{view.to_change}", answers=".component", body=".edit_body", description="{view.about_change}")
    def partial_update(self, request: Request, key: str) -> Response:
        self._check_may_set(request, key)
        values, options = self.edit_body.read(request.data, org_of(request))
        seen = values.pop("seen", {})
        return self._written(request, key, self.changing(key, values, seen), options)

    @endpoint("{view.to_reset}", answers=".component")
    def destroy(self, request: Request, key: str) -> Response:
        self._check_may_set(request, key)
        return self._written(request, key, self.resetting(key), delete_options(request))

    def _known(self, key: str) -> str:
        if key not in self.keys:
            raise Http404(f"There is no such {self.noun}.")
        return key

    def _check_may_set(self, request: Request, key: str) -> None:
        self._known(key)
        if not can_design(request.user):
            raise PermissionDenied(DESIGNERS_ONLY)

    def _written(self, request: Request, key: str, operation: Operation, options: Options) -> Response:
        written = write(request, [operation], options)
        return Response(self.represent(written.org, key), headers=written.headers)
