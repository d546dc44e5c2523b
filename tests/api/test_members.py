"""Memberships, chapter members and guild members over REST."""

from __future__ import annotations

from typing import Any

import pytest

from orgmodel.changes.models import ChangeSet
from tests.api.conftest import problem
from tests.build import id_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("payments")]


def people(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return sorted(member["person"]["key"] for member in response.json()["results"])


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("memberships/", ["ana", "ben", "cleo"]),
        ("memberships/?squad=phoenix", ["ana", "ben"]),
        ("memberships/?tribe=payments&role=engineer", ["ben"]),
        ("memberships/?role=", ["cleo"]),
        ("memberships/?person=cleo&kind=permanent", ["cleo"]),
        ("memberships/?kind=loan", []),
        ("chapter-members/?chapter=backend", ["ana", "ben"]),
        ("chapter-members/?tribe=payments&person=ana", ["ana"]),
        ("guild-members/?guild=testing", ["ana", "cleo"]),
        ("guild-members/?role=host", []),
    ],
)
def test_lists(editor: Any, path: str, found: list[str]) -> None:
    assert people(editor.get(path)) == found
    assert people(editor.get(f"{path}{'&' if '?' in path else '?'}as_of=2999-01-01")) == found


def test_pages_by_id(editor: Any) -> None:
    first = editor.get("memberships/?limit=2").json()
    rest = editor.get(first["next"].partition("/api/v1/")[2]).json()
    ids = [m["id"] for m in first["results"] + rest["results"]]
    assert ids == sorted(
        id_of(*names) for names in (("Ana", "Phoenix"), ("Ben", "Phoenix"), ("Cleo", "Comet"))
    )
    problem(editor.get("memberships/?cursor=YWJj"), 400, ("cursor", "invalid"))


def test_join_edit_leave(editor: Any) -> None:
    joined = editor.post(
        "memberships/", {"person": "cleo", "squad": "phoenix", "role": "engineer", "share": 50}
    )
    assert joined.status_code == 201, joined.content
    address = f"memberships/{joined.json()['id']}/"
    assert joined["Location"].endswith(f"/api/v1/{address}")
    edited = editor.patch(address, {"share": 40, "role": None, "until": "2027-03-01"}).json()
    assert (edited["share"], edited["role"], edited["until"]) == (40, None, "2027-03-01")
    assert editor.patch(address, {"share": 40}).status_code == 200
    problem(editor.patch(address, {"share": 30, "seen": {"share": 50}}), 409, ("/share", "conflict"))
    problem(editor.patch(address, {"since": "2028-01-01"}), 422, ("/until", "until_after_since"))
    problem(editor.patch(address, {"squad": "comet"}), 400, ("/squad", "unknown_field"))
    left = editor.delete(f"{address}?message=over&effective_on=2026-05-01&expected_version=3")
    assert (left.status_code, left["Change-Set"]) == (204, "4")
    assert ChangeSet.objects.get(version=4).sentences == ["Take Cleo out of Phoenix"]
    problem(editor.delete(address), 404)


def test_a_second_membership_in_a_squad_is_refused(editor: Any) -> None:
    problem(editor.post("memberships/", {"person": "ana", "squad": "phoenix"}), 422, ("/squad", "refused"))


def test_delete_reads_its_options_strictly(editor: Any) -> None:
    address = f"memberships/{id_of('Ana', 'Phoenix')}/"
    problem(editor.delete(f"{address}?reason=x"), 400, ("reason", "unknown_parameter"))
    problem(editor.delete(f"{address}?expected_version=x"), 400, ("/expected_version", "invalid"))
    problem(editor.delete(f"{address}?expected_version=7"), 409, ("", "stale_version"))


def test_chapter_members(editor: Any) -> None:
    editor.post("chapters/", {"name": "Web"})
    joined = editor.post("chapter-members/", {"person": "cleo", "chapter": "backend"})
    assert joined.status_code == 201, joined.content
    address = f"chapter-members/{joined.json()['id']}/"
    assert editor.patch(address, {"chapter": "web"}).json()["chapter"]["key"] == "web"
    assert "Change-Set" not in editor.patch(address, {"chapter": "web"}).headers
    problem(editor.patch(address, {"chapter": None}), 400, ("/chapter", "required"))
    assert editor.post("chapters/backend/join/", {"people": ["cleo"]}).json()["size"] == 3
    assert editor.delete(address).status_code == 204
    problem(editor.delete(address), 404)


def test_guild_members(editor: Any) -> None:
    joined = editor.post("guild-members/", {"person": "ben", "guild": "testing", "role": "host"})
    assert (joined.status_code, joined.json()["role"]) == (201, "host")
    assert editor.delete(f"guild-members/{joined.json()['id']}/").status_code == 204
    both = editor.post("guilds/testing/leave/", {"people": ["ana", "cleo"]})
    assert (both.json()["size"], both.json()["members"]) == (0, [])
    assert editor.post("guilds/testing/join/", {"people": ["ben"], "role": "host"}).json()["size"] == 1
    problem(editor.post("guilds/testing/join/", {"people": ["ben"]}), 422, ("/people", "refused"))
    problem(editor.post("guilds/testing/join/", {"people": []}), 400, ("/people", "required"))


def test_in_a_draft(editor: Any) -> None:
    editor.post("drafts/", {"name": "Later"})
    joined = editor.post("memberships/?draft=later", {"person": "cleo", "squad": "phoenix"})
    assert joined.status_code == 201, joined.content
    assert people(editor.get("memberships/?squad=phoenix&draft=later")) == ["ana", "ben", "cleo"]
    assert people(editor.get("memberships/?squad=phoenix")) == ["ana", "ben"]


def test_a_share_alone_is_told_as_one(editor: Any) -> None:
    [member] = editor.get("memberships/?person=ben").json()["results"]
    assert editor.patch(f"memberships/{member['id']}/", {"share": 45}).json()["share"] == 45
    assert ChangeSet.objects.latest("version").title.startswith("Set Ben to 45 % in ")


def test_what_someone_does_in_a_guild(editor: Any) -> None:
    [member] = editor.get("guild-members/?limit=1").json()["results"]
    address = f"guild-members/{member['id']}/"
    changed = editor.patch(address, {"role": "scribe", "seen": {"role": member["role"]}})
    assert (changed.status_code, changed.json()["role"]) == (200, "scribe")
    version = ChangeSet.objects.latest("version").version
    assert editor.patch(address, {"role": "scribe"}).status_code == 200
    assert ChangeSet.objects.latest("version").version == version
    problem(editor.patch(address, {"role": "host", "seen": {"role": "speaker"}}), 409, ("/role", "conflict"))
