"""Which files there are, what their columns are called, and the guard against cells that act as formulas."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from orgmodel.core.phrases import Phrase, say
from orgmodel.core.records import specs_of
from orgmodel.core.rules.integrity import KEY_CHARACTERS

KIND_OF: Mapping[str, str] = MappingProxyType(
    {
        "people.csv": "person",
        "tribes.csv": "tribe",
        "squads.csv": "squad",
        "memberships.csv": "membership",
        "chapters.csv": "chapter",
        "chapter_members.csv": "chapter_member",
        "guilds.csv": "guild",
        "guild_members.csv": "guild_member",
        "missions.csv": "mission",
        "vacancies.csv": "vacancy",
        "roles.csv": "role",
        "squad_lineage.csv": "squad_lineage",
        "tribe_lineage.csv": "tribe_lineage",
        "chapter_lineage.csv": "chapter_lineage",
        "domains.csv": "domain",
        "systems.csv": "system",
        "system_owners.csv": "system_owner",
        "person_skills.csv": "person_skill",
        "dependencies.csv": "dependency",
        "coachings.csv": "coaching",
        "rule_settings.csv": "rule_setting",
        "waivers.csv": "waiver",
        "words.csv": "word",
    }
)
"""The kind of record that each file holds, in the order in which people think of them."""
FILE_OF: Mapping[str, str] = MappingProxyType({kind: file for file, kind in KIND_OF.items()})
KIND_NAMED: Mapping[str, str] = MappingProxyType(
    {file.removesuffix(".csv"): kind for file, kind in KIND_OF.items()}
)
"""The kind of record that a list, a sheet or an upload is of, by its plain name, such as "people"."""


def kind_named(name: str) -> str:
    """Return the kind that "people.csv" or a sheet called "Chapter members" holds, or "" where it names none."""
    stem = name.rsplit(".", 1)[0] if name.lower().endswith((".csv", ".xlsx")) else name
    return KIND_NAMED.get(stem.strip().lower().replace(" ", "_"), "")


HOME = ("squad", "fte", "role")
"""What a file of people may say about everyone's home squad: the squad, by key or name, the share, and the role."""


class Pairs(NamedTuple):
    """A field that holds names with a value each: it has one column for each name, which begins with the prefix."""

    field: str
    prefix: str
    name: Phrase
    example: str

    def name_in(self, column: str) -> str | None:
        """Return the name that a column is for, or None where it is no column of this field."""
        return column.removeprefix(self.prefix) if column.startswith(self.prefix) else None


PAIRS: Mapping[str, Pairs] = MappingProxyType(
    {
        "person": Pairs("external_ids", "external_id:", say("source"), "external_id:hris"),
        "rule_setting": Pairs("thresholds", "threshold:", say("threshold"), "threshold:most"),
        "word": Pairs("forms", "form:", say("form"), "form:sv:one"),
    }
)


def paired_name(kind: str, column: str) -> str | None:
    """Return "hris" for the column "external_id:hris" of people, and None for columns that are fields."""
    return PAIRS[kind].name_in(column) if kind in PAIRS else None


_LINE = ("predecessor", "successor", "on")
IDENTITY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "membership": ("person", "squad"),
        "chapter_member": ("person",),
        "guild_member": ("person", "guild"),
        "squad_lineage": _LINE,
        "tribe_lineage": _LINE,
        "chapter_lineage": _LINE,
        "system_owner": ("system", "person"),
        "person_skill": ("person", "skill"),
        "dependency": ("squad", "needs"),
        "coaching": ("squad", "person"),
    }
)
"""What tells one record from another where there is no key."""


def identity_of(kind: str) -> tuple[str, ...]:
    return IDENTITY.get(kind, ("key",))


def identifying_columns(kind: str, match: str = "key") -> tuple[str, ...]:
    """Return the columns without which nobody knows what a row is about."""
    return (match,) if kind == "person" else identity_of(kind)


@functools.cache
def required_columns(kind: str, match: str = "key") -> tuple[str, ...]:
    """Return the columns that a file must have; people need a key only where they are told apart by it."""
    needed = [name for name, spec in specs_of(kind).items() if spec.required]
    if kind != "person":
        return tuple(needed)
    return (*needed, "email") if match == "key" else (match, "name")


# A spreadsheet takes a cell that begins like this for a formula. Apostrophes in front are already guards, or text that
# looks like one; either way one more goes on and one comes off, so that nothing is lost.
_RISKY = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def guard(text: str) -> str:
    return "'" + text if _RISKY.match(text) else text


def unguard(text: str) -> str:
    """Take exactly one guard off."""
    return text[1:] if text[:1] == "'" and _GUARDED.match(text) else text


# Other systems' keys hold slashes, spaces or an @, which cannot stand in the address of a page.
_NOT_IN_ADDRESSES = {code: "-" for code in range(0x20, 0x7F) if chr(code) not in KEY_CHARACTERS}


def key_in(cell: str) -> str:
    """Return the key that a cell stands for: "kubernetes/sig-apps" is kept as "kubernetes-sig-apps"."""
    return unguard(cell.strip()).translate(_NOT_IN_ADDRESSES)
