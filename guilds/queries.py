"""What the pages of chapters and guilds show."""

from __future__ import annotations

from dataclasses import dataclass

from orgmodel.core.org import Org, by_name
from orgmodel.core.records import Person, Squad, Tribe


@dataclass(frozen=True, slots=True)
class ChapterGroup:
    """The members of a chapter who have the same squad as their home; None for those without one."""

    squad: Squad | None
    members: tuple[tuple[Person, int | None], ...]


def members_by_squad(org: Org, chapter: str) -> list[ChapterGroup]:
    """Return the members of a chapter with the share that their home squad has of them."""
    found: dict[str | None, list[tuple[Person, int | None]]] = {}
    for member in org.chapter_members_in(chapter):
        home = org.primary_membership(member.person)
        found.setdefault(home.squad if home else None, []).append(
            (org.people[member.person], home.share if home else None)
        )
    squads: list[Squad | None] = [*by_name(org.squads[id_] for id_ in found if id_ is not None)]
    if None in found:
        squads.append(None)
    return [
        ChapterGroup(
            squad, tuple(sorted(found[squad.id if squad else None], key=lambda pair: pair[0].name.casefold()))
        )
        for squad in squads
    ]


@dataclass(frozen=True, slots=True)
class GuildGroup:
    """The members of a guild from one tribe; None for those whose squad is in no tribe, or who have none."""

    tribe: Tribe | None
    members: tuple[tuple[Person, str, Squad | None], ...]


def members_by_tribe(org: Org, guild: str) -> list[GuildGroup]:
    """Return the members of a guild with their role in it and their home squad."""
    found: dict[str | None, list[tuple[Person, str, Squad | None]]] = {}
    for member in org.guild_members_in(guild):
        home = org.primary_membership(member.person)
        squad = org.squads[home.squad] if home else None
        place = (org.people[member.person], member.role, squad)
        found.setdefault(squad.tribe if squad else None, []).append(place)
    tribes: list[Tribe | None] = [*by_name(org.tribes[id_] for id_ in found if id_ is not None)]
    if None in found:
        tribes.append(None)
    return [
        GuildGroup(
            tribe,
            tuple(sorted(found[tribe.id if tribe else None], key=lambda place: place[0].name.casefold())),
        )
        for tribe in tribes
    ]


def absent_tribes(org: Org, groups: list[GuildGroup]) -> list[Tribe]:
    """Return the open tribes from which nobody is in a guild."""
    present = {group.tribe.id for group in groups if group.tribe is not None}
    return by_name(
        tribe for tribe in org.tribes.values() if tribe.closed_on is None and tribe.id not in present
    )
