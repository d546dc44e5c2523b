"""The OpenAPI document, written from the same declarations that read requests and write answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from orgmodel.core.operations import OPERATIONS
from orgmodel.core.operations.base import noun
from orgmodel.core.records import KINDS, Spec, specs_of
from orgmodel.integrations.bodies import IN_ADDRESS, VERSION_LIMIT, Body
from orgmodel.integrations.examples import add_examples
from orgmodel.integrations.filters import NAMED, Filter
from orgmodel.integrations.paging import LIMIT, PAGE
from orgmodel.integrations.problems import KINDS as PROBLEM_KINDS
from orgmodel.integrations.shapes import (
    ANY,
    COUNT,
    DAY,
    FACTS,
    MAYBE_COUNT,
    MAYBE_DAY,
    MAYBE_REFERENCE,
    MOMENT,
    REFERENCE,
    TEXT,
    TEXTS,
    Shape,
    list_of,
    object_of,
    ref,
)

PROBLEM = "application/problem+json"
NUMBER_LIMITS: Shape = {
    "pattern": r"^([+-]?[0-9]{1,12}(\.[0-9]{1,20})?)?$",
    "exclusiveMinimum": -(10**12),
    "exclusiveMaximum": 10**12,
}
_REFERENCE = re.compile(r"#/components/schemas/(\w+)")

RESPONSES: Mapping[str, Shape] = {
    f"Problem{kind.status}": {
        "description": f"{kind.title}. {kind.advice}",
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for kind in reversed([*PROBLEM_KINDS.values()])
}
"""What can go wrong, once for all endpoints."""


HEADERS: Mapping[str, Shape] = {
    "X-Request-Id": {"description": "Id of this request, also in the server's log.", "schema": TEXT},
    "Change-Set": {
        "description": "Version of the change set that records it, where anything changed live.",
        "schema": COUNT,
    },
    "ETag": {"description": "Tag of the object as it is now.", "schema": TEXT},
    "Link": {"description": "Address of the next page, as rel=next.", "schema": TEXT},
    "Location": {"description": "Address of what was created.", "schema": TEXT},
    "Idempotent-Replayed": {"description": "true where the answer was given before.", "schema": TEXT},
}
"""What answers say beside their content."""

PARAMETERS: Mapping[str, Shape] = {
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The ETag on which you build, or * to change whatever is there.",
        "schema": TEXT,
        "example": "*",
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETag that you hold; the answer is 304 where it is still the same.",
        "schema": TEXT,
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "A value of your own for this request, such as a UUID: sent again within 48 hours, it is "
        "answered again and not done again.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    },
}
PARAMETERS = {
    **PARAMETERS,
    "IdempotencyKeyRequired": {**PARAMETERS["IdempotencyKey"], "required": True},
}


def complete(result: Shape, **options: Any) -> Shape:
    """Add to a finished document what endpoints share, what tags are, and examples; a postprocessing hook."""
    paths = str(result["paths"])
    problems = {name: shape for name, shape in RESPONSES.items() if f"responses/{name}'" in paths}
    shared = {"responses": problems, "headers": HEADERS, "parameters": PARAMETERS}
    views = {
        view.tag: view for *_, made in options["generator"].endpoints if hasattr(view := made.cls, "tag")
    }
    result["tags"] = [{"name": tag, "description": view.__doc__} for tag, view in sorted(views.items())]
    result["components"] |= {name: dict(parts) for name, parts in shared.items()}
    add_examples(result)
    return result


def component(place: str, name: str) -> Shape:
    return {"$ref": f"#/components/{place}/{name}"}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What the schema says about one endpoint. Names that start with a dot are attributes of its view."""

    summary: str
    answers: str = ""  # a component; "" for none
    body: Body | str | None = None
    status: int = 200
    many: bool = False  # a page of what it answers
    reality: bool = True  # takes draft and as_of
    description: str = ""
    parameters: Mapping[str, tuple[str, Shape]] = field(default_factory=dict)  # of its own, with their shapes
    filters: Mapping[str, Filter] | None = None  # of a list, where they are not those of its view
    or_status: int = 0  # another one that it may have, with the same answer
    tells_secret: bool = False  # this once, so that no Idempotency-Key keeps it
    also: tuple[int, ...] = ()  # problems of its own, by status
    key_required: bool = False  # no request without an Idempotency-Key
    content: Mapping[str, Shape] = field(default_factory=dict)  # what a body may be, by media type
    produces: tuple[str, ...] = ()  # media types of an answer that is a file


