"""What a unit holds, handed over to another one of its kind: when it closes, and when it is merged."""

from __future__ import annotations

import dataclasses
from typing import Any

from orgmodel.core.operations.base import Refused, get_open, name_of
from orgmodel.core.operations.memberships import move_membership
from orgmodel.core.org import Org


def receiver(org: Org, unit: Any, to: str) -> Any:
    """Return the open unit that takes over from another, or refuse."""
    if to == unit.id:
        raise Refused(f"{unit.name} cannot hand over to itself.", field="to")
    return get_open(org, unit.KIND, to, "to")


def in_words(org: Org, kind: str, to: str | None) -> str:
    """Return the end of a closing's sentence, "" where nothing is handed over."""
    return f", everything it holds goes to {name_of(org, kind, to)}" if to is not None else ""


def hand_over_squad(org: Org, squad: Any, to: Any, *, vacancies: bool = True) -> Org:
    """Hand over a squad's people, its open vacancies, and its mission where the other has none."""
    for membership in org.memberships_in(squad.id):
        org = move_membership(org, membership, to.id)
    if vacancies:
        org = org.change(dataclasses.replace(v, squad=to.id) for v in org.vacancies_in("squad", squad.id))
    return _with_mission(org, squad, to)


def hand_over_chapter(org: Org, chapter: Any, to: Any) -> Org:
    """Hand over a chapter's members and open vacancies. Line managers stay as they are."""
    held: list[Any] = [*org.chapter_members_in(chapter.id), *org.vacancies_in("chapter", chapter.id)]
    return org.change(dataclasses.replace(part, chapter=to.id) for part in held)


def hand_over_tribe(org: Org, tribe: Any, to: Any) -> Org:
    """Hand over a tribe's squads and chapters, and its mission where the other has none."""
    units: list[Any] = [*org.squads_of(tribe.id), *org.chapters_of(tribe.id)]
    return _with_mission(org.change(dataclasses.replace(unit, tribe=to.id) for unit in units), tribe, to)


def _with_mission(org: Org, unit: Any, to: Any) -> Org:
    now: Any = org.get(to.KIND, to.id)
    return org.edit(now, mission=unit.mission) if unit.mission and not now.mission else org
