"""The board of a tribe: squads as columns, chapters as rows, people in the cells. Read from an `Org`, drawn by
templates/board. It costs what it shows, whatever the organization weighs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import joined, names, said, say
from orgmodel.core.records import Chapter, Membership, Person, Squad, Tribe, Vacancy
from orgmodel.core.rules.base import Number
from orgmodel.core.rules.sizes import squad_most
from orgmodel.findings.about import Mark
from squads.redrawn import Bracket, Elsewhere, Flag, Redrawn, redrawing, tribe_name

NO_CHAPTER = "none"
NO_SQUAD = "none"
WALL = 12  # more squads than this without chapters are a wall rather than one endless row


@dataclass(frozen=True, slots=True)
class Tone:
    """The color of a person. `hue` is a slot of the palette, `step` of the scale from 1 to 4; 0 for neither.

    `code` stands beside the name, `label` in the legend. What `is_alarm` has the colors of problems on the map.
    """

    label: str
    code: str = ""
    hue: int = 0
    step: int = 0
    is_alarm: bool = False


@dataclass(slots=True)
class Card:
    """Someone in a cell. `id` is their membership's, or their own where they have no squad."""

    id: str
    person_key: str
    name: str
    level: str
    share: int | None
    lead_mark: str = ""
    moved_from: str = ""
    is_new: bool = False
    ghost: bool = False
    off: bool = False  # hidden by the filter
    mark: Mark | None = None  # findings about them
    tone: Tone | None = None  # where people are colored by something


@dataclass(slots=True)
class Seat:
    """A vacancy in a cell."""

    id: str
    key: str
    title: str
    age_days: int | None


@dataclass(slots=True)
class Cell:
    id: str
    squad_key: str
    cards: list[Card] = field(default_factory=list)
    vacancies: list[Seat] = field(default_factory=list)


@dataclass(slots=True)
class Column:
    """A squad. `key` is "" for those who have none yet; the last fields say what a draft does to it."""

    id: str
    key: str
    name: str
    size: int
    mission: str = ""
    product_owner: str = ""
    note: str = ""
    size_before: int | None = None
    is_new: bool = False
    closed: bool = False
    bracket: Bracket | None = None
    flag: Flag | None = None
    limit: Number | None = None  # of people in it
    mark: Mark | None = None  # findings that count with it

    @property
    def severity(self) -> str:
        """The worst severity among its findings, "" for none."""
        return self.mark.severity if self.mark is not None else ""


@dataclass(slots=True)
class Row:
    """A chapter, or those without one. `outside` says that it belongs to another tribe.

    `size` counts its people on this board, and those of its members who lead rather than sit in a squad.
    """

    id: str
    key: str
    name: str
    lead_name: str
    outside: bool
    size: int
    cells: list[Cell]
    folded: bool = False
    mark: Mark | None = None  # findings that count with it


@dataclass(slots=True)
class Lead:
    seat: str
    name: str
    key: str


@dataclass(slots=True)
class Neighbor:
    """The tribe before or after this one."""

    name: str
    url: str


