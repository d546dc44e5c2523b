"""What a unit holds, handed over to another one of its kind: when it closes, and when it is merged."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

from orgmodel.core.operations.base import Refused, get_open, name_of, noun, short
from orgmodel.core.operations.lineage import line
from orgmodel.core.operations.memberships import move_membership
from orgmodel.core.org import Org, Ref
from orgmodel.core.phrases import say
from orgmodel.core.records import Dependency

HOLDERS = {
    "vacancy": ("squad",),
    "system": ("squad",),
    "domain": ("squad",),
    "dependency": ("squad", "needs"),
}
"""The fields that name the squad, of the kinds of record that squads hold."""

GRAVITY = ("none", "slowing", "blocking")
"""The levels of dependencies, the gravest last."""


def holdings_of(org: Org, squad: str) -> list[Ref]:
    """Return what a squad holds that needs another home before it closes. Whatever squads come to own belongs here."""
    held: list[Any] = [
        *org.vacancies_in("squad", squad),
        *org.systems_of(squad),
        *org.domains_of(squad),
        *org.dependencies_of(squad),
    ]
    return [(record.KIND, record.id) for record in held]


def receiver(org: Org, unit: Any, to: str) -> Any:
    """Return the open unit that takes over from another, or refuse."""
    if to == unit.id:
        raise Refused(say("{unit} cannot hand over to itself.", unit=unit.name), field="to")
    return get_open(org, unit.KIND, to, "to")


def in_words(closed: str, org: Org, kind: str, id_: str, to: str | None) -> str:
    """Return the sentence of closing a unit with who takes over from it, where anybody does."""
    if to is None:
        return closed
    unit: Any = org.get(kind, id_)
    heir: Any = org.get(kind, to)
    mission = org.missions.get(getattr(unit, "mission", None) or "")
    handed = say(
        "{sentence}, everything it holds goes to {heir}", sentence=closed, heir=name_of(org, kind, to)
    )
    if mission is None or not getattr(heir, "mission", None) or not _only_holds(org, unit, mission.id):
        return handed
    return say(
        "{sentence}; its mission “{mission}” is left without a {noun}",
        sentence=handed,
        mission=short(mission.statement),
        noun=noun(kind),
    )


def _only_holds(org: Org, unit: Any, mission: str) -> bool:
    return [holder.id for holder in (*org.squads_on(mission), *org.tribes_on(mission))] == [unit.id]


def hand_over_squad(org: Org, squad: Any, to: Any, *, on: date, holdings: bool = True) -> Org:
    """Hand over a squad's people with their coaches and dependencies, and its mission where the other has none.

    With `holdings`, its open vacancies, systems and domains go along. That the other came of it is written down.
    """
    for membership in org.memberships_in(squad.id):
        org = move_membership(org, membership, to.id)
    org = _hand_over_dependencies(org, squad.id, to.id)
    org = _hand_over_coachings(org, squad.id, to.id)
    org = _hand_over_claims(org, squad.id, to.id)
    if holdings:
        held: list[Any] = [
            *org.vacancies_in("squad", squad.id),
            *org.systems_of(squad.id),
            *org.domains_of(squad.id),
        ]
        org = org.change(_owned_by(part, to.id) for part in held)
    return _succeeded(_with_mission(org, squad, to), squad, to, on)


def _owned_by(part: Any, squad: str) -> Any:
    """Return a vacancy, system or domain as the squad's; what it claimed of a system is settled by owning it."""
    if getattr(part, "claimed_by", None) == squad:
        return dataclasses.replace(part, squad=squad, claimed_by=None)
    return dataclasses.replace(part, squad=squad)


def _hand_over_dependencies(org: Org, squad: str, to: str) -> Org:
    """Let another squad wait where this one did, and be waited for. What the two had of each other is solved."""
    for dependency in org.dependencies_of(squad):
        if {dependency.squad, dependency.needs} == {squad, to}:
            org = org.remove(dependency)
        elif dependency.squad == squad:
            org = _moved(org, dependency, dataclasses.replace(dependency, squad=to))
        else:
            org = _moved(org, dependency, dataclasses.replace(dependency, needs=to))
    return org


def _moved(org: Org, was: Dependency, is_: Dependency) -> Org:
    """Return the organization with a dependency between other squads; of two between the same, the graver one."""
    there = org.dependency(is_.squad, is_.needs)
    if there is None:
        return org.put(is_)
    if GRAVITY.index(is_.level) > GRAVITY.index(there.level):
        return org.change([dataclasses.replace(is_, id=there.id)], [was])
    return org.remove(was)


def _hand_over_coachings(org: Org, squad: str, to: str) -> Org:
    coaches = {coaching.person for coaching in org.coachings_in(to)}
    coachings = org.coachings_in(squad)
    moved = (dataclasses.replace(c, squad=to) for c in coachings if c.person not in coaches)
    return org.change(moved, (c for c in coachings if c.person in coaches))


def _hand_over_claims(org: Org, squad: str, to: str) -> Org:
    claimed = org.systems_claimed_by(squad)
    return org.change(dataclasses.replace(s, claimed_by=None if s.squad == to else to) for s in claimed)


def hand_over_chapter(org: Org, chapter: Any, to: Any, *, on: date) -> Org:
    """Hand over a chapter's members and open vacancies. Line managers stay as they are."""
    held: list[Any] = [*org.chapter_members_in(chapter.id), *org.vacancies_in("chapter", chapter.id)]
    org = org.change(dataclasses.replace(part, chapter=to.id) for part in held)
    return _succeeded(org, chapter, to, on)


def hand_over_tribe(org: Org, tribe: Any, to: Any, *, on: date) -> Org:
    """Hand over a tribe's squads and chapters, and its mission where the other has none."""
    units: list[Any] = [*org.squads_of(tribe.id), *org.chapters_of(tribe.id)]
    org = org.change(dataclasses.replace(unit, tribe=to.id) for unit in units)
    return _succeeded(_with_mission(org, tribe, to), tribe, to, on)


def _with_mission(org: Org, unit: Any, to: Any) -> Org:
    """Return the organization in which a unit has no mission any more, and the other one it, where that had none."""
    now: Any = org.get(to.KIND, to.id)
    heir = dataclasses.replace(now, mission=now.mission or unit.mission)
    return org.change([heir, dataclasses.replace(unit, mission=None)])


def _succeeded(org: Org, unit: Any, to: Any, on: date) -> Org:
    return org.put(line(unit.KIND, unit.id, to.id, how="merge", on=on))
