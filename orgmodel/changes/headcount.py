"""How many people each tribe had on each day of the last twelve months: live, and from there back through the log."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from orgmodel.changes import jsonio, services, store
from orgmodel.changes.models import Change as ChangeRow
from orgmodel.changes.models import ChangeSet, Head, undoings
from orgmodel.core import changes as core
from orgmodel.core.changes import Change
from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import Phrase, count, say
from orgmodel.core.reach import tribes_of
from orgmodel.core.records import Tribe

DAYS = 365
SETS, ROWS = 3_000, 20_000  # change sets and changes read at most; of a busier year the latest part is shown
STEPS = 60  # days told apart; where more are busy, weeks are, and four weeks where counting takes long
LARGE = 10_000  # people
TRIBES = 8  # lines that can be told apart; of more tribes those in which most happened are shown
MARKED, NOTABLE = 4, 3  # days marked with what happened, and how many people that must have concerned
KINDS = ("membership", "squad", "chapter", "chapter_member", "tribe")  # what decides who belongs to a tribe


@dataclass(frozen=True, slots=True)
class Series:
    """A tribe and its people on each of the days, None while it does not exist."""

    tribe: Tribe
    people: tuple[int | None, ...]

    @property
    def last(self) -> int | None:
        return self.people[-1]


@dataclass(frozen=True, slots=True)
class Marker:
    """A change set that moved many; `undone_after` so many days, where it was."""

    on: date
    version: int
    title: str
    undone_after: int | None = None


@dataclass(frozen=True, slots=True)
class Headcount:
    """People for each tribe. `days` are those on which something changed, after the first day and before today."""

    days: tuple[date, ...]
    series: tuple[Series, ...]
    markers: tuple[Marker, ...]
    tribes: int  # how many there are, shown or not

    def on(self, day: date) -> int | None:
        """Return the place in `days` that tells of a day, or None where it is outside."""
        if not self.days[0] <= day <= self.days[-1]:
            return None
        return max(place for place, known in enumerate(self.days) if known <= day)


def headcount(head: Head, today: date) -> Headcount | None:
    """Return the last twelve months, kept for each version; None where there is no tribe, or none before today."""
    key = ("headcount", today, head.version, head.change_set)
    return services.kept(key, lambda: (_Year(store.org_at(head), today).headcount,))[0]


def finding(found: Headcount) -> Phrase:
    """Return what is most remarkable about the months shown, in one sentence."""
    largest = max(
        (step for step in range(1, len(found.days))), key=lambda step: _taken(found, step)[1], default=0
    )
    if largest:
        taker, people, givers = _taken(found, largest)
        if taker is not None and people >= NOTABLE:
            source = (
                givers[0].tribe.name if len(givers) == 1 else count(givers, "other tribe", "other tribes")
            )
            return say(
                "{tribe} took {n} people out of {source}", tribe=taker.tribe.name, n=people, source=source
            )
    grown = max(found.series, key=lambda each: abs(_growth(each)), default=None)
    if grown is None or not _growth(grown):
        return say("Every tribe has as many people as at the beginning")
    first = next(people for people in grown.people if people is not None)
    told = {"tribe": grown.tribe.name, "first": first, "last": grown.last or 0}
    if _growth(grown) > 0:
        return say("{tribe} grew from {first} to {last} people", **told)
    return say("{tribe} shrank from {first} to {last} people", **told)


def _growth(series: Series) -> int:
    known = [people for people in series.people if people is not None]
    return (series.last or 0) - known[0] if known else 0


def _taken(found: Headcount, step: int) -> tuple[Series | None, int, list[Series]]:
    """Return who gained on a day, how many people others lost to them at most, and who those are."""
    gains = {id(each): _difference(each, step) for each in found.series}
    taker = max(found.series, key=lambda each: gains[id(each)], default=None)
    givers = [each for each in found.series if gains[id(each)] < 0]
    if taker is None or not givers:
        return None, 0, []
    return taker, min(gains[id(taker)], -sum(gains[id(each)] for each in givers)), givers


def _difference(series: Series, step: int) -> int:
    return (series.people[step] or 0) - (series.people[step - 1] or 0)


@dataclass(slots=True)
class _State:
    """The organization at the end of a day, and what made it so.

    `reached` are tribes whose people may differ; `sets` how many people each change set took to another tribe.
    """

    on: date
    org: Org
    reached: set[str] = field(default_factory=set)
    sets: list[tuple[int, int]] = field(default_factory=list)


class _Year:
    """The months before today, walked backward day by day; an `Org` shares all that stayed the same with the next."""

    def __init__(self, org: Org, today: date) -> None:
        self.org, self.today, self.first = org, today, today - timedelta(days=DAYS)
        self.states = self._states()
        tribes = self._chosen()
        series = tuple(Series(tribe, tuple(self._people(tribe))) for tribe in tribes)
        self.headcount = (
            Headcount(
                tuple(state.on for state in self.states),
                series,
                tuple(self._markers(series)),
                org.count("tribe"),
            )
            if series and len(self.states) > 1
            else None
        )

    def _states(self) -> list[_State]:
        """Return the first day, every day or period in which something changed, and today; oldest first."""
        org, found = self.org, [_State(self.today, self.org)]
        sets = self._sets()
        period = 1 if len(set(sets.values())) <= STEPS else 7 if self.org.count("person") < LARGE else 28
        for on, version, changes in _changes(sets):
            if _period(on, period) != _period(found[-1].on, period):
                found.append(_State(on, org))
            before = core.fold(org, core.invert(changes)).settle(org.version)
            found[-1].reached |= _reached(changes, before, org)
            found[-1].sets.append((_moved(changes, before, org), version))
            org = before
        if found[-1].on > self.first:
            found.append(_State(self.first, org))
        return list(itertools.dropwhile(lambda state: not state.org.count("tribe"), found[::-1]))

    def _sets(self) -> dict[int, date]:
        """Return the change sets to read, each with its day; the first day moves to where they begin."""
        rows = ChangeSet.objects.filter(effective_on__gt=self.first, version__lte=self.org.version)
        latest = rows.order_by("-effective_on", "-version")
        found: dict[int, date] = {}
        budget = ROWS
        for version, on, size in latest.values_list("version", "effective_on", "change_count")[: SETS + 1]:
            budget -= size
            if budget < 0 or len(found) == SETS:
                self.first = on
                break
            found[version] = on
        return found

    def _chosen(self) -> list[Tribe]:
        reached = Counter(tribe for state in self.states for tribe in state.reached)
        known = {tribe.id: tribe for tribe in self.org.tribes_by_name()}
        for state in self.states:
            for id_ in state.reached:
                record = state.org.tribes.get(id_)
                if record is not None and record.closed_on is None:
                    known.setdefault(id_, record)
        most = sorted(known.values(), key=lambda tribe: (-reached[tribe.id], tribe.name.casefold()))
        return by_name(most[:TRIBES])

    def _people(self, tribe: Tribe) -> Iterator[int | None]:
        """Yield how many people a tribe has in each state; they are counted only where it was reached."""
        people: int | None = None
        for place, state in enumerate(self.states):
            if place == 0 or tribe.id in state.reached:
                record = state.org.tribes.get(tribe.id)
                is_open = record is not None and record.closed_on is None
                people = len(state.org.people_in_tribe(tribe.id)) if is_open else None
            yield people

    def _markers(self, series: Sequence[Series]) -> Iterator[Marker]:
        """Yield the days on which most people came, went or moved, each by its largest change set, in order of time."""
        moved = {
            step: sum(abs(_difference(each, step)) for each in series)
            for step in range(1, len(self.states))
            if self.states[step].sets and any(each.people[step - 1] is not None for each in series)
        }
        most = sorted((step for step in moved if moved[step] >= NOTABLE), key=lambda step: -moved[step])
        steps = sorted(most[:MARKED])
        versions = {max(self.states[step].sets)[1]: self.states[step].on for step in steps}
        sets = ChangeSet.objects.filter(version__in=versions).select_related("undoes")
        marked = list(sets.order_by("effective_on", "version"))
        undoing = undoings(marked)
        for found in marked:
            if found.undoes is not None and found.undoes.version in versions:
                continue  # the mark of what it takes back says so
            undone = undoing.get(found.pk)
            days = (undone.effective_on - found.effective_on).days if undone is not None else None
            title = found.sentences[0] if found.sentences else found.title
            yield Marker(versions[found.version], found.version, title, days)


def _period(day: date, days: int) -> int:
    """Return a number that days share which lie in the same week, or in as many days."""
    return (day.toordinal() - 1) // days


def _changes(versions: Iterable[int]) -> Iterator[tuple[date, int, list[Change]]]:
    """Yield what decided who belongs where, by change set, the latest day first."""
    rows = ChangeRow.objects.filter(change_set__version__in=list(versions), kind__in=KINDS)
    ordered = rows.order_by("-change_set__effective_on", "-change_set__version", "pk")
    values = ordered.values_list(
        "change_set__effective_on", "change_set__version", "kind", "record", "before", "after"
    )
    for (on, version), group in itertools.groupby(values.iterator(), key=lambda row: row[:2]):
        yield (
            on,
            version,
            [
                jsonio.load_change({"kind": kind, "id": id_, "before": before, "after": after})
                for _, _, kind, id_, before, after in group
            ],
        )


def _reached(changes: Sequence[Change], before: Org, after: Org) -> set[str]:
    """Return the tribes whose people may differ. One share may make another squad someone's home."""
    found = tribes_of(changes, before, after)
    for person in _people(changes, before, after):
        for org in (before, after):
            squads = (org.squads.get(membership.squad) for membership in org.memberships_of(person))
            found.update(squad.tribe for squad in squads if squad is not None and squad.tribe is not None)
    return found


def _moved(changes: Sequence[Change], before: Org, after: Org) -> int:
    """Return how many people came, went or changed tribe, alone or with their squad."""
    people = _people(changes, before, after)
    for change in changes:
        if change.kind == "squad" and change.before and "tribe" in change.before:
            people.update(membership.person for membership in after.memberships_in(change.id))
    return sum(_tribe(before, person) != _tribe(after, person) for person in people)


def _people(changes: Sequence[Change], before: Org, after: Org) -> set[str]:
    ids = [change.id for change in changes if change.kind == "membership"]
    found = (org.memberships.get(id_) for id_ in ids for org in (before, after))
    return {membership.person for membership in found if membership is not None}


def _tribe(org: Org, person: str) -> str | None:
    home = org.primary_membership(person)
    squad = org.squads.get(home.squad) if home is not None else None
    return squad.tribe if squad is not None else None
