"""The same people by reporting line, squad, chapter and guild, and what the two ways to work look like in numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from orgmodel.changes.pages import address, record_or_404
from orgmodel.changes.pictures.tree import tree
from orgmodel.core.contrast import Measure, contrast
from orgmodel.core.org import Org, Ref
from orgmodel.core.phrases import capital, joined, say, speech, within
from orgmodel.core.structure import (
    GROUPINGS,
    NO_GROUP,
    NO_TRIBE,
    ROOTS,
    WHOLE,
    Node,
    outline,
    structure_of,
)
from squads.views.chosen import Option, one_of, orgs_of, side_of, side_options

SELECTED = 50  # people at once
WITHOUT = {
    "squads": capital(say("in no squad")),
    "chapters": capital(say("in no chapter")),
    "guilds": capital(say("in no guild")),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks for."""

    by: str
    side: str
    people: tuple[Any, ...]
    root: Any = None
    complaint: str = ""  # about a name or key that is nobody's, or several people's

    @classmethod
    def by_address(cls, request: Any) -> Chosen:
        """Raise BadRequest or Http404, naming what the address asks for that is not there."""
        asked = request.GET
        by = one_of(asked.get("by") or "lines", "by", GROUPINGS)
        keys = list(dict.fromkeys(filter(None, asked.getlist("people"))))
        if len(keys) > SELECTED:
            raise BadRequest(
                _("{n} people are selected in the address; {most} is the most.").format(
                    n=len(keys), most=SELECTED
                )
            )
        records = {key: request.reality.org.find("person", key) for key in keys}
        missing = [key[:60] for key, person in records.items() if person is None]
        complaint = _("Nobody here has the key “{key}”.").format(key=missing[0]) if missing else ""
        root = record_or_404(request, ROOTS[by], asked["root"]) if asked.get("root") else None
        found = cls(by, side_of(request), tuple(filter(None, records.values())), root, complaint)
        name = asked.get("name", "").strip()
        return found.with_one_called(request.reality.org, name) if name else found

    def with_one_called(self, org: Org, name: str) -> Chosen:
        """Add the person of this name, or say why that cannot be done."""
        plain = name.casefold()
        called = [p for p in org.people.values() if p.is_here and plain in (p.name.casefold(), p.key)]
        if len(called) != 1:
            complaint = (
                _("{n} people are called “{name}”. Tick the box beside the name instead.")
                if called
                else _("Nobody here is called “{name}”. Tick the box beside the name instead.")
            )
            return replace(self, complaint=complaint.format(n=len(called), name=name[:60]))
        return replace(self, people=tuple(dict.fromkeys((*self.people, *called))))

    def query(self, **changes: Any) -> dict[str, Any]:
        """Return what an address needs to show the same, save for some changes."""
        other = replace(self, **changes)
        values: dict[str, Any] = {
            "by": other.by,
            "people": [person.key for person in other.people],
            "root": other.root.key if other.root else "",
            "side": other.side if other.side != "after" else "",
        }
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True, slots=True)
class Place:
    """Someone selected: where they are in this grouping, and the address without them."""

    person: Any
    words: str
    without_url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison in words: "50", or "50 → 49" where a draft changes it."""

    measure: Measure
    lines: str
    squads: str


@require_safe
def structure(request: Any) -> HttpResponse:
    chosen = Chosen.by_address(request)
    org, before = orgs_of(request, chosen.side)
    root: Ref = (chosen.root.KIND, chosen.root.id) if chosen.root else WHOLE
    if root != WHOLE and org.get(*root) is None:
        raise BadRequest(_("{name} is not there before the draft.").format(name=chosen.root.name))
    selected = [person.id for person in chosen.people if person.id in org.people]
    found = outline(org, chosen.by, selected=selected, root=root, before=before)
    shown = {node.key for node in _people(found.top)}
    context = {
        "chosen": chosen,
        "outline": found,
        "grouping": GROUPINGS[chosen.by],
        "without": WITHOUT.get(chosen.by, ""),
        "root_kind": ROOTS[chosen.by],
        "branch_url": _branch_url(request, chosen),
        "whole_url": address(request, "structure", **chosen.query(root=None)),
        "switch": _switch(request, chosen),
        "sides": side_options(request, "structure", chosen.side, **chosen.query(side="after")),
        "places": [_place(request, org, chosen, person) for person in chosen.people],
        "elsewhere": [person.key for person in chosen.people if person.key not in shown],
        "keep": [(name, request.GET[name]) for name in ("draft", "as_of") if request.GET.get(name)],
        "comparison": _comparison(org, before),
        "picture": tree(
            found,
            say("{grouping} as a tree", grouping=GROUPINGS[chosen.by]),
            lambda node: _page(request, node),
            lambda node: _name(node, chosen.by),
        ),
    }
    return render(request, "squads/structure.html", context)


def _people(node: Node) -> list[Node]:
    found = [node] if node.is_person else []
    return found + [each for child in node.children for each in _people(child)]


def _name(node: Node, by: str) -> str:
    return node.name or (say("No tribe") if node.ref == NO_TRIBE else WITHOUT.get(by, ""))


def _page(request: Any, node: Node) -> str:
    return address(request, node.kind, node.key) if node.key else ""


def _branch_url(request: Any, chosen: Chosen) -> str:
    """Return what the address of a branch begins with; the key of its root is to follow."""
    url = address(request, "structure", **chosen.query(root=None))
    return f"{url}{'&' if '?' in url else '?'}root="


def _switch(request: Any, chosen: Chosen) -> list[Option]:
    return [
        Option(label, address(request, "structure", **chosen.query(by=by, root=None)), by == chosen.by)
        for by, label in GROUPINGS.items()
    ]


def _place(request: Any, org: Org, chosen: Chosen, person: Any) -> Place:
    others = tuple(other for other in chosen.people if other != person)
    words = _where(org, chosen.by, person) if person.id in org.people else say("not there before the draft")
    return Place(person, words, address(request, "structure", **chosen.query(people=others)))


def _where(org: Org, by: str, person: Any) -> str:
    """Return where someone is in a structure: "reports to Ana", "in Search, Listen"."""
    if not org.people[person.id].is_here:
        return say("has left")
    paths = structure_of(org, by).paths(person.id)
    if by == "lines":
        if len(paths[0]) == 1:
            return say("reports to nobody")
        return say("reports to {manager}", manager=org.people[paths[0][-2][1]].name)
    if paths[0][0] == NO_GROUP:
        return within(WITHOUT[by])
    named = (", ".join(_names(org, reversed(path[:-1]))) for path in paths)
    units = reduce(lambda first, last: say("{names} and {last}", names=first, last=last), named)
    return say("in {units}", units=units)


def _names(org: Org, refs: Iterable[Ref]) -> list[str]:
    records: list[Any] = [org.get(*ref) for ref in refs if ref[0]]
    return [record.name for record in records if record is not None]


def _comparison(org: Org, before: Org | None) -> list[Row]:
    now = contrast(org)
    then = contrast(before) if before is not None else now
    return [
        Row(new, _shift(old.lines, new.lines, new.unit), _shift(old.squads, new.squads, new.unit))
        for old, new in zip(then, now, strict=True)
    ]


def _shift(before: float | None, after: float | None, unit: str) -> str:
    words = [_number(value, unit) for value in (before, after)]
    return words[1] if before == after else joined(" → ", words)


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return say("not known")
    shown = speech.digits(f"{value:,.0f}" if value == round(value) else f"{value:,.1f}")
    return f"{shown}\u00a0{unit}" if unit else shown
