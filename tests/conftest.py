"""Fixtures for every test: the door's memory is dropped between tests, users of each role, the demo cast."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from orgmodel.access.roles import ROLES


@pytest.fixture(autouse=True)
def _fresh_memory(request: pytest.FixtureRequest) -> Iterator[None]:
    from orgmodel.changes import services, store

    store.forget()
    services._memory.clear()
    yield


@pytest.fixture(autouse=True)
def _fast_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def as_role(db: None, django_user_model: Any, client: Any) -> Any:
    """Return a function that makes a user of a role and a client that is signed in as them."""
    from django.contrib.auth.models import Group
    from django.test import Client

    def make(role: str, username: str = "") -> Any:
        user = django_user_model.objects.create_user(username or role.replace(" ", "-"), password="a long password")
        user.groups.add(Group.objects.get_or_create(name=role)[0])
        browser = Client()
        browser.force_login(user)
        browser.user = user
        return browser

    assert ROLES
    return make
