"""Drafts as answers hold them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from orgmodel.access import roles
from orgmodel.changes import drafts, jsonio, plans, queries, sharing, wording
from orgmodel.changes.drafts import HEADER
from orgmodel.changes.models import Draft, DraftComment, DraftOperation, DraftShare
from orgmodel.changes.plans import Planned
from orgmodel.core.org import Org
from orgmodel.integrations.draft_access import plan_for
from orgmodel.integrations.resources import Json, fact_json, reference


def drafts_json(user: Any, found: Sequence[Draft]) -> list[Json]:
    """Return drafts as lists hold them, in a few queries for all of them; of one that was handed in part, that part."""
    roles.read_shares(user, found)
    lines, counts = queries.summaries(found), _counts(found)
    answers = []
    for draft in found:
        part = roles.part_of(user, draft)
        plan = plan_for(user, draft) if part is not None else None
        standing, parked = (len(plan.positions), 0) if plan else counts.get(draft.pk, (0, 0))
        answers.append(
            {
                "id": draft.pk,
                "key": draft.key,
                "name": draft.name,
                "owner": draft.owner.get_username(),
                "visibility": draft.visibility,
                "state": draft.state,
                "part": reference(plan.replay.after, "tribe", part) if plan else None,
                "summary": queries.summary(plan.replay) if plan else lines[draft.pk],
                "revision": draft.revision,
                "operation_count": standing,
                "parked_count": parked,
                "based_on": draft.based_on,
                "created_at": draft.created_at,
                "updated_at": draft.updated_at,
                "scheduled_on": draft.scheduled_on,
                "failure": draft.failure,
                "change_set": draft.change_set.version if draft.change_set else None,
                "reverses": draft.reverses.version if draft.reverses else None,
            }
        )
    return answers


def _counts(found: Sequence[Draft]) -> dict[str, tuple[int, int]]:
    """Return how many operations of each draft stand and are parked."""
    states = DraftOperation.State
    rows = DraftOperation.objects.filter(draft__in=found, state__in=(states.STANDING, states.PARKED))
    counts: dict[str, dict[str, int]] = {}
    for draft, state, count in rows.values_list("draft", "state").annotate(Count("pk")).order_by():
        counts.setdefault(draft, {})[state] = count
    return {draft: (own.get(states.STANDING, 0), own.get(states.PARKED, 0)) for draft, own in counts.items()}


def draft_in_full(user: Any, draft: Draft) -> Json:
    """Return a draft with what it says of itself and what it would change; a published one is told by the log."""
    [answer] = drafts_json(user, [draft])
    plan = plan_for(user, draft)
    if roles.part_of(user, draft) is None:
        answer |= _header(draft, plan.replay.after)
    answer["reviews"] = [
        {
            "login": share.user.get_username(),
            "name": roles.name_of(share.user),
            "approves": share.approved_revision == draft.revision,
        }
        for share in sharing.reviews_of(draft).shares
    ]
    if draft.state == Draft.State.PUBLISHED:
        return answer
    notes = _notes(draft)
    entries = [
        {
            "position": entry.position,
            "sentence": entry.sentence,
            "fits": entry.fits,
            "reason": entry.reason,
            "note": notes[entry.position],
            "facts": [fact_json(fact) for fact in entry.facts],
        }
        for entry in _entries(plan)
    ]
    return answer | {
        "misfits": len(plan.replay.misfits),
        "fingerprint": plans.fingerprint(plan.replay),
        "can_undo": plan.can_undo,
        "can_redo": plan.can_redo,
        "entries": entries,
        "parked": [
            {"position": position, "sentence": sentence, "note": notes[position]}
            for position, sentence in _parked(plan)
        ],
    }


def started(request: Request, draft: Draft) -> Response:
    """Answer with a draft that was just started."""
    address = request.build_absolute_uri(reverse("api-drafts-detail", args=[draft.key]))
    return Response(draft_in_full(request.user, draft), status=201, headers={"Location": address})


def _header(draft: Draft, org: Org) -> Json:
    groups = [references(org, "person", group) for group in draft.keep_together]
    said = {name: getattr(draft, name) for name in (*HEADER, "despite")}
    return {**said, "keep_together": groups}


def _entries(plan: Planned) -> list[wording.Entry]:
    return wording.entries(plan.replay, plan.positions)


def _parked(plan: Planned) -> list[tuple[int, str]]:
    return [(position, operation.describe(plan.replay.after)) for position, operation in plan.parked]


def _operation(row: DraftOperation) -> Json:
    """Return an operation as programs read it, in English."""
    return {name: value for name, value in row.body.items() if name != jsonio.TOLD}


def _notes(draft: Draft) -> dict[int, str]:
    return dict(draft.operations.values_list("position", "note"))


def operations_json(user: Any, draft: Draft) -> Json:
    """Return the operations of a draft as it keeps them, those that are parked among the others."""
    plan = plan_for(user, draft)
    again = drafts.redone(plan) if plan.replay.misfits else {}
    told: dict[int, Json] = {
        entry.position: {
            "state": DraftOperation.State.STANDING,
            "sentence": entry.sentence,
            "fits": entry.fits,
            "reason": entry.reason,
            "redo": again[entry.position].sentence if entry.position in again else "",
        }
        for entry in _entries(plan)
    }
    for position, sentence in _parked(plan):
        state = DraftOperation.State.PARKED
        told[position] = {"state": state, "sentence": sentence, "fits": True, "reason": "", "redo": ""}
    results = [
        {"position": row.position, **told[row.position], "note": row.note, "operation": _operation(row)}
        for row in draft.operations.order_by("position")
        if row.position in told
    ]
    return {"results": results, "revision": draft.revision}


def references(org: Org, kind: str, ids: Iterable[str]) -> list[Json]:
    """Return those of some records that an organization holds."""
    return [found for id_ in ids if (found := reference(org, kind, id_)) is not None]


def share_json(share: DraftShare, org: Org) -> Json:
    return {
        "login": share.user.get_username(),
        "name": roles.name_of(share.user),
        "can": share.can,
        "tribe": reference(org, "tribe", share.tribe),
        "is_reviewer": share.is_reviewer,
        "approved_revision": share.approved_revision,
    }


def comment_json(comment: DraftComment) -> Json:
    return {
        "id": comment.pk,
        "position": comment.operation.position if comment.operation else None,
        "author": comment.author.get_username() if comment.author else None,
        "body": comment.body,
        "written_at": comment.written_at,
        "mentions": sorted(user.get_username() for user in comment.mentions.all()),
    }
