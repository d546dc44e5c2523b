"""What a reorganization would do to the units it touches: sizes, chapters and crafts on each side, what is over a
limit, what is combined or lost on the way. Costs what it touches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from orgmodel.core.figures import span_of
from orgmodel.core.operations import Operation
from orgmodel.core.operations.base import short
from orgmodel.core.operations.squads import PRODUCT_OWNER
from orgmodel.core.org import Org
from orgmodel.core.phrases import count, joined, names, say
from orgmodel.core.records import Membership
from orgmodel.core.replay import carry_out
from orgmodel.core.rules.reorganization import left_behind, left_behind_in_words
from orgmodel.core.rules.sizes import (
    is_beyond,
    is_out_of_range,
    span_most,
    squad_least,
    squad_most,
    tribe_most,
)

TOLD = 8  # notes of one sort, and names in a list

Parts = list[tuple[str, str]]
"""What a unit consists of, in words: ("Chapters", "Backend 3, Web 2")."""

Touched = Sequence[tuple[Membership, Membership | None]]
"""Memberships as they were and as they are, None where they are gone."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """A unit and its size. `before` is None for a new one, `after` for one that closes."""

    name: str
    before: int | None
    after: int | None
    parts: tuple[tuple[str, str], ...]
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Foresight:
    """What is to come of it, or why nothing can."""

    units: tuple[Outlook, ...] = ()
    notes: tuple[str, ...] = ()
    objection: str = ""


def foresee(org: Org, operations: Sequence[Operation], kind: str, *, on: date) -> Foresight:
    """Return what operations would do to squads, tribes or chapters. Raises Refused, RuleViolation or Conflict as
    carrying them out would."""
    done = carry_out(org, operations, on=on)
    touched, look, notes = _KINDS[kind]
    before, after = done.before, done.after
    units = sorted(
        (after.get(kind, id_) for id_ in touched(before, after)),
        key=lambda unit: _order(before, unit),
    )
    return Foresight(
        tuple(_outlook(before, after, unit, look) for unit in units), tuple(notes(before, after, units))
    )


def _order(before: Org, unit: Any) -> tuple[bool, bool, str]:
    return unit.closed_on is not None, before.get(unit.KIND, unit.id) is None, unit.name.casefold()


def _outlook(before: Org, after: Org, unit: Any, look: Any) -> Outlook:
    size, parts_of, warning_of = look
    is_there = unit.closed_on is None
    return Outlook(
        unit.name,
        size(before, unit.id) if before.get(unit.KIND, unit.id) is not None else None,
        size(after, unit.id) if is_there else None,
        tuple((label, words) for label, words in parts_of(after, unit) if words) if is_there else (),
        warning_of(after, unit) if is_there else "",
    )


def _counted(counts: Mapping[str, int]) -> str:
    """Return how many there are of each: "Backend 3, Web 2"."""
    in_order = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].casefold()))
    words = [say("{name} {number}", name=name, number=number) for name, number in in_order[:TOLD]]
    if len(in_order) > TOLD:
        words.append(say("{n} more", n=len(in_order) - TOLD))
    return joined(", ", words)


def _together(names_: Iterable[str]) -> str:
    """Return the subject of a sentence with its verb still to come: one name, or how many people."""
    found = list(names_)
    return found[0] if len(found) == 1 else count(found, "{n:,} person", "{n:,} people")


def _origins(org: Org, kind: str) -> Iterator[tuple[str, Any]]:
    """Yield what was touched of a kind: id, and the record as it was, None where it is new."""
    return ((id_, old) for (of, id_), old in org.origins.items() if of == kind)


# Squads


def _squads(before: Org, after: Org) -> set[str]:
    found = {id_ for id_, _ in _origins(after, "squad")}
    for id_, old in _origins(after, "membership"):
        found.update(m.squad for m in (old, after.memberships.get(id_)) if m is not None)
    return found


def _parts_of_squad(org: Org, squad: Any) -> Parts:
    people = [org.people[m.person] for m in org.memberships_in(squad.id)]
    chapters = [org.chapter_of(person.id) for person in people]
    mission = org.missions.get(squad.mission) if squad.mission else None
    vacancies = org.vacancies_in("squad", squad.id)
    return [
        (say("Chapters"), _counted(Counter(c.name if c is not None else say("none") for c in chapters))),
        (say("Crafts"), _counted(Counter(person.craft for person in people if person.craft))),
        (say("Vacancies"), names((v.title for v in vacancies), limit=TOLD)),
        (say("Mission"), short(mission.statement) if mission is not None else say("none")),
    ]


def _warning_of_squad(org: Org, squad: Any) -> str:
    if not is_out_of_range(org, squad):
        return ""
    most, least = squad_most(org, squad), squad_least(org, squad)
    if is_beyond(org.size_of(squad.id), most):
        return say("More than {most:g} people", most=most)
    return say("Fewer than {least:g} people", least=least)


def _notes_of_squads(before: Org, after: Org, squads: Sequence[Any]) -> Iterator[str]:
    olds = [old for _, old in _origins(after, "membership") if old is not None]
    olds.sort(key=lambda m: (before.people[m.person].name.casefold(), m.id))
    touched = [(old, after.memberships.get(old.id)) for old in olds]
    yield from _moves(before, after, touched)
    yield from _at_most(_combined(before, after, touched))
    yield from _at_most(_roles_left(before, after, touched))
    for squad in squads if after.find("role", PRODUCT_OWNER) is not None else ():
        had_one = squad.id not in before.squads or before.holder(squad.id, PRODUCT_OWNER) is not None
        if squad.closed_on is None and had_one and after.holder(squad.id, PRODUCT_OWNER) is None:
            yield say("{squad} has no product owner then.", squad=squad.name)
    yield from _missions_left(before, after, squads)
    yield from left_behind_in_words(after, left_behind(before, after))


def _at_most(notes: Iterable[str]) -> list[str]:
    found = list(notes)
    if len(found) <= TOLD:
        return found
    return [*found[:TOLD], say("And {n} more like this.", n=len(found) - TOLD)]


def _moves(before: Org, after: Org, touched: Touched) -> Iterator[str]:
    """Say who goes from where to where."""
    ways: dict[tuple[str, str], list[str]] = {}
    for old, new in touched:
        if new is not None and new.squad != old.squad:
            ways.setdefault((old.squad, new.squad), []).append(before.people[old.person].name)
    for (source, to), people in ways.items():
        yield count(
            people,
            "{people} goes from {source} to {squad}.",
            "{people} go from {source} to {squad}.",
            people=_together(people),
            source=before.squads[source].name,
            squad=after.squads[to].name,
        )


def _combined(before: Org, after: Org, touched: Touched) -> Iterator[str]:
    """Say whose two memberships become one."""
    for old, new in touched:
        if new is not None:
            continue
        kept = next((m for m, now in touched if m.person == old.person and now is not None), None)
        if kept is not None:
            who, total = before.people[old.person].name, after.memberships[kept.id].share
            yield (
                say(
                    "{person} keeps one membership: {one} % + {other} % = {total} %.",
                    person=who,
                    one=old.share,
                    other=kept.share,
                    total=total,
                )
                if old.share and kept.share
                else say("{person} keeps one membership.", person=who)
            )


def _roles_left(before: Org, after: Org, touched: Touched) -> Iterator[str]:
    """Say who leads no more."""
    for old, new in touched:
        role = before.roles.get(old.role) if old.role else None
        if role is not None and role.leads and (new is None or new.role != old.role):
            who, where = before.people[old.person].name, before.squads[old.squad].name
            yield say(
                "{person} is {role} of {squad} no more.", person=who, role=role.name.lower(), squad=where
            )


def _missions_left(before: Org, after: Org, squads: Sequence[Any]) -> Iterator[str]:
    """Say which missions no squad works on any more."""
    held = {old.mission for s in squads if (old := before.squads.get(s.id)) is not None and old.mission}
    for id_ in sorted(held):
        if not after.squads_on(id_):
            mission = short(after.missions[id_].statement)
            yield say("No squad works on “{mission}” then.", mission=mission)


# Tribes


def _tribes(before: Org, after: Org) -> set[str]:
    found = {id_ for id_, _ in _origins(after, "tribe")}
    for kind in ("squad", "chapter"):
        for id_, old in _origins(after, kind):
            units: list[Any] = [unit for unit in (old, after.get(kind, id_)) if unit is not None]
            found.update(unit.tribe for unit in units if unit.tribe is not None)
    return found


def _parts_of_tribe(org: Org, tribe: Any) -> Parts:
    squads, chapters = org.squads_of(tribe.id), org.chapters_of(tribe.id)
    lead = org.people.get(tribe.lead) if tribe.lead else None
    return [
        (count(squads, "squad", "squads"), names((s.name for s in squads), limit=TOLD)),
        (count(chapters, "chapter", "chapters"), names((c.name for c in chapters), limit=TOLD)),
        (say("Tribe lead"), lead.name if lead is not None else say("nobody")),
    ]


def _size_of_tribe(org: Org, tribe: str) -> int:
    return len(org.people_in_tribe(tribe))


def _warning_of_tribe(org: Org, tribe: Any) -> str:
    most = tribe_most(org, tribe)
    is_too_large = is_beyond(_size_of_tribe(org, tribe.id), most)
    return say("More than {most:g} people", most=most) if is_too_large else ""


def _notes_of_tribes(before: Org, after: Org, tribes: Sequence[Any]) -> Iterator[str]:
    people = {m.person for id_, _ in _origins(after, "squad") for m in after.memberships_in(id_)}
    people |= {m.person for id_, _ in _origins(after, "chapter") for m in after.chapter_members_in(id_)}
    parted = [p for p in people if _is_apart(after, p) and not _is_apart(before, p)]
    if parted:
        yield count(
            parted,
            "{people} is in a chapter of another tribe then.",
            "{people} are in a chapter of another tribe then.",
            people=_together(after.people[p].name for p in parted),
        )


def _is_apart(org: Org, person: str) -> bool:
    """Say whether someone's home squad and chapter are of different tribes."""
    home, chapter = org.primary_membership(person), org.chapter_of(person)
    return home is not None and chapter is not None and org.squads[home.squad].tribe != chapter.tribe


