"""Tribes: the list, what the board does not show of one, and every form that changes one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from orgmodel.changes.forms import CreateForm, EditForm, OperationForm
from orgmodel.changes.pages import address, can_change, operation_page, record_or_404
from orgmodel.changes.pictures.family_tree import ancestry_of
from orgmodel.core.operations import (
    CloseTribe,
    CreateTribe,
    EditTribe,
    RenameTribe,
    ReopenTribe,
    SetTribeLead,
)
from orgmodel.core.phrases import say
from squads import forms, queries
from squads.listing import CLOSED, listing
from squads.reorganizing_forms import closing_form
from squads.views.reorganizing import reorganizing_page


def tribes(request: Any) -> HttpResponse:
    org = request.reality.org
    page = listing(request, "tribe", search=("name", "key"), filters=[CLOSED])
    rows = [
        {
            "tribe": tribe,
            "squads": len(org.squads_of(tribe.id)),
            "chapters": len(org.chapters_of(tribe.id)),
            "size": len(org.people_in_tribe(tribe.id)),
            "lead": org.people.get(tribe.lead) if tribe.lead else None,
            "mission": org.missions.get(tribe.mission) if tribe.mission else None,
        }
        for tribe in page["page"]
    ]
    return render(request, "squads/tribes.html", {**page, "rows": rows})


def tribe_about(request: Any, key: str) -> HttpResponse:
    org, tribe = request.reality.org, record_or_404(request, "tribe", key)
    seats = [
        (_("Tribe lead"), tribe.lead, tribe.lead_since),
        (_("Interim tribe lead"), tribe.interim_lead, tribe.interim_since),
        (_("Product lead"), tribe.product_lead, None),
        (_("Design lead"), tribe.design_lead, None),
    ]
    squads = org.squads_of(tribe.id)
    return render(
        request,
        "squads/tribe_about.html",
        {
            "tribe": tribe,
            "mission": org.missions.get(tribe.mission) if tribe.mission else None,
            "seats": [(label, org.people[id_], since) for label, id_, since in seats if id_ is not None],
            "squads": [(squad, org.size_of(squad.id), queries.guests_in(org, squad.id)) for squad in squads],
            "chapters": [
                (chapter, len(org.chapter_members_in(chapter.id))) for chapter in org.chapters_of(tribe.id)
            ],
            "size": len(org.people_in_tribe(tribe.id)),
            "ancestry": ancestry_of(request, tribe, size=len(org.people_in_tribe(tribe.id))),
            "timeline": queries.timeline(request.reality, "tribe", tribe.id),
            "may_change": can_change(request),
        },
    )


def tribe_new(request: Any) -> HttpResponse:
    form = CreateForm(request, CreateTribe, asks=(*forms.TRIBE, "lead", *forms.TRIBE_SEATS))
    return operation_page(
        request,
        form,
        title=_("New tribe"),
        verb=_("Create tribe"),
        done=("created",),
        crumbs=_crumbs(request),
    )


def tribe_edit(request: Any, key: str) -> HttpResponse:
    tribe = record_or_404(request, "tribe", key)
    form = EditForm(request, EditTribe, tribe, rename=RenameTribe, asks=forms.TRIBE)
    return _page(request, tribe, form, say("Edit {tribe}", tribe=tribe.name), _("Save"))


def tribe_leads(request: Any, key: str) -> HttpResponse:
    tribe = record_or_404(request, "tribe", key)
    form = forms.LeadsForm(request, SetTribeLead, tribe, edit=EditTribe, others=forms.TRIBE_SEATS)
    return _page(request, tribe, form, say("Who leads {tribe}", tribe=tribe.name), _("Set leads"))


def tribe_close(request: Any, key: str) -> HttpResponse:
    org, tribe = request.reality.org, record_or_404(request, "tribe", key)
    squads, chapters = org.squads_of(tribe.id), org.chapters_of(tribe.id)
    return reorganizing_page(
        request,
        closing_form(request, CloseTribe, tribe, holds=bool(squads or chapters)),
        **_place(request, tribe),
        title=say("Close {tribe}", tribe=tribe.name),
        verb=_("Close tribe"),
        template="squads/tribe_close.html",
        kind="stop",
        squads=squads,
        chapters=chapters,
    )


def tribe_reopen(request: Any, key: str) -> HttpResponse:
    tribe = record_or_404(request, "tribe", key)
    form = OperationForm(request, ReopenTribe, id=tribe.id)
    title, intro = say("Reopen {tribe}", tribe=tribe.name), _("It comes back without squads.")
    return _page(request, tribe, form, title, _("Reopen tribe"), intro=intro)


def _page(
    request: Any, tribe: Any, form: OperationForm, title: str, verb: str, **context: Any
) -> HttpResponse:
    return operation_page(request, form, title=title, verb=verb, **_place(request, tribe), **context)


def _place(request: Any, tribe: Any) -> dict[str, Any]:
    """Return where the page of a form about a tribe stands, and where it goes on to."""
    crumbs = [*_crumbs(request), (tribe.name, address(request, "tribe_about", tribe.key))]
    return {"done": ("tribe_about", tribe.key), "crumbs": crumbs}


def _crumbs(request: Any) -> list[tuple[str, str]]:
    return [(_("Tribes"), address(request, "tribes"))]