@dataclass(slots=True)
class Board:
    tribe: Tribe | None
    name: str
    people_count: int
    squad_count: int
    vacancy_count: int
    leads: list[Lead]
    columns: list[Column]
    rows: list[Row]
    # What a draft set out from, and where else it changes something
    people_before: int | None = None
    squads_before: int | None = None
    elsewhere: list[Elsewhere] = field(default_factory=list)
    more_elsewhere: int = 0
    # What the page around it adds, all in the reality that is read
    can_move: bool = False
    url: str = ""
    finding_count: int = 0
    findings_url: str = ""
    move_url: str = ""
    selection_urls: dict[str, str] = field(default_factory=dict)
    move_hint: str = ""
    targets: list[TargetGroup] = field(default_factory=list)
    more_targets: str = ""  # where to search for the others, if these are not all
    reorganize_url: str = ""
    new_squad_url: str = ""
    origins_url: str = ""
    shows_origins: bool = False
    color: str = (
        ""  # what people are colored by, in words, and what they could be: words, address, whether it is this
    )
    colors: list[tuple[str, str, bool]] = field(default_factory=list)
    legend: Sequence[tuple[Tone, int]] = ()
    version: str = ""  # of what is shown, and where to ask for what has changed since
    live_url: str = ""
    previous: Neighbor | None = None
    next: Neighbor | None = None

    @property
    def layout(self) -> str:
        return (
            "wrap" if len(self.rows) <= 1 and (len(self.columns) > WALL or not self.has_chapters) else "table"
        )

    @property
    def cells(self) -> Iterator[Cell]:
        return (cell for row in self.rows for cell in row.cells)

    @property
    def has_chapters(self) -> bool:
        return any(row.key for row in self.rows)

    @property
    def brackets(self) -> list[tuple[Bracket | None, int]]:
        """Return what stands above the columns, each with how many it spans; nothing where nothing does."""
        spans = [(bracket, len(list(run))) for bracket, run in groupby(c.bracket for c in self.columns)]
        return spans if any(bracket for bracket, _ in spans) else []

    def cells_in(self, squads: Iterable[str]) -> list[Cell]:
        """Return the cells of some squads, by key."""
        wanted = set(squads)
        return [cell for cell in self.cells if cell.squad_key in wanted]

    def cards(self) -> Iterator[Card]:
        return (card for cell in self.cells for card in cell.cards)

    def columns_of(self, squads: Iterable[str]) -> list[Column]:
        wanted = set(squads)
        return [column for column in self.columns if column.key in wanted]


def tribe_board(
    org: Org,
    tribe: Tribe | None,
    *,
    today: date,
    before: Org | None = None,
    show_origins: bool = False,
    text: str = "",
) -> Board:
    """Return the board of a tribe, or of the squads that belong to none.

    `before` is the organization that a draft set out from: moves, new people and closing squads are marked against it,
    and with `show_origins` everyone who moved away leaves a ghost behind. `text` hides those whom it does not match.
    """
    return _Sheet(org, tribe, today=today, before=before, show_origins=show_origins, text=text).board()


