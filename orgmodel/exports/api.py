"""Read-only links to what a draft changes, over REST: for whoever was not invited and has a login."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from orgmodel.access import roles
from orgmodel.changes import services
from orgmodel.changes.models import Draft
from orgmodel.core.records import Spec
from orgmodel.exports import links
from orgmodel.exports.models import ShareLink
from orgmodel.integrations import paging
from orgmodel.integrations.bodies import Body
from orgmodel.integrations.conventions import ApiView, lock_draft
from orgmodel.integrations.draft_access import find_own, user_id
from orgmodel.integrations.resources import Json
from orgmodel.integrations.schema import endpoint
from orgmodel.integrations.shapes import COUNT, MOMENT, TEXT, list_of, object_of, ref

DAYS = tuple((str(days), str(days)) for days in links.DAYS)


class DraftLinkViewSet(ApiView, ViewSet):
    """The links of a draft, which its owner makes and revokes."""

    tag = "draft-links"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[^/]+"
    path_parameters = {"key": "Key of the draft.", "id": "Id of the link."}
    shapes = {
        "ShareLink": object_of(
            id=COUNT,
            url=TEXT,
            made_by={"type": ["string", "null"]},
            made_at=MOMENT,
            expires_at=MOMENT,
            opened={**COUNT, "description": "How often someone looked."},
            last_opened_at={**MOMENT, "type": ["string", "null"]},
        ),
        "ShareLinks": object_of(results=list_of(ref("ShareLink"))),
    }
    link_body = Body(
        "MakeShareLink",
        {"days": Spec("choice", choices=DAYS, required=True, label="for how many days it is valid")},
        options=False,
    )

    @endpoint("List the read-only links that show what a draft changes", answers="ShareLinks", reality=False)
    def list(self, request: Request, key: str) -> Response:
        found = _valid(find_own(request, key))
        return Response({"results": [_json(request, link) for link in found]})

    @endpoint(
        "Make a read-only link",
        answers="ShareLink",
        body=".link_body",
        status=201,
        reality=False,
        description="Whoever has it and a login reads what the draft changes, and nothing else of it.",
    )
    def create(self, request: Request, key: str) -> Response:
        draft = find_own(request, key)
        values, _ = self.link_body.read(request.data, services.current())
        made = links.make(draft, values["days"], by=user_id(request), at=timezone.now())
        return Response(_json(request, _find(draft, str(made.pk))), status=201)

    @endpoint("Read one read-only link", answers="ShareLink", reality=False)
    def retrieve(self, request: Request, key: str, id: str) -> Response:  # noqa: A002 - its name in the address
        return Response(_json(request, _find(find_own(request, key), id)))

    @endpoint("Revoke a read-only link", status=204, reality=False)
    def destroy(self, request: Request, key: str, id: str) -> Response:  # noqa: A002
        draft = find_own(request, key)
        links.revoke(draft, _find(draft, id).pk, at=timezone.now())
        return Response(status=204)

    def lock(self) -> None:
        super().lock()
        lock_draft(self.kwargs["key"])


def _json(request: Request, link: Any) -> Json:
    """Return a link as `_valid` finds it, counted."""
    return {
        "id": link.pk,
        "url": request.build_absolute_uri(link.get_absolute_url()),
        "made_by": roles.name_of(link.made_by) if link.made_by is not None else None,
        "made_at": link.made_at,
        "expires_at": link.expires_at,
        "opened": link.opened,
        "last_opened_at": link.last_opened_at,
    }


def _valid(draft: Draft) -> QuerySet[ShareLink]:
    return links.valid(draft, at=timezone.now()).select_related("made_by")


def _find(draft: Draft, text: str) -> ShareLink:
    link = _valid(draft).filter(pk=paging.number(text)).first()
    if link is None:
        raise Http404("There is no such link, or it has ended.")
    return link
