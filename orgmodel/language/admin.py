"""What an organization calls its units, in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from orgmodel.changes.admin_forms import MainForm
from orgmodel.changes.record_actions import RecordAction
from orgmodel.changes.record_admin import MemberAdmin
from orgmodel.core.operations import ChangeWord, Operation, ResetWord
from orgmodel.core.operations.base import noun
from orgmodel.core.org import Org
from orgmodel.core.phrases import capital
from orgmodel.core.vocabulary import TERMS, word_of
from orgmodel.language.models import Word


@admin.register(Word)
class WordAdmin(MemberAdmin):
    kind = "word"
    fixed = ("key",)
    ordering = ("key",)
    list_display = ("key", "one", "many")
    search_fields = ("key", "one", "many")
    search_help_text = _("Term or word")
    record_actions = (
        RecordAction(
            "reset",
            _("Use the standard word again…"),
            lambda org, words, given: [ResetWord(term=word.key) for word in words],
        ),
    )

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "key":
            return forms.ChoiceField(label=_("Term"), choices=[(term, capital(noun(term))) for term in TERMS])
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def view_on_site(self, obj: Any) -> str:
        return reverse("words")

    def join(self, form: MainForm, values: dict[str, Any]) -> Operation:
        word = word_of(form.org, values.pop("key"))
        form.instance.pk = word.id
        return ChangeWord(term=word.key, values=values)

    def change(self, org: Org, member: Any, values: dict[str, Any]) -> Operation:
        return ChangeWord(term=member.key, values=values)