class _Sheet:
    """A board while it is drawn up."""

    def __init__(
        self,
        org: Org,
        tribe: Tribe | None,
        *,
        today: date,
        before: Org | None,
        show_origins: bool,
        text: str,
    ) -> None:
        self.org, self.tribe, self.today, self.before = org, tribe, today, before
        self.text = text.casefold().strip()
        self.show_origins = show_origins and before is not None
        self.redrawn = redrawing(before, org) if before is not None else None
        self.product_owner = org.find("role", "product-owner")
        self.chapters: dict[str, Chapter] = {}
        self.cells: dict[tuple[str, str], Cell] = {}
        self.seat_count = 0

    def board(self) -> Board:
        squads = self._squads()
        for squad in squads:
            self._fill(squad)
        columns = [self._column(squad) for squad in squads]
        waiting = self._without_squad()
        if waiting:
            columns.append(
                Column(NO_SQUAD, "", say("No squad yet"), len(waiting), note=say("In the tribe's chapters"))
            )
        board = Board(
            tribe=self.tribe,
            name=title_of(self.tribe),
            people_count=_people_count(self.org, self.tribe),
            squad_count=sum(not column.closed for column in columns) - bool(waiting),
            vacancy_count=self.seat_count,
            leads=self._leads(),
            columns=columns,
            rows=self._rows(columns),
        )
        if self.before is not None and self.redrawn is not None:
            board.people_before = _people_count(self.before, self.tribe)
            board.squads_before = len(squads_in(self.before, self.tribe))
            board.elsewhere, board.more_elsewhere = self.redrawn.elsewhere(self.tribe)
        return board

    # Columns

    def _squads(self) -> list[Squad]:
        """Return the squads to show; in a draft also those that it closes or moves to another tribe."""
        found = squads_in(self.org, self.tribe)
        if self.redrawn is None:
            return found
        lost = self.redrawn.lost.get(self.tribe.id if self.tribe else None, ())
        return sorted([*found, *lost], key=self.redrawn.place)

    def _is_in_tribe(self, squad: Squad | None) -> bool:
        return (
            squad is not None
            and squad.closed_on is None
            and squad.tribe == (self.tribe.id if self.tribe else None)
        )

    def _column(self, squad: Squad) -> Column:
        org, owner = self.org, self.product_owner
        holder = org.holder(squad.id, owner.key) if owner is not None else None  # type: ignore[attr-defined]
        mission = org.missions.get(squad.mission) if squad.mission else None
        column = Column(
            id=squad.id,
            key=squad.key,
            name=squad.name,
            size=org.size_of(squad.id),
            limit=squad_most(org, squad),
            mission=mission.statement if mission is not None else "",
            product_owner=holder.name if holder is not None else "",
            note="" if holder is not None else self._leads_of(squad),
        )
        if self.redrawn is not None:
            self._mark_column(self.redrawn, column, squad)
        return column

    def _mark_column(self, redrawn: Redrawn, column: Column, squad: Squad) -> None:
        """Say what the draft does to a squad."""
        column.size_before = redrawn.size_before(squad)
        column.is_new = redrawn.is_new(squad)
        column.bracket = redrawn.bracket(squad)
        column.flag = redrawn.flag(squad)
        if not self._is_in_tribe(self.org.squads.get(squad.id)):
            column.closed, column.mission, column.note = True, "", redrawn.farewell(squad)

    def _leads_of(self, squad: Squad) -> str:
        leads = dict.fromkeys(person.name for _, person in self.org.squad_leads(squad.id))
        if leads:
            return say("Led by {people}", people=names(leads, limit=2))
        return say("No product owner") if self.product_owner is not None else ""

    # Cells

    def _fill(self, squad: Squad) -> None:
        """Put people and vacancies into the cells of a squad. One that closes keeps the vacancies it leaves behind."""
        now = self.org.squads.get(squad.id)
        is_lost = not self._is_in_tribe(now)
        if not is_lost:
            for membership in self.org.memberships_in(squad.id):
                self._put(self.org, squad, membership)
        if not is_lost or (now is not None and now.closed_on is not None):
            for vacancy in self.org.vacancies_in("squad", squad.id):
                chapter = self.org.chapters.get(vacancy.chapter or "")
                self._cell(chapter, squad).vacancies.append(self._seat(vacancy))
        if self.show_origins and self.before is not None and squad.id in self.before.squads:
            for membership in self.before.memberships_in(squad.id):
                moved = self.org.memberships.get(membership.id)
                if moved is None or moved.squad != squad.id or is_lost:
                    self._put(self.before, squad, membership, ghost=True)

    def _put(self, org: Org, squad: Squad, membership: Membership, *, ghost: bool = False) -> None:
        person = org.people[membership.person]
        chapter = org.chapter_of(person.id)
        card = _card(person, membership.id, membership.share, lead_mark(org, membership, chapter))
        card.ghost = ghost
        if self.before is not None and not ghost:
            self._mark(self.before, card, membership)
        if self.text:
            card.off = self.text not in f"{card.name}\n{card.level}\n{said(card.lead_mark)}".casefold()
        self._cell(chapter, squad).cards.append(card)

    def _mark(self, before: Org, card: Card, membership: Membership) -> None:
        """Say where someone has come from since the draft began."""
        old = before.memberships.get(membership.id)
        if old is not None:
            if old.squad != membership.squad:
                card.moved_from = before.squads[old.squad].name
            elif before.squads[old.squad].tribe != self.org.squads[membership.squad].tribe:
                card.moved_from = tribe_name(before, before.squads[old.squad])
            return
        left = [m for m in before.memberships_of(membership.person) if m.id not in self.org.memberships]
        card.moved_from = before.squads[left[0].squad].name if left else ""
        card.is_new = not left

    def _seat(self, vacancy: Vacancy) -> Seat:
        self.seat_count += 1
        age = max(0, (self.today - vacancy.opened_on).days) if vacancy.opened_on is not None else None
        return Seat(vacancy.id, vacancy.key, vacancy.title, age)

    def _cell(self, chapter: Chapter | None, squad: Squad) -> Cell:
        if chapter is not None:
            self.chapters[chapter.id] = chapter
        return self._cell_at(chapter.id if chapter is not None else NO_CHAPTER, squad.id, squad.key)

    def _cell_at(self, row: str, squad: str, squad_key: str) -> Cell:
        cell = self.cells.get((row, squad))
        if cell is None:
            cell = self.cells[row, squad] = Cell(f"c-{row}-{squad}", squad_key)
        return cell

    # People who wait for a squad, and how many there are

    def _without_squad(self) -> list[Card]:
        """Put the people of the tribe's chapters who are in no squad into a column of their own, and return them.

        Whoever leads a tribe, chapter or guild is not waiting for a squad.
        """
        waiting = []
        for chapter in self._own_chapters():
            for member in self.org.chapter_members_in(chapter.id):
                person = member.person
                if not self.org.is_named("membership", "person", person) and not self.org.seats_of(person):
                    card = _card(self.org.people[person], person, None, "")
                    self._cell_at(chapter.id, NO_SQUAD, "").cards.append(card)
                    waiting.append(card)
        return waiting

    # Rows

    def _own_chapters(self) -> list[Chapter]:
        return self.org.chapters_of(self.tribe.id) if self.tribe is not None else []

    def _rows(self, columns: list[Column]) -> list[Row]:
        own = self._own_chapters()
        ours = {chapter.id for chapter in own}
        outside = by_name(chapter for id_, chapter in self.chapters.items() if id_ not in ours)
        rows = [self._row(columns, chapter, outside=chapter.id not in ours) for chapter in [*own, *outside]]
        if not rows or any(row == NO_CHAPTER for row, _ in self.cells):
            cells = self._cells_of(columns, NO_CHAPTER)
            rows.append(
                Row(
                    NO_CHAPTER,
                    "",
                    say("No chapter"),
                    "",
                    outside=False,
                    size=len(_people_in(cells)),
                    cells=cells,
                )
            )
        return rows

    def _row(self, columns: list[Column], chapter: Chapter, *, outside: bool) -> Row:
        cells = self._cells_of(columns, chapter.id)
        return Row(
            chapter.id,
            chapter.key,
            chapter.name,
            lead_name=self._lead_of(chapter),
            outside=outside,
            size=len(_people_in(cells) | (set() if outside else self._unplaced(chapter))),
            cells=cells,
        )

    def _lead_of(self, chapter: Chapter) -> str:
        lead = self.org.people.get(chapter.lead or chapter.interim_lead or "")
        if lead is None:
            return ""
        return lead.name if chapter.lead else say("Interim: {person}", person=lead.name)

    def _unplaced(self, chapter: Chapter) -> set[str]:
        """Return the keys of a chapter's members who are in no squad."""
        members = (member.person for member in self.org.chapter_members_in(chapter.id))
        return {
            self.org.people[id_].key for id_ in members if not self.org.is_named("membership", "person", id_)
        }

    def _cells_of(self, columns: list[Column], row: str) -> list[Cell]:
        cells = [self._cell_at(row, column.id, column.key) for column in columns]
        for cell in cells:
            cell.cards.sort(key=_leads_first)
        return cells

    def _leads(self) -> list[Lead]:
        """Return who leads the tribe. A missing tribe lead is said, missing others are not."""
        if self.tribe is None:
            return []
        seats = (
            (say("Tribe lead"), self.tribe.lead),
            (say("Product"), self.tribe.product_lead),
            (say("Design"), self.tribe.design_lead),
        )
        people = [(seat, self.org.people.get(person) if person else None) for seat, person in seats]
        return [
            Lead(seat, person.name if person is not None else "", person.key if person is not None else "")
            for seat, person in people
            if person is not None or seat == "Tribe lead"
        ]


