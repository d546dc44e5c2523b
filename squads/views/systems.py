"""Systems: the list, the page of one, and every form that changes one or who answers for it."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from orgmodel.changes.forms import CreateForm, EditForm, OperationForm
from orgmodel.changes.pages import address, can_change, operation_page, record_or_404
from orgmodel.core.operations import CreateSystem, EditSystem, ReopenSystem, RetireSystem
from orgmodel.core.org import Org
from orgmodel.core.phrases import say
from squads import forms, queries
from squads.listing import CLOSED, Choice, listing, of_squad_in_tribe, options_of
from squads.models import SystemOwner
from squads.queries import Filter


def systems(request: Any) -> HttpResponse:
    org = request.reality.org
    filters = [of_squad_in_tribe(org), CRITICAL, OWNED, CLOSED]
    page = listing(request, "system", search=("name", "skill", "key"), filters=filters)
    rows = [{"system": system, **_place(org, system)} for system in page["page"]]
    return render(request, "squads/systems.html", {**page, "rows": rows})


def _critical(value: str) -> Filter:
    return queries.equals("critical", value == "yes") if value in ("yes", "no") else queries.nothing()


def _owned(value: str) -> Filter:
    match value:
        case "squad":
            return queries.equals("squad", None)
        case "nobody":
            return Filter(
                Q(~Exists(SystemOwner.objects.filter(system=OuterRef("pk")))),
                lambda org, system: not org.owners_in(system.id),
            )
    return queries.nothing()


CRITICAL = Choice(
    "critical", say("Critical"), [("yes", say("Critical")), ("no", say("Not critical"))], _critical
)
OWNED = Choice(
    "owner", say("Owner"), [("nobody", say("Without an owner")), ("squad", say("Without a squad"))], _owned
)


def _place(org: Org, system: Any) -> dict[str, Any]:
    squad = org.squads.get(system.squad) if system.squad else None
    return {
        "squad": squad,
        "tribe": org.tribes.get(squad.tribe) if squad is not None and squad.tribe else None,
        "domain": org.domains.get(system.domain) if system.domain else None,
        "owners": [person for person, _ in org.owners_of(system.id)],
    }


def system(request: Any, key: str) -> HttpResponse:
    org, system = request.reality.org, record_or_404(request, "system", key)
    perspectives = dict(options_of("system_owner", "perspective"))
    proficiencies = dict(options_of("person_skill", "proficiency"))
    skilled = org.people_with_skill(system.skill) if system.skill else []
    return render(
        request,
        "squads/system.html",
        {
            "system": system,
            **_place(org, system),
            "answering": [(person, perspectives[as_what]) for person, as_what in org.owners_of(system.id)],
            "skilled": [(person, proficiencies[how_well]) for person, how_well in skilled],
            "claimed_by": org.squads.get(system.claimed_by) if system.claimed_by else None,
            "timeline": queries.timeline(request.reality, "system", system.id),
            "may_change": can_change(request),
        },
    )


def system_new(request: Any) -> HttpResponse:
    form = CreateForm(request, CreateSystem, asks=forms.SYSTEM)
    return operation_page(
        request,
        form,
        title=_("New system"),
        verb=_("Create system"),
        done=("created",),
        crumbs=_crumbs(request),
    )


def system_edit(request: Any, key: str) -> HttpResponse:
    system = record_or_404(request, "system", key)
    form = EditForm(request, EditSystem, system, asks=forms.SYSTEM)
    return _page(request, system, form, say("Edit {name}", name=system.name), _("Save"))


def system_owners(request: Any, key: str) -> HttpResponse:
    system = record_or_404(request, "system", key)
    form = forms.OwnersForm(request, system)
    title = say("Who answers for {name}", name=system.name)
    intro = _("Whoever is named twice answers for it both ways.")
    return _page(request, system, form, title, _("Set owners"), intro=intro)


def system_retire(request: Any, key: str) -> HttpResponse:
    system = record_or_404(request, "system", key)
    form = OperationForm(request, RetireSystem, id=system.id)
    owners = ", ".join(person.name for person, _part in request.reality.org.owners_of(system.id))
    title = say("Retire {name}", name=system.name)
    intro = say("No longer owners: {names}.", names=owners) if owners else _("Nobody answers for it.")
    return _page(request, system, form, title, _("Retire system"), intro=intro, kind="stop")


def system_reopen(request: Any, key: str) -> HttpResponse:
    system = record_or_404(request, "system", key)
    form = OperationForm(request, ReopenSystem, id=system.id)
    title, intro = say("Take {name} into use again", name=system.name), _("It comes back without owners.")
    return _page(request, system, form, title, _("Take into use"), intro=intro)


def _page(
    request: Any, system: Any, form: OperationForm, title: str, verb: str, **context: Any
) -> HttpResponse:
    crumbs = [*_crumbs(request), (system.name, address(request, "system", system.key))]
    return operation_page(
        request, form, title=title, verb=verb, done=("system", system.key), crumbs=crumbs, **context
    )


def _crumbs(request: Any) -> list[tuple[str, str]]:
    return [(_("Systems"), address(request, "systems"))]
