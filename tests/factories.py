"""Logins for tests. Organizations are not made by factories but in sentences: see `build.py`."""

from __future__ import annotations

from typing import Any

import factory
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

PASSWORD = "a long password"


class UserFactory(factory.django.DjangoModelFactory):
    """A login with a role: `UserFactory(username="ana", role="editor")`."""

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"user-{number}")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def role(self: Any, create: bool, name: str | None, **_: Any) -> None:
        if name is not None:
            self.groups.add(Group.objects.get(name=name))
