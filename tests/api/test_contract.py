"""Inside v1 things are added: what was released is neither removed nor narrowed. The document is valid."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import openapi_spec_validator
import pytest
import yaml

from orgmodel.integrations.document import document
from tests.api.contract import breaks

RELEASED = Path(__file__).resolve().parents[2] / "docs" / "openapi-released.yaml"


@cache
def released() -> Any:
    return yaml.load(RELEASED.read_text(), Loader=yaml.CSafeLoader)


def test_nothing_that_was_released_is_removed_or_narrowed() -> None:
    assert breaks(released(), document()) == []


def test_the_document_is_valid() -> None:
    openapi_spec_validator.validate(document())


def test_every_endpoint_has_examples_that_fit() -> None:
    found, checked = document(), 0
    for methods in found["paths"].values():
        for name, operation in methods.items():
            answers = [each for each in operation["responses"].values() if "content" in each]
            for told in (operation.get("requestBody", {}), *answers):
                content = told.get("content", {}).get("application/json")
                if content is None:
                    continue
                example = found["components"]["examples"][
                    content["examples"]["example"]["$ref"].rpartition("/")[2]
                ]["value"]
                shape = {**content["schema"], "components": found["components"]}
                jsonschema.validate(example, shape, cls=jsonschema.Draft202012Validator)
                checked += 1
            assert operation["summary"], name
    assert checked > 150


PERSON = "GET /api/v1/people/{key}/: answer 200"
CREATE = "POST /api/v1/people/: body"


def without_path(new: Any) -> None:
    del new["paths"]["/api/v1/squads/{key}/split/"]


def without_method(new: Any) -> None:
    del new["paths"]["/api/v1/people/{key}/"]["patch"]


def without_field(new: Any) -> None:
    del new["components"]["schemas"]["Person"]["properties"]["email"]
    new["components"]["schemas"]["Person"]["required"].remove("email")


def without_value(new: Any) -> None:
    new["components"]["schemas"]["Person"]["properties"]["status"]["enum"].remove("active")


def with_other_type(new: Any) -> None:
    new["components"]["schemas"]["Person"]["properties"]["title"]["type"] = ["string", "null"]


def with_required(new: Any) -> None:
    new["components"]["schemas"]["HirePersonBody"]["required"].append("email")


def with_shorter(new: Any) -> None:
    new["components"]["schemas"]["HirePersonBody"]["properties"]["name"]["maxLength"] = 20


def without_request_field(new: Any) -> None:
    del new["components"]["schemas"]["HirePersonBody"]["properties"]["craft"]


def without_filter(new: Any) -> None:
    told = new["paths"]["/api/v1/people/"]["get"]["parameters"]
    told[:] = [each for each in told if each.get("name") != "craft"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (without_path, "POST /api/v1/squads/{key}/split/: removed"),
        (without_method, "PATCH /api/v1/people/{key}/: removed"),
        (without_field, ".email: removed"),
        (without_value, ".status: value 'active' removed"),
        (with_other_type, ".title: null where it was string"),
        (with_required, f"{CREATE}.email: required now"),
        (with_shorter, f"{CREATE}.name: maxLength is 20 now"),
        (without_request_field, f"{CREATE}.craft: removed"),
        (without_filter, "GET /api/v1/people/: parameter craft removed"),
    ],
)
def test_what_takes_from_clients_is_found(change: Callable[[Any], None], told: str) -> None:
    new = copy.deepcopy(released())
    change(new)
    assert any(each.endswith(told) for each in breaks(released(), new))


def test_what_is_added_takes_nothing() -> None:
    new = copy.deepcopy(released())
    new["paths"]["/api/v1/teams/"] = {}
    schemas = new["components"]["schemas"]
    schemas["Person"]["properties"]["shoe_size"] = {"type": "integer"}
    schemas["HirePersonBody"]["properties"]["shoe_size"] = {"type": "integer"}
    schemas["HirePersonBody"]["properties"]["name"]["maxLength"] = 1000
    assert breaks(released(), new) == []
