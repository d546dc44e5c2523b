"""Webhooks over REST: an integration's own, or anybody's for who designs the organization."""

from __future__ import annotations

import uuid
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from orgmodel.access import roles
from orgmodel.changes import services as changes
from orgmodel.core.records import Spec
from orgmodel.integrations import paging
from orgmodel.integrations.bodies import Body
from orgmodel.integrations.conventions import ApiView
from orgmodel.integrations.filters import Filter, parameter
from orgmodel.integrations.models import Integration
from orgmodel.integrations.problems import Fault, Faulty
from orgmodel.integrations.resources import Json
from orgmodel.integrations.schema import endpoint
from orgmodel.integrations.shapes import COUNT, MAYBE_COUNT, MOMENT, TEXT, TEXTS, Shape, object_of
from orgmodel.webhooks import guard, services
from orgmodel.webhooks.models import Delivery, Subscription

MAYBE_MOMENT: Shape = {"type": ["string", "null"], "format": "date-time"}
SUBSCRIPTION: dict[str, Shape] = {
    "id": {"type": "string", "format": "uuid"},
    "integration": {**TEXT, "description": "Key of the integration that it belongs to."},
    "url": TEXT,
    "events": {**TEXTS, "description": "Patterns such as person.moved, person.*, *.closed or *."},
    "state": {"type": "string", "enum": [*Subscription.State.values]},
    "reason": {**TEXT, "description": "Why it is disabled."},
    "old_secret_until": {**MAYBE_MOMENT, "description": "Until when the secret before signs as well."},
    "created_at": MOMENT,
}
SECRET: Shape = {**TEXT, "description": "What it is signed with. Shown this once."}
URL = Spec("text", limit=guard.LIMIT, required=True, label="where events are sent")
EVENTS = Spec("texts", required=True, label="which events, as patterns such as person.*")


def _by_state(states: Any) -> dict[str, Filter]:
    return {"state": parameter("Only those in this state.", type="string", enum=states.values)}


class WebhookViewSet(ApiView, ViewSet):
    """Addresses that hear of events. Each integration has its own."""

    tag = "webhooks"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[^/]+"
    path_parameters = {"id": "Id of the webhook."}
    filters = _by_state(Subscription.State)
    shapes = {
        "Webhook": object_of(**SUBSCRIPTION),
        "WebhookWithSecret": object_of(**SUBSCRIPTION, secret=SECRET),
        "Secret": object_of(secret=SECRET),
        "Delivery": object_of(
            event={**TEXT, "description": "Id of the event, the header webhook-id of every attempt."},
            type=TEXT,
            state={"type": "string", "enum": [*Delivery.State.values]},
            attempts=COUNT,
            created_at=MOMENT,
            tried_at=MAYBE_MOMENT,
            next_at={**MAYBE_MOMENT, "description": "When it is tried next, while it waits."},
            delivered_at=MAYBE_MOMENT,
            status={**MAYBE_COUNT, "description": "What the receiver answered last."},
            error=TEXT,
            body={"type": "object", "description": "What is sent."},
        ),
        "Redelivered": object_of(count=COUNT),
    }
    create_body = Body(
        "CreateWebhook",
        {
            "url": URL,
            "events": EVENTS,
            "integration": Spec("text", limit=100, label="key of the integration; the token's own if absent"),
        },
        options=False,
    )
    edit_body = Body(
        "EditWebhook",
        {
            "url": Spec("text", limit=guard.LIMIT, label=URL.label),
            "events": Spec("texts", label=EVENTS.label),
            "state": Spec("choice", choices=(("active", "active"), ("paused", "paused"))),
        },
        options=False,
    )
    redeliver_body = Body(
        "Redeliver",
        {"events": Spec("texts", label="ids of events; all that were given up if absent")},
        options=False,
    )
    no_body = Body("Nothing", {}, options=False)

    @endpoint("List webhooks", answers="Webhook", many=True, reality=False)
    def list(self, request: Request) -> Response:
        rows = _in_state(request, _visible(request.user))
        found, following = paging.rows_of(request, rows, "pk", _id)
        return paging.answer(request, [_json(each) for each in found], following)

    @endpoint(
        "Subscribe an address to events",
        answers="WebhookWithSecret",
        body=".create_body",
        status=201,
        reality=False,
        tells_secret=True,
        description="It hears of what happens from now on. The secret is told this once.",
    )
    def create(self, request: Request) -> Response:
        values = self._values(request, self.create_body)
        made = services.subscribe(
            _integration(request.user, values.get("integration", "")),
            url=values["url"],
            patterns=values["events"],
            at=timezone.now(),
        )
        response = Response({**_json(made), "secret": made.secret}, status=201)
        response["Location"] = request.build_absolute_uri(f"{request.path}{made.pk}/")
        return response

    @endpoint("Read one webhook", answers="Webhook", reality=False)
    def retrieve(self, request: Request, id: str) -> Response:  # noqa: A002 - its name in the address
        return Response(_json(_find(request, id)))

    @endpoint(
        "Change a webhook",
        answers="Webhook",
        body=".edit_body",
        reality=False,
        description="While it is `paused`, what happens waits. `active` also ends being disabled.",
    )
    def partial_update(self, request: Request, id: str) -> Response:  # noqa: A002
        found, values = _find(request, id), self._values(request, self.edit_body)
        if values.keys() & {"url", "events"}:
            url, patterns = values.get("url", found.url), values.get("events", found.patterns)
            services.edit(found, url=url, patterns=patterns)
        if "state" in values:
            (services.resume if values["state"] == "active" else services.pause)(found)
        return Response(_json(found))

    @endpoint("Remove a webhook, with its log", status=204, reality=False)
    def destroy(self, request: Request, id: str) -> Response:  # noqa: A002
        found = _find(request, id)
        _check_may_write(request)
        found.delete()
        return Response(status=204)

    @endpoint(
        "List what was sent lately",
        answers="Delivery",
        many=True,
        reality=False,
        filters=_by_state(Delivery.State),
        description="Newest first, 30 days.",
    )
    @action(detail=True)
    def deliveries(self, request: Request, id: str) -> Response:  # noqa: A002
        rows = _in_state(request, _find(request, id).deliveries.all())
        found, following = paging.rows_of(request, rows, "-pk", paging.number)
        return paging.answer(request, [delivery_json(each) for each in found], following)

    @endpoint(
        "Send events again",
        answers="Redelivered",
        body=".redeliver_body",
        reality=False,
        description="With the same ids. Those that another attempt is under way for are left to it.",
    )
    @action(detail=True, methods=["post"])
    def redeliver(self, request: Request, id: str) -> Response:  # noqa: A002
        found, values = _find(request, id), self._values(request, self.redeliver_body)
        return Response({"count": services.redeliver(found, values.get("events"), at=timezone.now())})

    @endpoint("Send a test event", answers="Delivery", body=".no_body", status=201, reality=False)
    @action(detail=True, methods=["post"])
    def test(self, request: Request, id: str) -> Response:  # noqa: A002
        found = _find(request, id)
        self._values(request, self.no_body)
        return Response(delivery_json(services.send_test(found, at=timezone.now())), status=201)

    @endpoint(
        "Give a webhook another secret",
        answers="Secret",
        body=".no_body",
        reality=False,
        tells_secret=True,
        description="Told this once. The one before signs as well for a day.",
    )
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, id: str) -> Response:  # noqa: A002
        found = _find(request, id)
        self._values(request, self.no_body)
        return Response({"secret": services.rotate(found, at=timezone.now())})

    def _values(self, request: Request, body: Body) -> dict[str, Any]:
        values, _ = body.read(request.data, changes.current())
        _check_may_write(request)
        return values


