"""How sentences are put together, so that they can be said in another language than the English they are written in.

What the core says outlives the request in which it was worked out: findings and drafts are kept, and read by people of
several languages. So a sentence is English that remembers what it was made of, and is translated where it is shown.
"""

from __future__ import annotations

import functools
import html
from collections.abc import Callable, Iterable, Mapping, Sized
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

CONTEXT_END = "\x04"
"""Stands between the context of a text and the text, as gettext keeps them."""


def without_context(words: str) -> str:
    return words.rpartition(CONTEXT_END)[2]


class Phrase(str):
    """English words that know their pattern and what was put into it. Compares, sorts and is stored as English."""

    __slots__ = ("plural", "values", "words")

    words: str
    """The pattern, of the singular where it can be counted."""
    plural: str
    """The pattern of the plural, whose number is the value "n"; "" for what is not counted."""
    values: Mapping[str, Any]

    def said(self) -> str:
        """Return it in the language that is spoken now."""
        pattern = (
            speech.plural(self.words, self.plural, self.values["n"])
            if self.plural
            else speech.lookup(self.words)
        )
        if not self.values:
            return pattern
        try:
            return pattern.format_map({name: _said_value(value) for name, value in self.values.items()})
        except (ValueError, LookupError):
            # A slip in a translation, which `make lint` reports, costs nobody the page.
            return str.__str__(self)

    def __str__(self) -> str:
        """Return the phrase itself: `str` of it, which templates ask for, forgets nothing."""
        return self

    def __html__(self) -> str:
        """Return what a template prints."""
        return html.escape(self.said())


class Capital(Phrase):
    """A phrase that a sentence begins with."""

    __slots__ = ()

    def said(self) -> str:
        words = Phrase.said(self)
        return words[:1].upper() + words[1:]


class Clause(Phrase):
    """A sentence without its stop, as it stands in brackets."""

    __slots__ = ()

    def said(self) -> str:
        return Phrase.said(self).rstrip(".")


def say(words: str, /, **values: Any) -> Phrase:
    """Return a sentence, label or word: a pattern, and what goes into its braces. Phrases in it are said in turn."""
    return _phrase(Phrase, words.format_map(values) if values else words, words, "", values)


def meant(context: str, words: str, /) -> Phrase:
    """Return a word that other languages say by what it is meant of: "open" of one vacancy, or of many squads."""
    return _phrase(Phrase, words, f"{context}{CONTEXT_END}{words}", "", {})


def count(things: Sized | int, one: str, many: str, /, **values: Any) -> Phrase:
    """Return what differs with a number. A pattern without braces is put after it; one with braces says it as "{n}", or
    leaves it out.

    count(3, "person", "people")                                          3 people
    count(3, "{n} person is new", "{n} people are new")                   3 people are new
    count(two, "{who} is new", "{who} are new", who=names(two))           Ana and Ben are new

    So count(3, "is new", "are new") is "3 are new": verbs need braces.
    """
    number = things if isinstance(things, int) else len(things)
    one, many = (words if "{" in words else f"{{n}} {words}" for words in (one, many))
    values["n"] = number
    return _phrase(Phrase, (one if number == 1 else many).format_map(values), one, many, values)


def nonzero(counts: Iterable[Phrase]) -> list[Phrase]:
    """Return counts without those of nothing."""
    return [counted for counted in counts if counted.values["n"]]


def capital(phrase: str) -> Phrase:
    """Return a phrase as a sentence begins with it."""
    return _phrase(Capital, phrase[:1].upper() + phrase[1:], "{name}", "", {"name": phrase})


def clause(sentence: str) -> Phrase:
    """Return a sentence as it stands in brackets."""
    sentence = sentence if isinstance(sentence, Phrase) else say("{name}", name=sentence)
    return _phrase(Clause, sentence.rstrip("."), sentence.words, sentence.plural, sentence.values)


def within(phrase: str) -> str:
    """Return what `capital` made begin a sentence as it was before."""
    before: str = phrase.values["name"] if isinstance(phrase, Capital) else phrase
    return before


