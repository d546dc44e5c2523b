"""What changed between two days, both included: the net difference, and the change sets that made it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from orgmodel.changes import future, queries, services, wording
from orgmodel.changes.models import Change as ChangeRow
from orgmodel.changes.models import ChangeSet, Draft, Mention
from orgmodel.changes.queries import Intent
from orgmodel.core.changes import Change, change_between, in_order
from orgmodel.core.comparison import Comparison, compare
from orgmodel.core.operations.base import noun
from orgmodel.core.org import Org, Ref
from orgmodel.core.phrases import Phrase, count, joined, nonzero, say
from orgmodel.core.records import KINDS, specs_of

MANY = 20_000  # changes; more are counted, and not told one by one
LARGE = 2_000  # changes of a change set that is only named
FEW = 5  # intents of a change set that are shown


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last, both included, about everything or some records only."""

    first: date
    last: date
    about: frozenset[Ref] = frozenset()

    def change_sets(self) -> QuerySet[ChangeSet]:
        """Return the change sets that took effect on these days, in no order."""
        found = ChangeSet.objects.filter(effective_on__gte=self.first, effective_on__lte=self.last)
        if not self.about:
            return found
        return found.filter(version__in=self.mentions().values("version"))

    def mentions(self) -> QuerySet[Mention]:
        wanted = Q(pk__in=())
        for kind, refs in itertools.groupby(sorted(self.about), key=lambda ref: ref[0]):
            wanted |= Q(kind=kind, record__in=[id_ for _, id_ in refs])
        return Mention.objects.filter(wanted)


@dataclass(frozen=True, slots=True)
class Difference:
    """What the days made of the organization: `changes` is the net difference; None where it is too much to tell.

    `planned` are the scheduled drafts that are part of it, where it reaches into the future.
    """

    before: Org
    after: Org
    changes: tuple[Change, ...] | None
    comparison: Comparison | None
    planned: tuple[Draft, ...]
    change_sets: int
    records: int


def difference(span: Span, user: Any) -> Difference:
    """Return what the days of a span made of the organization, at the cost of what changed on them."""
    before, _ = _at_the_end_of(span.first - timedelta(days=1) if span.first > date.min else None, user)
    after, planned = _at_the_end_of(span.last, user)
    sets = span.change_sets()
    size = sets.aggregate(sets=Count("pk"), records=Sum("change_count", default=0))
    if size["records"] > MANY:
        return Difference(before, after, None, None, (), size["sets"], size["records"])
    rows = ChangeRow.objects.filter(change_set__in=sets.values("pk"))
    refs = {(str(kind), str(id_)) for kind, id_ in rows.values_list("kind", "record").distinct()}
    refs |= {change.ref for change in planned.replay.changes} if planned is not None else set()
    net = in_order(change_between(before.get(*ref), after.get(*ref)) for ref in refs)
    changes = tuple(change for change in net if is_about(change, span.about, before, after))
    return Difference(
        before=before,
        after=after,
        changes=changes,
        comparison=compare(before, after, changes),
        planned=planned.drafts if planned is not None else (),
        change_sets=size["sets"],
        records=size["records"],
    )


def _at_the_end_of(day: date | None, user: Any) -> tuple[Org, future.Outlook | None]:
    """Return the organization at the end of a day, and what is planned until then where it is to come."""
    if day is None:
        return Org.empty(), None
    if day <= timezone.localdate():
        return services.org_as_of(day), None
    planned = future.outlook(day, user)
    return planned.org, planned


def is_about(change: Change, about: frozenset[Ref], before: Org, after: Org) -> bool:
    """Say whether a change is of one of these records, or of something that refers to one before or after it."""
    if not about or change.ref in about:
        return True
    records = (before.get(*change.ref), after.get(*change.ref))
    refs = [(name, spec.target) for name, spec in specs_of(change.kind).items() if spec.kind == "ref"]
    return any(
        (target, getattr(record, name)) in about
        for record in records
        if record is not None
        for name, target in refs
    )


