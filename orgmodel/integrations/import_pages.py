"""The import page: choose files, say what unknown columns are, see what would change, and make a draft of it."""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from orgmodel.access import roles
from orgmodel.changes import drafts, services, uploads, wording
from orgmodel.changes.file_views import packed
from orgmodel.changes.files.layout import KIND_OF
from orgmodel.changes.files.planning import Plan, Terms
from orgmodel.changes.files.reading import Fault, Table
from orgmodel.changes.files.sources import ending_of, read_tables
from orgmodel.changes.pages import address, post_only, see_other
from orgmodel.changes.wording import OBJECTIONS, in_short
from orgmodel.core.operations import Refused
from orgmodel.core.phrases import Phrase, count, nonzero, said, say
from orgmodel.integrations.import_forms import (
    DAMAGED,
    ColumnsForm,
    ConfirmForm,
    SaveForm,
    UploadForm,
    terms_as_text,
)
from orgmodel.integrations.imports import draft_name
from orgmodel.integrations.models import ColumnMapping
from orgmodel.integrations.pages import for_designers

SHOWN_FAULTS = 200
SHOWN_FACTS = 100
CONTENT_LIMIT = 9 * 1024 * 1024  # what a form may send back, its other fields left out
MAPPED = (".csv", ".xlsx")  # formats with columns that anyone may have named


def import_upload(request: Any) -> HttpResponse:
    if not roles.can_plan(request.user):
        raise PermissionDenied(_("Your role reads only. Ask an org designer to let you plan."))
    if request.method != "POST":
        return _page(request, UploadForm())
    if "content" not in request.POST:
        return _upload(request)
    try:
        files = uploads.unpack([("import.zip", _decoded(request.POST["content"]))])
    except Refused as refusal:
        messages.error(request, said(refusal.message))
        return see_other(reverse("import_upload"))
    if "terms" in request.POST:
        return _start_draft(request, files)
    return _map(request, files)


def _upload(request: Any) -> HttpResponse:
    """Look at uploaded files: preview what they change, or ask what their columns are."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        files = uploads.unpack(_read(form.cleaned_data["uploads"]))
        content = _packed(files)
    except Refused as refusal:
        form.add_error("uploads", said(refusal.message))
        return _page(request, form, status=422)
    missing = form.cleaned_data["missing"]
    if (table := _unmapped(files)) is not None:
        initial = {"content": content, "missing": missing}
        return _ask_columns(request, ColumnsForm(table=table, saved=_fitting(table), initial=initial))
    terms = Terms(missing=missing)
    return _preview(request, uploads.plan(files, services.current(), terms), content, terms)


def _read(found: Sequence[Any]) -> list[tuple[str, bytes]]:
    if sum(file.size for file in found) > uploads.MAX_UPLOAD:  # before they are read
        raise Refused(
            say("The files are larger than {most} MB together.", most=uploads.MAX_UPLOAD // 1024**2)
        )
    return [(file.name, file.read()) for file in found]


def _unmapped(files: Mapping[str, bytes]) -> Table | None:
    """Return the one table of people whose columns are not ours, where that is all there is and it can be read."""
    if len(files) != 1 or ending_of(next(iter(files))) not in MAPPED:
        return None
    faults: list[Fault] = []
    tables = read_tables(files, faults)
    if faults or len(tables) != 1:
        return None
    [table] = tables
    is_ours = table.kind and (table.kind != "person" or "key" in table.columns)
    return None if is_ours else table


def _fitting(table: Table) -> dict[str, str] | None:
    """Return the columns that were kept last for files like this one."""
    names = {column.strip() for column in table.columns}
    kept = ColumnMapping.objects.order_by("-updated_at", "pk").values_list("columns", flat=True)
    return next((dict(columns) for columns in kept if columns and columns.keys() <= names), None)


def _map(request: Any, files: Mapping[str, bytes]) -> HttpResponse:
    """Preview a file whose columns have been named, and keep their names where that is asked for."""
    table = _unmapped(files)
    if table is None:
        raise Http404(_("This file has no columns to name."))
    form = ColumnsForm(request.POST, table=table, saved=None)
    keep = SaveForm(request.POST) if roles.can_design(request.user) else None
    if not form.is_valid() or (keep is not None and not keep.is_valid()):
        return _ask_columns(request, form, keep, status=422)
    if keep is not None and (kept := keep.keep(form.columns(), timezone.now())) is not None:
        words = _("The columns are kept as “{name}” of {integration}.")
        messages.success(request, words.format(name=kept.name, integration=kept.integration))
    plan = uploads.plan(files, services.current(), form.terms())
    if plan.errors:
        return _ask_columns(request, form, keep, plan, status=422)
    return _preview(request, plan, form.cleaned_data["content"], form.terms())


def _ask_columns(
    request: Any,
    form: ColumnsForm,
    keep: SaveForm | None = None,
    plan: Plan | None = None,
    status: int = 200,
) -> HttpResponse:
    if keep is None and roles.can_design(request.user):
        keep = SaveForm()
    context = {
        "form": form,
        "keep": keep,
        "file": form.table.file,
        "row_count": len(form.table.rows),
        **_told(plan),
    }
    return render(request, "integrations/import_columns.html", context, status=status)


def _preview(request: Any, plan: Plan, content: str, terms: Terms) -> HttpResponse:
    form = UploadForm(initial={"missing": terms.missing})
    if plan.operation is None:
        return _page(request, form, plan, status=422 if plan.errors else 200)
    initial = {"id": uuid.uuid4(), "name": draft_name(), "content": content, "terms": terms_as_text(terms)}
    return _page(request, form, plan, ConfirmForm(initial=initial))


def _start_draft(request: Any, files: Mapping[str, bytes]) -> HttpResponse:
    """Work the previewed files out again on today's organization and keep the result as a draft."""
    confirm = ConfirmForm(request.POST)
    valid = confirm.is_valid()
    if "terms" in confirm.errors:
        messages.error(request, said(DAMAGED))
        return see_other(reverse("import_upload"))
    terms: Terms = confirm.cleaned_data["terms"]
    form = UploadForm(initial={"missing": terms.missing})
    plan = uploads.plan(files, services.current(), terms)
    if plan.operation is None or not valid:
        return _page(request, form, plan, confirm if plan.operation is not None else None, status=422)
    try:
        draft = drafts.create_draft(
            confirm.cleaned_data["name"],
            owner_id=request.user.pk,
            at=timezone.now(),
            operations=[plan.operation],
            id_=str(confirm.cleaned_data["id"]),
        )
    except OBJECTIONS as objection:
        confirm.add_error(None, said(in_short(objection, services.current())))
        return _page(request, form, plan, confirm, status=422)
    words = _("The files are in the draft “{name}”. Nothing is live until you publish.")
    messages.success(request, words.format(name=draft.name))
    return see_other(reverse("draft_changes", args=[draft.key]))


