"""The same people in four structures: by reporting line, by squad, by chapter, by guild, each as an outline."""

from __future__ import annotations

import functools
import heapq
import itertools
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from immutables import Map

from orgmodel.core.authority import line_of, open_units
from orgmodel.core.org import Org, Ref, Same, by_name, is_gone
from orgmodel.core.phrases import say

GROUPINGS = {
    "lines": say("Reporting lines"),
    "squads": say("Squads"),
    "chapters": say("Chapters"),
    "guilds": say("Guilds"),
}
ROOTS = {"lines": "person", "squads": "tribe", "chapters": "tribe", "guilds": "guild"}
"""The kind of what an outline can start from, by grouping."""

MOST = 500  # rows of an outline; what is deeper is found from another root

WHOLE: Ref = ("", "whole")
NO_TRIBE: Ref = ("", "no tribe")
NO_GROUP: Ref = ("", "no group")


@dataclass(slots=True)
class Node:
    """A group or a person in an outline. `people` is how many are below, whether they are shown or not."""

    ref: Ref
    name: str
    key: str
    people: int
    depth: int
    children: list[Node] = field(default_factory=list)
    is_open: bool = False
    is_selected: bool = False
    mark: str = ""  # what a draft makes of it: "new", "moved", "closes" or "leaves"
    is_gone: bool = False  # closed in the draft, or left

    @property
    def kind(self) -> str:
        return self.ref[0]

    @property
    def is_person(self) -> bool:
        return self.kind == "person"

    @property
    def is_folded(self) -> bool:
        """Say whether there are people below of whom nobody is shown."""
        return bool(self.people) and not self.children


@dataclass(frozen=True, slots=True)
class Outline:
    """Some of a structure; `hidden` are the groups or people at its top for which there is no room."""

    by: str
    top: Node
    hidden: int

    @property
    def nodes(self) -> list[Node]:
        return self.top.children


class Structure(Protocol):
    """One way to group people."""

    def below(self, ref: Ref) -> Sequence[Ref]:
        """Return what is directly below a group or a person, in the order in which it is shown."""

    def people(self, ref: Ref) -> int:
        """Return how many people are below a group or a person."""

    def paths(self, person: str) -> list[list[Ref]]:
        """Return every way from the top down to a person, who is the last of each."""


def structure_of(org: Org, by: str) -> Structure:
    return Lines(org) if by == "lines" else Units(org, by)


# Reporting lines


@dataclass(frozen=True, slots=True)
class Chain:
    """What is known of all reporting lines at once. `heights` are the layers below each manager."""

    tops: tuple[Ref, ...]
    beneath: Mapping[str, int]
    heights: Mapping[str, int]


def chain_of(org: Org) -> Chain:
    """Return the reporting lines of everybody here; whoever reports in a circle is in no line."""
    return _chain(Same(org.people))


@functools.lru_cache(maxsize=4)
def _chain(same: Same) -> Chain:
    here: Map[str, Any] = same.table
    people = {id_: person for id_, person in here.items() if person.is_here}
    managers = {id_: person.manager for id_, person in people.items() if person.manager in people}
    waiting = Counter(managers.values())
    beneath: Counter[str] = Counter()
    heights: dict[str, int] = {}
    ready = [id_ for id_ in people if id_ not in waiting]
    for id_ in ready:  # grows: a manager comes after the last of their reports
        if (manager := managers.get(id_)) is None:
            continue
        beneath[manager] += beneath[id_] + 1
        heights[manager] = max(heights.get(manager, 0), heights.get(id_, 0) + 1)
        waiting[manager] -= 1
        if not waiting[manager]:
            ready.append(manager)
    tops = sorted(
        (id_ for id_ in people if id_ not in managers),
        key=lambda id_: (not beneath[id_], people[id_].name.casefold(), id_),
    )
    return Chain(tuple(("person", id_) for id_ in tops), beneath, heights)


