"""Which events a change set is: worked out from what changed and the organizations before and after, nothing else.

An event is about one record that people have a word for. What belongs to such a record, as a membership belongs to a
person, is told as an event of that record.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import Any

from orgmodel.core.changes import Change
from orgmodel.core.operations.base import noun
from orgmodel.core.org import Org, Ref
from orgmodel.core.phrases import say
from orgmodel.core.records import KINDS, specs_of

PARTS = types.MappingProxyType(
    {
        # kind: the record it is a part of, and the other one, which the event names
        "membership": ("person", "squad"),
        "chapter_member": ("person", "chapter"),
        "guild_member": ("person", "guild"),
        "person_skill": ("person", ""),
        "system_owner": ("system", ""),
        "dependency": ("squad", ""),
        "coaching": ("squad", ""),
        "squad_lineage": ("predecessor", "successor"),
        "tribe_lineage": ("predecessor", "successor"),
        "chapter_lineage": ("predecessor", "successor"),
    }
)
HOW = {"split": "split", "merge": "merged"}

ABOUT = types.MappingProxyType(
    {
        "created": say("A {noun} is there that was not."),
        "split": say("Part of a {noun} goes on as another, which the event names."),
        "merged": say("A {noun} has become part of another, which the event names."),
        "moved": say("A {noun} belongs to another tribe."),
        "left": say("A person has left the organization."),
        "returned": say("A person who had left is back."),
        "filled": say("Somebody was found for a vacancy."),
        "closed": say("A {noun} was closed."),
        "reopened": say("A {noun} that was closed is open again."),
        "updated": say("Something else about a {noun} is different, or about what belongs to it."),
        "removed": say("A {noun} is not there any more, as if it had never been."),
    }
)
"""What can happen to a record, in the order in which it is told."""

ENDS = frozenset({"created", "removed", "left", "returned", "filled", "closed", "reopened"})
"""What says all: nobody need hear as well that something else is different."""

TOPICS = types.MappingProxyType(
    {
        "change_set.recorded": say("Something changed: told once for each change set, before what is in it."),
        "change_set.undone": say("A change set was taken back. `undone` is its version."),
        "draft.scheduled": say("A draft will go live by itself, on `effective_on`."),
        "draft.unscheduled": say("A draft that was scheduled is not any more."),
        "draft.stopped": say("The day of a draft came, and something no longer fitted."),
        "draft.published": say("A draft went live, all of it or a part."),
        "webhook.test": say(
            "Somebody wants to see whether this works. Sent on request, whatever is subscribed to."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to one thing; `more` names others that matter to it."""

    type: str
    kind: str
    id: str
    key: str | None
    more: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def subject(self) -> str:
        return f"{self.kind}:{self.id}"

    def body(self, *, at: datetime, version: int | None, effective_on: date | None) -> dict[str, Any]:
        """Return what is sent: enough to ask for the rest."""
        told = {"kind": self.kind, "id": self.id, "key": self.key, "version": version}
        return {
            "type": self.type,
            "timestamp": at,
            "data": {**told, "effective_on": effective_on, **self.more},
        }


def events_of(changes: Iterable[Change], before: Org, after: Org) -> list[Event]:
    """Return what happened to people and units, in the order of their kinds, each record's events together."""
    happened: dict[Ref, dict[str, list[Ref]]] = {}
    for change in changes:
        for ref, what, others in _happened(change, before, after):
            named = happened.setdefault(ref, {}).setdefault(what, [])
            named += [other for other in others if other not in named]
    return [event for ref, found in happened.items() for event in _told(ref, found, before, after)]


def _told(ref: Ref, happened: Mapping[str, list[Ref]], before: Org, after: Org) -> Iterator[Event]:
    kind, id_ = ref
    says_all = bool(ENDS & happened.keys())
    is_coming_or_going = kind == "person" and says_all
    for what in ABOUT:
        if (
            what not in happened
            or (what == "updated" and says_all)
            or (what == "moved" and is_coming_or_going)
        ):
            continue
        # A person comes and goes with squads and chapters, which are named then.
        others = (
            [other for each in happened.values() for other in each] if is_coming_or_going else happened[what]
        )
        more: dict[str, list[dict[str, Any]]] = {}
        for other in dict.fromkeys(others):
            named = {"id": other[1], "key": _key(other, before, after)}
            more.setdefault(KINDS[other[0]].PLURAL, []).append(named)
        yield Event(f"{kind}.{what}", kind, id_, _key(ref, before, after), more)


