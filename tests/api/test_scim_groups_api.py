"""Groups of identity providers over REST: what they are linked to, linking and unlinking them, and who may."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import services
from orgmodel.changes.models import ChangeSet
from orgmodel.core.operations import CloseGuild
from orgmodel.integrations import tokens
from tests.api.conftest import Caller, problem
from tests.api.test_scim import Directory, a_group, okta_user
from tests.build import id_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("payments")]


@pytest.fixture
def directory(db: None) -> Directory:
    return Directory(tokens.issue("Okta", "org designer", at=timezone.now()))


@pytest.fixture
def designer(calling: Any) -> Caller:
    caller: Caller = calling("org designer", "bot")
    return caller


@pytest.fixture
def group(directory: Directory) -> str:
    """Return the id of a group of Ana, who is in Phoenix, and Dora, who is in no squad."""
    ana = directory.post("/Users", okta_user("Ana Diaz", displayName="Ana")).json()["id"]
    dora = directory.post("/Users", okta_user("Dora Kim", displayName="Dora")).json()["id"]
    return a_group(directory, ana, dora, name="Team Phoenix")


def in_phoenix() -> set[str]:
    org = services.current()
    return {org.people[m.person].name for m in org.memberships_in(id_of("Phoenix"))}


def test_list_and_read(designer: Caller, directory: Directory, group: str) -> None:
    other = a_group(directory, name="Everyone")
    found = designer.get(f"scim-groups/{group}/").json()
    assert found == {
        "id": group,
        "name": "Team Phoenix",
        "external_id": "",
        "members": 2,
        "unit": None,
        "moves": False,
        "created_at": found["created_at"],
        "updated_at": found["updated_at"],
    }
    first = designer.get("scim-groups/?limit=1").json()
    assert [each["id"] for each in first["results"]] == [other]
    second = designer.get(first["next"].partition("/api/v1/")[2]).json()
    assert (second["results"], second["next"]) == ([found], None)
    problem(designer.get(f"scim-groups/{id_of('nothing')}/"), 404)
    problem(designer.get("scim-groups/nothing/"), 404)


def test_linking_lets_the_members_join_and_unlinking_lets_them_be(designer: Caller, group: str) -> None:
    answer = designer.patch(f"scim-groups/{group}/", {"unit": "squad:phoenix", "moves": True})
    assert (answer.status_code, answer.json()["moves"]) == (200, True)
    unit = {"kind": "squad", "id": id_of("Phoenix"), "key": "phoenix", "name": "Phoenix"}
    assert answer.json()["unit"] == unit
    assert in_phoenix() == {"Ana", "Ben", "Dora"}
    newest = ChangeSet.objects.latest("version")
    assert (newest.source, newest.actor_name, answer["Change-Set"]) == ("scim", "bot", str(newest.version))
    assert designer.patch(f"scim-groups/{group}/", {}).json() == answer.json()
    answer = designer.patch(f"scim-groups/{group}/", {"unit": None})
    assert (answer.json()["unit"], answer.json()["moves"], "Change-Set" in answer) == (None, False, False)
    assert in_phoenix() == {"Ana", "Ben", "Dora"}


def test_the_group_takes_over_where_that_is_asked(designer: Caller, directory: Directory, group: str) -> None:
    designer.patch(f"scim-groups/{group}/", {"unit": "phoenix", "takes_over": True})
    directory.patch(f"/Groups/{group}", {"op": "remove", "path": f'members[value eq "{id_of("Ana")}"]'})
    assert in_phoenix() == {"Ben", "Dora"}


def test_what_cannot_be_linked(designer: Caller, directory: Directory, group: str) -> None:
    path = f"scim-groups/{group}/"
    problem(designer.patch(path, {"moves": True}), 400, ("/unit", "required"))
    problem(designer.patch(path, {"unit": 7}), 400, ("/unit", "invalid"))
    problem(designer.patch(path, {"unit": "guild:nowhere"}), 422, ("/unit", "unknown_reference"))
    services.commit(
        [CloseGuild(id=id_of("Testing"))],
        actor=services.Actor("HR"),
        message="",
        source="web",
        at=timezone.now(),
    )
    found = problem(designer.patch(path, {"unit": "guild:testing"}), 422, ("/unit", "refused"))
    assert found["detail"] == "Testing is closed."
    designer.patch(f"scim-groups/{a_group(directory, name='Others')}/", {"unit": "phoenix"})
    found = problem(designer.patch(path, {"unit": "phoenix"}), 422, ("/unit", "refused"))
    assert found["detail"] == "Phoenix is linked to another group already."


def test_a_link_builds_on_what_was_read(designer: Caller, directory: Directory, group: str) -> None:
    path = f"scim-groups/{group}/"
    tag = designer.get(path)["ETag"]
    assert designer.get(path, **{"If-None-Match": tag}).status_code == 304
    directory.patch(f"/Groups/{group}", {"op": "remove", "path": f'members[value eq "{id_of("Ana")}"]'})
    found = problem(
        designer.patch(path, {"unit": "phoenix"}, **{"If-Match": tag}), 412, ("If-Match", "stale")
    )
    assert found["current"]["members"] == 1
    answer = designer.patch(path, {"unit": "phoenix"}, **{"If-Match": designer.get(path)["ETag"]})
    assert answer["ETag"] == designer.get(path)["ETag"]


def test_it_is_for_org_designers(calling: Any, group: str) -> None:
    for role in ("viewer", "editor"):
        problem(calling(role).get("scim-groups/"), 403, ("", "missing_scope"))
    at = timezone.now()
    caller = Caller(tokens.issue_to(tokens.integration_of("Okta", at=at), tokens.Terms(["scim"]), at=at))
    problem(caller.patch(f"scim-groups/{group}/", {"unit": None}), 403, ("", "missing_scope"))


@pytest.mark.parametrize("count", [1, 60])
def test_how_many_queries_a_list_takes(
    designer: Caller, directory: Directory, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        a_group(directory, name=f"Group {number}")
    designer.get("scim-groups/")
    with django_assert_num_queries(4):
        assert len(designer.get("scim-groups/").json()["results"]) == count
