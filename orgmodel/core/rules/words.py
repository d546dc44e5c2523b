"""What the rules make of an organization's own words for crafts and levels. Both ladders can be added to.

An organization says what its words mean with the settings "crafts" and "levels": the word as the name of a threshold,
and as its number the discipline or the rung, such as {"Actuary": 1} or {"L5": 2}.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

OWNER = "product-owner"
"""The key of the role that says what a squad builds. Where nobody uses it, no squad is said to lack one."""

OTHER, ENGINEERING, PRODUCT, DESIGN = range(4)
"""The disciplines that a squad needs, and everything else."""

JUNIOR, MIDDLE, SENIOR, STAFF = range(4)
"""The rungs of a ladder, lowest first. Who leads people is senior, who leads those who do is staff."""

CRAFTS: Mapping[str, int] = {
    **dict.fromkeys(("product", "po", "pm"), PRODUCT),
    **dict.fromkeys(("design", "designer", "ux", "ui"), DESIGN),
    **dict.fromkeys(("agile", "coach", "coaching", "people", "hr", "finance", "legal", "sales"), OTHER),
    **dict.fromkeys(("marketing", "office", "recruiting", "support", "operations manager"), OTHER),
}
"""Words in a craft that tell its discipline. A craft with none of them, such as Backend, is engineering."""

LEVELS: Mapping[str, int] = {
    **dict.fromkeys(
        ("intern", "trainee", "apprentice", "graduate", "junior", "jr", "i", "i1", "ic1"), JUNIOR
    ),
    **dict.fromkeys(("engineer", "designer", "developer", "mid", "middle", "medior", "regular"), MIDDLE),
    **dict.fromkeys(("ii", "i2", "ic2"), MIDDLE),
    **dict.fromkeys(("senior", "sr", "lead", "manager", "em", "iii", "i3", "ic3", "m1", "m2"), SENIOR),
    **dict.fromkeys(
        ("staff", "principal", "distinguished", "fellow", "architect", "director", "head"), STAFF
    ),
    **dict.fromkeys(("vp", "chief", "i4", "i5", "i6", "i7", "ic4", "ic5", "ic6", "ic7"), STAFF),
    **dict.fromkeys(("m3", "m4", "m5", "m6"), STAFF),
}
"""Words in a level that tell its rung: the highest counts, save that junior, intern and "I" tell more than engineer."""

KEY_ROLES = frozenset({"lead", "owner", "head", "director", "chief"})
"""Words in the title of a vacancy that say that others wait for whoever gets it."""


@dataclass(frozen=True, slots=True)
class Words:
    """What words mean: those of the organization itself first, then the defaults."""

    crafts: Mapping[str, int] = field(default_factory=dict)
    levels: Mapping[str, int] = field(default_factory=dict)

    def discipline(self, craft: str) -> int | None:
        """Return the discipline of a craft, or None where nobody says what someone's craft is."""
        plain = craft.strip().casefold()
        if not plain:
            return None
        return self.crafts[plain] if plain in self.crafts else _discipline(plain)

    def rung(self, level: str) -> int | None:
        """Return the rung of a level, or None where it is not known or does not say."""
        plain = level.strip().casefold()
        return self.levels[plain] if plain in self.levels else _rung(plain)


WORDS = Words()


def words_of(crafts: Iterable[tuple[str, str]], levels: Iterable[tuple[str, str]]) -> Words:
    """Return what an organization has said about its words, as pairs of a word and a number."""
    return Words(_ladder(crafts), _ladder(levels))


def _ladder(pairs: Iterable[tuple[str, str]]) -> Mapping[str, int]:
    return {word.strip().casefold(): int(min(3.0, max(0.0, float(number)))) for word, number in pairs}


@functools.lru_cache(maxsize=1000)
def _discipline(craft: str) -> int:
    return next((CRAFTS[word] for word in _parts(craft) if word in CRAFTS), ENGINEERING)


@functools.lru_cache(maxsize=1000)
def _rung(level: str) -> int | None:
    rungs = {LEVELS[word] for word in _parts(level) if word in LEVELS}
    return JUNIOR if rungs == {JUNIOR, MIDDLE} else max(rungs, default=None)


def _parts(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@functools.lru_cache(maxsize=1000)
def is_key_role(title: str) -> bool:
    """Say whether a title names a product owner or a lead."""
    return not KEY_ROLES.isdisjoint(_parts(title.casefold()))
