"""Roles: the words this organization uses for what people do in squads."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from orgmodel.changes.forms import CreateForm, EditForm, OperationForm
from orgmodel.changes.pages import address, can_change, operation_page, record_or_404
from orgmodel.core.operations import CreateRole, EditRole, RemoveRole
from orgmodel.core.org import by_name
from orgmodel.core.phrases import say
from squads import forms


def roles(request: Any) -> HttpResponse:
    org = request.reality.org
    held = Counter(membership.role for membership in org.memberships.values())
    rows = [(role, held[role.id]) for role in by_name(org.roles.values())]
    return render(request, "squads/roles.html", {"rows": rows, "may_change": can_change(request)})


def role_new(request: Any) -> HttpResponse:
    form = CreateForm(request, CreateRole, asks=forms.ROLE)
    return operation_page(
        request, form, title=_("New role"), verb=_("Create role"), done=("roles",), crumbs=_crumbs(request)
    )


def role_edit(request: Any, key: str) -> HttpResponse:
    role = record_or_404(request, "role", key)
    form = EditForm(request, EditRole, role, asks=forms.ROLE)
    return _page(request, form, say("Edit {name}", name=role.name), _("Save"))


def role_remove(request: Any, key: str) -> HttpResponse:
    role = record_or_404(request, "role", key)
    form = OperationForm(request, RemoveRole, id=role.id)
    title, intro = say("Remove {name}", name=role.name), _("Only a role that nobody holds can be removed.")
    return _page(request, form, title, _("Remove role"), intro=intro, kind="stop")


def _page(request: Any, form: OperationForm, title: str, verb: str, **context: Any) -> HttpResponse:
    return operation_page(
        request, form, title=title, verb=verb, done=("roles",), crumbs=_crumbs(request), **context
    )


def _crumbs(request: Any) -> list[tuple[str, str]]:
    return [(_("Roles"), address(request, "roles"))]
