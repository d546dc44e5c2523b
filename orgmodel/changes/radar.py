"""The radar: where drafts that still may come collide, and what of that a user may read.

A draft that somebody may not see is "another draft" to them: it gives no name, no sentence and no number of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from orgmodel.access import roles
from orgmodel.changes import services
from orgmodel.changes.comparing import PLANNED, planned_drafts
from orgmodel.changes.models import Draft, Head
from orgmodel.changes.pictures.alluvial import Side
from orgmodel.changes.plans import plan_of
from orgmodel.core.org import Org, Ref
from orgmodel.core.phrases import names, say
from orgmodel.core.radar import Collision, collisions

LOOKED_AT = 200  # drafts, those edited last: beyond that nobody reads the list
KINDS = {
    "person": say("Claimed twice"),
    "closed": say("Staffed here, closed there"),
    "field": say("Set to two values"),
    "sum": say("Out of range together"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """One draft's part in a collision, and where to see it."""

    draft: str
    url: str
    does: str
    key: str  # of the draft, and the position in it
    position: int


@dataclass(frozen=True, slots=True)
class ToldCollision:
    """Where drafts collide as one user may read it; `hidden` counts the drafts that they may not see."""

    kind: str
    page: str  # the name of the record that it is about, and its address today
    url: str
    message: str
    places: tuple[Place, ...]
    hidden: int
    code: str  # a key of KINDS
    ref: Ref
    subject: str


@dataclass(frozen=True, slots=True)
class Radar:
    """Every collision that concerns a draft of the user's, and how many drafts were looked at."""

    collisions: tuple[ToldCollision, ...]
    drafts: int


def radar(user: Any, head: Head, live: Org) -> Radar:
    """Return where the drafts that a user sees collide with each other and with those that they do not see."""
    seen = list(planned_drafts(user)[:LOOKED_AT])
    roles.read_shares(user, seen)
    hidden = Draft.objects.filter(state__in=PLANNED).exclude(pk__in=[draft.pk for draft in seen])
    others = list(hidden.order_by("-updated_at", "pk")[: LOOKED_AT - len(seen)])
    # Those who are seen come first, so that what a collision is about is told in their words.
    parts = {draft.pk: roles.part_of(user, draft) for draft in seen}
    drafts = [*sorted(seen, key=lambda draft: (draft.created_at, draft.pk)), *others]
    found = _found(drafts, parts, head)
    known = {draft.pk: draft for draft in seen}
    return Radar(tuple(_told(found, known, Side(live, say("Live")))), len(seen))


@dataclass(frozen=True, slots=True)
class _Found:
    """Collisions between drafts, and the positions in each draft of the steps that they name."""

    collisions: tuple[Collision, ...]
    positions: Mapping[str, Sequence[int]]


def _found(drafts: Sequence[Draft], parts: Mapping[str, str | None], head: Head) -> _Found:
    """Return the collisions between drafts, kept for as long as none of them and nothing live changes."""
    revisions = tuple((draft.pk, draft.revision, parts.get(draft.pk)) for draft in drafts)
    return services.kept(
        ("collisions", head.version, head.change_set, revisions), lambda: _look(drafts, parts, head)
    )


def _look(drafts: Sequence[Draft], parts: Mapping[str, str | None], head: Head) -> _Found:
    plans = {draft.pk: plan_of(draft, head, part=parts.get(draft.pk)) for draft in drafts}
    found = collisions([(pk, planned.replay) for pk, planned in plans.items()])
    return _Found(tuple(found), {pk: planned.positions for pk, planned in plans.items()})


def _told(found: _Found, known: Mapping[str, Draft], live: Side) -> Iterator[ToldCollision]:
    """Yield what concerns a draft the user sees; what collides over the same thing, in pairs, is told once."""
    told: dict[Hashable, list[Collision]] = {}
    for collision in found.collisions:
        if any(side.plan in known for side in collision.sides):
            told.setdefault((collision.kind, collision.ref, collision.subject), []).append(collision)
    for same in told.values():
        yield _told_collision(same, found, known, live)


def _told_collision(
    same: Sequence[Collision], found: _Found, known: Mapping[str, Draft], live: Side
) -> ToldCollision:
    first = same[0]
    sides = dict.fromkeys(side for collision in same for side in collision.sides)
    places = [
        _place(known[side.plan], found.positions[side.plan][side.step], side.does)
        for side in sides
        if side.plan in known
    ]
    hidden = {side.plan for side in sides} - known.keys()
    record: Any = live.org.get(*first.ref) if first.ref[0] in PAGES else None
    return ToldCollision(
        KINDS[first.kind],
        record.name if record is not None else "",
        live.address(*first.ref) if record is not None else "",
        first.message if len(same) == 1 and not hidden else _in_part(first, places, hidden),
        tuple(places),
        len(hidden),
        first.kind,
        first.ref,
        first.subject,
    )


PAGES = frozenset({"person", "squad", "tribe", "chapter", "guild", "mission", "vacancy"})


def _place(draft: Draft, position: int, does: str) -> Place:
    url = f"{reverse('draft_changes', args=[draft.key])}?intent={position}"
    return Place(draft.name, url, does, draft.key, position)


def _in_part(collision: Collision, places: Sequence[Place], hidden: Collection[str]) -> str:
    """Tell what several drafts do, without what those do that the reader may not see."""
    does = names(dict.fromkeys(place.does for place in places))
    told = {"subject": collision.subject, "does": does}
    if collision.kind == "sum":
        return say("{subject} {does}; with what others plan it ends out of range.", **told)
    if hidden:
        return say("{subject} {does}; something else is planned elsewhere.", **told)
    return say("{subject} {does}.", **told)