def filters_of(view: Any, told: Endpoint) -> Mapping[str, Filter]:
    """Return the filters that an endpoint has: none where it is no list."""
    own: Mapping[str, Filter] = view.filters if told.filters is None else told.filters
    return own if told.many else {}


def endpoint(summary: str, **options: Any) -> Callable[[Any], Any]:
    """Say what the schema tells about a view's method."""

    def mark(method: Any) -> Any:
        method.endpoint = Endpoint(summary, **options)
        return method

    return mark


def named(view: Any, value: Any) -> Any:
    """Return what a declaration names: an attribute of the view where it starts with a dot, otherwise itself."""
    return getattr(view, value[1:]) if isinstance(value, str) and value.startswith(".") else value


def shape_of(spec: Spec, kind: str = "", nested: Body | None = None) -> Shape:
    """Return what a request may put into a field."""
    found = _request_shape(spec, kind, nested)
    told = found.get("description", "").rstrip(".")
    words = ": ".join(part for part in (spec.label, f"{told[:1].lower()}{told[1:]}") if part)
    if words:
        found["description"] = f"{words[0].upper()}{words[1:]}."
    return found


def _request_shape(spec: Spec, kind: str, nested: Body | None) -> Shape:
    reference = {"type": "string", "minLength": 1, "description": f"Id or key of a {noun(spec.target)}."}
    match spec.kind:
        case "ref" if not spec.required:
            return {**reference, "type": ["string", "null"], "minLength": 0}
        case "ref":
            return reference
        case "refs":
            return {"type": "array", "items": reference, **({"minItems": 1} if spec.required else {})}
        case "number":
            return {"type": ["number", "string", "null"], **NUMBER_LIMITS}
        case "ids" if kind == "rule_setting":
            thresholds = {"type": "object", "additionalProperties": {"type": ["number", "string"]}}
            return {**thresholds, "description": "Numbers by name, such as high_above."}
        case "merge":
            ids = {"type": ["object", "null"], "additionalProperties": {"type": ["string", "null"]}}
            ids["propertyNames"] = {"minLength": 1}
            return {**ids, "description": "Those left out stay; null takes one out."}
        case "values":
            fields = {name: shape_of(own, kind) for name, own in specs_of(kind).items()} if kind else {}
            return {"type": "object", "properties": fields, "additionalProperties": False}
        case "bodies":
            assert nested is not None
            items = {"type": "array", "items": body_shape(nested, nested.own)}
            return {**items, **({"minItems": 1} if spec.required else {})}
        case "operations":
            return {"type": "array", "items": ref("Operation")}
        case "changes":
            return {"type": "array", "items": {"type": "object"}}
        case "groups":
            return {"type": "array", "items": {"type": "array", "items": reference}}
        case "texts":
            return {
                "type": "array",
                "items": {"type": "string"},
                **({"minItems": 1} if spec.required else {}),
            }
        case "version" | "position":
            return {"type": ["integer", "null"], "minimum": 0, "maximum": VERSION_LIMIT}
        case "positions":
            return {
                "type": ["array", "null"],
                "items": {"type": "integer", "minimum": 0, "maximum": VERSION_LIMIT},
            }
        case "ids":
            return {**value_shape(spec), "propertyNames": {"minLength": 1}}
        case "id":
            return {"type": "string", "format": "uuid"}
        case "date" if not spec.required:
            return {"type": ["string", "null"], "format": "date"}
    return value_shape(spec)


def value_shape(spec: Spec) -> Shape:
    """Return what an answer holds in a field."""
    match spec.kind:
        case "text":
            return {"type": "string", **({"maxLength": spec.limit} if spec.limit else {})}
        case "choice":
            return {"type": "string", "enum": [value for value, _ in spec.choices]}
        case "ref":
            return REFERENCE if spec.required else MAYBE_REFERENCE
        case "date":
            return {"type": ["string", "null"], "format": "date"}
        case "number":
            return {
                "type": ["string", "null"],
                "description": "A decimal number as text, so that nothing is lost.",
            }
        case "percent":
            return {"type": ["integer", "null"], "minimum": 1, "maximum": 100}
        case "flag":
            return {"type": "boolean"}
        case "ids":
            ids = {"type": "object", "additionalProperties": {"type": "string"}}
            return {**ids, "description": "Texts by name, such as ids by the system they are from."}
    return {}


