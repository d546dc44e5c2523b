"""The change feed over REST: every change of every record, in the order of commit, to be followed from a cursor.

The log's rows get their numbers while a commit holds the head's lock, so a row that can be seen never has one before it
that cannot be seen yet: following the numbers misses nothing and tells nothing twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from orgmodel.changes import services
from orgmodel.changes.models import Change
from orgmodel.core.org import Org
from orgmodel.core.records import KINDS
from orgmodel.integrations import paging
from orgmodel.integrations.conventions import ApiView
from orgmodel.integrations.problems import Fault, Faulty
from orgmodel.integrations.resources import Json
from orgmodel.integrations.schema import endpoint
from orgmodel.integrations.shapes import COUNT, TEXT, Shape, list_of

BEGINNING, END = "0", "end"
LARGEST = 2**63 - 1  # number of a row
SINCE = "Take `since` as it was given, from `cursor`; `0` is the beginning, `end` is now."


@dataclass(frozen=True, slots=True)
class Place:
    """A point between two changes: after the log's row of this number, which belongs to this version."""

    version: int = 0
    row: int = 0

    def cursor(self, today: date) -> str:
        """Return it as a client keeps it, with the day on which it was given."""
        return paging.sealed(f"{self.version}.{self.row}.{today.toordinal()}")


class FeedView(ApiView):
    """Every change of every record, oldest first."""

    tag = "changes"
    parameters: dict[str, tuple[str, Shape]] = {
        "since": (
            "Where to go on: the `cursor` of the answer before, `0` for the beginning (if absent), "
            "`end` for what comes from now on.",
            TEXT,
        ),
        "kind": (
            "Only changes of records of these kinds, separated by commas.",
            list_of({"type": "string", "enum": sorted(KINDS)}),
        ),
        "limit": (
            "Changes per page.",
            {**COUNT, "minimum": 1, "maximum": paging.LIMIT, "default": paging.PAGE},
        ),
    }

    @endpoint(
        "Follow every change",
        answers="Changes",
        reality=False,
        parameters=parameters,
        also=(410,),
        description="Ordered by commit, without gaps. `cursor` is where to go on; `next` is the address for that "
        "where there is more already. A record that was removed has `after: null`. 410 where the cursor is older than "
        "what is kept: read the lists again, and go on from the cursor that the answer gives.",
    )
    def get(self, request: Request) -> Response:
        limit, kinds, today = paging.limit_of(request), _kinds(request), timezone.localdate()
        # The end is read first: what is there up to it is all there, and a filter that finds nothing can still move on.
        end = _place_of(Change.objects.select_related("change_set").order_by("-pk").first())
        start = _start(request, end, today)
        rows = Change.objects.filter(pk__gt=start.row, pk__lte=end.row).prefetch_related("change_set")
        if kinds:
            rows = rows.filter(kind__in=kinds)
        found = [*rows.order_by("pk")[: limit + 1]]
        page, more = found[:limit], len(found) > limit
        return _answer(request, page, (_place_of(page[-1]) if more else end).cursor(today), more=more)


def _place_of(change: Change | None) -> Place:
    return Place(change.change_set.version, change.pk) if change is not None else Place()


def _kinds(request: Request) -> Sequence[str]:
    kinds = [kind for kind in request.query_params.get("kind", "").split(",") if kind]
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        detail = f"There is no such kind of record. Kinds are {', '.join(sorted(KINDS))}."
        raise Faulty([Fault("invalid", detail, parameter="kind")])
    return kinds


def _start(request: Request, end: Place, today: date) -> Place:
    """Return where a request goes on. Raises Faulty where the log cannot be followed from there, and for nonsense."""
    since = request.query_params.get("since", BEGINNING)
    if since in (BEGINNING, END):
        return end if since == END else Place()
    version, row, given = _read(since)
    # The log of a demo that was removed, or of a backup from before the cursor was given, is another log.
    is_known = not row or Change.objects.filter(pk=row, change_set__version=version).exists()
    if not is_known or today.toordinal() - given > settings.FEED_RETENTION_DAYS:
        raise _gone(end.cursor(today))
    return Place(version, row)


def _read(cursor: str) -> tuple[int, int, int]:
    """Return what a cursor says: version, row, and on which day it was given."""
    found = re.fullmatch(r"([0-9]{1,19})\.([0-9]{1,19})\.([0-9]{1,19})", paging.opened(cursor))
    version, row, given = map(int, found.groups()) if found is not None else (-1, -1, -1)
    if not all(0 <= number <= LARGEST for number in (version, row, given)):
        raise Faulty([Fault("invalid", SINCE, parameter="since")])
    return version, row, given


def _gone(cursor: str) -> Faulty:
    detail = (
        "The log cannot be followed from this cursor any more: cursors are good for "
        f"{settings.FEED_RETENTION_DAYS:,} days. To start over, keep this one: {cursor}. Read the lists (people/, "
        f"squads/, memberships/, …) as they are now, then follow changes/?since={cursor}, which tells what has changed "
        "meanwhile. How things were on a day in between is in the lists with ?as_of=DAY."
    )
    return Faulty([Fault("expired", detail, parameter="since")], 410, members={"cursor": cursor})


def _answer(request: Request, page: Sequence[Change], cursor: str, *, more: bool) -> Response:
    query = request.query_params.copy()
    query["since"] = cursor
    following = request.build_absolute_uri(f"{request.path}?{query.urlencode()}") if more else None
    org = services.current()
    body = {"results": [_change_json(change, org) for change in page], "next": following, "cursor": cursor}
    return Response(body, headers={"Link": f'<{following}>; rel="next"'} if following else {})


def _change_json(change: Change, org: Org) -> Json:
    change_set = change.change_set
    return {
        "kind": change.kind,
        "id": change.record,
        "key": _key(change, org),
        "version": change_set.version,
        "recorded_at": change_set.recorded_at,
        "effective_on": change_set.effective_on,
        "source": change_set.source,
        "actor": change_set.actor_name,
        "sentence": _sentence(change_set.sentences, change.operation),
        "before": change.before,
        "after": change.after,
    }


def _key(change: Change, org: Org) -> Any:
    """Return the key of a changed record; None where its kind has none, or where it is gone by now."""
    told: Any = change.after or change.before
    return told.get("key") or getattr(org.get(change.kind, change.record), "key", None)


def _sentence(sentences: Sequence[str], position: int) -> str:
    return sentences[position] if position < len(sentences) else ""
