"""What the admins of organization records share: lists, forms and inlines that are saved by operations, one change set
each. Nothing here or in its subclasses writes a row; what differs between kinds is which operations say it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgmodel.access.admin_site import ForDesigners
from orgmodel.changes import queries, services, wording
from orgmodel.changes.admin_forms import Intent, MainForm, PairsField, RecordSelect, RowForm, RowFormSet
from orgmodel.changes.faces import actor_of
from orgmodel.changes.middleware import Reality
from orgmodel.changes.record_actions import RecordAction
from orgmodel.changes.wording import OBJECTIONS
from orgmodel.core.operations import Create, Edit, Operation
from orgmodel.core.org import Org
from orgmodel.core.phrases import capital, said, say
from orgmodel.core.records import label_of, specs_of
from orgmodel.core.rules.integrity import is_closed

ROWS = 200  # more members than that are kept in their own list, not in the unit's page
SEARCH_LENGTH = 100
HISTORY = 50
PAIRS = {
    "external_ids": (
        "hris: 4711",
        say("Ids in other systems, one in a line, such as “{example}”.", example="hris: 4711"),
    ),
    "thresholds": (
        "most: 9",
        say("Those that differ from the defaults, one in a line, such as “{example}”.", example="most: 9"),
    ),
    "forms": (
        "sv:the_one: området",
        say(
            "How other languages say it, one in a line: {forms} and {last}.",
            forms="sv:one, sv:many, sv:the_one, sv:the_many",
            last="sv:article",
        ),
    ),
}
"""An example and a hint for the fields that hold names with a value each."""


class OpenFilter(admin.SimpleListFilter):
    title = gettext_lazy("open or closed")
    parameter_name = "closed"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", _("Open")), ("yes", _("Closed"))]

    def queryset(self, request: Any, queryset: Any) -> Any:
        wanted = {"no": True, "yes": False}.get(self.value() or "")
        return queryset if wanted is None else queryset.filter(closed_on__isnull=wanted)


class RecordList(ChangeList):
    """A page of a list whose rows know the live organization, so that counts and leads cost no query."""

    def get_results(self, request: Any) -> None:
        super().get_results(request)
        self.result_list: Any = list(self.result_list)
        for row in self.result_list:
            row.org = request.reality.live


class RecordAdmin(ForDesigners, admin.ModelAdmin):  # type: ignore[type-arg]
    """The admin of one kind of record."""

    kind: ClassVar[str]
    create: ClassVar[type[Create]]
    edit: ClassVar[type[Edit]]
    fixed: ClassVar[tuple[str, ...]] = ("key", "closed_on")  # shown, but not for the form to change
    open_only: ClassVar[dict[str, Any]] = {"closed_on": None}  # what one may choose elsewhere
    hints: ClassVar[tuple[str, ...]] = ()  # what tells records of one name apart when one is chosen
    record_actions: ClassVar[tuple[RecordAction, ...]] = ()
    pages: ClassVar[tuple[tuple[str | Promise, str], ...]] = ()
    """What the dashboard does to an open unit: words, address."""

    form = MainForm
    change_form_template = "admin/record_change_form.html"
    show_full_result_count = False
    ordering: ClassVar[tuple[str, ...]] = ("name",)

    # What a save means

    def plan(self, form: MainForm) -> list[Intent]:
        """Return all that a page asks for, in the order in which it is to be done."""
        rows = [intent for formset in form.formsets for intent in formset.inline.plan(formset)]  # type: ignore[attr-defined]
        return [*self.own_intents(form), *rows]

    def own_intents(self, form: MainForm) -> list[Intent]:
        id_ = form.instance.pk
        if form.record is None:
            given = {name: value for name, value in form.values().items() if value not in (None, "", ())}
            return [Intent(self.create(id=id_, values=given), form, id_)]
        own, rest = [], {}
        for name, value in form.changes().items():
            operation = self.operation_for(id_, name, value)
            if operation is None:
                rest[name] = value
            else:
                own.append(Intent(operation, form, id_, field=name))
        return [*own, Intent(self.edit(id=id_, values=rest), form, id_)] if rest else own

    def operation_for(self, id_: str, field: str, value: Any) -> Operation | None:
        """Return the operation that a field has to itself, or None where editing it is all there is to it."""
        return None

    def save_form(self, request: Any, form: Any, change: bool) -> Any:
        return form.instance

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """Leave the row alone: `save_related` commits the whole page, inlines included."""

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        form.change_set = services.commit(
            [intent.operation for intent in form.intents],
            actor=actor_of(request.user),
            message=form.cleaned_data["reason"],
            source="admin",
            at=timezone.now(),
            seen=form.edits(),
        )
        form.instance.refresh_from_db()

    def construct_change_message(self, request: Any, form: Any, formsets: Any, add: bool = False) -> Any:
        return form.change_set.title

    def changeform_view(
        self, request: Any, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except OBJECTIONS:
            # Somebody was faster, between the form's preview and its commit: the preview says now what is in the way.
            request.reality = Reality(request)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except OBJECTIONS as objection:
            what = wording.in_short(objection, request.reality.live)
            messages.error(request, said(say("Nothing was saved: {what} Please try again.", what=what)))
            return HttpResponseRedirect(request.get_full_path())

    # The form

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.kind, form.org, form.admin = self.kind, request.reality.live, self
        return form

    def _create_formsets(self, request: Any, obj: Any, change: bool) -> Any:
        formsets, inlines = super()._create_formsets(request, obj, change)  # type: ignore[misc]
        for formset, inline in zip(formsets, inlines, strict=True):
            formset.inline = inline
        if obj is not None:
            obj.formsets = formsets  # where the main form finds them: one preview covers the whole page
        return formsets, inlines

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        specs = specs_of(self.kind)
        shown = [name for name in specs if obj is not None or name not in self.fixed or name == "key"]
        hidden = ("seen",) if obj is not None else ("seen", "new_id")
        return [(None, {"fields": shown}), (_("Why"), {"fields": ("reason", *hidden)})]

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        return self.fixed if obj is not None else [name for name in self.fixed if name != "key"]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.is_relation:
            kwargs["widget"] = RecordSelect(db_field, self.admin_site)
        field = (
            PairsField(*PAIRS[db_field.name])
            if db_field.name in PAIRS
            else super().formfield_for_dbfield(db_field, request, **kwargs)
        )
        if field is None:
            return None
        field.label = said(capital(label_of(self.kind, db_field.name)))
        if db_field.name == "key":
            field.required = False
            field.help_text = _(
                "The handle in addresses and files; it never changes. Leave it empty to have one made."
            )
        return field

    def get_inlines(self, request: Any, obj: Any) -> Any:
        inlines: Any = super().get_inlines(request, obj)
        return [inline for inline in inlines if obj is None or inline.fits(request.reality.live, obj.pk)]

    def change_view(self, request: Any, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        record = request.reality.live.get(self.kind, object_id)
        offered = [action for action in self.record_actions if record is not None and action.suits(record)]
        is_open = record is not None and not is_closed(record)
        pages = [(label, reverse(name, args=[record.key])) for label, name in self.pages] if is_open else []
        more = {"offered": offered, "pages": pages}
        return super().change_view(request, object_id, form_url, more | (extra_context or {}))

    def view_on_site(self, obj: Any) -> str:
        """Return the address of the dashboard's page about it."""
        return reverse(self.kind, args=[obj.key])

    def history_view(self, request: Any, object_id: str, extra_context: Any = None) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined,no-any-return]
        events = queries.record_changes(self.kind, obj.pk, HISTORY)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of {record}").format(record=obj),
            "events": events,
            "opts": self.opts,
            "original": obj,
        }
        return TemplateResponse(request, "admin/record_history.html", context)

    # The list

    def get_changelist(self, request: Any, **kwargs: Any) -> type[ChangeList]:
        return RecordList

    def changelist_view(self, request: Any, extra_context: Any = None) -> Any:
        try:
            return super().changelist_view(request, extra_context)
        except ValidationError as error:
            raise BadRequest(_("The selection names something that is no record.")) from error

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        if request.resolver_match.url_name == "autocomplete":
            refs = [name for name in self.hints if specs_of(self.kind)[name].kind == "ref"]
            queryset = queryset.filter(**self.open_only)
            queryset = queryset.select_related(*refs) if refs else queryset
        return super().get_search_results(request, queryset, search_term[:SEARCH_LENGTH])

    def get_actions(self, request: Any) -> Any:
        own = {action.name: (action, action.name, action.label) for action in self.record_actions}
        return {} if "_popup" in request.GET else own

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False  # units are closed, people offboarded, memberships ended: by actions that say so