def _json(subscription: Subscription) -> Json:
    return {
        "id": subscription.pk,
        "integration": subscription.integration.key,
        "url": subscription.url,
        "events": subscription.patterns,
        "state": subscription.state,
        "reason": subscription.reason,
        "old_secret_until": subscription.old_secret_until,
        "created_at": subscription.created_at,
    }


def delivery_json(each: Delivery) -> Json:
    return {
        "event": each.event,
        "type": each.type,
        "state": each.state,
        "attempts": each.attempts,
        "created_at": each.created_at,
        "tried_at": each.tried_at,
        "next_at": each.next_at if each.state == Delivery.State.WAITING else None,
        "delivered_at": each.delivered_at,
        "status": each.status,
        "error": each.error,
        "body": orjson.loads(each.body),
    }


def _visible(user: Any) -> QuerySet[Subscription]:
    """Return the webhooks that a user may see: their own integration's, or all for an org designer."""
    rows = Subscription.objects.select_related("integration")
    return rows if roles.can_design(user) else rows.filter(integration__user=user)


def _find(request: Request, text: str) -> Subscription:
    found = _visible(request.user).filter(pk=_id(text)).first()
    if found is None:
        raise Http404("There is no such webhook.")
    return found


def _id(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return str(uuid.UUID(int=0))


def _in_state(request: Request, rows: Any) -> Any:
    state = request.query_params.get("state")
    return rows.filter(state=state) if state is not None else rows


def _check_may_write(request: Request) -> None:
    if not roles.can_design(request.user):
        raise PermissionDenied("Webhooks are for org designers, and for tokens with the scope “admin”.")


def _integration(user: Any, key: str) -> Integration:
    """Return the integration that a new webhook belongs to: the one that is named, or the token's own."""
    rows = Integration.objects.filter(closed_at=None)
    found = rows.filter(key=key).first() if key else rows.filter(user=user).first()
    if found is None:
        detail = (
            f"There is no open integration “{key}”." if key else "Name the integration that it belongs to."
        )
        raise Faulty([Fault("unknown_reference" if key else "required", detail, "/integration")], 422)
    return found
