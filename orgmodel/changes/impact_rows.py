"""What a comparison and an impact look like on a page: rows with names and addresses, for what is shown only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from orgmodel.changes.comparing import Compared, shift_of
from orgmodel.changes.pictures.alluvial import Side
from orgmodel.changes.pictures.drawing import number
from orgmodel.core.comparison import Comparison
from orgmodel.core.figures import rows_of
from orgmodel.core.impact import Impact, MissionImpact, Pair, PersonImpact, SquadImpact, UnitImpact
from orgmodel.core.operations.base import noun
from orgmodel.core.org import Org
from orgmodel.core.phrases import Phrase, count, joined, names, nonzero, say
from orgmodel.core.rules.base import Number
from orgmodel.core.rules.limits import LIMITS
from orgmodel.core.rules.reorganization import LeftBehind, left_behind
from orgmodel.core.rules.sizes import is_beyond, span_most, squad_most

SQUARES = 40  # at most in a row; of a larger number each stands for several people


@dataclass(frozen=True, slots=True)
class Named:
    """A record on a page; without an address where it has no page."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """Something as it was and as it is; only the latter where both are the same."""

    before: str
    after: Named

    @property
    def differs(self) -> bool:
        return self.before != self.after.name


@dataclass(frozen=True, slots=True)
class Sides:
    """The organization before and after, to tell names and addresses from."""

    before: Side
    after: Side

    def named(self, kind: str, id_: str | None) -> Named:
        """Return a record as it is, or as it was where it is no more."""
        for side in (self.after, self.before):
            record: Any = side.org.get(kind, id_)
            if record is not None:
                return Named(record.name, side.address(kind, id_))
        return Named("")

    def cell(self, kind: str, before: str | None, after: str | None) -> Cell:
        """Return two references as a cell. One unit that got another name is still the same."""
        is_ = self.named(kind, after) if after is not None else Named("")
        return Cell(is_.name if before == after else _name_in(self.before, kind, before), is_)


def _name_in(side: Side, kind: str, id_: str | None) -> str:
    record: Any = side.org.get(kind, id_)
    return record.name if record is not None else ""


# What it asks of people


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked of people: of how many, whom, and a path of a square for each."""

    label: str
    count: int
    whom: str
    squares: str
    width: int


@dataclass(frozen=True, slots=True)
class Asks:
    rows: tuple[Ask, ...]
    people_per_square: int


