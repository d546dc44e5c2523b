"""Finding records by what they are called: word by word, from the beginning of each, and past a slip of the finger.

An index holds the words of one kind of record. It is as immutable as the table it was made of: moved to another table,
it shares everything that both have in common, so drafts and other days are searched as quickly as today.
"""

from __future__ import annotations

import re
import string
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from heapq import nsmallest
from itertools import chain, compress, islice
from operator import is_not
from typing import Any

from immutables import Map

from orgmodel.core.org import Group, Org, is_gone, packed, regrouped, unpacked

NAMED_BY: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "person": (("name",), ("title", "email", "key")),
    "squad": (("name",), ("key",)),
    "tribe": (("name",), ("key",)),
    "chapter": (("name",), ("competency", "key")),
    "guild": (("name",), ("key",)),
    "system": (("name",), ("skill", "key")),
    "mission": (("statement",), ("key",)),
}
"""The kinds that are searched: the fields that hold their names, and those that hold what else one may type."""

WEIGHED = 1_000  # hits of a kind that are put in order; the others are only counted
TYPED = 8  # words of a question that count
LETTERS = string.ascii_lowercase + string.digits
WITHOUT_MARK = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})
_WORD = re.compile(r"\w+")


def plain(text: str) -> str:
    """Return a text as people type it: small letters, no accents."""
    text = text.casefold()
    if text.isascii():
        return text
    letters = unicodedata.normalize("NFKD", text.translate(WITHOUT_MARK))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@lru_cache(maxsize=20_000)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text; of an email address, those before the @."""
    return tuple(_WORD.findall(plain(text.partition("@")[0])))


def tokens_of(text: str) -> list[str]:
    """Return the words that a question asks for."""
    return list(dict.fromkeys(word for part in text.split() for word in words_of(part)))[:TYPED]


class Words:
    """Which records have which words, and the words in order."""

    def __init__(self, ids: Group, ordered: Sequence[str]) -> None:
        self.ids = ids
        self.ordered = ordered

    @cached_property
    def _lines(self) -> str:
        """All words as one text, which is searched many times as quickly as word by word."""
        return "\n".join(self.ordered) + "\n"

    def starting_with(self, beginning: str) -> Sequence[str]:
        first = bisect_left(self.ordered, beginning)
        return self.ordered[first : bisect_left(self.ordered, beginning + "\U0010ffff", first)]

    def near(self, word: str) -> list[str]:
        """Return the words that begin with this one up to one slip, or else hold it somewhere."""
        if len(word) < 3:
            return []
        found = {near for slip in slips(word) for near in self.starting_with(slip)}
        return sorted(found) or self._holding(word)

    def _holding(self, part: str) -> list[str]:
        found: list[str] = []
        end = 0
        while (at := self._lines.find(part, end)) >= 0:
            start, end = self._lines.rfind("\n", 0, at) + 1, self._lines.index("\n", at)
            found.append(self._lines[start:end])
        return found

    def records(self, words: Iterable[str]) -> Iterator[str]:
        """Yield the ids of the records that have any of these words, by word."""
        return chain.from_iterable(map(unpacked, map(self.ids.__getitem__, words)))


@lru_cache(maxsize=TYPED)
def slips(word: str) -> frozenset[str]:
    """Return what someone may have meant: a letter left out, doubled, mistaken, or two in the wrong order."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    forms = {
        *(head + tail[1:] for head, tail in cuts if tail and len(word) > 3),
        *(head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1),
        *(head + letter + tail[1:] for head, tail in cuts if tail for letter in LETTERS),
        *(head + letter + tail for head, tail in cuts for letter in LETTERS),
    }
    return frozenset(forms)


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits of one kind, and how many there are in all."""

    records: list[Any]
    count: int
    exact: bool = (
        True  # whether they begin with the words asked for, as the lists of the application find them
    )


NOTHING = Found([], 0)


class Index:
    """The words of all records of one kind."""

    __slots__ = ("kind", "names", "others", "table")

    def __init__(self, kind: str, table: Map[str, Any], names: Words, others: Words) -> None:
        self.kind, self.table, self.names, self.others = kind, table, names, others

    @classmethod
    def of(cls, kind: str, table: Map[str, Any]) -> Index:
        groups: tuple[dict[str, list[str]], dict[str, list[str]]] = ({}, {})
        for id_, record in table.items():
            for group, words in zip(groups, _words_in(kind, record), strict=True):
                for word in words:
                    group.setdefault(word, []).append(id_)
        names, others = (
            Words(Map({word: packed(ids) for word, ids in group.items()}), sorted(group)) for group in groups
        )
        return cls(kind, table, names, others)

    def at(self, table: Map[str, Any]) -> Index:
        """Return the index of another table, at the price of what differs."""
        if table is self.table:
            return self
        pairs = _differing(self.table, table)
        if len(pairs) * 4 > len(table):
            return Index.of(self.kind, table)
        ids = [(new or old).id for old, new in pairs]
        words = [(_words_in(self.kind, old), _words_in(self.kind, new)) for old, new in pairs]
        names, others = (
            _moved(group, [(id_, old[part], new[part]) for id_, (old, new) in zip(ids, words, strict=True)])
            for part, group in enumerate((self.names, self.others))
        )
        return Index(self.kind, table, names, others)

    def find(self, tokens: Sequence[str], limit: int, *, near: bool = False) -> Found:
        """Return what holds the beginnings of all these words, in names first; with `near` also what is close to it."""
        if not tokens:
            return NOTHING
        in_names = [self._words(self.names, token, near=near) for token in tokens]
        in_others = [self._words(self.others, token, near=near) if len(token) > 1 else () for token in tokens]
        by_name = [set(self.names.records(words)) for words in in_names]
        by_any = [found | set(self.others.records(w)) for found, w in zip(by_name, in_others, strict=True)]
        named, every = set.intersection(*by_name), set.intersection(*by_any)
        best = self._best(tokens, (id_ for id_ in self.names.records(in_names[0]) if id_ in named), limit)
        if len(best) < limit:
            rest = every - named
            ids = (*self.names.records(in_names[0]), *self.others.records(in_others[0]))
            best += self._best(tokens, (id_ for id_ in ids if id_ in rest), limit - len(best))
        return Found(best, len(every), exact=not near)

    @staticmethod
    def _words(words: Words, token: str, *, near: bool) -> Sequence[str]:
        return words.starting_with(token) or (words.near(token) if near else ())

    def _best(self, tokens: Sequence[str], ids: Iterable[str], limit: int) -> list[Any]:
        first = dict.fromkeys(islice(ids, WEIGHED))
        text = " ".join(tokens)

        def rank(record: Any) -> tuple[bool, bool, bool, bool, str, str]:
            name = " ".join(words_of(record.name))
            whole = set(tokens) <= set(name.split())
            return name != text, bool(is_gone(record)), not name.startswith(text), not whole, name, record.id

        return nsmallest(limit, (self.table[id_] for id_ in first), key=rank)


def _differing(before: Map[str, Any], after: Map[str, Any]) -> list[tuple[Any, Any]]:
    """Return the records that are not the same in two tables, before and after. It walks both, at the speed of C."""
    news = tuple(after.values())
    olds = tuple(map(before.get, after.keys()))
    pairs = list(compress(zip(olds, news, strict=True), map(is_not, olds, news)))
    if len(before) + sum(old is None for old, _ in pairs) > len(after):
        pairs += [(old, None) for id_, old in before.items() if id_ not in after]
    return pairs


def _words_in(kind: str, record: Any) -> tuple[set[str], set[str]]:
    """Return the words of a record's name, and those that it has besides."""
    if record is None:
        return set(), set()
    by_name, by_other = NAMED_BY[kind]
    names = {word for field in by_name for word in words_of(getattr(record, field))}
    return names, {word for field in by_other for word in words_of(getattr(record, field))} - names


