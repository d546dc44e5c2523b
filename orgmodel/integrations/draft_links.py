"""Read-only links to what a draft changes, over REST: for whoever was not invited and has a login."""

from __future__ import annotations

from django.http import Http404
from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from orgmodel.access import roles
from orgmodel.changes import services
from orgmodel.core.records import Spec
from orgmodel.exports import links as share_links
from orgmodel.exports.models import ShareLink
from orgmodel.integrations import paging
from orgmodel.integrations.bodies import Body
from orgmodel.integrations.draft_access import find_own, user_id
from orgmodel.integrations.resources import Json
from orgmodel.integrations.schema import endpoint

DAYS = tuple((str(days), str(days)) for days in share_links.DAYS)


class DraftLinks(ViewSet):
    """The links of a draft, which its owner makes and revokes."""

    link_body = Body(
        "MakeShareLink",
        {"days": Spec("choice", choices=DAYS, required=True, label="for how many days it is valid")},
        options=False,
    )

    @endpoint("List the read-only links that show what a draft changes", answers="ShareLinks", reality=False)
    @action(detail=True, methods=["get"])
    def links(self, request: Request, key: str) -> Response:
        found = share_links.valid(find_own(request, key), at=timezone.now())
        return Response({"results": [link_json(request, link) for link in found]})

    @endpoint(
        "Make a read-only link",
        answers="ShareLink",
        body=".link_body",
        status=201,
        reality=False,
        description="Whoever has it and a login reads what the draft changes, and nothing else of it.",
    )
    @links.mapping.post  # type: ignore[untyped-decorator]
    def make_link(self, request: Request, key: str) -> Response:
        draft = find_own(request, key)
        values, _ = self.link_body.read(request.data, services.current())
        made = share_links.make(draft, values["days"], by=user_id(request), at=timezone.now())
        return Response(link_json(request, _find(request, key, str(made.pk))), status=201)

    @endpoint("Read one read-only link", answers="ShareLink", reality=False)
    @action(detail=True, methods=["get"], url_path="links/(?P<id>[^/]+)")
    def link(self, request: Request, key: str, id: str) -> Response:  # noqa: A002 - its name in the address
        return Response(link_json(request, _find(request, key, id)))

    @endpoint("Revoke a read-only link", status=204, reality=False)
    @link.mapping.delete  # type: ignore[untyped-decorator]
    def revoke_link(self, request: Request, key: str, id: str) -> Response:  # noqa: A002
        link = _find(request, key, id)
        share_links.revoke(link.draft, link.pk, at=timezone.now())
        return Response(status=204)


def link_json(request: Request, link: ShareLink) -> Json:
    """Return a link as `exports.links.valid` finds it."""
    return {
        "id": link.pk,
        "url": request.build_absolute_uri(link.get_absolute_url()),
        "made_by": roles.name_of(link.made_by) if link.made_by is not None else None,
        "made_at": link.made_at,
        "expires_at": link.expires_at,
        "opened": link.opened,  # type: ignore[attr-defined]
        "last_opened_at": link.last_opened_at,  # type: ignore[attr-defined]
    }


def _find(request: Request, key: str, text: str) -> ShareLink:
    found = share_links.valid(find_own(request, key), at=timezone.now()).select_related("draft", "made_by")
    link = found.filter(pk=paging.number(text)).first()
    if link is None:
        raise Http404("There is no such link, or it has ended.")
    return link
