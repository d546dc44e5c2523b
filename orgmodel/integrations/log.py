"""The log over REST: change sets, newest first or as a feed, and undoing them."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from orgmodel.access import roles
from orgmodel.changes import jsonio, queries, services, wording
from orgmodel.changes import reverse as reversing
from orgmodel.changes.faces import DESIGNERS_ONLY, actor_of
from orgmodel.changes.models import ChangeSet, DraftOperation
from orgmodel.core.operations.base import noun
from orgmodel.core.org import Org
from orgmodel.core.records import KINDS, Spec
from orgmodel.integrations import paging
from orgmodel.integrations.bodies import OPTIONS, VERSION_LIMIT, Body, id_of
from orgmodel.integrations.conventions import ApiView
from orgmodel.integrations.draft_access import user_id
from orgmodel.integrations.draft_json import started
from orgmodel.integrations.draft_shapes import DRAFT_SHAPES
from orgmodel.integrations.filters import mentions_of, parameter
from orgmodel.integrations.problems import Fault, Faulty
from orgmodel.integrations.resources import Json, fact_json
from orgmodel.integrations.schema import endpoint


class ChangeSetViewSet(ApiView, ViewSet):
    """Everything that changed, by whom, from where and why."""

    tag = "change-sets"
    lookup_url_kwarg = "version"
    lookup_value_regex = "[0-9]{1,9}"
    path_parameters = {"version": "Version of the change set."}
    filters = {
        "since": parameter(
            "A version: what came after it, oldest first, as a feed.",
            type="integer",
            minimum=0,
            maximum=VERSION_LIMIT,
        ),
        "source": parameter("Where it came from.", type="string", enum=list(ChangeSet.Source.values)),
        "record": parameter(
            "What it is about, as kind:id or kind:key, such as squad:search.",
            type="string",
            pattern=f"^({'|'.join(sorted(KINDS))}):.+$",
        ),
        "as_of": parameter("Only what had taken effect by a day, or stood at a snapshot, by its key."),
    }
    undo_body = Body(
        "Undo",
        {
            "message": OPTIONS["message"],
            "learning": Spec("text", limit=services.MESSAGE_LIMIT, label="what was learned from it"),
            "skip_overtaken": Spec("flag", label="leave out what has changed since"),
        },
        options=False,
    )
    no_body = Body("Nothing", {}, options=False)
    shapes = DRAFT_SHAPES

    @endpoint("List change sets", answers="ChangeSet", many=True, reality=False)
    def list(self, request: Request) -> Response:
        given, rows = request.query_params, _rows(request.user)
        if source := given.get("source"):
            rows = rows.filter(source=source)
        if "since" in given and "cursor" not in given:
            rows = rows.filter(version__gt=_version(given["since"], "since"))
        order = "version" if "since" in given else "-version"
        rows = _about(request, _until(request, rows))
        found, following = paging.rows_of(request, rows, order, lambda place: _version(place, "cursor"))
        queries.know_undoing(found)
        return paging.answer(request, [change_set_json(each) for each in found], following)

    @endpoint("Read one change set, with its changes", answers="ChangeSet", reality=False)
    def retrieve(self, request: Request, version: str) -> Response:
        return Response(_in_full(_find(request, version)))

    @endpoint(
        "Undo a change set",
        answers="ChangeSet",
        body=".undo_body",
        status=201,
        reality=False,
        description="A new change set takes it back. What has changed since is a conflict, or skipped on request.",
    )
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, version: str) -> Response:
        reality: Any = request._request.reality  # type: ignore[attr-defined]
        undone = _find(request, version)
        values, _ = self.undo_body.read(request.data, reality.live)
        if not roles.can_publish(request.user):
            raise PermissionDenied("Your role does not publish, so it cannot undo either.")
        if not roles.can_undo(request.user, undone):
            raise PermissionDenied(DESIGNERS_ONLY)
        change_set = services.undo(
            undone,
            actor=actor_of(request.user),
            message=values.get("message", ""),
            at=timezone.now(),
            learning=values.get("learning", ""),
            skip_overtaken=values.get("skip_overtaken", False),
        )
        number = str(change_set.version)
        return Response(_in_full(_find(request, number)), status=201, headers={"Change-Set": number})

    @endpoint(
        "Start a draft that takes a change set back",
        answers="Draft",
        body=".no_body",
        status=201,
        reality=False,
        description="Each person on their own, and the units, on today's organization; what has been overtaken is "
        "parked in it, with a note that says by what.",
    )
    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, version: str) -> Response:
        change_set = _find(request, version)
        self.no_body.read(request.data, services.current())
        draft = reversing.reverse_draft(change_set, owner_id=user_id(request), at=timezone.now())
        return started(request, draft)


def change_set_json(change_set: Any) -> Json:
    return {
        "version": change_set.version,
        "actor": change_set.actor_name,
        "source": change_set.source,
        "message": change_set.message,
        "title": change_set.title,
        "sentences": change_set.sentences,
        "change_count": change_set.change_count,
        "recorded_at": change_set.recorded_at,
        "effective_on": change_set.effective_on,
        "undoes": change_set.undoes_version,
        "undone_by": change_set.undoing.version if change_set.undoing is not None else None,
        "learning": change_set.learning,
        "draft": change_set.draft_key,
    }


def _in_full(change_set: ChangeSet) -> Json:
    changes = services.changes_of(change_set)
    live: Org = services.current()
    facts = [fact_json(fact) for fact in wording.facts(changes, live, live)]
    return {
        **change_set_json(change_set),
        "changes": [jsonio.dump_change(c) for c in changes],
        "facts": facts,
    }


def _rows(user: Any) -> QuerySet[ChangeSet]:
    """Return the log with what belongs to each: what it undoes, and the draft if the user may see it."""
    undoes = ChangeSet.objects.filter(pk=OuterRef("undoes")).values("version")[:1]
    published = DraftOperation.objects.filter(
        change_set=OuterRef("pk"), draft__in=roles.visible_drafts(user).values("pk")
    )
    return ChangeSet.objects.annotate(
        undoes_version=Subquery(undoes),
        draft_key=Subquery(published.values("draft__key")[:1]),
    )


def _until(request: Request, rows: QuerySet[ChangeSet]) -> QuerySet[ChangeSet]:
    """Return what had happened by the day or snapshot that a request reads."""
    reality: Any = request._request.reality  # type: ignore[attr-defined]
    if reality.snapshot is not None:
        return rows.filter(version__lte=reality.snapshot.version)
    return rows.filter(effective_on__lte=reality.as_of) if reality.as_of is not None else rows


def _about(request: Request, rows: QuerySet[ChangeSet]) -> QuerySet[ChangeSet]:
    """Return those that are about the record which a request names; of people and units, also through their members."""
    text = request.query_params.get("record")
    if text is None:
        return rows
    kind, _, name = text.partition(":")
    if kind not in KINDS or not name:
        detail = f"Must look like squad:search. Kinds are {', '.join(sorted(KINDS))}."
        raise Faulty([Fault("invalid", detail, parameter="record")])
    found = id_of(services.current(), kind, name) or _uuid(name)  # an id may be of what is gone by now
    if found is None:
        raise Faulty(
            [Fault("unknown_reference", f"There is no {noun(kind)} “{name[:100]}”.", parameter="record")], 422
        )
    return rows.filter(version__in=mentions_of(kind).filter(record=found).values("version"))


def _uuid(text: str) -> str | None:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return None


def _find(request: Request, version: str) -> ChangeSet:
    found = _rows(request.user).filter(version=int(version)).first()
    if found is None:
        raise Http404("There is no such change set.")
    return found


def _version(text: str, parameter: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= VERSION_LIMIT):
        raise Faulty([Fault("invalid", "Must be a version, a whole number.", parameter=parameter)])
    return int(text)
