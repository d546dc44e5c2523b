"""Actions of the admin on one or many records: a page that asks for the reason and what else is needed, then one
change set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgmodel.changes import services, wording
from orgmodel.changes.admin_forms import ActionForm, RecordSelect
from orgmodel.changes.faces import actor_of
from orgmodel.changes.wording import OBJECTIONS
from orgmodel.core.operations import Operation
from orgmodel.core.operations.base import subject_of
from orgmodel.core.org import Org
from orgmodel.core.phrases import said, say

LIMIT = 5_000  # records at a time
FORETOLD = 20  # sentences shown before it is carried out
CLOSE = gettext_lazy("Close…")

Make = Callable[[Org, Sequence[Any], Mapping[str, Any]], Iterable[Operation]]
"""Turns the records chosen and what the form gives into operations."""


class RecordAction:
    """Something to do with the records chosen in a list, or with the one whose page is open."""

    do_not_call_in_templates = True

    def __init__(
        self,
        name: str,
        label: str | Promise,
        make: Make,
        *,
        form: type[ActionForm] = ActionForm,
        suits: Callable[[Any], bool] = lambda record: True,
    ) -> None:
        self.name = self.__name__ = name
        self.label = label
        self.make = make
        self.form = form
        self.suits = suits

    def __call__(self, modeladmin: Any, request: Any, queryset: Any) -> Any:
        ids = list(queryset.values_list("pk", flat=True)[: LIMIT + 1])
        if len(ids) > LIMIT:
            messages.error(request, said(say("Choose {n:,} at a time at most.", n=LIMIT)))
            return None
        org = services.current()
        records = [record for id_ in ids if (record := org.get(modeladmin.kind, id_)) is not None]
        if not records:
            messages.error(request, _("What you chose is not there any more."))
            return None
        confirmed = "reason" in request.POST
        form = self.form(request.POST if confirmed else None)
        if confirmed and form.is_valid() and self._carry_out(request, form, org, records):
            return self._back(modeladmin, queryset, ids)
        return TemplateResponse(
            request,
            "admin/record_action.html",
            {
                **modeladmin.admin_site.each_context(request),
                "title": self._title(modeladmin.opts, len(records)),
                "action": self,
                "form": form,
                "media": modeladmin.media + form.media,
                "sentences": self._sentences(org, records[:FORETOLD], form),
                "more": max(0, len(records) - FORETOLD),
                "ids": ids,
                "checkbox": ACTION_CHECKBOX_NAME,
                "opts": modeladmin.opts,
            },
        )

    def _title(self, opts: Any, n: int) -> str:
        what = opts.verbose_name if n == 1 else opts.verbose_name_plural
        return said(say("{action}: {n:,} {what}", action=str(self.label).rstrip("…"), n=n, what=what))

    def _carry_out(self, request: Any, form: ActionForm, org: Org, records: Sequence[Any]) -> bool:
        try:
            change_set = services.commit(
                list(self.make(org, records, form.given())),
                actor=actor_of(request.user),
                message=form.cleaned_data["reason"],
                source="admin",
                at=timezone.now(),
            )
        except OBJECTIONS as objection:
            for complaint in wording.explain(objection, services.current()):
                field = complaint.field if complaint.field in form.fields else None
                form.add_error(field, said(complaint.message))
            return False
        messages.success(request, said(say("{what}.", what=change_set.title)))
        return True

    def _sentences(self, org: Org, records: Sequence[Any], form: ActionForm) -> list[str]:
        """Return what would happen, as far as it can be said before the form is filled in."""
        asked = [name for name, field in form.fields.items() if field.required and field.initial is None]
        if asked != ["reason"]:
            return [subject_of(org, record) for record in records]
        given = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
        return [operation.describe(org) for operation in self.make(org, records, given)]

    def _back(self, modeladmin: Any, queryset: Any, ids: Sequence[str]) -> Any:
        place = f"admin:{modeladmin.opts.app_label}_{modeladmin.opts.model_name}"
        if len(ids) == 1 and modeladmin.model.objects.filter(pk=ids[0]).exists():
            return HttpResponseRedirect(reverse(f"{place}_change", args=ids))
        return HttpResponseRedirect(reverse(f"{place}_changelist"))


def chooser(model: Any, field: str, **options: Any) -> forms.ModelChoiceField[Any]:
    """Return a field that finds a record by typing, as the model's own field of that name does in the admin."""
    from django.contrib import admin

    target = model._meta.get_field(field)
    widget = RecordSelect(target, admin.site)
    return forms.ModelChoiceField(target.remote_field.model._default_manager.all(), widget=widget, **options)


def closing(
    operation: Callable[..., Operation],
    label: str | Promise = CLOSE,
    *,
    heirs: tuple[Any, str] | None = None,
) -> RecordAction:
    """Return the action that closes units.

    `heirs` is a model's field that refers to units of the kind: another one may take over what they hold.
    """
    return RecordAction(
        "close",
        label,
        lambda org, records, given: [operation(id=record.id, **_without_reason(given)) for record in records],
        form=ActionForm
        if heirs is None
        else _form_with("to", *heirs, label=gettext_lazy("Everything it holds goes to"), required=False),
        suits=_is_open,
    )


def merging(operation: Callable[..., Operation], plural: str, model: Any, field: str) -> RecordAction:
    """Return the action that merges units into one; `model` has a `field` that refers to units of the kind."""

    def make(org: Org, records: Sequence[Any], given: Mapping[str, Any]) -> Iterable[Operation]:
        others = tuple(record.id for record in records if record.id != given["into"])
        return [operation(**{plural: others}, **_without_reason(given))]

    return RecordAction(
        "merge",
        gettext_lazy("Merge into…"),
        make,
        form=_form_with("into", model, field, label=gettext_lazy("Into")),
        suits=_is_open,
    )


def _form_with(name: str, model: Any, field: str, **options: Any) -> type[ActionForm]:
    """Return the form that asks for a unit."""
    return type(
        "UnitForm", (ActionForm,), {name: chooser(model, field, **options), "field_order": [name, "reason"]}
    )


def _without_reason(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name != "reason"}


def _is_open(record: Any) -> bool:
    return record.closed_on is None


def reopening(operation: Callable[..., Operation]) -> RecordAction:
    return RecordAction(
        "reopen",
        gettext_lazy("Reopen…"),
        lambda org, records, given: [operation(id=record.id) for record in records],
        suits=lambda record: record.closed_on is not None,
    )