def _moved(words: Words, changes: Iterable[tuple[str, set[str], set[str]]]) -> Words:
    """Return words after some records got others; each change is an id with its words before and after."""
    moves: dict[str, tuple[set[str], list[str]]] = {}
    for id_, old, new in changes:
        for word in old - new:
            moves.setdefault(word, (set(), []))[0].add(id_)
        for word in new - old:
            moves.setdefault(word, (set(), []))[1].append(id_)
    if not moves:
        return words
    ids = regrouped(words.ids, moves)
    came = {word for word in moves if word in ids and word not in words.ids}
    went = {word for word in moves if word not in ids}
    if not came and not went:
        return Words(ids, words.ordered)
    return Words(ids, sorted([*(word for word in words.ordered if word not in went), *came]))


class Catalog:
    """The indexes of all kinds that are searched, of one organization."""

    __slots__ = ("indexes",)

    def __init__(self, indexes: Mapping[str, Index]) -> None:
        self.indexes = indexes

    @classmethod
    def of(cls, org: Org) -> Catalog:
        return cls({kind: Index.of(kind, org.table(kind)) for kind in NAMED_BY})

    def at(self, org: Org) -> Catalog:
        """Return the catalog of another organization, such as this one after a change, in a draft, or another day."""
        return Catalog({kind: index.at(org.table(kind)) for kind, index in self.indexes.items()})

    def find(
        self, text: str, limit: int, kinds: Iterable[str] = tuple(NAMED_BY), *, forgiving: bool = True
    ) -> dict[str, Found]:
        """Return what a text means, by kind. Only where nothing begins with its words, slips are forgiven."""
        tokens, kinds = tokens_of(text), tuple(kinds)
        for near in (False, True) if forgiving else (False,):
            every = {kind: self.indexes[kind].find(tokens, limit, near=near) for kind in kinds}
            found = {kind: hits for kind, hits in every.items() if hits.count}
            if found:
                return found
        return {}


def fitting(text: str, labels: Sequence[str], *, near: bool = False) -> list[int]:
    """Return the places of the labels that hold the beginnings of all words of a text, with `near` up to one slip.

    For lists that are too short for an index.
    """
    tokens = tokens_of(text)
    forms = [tuple(slips(word)) for word in tokens if len(word) > 2] if near else [(word,) for word in tokens]
    return [
        at
        for at, label in enumerate(labels)
        if forms and all(any(word.startswith(form) for word in words_of(label)) for form in forms)
    ]
