"""What a draft does, over REST: held against something, to people, and where it collides with other drafts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from orgmodel.changes import comparing, publishing, queries, radar
from orgmodel.changes.comparing import LIVE, Compared
from orgmodel.changes.draft_pages import plan_for
from orgmodel.changes.radar import ToldCollision
from orgmodel.core.comparison import Delta
from orgmodel.core.figures import rows_of
from orgmodel.core.impact import Impact, PersonImpact
from orgmodel.core.org import Org, Ref
from orgmodel.core.rules.reorganization import Check
from orgmodel.integrations.draft_access import find, find_planned
from orgmodel.integrations.resources import Json, reference
from orgmodel.integrations.schema import endpoint
from orgmodel.integrations.shapes import TEXT


class DraftReading(ViewSet):
    """Compare, impact and collisions of drafts."""

    @endpoint(
        "Compare a draft",
        answers="DraftComparison",
        reality=False,
        parameters={
            "with": (
                "live, the key of a draft, a day such as 2026-06-30, or snapshot:KEY; live if absent.",
                TEXT,
            )
        },
    )
    @action(detail=True, methods=["get"])
    def compare(self, request: Request, key: str) -> Response:
        draft, reality, today = find_planned(request, key), _reality(request), timezone.localdate()
        plan = plan_for(request._request, draft)
        text = request.query_params.get("with", LIVE)
        base = comparing.baseline(text, user=request.user, head=reality.head, live=reality.live, today=today)
        return Response(_comparison(comparing.compared(base, draft, plan, today)))

    @endpoint(
        "What a draft does to people and units, and what speaks against it",
        answers="DraftImpact",
        reality=False,
    )
    @action(detail=True, methods=["get"])
    def impact(self, request: Request, key: str) -> Response:
        draft, today = find_planned(request, key), timezone.localdate()
        plan = plan_for(request._request, draft)
        sides = _Sides(plan.replay.before, plan.replay.after)
        impact = publishing.impact(plan, today)
        displaced = [p.person for p in impact.people if p.changes_squad or p.changes_manager]
        since = (draft.effective_on or today) - publishing.YEAR
        answer = _impact(impact, sides, queries.earlier_moves(displaced, since=since))
        answer["checks"] = [_check(check, sides) for check in publishing.checks(draft, plan, today)]
        answer["missing"] = publishing.missing(draft)
        return Response(answer)

    @endpoint("Where a draft collides with others", answers="DraftConflicts", reality=False)
    @action(detail=True, methods=["get"], url_path="conflicts")
    def conflicts(self, request: Request, key: str) -> Response:
        draft = find(request, key)
        found = [c for c in _collisions(request) if any(place.key == draft.key for place in c.places)]
        return Response({"results": [_collision(each) for each in found]})

    @endpoint(
        "Where any drafts collide",
        answers="DraftConflicts",
        reality=False,
        description="Drafts that you may not see are only counted.",
    )
    @action(detail=False, methods=["get"], url_path="conflicts")
    def all_conflicts(self, request: Request) -> Response:
        return Response({"results": [_collision(each) for each in _collisions(request)]})


def _reality(request: Request) -> Any:
    return request._request.reality  # type: ignore[attr-defined]


def _collisions(request: Request) -> Iterable[ToldCollision]:
    reality = _reality(request)
    return radar.radar(request.user, reality.head, reality.live).collisions


def _collision(collision: ToldCollision) -> Json:
    kind, id_ = collision.ref
    return {
        "kind": collision.code,
        "subject": {"kind": kind, "id": id_, "name": collision.subject},
        "message": collision.message,
        "places": [
            {"draft": place.key, "name": place.draft, "position": place.position, "does": place.does}
            for place in collision.places
        ],
        "hidden": collision.hidden,
    }


@dataclass(frozen=True, slots=True)
class _Sides:
    """The organization before and after: what is in only one of them is still told by name."""

    before: Org
    after: Org

    def one(self, kind: str, id_: str | None) -> Json | None:
        return reference(self.after, kind, id_) or reference(self.before, kind, id_)

    def many(self, kind: str, ids: Iterable[str]) -> list[Json]:
        return [found for id_ in ids if (found := self.one(kind, id_)) is not None]

    def moved(self, kind: str, before: str | None, after: str | None) -> Json:
        return {"before": self.one(kind, before), "after": self.one(kind, after)}

    def name(self, ref: Ref) -> str:
        record: Any = self.after.get(*ref) or self.before.get(*ref)
        return str(getattr(record, "name", ""))


def _comparison(found: Compared) -> Json:
    one, sides = found.comparison, _Sides(found.before.org, found.after.org)

    def delta(kind: str, values: Delta) -> Json:
        fixed, new = sides.many(kind, values.fixed), sides.many(kind, values.new)
        return {"before": values.before, "after": values.after, "fixed": fixed, "new": new}

    people = {
        "moved": one.people_moved,
        "new": one.people_new,
        "gone": one.people_gone,
        "tribe": one.tribe_changes,
        "manager": one.manager_changes,
        "chapter": one.chapter_changes,
        "share": one.share_changes,
    }
    squads = {
        "created": one.squads_created,
        "closed": one.squads_closed,
        "moved": one.squads_moved,
        "renamed": one.squads_renamed,
    }
    return {
        "with": found.baseline.value,
        "before": found.before.title,
        "after": found.after.title,
        "sentence": one.sentence,
        "people": {name: sides.many("person", ids) for name, ids in people.items()},
        "squads": {name: sides.many("squad", ids) for name, ids in squads.items()},
        "splits": [
            {"kind": s.kind, "unit": sides.one(s.kind, s.unit), "into": sides.many(s.kind, s.into)}
            for s in one.splits
        ],
        "merges": [
            {"kind": m.kind, "units": sides.many(m.kind, m.units), "into": sides.one(m.kind, m.into)}
            for m in one.merges
        ],
        "out_of_range": delta("squad", one.out_of_range),
        "vacancies": delta("vacancy", one.vacancies),
        "homeless": delta("person", one.homeless),
        "flows": [{**sides.moved("squad", f.before, f.after), "people": f.people} for f in one.flows],
        "figures": [
            {"label": row.label, "before": row.values[0], "after": row.values[1]}
            for row in rows_of(found.figures)
        ],
        "price": found.impact.price,
    }


def _impact(impact: Impact, sides: _Sides, earlier: Mapping[str, Sequence[date]]) -> Json:
    def size(before: int, after: int) -> Json:
        return {"before": before, "after": after}

    def person(one: PersonImpact) -> Json:
        return {
            "person": sides.one("person", one.person),
            "squad": sides.moved("squad", one.squad_before, one.squad_after),
            "tribe": sides.moved("tribe", one.tribe_before, one.tribe_after),
            "manager": sides.moved("person", one.manager_before, one.manager_after),
            "chapter": sides.moved("chapter", one.chapter_before, one.chapter_after),
            "share": {"before": one.share_before, "after": one.share_after},
            "arrives": one.arrives,
            "leaves": one.leaves,
            "earlier": earlier.get(one.person, ()),
        }

    return {
        "price": impact.price,
        "reach": {
            "people": impact.reach_people,
            "squads": impact.reach_squads,
            "tribes": impact.reach_tribes,
        },
        "people": [person(one) for one in impact.people],
        "squads": [
            {
                "squad": sides.one("squad", s.squad),
                "size": size(s.size_before, s.size_after),
                "stayed": s.stayed,
                "core_kept": s.core_kept,
                "is_new": s.is_new,
                "is_closed": s.is_closed,
            }
            for s in impact.squads
        ],
        "units": [
            {
                "kind": u.kind,
                "unit": sides.one(u.kind, u.unit),
                "size": size(u.size_before, u.size_after),
                "span": size(u.span_before, u.span_after),
            }
            for u in impact.units
        ],
        "missions": [
            {
                "mission": sides.one("mission", m.mission),
                "people": size(m.people_before, m.people_after),
                "share": size(m.share_before, m.share_after),
                "squads": size(m.squads_before, m.squads_after),
            }
            for m in impact.missions
        ],
        "pairs": [
            {
                "one": sides.one("person", p.one),
                "other": sides.one("person", p.other),
                "months": p.months,
                "starts": p.starts,
            }
            for p in impact.pairs
        ],
    }


def _check(check: Check, sides: _Sides) -> Json:
    subjects = [{"kind": kind, "id": id_, "name": sides.name((kind, id_))} for kind, id_ in check.subjects]
    return {
        "code": check.code,
        "level": check.level,
        "message": check.message,
        "what_to_try": check.what_to_try,
        "subjects": subjects,
    }
