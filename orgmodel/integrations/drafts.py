"""Drafts over REST: plan a reorganization as operations, look at what it would do, publish or discard it."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from orgmodel.access import roles
from orgmodel.changes import drafts, publishing, services, wording
from orgmodel.changes.faces import actor_of, check_may_date_back
from orgmodel.changes.models import Draft, DraftOperation
from orgmodel.core.records import Spec
from orgmodel.integrations import paging
from orgmodel.integrations.bodies import OPTIONS, Body, Reader
from orgmodel.integrations.log import fact_json, parameter
from orgmodel.integrations.resources import Json
from orgmodel.integrations.schema import endpoint

NAME = Spec("text", limit=200, required=True)
STATES = list(Draft.State.values)


class DraftViewSet(ViewSet):
    """Reorganizations being planned. Whoever plans sees their own, whoever publishes sees all."""

    tag = "drafts"
    lookup_url_kwarg = "key"
    lookup_value_regex = "[^/]+"
    path_parameters = {"key": "Key of the draft.", "position": "Position of the operation."}
    filters = {"state": parameter("State of the draft.", type="string", enum=STATES)}
    create_body = Body("CreateDraft", {"name": NAME, "operations": Spec("operations")}, options=False)
    rename_body = Body("RenameDraft", {"name": NAME}, options=False)
    publish_body = Body("PublishDraft", OPTIONS, options=False)
    no_body = Body("Nothing", {}, options=False)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        paging.check_parameters(request, (*self.filters, *paging.PAGING) if self.action == "list" else ())

    @endpoint("List drafts", answers="Draft", many=True, reality=False)
    def list(self, request: Request) -> Response:
        limit, place, rows = paging.limit_of(request), paging.cursor_of(request), _visible(request.user)
        if (state := request.query_params.get("state")) is not None:
            rows = rows.filter(state=state)
        if place is not None:
            rows = rows.filter(key__gt=place)
        found = [*rows.order_by("key")[: limit + 1]]
        following = found[limit - 1].key if len(found) > limit else None
        return paging.answer(request, [draft_json(draft) for draft in found[:limit]], following)

    @endpoint("Start a draft", answers="Draft", body=".create_body", status=201, reality=False)
    def create(self, request: Request) -> Response:
        values, _ = self.create_body.read(request.data, services.current())
        operations, owner = values.get("operations") or (), cast(int, request.user.pk)
        draft = drafts.create_draft(values["name"], owner_id=owner, at=timezone.now(), operations=operations)
        response = Response(_in_full(_find(request, draft.key)), status=201)
        response["Location"] = request.build_absolute_uri(f"{request.path}{draft.key}/")
        return response

    @endpoint("Read one draft, with what it would change", answers="Draft", reality=False)
    def retrieve(self, request: Request, key: str) -> Response:
        return Response(_in_full(_find(request, key)))

    @endpoint("Rename a draft", answers="Draft", body=".rename_body", reality=False)
    def partial_update(self, request: Request, key: str) -> Response:
        draft = _find(request, key)
        values, _ = self.rename_body.read(request.data, services.current())
        drafts.rename_draft(draft, values["name"], at=timezone.now())
        return Response(_in_full(_find(request, key)))

    @endpoint("List a draft's operations", answers="DraftOperations", reality=False)
    @action(detail=True, methods=["get"])
    def operations(self, request: Request, key: str) -> Response:
        return Response(_operations(_find(request, key)))

    @endpoint(
        "Add operations to a draft", answers="DraftOperations", body="Operation", status=201, reality=False
    )
    @operations.mapping.post  # type: ignore[untyped-decorator]
    def append(self, request: Request, key: str) -> Response:
        draft = _find(request, key)
        operations = Reader(drafts.replay_draft(draft).after).operations(request.data)
        drafts.append(draft, operations, author_id=request.user.pk, at=timezone.now())
        return Response(_operations(draft), status=201)

    @endpoint(
        "Undo in a draft: take back what was appended last, as a whole",
        answers="DraftOperations",
        reality=False,
    )
    @action(detail=True, methods=["delete"], url_path="operations/last")
    def remove_last(self, request: Request, key: str) -> Response:
        draft = _find(request, key)
        drafts.undo(draft, at=timezone.now())
        return Response(_operations(draft))

    @endpoint(
        "Redo in a draft: bring back what was taken back last",
        answers="DraftOperations",
        body=".no_body",
        reality=False,
    )
    @action(detail=True, methods=["post"])
    def redo(self, request: Request, key: str) -> Response:
        draft = _find(request, key)
        self.no_body.read(request.data, services.current())
        drafts.redo(draft, at=timezone.now())
        return Response(_operations(draft))

    @endpoint("Take one operation out of a draft", answers="DraftOperations", reality=False)
    @action(detail=True, methods=["delete"], url_path="operations/(?P<position>[0-9]{1,9})")
    def remove(self, request: Request, key: str, position: str) -> Response:
        draft = _find(request, key)
        drafts.remove(draft, int(position), at=timezone.now())
        return Response(_operations(draft))

    @endpoint("Publish a draft as one change set", answers="Draft", body=".publish_body", reality=False)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, key: str) -> Response:
        draft = _find(request, key)
        values, _ = self.publish_body.read(request.data, services.current())
        if not roles.can_publish(request.user):
            raise PermissionDenied("Your role plans; ask an editor to publish this draft.")
        check_may_date_back(request.user, values.get("effective_on"))
        options = {"message": "", **values}
        change_set = publishing.publish(draft, actor=actor_of(request.user), at=timezone.now(), **options)
        return Response(_in_full(_find(request, key)), headers={"Change-Set": str(change_set.version)})

    @endpoint("Discard a draft", answers="Draft", body=".no_body", reality=False)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, key: str) -> Response:
        draft = _find(request, key)
        self.no_body.read(request.data, services.current())
        drafts.archive(draft, at=timezone.now())
        return Response(_in_full(_find(request, key)))


def draft_json(draft: Any) -> Json:
    return {
        "id": draft.pk,
        "key": draft.key,
        "name": draft.name,
        "owner": draft.owner.get_username(),
        "state": draft.state,
        "revision": draft.revision,
        "operation_count": draft.operation_count,
        "based_on": draft.based_on,
        "created_at": draft.created_at,
        "updated_at": draft.updated_at,
        "change_set": draft.change_set.version if draft.change_set else None,
    }


def _in_full(draft: Draft) -> Json:
    """Return a draft with its entries; a closed one is told by its change set, not replayed on today's organization."""
    if not draft.is_open:
        return draft_json(draft)
    plan = drafts.plan_of(draft)
    entries = [
        {
            "position": entry.position,
            "sentence": entry.sentence,
            "fits": entry.fits,
            "reason": entry.reason,
            "facts": [fact_json(fact) for fact in entry.facts],
        }
        for entry in wording.entries(plan.replay, plan.positions)
    ]
    return {**draft_json(draft), "misfits": len(plan.replay.misfits), "entries": entries}


def _operations(draft: Draft) -> Json:
    plan = drafts.plan_of(draft)
    bodies = dict(draft.operations.values_list("position", "body"))
    results = [
        {
            "position": e.position,
            "sentence": e.sentence,
            "fits": e.fits,
            "reason": e.reason,
            "operation": bodies[e.position],
        }
        for e in wording.entries(plan.replay, plan.positions)
    ]
    return {"results": results, "revision": draft.revision}


def _visible(user: Any) -> QuerySet[Draft]:
    standing = Count("operations", filter=Q(operations__state=DraftOperation.State.STANDING))
    return roles.visible_drafts(user).annotate(operation_count=standing)


def _find(request: Request, key: str) -> Any:
    """Return a draft by its key, or answer 404 for one that this user may not see."""
    draft = _visible(request.user).filter(key=key).first() if "\x00" not in key else None
    if draft is None:
        raise Http404("There is no such draft.")
    return draft
