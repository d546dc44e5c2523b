"""Which fields the forms of chapters and guilds ask for, and the one form that is about several people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from orgmodel.changes.forms import EditForm, OperationForm
from orgmodel.core.operations import ChangeChapter, EditGuildMember, Operation
from orgmodel.core.records import GuildMember

CHAPTER = ("name", "competency", "tribe")
GUILD = ("name", "purpose", "kind", "sponsor", "last_session_on")

__all__ = ["CHAPTER", "GUILD", "ChangeChapterForm", "EditGuildMemberForm"]


class EditGuildMemberForm(EditForm):
    """Edits someone's part in a guild, which goes by the two rather than by its id."""

    def __init__(self, request: Any, member: GuildMember) -> None:
        role = {"help_text": _("The guild's own word, such as “facilitator”.")}
        super().__init__(
            request, EditGuildMember, member, asks=EditGuildMember.FIELDS, options={"role": role}
        )

    def edit(self, values: dict[str, Any], seen: dict[str, Any]) -> Operation:
        assert isinstance(self.record, GuildMember)
        return EditGuildMember(person=self.record.person, guild=self.record.guild, values=values, seen=seen)


class ChangeChapterForm(OperationForm):
    """Puts several people into a chapter, or into none."""

    def __init__(self, request: Any) -> None:
        options = {
            "people": {"help_text": _("Keys or names, one to a line.")},
            "chapter": {"help_text": _("Empty: no chapter.")},
        }
        super().__init__(request, ChangeChapter, asks=("people", "chapter"), options=options)
