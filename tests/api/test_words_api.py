"""What an organization calls its units, over REST."""

from __future__ import annotations

from typing import Any

import pytest

from orgmodel.changes.models import ChangeSet
from tests.api.conftest import problem
from tests.build import an_org, save, squad, tribe

pytestmark = pytest.mark.django_db

STANDARD = {"term": "tribe", "one": "tribe", "many": "tribes", "forms": {}, "is_own": False}
OURS = {"one": "area", "many": "areas", "forms": {"sv:one": "område"}}


@pytest.fixture(autouse=True)
def _org() -> None:
    save(an_org(tribe("Payments", squad("Phoenix", "Ana"))))


def test_words_are_listed_in_the_order_of_the_model(calling: Any) -> None:
    viewer = calling("viewer")
    found = viewer.get("words/").json()
    assert [(word["term"], word["many"]) for word in found["results"]] == [
        ("squad", "squads"),
        ("tribe", "tribes"),
        ("chapter", "chapters"),
        ("guild", "guilds"),
    ]
    assert found["next"] is None
    assert viewer.get("words/tribe/").json() == STANDARD
    problem(viewer.get("words/team/"), 404)


def test_a_list_of_words_has_pages(calling: Any) -> None:
    viewer = calling("viewer")
    first = viewer.get("words/?limit=3").json()
    rest = viewer.get(first["next"].partition("/api/v1/")[2]).json()
    assert [word["term"] for word in first["results"] + rest["results"]] == [
        "squad",
        "tribe",
        "chapter",
        "guild",
    ]
    problem(viewer.get("words/?cursor=eA"), 400, ("cursor", "invalid"))


def test_org_designers_change_a_word_and_reset_it(calling: Any) -> None:
    designer = calling("org designer")
    changed = designer.patch("words/tribe/", {**OURS, "message": "We say so"})
    assert changed.json() == {"term": "tribe", **OURS, "is_own": True}
    assert ChangeSet.objects.latest("version").message == "We say so"
    assert designer.get("words/tribe/").json() == changed.json()
    assert designer.patch("words/tribe/", {"forms": {}}).json()["forms"] == {}
    assert designer.delete("words/tribe/").json() == STANDARD
    problem(designer.delete("words/tribe/"), 422, ("", "refused"))


def test_the_api_speaks_with_the_standard_words(calling: Any) -> None:
    designer = calling("org designer")
    designer.patch("words/tribe/", OURS)
    refused = designer.patch("squads/phoenix/", {"tribe": "nope"})
    assert "tribe" in refused.json()["errors"][0]["detail"]
    assert designer.get("tribes/payments/").json()["name"] == "Payments"


@pytest.mark.parametrize(
    ("body", "status", "fault"),
    [
        ({"one": "<b>"}, 422, ("/one", "refused")),
        ({"one": "squad"}, 422, ("/one", "refused")),
        ({"one": ""}, 422, ("/one", "field_fits")),
        ({"one": None}, 422, ("/one", "field_fits")),
        ({"one": "o" * 41}, 422, ("/one", "field_fits")),
        ({"forms": {"sv:x": "y"}}, 422, ("/forms", "refused")),
        ({"forms": {"sv:one": "a{b}"}}, 422, ("/forms", "refused")),
        ({"one": "area", "many": "areas", "forms": {"sv:one": "  "}}, 422, ("/forms", "refused")),
        ({"forms": "område"}, 400, ("/forms", "invalid")),
        ({"one": "a\x00"}, 400, ("/one", "invalid")),
        ({"one": "\ud800"}, 400, ("", "malformed")),
        ({"one": 5}, 400, ("/one", "invalid")),
        ({"key": "x"}, 400, ("/key", "unknown_field")),
        ({}, 422, ("", "refused")),
    ],
)
def test_words_that_cannot_be_said_are_refused(
    calling: Any, body: Any, status: int, fault: tuple[str, str]
) -> None:
    designer = calling("org designer")
    problem(designer.patch("words/tribe/", body), status, fault)
    assert designer.get("words/tribe/").json() == STANDARD


def test_a_word_that_has_changed_meanwhile_is_not_overruled(calling: Any) -> None:
    designer = calling("org designer")
    tag = designer.get("words/tribe/").headers["ETag"]
    assert designer.patch("words/tribe/", OURS, **{"If-Match": tag}).status_code == 200
    problem(designer.patch("words/tribe/", {"one": "zone"}, **{"If-Match": tag}), 412, ("If-Match", "stale"))
    problem(designer.exactly("PATCH", "words/tribe/", {"one": "zone"}), 428, ("If-Match", "required"))
    problem(
        designer.patch("words/tribe/", {"one": "zone", "seen": {"one": "tribe"}}), 409, ("/one", "conflict")
    )
    assert designer.patch("words/tribe/", {"one": "zone", "seen": {"one": "area"}}).status_code == 200


@pytest.mark.parametrize("role", ["viewer", "planner", "editor"])
def test_words_are_for_org_designers(calling: Any, role: str) -> None:
    caller = calling(role)
    assert caller.patch("words/tribe/", OURS).status_code == 403
    assert caller.delete("words/tribe/").status_code == 403
    assert caller.get("words/tribe/").json() == STANDARD


def test_words_are_planned_in_a_draft(calling: Any) -> None:
    designer = calling("org designer")
    draft = designer.post("drafts/", {"name": "Words"}).json()["key"]
    assert designer.patch(f"words/tribe/?draft={draft}", OURS).json()["one"] == "area"
    assert designer.get(f"words/tribe/?draft={draft}").json()["is_own"] is True
    assert designer.get("words/tribe/").json() == STANDARD
