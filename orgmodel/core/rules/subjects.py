"""Which records the rules look at again after changes: what a change touches, and everything that tells of it.

Most rules look at a record, what it names, what names it, and what those name. So a changed record brings with it the
neighbors of all that it names; what looks further is added by name below.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from orgmodel.core.changes import Change
from orgmodel.core.org import Org, Ref
from orgmodel.core.records import Record, specs_of
from orgmodel.core.rules.dependencies import circle_of, first_of_circle
from orgmodel.core.rules.hiring import knows_loops
from orgmodel.core.rules.lines import leads_of, reports_of
from orgmodel.core.rules.squads import knows_metrics
from orgmodel.core.scope import sets

EVERYTHING = frozenset({"role", "rule_setting"})
"""Kinds of record that every squad, rule or limit depends on. They change rarely."""

USES = (
    ("squad", "mission"),
    ("tribe", "product_lead"),
    ("tribe", "design_lead"),
    ("guild", "coordinator"),
    ("person", "manager"),
    ("chapter_member", "chapter"),
    ("coaching", "squad"),
    ("system_owner", "system"),
)
"""The fields that rules ask of nobody as long as the organization uses them nowhere."""

SUBJECTS = frozenset(
    {"person", "mission", "tribe", "squad", "chapter", "guild", "vacancy", "system", "domain", "dependency"}
)


def subjects_of(before: Org, after: Org, changes: Iterable[Change], today: date) -> set[Ref] | None:
    """Return what rules must look at again on a day after changes; None where that is everything."""
    changes = list(changes)
    if any(change.kind in EVERYTHING for change in changes) or _premises(before) != _premises(after):
        return None
    found: set[Ref] = set()
    for org in (before, after):
        touched: set[Ref] = set()
        for change in changes:
            touched.update(_touched(org, change))
        for ref in touched:
            found.update(_neighbors(org, ref))
        found.update(_further(org, found))
    found.update(_circles(before, after, changes, today))
    return {ref for ref in found if ref[0] in SUBJECTS}


def _premises(org: Org) -> tuple[bool, ...]:
    """Return what rules ask of the organization as a whole."""
    uses = (org.uses(*field) for field in USES)
    return (org.count("tribe") > 1, knows_loops(org), knows_metrics(org), *uses)


def _touched(org: Org, change: Change) -> Iterator[Ref]:
    """Yield a changed record and what it names, as well as what depends on the place of people that it moves."""
    record: Any = org.get(change.kind, change.id)
    if record is None:
        return
    yield change.ref
    yield from _named(record)
    match change.kind:
        case "person":
            yield from _around_person(org, record.id)
            if sets(change, "manager", "status"):
                yield from _managers_below(org, record.id)
            if sets(change, "status", "name"):
                yield from _systems_needing(org, {s.skill.casefold() for s in org.skills_of(record.id)})
        case "membership" | "chapter_member":
            yield from _around_person(org, record.person)
        case "person_skill":
            yield from _systems_needing(org, {record.skill.casefold()})
        case "squad" if sets(change, "tribe", "closed_on"):
            for membership in org.memberships_in(record.id):
                yield from _around_person(org, membership.person)


def _named(record: Record) -> Iterator[Ref]:
    """Yield what a record names, save roles, which half of the organization shares."""
    for name, spec in specs_of(record.KIND).items():
        if spec.kind == "ref" and spec.target in SUBJECTS and (id_ := getattr(record, name)):
            yield spec.target, id_


def _around_person(org: Org, person: str) -> Iterator[Ref]:
    """Yield someone, their squads, whose size may be another one now, and the chapters that they lead."""
    yield "person", person
    for membership in org.memberships_of(person):
        yield "squad", membership.squad
    for field in ("lead", "interim_lead"):
        for chapter in org.pointing("chapter", field, person):
            yield "chapter", chapter


def _managers_below(org: Org, person: str) -> Iterator[Ref]:
    """Yield everybody who manages people and stands below someone."""
    waiting, seen = [person], {person}
    while waiting:
        below = [p for p in reports_of(org, waiting.pop()) if p not in seen]
        managers = [p for p in below if org.pointing("person", "manager", p)]
        seen.update(managers)
        waiting += managers
        yield from (("person", manager) for manager in managers)


def _systems_needing(org: Org, skills: set[str]) -> Iterator[Ref]:
    if skills:
        for system in org.systems.values():
            if system.skill.casefold() in skills:
                yield "system", system.id


def _neighbors(org: Org, ref: Ref) -> Iterator[Ref]:
    """Yield a record, what it names, what names it, and what those name."""
    record = org.get(*ref)
    if record is None:
        yield ref
        return
    yield ref
    yield from _named(record)
    if ref[0] == "guild":
        return  # nobody's findings tell of the guilds they are in
    for referrer, _ in org.referrers(*ref):
        yield referrer.KIND, referrer.id
        yield from _named(referrer)


def _further(org: Org, found: set[Ref]) -> set[Ref]:
    """Return the tribes of all squads and chapters, and who leads the chapters."""
    more: set[Ref] = set()
    for kind, id_ in found:
        record: Any = org.get(kind, id_) if kind in ("squad", "chapter") else None
        if record is not None and record.tribe is not None:
            more.add(("tribe", record.tribe))
        if record is not None and kind == "chapter":
            more.update(("person", lead) for lead in leads_of(record))
    return more


def _circles(before: Org, after: Org, changes: Iterable[Change], today: date) -> Iterator[Ref]:
    """Yield the squads that tell of circles: the first of each; all of them where circles come or go."""
    for org in (before, after):
        for change in changes:
            is_whole = change.kind == "dependency" or (change.kind == "squad" and sets(change, "closed_on"))
            for kind, id_ in _touched(org, change):
                if kind == "squad" and is_whole:
                    yield from (("squad", squad) for squad in circle_of(org, id_, today))
                elif kind == "squad" and (first := first_of_circle(org, id_, today)) is not None:
                    yield "squad", first
