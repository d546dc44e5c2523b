"""Where an error says that something is in the way: in the body as it was sent, however it became operations."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Caller, problem

pytestmark = pytest.mark.usefixtures("payments")


@pytest.mark.parametrize(
    ("path", "body", "status", "places"),
    [
        # One operation, some of whose fields are in the address or have another name.
        ("people/ben/move/", {"from": "comet", "to": "comet"}, 409, ["/from"]),
        ("people/ben/move/", {"to": "phoenix"}, 422, ["/to"]),
        ("people/ben/move/", {"to": "comet", "effective_on": "2999-01-01"}, 422, ["/effective_on"]),
        ("people/ben/reinstate/", {}, 422, [""]),
        ("rotations/", {"people": ["ben"]}, 422, ["/people"]),
        ("rotations/", {"people": ["ana", "ben"], "effective_on": "2026-01-01"}, 422, ["/message"]),
        ("chapter-members/", {"person": "ana", "chapter": "backend"}, 422, ["/chapter"]),
        ("guild-members/", {"person": "ana", "guild": "testing"}, 422, ["/person"]),
        ("squads/comet/hand-over/", {"to": "phoenix"}, 422, [""]),  # it has no mission; the address names it
        # An operation for each item.
        (
            "moves/",
            {"moves": [{"people": ["ana"], "to": "comet"}, {"people": ["ben"], "to": "phoenix"}]},
            422,
            ["/moves/1/to"],
        ),
        (
            "moves/",
            {
                "moves": [
                    {"people": ["ana"], "to": "comet"},
                    {"people": ["ben"], "from": "comet", "to": "comet"},
                ]
            },
            409,
            ["/moves/1/from"],
        ),
        (
            "moves/",
            {"moves": [{"people": ["ana"], "to": "comet"}], "effective_on": "2999-01-01"},
            422,
            ["/effective_on"],
        ),
        (
            "people/batch/",
            {
                "items": [
                    {"action": "create", "name": "Dora"},
                    {"action": "move", "person": "dora", "to": "comet"},
                ]
            },
            422,
            ["/items/1/person"],
        ),
        (
            "people/batch/",
            {
                "items": [
                    {"action": "create", "name": "Dora"},
                    {"action": "update", "person": "ben", "email": "ana@"},
                ]
            },
            422,
            ["/items/1/email"],
        ),
        # Operations as drafts keep them, one or many, or as a draft is started with.
        (
            "drafts/later/operations/",
            {"operation": "MovePeople", "people": ["ben"], "to": "phoenix"},
            422,
            ["/to"],
        ),
        (
            "drafts/later/operations/",
            [
                {"operation": "RenameSquad", "id": "comet", "name": "Nova"},
                {"operation": "CreateSquad", "values": {"name": "New", "key": "phoenix"}},
            ],
            422,
            ["/1/values/key"],
        ),
        (
            "drafts/",
            {
                "name": "More",
                "operations": [
                    {"operation": "RenameSquad", "id": "comet", "name": "Nova"},
                    {"operation": "MovePeople", "people": ["ben"], "to": "phoenix"},
                ],
            },
            422,
            ["/operations/1/to"],
        ),
    ],
)
def test_a_pointer_leads_into_the_body_as_it_was_sent(
    editor: Caller, path: str, body: Any, status: int, places: list[str]
) -> None:
    editor.post("drafts/", {"name": "Later"})
    code = "conflict" if status == 409 else "refused"
    found = problem_at(editor.post(path, body), status)
    assert [pointer for pointer, _ in found] == places
    assert {each for _, each in found} <= {code, "field_fits", "key_unique"}


@pytest.mark.parametrize(
    ("path", "body", "places"),
    [
        ("tribes/payments/", {"purpose": "To pay", "lead": "gone"}, ["/lead"]),
        ("tribes/payments/", {"lead": "ben", "product_lead": "gone"}, ["/product_lead"]),
        ("tribes/payments/", {"lead": "ben", "name": "Search"}, ["/name"]),
        ("squads/comet/", {"tribe": "closed"}, ["/tribe"]),
        ("chapters/backend/", {"lead": "gone"}, ["/lead"]),
        ("guilds/testing/", {"coordinator": "gone"}, ["/coordinator"]),
        ("missions/pay-anywhere/", {"statement": " "}, ["/statement"]),
        ("people/ben/", {"manager": "gone", "name": "Benno"}, ["/manager"]),
    ],
)
def test_a_patch_that_becomes_several_operations(
    editor: Caller, path: str, body: Any, places: list[str]
) -> None:
    editor.post("people/", {"name": "Gone"})
    editor.post("people/gone/offboard/")
    editor.post("tribes/", {"name": "Closed"})
    editor.post("tribes/closed/close/")
    assert [pointer for pointer, _ in problem_at(editor.patch(path, body), 422)] == places


def test_what_stands_in_the_address_is_a_parameter(editor: Caller) -> None:
    editor.post("roles/", {"name": "Designer"})
    late = editor.delete("roles/designer/?effective_on=2999-01-01")
    assert problem(late, 422, ("effective_on", "refused"))["errors"][0].keys() >= {"parameter"}
    problem(editor.delete("roles/engineer/"), 422, ("", "refused"))


def problem_at(response: Any, status: int) -> list[tuple[str, str]]:
    """Return the pointers and codes of a problem."""
    assert response.status_code == status, response.content
    return [(error["pointer"], error["code"]) for error in response.json()["errors"]]
