"""A process that founds an organization: squads of one tribe, with everyone in the first; run by the tests."""

import json
import sys
from datetime import UTC, datetime

import django

django.setup()

from tests.build import an_org, save, squad, tribe  # noqa: E402

wanted = json.load(sys.stdin)
first, *others = wanted["squads"]
save(
    an_org(tribe("Listening", squad(first, *wanted["people"]), *(squad(name) for name in others))),
    at=datetime(2026, 11, 20, 12, tzinfo=UTC),
)
