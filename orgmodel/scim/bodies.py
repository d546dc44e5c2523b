"""Bodies as identity providers send them, put the way the protocol has it: managers and members that are bare ids."""

from __future__ import annotations

from typing import Any

import orjson
from scim2_models import InvalidSyntaxException, InvalidValueException

from orgmodel.scim.mapping import ENTERPRISE


def normalized(body: bytes) -> bytes:
    """Return a body with what the protocol's core cannot read put right. What is no JSON is left for it to refuse."""
    if b"\\u0000" in body:
        raise InvalidValueException(detail="The character NUL (\\u0000) cannot be stored.")
    try:
        payload = orjson.loads(body)
    except orjson.JSONDecodeError:
        return body
    try:
        return orjson.dumps(_payload(payload))
    except orjson.JSONEncodeError:
        raise InvalidSyntaxException(detail="The body is nested too deeply.") from None


def _payload(payload: Any) -> Any:
    if not isinstance(payload, dict):
        return payload
    return {
        name: [_operation(each) for each in value]
        if name.lower() == "operations" and isinstance(value, list)
        else value
        for name, value in _attributes(payload).items()
    }


def _operation(operation: Any) -> Any:
    """Return an operation of a PATCH, or of a bulk request, whose data is a body of its own."""
    if not isinstance(operation, dict):
        return operation
    named = {name.lower(): name for name in operation}
    if "data" in named:
        return {**operation, named["data"]: _payload(operation[named["data"]])}
    path = operation.get(named.get("path", ""))
    if "value" not in named:
        return operation
    value = operation[named["value"]]
    if not isinstance(path, str):
        return {**operation, named["value"]: _attributes(value) if isinstance(value, dict) else value}
    right = _value(path, value)
    if right is None and value is not None:  # nobody is the manager any more
        return {"op": "remove", "path": path}
    return {**operation, named["value"]: right}


def _attributes(attributes: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _extension(value) if name.lower() == ENTERPRISE.lower() else _value(name, value)
        for name, value in attributes.items()
    }


def _extension(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: _value(f"{ENTERPRISE}:{name}", each) for name, each in value.items()}


def _value(path: str, value: Any) -> Any:
    """Return the value of an attribute: members and the manager are objects with an id, never the id itself."""
    attribute = path.lower().rpartition(":")[2]
    if attribute == "members":
        members = value if isinstance(value, list) else [value]
        return [
            {"value": member} if isinstance(member, str) else member
            for member in members
            if member is not None
        ]
    if attribute == "manager":
        return _manager(value)
    return value


def _manager(value: Any) -> Any:
    """Return a manager as an object with an id and a reference, as the protocol has it; None where nobody is meant."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    manager = {"value": value} if isinstance(value, str) else value
    if not isinstance(manager, dict):
        return manager
    id_ = manager.get("value")
    return {"$ref": f"Users/{id_}", **manager} if id_ else None
