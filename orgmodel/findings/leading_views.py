"""Pages about leading: how far squads are from decisions, what hangs on single people, who holds which seat."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from orgmodel.changes.forms import matches
from orgmodel.changes.pages import page_in
from orgmodel.core.authority import LeadSeat, decision_paths, leadership, seats_held
from orgmodel.core.org import Org
from orgmodel.core.phrases import count, say
from orgmodel.core.resilience import WHAT, Loss, losses, single_points
from orgmodel.findings.queries import page_of, tribe_of

PAGE = 50
WORST = 10
DRAWN = 3  # people drawn at random, unless asked for more
MOST = 20  # people who can be away at once


@require_safe
def decisions(request: Any) -> HttpResponse:
    """How many managers stand between each squad and somebody who could decide for all of it."""
    org: Org = request.reality.org
    paths = decision_paths(org)
    asked = request.GET.get("show") == "all"
    rows = [
        {
            "path": path,
            "squad": org.squads[path.squad],
            "tribe": tribe_of(org, ("squad", path.squad)),
            "decider": org.people.get(path.decider) if path.decider else None,
            "managers": [org.people[id_] for id_ in path.managers],
            "leads": [org.people[id_] for id_ in path.chapter_leads],
        }
        for path in (paths if asked else paths[:WORST])
    ]
    context = {
        "page": page_in(request, rows, PAGE),
        "count": len(paths),
        "apart": sum(path.steps is None for path in paths),
        "knows_managers": any(path.managers for path in paths),
        "all": asked,
    }
    return render(request, "findings/decisions.html", context)


@require_safe
def leaders(request: Any) -> HttpResponse:
    """Every seat that leads a unit, and who holds it; what is empty or held for a time first."""
    org: Org = request.reality.org
    seats = leadership(org)
    held = seats_held(seats)
    counts = Counter(seat.state for seat in seats)
    chosen = request.GET.get("state", "")
    rows = [
        _seat_row(request, org, seat, held)
        for seat in sorted(seats, key=lambda seat: STATES.index(seat.state))
        if chosen in ("", seat.state)
    ]
    context = {
        "page": page_in(request, rows, PAGE),
        "counts": [
            ("empty", count(counts["empty"], "empty", "empty")),
            ("interim", count(counts["interim"], "interim", "interim")),
            ("double", count(counts["double"], "double", "double")),
            ("held", count(counts["held"], "held", "held")),
        ],
        "chosen": chosen,
    }
    return render(request, "findings/leaders.html", context)


STATES = (say("empty"), say("interim"), say("double"), say("held"))


def _seat_row(request: Any, org: Org, seat: LeadSeat, held: Any) -> dict[str, Any]:
    unit: Any = org.get(seat.kind, seat.unit)
    return {
        "seat": seat,
        "name": unit.name,
        "url": page_of(request, seat.kind, seat.unit),
        "tribe": tribe_of(org, (seat.kind, seat.unit)),
        "holders": [(org.people[id_], held[id_] - 1) for id_ in seat.holders],
        "interim": org.people.get(seat.interim) if seat.interim else None,
    }


@require_safe
def resilience(request: Any) -> HttpResponse:
    """What squads would lose without some people, chosen or drawn; and what hangs on one person already."""
    org: Org = request.reality.org
    away = _away(request, org)
    what = request.GET.get("what", "")
    points = [point for point in single_points(org) if what in ("", point.what)]
    page = page_in(request, points, PAGE)
    context = {
        "away": ", ".join(org.people[id_].name for id_ in away),
        "losses": [_loss_row(org, loss) for loss in losses(org, away)],
        "page": page,
        "points": [_loss_row(org, point) for point in page],
        "kinds": WHAT,
        "what": what,
        "typed": request.GET.get("people", "")[:2_000],
        "seed": random.randrange(10_000),  # noqa: S311 - a draw, not a secret
    }
    return render(request, "findings/resilience.html", context)


def _away(request: Any, org: Org) -> list[str]:
    """Return who is away: the people named, or so many drawn; the same draw shows the same people."""
    seed = request.GET.get("draw", "")
    if seed:
        here = sorted(person.id for person in org.people.values() if person.is_here)
        return random.Random(seed[:20]).sample(here, min(DRAWN, len(here)))  # noqa: S311 - a draw, not a secret
    names = [name for line in request.GET.get("people", "").splitlines() for name in line.split(",")]
    found = [matches(org, "person", name.strip()) for name in names[:MOST] if name.strip()]
    return list(dict.fromkeys(some[0].id for some in found if len(some) == 1))


def _loss_row(org: Org, loss: Loss) -> dict[str, Any]:
    return {"loss": loss, "squad": org.squads[loss.squad], "people": [org.people[id_] for id_ in loss.people]}
