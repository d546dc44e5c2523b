"""Reads a user together with their roles, in one query per request."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef

from orgmodel.access.roles import ROLES


class RoleBackend(ModelBackend):
    def get_user(self, user_id: Any) -> Any:
        user_model = get_user_model()
        held = {
            f"is_role_{position}": Exists(Group.objects.filter(name=role, user=OuterRef("pk")))
            for position, role in enumerate(ROLES)
        }
        user = user_model._default_manager.annotate(**held).filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        user.role_names = {role for position, role in enumerate(ROLES) if getattr(user, f"is_role_{position}")}
        return user
