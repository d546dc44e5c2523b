"""Reorganizing whole units: split, merge, form a squad, change places. Each page foresees what it would do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgmodel.changes.pages import Crumb, address, board_or, check_can_change, operation_page, record_or_404
from orgmodel.core.operations import FormSquad, RotatePeople
from orgmodel.core.phrases import say
from squads.reorganizing_forms import MergeForm, ReorganizingForm, SplitSquadForm, SplitTribeForm

PEOPLE = {"help_text": gettext_lazy("Keys or names, one to a line.")}


def squad_split(request: Any, key: str) -> HttpResponse:
    squad = record_or_404(request, "squad", key)
    return reorganizing_page(
        request,
        SplitSquadForm(request, squad),
        title=say("Split {squad}", squad=squad.name),
        verb=_("Split squad"),
        done=board_or(request, "squad", key),
        crumbs=_crumbs(request, squad, "squad"),
        template="squads/split.html",
        intro=say(
            "Choose who goes on as a new squad. Everyone else stays, and {squad} keeps its history.",
            squad=squad.name,
        ),
    )


def squad_merge(request: Any, key: str) -> HttpResponse:
    squad = record_or_404(request, "squad", key)
    return merge_page(
        request,
        squad,
        done=board_or(request, "squad", key),
        crumbs=_crumbs(request, squad, "squad"),
        intro=_("One squad stays and takes over everyone in the others, which close."),
    )


def tribe_split(request: Any, key: str) -> HttpResponse:
    tribe = record_or_404(request, "tribe", key)
    return reorganizing_page(
        request,
        SplitTribeForm(request, tribe),
        title=say("Split {tribe}", tribe=tribe.name),
        verb=_("Split tribe"),
        done=("tribe_about", key),
        crumbs=_crumbs(request, tribe, "tribe_about"),
        template="squads/split.html",
        intro=_("Choose which squads and chapters go on as a new tribe. The others stay."),
    )


def tribe_merge(request: Any, key: str) -> HttpResponse:
    tribe = record_or_404(request, "tribe", key)
    return merge_page(
        request,
        tribe,
        done=("tribe_about", key),
        crumbs=_crumbs(request, tribe, "tribe_about"),
        intro=_("One tribe stays and takes over the squads and chapters of the others, which close."),
    )


def squad_form(request: Any) -> HttpResponse:
    """Form a new squad; `person` in the address, repeated, chooses its people."""
    tribe: Any = request.reality.org.find("tribe", request.GET.get("tribe", ""))
    form = ReorganizingForm(
        request,
        FormSquad,
        shows="squad",
        makes="squad",
        asks=("id", "name", "people", "tribe", "mission", "product_owner"),
        options={"people": PEOPLE, "product_owner": {"help_text": _("One of them. Empty: nobody yet.")}},
    )
    if tribe is None:  # a board of the squads that belong to none
        form.initial["tribe"] = None
    return reorganizing_page(
        request,
        form,
        title=_("New squad from people"),
        verb=_("Form squad"),
        done=board_or(request, "created"),
        crumbs=[(_("Squads"), address(request, "squads"))],
        intro=_("Everyone moves there from their home squad and keeps their share."),
    )


def rotation_new(request: Any) -> HttpResponse:
    """Let people change places; `person` in the address, repeated, chooses them."""
    form = ReorganizingForm(
        request, RotatePeople, shows="squad", asks=("people",), options={"people": PEOPLE}
    )
    return reorganizing_page(
        request,
        form,
        title=_("Swap or rotate people"),
        verb=_("Change places"),
        done=board_or(request, "people"),
        crumbs=[(_("People"), address(request, "people"))],
        intro=_(
            "Two people swap home squads. Of more, each takes the place of the next, the last that of the first."
        ),
    )


MERGE = {
    "squad": gettext_lazy("Merge squads"),
    "tribe": gettext_lazy("Merge tribes"),
    "chapter": gettext_lazy("Merge chapters"),
}


def merge_page(request: Any, unit: Any, **context: Any) -> HttpResponse:
    """Show the form that merges a unit with others of its kind, or carry it out."""
    return reorganizing_page(
        request,
        MergeForm(request, unit),
        title=say("Merge {unit} with others", unit=unit.name),
        verb=MERGE[unit.KIND],
        template="squads/merge.html",
        **context,
    )


def reorganizing_page(
    request: Any, form: ReorganizingForm, *, template: str = "squads/reorganize.html", **context: Any
) -> HttpResponse:
    """Show a form with what it would do, carry it out, or answer with what it would do now."""
    if request.htmx and "preview" in request.POST:
        check_can_change(request)
        return render(request, "squads/_foresight.html", {"foresight": form.foresight})
    return operation_page(request, form, template=template, foresight=form.foresight, **context)


def _crumbs(request: Any, unit: Any, page: str) -> Sequence[Crumb]:
    label, units = (_("Squads"), "squads") if unit.KIND == "squad" else (_("Tribes"), "tribes")
    return [(label, address(request, units)), (unit.name, address(request, page, unit.key))]
