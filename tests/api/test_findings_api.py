"""Findings, rules and waivers over REST."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import services
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.core.operations import LeaveSquad
from tests.api.conftest import problem
from tests.build import an_org, id_of, save, squad, tribe

pytestmark = pytest.mark.django_db

LARGE = f"SQ-01:squad:{id_of('Phoenix')}"
SOON = (timezone.localdate() + timedelta(days=30)).isoformat()


@pytest.fixture(autouse=True)
def _organization(db: None) -> None:
    save(
        an_org(
            tribe(
                "T",
                squad("Phoenix", *(f"P{n}" for n in range(12))),
                squad("Hydra", *(f"H{n}" for n in range(10))),
            )
        )
    )


def rules_found(caller: Any, query: str = "") -> list[tuple[str, str]]:
    answer = caller.get(f"findings/{query}")
    assert answer.status_code == 200, answer.content
    return [(row["rule"], row["name"]) for row in answer.json()["results"]]


def test_findings_are_listed_worst_first(calling: Any) -> None:
    viewer = calling("viewer")
    assert rules_found(viewer) == [("TR-02", "T"), ("SQ-01", "Hydra"), ("SQ-01", "Phoenix")]
    assert rules_found(viewer, "?rule=SQ-01&q=phoenix") == [("SQ-01", "Phoenix")]
    assert rules_found(viewer, "?severity=critical") == [("TR-02", "T")]
    assert rules_found(viewer, "?tribe=nope") == []


def test_pages_follow_one_another(calling: Any) -> None:
    viewer = calling("viewer")
    first = viewer.get("findings/?limit=2").json()
    assert len(first["results"]) == 2
    rest = viewer.get("findings/" + first["next"].partition("findings/")[2]).json()
    assert [row["name"] for row in rest["results"]] == ["Phoenix"]
    assert rest["next"] is None


def test_one_finding_says_everything(calling: Any) -> None:
    found = calling("viewer").get(f"findings/{LARGE}/").json()
    assert (found["value"], found["threshold"], found["people"], found["state"]) == (12, 9, 12, "open")
    assert found["since"] == timezone.localdate().isoformat()
    assert found["unit"] == "Phoenix"
    problem(calling("viewer", "other").get("findings/nope/"), 404)


@pytest.mark.parametrize(
    ("query", "place"),
    [("severity=x", "severity"), ("state=x", "state"), ("cursor=eA", "cursor"), ("limit=0", "limit")],
)
def test_what_makes_no_sense_is_named(calling: Any, query: str, place: str) -> None:
    problem(calling("viewer").get(f"findings/?{query}"), 400, (place, "invalid"))


def test_a_waiver_holds_and_ends(calling: Any) -> None:
    editor = calling("editor")
    made = editor.post("waivers/", {"key": LARGE, "reason": "It splits", "state": "waived", "until": SOON})
    assert made.status_code == 201, made.content
    assert ("SQ-01", "Phoenix") not in rules_found(editor)
    assert editor.get(f"findings/{LARGE}/").json()["state"] == "waived"
    assert editor.delete(f"waivers/{made.json()['id']}/").status_code == 204
    assert ("SQ-01", "Phoenix") in rules_found(editor)


def test_a_waiver_needs_a_reason_and_a_finding(calling: Any) -> None:
    editor = calling("editor")
    assert editor.post("waivers/", {"key": LARGE, "state": "waived", "until": SOON}).status_code == 400
    nobody = {"key": "SQ-01:squad:nope", "reason": "x", "state": "acknowledged"}
    assert editor.post("waivers/", nobody).status_code in (404, 422)
    assert calling("viewer").post("waivers/", nobody).status_code == 403


def test_rules_are_listed_with_their_thresholds(calling: Any) -> None:
    viewer = calling("viewer")
    rule = viewer.get("rules/SQ-01/").json()
    assert rule["thresholds"] == rule["defaults"] == {"medium_above": 8, "high_above": 9}
    assert viewer.get("rules/?limit=200").json()["results"][0] == rule
    problem(viewer.get("rules/XX-01/"), 404)


def test_org_designers_change_a_rule_and_reset_it(calling: Any) -> None:
    designer = calling("org designer")
    changed = designer.patch("rules/SQ-01/", {"thresholds": {"high_above": "11"}, "message": "We are large"})
    assert changed.json()["thresholds"] == {"medium_above": 8, "high_above": 11}
    assert ChangeSet.objects.latest("version").message == "We are large"
    assert [row["severity"] for row in designer.get("findings/?rule=SQ-01").json()["results"]] == [
        "high",
        "medium",
    ]
    assert designer.delete("rules/SQ-01/").json()["thresholds"]["high_above"] == 9
    assert designer.delete("rules/SQ-01/").status_code == 422
    assert designer.patch("rules/SQ-01/", {"thresholds": {"high_above": "many"}}).status_code == 422


def test_thresholds_are_taken_as_they_are_given(calling: Any) -> None:
    designer = calling("org designer")
    given = designer.get("rules/SQ-01/").json()["thresholds"]
    assert designer.patch("rules/SQ-01/", {"thresholds": given}).json()["thresholds"] == given
    taken = {"medium_above": 8.5, "high_above": 10.0}
    assert designer.patch("rules/SQ-01/", {"thresholds": taken}).json()["thresholds"] == taken
    for wrong in (True, None, [9]):
        assert designer.patch("rules/SQ-01/", {"thresholds": {"high_above": wrong}}).status_code == 400
    for wrong in (-1, 1e300, 7):
        assert designer.patch("rules/SQ-01/", {"thresholds": {"high_above": wrong}}).status_code == 422


def test_waivers_are_of_findings_that_there_can_be(calling: Any) -> None:
    editor = calling("editor")
    waiver = {"key": LARGE, "reason": "x", "state": "waived", "until": SOON}
    for wrong in (
        {"key": LARGE.replace("SQ-01", "XX-99")},
        {"key": LARGE.replace("SQ", "PE")},
        {"until": "2020-01-01"},
    ):
        assert editor.post("waivers/", waiver | wrong).status_code == 422


def test_a_rule_exempts_a_unit_and_says_why(calling: Any) -> None:
    designer = calling("org designer")
    exempt = "squad phoenix: On call around the clock"
    assert designer.patch("rules/SQ-01/", {"exempt": exempt}).json()["exempt"] == exempt
    assert rules_found(designer, "?rule=SQ-01") == [("SQ-01", "Hydra")]
    refused = designer.patch("rules/SQ-01/", {"exempt": "squad nope: Why"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["detail"] == "There is no squad “nope”."
    again = designer.patch("rules/SQ-01/", {"exempt": ""})
    assert again.json()["exempt"] == ""


def test_what_was_settled_is_asked_for_by_its_state(calling: Any) -> None:
    viewer = calling("viewer")
    assert rules_found(viewer, "?state=resolved") == []
    leave = [LeaveSquad(person=id_of(f"P{n}"), squad=id_of("Phoenix")) for n in range(4)]
    services.commit(leave, actor=services.Actor("Eve"), message="", source="web", at=timezone.now())
    [found] = viewer.get("findings/?state=resolved").json()["results"]
    today = timezone.localdate().isoformat()
    assert (found["key"], found["state"], found["message"]) == (
        LARGE,
        "resolved",
        "Phoenix has 12 people; the limit is 9.",
    )
    assert (found["settled_on"], found["settled_by"]) == (today, ChangeSet.objects.latest("version").version)
    assert rules_found(viewer, "?state=resolved&severity=low") == []


def test_others_do_not_change_rules(calling: Any) -> None:
    editor = calling("editor")
    problem(editor.patch("rules/SQ-01/", {"is_on": False}), 403, ("", "missing_scope"))
    problem(editor.delete("rules/SQ-01/"), 403, ("", "missing_scope"))


def test_a_draft_and_a_day_have_findings_of_their_own(calling: Any) -> None:
    planner = calling("planner")
    planner.post("drafts/", {"name": "Plan"})
    assert Draft.objects.get().key == "plan"
    waived = {"key": LARGE, "reason": "It splits", "state": "waived", "until": SOON}
    assert planner.post("waivers/?draft=plan", waived).status_code == 201
    assert ("SQ-01", "Phoenix") not in rules_found(planner, "?draft=plan")
    assert ("SQ-01", "Phoenix") in rules_found(planner)
    assert rules_found(planner, "?as_of=2000-01-01") == []
