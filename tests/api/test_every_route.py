"""What every endpoint does alike, asked of each one that the routes lead to."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admindocs.views import simplify_regex
from django.urls import URLPattern, URLResolver

from orgmodel import api
from orgmodel.changes import store
from orgmodel.integrations.document import document
from tests.api.conftest import Caller, problem

pytestmark = pytest.mark.django_db

PAGES = {"docs/", "schema/", "problems/{name}/"}
WITHOUT_OBJECT = {"drafts/{key}/operations/last/"}  # nothing to read there: it undoes the last edit
KEYS = {
    "people": "ana",
    "squads": "phoenix",
    "tribes": "payments",
    "chapters": "backend",
    "guilds": "testing",
    "missions": "pay-anywhere",
    "vacancies": "data-engineer",
    "roles": "engineer",
    "drafts": "later",
    "rules": "SQ-01",
    "words": "tribe",
    "snapshots": "spring",
    "change-sets": "1",
}


def routes(patterns: Any, prefix: str = "") -> Iterator[str]:
    """Yield every address of the API, with its parameters in braces."""
    for pattern in patterns:
        place = prefix + simplify_regex(str(pattern.pattern)).replace("<slug:", "<").lstrip("/")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, place)
        elif isinstance(pattern, URLPattern):
            yield place.replace("<", "{").replace(">", "}")


def endpoints(*methods: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield method, address with the keys of what is there, and what the document says of each endpoint."""
    for path, told in document()["paths"].items():
        address = path.removeprefix("/api/v1/")
        key = KEYS.get(address.partition("/")[0], "6f9619ff-8b86-4d01-b42d-00cf4fc964ff")
        filled = address.replace("{key}", key).replace("{version}", "1").replace("{position}", "1")
        filled = filled.replace("{login}", "ana").replace("{id}", key).replace("{delivery}", key)
        for method, operation in told.items():
            if method.upper() in methods:
                yield method.upper(), filled, operation


@pytest.fixture
def designer(calling: Any, payments: Any, settings: Any) -> Caller:
    settings.API_RATE_LIMIT = (0, 0)
    caller: Caller = calling("org designer")
    caller.post("drafts/", {"name": "Later"})
    caller.patch("people/ana/?draft=later", {"craft": "web"})
    caller.post("snapshots/", {"name": "Spring"})
    return caller


ALL = ("GET", "POST", "PATCH", "PUT", "DELETE")


def test_every_route_is_in_the_document() -> None:
    told = {path.removeprefix("/api/v1/") for path in document()["paths"]}
    assert {*routes(api.urlpatterns)} - PAGES == told


def test_strangers_are_asked_who_they_are(payments: Any) -> None:
    for method, address, _ in endpoints(*ALL):
        answer = Caller()(method, address)
        problem(answer, 401)
        assert answer["WWW-Authenticate"].startswith("Bearer"), address


def test_a_parameter_that_means_nothing_is_named(designer: Caller) -> None:
    for method, address, _ in endpoints(*ALL):
        problem(designer(method, f"{address}?colour=red"), 400, ("colour", "unknown_parameter"))


def test_a_field_that_means_nothing_is_named(designer: Caller) -> None:
    checked = 0
    for method, address, told in endpoints("POST", "PATCH", "PUT"):
        content = told.get("requestBody", {}).get("content", {})
        if [*content] != ["application/json"]:
            continue
        answer = designer(method, address, {"colour": "red"}, **{"Idempotency-Key": uuid.uuid4().hex})
        if answer.status_code != 404:  # nothing of this kind is in the organization
            assert answer.status_code in (400, 403), (method, address, answer.content)
            checked += answer.status_code == 400
    assert checked > 60


def test_a_body_that_is_no_json_is_refused(designer: Caller) -> None:
    for method, address, told in endpoints("POST", "PATCH", "PUT"):
        if [*told.get("requestBody", {}).get("content", {})] == ["application/json"]:
            answer = designer(method, address, b"{", **{"Idempotency-Key": uuid.uuid4().hex})
            assert answer.status_code in (400, 403, 404), (method, address, answer.content)
            assert answer["Content-Type"] == "application/problem+json"


