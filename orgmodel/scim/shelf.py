"""What users and groups have in common: rows that are found, shown page by page, and given a version."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import orjson
from django.db.models import Model, QuerySet
from scim2_models import (
    InvalidCursorException,
    NotFoundException,
    PreconditionFailedException,
    Resource,
    ResponseParameters,
    SearchRequest,
)
from scim2_server.storage import SearchPage

from orgmodel.scim.desk import Desk
from orgmodel.scim.lookups import Lookups
from orgmodel.scim.mapping import Body

Row = TypeVar("Row", bound=Model)


class Shelf(ABC, Generic[Row]):
    """The resources of one type. A document is a resource as JSON, without its location."""

    def __init__(self, desk: Desk, model: type[Resource[Any]]) -> None:
        self.desk = desk
        self.model = model

    @abstractmethod
    def rows(self) -> QuerySet[Row]:
        """Return all that there is."""

    @abstractmethod
    def lookups(self) -> Lookups:
        """Return by what rows are found through an index."""

    @abstractmethod
    def still_there(self, rows: Sequence[Row]) -> bool:
        """Say whether all of these rows can be shown; those that cannot are gone afterwards."""

    @abstractmethod
    def documents(self, rows: Sequence[Row], parameters: ResponseParameters[Any] | None = None) -> list[Body]:
        """Return rows as documents. What a response leaves out anyway may be left out."""

    @abstractmethod
    def create(self, resource: Any) -> Body: ...

    @abstractmethod
    def update(self, row: Row, resource: Any) -> Body: ...

    @abstractmethod
    def remove(self, row: Row) -> None: ...

    # One of them

    def find(self, id_: str) -> Row:
        condition = self.lookups()["id", ""](id_)
        row = self.rows().filter(condition).first()
        if row is None or str(row.pk) != id_ or not self.still_there([row]):
            raise NotFoundException(
                detail=f"There is no {self.model.__name__.lower().split('[')[0]} {id_[:100]}."
            )
        return row

    def found_at(self, id_: str, version: str | None) -> Row:
        """Return a row that is to be changed. Raises a 412 where it is not at the expected version any more."""
        row = self.find(id_)
        if version is not None and self.documents([row])[0]["meta"]["version"] != version:
            raise PreconditionFailedException(
                detail="Somebody has changed this since you read it. Read it again."
            )
        return row

    def resource(self, document: Body) -> Resource[Any]:
        return self.model.model_validate(document)

    # Pages of all of them

    def page(self, request: SearchRequest[Any], position: Any) -> tuple[SearchPage, list[Body]]:
        """Return a page of everything, in the order of ids, and its documents."""
        turn = self._by_index if request.cursor is None else self._by_cursor
        page, rows = turn(request, position)
        while not self.still_there(rows):
            page, rows = turn(request, position)
        return page, self.documents(rows, request)

    def _by_index(self, request: SearchRequest[Any], position: Any) -> tuple[SearchPage, list[Row]]:
        start = request.start_index_0 or 0
        stop = None if request.count is None else start + request.count
        return SearchPage(self.rows().count(), []), list(self.rows().order_by("pk")[start:stop])

    def _by_cursor(self, request: SearchRequest[Any], position: Any) -> tuple[SearchPage, list[Row]]:
        page = SearchPage(self.rows().count(), [])
        if request.count == 0:
            return page, []
        limit = None if request.count is None else request.count + 1
        backwards, anchor = _read(position)
        rows = self.rows()
        if anchor is not None:
            rows = rows.filter(pk__lt=anchor) if backwards else rows.filter(pk__gt=anchor)
        found = list(rows.order_by("-pk" if backwards else "pk")[:limit])
        more = limit is not None and len(found) == limit
        found = found[:-1] if more else found
        if backwards:
            found.reverse()
        if found and (more or backwards):
            page.next = {"after": str(found[-1].pk)}
        if found and (more if backwards else anchor is not None):
            page.previous = {"before": str(found[0].pk)}
        return page, found


def _read(position: Any) -> tuple[bool, str | None]:
    """Return whether a page goes backwards, and from where. Raises a SCIM error for what is no position."""
    match position:
        case None:
            return False, None
        case {"after": str(anchor)}:
            return False, anchor
        case {"before": str(anchor)}:
            return True, anchor
    raise InvalidCursorException


def meta(name: str, created_at: datetime, updated_at: datetime, version: str) -> Body:
    return {
        "resourceType": name,
        "created": _moment(created_at),
        "lastModified": _moment(updated_at),
        "version": f'W/"{version}"',
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def digest(*parts: Any) -> str:
    """Return a short text that differs where any part does."""
    return hashlib.blake2b(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS), digest_size=12).hexdigest()
