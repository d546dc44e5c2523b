"""Files in and out over the web: a preview first, then a draft; never straight into live."""

from __future__ import annotations

import base64
import binascii
import io
import uuid
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from orgmodel.access import roles
from orgmodel.changes import drafts, services, uploads
from orgmodel.changes.files.layout import KIND_OF
from orgmodel.changes.files.planning import Plan, Terms
from orgmodel.changes.files.writing import write_files
from orgmodel.changes.page_forms import ImportForm, UploadForm
from orgmodel.changes.pages import address, see_other
from orgmodel.changes.wording import OBJECTIONS, in_short
from orgmodel.core.operations import Refused

SHOWN_FAULTS = 200
CONTENT_LIMIT = 9 * 1024 * 1024  # what a form may send back, its other fields left out
SAME_DAY = (1980, 1, 1, 0, 0, 0)  # the same organization gives the same bytes


def import_upload(request: Any) -> HttpResponse:
    if not roles.can_plan(request.user):
        raise PermissionDenied("Your role reads only. Ask an org designer to let you plan.")
    if request.method == "POST" and "content" in request.POST:
        return _start_draft(request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        files = uploads.unpack(_read(form.cleaned_data["uploads"]))
        content = _packed(files)
    except Refused as refusal:
        form.add_error("uploads", refusal.message)
        return _page(request, form, status=422)
    missing = form.cleaned_data["missing"]
    plan = uploads.plan(files, services.current(), Terms(missing=missing))
    if plan.operation is None:
        return _page(request, form, plan, status=422 if plan.errors else 200)
    confirm = ImportForm(
        initial={"id": uuid.uuid4(), "name": _draft_name(), "missing": missing, "content": content}
    )
    return _page(request, form, plan, confirm)


def _read(found: Sequence[Any]) -> list[tuple[str, bytes]]:
    if sum(file.size for file in found) > uploads.MAX_UPLOAD:  # before they are read
        raise Refused(f"The files are larger than {uploads.MAX_UPLOAD // 1024**2} MB together.")
    return [(file.name, file.read()) for file in found]


def _start_draft(request: Any) -> HttpResponse:
    """Work the previewed files out again on today's organization and keep the result as a draft."""
    confirm = ImportForm(request.POST)
    valid = confirm.is_valid()
    missing = confirm.cleaned_data.get("missing", "keep")
    form = UploadForm(initial={"missing": missing})
    try:
        files = uploads.unpack([("import.zip", _decoded(request.POST["content"]))])
    except Refused as refusal:
        messages.error(request, refusal.message)
        return see_other(reverse("import_upload"))
    plan = uploads.plan(files, services.current(), Terms(missing=missing))
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
        confirm.add_error(None, in_short(objection, services.current()))
        return _page(request, form, plan, confirm, status=422)
    messages.success(
        request, f"The files are in the draft “{draft.name}”. Nothing is live until you publish."
    )
    return see_other(reverse("draft_changes", args=[draft.key]))


def _page(
    request: Any,
    form: UploadForm,
    plan: Plan | None = None,
    confirm: ImportForm | None = None,
    status: int = 200,
) -> HttpResponse:
    faults = [str(fault) for fault in plan.errors] if plan is not None else []
    context = {
        "form": form,
        "plan": plan,
        "confirm": confirm,
        "errors": faults[:SHOWN_FAULTS],
        "errors_more": max(0, len(faults) - SHOWN_FAULTS),
        "notices": [str(fault) for fault in plan.notices[:SHOWN_FAULTS]] if plan is not None else [],
        "files": list(KIND_OF),
        "export_url": address(request, "export_zip"),
    }
    return render(request, "changes/import_upload.html", context, status=status)


def _draft_name() -> str:
    return f"Import of {timezone.localdate():%-d %B}"


def _packed(files: Mapping[str, bytes]) -> str:
    content = base64.b64encode(_zip(files)).decode()
    if len(content) > CONTENT_LIMIT:
        raise Refused("This is too much for a browser. Use manage.py import_org on the server.")
    return content


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise Refused("The preview is damaged. Choose the files again.") from None


def _zip(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, SAME_DAY), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def export_zip(request: Any) -> HttpResponse:
    answer = HttpResponse(_zip(write_files(request.reality.org)), content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="orgmodel.zip"'
    return answer
