"""What every resource of records has: lists, single records, and writes that become operations.

A resource declares its kind of record and its operations; fields, filters, bodies and schema follow from `specs_of`.
"""

from __future__ import annotations

import dataclasses
import operator
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.http import Http404
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from orgmodel.changes.jsonio import operation_specs
from orgmodel.changes.wording import Fact
from orgmodel.core.operations import Create, Edit, Operation, Rename
from orgmodel.core.operations.base import noun
from orgmodel.core.org import Org
from orgmodel.core.records import KINDS, Record, Spec, specs_of
from orgmodel.integrations import paging, selection
from orgmodel.integrations.bodies import IN_ADDRESS, Body, Options, Reader, id_of
from orgmodel.integrations.conventions import ApiView
from orgmodel.integrations.filters import Filter, filters_of
from orgmodel.integrations.schema import endpoint, record_shape
from orgmodel.integrations.shapes import Shape
from orgmodel.integrations.writing import Written, write

Json = dict[str, Any]
FieldVerbs = Mapping[str, Callable[[str, Any], Operation | None]]


class RecordViewSet(ApiView, ViewSet):
    """Reads: a list with filters and pages, and single records by id or key."""

    kind: ClassVar[str]
    extra_filters: ClassVar[Mapping[str, Filter]] = {}
    extra_shape: ClassVar[Mapping[str, Shape]] = {}
    lookup_url_kwarg = "key"
    lookup_value_regex = "[^/]+"
    path_parameters: ClassVar[Mapping[str, str]] = {"key": "Id or key."}

    # What follows from the declarations
    tag: ClassVar[str]
    noun: ClassVar[str]
    plural: ClassVar[str]
    component: ClassVar[str]
    filters: ClassVar[Mapping[str, Filter]]
    shapes: ClassVar[Mapping[str, Shape]]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "kind" not in cls.__dict__:
            return
        record = KINDS[cls.kind]
        cls.tag = record.PLURAL.replace("_", "-")
        cls.noun, cls.plural = noun(cls.kind), noun(record.PLURAL)
        cls.component = record.__name__
        cls.filters = {**filters_of(cls.kind), **cls.extra_filters}
        cls.shapes = {cls.component: record_shape(cls.kind, cls.extra_shape)}
        selection.REPRESENTED[cls.kind] = cls().represent

    @endpoint("List {view.plural}", answers=".component", many=True)
    def list(self, request: Request) -> Response:
        records, place = paging.page_of(request, self.kind, self.filters)
        org = org_of(request)
        return paging.answer(request, [self.represent(org, record) for record in records], place)

    @endpoint("Read one {view.noun}", answers=".component")
    def retrieve(self, request: Request, key: str) -> Response:
        org = org_of(request)
        return Response(self.represent_in_full(org, self.find(org, key)))

    def represent(self, org: Org, record: Any) -> Json:
        """Return a record as lists hold it."""
        return represent(org, record)

    def represent_in_full(self, org: Org, record: Any) -> Json:
        """Return a record as its own address answers it."""
        return self.represent(org, record)

    def find(self, org: Org, key: str) -> Any:
        found = org.get(self.kind, id_of(org, self.kind, key))
        if found is None:
            raise Http404(f"There is no such {self.noun}.")
        return found

    def answer(self, written: Written, id_: str, status: int = 200) -> Response:
        """Answer a write with the record as it is now."""
        record = self.find(written.org, id_)
        return Response(self.represent_in_full(written.org, record), status=status, headers=written.headers)

    def created(self, request: Request, written: Written, id_: str) -> Response:
        response = self.answer(written, id_, status=201)
        response["Location"] = request.build_absolute_uri(f"{request.path}{id_}/")
        return response

    def read_body(self, request: Request, body: Body) -> tuple[dict[str, Any], Options]:
        return body.read(request.data, org_of(request))


class Creatable(RecordViewSet):
    """Adds POST to the list."""

    create_operation: ClassVar[type[Create]]
    create_body: ClassVar[Body]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "create_operation" in cls.__dict__:
            cls.create_body = create_body(cls.create_operation)

    @endpoint("Create a {view.noun}", answers=".component", body=".create_body", status=201)
    def create(self, request: Request) -> Response:
        values, options = self.read_body(request, self.create_body)
        id_ = str(uuid.uuid4())
        written = write(request, [self.create_operation(id=id_, values=values)], options)
        return self.created(request, written, id_)


