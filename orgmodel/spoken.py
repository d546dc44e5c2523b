"""How texts are said to a reader: in their language, and with the organization's own words for its units.

Django's gettext looks up every text in the translation object of the running thread. Ours asks Django's own, and puts
the organization's words into what it returns. Names that people gave are never reworded: they are put in afterwards.

To get there, this module replaces one private name of Django's and writes another; CONTRIBUTING.md says why.

Which words those are is known by context: another language within a request, as `translation.override` speaks it, has
them as well, and so has what comes after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property, lru_cache
from typing import Any

from django.utils import translation
from django.utils.formats import get_format
from django.utils.translation import trans_real

from orgmodel.core.phrases import speech, without_context
from orgmodel.core.vocabulary import STANDARD, Vocabulary

REMEMBERED = 20_000  # texts in each language; there are far fewer, but with numbers in them there is no end

Words = Callable[[], Vocabulary]


def standard() -> Vocabulary:
    return STANDARD


_django: Any = trans_real
"""Django's own, whose types leave out what is its alone: the language of each thread."""
_words: ContextVar[Words] = ContextVar("words", default=standard)


class Spoken:
    """A language of Django's with the words of an organization, which are read when a text first asks for them."""

    def __init__(self, language: Any, vocabulary: Words) -> None:
        self._language = language
        self._find_vocabulary = vocabulary

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # a copy asks for some before it has a language
            raise AttributeError(name)
        return getattr(self._language, name)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return self._find_vocabulary()

    @cached_property
    def _memory(self) -> dict[str | tuple[str, int], str]:
        return _memory_of(self._language.to_language(), self._vocabulary)

    def gettext(self, message: str) -> str:
        text = self._memory.get(message)
        return text if text is not None else self._remember(message, self._language.gettext(message))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        text = self._memory.get((singular, number))
        if text is None:
            text = self._remember((singular, number), self._language.ngettext(singular, plural, number))
        return text

    def _remember(self, asked: str | tuple[str, int], text: str) -> str:
        if len(self._memory) >= REMEMBERED:
            self._memory.clear()  # what is said all the time is soon there again
        said = self._memory[asked] = self._reworded(text)
        return said

    def _reworded(self, text: str) -> str:
        return self._vocabulary.reword(without_context(text), self._language.to_language())


@lru_cache(maxsize=16)
def _memory_of(language: str, vocabulary: Vocabulary) -> dict[str | tuple[str, int], str]:
    """Return what has been said so far: a page says hundreds of texts, and always the same."""
    return {}


@contextmanager
def speaking(code: str, words: Words = standard) -> Iterator[None]:
    """Speak a language in this thread, with the words that `words` returns, and then whatever was spoken before."""
    before, words_before = getattr(_django._active, "value", None), _words.get()
    _words.set(words)
    translation.activate(code)
    try:
        yield
    finally:
        translation.deactivate()
        if before is not None:
            _django._active.value = before
        _words.set(words_before)  # no reset: a stream may end in another context than the one it began in


def activate(code: str) -> None:
    """Do what Django's function of this name does, with the words of the organization."""
    trans_real.activate(code)
    if code:  # Django does nothing where there is none
        _django._active.value = Spoken(trans_real.catalog(), _words.get())


def teach() -> None:
    """Let Django speak with the words of the organization, and the core, which knows no Django, as Django does."""
    django: Any = translation
    django._trans.activate = activate  # where Django looks its own up, and keeps what it found
    speech.lookup, speech.plural, speech.digits = translation.gettext, translation.ngettext, digits


def digits(number: str) -> str:
    """Return "1,234.5" as the language of this thread writes it."""
    if number.isdecimal():
        return number
    thousands, decimal = get_format("THOUSAND_SEPARATOR"), get_format("DECIMAL_SEPARATOR")
    return number.translate({ord(","): thousands, ord("."): decimal})
