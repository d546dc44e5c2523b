"""What the overview says about an organization. It costs what it shows, whatever the organization weighs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from orgmodel.changes.pages import address, can_change
from orgmodel.core.org import Org
from orgmodel.core.phrases import count, joined, say
from orgmodel.core.records import Tribe
from squads.board import Board, tribe_board
from squads.pictures import mini_matrix

PICTURED = 40  # no more squads than this are drawn person by person; more become lines of numbers
LISTED = 60


@dataclass(slots=True)
class Count:
    """A number with its noun, which opens the rows behind it."""

    words: str
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

    @property
    def size(self) -> str:
        people = count(self.people, "person", "people")
        return say("{people}, {squads}", people=people, squads=count(self.squads, "squad", "squads"))


def headline(org: Org, lines: list[TribeLine]) -> str:
    """Return the state of the organization in a sentence or two, with what most needs someone first."""
    people, placed, squads = org.count("person"), org.count_in_squads(), org.count("squad")
    if not people:
        return (
            say("{squads}, and nobody yet.", squads=_squads(squads)) if squads else say("Nobody is here yet.")
        )
    if not squads:
        return count(people, "{n:,}\u00a0person, and no squad yet.", "{n:,}\u00a0people, and no squad yet.")
    who = count(people, "{n:,}\u00a0person works", "{n:,}\u00a0people work")
    if 0 < placed < people:
        who = say("{placed:,} of {people:,}\u00a0people work", placed=placed, people=people)
    sentences = [say("{who} in {squads}.", who=who, squads=_squads(squads)), *_concern(org, lines)]
    return joined(" ", sentences)


def _squads(number: int) -> str:
    return count(number, "{n:,}\u00a0squad", "{n:,}\u00a0squads")


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
        ("tribe", _("Add a tribe"), "tribe_new"),
        ("squad", _("Add a squad"), "squad_new"),
        ("person", _("Hire someone"), "person_new"),
    )
    steps = [Step(label, address(request, page)) for kind, label, page in missing if not org.count(kind)]
    return [*steps, Step(_("Import files"), address(request, "import_upload"))]


def _concern(org: Org, lines: list[TribeLine]) -> Iterator[str]:
    """Yield what most needs someone, if anything does."""
    ownerless = [name for line in lines for name in line.without_owner]
    vacancies = org.count("vacancy")
    if len(ownerless) == 1:
        yield say("One has no product owner: {squad}.", squad=ownerless[0])
    elif ownerless:
        yield say("{n}\u00a0squads have no product owner.", n=len(ownerless))
    elif vacancies:
        yield count(vacancies, "{n:,}\u00a0seat is open.", "{n:,}\u00a0seats are open.")


def counts(request: Any, org: Org) -> list[Count]:
    """Return how many there are of what, each with the page that lists them."""
    kinds = ("tribe", "chapter", "guild", "vacancy")
    tribes, chapters, guilds, vacancies = (org.count(kind) for kind in kinds)
    without = org.count("person") - org.count_in_squads()
    found = (
        (tribes, count(tribes, "{n:,} tribe", "{n:,} tribes"), address(request, "tribes")),
        (chapters, count(chapters, "{n:,} chapter", "{n:,} chapters"), address(request, "chapters")),
        (guilds, count(guilds, "{n:,} guild", "{n:,} guilds"), address(request, "guilds")),
        (vacancies, count(vacancies, "{n:,} vacancy", "{n:,} vacancies"), address(request, "vacancies")),
        (
            without,
            count(without, "{n:,} person without a squad", "{n:,} people without a squad"),
            address(request, "people", squad="none"),
        ),
    )
    return [Count(words, url) for number, words, url in found if number > 0]


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