def _page(
    request: Any,
    form: UploadForm,
    plan: Plan | None = None,
    confirm: ConfirmForm | None = None,
    status: int = 200,
) -> HttpResponse:
    changes = [*plan.operation.changes] if plan is not None and plan.operation is not None else []
    changes.sort(key=lambda change: change.before is None)  # what differs before what is new
    context = {
        "form": form,
        "plan": plan,
        "confirm": confirm,
        "facts": wording.facts(changes[:SHOWN_FACTS], services.current(), plan.after) if plan else (),
        "facts_more": max(0, len(changes) - SHOWN_FACTS),
        **_told(plan),
        "files": list(KIND_OF),
        "exports": [
            (_("CSV files, as a zip"), address(request, "export_zip")),
            (_("Excel workbook"), address(request, "export_xlsx")),
            (_("JSON lines"), address(request, "export_ndjson")),
            (_("Backstage catalog"), address(request, "export_yaml")),
        ],
    }
    return render(request, "changes/import_upload.html", context, status=status)


def _told(plan: Plan | None) -> dict[str, Any]:
    """Return what a plan says, as far as a page can show it."""
    if plan is None:
        return {"sums": [], "errors": [], "errors_more": 0, "notices": []}
    return {
        "sums": _sums(plan),
        "errors": [fault.told for fault in plan.errors[:SHOWN_FAULTS]],
        "errors_more": max(0, len(plan.errors) - SHOWN_FAULTS),
        "notices": [fault.told for fault in plan.notices[:SHOWN_FAULTS]],
    }


def _sums(plan: Plan) -> list[Phrase]:
    """Return what happens to people in numbers: "12 new people", "3 moved", "1 unknown squad"."""
    people = next((row for row in plan.rows if row.kind == "person"), None)
    sums = []
    if people is not None:
        sums = [
            count(people.new, "{n:,} new person", "{n:,} new people"),
            count(people.changed, "{n:,} changed", "{n:,} changed"),
            count(people.closed, "{n:,} leaving", "{n:,} leaving"),
        ]
    sums.append(count(plan.moved, "{n:,} moved", "{n:,} moved"))
    sums.append(count(plan.unknown_squads, "{n:,} unknown squad", "{n:,} unknown squads"))
    return nonzero(sums)


def _packed(files: Mapping[str, bytes]) -> str:
    content = base64.b64encode(packed(files)).decode()
    if len(content) > CONTENT_LIMIT:
        raise Refused(
            say(
                "This is too much for a browser. Use {command} on the server.", command="manage.py import_org"
            )
        )
    return content


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise Refused(DAMAGED) from None


@for_designers
@post_only
def mapping_remove(request: Any, key: str, pk: int) -> HttpResponse:
    found = get_object_or_404(ColumnMapping, integration__key=key, pk=pk)
    found.delete()
    words = _("“{name}” is gone. Files with these columns are asked about again.")
    messages.success(request, words.format(name=found.name))
    return see_other(reverse("integration", args=[key]))
