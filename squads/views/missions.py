"""Missions: the list with who serves which, the page of one, and every form that changes one."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from orgmodel.changes.forms import CreateForm, EditForm, OperationForm
from orgmodel.changes.pages import address, can_change, operation_page, record_or_404
from orgmodel.core.operations import CreateMission, EditMission, ReopenMission, RetireMission, RewordMission
from orgmodel.core.operations.base import short
from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import say
from orgmodel.core.records import Mission
from squads import forms, queries
from squads.listing import CLOSED, Choice, listing
from squads.models import Squad
from squads.queries import Filter


def missions(request: Any) -> HttpResponse:
    org = request.reality.org
    held = Choice(
        "squads", _("Squads"), [("with", _("With a squad")), ("without", _("Without a squad"))], _held
    )
    page = listing(
        request, "mission", search=("statement", "metric", "key"), filters=[held, CLOSED], order="statement"
    )
    rows = [
        {
            "mission": mission,
            "squads": org.squads_on(mission.id),
            "tribes": org.tribes_on(mission.id),
            "progress": queries.progress_of(mission),
        }
        for mission in page["page"]
    ]
    without = sum(s.closed_on is None and s.mission is None for s in org.squads.values())
    return render(request, "squads/missions.html", {**page, "rows": rows, "without": without})


def _held(value: str) -> Filter:
    serving = Q(pk__in=Squad.objects.filter(closed_on=None).exclude(mission=None).values("mission"))
    match value:
        case "with":
            return Filter(serving, lambda org, mission: bool(org.squads_on(mission.id)))
        case "without":
            return Filter(~serving, lambda org, mission: not org.squads_on(mission.id))
    return queries.nothing()


def mission(request: Any, key: str) -> HttpResponse:
    org, mission = request.reality.org, record_or_404(request, "mission", key)
    return render(
        request,
        "squads/mission.html",
        {
            "mission": mission,
            "progress": queries.progress_of(mission),
            "squads": [
                (squad, org.tribes.get(squad.tribe), org.size_of(squad.id))
                for squad in org.squads_on(mission.id)
            ],
            "tribes": org.tribes_on(mission.id),
            "above": _above(org, mission),
            "parts": by_name(org.missions[id_] for id_ in org.pointing("mission", "parent", mission.id)),
            "timeline": queries.timeline(request.reality, "mission", mission.id),
            "may_change": can_change(request),
        },
    )


def _above(org: Org, mission: Mission) -> list[Mission]:
    """Return the missions that this one is part of, the widest first."""
    found: list[Mission] = []
    parent = org.missions.get(mission.parent) if mission.parent else None
    while parent is not None and parent not in found:
        found.append(parent)
        parent = org.missions.get(parent.parent) if parent.parent else None
    return found[::-1]


def mission_new(request: Any) -> HttpResponse:
    form = CreateForm(request, CreateMission, asks=forms.MISSION)
    return operation_page(
        request,
        form,
        title=_("New mission"),
        verb=_("Create mission"),
        done=("created",),
        crumbs=_crumbs(request),
    )


def mission_edit(request: Any, key: str) -> HttpResponse:
    mission = record_or_404(request, "mission", key)
    form = EditForm(request, EditMission, mission, rename=RewordMission, asks=forms.MISSION)
    return _page(request, mission, form, _("Edit mission"), _("Save"))


def mission_retire(request: Any, key: str) -> HttpResponse:
    org, mission = request.reality.org, record_or_404(request, "mission", key)
    form = OperationForm(request, RetireMission, id=mission.id)
    holders = [*org.squads_on(mission.id), *org.tribes_on(mission.id)]
    left = ", ".join(holder.name for holder in holders[:20])
    intro = (
        say("These are left without a mission: {units}.", units=left)
        if holders
        else _("No squad and no tribe holds it.")
    )
    return _page(request, mission, form, _("Retire mission"), _("Retire mission"), intro=intro, kind="stop")


def mission_reopen(request: Any, key: str) -> HttpResponse:
    mission = record_or_404(request, "mission", key)
    form = OperationForm(request, ReopenMission, id=mission.id)
    intro = _("It comes back without the squads that held it.")
    return _page(request, mission, form, _("Take the mission up again"), _("Take up again"), intro=intro)


def _page(
    request: Any, mission: Any, form: OperationForm, title: str, verb: str, **context: Any
) -> HttpResponse:
    crumbs = [*_crumbs(request), (short(mission.statement, 40), address(request, "mission", mission.key))]
    return operation_page(
        request, form, title=title, verb=verb, done=("mission", mission.key), crumbs=crumbs, **context
    )


def _crumbs(request: Any) -> list[tuple[str, str]]:
    return [(_("Missions"), address(request, "missions"))]
