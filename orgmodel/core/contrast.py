"""Reporting lines and squads set against each other: the same organization, measured as a hierarchy and as squads."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from statistics import median

from orgmodel.core.org import Org
from orgmodel.core.phrases import say
from orgmodel.core.records import Membership
from orgmodel.core.rules.settings import settings_of
from orgmodel.core.rules.words import DESIGN, ENGINEERING, OWNER, PRODUCT
from orgmodel.core.structure import chain_of

NEEDED = frozenset({PRODUCT, DESIGN, ENGINEERING})
"""The disciplines that make a group cross-functional."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of both structures, None where there is nothing to count, and what each of the two counts."""

    label: str
    lines: float | None
    squads: float | None
    lines_count: str
    squads_count: str
    unit: str = ""


@functools.lru_cache(maxsize=4)
def contrast(org: Org) -> tuple[Measure, ...]:
    """Return the numbers of reporting lines and squads, at the cost of reading the whole organization once.

    - Layers: the people on the longest line, from somebody who reports to nobody down; tribe, squad and person.
    - Group size: the median number of reports of those who have any; the median size of squads with people in them.
    - Hand-offs: a squad whose people belong to three reporting groups needs two hand-offs for anything it does, since
      groups beyond the first have to agree first. To these, and for squads to nothing, add recorded dependencies.
    - Who stands behind a decision: the median number of managers behind the people of a squad; of its product owners.
    - Cross-functional: the share of people whose group, of one manager or of one squad, has product, design and
      engineering, by what the organization's words for crafts mean; product owners stand for product.
    """
    squads = _members_by_squad(org)
    managers = [len(_managers_behind(org, members)) for members in squads.values()]
    between = sum(max(0, _groups_behind(org, members) - 1) for members in squads.values())
    dependencies = len(org.dependencies)
    spans = list(_reports_by_manager(org).values())
    return (
        Measure(
            say("Layers"),
            max(chain_of(org).heights.values(), default=0) + 1 if org.count("person") else None,
            _layers_of_squads(org, squads),
            say("people on the longest line, from its top down"),
            say("tribe, squad and person") if org.tribes else say("squad and person"),
        ),
        Measure(
            say("Size of a group"),
            _median(len(reports) for reports in spans),
            _median(len(members) for members in squads.values()),
            say("median number of people who report to one manager"),
            say("median number of people in a squad"),
        ),
        Measure(
            say("Hand-offs"),
            between + dependencies if squads else None,
            dependencies if squads else None,
            say(
                "reporting groups beyond the first behind each squad, {groups:,} in all, and {dependencies:,} "
                "recorded dependencies",
                groups=between,
                dependencies=dependencies,
            ),
            say("recorded dependencies between squads"),
        ),
        Measure(
            say("Behind a decision of a squad"),
            _median(managers),
            _median(_owners(org, squads)) if org.find("role", OWNER) is not None else None,
            say("median number of managers whose reports are in one squad"),
            say("median number of product owners in a squad"),
        ),
        Measure(
            say("In a cross-functional group"),
            _share(org, spans),
            _share(org, [[m.person for m in members] for members in squads.values()]),
            say(
                "share of people who report to the same manager as somebody from product, design and "
                "engineering each"
            ),
            say("share of people in a squad with product, design and engineering in it"),
            "%",
        ),
    )


def _members_by_squad(org: Org) -> dict[str, list[Membership]]:
    """Return who counts in each open squad that has people."""
    found = {
        id_: [m for m in org.memberships_in(id_) if org.counts(m)]
        for id_, squad in org.squads.items()
        if squad.closed_on is None
    }
    return {id_: members for id_, members in found.items() if members}


def _reports_by_manager(org: Org) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for id_, person in org.people.items():
        if person.is_here and person.manager is not None:
            found.setdefault(person.manager, []).append(id_)
    return found


def _managers_behind(org: Org, members: Collection[Membership]) -> set[str]:
    return {manager for m in members if (manager := org.people[m.person].manager) is not None}


def _groups_behind(org: Org, members: Collection[Membership]) -> int:
    """Return of how many reporting groups the people of a squad are; a manager among them is of their own group."""
    managers = _managers_behind(org, members)
    groups = {m.person if m.person in managers else org.people[m.person].manager for m in members}
    return len(groups - {None})


def _layers_of_squads(org: Org, squads: Collection[str]) -> int | None:
    if not squads:
        return None
    return 3 if any(org.squads[id_].tribe is not None for id_ in squads) else 2


def _owners(org: Org, squads: dict[str, list[Membership]]) -> list[int]:
    owner = org.find("role", OWNER)
    return [sum(owner is not None and m.role == owner.id for m in members) for members in squads.values()]


def _share(org: Org, groups: Iterable[list[str]]) -> float | None:
    """Return how many percent of the people are in a group that has all the disciplines needed."""
    everybody = org.count("person")
    if not everybody:
        return None
    stands_for = _disciplines(org)
    covered = {id_ for group in groups if {stands_for[one] for one in group} >= NEEDED for id_ in group}
    return round(100 * len(covered) / everybody)


def _disciplines(org: Org) -> dict[str, int | None]:
    """Return what people stand for: their craft; product owners stand for product."""
    words, owner = settings_of(org).words, org.find("role", OWNER)
    found = {id_: words.discipline(person.craft) for id_, person in org.people.items()}
    holders = org.pointing("membership", "role", owner.id) if owner is not None else ()
    return found | {org.memberships[id_].person: PRODUCT for id_ in holders}


def _median(numbers: Iterable[int]) -> float | None:
    found = list(numbers)
    return median(found) if found else None