def record_shape(kind: str, extra: Mapping[str, Shape]) -> Shape:
    """Return the shape of a record as answers hold it. What only a single record's answer holds is not required."""
    fields = {"id": {"type": "string", "format": "uuid"}}
    fields |= {name: _opened(spec) for name, spec in specs_of(kind).items()}
    return {"type": "object", "properties": {**fields, **extra}, "required": list(fields)}


def _opened(spec: Spec) -> Shape:
    """Return what an answer holds in a field, which may be a whole record where `expand` names it."""
    if spec.kind != "ref":
        return value_shape(spec)
    whole = ref(KINDS[spec.target].__name__)
    return {"anyOf": [REFERENCE, whole, *([] if spec.required else [{"type": "null"}])]}


def body_shape(body: Body, fields: Mapping[str, Spec]) -> Shape:
    required = [name for name, spec in fields.items() if spec.required]
    return {
        "type": "object",
        "properties": {name: shape_of(spec, body.kind, body.nested) for name, spec in fields.items()},
        "additionalProperties": False,
        **({"required": required} if required else {}),
    }


_FIELDS = {"type": ["object", "null"], "description": "The fields that differ."}


def part_shape(kind: str, without: str, **extra: Shape) -> Shape:
    """Return the shape of a membership inside the record it belongs to."""
    fields = {name: value_shape(spec) for name, spec in specs_of(kind).items() if name != without}
    return list_of(object_of(id={"type": "string", "format": "uuid"}, **fields, **extra))


COMPONENTS: Mapping[str, Shape] = {
    "Reference": {
        **object_of(id={"type": "string", "format": "uuid"}, key=TEXT, name=TEXT),
        "description": "Another record, with enough to show it and to ask for it.",
    },
    "Problem": {
        **object_of(
            type=TEXT,
            title=TEXT,
            status=COUNT,
            detail=TEXT,
            instance=TEXT,
            errors=list_of(
                {
                    "type": "object",
                    "properties": {
                        "pointer": {"type": "string", "description": "JSON pointer into the body."},
                        "parameter": {"type": "string", "description": "Query parameter."},
                        "file": {"type": "string", "description": "File or list of an import."},
                        "line": {
                            "type": "integer",
                            "description": "Line in it, or place in the list, from 1.",
                        },
                        "column": {"type": "string", "description": "Column of it."},
                        "code": TEXT,
                        "detail": TEXT,
                        "expected": {"description": "Of a conflict: what you built on."},
                        "found": {"description": "Of a conflict: what is there now."},
                        "position": {"type": "integer", "description": "Of an operation that is in the way."},
                    },
                    "required": ["code", "detail"],
                }
            ),
        ),
        "description": "What went wrong (RFC 9457).",
    },
    "Operation": {
        "type": "object",
        "properties": {
            "operation": {
                "type": "string",
                "enum": [*OPERATIONS],
                "description": "GET operations/ lists the fields of each.",
            }
        },
        "examples": [{"operation": "MovePeople", "people": ["bo-lindqvist"], "to": "search"}],
        "required": ["operation"],
        "additionalProperties": True,
        "description": "An operation with its fields, in the form that drafts keep.",
    },
    "OperationKind": object_of(operation=TEXT, about=TEXT, fields=list_of(ANY)),
    "Organization": object_of(
        name=TEXT, version=COUNT, counts={"type": "object", "additionalProperties": COUNT}
    ),
    "ChangeSet": {
        "type": "object",
        "properties": {
            "version": COUNT,
            "actor": TEXT,
            "source": TEXT,
            "message": TEXT,
            "title": TEXT,
            "sentences": TEXTS,
            "change_count": COUNT,
            "recorded_at": MOMENT,
            "effective_on": DAY,
            "undoes": MAYBE_COUNT,
            "undone_by": MAYBE_COUNT,
            "learning": {**TEXT, "description": "What was learned from what it takes back."},
            "draft": {"type": ["string", "null"], "description": "Key of the draft that it published."},
            "changes": list_of(object_of(kind=TEXT, id=TEXT, before=_FIELDS, after=_FIELDS)),
            "facts": FACTS,
        },
        "required": [
            "version",
            "actor",
            "source",
            "message",
            "title",
            "sentences",
            "recorded_at",
            "effective_on",
        ],
    },
    "Changes": object_of(
        results=list_of(
            object_of(
                kind=TEXT,
                id={"type": "string", "format": "uuid"},
                key={"type": ["string", "null"]},
                version=COUNT,
                recorded_at=MOMENT,
                effective_on=DAY,
                source=TEXT,
                actor=TEXT,
                sentence=TEXT,
                before=_FIELDS,
                after=_FIELDS,
            )
        ),
        next={"type": ["string", "null"], "format": "uri", "description": "Where there is more already."},
        cursor={**TEXT, "description": "Where to go on: the `since` of the next request."},
    ),
    "Snapshot": object_of(
        key=TEXT,
        name=TEXT,
        version=COUNT,
        author={"type": ["string", "null"]},
        created_at=MOMENT,
    ),
    "Periods": object_of(
        results=list_of(
            object_of(
                kind={"type": "string", "enum": ["squad", "role", "chapter", "lead", "manager"]},
                place=MAYBE_REFERENCE,
                role=TEXT,
                since=MAYBE_DAY,
                until=MAYBE_DAY,
                began=MAYBE_COUNT,
                ended=MAYBE_COUNT,
                is_undone={"type": "boolean"},
            )
        )
    ),
    "Freezes": object_of(results=list_of(object_of(name=TEXT, first_on=DAY, last_on=DAY))),
    "OperationKinds": object_of(results=list_of(ref("OperationKind"))),
    "Moved": object_of(people=list_of(ref("Person"))),
}


