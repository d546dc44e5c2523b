"""Bodies as identity providers send them, put the way the protocol has it: managers and members that are bare ids."""

from __future__ import annotations

from typing import Any

import orjson
from scim2_models import InvalidValueException

from orgmodel.scim.mapping import ENTERPRISE


def normalized(body: bytes) -> bytes:
    """Return a body with what the protocol's core cannot read put right. What is no JSON is left for it to refuse."""
    if b"\\u0000" in body:
        raise InvalidValueException(detail="The character NUL (\\u0000) cannot be stored.")
    try:
        payload = orjson.loads(body)
    except orjson.JSONDecodeError:
        return body
    return orjson.dumps(_payload(payload))


def _payload(payload: Any) -> Any:
    if not isinstance(payload, dict):
        return payload
    return {
        name: [_operation(each) for each in value] if name.lower() == "operations" and isinstance(value, list) else value
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
    value = operation.get(named.get("value", ""))
    if isinstance(path, str):
        put_right = _value(path, value)
    else:
        put_right = _attributes(value) if isinstance(value, dict) else value
    return {**operation, named["value"]: put_right} if "value" in named else operation


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
        return [{"value": member} if isinstance(member, str) else member for member in members if member is not None]
    if attribute == "manager":
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        return {"value": value} if isinstance(value, str) else value
    return value
