"""Organizations of any size, the same on every machine: tribes of about 100 people, squads of 8, chapters, guilds.

A tribe's people, squads and chapters depend on its number alone, so the first tribe of an organization of 1,000
people is that of one of 100,000, and its page can be compared between the two.
"""

from __future__ import annotations

import dataclasses
import datetime
import random
import uuid
from collections.abc import Iterator
from typing import Any

from orgmodel.core.records import (
    Chapter,
    ChapterMember,
    Guild,
    GuildMember,
    Membership,
    Mission,
    Person,
    Record,
    Role,
    Squad,
    Tribe,
    Vacancy,
)

TRIBE = 100  # people
SQUAD = 8
FOUNDED = datetime.date(2024, 1, 1)
CRAFTS = ("Backend", "Frontend", "Mobile", "Data", "Design", "Quality", "Operations", "Product")
ROLES = (("Product owner", True), ("Engineer", False), ("Designer", False), ("Agile coach", False))
FIRST = [
    "Ada",
    "Ben",
    "Cleo",
    "Dan",
    "Eva",
    "Finn",
    "Gita",
    "Hugo",
    "Ines",
    "Jan",
    "Kira",
    "Leo",
    "Mara",
    "Nils",
    "Oona",
    "Per",
    "Quinn",
    "Rosa",
    "Sven",
    "Tess",
]
LAST = [
    "Abel",
    "Berg",
    "Costa",
    "Diaz",
    "Ekman",
    "Falk",
    "Grau",
    "Holm",
    "Ito",
    "Jansen",
    "Kaya",
    "Lund",
    "Moser",
    "Novak",
    "Okoye",
    "Patel",
    "Ruiz",
    "Sato",
]
WORDS = [
    "Amber",
    "Birch",
    "Cedar",
    "Delta",
    "Ember",
    "Fjord",
    "Grove",
    "Harbor",
    "Isle",
    "Juniper",
    "Karst",
    "Lagoon",
    "Maple",
    "North",
    "Opal",
]


def records(people: int) -> Iterator[Record]:
    """Yield an organization of so many people, a multiple of 100."""
    dice = random.Random("what they share")
    roles = [Role(id=_id(dice), key=_key(name), name=name, leads=leads, craft=name) for name, leads in ROLES]
    yield from roles
    guilds = [
        Guild(id=_id(dice), key=f"guild-{number}", name=f"{WORDS[number % len(WORDS)]} guild {number}")
        for number in range(max(5, people // 500))
    ]
    yield from guilds
    for number in range(people // TRIBE):
        yield from _tribe(number, [role.id for role in roles], guilds)


def tribe_key(number: int) -> str:
    return f"tribe-{number:04}"


def _tribe(number: int, roles: list[str], guilds: list[Guild]) -> Iterator[Record]:
    dice = random.Random(f"tribe {number}")
    members = [_person(dice, number * TRIBE + index) for index in range(TRIBE)]
    chapters = [
        Chapter(id=_id(dice), key=f"{_key(craft)}-{number:04}", name=craft, competency=craft, tribe=None)
        for craft in CRAFTS
    ]
    tribe_id = _id(dice)
    leads = [members[position] for position in range(len(CRAFTS))]
    mission = Mission(id=_id(dice), key=f"m-{number:04}", statement=f"What tribe {number} is here for")
    yield mission
    for index, person in enumerate(members):
        values = {"craft": CRAFTS[index % len(CRAFTS)], "manager": leads[index % len(CRAFTS)].id}
        yield person if index < len(leads) else _with(person, **values)
    yield Tribe(
        id=tribe_id,
        key=tribe_key(number),
        name=f"{WORDS[number % len(WORDS)]} tribe {number}",
        purpose=f"Everything that tribe {number} looks after",
        lead=members[-1].id,
        product_lead=members[-2].id,
        mission=mission.id,
        color=str(number % 8 + 1),
    )
    squads = TRIBE // SQUAD
    for position in range(squads):
        part_of = Mission(
            id=_id(dice),
            key=f"m-{number:04}-{position}",
            statement=f"Make part {position} of it better every week",
            parent=mission.id,
        )
        squad = Squad(
            id=_id(dice),
            key=f"squad-{number:04}-{position}",
            name=f"{WORDS[position]} {number}",
            tribe=tribe_id,
            mission=part_of.id,
        )
        yield part_of
        yield squad
        for seat, person in enumerate(members[position * SQUAD : (position + 1) * SQUAD]):
            role = roles[0] if seat == 0 else roles[2] if seat == 4 else roles[1]
            yield _membership(dice, person, squad.id, role, share=80 if seat == 7 else 100)
        helper = members[(position * SQUAD + SQUAD + 7) % (squads * SQUAD)]  # the 80 % of the next squad
        yield _membership(dice, helper, squad.id, roles[1], share=20)
    for index, chapter in enumerate(chapters):
        yield _with(chapter, tribe=tribe_id, lead=leads[index].id)
    for index, person in enumerate(members):
        yield ChapterMember(id=_id(dice), person=person.id, chapter=chapters[index % len(chapters)].id)
    for person in members[::5]:
        guild = guilds[dice.randrange(5)] if number < 10 else guilds[dice.randrange(len(guilds))]
        yield GuildMember(id=_id(dice), person=person.id, guild=guild.id)
    for index in range(2):
        yield Vacancy(
            id=_id(dice),
            key=f"vacancy-{number:04}-{index}",
            title="Engineer",
            chapter=chapters[index].id,
            opened_on=FOUNDED,
        )


def _person(dice: random.Random, number: int) -> Person:
    name = f"{dice.choice(FIRST)} {dice.choice(LAST)}"
    return Person(
        id=_id(dice),
        key=f"person-{number:06}",
        name=name,
        email=f"{_key(name)}.{number}@example.com",
        external_ids=(("hris", f"{number:06}"),),
        title="Engineer",
        level=dice.choice(("Junior", "Mid", "Senior", "Staff")),
        city=dice.choice(("Stockholm", "Lisbon", "Austin", "Pune")),
        time_zone="Europe/Stockholm",
        started_on=FOUNDED + datetime.timedelta(days=dice.randrange(900)),
    )


def _membership(dice: random.Random, person: Person, squad: str, role: str, share: int) -> Membership:
    return Membership(id=_id(dice), person=person.id, squad=squad, role=role, share=share, since=FOUNDED)


def _with(record: Any, **values: object) -> Any:
    return dataclasses.replace(record, **values)


def _id(dice: random.Random) -> str:
    return str(uuid.UUID(int=dice.getrandbits(128), version=4))


def _key(name: str) -> str:
    return name.lower().replace(" ", "-")
