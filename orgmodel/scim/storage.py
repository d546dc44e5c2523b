"""The storage that scim2-server reads and writes: users are people, groups have tables of their own."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, cast

from django.db.models import Q
from scim2_models import (
    Resource,
    ResourceType,
    ResponseParameters,
    ScimProvider,
    SearchRequest,
    TooManyException,
)
from scim2_server.memory import InMemoryStorage
from scim2_server.storage import ScimStorage, SearchPage

from orgmodel.scim.desk import Desk
from orgmodel.scim.groups import Groups
from orgmodel.scim.lookups import keyed, narrowed
from orgmodel.scim.mapping import Body
from orgmodel.scim.shelf import Shelf
from orgmodel.scim.users import Users

SOUGHT_LIMIT = 1_000
"""So many users or groups are looked at one by one, for a filter or an order that no index knows."""


class OrgStorage(ScimStorage):
    """Everything of one request, by one actor. `writes` says whether it may change anything."""

    supports_cursors = True

    def __init__(self, provider: ScimProvider, desk: Desk, *, writes: bool = True) -> None:
        self._desk = desk
        self._writes = writes
        self._shelves: dict[str, Shelf[Any]] = {
            "User": Users(desk, cast("Any", provider.model_for("User"))),
            "Group": Groups(desk, cast("Any", provider.model_for("Group"))),
        }

    def operation(self) -> AbstractContextManager[None]:
        return self._desk.writing() if self._writes else self._desk.reading()

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        shelf = self._shelf(resource_type)
        with self._desk.reading():
            return shelf.resource(shelf.documents([shelf.find(resource_id)], response_parameters)[0])

    def search(
        self, resource_types: list[ResourceType], search_request: SearchRequest[Any], *, position: Any = None
    ) -> SearchPage:
        with self._desk.reading():
            if (
                len(resource_types) > 1
                or search_request.filter is not None
                or search_request.sort_by is not None
            ):
                return self._sought(resource_types, search_request, position)
            shelf = self._shelf(resource_types[0])
            page, documents = shelf.page(search_request, position)
            page.resources = [shelf.resource(document) for document in documents]
            return page

    def page(
        self, resource_type: ResourceType, search_request: SearchRequest[Any], position: Any
    ) -> tuple[SearchPage, list[Body]] | None:
        """Return a page of all resources of a type, or of those with a key, as documents; None for other filters."""
        with self._desk.reading():
            shelf = self._shelf(resource_type)
            if search_request.filter is None:
                return shelf.page(search_request, position)
            condition = keyed(search_request.filter, shelf.lookups())
            if condition is None or search_request.cursor is not None:
                return None
            rows = self._sought_rows(shelf, condition)
            start = search_request.start_index_0 or 0
            stop = None if search_request.count is None else start + search_request.count
            return SearchPage(len(rows), []), shelf.documents(rows[start:stop], search_request)

    def _sought(
        self, resource_types: list[ResourceType], search_request: SearchRequest[Any], position: Any
    ) -> SearchPage:
        """Filter and sort as the protocol says, among those that can be meant at all."""
        found = InMemoryStorage()
        found.resources = [
            resource
            for resource_type in resource_types
            for resource in self._candidates(self._shelf(resource_type), search_request)
        ]
        return found.search(resource_types, search_request, position=position)

    def _candidates(self, shelf: Shelf[Any], search_request: SearchRequest[Any]) -> list[Resource[Any]]:
        rows = self._sought_rows(shelf, narrowed(search_request.filter, shelf.lookups()))
        return [shelf.resource(document) for document in shelf.documents(rows)]

    def _sought_rows(self, shelf: Shelf[Any], condition: Q | None) -> list[Any]:
        """Return the rows that a condition leaves, all of which are there."""
        rows = shelf.rows() if condition is None else shelf.rows().filter(condition)
        found = list(rows.order_by("pk")[: SOUGHT_LIMIT + 1])
        if len(found) > SOUGHT_LIMIT:
            raise TooManyException(
                detail=f"This would look at more than {SOUGHT_LIMIT:,} resources one by one. Filter by id, userName, "
                "externalId, emails, displayName of groups or members with eq, and leave out sortBy."
            )
        return found if shelf.still_there(found) else self._sought_rows(shelf, condition)

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        shelf = self._shelf(resource_type)
        with self._desk.writing():
            return shelf.resource(shelf.create(resource))

    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        shelf = self._shelf(resource_type)
        with self._desk.writing():
            return shelf.resource(shelf.update(shelf.found_at(str(resource.id), expected_version), resource))

    def delete(
        self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None
    ) -> None:
        shelf = self._shelf(resource_type)
        with self._desk.writing():
            shelf.remove(shelf.found_at(resource_id, expected_version))

    def _shelf(self, resource_type: ResourceType) -> Shelf[Any]:
        return self._shelves[str(resource_type.name)]
