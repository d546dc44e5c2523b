"""A process that schedules drafts whose day was yesterday: each moves a person of their own; run by the tests."""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.utils import timezone  # noqa: E402

from orgmodel.changes import drafts, publishing  # noqa: E402
from orgmodel.core.operations import MovePeople  # noqa: E402
from tests.build import id_of  # noqa: E402

wanted = json.load(sys.stdin)
user = get_user_model().objects.get_or_create(username="planner")[0]
before = timezone.now() - timedelta(days=2)
for name in wanted["people"]:
    move = MovePeople(people=(id_of(name),), to=id_of(wanted["to"]))
    draft = drafts.create_draft(f"Move {name}", owner_id=user.pk, at=before, operations=[move])
    publishing.schedule(
        draft,
        on=timezone.localdate(before) + timedelta(days=1),
        by_id=user.pk,
        message="",
        at=before,
        despite="A test.",
    )
