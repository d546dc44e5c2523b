"""Reads what a page says, in a language that puts brackets around every text: what is left is no text of ours."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from html.parser import HTMLParser
from typing import Any

from orgmodel.core.org import Org
from orgmodel.core.records import KINDS
from orgmodel.spoken import Spoken

SAID = ("aria-label", "aria-description", "title", "placeholder", "alt", "label", "summary", "content")
SILENT = {"script", "style", "code", "kbd", "pre", "samp"}  # programs, addresses, keys and examples to copy
OPENING, CLOSING = "⟦", "⟧"


class Bracketed(Spoken):
    """A language in which nothing is translated, and every text stands in brackets."""

    @cached_property
    def _memory(self) -> dict[str | tuple[str, int], str]:
        return {}  # of its own: other tests say the same without brackets

    def _reworded(self, text: str) -> str:
        return f"{OPENING}{super()._reworded(text)}{CLOSING}"


class Texts(HTMLParser):
    """The texts of a page that no lookup has said: between tags, in attributes that are read out, and on buttons.

    Markup may stand inside of a text, so brackets count from one piece to the next.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent: list[str] = []
        self._depth = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta":
            return
        is_silent = tag in SILENT or given.get("translate") == "no"
        if is_silent or (self._silent and self._silent[-1] == tag):
            self._silent.append(tag)
        is_button = tag == "input" and given.get("type") in ("submit", "button", "reset")
        said = (*SAID, "value") if is_button else SAID
        if not self._silent:
            self.found += [_without_said(str(given[name]), 0)[0] for name in said if given.get(name)]

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            left, self._depth = _without_said(data, self._depth)
            self.found.append(" ".join(left.split()))


def untranslated(page: str, data: Iterable[str]) -> list[str]:
    """Return the texts of a page that stand outside of brackets and are not data."""
    names = re.compile("|".join(re.escape(name) for name in sorted(set(data), key=len, reverse=True) if name))
    return [text for text in Texts(page).found if re.search(r"[^\W\d_]{2}", names.sub("", text))]


def _without_said(text: str, depth: int) -> tuple[str, int]:
    """Return what of a text no lookup has said, and how deep in brackets it ends. What is put into one is inside."""
    left = []
    for letter in text:
        depth += (letter == OPENING) - (letter == CLOSING)
        if depth == 0 and letter != CLOSING:
            left.append(letter)
    return "".join(left), depth


def data_of(org: Org) -> Iterator[str]:
    """Yield every text that people have put into an organization, with its words, which pages may cut."""
    for kind in KINDS:
        for record in org.table(kind).values():
            yield from _texts_in(dataclasses.astuple(record))


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        yield from value.split("\n")
        yield "".join(word[0] for word in value.split()[:2]).upper()  # initials
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts_in(part)
