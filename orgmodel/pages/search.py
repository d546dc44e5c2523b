"""Search over everything that has a name: a few of each kind, and where to see the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from orgmodel.changes.pages import address
from orgmodel.core.org import Org
from squads import queries

SHOWN = 8  # of each kind


@dataclass(frozen=True, slots=True)
class Kind:
    """What is searched of a kind of record, how it is listed, and what stands beside a name."""

    kind: str
    label: str
    fields: tuple[str, ...]
    page: str
    list_page: str
    note: Callable[[Org, Any], str]
    order: str = "name"


@dataclass(frozen=True, slots=True)
class Hit:
    name: str
    note: str
    url: str
    color: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind. `more` are not shown; `url` lists them all."""

    label: str
    hits: list[Hit]
    more: int
    url: str


def _of_person(org: Org, person: Any) -> str:
    home = org.primary_membership(person.id)
    parts = [person.title, org.squads[home.squad].name if home is not None else "no squad"]
    return ", ".join(part for part in parts if part) if person.is_here else "has left"


def _of_squad(org: Org, squad: Any) -> str:
    return ", ".join(part for part in (_tribe_of(org, squad), "closed" if squad.closed_on else "") if part)


def _tribe_of(org: Org, unit: Any) -> str:
    tribe = org.tribes.get(unit.tribe) if unit.tribe else None
    return tribe.name if tribe is not None else ""


def _people_in(org: Org, tribe: Any) -> str:
    squads = len(org.squads_of(tribe.id))
    return f"{squads} squad{'' if squads == 1 else 's'}"


def _owner_of(org: Org, system: Any) -> str:
    owner = org.squads[system.squad].name if system.squad else "no squad"
    return f"{owner}, retired" if system.closed_on else owner


def _holders(org: Org, mission: Any) -> str:
    return ", ".join(squad.name for squad in org.squads_on(mission.id)[:3])


KINDS = (
    Kind("person", "People", ("name", "title", "email", "key"), "person", "people", _of_person),
    Kind("squad", "Squads", ("name", "key"), "squad", "squads", _of_squad),
    Kind("tribe", "Tribes", ("name", "key"), "tribe", "tribes", _people_in),
    Kind("chapter", "Chapters", ("name", "competency", "key"), "chapter", "chapters", _of_squad),
    Kind("guild", "Guilds", ("name", "key"), "guild", "guilds", lambda org, guild: guild.purpose[:100]),
    Kind("system", "Systems", ("name", "skill", "key"), "system", "systems", _owner_of),
    Kind("mission", "Missions", ("statement", "key"), "mission", "missions", _holders, order="statement"),
)


def find(request: Any, text: str) -> list[Group]:
    """Return what holds all the words of a text, by kind; kinds without a hit are left out."""
    found = []
    for kind in KINDS:
        page = queries.page_of(
            request.reality, kind.kind, queries.words(text, kind.fields), "1", order=kind.order
        )
        hits = [_hit(request, kind, record) for record in page.object_list[:SHOWN]]
        if hits:
            url = address(request, kind.list_page, q=text)
            found.append(Group(kind.label, hits, page.paginator.count - len(hits), url))
    return found


def _hit(request: Any, kind: Kind, record: Any) -> Hit:
    note = kind.note(request.reality.org, record)
    return Hit(record.name, note, address(request, kind.page, record.key), getattr(record, "color", ""))
