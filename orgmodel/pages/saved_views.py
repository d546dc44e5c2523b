"""The pages of saved views: the list with the form that saves one, rename and share, remove."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgmodel.changes.pages import post_only, see_other
from orgmodel.core.operations import Refused
from orgmodel.core.phrases import said
from orgmodel.pages import saved
from orgmodel.pages.models import SavedView

LARGEST = 2**63 - 1  # number that databases know


class ViewForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=saved.NAME_LIMIT)
    is_shared = forms.BooleanField(label=gettext_lazy("For everyone who may log in"), required=False)


class NewViewForm(ViewForm):
    url = forms.CharField(label=gettext_lazy("Address"), max_length=saved.ADDRESS_LIMIT)
    field_order = ("name", "url", "is_shared")


def views(request: Any) -> HttpResponse:
    """One's own views and those for everyone; `url` in the address fills in the form that saves another."""
    if request.method != "POST":
        return _list(request, NewViewForm(initial={"url": request.GET.get("url", "")[: saved.ADDRESS_LIMIT]}))
    form = NewViewForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    try:
        view = saved.save(request.user, at=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, said(refusal.message))
        return _list(request, form, status=422)
    messages.success(request, _("“{name}” is saved.").format(name=view.name))
    return see_other(view.url)


def _list(request: Any, form: NewViewForm, status: int = 200) -> HttpResponse:
    found = list(saved.seen_by(request.user).select_related("owner"))
    context = {
        "form": form,
        "groups": [
            (_("Yours"), [(view, True) for view in found if view.owner_id == request.user.pk]),
            (
                _("For everyone"),
                [(v, saved.can_edit(request.user, v)) for v in found if v.owner_id != request.user.pk],
            ),
        ],
        "is_empty": not found,
    }
    return render(request, "pages/views.html", context, status=status)


def _view_to_edit(request: Any, pk: int) -> SavedView:
    view = SavedView.objects.filter(pk=min(pk, LARGEST)).first()
    if view is None or not (view.is_shared or view.owner_id == request.user.pk):
        raise Http404(_("There is no such view."))
    if not saved.can_edit(request.user, view):
        raise PermissionDenied(_("Only whoever saved this view, or an org designer, may change it."))
    return view


def view_edit(request: Any, pk: int) -> HttpResponse:
    view = _view_to_edit(request, pk)
    name = view.name
    form = ViewForm(request.POST if request.method == "POST" else None, initial=vars(view))
    if request.method == "POST" and form.is_valid():
        try:
            saved.edit(view, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("name", said(refusal.message))
        else:
            return see_other(reverse("views"))
    context = {"form": form, "view": view, "name": name}
    return render(request, "pages/view_edit.html", context, status=422 if form.errors else 200)


@post_only
def view_remove(request: Any, pk: int) -> HttpResponse:
    if SavedView.objects.filter(pk=min(pk, LARGEST)).exists():  # otherwise the first of two clicks did it
        view = _view_to_edit(request, pk)
        view.delete()
        messages.success(request, _("“{name}” is removed.").format(name=view.name))
    return see_other(reverse("views"))
