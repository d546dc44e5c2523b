"""Drafts over REST: plan a reorganization, say what it is for, publish it now or on a day to come, put it away."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from orgmodel.access import roles
from orgmodel.changes import drafts, publishing, services, sharing
from orgmodel.changes.drafts import HEADER, header_words
from orgmodel.changes.faces import actor_of, check_may_date_back
from orgmodel.changes.models import Draft, Freeze
from orgmodel.core.records import Spec
from orgmodel.integrations import paging
from orgmodel.integrations.bodies import OPTIONS, Body, places_of
from orgmodel.integrations.conventions import ApiView, lock_draft
from orgmodel.integrations.draft_access import (
    find,
    find_own,
    find_to_edit,
    find_to_publish,
    plan_for,
    user_id,
)
from orgmodel.integrations.draft_json import draft_in_full, drafts_json, started
from orgmodel.integrations.draft_operations import DraftOperations
from orgmodel.integrations.draft_people import DraftPeople
from orgmodel.integrations.draft_reading import DraftReading
from orgmodel.integrations.draft_shapes import DRAFT_SHAPES
from orgmodel.integrations.filters import parameter
from orgmodel.integrations.schema import endpoint

NAME = Spec("text", limit=200, required=True)
STATES = list(Draft.State.values)
DESPITE = Spec("text", limit=services.MESSAGE_LIMIT, label="why it goes live with questions still open")
EXPECTED = Spec("text", label="the fingerprint that you read; refuse where it would do something else now")


def _header_spec(name: str) -> Spec:
    field: Any = Draft._meta.get_field(name)
    label = header_words(name)
    if name.endswith("_on"):
        return Spec("date", label=label)
    return Spec("text", limit=field.max_length or services.MESSAGE_LIMIT, label=label)


class DraftViewSet(ApiView, DraftOperations, DraftReading, DraftPeople):
    """Reorganizations being planned: your own, those you are invited to, and those that everyone sees."""

    tag = "drafts"
    lookup_url_kwarg = "key"
    lookup_value_regex = "[^/]+"
    path_parameters = {
        "key": "Key of the draft.",
        "position": "Position of the operation.",
        "login": "Login of a user.",
    }
    filters = {"state": parameter("State of the draft.", type="string", enum=STATES)}
    shapes = DRAFT_SHAPES
    create_body = Body("CreateDraft", {"name": NAME, "operations": Spec("operations")}, options=False)
    header_body = Body(
        "DescribeDraft",
        {
            "name": dataclasses.replace(NAME, required=False),
            **{name: _header_spec(name) for name in HEADER},
            "keep_together": Spec("groups", target="person", label="groups of people who work well together"),
            "visibility": Spec("choice", choices=tuple((value, value) for value in Draft.Visibility.values)),
        },
        options=False,
    )
    publish_body = Body(
        "PublishDraft",
        {
            **OPTIONS,
            "operations": Spec("positions", label="only these, with those that they build on"),
            "despite": DESPITE,
            "learning": Spec(
                "text", limit=services.MESSAGE_LIMIT, label="what was learned, where it takes back"
            ),
            "expected_changes": EXPECTED,
        },
        options=False,
    )
    schedule_body = Body(
        "ScheduleDraft",
        {
            "on": Spec("date", required=True, label="the day on which it goes live by itself"),
            "message": OPTIONS["message"],
            "despite": DESPITE,
            "expected_changes": EXPECTED,
        },
        renamed={"scheduled_on": "on"},
        options=False,
    )

    @endpoint("List drafts", answers="Draft", many=True, reality=False)
    def list(self, request: Request) -> Response:
        rows = roles.visible_drafts(request.user).select_related("reverses")
        if (state := request.query_params.get("state")) is not None:
            rows = rows.filter(state=state)
        found, following = paging.rows_of(request, rows, "key")
        return paging.answer(request, drafts_json(request.user, found), following)

    @endpoint("Start a draft", answers="Draft", body=".create_body", status=201, reality=False)
    def create(self, request: Request) -> Response:
        sent: Any = request.data
        values = self._read(request, self.create_body)
        operations = values.get("operations") or ()
        self.places = places_of(sent.get("operations") or [], "/operations")
        draft = drafts.create_draft(
            values["name"], owner_id=user_id(request), at=timezone.now(), operations=operations
        )
        return started(request, draft)

    @endpoint("Read one draft, with what it would change", answers="Draft", reality=False)
    def retrieve(self, request: Request, key: str) -> Response:
        return _answer(request, find(request, key))

    @endpoint(
        "Say what a draft is for",
        answers="Draft",
        body=".header_body",
        reality=False,
        description="Fields left out stay. Only its owner says who sees it.",
    )
    def partial_update(self, request: Request, key: str) -> Response:
        draft = find(request, key)
        values, _ = self.header_body.read(request.data, plan_for(request.user, draft).replay.after)
        visibility, name = values.pop("visibility", None), values.pop("name", None)
        with transaction.atomic():
            if visibility is not None:
                sharing.show(find_own(request, key), visibility, at=timezone.now())
            if name is not None or values or visibility is None:
                self._describe(request, key, name, values)
        return _answer(request, find(request, key))

    def _describe(self, request: Request, key: str, name: str | None, values: dict[str, Any]) -> None:
        draft = find_to_edit(request, key, whole=True)
        drafts.lock(draft)
        if name is not None:
            drafts.rename_draft(draft, name, at=timezone.now())
        if values:
            drafts.describe(draft, values, at=timezone.now())

    @endpoint("Erase a draft of which nothing was published", status=204, reality=False)
    def destroy(self, request: Request, key: str) -> Response:
        drafts.delete(find_own(request, key))
        return Response(status=204)

    def lock(self) -> None:
        super().lock()
        lock_draft(self.kwargs["key"])

    # Going live

    @endpoint(
        "Publish a draft as one change set, whole or in part",
        answers="Draft",
        body=".publish_body",
        key_required=True,
        reality=False,
        description="Blockers refuse it; each question that is still open is an error at `/despite`, "
        "unless that says why it goes live all the same.",
    )
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, key: str) -> Response:
        draft = find_to_publish(request, key)
        values = self._read(request, self.publish_body)
        check_may_date_back(request.user, values.get("effective_on"))
        options = {**_going_live(values), "positions": values.get("operations")}
        change_set = publishing.publish(draft, actor=actor_of(request.user), at=timezone.now(), **options)
        return _answer(request, draft, headers={"Change-Set": str(change_set.version)})

    @endpoint(
        "Let a draft go live by itself on a day to come",
        answers="Draft",
        body=".schedule_body",
        reality=False,
        description="It is checked again on its day; one that no longer fits then becomes `failed`.",
    )
    @action(detail=True, methods=["post"])
    def schedule(self, request: Request, key: str) -> Response:
        draft = find_to_publish(request, key)
        options = _going_live(self._read(request, self.schedule_body))
        publishing.schedule(draft, by_id=user_id(request), at=timezone.now(), **options)
        return _answer(request, draft)

    @endpoint("Take a scheduled draft back to be edited", answers="Draft", body=".no_body", reality=False)
    @action(detail=True, methods=["post"])
    def unschedule(self, request: Request, key: str) -> Response:
        draft = find(request, key)
        self._read(request, self.no_body)
        if not roles.can_unschedule_draft(request.user, draft):
            raise PermissionDenied(f"The draft “{draft.name}” is not yours to unschedule.")
        publishing.unschedule(draft, at=timezone.now())
        return _answer(request, draft)

    # Copying and putting away

    @endpoint(
        "Start a draft of your own that plans the same",
        answers="Draft",
        body=".no_body",
        status=201,
        reality=False,
    )
    @action(detail=True, methods=["post"])
    def duplicate(self, request: Request, key: str) -> Response:
        draft = find(request, key)
        self._read(request, self.no_body)
        part = roles.part_of(request.user, draft)
        return started(
            request, drafts.duplicate(draft, owner_id=user_id(request), at=timezone.now(), part=part)
        )

    @endpoint("Put a draft away without publishing it", answers="Draft", body=".no_body", reality=False)
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, key: str) -> Response:
        draft = find_own(request, key)
        self._read(request, self.no_body)
        drafts.archive(draft, at=timezone.now())
        return _answer(request, draft)

    @endpoint("Take an archived draft out again", answers="Draft", body=".no_body", reality=False)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, key: str) -> Response:
        draft = find_own(request, key)
        self._read(request, self.no_body)
        drafts.reopen(draft, at=timezone.now())
        return _answer(request, draft)

    def _read(self, request: Request, body: Body) -> dict[str, Any]:
        values, _ = body.read(request.data, services.current())
        return values


def _going_live(values: dict[str, Any]) -> dict[str, Any]:
    """Return a body as publishing takes it."""
    options = {name: value for name, value in values.items() if name != "operations"}
    return {"message": "", **options, "expected_changes": options.get("expected_changes") or None}


def _answer(request: Request, draft: Draft, **options: Any) -> Response:
    return Response(draft_in_full(request.user, draft), **options)


class FreezeListView(ApiView):
    """Days on which no reorganization should take effect; a draft that is to is told so by a check."""

    tag = "freezes"

    @endpoint("List freezes", answers="Freezes", reality=False)
    def get(self, request: Request) -> Response:
        rows = Freeze.objects.order_by("first_on", "pk").values("name", "first_on", "last_on")
        return Response({"results": [*rows]})
