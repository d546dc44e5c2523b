"""How the delivery axis looks in the API: what each record's answer holds beyond its own fields.

Plain dictionaries from the `Org`; a page of a hundred people is written without a query and without a serializer each.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from orgmodel.changes.periods import Period
from orgmodel.core.org import Org
from orgmodel.core.records import Person, Squad, System, Tribe
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
    "skills": {**part_shape("person_skill", "person"), "description": "On a single person only."},
    "systems": {**_REFERENCES, "description": "That they answer for, on a single person only."},
    "coaches": {**_REFERENCES, "description": "Squads that they coach, on a single person only."},
}
SQUAD_SHAPE = {
    "size": {**_COUNT, "description": "How many people have their home here."},
    "memberships": {**part_shape("membership", "squad"), "description": "On a single squad only."},
    "vacancies": {**_REFERENCES, "description": "Open ones, on a single squad only."},
    "systems": {**_REFERENCES, "description": "That it owns, on a single squad only."},
    "domains": {**_REFERENCES, "description": "That it answers for, on a single squad only."},
    "needs": {**part_shape("dependency", "squad"), "description": "On a single squad only."},
    "needed_by": {**part_shape("dependency", "needs"), "description": "On a single squad only."},
    "coaches": {**_REFERENCES, "description": "On a single squad only."},
}
SYSTEM_SHAPE = {"owners": part_shape("system_owner", "system")}
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


def person_in_full(org: Org, person: Person) -> Json:
    """Return a person with what they can do, own and coach as well."""
    return {
        **person_json(org, person),
        "skills": [represent(org, skill, without="person") for skill in org.skills_of(person.id)],
        "systems": _references(org, org.systems_owned_by(person.id)),
        "coaches": _references(org, org.squads_coached_by(person.id)),
    }


def squad_json(org: Org, squad: Squad) -> Json:
    return {**represent(org, squad), "size": org.size_of(squad.id)}


def squad_in_full(org: Org, squad: Squad) -> Json:
    """Return a squad with its members, open vacancies, what it owns, and whom it needs and who needs it."""
    members = sorted(org.memberships_in(squad.id), key=lambda m: (org.people[m.person].name.casefold(), m.id))
    return {
        **squad_json(org, squad),
        "memberships": [represent(org, m, without="squad") for m in members],
        "vacancies": _references(org, org.vacancies_in("squad", squad.id)),
        "systems": _references(org, org.systems_of(squad.id)),
        "domains": _references(org, org.domains_of(squad.id)),
        "needs": [represent(org, d, without="squad") for d in org.needs_of(squad.id)],
        "needed_by": [represent(org, d, without="needs") for d in org.needed_by(squad.id)],
        "coaches": _references(org, org.coaches_of(squad.id)),
    }


def system_json(org: Org, system: System) -> Json:
    """Return a system with who answers for it."""
    owners = sorted(org.owners_in(system.id), key=lambda o: (org.people[o.person].name.casefold(), o.id))
    return {
        **represent(org, system),
        "owners": [represent(org, owner, without="system") for owner in owners],
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
