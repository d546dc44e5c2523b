"""Where answers are right and the document cannot say so: known to schemathesis by name, each with its reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import schemathesis
import yaml


@schemathesis.deserializer(
    "application/yaml", "text/yaml", "application/x-yaml", "text/x-yaml", "text/vnd.yaml"
)
def catalog(context: Any, response: Any) -> Any:
    """A Backstage catalog is several documents in one file."""
    return [*yaml.safe_load_all(response.content)]


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Keep a failure unless one of these explains it."""
    return not any(known(failure.code, case, response) for known in KNOWN)


def fewer_fields(code: str, case: Any, response: Any) -> bool:
    """`fields` leaves out required fields: that is what it is for, and a shape cannot depend on a parameter."""
    return code == "ST108" and "fields" in (case.query or {})


def opaque_place(code: str, case: Any, response: Any) -> bool:
    """A cursor is text that only the server can make; made-up ones are refused."""
    return code == "ST202" and _refused_only(
        response, lambda error: error.get("parameter") in ("cursor", "since")
    )


def spaces_around_a_header(code: str, case: Any, response: Any) -> bool:
    """HTTP takes spaces off the ends of a header's value, so that the server reads one that is fine."""
    key = (case.headers or {}).get("Idempotency-Key")
    return code == "ST201" and isinstance(key, str) and key != key.strip() and key.strip() != ""


def characters_that_cannot_be_stored(code: str, case: Any, response: Any) -> bool:
    """No database holds a text with U+0000 or half a surrogate; saying so would put a pattern on every text."""
    said = "characters that cannot be stored"
    return code == "ST202" and _refused_only(response, lambda error: said in error["detail"])


def fields_of_operations(code: str, case: Any, response: Any) -> bool:
    """Which fields an operation takes is in `GET operations/`: the document names operations, not their fields."""
    drafts = "/api/v1/drafts/" in case.path and case.method == "POST"
    return code == "ST202" and drafts and _refused_only(response, lambda error: "pointer" in error)


KNOWN = (
    fewer_fields,
    opaque_place,
    spaces_around_a_header,
    characters_that_cannot_be_stored,
    fields_of_operations,
)


def _refused_only(response: Any, explains: Callable[[dict[str, Any]], bool]) -> bool:
    """Return whether a request cannot be read, and every error that it is answered with is explained."""
    return response.status_code == 400 and all(map(explains, response.json()["errors"]))