def test_what_is_changed_was_read(designer: Caller) -> None:
    free = 0
    for method, address, told in endpoints("PATCH", "PUT", "DELETE"):
        answer = designer.exactly(method, address)
        if "428" in told["responses"]:
            problem(answer, 428, ("If-Match", "required"))
        else:
            free += 1
    assert free == len(WITHOUT_OBJECT)


@pytest.mark.parametrize("role", ["viewer", "org designer"])
def test_other_methods_are_refused(calling: Any, payments: Any, settings: Any, role: str) -> None:
    settings.API_RATE_LIMIT = (0, 0)
    caller = calling(role)
    for path in {address for _, address, _ in endpoints(*ALL)}:
        for method in ("OPTIONS", "TRACE"):
            answer = caller(method, path)
            problem(answer, 405)
            assert answer["Allow"], path


def test_pages_have_at_most_200_and_lead_on(designer: Caller) -> None:
    lists = 0
    for method, address, told in endpoints("GET"):
        if "limit" not in {each.get("name") for each in told["parameters"]}:
            continue
        page = designer(method, f"{address}?limit=1")
        if page.status_code == 404:
            continue  # nothing of this kind is in the organization
        problem(designer(method, f"{address}?limit=201"), 400, ("limit", "invalid"))
        problem(designer(method, f"{address}?limit=0"), 400, ("limit", "invalid"))
        if page.json().get("next"):
            assert page["Link"] == f'<{page.json()["next"]}>; rel="next"', address
            lists += 1
    assert lists >= 10


def test_objects_have_tags_and_give_what_is_asked_for(designer: Caller) -> None:
    objects = 0
    for method, address, told in endpoints("GET"):
        names = {each.get("name") for each in told["parameters"]}
        if "limit" in names or "304" not in told["responses"]:
            continue
        answer = designer(method, address)
        if answer.status_code == 200:
            objects += 1
            held = designer(method, address, **{"If-None-Match": answer["ETag"]})
            assert held.status_code == 304, address
            first = next(iter(answer.json()))
            assert [*designer(method, f"{address}?fields={first}").json()] == [first], address
            problem(designer(method, f"{address}?fields=colour"), 400, ("fields", "invalid"))
    assert objects >= 20


WRITES = [
    ("POST", "people/", {"name": "Dora"}),
    ("POST", "people/ben/move/", {"to": "comet"}),
    ("POST", "moves/", {"moves": [{"people": ["ben"], "to": "comet"}]}),
    ("POST", "rotations/", {"people": ["ana", "cleo"]}),
    ("PATCH", "squads/comet/", {"name": "Halley"}),
    ("DELETE", "roles/spare/", None),
    ("POST", "guilds/testing/leave/", {"people": ["ana"]}),
    ("PATCH", "rules/SQ-01/", {"is_on": False}),
    ("PATCH", "words/tribe/", {"one": "area"}),
    ("POST", "change-sets/1/undo/", {"message": "No"}),
    ("POST", "drafts/later/publish/", {"despite": "A test."}),
]


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_what_changed_something_says_where_it_is_recorded(
    designer: Caller, method: str, path: str, body: Any
) -> None:
    designer.post("roles/", {"name": "Spare"})
    before = store.head().version
    answer = designer(method, path, body)
    changed = store.head().version - before
    assert (changed, answer.get("Change-Set")) in ((1, str(before + 1)), (0, None)), answer.content
    assert changed == (answer.status_code < 300), answer.content


@pytest.mark.parametrize("path", ["nowhere/", "people/ana", "people/nobody/", "people/ana/nothing/"])
def test_what_is_not_there(designer: Caller, path: str) -> None:
    problem(designer.get(path), 404)


def test_the_id_of_a_request(designer: Caller) -> None:
    assert designer.get("org/", **{"X-Request-Id": "trace-7.a:b"})["X-Request-Id"] == "trace-7.a:b"
    for strange in ("a b", "ä", "x" * 129, "<script>"):
        assert re.fullmatch("[0-9a-f]{32}", designer.get("org/", **{"X-Request-Id": strange})["X-Request-Id"])
