"""How the organization applies the rules is for org designers to make live, whichever way it comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import drafts, services, store
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.core.operations import ApplyChanges, ChangeRule, EditSquad, Operation, ResetRule
from orgmodel.core.rules.settings import settings_of
from tests.build import an_org, id_of, save, squad, tribe

pytestmark = pytest.mark.django_db

OFF = ChangeRule(rule="SQ-01", values={"is_on": False})
RENAME = EditSquad(id=id_of("Phoenix"), values={"name": "Firebird"})
ASK = "Only org designers change rules and words."
DESPITE = "We are sure"


@pytest.fixture(autouse=True)
def _org() -> None:
    save(an_org(tribe("Payments", squad("Phoenix", "Ana"))))


def commit(*operations: Operation) -> ChangeSet:
    return services.commit(
        operations, actor=services.Actor("Dana Designer"), message="", source="web", at=timezone.now()
    )


def a_draft(user: Any, operations: Sequence[Operation]) -> Draft:
    return drafts.create_draft("Plan", owner_id=user.pk, at=timezone.now(), operations=operations)


def publish(browser: Any) -> Any:
    expected = browser.get("/drafts/plan/publish/").context["form"].initial["expected"]
    return browser.post("/drafts/plan/publish/", {"reason": "", "despite": DESPITE, "expected": expected})


def is_on() -> bool:
    return settings_of(store.current()).terms["SQ-01"].is_on


def as_import() -> ApplyChanges:
    """Return a change of a rule as an import or an undo carries it."""
    done = commit(OFF)
    changes = tuple(services.changes_of(done))
    services.undo(done, actor=services.Actor("Dana Designer"), message="", at=timezone.now())
    return ApplyChanges(title="Import rules", changes=changes)


@pytest.mark.parametrize("way", ["form", "import"])
def test_a_draft_that_changes_rules_is_published_by_org_designers(as_role: Any, way: str) -> None:
    editor, designer = as_role("editor"), as_role("org designer", "dana")
    draft = a_draft(editor.user, [RENAME, OFF if way == "form" else as_import()])
    Draft.objects.update(visibility=Draft.Visibility.EVERYONE)
    page = editor.get(f"/drafts/{draft.key}/publish/").content.decode()
    assert "This draft changes rules or words, which is for org designers to publish." in page
    assert designer.user.get_full_name() in page
    assert "/drafts/plan/schedule/" not in editor.get("/drafts/plan/changes/").content.decode()
    refused = editor.post("/drafts/plan/publish/", {"reason": "", "despite": DESPITE})
    assert refused.status_code == 403
    assert ASK in refused.content.decode()
    assert editor.get("/drafts/plan/schedule/").status_code == 403
    assert is_on()
    assert publish(designer).status_code == 303
    assert not is_on()


def test_without_its_changes_of_rules_an_editor_publishes_it(as_role: Any) -> None:
    editor = as_role("editor")
    draft = a_draft(editor.user, [RENAME, OFF])
    drafts.park(draft, 2, at=timezone.now())
    assert publish(editor).status_code == 303
    assert is_on()


def test_the_api_holds_drafts_to_the_same(as_role: Any) -> None:
    editor, designer = as_role("editor"), as_role("org designer", "dana")
    a_draft(editor.user, [OFF])
    Draft.objects.update(visibility=Draft.Visibility.EVERYONE)
    json = {"content_type": "application/json", "headers": {"Idempotency-Key": "once"}}
    for what, body in (("publish", {}), ("schedule", {"on": "2099-01-04"})):
        refused = editor.post(f"/api/v1/drafts/plan/{what}/", body, **json)
        assert (refused.status_code, refused.json()["detail"][: len(ASK)]) == (403, ASK)
    body = {"despite": DESPITE}
    assert designer.post("/api/v1/drafts/plan/publish/", body, **json).status_code == 200
    assert not is_on()


@pytest.mark.parametrize("address", ["/history/{}/undo/", "/api/v1/change-sets/{}/undo/"])
def test_org_designers_undo_changes_of_rules(as_role: Any, address: str) -> None:
    commit(OFF)
    version = commit(ResetRule(rule="SQ-01")).version
    editor, designer = as_role("editor"), as_role("org designer", "dana")
    refused = editor.post(address.format(version), {}, content_type="application/json")
    assert refused.status_code == 403
    assert ASK in refused.content.decode()
    assert f"/history/{version}/undo/" not in editor.get(f"/history/{version}/").content.decode()
    assert is_on()
    designer.post(f"/api/v1/change-sets/{version}/undo/", {}, content_type="application/json")
    assert not is_on()


def test_editors_go_on_to_undo_what_else_there_is(as_role: Any) -> None:
    version = commit(RENAME).version
    assert as_role("editor").get(f"/history/{version}/undo/").status_code == 200
