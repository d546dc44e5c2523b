"""What the overview says about an organization. It costs what it shows, whatever the organization weighs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from django.utils.safestring import SafeString

from orgmodel.changes.pages import address, can_change
from orgmodel.core.org import Org
from orgmodel.core.records import Tribe
from squads.board import Board, tribe_board
from squads.pictures import mini_matrix

PICTURED = 40  # no more squads than this are drawn person by person; more become lines of numbers
LISTED = 60


@dataclass(slots=True)
class Count:
    """A number that opens the rows behind it."""

    value: int
    label: str
    url: str


@dataclass(slots=True)
class TribeLine:
    """A tribe in numbers and, in an organization that is small enough, as a picture."""

    tribe: Tribe
    people: int
    squads: int
    chapters: int
    vacancies: int
    lead: str
    picture: SafeString | None = None
    without_owner: list[str] = field(default_factory=list)


def headline(org: Org, lines: list[TribeLine]) -> str:
    """Return the state of the organization in a sentence or two, with what most needs someone first."""
    people, placed, squads = org.count("person"), org.count_in_squads(), org.count("squad")
    if not people:
        return f"{_many(squads, 'squad', 'squads')}, and nobody yet." if squads else "Nobody is here yet."
    if not squads:
        return f"{_many(people, 'person', 'people')}, and no squad yet."
    who = _many(people, "person works", "people work")
    if 0 < placed < people:
        who = f"{placed:,} of {people:,}\u00a0people work"
    return f"{who} in {_many(squads, 'squad', 'squads')}. {_concern(org, lines)}".rstrip()


@dataclass(slots=True)
class Step:
    """What a young organization still lacks, and the page that adds it."""

    label: str
    url: str


def next_steps(request: Any, org: Org) -> list[Step]:
    """Return what to do next where there are no people or no squads yet, for someone who may."""
    if not can_change(request) or (org.count("squad") and org.count("person")):
        return []
    missing = (
        ("tribe", "Add a tribe", "tribe_new"),
        ("squad", "Add a squad", "squad_new"),
        ("person", "Hire someone", "person_new"),
    )
    steps = [Step(label, address(request, page)) for kind, label, page in missing if not org.count(kind)]
    return [*steps, Step("Import files", address(request, "import_upload"))]


def _concern(org: Org, lines: list[TribeLine]) -> str:
    ownerless = [name for line in lines for name in line.without_owner]
    if len(ownerless) == 1:
        return f"One has no product owner: {ownerless[0]}."
    if ownerless:
        return f"{len(ownerless)}\u00a0squads have no product owner."
    vacancies = org.count("vacancy")
    return f"{_many(vacancies, 'seat is', 'seats are')} open." if vacancies else ""


def _many(count: int, one: str, many: str) -> str:
    return f"{count:,}\u00a0{one if count == 1 else many}"


def counts(request: Any, org: Org) -> list[Count]:
    """Return how many there are of what, each with the page that lists them."""
    kinds = (
        ("tribe", "tribe", "tribes"),
        ("chapter", "chapter", "chapters"),
        ("guild", "guild", "guilds"),
        ("vacancy", "vacancy", "vacancies"),
    )
    found = [
        Count(count, one if count == 1 else many, address(request, many))
        for kind, one, many in kinds
        if (count := org.count(kind))
    ]
    without = org.count("person") - org.count_in_squads()
    if without > 0:
        label = "person without a squad" if without == 1 else "people without a squad"
        found.append(Count(without, label, address(request, "people", squad="none")))
    return found


def tribe_lines(request: Any, org: Org, today: date) -> list[TribeLine]:
    """Return the tribes by name, the first few of very many."""
    pictured = org.count("squad") <= PICTURED
    return [_line(request, org, tribe, today, pictured) for tribe in islice(org.tribes_by_name(), LISTED)]


def _line(request: Any, org: Org, tribe: Tribe, today: date, pictured: bool) -> TribeLine:
    lead = org.people.get(tribe.lead) if tribe.lead else None
    squads = org.squads_of(tribe.id)
    line = TribeLine(
        tribe=tribe,
        people=len(org.people_in_tribe(tribe.id)),
        squads=len(squads),
        chapters=len(org.chapters_of(tribe.id)),
        vacancies=sum(len(org.vacancies_in("squad", squad.id)) for squad in squads),
        lead=lead.name if lead is not None else "",
    )
    if pictured:
        board = tribe_board(org, tribe, today=today)
        urls = {column.key: address(request, "squad", column.key) for column in board.columns if column.key}
        line.picture = mini_matrix(board, urls)
        line.without_owner = _without_owner(org, board)
    return line


def specimen(org: Org, today: date) -> list[SafeString]:
    """Return two tribes of an organization as pictures that lead nowhere."""
    return [mini_matrix(tribe_board(org, tribe, today=today), {}) for tribe in org.tribes_by_name()[:2]]


def _without_owner(org: Org, board: Board) -> list[str]:
    """Return the squads that lack a product owner, in an organization that has such a role."""
    if org.find("role", "product-owner") is None:
        return []
    return [c.name for c in board.columns if c.key and not c.closed and not c.product_owner]
