"""Saved views over REST: one's own and those for everyone, and who may change them."""

from __future__ import annotations

from typing import Any

import pytest

from orgmodel.pages.models import SavedView
from tests.api.conftest import Caller, problem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("payments")]

VIEW = {"name": "Seniors", "url": "/people/?level=I3"}


@pytest.fixture
def viewer(calling: Any) -> Caller:
    caller: Caller = calling("viewer")
    return caller


def save(caller: Caller, **values: Any) -> Any:
    answer = caller.post("views/", {**VIEW, **values})
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_save_read_edit_and_remove(viewer: Caller) -> None:
    answer = viewer.post("views/", VIEW)
    assert answer.status_code == 201
    view = answer.json()
    assert view == {
        **VIEW,
        "id": view["id"],
        "owner": "integration:viewer",
        "is_shared": False,
        "created_at": view["created_at"],
    }
    address = f"views/{view['id']}/"
    assert answer["Location"] == f"http://testserver/api/v1/{address}"
    assert viewer.get(address).json() == view
    assert save(viewer) == view  # the same once more is no second one
    edited = viewer.patch(address, {"name": "Senior people", "is_shared": True})
    assert edited.json() == {**view, "name": "Senior people", "is_shared": True}
    assert viewer.patch(address, {}).json() == edited.json()
    problem(viewer.patch(address, {"name": None}), 422, ("/name", "refused"))
    assert viewer.delete(address).status_code == 204
    problem(viewer.patch(address, {"name": "Seniors"}), 404)
    assert not SavedView.objects.exists()


def test_a_page_lists_own_and_shared_ones(viewer: Caller, editor: Caller) -> None:
    own, shared = save(viewer), save(editor, name="Map", url="/map/", is_shared=True)
    save(editor, name="Mine")
    first = viewer.get("views/?limit=1").json()
    assert first["results"] == [own]
    second = viewer.get(first["next"].partition("/api/v1/")[2]).json()
    assert (second["results"], second["next"]) == ([shared], None)


def test_only_its_owner_and_designers_change_a_shared_one(
    viewer: Caller, editor: Caller, calling: Any
) -> None:
    shared, own = save(editor, is_shared=True), save(editor, name="Mine")
    problem(viewer.patch(f"views/{shared['id']}/", {"name": "x"}), 403)
    problem(viewer.delete(f"views/{shared['id']}/"), 403)
    problem(viewer.get(f"views/{own['id']}/"), 404)
    designer = calling("org designer")
    problem(designer.delete(f"views/{own['id']}/"), 404)
    assert designer.patch(f"views/{shared['id']}/", {"is_shared": False}).json()["is_shared"] is False


@pytest.mark.parametrize(
    ("body", "status", "errors"),
    [
        ({}, 400, [("/name", "required"), ("/url", "required")]),
        ({**VIEW, "name": 7}, 400, [("/name", "invalid")]),
        ({**VIEW, "url": "https://elsewhere.example/"}, 422, [("/url", "refused")]),
        ({**VIEW, "url": "/api/v1/people/"}, 422, [("/url", "refused")]),
        ({**VIEW, "name": "Taken"}, 422, [("/name", "refused")]),
    ],
)
def test_what_cannot_be_saved(viewer: Caller, body: Any, status: int, errors: list[tuple[str, str]]) -> None:
    save(viewer, name="Taken", url="/map/")
    problem(viewer.post("views/", body), status, *errors)
    assert SavedView.objects.count() == 1