class MemberAdmin(RecordAdmin):
    """The admin of who belongs where. Neither is edited: one joins, and leaves by an action."""

    open_only: ClassVar[dict[str, Any]] = {}
    ordering: ClassVar[tuple[str, ...]] = ("person__name",)

    def own_intents(self, form: MainForm) -> list[Intent]:
        if form.record is None:
            operation = self.join(form, form.values())
        elif values := form.changes():
            operation = self.change(form.org, form.record, values)
        else:
            return []
        return [Intent(operation, form, form.instance.pk, field="person")]

    def join(self, form: MainForm, values: dict[str, Any]) -> Operation:
        raise NotImplementedError

    def change(self, org: Org, member: Any, values: dict[str, Any]) -> Operation:
        raise NotImplementedError

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        [_, why] = super().get_fieldsets(request, obj)
        return [(None, {"fields": list(specs_of(self.kind))}), why]

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        return self.fixed if obj is not None else ()

    def view_on_site(self, obj: Any) -> str:
        """Return the address of the dashboard's page about the person."""
        return reverse("person", args=[obj.person.key])


class MemberInline(ForDesigners, admin.TabularInline):  # type: ignore[type-arg]
    """Who belongs to a unit, in the unit's page."""

    kind: ClassVar[str]
    unit: ClassVar[str]  # the field that names the unit
    form = RowForm
    formset = RowFormSet
    extra = 0
    verbose_name = gettext_lazy("member")
    verbose_name_plural = gettext_lazy("members")
    show_change_link = False

    @classmethod
    def fits(cls, org: Org, unit: str) -> bool:
        return len(org.pointing(cls.kind, cls.unit, unit)) <= ROWS

    def plan(self, formset: RowFormSet) -> list[Intent]:
        unit = formset.instance.pk
        return [
            *(Intent(self.leave(row.record, unit), row, row.record.id) for row in formset.leaving_rows()),
            *(self._changing(row) for row in formset.edited_rows()),
            *(self._joining(row, unit) for row in formset.new_rows()),
        ]

    def _changing(self, row: RowForm) -> Intent:
        return Intent(self.change(row.org, row.record, row.changes()), row, row.record.id)

    def _joining(self, row: RowForm, unit: str) -> Intent:
        values = row.values() | {self.unit: unit}
        id_ = self.new_id(row, values)
        return Intent(self.join(id_, values), row, id_, field="person")

    def new_id(self, row: RowForm, values: dict[str, Any]) -> str:
        return str(row.instance.pk)

    def join(self, id_: str, values: dict[str, Any]) -> Operation:
        raise NotImplementedError

    def change(self, org: Org, member: Any, values: dict[str, Any]) -> Operation:
        raise NotImplementedError

    def leave(self, member: Any, unit: str) -> Operation:
        raise NotImplementedError

    def get_queryset(self, request: Any) -> Any:
        return (
            super().get_queryset(request).select_related("person", self.unit).order_by("person__name", "pk")
        )

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.form.kind, formset.form.org = self.kind, request.reality.live
        return formset

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        return [*(name for name in specs_of(self.kind) if name != self.unit), "seen"]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        # Plain fields: a row has no room for buttons that add and change people and roles.
        if db_field.name == "person":
            return db_field.formfield(widget=RecordSelect(db_field, self.admin_site))
        if db_field.name == "role" and db_field.is_relation:
            return role_choice(request.reality.live, label=capfirst(db_field.verbose_name))
        return super().formfield_for_dbfield(db_field, request, **kwargs)


def role_choice(org: Org, label: str) -> Any:
    """Return a field to choose one of the organization's roles; it asks no query, however many rows show it."""
    roles = sorted(org.roles.values(), key=lambda role: role.name.casefold())
    choices = [("", "—"), *((role.id, role.name) for role in roles)]
    return forms.TypedChoiceField(label=label, choices=choices, required=False, empty_value=None)
