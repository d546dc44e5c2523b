"""The OpenAPI document as the documentation page shows it: resources, their endpoints, fields, and a call to copy."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

from drf_spectacular.generators import SchemaGenerator

from orgmodel.core.records import KINDS

Json = dict[str, Any]

SAMPLES: Mapping[str, Any] = {
    "string": "text",
    "integer": 1,
    "boolean": True,
    "array": [],
    "object": {},
    "number": 1,
}
# Records of the demo organization, so that a copied call finds something.
KEYS: Mapping[str, str] = {
    "person": "bo-lindqvist",
    "squad": "search",
    "tribe": "platform-data",
    "chapter": "lx-backend",
    "guild": "reliability",
    "mission": "find-it-in-one-try",
    "vacancy": "staff-ml-engineer",
    "role": "engineer",
    "draft": "unblock-ingestion",
}
SINGULAR = {record.PLURAL: kind for kind, record in KINDS.items()} | {"drafts": "draft"}
HEADERS: Mapping[str, str] = {"If-Match": "*", "Idempotency-Key": "$(uuidgen)"}
SHOWN = 3  # fields in the sample of a body without required ones


@functools.cache
def document() -> Json:
    """Return the OpenAPI document; it is the same as long as the process runs."""
    generator: Any = SchemaGenerator
    return dict(generator().get_schema(request=None, public=True))


@functools.cache
def resources() -> list[Json]:
    """Return the document by resource, by name."""
    found: dict[str, Json] = {}
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            tag = operation["tags"][0]
            resource = found.setdefault(tag, {"name": tag, "endpoints": []})
            resource["endpoints"].append(_endpoint(path, method.upper(), operation))
    return [*found.values()]


def _endpoint(path: str, method: str, operation: Json) -> Json:
    body, headers = _body(operation), _headers(operation)
    return {
        "id": operation["operationId"],
        "method": method,
        "path": path,
        "summary": operation["summary"],
        "description": operation.get("description", ""),
        "parameters": [
            _row(p["name"], p["schema"], p.get("description", ""))
            for p in map(_resolve, operation["parameters"])
        ],
        "fields": _fields(body),
        "answers": _fields(_answer(operation)),
        "curl": _curl(path, method, body, headers),
        "python": _python(path, method, body, headers),
    }


def _body(operation: Json) -> Json:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    shape = _resolve(content.get("schema", {}))
    return _resolve(shape["oneOf"][0]) if "oneOf" in shape else shape


def _answer(operation: Json) -> Json:
    first = next(iter(operation["responses"].values()))
    return _resolve(first.get("content", {}).get("application/json", {}).get("schema", {}))


def _resolve(shape: Json) -> Json:
    reference = shape.get("$ref")
    if not reference:
        return shape
    _, _, place, name = reference.split("/")
    return dict(document()["components"][place][name])


def _fields(shape: Json) -> list[Json]:
    required = shape.get("required", ())
    return [
        {**_row(name, own, own.get("description", "")), "required": name in required}
        for name, own in shape.get("properties", {}).items()
    ]


def _row(name: str, shape: Json, about: str) -> Json:
    return {
        "name": name,
        "type": _type(shape),
        "about": about,
        "choices": [c for c in shape.get("enum", ()) if c],
    }


def _type(shape: Json) -> str:
    if "$ref" in shape:
        return str(shape["$ref"].rpartition("/")[2]).lower()
    if several := shape.get("oneOf") or shape.get("anyOf"):
        return " or ".join(_type(option) for option in several)
    if shape.get("type") == "array":
        return f"list of {_type(shape.get('items', {}))}"
    found = shape.get("type", "anything")
    words = " or ".join(found) if isinstance(found, list) else str(found)
    return words.replace("string", str(shape.get("format", "text")))


def _curl(path: str, method: str, body: Json, headers: Json) -> str:
    lines = ['curl -H "Authorization: Bearer $TOKEN"']
    if method != "GET":
        lines[0] += f" -X {method}"
    lines += [f'  -H "{name}: {value}"' for name, value in headers.items()]
    if body:
        lines.append(f"  -H 'Content-Type: application/json' -d '{json.dumps(_sample(body))}'")
    lines.append(f'  "$ORGMODEL{_address(path)}"')
    return " \\\n".join(lines)


def _python(path: str, method: str, body: Json, headers: Json) -> str:
    """Return a call of `api`, which the beginning of the page defines."""
    given = [repr(method), repr(_address(path))]
    given += [repr(_sample(body))] if body else []
    named = {name: "uuid.uuid4().hex" if "$" in value else repr(value) for name, value in headers.items()}
    given += [f"{name.replace('-', '_')}={value}" for name, value in named.items()]
    return f"api({', '.join(given)})"


def _address(path: str) -> str:
    kind = SINGULAR.get(path.split("/")[3], "")
    return path.replace("{key}", KEYS.get(kind, "{key}"))


def _headers(operation: Json) -> Json:
    """Return the headers that a call must have, each with a value to start with."""
    needed = [each["name"] for each in map(_resolve, operation["parameters"]) if each.get("required")]
    return {name: value for name, value in HEADERS.items() if name in needed}


def _sample(shape: Json) -> Json:
    fields = shape.get("properties", {})
    names = shape.get("required") or [*fields][:SHOWN]
    return {name: _sample_value(fields[name]) for name in names}


def _sample_value(shape: Json) -> Any:
    if "enum" in shape:
        return next((choice for choice in shape["enum"] if choice), "")
    found = shape.get("type", "string")
    kind = next((k for k in found if k != "null"), "string") if isinstance(found, list) else found
    if kind == "array":
        items = shape.get("items", {})
        return [_sample(items) if items.get("properties") else _sample_value(items)]
    if "id or key of a " in shape.get("description", "").lower():
        return KEYS[shape["description"].rpartition(" ")[2].rstrip(".")]
    if shape.get("format") == "date":
        return "2026-12-01"
    return SAMPLES[kind]
