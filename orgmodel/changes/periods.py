"""Who was where when, from the log: squads, roles, chapters, lead seats and managers with their first and last day.

A period says what pages as of its days show, so what was dated back or undone is told as it counted.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from orgmodel.changes import jsonio, queries
from orgmodel.changes.future import Outlook
from orgmodel.changes.models import Change as ChangeRow
from orgmodel.changes.models import ChangeSet, Mention
from orgmodel.core.changes import Change, without
from orgmodel.core.org import SEATS, Org, Ref
from orgmodel.core.phrases import say
from orgmodel.core.records import Membership, Record

WORDS = {
    "squad": say("squad"),
    "role": say("role"),
    "chapter": say("chapter"),
    "lead": say("lead"),
    "manager": say("line manager"),
}
"""What each kind of period is called where it has no word of its own."""
FOUNDING = 1  # the version that the record begins with: what it brought was there before


@dataclass(frozen=True, slots=True)
class Period:
    """A time in one place, from the day `since` until the day `until`, on which it was over.

    `since` None: since before the record. `until` None: still. `place` is a squad, chapter, tribe, guild or manager,
    or the person where a squad is asked; `role` says as what, of a squad the last role held there. `began` and `ended`
    are the versions that did it; `is_undone` where the end only took the beginning back.
    """

    kind: str  # squad, role, chapter, lead or manager
    place: Any
    role: str
    since: date | None
    until: date | None
    began: int | None
    ended: int | None
    is_undone: bool

    @property
    def words(self) -> str:
        """What someone was there: a role or lead seat, else what kind of place it is."""
        if self.role:
            return self.role
        return WORDS[self.kind]


def of_person(
    live: Org, person: str, *, until: date | None = None, planned: Outlook | None = None
) -> list[Period]:
    """Return where someone was: squads, roles in them, chapters, lead seats and managers, what began last first.

    `until` leaves out what came after that day; where it is to come, `planned` is what is scheduled until then. Costs
    what the log says about this person.
    """
    refs: set[Ref] = {("person", person)}
    for org in _orgs(live, planned):
        for kind in ("membership", "chapter_member"):
            refs |= {(kind, id_) for id_ in org.pointing(kind, "person", person)}
        for seat in SEATS:
            refs |= {(seat.kind, id_) for id_ in org.pointing(seat.kind, seat.field, person)}
    refs |= _refs_in_log(("person", person), _PLACES_OF_PERSON, live)
    runs = [
        run
        for stretches in _stretches(refs, live, planned)
        for kind, read in _asked_of_person(stretches[-1].kind, person)
        for run in _runs(kind, stretches, read)
    ]
    return _periods(runs, live if planned is None else planned.org, until)


def of_squad(
    live: Org, squad: str, *, until: date | None = None, planned: Outlook | None = None
) -> list[Period]:
    """Return everyone who was ever in a squad, who came last first, and until a day to come who is to be in it."""
    refs: set[Ref] = set()
    for org in _orgs(live, planned):
        refs |= {("membership", id_) for id_ in org.pointing("membership", "squad", squad)}
    refs |= _refs_in_log(("squad", squad), {"membership": {"squad"}}, live)
    runs = [
        run
        for stretches in _stretches(refs, live, planned)
        for run in _runs("squad", stretches, lambda m: ("person", m.person) if m.squad == squad else None)
    ]
    return _periods(runs, live if planned is None else planned.org, until)


def _orgs(live: Org, planned: Outlook | None) -> list[Org]:
    return [live] if planned is None else [live, planned.org]


def without_repeats(periods: Sequence[Period]) -> list[Period]:
    """Leave out roles held for just as long as their squad, whose period says them too."""
    squads = {(p.place, p.role, p.since, p.until) for p in periods if p.kind == "squad"}
    return [p for p in periods if p.kind != "role" or (p.place, p.role, p.since, p.until) not in squads]


# What the log says of each record


@dataclass(frozen=True, slots=True)
class _Step:
    """A change of one record, with the day and the change set that made it; a planned one has none yet."""

    change: Change
    on: date
    version: int | None = None
    change_set: str = ""
    undoes: str | None = None


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What a record was from a day on: until the next stretch. `step` None: as far back as the log knows."""

    kind: str
    record: Any
    step: _Step | None


_PLACES_OF_PERSON: Mapping[str, set[str]] = {
    "membership": {"person"},
    "chapter_member": {"person"},
    **{kind: {seat.field for seat in SEATS if seat.kind == kind} for kind in {seat.kind for seat in SEATS}},
}
"""Which fields say where someone is, by kind of record; that of a person themselves, their manager, apart."""


def _refs_in_log(mentioned: Ref, fields: Mapping[str, set[str]], live: Org) -> set[Ref]:
    """Return the records that pointed to a person or unit in one of these fields before a change set about it.

    Only such change sets are looked at, and there only what was edited or removed, which has an index of its own: what
    a large import created is either still there or was removed later.
    """
    kind, id_ = mentioned
    versions = Mention.objects.filter(kind=kind, record=id_, version__lte=live.version).values("version")
    change_sets = list(ChangeSet.objects.filter(version__in=versions).values_list("pk", flat=True))
    pointed = Q(pk__in=())
    for field in sorted({field for names in fields.values() for field in names}):
        pointed |= Q(**{f"before__{field}": id_})
    rows = ChangeRow.objects.filter(change_set__in=change_sets, before__isnull=False, kind__in=list(fields))
    return {(kind, str(record)) for kind, record in rows.filter(pointed).values_list("kind", "record")}