class ResourceSchema(AutoSchema):
    """Describes an endpoint from its view's declarations."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any
    ) -> Shape | None:
        self.registry, self.path, self.method = registry, path, method
        self.view: Any
        action = getattr(self.view, "action", None) or method.lower()
        told: Endpoint | None = getattr(getattr(self.view, action), "endpoint", None)
        if told is None:
            return None
        tag = self.view.tag
        operation: Shape = {
            "operationId": f"{tag}_{action}".replace("-", "_"),
            "summary": self._words(told.summary),
            "tags": [tag],
            "parameters": [
                *self._path_parameters(path),
                *self._query_parameters(told, method),
                *self._header_parameters(told, method),
            ],
            "responses": self._responses(told, method),
        }
        if description := self._words(told.description):
            operation["description"] = description
        if told.content:
            content = {media_type: {"schema": shape} for media_type, shape in told.content.items()}
            operation["requestBody"] = {"required": True, "content": content}
        if told.body is not None:
            operation["requestBody"] = self._request_body(told)
        return operation

    def _words(self, text: str) -> str:
        return text.format(view=self.view)

    def _path_parameters(self, path: str) -> list[Shape]:
        about: Mapping[str, str] = getattr(self.view, "path_parameters", {})
        return [
            {
                "name": name,
                "in": "path",
                "required": True,
                "schema": {**COUNT, "minimum": 0} if name in ("version", "position") else TEXT,
                "description": about.get(name, "Id or key."),
            }
            for name in about
            if f"{{{name}}}" in path
        ]

    def _query_parameters(self, told: Endpoint, method: str) -> list[Shape]:
        found: dict[str, tuple[str, Shape]] = dict(told.parameters)
        if told.many:
            for name, each in filters_of(self.view, told).items():
                found[name] = (each.about, dict(each.schema or TEXT))
            found["limit"] = (
                "Records per page.",
                {**COUNT, "minimum": 1, "maximum": LIMIT, "default": PAGE},
            )
            found["cursor"] = ("Where the page starts, as given in `next`.", dict(NAMED))
        if told.reality:
            found["draft"] = ("Key of a draft to read or write, instead of the live organization.", TEXT)
            if method == "GET":
                found["as_of"] = ("A day to read as it was or is planned, or the key of a snapshot.", TEXT)
        if method == "DELETE" and told.reality:
            found |= {
                name: (shape_of(spec)["description"], shape_of(spec)) for name, spec in IN_ADDRESS.items()
            }
        if method == "GET":
            found |= self._selection(told)
        return [
            {"name": name, "in": "query", "description": about, "schema": schema, **_comma_separated(schema)}
            for name, (about, schema) in found.items()
        ]

    def _selection(self, told: Endpoint) -> dict[str, tuple[str, Shape]]:
        """Return the parameters that choose fields of an answer and open references in it."""
        selection = self.view.selection(told)
        names = {"fields": selection.fields, "expand": selection.paths}
        about = {
            "fields": "Only these fields; the others are left out, required ones as well.",
            "expand": "References to hold whole, not just by name.",
        }
        return {
            name: (about[name], {**list_of({"type": "string", "enum": [*names[name]]}), "minItems": 1})
            for name in selection.parameters
        }

    def _header_parameters(self, told: Endpoint, method: str) -> list[Shape]:
        if method == "POST":
            name = "IdempotencyKeyRequired" if told.key_required else "IdempotencyKey"
            name = "" if told.tells_secret else name
        elif method == "GET":
            name = "IfNoneMatch" if told.answers and not told.many else ""
        else:
            name = "IfMatch" if self._is_object() else ""
        return [component("parameters", name)] if name else []

    def _is_object(self) -> bool:
        """Return whether the address can be read, so that changing it asks for what was read."""
        return "get" in (getattr(self.view, "action_map", None) or ()) or hasattr(self.view, "get")

    def _request_body(self, told: Endpoint) -> Shape:
        body = named(self.view, told.body)
        if isinstance(body, str):  # operations, one or many
            schema: Shape = {"oneOf": [self._component(body), list_of(self._component(body))]}
            return {"required": True, "content": {"application/json": {"schema": schema}}}
        shape = body_shape(body, body.named)
        self._register(f"{body.name}Body", shape)
        content = {"application/json": {"schema": ref(f"{body.name}Body")}}
        return {"required": "required" in shape, "content": content}

    def _responses(self, told: Endpoint, method: str) -> Shape:
        answers = named(self.view, told.answers)
        done: Shape = {
            "description": "Done." if method != "GET" else "Here it is.",
            "headers": {name: component("headers", name) for name in _headers(told, method)},
        }
        found: Shape = {str(told.status): done}
        if told.produces:
            done["content"] = {media_type: {} for media_type in told.produces}
        if answers:
            schema = self._component(answers)
            if told.many:
                following = {
                    "type": ["string", "null"],
                    "format": "uri",
                    "description": "Address of the next page.",
                }
                schema = object_of(results=list_of(schema), next=following)
            done["content"] = {"application/json": {"schema": schema}}
        self._component("Problem")
        if told.or_status:
            found[str(told.or_status)] = done
        codes = [400, 401, 403, 404, 422, 429, *told.also]
        if method != "GET":
            codes += [409, 413, 415] if method != "DELETE" else [409]
        if method not in ("GET", "POST") and self._is_object():
            codes += [412, 428]
        if method == "GET" and answers and not told.many:
            found["304"] = {"description": "It is what you hold already."}
        return found | {str(code): component("responses", f"Problem{code}") for code in sorted(codes)}

    def _component(self, name: str) -> Shape:
        known = {**getattr(self.view, "shapes", {}), **COMPONENTS}
        shape = known[name]
        if not self._register(name, shape):
            return ref(name)
        for used in _REFERENCE.findall(str(shape)):
            if used in known:  # otherwise another resource brings it
                self._component(used)
        return ref(name)

    def _register(self, name: str, shape: Shape) -> bool:
        """Note a component and return whether it is new."""
        component_class: Any = ResolvedComponent
        made = component_class(name=name, type=ResolvedComponent.SCHEMA, schema=shape, object=name)
        if made in self.registry:
            assert self.registry[made].schema == shape, f"{name} means two things"
            return False
        self.registry.register(made)
        return True


def _headers(told: Endpoint, method: str) -> list[str]:
    """Return what an answer says beside its content."""
    found = ["X-Request-Id"]
    if method != "GET":
        found.append("Change-Set")
    if method == "POST" and not told.tells_secret:
        found.append("Idempotent-Replayed")
    if told.status == 201:
        found.append("Location")
    if told.many:
        found.append("Link")
    elif told.answers:
        found.append("ETag")
    return found


def _comma_separated(schema: Shape) -> Shape:
    return {"style": "form", "explode": False} if schema.get("type") == "array" else {}
