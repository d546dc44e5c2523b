"""What an organization calls its squads, tribes, chapters and guilds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from orgmodel.core.operations.base import Operation, Refused, field_values, seen_again, set_over, short
from orgmodel.core.org import Org
from orgmodel.core.phrases import names, say
from orgmodel.core.records import label_of, specs_of, text
from orgmodel.core.vocabulary import TERMS, faults_in, word_of


@dataclass(frozen=True, slots=True)
class ChangeWord(Operation):
    """Give squads, tribes, chapters or guilds the organization's own word, on every page and in every file for people.

    `term` is squad, tribe, chapter or guild. `one` and `many` are the word for one and for several; `forms` says it in
    other languages by name and replaces those that were set before: {"sv:one": "område", "sv:the_one": "området"}.
    What people gave a name keeps it, and so do the API, addresses and columns of files.
    """

    KIND: ClassVar[str] = "word"
    term: str = text(100, required=True)
    values: Mapping[str, Any] = field_values()
    seen: Mapping[str, Any] = field_values(required=False)

    def apply(self, org: Org) -> Org:
        if self.term not in TERMS:
            raise Refused(
                say("There is no term {term}. There are {known}.", term=short(self.term), known=names(TERMS)),
                field="term",
            )
        return set_over(org, word_of(org, self.term), self, faults_in)

    def redone(self, org: Org) -> Operation | None:
        return seen_again(self, word_of(org, self.term)) if self.term in TERMS else None

    def describe(self, org: Org) -> str:
        if self.values.get("one"):
            return say("Call a {term} “{word}”", term=short(self.term), word=short(str(self.values["one"])))
        changed = names([label_of(self.KIND, name) for name in self.values if name in specs_of(self.KIND)])
        return say("Change the word for {term}: {fields}", term=short(self.term), fields=changed)


@dataclass(frozen=True, slots=True)
class ResetWord(Operation):
    """Call squads, tribes, chapters or guilds by the standard word again."""

    term: str = text(100, required=True)

    def apply(self, org: Org) -> Org:
        word = org.find("word", self.term)
        if word is None:
            raise Refused(
                say("The word for {term} is the standard one already.", term=short(self.term)), field="term"
            )
        return org.remove(word)

    def describe(self, org: Org) -> str:
        return say("Call a {term} by the standard word again", term=short(self.term))
