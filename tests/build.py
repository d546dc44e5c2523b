"""Organizations in sentences: `an_org(tribe("Payments", squad("Phoenix", "Ana", "Ben")))`.

Ids are the plain names in the shape of UUIDs, so a test can say `id_of("Ana")`; keys are slugs. Everything is put in
place as given, without operations, so that a test can also start from a flawed organization.
"""

from __future__ import annotations

import dataclasses
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from orgmodel.core.changes import diff
from orgmodel.core.operations import ApplyChanges
from orgmodel.core.operations.base import pair_id
from orgmodel.core.operations.guilds import guild_member_id
from orgmodel.core.operations.skills import skill_id
from orgmodel.core.org import Org
from orgmodel.core.records import (
    Chapter,
    ChapterMember,
    Coaching,
    Dependency,
    Domain,
    Guild,
    GuildMember,
    Membership,
    Mission,
    Person,
    PersonSkill,
    Record,
    Role,
    RuleSetting,
    Squad,
    System,
    SystemOwner,
    Tribe,
    Vacancy,
    Waiver,
    Word,
)


def id_of(*names: str) -> str:
    """Return the id that a name has in these tests; two names for a membership: `id_of("Ana", "Phoenix")`."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, "/".join(names)))


def key_of(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


@dataclass(frozen=True)
class Part:
    """Some records, and the names of people mentioned in them."""

    records: tuple[Record, ...]
    people: tuple[str, ...] = ()


def person(name: str, **fields: Any) -> Part:
    return Part((Person(id=id_of(name), name=name, **_keyed(name, fields)),))


def role(name: str, *, leads: bool = False, craft: str = "") -> Part:
    return Part((Role(id=id_of(name), key=key_of(name), name=name, leads=leads, craft=craft),))


def mission(statement: str, **fields: Any) -> Part:
    return Part((Mission(id=id_of(statement), statement=statement, **_keyed(statement, fields)),))


def tribe(name: str, *parts: Part, **fields: Any) -> Part:
    """A tribe with the squads and chapters given."""
    own = Tribe(id=id_of(name), name=name, **_keyed(name, fields))
    return _joined(own, [_placed(part, own.id) for part in parts])


def squad(
    name: str,
    *people: str,
    shares: dict[str, int] | None = None,
    roles: dict[str, str] | None = None,
    since: dict[str, date] | None = None,
    **fields: Any,
) -> Part:
    """A squad with the people named; their shares and roles, and since when they are in it, by name."""
    own = Squad(id=id_of(name), name=name, **_keyed(name, fields))
    members = tuple(
        Membership(
            id=id_of(who, name),
            person=id_of(who),
            squad=own.id,
            share=(shares or {}).get(who),
            role=id_of(roles[who]) if roles and who in roles else None,
            since=(since or {}).get(who),
        )
        for who in people
    )
    return Part((own, *members), people)


def chapter(name: str, *people: str, **fields: Any) -> Part:
    own = Chapter(id=id_of(name), name=name, **_keyed(name, fields))
    members = tuple(ChapterMember(id=id_of(who), person=id_of(who), chapter=own.id) for who in people)
    return Part((own, *members), people)


def guild(name: str, *people: str, **fields: Any) -> Part:
    own = Guild(id=id_of(name), name=name, **_keyed(name, fields))
    members = tuple(
        GuildMember(id=guild_member_id(id_of(who), own.id), person=id_of(who), guild=own.id) for who in people
    )
    return Part((own, *members), people)


def vacancy(title: str, **fields: Any) -> Part:
    return Part((Vacancy(id=id_of(title), title=title, **_keyed(title, fields)),))


def domain(name: str, **fields: Any) -> Part:
    return Part((Domain(id=id_of(name), name=name, **_keyed(name, fields)),))


def system(name: str, owners: dict[str, str] | None = None, **fields: Any) -> Part:
    """A system, and who answers for it by name, each with their perspective."""
    own = System(id=id_of(name), name=name, **_keyed(name, fields))
    records = tuple(
        SystemOwner(id=pair_id(own.id, id_of(who)), system=own.id, person=id_of(who), perspective=perspective)
        for who, perspective in (owners or {}).items()
    )
    return Part((own, *records), tuple(owners or ()))


def skills(who: str, **proficiencies: str) -> Part:
    """What someone can do and how well: `skills("Ana", Go="expert")`."""
    records = tuple(
        PersonSkill(id=skill_id(id_of(who), skill), person=id_of(who), skill=skill, proficiency=proficiency)
        for skill, proficiency in proficiencies.items()
    )
    return Part(records, (who,))


def needs(squad: str, other: str, **fields: Any) -> Part:
    """A squad that waits for another; its id is `id_of(squad, other)`."""
    return Part((Dependency(id=id_of(squad, other), squad=id_of(squad), needs=id_of(other), **fields),))


def coaching(who: str, *squads: str) -> Part:
    records = tuple(
        Coaching(id=pair_id(id_of(squad), id_of(who)), person=id_of(who), squad=id_of(squad))
        for squad in squads
    )
    return Part(records, (who,))


def setting(rule: str, **fields: Any) -> Part:
    return Part((RuleSetting(id=id_of(rule), key=rule, **fields),))


def word(term: str, one: str, many: str, forms: Mapping[str, str] | None = None) -> Part:
    return Part(
        (Word(id=id_of(term), key=term, one=one, many=many, forms=tuple(sorted((forms or {}).items()))),)
    )


def waiver(finding: str, **fields: Any) -> Part:
    return Part((Waiver(id=id_of(finding), key=finding, **fields),))


def an_org(*parts: Part) -> Org:
    """Return the organization of these parts. People who are only mentioned are created by their name."""
    records = {(record.KIND, record.id): record for part in parts for record in part.records}
    for name in dict.fromkeys(name for part in parts for name in part.people):
        records.setdefault(("person", id_of(name)), Person(id=id_of(name), key=key_of(name), name=name))
    return Org.build(records.values())


def save(org: Org, **options: Any) -> Any:
    """Commit an organization as the first change set of an empty database and return it."""
    from django.utils import timezone

    from orgmodel.changes import services

    defaults: dict[str, Any] = {
        "actor": services.Actor("Founder"),
        "message": "The beginning.",
        "source": "import",
        "at": timezone.now(),
    }
    founding = ApplyChanges(title="Found the organization", changes=tuple(diff(Org.empty(), org)))
    return services.commit([founding], **(defaults | options))


def _keyed(name: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {"key": key_of(name)} | _refs(fields)


def _refs(fields: dict[str, Any]) -> dict[str, Any]:
    """Turn the names given for references into ids."""
    named = {
        "lead",
        "product_lead",
        "design_lead",
        "mission",
        "manager",
        "coordinator",
        "sponsor",
        "parent",
        "tribe",
    }
    named |= {"squad", "chapter", "hiring_manager", "filled_by", "interim_lead", "claimed_by", "domain"}
    return {
        name: id_of(value) if name in named and value is not None else value for name, value in fields.items()
    }


def _placed(part: Part, tribe_id: str) -> Part:
    records = tuple(
        dataclasses.replace(record, tribe=tribe_id) if isinstance(record, (Squad, Chapter)) else record
        for record in part.records
    )
    return Part(records, part.people)


def _joined(own: Record, parts: Iterable[Part]) -> Part:
    parts = list(parts)
    records = tuple(record for part in parts for record in part.records)
    return Part((own, *records), tuple(name for part in parts for name in part.people))
