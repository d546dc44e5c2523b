"""Reads a user together with their roles, in one query per request."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.db.models import F

from orgmodel.access.roles import DEMO, ROLES


class RoleBackend(ModelBackend):
    def get_user(self, user_id: Any) -> Any:
        # One row for each group: a join costs a fraction of asking for every role on its own.
        users = get_user_model()._default_manager.filter(pk=user_id)
        rows = list(users.annotate(group_name=F("groups__name")))
        if not rows:
            return None
        user: Any = rows[0]
        names = {row.group_name for row in rows}
        user.role_names, user.is_demo = names & set(ROLES), DEMO in names
        return user if self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: Any) -> bool:
        """Refuse demo logins, whose password is public, wherever this is not a trial on one's own machine."""
        if not super().user_can_authenticate(user):
            return False
        return bool(settings.DEBUG) or not self._is_demo(user)

    def _is_demo(self, user: Any) -> bool:
        known = getattr(user, "is_demo", None)
        return bool(user.groups.filter(name=DEMO).exists() if known is None else known)
