"""What this SCIM service offers, and where it goes further than the core of the protocol does by itself."""

from __future__ import annotations

import functools
from http import HTTPStatus
from typing import Annotated, Any

from django.conf import settings
from django.core import signing
from pydantic import Field
from scim2_models import (
    URN,
    CaseExact,
    ComplexAttribute,
    EnterpriseUser,
    ExpiredCursorException,
    InvalidCountException,
    InvalidCursorException,
    Mutability,
    Reference,
    Required,
    Resource,
    ResourceType,
    ResponseParameters,
    ScimPolicy,
    ScimProvider,
    SearchRequest,
    ServiceProviderConfig,
    Uniqueness,
    User,
)
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Operation
from scim2_server.service import ScimService
from scim2_server.storage import SearchPage

from orgmodel.scim.mapping import ENTERPRISE, Body
from orgmodel.scim.storage import OrgStorage

PAGE_LIMIT = 200
FURTHEST = 2**31
"""A place in a list behind which nobody looks. Databases count further, but not without end."""

BULK_OPERATIONS, BULK_BYTES = 1_000, 5 * 1024 * 1024

POLICY = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore,
    remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)
"""What Microsoft Entra needs beyond the letter of the protocol."""

CONFIG = {
    "patch": {"supported": True},
    "bulk": {"supported": True, "maxOperations": BULK_OPERATIONS, "maxPayloadSize": BULK_BYTES},
    "filter": {"supported": True, "maxResults": PAGE_LIMIT},
    "changePassword": {"supported": False},
    "sort": {"supported": True},
    "etag": {"supported": True},
    "pagination": {
        "cursor": True,
        "index": True,
        "defaultPaginationMethod": "index",
        "defaultPageSize": 100,
        "maxPageSize": PAGE_LIMIT,
        "cursorTimeout": 3600,
    },
    "authenticationSchemes": [
        {
            "type": "oauthbearertoken",
            "name": "Token of an integration",
            "description": "A token with the scope scim, sent as Authorization: Bearer om_…",
            "primary": True,
        }
    ],
}


class Member(ComplexAttribute):
    """A member of a group as the schema of RFC 7643, section 8.7.1, has it: without a name beside the id."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[Reference[User] | None, Mutability.immutable] = Field(  # type: ignore[type-arg]
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])


class Group(Resource[Any]):
    """Group"""  # the name that discovery shows

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true, Uniqueness.server] = None
    members: list[Member] | None = None


@functools.cache
def service() -> OrgService:
    """Return the service, which is made when first asked for: its models take a while to build."""
    user_type = ResourceType.from_resource(User[EnterpriseUser])
    return OrgService(
        ScimProvider(
            models=[User, EnterpriseUser, Group],
            resource_types=[user_type, ResourceType.from_resource(Group)],
            config=ServiceProviderConfig.model_validate(CONFIG),
            policy=POLICY,
        ),
        secret=settings.SECRET_KEY,
    )


class OrgService(ScimService):
    @staticmethod
    def _build_cursors(secret: str | bytes | None) -> Any:
        return Cursors()

    def read_search(self, resource_types: list[ResourceType], payload: Any) -> tuple[SearchRequest[Any], Any]:
        sought, position = super().read_search(resource_types, payload)
        sought.start_index = min(sought.start_index, FURTHEST) if sought.start_index is not None else None
        return sought, position

    def publish(self, base_url: str, resource: Resource[Any]) -> Resource[Any]:
        """Fill in locations without copying first: our storage makes every resource anew, also one of 5,000 members."""
        assert resource.meta is not None
        assert resource.id is not None
        resource_type = self.get_resource_type_of(resource)
        resource.meta.location = self.resource_location(base_url, resource_type, resource.id)
        self._publish_references(base_url, resource)
        return resource

    def patch_response(
        self, base_url: str, resource: Resource[Any], response_parameters: ResponseParameters[Any]
    ) -> ScimResponse:
        """Answer 200 with the resource, which the protocol allows and identity providers expect."""
        return self.replacement_response(base_url, resource, response_parameters)

    def page_response(
        self,
        base_url: str,
        resource_type: ResourceType,
        request: SearchRequest[Any],
        page: SearchPage,
        documents: list[Body],
    ) -> ScimResponse:
        """Answer a page of documents as they are, which is what the models would make of them."""
        schemas = [resource_type.schema_]
        place = f"{base_url}{resource_type.endpoint}"
        body: Body = {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
            "totalResults": page.total,
            "itemsPerPage": len(documents),
            "Resources": [self._published(base_url, place, schemas, document) for document in documents],
        }
        if request.cursor is None:
            body["startIndex"] = request.start_index
        for name, position in (("nextCursor", page.next), ("previousCursor", page.previous)):
            if position is not None:
                body[name] = self._seal([resource_type], request, position)
        return ScimResponse(HTTPStatus.OK, body)

    def _published(self, base_url: str, place: str, schemas: list[Any], document: Body) -> Body:
        extended = [*schemas, ENTERPRISE] if ENTERPRISE in document else schemas
        meta = {**document["meta"], "location": f"{place}/{document['id']}"}
        published = {"schemas": extended, **document, "meta": meta}
        if "members" in document:
            published["members"] = [_located(base_url, member) for member in document["members"]]
        if manager := document.get(ENTERPRISE, {}).get("manager"):
            published[ENTERPRISE] = {**document[ENTERPRISE], "manager": _located(base_url, manager)}
        return published


def _located(base_url: str, other: Body) -> Body:
    return {**other, "$ref": f"{base_url}/{other['$ref']}"} if "$ref" in other else other


class Cursors:
    """Signs the position of a page, so that nobody but us can make one, with what it was given for (RFC 9865)."""

    def __init__(self) -> None:
        self._signer = signing.TimestampSigner(salt="orgmodel.scim.cursor", sep=".")

    def seal(self, query: str, count: int | None, position: Any) -> str:
        return self._signer.sign_object([query, count, position])

    def open(self, cursor: str, query: str, count: int | None, timeout: int | None) -> Any:
        try:
            its_query, its_count, position = self._signer.unsign_object(cursor, max_age=timeout)
        except signing.SignatureExpired:
            raise ExpiredCursorException from None
        except (signing.BadSignature, ValueError):
            raise InvalidCursorException from None
        if its_query != query:
            raise InvalidCursorException
        if its_count != count:
            raise InvalidCountException
        return position


class OrgHandler(ScimHandler):
    storage: OrgStorage
    service: OrgService

    def search(self, request: ScimRequest) -> ScimResponse:
        """Answer the commonest searches, for all and for one by a key, from what is kept; leave others to the core."""
        with self.service.provider:
            target = self.service.route(request, Operation.search)
            types = self.service.searched_types(target.endpoint)
            sought, position = self.service.read_search_query(types, request.query)
            if len(types) == 1 and _is_plain(sought):
                found = self.storage.page(types[0], sought, position)
                if found is not None:
                    return self.service.page_response(request.base_url, types[0], sought, *found)
        return super().search(request)


def _is_plain(sought: SearchRequest[Any]) -> bool:
    """Say whether a search asks for whole resources in any order, or for groups without their members."""
    excluded = [str(path).lower() for path in sought.excluded_attributes or ()]
    return sought.sort_by is None and not sought.attributes and excluded in ([], ["members"])