def _key(ref: Ref, before: Org, after: Org) -> str | None:
    record = after.get(*ref) or before.get(*ref)
    return getattr(record, "key", None)


def _happened(change: Change, before: Org, after: Org) -> Iterator[tuple[Ref, str, Sequence[Ref]]]:
    """Yield what a change means: to which record, what, and which others it names."""
    if change.kind in PARTS:
        yield from _of_part(change, before, after)
    elif change.before is None or change.after is None:
        yield change.ref, "created" if change.before is None else "removed", ()
    else:
        for what in _of_fields(change.kind, change.before, change.after):
            yield change.ref, what, ()


def _of_part(change: Change, before: Org, after: Org) -> Iterator[tuple[Ref, str, Sequence[Ref]]]:
    """Yield what a change to a part means to the record that it is a part of, on both sides of the change."""
    owner, other = PARTS[change.kind]
    sides = [side.get(change.kind, change.id) for side in (before, after)]
    specs = specs_of(change.kind)
    owners = dict.fromkeys((specs[owner].target, getattr(side, owner)) for side in sides if side is not None)
    others = dict.fromkeys(
        (specs[other].target, getattr(side, other)) for side in sides if side is not None and other
    )
    what = "updated"
    if change.kind == "membership" and (None in sides or "squad" in (change.after or ())):
        what = "moved"
    if owner == "predecessor" and sides[0] is None:
        what = HOW[getattr(sides[1], "how")]  # noqa: B009 - a field of Lineage, which a Record need not have
    for ref in owners:
        yield ref, what, () if owner == "predecessor" and what == "updated" else tuple(others)


def _of_fields(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the fields of a record that differ say."""
    left = set(after)
    if "closed_on" in left:
        left.discard("closed_on")
        if before["closed_on"] is None or after["closed_on"] is None:
            yield "closed" if before["closed_on"] is None else "reopened"
        else:
            yield "updated"
    if kind == "person" and "left" in (before.get("status"), after.get("status")):
        yield "left" if after["status"] == "left" else "returned"
    if kind == "vacancy" and "state" in left:
        yield from _of_state(before["state"], after["state"])
    if kind in ("squad", "chapter") and "tribe" in left:
        left.discard("tribe")
        yield "moved"
    if left:
        yield "updated"


def _of_state(before: str, after: str) -> Iterator[str]:
    """Yield what the states of a vacancy say: filled, cancelled, or open again."""
    words = {"filled": "filled", "cancelled": "closed"}
    if after in words:
        yield words[after]
    elif before in words:
        yield "reopened"


def change_set_events(
    id_: str, version: int, undone: tuple[str, int] | None, draft: tuple[str, str] | None
) -> list[Event]:
    """Return what a change set itself is: `undone` is the id and version of what it takes back, `draft` id and key."""
    found = [Event("change_set.recorded", "change_set", id_, None)]
    if undone is not None:
        found.append(Event("change_set.undone", "change_set", undone[0], None, {"undone": undone[1]}))
    if draft is not None:
        found.append(Event("draft.published", "draft", *draft))
    return found


# Which there are


def _whats(kind: str) -> list[str]:
    """Return what can happen to records of a kind."""
    specs = specs_of(kind)
    found = {"created", "updated", "removed"}
    if "closed_on" in specs or kind == "vacancy":
        found |= {"closed", "reopened"}
    if kind in ("person", "squad", "chapter"):
        found.add("moved")
    if f"{kind}_lineage" in KINDS:
        found |= {"split", "merged"}
    found |= {"person": {"left", "returned"}, "vacancy": {"filled"}}.get(kind, set())
    return [what for what in ABOUT if what in found]


def _about(kind: str, what: str) -> str:
    if (kind, what) == ("person", "moved"):
        return say("A person joined or left squads, which the event names.")
    return say(ABOUT[what], noun=noun(kind))


TYPES: Mapping[str, str] = types.MappingProxyType(
    {f"{kind}.{what}": _about(kind, what) for kind in KINDS if kind not in PARTS for what in _whats(kind)}
    | dict(TOPICS)
)
"""Every type of event, and what it means."""


def is_wanted(type_: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(type_, pattern) for pattern in patterns)


def is_pattern(pattern: str) -> bool:
    """Whether a pattern is a type, or types with a star for a part, such as `person.*`, and there are such."""
    parts = pattern.split(".")
    plain = all(part == "*" or part.replace("_", "").isalpha() for part in parts)
    return plain and (pattern == "*" or len(parts) == 2) and any(is_wanted(each, [pattern]) for each in TYPES)
