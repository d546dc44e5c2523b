"""The operations of a draft over REST: add, park, note, remove, redo on today, undo and redo."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from orgmodel.access import roles
from orgmodel.changes import drafts, services
from orgmodel.changes.models import Draft, DraftOperation
from orgmodel.core.records import Spec
from orgmodel.integrations.bodies import Body, Place, Reader, places_of
from orgmodel.integrations.draft_access import find, find_to_edit, plan_for
from orgmodel.integrations.draft_json import operations_json
from orgmodel.integrations.problems import Fault, Faulty
from orgmodel.integrations.schema import endpoint
from orgmodel.integrations.shapes import Shape

POSITION = "operations/(?P<position>[0-9]{1,9})"
PARKED, STANDING = DraftOperation.State.PARKED, DraftOperation.State.STANDING
ALONG: tuple[str, Shape] = (
    "remove: those that build on it go as well, instead of a refusal that names them.",
    {"type": "string", "enum": ["remove"]},
)


class DraftOperations(ViewSet):
    """What can be done to the operations of a draft."""

    places: Sequence[Place]
    change_body = Body(
        "ChangeDraftOperation",
        {
            "note": Spec("text", limit=services.MESSAGE_LIMIT, label="what to say about it"),
            "state": Spec("choice", choices=((STANDING, STANDING), (PARKED, PARKED))),
            "dependents": Spec(
                "choice", choices=(("park", "park"),), label="park: those that build on it as well"
            ),
        },
        options=False,
    )
    no_body = Body("Nothing", {}, options=False)

    @endpoint("List a draft's operations", answers="DraftOperations", reality=False)
    @action(detail=True, methods=["get"])
    def operations(self, request: Request, key: str) -> Response:
        return Response(operations_json(request.user, find(request, key)))

    @endpoint(
        "Add operations to a draft", answers="DraftOperations", body="Operation", status=201, reality=False
    )
    @operations.mapping.post  # type: ignore[untyped-decorator]
    def append(self, request: Request, key: str) -> Response:
        draft = find_to_edit(request, key)
        operations = Reader(plan_for(request.user, draft).replay.after).operations(request.data)
        self.places = places_of(request.data)
        part = roles.editable_part_of(request.user, draft)
        drafts.append(draft, operations, author_id=request.user.pk, at=timezone.now(), part=part)
        return Response(operations_json(request.user, draft), status=201)

    @endpoint("Read one operation of a draft", answers="DraftOperation", reality=False)
    @action(detail=True, methods=["get"], url_path=POSITION)
    def operation(self, request: Request, key: str, position: str) -> Response:
        found = operations_json(request.user, find(request, key))["results"]
        for one in found:
            if one["position"] == int(position):
                return Response(one)
        raise Http404("There is no such change in this draft.")

    @endpoint(
        "Note something on an operation, park it or let it stand again",
        answers="DraftOperations",
        body=".change_body",
        reality=False,
        description="Parking is refused where others build on it, naming them.",
    )
    @operation.mapping.patch  # type: ignore[untyped-decorator]
    def change(self, request: Request, key: str, position: str) -> Response:
        draft, at = find_to_edit(request, key), int(position)
        values, _ = self.change_body.read(request.data, services.current())
        if not plan_for(request.user, draft).sentences([at]):
            raise Http404("There is no such change in this draft.")
        with transaction.atomic():
            if "note" in values:
                drafts.note(draft, at, values["note"], at=timezone.now())
            if values.get("state") == STANDING:
                self._let_stand(request, draft, at)
            elif values.get("state") == PARKED:
                self._park(request, draft, at, with_dependents="dependents" in values)
        return Response(operations_json(request.user, draft))

    def _let_stand(self, request: Request, draft: Draft, position: int) -> None:
        if draft.operations.filter(position=position, state=PARKED).exists():
            find_to_edit(request, draft.key, whole=True)
            drafts.unpark(draft, position, at=timezone.now())

    def _park(self, request: Request, draft: Draft, position: int, *, with_dependents: bool) -> None:
        if draft.operations.filter(position=position, state=STANDING).exists():
            part = roles.editable_part_of(request.user, draft)
            drafts.park(draft, position, at=timezone.now(), with_dependents=with_dependents, part=part)

    @endpoint(
        "Take one operation out of a draft",
        answers="DraftOperations",
        reality=False,
        parameters={"dependents": ALONG},
    )
    @operation.mapping.delete  # type: ignore[untyped-decorator]
    def remove(self, request: Request, key: str, position: str) -> Response:
        also = request.query_params.get("dependents")
        if also not in (None, "remove"):
            raise Faulty([Fault("invalid", "Must be remove, or absent.", parameter="dependents")])
        draft = find_to_edit(request, key)
        drafts.remove(
            draft,
            int(position),
            at=timezone.now(),
            with_dependents=also is not None,
            part=roles.editable_part_of(request.user, draft),
        )
        return Response(operations_json(request.user, draft))

    @endpoint(
        "Redo an operation that no longer fits, on today's organization",
        answers="DraftOperations",
        body=".no_body",
        reality=False,
    )
    @action(detail=True, methods=["post"], url_path=f"{POSITION}/redo")
    def redo_on_today(self, request: Request, key: str, position: str) -> Response:
        draft = self._to_step(request, key, whole=True)
        drafts.redo_on_today(draft, int(position), at=timezone.now())
        return Response(operations_json(request.user, draft))

    @endpoint(
        "Undo the last edit of a draft's operations, as a whole", answers="DraftOperations", reality=False
    )
    @action(detail=True, methods=["delete"], url_path="operations/last")
    def remove_last(self, request: Request, key: str) -> Response:
        return self._undo(request, key)

    @endpoint(
        "Undo the last edit of a draft's operations, as a whole",
        answers="DraftOperations",
        body=".no_body",
        reality=False,
    )
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, key: str) -> Response:
        return self._undo(request, key)

    def _undo(self, request: Request, key: str) -> Response:
        draft = self._to_step(request, key)
        drafts.undo(draft, at=timezone.now(), part=roles.editable_part_of(request.user, draft))
        return Response(operations_json(request.user, draft))

    @endpoint(
        "Bring back what was undone last in a draft",
        answers="DraftOperations",
        body=".no_body",
        reality=False,
    )
    @action(detail=True, methods=["post"])
    def redo(self, request: Request, key: str) -> Response:
        draft = self._to_step(request, key)
        drafts.redo(draft, at=timezone.now(), part=roles.editable_part_of(request.user, draft))
        return Response(operations_json(request.user, draft))

    def _to_step(self, request: Request, key: str, *, whole: bool = False) -> Draft:
        draft = find_to_edit(request, key, whole=whole)
        self.no_body.read(request.data, services.current())
        return draft
