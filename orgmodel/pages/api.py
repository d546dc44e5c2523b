"""Saved views over REST: one's own, and those that are shared with everyone."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from orgmodel.changes import services
from orgmodel.core.records import Spec
from orgmodel.integrations import paging
from orgmodel.integrations.bodies import Body
from orgmodel.integrations.conventions import ApiView
from orgmodel.integrations.permissions import ReaderPermission
from orgmodel.integrations.resources import Json
from orgmodel.integrations.schema import endpoint
from orgmodel.integrations.shapes import COUNT, FLAG, MOMENT, TEXT, object_of
from orgmodel.pages import saved
from orgmodel.pages.models import SavedView

NAME = Spec("text", limit=saved.NAME_LIMIT, required=True)
SHARED = Spec("flag", label="whether everyone who may log in sees it")


class SavedViewViewSet(ApiView, ViewSet):
    """Addresses with a name: pages as someone has filtered, colored and dated them."""

    tag = "views"
    permission_classes = [ReaderPermission]
    lookup_url_kwarg = "id"
    lookup_value_regex = "[^/]+"
    path_parameters = {"id": "Id of the view."}
    shapes = {
        "SavedView": object_of(
            id=COUNT,
            name=TEXT,
            url={**TEXT, "description": "An address of this application, without its host."},
            owner=TEXT,
            is_shared=FLAG,
            created_at=MOMENT,
        )
    }
    create_body = Body(
        "SaveView",
        {
            "name": NAME,
            "url": Spec("text", limit=saved.ADDRESS_LIMIT, required=True, label="begins with “/”"),
            "is_shared": SHARED,
        },
        options=False,
    )
    edit_body = Body(
        "EditView", {"name": Spec("text", limit=saved.NAME_LIMIT), "is_shared": SHARED}, options=False
    )

    @endpoint("List saved views", answers="SavedView", many=True, reality=False)
    def list(self, request: Request) -> Response:
        rows = saved.seen_by(request.user).select_related("owner")
        found, following = paging.rows_of(request, rows, "pk", paging.number)
        return paging.answer(request, [_json(view) for view in found], following)

    @endpoint(
        "Save an address under a name", answers="SavedView", body=".create_body", status=201, reality=False
    )
    def create(self, request: Request) -> Response:
        values = {"is_shared": False, **self._values(request, self.create_body)}
        view = saved.save(request.user, at=timezone.now(), **values)
        response = Response(_json(view), status=201)
        response["Location"] = request.build_absolute_uri(f"{request.path}{view.pk}/")
        return response

    @endpoint("Read one saved view", answers="SavedView", reality=False)
    def retrieve(self, request: Request, id: str) -> Response:  # noqa: A002 - its name in the address
        return Response(_json(_find(request, id)))

    @endpoint("Call a view otherwise, or share it", answers="SavedView", body=".edit_body", reality=False)
    def partial_update(self, request: Request, id: str) -> Response:  # noqa: A002
        view = _find_to_edit(request, id)
        values = self._values(request, self.edit_body)
        saved.edit(view, values.get("name", view.name), is_shared=values.get("is_shared", view.is_shared))
        return Response(_json(view))

    @endpoint("Remove a saved view", status=204, reality=False)
    def destroy(self, request: Request, id: str) -> Response:  # noqa: A002
        _find_to_edit(request, id).delete()
        return Response(status=204)

    def _values(self, request: Request, body: Body) -> dict[str, Any]:
        values, _ = body.read(request.data, services.current())
        return values


def _json(view: SavedView) -> Json:
    return {
        "id": view.pk,
        "name": view.name,
        "url": view.url,
        "owner": view.owner.get_username(),
        "is_shared": view.is_shared,
        "created_at": view.created_at,
    }


def _find(request: Request, text: str) -> SavedView:
    rows = saved.seen_by(request.user).select_related("owner")
    view = rows.filter(pk=paging.number(text)).first()
    if view is None:
        raise Http404("There is no such view.")
    return view


def _find_to_edit(request: Request, text: str) -> SavedView:
    view = _find(request, text)
    if not saved.can_edit(request.user, view):
        raise PermissionDenied("Only whoever saved this view, or an org designer, may change it.")
    return view
