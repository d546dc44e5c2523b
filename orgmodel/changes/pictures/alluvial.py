"""Who goes where between two organizations: a stack of squads on either side, and bands of people between them.

Squads that do not change are folded into one pale band for each tribe, and tribes in which none changes into one line.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.safestring import SafeString, mark_safe

from orgmodel.changes.pictures.drawing import (
    LETTER,
    color_of,
    colored,
    counted,
    cut,
    glyph,
    link,
    number,
    picture,
    span,
    text,
)
from orgmodel.core.comparison import Comparison, Flow
from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import Phrase, count, joined, said, say
from orgmodel.core.records import Squad, Tribe
from orgmodel.core.rules.sizes import is_beyond, squad_most
from orgmodel.templatetags.orgmodel_ui import address_of

DRAWN = 40  # squads that change and are drawn one by one; the others of a tribe become one band
WIDTH = 1110
LEFT, RIGHT, BAR = 262, 838, 8  # where the bars stand, and their width
LABEL = 244  # room for a label beside a bar
TOP, HEADER, FOLD, GAP, BETWEEN = 30, 22, 20, 10, 18
LINE = 15  # the least a squad takes, so that labels stay apart
TALLEST = 700  # the height of all who change together, where 7 pixels for each would be more

SAME, MORE = "same", "more"  # bars of squads folded together: unchanged ones, and those beyond the largest
OUT = "out"  # the group of those who are in no squad, and of its first bar
NEW, GONE = "new", "gone"  # its other bars
NOT_IN_A_SQUAD = {OUT: say("Without a squad"), NEW: say("New people"), GONE: say("People who leave")}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two stacks: an organization, its title, and what addresses of its pages carry (`draft=…`).

    Who reads a draft by a link has no pages of it to go on to.
    """

    org: Org
    title: str
    query: str = ""
    has_pages: bool = True

    def squad(self, id_: str | None) -> Squad | None:
        """Return a squad that is open on this side."""
        record = self.org.squads.get(id_) if id_ else None
        return record if record is not None and record.closed_on is None else None

    def address(self, kind: str, id_: str | None) -> str:
        record = self.org.get(kind, id_) if self.has_pages else None
        if record is None:
            return ""
        url = address_of(kind, record.key)  # type: ignore[attr-defined]
        return f"{url}?{self.query}" if self.query else url


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One band in words, for the table that says the same as the picture."""

    people: int
    source: str
    source_url: str
    target: str
    target_url: str
    what: str


@dataclass(slots=True)
class _Node:
    """A bar and its label. `group` is a tribe, "" or OUT; `key` a squad or one of the words above."""

    group: str
    key: str
    people: int = 0
    squads: list[Squad] = field(default_factory=list)
    y: float = 0
    height: float = 0
    label_y: float = 0

    @property
    def ref(self) -> tuple[str, str]:
        return self.group, self.key

    @property
    def is_folded(self) -> bool:
        return self.key in (SAME, MORE)


Ref = tuple[str, str]
Bands = Counter[tuple[Ref, Ref]]


def alluvial(found: Comparison, before: Side, after: Side) -> SafeString:
    """Return who goes where between two organizations as a picture, nothing where nobody does."""
    if not (found.flows or found.squads_created or found.squads_closed):
        return SafeString("")
    return mark_safe(_Alluvial(found, before, after).svg())  # noqa: S308 - `drawing` escapes


def flow_rows(found: Comparison, before: Side, after: Side) -> list[FlowRow]:
    """Return every band of people who are in a squad that changes, those who move first, the largest first."""
    rows = [(_moves(flow, before, after), flow) for flow in found.flows]
    rows.sort(key=lambda row: (not row[0], -row[1].people))
    return [
        FlowRow(
            flow.people,
            _name_in(before, flow.before),
            before.address("squad", flow.before),
            _name_in(after, flow.after),
            after.address("squad", flow.after),
            _what(flow, before, after),
        )
        for _, flow in rows
    ]


def _name_in(side: Side, squad: str | None) -> str:
    record = side.org.squads.get(squad) if squad else None
    return record.name if record is not None else say("no squad")


def _tribe_in(side: Side, squad: str | None) -> str | None:
    record = side.org.squads.get(squad) if squad else None
    return record.tribe if record is not None else None


def _moves(flow: Flow, before: Side, after: Side) -> bool:
    """Say whether the people of a flow change squad, or change tribe with their squad."""
    return flow.before != flow.after or _tribe_in(before, flow.before) != _tribe_in(after, flow.after)


def _homes(org: Org, people: Iterable[str]) -> Counter[str | None]:
    """Return how many of these people have which home squad."""
    homes = (org.primary_membership(person) for person in people)
    return Counter(home.squad if home is not None else None for home in homes)


def _what(flow: Flow, before: Side, after: Side) -> str:
    if flow.before is None:
        return say("join")
    if flow.after is None:
        return say("leave")
    if flow.before != flow.after:
        return say("move")
    tribe = after.org.tribes.get(_tribe_in(after, flow.after) or "")
    if not _moves(flow, before, after):
        return say("stay")
    if tribe is None:
        return say("leave the tribe with their squad")
    return say("go to {tribe} with their squad", tribe=tribe.name)


class _Alluvial:
    """The layout of one picture: which bars there are, in which order, how high, and the bands between them."""

    def __init__(self, found: Comparison, before: Side, after: Side) -> None:
        self.found, self.before, self.after = found, before, after
        self.changed = {id_ for flow in found.flows for id_ in (flow.before, flow.after) if id_ is not None}
        self.changed.update(found.squads_created, found.squads_closed, found.squads_moved)
        self.drawn = self._largest()
        self.left: dict[Ref, _Node] = {}
        self.right: dict[Ref, _Node] = {}
        self.bands: Bands = Counter()
        self._add_flows()
        self._add_empty()
        self.tribes: list[Tribe] = by_name(self._touched_tribes())
        self._add_unchanged()
        self._order()
        self.scale = min(7, TALLEST / max(1, sum(flow.people for flow in found.flows)))
        self.height = max(self._stack(self.left), self._stack(self.right))

    # Which bars and bands there are

    def _largest(self) -> set[str]:
        """Return the squads to draw one by one: those that most people enter, leave or change tribe with."""
        moved: Counter[str] = Counter()
        for flow in self.found.flows:
            if _moves(flow, self.before, self.after):
                moved.update({id_: flow.people for id_ in (flow.before, flow.after) if id_ is not None})
        return set(sorted(self.changed, key=lambda id_: (-moved[id_], id_))[:DRAWN])

    def _add_flows(self) -> None:
        new = _homes(self.after.org, self.found.people_new)
        gone = _homes(self.before.org, self.found.people_gone)
        for flow in self.found.flows:
            if flow.before is None:
                self._add_band(NEW, flow.after, new[flow.after])
                self._add_band(OUT, flow.after, flow.people - new[flow.after])
            elif flow.after is None:
                self._add_band(flow.before, GONE, gone[flow.before])
                self._add_band(flow.before, OUT, flow.people - gone[flow.before])
            else:
                self._add_band(flow.before, flow.after, flow.people)

    def _add_band(self, before: str | None, after: str | None, people: int) -> None:
        if people:
            source = self._node(self.left, self.before, before)
            target = self._node(self.right, self.after, after)
            source.people += people
            target.people += people
            self.bands[source.ref, target.ref] += people

    def _node(self, nodes: dict[Ref, _Node], side: Side, key: str | None) -> _Node:
        """Return the bar of a squad, or of those who are in none; made when first asked for."""
        record = side.org.squads.get(key or OUT)
        if record is None:
            return nodes.setdefault((OUT, key or OUT), _Node(OUT, key or OUT))
        group, key = record.tribe or "", record.id if record.id in self.drawn else MORE
        node = nodes.setdefault((group, key), _Node(group, key))
        if record not in node.squads:
            node.squads.append(record)
        return node

    def _add_empty(self) -> None:
        """Show the squads that change and have nobody on one side, such as a new one."""
        for nodes, side in ((self.left, self.before), (self.right, self.after)):
            for id_ in sorted(self.changed):
                if side.squad(id_) is not None:
                    self._node(nodes, side, id_)

    def _touched_tribes(self) -> list[Tribe]:
        ids = {group for group, _ in (*self.left, *self.right)}
        found = ((self.after.org.tribes.get(id_) or self.before.org.tribes.get(id_)) for id_ in ids)
        return [tribe for tribe in found if tribe is not None]

    def _add_unchanged(self) -> None:
        """Fold the squads that stay as they are; their bands are as high whatever they hold."""
        for tribe in self.tribes:
            for nodes, side in ((self.left, self.before), (self.right, self.after)):
                squads = [squad for squad in side.org.squads_of(tribe.id) if squad.id not in self.changed]
                if squads:
                    people = sum(side.org.size_of(squad.id) for squad in squads)
                    nodes[tribe.id, SAME] = _Node(tribe.id, SAME, people, squads)
            if (tribe.id, SAME) in self.left and (tribe.id, SAME) in self.right:
                self.bands[(tribe.id, SAME), (tribe.id, SAME)] = self.left[tribe.id, SAME].people

    # Where they stand

    def _order(self) -> None:
        """Order the bars of a tribe so that few bands cross: by where their people are on the other side."""
        groups = {"": len(self.tribes), OUT: len(self.tribes) + 1}
        groups |= {tribe.id: number for number, tribe in enumerate(self.tribes)}

        def by_group(node: _Node) -> tuple[int, bool, str]:
            name = node.squads[0].name.casefold() if node.squads else ""
            return groups[node.group], node.key != SAME, name

        left = sorted(self.left.values(), key=by_group)
        right = sorted(self.right.values(), key=by_group)
        for _ in range(3):
            right = self._sorted_by_other(right, left, groups, side=1)
            left = self._sorted_by_other(left, right, groups, side=0)
        self.left = {node.ref: node for node in left}
        self.right = {node.ref: node for node in right}

    def _sorted_by_other(
        self, nodes: list[_Node], others: list[_Node], groups: dict[str, int], *, side: int
    ) -> list[_Node]:
        places = {node.ref: place for place, node in enumerate(others)}
        sums: defaultdict[Ref, int] = defaultdict(int)
        people: Counter[Ref] = Counter()
        for ends, size in self.bands.items():
            sums[ends[side]] += places[ends[1 - side]] * size
            people[ends[side]] += size
        # Those without a band stay where they are: the sort is stable, and they take the place of their neighbor.
        middle = {node.ref: sums[node.ref] / (people[node.ref] or 1) for node in nodes}
        return sorted(nodes, key=lambda node: (groups[node.group], middle[node.ref]))

    def _stack(self, nodes: dict[Ref, _Node]) -> float:
        """Put the bars of one side below each other and return where they end."""
        y, group = float(TOP), None
        for node in nodes.values():
            if node.group != group:
                y += (0 if node.group == OUT else HEADER) + (BETWEEN if group is not None else 0)
                group = node.group
            node.height = FOLD if node.key == SAME else max(3, node.people * self.scale)
            slot = max(LINE, node.height)
            node.y = y + (slot - node.height) / 2
            node.label_y = y + slot / 2 + 4
            y += slot + GAP
        return y

    # Drawing

    def svg(self) -> str:
        parts = [
            text(LEFT + BAR, 14, self.before.title, "mut", anchor="end"),
            text(RIGHT, 14, self.after.title, "mut"),
        ]
        parts += self._bands()
        parts += self._bars(self.left, self.before, self.after, is_left=True)
        parts += self._bars(self.right, self.after, self.before, is_left=False)
        height = self.height
        others = self.after.org.count("tribe") - len(
            [tribe for tribe in self.tribes if self.after.org.tribes.get(tribe.id) is not None]
        )
        if others > 0:
            height += LINE
            words = count(others, "{n:,} other tribe unchanged", "{n:,} other tribes unchanged")
            parts.append(text(LEFT - 12, height - 4, words, "mut", anchor="end"))
            parts.append(text(RIGHT + BAR + 12, height - 4, words, "mut"))
        return picture(WIDTH, height, say("Where people go: {what}", what=self.found.sentence), parts)

    def _bands(self) -> list[str]:
        """Return all bands, those who move on top."""
        tops = self._tops()
        found = []
        for (source_ref, target_ref), people in self.bands.items():
            source, target = self.left[source_ref], self.right[target_ref]
            stays = source.ref == target.ref
            y1, y2 = tops[source_ref, target_ref]
            h1 = source.height * people / (source.people or 1)
            h2 = target.height * people / (target.people or 1)
            opacity = 0.5 if not stays else 0.1 if source.is_folded else 0.16
            x1, x2 = LEFT + BAR, RIGHT
            mid = (x1 + x2) / 2
            path = (
                f'<path class="tr" fill-opacity="{opacity}" d="M{x1} {y1:.1f}C{mid} {y1:.1f} {mid} {y2:.1f} '
                f"{x2} {y2:.1f}V{y2 + h2:.1f}C{mid} {y2 + h2:.1f} {mid} {y1 + h1:.1f} "
                f'{x1} {y1 + h1:.1f}Z"/>'
            )
            words = self._band_words(source, target, people)
            url = self._url(target, self.after) or self._url(source, self.before)
            color = color_of(self.before.org, source.group) or color_of(self.after.org, target.group)
            found.append((not stays, colored(color, link(url, words, path, in_tab_order=False))))
        return [mark for _, mark in sorted(found, key=lambda pair: pair[0])]

    def _tops(self) -> dict[tuple[Ref, Ref], tuple[float, float]]:
        """Return where each band begins on either side: those of one bar lie in the order of their other ends."""
        left = {ref: node.y for ref, node in self.left.items()}
        right = {ref: node.y for ref, node in self.right.items()}
        starts, ends = {}, {}
        for source, target in sorted(self.bands, key=lambda band: self.right[band[1]].y):
            starts[source, target] = left[source]
            node = self.left[source]
            left[source] += node.height * self.bands[source, target] / (node.people or 1)
        for source, target in sorted(self.bands, key=lambda band: self.left[band[0]].y):
            ends[source, target] = right[target]
            node = self.right[target]
            right[target] += node.height * self.bands[source, target] / (node.people or 1)
        return {band: (starts[band], ends[band]) for band in self.bands}

    def _band_words(self, source: _Node, target: _Node, people: int) -> str:
        who, before, after = counted(people), self._name(source), self._name(target)
        if source.ref == target.ref and source.key == SAME:
            return say("{people} in {squads}: unchanged", people=who, squads=before)
        if source.ref == target.ref and people == 1:
            return say("{people} stays in {squads}", people=who, squads=after)
        if source.ref == target.ref:
            return say("{people} stay in {squads}", people=who, squads=after)
        if source.key == target.key and not source.is_folded:
            tribe = self.after.org.tribes.get(target.group)
            to = tribe.name if tribe is not None else say("no tribe")
            return say("{people} of {squad} to {tribe}", people=who, squad=after, tribe=to)
        return say("{people}: {before} to {after}", people=who, before=before, after=after)

    def _bars(self, nodes: dict[Ref, _Node], side: Side, other: Side, *, is_left: bool) -> list[str]:
        found, group = [], None
        for node in nodes.values():
            if node.group != group:
                group = node.group
                found.append(self._header(side, node, is_left=is_left))
            x = LEFT if is_left else RIGHT
            rect = f'<rect class="tr" x="{x}" y="{node.y:.1f}" width="{BAR}" height="{node.height:.1f}" rx="1.5"/>'
            remark, css = self._remark(node, side, other, is_left=is_left)
            room = LABEL - (len(said(remark)) + 1) * LETTER
            label = text(
                x - 12 if is_left else x + BAR + 12,
                node.label_y,
                cut(self._name(node), room),
                "mut" if node.is_folded else "",
                anchor="end" if is_left else "",
                tail=span(remark, css),
            )
            words = joined(": ", (self._name(node), remark))
            color = color_of(side.org, node.group)
            found.append(colored(color, link(self._url(node, side), words, rect + label)))
        return found

    def _header(self, side: Side, first: _Node, *, is_left: bool) -> str:
        """Return the name of a tribe, its shape and how many people belong to it."""
        y = first.label_y - max(LINE, first.height) / 2 - 4 - 9
        tribe = side.org.tribes.get(first.group)
        x = LEFT - 12 if is_left else RIGHT + BAR + 12
        anchor = "end" if is_left else ""
        if tribe is None:
            return "" if first.group == OUT else text(x, y, say("Without a tribe"), "b", anchor=anchor)
        people = len(side.org.people_in_tribe(tribe.id))
        color = color_of(side.org, tribe.id)
        name = text(x, y, cut(tribe.name, LABEL - 30), "b", anchor=anchor, tail=span(number(people), "mut"))
        mark = glyph(LEFT - 1 if is_left else RIGHT - 1, y - 9, color)
        words = joined(": ", (tribe.name, counted(people)))
        return colored(color, link(side.address("tribe", tribe.id), words, mark + name))

    def _name(self, node: _Node) -> str:
        if node.group == OUT:
            return NOT_IN_A_SQUAD[node.key]
        if node.key == MORE:
            return (
                count(node.squads, "more squad", "more squads")
                if len(node.squads) > 1
                else node.squads[0].name
            )
        if len(node.squads) > 2:
            return count(node.squads, "squad", "squads")
        return ", ".join(squad.name for squad in node.squads)

    def _url(self, node: _Node, side: Side) -> str:
        if node.group == OUT:
            return ""
        if len(node.squads) == 1:
            return side.address("squad", node.squads[0].id)
        return side.address("tribe", node.group or None)

    def _remark(self, node: _Node, side: Side, other: Side, *, is_left: bool) -> tuple[Phrase, str]:
        """Return what stands after a name, and its class: the size, and what is remarkable about it."""
        size = number(node.people)
        if node.key == SAME:
            return say("{size} unchanged", size=size), "mut"
        if node.is_folded or node.group == OUT:
            return size, "mut"
        found = other.squad(node.key)
        if is_left:
            return say("{size}, closes", size=size) if found is None else size, "mut"
        most = squad_most(side.org, node.squads[0])
        if is_beyond(node.people, most):
            return say("{size}, limit {most:g}", size=size, most=most), "dg"
        if found is None:
            return say("{size}, new", size=size), "mut"
        if found.tribe != node.squads[0].tribe:
            return say("{size}, joins the tribe", size=size), "mut"
        if found.name != node.squads[0].name:
            return say("{size}, renamed", size=size), "mut"
        return size, "mut"
