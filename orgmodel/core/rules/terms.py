"""How an organization applies one rule, and of whom the rule says nothing there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from orgmodel.core.org import Org
from orgmodel.core.phrases import names, say
from orgmodel.core.records import specs_of
from orgmodel.core.rules.base import SEVERITIES, Limits, Number
from orgmodel.core.rules.lines import tribe_of


@dataclass(frozen=True, slots=True)
class Terms:
    """How an organization applies one rule. `shift` is by how many steps its findings are more or less severe than
    the rule says; `exempt` says of whom it says nothing, and why."""

    is_on: bool
    severity: str
    thresholds: Limits
    note: str = ""
    shift: int = 0
    exempt: Mapping[str, str] = field(default_factory=dict)

    def severity_of(self, severity: str) -> str:
        """Return how severe a finding is here: the worst is as set, what is milder stays as many steps below it."""
        return SEVERITIES[max(0, SEVERITIES.index(severity) + self.shift)] if self.shift else severity

    def says_nothing_of(self, org: Org, record: Any) -> bool:
        """Say whether a record is exempt, by itself or with what it belongs to."""
        return bool(self.exempt) and any(place in self.exempt for place in places_of(org, record))


def limit_of(terms: Terms | None, name: str, org: Org, record: Any) -> Number | None:
    """Return a threshold of a rule for a record; None where the rule does not apply to it."""
    if terms is None or not terms.is_on or terms.says_nothing_of(org, record):
        return None
    return terms.thresholds[name]


# Exemptions

EXEMPT_KINDS = ("person", "squad", "tribe", "chapter", "guild", "system", "type")
"""What can be exempt from a rule; a type stands for all squads of it, and for tribes that have no others."""

SQUAD_TYPES = tuple(value for value, _ in specs_of("squad")["type"].choices)

SQUAD_FIELDS: Mapping[str, str] = MappingProxyType(
    {"vacancy": "squad", "dependency": "needs", "system": "squad", "domain": "squad"}
)
"""The field of a record that names the squad it is counted with, which would have to act."""


def exemptions_in(text: str) -> dict[str, str]:
    """Return who is exempt from a rule and why, from one line each: "squad atlas: On call around the clock"."""
    lines = (line.partition(":") for line in text.splitlines())
    return {" ".join(place.split()): why.strip() for place, _, why in lines if place.strip()}


def places_of(org: Org, record: Any) -> Iterator[str]:
    """Yield what a record is and belongs to, as exemptions name it: itself, its squad and chapter, their tribe."""
    if key := getattr(record, "key", ""):
        yield f"{record.KIND} {key}"
    match record.KIND:
        case "person":
            home, chapter = org.primary_membership(record.id), org.chapter_of(record.id)
            if chapter is not None:
                yield f"chapter {chapter.key}"
            if home is not None:
                yield from _places_of_squad(org, home.squad)
            elif (tribe := tribe_of(org, record.id)) is not None:
                yield f"tribe {org.tribes[tribe].key}"
        case "squad":
            yield f"type {record.type}"
            yield from _tribe(org, record)
        case "chapter":
            yield from _tribe(org, record)
        case "tribe":
            types = {squad.type for squad in org.squads_of(record.id)}
            if len(types) == 1:
                yield f"type {types.pop()}"
        case kind if kind in SQUAD_FIELDS and (squad := getattr(record, SQUAD_FIELDS[kind])) is not None:
            yield from _places_of_squad(org, squad)


def _places_of_squad(org: Org, squad: str) -> Iterator[str]:
    if (record := org.squads.get(squad)) is not None:
        yield from places_of(org, record)


def _tribe(org: Org, unit: Any) -> Iterator[str]:
    if unit.tribe is not None:
        yield f"tribe {org.tribes[unit.tribe].key}"


def fault_in_exemptions(org: Org, text: str) -> str:
    """Say what is wrong with the first exemption that names nobody there is, or gives no reason; "" where none does."""
    for place, why in exemptions_in(text).items():
        kind, _, key = place.partition(" ")
        if kind not in EXEMPT_KINDS or not key:
            return say(
                "“{line}” does not read like “{example}”: a line begins with {known}",
                line=place[:40],
                example="squad atlas: Why",
                known=names(EXEMPT_KINDS, limit=len(EXEMPT_KINDS)),
            )
        if kind == "type" and key not in SQUAD_TYPES:
            known = names(SQUAD_TYPES, limit=len(SQUAD_TYPES))
            return say("there is no type “{type}”: there are {known}", type=key[:40], known=known)
        if kind != "type" and org.find(kind, key) is None:
            return say("there is no {kind} “{key}”", kind=kind, key=key[:40])
        if not why:
            return say("say after a colon why {place} is exempt", place=place)
    return ""
