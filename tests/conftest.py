"""Fixtures for every test: nothing kept in memory from the one before, the ground rows in place, users of each role."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _ground(request: pytest.FixtureRequest) -> None:
    """Start from an empty organization: nothing kept in memory, the head and the roles in place.

    Tests with transactions of their own empty every table, also those rows that migrations made.
    """
    marker = request.node.get_closest_marker("django_db")
    named = {"db", "transactional_db", "live_server", "as_role"} & set(request.fixturenames)
    if marker is None and not named:
        return
    transactional = (marker is not None and marker.kwargs.get("transaction")) or named & {
        "transactional_db",
        "live_server",
    }
    request.getfixturevalue("transactional_db" if transactional else "db")

    from django.contrib.auth.models import Group

    from orgmodel.access.roles import ROLES
    from orgmodel.changes import services, store
    from orgmodel.changes.models import Head
    from orgmodel.findings import services as findings

    Head.objects.get_or_create(pk=1)
    for role in ROLES:
        Group.objects.get_or_create(name=role)
    store.forget()
    services._memory.clear()
    findings.forget()


@pytest.fixture(autouse=True)
def _fast_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def as_role(db: None) -> Any:
    """Return a function that makes a user of a role and a client that is signed in as them."""
    from django.test import Client

    from tests.factories import UserFactory

    def make(role: str, username: str = "") -> Any:
        browser = Client()
        browser.user = UserFactory(username=username or role.replace(" ", "-"), role=role)
        browser.force_login(browser.user)
        return browser

    return make
