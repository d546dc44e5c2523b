"""Named points in time over REST. Every read takes the key of one as its `as_of`."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from orgmodel.access import roles
from orgmodel.changes import services, snapshots
from orgmodel.changes.models import Snapshot
from orgmodel.core.records import Spec
from orgmodel.integrations import paging
from orgmodel.integrations.bodies import Body
from orgmodel.integrations.conventions import ApiView
from orgmodel.integrations.resources import Json
from orgmodel.integrations.schema import endpoint

NAME = Spec("text", limit=snapshots.NAME_LIMIT, required=True)


class SnapshotViewSet(ApiView, ViewSet):
    """Names for versions of the organization. Nothing is copied; a name can be taken away again."""

    tag = "snapshots"
    lookup_url_kwarg = "key"
    lookup_value_regex = "[^/]+"
    path_parameters = {"key": "Key of the snapshot."}
    create_body = Body(
        "TakeSnapshot",
        {"name": NAME, "version": Spec("version", label="the version to name; today's where absent")},
        options=False,
    )
    rename_body = Body("RenameSnapshot", {"name": NAME}, options=False)

    @endpoint("List snapshots", answers="Snapshot", many=True, reality=False)
    def list(self, request: Request) -> Response:
        found, following = paging.rows_of(request, Snapshot.objects.select_related("author"), "key")
        return paging.answer(request, [snapshot_json(each) for each in found], following)

    @endpoint("Name a version", answers="Snapshot", body=".create_body", status=201, reality=False)
    def create(self, request: Request) -> Response:
        values, _ = self.create_body.read(request.data, services.current())
        _check_may_name(request)
        taken = snapshots.take(
            values["name"],
            author_id=cast(int, request.user.pk),
            at=timezone.now(),
            version=values.get("version"),
        )
        response = Response(snapshot_json(taken), status=201)
        response["Location"] = request.build_absolute_uri(f"{request.path}{taken.key}/")
        return response

    @endpoint("Read one snapshot", answers="Snapshot", reality=False)
    def retrieve(self, request: Request, key: str) -> Response:
        return Response(snapshot_json(_find(key)))

    @endpoint("Rename a snapshot; its key stays", answers="Snapshot", body=".rename_body", reality=False)
    def partial_update(self, request: Request, key: str) -> Response:
        snapshot = _find(key)
        values, _ = self.rename_body.read(request.data, services.current())
        _check_may_name(request)
        snapshots.rename(snapshot, values["name"])
        return Response(snapshot_json(snapshot))

    @endpoint("Take a name away", status=204, reality=False)
    def destroy(self, request: Request, key: str) -> Response:
        snapshot = _find(key)
        _check_may_name(request)
        snapshots.remove(snapshot)
        return Response(status=204)


def snapshot_json(snapshot: Snapshot) -> Json:
    return {
        "key": snapshot.key,
        "name": snapshot.name,
        "version": snapshot.version,
        "author": snapshot.author.get_username() if snapshot.author is not None else None,
        "created_at": snapshot.created_at,
    }


def _find(key: str) -> Snapshot:
    found = snapshots.find(key)
    if found is None:
        raise Http404("There is no such snapshot.")
    return found


def _check_may_name(request: Request) -> None:
    if not roles.can_name_versions(request.user):
        raise PermissionDenied("Your role does not name points in time; ask an editor.")
