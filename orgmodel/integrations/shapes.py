"""What JSON schemas are made of, in few words."""

from __future__ import annotations

from typing import Any

Shape = dict[str, Any]

ANY: Shape = {"type": "object"}
TEXT: Shape = {"type": "string"}
TEXTS: Shape = {"type": "array", "items": TEXT}
COUNT: Shape = {"type": "integer"}
FLAG: Shape = {"type": "boolean"}
MOMENT: Shape = {"type": "string", "format": "date-time"}
DAY: Shape = {"type": "string", "format": "date"}
DAYS: Shape = {"type": "array", "items": DAY}
MAYBE_DAY: Shape = {"type": ["string", "null"], "format": "date"}
MAYBE_COUNT: Shape = {"type": ["integer", "null"]}


def ref(name: str) -> Shape:
    return {"$ref": f"#/components/schemas/{name}"}


def object_of(**fields: Shape) -> Shape:
    return {"type": "object", "properties": fields, "required": list(fields)}


def list_of(item: Shape) -> Shape:
    return {"type": "array", "items": item}


REFERENCE = ref("Reference")
REFERENCES = list_of(REFERENCE)
MAYBE_REFERENCE: Shape = {"oneOf": [REFERENCE, {"type": "null"}]}
FACTS = list_of(object_of(kind=TEXT, id=TEXT, subject=TEXT, field=TEXT, before=TEXT, after=TEXT))
