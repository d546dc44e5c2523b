"""What an organization calls its squads, tribes, chapters and guilds, and how texts are said in these words.

Texts are written with the standard words, in every language. A text is reworded after it has been translated and before
names are put into it, so what people gave a name keeps it: a squad called "Tribe zero" stays one.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from immutables import Map

from orgmodel.core.org import Org
from orgmodel.core.phrases import Phrase, names, say
from orgmodel.core.records import Word, specs_of
from orgmodel.core.rules.settings import id_for


@dataclass(frozen=True, slots=True)
class Forms:
    """A word in one language: "squad" and "squads", and where an ending says "the", "squaden" and "squaderna"."""

    one: str
    many: str
    the_one: str = ""
    the_many: str = ""
    article: str = ""  # which of a language's articles it takes, where that cannot be heard

    @property
    def spoken(self) -> Mapping[str, str]:
        """The words that texts hold, by what they are."""
        return {name: word for name in SPOKEN if (word := getattr(self, name))}


SPOKEN = ("one", "many", "the_one", "the_many")

STANDARD_FORMS: Mapping[str, Mapping[str, Forms]] = MappingProxyType(
    {
        "en": {
            "squad": Forms("squad", "squads"),
            "tribe": Forms("tribe", "tribes"),
            "chapter": Forms("chapter", "chapters"),
            "guild": Forms("guild", "guilds"),
        },
        "sv": {
            "squad": Forms("squad", "squads", "squaden", "squaderna", "en"),
            "tribe": Forms("tribe", "tribes", "triben", "triberna", "en"),
            "chapter": Forms("chapter", "chapters", "chaptret", "chaptren", "ett"),
            "guild": Forms("guild", "guilds", "guilden", "guilderna", "en"),
        },
    }
)
"""The words that texts are written with, by language and term."""

TERMS = tuple(STANDARD_FORMS["en"])
OWN_FORMS = tuple(f"sv:{name}" for name in (*SPOKEN, "article"))
"""What an organization may say of its word beyond the English singular and plural."""
ARTICLES = ("en", "ett")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of an organization for squads, tribes, chapters and guilds."""

    own: tuple[Word, ...] = ()

    def forms_of(self, term: str, language: str) -> Forms:
        """Return what a term is called."""
        word = next((word for word in self.own if word.key == term), None)
        return _own_forms(word, language) if word is not None else STANDARD_FORMS[language][term]

    def reword(self, text: str, language: str) -> str:
        """Return a text with these words in the place of the standard ones.

        What stands in braces, tags and backticks stays, and so do names of files.
        """
        return _rewording(self, language)(text) if self.own else text


STANDARD = Vocabulary()


def vocabulary_of(org: Org) -> Vocabulary:
    """Return the words of an organization, which are STANDARD itself where nothing is renamed."""
    return _vocabulary(org.table("word"))


def word_of(org: Org, term: str) -> Word:
    """Return the word that is kept for a term, or one that changes nothing."""
    found: Any = org.find("word", term)
    standard = STANDARD_FORMS["en"][term]
    return found or Word(id=id_for(term), key=term, one=standard.one, many=standard.many)


@functools.lru_cache(maxsize=64)
def _vocabulary(table: Map[str, Word]) -> Vocabulary:
    own = {word.key: word for word in table.values()}
    words = tuple(own[term] for term in TERMS if term in own)
    return Vocabulary(words) if words else STANDARD


def _own_forms(word: Word, language: str) -> Forms:
    """Return how a word is said in a language; where nobody said how, as in English."""
    if language != "sv":
        return Forms(word.one, word.many)
    given = dict(word.forms)
    one, many = given.get("sv:one", word.one), given.get("sv:many", word.many)
    return Forms(
        one,
        many,
        given.get("sv:the_one", one),
        given.get("sv:the_many", many),
        given.get("sv:article", ARTICLES[0]),
    )


# How a text is reworded

# Placeholders, tags and code are matched first, so that nothing in them is taken for a word.
_KEPT = r"\{[^{}]*\}|%\(\w+\)[a-z]|<[^<>]*>|`[^`]*`"
_NO_FILE = r"(?!\.\w|=)"  # such as squads.csv, and ?squad=

_COMMON = ("en", "den", "denna", "ingen", "någon", "vilken", "annan", "vår", "er", "din", "sin", "här")
_NEUTER = ("ett", "det", "detta", "inget", "något", "vilket", "annat", "vårt", "ert", "ditt", "sitt", "här")
_AGREEING = {
    "en": dict(zip(_NEUTER, _COMMON, strict=True)),
    "ett": dict(zip(_COMMON, _NEUTER, strict=True)),
}
"""What stands before a Swedish noun as an article of the other gender does, and as one of this gender."""
_BEFORE = {
    "en": r"(?:\b(?:an|a)\s+)?",
    "sv": rf"(?:\b(?:{'|'.join((*_COMMON, *_NEUTER))})\s+(?:(?:annan|annat|här)\s+)?)?",
}

