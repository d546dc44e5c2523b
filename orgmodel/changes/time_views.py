"""Pages about time: what changed between two days, week by week, and points in time that have a name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from orgmodel.access import roles
from orgmodel.changes import between as differences
from orgmodel.changes import queries
from orgmodel.changes import snapshots as naming
from orgmodel.changes.between import Difference, Span
from orgmodel.changes.forms import MATCHES, SUGGESTED, matches
from orgmodel.changes.models import Snapshot
from orgmodel.changes.page_forms import BetweenForm, SnapshotForm
from orgmodel.changes.pages import address, post_only, see_other
from orgmodel.core.changes import Change
from orgmodel.core.operations import Refused
from orgmodel.core.operations.base import noun, short
from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import said
from orgmodel.core.records import KINDS
from orgmodel.core.rules.integrity import is_closed

WEEK = timedelta(days=7)
UNITS = ("tribe", "squad", "chapter", "guild")

# Between two days


@require_safe
def between(request: Any) -> HttpResponse:
    form = BetweenForm(request.GET)
    last = request.reality.as_of or timezone.localdate()
    first = max(last, date.min + WEEK) - WEEK
    if form.is_valid():
        last = form.cleaned_data["to"] or max(last, form.cleaned_data["from"] or last)
        first = form.cleaned_data["from"] or max(last, date.min + WEEK) - WEEK
    try:
        unit, about = _unit(request, form.cleaned_data.get("unit", ""))
    except ValidationError as error:
        form.add_error("unit", error)
        unit, about = None, frozenset()
    context = {
        "form": form,
        "unit": unit,
        "units": _offered(request.reality.org),
        "title": _("What changed in {unit}").format(unit=unit.name)
        if unit is not None
        else _("What changed"),
        **_difference(request, Span(first, last, about)),
    }
    return render(request, "changes/between.html", context, status=400 if form.errors else 200)


def _unit(request: Any, text: str) -> tuple[Any, frozenset[Any]]:
    """Return the record that "squad:search" or a name stands for, and what there is to know about to know about it."""
    if not text:
        return None, frozenset()
    kind, __, key = text.partition(":")
    if kind not in KINDS:
        record = _called(request.reality.org, text)
        kind, key = record.KIND, record.key
    for org in (request.reality.org, request.reality.live):
        unit, about = differences.subjects(org, kind, key)
        if unit is not None:
            return unit, about
    raise Http404(_("There is no {kind} “{name}”.").format(kind=said(noun(kind)), name=key[:100]))


def _called(org: Org, text: str) -> Any:
    """Return the unit or person of a name. Raises ValidationError where it is none, or may be several."""
    found = [record for kind in (*UNITS, "person") for record in matches(org, kind, text)]
    exact = [record for record in found if record.name.casefold() == text.casefold()]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if not found:
        message = _("“{text}” names no part of the organization. One looks like {example}.")
        raise ValidationError(message.format(text=short(text), example="squad:search"))
    shown = ", ".join(f"{record.KIND}:{record.key}" for record in found[:MATCHES])
    message = _("“{text}” may be any of these: {shown}. Choose one.")
    raise ValidationError(message.format(text=short(text), shown=shown))


def _offered(org: Org) -> list[Any]:
    """Return the units that the form suggests, unless there are very many."""
    if sum(org.count(kind) for kind in UNITS) > SUGGESTED:
        return []
    return by_name(unit for kind in UNITS for unit in org.table(kind).values() if not is_closed(unit))


def _difference(request: Any, span: Span) -> dict[str, Any]:
    """Return what the page of some days shows: numbers, and the net difference of all kinds or of a chosen one."""
    found = differences.difference(span, request.user)
    comparison, by_kind = found.comparison, differences.net_by_kind(found)
    chosen = request.GET.get("kind", "")
    shown = _one_kind if chosen in by_kind else _all_kinds
    return {
        "span": span,
        "found": found,
        "numbers": differences.in_numbers(comparison) if comparison is not None else "",
        "names_units": comparison is not None and differences.names_units(comparison),
        **shown(request, span, found, by_kind),
    }


def _one_kind(
    request: Any, span: Span, found: Difference, by_kind: Mapping[str, list[Change]]
) -> dict[str, Any]:
    chosen = request.GET["kind"]
    page = Paginator(by_kind[chosen], queries.LONG_PAGE).get_page(request.GET.get("page"))
    entry = differences.net_entry(found, chosen, list(page.object_list), len(by_kind[chosen]))
    return {"chosen": chosen, "net": [entry], "page": page}


def _all_kinds(
    request: Any, span: Span, found: Difference, by_kind: Mapping[str, list[Change]]
) -> dict[str, Any]:
    """Return the first changes of each kind, and a page of the change sets that made them."""
    paginator = Paginator(span.change_sets().order_by("-effective_on", "-version"), queries.PAGE)
    paginator.count = found.change_sets
    page = paginator.get_page(request.GET.get("page"))
    net = [
        differences.net_entry(found, kind, changes[: queries.SHOWN], len(changes), _all_of(request, kind))
        for kind, changes in by_kind.items()
    ]
    log = differences.entries_of(list(page.object_list), request.reality.live, span)
    return {"net": net, "page": page, "log": log}


def _all_of(request: Any, kind: str) -> str:
    """Return the address of this page with all that differs in records of a kind."""
    query = request.GET.copy()
    query["kind"] = kind
    query.pop("page", None)
    return f"?{query.urlencode()}"


# Week by week


def digest_now(request: Any) -> HttpResponse:
    return see_other(_week_url(request, request.reality.as_of or timezone.localdate()))


@require_safe
def digest(request: Any, year: int, week: int) -> HttpResponse:
    try:
        monday = date.fromisocalendar(year, week, 1)
        span = Span(monday, monday + timedelta(days=6))
    except (ValueError, OverflowError):
        raise Http404(_("There is no week {week} in {year}.").format(week=week, year=year)) from None
    this_week = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    context = {
        "title": _("Week {week} of {year}").format(week=week, year=year),
        "previous": _week_url(request, monday - WEEK) if monday - date.min > WEEK else "",
        "next": _week_url(request, monday + WEEK) if monday < this_week else "",
        **_difference(request, span),
    }
    return render(request, "changes/between.html", context)


def _week_url(request: Any, day: date) -> str:
    year, week = day.isocalendar()[:2]
    return address(request, "digest", str(year), str(week))


# Points in time that have a name


def snapshots(request: Any) -> HttpResponse:
    form = SnapshotForm(request.POST if request.method == "POST" else None, initial=request.GET.dict())
    if request.method == "POST":
        _check_may_name(request)
        if form.is_valid():
            try:
                taken = naming.take(
                    form.cleaned_data["name"],
                    author_id=request.user.pk,
                    at=timezone.now(),
                    version=form.cleaned_data["version"],
                )
            except Refused as refusal:
                form.add_error("name", said(refusal.message))
            else:
                text = _("Version {version} is called “{name}” now.")
                messages.success(request, text.format(version=taken.version, name=taken.name))
                return see_other(reverse("snapshots"))
    rows = Snapshot.objects.select_related("author").order_by("-version", "name")
    page = Paginator(rows, queries.PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "may_name": roles.can_name_versions(request.user)}
    return render(request, "changes/snapshots.html", context, status=422 if form.errors else 200)


def snapshot_rename(request: Any, key: str) -> HttpResponse:
    _check_may_name(request)
    snapshot = _snapshot_or_404(key)
    form = SnapshotForm(request.POST if request.method == "POST" else None, initial={"name": snapshot.name})
    if request.method == "POST" and form.is_valid():
        try:
            naming.rename(snapshot, form.cleaned_data["name"])
        except Refused as refusal:
            form.add_error("name", said(refusal.message))
        else:
            messages.success(request, _("It is called “{name}” now.").format(name=snapshot.name))
            return see_other(reverse("snapshots"))
    context = {"form": form, "snapshot": snapshot}
    return render(request, "changes/snapshot_rename.html", context, status=422 if form.errors else 200)


@post_only
def snapshot_remove(request: Any, key: str) -> HttpResponse:
    _check_may_name(request)
    snapshot = naming.find(key)
    if snapshot is not None:  # otherwise the first of two clicks did it
        naming.remove(snapshot)
        text = _("The name “{name}” is gone. What happened stays in the history.").format(name=snapshot.name)
        messages.success(request, text)
    return see_other(reverse("snapshots"))


def _snapshot_or_404(key: str) -> Snapshot:
    snapshot = naming.find(key)
    if snapshot is None:
        raise Http404(_("There is no such snapshot."))
    return snapshot


def _check_may_name(request: Any) -> None:
    if not roles.can_name_versions(request.user):
        raise PermissionDenied(_("Only editors and org designers name points in time."))
