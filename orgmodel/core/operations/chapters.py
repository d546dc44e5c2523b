"""What can be done to chapters, and who belongs to which."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from orgmodel.core.operations import handover
from orgmodel.core.operations.base import (
    Close,
    Create,
    Edit,
    Operation,
    Refused,
    Rename,
    Reopen,
    day_of,
    get_here,
    get_open,
    in_already,
    name_of,
    refs,
)
from orgmodel.core.operations.tribes import lead_in_words, led, move_in_words, move_to_tribe
from orgmodel.core.org import Org
from orgmodel.core.phrases import names, say
from orgmodel.core.records import ChapterMember, day, flag, ref


@dataclass(frozen=True, slots=True)
class CreateChapter(Create):
    """Create a chapter."""

    KIND: ClassVar[str] = "chapter"


@dataclass(frozen=True, slots=True)
class RenameChapter(Rename):
    """Give a chapter another name; its key and address stay."""

    KIND: ClassVar[str] = "chapter"


@dataclass(frozen=True, slots=True)
class EditChapter(Edit):
    """Change a chapter's competency or tribe."""

    KIND: ClassVar[str] = "chapter"
    FIXED: ClassVar[tuple[str, ...]] = ("key", "closed_on")


@dataclass(frozen=True, slots=True)
class CloseChapter(Close):
    """Close a chapter. Its members and open vacancies go to another one, or it must have none left.

    Without `to`, a chapter that still has any is refused with their names. Line managers stay as they are.
    """

    KIND: ClassVar[str] = "chapter"
    to: str | None = ref("chapter", label="everything it holds goes to")

    def emptied(self, org: Org, record: Any) -> Org:
        if self.to is not None:
            to = handover.receiver(org, record, self.to)
            return handover.hand_over_chapter(org, record, to, on=day_of(self.on))
        people = [org.people[m.person] for m in org.chapter_members_in(record.id)]
        vacancies = org.vacancies_in("chapter", record.id)
        if people or vacancies:
            held = names([*sorted(p.name for p in people), *(v.title for v in vacancies)])
            raise Refused(
                say("{unit} still has {held}. Move them first.", unit=record.name, held=held),
                blockers=[("person", p.id) for p in people] + [("vacancy", v.id) for v in vacancies],
            )
        return org

    def describe(self, org: Org) -> str:
        return handover.in_words(Close.describe(self, org), org, self.KIND, self.id, self.to)


@dataclass(frozen=True, slots=True)
class ReopenChapter(Reopen):
    """Open a closed chapter again."""

    KIND: ClassVar[str] = "chapter"


@dataclass(frozen=True, slots=True)
class MoveChapter(Operation):
    """Move a chapter with its members to another tribe. They stay in their squads, and line managers as they are."""

    chapter: str = ref("chapter", required=True)
    tribe: str = ref("tribe", required=True)

    def apply(self, org: Org) -> Org:
        return move_to_tribe(org, get_open(org, "chapter", self.chapter, "chapter"), self.tribe)

    def describe(self, org: Org) -> str:
        return move_in_words(org, "chapter", self.chapter, self.tribe)


@dataclass(frozen=True, slots=True)
class SetChapterLead(Operation):
    """Say who leads a chapter, or that nobody does. Line managers stay as they are.

    With `interim`, who stands in as its lead; a lead proper ends that.
    """

    chapter: str = ref("chapter", required=True)
    person: str | None = ref("person")
    interim: bool = flag()
    since: date | None = day()

    def apply(self, org: Org) -> Org:
        chapter = get_open(org, "chapter", self.chapter, "chapter")
        return led(org, chapter, self.person, interim=self.interim, since=self.since)

    def describe(self, org: Org) -> str:
        seat = "interim_lead" if self.interim else "lead"
        return lead_in_words(org, "chapter", self.chapter, seat, self.person)


@dataclass(frozen=True, slots=True)
class ChangeChapter(Operation):
    """Put people into a chapter, out of the one they were in, or into none.

    With `reports_to_lead`, the lead of the new chapter becomes their line manager.
    """

    people: tuple[str, ...] = refs("person")
    chapter: str | None = ref("chapter")
    reports_to_lead: bool = flag(label="line manager becomes the chapter's lead")

    def apply(self, org: Org) -> Org:
        if not self.people:
            raise Refused(say("Choose at least one person."), field="people")
        chapter = get_open(org, "chapter", self.chapter, "chapter") if self.chapter is not None else None
        for person in dict.fromkeys(self.people):
            org = _change(org, get_here(org, person, "people"), chapter)
        return reporting_to_lead(org, chapter, self.people) if self.reports_to_lead else org

    def describe(self, org: Org) -> str:
        who = names(name_of(org, "person", person) for person in self.people)
        sources = {m.chapter for person in self.people if (m := org.chapter_member_of(person))}
        source = name_of(org, "chapter", next(iter(sources), None))
        if self.chapter is None:
            return say("Take {people} out of chapter {chapter}", people=who, chapter=source)
        chapter = name_of(org, "chapter", self.chapter)
        moved = (
            say("Move {people} from chapter {source} to chapter {to}", people=who, source=source, to=chapter)
            if len(sources) == 1
            else say("Move {people} to chapter {to}", people=who, to=chapter)
        )
        return say("{sentence}, reporting to its lead", sentence=moved) if self.reports_to_lead else moved


def reporting_to_lead(org: Org, chapter: Any, people: Iterable[str]) -> Org:
    """Return the organization in which a chapter's lead is the line manager of these people; refused without a lead."""
    if chapter is None or chapter.lead is None:
        message = (
            say("{chapter} has no lead to report to.", chapter=chapter.name)
            if chapter is not None
            else say("Without a chapter there is no lead to report to.")
        )
        raise Refused(message, field="reports_to_lead")
    others = (org.people[person] for person in people if person != chapter.lead)
    return org.change(dataclasses.replace(person, manager=chapter.lead) for person in others)


def _change(org: Org, person: Any, chapter: Any) -> Org:
    member = org.chapter_member_of(person.id)
    if chapter is None:
        if member is None:
            raise Refused(say("{person} is in no chapter.", person=person.name), field="people")
        return org.remove(member)
    if member is None:
        # A person has one place in a chapter at most, so it can go by the person's own id.
        return org.put(ChapterMember(id=person.id, person=person.id, chapter=chapter.id))
    if member.chapter == chapter.id:
        raise in_already(person, chapter, "chapter")
    return org.edit(member, chapter=chapter.id)
