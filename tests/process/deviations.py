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
    """Only the server makes cursors and knows snapshots; made-up ones are refused, and a day beside a draft."""
    places = ("cursor", "since", "as_of")
    return code == "ST202" and _refused_only(response, lambda error: error.get("parameter") in places)


def spaces_around_a_header(code: str, case: Any, response: Any) -> bool:
    """HTTP takes spaces off the ends of a header's value, so that the server reads one that is fine."""
    key = (case.headers or {}).get("Idempotency-Key")
    return code == "ST201" and isinstance(key, str) and key != key.strip() and key.strip() != ""


def characters_that_cannot_be_stored(code: str, case: Any, response: Any) -> bool:
    """No database holds a text with U+0000 or half a surrogate; saying so would put a pattern on every text."""
    said = "characters that cannot be stored"

    def explains(error: dict[str, Any]) -> bool:
        return said in error["detail"] or error["code"] == "unknown_reference"  # a 422 where it is alone

    return code == "ST202" and _refused_only(response, explains)


def fields_of_operations(code: str, case: Any, response: Any) -> bool:
    """Which fields an operation takes is in `GET operations/`: the document names operations, not their fields."""
    drafts = "/api/v1/drafts/" in case.path and case.method == "POST"
    return code == "ST202" and drafts and _refused_only(response, lambda error: "pointer" in error)


def parts_without_a_file(code: str, case: Any, response: Any) -> bool:
    """A part of a form is a file by its file name, of which shapes know nothing."""
    is_form = case.path == "/api/v1/imports/" and case.media_type == "multipart/form-data"
    return code == "ST202" and is_form and _refused_only(response, lambda error: error["code"] == "required")


KNOWN = (
    fewer_fields,
    opaque_place,
    spaces_around_a_header,
    characters_that_cannot_be_stored,
    fields_of_operations,
    parts_without_a_file,
)


def _refused_only(response: Any, explains: Callable[[dict[str, Any]], bool]) -> bool:
    """Return whether a request cannot be read, and every error that it is answered with is explained."""
    return response.status_code == 400 and all(map(explains, response.json()["errors"]))
