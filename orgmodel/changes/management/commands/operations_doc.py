"""Writes docs/operations.md from the operations themselves, so that it cannot lie."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from orgmodel.changes.jsonio import operation_specs
from orgmodel.core.operations import OPERATIONS
from orgmodel.core.records import Spec, specs_of

HEAD = """# Operations

What people can do to an organization. A page, the API, the admin, an import and an undo all do it through these; a
draft is a list of them. Each is one class in `orgmodel/core/operations/`, says itself in one sentence, and either
applies whole or is refused with a reason.

This page is written by `manage.py operations_doc` from the classes; a test keeps it current. As JSON, an
operation is its name and its fields: `{"operation": "SetShare", "person": "…", "squad": "…", "share": 60}`.
Ids are UUIDs.
"""


def render() -> str:
    """Return the page."""
    parts = [HEAD]
    module = ""
    for name, operation in OPERATIONS.items():
        if operation.__module__ != module:
            module = operation.__module__
            parts.append(f"## {_title(module)}\n")
        parts.append(f"### {name}\n\n{inspect.getdoc(operation)}\n")
        parts.append(
            "\n".join(
                _field_line(operation, field, spec) for field, spec in operation_specs(operation).items()
            )
            + "\n"
        )
    return "\n".join(parts)


def _title(module: str) -> str:
    return module.rsplit(".", 1)[1].replace("_", " ").capitalize()


def _field_line(operation: Any, field: str, spec: Spec) -> str:
    return f"- `{field}`: {_shape(operation, spec)}{'' if spec.required else ' (optional)'}"


def _shape(operation: Any, spec: Spec) -> str:
    match spec.kind:
        case "ref":
            return f"id of a {spec.target.replace('_', ' ')}"
        case "refs":
            return f"list of ids, each of a {spec.target.replace('_', ' ')}"
        case "choice":
            return "one of " + ", ".join(f"`{value}`" for value, _ in spec.choices)
        case "text":
            return f"text of up to {spec.limit} characters"
        case "percent":
            return "whole number from 1 to 100"
        case "date":
            return "date"
        case "id":
            return "id of the new record"
        case "changes":
            return "list of changes: kind, id, and the fields before and after"
        case "values":
            fixed = (
                *getattr(operation, "FIXED", ()),
                *(("person", "squad") if operation.KIND == "membership" else ()),
            )
            fields = [f"`{name}`" for name in specs_of(operation.KIND) if name not in fixed]
            return "fields by name: " + ", ".join(fields)
    return spec.kind


class Command(BaseCommand):
    help = "Write docs/operations.md from the operations."

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "operations.md"
        path.write_text(render(), encoding="utf-8")
        self.stdout.write(f"{path.name} has {len(OPERATIONS)} operations.")
