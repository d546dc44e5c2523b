"""The sentences of the log as plain text in every language, for those who seek in it what they have read."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from orgmodel import spoken
from orgmodel.core.phrases import said
from orgmodel.core.vocabulary import Vocabulary

TOLD_LIMIT = 200_000  # characters that are kept of a change set, in equal parts for each language


def told(sentences: Sequence[str]) -> str:
    """Return sentences in every language with the standard words, one on a line, as `ways_to_seek` seeks them."""
    languages = [code for code, _ in settings.LANGUAGES]
    most = TOLD_LIMIT // len(languages)
    return "\n".join(text for code in languages if (text := _told_in(code, sentences, most)))


def _told_in(language: str, sentences: Sequence[str], most: int) -> str:
    lines: list[str] = []
    with spoken.speaking(language):
        for sentence in sentences:
            line = plain(said(sentence))
            most -= len(line) + 1
            if most < 0:
                break
            lines.append(line)
    return "\n".join(lines)


def ways_to_seek(text: str, words: Vocabulary) -> list[str]:
    """Return how the log may tell what someone seeks in the words of the organization, in whichever language."""
    typed = plain(text)
    return list(dict.fromkeys((typed, *(words.standardized(typed, code) for code, _ in settings.LANGUAGES))))


def plain(text: str) -> str:
    """Return a text in small letters and on one line: databases differ in what else they take for the same."""
    return " ".join(text.casefold().split())
