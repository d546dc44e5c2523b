"""Dependencies: the matrix of who waits for whom, the page of one, and every form that changes one."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from orgmodel.changes.forms import CreateForm, EditForm, OperationForm
from orgmodel.changes.pages import address, can_change, operation_page, page_in, record_or_404
from orgmodel.core.operations import EditDependency, RecordDependency, SolveDependency
from orgmodel.core.org import Org
from orgmodel.core.phrases import say
from squads import forms, queries
from squads.arcs import WIDE, arcs
from squads.dependencies import LARGEST, Need, matrix_of, need_of, needs_in, worst_first
from squads.listing import Choice, id_of, narrowing, options_of, tribe_options
from squads.queries import Filter
from squads.views.chosen import orgs_of, side_of, side_options


def dependencies(request: Any) -> HttpResponse:
    """All of them are read for the matrix, so what narrows the list is told to Python only, of each as a Need."""
    side = side_of(request)
    org, before = orgs_of(request, side)
    asked, chosen = narrowing(request, _filters(org))
    if side == "before":
        asked["keep"].append({"name": "side", "value": side})
    chosen += [_about(word) for word in queries.words(asked["q"], ("name",))]
    every = needs_in(org, lambda read: read.dependencies.values(), _today(request), before)
    needs = worst_first(need for need in every if all(each.keep(org, need) for each in chosen))
    open_ = [need for need in needs if not need.is_solved]
    page = page_in(request, needs, queries.PAGE)
    return render(
        request,
        "squads/dependencies.html",
        {
            **asked,
            "sides": side_options(request, "dependencies", side, **_narrowed(request.GET)),
            "page": page,
            "rows": page.object_list,
            "matrix": matrix_of(needs) if needs else None,
            "arcs": arcs(needs, partial(address, request), width=WIDE),
            "most": LARGEST,
            "count": len(open_),
            "blocking": sum(need.level == "blocking" for need in open_),
            "crossing": sum(need.crosses for need in open_),
            "solved": len(needs) - len(open_),
        },
    )


def _narrowed(query: QueryDict) -> dict[str, str]:
    """Return what narrows the list, to be kept by a link to the other side of a draft."""
    return {name: value for name in ("q", "tribe", "level", "between") if (value := query.get(name))}


def _filters(org: Org) -> list[Choice]:
    levels = options_of("dependency", "level")
    between = [("tribes", _("Between tribes")), ("within", _("Within a tribe"))]
    return [
        Choice("tribe", _("Tribe"), tribe_options(org), lambda key: _in_tribe(id_of(org, "tribe", key))),
        Choice("level", _("Level"), levels, lambda value: queries.equals("level", value)),
        Choice("between", _("Reach"), between, _between, empty=_("Anywhere")),
    ]


def _in_tribe(tribe: str) -> Filter:
    if not tribe:
        return queries.nothing()
    return Filter(
        Q(), lambda org, need: any(each and each.id == tribe for each in (need.tribe, need.other_tribe))
    )


def _between(value: str) -> Filter:
    crosses = {"tribes": True, "within": False}.get(value)
    return Filter(Q(), lambda org, need: need.crosses is crosses)


def _about(word: Filter) -> Filter:
    """Return a filter for dependencies of which either squad is as asked."""
    return Filter(Q(), lambda org, need: word.keep(org, need.squad) or word.keep(org, need.needs))


def _today(request: Any) -> Any:
    return request.reality.as_of or timezone.localdate()


def dependency(request: Any, key: str, needs_key: str) -> HttpResponse:
    """One that a draft solves can still be looked at there."""
    org, before = orgs_of(request, "after")
    need = _need_or_404(request, key, needs_key, before)
    return render(
        request,
        "squads/dependency.html",
        {
            "need": need,
            "dependency": need.dependency,
            "may_change": can_change(request) and need.dependency.id in org.dependencies,
        },
    )


def _need_or_404(request: Any, key: str, needs_key: str, before: Org | None = None) -> Need:
    org = request.reality.org
    squad, needs = record_or_404(request, "squad", key), record_or_404(request, "squad", needs_key)
    dependency = org.dependency(squad.id, needs.id)
    if dependency is None and before is not None:
        dependency = before.dependency(squad.id, needs.id)
    if dependency is None:
        raise Http404(_("{squad} does not wait for {needs}.").format(squad=squad.name, needs=needs.name))
    return need_of(org, dependency, _today(request), before)


def dependency_new(request: Any) -> HttpResponse:
    """`squad` in the address says who waits, `needs` for whom; it goes on to the page of either."""
    form = CreateForm(
        request,
        RecordDependency,
        asks=("squad", "needs", *forms.DEPENDENCY),
        initial={"since": timezone.localdate()},
    )
    keys = (request.GET.get(name, "") for name in ("squad", "needs"))
    squad: Any = next((found for key in keys if (found := request.reality.org.find("squad", key))), None)
    return operation_page(
        request,
        form,
        title=_("Record a dependency"),
        verb=_("Record"),
        done=("squad", squad.key) if squad is not None else ("dependencies",),
        crumbs=_crumbs(request),
        intro=_("One squad waits for another. Once that is solved, it goes; the history remembers it."),
    )


def dependency_edit(request: Any, key: str, needs_key: str) -> HttpResponse:
    need = _need_or_404(request, key, needs_key)
    form = EditForm(request, EditDependency, need.dependency, asks=forms.DEPENDENCY)
    place = ("dependency", need.squad.key, need.needs.key)
    return operation_page(
        request,
        form,
        title=_("Edit dependency"),
        verb=_("Save"),
        done=place,
        crumbs=[*_crumbs(request), (_name(need), address(request, *place))],
    )


def dependency_solve(request: Any, key: str, needs_key: str) -> HttpResponse:
    need = _need_or_404(request, key, needs_key)
    form = OperationForm(request, SolveDependency, id=need.dependency.id)
    place = ("dependency", need.squad.key, need.needs.key)
    return operation_page(
        request,
        form,
        title=say("{dependency}: solved", dependency=_name(need)),
        verb=_("Mark as solved"),
        done=("squad", need.squad.key),
        crumbs=[*_crumbs(request), (_name(need), address(request, *place))],
        intro=_("It goes from every list; the history remembers it."),
    )


def _name(need: Need) -> str:
    return say("{squad} needs {needs}", squad=need.squad.name, needs=need.needs.name)


def _crumbs(request: Any) -> list[tuple[str, str]]:
    return [(_("Dependencies"), address(request, "dependencies"))]
