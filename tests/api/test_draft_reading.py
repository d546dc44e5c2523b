"""What a draft does, over REST: compared, its impact with checks, and where it collides with others."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes.models import Freeze
from tests.api.conftest import Caller, problem
from tests.build import id_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("payments")]

BEN = {"operation": "MovePeople", "people": ["ben"], "to": "comet"}
NOVA = {"operation": "CreateSquad", "id": id_of("Nova"), "values": {"name": "Nova", "tribe": "payments"}}
TO_NOVA = {"operation": "MovePeople", "people": ["ben"], "to": id_of("Nova")}


def start(caller: Caller, name: str, *operations: Any) -> str:
    for number, operation in enumerate(operations):
        path, body = (
            (f"drafts/{name.lower()}/operations/", operation)
            if number
            else ("drafts/", {"name": name, "operations": [operation]})
        )
        assert caller.post(path, body).status_code == 201
    return f"drafts/{name.lower()}/"


def ref(name: str) -> dict[str, str]:
    return {"id": id_of(name), "key": name.lower(), "name": name}


# Compare


def test_compare_with_live(editor: Caller) -> None:
    draft = start(editor, "Later", NOVA, TO_NOVA)
    found = editor.get(f"{draft}compare/").json()
    assert (found["with"], found["after"]) == ("live", "Later")
    assert found["people"] == {
        "moved": [ref("Ben")],
        "new": [],
        "gone": [],
        "tribe": [],
        "manager": [],
        "chapter": [],
        "share": [],
    }
    assert found["squads"] == {"created": [ref("Nova")], "closed": [], "moved": [], "renamed": []}
    assert found["flows"] == [
        {"before": ref("Phoenix"), "after": ref("Nova"), "people": 1},
        {"before": ref("Phoenix"), "after": ref("Phoenix"), "people": 1},
    ]
    assert {"label": "Squads", "before": 2, "after": 3} in found["figures"]
    assert (found["splits"], found["merges"]) == ([], [])
    assert found["sentence"] == "1 person changes squad, Nova is new."


def test_compare_with_another_draft_and_a_day(editor: Caller) -> None:
    draft, other = start(editor, "Later", BEN), start(editor, "Other", NOVA, TO_NOVA)
    found = editor.get(f"{draft}compare/?with=other").json()
    assert (found["before"], found["people"]["moved"], found["squads"]["closed"]) == (
        "Other",
        [ref("Ben")],
        [ref("Nova")],
    )
    assert {"before": ref("Nova"), "after": ref("Comet"), "people": 1} in found["flows"]
    past = editor.get(f"{draft}compare/?with=2000-01-01").json()
    assert [p["name"] for p in past["people"]["new"]] == ["Ana", "Ben", "Cleo"]
    assert editor.get(f"{other}compare/?with=live").status_code == 200


def test_compare_shows_splits(editor: Caller) -> None:
    split = {
        "operation": "SplitSquad",
        "squad": "phoenix",
        "name": "Orbit",
        "people": ["ben"],
    }
    found = editor.get(f"{start(editor, 'Later', split)}compare/").json()
    [one] = found["splits"]
    assert (one["kind"], one["unit"], [unit["name"] for unit in one["into"]]) == (
        "squad",
        ref("Phoenix"),
        ["Orbit", "Phoenix"],
    )


@pytest.mark.parametrize(
    ("query", "status", "error"),
    [
        ("with=nothing", 404, []),
        ("with=%00", 400, [("with", "invalid")]),
        ("with=2026-13-01", 400, []),
        ("with=snapshot:none", 404, []),
        ("to=live", 400, [("to", "unknown_parameter")]),
    ],
)
def test_compare_with_what_is_not_there(
    editor: Caller, query: str, status: int, error: list[tuple[str, str]]
) -> None:
    draft = start(editor, "Later", BEN)
    problem(editor.get(f"{draft}compare/?{query}"), status, *error)


def test_private_drafts_of_others_are_not_compared_with(editor: Caller, calling: Any) -> None:
    start(calling("planner"), "Secret", NOVA)
    problem(editor.get(f"{start(editor, 'Later', BEN)}compare/?with=secret"), 404)


# Impact


def test_impact(editor: Caller) -> None:
    editor.patch("people/ben/", {"manager": "ana"})
    draft = start(editor, "Later", BEN)
    found = editor.get(f"{draft}impact/").json()
    [ben] = found["people"]
    assert (ben["person"], ben["squad"]) == (ref("Ben"), {"before": ref("Phoenix"), "after": ref("Comet")})
    assert (ben["manager"], ben["share"]) == ({"before": ref("Ana"), "after": ref("Ana")}, ben["share"])
    assert (ben["arrives"], ben["leaves"], ben["earlier"]) == (False, False, [])
    assert {s["squad"]["key"]: (s["size"], s["core_kept"]) for s in found["squads"]} == {
        "comet": ({"before": 1, "after": 2}, 100),
        "phoenix": ({"before": 2, "after": 1}, 50),
    }
    pairs = {(p["one"]["key"], p["other"]["key"], p["starts"]) for p in found["pairs"]}
    assert pairs == {("ana", "ben", False), ("ben", "cleo", True)}
    assert found["reach"] == {"people": 3, "squads": 2, "tribes": 1}
    assert found["missing"][0] == "problem and evidence"
    checks = {check["code"]: check for check in found["checks"]}
    assert set(checks["RG-10"]) == {"code", "level", "message", "what_to_try", "subjects"}


def test_a_freeze_is_told_by_a_check_and_listed(editor: Caller) -> None:
    Freeze.objects.create(name="Launch", first_on=date(2027, 1, 1), last_on=date(2027, 1, 31))
    draft = start(editor, "Later", BEN)
    editor.patch(draft, {"effective_on": "2027-01-10"})
    messages = [check["message"] for check in editor.get(f"{draft}impact/").json()["checks"]]
    assert any("Launch" in message for message in messages)
    launch = {"name": "Launch", "first_on": "2027-01-01", "last_on": "2027-01-31"}
    assert editor.get("freezes/").json() == {"results": [launch]}
    problem(editor.post("freezes/", launch), 405)


def test_earlier_changes_are_told(editor: Caller) -> None:
    editor.post("people/ben/move/", {"to": "comet"})
    draft = start(editor, "Later", {**BEN, "to": "phoenix"})
    [ben] = editor.get(f"{draft}impact/").json()["people"]
    assert ben["earlier"] == [timezone.localdate().isoformat()]


@pytest.mark.parametrize("what", ["compare", "impact"])
def test_what_is_not_going_to_come_is_not_read(editor: Caller, what: str) -> None:
    draft = start(editor, "Later", BEN)
    editor.post(f"{draft}archive/")
    found = problem(editor.get(f"{draft}{what}/"), 422, ("", "refused"))
    assert found["detail"] == "The draft “Later” is archived: it is not going to come."


@pytest.mark.parametrize("what", ["compare", "impact", "conflicts"])
def test_nothing_is_read_of_a_draft_one_may_not_see(editor: Caller, calling: Any, what: str) -> None:
    draft = start(editor, "Later", BEN)
    problem(calling("viewer").get(f"{draft}{what}/"), 404)


# Conflicts


def test_conflicts_of_own_drafts(editor: Caller) -> None:
    one, other = start(editor, "One", BEN), start(editor, "Other", NOVA, TO_NOVA)
    found = editor.get("drafts/conflicts/").json()["results"]
    assert found == [
        {
            "kind": "person",
            "subject": {"kind": "person", "id": id_of("Ben"), "name": "Ben"},
            "message": "Ben goes to Comet in one and to Nova in the other.",
            "places": [
                {"draft": "one", "name": "One", "position": 1, "does": "goes to Comet"},
                {"draft": "other", "name": "Other", "position": 2, "does": "goes to Nova"},
            ],
            "hidden": 0,
        }
    ]
    assert editor.get(f"{one}conflicts/").json()["results"] == found
    start(editor, "Third", {"operation": "CreateSquad", "values": {"name": "Far"}})
    assert editor.get("drafts/third/conflicts/").json()["results"] == []
    editor.post(f"{other}archive/")
    assert editor.get("drafts/conflicts/").json()["results"] == []


def test_a_private_draft_of_another_is_only_counted(editor: Caller, calling: Any) -> None:
    start(calling("planner"), "Secret", NOVA, TO_NOVA)
    start(editor, "Mine", BEN)
    text = editor.get("drafts/conflicts/").content.decode()
    [found] = editor.get("drafts/mine/conflicts/").json()["results"]
    assert (found["hidden"], [place["draft"] for place in found["places"]]) == (1, ["mine"])
    assert "Secret" not in text
    assert "Nova" not in text
    assert calling("viewer").get("drafts/conflicts/").json()["results"] == []


def test_a_scheduled_draft_collides_as_well(editor: Caller) -> None:
    one = start(editor, "One", BEN)
    day = (timezone.localdate() + timedelta(days=9)).isoformat()
    assert editor.post(f"{one}schedule/", {"on": day, "despite": "Agreed"}).status_code == 200
    start(editor, "Other", NOVA, TO_NOVA)
    assert len(editor.get(f"{one}conflicts/").json()["results"]) == 1


@pytest.mark.parametrize(
    "path", ["drafts/conflicts/?kind=sum", "drafts/one/conflicts/?limit=1", "drafts/one/impact/?x=1"]
)
def test_parameters_that_mean_nothing(editor: Caller, path: str) -> None:
    start(editor, "One", BEN)
    parameter = path.partition("?")[2].partition("=")[0]
    problem(editor.get(path), 400, (parameter, "unknown_parameter"))
