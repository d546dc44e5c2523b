"""The organization that one looks at, as files to keep: live, a draft or another day."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.http import HttpResponse, StreamingHttpResponse

from orgmodel.changes.files.catalog import write_catalog
from orgmodel.changes.files.writing import write_files, write_lines, write_xlsx
from orgmodel.core.org import Org

Answer = TypeVar("Answer", HttpResponse, StreamingHttpResponse)
SAME_DAY = (1980, 1, 1, 0, 0, 0)  # the same organization gives the same bytes
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NDJSON, YAML, ZIP = "application/x-ndjson", "application/yaml", "application/zip"


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return files as a zip."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, SAME_DAY), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def zip_of(org: Org) -> HttpResponse:
    return _file(HttpResponse(packed(write_files(org)), content_type=ZIP), "zip")


def xlsx_of(org: Org) -> HttpResponse:
    return _file(HttpResponse(write_xlsx(org), content_type=XLSX), "xlsx")


def ndjson_of(org: Org) -> StreamingHttpResponse:
    return _streamed(write_lines(org), NDJSON, "ndjson")


def yaml_of(org: Org) -> StreamingHttpResponse:
    return _streamed(write_catalog(org), YAML, "yaml")


def _streamed(chunks: Iterable[bytes], media_type: str, ending: str) -> StreamingHttpResponse:
    return _file(StreamingHttpResponse(chunks, content_type=media_type), ending)


def _file(answer: Answer, ending: str) -> Answer:
    answer["Content-Disposition"] = f'attachment; filename="orgmodel.{ending}"'
    return answer


def export_zip(request: Any) -> HttpResponse:
    return zip_of(request.reality.org)


def export_xlsx(request: Any) -> HttpResponse:
    return xlsx_of(request.reality.org)


def export_ndjson(request: Any) -> StreamingHttpResponse:
    return ndjson_of(request.reality.org)


def export_yaml(request: Any) -> StreamingHttpResponse:
    return yaml_of(request.reality.org)
