"""The reorganization pack: a draft as a PDF to hand round, from its reasons to every person it moves."""

from __future__ import annotations

import functools
import importlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from orgmodel.changes import comparing, draft_rows, impact_rows, publishing, queries
from orgmodel.changes.compare_views import reader_of
from orgmodel.changes.impact_rows import Sides
from orgmodel.changes.models import Draft
from orgmodel.changes.pictures.alluvial import alluvial
from orgmodel.changes.pictures.drawing import counted
from orgmodel.changes.plans import Planned
from orgmodel.core.phrases import said
from orgmodel.core.records import Tribe
from orgmodel.exports.pictures import NoFile, standalone
from squads.views.map import Chosen, svg_of

MOST_PEOPLE = 5_000
"""People whom a pack lists: as many take a server some forty seconds. A larger draft is for a workbook."""


def can_make_pdf() -> bool:
    """Say whether this installation has what PDF files need: the optional packages, and Pango itself."""
    return _printer() is not None


@functools.cache
def _printer() -> Any:
    try:
        return importlib.import_module("weasyprint")
    except (ImportError, OSError):  # OSError: the package is there, the system library is not
        return None


def pdf(request: Any, draft: Draft, plan: Planned) -> bytes:
    """Return the pack. Raises NoFile where this installation makes none, or the draft is too large for one."""
    printer = _printer()
    if printer is None:
        raise NoFile(
            _("This installation makes no PDF files. Print the page instead, or see docs/hosting.md.")
        )
    html = render_to_string("exports/pack.html", contents(request, draft, plan), request=request)
    style = printer.CSS(filename=str(Path(settings.BASE_DIR) / "static" / "css" / "pack.css"))
    page = printer.HTML(string=html, url_fetcher=_fetch_nothing)
    made: bytes = page.write_pdf(stylesheets=[style])
    return made


def _fetch_nothing(url: str, **options: Any) -> Any:
    """A pack is made of what is in it. Nothing in a name or a note makes this server ask for anything."""
    raise ValueError(f"A pack loads nothing, not {url[:100]}")


def contents(request: Any, draft: Draft, plan: Planned) -> dict[str, Any]:
    """Return what a pack tells. Raises NoFile where too many people change for a list on paper."""
    today = timezone.localdate()
    base = comparing.baseline(comparing.LIVE, **reader_of(request, today))
    found = comparing.compared(base, draft, plan, today)
    people = found.impact.people
    if len(people) > MOST_PEOPLE:
        text = _("{people} are more than a pack holds. Take the lists of the impact page as a workbook.")
        raise NoFile(text.format(people=said(counted(len(people)))))
    sides = Sides(found.before, found.after)
    listed = (*plan.positions, *dict(plan.parked))
    return {
        "draft": draft,
        "organization_name": request.reality.head.name,
        "made_at": timezone.localtime(),
        "address": request.build_absolute_uri(reverse("draft_compare", args=[draft.key])),
        "summary": queries.summary(plan.replay),
        "sentence": found.comparison.sentence,
        "numbers": impact_rows.in_numbers(found),
        "asks": impact_rows.asks(found.impact, sides),
        "price": impact_rows.price_in_words(found.impact),
        "checks": publishing.checks(draft, plan, today),
        "settled": found.settled,
        "new": found.new,
        "entries": draft_rows.rows(draft, plan, listed, today=today, can_edit=False),
        "flows": _flat(str(alluvial(found.comparison, found.before, found.after)), request),
        "figures": impact_rows.figures(found),
        "squads": impact_rows.squad_rows(sides, found.impact.squads),
        "people": impact_rows.person_rows(sides, people),
        "tribes": [_matrices(request, tribe) for tribe in _tribes(plan)],
    }


def _tribes(plan: Planned) -> list[Tribe]:
    return queries.tribes_touched(plan.replay.changes, plan.replay.before, plan.replay.after)


def _matrices(request: Any, tribe: Tribe) -> dict[str, Any]:
    """Return a tribe as it is and as it would be."""
    return {
        "tribe": tribe,
        "before": mark_safe(svg_of(request, Chosen(tribe=tribe, side="before"))),  # noqa: S308 - escaped where drawn
        "after": mark_safe(svg_of(request, Chosen(tribe=tribe))),  # noqa: S308 - as above
    }


def _flat(picture: str, request: Any) -> SafeString:
    """Return a picture of a page without need of the page's style sheet."""
    if not picture:
        return SafeString("")
    svg = standalone(picture, address=request.build_absolute_uri("/")).decode()
    return mark_safe(svg.partition("?>")[2])  # noqa: S308 - escaped where drawn
