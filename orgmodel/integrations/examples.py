"""Examples in the OpenAPI document: for every body and answer one that fits its shape, in words of the demo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Any

DEPTH = 5  # further down, lists are empty

BY_NAME: Mapping[str, Json] = {
    "name": "Search",
    "key": "search",
    "email": "bo@example.org",
    "title": "Staff engineer",
    "message": "Search needs help until June",
    "operation": "MovePeople",
    "login": "ana",
    "url": "https://hooks.example.org/orgmodel",
    "source": "api",
    "craft": "backend",
    "detail": "“colour” is no field of a person.",
    "code": "unknown_field",
    "pointer": "/colour",
    "instance": "/api/v1/people/",
    "type": "/api/v1/problems/malformed/",
}
BY_FORMAT: Mapping[str, Json] = {
    "uuid": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
    "date": "2026-11-20",
    "date-time": "2026-11-20T08:30:00Z",
    "uri": "https://orgmodel.example.org/api/v1/people/?cursor=Ym8",
}
PLAIN: Mapping[str, Json] = {"boolean": True, "number": 1, "string": "text", "null": None}


class Examples:
    """Makes examples of the shapes of one document."""

    def __init__(self, components: Mapping[str, Json]) -> None:
        self.components = components

    def of(self, shape: Mapping[str, Json], name: str = "", depth: int = 0) -> Json:
        """Return an example of a shape. The name of the field that it is in says which words to use."""
        if "$ref" in shape:
            return self.of(self.components[shape["$ref"].rpartition("/")[2]], name, depth + 1)
        for several in ("oneOf", "anyOf"):
            if several in shape:
                return self.of(shape[several][0], name, depth)
        if "examples" in shape:
            return shape["examples"][0]
        if "enum" in shape:
            return next((choice for choice in shape["enum"] if choice), shape["enum"][0])
        if "default" in shape:
            return shape["default"]
        match _type(shape):
            case "object":
                return self._object(shape, depth)
            case "array":
                return self._array(shape, name, depth)
            case "integer":
                return max(1, shape.get("minimum", 1))
            case "string":
                return self._text(shape, name)
            case other:
                return PLAIN[other]

    def _object(self, shape: Mapping[str, Json], depth: int) -> Json:
        fields: Mapping[str, Json] = shape.get("properties", {})
        if not fields:
            more = shape.get("additionalProperties")
            return {"hris": self.of(more, depth=depth)} if isinstance(more, dict) else {}
        shown = shape.get("required", ()) if depth > DEPTH else fields
        return {name: self.of(fields[name], name, depth + 1) for name in shown}

    def _array(self, shape: Mapping[str, Json], name: str, depth: int) -> list[Json]:
        few = shape.get("minItems", 0)
        return [self.of(shape.get("items", {}), name, depth + 1)] if few or depth <= DEPTH else []

    def _text(self, shape: Mapping[str, Json], name: str) -> str:
        found = BY_FORMAT.get(shape.get("format", "")) or BY_NAME.get(name, PLAIN["string"])
        return str(found)[: shape.get("maxLength") or None]


def _type(shape: Mapping[str, Json]) -> str:
    found = shape.get("type", "object" if "properties" in shape else "string")
    return next((each for each in found if each != "null"), "null") if isinstance(found, list) else found


def add_examples(result: Json) -> None:
    """Give every body and answer in JSON of a document an example, each kept once as a component."""
    made = Examples(result["components"]["schemas"])
    kept: dict[str, Json] = {}
    for methods in result["paths"].values():
        for operation in methods.values():
            body = operation.get("requestBody", {})
            answers = [answer for answer in operation["responses"].values() if "content" in answer]
            for place, told in [("Request", body), *(("Answer", answer) for answer in answers)]:
                content = told.get("content", {}).get("application/json")
                if content is not None:
                    name = f"{_name(content['schema']) or operation['operationId']}{place}"
                    kept.setdefault(name, {"value": made.of(content["schema"])})
                    content["examples"] = {"example": {"$ref": f"#/components/examples/{name}"}}
    result["components"]["examples"] = dict(sorted(kept.items()))


def _name(shape: Mapping[str, Json]) -> str:
    """Return the name of the component that a shape is; of a page, with what it is a page of."""
    if "$ref" in shape:
        return str(shape["$ref"].rpartition("/")[2])
    items = shape.get("properties", {}).get("results", {}).get("items", {})
    return f"{_name(items)}Page" if "next" in shape.get("properties", {}) and "$ref" in items else ""
