"""Vacancies: the list, the page of one, and every form that changes one."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from orgmodel.changes.forms import CreateForm, EditForm, OperationForm
from orgmodel.changes.pages import address, can_change, operation_page, record_or_404
from orgmodel.core.operations import CloseVacancy, EditVacancy, FillVacancy, OpenVacancy, ReopenVacancy
from orgmodel.core.org import Org
from orgmodel.core.phrases import say
from squads import forms, queries
from squads.listing import Choice, listing, of_squad_in_tribe, options_of
from squads.queries import Filter

SETTLED = ("filled", "cancelled")


def vacancies(request: Any) -> HttpResponse:
    org = request.reality.org
    state = Choice(
        "state",
        _("State"),
        [("all", _("All")), *options_of("vacancy", "state")],
        _of_state,
        empty=_("Unfilled"),
    )
    always = () if request.GET.get("state") else (_of_state("unfilled"),)
    page = listing(
        request,
        "vacancy",
        search=("title", "craft", "key"),
        filters=[of_squad_in_tribe(org), state],
        always=always,
        order="title",
    )
    today = request.reality.as_of or timezone.localdate()
    rows = [{"vacancy": vacancy, **_place(org, vacancy, today)} for vacancy in page["page"]]
    return render(request, "squads/vacancies.html", {**page, "rows": rows})


def _of_state(value: str) -> Filter:
    if value == "all":
        return Filter(Q(), lambda org, vacancy: True)
    if value == "unfilled":
        return Filter(~Q(state__in=SETTLED), lambda org, vacancy: vacancy.is_open)
    return (
        queries.equals("state", value) if value in dict(options_of("vacancy", "state")) else queries.nothing()
    )


def _place(org: Org, vacancy: Any, today: Any) -> dict[str, Any]:
    squad = org.squads.get(vacancy.squad) if vacancy.squad else None
    return {
        "squad": squad,
        "tribe": org.tribes.get(squad.tribe) if squad is not None and squad.tribe else None,
        "chapter": org.chapters.get(vacancy.chapter) if vacancy.chapter else None,
        "manager": org.people.get(vacancy.hiring_manager) if vacancy.hiring_manager else None,
        "days": (today - vacancy.opened_on).days if vacancy.is_open and vacancy.opened_on else None,
        "state": dict(options_of("vacancy", "state")).get(vacancy.state, ""),
    }


def vacancy(request: Any, key: str) -> HttpResponse:
    org, vacancy = request.reality.org, record_or_404(request, "vacancy", key)
    return render(
        request,
        "squads/vacancy.html",
        {
            "vacancy": vacancy,
            **_place(org, vacancy, request.reality.as_of or timezone.localdate()),
            "filled_by": org.people.get(vacancy.filled_by) if vacancy.filled_by else None,
            "timeline": queries.timeline(request.reality, "vacancy", vacancy.id),
            "may_change": can_change(request),
        },
    )


def vacancy_new(request: Any) -> HttpResponse:
    form = CreateForm(
        request,
        OpenVacancy,
        asks=forms.VACANCY,
        options=forms.OPEN,
        initial={"opened_on": timezone.localdate()},
    )
    return operation_page(
        request,
        form,
        title=_("New vacancy"),
        verb=_("Open vacancy"),
        done=("created",),
        crumbs=_crumbs(request),
    )


def vacancy_edit(request: Any, key: str) -> HttpResponse:
    vacancy = record_or_404(request, "vacancy", key)
    asks = forms.VACANCY if vacancy.is_open else forms.VACANCY[:-1]
    form = EditForm(request, EditVacancy, vacancy, asks=asks, options=forms.OPEN)
    return _page(request, vacancy, form, say("Edit {name}", name=vacancy.title), _("Save"))


def vacancy_fill(request: Any, key: str) -> HttpResponse:
    vacancy = record_or_404(request, "vacancy", key)
    form = OperationForm(
        request,
        FillVacancy,
        asks=("id", "person", "share", "since"),
        initial={"since": timezone.localdate()},
        vacancy=vacancy.id,
    )
    title = say("Fill {name}", name=vacancy.title)
    intro = _("They join its squad and chapter where they are not in them yet. Hire someone new first.")
    return _page(request, vacancy, form, title, _("Fill vacancy"), intro=intro)


def vacancy_close(request: Any, key: str) -> HttpResponse:
    vacancy = record_or_404(request, "vacancy", key)
    form = OperationForm(request, CloseVacancy, vacancy=vacancy.id)
    title, intro = say("Close {name}", name=vacancy.title), _("Nobody will be hired for it.")
    return _page(request, vacancy, form, title, _("Close vacancy"), intro=intro, kind="stop")


def vacancy_reopen(request: Any, key: str) -> HttpResponse:
    vacancy = record_or_404(request, "vacancy", key)
    form = OperationForm(request, ReopenVacancy, vacancy=vacancy.id)
    title, intro = say("Reopen {name}", name=vacancy.title), _("Whoever filled it stays where they are.")
    return _page(request, vacancy, form, title, _("Reopen vacancy"), intro=intro)


def _page(
    request: Any, vacancy: Any, form: OperationForm, title: str, verb: str, **context: Any
) -> HttpResponse:
    crumbs = [*_crumbs(request), (vacancy.title, address(request, "vacancy", vacancy.key))]
    return operation_page(
        request, form, title=title, verb=verb, done=("vacancy", vacancy.key), crumbs=crumbs, **context
    )


def _crumbs(request: Any) -> list[tuple[str, str]]:
    return [(_("Vacancies"), address(request, "vacancies"))]
