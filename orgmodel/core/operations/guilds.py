"""What can be done to guilds, and who takes part."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from orgmodel.core.operations.base import (
    Close,
    Create,
    Edit,
    Operation,
    Refused,
    Rename,
    Reopen,
    check_fields,
    check_seen,
    field_values,
    get,
    get_here,
    get_open,
    in_already,
    name_of,
    not_in,
    refs,
    seen_again,
    short,
)
from orgmodel.core.org import Org
from orgmodel.core.phrases import count, names, say
from orgmodel.core.records import GuildMember, ref, text


@dataclass(frozen=True, slots=True)
class CreateGuild(Create):
    """Create a guild."""

    KIND: ClassVar[str] = "guild"


@dataclass(frozen=True, slots=True)
class RenameGuild(Rename):
    """Give a guild another name; its key and address stay."""

    KIND: ClassVar[str] = "guild"


@dataclass(frozen=True, slots=True)
class EditGuild(Edit):
    """Change a guild's purpose, kind, sponsor or the day of its last session."""

    KIND: ClassVar[str] = "guild"
    FIXED: ClassVar[tuple[str, ...]] = ("key", "closed_on")


@dataclass(frozen=True, slots=True)
class CloseGuild(Close):
    """Close a guild; everyone in it leaves it."""

    KIND: ClassVar[str] = "guild"

    def apply(self, org: Org) -> Org:
        members = org.guild_members_in(self.id)
        return Close.apply(self, org).change((), members)

    def describe(self, org: Org) -> str:
        closed, members = Close.describe(self, org), org.guild_members_in(self.id)
        if not members:
            return closed
        return count(
            members, "{sentence}, {n} member leaves", "{sentence}, {n} members leave", sentence=closed
        )


@dataclass(frozen=True, slots=True)
class ReopenGuild(Reopen):
    """Open a closed guild again, without members."""

    KIND: ClassVar[str] = "guild"


@dataclass(frozen=True, slots=True)
class SetGuildCoordinator(Operation):
    """Say who coordinates a guild, or that nobody does."""

    guild: str = ref("guild", required=True)
    person: str | None = ref("person")

    def apply(self, org: Org) -> Org:
        guild = get_open(org, "guild", self.guild, "guild")
        if self.person is not None:
            get_here(org, self.person)
        if guild.coordinator == self.person:
            raise Refused(say("That is so already in {unit}.", unit=guild.name), field="person")
        return org.edit(guild, coordinator=self.person)

    def describe(self, org: Org) -> str:
        guild = name_of(org, "guild", self.guild)
        if self.person is None:
            return say("Leave {guild} without a coordinator", guild=guild)
        who = name_of(org, "person", self.person)
        return say("Make {person} coordinator of {guild}", person=who, guild=guild)


@dataclass(frozen=True, slots=True)
class JoinGuild(Operation):
    """Add people to a guild, with the guild's own word for their role."""

    people: tuple[str, ...] = refs("person")
    guild: str = ref("guild", required=True)
    role: str = text(100)

    def apply(self, org: Org) -> Org:
        if not self.people:
            raise Refused(say("Choose at least one person."), field="people")
        guild = get_open(org, "guild", self.guild, "guild")
        for id_ in dict.fromkeys(self.people):
            person = get_here(org, id_, "people")
            if org.guild_member(person.id, guild.id) is not None:
                raise in_already(person, guild, "people")
            member = GuildMember(
                id=guild_member_id(person.id, guild.id), person=person.id, guild=guild.id, role=self.role
            )
            org = org.put(member)
        return org

    def describe(self, org: Org) -> str:
        who = names(name_of(org, "person", person) for person in self.people)
        guild = name_of(org, "guild", self.guild)
        return say("Add {people} to guild {guild}", people=who, guild=guild)


@dataclass(frozen=True, slots=True)
class EditGuildMember(Operation):
    """Change the guild's own word for what someone does in it."""

    KIND: ClassVar[str] = "guild_member"
    FIELDS: ClassVar[tuple[str, ...]] = ("role",)
    person: str = ref("person", required=True)
    guild: str = ref("guild", required=True)
    values: Mapping[str, Any] = field_values()
    seen: Mapping[str, Any] = field_values(required=False)

    def apply(self, org: Org) -> Org:
        check_fields("guild_member", self.values, fixed=("person", "guild"))
        if not self.values:
            raise Refused(say("Nothing to change."))
        member = _member(org, get(org, "guild", self.guild, "guild"), self.person, "person")
        check_seen(member, self.values, self.seen)
        return org.edit(member, **self.values)

    def redone(self, org: Org) -> Operation | None:
        return seen_again(self, org.guild_member(self.person, self.guild))

    def describe(self, org: Org) -> str:
        who, where = name_of(org, "person", self.person), name_of(org, "guild", self.guild)
        role = self.values.get("role")
        if not role:
            return say("Leave {person} without a role in guild {guild}", person=who, guild=where)
        return say("Make {person} {role} in guild {guild}", person=who, role=short(role), guild=where)


@dataclass(frozen=True, slots=True)
class LeaveGuild(Operation):
    """Take people out of a guild."""

    people: tuple[str, ...] = refs("person")
    guild: str = ref("guild", required=True)

    def apply(self, org: Org) -> Org:
        guild = get(org, "guild", self.guild, "guild")
        members = [_member(org, guild, id_, "people") for id_ in dict.fromkeys(self.people)]
        if not members:
            raise Refused(say("Choose at least one person."), field="people")
        return org.change((), members)

    def describe(self, org: Org) -> str:
        who = names(name_of(org, "person", person) for person in self.people)
        guild = name_of(org, "guild", self.guild)
        return say("Take {people} out of guild {guild}", people=who, guild=guild)


def _member(org: Org, guild: Any, person: str, field: str) -> GuildMember:
    who = get(org, "person", person, field)
    member = org.guild_member(who.id, guild.id)
    if member is None:
        raise not_in(who, guild, field)
    return member


def guild_member_id(person: str, guild: str) -> str:
    """Return the id of someone's part in a guild: neither of the two ever changes, so it follows from them."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{person}/{guild}"))
