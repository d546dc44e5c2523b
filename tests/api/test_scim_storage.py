"""The rules of scim2-server for a storage, held against ours."""

from __future__ import annotations

import pytest
from django.utils import timezone
from scim2_models import ScimProvider
from scim2_server.testing import ScimStorageContract

from orgmodel.changes.services import Actor
from orgmodel.scim.desk import Desk
from orgmodel.scim.storage import OrgStorage


@pytest.mark.django_db
class TestOrgStorage(ScimStorageContract):
    @pytest.fixture
    def storage(self, provider: ScimProvider) -> OrgStorage:
        return OrgStorage(provider, Desk(Actor("Directory"), timezone.now))
