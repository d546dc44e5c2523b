"""What can be done about vacancies: open, edit, fill, close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from orgmodel.core.operations.base import (
    Create,
    Edit,
    Operation,
    Refused,
    get,
    get_here,
    name_of,
    new_id,
    short,
)
from orgmodel.core.operations.chapters import ChangeChapter
from orgmodel.core.operations.memberships import JoinSquad
from orgmodel.core.org import Org
from orgmodel.core.phrases import say
from orgmodel.core.records import day, percent, ref


@dataclass(frozen=True, slots=True)
class OpenVacancy(Create):
    """Open a vacancy in a squad, in a chapter or elsewhere."""

    KIND: ClassVar[str] = "vacancy"

    def describe(self, org: Org) -> str:
        title, squad = short(str(self.values.get("title", ""))), self.values.get("squad")
        if not squad:
            return say("Open vacancy {vacancy}", vacancy=title)
        return say("Open vacancy {vacancy} in {squad}", vacancy=title, squad=name_of(org, "squad", squad))


@dataclass(frozen=True, slots=True)
class EditVacancy(Edit):
    """Change a vacancy: its title, place, level, hiring manager or state. Filling and closing are not edits."""

    KIND: ClassVar[str] = "vacancy"
    FIXED: ClassVar[tuple[str, ...]] = ("key", "filled_by")

    def apply(self, org: Org) -> Org:
        if self.values.get("state") in ("filled", "cancelled"):
            raise Refused(say("Fill or close the vacancy instead."), field="state")
        return Edit.apply(self, org)


@dataclass(frozen=True, slots=True)
class FillVacancy(Operation):
    """Fill a vacancy with a person, who joins its squad and chapter where they are not in them yet.

    `id` is the new membership's.
    """

    id: str = new_id()
    vacancy: str = ref("vacancy", required=True)
    person: str = ref("person", required=True)
    share: int | None = percent()
    since: date | None = day()

    def apply(self, org: Org) -> Org:
        vacancy = _open_vacancy(org, self.vacancy)
        person = get_here(org, self.person)
        org = org.edit(vacancy, state="filled", filled_by=person.id)
        if vacancy.squad is not None and org.membership(person.id, vacancy.squad) is None:
            joining = JoinSquad(
                id=self.id, person=person.id, squad=vacancy.squad, share=self.share, since=self.since
            )
            org = joining.apply(org)
        if vacancy.chapter is not None and org.chapter_member_of(person.id) is None:
            org = ChangeChapter(people=(person.id,), chapter=vacancy.chapter).apply(org)
        return org

    def describe(self, org: Org) -> str:
        vacancy, who = name_of(org, "vacancy", self.vacancy), name_of(org, "person", self.person)
        return say("Fill vacancy {vacancy} with {person}", vacancy=vacancy, person=who)


@dataclass(frozen=True, slots=True)
class CloseVacancy(Operation):
    """Close a vacancy that will not be filled."""

    vacancy: str = ref("vacancy", required=True)

    def apply(self, org: Org) -> Org:
        return org.edit(_open_vacancy(org, self.vacancy), state="cancelled")

    def describe(self, org: Org) -> str:
        return say("Close vacancy {vacancy}", vacancy=name_of(org, "vacancy", self.vacancy))


@dataclass(frozen=True, slots=True)
class ReopenVacancy(Operation):
    """Open a filled or closed vacancy again. Whoever filled it stays where they are."""

    vacancy: str = ref("vacancy", required=True)

    def apply(self, org: Org) -> Org:
        vacancy = get(org, "vacancy", self.vacancy, "vacancy")
        if vacancy.is_open:
            raise Refused(say("{name} is open.", name=vacancy.title), field="vacancy")
        return org.edit(vacancy, state="open", filled_by=None)

    def describe(self, org: Org) -> str:
        return say("Reopen vacancy {vacancy}", vacancy=name_of(org, "vacancy", self.vacancy))


def _open_vacancy(org: Org, id_: str) -> Any:
    vacancy = get(org, "vacancy", id_, "vacancy")
    if not vacancy.is_open:
        message = (
            say("{vacancy} is filled.", vacancy=vacancy.title)
            if vacancy.state == "filled"
            else say("{vacancy} is cancelled.", vacancy=vacancy.title)
        )
        raise Refused(message, field="vacancy")
    return vacancy
