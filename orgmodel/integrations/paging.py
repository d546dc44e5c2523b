"""Lists in pages: an opaque cursor that stays right while records come and go, and a `Link` header (RFC 8288).

The live organization asks the database for the ids of one page, so that a page costs what it shows.
"""

from __future__ import annotations

import base64
import binascii
import heapq
import operator
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from orgmodel.changes.registry import model_of
from orgmodel.core.org import Org
from orgmodel.core.records import Record, specs_of
from orgmodel.core.rules.integrity import storable
from orgmodel.integrations.filters import BadFilter, Filter, UnknownReference
from orgmodel.integrations.problems import Fault, Faulty

PAGE = 100
LIMIT = 200
REALITY = ("draft", "as_of")
PAGING = ("limit", "cursor")
Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")


def check_parameters(request: Request, allowed: Collection[str], filters: Mapping[str, Filter]) -> None:
    """Raise Faulty for query parameters that mean nothing here, are given twice, or hold what they cannot."""
    faults = []
    for name in request.query_params:
        values = request.query_params.getlist(name)
        if name not in allowed:
            offer = ", ".join(sorted(allowed))
            detail = f"“{_safe(name)}” means nothing here. Possible are: {offer}."
            faults.append(Fault("unknown_parameter", detail, parameter=_safe(name)))
        elif len(values) > 1:
            faults.append(Fault("invalid", f"“{name}” is given more than once.", parameter=name))
        elif not storable(values[0]):
            faults.append(
                Fault("invalid", f"“{name}” holds characters that cannot be stored.", parameter=name)
            )
        elif (choices := _choices(filters.get(name))) and values[0] not in choices:
            offer = ", ".join(filter(None, choices))
            faults.append(Fault("invalid", f"Must be one of {offer}.", parameter=name))
    if faults:
        raise Faulty(faults)


def _choices(named: Filter | None) -> Collection[str]:
    return (named.schema or {}).get("enum", ()) if named is not None else ()


def read_filters(request: Request, org: Org, filters: Mapping[str, Filter]) -> list[tuple[Filter, Any]]:
    """Return the filters a request names with their values. Raises Faulty."""
    found, faults, unknown = [], [], []
    for name, text in request.query_params.items():
        if name in filters and isinstance(text, str):
            try:
                found.append((filters[name], filters[name].read(org, text)))
            except UnknownReference as error:
                unknown.append(Fault("unknown_reference", str(error), parameter=name))
            except BadFilter as error:
                faults.append(Fault("invalid", str(error), parameter=name))
    if faults:
        raise Faulty(faults)
    if unknown:
        raise Faulty(unknown, status=422)
    return found


def limit_of(request: Request) -> int:
    text = request.query_params.get("limit", str(PAGE))
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= LIMIT):
        raise Faulty([Fault("invalid", f"Must be a whole number from 1 to {LIMIT}.", parameter="limit")])
    return int(text)


def cursor_of(request: Request) -> str | None:
    """Return where the page starts: after the record at this place. Raises Faulty."""
    text = request.query_params.get("cursor")
    if text is None:
        return None
    place = opened(text)
    if not place or not storable(place):
        raise _bad_cursor()
    return place


