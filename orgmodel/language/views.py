"""Pages about what the organization calls its squads, tribes, chapters and guilds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, trans_real
from django.views.decorators.http import require_safe

from orgmodel.access import roles
from orgmodel.changes import faces
from orgmodel.changes.forms import OperationForm
from orgmodel.changes.pages import address, can_change, operation_page
from orgmodel.core.operations import ResetWord
from orgmodel.core.vocabulary import OWN_FORMS, TERMS, Vocabulary, vocabulary_of, word_of
from orgmodel.language.forms import LABELS, WordForm

SENTENCES = (
    gettext_noop("Payments is a squad in the tribe Commerce."),
    gettext_noop("Three squads share a chapter, and anyone may join a guild."),
    gettext_noop("The tribe lead sees which squads depend on one another."),
)
"""What shows how words read: with and without an article, one and several, within another word."""


@require_safe
def words(request: Any) -> HttpResponse:
    org = request.reality.org
    rows = [
        {
            "term": term,
            "word": (word := word_of(org, term)),
            "forms": [(LABELS[name], dict(word.forms).get(name, "")) for name in OWN_FORMS],
            "is_own": org.find("word", term) is not None,
        }
        for term in TERMS
    ]
    context = {
        "rows": rows,
        "may_design": roles.can_design(request.user) and can_change(request),
        "sentences": list(_sentences(vocabulary_of(org))),
    }
    return render(request, "language/words.html", context)


def word_edit(request: Any, term: str) -> HttpResponse:
    _check_may_rename(request, term)
    form = WordForm(request, term)
    return _page(
        request,
        form,
        title=_("The word for %(term)s") % {"term": term},
        verb=_("Save"),
        template="language/word_edit.html",
        sentences=list(_sentences(form.vocabulary())),
    )


def word_reset(request: Any, term: str) -> HttpResponse:
    _check_may_rename(request, term)
    form = OperationForm(request, ResetWord, term=term)
    intro = _("It is called by the standard word again. The history keeps why it differed.")
    return _page(
        request, form, title=_("Reset the word for %(term)s") % {"term": term}, verb=_("Reset"), intro=intro
    )


def _page(request: Any, form: OperationForm, **context: Any) -> HttpResponse:
    crumbs = [(_("Settings"), address(request, "settings")), (_("Words"), address(request, "words"))]
    return operation_page(request, form, done=("words",), crumbs=crumbs, **context)


def _check_may_rename(request: Any, term: str) -> None:
    if term not in TERMS:
        raise Http404(_("There is no word “%(term)s” to change.") % {"term": term[:40]})
    if not roles.can_design(request.user):
        raise PermissionDenied(faces.DESIGNERS_ONLY)


def _sentences(vocabulary: Vocabulary) -> Iterator[tuple[str, str, list[str]]]:
    """Yield each language with its code, and how the sentences read in it."""
    for code, language in settings.LANGUAGES:
        translated = trans_real.translation(code)
        yield code, language, [vocabulary.reword(translated.gettext(each), code) for each in SENTENCES]
