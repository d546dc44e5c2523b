"""Up to a thousand people created, changed and moved by one request: all of it or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from orgmodel.changes.wording import explain
from orgmodel.core.changes import Conflict
from orgmodel.core.operations import EditPerson, HirePerson, MovePeople, Operation, Refused
from orgmodel.core.org import Org
from orgmodel.core.records import Record, Spec
from orgmodel.integrations.bodies import OPTIONS, Body, Json, Place, Reader
from orgmodel.integrations.problems import Fault, Faulty, fault_of
from orgmodel.integrations.resources import Editable, create_body, edit_body, org_of
from orgmodel.integrations.schema import body_shape, endpoint
from orgmodel.integrations.shapes import Shape, list_of
from orgmodel.integrations.writing import write

MOST = 1_000
WHO = {"person": Spec("ref", target="person", required=True)}
EDIT = edit_body(EditPerson)
# Where someone is by now, the squad of their membership, is told at what a move set out from.
FROM = {"source": "from", "squad": "from"}
MOVE = Body.of_operation(MovePeople, without=("people",), renamed={**FROM, "people": "person"})
ACTIONS: Mapping[str, Body] = {
    "create": create_body(HirePerson),
    "update": replace(EDIT, fields={**WHO, **EDIT.fields}),
    "move": replace(MOVE, fields={**WHO, **MOVE.fields}),
}
"""What an item holds beside its `action`."""
REST = Body("Batch", {})  # beside the items: why, from when on, on which version


def _item_shape(name: str, body: Body) -> Shape:
    shape = body_shape(body, body.own)
    properties = {"action": {"type": "string", "enum": [name]}, **shape["properties"]}
    return {**shape, "properties": properties, "required": ["action", *shape.get("required", ())]}


_ITEMS = {
    **list_of({"oneOf": [_item_shape(*each) for each in ACTIONS.items()]}),
    "minItems": 1,
    "maxItems": MOST,
}
BATCH: Shape = {
    "type": "object",
    "properties": {"items": _ITEMS, **body_shape(REST, OPTIONS)["properties"]},
    "additionalProperties": False,
    "required": ["items"],
}
Edits = Callable[[Record, dict[str, Any]], list[tuple[str, Operation]]]


class Batch(Editable):
    """Adds `POST people/batch/`."""

    @endpoint(
        "Create, change and move many people at once",
        answers="Moved",
        content={"application/json": BATCH},
        description=f"Up to {MOST:,} items, carried out in their order as one change set, all or none. A later item "
        "may name someone whom an earlier one creates, by key. The pointer of an error names its item.",
    )
    @action(detail=False, methods=["post"])
    def batch(self, request: Request) -> Response:
        items, rest = _items(request.data)
        _, options = REST.read(rest, org_of(request))
        reality: Any = request._request.reality  # type: ignore[attr-defined]
        work = _Work(org_of(request), options.effective_on or reality.takes_effect_on, self.edits)
        for position, item in enumerate(items):
            work.add(position, item)
        work.check()
        self.places = work.places
        written = write(request, work.operations, options)
        people = [
            self.represent(written.org, written.org.people[person]) for person in dict.fromkeys(work.people)
        ]
        return Response({"people": people}, headers=written.headers)


def _items(body: Json) -> tuple[list[Json], dict[str, Json]]:
    if not isinstance(body, dict) or not isinstance(body.get("items"), list) or not body["items"]:
        raise Faulty([Fault("required", "“items” must be a list with at least one item.", "/items")])
    items = body["items"]
    if len(items) > MOST:
        detail = f"{len(items):,} items are more than the {MOST:,} of one batch; send them in several."
        raise Faulty([Fault("too_many", detail, "/items")])
    return items, {name: value for name, value in body.items() if name != "items"}


@dataclass(slots=True)
class _Work:
    """The operations of a batch while they are read, each carried out before the next one is looked at."""

    org: Org
    on: date
    edits: Edits
    operations: list[Operation] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)  # of each operation
    people: list[str] = field(default_factory=list)  # whom the items are about
    faults: list[Fault] = field(default_factory=list)
    malformed: bool = False

    def add(self, position: int, item: Json) -> None:
        within = f"/items/{position}"
        try:
            body, person, told = self._read(item)
        except Faulty as faulty:
            self.malformed |= faulty.kind.status == 400
            self.faults += [replace(each, pointer=within + (each.pointer or "")) for each in faulty.faults]
            return
        for name, operation in told:
            place = body.place(within, only=name)
            try:
                self.org = operation.dated(self.on).apply(self.org)
            except (Refused, Conflict) as objection:
                found = explain(objection, self.org)
                self.faults += [fault_of(each, place.pointer(each.field)) for each in found]
                return
            self.operations.append(operation)
            self.places.append(place)
        self.people.append(person)

    def _read(self, item: Json) -> tuple[Body, str, list[tuple[str, Operation]]]:
        """Return how an item is read, whom it is about, and what it does, as `edits` tells it. Raises Faulty."""
        name = item.get("action") if isinstance(item, dict) else None
        body = ACTIONS.get(name) if isinstance(name, str) else None
        if body is None:
            raise Faulty([Fault("invalid", f"“action” must be one of {', '.join(ACTIONS)}.", "/action")])
        given = {key: value for key, value in item.items() if key != "action"}
        values = body.unrenamed(Reader(self.org).fields(body.own, given, body.kind))
        if name == "create":
            id_ = str(uuid.uuid4())
            return body, id_, [("", HirePerson(id=id_, values=values))]
        person = values.pop("person")
        if name == "move":
            return body, person, [("", MovePeople(people=(person,), **values))]
        return body, person, self.edits(self.org.people[person], values)

    def check(self) -> None:
        """Raise Faulty where an item cannot be read, or cannot be done."""
        if self.faults:
            conflicts = all(fault.code == "conflict" for fault in self.faults)
            raise Faulty(self.faults, 400 if self.malformed else 409 if conflicts else 422)