class Lines:
    """Managers and those who report to them."""

    def __init__(self, org: Org) -> None:
        self.org = org
        self.chain = chain_of(org)

    def below(self, ref: Ref) -> Sequence[Ref]:
        if ref == WHOLE:
            return self.chain.tops
        return [("person", person.id) for person in self.org.reports_of(ref[1])]

    def people(self, ref: Ref) -> int:
        return self.org.count("person") if ref == WHOLE else self.chain.beneath.get(ref[1], 0)

    def paths(self, person: str) -> list[list[Ref]]:
        line = itertools.takewhile(lambda id_: self.org.people[id_].is_here, line_of(self.org, person))
        return [[("person", id_) for id_ in line][::-1]]


# Units


class Units:
    """Squads or chapters in their tribes, or guilds, and who is in them."""

    def __init__(self, org: Org, by: str) -> None:
        self.org = org
        self.unit = by.removesuffix("s")
        self.has_tribes = by != "guilds"

    def below(self, ref: Ref) -> Sequence[Ref]:
        if ref == WHOLE:
            return self._tops()
        if ref == NO_TRIBE:
            return self.without_tribe
        if ref[0] == "tribe":
            units: Sequence[Any] = getattr(self.org, f"{self.unit}s_of")(ref[1])
            return [(self.unit, unit.id) for unit in units]
        if ref[0] == "person":
            return ()
        people = self.loose if ref == NO_GROUP else self._members(ref[1])
        return [("person", person.id) for person in by_name(self.org.people[id_] for id_ in people)]

    def _tops(self) -> list[Ref]:
        if self.has_tribes:
            tops: list[Ref] = [("tribe", tribe.id) for tribe in self.org.tribes_by_name()]
            tops += [NO_TRIBE] if self.without_tribe else []
        else:
            tops = [(self.unit, unit.id) for unit in open_units(self.org, self.unit)]
        return [*tops, NO_GROUP] if self.loose else tops

    @functools.cached_property
    def without_tribe(self) -> list[Ref]:
        """The squads or chapters that are in no tribe."""
        return [(self.unit, unit.id) for unit in open_units(self.org, self.unit) if unit.tribe is None]

    @functools.cached_property
    def loose(self) -> list[str]:
        """Who is in no unit of this kind."""
        kind = "membership" if self.unit == "squad" else f"{self.unit}_member"
        return [
            id_
            for id_, person in self.org.people.items()
            if person.is_here and not self.org.is_named(kind, "person", id_)
        ]

    def _members(self, unit: str) -> list[str]:
        if self.unit == "squad":
            return [m.person for m in self.org.memberships_in(unit) if self.org.counts(m)]
        members: Iterable[Any] = getattr(self.org, f"{self.unit}_members_in")(unit)
        return [member.person for member in members]

    def people(self, ref: Ref) -> int:
        if ref == WHOLE:
            return self.org.count("person")
        if ref == NO_GROUP:
            return len(self.loose)
        if ref[0] == "person":
            return 0
        if ref == NO_TRIBE or ref[0] == "tribe":
            return len({person for _, unit in self.below(ref) for person in self._members(unit)})
        return len(self._members(ref[1]))

    def paths(self, person: str) -> list[list[Ref]]:
        units = [self.org.table(self.unit)[id_] for id_ in self._units_of(person)]
        paths = [[*self._above(unit), (self.unit, unit.id), ("person", person)] for unit in by_name(units)]
        return paths or [[NO_GROUP, ("person", person)]]

    def _above(self, unit: Any) -> list[Ref]:
        if not self.has_tribes:
            return []
        return [("tribe", unit.tribe) if unit.tribe is not None else NO_TRIBE]

    def _units_of(self, person: str) -> list[str]:
        if self.unit == "squad":
            return [m.squad for m in self.org.memberships_of(person) if self.org.counts(m)]
        if self.unit == "guild":
            return [member.guild for member in self.org.guild_members_of(person)]
        member = self.org.chapter_member_of(person)
        return [member.chapter] if member is not None else []


# The outline


