"""Where the API's writes go: into the draft that the address names, or live.

What `faces.perform` is for pages. Programs get no draft that they did not ask for, may say a version and a day, and are
told nothing where nothing changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from rest_framework.request import Request

from orgmodel.access import roles
from orgmodel.changes import drafts, plans, services
from orgmodel.changes.faces import actor_of, check_may_date_back, check_may_make_live
from orgmodel.core.operations import Operation, Refused
from orgmodel.core.org import Org
from orgmodel.integrations.bodies import Options


@dataclass(frozen=True, slots=True)
class Written:
    """The organization after a write, and the headers that say where it is recorded."""

    org: Org
    headers: dict[str, str] = field(default_factory=dict)


def write(request: Request, operations: Sequence[Operation], options: Options) -> Written:
    """Carry operations out in the request's reality. Nothing to do is no error: sending the same again is safe.

    Raises PermissionDenied, Refused, RuleViolation, Conflict or StaleVersion; nothing is kept then.
    """
    reality: Any = request._request.reality  # type: ignore[attr-defined]
    user, now = request.user, timezone.now()
    if reality.is_another_day:
        raise Refused("Another day cannot be changed. Leave out as_of.")
    if reality.kind == "live" and not roles.can_publish(user):
        raise PermissionDenied(
            "Your role plans in drafts: create one with POST drafts/ and name it, ?draft=KEY."
        )
    if reality.draft is not None and reality.draft.is_open and not roles.can_edit_draft(user, reality.draft):
        raise PermissionDenied(f"The draft “{reality.draft.name}” is not yours to change.")
    if not operations:
        return Written(reality.org)
    if reality.draft is None:
        check_may_make_live(user, operations)
        check_may_date_back(user, options.effective_on)
        change_set = services.commit(
            operations,
            actor=actor_of(user),
            message=options.message,
            source="api",
            at=now,
            effective_on=options.effective_on,
            expected_version=options.expected_version,
        )
        return Written(reality.seen(services.current()), {"Change-Set": str(change_set.version)})
    if options.effective_on is not None or options.expected_version is not None:
        raise Refused("A draft gets its day and version when it is published.", field="effective_on")
    drafts.append(
        reality.draft, operations, author_id=user.pk, at=now, part=roles.editable_part_of(user, reality.draft)
    )
    headers = {"Draft-Revision": str(reality.draft.revision)}
    return Written(plans.replay_draft(reality.draft, part=roles.part_of(user, reality.draft)).after, headers)
