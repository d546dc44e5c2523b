"""Imports over REST: files of any format become a draft, with what becomes of each row; publishing is another call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models.query import QuerySet
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from orgmodel.changes import drafts, services, uploads
from orgmodel.changes.files import mapping, matching
from orgmodel.changes.files.layout import KIND_NAMED
from orgmodel.changes.files.planning import Plan, Terms
from orgmodel.changes.files.reading import Fault as FileError
from orgmodel.core.phrases import day_in_words, said, say
from orgmodel.integrations.conventions import ApiView
from orgmodel.integrations.draft_access import user_id
from orgmodel.integrations.draft_json import started
from orgmodel.integrations.draft_shapes import DRAFT_SHAPES
from orgmodel.integrations.models import ColumnMapping
from orgmodel.integrations.problems import Fault, Faulty
from orgmodel.integrations.schema import endpoint
from orgmodel.integrations.shapes import ANY, COUNT, TEXT, TEXTS, Shape, list_of, object_of, ref

ENDING_OF: Mapping[str, str] = {
    "application/json": ".json",
    "application/x-ndjson": ".ndjson",
    "application/jsonl": ".ndjson",
    "text/csv": ".csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/zip": ".zip",
    "application/yaml": ".yaml",
    "text/yaml": ".yaml",
}
"""What a body is, by its media type."""
LISTED = 1_000  # errors that a problem lists
MISSING = ("keep", "close", "error")
PEOPLE = "people"

PARAMETERS: Mapping[str, tuple[str, Shape]] = {
    "match_on": (
        "By what a row finds its person: `key`, `email` or `external_id:<source>`, such as `external_id:hris`.",
        {"type": "string", "pattern": r"^(key|email|external_id:.*\S.*)$", "default": "key"},
    ),
    "missing": (
        "What happens to records that the files do not name: they are kept, closed, or an error.",
        {"type": "string", "enum": [*MISSING], "default": "keep"},
    ),
    "mapping": ("Name of a mapping of columns that this integration has saved.", TEXT),
    "unknown_squads": (
        "A squad that is not here is an error, or people are left where they are.",
        {"type": "string", "enum": ["error", "skip"], "default": "error"},
    ),
    "of": (
        "What the rows of a single CSV file are.",
        {"type": "string", "enum": [*KIND_NAMED], "default": PEOPLE},
    ),
    "name": ("Name of the draft.", TEXT),
}
ROWS = list_of(object_of(file=TEXT, line=COUNT, record=TEXT, key=TEXT, outcome=TEXT))
COUNTS = list_of(object_of(record=TEXT, new=COUNT, changed=COUNT, unchanged=COUNT, closed=COUNT))
IMPORT: Shape = object_of(
    draft={"oneOf": [ref("Draft"), {"type": "null"}]},
    counts=COUNTS,
    moved={**COUNT, "description": "People whose home is another squad."},
    unknown_squads=TEXTS,
    rows=ROWS,
    notices=list_of(object_of(file=TEXT, line=COUNT, column=TEXT, detail=TEXT)),
)
_FILE: Shape = {"type": "string", "contentMediaType": "application/octet-stream"}
BODIES: Mapping[str, Shape] = {
    "application/json": {"type": "object", "additionalProperties": list_of(ANY)},
    "multipart/form-data": {"type": "object", "additionalProperties": _FILE},
    **{media_type: _FILE for media_type in ENDING_OF if media_type != "application/json"},
}


@dataclass(frozen=True, slots=True)
class RowFault(Fault):
    """Something wrong with a row, at its place: file, line and column, and in a JSON body its pointer."""

    file: str = ""
    line: int = 0
    column: str = ""

    def as_json(self) -> dict[str, Any]:
        return {**Fault.as_json(self), "file": self.file, "line": self.line, "column": self.column}


class FilesParser(BaseParser):
    """Reads a body of any of the formats as files: name and content."""

    media_type = "*/*"
    reads = (*ENDING_OF, "multipart/form-data")

    def parse(  # type: ignore[override]  # the stubs know of objects only
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> list[tuple[str, bytes]]:
        plain = (media_type or "").partition(";")[0].strip().lower()
        if plain == "multipart/form-data":
            parsed: Any = MultiPartParser().parse(stream, media_type, parser_context)
            return [(file.name, file.read()) for name in parsed.files for file in parsed.files.getlist(name)]
        if plain not in ENDING_OF:
            raise exceptions.UnsupportedMediaType(plain)
        return [(f"import{ENDING_OF[plain]}", stream.read())]


class ImportView(ApiView):
    """Files of people and units, as HR systems and developer portals have them."""

    tag = "imports"
    parser_classes = [FilesParser]
    shapes = {**DRAFT_SHAPES, "Import": IMPORT}

    @endpoint(
        "Start a draft from files",
        answers="Import",
        status=201,
        or_status=200,
        reality=False,
        key_required=True,
        parameters=PARAMETERS,
        content=BODIES,
        description="JSON, NDJSON, CSV, XLSX, a Backstage catalog, several of them as multipart, or a zip. "
        "`rows` tells for each row whether it is new, changed or unchanged. Files that change nothing make no "
        "draft; that is a 200. Where any row is wrong, nothing is kept, and `errors` names file, line and column.",
    )
    def post(self, request: Request) -> Response:
        terms, name, files = _terms(request), _name(request), _files(request)
        plan = uploads.plan(files, services.current(), terms)
        if plan.errors:
            raise _faulty(plan.errors)
        answer = _answer(plan)
        if plan.operation is None:
            return Response({"draft": None, **answer}, status=200)
        draft = drafts.create_draft(
            name, owner_id=user_id(request), at=timezone.now(), operations=[plan.operation]
        )
        response = started(request, draft)
        response.data = {"draft": response.data, **answer}
        return response


def _terms(request: Request) -> Terms:
    """Return how an import goes about it, as its address says. Raises Faulty."""
    given = request.query_params
    columns = _columns(request, given["mapping"]) if "mapping" in given else None
    match = given.get("match_on") or mapping.match_for(columns.values() if columns else ["key"])
    if not matching.is_match(match):
        raise _wrong("match_on", "Must be key, email or external_id:<source>, such as external_id:hris.")
    missing = given.get("missing", MISSING[0])
    if missing not in MISSING:
        raise _wrong("missing", f"Must be one of {', '.join(MISSING)}.")
    unknown = given.get("unknown_squads", "error")
    if unknown not in ("error", "skip"):
        raise _wrong("unknown_squads", "Must be error or skip.")
    return Terms(match, missing, columns, skips_unknown_squads=unknown == "skip")


def _columns(request: Request, name: str) -> dict[str, str]:
    found = mappings_of(request.user).filter(name=name).first()
    if found is None:
        detail = f"This integration has no mapping “{name[:100]}”."
        raise Faulty([Fault("unknown_reference", detail, parameter="mapping")], 422)
    return dict(found.columns)


def mappings_of(user: Any) -> QuerySet[ColumnMapping]:
    """Return the mappings of the integration that a user is."""
    return ColumnMapping.objects.filter(integration__user=user.pk)


def _name(request: Request) -> str:
    return request.query_params.get("name") or draft_name()


def draft_name() -> str:
    return said(say("Import of {day}", day=day_in_words(timezone.localdate(), year=False)))


def _files(request: Request) -> dict[str, bytes]:
    """Return the files of the body, by name; the address says what a CSV without one is. Raises Faulty or Refused."""
    kind = request.query_params.get("of", PEOPLE)
    if kind not in KIND_NAMED:
        raise _wrong("of", f"Must be one of {', '.join(KIND_NAMED)}.")
    found = request.data if isinstance(request.data, list) else []
    if not any(content for _, content in found):
        raise Faulty([Fault("required", "Send what to import as the body.")])
    return uploads.unpack(
        [(re.sub(r"^import\.csv$", f"{kind}.csv", name), content) for name, content in found]
    )


def _wrong(parameter: str, detail: str) -> Faulty:
    return Faulty([Fault("invalid", detail, parameter=parameter)])


def _faulty(errors: Iterable[FileError]) -> Faulty:
    """Return the errors of files as a problem, with the first of them where there are very many."""
    found = [*errors]
    faults = [_row_fault(error) for error in found[:LISTED]]
    detail = f"{len(found):,} errors, the first: {found[0]}" if len(found) > 1 else str(found[0])
    return Faulty(faults, 422, detail=f"{detail}.", members={"error_count": len(found)})


def _row_fault(error: FileError) -> RowFault:
    message = f"{error.message[:1].upper()}{error.message[1:]}"
    is_list = error.file in KIND_NAMED or error.file == "units"
    pointer = f"/{error.file}/{error.line - 1}" if is_list else ""
    if is_list and error.column:
        pointer += f"/{error.column}"
    return RowFault(
        "invalid", message, pointer=pointer, file=error.file, line=error.line, column=error.column
    )


def _answer(plan: Plan) -> dict[str, Any]:
    return {
        "counts": [
            {
                "record": r.kind,
                "new": r.new,
                "changed": r.changed,
                "unchanged": r.unchanged,
                "closed": r.closed,
            }
            for r in plan.rows
        ],
        "moved": plan.moved,
        "unknown_squads": [*plan.unknown_squads],
        "rows": [
            {"file": o.file, "line": o.line, "record": o.kind, "key": o.key, "outcome": o.outcome}
            for o in plan.outcomes()
        ],
        "notices": [
            {"file": n.file, "line": n.line, "column": n.column, "detail": n.message} for n in plan.notices
        ],
    }