def title_of(tribe: Tribe | None) -> str:
    """Return what stands over the squads of a tribe, or over those that belong to none."""
    return tribe.name if tribe is not None else say("Without a tribe")


def squads_in(org: Org, tribe: Tribe | None) -> list[Squad]:
    """Return the open squads of a tribe, or those that belong to none, by name."""
    if tribe is not None:
        return org.squads_of(tribe.id)
    return by_name(squad for squad in org.squads.values() if squad.tribe is None and squad.closed_on is None)


def _people_count(org: Org, tribe: Tribe | None) -> int:
    if tribe is None:
        members = (m for squad in squads_in(org, None) for m in org.memberships_in(squad.id))
        return len({m.person for m in members if org.counts(m)})
    return len(org.people_in_tribe(tribe.id)) if tribe.id in org.tribes else 0


def lead_mark(org: Org, membership: Membership, chapter: Chapter | None) -> str:
    """Return what someone leads, as their card says it."""
    role = org.roles.get(membership.role) if membership.role else None
    marks: list[str] = []
    if chapter is not None and chapter.lead == membership.person:
        marks.append(say("Chapter lead"))
    if role is not None and role.leads:
        marks.append(role.name)
    return joined(", ", marks) if len(marks) > 1 else marks[0] if marks else ""


