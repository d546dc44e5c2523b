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


def _english_article(standard: Forms, own: Forms, said: str) -> Callable[[str], str]:
    letters = _LETTERS.match(said)
    is_an = letters["first"] in _NAMED_WITH_AN if letters else _begins_with_a_vowel(said)
    return lambda _: "an" if is_an else "a"


_LETTERS = re.compile(r"(?P<first>[A-Z])[A-Z0-9]*\b")  # such as HR and R-team: said letter by letter
_NAMED_WITH_AN = "AEFHILMNORSX"
_SAID_WITH_A = re.compile(r"uni(?!n|m)|us[aeu]|ut[ei]|eu|one\b|once", re.IGNORECASE)
_SAID_WITH_AN = re.compile(r"[aeiou]|hour|honou?r|honest|heir", re.IGNORECASE)


def _begins_with_a_vowel(word: str) -> bool:
    return bool(_SAID_WITH_AN.match(word) and not _SAID_WITH_A.match(word))


_COMMON = ("en", "den", "denna", "ingen", "någon", "vilken", "annan", "vår", "er", "din", "sin", "här")
_NEUTER = ("ett", "det", "detta", "inget", "något", "vilket", "annat", "vårt", "ert", "ditt", "sitt", "här")
_AGREEING = {
    "en": dict(zip(_NEUTER, _COMMON, strict=True)),
    "ett": dict(zip(_COMMON, _NEUTER, strict=True)),
}
"""What stands before a Swedish noun as an article of the other gender does, and as one of this gender."""


def _swedish_article(standard: Forms, own: Forms, said: str) -> Callable[[str], str]:
    if standard.article == own.article:
        return str
    return lambda word: _AGREEING[own.article].get(word, word)


@dataclass(frozen=True, slots=True)
class Language:
    """What is particular to a language that texts are written in: all that another one needs is one of these."""

    forms: Mapping[str, Forms]
    """The words that texts are written with, by term."""
    before: str = ""
    """A pattern of what stands before a word, with the space between them, and goes with it."""
    agree: Callable[[Forms, Forms, str], Callable[[str], str]] = lambda standard, own, said: str
    """Returns what makes the article of the standard word that of what is said in its place."""
    articles: tuple[str, ...] = ()
    """Those that a word may take where that cannot be heard; the first where nobody said which."""
    belongs_to: str = ""
    """The ending of a definite word that something belongs to."""
    joins_with_hyphen: bool = False
    """Whether what is before a word with a hyphen goes with the end of the compound, as in "en tribe-ledare"."""


LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {
        "en": Language(
            {
                "squad": Forms("squad", "squads"),
                "tribe": Forms("tribe", "tribes"),
                "chapter": Forms("chapter", "chapters"),
                "guild": Forms("guild", "guilds"),
            },
            before=r"(?:\b(?:an|a)\s+)?",
            agree=_english_article,
        ),
        "sv": Language(
            {
                "squad": Forms("squad", "squads", "squaden", "squaderna", "en"),
                "tribe": Forms("tribe", "tribes", "triben", "triberna", "en"),
                "chapter": Forms("chapter", "chapters", "chaptret", "chaptren", "ett"),
                "guild": Forms("guild", "guilds", "guilden", "guilderna", "en"),
            },
            before=rf"(?:\b(?:{'|'.join((*_COMMON, *_NEUTER))})\s+(?:(?:annan|annat|här)\s+)?)?",
            agree=_swedish_article,
            articles=("en", "ett"),
            belongs_to="s",
            joins_with_hyphen=True,
        ),
    }
)
"""The languages whose words we know. In any other the English words stand in texts, and are exchanged alone."""

UNKNOWN = Language(LANGUAGES["en"].forms)
TERMS = tuple(LANGUAGES["en"].forms)


def own_forms(language: str) -> tuple[str, ...]:
    """Return what an organization may say of its word in a language other than English: sv:one and so on."""
    known = LANGUAGES[language]
    spoken = [name for name in SPOKEN if any(name in forms.spoken for forms in known.forms.values())]
    return tuple(f"{language}:{name}" for name in (*spoken, *(["article"] if known.articles else [])))


OWN_FORMS = tuple(form for language in LANGUAGES if language != "en" for form in own_forms(language))
"""What an organization may say of its word beyond the English singular and plural."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of an organization for squads, tribes, chapters and guilds."""

    own: tuple[Word, ...] = ()

    def forms_of(self, term: str, language: str) -> Forms:
        """Return what a term is called."""
        word = next((word for word in self.own if word.key == term), None)
        return _own_forms(word, language) if word is not None else _language(language).forms[term]

    def reword(self, text: str, language: str) -> str:
        """Return a text with these words in the place of the standard ones.

        What stands in braces, tags and backticks stays, and so do addresses and names of files.
        """
        return _rewording(self, language)(text) if self.own else text

    def standardized(self, text: str, language: str) -> str:
        """Return a text in small letters, such as one that is sought, with the standard words in the place of these."""
        return _standardizing(self, language)(text) if self.own else text


STANDARD = Vocabulary()


def vocabulary_of(org: Org) -> Vocabulary:
    """Return the words of an organization, which are STANDARD itself where nothing is renamed."""
    return _vocabulary(org.table("word"))


def word_of(org: Org, term: str) -> Word:
    """Return the word that is kept for a term, or one that changes nothing."""
    found: Any = org.find("word", term)
    standard = LANGUAGES["en"].forms[term]
    return found or Word(id=id_for(term), key=term, one=standard.one, many=standard.many)


