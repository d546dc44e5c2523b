"""The form for an organization's own word, which yields an operation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orgmodel.changes.forms import EditForm, TextField
from orgmodel.core.changes import Change
from orgmodel.core.operations import ChangeWord, Operation
from orgmodel.core.phrases import capital, said, say
from orgmodel.core.records import Word, label_of, specs_of
from orgmodel.core.vocabulary import LANGUAGES, OWN_FORMS, Vocabulary, fault_in_form, vocabulary_of, word_of

LABELS = {
    "sv:one": _("One in Swedish"),
    "sv:many": _("Several in Swedish"),
    "sv:the_one": _("One, definite, in Swedish"),
    "sv:the_many": _("Several, definite, in Swedish"),
    "sv:article": _("Article in Swedish"),
}
EXAMPLES = {"sv:one": "område", "sv:many": "områden", "sv:the_one": "området", "sv:the_many": "områdena"}
FALLBACKS: dict[str, Any] = {
    "sv:one": capital(label_of("word", "one")),
    "sv:many": capital(label_of("word", "many")),
    "sv:the_one": LABELS["sv:one"],
    "sv:the_many": LABELS["sv:many"],
}
"""The label of the field whose text is used where one is left empty."""


def field_of(form: str) -> str:
    """Return the name of the field for a form of a word."""
    return form.replace(":", "_")


class WordForm(EditForm):
    """Asks what the organization calls a squad, tribe, chapter or guild, in English and in other languages."""

    record: Word

    def __init__(self, request: Any, term: str) -> None:
        asks = ("one", "many", "forms")
        super().__init__(request, ChangeWord, word_of(request.reality.org, term), asks=asks)

    def add_fields(self) -> None:
        super().add_fields()
        del self.fields["forms"]
        own = dict(self.record.forms)
        for form in OWN_FORMS:
            name = field_of(form)
            self.fields[name] = self._article() if form == "sv:article" else self._form(form)
            self.initial[name] = own.get(form, "")

    def _form(self, form: str) -> forms.Field:
        help_text = _("Such as “%(example)s”. Left empty, what “%(field)s” says is used.") % {
            "example": EXAMPLES[form],
            "field": said(FALLBACKS[form]),
        }
        return TextField(
            label=LABELS[form], required=False, max_length=specs_of("word")["one"].limit, help_text=help_text
        )

    def _article(self) -> forms.Field:
        first, *others = LANGUAGES["sv"].articles
        choices = [("", first), *((article, article) for article in others)]
        return forms.ChoiceField(label=LABELS["sv:article"], required=False, choices=choices)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        given = {form: text for form in OWN_FORMS if (text := cleaned.get(field_of(form)))}
        for form, text in given.items():
            if fault := fault_in_form(form, text):
                self.add_error(field_of(form), said(say("{fault}.", fault=capital(fault))))
        cleaned["forms"] = tuple(sorted(given.items()))
        return cleaned

    def edit(self, values: dict[str, Any], seen: dict[str, Any]) -> Operation:
        return ChangeWord(term=self.record.key, values=values, seen=seen)

    def seen(self) -> list[Change]:
        """Return nothing: a word that nobody has set yet is no record, and the operation checks what was seen."""
        return []

    def vocabulary(self) -> Vocabulary:
        """Return the organization's words with the one that was typed, where it fits."""
        if not (self.is_bound and self.is_valid()):
            return vocabulary_of(self.org)
        return vocabulary_of(self.org.put(replace(self.record, **self.values())))
