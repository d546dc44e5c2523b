"""The first run: three ways to begin, and the way back to an empty sheet."""

from __future__ import annotations

from typing import Any

import pytest

from orgmodel.changes import services
from orgmodel.changes.models import Head
from tests.build import an_org, save, squad, tribe


def test_it_offers_three_ways_to_begin(as_role: Any) -> None:
    html = as_role("editor").get("/welcome/").content.decode()
    assert "Open the demo organization" in html
    assert 'href="/import/"' in html
    assert 'href="/tribes/new/"' in html


@pytest.mark.parametrize("role", ["viewer", "planner"])
def test_who_may_not_publish_is_told_whom_to_ask(as_role: Any, role: str) -> None:
    client = as_role(role)
    assert "Ask an editor or org designer" in client.get("/welcome/").content.decode()
    assert client.post("/welcome/").status_code == 403
    assert Head.objects.get().version == 0


def test_the_demo_opens_in_one_click_and_goes_in_another(as_role: Any) -> None:
    designer = as_role("org designer")
    assert designer.post("/welcome/").headers["Location"] == "/"
    assert Head.objects.get().is_demo
    assert services.current().count("person") == 100
    assert "Remove the demo" in designer.get("/").content.decode()
    assert "cannot be undone" in designer.get("/demo/remove/").content.decode()
    assert designer.post("/demo/remove/").headers["Location"] == "/welcome/"
    assert services.current().count("person") == 0
    assert designer.post("/demo/remove/").headers["Location"] == "/"


def test_a_second_click_changes_nothing(as_role: Any) -> None:
    editor = as_role("editor")
    editor.post("/welcome/")
    version = Head.objects.get().version
    assert editor.post("/welcome/").headers["Location"] == "/"
    assert Head.objects.get().version == version


def test_an_organization_that_is_there_is_never_removed(as_role: Any) -> None:
    save(an_org(tribe("T", squad("S", "Ana"))))
    designer = as_role("org designer")
    assert designer.get("/welcome/").headers["Location"] == "/"
    assert designer.post("/demo/remove/").headers["Location"] == "/"
    assert services.current().count("person") == 1


def test_only_org_designers_remove_the_demo(as_role: Any) -> None:
    editor = as_role("editor")
    editor.post("/welcome/")
    assert editor.post("/demo/remove/").status_code == 403
    assert "Remove the demo" not in editor.get("/").content.decode()