_SAID_WITH_A = re.compile(r"uni(?!n|m)|us[aeu]|ut[ei]|eu|one\b|once", re.IGNORECASE)
_SAID_WITH_AN = re.compile(r"[aeiou]|hour|honou?r|honest|heir", re.IGNORECASE)


@functools.lru_cache(maxsize=16)
def _rewording(vocabulary: Vocabulary, language: str) -> Callable[[str], str]:
    """Return what rewords texts. They are the few thousand of the catalog, so each is worked out once."""
    known = language if language in STANDARD_FORMS else "en"
    own = {found: news for word in vocabulary.own for found, news in _exchanged(vocabulary, word.key, known)}
    words = "|".join(own)
    pattern = re.compile(
        rf"{_KEPT}|(?P<before>{_BEFORE[known]})\b(?P<word>{words})\b{_NO_FILE}", re.IGNORECASE
    )

    def exchange(found: re.Match[str]) -> str:
        exchanged = own.get((found["word"] or "").lower())
        if exchanged is None:  # to be kept, or with another i that only looks like ours
            return found[0]
        word, agree = exchanged
        article = re.sub(r"\w+", lambda each: _in_case(agree(each[0].lower()), each[0]), found["before"])
        return article + _in_case(word, found["word"])

    return functools.lru_cache(maxsize=8192)(lambda text: pattern.sub(exchange, text))


Exchange = tuple[str, Callable[[str], str]]
"""A word, and what makes the article of the standard word that of this one."""


def _exchanged(vocabulary: Vocabulary, term: str, language: str) -> Iterator[tuple[str, Exchange]]:
    """Yield the words of a term that texts hold, and what takes their place."""
    standard, own = STANDARD_FORMS[language][term], vocabulary.forms_of(term, language)
    for name, word in standard.spoken.items():
        said = getattr(own, name)
        agree = _english_article(said) if language == "en" else _swedish_article(standard, own)
        yield word, (said, agree)
        if name.startswith("the_"):
            yield f"{word}s", (said if said[-1] in "sxz" else f"{said}s", agree)


def _english_article(word: str) -> Callable[[str], str]:
    is_an = _SAID_WITH_AN.match(word) and not _SAID_WITH_A.match(word)
    return lambda _: "an" if is_an else "a"


def _swedish_article(standard: Forms, own: Forms) -> Callable[[str], str]:
    if standard.article == own.article:
        return str
    return lambda word: _AGREEING[own.article].get(word, word)


def _in_case(word: str, found: str) -> str:
    """Return a word in the case of the one that it takes the place of; capitals of its own stay."""
    if found.isupper() and len(found) > 1:
        return word.upper()
    return word[:1].upper() + word[1:] if found[0].isupper() else word


# What may be a word


def faults_in(org: Org, word: Word) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with an organization's word beyond the shape of its fields, each fault with its field."""
    for field in ENGLISH:
        if not _is_plain(getattr(word, field)):
            yield field, _not_plain(getattr(word, field))
    for name, text in word.forms:
        if name not in OWN_FORMS:
            known = names(OWN_FORMS, limit=9)
            yield "forms", say("there is no form “{name}”: there are {known}", name=name[:80], known=known)
        elif fault := fault_in_form(name, text):
            yield "forms", fault
    swedish = [("forms", text) for name, text in word.forms if name != "sv:article"]
    yield from _taken(org, word, "en", [(field, getattr(word, field)) for field in ENGLISH])
    yield from _taken(org, word, "sv", swedish)


def _taken(org: Org, word: Word, language: str, said: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield which of these words, each with its field, mean something else already."""
    known = vocabulary_of(org)
    taken = {
        other.casefold(): term
        for term in TERMS
        if term != word.key
        for other in known.forms_of(term, language).spoken.values()
    }
    for field, text in said:
        if (term := taken.get(text.casefold())) is not None:
            yield (
                field,
                say(
                    "“{word}” is the word for {term} already: choose another, or change that one first",
                    word=text,
                    term=term,
                ),
            )


ENGLISH = ("one", "many")


def fault_in_form(name: str, text: str) -> str:
    """Return what is wrong with one form of a word, or ""."""
    if name == "sv:article":
        known = names(ARTICLES)
        return (
            ""
            if text in ARTICLES
            else say("“{word}” is no article: there are {known}", word=text[:80], known=known)
        )
    limit = specs_of("word")["one"].limit
    if len(text) > limit:
        return say("“{word}” is longer than {limit} characters", word=text[:80], limit=limit)
    return "" if _is_plain(text) else _not_plain(text)


def _not_plain(text: str) -> Phrase:
    return say(
        "“{word}” must begin with a letter and hold letters, digits, single spaces and hyphens only",
        word=text[:80],
    )


def _is_plain(text: str) -> bool:
    """Say whether a text can stand in any sentence, label and attribute of a page, or is none at all."""
    if not text.strip():
        return True
    is_spaced = text == " ".join(text.split())
    return (
        text[0].isalpha()
        and is_spaced
        and all(c in " -" or unicodedata.category(c)[0] in "LMN" for c in text)
    )