def _card(person: Person, id_: str, share: int | None, mark: str) -> Card:
    return Card(id_, person.key, person.name, person.level, share, mark)


def _people_in(cells: Iterable[Cell]) -> set[str]:
    return {card.person_key for cell in cells for card in cell.cards if not card.ghost}


def _leads_first(card: Card) -> tuple[bool, str, str]:
    return not card.lead_mark, card.name.casefold(), card.id


# Where people can go

FEW_SQUADS = 40  # an organization of no more squads than this is offered whole; others by what one types


@dataclass(slots=True)
class Target:
    key: str
    name: str
    size: int


@dataclass(slots=True)
class TargetGroup:
    """The squads of a tribe that people can move to."""

    tribe: str
    squads: list[Target]


def offers_all(org: Org) -> bool:
    return org.count("squad") <= FEW_SQUADS


def targets_of(org: Org, tribe: Tribe | None) -> list[TargetGroup]:
    """Return where people on this board can go: all squads where there are few, else those of the tribe."""
    own = [tribe] if tribe is not None or not offers_all(org) else []
    if offers_all(org):
        own += [other for other in org.tribes_by_name() if tribe is None or other.id != tribe.id]
        own += [None] if squads_in(org, None) and None not in own else []
    return list(_groups(org, ((each, squads_in(org, each)) for each in own)))


def find_targets(org: Org, text: str, limit: int = 50) -> list[TargetGroup]:
    """Return the squads whose names, or whose tribes' names, hold all the words of a text; at most so many."""
    words = text.casefold().split()
    found: dict[str | None, list[Squad]] = {}
    for squad in org.squads.values():
        if squad.closed_on is None and all(word in _searchable(org, squad) for word in words):
            found.setdefault(squad.tribe, []).append(squad)
    tribes = by_name(org.tribes[id_] for id_ in found if id_ is not None)
    groups = [(tribe, by_name(found[tribe.id])) for tribe in tribes] + [(None, by_name(found.get(None, [])))]
    shown, left = [], limit
    for tribe, squads in groups:
        shown.append((tribe, squads[:left]))
        left -= len(shown[-1][1])
    return list(_groups(org, shown))


def _searchable(org: Org, squad: Squad) -> str:
    return f"{squad.name}\n{squad.key}\n{tribe_name(org, squad) if squad.tribe else ''}".casefold()


def _groups(org: Org, squads: Iterable[tuple[Tribe | None, list[Squad]]]) -> Iterator[TargetGroup]:
    for tribe, found in squads:
        if found:
            targets = [Target(squad.key, squad.name, org.size_of(squad.id)) for squad in found]
            yield TargetGroup(title_of(tribe), targets)