def names(parts: Iterable[str], limit: int = 4) -> Phrase:
    """Join names for a sentence: "Ana, Ben and Cleo", or "Ana, Ben, Cleo and 9 more"."""
    parts = list(parts)
    if len(parts) > limit:
        parts = [*parts[: limit - 1], say("{n} more", n=len(parts) - limit + 1)]
    if len(parts) < 2:
        return joined("", parts)
    return say("{names} and {last}", names=joined(", ", parts[:-1]), last=parts[-1])


def either(parts: Iterable[str]) -> str:
    """Return one of several: "product or design"."""
    return functools.reduce(lambda one, other: say("{one} or {other}", one=one, other=other), parts)


def joined(between: str, parts: Iterable[str]) -> Phrase:
    """Return phrases one after the other, as `between.join(parts)` does with texts."""
    values = {f"part{number}": part for number, part in enumerate(parts)}
    words = between.join(f"{{{name}}}" for name in values)
    return _phrase(Phrase, between.join(values.values()), words, "", values)


def said(text: str) -> str:
    """Return a text in the language that is spoken now, where it is a phrase."""
    return text.said() if isinstance(text, Phrase) else text


def _phrase(cls: type[Phrase], text: str, words: str, plural: str, values: Mapping[str, Any]) -> Phrase:
    phrase = str.__new__(cls, text)
    phrase.words, phrase.plural, phrase.values = words, plural, values
    return phrase


# Days


def day_in_words(on: date, *, year: bool = True) -> Phrase:
    """Return a day as sentences name it: "3 November 2026"."""
    day = say(_DAYS[on.month - 1].words, day=on.day)
    return say("{day} {year}", day=day, year=on.year) if year else day


_DAYS = (
    say("{day} January"),
    say("{day} February"),
    say("{day} March"),
    say("{day} April"),
    say("{day} May"),
    say("{day} June"),
    say("{day} July"),
    say("{day} August"),
    say("{day} September"),
    say("{day} October"),
    say("{day} November"),
    say("{day} December"),
)


# What is kept of a phrase

Kept = str | list[Any]
"""A text, or a phrase as JSON: [text, pattern, plural, values], and how it stands, where that is not as it is."""
STANDING: Mapping[type[Phrase], Any] = {Capital: True, Clause: "clause"}


def kept(text: str) -> Kept:
    """Return a text as JSON that `recalled` makes the same phrase of. Days and decimals become texts. Raises TypeError
    for a phrase of anything but texts and numbers, which is refused here as `say` has to be fast."""
    if not isinstance(text, Phrase):
        return text
    values = {name: _kept_value(name, value) for name, value in text.values.items()}
    standing = STANDING.get(type(text))
    return [str(text), text.words, text.plural, values, *([standing] if standing else [])]


def _kept_value(name: str, value: Any) -> Kept | float:
    match value:
        case str():
            return kept(value)
        case int() | float():
            return value
        case date() | Decimal():
            return str(value)
    raise TypeError(f"A phrase is made of texts and numbers, but its “{name}” is {value!r}.")


def recalled(kept: Kept) -> str:
    """Return the phrase or text that was kept."""
    if isinstance(kept, str):
        return kept
    text, words, plural, values, *standing = kept
    said = {
        name: recalled(value) if isinstance(value, (str, list)) else value for name, value in values.items()
    }
    cls = next((cls for cls, how in STANDING.items() if [how] == standing), Phrase)
    return _phrase(cls, text, words, plural, said)


# In which language they are said


@dataclass(slots=True)
class Speech:
    """How patterns and numbers are said: in English, until something else is set."""

    lookup: Callable[[str], str] = without_context
    plural: Callable[[str, str, int], str] = lambda one, many, n: one if n == 1 else many
    digits: Callable[[str], str] = str
    """Makes of "1,234.5" what a language writes."""


speech = Speech()
"""How phrases are said in this process. What it looks up may differ from one thread to the next."""


class _Number(int):
    """A number that is put into a pattern as the language writes it."""

    def __format__(self, shape: str) -> str:
        return speech.digits(int.__format__(self, shape))


class _Fraction(float):
    def __format__(self, shape: str) -> str:
        return speech.digits(float.__format__(self, shape))


def _said_value(value: Any) -> Any:
    if isinstance(value, Phrase):
        return value.said()
    if type(value) is int:
        return _Number(value)
    return _Fraction(value) if type(value) is float else value