def asks(impact: Impact, sides: Sides) -> Asks:
    """Return how many people change squad, tribe or manager or only get new teammates, and from where they come."""
    moved = [p for p in impact.people if p.changes_squad]
    carried = [p for p in impact.people if p.changes_tribe and not p.changes_squad]
    managed = [p for p in impact.people if p.changes_manager]
    elsewhere = {p.person for p in (*moved, *carried)} | {p.person for p in impact.people if p.arrives}
    mixed = {id_ for pair in impact.pairs if pair.starts for id_ in (pair.one, pair.other)} - elsewhere
    squads_with = _most_first(sides.after, "squad", Counter(p.squad_after for p in carried))
    squads_in = _most_first(sides.after, "squad", Counter(_home(sides.after, person) for person in mixed))
    found = [
        (
            say("Change squad"),
            len(moved),
            _from(sides.before, "squad", Counter(p.squad_before for p in moved)),
        ),
        (
            say("Change tribe, keep their squad"),
            len(carried),
            names(say("{n} with {squad}", n=n, squad=squad) for n, squad in squads_with),
        ),
        (
            say("New teammates only"),
            len(mixed),
            names(say("{n} in {squad}", n=n, squad=squad) for n, squad in squads_in),
        ),
        (
            say("Change manager"),
            len(managed),
            _from(sides.before, "person", Counter(p.manager_before for p in managed)),
        ),
    ]
    most = max(count for _, count, _ in found)
    unit = max(1, -(-most // SQUARES))
    return Asks(tuple(_ask(*row, unit=unit) for row in found), unit)


def _ask(label: str, count: int, whom: str, *, unit: int) -> Ask:
    squares = -(-count // unit)
    path = "".join(f"M{9 * square} 0h7v7h-7z" for square in range(squares))
    return Ask(label, count, whom, path, 9 * squares)


def _home(side: Side, person: str) -> str | None:
    home = side.org.primary_membership(person)
    return home.squad if home is not None else None


def _from(side: Side, kind: str, counts: Mapping[str | None, int]) -> str:
    """Return how many people come from each of some units, the most first: "12 from Search, 3 from Radio"."""
    return names(say("{n} from {where}", n=n, where=where) for n, where in _most_first(side, kind, counts))


def _most_first(side: Side, kind: str, counts: Mapping[str | None, int]) -> list[tuple[int, str]]:
    nowhere = say("no manager") if kind == "person" else say("no squad")
    rows = sorted((-people, _name_in(side, kind, id_) or nowhere) for id_, people in counts.items())
    return [(-people, name) for people, name in rows]


# Numbers


def in_numbers(found: Compared) -> list[str]:
    """Return how many people a draft concerns and what it settles or opens, a sentence each."""
    comparison, org = found.comparison, found.after.org
    moved = len({*comparison.people_moved, *comparison.tribe_changes})
    others = org.count("person") - moved - len(comparison.people_new)
    rest = count(others, "{n:,} does not", "{n:,} do not")
    concerned = count(
        moved,
        "{n:,} person changes squad or tribe, {others}.",
        "{n:,} people change squad or tribe, {others}.",
        others=rest,
    )
    return [concerned, *_settled(comparison)]


def _settled(found: Comparison) -> list[Phrase]:
    size, home = found.out_of_range, found.homeless
    counts = (
        count(size.fixed, "{n:,} squad is back in range.", "{n:,} squads are back in range."),
        count(size.new, "{n:,} squad gets out of range.", "{n:,} squads get out of range."),
        count(home.fixed, "{n:,} person gets a squad.", "{n:,} people get a squad."),
        count(home.new, "{n:,} person ends without a squad.", "{n:,} people end without a squad."),
    )
    return nonzero(counts)


@dataclass(frozen=True, slots=True)
class Figure:
    label: str
    before: str
    after: str
    shift: str


def figures(found: Compared) -> list[Figure]:
    """Return the figures of the whole organization before and after."""
    return [
        Figure(row.label, number(row.values[0]), number(row.values[1]), shift_of(*row.values))
        for row in rows_of(found.figures)
    ]


def price_in_words(impact: Impact) -> str:
    """Return how the human price comes about, as `price_of` in `core/impact.py` adds it up."""
    ended = sum(pair.months for pair in impact.pairs if not pair.starts)
    parts = [
        count(
            ended,
            "{n:,} month of working together that end",
            "{n:,} months of working together that end",
        )
    ]
    for people, months, what in (
        (sum(p.changes_manager for p in impact.people), LIMITS.price_manager, say("another manager")),
        (sum(p.changes_squad for p in impact.people), LIMITS.price_squad, say("another squad")),
        (sum(p.changes_tribe for p in impact.people), LIMITS.price_tribe, say("another tribe")),
    ):
        if people:
            part = say("{months:,} for {what}", months=people * months, what=what)
            times = say("({people:,} \N{MULTIPLICATION SIGN} {months})", people=people, months=months)
            parts.append(joined(" ", [part, times]) if people > 1 else part)
    return say("{price:,} = {parts}.", price=impact.price, parts=joined(" + ", parts))


# People and units


@dataclass(frozen=True, slots=True)
class PersonRow:
    person: Named
    squad: Cell
    tribe: Cell
    manager: Cell
    chapter: Cell
    share: Cell
    remark: str


def person_rows(sides: Sides, people: Iterable[PersonImpact]) -> list[PersonRow]:
    return [
        PersonRow(
            sides.named("person", p.person),
            sides.cell("squad", p.squad_before, p.squad_after),
            sides.cell("tribe", p.tribe_before, p.tribe_after),
            sides.cell("person", p.manager_before, p.manager_after),
            sides.cell("chapter", p.chapter_before, p.chapter_after),
            Cell(_percent(p.share_before), Named(_percent(p.share_after))),
            say("joins") if p.arrives else say("leaves") if p.leaves else "",
        )
        for p in people
    ]


def _percent(share: int | None) -> str:
    return f"{share} %" if share is not None else ""


def people_called(sides: Sides, people: Sequence[PersonImpact], text: str) -> list[PersonImpact]:
    """Return those of these people whose name holds a text, whatever the case of the letters."""
    sought = text.casefold()
    return [p for p in people if sought in sides.named("person", p.person).name.casefold()]


@dataclass(frozen=True, slots=True)
class SquadRow:
    squad: Named
    before: int
    after: int
    stayed: int
    core_kept: int
    remark: str
    is_out: bool  # of the range of sizes
    is_broken: bool  # less than half of its core stays


def squad_rows(sides: Sides, squads: Iterable[SquadImpact]) -> list[SquadRow]:
    return [
        SquadRow(
            sides.named("squad", s.squad),
            s.size_before,
            s.size_after,
            s.stayed,
            s.core_kept,
            _remark(sides, s),
            _limit_passed(sides, s) is not None,
            not s.is_closed and s.core_kept < LIMITS.core_kept,
        )
        for s in squads
    ]


def _remark(sides: Sides, squad: SquadImpact) -> str:
    if squad.is_closed:
        return say("closes")
    if (most := _limit_passed(sides, squad)) is not None:
        return say("limit {most:g}", most=most)
    if squad.is_new:
        return say("new")
    old = _name_in(sides.before, "squad", squad.squad)
    if old != _name_in(sides.after, "squad", squad.squad):
        return say("was {name}", name=old)
    tribe = sides.cell("tribe", *(_tribe(side, squad.squad) for side in (sides.before, sides.after)))
    return say("to {tribe}", tribe=tribe.after.name) if tribe.differs and tribe.after.name else ""


def _limit_passed(sides: Sides, squad: SquadImpact) -> Number | None:
    """Return the limit that a squad has more people than; None where it has not, or is closed."""
    record = sides.after.org.squads.get(squad.squad)
    most = squad_most(sides.after.org, record) if record is not None and not squad.is_closed else None
    return most if is_beyond(squad.size_after, most) else None


def _tribe(side: Side, squad: str) -> str | None:
    record = side.org.squads.get(squad)
    return record.tribe if record is not None else None


@dataclass(frozen=True, slots=True)
class UnitRow:
    unit: Named
    kind: str
    size_before: int
    size_after: int
    span_before: int
    span_after: int
    is_wide: bool


def unit_rows(sides: Sides, units: Iterable[UnitImpact]) -> list[UnitRow]:
    return [
        UnitRow(
            sides.named(u.kind, u.unit),
            noun(u.kind),
            u.size_before,
            u.size_after,
            u.span_before,
            u.span_after,
            _is_wide(sides.after.org, u),
        )
        for u in units
    ]


def _is_wide(org: Org, unit: UnitImpact) -> bool:
    record: Any = org.get(unit.kind, unit.unit)
    lead = record.lead if record is not None else None
    return lead is not None and is_beyond(unit.span_after, span_most(org, lead))


@dataclass(frozen=True, slots=True)
class MissionRow:
    mission: Named
    people_before: int
    people_after: int
    time_before: str
    time_after: str
    squads_before: int
    squads_after: int
    is_left: bool


def mission_rows(sides: Sides, missions: Iterable[MissionImpact]) -> list[MissionRow]:
    return [
        MissionRow(
            sides.named("mission", m.mission),
            m.people_before,
            m.people_after,
            _full_time(m.share_before),
            _full_time(m.share_after),
            m.squads_before,
            m.squads_after,
            m.is_left_without_squad,
        )
        for m in missions
    ]


def _full_time(percent: int) -> Phrase:
    """Return percent of one person as a number of people: 250 is 2.5."""
    return say("{n:g}", n=round(percent / 100, 1))


# The disruption ledger


@dataclass(frozen=True, slots=True)
class PairRow:
    one: Named
    other: Named
    months: int
    starts: bool


def pair_rows(sides: Sides, pairs: Iterable[Pair]) -> list[PairRow]:
    return [PairRow(*_by_name(sides, pair), pair.months, pair.starts) for pair in pairs]


def _by_name(sides: Sides, pair: Pair) -> tuple[Named, Named]:
    one, other = (sides.named("person", id_) for id_ in (pair.one, pair.other))
    return (one, other) if one.name.casefold() <= other.name.casefold() else (other, one)


@dataclass(frozen=True, slots=True)
class AgainRow:
    """Someone whose squad or manager changed within the last twelve months, and does again."""

    person: Named
    number: int  # which change of squad or manager this is
    days: tuple[date, ...]


def again_rows(sides: Sides, earlier: Mapping[str, tuple[date, ...]]) -> list[AgainRow]:
    """Return for whom it is not the first change, those with the most of them first."""
    rows = [AgainRow(sides.named("person", id_), len(days) + 1, days) for id_, days in earlier.items()]
    return sorted(rows, key=lambda row: (-row.number, row.person.name.casefold(), row.person.url))


# What needs a home


@dataclass(frozen=True, slots=True)
class HomelessRow:
    """Something that a closed squad still holds, and the squad that most of its people go to."""

    id: str
    kind: str
    thing: Named
    squad: str
    choose_url: str
    goes_to: Named
    goes_to_id: str


def left_rows(sides: Sides) -> list[HomelessRow]:
    """Return what has no home after a draft, each with a squad that might give it one."""
    return [_left_row(sides, left) for left in left_behind(sides.before.org, sides.after.org)]


def _left_row(sides: Sides, left: LeftBehind) -> HomelessRow:
    org, squad = sides.after.org, sides.named("squad", left.squad).name
    record: Any = org.get(left.kind, left.id)
    if left.kind == "dependency":  # it is between two squads: it is solved, or recorded anew
        waits, needs = org.squads[record.squad], org.squads[record.needs]
        url = f"{reverse('dependency', args=[waits.key, needs.key])}?{sides.after.query}"
        thing = Named(say("{squad} waits for {needs}", squad=waits.name, needs=needs.name), url)
        return HomelessRow(left.id, noun(left.kind), thing, squad, url, Named(""), "")
    heir = _heir(sides, left.squad)
    choose = f"{reverse(f'{left.kind}_edit', args=[record.key])}?{sides.after.query}"
    page = (
        choose if left.kind == "domain" else sides.after.address(left.kind, left.id)
    )  # domains have no page
    thing, goes_to = Named(record.name, page), sides.named("squad", heir)
    return HomelessRow(left.id, noun(left.kind), thing, squad, choose, goes_to, heir or "")


def _heir(sides: Sides, squad: str) -> str | None:
    """Return the open squad that most of a squad's people go to."""
    people = [m.person for m in sides.before.org.memberships_in(squad)]
    homes = Counter(
        home for person in people if (home := _home(sides.after, person)) is not None and home != squad
    )
    return min(homes, key=lambda id_: (-homes[id_], sides.named("squad", id_).name), default=None)
