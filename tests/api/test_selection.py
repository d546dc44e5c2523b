"""Lists narrowed to what is needed: fields, opened references, units, what has changed since."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes.models import ChangeSet
from tests.api.conftest import Caller, problem
from tests.build import id_of

pytestmark = pytest.mark.django_db


def keys(caller: Caller, path: str) -> list[str]:
    answer = caller.get(path)
    assert answer.status_code == 200, answer.content
    return [each["key"] for each in answer.json()["results"]]


def test_only_the_fields_that_are_asked_for(editor: Caller, payments: Any) -> None:
    assert editor.get("people/ana/?fields=email,name").json() == {"email": "ana@example.org", "name": "Ana"}
    assert editor.get("people/?fields=key&limit=1").json()["results"] == [{"key": "ana"}]
    problem(editor.get("people/?fields=name,shoe_size"), 400, ("fields", "invalid"))


def test_references_are_opened_two_levels_deep(editor: Caller, payments: Any) -> None:
    squad = editor.get("squads/phoenix/?expand=tribe,tribe.lead&fields=name,tribe").json()
    assert [*squad] == ["name", "tribe"]
    assert (squad["tribe"]["key"], squad["tribe"]["lead"]["email"]) == ("payments", "ana@example.org")
    closed = editor.get("squads/phoenix/?expand=tribe").json()["tribe"]["lead"]
    assert closed == {"id": id_of("Ana"), "key": "ana", "name": "Ana"}
    rows = editor.get("memberships/?expand=person,squad&squad=comet").json()["results"]
    assert [(row["person"]["key"], row["squad"]["tribe"]["key"]) for row in rows] == [("cleo", "payments")]


@pytest.mark.parametrize("paths", ["key", "tribe.lead.manager", "lead", "tribe,", "__class__"])
def test_only_listed_references_are_opened(editor: Caller, payments: Any, paths: str) -> None:
    problem(editor.get(f"squads/phoenix/?expand={paths}"), 400, ("expand", "invalid"))


def test_opened_records_are_of_the_same_reality(editor: Caller, payments: Any) -> None:
    editor.post("drafts/", {"name": "Later"})
    editor.patch("tribes/payments/?draft=later", {"name": "Money"})
    assert editor.get("squads/phoenix/?expand=tribe&draft=later").json()["tribe"]["name"] == "Money"


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        ("phoenix", ["ana", "ben"]),
        ("squad:comet", ["cleo"]),
        ("tribe:payments", ["ana", "ben", "cleo"]),
        ("backend", ["ana", "ben"]),
        ("guild:testing", ["ana", "cleo"]),
    ],
)
def test_people_of_any_unit(editor: Caller, payments: Any, unit: str, told: list[str]) -> None:
    assert keys(editor, f"people/?unit={unit}") == told


def test_units_of_one_key_are_told_apart(editor: Caller, payments: Any) -> None:
    editor.post("guilds/", {"name": "Phoenix"})
    found = problem(editor.get("people/?unit=phoenix"), 400, ("unit", "invalid"))
    assert found["detail"] == "Several units are called so. Name one: squad:phoenix, guild:phoenix."
    assert keys(editor, "people/?unit=guild:phoenix") == []
    problem(editor.get("people/?unit=nowhere"), 422, ("unit", "unknown_reference"))


def test_what_has_changed_since(editor: Caller, payments: Any) -> None:
    ChangeSet.objects.update(recorded_at=timezone.now() - timedelta(days=2))
    yesterday = (timezone.now() - timedelta(days=1)).isoformat()
    assert keys(editor, f"people/?updated_after={yesterday}") == []
    editor.post("people/ben/move/", {"to": "comet"})
    editor.patch("tribes/payments/", {"lead": "cleo"})
    assert keys(editor, f"people/?updated_after={yesterday}&fields=key") == ["ana", "ben", "cleo"]
    assert keys(editor, f"people/?updated_after={yesterday}&squad=phoenix") == ["ana"]
    assert keys(editor, f"squads/?updated_after={yesterday[:10]}") == ["comet", "phoenix"]
    moved = editor.get(f"memberships/?updated_after={yesterday}").json()["results"]
    assert [row["person"]["key"] for row in moved] == ["ben"]
    for strange in ("soon", "2026-13-01", "999999-01-01"):
        problem(editor.get(f"people/?updated_after={strange}"), 400, ("updated_after", "invalid"))


def test_ids_of_other_systems_are_merged_and_unique(editor: Caller, payments: Any) -> None:
    merged = editor.patch("people/ana/", {"external_ids": {"okta": "00u1"}}).json()["external_ids"]
    assert merged == {"hris": "4711", "okta": "00u1"}
    assert editor.patch("people/ana/", {"external_ids": {"okta": None, "git": ""}}).json()[
        "external_ids"
    ] == {"hris": "4711"}
    assert keys(editor, "people/?external_id=hris:4711") == ["ana"]
    taken = editor.patch("people/ben/", {"external_ids": {"hris": "4711"}})
    found = problem(taken, 422, ("/external_ids", "external_id_unique"))
    assert found["detail"] == "Another person has the id “4711” in “hris”."
    hired = editor.post("people/", {"name": "Dora", "external_ids": {"hris": ""}})
    assert hired.json()["external_ids"] == {}
    problem(
        editor.patch("people/ben/", {"external_ids": {"hris": 7}}), 400, ("/external_ids/hris", "invalid")
    )
