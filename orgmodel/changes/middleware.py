"""Decides once per request which organization it reads: live, a draft, or another day, past or to come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from orgmodel.access.roles import can_see_draft, part_of, tribe_of
from orgmodel.changes import plans, publishing, queries, services, snapshots, store
from orgmodel.changes.future import Outlook, outlook
from orgmodel.changes.models import Draft, Head, Snapshot
from orgmodel.changes.plans import Planned
from orgmodel.changes.publishing import ToSettle
from orgmodel.core.org import Org
from orgmodel.core.part import part_of_org
from orgmodel.core.replay import Replay


class Elsewhere(Exception):
    """What the address asks for is better shown by another page, which says why."""

    def __init__(self, url: str, words: str) -> None:
        super().__init__(words)
        self.url = url
        self.words = words


class WrongParameter(BadRequest):
    """A parameter of the address that cannot be meant. Pages say so; the API names it as well."""

    def __init__(self, parameter: str, words: str) -> None:
        super().__init__(words)
        self.parameter = parameter


class Reality:
    """Which organization a request is about, from `?draft=` or `?as_of=`; each part is read when first used."""

    def __init__(self, request: Any) -> None:
        self._request = request

    @cached_property
    def head(self) -> Head:
        return store.head()

    @cached_property
    def tribe(self) -> str | None:
        """The id of the tribe that is all this request sees, as it was made with a token that is limited to one."""
        return tribe_of(self._request.user)

    def seen(self, org: Org) -> Org:
        """Return what this request may see of an organization."""
        return org if self.tribe is None else part_of_org(org, self.tribe)

    @cached_property
    def live(self) -> Org:
        return self.seen(store.org_at(self.head))

    @cached_property
    def draft(self) -> Draft | None:
        """The draft named in the address. Raises Http404 for one that is not there or not for this user."""
        key = self._request.GET.get("draft")
        if not key:
            return None
        if self._request.GET.get("as_of"):
            raise WrongParameter("as_of", _("An address names a draft or a day, not both."))
        draft = Draft.objects.select_related("owner").filter(key=key).first() if "\x00" not in key else None
        if draft is None or not can_see_draft(self._request.user, draft):
            raise Http404(_("There is no such draft."))
        if not draft.is_planned and self._is_page:
            words = (
                _("The draft “{draft}” is {state}. This is what it did.")
                if draft.state == Draft.State.PUBLISHED
                else _("The draft “{draft}” is {state}. This is what it plans.")
            ).format(draft=draft.name, state=draft.get_state_display())
            raise Elsewhere(reverse("draft_changes", args=[draft.key]), words)
        return draft

    @property
    def _is_page(self) -> bool:
        """Whether this is a page that someone reads, rather than a form they send or a call of the API."""
        return self._request.method in ("GET", "HEAD") and not self._request.path_info.startswith("/api/")

    @cached_property
    def plan(self) -> Planned | None:
        """The draft carried out on today's organization, or the part of it that this user was handed."""
        if self.draft is None:
            return None
        return plans.plan_of(self.draft, self.head, part=part_of(self._request.user, self.draft))

    @property
    def takes_effect_on(self) -> date:
        """The day on which what is planned here takes effect: the draft's, today otherwise."""
        return timezone.localdate() if self.draft is None else plans.day_of(self.draft)

    @property
    def replay(self) -> Replay | None:
        return self.plan.replay if self.plan is not None else None

    @cached_property
    def to_settle(self) -> ToSettle | None:
        """How much the draft must settle, or should, before it is published."""
        if self.draft is None or self.plan is None:
            return None
        return publishing.to_settle(self.draft, self.plan, timezone.localdate())

    @cached_property
    def summary(self) -> str:
        """The draft in one line, such as "7 moves, 1 new squad"."""
        return queries.summary(self.replay) if self.replay is not None else ""

    @cached_property
    def _moment(self) -> tuple[date | None, Snapshot | None]:
        """What `?as_of=` says: a day, or a snapshot with the day on which its version was made."""
        text = self._request.GET.get("as_of")
        if not text:
            return None, None
        try:
            return date.fromisoformat(text), None
        except ValueError:
            found = snapshots.find(text)
        if found is None:
            raise WrongParameter(
                "as_of",
                _(
                    "“{text}” is no day of the calendar. A day in the address looks like {example}; "
                    "a snapshot of that name is not there either."
                ).format(text=text[:40], example="2026-06-30"),
            )
        return snapshots.day_of(found), found

    @property
    def as_of(self) -> date | None:
        """The day that is read instead of today."""
        return self._moment[0]

    @property
    def snapshot(self) -> Snapshot | None:
        """The point in time that is read, where it has a name."""
        return self._moment[1]

    @cached_property
    def outlook(self) -> Outlook | None:
        """What is planned until a day to come, where one is read."""
        if self.as_of is None or self.kind != "future":
            return None
        return outlook(self.as_of, self._request.user, self.head)

    @cached_property
    def org(self) -> Org:
        """The organization this request reads, whichever it is."""
        if self.replay is not None:
            return self.seen(self.replay.after)
        if self.as_of is None:
            return self.live
        if self.outlook is not None:
            return self.seen(self.outlook.org)
        if self.snapshot is not None:
            return self.seen(services.org_at_version(self.snapshot.version))
        return self.seen(services.org_as_of(self.as_of))

    @property
    def is_in_tables(self) -> bool:
        """Whether the rows of the database are what this request reads, so that they may be asked instead."""
        return self.kind == "live" and self.tribe is None

    @property
    def kind(self) -> str:
        """Return "live", "draft", "past" or "future"; only the first two can be changed."""
        if self.draft is not None:
            return "draft"
        if self.as_of is None:
            return "live"
        return "future" if self.snapshot is None and self.as_of > timezone.localdate() else "past"

    @property
    def is_another_day(self) -> bool:
        return self.kind in ("past", "future")

    @property
    def moment(self) -> str:
        """What an address says for the day or snapshot that is read: "2026-06-30"; "" for today."""
        if self.snapshot is not None:
            return self.snapshot.key
        return self.as_of.isoformat() if self.as_of is not None else ""

    @property
    def query(self) -> str:
        """What an address needs to stay in this reality, such as "draft=unblock-ingestion"; "" for live."""
        if self.draft is not None:
            return urlencode({"draft": self.draft.key})
        return urlencode({"as_of": self.moment}) if self.moment else ""


class RealityMiddleware:
    """Puts `request.reality` in place; `request.reality.org` is the organization to read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.reality = Reality(request)
        return self.get_response(request)

    def process_exception(self, request: Any, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Elsewhere):
            return None
        messages.info(request, exception.words)
        return HttpResponseRedirect(exception.url)
