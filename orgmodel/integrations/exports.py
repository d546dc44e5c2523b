"""The whole organization over REST in one answer: CSV, XLSX, JSON lines or a Backstage catalog, streamed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http.response import HttpResponseBase
from rest_framework.request import Request

from orgmodel.changes import file_views
from orgmodel.core.org import Org
from orgmodel.integrations.conventions import ApiView
from orgmodel.integrations.formats import OrjsonRenderer
from orgmodel.integrations.permissions import check_scope
from orgmodel.integrations.problems import Fault, Faulty
from orgmodel.integrations.resources import org_of
from orgmodel.integrations.schema import endpoint

FORMATS: Mapping[str, Callable[[Org], HttpResponseBase]] = {
    "ndjson": file_views.ndjson_of,
    "csv": file_views.zip_of,
    "xlsx": file_views.xlsx_of,
    "backstage": file_views.yaml_of,
}


class ExportView(ApiView):
    """The organization as files that `imports/` reads again."""

    tag = "exports"

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[Any, str]:
        """Leave `format` and `Accept` alone: the one names a file, whatever the other hopes for."""
        return OrjsonRenderer(), OrjsonRenderer.media_type

    @endpoint(
        "Export everything",
        parameters={
            "format": (
                "JSON lines, a zip of CSV files, a workbook, or a Backstage catalog.",
                {"type": "string", "enum": [*FORMATS], "default": "ndjson"},
            )
        },
        produces=(file_views.NDJSON, file_views.ZIP, file_views.XLSX, file_views.YAML),
        description="The live organization, a draft or another day. JSON lines and catalogs are streamed.",
    )
    def get(self, request: Request) -> HttpResponseBase:
        check_scope(request.user, "units:read")  # beside people:read, which its family asks for
        wanted = request.query_params.get("format", "ndjson")
        if wanted not in FORMATS:
            raise Faulty([Fault("invalid", f"Must be one of {', '.join(FORMATS)}.", parameter="format")])
        return FORMATS[wanted](org_of(request))
