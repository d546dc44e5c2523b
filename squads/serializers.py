"""How the delivery axis looks in the API: what each record's answer holds beyond its own fields.

Plain dictionaries from the `Org`; a page of a hundred people is written without a query and without a serializer each.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from orgmodel.changes.periods import Period
from orgmodel.core.org import Org
from orgmodel.core.records import Person, Squad, Tribe
from orgmodel.integrations.resources import Json, reference, represent
from orgmodel.integrations.schema import part_shape
from orgmodel.integrations.shapes import Shape

_REFERENCE: Shape = {"$ref": "#/components/schemas/Reference"}
_REFERENCES: Shape = {"type": "array", "items": _REFERENCE}
_COUNT: Shape = {"type": "integer"}

PERSON_SHAPE = {
    "memberships": part_shape("membership", "person"),
    "chapter": {"oneOf": [_REFERENCE, {"type": "null"}]},
    "guilds": _REFERENCES,
}
SQUAD_SHAPE = {
    "size": {**_COUNT, "description": "How many people have their home here."},
    "memberships": {**part_shape("membership", "squad"), "description": "On a single squad only."},
    "vacancies": {**_REFERENCES, "description": "Open ones, on a single squad only."},
}
TRIBE_SHAPE = {
    "size": {**_COUNT, "description": "How many people belong to it. On a single tribe only."},
    "squads": {**_REFERENCES, "description": "Open ones, on a single tribe only."},
    "chapters": {**_REFERENCES, "description": "Open ones, on a single tribe only."},
}


def person_json(org: Org, person: Person) -> Json:
    """Return a person with their memberships, chapter and guilds."""
    chapter = org.chapter_member_of(person.id)
    return {
        **represent(org, person),
        "memberships": [represent(org, m, without="person") for m in org.memberships_of(person.id)],
        "chapter": reference(org, "chapter", chapter.chapter) if chapter else None,
        "guilds": [reference(org, "guild", m.guild) for m in org.guild_members_of(person.id)],
    }


def squad_json(org: Org, squad: Squad) -> Json:
    return {**represent(org, squad), "size": org.size_of(squad.id)}


def squad_in_full(org: Org, squad: Squad) -> Json:
    """Return a squad with its members and open vacancies."""
    members = sorted(org.memberships_in(squad.id), key=lambda m: (org.people[m.person].name.casefold(), m.id))
    return {
        **squad_json(org, squad),
        "memberships": [represent(org, m, without="squad") for m in members],
        "vacancies": _references(org, org.vacancies_in("squad", squad.id)),
    }


def tribe_in_full(org: Org, tribe: Tribe) -> Json:
    """Return a tribe with its open squads and chapters."""
    return {
        **represent(org, tribe),
        "size": len(org.people_in_tribe(tribe.id)),
        "squads": _references(org, org.squads_of(tribe.id)),
        "chapters": _references(org, org.chapters_of(tribe.id)),
    }


def period_json(period: Period) -> Json:
    place = period.place
    return {
        **dataclasses.asdict(dataclasses.replace(period, place=None)),
        "place": {"id": place.id, "key": place.key, "name": place.name} if place is not None else None,
    }


def _references(org: Org, records: list[Any]) -> list[Json | None]:
    return [reference(org, record.KIND, record.id) for record in records]
