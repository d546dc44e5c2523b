"""A real browser against a real server, on the demo organization."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from chromium import find_chromium
from django.conf import settings as django_settings
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import sync_playwright

from orgmodel.changes import drafts, store
from orgmodel.changes.models import Head

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop of its own in this thread

VIOLATIONS = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective}: ${event.blockedURI || event.sample}`));
"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    options = ["--no-sandbox", "--disable-gpu"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=options)
        yield browser
        browser.close()


@pytest.fixture
def demo(transactional_db: None, django_user_model: Any) -> None:
    """The demo organization in the database."""
    from orgmodel.demo.loading import load_demo

    store.forget()
    for role in ("viewer", "planner", "editor", "org designer"):
        Group.objects.get_or_create(name=role)
    Head.objects.get_or_create(pk=1)
    load_demo(at=timezone.now(), owner_id=django_user_model.objects.create_user("owner").pk)


@pytest.fixture
def sign_in(
    browser: Any, live_server: Any, demo: None, django_user_model: Any
) -> Iterator[Callable[..., Any]]:
    """Return a function that opens a page as a user of a role. Whatever the page logs as an error fails the test."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_page(role: str = "editor", **options: Any) -> Any:
        from django.test import Client

        user = django_user_model.objects.create_user(
            f"{role}-{len(contexts)}", first_name="Alex", last_name="Test"
        )
        user.groups.add(Group.objects.get(name=role))
        client = Client()
        client.force_login(user)
        context = browser.new_context(
            base_url=live_server.url, **{"viewport": {"width": 1440, "height": 950}, **options}
        )
        contexts.append(context)
        name = django_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        context.add_init_script(VIOLATIONS)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.user = user
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def new_draft() -> Callable[..., str]:
    """Return a function that starts an empty draft for a user and returns its key."""

    def make(user: Any) -> str:
        return drafts.create_draft("Plan", owner_id=user.pk, at=timezone.now()).key

    return make