def sealed(place: str) -> str:
    """Return a place as addresses carry it."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def opened(cursor: str) -> str:
    """Return the place that a cursor holds, "" where it is nonsense."""
    try:
        return base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        return ""


def _bad_cursor() -> Faulty:
    return Faulty([Fault("invalid", "Take the cursor as it was given, from `next`.", parameter="cursor")])


def page_of(request: Request, kind: str, filters: Mapping[str, Filter]) -> tuple[list[Any], str | None]:
    """Return the records of the page that a request asks for, and the place where the next one starts."""
    reality = request._request.reality  # type: ignore[attr-defined]
    org: Org = reality.org
    wanted, limit, after = read_filters(request, org, filters), limit_of(request), cursor_of(request)
    order = "key" if "key" in specs_of(kind) else "id"
    if order == "id" and after is not None and not _is_id(after):
        raise _bad_cursor()
    narrow = [(f, value) for f, value in wanted if f.among is not None and value is not None]
    if narrow or not reality.is_in_tables:
        found = _from_org(org, kind, order, wanted=wanted, narrow=narrow, after=after, count=limit + 1)
    else:
        found = _from_table(kind, order, wanted, after, limit + 1)
    table = org.table(kind)
    # A commit between reading the organization and the table may name a record that this organization does not hold.
    records = [table[id_] for id_, _ in found[:limit] if id_ in table]
    return records, found[limit - 1][1] if len(found) > limit else None


def _from_org(
    org: Org,
    kind: str,
    order: str,
    *,
    wanted: Iterable[tuple[Filter, Any]],
    narrow: list[tuple[Filter, Any]],
    after: str | None,
    count: int,
) -> list[tuple[str, str]]:
    """Return the ids and places of the page's records, and of one more where there is one."""
    table = org.table(kind)
    place = operator.attrgetter(order)
    if narrow:
        ids = set.intersection(*[set(f.among(org, value)) for f, value in narrow])  # type: ignore[misc]
        records: Iterable[Record] = (table[id_] for id_ in ids if id_ in table)
    else:
        records = table.values()
    answered = {id(f) for f, _ in narrow}
    left = [(f, value) for f, value in wanted if id(f) not in answered]
    fitting = (
        record
        for record in records
        if (after is None or place(record) > after) and all(f.holds(org, record, value) for f, value in left)
    )
    return [(record.id, place(record)) for record in heapq.nsmallest(count, fitting, key=place)]


def _from_table(
    kind: str, order: str, wanted: Iterable[tuple[Filter, Any]], after: str | None, count: int
) -> list[tuple[str, str]]:
    rows = model_of(kind)._default_manager.order_by(order)
    for f, value in wanted:
        assert f.rows is not None
        rows = rows.filter(f.rows(value))
    if after is not None:
        rows = rows.filter(**{f"{order}__gt": after})
    return [(row["id"], row[order]) for row in rows.values("id", order)[:count]]


def rows_of(
    request: Request, rows: QuerySet[Row], order: str, read: Callable[[str], Any] = str
) -> tuple[list[Row], str | None]:
    """Return the rows on the page that a request asks for, and the place where the next one starts.

    `order` is a column that no two rows share, with a minus where the last come first; `read` makes a value of a place.
    """
    limit, place, column = limit_of(request), cursor_of(request), order.removeprefix("-")
    if place is not None:
        rows = rows.filter(**{f"{column}__{'lt' if order.startswith('-') else 'gt'}": read(place)})
    found = [*rows.order_by(order)[: limit + 1]]
    return found[:limit], str(getattr(found[limit - 1], column)) if len(found) > limit else None


def number(text: str) -> int:
    """Return the number of a row that an address names, or 0, which no row has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def part_of(request: Request, found: Sequence[Item]) -> tuple[Sequence[Item], str | None]:
    """Return the part of a list that is asked for, and where the next one starts. Raises Faulty."""
    place = cursor_of(request) or "0"
    if not (place.isascii() and place.isdigit() and len(place) < 9):
        raise _bad_cursor()
    start = int(place)
    end = start + limit_of(request)
    return found[start:end], str(end) if len(found) > end else None


def answer(request: Request, results: list[Any], place: str | None) -> Response:
    """Return a page: `results`, and `next` with the address of the page after it."""
    following = _address(request, place) if place is not None else None
    headers = {"Link": f'<{following}>; rel="next"'} if following else {}
    return Response({"results": results, "next": following}, headers=headers)


def _address(request: Request, place: str) -> str:
    query = request.query_params.copy()
    query["cursor"] = sealed(place)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _safe(text: str) -> str:
    return text[:100].encode(errors="replace").decode()
