"""Decides once per request which organization it reads: live, a draft, or a past day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse

from orgmodel.access.roles import can_see_draft
from orgmodel.changes import queries, services, store
from orgmodel.changes.models import Draft, Head
from orgmodel.core.org import Org
from orgmodel.core.replay import Replay


class Reality:
    """Which organization a request is about, from `?draft=` or `?as_of=`; each part is read when first used."""

    def __init__(self, request: Any) -> None:
        self._request = request

    @cached_property
    def head(self) -> Head:
        return store.head()

    @cached_property
    def live(self) -> Org:
        return store.org_at(self.head)

    @cached_property
    def draft(self) -> Draft | None:
        """The draft named in the address. Raises Http404 for one that is not there or not for this user."""
        key = self._request.GET.get("draft")
        if not key:
            return None
        if self._request.GET.get("as_of"):
            raise BadRequest("An address names a draft or a day, not both.")
        draft = Draft.objects.select_related("owner").filter(key=key).first() if "\x00" not in key else None
        if draft is None or not can_see_draft(self._request.user, draft):
            raise Http404("There is no such draft.")
        return draft

    @cached_property
    def replay(self) -> Replay | None:
        return services.replay_draft(self.draft) if self.draft is not None else None

    @cached_property
    def summary(self) -> str:
        """The draft in one line, such as "7 moves, 1 new squad"."""
        return queries.summary(self.replay) if self.replay is not None else ""

    @cached_property
    def as_of(self) -> date | None:
        text = self._request.GET.get("as_of")
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise BadRequest("The day in the address must look like 2026-06-30.") from None

    @cached_property
    def org(self) -> Org:
        """The organization this request reads, whichever it is."""
        if self.replay is not None:
            return self.replay.after
        return services.org_as_of(self.as_of) if self.as_of else self.live

    @property
    def kind(self) -> str:
        if self.draft is not None:
            return "draft"
        return "past" if self.as_of else "live"

    @property
    def query(self) -> str:
        """What an address needs to stay in this reality, such as "draft=unblock-ingestion"; "" for live."""
        if self.draft is not None:
            return urlencode({"draft": self.draft.key})
        return urlencode({"as_of": self.as_of.isoformat()}) if self.as_of else ""


class RealityMiddleware:
    """Puts `request.reality` in place; `request.reality.org` is the organization to read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.reality = Reality(request)
        return self.get_response(request)
