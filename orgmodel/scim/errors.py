"""What stands in the way of a SCIM request, in SCIM's own form (RFC 7644, section 3.12)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from scim2_models import ConflictException, InvalidValueException

from orgmodel.changes import wording
from orgmodel.changes.services import Conflict, StaleVersion
from orgmodel.core.org import Org


@contextmanager
def told_as_scim(org: Org) -> Iterator[None]:
    """Turn what the organization does not allow into a SCIM error that says why: 409 for a conflict, 400 otherwise."""
    try:
        yield
    except wording.OBJECTIONS as objection:
        detail = " ".join(complaint.message for complaint in wording.explain(objection, org))
        is_conflict = isinstance(objection, (Conflict, StaleVersion))
        raise (ConflictException if is_conflict else InvalidValueException)(detail=detail) from objection
