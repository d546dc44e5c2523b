"""Pages that belong to no part of the organization."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import LoginView
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from orgmodel.access import roles
from orgmodel.changes import queries, sharing
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.changes.pages import see_other
from orgmodel.core.operations import Refused
from orgmodel.core.phrases import said
from orgmodel.core.rules.integrity import storable
from orgmodel.demo import kestrel, loading
from orgmodel.look import LOOK
from orgmodel.pages import overview as facts
from orgmodel.pages import search as searching
from orgmodel.webhooks.fanout import seconds_behind
from squads.board import Tone

LATEST = 6  # change sets and drafts on the overview
YEAR = 365 * 24 * 60 * 60

# Overview


@require_safe
def overview(request: Any) -> HttpResponse:
    reality, org = request.reality, request.reality.org
    if reality.kind == "live" and not reality.head.version:
        return redirect("welcome")
    today = reality.as_of or timezone.localdate()
    lines = facts.tribe_lines(request, org, today)
    context = {
        "headline": facts.headline(org, lines),
        "begins": _begins(reality),
        "counts": facts.counts(request, org),
        "next_steps": facts.next_steps(request, org),
        "lines": lines,
        "more_tribes": max(0, org.count("tribe") - len(lines)),
        "pictured": any(line.picture for line in lines),
        "change_sets": _last_changes(reality),
        "drafts": _open_drafts(request.user),
        "waiting": sharing.waiting_for(request.user),
        "may_remove_demo": reality.head.is_demo and roles.can_design(request.user),
    }
    return render(request, "pages/overview.html", context)


def _begins(reality: Any) -> date | None:
    """Return the first day of the record, where someone looks at one before it."""
    if reality.as_of is None or reality.org.count("person") or reality.org.count("squad"):
        return None
    first = queries.first_day()
    return first if first is not None and reality.as_of < first else None


def _last_changes(reality: Any) -> list[ChangeSet]:
    found = queries.history(until=reality.as_of)
    return list(found.order_by("-version")[:LATEST])


def _open_drafts(user: Any) -> list[dict[str, Any]]:
    if not roles.can_plan(user):
        return []
    drafts = list(
        Draft.objects.filter(owner=user, state=Draft.State.OPEN).order_by("-updated_at", "pk")[:LATEST]
    )
    lines = queries.summaries(drafts) if drafts else {}
    return [{"draft": draft, "summary": lines[draft.pk]} for draft in drafts]


# First run


def welcome(request: Any) -> HttpResponse:
    """Three ways to begin: look at the demo, bring files, start with an empty sheet."""
    if request.reality.head.version:
        return redirect("overview")
    may_begin = roles.can_publish(request.user)
    if request.method != "POST":
        today = timezone.localdate()
        pictures = facts.specimen(kestrel.organization(today), today)
        return render(request, "pages/welcome.html", {"may_begin": may_begin, "pictures": pictures})
    if not may_begin:
        raise PermissionDenied(_("Only editors and org designers may open the demo organization."))
    try:
        loading.load_demo(at=timezone.now(), owner_id=request.user.pk)
    except Refused as refusal:  # the first of two clicks has loaded it
        messages.info(request, said(refusal.message))
    else:
        messages.success(
            request,
            _("This is Kestrel Audio, a made-up company. Try everything; it can be removed in one click."),
        )
    return see_other(reverse("overview"))


def demo_remove(request: Any) -> HttpResponse:
    if not roles.can_design(request.user):
        raise PermissionDenied(_("Only org designers may remove the demo organization."))
    if not request.reality.head.is_demo:
        messages.info(request, _("The demo organization is not here any more."))
        return see_other(reverse("overview"))
    if request.method != "POST":
        return render(request, "pages/demo_remove.html")
    loading.remove_demo()
    messages.success(request, _("The demo organization is removed. Begin with your own."))
    return see_other(reverse("welcome"))


class SignIn(LoginView):
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"demo_logins": loading.demo_logins()}


# Settings and search


def settings_page(request: Any) -> HttpResponse:
    """How pages look for this browser: kept in cookies, so that the server writes it without asking the database."""
    if request.method != "POST":
        return render(request, "pages/settings.html", {"look": LOOK})
    response = see_other(_next(request, reverse("settings")))
    for name, (default, *others) in LOOK.items():
        chosen = request.POST.get(name)
        if chosen in others:
            response.set_cookie(
                name,
                chosen,
                max_age=YEAR,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        elif chosen == default:
            response.delete_cookie(name, samesite="Lax")
    return response


def _next(request: Any, otherwise: str) -> str:
    asked = request.POST.get("next", "")
    return (
        asked
        if url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
        else otherwise
    )


@require_safe
def search(request: Any) -> HttpResponse:
    """What a text means, or what one has seen last; only the list of it where the palette asks."""
    text = request.GET.get("q", "").strip()[:200]
    groups = searching.groups(request, text) if storable(text) else []
    template = "pages/search.html#results" if request.htmx else "pages/search.html"
    response = render(request, template, {"q": text, "groups": groups, "in_palette": bool(request.htmx)})
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "picture": facts.specimen(kestrel.organization(today), today)[0],
        "tones": [
            Tone("Backend", "BE", hue=1),
            Tone("Design", "DE", hue=2),
            *(Tone(f"Level {step}", f"L{step}", step=step) for step in range(1, 5)),
            Tone("Not known"),
        ],
    }
    return render(request, "styleguide.html", context)


# Health


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether the database answers and has all migrations, and for how long the oldest event has waited.

    Events that wait are a matter of the worker: this process serves all the same.
    """
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "reason": "the database does not answer"}, status=503)
    if waiting:
        return JsonResponse({"status": "unavailable", "reason": "migrations are missing"}, status=503)
    return JsonResponse({"status": "ok", "outbox_seconds": seconds_behind(timezone.now())})