def outline(
    org: Org,
    by: str,
    *,
    selected: Collection[str] = (),
    root: Ref = WHOLE,
    before: Org | None = None,
    most: int = MOST,
) -> Outline:
    """Return a structure from a root downward, as much of it as there is room for, level by level.

    Groups that hold someone selected come first and stand open. With an organization `before`, what is new in the
    other or has got into another group is marked, and what is closed or has left comes last where it was.
    """
    writer = _Writer(org, by, frozenset(selected), before)
    top = writer.node(root, 0)
    hidden = writer.fill(top, most)
    if root == WHOLE:
        return Outline(by, top, hidden)
    top.is_open = True
    return Outline(by, Node(WHOLE, "", "", top.people, 0, [top]), hidden)


class _Writer:
    """Builds the nodes of one outline."""

    def __init__(self, org: Org, by: str, selected: frozenset[str], before: Org | None) -> None:
        self.org, self.structure, self.selected = org, structure_of(org, by), selected
        self.before = before
        self.structure_before = structure_of(before, by) if before is not None else None
        paths = [path for person in selected for path in self.structure.paths(person)]
        self.ways = {ref for path in paths for ref in path}
        self.opened = {ref for path in paths for ref in path[:-1]}

    def fill(self, top: Node, room: int) -> int:
        """Put what is below a node into it, and return how much directly below it was left out."""
        hidden = 0
        queue = [(False, 0, 0, top)]
        number = 0
        while queue:
            is_closed, depth, _, node = heapq.heappop(queue)
            refs = self._below(node)
            if node is not top and is_closed and len(refs) > room:
                continue
            shown = self._first(refs, max(room, 0))
            if node is top:
                hidden = len(refs) - len(shown)
            node.children = [self.node(ref, depth + 1, parent=node.ref) for ref in shown]
            if len(node.children) == 1:
                node.children[0].is_open = True
            room -= len(shown)
            for child in node.children:
                number += 1
                heapq.heappush(queue, (child.ref not in self.opened, child.depth, number, child))
        return hidden

    def _below(self, node: Node) -> list[Ref]:
        """Return what is directly below a node, and at last what was there before and is gone."""
        found = [*self.structure.below(node.ref)] if node.people else []
        if self.structure_before is not None:
            found += filter(self._is_gone, self.structure_before.below(node.ref))
        return found

    def _is_gone(self, ref: Ref) -> bool:
        """Say whether a unit is closed, or someone has left."""
        record = self.org.get(*ref) if ref[0] else None
        return record is not None and bool(is_gone(record))

    def _first(self, refs: Sequence[Ref], room: int) -> list[Ref]:
        """Return what there is room for, in its order; ways to people who are selected are never left out."""
        if len(refs) <= room:
            return list(refs)
        held = [ref for ref in refs if ref in self.ways]
        others = [ref for ref in refs if ref not in self.ways][: max(0, room - len(held))]
        kept = {*held, *others}
        return [ref for ref in refs if ref in kept]

    def node(self, ref: Ref, depth: int, parent: Ref | None = None) -> Node:
        record: Any = self.org.get(*ref) if ref[0] else None
        return Node(
            ref=ref,
            name=record.name if record is not None else "",
            key=record.key if record is not None else "",
            people=self.structure.people(ref),
            depth=depth,
            is_open=ref in self.opened,
            is_selected=ref[0] == "person" and ref[1] in self.selected,
            mark=self._mark(ref, parent) if ref[0] else "",
            is_gone=self.before is not None and self._is_gone(ref),
        )

    def _mark(self, ref: Ref, parent: Ref | None) -> str:
        if self.before is None or self.structure_before is None:
            return ""
        if self._is_gone(ref):
            return say("leaves") if ref[0] == "person" else say("closes")
        record: Any = self.before.get(*ref)
        if record is None or is_gone(record):
            return say("new")
        if ref[0] != "person":
            tribes = (getattr(unit, "tribe", None) for unit in (record, self.org.get(*ref)))
            return say("moved") if len(set(tribes)) > 1 else ""
        if parent is None:
            return ""
        above = {path[-2] if len(path) > 1 else WHOLE for path in self.structure_before.paths(ref[1])}
        return "" if parent in above else say("moved")
