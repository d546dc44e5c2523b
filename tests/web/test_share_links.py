"""Links that show a draft to those who were not invited: read-only, for a while, and who opened them is known."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from orgmodel.changes import drafts
from orgmodel.core.operations import CreateSquad, MovePeople
from orgmodel.exports.models import Opening, ShareLink
from tests.build import an_org, id_of, save, squad, tribe

pytestmark = pytest.mark.django_db

NEW = "7b0fb6a0-4f3f-4a6d-9d7f-3f6f5f0c7a11"


@pytest.fixture
def owner(as_role: Any) -> Any:
    save(an_org(tribe("Payments", squad("Phoenix", "Ana", "Ben"), squad("Comet", "Cleo"))))
    planner = as_role("planner", "nora")
    operations = [
        CreateSquad(id=NEW, values={"name": "Nova", "tribe": id_of("Payments")}),
        MovePeople(people=(id_of("Ben"),), to=NEW),
    ]
    drafts.create_draft("Secret plan", owner_id=planner.user.pk, at=timezone.now(), operations=operations)
    return planner


def a_link(owner: Any, days: str = "14") -> ShareLink:
    response = owner.post("/drafts/secret-plan/links/", {"days": days})
    assert (response.status_code, response["Location"]) == (303, "/drafts/secret-plan/share/")
    return ShareLink.objects.get()


def test_whoever_has_the_link_reads_what_the_draft_changes(owner: Any, as_role: Any) -> None:
    link, viewer = a_link(owner), as_role("viewer")
    assert viewer.get("/drafts/secret-plan/compare/").status_code == 404
    page = viewer.get(f"/shared/{link.key}/")
    html = page.content.decode()
    assert page.status_code == 200
    assert "Draft: Secret plan" in html
    assert "1 person changes squad or tribe, 2 do not." in html
    assert "nora shows it to you until" in html
    main = html[html.index("<main") :]
    assert "draft=secret-plan" not in main
    assert "/drafts/secret-plan/" not in main
    assert 'href=""' not in main
    assert viewer.get("/drafts/secret-plan/compare/").status_code == 404


def test_its_owner_sees_how_often_it_was_opened(owner: Any, as_role: Any) -> None:
    link, viewer = a_link(owner), as_role("viewer")
    assert "not opened yet" in owner.get("/drafts/secret-plan/share/").content.decode()
    for _ in range(2):
        viewer.get(f"/shared/{link.key}/")
    assert "opened 2 times" in owner.get("/drafts/secret-plan/share/").content.decode()
    assert {opening.user.username for opening in Opening.objects.all()} == {"viewer"}


def test_a_link_ends(owner: Any, as_role: Any) -> None:
    link, viewer = a_link(owner), as_role("viewer")
    ShareLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    ended = viewer.get(f"/shared/{link.key}/")
    assert ended.status_code == 404
    assert "This link shows nothing any more" in ended.content.decode()
    assert Opening.objects.count() == 0


def test_a_link_is_revoked_by_the_owner_alone(owner: Any, as_role: Any) -> None:
    link, viewer = a_link(owner), as_role("viewer")
    revoke = f"/drafts/secret-plan/links/{link.pk}/revoke/"
    assert as_role("editor").post(revoke).status_code == 404
    assert viewer.get(f"/shared/{link.key}/").status_code == 200
    assert owner.get(revoke).status_code == 405
    assert owner.post(revoke).status_code == 303
    assert viewer.get(f"/shared/{link.key}/").status_code == 404
    assert owner.post("/drafts/secret-plan/links/99999999999999999999/revoke/").status_code == 303


def test_a_link_ends_with_the_draft(owner: Any, as_role: Any) -> None:
    link = a_link(owner)
    owner.post("/drafts/secret-plan/archive/")
    assert as_role("viewer").get(f"/shared/{link.key}/").status_code == 404
    owner.post("/drafts/secret-plan/delete/")
    assert ShareLink.objects.count() == 0


@pytest.mark.parametrize("days", ["", "8", "-1", "\x00", "9" * 40])
def test_only_spans_that_are_offered(owner: Any, days: str) -> None:
    assert owner.post("/drafts/secret-plan/links/", {"days": days}).status_code == 303
    assert ShareLink.objects.count() == 0
    assert "Choose for how many days" in owner.get("/drafts/secret-plan/share/").content.decode()


def test_a_link_is_no_way_around_the_login(owner: Any) -> None:
    link = a_link(owner)
    response = Client().get(f"/shared/{link.key}/")
    assert (response.status_code, response["Location"]) == (302, f"/login/?next=/shared/{link.key}/")


@pytest.mark.parametrize("key", ["nothing", "%00", "%ED%A0%80", "x" * 300])
def test_unknown_links_show_nothing(owner: Any, key: str) -> None:
    assert owner.get(f"/shared/{key}/").status_code == 404
