"""Named points in time over the API, and every read as of one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import problem

pytestmark = pytest.mark.django_db


def test_take_read_rename_and_remove(editor: Any, payments: Any) -> None:
    taken = editor.post("snapshots/", {"name": "Before the merger"})
    assert taken.status_code == 201
    assert taken["Location"].endswith("/api/v1/snapshots/before-the-merger/")
    found = editor.get("snapshots/before-the-merger/").json()
    assert (found["key"], found["name"], found["version"]) == ("before-the-merger", "Before the merger", 1)
    assert editor.patch("snapshots/before-the-merger/", {"name": "Before"}).json()["name"] == "Before"
    assert [each["name"] for each in editor.get("snapshots/").json()["results"]] == ["Before"]
    assert editor.delete("snapshots/before-the-merger/").status_code == 204
    problem(editor.get("snapshots/before-the-merger/"), 404)


def test_every_read_takes_one_and_no_write_does(editor: Any, payments: Any) -> None:
    editor.post("snapshots/", {"name": "Then"})
    assert editor.patch("squads/comet/", {"name": "Meteor"}).status_code == 200
    for path in ("squads/comet/", "squads/", "org/"):
        assert "Meteor" not in editor.get(f"{path}?as_of=then").content.decode()
    assert [c["version"] for c in editor.get("change-sets/?as_of=then").json()["results"]] == [1]
    assert editor.get("change-sets/?as_of=2000-01-01").json()["results"] == []
    assert editor.get("squads/comet/?as_of=then").json()["name"] == "Comet"
    problem(editor.patch("squads/comet/?as_of=then", {"name": "Star"}), 422, ("", "refused"))
    problem(editor.get("squads/?as_of=never"), 400, ("as_of", "invalid"))


@pytest.mark.parametrize(
    ("body", "status", "errors"),
    [
        ({}, 400, [("/name", "required")]),
        ({"name": "Then", "version": 99}, 422, [("/version", "refused")]),
        ({"name": "x" * 201}, 422, [("/name", "refused")]),
        ({"name": "Then", "when": 1}, 400, [("/when", "unknown_field")]),
    ],
)
def test_what_cannot_be_is_refused(
    editor: Any, payments: Any, body: Any, status: int, errors: list[tuple[str, str]]
) -> None:
    problem(editor.post("snapshots/", body), status, *errors)


def test_only_those_who_publish_name_points_in_time(calling: Any, editor: Any, payments: Any) -> None:
    editor.post("snapshots/", {"name": "Then"})
    planner = calling("planner")
    problem(planner.post("snapshots/", {"name": "Now"}), 403, ("", "missing_scope"))
    problem(planner.delete("snapshots/then/"), 403, ("", "missing_scope"))
    assert planner.get("snapshots/then/").status_code == 200
