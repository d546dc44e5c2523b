"""Pages about findings: the list by unit, one finding, what is said about it, and drafts that begin with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from orgmodel.access import roles
from orgmodel.changes import drafts, queries, store
from orgmodel.changes.forms import OperationForm
from orgmodel.changes.models import Draft
from orgmodel.changes.pages import (
    address,
    can_change,
    operation_page,
    page_in,
    page_or_peek,
    post_only,
    see_other,
)
from orgmodel.core.operations import EndWaiver
from orgmodel.core.operations.findings import waiver_id
from orgmodel.core.org import Org
from orgmodel.core.phrases import count, said, say
from orgmodel.core.rules.base import Finding, parts_of_key
from orgmodel.core.rules.findings import Judged
from orgmodel.core.rules.settings import RULES, rule_of
from orgmodel.findings import services
from orgmodel.findings.filters import filters_of, form_of, narrow
from orgmodel.findings.forms import WaiveForm
from orgmodel.findings.hints import Hint, hints_of
from orgmodel.findings.log import mentioned_as
from orgmodel.findings.mending import place_of
from orgmodel.findings.plain import as_csv, plain_all
from orgmodel.findings.queries import Unit, counts_of, name_of, page_of, rows_of, tribe_of, unit_of, units_of
from orgmodel.findings.settled import RESOLVED
from orgmodel.findings.wording import title_of

PAGE = 20  # units
SETTLED_PAGE = 50
EVENTS = 8


@require_safe
def findings(request: Any) -> HttpResponse:
    """All findings by unit, what presses most first; as CSV or JSON where the address asks for a `format`."""
    if request.GET.get("state") == RESOLVED:
        return _resolved(request)
    reality = request.reality
    everything = services.judged(services.findings_of(reality), reality)
    addressed = services.addressed(reality, request.user)
    filters = filters_of(reality.org, addressed)
    found = narrow(everything, filters, request.GET, reality.org)
    since = services.since(reality, services.worst(each.finding for each in found))
    if "format" in request.GET:
        return _file(request, found, since)
    units = units_of(request, rows_of(request, found, since, addressed))
    page = page_in(request, units, PAGE)
    context = {
        "page": page,
        "counts": counts_of(each.finding for each in found),
        "headline": _headline(units, len(found)),
        "top": units[0] if units and page.number == 1 else None,
        "hints": _hints(reality.org, everything) if page.number == 1 else [],
        "months": services.trend(reality) if page.number == 1 else [],
        "waived": sum(each.state == "waived" for each in everything),
        "may_plan": reality.kind == "live" and roles.can_plan(request.user),
        **form_of(filters, request.GET),
    }
    return render(request, "findings/findings.html", context)


def _resolved(request: Any) -> HttpResponse:
    """What changes of the last ninety days settled, the latest first."""
    org: Org = request.reality.org
    filters = filters_of(org, {})
    found = narrow(services.settled(request.reality), filters, request.GET, org)
    if "format" in request.GET:
        return _file(request, found, {})
    page = page_in(request, found, SETTLED_PAGE)
    headline = count(
        found, "{n:,} finding settled in the last 90 days.", "{n:,} findings settled in the last 90 days."
    )
    context = {
        "page": page,
        "counts": counts_of(each.finding for each in found),
        "headline": headline,
        "resolved": True,
        **form_of(filters, request.GET),
    }
    return render(request, "findings/findings.html", context)


def _hints(org: Org, everything: Iterable[Judged]) -> list[Hint]:
    return hints_of(org, (each.finding for each in everything if each.state != "waived"))


def _headline(units: Sequence[Unit], number: int) -> str:
    if not units:
        return say("Nothing found.")
    return say(
        "{findings} in {places}. Start with {unit}.",
        findings=count(number, "{n:,} finding", "{n:,} findings"),
        places=count(units, "{n:,} place", "{n:,} places"),
        unit=units[0].name,
    )


def _file(request: Any, found: Sequence[Judged], since: Mapping[str, Any]) -> HttpResponse:
    rows = [
        {name: said(value) for name, value in row.items()}
        for row in plain_all(request.reality.org, found, since)
    ]
    match request.GET["format"]:
        case "json":
            headers = {"Content-Disposition": 'attachment; filename="findings.json"'}
            return JsonResponse({"findings": rows}, headers=headers)
        case "csv":
            headers = {"Content-Disposition": 'attachment; filename="findings.csv"'}
            return HttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8", headers=headers)
    raise BadRequest(_("Findings come as “{one}” or “{other}”.").format(one="csv", other="json"))


# One finding


@require_safe
def finding(request: Any, key: str) -> HttpResponse:
    reality, org = request.reality, request.reality.org
    rule, kind, id_ = _parts(request, key)
    found = services.findings_of(reality).get(key)
    waiver: Any = org.find("waiver", key)
    addressed = services.addressed(reality, request.user)
    row = None
    if found is not None:
        since = services.since(reality, [found])
        [row] = rows_of(request, services.judged([found], reality), since, addressed)
    unit = unit_of(org, (kind, id_))
    context = {
        "key": key,
        "row": row,
        "rule": RULES[rule],
        "title": title_of(rule),
        "name": name_of(org, kind, id_),
        "url": page_of(request, kind, id_),
        "unit": name_of(org, *unit) if unit != (kind, id_) else "",
        "unit_url": page_of(request, *unit),
        "tribe": tribe_of(org, unit),
        "waiver": waiver,
        "named_draft": _draft_of(request, waiver),
        "said": queries.record_changes("waiver", waiver_id(org, key), EVENTS, until=reality.as_of),
        "happened": queries.record_changes(*mentioned_as(org, (kind, id_)), EVENTS, until=reality.as_of),
        "may_change": can_change(request),
        "may_plan": row is not None and can_change(request),
    }
    return page_or_peek(request, "findings/finding.html", context)


def _draft_of(request: Any, waiver: Any) -> Draft | None:
    """Return the draft that someone named as addressing a finding, if it is there and this user sees it."""
    if waiver is None or not waiver.draft:
        return None
    return roles.visible_drafts(request.user).filter(key=waiver.draft).first()


def _parts(request: Any, key: str) -> tuple[str, str, str]:
    """Return rule, kind and id of a finding's key. Raises Http404 where there can be no such finding."""
    code, kind, id_ = parts_of_key(key)
    rule = rule_of(code)
    if rule is None or kind not in rule.kinds or request.reality.org.get(kind, id_) is None:
        raise Http404(_("There is no such finding here."))
    return rule.code, kind, id_


