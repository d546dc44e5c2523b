"""Domains: the list of what the business is made of, and every form that changes one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from orgmodel.changes.forms import CreateForm, EditForm, OperationForm
from orgmodel.changes.pages import address, operation_page, record_or_404
from orgmodel.core.operations import CloseDomain, CreateDomain, EditDomain, ReopenDomain
from orgmodel.core.phrases import say
from squads import forms
from squads.listing import CLOSED, listing, of_squad_in_tribe, state_of


def domains(request: Any) -> HttpResponse:
    org = request.reality.org
    page = listing(
        request,
        "domain",
        search=("name", "key"),
        filters=[of_squad_in_tribe(org), state_of("domain", "complexity", _("Complexity")), CLOSED],
    )
    rows = []
    for domain in page["page"]:
        squad = org.squads.get(domain.squad) if domain.squad else None
        tribe = org.tribes.get(squad.tribe) if squad is not None and squad.tribe else None
        rows.append({"domain": domain, "squad": squad, "tribe": tribe, "systems": org.systems_in(domain.id)})
    return render(request, "squads/domains.html", {**page, "rows": rows})


def domain_new(request: Any) -> HttpResponse:
    form = CreateForm(request, CreateDomain, asks=forms.DOMAIN)
    return _page(request, form, _("New domain"), _("Create domain"))


def domain_edit(request: Any, key: str) -> HttpResponse:
    domain = record_or_404(request, "domain", key)
    form = EditForm(request, EditDomain, domain, asks=forms.DOMAIN)
    return _page(request, form, say("Edit {name}", name=domain.name), _("Save"))


def domain_close(request: Any, key: str) -> HttpResponse:
    domain = record_or_404(request, "domain", key)
    form = OperationForm(request, CloseDomain, id=domain.id)
    systems = ", ".join(system.name for system in request.reality.org.systems_in(domain.id)[:20])
    intro = (
        say("These are left without a domain: {systems}.", systems=systems)
        if systems
        else _("No system belongs to it.")
    )
    title = say("Close {name}", name=domain.name)
    return _page(request, form, title, _("Close domain"), intro=intro, kind="stop")


def domain_reopen(request: Any, key: str) -> HttpResponse:
    domain = record_or_404(request, "domain", key)
    form = OperationForm(request, ReopenDomain, id=domain.id)
    title, intro = say("Reopen {name}", name=domain.name), _("It comes back without systems.")
    return _page(request, form, title, _("Reopen domain"), intro=intro)


def _page(request: Any, form: OperationForm, title: str, verb: str, **context: Any) -> HttpResponse:
    crumbs = [(_("Domains"), address(request, "domains"))]
    return operation_page(request, form, title=title, verb=verb, done=("domains",), crumbs=crumbs, **context)