def subjects(org: Org, kind: str, key: str) -> tuple[Any, frozenset[Ref]]:
    """Return a record, and what there is to know about to know about it: of a tribe also its squads and chapters."""
    unit: Any = org.find(kind, key)
    if unit is None:
        return None, frozenset()
    refs = {(kind, unit.id)}
    if kind == "tribe":
        refs |= {(part, id_) for part in ("squad", "chapter") for id_ in org.pointing(part, "tribe", unit.id)}
    return unit, frozenset(refs)


# In words


def in_numbers(found: Comparison) -> Phrase:
    """Return what differs in one line, such as "12 people moved, 2 hired, 1 squad closed"."""
    counts = (
        count(found.people_moved, "{n:,} person moved", "{n:,} people moved"),
        count(found.people_new, "{n:,} hired", "{n:,} hired"),
        count(found.people_gone, "{n:,} left", "{n:,} left"),
        count(found.manager_changes, "{n:,} got another line manager", "{n:,} got another line manager"),
        count(found.squads_created, "{n:,} new squad", "{n:,} new squads"),
        count(found.squads_closed, "{n:,} squad closed", "{n:,} squads closed"),
        count(found.squads_moved, "{n:,} squad to another tribe", "{n:,} squads to other tribes"),
        count(found.squads_renamed, "{n:,} squad renamed", "{n:,} squads renamed"),
        count(found.vacancies.new, "{n:,} vacancy opened", "{n:,} vacancies opened"),
        count(found.vacancies.fixed, "{n:,} vacancy closed", "{n:,} vacancies closed"),
    )
    return joined(", ", nonzero(counts))


def names_units(found: Comparison) -> bool:
    """Say whether the sentence of a comparison tells more than its numbers: which units came, went or changed."""
    units = (found.squads_created, found.squads_closed, found.squads_moved, found.squads_renamed)
    return any(units) or bool(found.splits or found.merges)


def net_by_kind(found: Difference) -> dict[str, list[Change]]:
    """Return the net difference by kind of record."""
    grouped = itertools.groupby(found.changes or (), key=lambda change: change.kind)
    return {kind: list(changes) for kind, changes in grouped}


def net_entry(found: Difference, kind: str, shown: Sequence[Change], size: int, more_url: str = "") -> Intent:
    """Return what differs in records of a kind: how many do, and these of them. `more_url` leads to the others."""
    facts = wording.facts(shown, found.before, found.after)
    records = noun(kind if size == 1 else KINDS[kind].PLURAL)
    sentence = say("{n:,} {records}", n=size, records=records)
    return Intent(sentence, facts, 0, more=size - len(shown) if more_url else 0, more_url=more_url)


def entries_of(
    change_sets: Sequence[ChangeSet], live: Org, span: Span
) -> list[tuple[ChangeSet, list[Intent]]]:
    """Return change sets with their first intents, or with those that are about what the span is about."""
    versions = [change_set.version for change_set in change_sets]
    told: dict[int, list[int]] = {}
    if span.about:
        rows = span.mentions().filter(version__in=versions).order_by("operation")
        for version, operation in rows.values_list("version", "operation").distinct():
            told.setdefault(version, []).append(operation)
    wanted = {
        change_set: (told.get(change_set.version) or list(range(len(change_set.sentences))))[:FEW]
        for change_set in change_sets
    }
    intents = queries.intents_of_all({c: p for c, p in wanted.items() if c.change_count <= LARGE}, live)
    return [
        (change_set, intents.get(change_set.pk) or _named(change_set, positions))
        for change_set, positions in wanted.items()
    ]


def _named(change_set: ChangeSet, positions: Sequence[int]) -> list[Intent]:
    return [Intent(queries.sentence_of(change_set, position), (), position) for position in positions]
