"""Pages that hold drafts against live, each other or a day, tell what one does to people, and where drafts collide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from orgmodel.access import roles
from orgmodel.changes import between, comparing, drafts, impact_rows, publishing, queries, wording
from orgmodel.changes import radar as conflict_radar
from orgmodel.changes.comparing import LIVE, Baseline
from orgmodel.changes.draft_pages import address_of, closed, draft_or_404, draft_to_edit, plan_for
from orgmodel.changes.impact_rows import Sides
from orgmodel.changes.models import Draft
from orgmodel.changes.pages import back, go, page_in, post_only, see_other, shown
from orgmodel.changes.pictures.alluvial import Side, alluvial, flow_rows
from orgmodel.changes.pictures.drawing import number
from orgmodel.changes.plans import Planned
from orgmodel.changes.wording import OBJECTIONS
from orgmodel.core.impact import Impact
from orgmodel.core.operations import EditDomain, EditSystem, EditVacancy
from orgmodel.core.phrases import said
from orgmodel.core.scope import is_open

SHOWN = 8  # rows of each list on the page that shows all of them
LONG = 240  # letters of a sentence that are no headline any more: numbers take its place
MOVES = {"vacancy": EditVacancy, "system": EditSystem, "domain": EditDomain}
FLOWS = 100  # rows of the table that says the same as the picture


# One draft against something


def draft_compare(request: Any, key: str) -> HttpResponse:
    draft = draft_or_404(request, key)
    if not draft.is_planned:
        return see_other(address_of(draft))
    plan = _plan(request, draft)
    base = _baseline(request, timezone.localdate())
    context = {
        **comparison(request, draft, plan, base),
        "choices": comparing.choices(request.user, draft),
        "may_edit": roles.can_edit_draft(request.user, draft),
    }
    return render(request, "changes/draft_compare.html", context)


def comparison(
    request: Any, draft: Draft, plan: Planned, base: Baseline, *, has_pages: bool = True
) -> dict[str, Any]:
    """Return what `changes/_comparison.html` shows of a draft, with links into it or without."""
    found = comparing.compared(base, draft, plan, timezone.localdate())
    found = replace(found, after=replace(found.after, has_pages=has_pages))
    sides = Sides(found.before, found.after)
    flows = flow_rows(found.comparison, found.before, found.after)
    squads = found.impact.squads
    sentence = found.comparison.sentence
    return {
        "draft": draft,
        "base": base,
        "day": request.GET.get("day") and base.value,
        "sentence": sentence,
        "headline": between.in_numbers(found.comparison) if len(sentence) > LONG else "",
        "numbers": impact_rows.in_numbers(found),
        "settled": found.settled,
        "new": found.new,
        "left": impact_rows.left_rows(replace(_sides(draft, plan), after=found.after)),
        "misfits": len(plan.replay.misfits),
        "picture": alluvial(found.comparison, found.before, found.after),
        "rows": shown(request, flows, FLOWS),
        "rows_more": max(0, len(flows) - FLOWS),
        "asks": impact_rows.asks(found.impact, sides),
        "figures": impact_rows.figures(found),
        "squads": impact_rows.squad_rows(sides, shown(request, squads, SHOWN)),
        "squad_count": len(squads),
        "count": len(plan.replay.steps),
    }


def _plan(request: Any, draft: Draft) -> Planned:
    """Return a draft as this user may see it, and let the frame of the page show it."""
    plan = plan_for(request, draft)
    request.reality.plan = plan
    return plan


def _baseline(request: Any, today: date) -> Baseline:
    """Return what the address asks to compare with; the day has a field of its own, for those without JavaScript."""
    if day := request.GET.get("day"):
        return comparing.day_as_baseline(day, **reader_of(request, today))
    return comparing.baseline(request.GET.get("with", LIVE), **reader_of(request, today))


def reader_of(request: Any, today: date) -> dict[str, Any]:
    """Return who compares, and what is live to them."""
    reality = request.reality
    return {"user": request.user, "head": reality.head, "live": reality.live, "today": today}


def _sides(draft: Draft, plan: Planned) -> Sides:
    return Sides(Side(plan.replay.before, LIVE), comparing.side_of(draft, plan))


# Several side by side


def compare(request: Any) -> HttpResponse:
    request.reality.draft = None  # the address names several: none of them is what the page reads
    reader = reader_of(request, timezone.localdate())
    chosen = comparing.chosen_drafts(request.user, request.GET.getlist("draft"))
    day = request.GET.get("day")
    past = comparing.day_as_baseline(day, **reader) if day else None
    context = {
        "drafts": comparing.planned_drafts(request.user)[: comparing.OFFERED],
        "chosen": {draft.key for draft in chosen},
        "day": past.value if past is not None else "",
        "most": comparing.MOST,
        "table": comparing.side_by_side(chosen, past, **reader) if chosen else None,
    }
    return render(request, "changes/compare.html", context)


# What a draft does to people


@dataclass(frozen=True, slots=True)
class Section:
    """One of the lists of the impact page: all of it, and the rows that are shown."""

    key: str
    title: str
    count: int
    rows: list[Any]

    @property
    def is_whole(self) -> bool:
        return len(self.rows) == self.count


def draft_impact(request: Any, key: str) -> HttpResponse:
    draft = draft_or_404(request, key)
    if not draft.is_planned:
        return see_other(address_of(draft))
    return _impact_page(request, draft)


def _impact_page(request: Any, draft: Draft, *, alert: str = "", status: int = 200) -> HttpResponse:
    plan = _plan(request, draft)
    today = timezone.localdate()
    impact, sides = publishing.impact(plan, today), _sides(draft, plan)
    lists = _lists(draft, impact, sides, today)
    asked = request.GET.get("list", "")
    text = request.GET.get("q", "").strip()
    page: Page[Any] | None = None
    if asked:
        if asked not in lists:
            raise Http404(_("There is no such list. Choose one on the page of the impact."))
        title, items, to_rows = lists[asked]
        if asked == "people" and text:
            items = impact_rows.people_called(sides, items, text)
        page = page_in(request, items, queries.LONG_PAGE)
        sections = [Section(asked, title, len(items), to_rows(sides, page.object_list))]
    else:
        sections = [
            Section(name, title, len(items), to_rows(sides, shown(request, items, SHOWN)))
            for name, (title, items, to_rows) in lists.items()
            if items
        ]
    context = {
        "draft": draft,
        "alert": alert,
        "page": page,
        "q": text,
        "sections": sections,
        "facts": _facts(impact),
        "price": impact_rows.price_in_words(impact),
        "checks": publishing.checks(draft, plan, today),
        "left": impact_rows.left_rows(sides),
        "may_edit": roles.can_edit_draft(request.user, draft),
        "count": len(plan.replay.steps),
    }
    return render(request, "changes/draft_impact.html", context, status=status)


def _lists(
    draft: Draft, impact: Impact, sides: Sides, today: date
) -> dict[str, tuple[str, Sequence[Any], Callable[[Sides, Iterable[Any]], list[Any]]]]:
    """Return the lists of the impact page by the word in their address: title, all of it, and how to make rows."""
    again = _moved_again(draft, impact, sides, today)
    return {
        "people": (_("People"), impact.people, impact_rows.person_rows),
        "squads": (_("Squads"), impact.squads, impact_rows.squad_rows),
        "units": (_("Tribes and chapters"), impact.units, impact_rows.unit_rows),
        "missions": (_("Missions"), impact.missions, impact_rows.mission_rows),
        "pairs": (_("Who stops and starts working together"), impact.pairs, impact_rows.pair_rows),
        "again": (_("Not the first change in twelve months"), again, lambda sides, rows: list(rows)),
    }


def _moved_again(draft: Draft, impact: Impact, sides: Sides, today: date) -> list[impact_rows.AgainRow]:
    displaced = [p.person for p in impact.people if p.changes_squad or p.changes_manager]
    since = (draft.effective_on or today) - publishing.YEAR
    return impact_rows.again_rows(sides, queries.earlier_moves(displaced, since=since))


def _facts(impact: Impact) -> list[dict[str, Any]]:
    return [
        {"label": label, "value": number(value), "big": True}
        for label, value in (
            (_("People reached"), impact.reach_people),
            (_("Squads reached"), impact.reach_squads),
            (_("Tribes reached"), impact.reach_tribes),
            (_("Human price"), impact.price),
        )
    ]


@post_only
def draft_give_home(request: Any, key: str) -> HttpResponse:
    """Give something that a closed squad would leave behind another squad, as one more change of the draft."""
    draft = draft_to_edit(request, key)
    if not draft.is_open:
        return closed(request, draft)
    plan = _plan(request, draft)
    id_, to = request.POST.get("id", ""), request.POST.get("to", "")
    rows = {row.id: row for row in impact_rows.left_rows(_sides(draft, plan))}
    if id_ not in rows:
        messages.info(request, _("This has a home already."))
        return go(request, reverse("draft_impact", args=[draft.key]))
    move = MOVES.get(rows[id_].kind)
    if move is None or not is_open(plan.replay.after, "squad", to):
        return _impact_page(request, draft, alert=_("Choose a squad that is open."), status=422)
    try:
        drafts.append(
            draft,
            [move(id=id_, values={"squad": to})],
            author_id=request.user.pk,
            at=timezone.now(),
            part=roles.editable_part_of(request.user, draft),
        )
    except OBJECTIONS as objection:
        alert = wording.in_short(objection, plan.replay.after)
        return _impact_page(request, draft, alert=alert, status=422)
    squad = plan.replay.after.squads[to].name
    text = _("In the draft: {thing} goes to {squad}.").format(thing=said(rows[id_].thing.name), squad=squad)
    messages.success(request, text)
    return go(request, back(request, reverse("draft_impact", args=[draft.key])))


# Where drafts collide


def conflicts(request: Any) -> HttpResponse:
    reality = request.reality
    found = conflict_radar.radar(request.user, reality.head, reality.live)
    page = Paginator(found.collisions, queries.PAGE).get_page(request.GET.get("page"))
    return render(request, "changes/conflicts.html", {"page": page, "drafts": found.drafts})
