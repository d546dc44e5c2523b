"""What the rules about health (those that advise) share: how one is declared, what it sees, how it says what it finds.

A rule is one pure function of an organization on a day. Its docstring is its documentation: what should be, why, what
to try, and the sources. It never refuses anything; it tells.
"""

from __future__ import annotations

import functools
import inspect
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from orgmodel.core.org import Org, Ref
from orgmodel.core.phrases import say
from orgmodel.core.records import Chapter, Membership, Person, Tribe
from orgmodel.core.rules.words import WORDS, Words

if TYPE_CHECKING:
    from orgmodel.core.rules.terms import Terms

SEVERITIES = ("low", "medium", "high", "critical")

Number = int | float
Limits = Mapping[str, Number]
"""The thresholds of one rule by name, as this organization has set them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a rule holds against one record: how bad, how much, and what to try.

    `detail` is the sub-code of a rule that looks at several things, such as "HI-01b"; each can be waived on its own.
    `people` is how many it affects.
    """

    rule: str
    severity: str
    kind: str
    id: str
    message: str
    value: Number
    threshold: Number
    people: int
    what_to_try: str
    detail: str = ""

    @property
    def code(self) -> str:
        return self.detail or self.rule

    @property
    def key(self) -> str:
        """What names this finding for as long as it exists, however bad it is and whatever it says."""
        return f"{self.code}:{self.kind}:{self.id}"

    @property
    def ref(self) -> Ref:
        return self.kind, self.id


def parts_of_key(key: str) -> tuple[str, str, str]:
    """Return what the key of a finding is made of: code, kind and id, "" for what it lacks."""
    code, _, subject = key.partition(":")
    kind, _, id_ = subject.partition(":")
    return code, kind, id_


@dataclass(frozen=True, slots=True)
class Alarm:
    """What a rule's function says of a record; the rest of a finding follows from the rule and the record."""

    severity: str
    message: str
    value: Number
    threshold: Number
    people: int = 1
    part: str = ""  # letter of the sub-code
    what_to_try: str = ""  # where the rule's own advice does not do


@dataclass(slots=True)
class View:
    """What a rule sees. `since` holds what rows do not tell and the log does: for people without a squad, the day they
    lost their last one; for squads, the day they entered their state. `terms` is how each rule applies, for rules that
    share a limit."""

    org: Org
    today: date
    words: Words = WORDS
    since: Mapping[Ref, date] = field(default_factory=dict)
    terms: Mapping[str, Terms] = field(default_factory=dict)
    _members: dict[str, list[Membership]] = field(default_factory=dict)
    _memberships: dict[str, list[Membership]] = field(default_factory=dict)
    _sizes: dict[str, int] = field(default_factory=dict)

    def members(self, squad: str) -> list[Membership]:
        """Return the memberships of those who count as a squad's: many rules ask, so each squad is counted once."""
        if squad not in self._members:
            org = self.org
            self._members[squad] = [m for m in org.memberships_in(squad) if org.counts(m)]
        return self._members[squad]

    def memberships_of(self, person: str) -> list[Membership]:
        """Return where someone is a member, looked up once for all rules that ask."""
        if person not in self._memberships:
            self._memberships[person] = self.org.memberships_of(person)
        return self._memberships[person]

    def size_of(self, squad: str) -> int:
        """Return how many people count as a squad's."""
        return len(self.members(squad))

    def tribe_size(self, tribe: str) -> int:
        """Return how many people belong to a tribe, counted once for all rules that ask."""
        if tribe not in self._sizes:
            self._sizes[tribe] = len(self.org.people_in_tribe(tribe))
        return self._sizes[tribe]

    def days_since(self, day: date | None) -> int:
        """Return how many days ago something was; 0 where nobody knows or it is yet to come."""
        return max(0, (self.today - day).days) if day is not None else 0


Find = Callable[[View, Any, Limits], Iterator[Alarm]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its defaults. `kinds` are the kinds of record that it looks at, `worst` is the highest severity it
    ever gives, and `parts` are the letters of its sub-codes, if it looks at several things."""

    code: str
    kinds: tuple[str, ...]
    worst: str
    parts: str
    find: Find
    thresholds: Limits
    statement: str
    why: str
    what_to_try: str
    sources: tuple[str, ...]

    @property
    def family(self) -> str:
        return self.code[:2]


def rule(code: str, kinds: str, worst: str, find: Find, parts: str = "", **thresholds: Number) -> Rule:
    """Return the rule that a function is, with its words from the docstring. Kinds are set apart by spaces."""
    statement, *rest = inspect.getdoc(find).split("\n\n")  # type: ignore[union-attr]
    words = " ".join(statement.split())
    told = dict(line.split(": ", 1) for line in _unwrapped(rest[-1]))
    return Rule(
        code=code,
        kinds=tuple(kinds.split()),
        worst=worst,
        parts=parts,
        find=find,
        thresholds=MappingProxyType(thresholds),
        statement=say(words),
        why=say(told["Why"]),
        what_to_try=say(told["Try"]),
        sources=tuple(told["Source"].removesuffix(".").split(", ")),
    )


def _unwrapped(text: str) -> list[str]:
    """Return the lines of a text, each with those that go on from it, which are indented."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith(" ") and lines:
            lines[-1] = f"{lines[-1]} {line.strip()}"
        else:
            lines.append(line)
    return lines


_ABOVE, _BELOW = (
    tuple((severity, f"{severity}_{side}") for severity in reversed(SEVERITIES))
    for side in ("above", "below")
)


def above(limits: Limits, value: Number) -> tuple[str, Number] | None:
    """Return how bad it is that a value is so high, and the threshold that it passes. On a threshold is still fine."""
    for severity, name in _ABOVE:
        if name in limits and value > limits[name]:
            return severity, limits[name]
    return None


def below(limits: Limits, value: Number) -> tuple[str, Number] | None:
    """Return how bad it is that a value is so low, and the threshold that it falls short of."""
    for severity, name in _BELOW:
        if name in limits and value < limits[name]:
            return severity, limits[name]
    return None


def inverted(limits: Limits) -> str:
    """Say which thresholds are in no order: what is bad may not start beyond what is worse. "" where all are."""
    for ladder, sign in ((_ABOVE, 1), (_BELOW, -1)):
        steps = [name for _, name in ladder if name in limits]
        for worse, milder in itertools.pairwise(steps):
            if sign * limits[milder] > sign * limits[worse]:
                one, other = (
                    say("{name} ({limit:g})", name=name, limit=limits[name]) for name in (milder, worse)
                )
                if ladder is _ABOVE:
                    return say("the threshold {one} must not be more than {other}", one=one, other=other)
                return say("the threshold {one} must not be less than {other}", one=one, other=other)
    return ""


def without_lead(unit: Chapter | Tribe, acting: Person | None) -> str:
    """Say that a unit has no lead, and who stands in."""
    if acting is None:
        return say("{unit} has no lead.", unit=unit.name)
    return say("{unit} has no lead; {person} stands in.", unit=unit.name, person=acting.name)


def nor(lacking: Iterable[str]) -> str:
    """Return what is lacking after "no": "level and no hiring manager"."""
    return functools.reduce(lambda one, other: say("{one} and no {other}", one=one, other=other), lacking)
