"""Circles: tribes with their squads inside; a tribe is looked at by itself by following its circle."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from orgmodel.changes.pages import address, record_or_404
from orgmodel.core.phrases import count, say
from orgmodel.core.records import Tribe
from squads.circles import blocs_of, circles, people_in, shows_people, shows_squads
from squads.views.chosen import orgs_of, side_of, side_options


@require_safe
def circle_page(request: Any) -> HttpResponse:
    side = side_of(request)
    key = request.GET.get("tribe", "")
    tribe = record_or_404(request, "tribe", key) if key else None
    org, before = orgs_of(request, side)
    if tribe is not None and tribe.id not in org.tribes:
        raise BadRequest(_("{name} is not there before the draft.").format(name=tribe.name))
    blocs = blocs_of(org, tribe, before)
    asked: dict[str, Any] = {"side": side} if side != "after" else {}
    within: dict[str, Any] = {"tribe": key} if key else {}

    def zoom(shown: Tribe) -> str:
        """Return the address of one tribe's circle, or of its board from there."""
        if tribe is not None:
            return address(request, "tribe", shown.key)
        return address(request, "circles", tribe=shown.key, **asked)

    people, squads = people_in(blocs), sum(bloc.squads for bloc in blocs)
    context = {
        "tribe": tribe,
        "rows": [(bloc, zoom(bloc.tribe) if bloc.tribe is not None else "") for bloc in blocs],
        "size": say(
            "{people} in {squads}.",
            people=count(people, "{n:,} person", "{n:,} people"),
            squads=count(squads, "{n:,} squad", "{n:,} squads"),
        ),
        "has_dots": shows_squads(blocs) and shows_people(blocs),
        "has_squads": shows_squads(blocs),
        "is_redrawn": before is not None,
        "picture": circles(blocs, partial(address, request), zoom),
        "whole_url": address(request, "circles", **asked),
        "sides": side_options(request, "circles", side, **within),
    }
    return render(request, "squads/circles.html", context)
