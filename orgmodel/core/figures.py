"""The figures leaders ask for about one organization, and how changes move them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from orgmodel.core.changes import Change
from orgmodel.core.org import Org
from orgmodel.core.phrases import say
from orgmodel.core.rules.lines import reports_of
from orgmodel.core.rules.sizes import is_beyond, is_out_of_range, span_most
from orgmodel.core.rules.subjects import EVERYTHING
from orgmodel.core.rules.words import OWNER
from orgmodel.core.scope import scope_of


@dataclass(frozen=True, slots=True)
class Figures:
    """One organization in numbers. What is worth a name is kept by id; its length is the number."""

    people: int
    tribes: int
    squads: int
    chapters: int
    vacancies: int
    homeless: frozenset[str]  # people in no squad
    unmanaged: frozenset[str]  # people without a manager
    out_of_range: Mapping[str, int]  # squads too small or too large, and how many they are
    ownerless: frozenset[str]  # squads without a product owner
    wide_spans: Mapping[str, int]  # managers with too many reports, and how many those are


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table that sets several organizations side by side."""

    label: str
    values: tuple[int, ...]


def figures_of(org: Org) -> Figures:
    """Return the figures of an organization, at the cost of reading all of it."""
    return _figures(org, org.people, org.squads)


def figures_between(figures: Figures, before: Org, after: Org, changes: Sequence[Change]) -> Figures:
    """Return the figures after some changes from those before them, at the cost of what the changes touch."""
    if any(change.kind in EVERYTHING for change in changes):
        return figures_of(after)
    scope = scope_of(before, after, changes)
    people = scope.people
    for _ in range(2):  # whose reports are others, and whose reports manage somebody, or nobody any more
        people = people | _managers_of(people, before, after)
    part = _figures(after, people, scope.squads)
    return Figures(
        people=part.people,
        tribes=part.tribes,
        squads=part.squads,
        chapters=part.chapters,
        vacancies=part.vacancies,
        homeless=figures.homeless - people | part.homeless,
        unmanaged=figures.unmanaged - people | part.unmanaged,
        out_of_range=_merged(figures.out_of_range, scope.squads, part.out_of_range),
        ownerless=figures.ownerless - scope.squads | part.ownerless,
        wide_spans=_merged(figures.wide_spans, people, part.wide_spans),
    )


def _managers_of(people: Iterable[str], *orgs: Org) -> set[str]:
    found = (org.people.get(id_) for org in orgs for id_ in people)
    return {person.manager for person in found if person is not None and person.manager is not None}


def _figures(org: Org, people: Iterable[str], squads: Iterable[str]) -> Figures:
    """Return the figures with the names of only these people and squads."""
    here = [person for id_ in people if (person := org.people.get(id_)) is not None and person.is_here]
    open_squads = [s for id_ in squads if (s := org.squads.get(id_)) is not None and s.closed_on is None]
    has_owners = org.find("role", OWNER) is not None
    spans = {person.id: span for person in here if (span := span_of(org, person.id))}
    return Figures(
        people=org.count("person"),
        tribes=org.count("tribe"),
        squads=org.count("squad"),
        chapters=org.count("chapter"),
        vacancies=org.count("vacancy"),
        homeless=frozenset(p.id for p in here if not org.pointing("membership", "person", p.id)),
        unmanaged=frozenset(p.id for p in here if p.manager is None),
        out_of_range={s.id: org.size_of(s.id) for s in open_squads if is_out_of_range(org, s)},
        ownerless=frozenset(s.id for s in open_squads if has_owners and org.holder(s.id, OWNER) is None),
        wide_spans={id_: span for id_, span in spans.items() if is_beyond(span, span_most(org, id_))},
    )


def span_of(org: Org, manager: str) -> int:
    """Return how many people report to a manager."""
    return len(reports_of(org, manager))


def rows_of(columns: Sequence[Figures]) -> tuple[Row, ...]:
    """Return the figures of several organizations side by side, one row each."""
    return tuple(Row(label, tuple(number(figures) for figures in columns)) for label, number in _ROWS)


_ROWS: tuple[tuple[str, Callable[[Figures], int]], ...] = (
    (say("People"), lambda figures: figures.people),
    (say("Tribes"), lambda figures: figures.tribes),
    (say("Squads"), lambda figures: figures.squads),
    (say("Chapters"), lambda figures: figures.chapters),
    (say("Vacancies"), lambda figures: figures.vacancies),
    (say("Squads out of range"), lambda figures: len(figures.out_of_range)),
    (say("Squads without product owner"), lambda figures: len(figures.ownerless)),
    (say("People without squad"), lambda figures: len(figures.homeless)),
    (say("People without manager"), lambda figures: len(figures.unmanaged)),
    (say("Managers with too many reports"), lambda figures: len(figures.wide_spans)),
)


def _merged(old: Mapping[str, int], again: set[str], new: Mapping[str, int]) -> dict[str, int]:
    """Return the old numbers with those that were counted again replaced."""
    return {id_: number for id_, number in old.items() if id_ not in again} | dict(new)
