"""How the knowledge axis looks in the API: chapters and guilds with their members."""

from __future__ import annotations

from orgmodel.core.org import Org
from orgmodel.core.records import Chapter, ChapterMember, Guild, GuildMember
from orgmodel.integrations.resources import Json, represent
from orgmodel.integrations.schema import part_shape
from orgmodel.integrations.shapes import Shape

_SIZE: Shape = {"type": "integer", "description": "How many people are in it."}

CHAPTER_SHAPE = {
    "size": _SIZE,
    "members": {**part_shape("chapter_member", "chapter"), "description": "On a single chapter only."},
}
GUILD_SHAPE = {
    "size": _SIZE,
    "members": {**part_shape("guild_member", "guild"), "description": "On a single guild only."},
}


def chapter_json(org: Org, chapter: Chapter) -> Json:
    return {**represent(org, chapter), "size": len(org.pointing("chapter_member", "chapter", chapter.id))}


def chapter_in_full(org: Org, chapter: Chapter) -> Json:
    members = _by_person(org, org.chapter_members_in(chapter.id))
    return {**chapter_json(org, chapter), "members": [represent(org, m, without="chapter") for m in members]}


def guild_json(org: Org, guild: Guild) -> Json:
    return {**represent(org, guild), "size": len(org.pointing("guild_member", "guild", guild.id))}


def guild_in_full(org: Org, guild: Guild) -> Json:
    members = _by_person(org, org.guild_members_in(guild.id))
    return {**guild_json(org, guild), "members": [represent(org, m, without="guild") for m in members]}


def _by_person(
    org: Org, members: list[ChapterMember] | list[GuildMember]
) -> list[ChapterMember | GuildMember]:
    return sorted(members, key=lambda m: (org.people[m.person].name.casefold(), m.id))
