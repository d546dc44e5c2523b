"""Chapters and guilds in the admin, and what people have to do with them: which operations forms and rows mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from guilds.models import Chapter, ChapterLineage, ChapterMember, Guild, GuildMember
from orgmodel.changes.admin_forms import ActionForm, MainForm, RowForm
from orgmodel.changes.record_actions import RecordAction, chooser, closing, merging, reopening
from orgmodel.changes.record_admin import MemberAdmin, MemberInline, OpenFilter, RecordAdmin
from orgmodel.core.operations import (
    ChangeChapter,
    CloseChapter,
    CloseGuild,
    CreateChapter,
    CreateGuild,
    EditChapter,
    EditGuild,
    EditGuildMember,
    JoinGuild,
    LeaveGuild,
    MergeChapters,
    Operation,
    RenameChapter,
    RenameGuild,
    ReopenChapter,
    ReopenGuild,
    SetChapterLead,
    SetGuildCoordinator,
)
from orgmodel.core.operations.guilds import guild_member_id
from orgmodel.core.org import Org
from squads import admin as squads
from squads.models import Person


class ChapterForm(ActionForm):
    chapter = chooser(
        ChapterMember, "chapter", label=_("To chapter"), required=False, help_text=_("Empty: out of theirs.")
    )
    field_order = ["chapter", "reason"]


def change_chapter(org: Org, people: Sequence[Any], given: Mapping[str, Any]) -> Iterable[Operation]:
    return [ChangeChapter(people=tuple(person.id for person in people), chapter=given["chapter"])]


admin.site.unregister(Person)


@admin.register(Person)
class PersonAdmin(squads.PersonAdmin):
    """People, who can also change chapter: squads know nothing of chapters."""

    record_actions = (
        squads.PersonAdmin.record_actions[0],
        RecordAction(
            "chapter", _("Change chapter…"), change_chapter, form=ChapterForm, suits=lambda p: p.is_here
        ),
        *squads.PersonAdmin.record_actions[1:],
    )


class ChapterMemberInline(MemberInline):
    model = ChapterMember
    kind, unit = "chapter_member", "chapter"

    def new_id(self, row: RowForm, values: dict[str, Any]) -> str:
        return str(values["person"])

    def join(self, id_: str, values: dict[str, Any]) -> Operation:
        return ChangeChapter(people=(values["person"],), chapter=values["chapter"])

    def leave(self, member: Any, unit: str) -> Operation:
        return ChangeChapter(people=(member.person,), chapter=None)


@admin.register(Chapter)
class ChapterAdmin(RecordAdmin):
    kind, create, edit = "chapter", CreateChapter, EditChapter
    hints = ("tribe",)
    list_display = ("name", "tribe", "lead", "members", "closed_on")
    list_filter = (OpenFilter,)
    list_select_related = ("tribe", "lead")
    search_fields = ("name", "key", "competency", "tribe__name")
    search_help_text = _("Name, key, competency or tribe")
    inlines = [ChapterMemberInline]
    record_actions = (
        closing(CloseChapter, heirs=(ChapterMember, "chapter")),
        merging(MergeChapters, "chapters", ChapterMember, "chapter"),
        reopening(ReopenChapter),
    )

    def operation_for(self, id_: str, field: str, value: Any) -> Operation | None:
        match field:
            case "name":
                return RenameChapter(id=id_, name=value)
            case "lead":
                return SetChapterLead(chapter=id_, person=value)
        return None

    @admin.display(description=_("members"))
    def members(self, row: Any) -> int:
        return len(row.org.chapter_members_in(row.pk))


class GuildMemberInline(MemberInline):
    model = GuildMember
    kind, unit = "guild_member", "guild"

    def new_id(self, row: RowForm, values: dict[str, Any]) -> str:
        return guild_member_id(values["person"], values["guild"])

    def join(self, id_: str, values: dict[str, Any]) -> Operation:
        return JoinGuild(people=(values["person"],), guild=values["guild"], role=values["role"])

    def change(self, org: Org, member: Any, values: dict[str, Any]) -> Operation:
        return EditGuildMember(person=member.person, guild=member.guild, values=values)

    def leave(self, member: Any, unit: str) -> Operation:
        return LeaveGuild(people=(member.person,), guild=unit)


@admin.register(Guild)
class GuildAdmin(RecordAdmin):
    kind, create, edit = "guild", CreateGuild, EditGuild
    list_display = ("name", "kind", "coordinator", "members", "last_session_on", "closed_on")
    list_filter = (OpenFilter, "kind")
    list_select_related = ("coordinator",)
    search_fields = ("name", "key")
    inlines = [GuildMemberInline]
    record_actions = (closing(CloseGuild), reopening(ReopenGuild))

    def operation_for(self, id_: str, field: str, value: Any) -> Operation | None:
        match field:
            case "name":
                return RenameGuild(id=id_, name=value)
            case "coordinator":
                return SetGuildCoordinator(guild=id_, person=value)
        return None

    @admin.display(description=_("members"))
    def members(self, row: Any) -> int:
        return len(row.org.guild_members_in(row.pk))


@admin.register(ChapterMember)
class ChapterMemberAdmin(MemberAdmin):
    kind = "chapter_member"
    fixed = ("person",)
    list_display = ("person", "chapter")
    list_display_links = ("person", "chapter")
    list_select_related = ("person", "chapter")
    search_fields = ("person__name", "chapter__name")
    search_help_text = _("Person or chapter")
    record_actions = (
        RecordAction(
            "leave",
            _("Take out of the chapter…"),
            lambda org, members, given: [
                ChangeChapter(people=tuple(m.person for m in members), chapter=None)
            ],
        ),
    )

    def join(self, form: MainForm, values: dict[str, Any]) -> Operation:
        form.instance.pk = values["person"]
        return ChangeChapter(people=(values["person"],), chapter=values["chapter"])

    def change(self, org: Org, member: Any, values: dict[str, Any]) -> Operation:
        return ChangeChapter(people=(member.person,), chapter=values["chapter"])


@admin.register(GuildMember)
class GuildMemberAdmin(MemberAdmin):
    kind = "guild_member"
    fixed = ("person", "guild")
    list_display = ("person", "guild", "role")
    list_display_links = ("person", "guild")
    list_select_related = ("person", "guild")
    search_fields = ("person__name", "guild__name", "role")
    search_help_text = _("Person, guild or role")
    record_actions = (
        RecordAction(
            "leave",
            _("Take out of the guild…"),
            lambda org, members, given: [LeaveGuild(people=(m.person,), guild=m.guild) for m in members],
        ),
    )

    def join(self, form: MainForm, values: dict[str, Any]) -> Operation:
        form.instance.pk = guild_member_id(values["person"], values["guild"])
        return JoinGuild(people=(values["person"],), guild=values["guild"], role=values["role"])

    def change(self, org: Org, member: Any, values: dict[str, Any]) -> Operation:
        return EditGuildMember(person=member.person, guild=member.guild, values=values)


admin.site.register(ChapterLineage, squads.LineageAdmin)
