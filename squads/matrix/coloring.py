"""What the map can be colored by. A color never stands alone: each comes with a word or letter, told in the legend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from orgmodel.core.org import Org, Ref
from orgmodel.core.phrases import capital, said, say
from orgmodel.core.records import Person
from orgmodel.core.rules.base import SEVERITIES
from orgmodel.core.rules.settings import settings_of
from squads.board import Board, Card, Tone
from squads.matrix.overview import cards_on

CHOICES = {
    "tribe": say("Tribe"),
    "chapter": say("Chapter"),
    "craft": say("Craft"),
    "level": say("Level"),
    "findings": say("Findings"),
    "share": say("Share"),
}
HUES = 8  # different colors of kinds that have no order; the others of them share none
RUNGS = (say("Junior"), say("Middle"), say("Senior"), say("Staff and above"))
CODE = 4  # letters beside a name
SIGNS = {"medium": say("med"), "critical": say("crit")}


@dataclass(frozen=True, slots=True)
class Coloring:
    """The tones of cards by their id, and how many people have each, in the order of the legend."""

    tones: Mapping[str, Tone]
    legend: tuple[tuple[Tone, int], ...]


PLAIN = Coloring({}, ())
"""Everyone in the color of their tribe, which the tribe's name and shape explain."""


def color(org: Org, boards: Iterable[Board], by: str, worst: Mapping[Ref, str]) -> Coloring:
    """Return the tones of everyone on these boards; `worst` is the severity of the worst finding about someone."""
    if by == "tribe":
        return PLAIN
    shown = [
        (card, person)
        for card in cards_on(boards)
        if not card.ghost and (person := _person(org, card)) is not None
    ]
    tone_of = _tone_of(org, by, worst, shown)
    tones = {card.id: tone_of(card, person) for card, person in shown}
    people = {person.id: tones[card.id].label for card, person in reversed(shown)}
    counts = Counter(people.values())
    kinds = {tone.label: replace(tone, code=_legend_code(by, tone)) for tone in tones.values()}
    legend = sorted(
        kinds.values(), key=lambda tone: (not (tone.hue or tone.step), tone.hue, tone.step, tone.label)
    )
    return Coloring(tones, tuple((tone, counts[tone.label]) for tone in legend if counts[tone.label]))


def _person(org: Org, card: Card) -> Person | None:
    return org.find("person", card.person_key)  # type: ignore[return-value]


def _legend_code(by: str, tone: Tone) -> str:
    """Levels, shares and findings stand beside names in words of their own, which a legend need not explain."""
    return "" if by in ("level", "share", "findings") else tone.code


Told = Callable[[Card, Person], Tone]


def _tone_of(org: Org, by: str, worst: Mapping[Ref, str], shown: list[tuple[Card, Person]]) -> Told:
    match by:
        case "chapter":
            return _by_kind(shown, lambda person: _chapter(org, person), say("No chapter"))
        case "craft":
            return _by_kind(shown, lambda person: person.craft, say("Craft not known"))
        case "level":
            rung = settings_of(org).words.rung
            return lambda card, person: _level(person.level, rung(person.level))
        case "share":
            return lambda card, person: _share(card.share)
        case _:
            return lambda card, person: _finding(worst.get(("person", person.id), ""))


def _chapter(org: Org, person: Person) -> str:
    chapter = org.chapter_of(person.id)
    return (chapter.competency or chapter.name) if chapter is not None else ""


def _by_kind(shown: list[tuple[Card, Person]], kind_of: Callable[[Person], str], unknown: str) -> Told:
    """Return tones for kinds without an order: a hue for each of the most frequent, in the order of their names."""
    counts = Counter(kind_of(person) for _, person in shown)
    del counts[""]
    most = sorted(kind for kind, _ in counts.most_common(HUES))
    codes = _codes(most)
    tones = {kind: Tone(kind, codes[kind], hue=number) for number, kind in enumerate(most, 1)}
    return lambda card, person: _kind(kind_of(person), tones, unknown)


def _kind(kind: str, tones: Mapping[str, Tone], unknown: str) -> Tone:
    return tones.get(kind) or Tone(say("Others") if kind else unknown, "…" if kind else "?")


def _codes(kinds: list[str]) -> dict[str, str]:
    """Return two letters for each kind: the first, and the next one that makes it different from the others."""
    found: dict[str, str] = {}
    for kind in kinds:
        letters = [letter for letter in kind if letter.isalnum()] or ["?"]
        ways = (f"{letters[0].upper()}{letter.lower()}" for letter in letters[1:])
        found[kind] = next(
            (way for way in ways if way not in found.values()), f"{letters[0].upper()}{len(found)}"
        )
    return found


def _level(level: str, rung: int | None) -> Tone:
    if rung is None:
        return Tone(say("Level not known"), level[:CODE] or "?")
    return Tone(RUNGS[rung], level if len(level) <= CODE else said(RUNGS[rung])[:3], step=rung + 1)


def _share(share: int | None) -> Tone:
    if share is None:
        return Tone(say("Share not known"), "?")
    label, step = say("Less than half"), 1
    if share >= 50:
        label, step = (say("Whole"), 4) if share >= 100 else (say("Half or more"), 3)
    return Tone(label, f"{share}%", step=step)


def _finding(severity: str) -> Tone:
    if not severity:
        return Tone(say("No findings"), "")
    word = say(severity)
    return Tone(capital(word), SIGNS.get(severity, word), step=SEVERITIES.index(severity) + 1, is_alarm=True)