# Chapters


def _chapters(before: Org, after: Org) -> set[str]:
    found = {id_ for id_, _ in _origins(after, "chapter")}
    for id_, old in _origins(after, "chapter_member"):
        found.update(m.chapter for m in (old, after.chapter_members.get(id_)) if m is not None)
    return found


def _parts_of_chapter(org: Org, chapter: Any) -> Parts:
    homes = (org.primary_membership(m.person) for m in org.chapter_members_in(chapter.id))
    lead = org.people.get(chapter.lead) if chapter.lead else None
    return [
        (say("Squads"), _counted(Counter(org.squads[home.squad].name for home in homes if home is not None))),
        (say("Vacancies"), names((v.title for v in org.vacancies_in("chapter", chapter.id)), limit=TOLD)),
        (say("Chapter lead"), _with_reports(org, lead) if lead is not None else say("nobody")),
    ]


def _with_reports(org: Org, lead: Any) -> str:
    return count(span_of(org, lead.id), "{person}, {n} report", "{person}, {n} reports", person=lead.name)


def _size_of_chapter(org: Org, chapter: str) -> int:
    return len(org.chapter_members_in(chapter))


def _warning_of_chapter(org: Org, chapter: Any) -> str:
    if chapter.lead is None:
        return ""
    most = span_most(org, chapter.lead)
    is_too_many = is_beyond(span_of(org, chapter.lead), most)
    return say("More than {most:g} reports for its lead", most=most) if is_too_many else ""


def _notes_of_chapters(before: Org, after: Org, chapters: Sequence[Any]) -> Iterator[str]:
    changed = [old.name for id_, old in _origins(after, "person") if old.manager != after.people[id_].manager]
    if changed:
        yield count(
            changed,
            "{people} gets another line manager.",
            "{people} get another line manager.",
            people=_together(changed),
        )


_KINDS: Mapping[str, tuple[Callable[[Org, Org], set[str]], Any, Callable[..., Iterator[str]]]] = {
    "squad": (_squads, (Org.size_of, _parts_of_squad, _warning_of_squad), _notes_of_squads),
    "tribe": (_tribes, (_size_of_tribe, _parts_of_tribe, _warning_of_tribe), _notes_of_tribes),
    "chapter": (_chapters, (_size_of_chapter, _parts_of_chapter, _warning_of_chapter), _notes_of_chapters),
}