class Editable(RecordViewSet):
    """Adds PATCH: a merge patch, told as the operations that people would use."""

    edit_operation: ClassVar[type[Edit]]
    rename_operation: ClassVar[type[Rename] | None] = None
    field_verbs: ClassVar[FieldVerbs] = {}  # fields that have an operation of their own
    edit_body: ClassVar[Body]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "edit_operation" in cls.__dict__:
            cls.edit_body = edit_body(cls.edit_operation)

    @endpoint(
        "Change a {view.noun}",
        answers=".component",
        body=".edit_body",
        description="A merge patch: fields left out stay. `seen` holds what you built on; "
        "it is a conflict where that has changed.",
    )
    def partial_update(self, request: Request, key: str) -> Response:
        record = self.find(org_of(request), key)
        values, options = self.read_body(request, self.edit_body)
        edits = self.edits(record, values)
        self.places = [self.edit_body.place(only=field) for field, _ in edits]
        written = write(request, [operation for _, operation in edits], options)
        return self.answer(written, record.id)

    def edits(self, record: Record, values: dict[str, Any]) -> list[tuple[str, Operation]]:
        """Return the operations that set what differs, each with the field that it is for, "" where it is the edit.

        A field in `seen` is checked by the edit, whatever its verb.
        """
        seen = values.pop("seen", {})
        for name in [name for name, spec in self.edit_body.fields.items() if spec.kind == "merge"]:
            if name in values:
                merged = dict(getattr(record, name)) | dict(values[name])
                values[name] = tuple(sorted((own, text) for own, text in merged.items() if text))
        news = {name: value for name, value in values.items() if getattr(record, name) != value}
        operations: list[tuple[str, Operation]] = []
        for name, verb in self._verbs().items():
            if name in news and name not in seen and (told := verb(record.id, news[name])) is not None:
                operations.append((name, told))
                del news[name]
        if news:
            operations.append(("", self.edit_operation(id=record.id, values=news, seen=seen)))
        return operations

    def _verbs(self) -> FieldVerbs:
        rename = self.rename_operation
        if rename is None:
            return self.field_verbs
        return {rename.NAME: lambda id_, value: rename(id=id_, name=value), **self.field_verbs}


def verb(
    name: str,
    operation: Any,
    *,
    record: str = "id",
    renamed: Mapping[str, str] | None = None,
    summary: str = "",
    called: str = "",
) -> Any:
    """Return `POST <record>/<name>/`: an operation on one record, its other fields from the body.

    A new id is made here. `called` names the body where another one of the operation has its name.
    """
    specs = operation_specs(operation)
    new_ids = tuple(field for field, spec in specs.items() if spec.kind == "id")
    body = Body.of_operation(operation, without=(record, *new_ids), renamed=renamed, called=called)

    @endpoint(summary or _first_line(operation), answers=".component", body=body)
    def method(self: RecordViewSet, request: Request, key: str) -> Response:
        subject = self.find(org_of(request), key)
        values, options = self.read_body(request, body)
        given = {record: (subject.id,) if specs[record].kind == "refs" else subject.id}
        given |= {field: str(uuid.uuid4()) for field in new_ids}
        written = write(request, [operation(**given, **values)], options)
        return self.answer(written, subject.id)

    method.__name__ = name.replace("-", "_")
    method.__doc__ = operation.__doc__
    return action(detail=True, methods=["post"], url_path=name)(method)


def create_body(operation: type[Create]) -> Body:
    """Return the body that creates a record: all its fields but those that closing and filling set."""
    fields = {
        name: spec
        for name, spec in specs_of(operation.KIND).items()
        if name not in ("closed_on", "filled_by")
    }
    if "key" in fields:
        fields["key"] = dataclasses.replace(fields["key"], required=False)
    return Body(operation.__name__, fields)


def edit_body(operation: type[Edit]) -> Body:
    """Return the body that edits a record: none of its fields required, and `seen`."""
    specs = {name: spec for name, spec in specs_of(operation.KIND).items() if name not in operation.FIXED}
    fields = {
        name: dataclasses.replace(spec, kind="merge" if spec.kind == "ids" else spec.kind, required=False)
        for name, spec in specs.items()
    }
    return Body(operation.__name__, {**fields, "seen": Spec("values")}, kind=operation.KIND)


def delete_options(request: Request) -> Options:
    """Return the options of a DELETE, which has no body: they stand in the address."""
    given: dict[str, Any] = {
        name: value for name, value in request.query_params.items() if name in IN_ADDRESS
    }
    if re.fullmatch(r"[0-9]{1,10}", given.get("expected_version", "")):
        given["expected_version"] = int(given["expected_version"])
    return Options(**Reader(org_of(request)).fields(IN_ADDRESS, given))


def org_of(request: Request) -> Org:
    """Return the organization that a request is about."""
    org: Org = request._request.reality.org  # type: ignore[attr-defined]
    return org


def _first_line(operation: type[Operation]) -> str:
    return (operation.__doc__ or "").strip().splitlines()[0].rstrip(".")


# Answers


def reference(org: Org, kind: str, id_: str | None) -> Json | None:
    """Return another record as answers mention it."""
    record: Any = org.get(kind, id_)
    return {"id": record.id, "key": record.key, "name": record.name} if record is not None else None


def fact_json(fact: Fact) -> Json:
    return {name: getattr(fact, name) for name in ("kind", "id", "subject", "field", "before", "after")}


def represent(org: Org, record: Any, *, without: str = "") -> Json:
    """Return a record with its own fields; references as `reference` shows them."""
    names, values, refs, ids = _readers(record.KIND)
    found = dict(zip(names, values(record), strict=True))
    for name, target in refs:
        found[name] = reference(org, target, found[name])
    for name in ids:
        found[name] = dict(found[name])
    if without:
        del found[without]
    return found


def _make_readers(kind: str) -> tuple[Any, ...]:
    specs = specs_of(kind)
    names = ("id", *specs)
    refs = [(name, spec.target) for name, spec in specs.items() if spec.kind == "ref"]
    return (
        names,
        operator.attrgetter(*names),
        refs,
        [name for name, spec in specs.items() if spec.kind == "ids"],
    )


_READERS = {kind: _make_readers(kind) for kind in KINDS}


def _readers(kind: str) -> tuple[Any, ...]:
    return _READERS[kind]