def _stretches(refs: set[Ref], live: Org, planned: Outlook | None) -> Iterator[list[_Stretch]]:
    """Yield what each record was, and is planned to be, day by day, oldest first."""
    wanted = Q(pk__in=())
    for kind, group in itertools.groupby(sorted(refs), key=lambda ref: ref[0]):
        wanted |= Q(kind=kind, record__in=[id_ for _, id_ in group])
    rows = ChangeRow.objects.filter(wanted, change_set__version__lte=live.version)
    columns = ("effective_on", "version", "id", "undoes")
    found: Any = rows.order_by("kind", "record", "change_set__version").values_list(
        "kind", "record", "before", "after", *(f"change_set__{name}" for name in columns)
    )
    steps: dict[Ref, list[_Step]] = {}
    for row in found:
        steps.setdefault(row[:2], []).append(_step(*row))
    for on, change in planned.days() if planned is not None else ():
        if change.ref in refs:
            steps.setdefault(change.ref, []).append(_Step(change, on))
    last = live if planned is None else planned.org
    for ref, of_record in steps.items():
        yield _days_of(last.get(*ref), ref[0], of_record)


def _step(kind: str, id_: str, before: Any, after: Any, *rest: Any) -> _Step:
    body = {"kind": kind, "id": id_, "before": before, "after": after}
    return _Step(jsonio.load_change(body), *rest)


def _days_of(record: Record | None, kind: str, steps: Sequence[_Step]) -> list[_Stretch]:
    """Return what a record was at the end of each day on which it changed, as an organization as of that day has it."""

    def without_those_after(day: date) -> Record | None:
        was = record
        for step in reversed(steps):
            if step.on > day:
                was = without(was, step.change)
        return was

    last_of_day = {step.on: step for step in steps}
    days = [_Stretch(kind, without_those_after(day), last_of_day[day]) for day in sorted(last_of_day)]
    return [_Stretch(kind, without_those_after(date.min), None), *days]


# From what a record was to where someone was


_Reader = Callable[[Any], tuple[str, ...] | None]
"""Returns from a record the kind and id of a place, perhaps with words for what someone is there; None: nowhere."""


def _asked_of_person(kind: str, person: str) -> Iterator[tuple[str, _Reader]]:
    """Yield what the records of a kind say about a person: the kind of period, and what reads its place."""
    match kind:
        case "membership":
            yield "squad", lambda m: ("squad", m.squad)
            yield "role", lambda m: ("squad", m.squad, m.role) if m.role else None
        case "chapter_member":
            yield "chapter", lambda m: ("chapter", m.chapter)
        case "person":
            yield "manager", lambda p: ("person", p.manager) if p.manager else None
        case _:
            for seat in SEATS:
                if seat.kind == kind:
                    yield "lead", _seat_reader(seat.field, person)


def _seat_reader(field: str, person: str) -> _Reader:
    return lambda unit: (unit.KIND, unit.id, field) if getattr(unit, field) == person else None


@dataclass(frozen=True, slots=True)
class _Run:
    """Stretches that say the same place, as one."""

    kind: str
    place: tuple[str, ...]
    record: Any  # as it was last
    first: _Stretch
    end: _Step | None


def _runs(kind: str, stretches: Sequence[_Stretch], read: _Reader) -> Iterator[_Run]:
    told = [(read(stretch.record) if stretch.record is not None else None, stretch) for stretch in stretches]
    groups = [
        (place, [stretch for _, stretch in group])
        for place, group in itertools.groupby(told, key=lambda pair: pair[0])
    ]
    for (place, group), following in itertools.zip_longest(groups, groups[1:]):
        if place is not None:
            end = following[1][0].step if following is not None else None
            yield _Run(kind, place, group[-1].record, group[0], end)


def _periods(runs: Iterable[_Run], live: Org, until: date | None) -> list[Period]:
    """Return runs as periods up to a day, with names: those of today, or the last ones of what is there no more."""
    runs = [run for run in runs if until is None or run.first.step is None or run.first.step.on <= until]
    named = {(run.place[0], run.place[1]) for run in runs} | {
        ("role", id_) for run in runs if (id_ := _role(run))
    }
    records = {ref: record for ref in named if (record := live.get(*ref)) is not None}
    records |= queries.lost(named - records.keys())

    def period(run: _Run) -> Period:
        begin, end = run.first.step, run.end
        if end is not None and until is not None and end.on > until:
            end = None
        return Period(
            kind=run.kind,
            place=records.get((run.place[0], run.place[1])),
            role=_words(run, records),
            since=_since(run),
            until=end.on if end is not None else None,
            began=begin.version if begin is not None else None,
            ended=end.version if end is not None else None,
            is_undone=begin is not None and end is not None and end.undoes == begin.change_set,
        )

    found = sorted(map(period, runs), key=lambda p: p.place.name.casefold() if p.place is not None else "")
    found.sort(key=lambda p: (p.until is None, p.until or date.min), reverse=True)
    return sorted(found, key=lambda p: p.since or date.min, reverse=True)


def _role(run: _Run) -> str | None:
    """Return the id of the role that a run tells: its own, or the last one held in a squad."""
    if run.kind == "role":
        return run.place[2]
    return run.record.role if run.kind == "squad" else None


def _words(run: _Run, records: dict[Ref, Any]) -> str:
    if run.kind == "lead":
        return next(seat.label for seat in SEATS if (seat.kind, seat.field) == (run.place[0], run.place[2]))
    role = records.get(("role", _role(run) or ""))
    return role.name if role is not None else ""


def _since(run: _Run) -> date | None:
    """Return the first day: for who joined, the day the membership itself says where it is earlier than the log's."""
    step = run.first.step
    if step is None:
        return None
    is_new = step.change.before is None
    record = run.first.record
    said = record.since if is_new and isinstance(record, Membership) else None
    if said is not None and said < step.on:
        return said
    return None if is_new and step.version == FOUNDING else step.on
