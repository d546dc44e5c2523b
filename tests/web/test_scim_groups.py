"""The pages about groups of identity providers, and what a linked group does to a unit."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import services
from orgmodel.changes.models import ChangeSet
from orgmodel.integrations import tokens
from orgmodel.scim.models import ScimGroup
from tests.api.test_scim import Directory, a_group, members_of, okta_user
from tests.build import an_org, chapter, guild, id_of, person, save, squad, tribe


@pytest.fixture
def directory(db: None) -> Directory:
    return Directory(tokens.issue("Okta", "org designer", at=timezone.now()))


@pytest.fixture
def team(directory: Directory) -> dict[str, str]:
    """Return the ids of three people in two squads, a chapter and a guild, all of them users now."""
    save(
        an_org(
            *(person(name, email=f"{name.lower()}@example.org") for name in ("Ana", "Ben", "Cleo")),
            tribe(
                "Payments",
                squad("Phoenix", "Ana"),
                squad("Comet", "Ben"),
                chapter("Backend", "Ana"),
                chapter("Data"),
            ),
            guild("Testing", "Ana"),
        )
    )
    for name in ("Ana Diaz", "Ben Lee", "Cleo Kim"):
        assert directory.post("/Users", okta_user(name, displayName=name.split()[0])).status_code == 201
    return {name: id_of(name) for name in ("Ana", "Ben", "Cleo")}


def link(browser: Any, group: str, kind: str, unit: str, **options: str) -> Any:
    return browser.post(f"/scim/groups/{group}/link/", {"kind": kind, "unit": unit, **options})


def add(directory: Directory, group: str, id_: str) -> Any:
    return directory.patch(f"/Groups/{group}", {"op": "add", "path": "members", "value": [{"value": id_}]})


def remove(directory: Directory, group: str, id_: str) -> Any:
    return directory.patch(f"/Groups/{group}", {"op": "remove", "path": f'members[value eq "{id_}"]'})


def in_squad(name: str) -> set[str]:
    org = services.current()
    return {org.people[m.person].name for m in org.memberships_in(id_of(name))}


def test_the_pages_are_for_org_designers(as_role: Any, directory: Directory, team: dict[str, str]) -> None:
    group = a_group(directory, team["Ana"])
    for role, status in (("editor", 403), ("org designer", 200)):
        browser = as_role(role)
        assert browser.get("/scim/groups/").status_code == status
        assert browser.get(f"/scim/groups/{group}/").status_code == status
    assert link(as_role("planner"), group, "squad", "Phoenix").status_code == 403
    assert as_role("viewer").post(f"/scim/groups/{group}/unlink/").status_code == 403
    assert browser.get(f"/scim/groups/{id_of('nothing')}/").status_code == 404


def test_what_linking_would_do_is_shown_first(
    as_role: Any, directory: Directory, team: dict[str, str]
) -> None:
    group = a_group(directory, team["Ben"], team["Cleo"])
    page = as_role("org designer").get(f"/scim/groups/{group}/?kind=squad&unit=phoenix&moves=on")
    text = page.content.decode()
    assert "2 join it." in text
    assert "Move Ben from Comet to Phoenix" in text
    assert "Add Cleo to Phoenix" in text
    assert "they stay" in text  # Ana
    assert in_squad("Phoenix") == {"Ana"}


def test_who_enters_a_linked_group_joins_and_who_leaves_it_leaves(
    as_role: Any, directory: Directory, team: dict[str, str]
) -> None:
    group = a_group(directory, team["Ana"])
    assert link(as_role("org designer"), group, "squad", "Phoenix").status_code == 303
    add(directory, group, team["Ben"])
    assert (in_squad("Phoenix"), in_squad("Comet")) == ({"Ana", "Ben"}, {"Ben"})
    newest = ChangeSet.objects.latest("version")
    assert (newest.source, newest.actor_name, newest.sentences) == ("scim", "Okta", ["Add Ben to Phoenix"])
    remove(directory, group, team["Ben"])
    remove(directory, group, team["Ana"])
    assert in_squad("Phoenix") == {"Ana"}  # SCIM did not put her there
    assert members_of(directory, group) == set()


def test_joining_moves_where_the_link_says_so(
    as_role: Any, directory: Directory, team: dict[str, str]
) -> None:
    group = a_group(directory)
    link(as_role("org designer"), group, "squad", "Phoenix", moves="on")
    add(directory, group, team["Ben"])
    assert (in_squad("Phoenix"), in_squad("Comet")) == ({"Ana", "Ben"}, set())
    assert ChangeSet.objects.latest("version").sentences == ["Move Ben from Comet to Phoenix"]


def test_taking_over_ends_memberships_that_were_there_before(
    as_role: Any, directory: Directory, team: dict[str, str]
) -> None:
    group = a_group(directory, team["Ana"])
    link(as_role("org designer"), group, "squad", "Phoenix", takes_over="on")
    remove(directory, group, team["Ana"])
    assert in_squad("Phoenix") == set()


def test_chapters_and_guilds_have_their_own_ways(
    as_role: Any, directory: Directory, team: dict[str, str]
) -> None:
    designer = as_role("org designer")
    data, testing = a_group(directory, name="Data"), a_group(directory, name="Testing")
    link(designer, data, "chapter", "Data")
    link(designer, testing, "guild", "Testing")
    for id_ in (team["Ana"], team["Cleo"]):
        add(directory, data, id_)
        add(directory, testing, id_)
    org = services.current()
    assert (
        org.chapter_of(team["Ana"]).name == "Backend"
    )  # one chapter each, and the link does not move anyone
    assert org.chapter_of(team["Cleo"]).name == "Data"
    assert {m.person for m in org.guild_members_in(id_of("Testing"))} == {team["Ana"], team["Cleo"]}
    page = designer.get(f"/scim/groups/{data}/").content.decode()
    assert "In the group only:" in page
    remove(directory, data, team["Cleo"])
    remove(directory, testing, team["Cleo"])
    org = services.current()
    assert org.chapter_of(team["Cleo"]) is None
    assert {m.person for m in org.guild_members_in(id_of("Testing"))} == {team["Ana"]}


def test_a_tribe_is_compared_and_nothing_more(
    as_role: Any, directory: Directory, team: dict[str, str]
) -> None:
    group = a_group(directory, team["Cleo"])
    designer = as_role("org designer")
    versions = ChangeSet.objects.count()
    link(designer, group, "tribe", "Payments")
    add(directory, group, team["Ana"])
    assert ChangeSet.objects.count() == versions
    page = designer.get(f"/scim/groups/{group}/").content.decode()
    assert "In the group only:" in page


def test_a_closed_unit_lets_the_group_be(as_role: Any, directory: Directory, team: dict[str, str]) -> None:
    from orgmodel.core.operations import CloseChapter

    group = a_group(directory)
    link(as_role("org designer"), group, "chapter", "Data")
    services.commit(
        [CloseChapter(id=id_of("Data"))],
        actor=services.Actor("HR"),
        message="",
        source="web",
        at=timezone.now(),
    )
    assert add(directory, group, team["Cleo"]).status_code == 200
    assert services.current().chapter_of(team["Cleo"]) is None


def test_unlinking_and_deleting_end_nothing(as_role: Any, directory: Directory, team: dict[str, str]) -> None:
    designer = as_role("org designer")
    group = a_group(directory, team["Cleo"])
    link(designer, group, "squad", "Phoenix")
    designer.post(f"/scim/groups/{group}/unlink/")
    assert ScimGroup.objects.get().unit is None
    remove(directory, group, team["Cleo"])
    assert in_squad("Phoenix") == {"Ana", "Cleo"}
    directory("DELETE", f"/Groups/{group}")
    assert in_squad("Phoenix") == {"Ana", "Cleo"}


def test_a_unit_has_one_group(as_role: Any, directory: Directory, team: dict[str, str]) -> None:
    designer = as_role("org designer")
    link(designer, a_group(directory), "squad", "Phoenix")
    answer = link(designer, a_group(directory, name="Others"), "squad", "Phoenix")
    assert answer.status_code == 422
    assert "Phoenix is linked to another group already." in answer.content.decode()
    assert link(designer, a_group(directory, name="More"), "squad", "Nothing").status_code == 422
    assert link(designer, a_group(directory, name="Most"), "squad", "\x00").status_code == 422


def test_a_deactivated_account_is_shown_with_what_the_person_holds(
    as_role: Any, directory: Directory, team: dict[str, str]
) -> None:
    viewer = as_role("viewer")
    off = {"op": "replace", "value": {"active": False}}
    directory.patch(f"/Users/{team['Ana']}", off)
    page = viewer.get("/people/ana/").content.decode()
    assert "The identity provider deactivated the account of Ana" in page
    listed = viewer.get("/people/?status=deactivated").content.decode()
    assert ("Ana</a>" in listed, "Ben</a>" in listed) == (True, False)
    groups = as_role("org designer").get("/scim/groups/").content.decode()
    assert "1 account is deactivated whose people are here." in groups
    directory.patch(f"/Users/{team['Ana']}", {"op": "replace", "value": {"active": True}})
    assert "deactivated the account" not in viewer.get("/people/ana/").content.decode()


@pytest.mark.parametrize("count", [1, 60])
def test_how_many_queries_the_pages_take(
    as_role: Any, directory: Directory, team: dict[str, str], count: int, django_assert_num_queries: Any
) -> None:
    group = ""
    for number in range(count):
        group = a_group(directory, team["Ana"], name=f"Group {number}")
    designer = as_role("org designer")
    designer.get("/scim/groups/")
    with django_assert_num_queries(7):
        designer.get("/scim/groups/")
    with django_assert_num_queries(6):
        designer.get(f"/scim/groups/{group}/?kind=squad&unit=Phoenix")


def test_users_and_groups_in_the_admin(as_role: Any, directory: Directory, team: dict[str, str]) -> None:
    group, browser = a_group(directory, team["Ana"]), as_role("org designer")
    assert link(browser, group, "squad", "Phoenix").status_code == 303
    listed = browser.get("/admin/scim/scimgroup/").content.decode()
    assert "Phoenix" in listed
    assert browser.get("/admin/scim/scimuser/?q=ana").status_code == 200
    assert browser.get(f"/admin/scim/scimuser/{team['Ana']}/change/").status_code == 200
    assert browser.get(f"/admin/scim/scimgroup/{group}/change/").status_code == 200
    assert as_role("editor").get("/admin/scim/scimgroup/").status_code == 403
    chosen = {"action": "link", "_selected_action": [group]}
    assert browser.post("/admin/scim/scimgroup/", chosen)["Location"] == f"/scim/groups/{group}/"
    chosen["_selected_action"].append(a_group(directory, name="Others"))
    asked = browser.post("/admin/scim/scimgroup/", chosen, follow=True).content.decode()
    assert "Choose one group: each is linked to a unit of its own." in asked
    chosen = {"action": "unlink", "_selected_action": [group]}
    assert browser.post("/admin/scim/scimgroup/", chosen).status_code == 302
    assert ScimGroup.objects.get(pk=group).unit is None
    assert in_squad("Phoenix") == {"Ana"}