def finding_waive(request: Any, key: str) -> HttpResponse:
    if request.GET.get("state") == "waived":
        form = WaiveForm(request, key, state="waived")
        intro = _("It stays in the list of what is waived, and is open again after the day you name.")
        return _form_page(request, key, form, title=_("Waive this finding"), verb=_("Waive"), intro=intro)
    form = WaiveForm(request, key, state="acknowledged")
    intro = _("It stays in the list, marked as known.")
    title = _("Acknowledge this finding")
    return _form_page(request, key, form, title=title, verb=_("Acknowledge"), intro=intro)


def finding_reopen(request: Any, key: str) -> HttpResponse:
    form = OperationForm(request, EndWaiver, key=key)
    title = _("Open this finding again")
    return _form_page(request, key, form, title=title, verb=_("Open again"))


def _form_page(request: Any, key: str, form: OperationForm, **words: str) -> HttpResponse:
    _parts(request, key)
    found = services.findings_of(request.reality).get(key)
    crumbs = [
        (_("Findings"), address(request, "findings")),
        (_short(found, key), address(request, "finding", key)),
    ]
    return operation_page(request, form, done=("finding", key), crumbs=crumbs, **words)


def _short(found: Finding | None, key: str) -> str:
    return said(found.message).removesuffix(".") if found is not None else parts_of_key(key)[0]


# Fixing it


@post_only
def finding_fix(request: Any, key: str) -> HttpResponse:
    """Go to where a finding can be fixed, in this draft or in one of the user's own that is named after the finding."""
    _parts(request, key)
    found = services.findings_of(request.reality).get(key)
    if found is None:
        messages.info(request, _("That is fixed already."))
        return see_other(address(request, "finding", key))
    if not can_change(request):
        raise PermissionDenied(_("Your role reads only. Ask an org designer to let you plan or publish."))
    draft = request.reality.draft
    if draft is None:
        name = f"Fix: {found.message.removesuffix('.')}"[:200]
        draft, is_new = _own_draft(request.user, name)
        news = (
            _("Draft “{draft}” started. {advice}")
            if is_new
            else _("Draft “{draft}” was there already. {advice}")
        )
        messages.success(request, news.format(draft=draft.name, advice=said(found.what_to_try)))
    return see_other(place_of(request, found, draft))


def _own_draft(user: Any, name: str) -> tuple[Draft, bool]:
    """Return the user's open draft of a name, and whether it was started just now."""
    with transaction.atomic():
        store.locked_head()  # so that a double click starts one draft
        own = Draft.objects.select_related("change_set").filter(owner=user, state=Draft.State.OPEN)
        known = own.filter(name=" ".join(name.split())).order_by("-updated_at", "pk").first()
        if known is not None:
            return known, False
        return drafts.create_draft(name, owner_id=user.pk, at=timezone.now()), True
