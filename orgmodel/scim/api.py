"""The groups of identity providers over REST, for org designers: what each is linked to, linking and unlinking it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from orgmodel.access import roles
from orgmodel.changes import services
from orgmodel.changes.faces import actor_of
from orgmodel.core.org import Org
from orgmodel.core.records import Spec
from orgmodel.integrations import paging
from orgmodel.integrations.bodies import Body
from orgmodel.integrations.conventions import ApiView
from orgmodel.integrations.filters import BadFilter, UnknownReference, unit_reader
from orgmodel.integrations.problems import Fault, Faulty
from orgmodel.integrations.resources import Json, reference
from orgmodel.integrations.schema import endpoint
from orgmodel.integrations.shapes import COUNT, FLAG, MOMENT, TEXT, object_of
from orgmodel.scim import linking, links
from orgmodel.scim.lookups import GROUPS
from orgmodel.scim.models import ScimGroup

UNIT = object_of(kind={"type": "string", "enum": [*linking.KINDS]}, id=TEXT, key=TEXT, name=TEXT)


class ScimGroupViewSet(ApiView, ViewSet):
    """Groups that identity providers push. Who is in them is theirs to say; what they are linked to is said here."""

    tag = "scim-groups"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[^/]+"
    path_parameters = {"id": "Id of the group, the same as in SCIM."}
    shapes = {
        "ScimGroup": object_of(
            id={"type": "string", "format": "uuid"},
            name=TEXT,
            external_id=TEXT,
            members=COUNT,
            unit={"oneOf": [UNIT, {"type": "null"}], "description": "The open unit that it is linked to."},
            moves={**FLAG, "description": "Whether who joins leaves the squad or chapter they are in."},
            created_at=MOMENT,
            updated_at=MOMENT,
        )
    }
    link_body = Body(
        "LinkScimGroup",
        {
            "unit": Spec("text", label="by id or key, such as search or squad:search; null unlinks"),
            "moves": Spec("flag", label="who joins leaves the squad or chapter they are in"),
            "takes_over": Spec(
                "flag", label="who leaves the group leaves the unit, also those who are in both today"
            ),
        },
        options=False,
    )

    @endpoint("List groups of identity providers", answers="ScimGroup", many=True, reality=False)
    def list(self, request: Request) -> Response:
        found, following = paging.rows_of(request, _visible(request), "name_key")
        org = services.current()
        return paging.answer(request, [_json(org, each) for each in found], following)

    @endpoint("Read one group", answers="ScimGroup", reality=False)
    def retrieve(self, request: Request, id: str) -> Response:  # noqa: A002 - its name in the address
        return Response(_json(services.current(), _find(request, id)))

    @endpoint(
        "Link a group to a unit, or unlink it",
        answers="ScimGroup",
        body=".link_body",
        reality=False,
        description="Its members join the unit, as one change set; nobody leaves it by either. Every link is made "
        "anew: what is absent beside `unit` is false.",
    )
    def partial_update(self, request: Request, id: str) -> Response:  # noqa: A002
        group, org = _find(request, id), services.current()
        values, _ = self.link_body.read(request.data, org)
        headers = _link(request, group, org, values) if values else {}
        return Response(_json(services.current(), _find(request, id)), headers=headers)


def _link(request: Request, group: ScimGroup, org: Org, values: dict[str, Any]) -> dict[str, str]:
    """Link or unlink a group, and return the headers that say where it is recorded."""
    if "unit" not in values:
        raise Faulty([Fault("required", "Name the unit, or null to unlink.", "/unit")])
    if not values["unit"]:
        links.unlink(group)
        return {}
    linked = links.link(
        group,
        _unit(org, values["unit"]),
        moves=bool(values.get("moves")),
        takes_over=bool(values.get("takes_over")),
        actor=actor_of(request.user),
        at=timezone.now(),
    )
    return {"Change-Set": str(linked.change_set.version)} if linked.change_set is not None else {}


def _unit(org: Org, text: str) -> Any:
    try:
        return org.get(*unit_reader(linking.KINDS)(org, text))
    except UnknownReference as error:
        raise Faulty([Fault("unknown_reference", str(error), "/unit")], 422) from None
    except BadFilter as error:
        raise Faulty([Fault("invalid", str(error), "/unit")]) from None


def _json(org: Org, group: Any) -> Json:
    unit = linking.unit_of(org, group)
    return {
        "id": group.pk,
        "name": group.name,
        "external_id": group.external_id,
        "members": group.size,
        "unit": unit and {"kind": unit.KIND, **(reference(org, unit.KIND, unit.id) or {})},
        "moves": group.moves,
        "created_at": group.created_at,
        "updated_at": group.updated_at,
    }


def _visible(request: Request) -> QuerySet[ScimGroup]:
    if not roles.can_design(request.user):
        raise PermissionDenied("Groups of identity providers are for org designers.")
    return ScimGroup.objects.annotate(size=Count("members"))


def _find(request: Request, text: str) -> ScimGroup:
    found = _visible(request).filter(GROUPS["id", ""](text)).first()
    if found is None:
        raise Http404("There is no such group.")
    return found