@functools.lru_cache(maxsize=64)
def _vocabulary(table: Map[str, Word]) -> Vocabulary:
    own = {word.key: word for word in table.values()}
    words = tuple(own[term] for term in TERMS if term in own)
    return Vocabulary(words) if words else STANDARD


def _language(code: str) -> Language:
    return LANGUAGES.get(code, UNKNOWN)


def _own_forms(word: Word, language: str) -> Forms:
    """Return how a word is said in a language; where nobody said how, as in English."""
    given = {name: text for name, text in word.forms if text}
    one, many = given.get(f"{language}:one", word.one), given.get(f"{language}:many", word.many)
    return Forms(
        one,
        many,
        given.get(f"{language}:the_one", one),
        given.get(f"{language}:the_many", many),
        given.get(f"{language}:article", next(iter(_language(language).articles), "")),
    )


# How a text is reworded

# Placeholders, tags and code are matched first, so that nothing in them is taken for a word.
_KEPT = r"\{[^{}]*\}|%\(\w+\)[a-z]|<[^<>]*>|`[^`]*`"
_NO_PATH = r"(?<![/.])"  # such as /squads/phoenix/
_NO_FILE = r"(?!\.\w|=)"  # such as squads.csv, and ?squad=


@functools.lru_cache(maxsize=16)
def _rewording(vocabulary: Vocabulary, language: str) -> Callable[[str], str]:
    """Return what rewords texts. Whoever says a text often remembers it."""
    known = _language(language)
    own = {
        found: news for word in vocabulary.own for found, news in _exchanged(vocabulary, word.key, language)
    }
    words = "|".join(own)
    pattern = re.compile(
        rf"{_KEPT}|(?P<before>{known.before})\b{_NO_PATH}(?P<word>{words})\b{_NO_FILE}(?P<joined>-?)",
        re.IGNORECASE,
    )

    def exchange(found: re.Match[str]) -> str:
        exchanged = own.get((found["word"] or "").lower())
        if exchanged is None:  # to be kept, or with another i that only looks like ours
            return found[0]
        word, agree = exchanged
        said = _in_case(word, found["word"]) + found["joined"]
        if found["joined"] and known.joins_with_hyphen:
            return found["before"] + said
        is_loud = found["word"].isupper()
        article = re.sub(
            r"\w+", lambda each: _in_case(agree(each[0].lower()), each[0], is_loud=is_loud), found["before"]
        )
        return article + said

    return lambda text: pattern.sub(exchange, text)


Exchange = tuple[str, Callable[[str], str]]
"""A word, and what makes the article of the standard word that of this one."""


def _exchanged(vocabulary: Vocabulary, term: str, language: str) -> Iterator[tuple[str, Exchange]]:
    """Yield the words of a term that texts hold, and what takes their place."""
    known = _language(language)
    standard, own = known.forms[term], vocabulary.forms_of(term, language)
    for name, word in standard.spoken.items():
        said = getattr(own, name)
        agree = known.agree(standard, own, said)
        yield word.lower(), (said, agree)
        if name.startswith("the_") and (ending := known.belongs_to):
            yield f"{word}{ending}".lower(), (said if said.endswith(_HISSING) else said + ending, agree)


_HISSING = ("s", "x", "z")  # take no ending for what belongs to them


def _in_case(word: str, found: str, *, is_loud: bool = False) -> str:
    """Return a word in the case of the one that it takes the place of; capitals of its own stay. A single capital
    begins a sentence, unless all around it is loud."""
    if found.isupper() and (len(found) > 1 or is_loud):
        return word.upper()
    return word[:1].upper() + word[1:] if found[0].isupper() else word


@functools.lru_cache(maxsize=16)
def _standardizing(vocabulary: Vocabulary, language: str) -> Callable[[str], str]:
    """Return what undoes a rewording, but for articles. Where two forms are one word, it is the first of them."""
    standard: dict[str, str] = {}
    for word in vocabulary.own:
        own = vocabulary.forms_of(word.key, language).spoken
        for name, text in STANDARD.forms_of(word.key, language).spoken.items():
            standard.setdefault(own[name].casefold(), text)
    longest_first = sorted(standard, key=len, reverse=True)
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})(?=s?\b)")
    return lambda text: pattern.sub(lambda found: standard[found[0]], text)


# What may be a word


def faults_in(org: Org, word: Word) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with an organization's word beyond the shape of its fields, each fault with its field."""
    for field in ENGLISH:
        text = getattr(word, field)
        if text.strip() and not _is_plain(text):  # a blank is told as what is missing
            yield field, _not_plain(text)
    for name, text in word.forms:
        if name not in OWN_FORMS:
            known = names(OWN_FORMS, limit=9)
            yield "forms", say("there is no form “{name}”: there are {known}", name=name[:80], known=known)
        elif fault := fault_in_form(name, text):
            yield "forms", fault
    yield from _taken(org, word, "en", [(field, getattr(word, field)) for field in ENGLISH])
    for language in LANGUAGES:
        said = [f"{language}:{name}" for name in SPOKEN]
        yield from _taken(org, word, language, [("forms", text) for name, text in word.forms if name in said])


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
    """Return what is wrong with one of OWN_FORMS, or ""."""
    language, _, what = name.partition(":")
    if what == "article":
        articles = LANGUAGES[language].articles
        if text in articles:
            return ""
        return say("“{word}” is no article: there are {known}", word=text[:80], known=names(articles))
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
    """Say whether a text can stand in any sentence, label and attribute of a page."""
    is_spaced = text == " ".join(text.split())
    return (
        text[:1].isalpha()
        and is_spaced
        and all(c in " -" or unicodedata.category(c)[0] in "LMN" for c in text)
    )
