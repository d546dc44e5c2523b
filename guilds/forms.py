"""Which fields the forms of chapters and guilds ask for, and the one form that is about several people."""

from __future__ import annotations

from typing import Any

from orgmodel.changes.forms import OperationForm
from orgmodel.core.operations import ChangeChapter
from squads.forms import CLOSES_ON

CHAPTER = ("name", "competency", "tribe")
GUILD = ("name", "purpose", "kind", "sponsor", "last_session_on")

__all__ = ["CHAPTER", "CLOSES_ON", "GUILD", "ChangeChapterForm"]


class ChangeChapterForm(OperationForm):
    """Puts several people into a chapter, or into none."""

    def __init__(self, request: Any) -> None:
        options = {
            "people": {"help_text": "Keys or names, one to a line."},
            "chapter": {"help_text": "Empty: no chapter."},
        }
        super().__init__(request, ChangeChapter, asks=("people", "chapter"), options=options)
