"""The knowledge axis over REST: chapters and guilds, and who is in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from guilds.serializers import (
    CHAPTER_SHAPE,
    GUILD_SHAPE,
    chapter_in_full,
    chapter_json,
    guild_in_full,
    guild_json,
)
from orgmodel.core import operations as ops
from orgmodel.core.org import Org
from orgmodel.core.records import Spec, specs_of
from orgmodel.integrations.bodies import Body
from orgmodel.integrations.filters import related, within
from orgmodel.integrations.resources import (
    Creatable,
    Editable,
    Json,
    RecordViewSet,
    delete_options,
    org_of,
    verb,
)
from orgmodel.integrations.schema import endpoint
from orgmodel.integrations.writing import write


class ChapterViewSet(Creatable, Editable):
    """People of one competency inside one tribe."""

    kind = "chapter"
    create_operation = ops.CreateChapter
    edit_operation = ops.EditChapter
    rename_operation = ops.RenameChapter
    field_verbs = {
        "lead": lambda id_, person: ops.SetChapterLead(chapter=id_, person=person),
        # Taking a chapter out of its tribe into none is an edit; there is nowhere to move it to.
        "tribe": lambda id_, tribe: ops.MoveChapter(chapter=id_, tribe=tribe) if tribe else None,
    }
    extra_shape = CHAPTER_SHAPE

    close = verb("close", ops.CloseChapter)
    reopen = verb("reopen", ops.ReopenChapter)
    lead = verb("lead", ops.SetChapterLead, record="chapter", summary="Say who leads a chapter, or stands in")
    join = verb("join", ops.ChangeChapter, record="chapter", called="ChangeChapterOfPeople")
    merge = verb("merge", ops.MergeChapters, record="into", summary="Merge other chapters into this one")

    def represent(self, org: Org, record: Any) -> Json:
        return chapter_json(org, record)

    def represent_in_full(self, org: Org, record: Any) -> Json:
        return chapter_in_full(org, record)


class GuildViewSet(Creatable, Editable):
    """Communities of interest that cut across tribes."""

    kind = "guild"
    create_operation = ops.CreateGuild
    edit_operation = ops.EditGuild
    rename_operation = ops.RenameGuild
    field_verbs = {"coordinator": lambda id_, person: ops.SetGuildCoordinator(guild=id_, person=person)}
    extra_shape = GUILD_SHAPE

    close = verb("close", ops.CloseGuild)
    reopen = verb("reopen", ops.ReopenGuild)
    join = verb("join", ops.JoinGuild, record="guild")
    leave = verb("leave", ops.LeaveGuild, record="guild")

    def represent(self, org: Org, record: Any) -> Json:
        return guild_json(org, record)

    def represent_in_full(self, org: Org, record: Any) -> Json:
        return guild_in_full(org, record)


def _chapter_members_in_tribe(org: Org, tribe: str) -> Iterable[str]:
    return (m.id for chapter in org.chapters_of(tribe) for m in org.chapter_members_in(chapter.id))


class ChapterMemberViewSet(RecordViewSet):
    """Who is in which chapter; a person is in one at most, so joining another leaves the first."""

    kind = "chapter_member"
    path_parameters = {"key": "Id."}
    extra_filters = {
        "tribe": related("tribe", "The tribe of the chapter.", _chapter_members_in_tribe),
        "unit": within(
            "A chapter or tribe, such as chapter:backend.",
            {
                "chapter": lambda org, v: (m.id for m in org.chapter_members_in(v)),
                "tribe": _chapter_members_in_tribe,
            },
        ),
    }
    create_body = Body("JoinChapter", specs_of("chapter_member"), renamed={"people": "person"})
    edit_body = Body("MoveChapterMember", {"chapter": specs_of("chapter_member")["chapter"]})

    @endpoint("Put a person into a chapter", answers=".component", body=".create_body", status=201)
    def create(self, request: Request) -> Response:
        values, options = self.read_body(request, self.create_body)
        joining = ops.ChangeChapter(people=(values["person"],), chapter=values["chapter"])
        written = write(request, [joining], options)
        member = written.org.chapter_member_of(values["person"])
        assert member is not None
        return self.created(request, written, member.id)

    @endpoint("Move a person to another chapter", answers=".component", body=".edit_body")
    def partial_update(self, request: Request, key: str) -> Response:
        member = self.find(org_of(request), key)
        values, options = self.read_body(request, self.edit_body)
        changes = [ops.ChangeChapter(people=(member.person,), chapter=values["chapter"])]
        same = values["chapter"] == member.chapter
        return self.answer(write(request, [] if same else changes, options), member.id)

    @endpoint("Take a person out of their chapter", status=204)
    def destroy(self, request: Request, key: str) -> Response:
        member = self.find(org_of(request), key)
        leaving = ops.ChangeChapter(people=(member.person,), chapter=None)
        return Response(status=204, headers=write(request, [leaving], delete_options(request)).headers)


class GuildMemberViewSet(RecordViewSet):
    """Who takes part in which guild."""

    kind = "guild_member"
    path_parameters = {"key": "Id."}
    create_body = Body("JoinGuildAs", specs_of("guild_member"), renamed={"people": "person"})
    edit_body = Body(
        "EditGuildMember",
        {"role": specs_of("guild_member")["role"], "seen": Spec("values")},
        kind="guild_member",
    )

    @endpoint("Add a person to a guild", answers=".component", body=".create_body", status=201)
    def create(self, request: Request) -> Response:
        values, options = self.read_body(request, self.create_body)
        person = values.pop("person")
        written = write(request, [ops.JoinGuild(people=(person,), **values)], options)
        member = written.org.guild_member(person, values["guild"])
        assert member is not None
        return self.created(request, written, member.id)

    @endpoint("Change what someone does in a guild", answers=".component", body=".edit_body")
    def partial_update(self, request: Request, key: str) -> Response:
        member = self.find(org_of(request), key)
        values, options = self.read_body(request, self.edit_body)
        seen = values.pop("seen", {})
        edit = ops.EditGuildMember(person=member.person, guild=member.guild, values=values, seen=seen)
        same = all(getattr(member, name) == value for name, value in values.items())
        return self.answer(write(request, [] if same else [edit], options), member.id)

    @endpoint("Take a person out of a guild", status=204)
    def destroy(self, request: Request, key: str) -> Response:
        member = self.find(org_of(request), key)
        leaving = ops.LeaveGuild(people=(member.person,), guild=member.guild)
        return Response(status=204, headers=write(request, [leaving], delete_options(request)).headers)
