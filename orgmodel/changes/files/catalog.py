"""The Backstage catalog: `Group`, `User`, `Domain` and `System` entities, as multi-document YAML, in and out.

The reader is strict: no anchors, aliases or tags, nothing deep, and every plain value is text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from orgmodel.changes.files.layout import guard
from orgmodel.changes.files.reading import MISSING, Cell, Fault, Table, also_in_line
from orgmodel.core.operations.base import noun
from orgmodel.core.org import Org
from orgmodel.core.phrases import Phrase, say
from orgmodel.core.rules.integrity import is_closed

API_VERSION = "backstage.io/v1alpha1"
OUR_KEY = "orgmodel/key"  # annotation: the key, where a Backstage name cannot be it
UNIT_OF = {
    "tribe": "tribe",
    "department": "tribe",
    "division": "tribe",
    "business-unit": "tribe",
    "squad": "squad",
    "team": "squad",
    "product-team": "squad",
    "chapter": "chapter",
    "guild": "guild",
}
"""What a Group is, by its `spec.type`."""
MAX_DEPTH = 12
MAX_ENTITIES = 50_000
MAX_NODES = 1_000_000  # what takes seconds to read

Json = Any


# Out


def write_catalog(org: Org) -> Iterator[bytes]:
    """Yield the entities of an organization as YAML documents; closed units and people who left are none."""
    names = _Names(org)
    for entity in _entities(org, names):
        yield yaml.dump(
            entity,
            Dumper=yaml.CSafeDumper,
            encoding="utf-8",
            explicit_start=True,
            sort_keys=False,
            allow_unicode=True,
            width=1000,
        )


class _Names:
    """The name of each record's entity: its key, with its kind where a key is too long or two groups share it."""

    def __init__(self, org: Org) -> None:
        units = [
            record for kind in ("tribe", "squad", "chapter", "guild") for record in org.table(kind).values()
        ]
        self._shared = {key for key, count in Counter(_key(unit) for unit in units).items() if count > 1}

    def of(self, record: Any) -> str:
        is_unit = record.KIND in UNIT_OF
        name = f"{record.key}-{record.KIND}" if is_unit and record.key in self._shared else record.key
        return name if _NAME.fullmatch(name) else f"{_trimmed(name)}-{record.id[:8]}"


_NAME = re.compile(r"(?=.{1,63}$)[A-Za-z0-9]+([-_.][A-Za-z0-9]+)*")


def _key(record: Any) -> str:
    return str(record.key)


def _trimmed(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name)[:50].strip("-") or "x"


def _entities(org: Org, names: _Names) -> Iterator[dict[str, Json]]:
    def here(table: Mapping[str, Any]) -> list[Any]:
        return sorted((record for record in table.values() if not is_closed(record)), key=_key)

    def refs(table: Mapping[str, Any], ids: Any) -> list[str]:
        found = (table[id_] for id_ in ids)
        return sorted(names.of(record) for record in found if not is_closed(record))

    for domain in here(org.domains):
        yield _entity(names, "Domain", domain, _owned(org, names, domain))
    for system in here(org.systems):
        domain = org.domains.get(system.domain or "")
        more = {"domain": names.of(domain)} if domain is not None and not is_closed(domain) else {}
        yield _entity(names, "System", system, {**_owned(org, names, system), **more})
    for tribe in here(org.tribes):
        units = [*org.squads_of(tribe.id), *org.chapters_of(tribe.id)]
        children = sorted(names.of(unit) for unit in units if not is_closed(unit))
        yield _entity(names, "Group", tribe, {"type": "tribe", "children": children})
    for kind, table, members in (
        ("squad", org.squads, org.memberships_in),
        ("chapter", org.chapters, org.chapter_members_in),
        ("guild", org.guilds, org.guild_members_in),
    ):
        for unit in here(table):
            tribe = org.tribes.get(getattr(unit, "tribe", None) or "")
            parent = {"parent": names.of(tribe)} if tribe is not None and not is_closed(tribe) else {}
            people = refs(org.people, (member.person for member in members(unit.id)))
            yield _entity(names, "Group", unit, {"type": kind, **parent, "children": [], "members": people})
    for person in here(org.people):
        units = [org.squads[member.squad] for member in org.memberships_of(person.id)]
        units += [org.guilds[member.guild] for member in org.guild_members_of(person.id)]
        chapter = org.chapter_of(person.id)
        units += [chapter] if chapter is not None else []
        groups = sorted(names.of(unit) for unit in units if not is_closed(unit))
        profile = {"displayName": person.name, **({"email": person.email} if person.email else {})}
        yield _entity(names, "User", person, {"profile": profile, "memberOf": groups})


def _owned(org: Org, names: _Names, record: Any) -> dict[str, Json]:
    squad = org.squads.get(record.squad or "")
    return {"owner": names.of(squad) if squad is not None and not is_closed(squad) else "unowned"}


def _entity(names: _Names, kind: str, record: Any, spec: dict[str, Json]) -> dict[str, Json]:
    name, metadata = names.of(record), dict[str, Json]()
    metadata["name"] = name
    if kind == "Group":
        spec = {"type": spec.pop("type"), "profile": {"displayName": record.name}, **spec}
    elif kind != "User":
        metadata["title"] = record.name
    if getattr(record, "purpose", ""):
        metadata["description"] = record.purpose
    if name != record.key:
        metadata["annotations"] = {OUR_KEY: record.key}
    return {"apiVersion": API_VERSION, "kind": kind, "metadata": metadata, "spec": spec}


# In


def read_catalog(file: str, content: bytes, faults: list[Fault]) -> list[Table]:
    """Return a table for each kind of record that a catalog can hold, empty ones left out."""
    catalog = _Catalog(file, faults)
    try:
        for line, body in _documents(content):
            catalog.take(line, body)
    except BadYaml as bad:
        faults.append(Fault(file, bad.line, "", bad.message))
        return []
    return catalog.tables()


_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "person": ("key", "name", "email"),
    "tribe": ("key", "name", "purpose"),
    "squad": ("key", "name", "tribe"),
    "membership": ("person", "squad"),
    "chapter": ("key", "name", "tribe"),
    "chapter_member": ("person", "chapter"),
    "guild": ("key", "name", "purpose"),
    "guild_member": ("person", "guild"),
    "domain": ("key", "name", "squad"),
    "system": ("key", "name", "squad", "domain"),
}
_MEMBERS = {"squad": "membership", "chapter": "chapter_member", "guild": "guild_member"}


@dataclass(slots=True)
class _Catalog:
    """The entities of one file by kind and name, and what is wrong with them."""

    file: str
    faults: list[Fault]
    entities: dict[tuple[str, str], _Entity] = field(default_factory=dict)
    parents: dict[str, str] = field(
        default_factory=dict
    )  # plain name -> the first group that calls it a child

    def take(self, line: int, body: Json) -> None:
        kind = _text_at(body, "kind")
        if kind not in ("Group", "User", "Domain", "System"):
            return  # components, APIs, locations and so on: a catalog is more than an organization
        entity = _Entity(line, kind, body)
        if not entity.name:
            self._fault(line, "metadata.name", MISSING)
        elif (kind, entity.name.casefold()) in self.entities:
            first = self.entities[kind, entity.name.casefold()].line
            self._fault(line, "metadata.name", also_in_line(entity.name, first))
        elif kind == "Group" and entity.unit is None:
            message = say(
                "“{type}” is no kind of unit; there are {types}",
                type=entity.spec("type")[:80],
                types=", ".join(UNIT_OF),
            )
            self._fault(line, "spec.type", message)
        else:
            self.entities[kind, entity.name.casefold()] = entity
            for child in entity.list("children") if kind == "Group" else ():
                self.parents.setdefault(_plain(child), entity.name)

    def tables(self) -> list[Table]:
        rows: dict[str, list[tuple[int, list[Cell]]]] = {kind: [] for kind in _COLUMNS}
        members: dict[tuple[str, str, str], int] = {}
        for entity in self.entities.values():
            rows[entity.unit or entity.record].append((entity.line, self._cells(entity)))
            for member in self._members(entity):
                members.setdefault(member, entity.line)
        for (kind, person, unit), line in members.items():
            rows[kind].append((line, [person, unit]))
        return [Table(self.file, kind, _COLUMNS[kind], found) for kind, found in rows.items() if found]

    def _cells(self, entity: _Entity) -> list[Cell]:
        name = guard(entity.title)
        match entity.unit or entity.record:
            case "person":
                return [entity.key, name, guard(entity.profile("email")) or None]
            case "tribe" | "guild":
                return [entity.key, name, guard(entity.description) or None]
            case "squad" | "chapter":
                return [
                    entity.key,
                    name,
                    self._group(entity, self._parent(entity), ("tribe",), "spec.parent"),
                ]
            case "domain":
                return [entity.key, name, self._owner(entity)]
        domain = entity.spec("domain")
        return [entity.key, name, self._owner(entity), self._key("Domain", domain) if domain else ""]

    def _parent(self, entity: _Entity) -> str:
        """Return the group that a group is part of, which may be said by itself or by that group."""
        return entity.spec("parent") or self.parents.get(entity.name.casefold(), "")

    def _owner(self, entity: _Entity) -> str:
        owner = entity.spec("owner")
        return "" if owner == "unowned" else self._group(entity, owner, ("squad",), "spec.owner")

    def _group(self, entity: _Entity, said: str, units: tuple[str, ...], column: str) -> str:
        """Return the key of a group that must be a unit of these kinds; another one cannot be held, and is left out."""
        if not said:
            return ""
        group = self.entities.get(("Group", _plain(said)))
        if group is not None and group.unit not in units:
            found, wanted = noun(group.unit or "group"), noun(units[0])
            message = say("“{name}” is a {found}, not a {wanted}", name=said[:80], found=found, wanted=wanted)
            self._fault(entity.line, column, message)
        return self._key("Group", said)

    def _members(self, entity: _Entity) -> Iterator[tuple[str, str, str]]:
        """Yield the kind of membership, the person and the unit for all that an entity says, from either side."""
        if entity.unit in _MEMBERS:
            for person in entity.list("members"):
                yield _MEMBERS[entity.unit], self._key("User", person), entity.key
        for said in entity.list("memberOf"):
            group = self.entities.get(("Group", _plain(said)))
            if group is None:
                message = say("there is no group “{name}” in this file", name=said[:80])
                self._fault(entity.line, "spec.memberOf", message)
            elif group.unit in _MEMBERS:
                yield _MEMBERS[group.unit], entity.key, group.key

    def _key(self, kind: str, said: str) -> str:
        """Return the key of an entity of this file, or what is said as the key of a record that is here already."""
        entity = self.entities.get((kind, _plain(said)))
        return entity.key if entity is not None else _plain(said)

    def _fault(self, line: int, column: str, message: Phrase) -> None:
        self.faults.append(Fault(self.file, line, column, message))


def _plain(reference: str) -> str:
    """Return the name in a reference such as "group:default/search"; names are one whatever their case."""
    return reference.rpartition(":")[2].rpartition("/")[2].casefold()


@dataclass(frozen=True, slots=True)
class _Entity:
    """One document, asked for its parts; what is not there, or no text, is ""."""

    line: int
    kind: str
    body: Json

    @property
    def name(self) -> str:
        return _text_at(self.body, "metadata", "name")

    @property
    def key(self) -> str:
        return _text_at(self.body, "metadata", "annotations", OUR_KEY) or self.name

    @property
    def title(self) -> str:
        return self.profile("displayName") or _text_at(self.body, "metadata", "title") or self.name

    @property
    def description(self) -> str:
        return _text_at(self.body, "metadata", "description")

    @property
    def record(self) -> str:
        return {"User": "person", "Domain": "domain", "System": "system"}.get(self.kind, "")

    @property
    def unit(self) -> str | None:
        return UNIT_OF.get(self.spec("type").lower()) if self.kind == "Group" else None

    def spec(self, name: str) -> str:
        return _text_at(self.body, "spec", name)

    def profile(self, name: str) -> str:
        return _text_at(self.body, "spec", "profile", name)

    def list(self, name: str) -> list[str]:
        spec = self.body.get("spec")
        found = spec.get(name) if isinstance(spec, dict) else None
        return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _text_at(body: Json, *path: str) -> str:
    for name in path:
        body = body.get(name) if isinstance(body, dict) else None
    return body if isinstance(body, str) else ""


# YAML


class BadYaml(Exception):
    """What is no YAML, or more of it than a catalog needs."""

    def __init__(self, line: int, message: Phrase) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def _documents(content: bytes) -> Iterator[tuple[int, Json]]:
    """Yield each document with the line that it begins in. Raises BadYaml."""
    try:
        events = _checked(yaml.parse(content, Loader=yaml.CSafeLoader))
        count = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                count += 1
                if count > MAX_ENTITIES:
                    raise BadYaml(_line(event), say("has more than {n:,} documents", n=MAX_ENTITIES))
                first = next(events)
                yield _line(first), _node(first, events, MAX_DEPTH)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        message = say("is no YAML: {problem}", problem=error.problem)
        raise BadYaml(mark.line + 1 if mark is not None else 1, message) from None
    except (yaml.YAMLError, ValueError):
        raise BadYaml(1, say("is no YAML in UTF-8")) from None


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _checked(events: Iterator[Any]) -> Iterator[Any]:
    """Pass events on as long as there are not too many, and none that stands for another or makes an object."""
    for count, event in enumerate(events):
        if count > MAX_NODES:
            raise BadYaml(_line(event), say("has more than {n:,} values", n=MAX_NODES))
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise BadYaml(_line(event), say("uses an anchor or alias; write the value itself"))
        if getattr(event, "tag", None) is not None:
            raise BadYaml(_line(event), say("uses the tag {tag}; plain values only", tag=event.tag[:80]))
        yield event


def _node(event: Any, events: Iterator[Any], depth: int) -> Json:
    if depth == 0:
        raise BadYaml(_line(event), say("is nested more than {n} deep", n=MAX_DEPTH))
    if isinstance(event, yaml.ScalarEvent):
        return None if event.implicit[0] and event.value in ("", "~", "null") else event.value
    if isinstance(event, yaml.SequenceStartEvent):
        return [*_items(events, depth)]
    return _mapping(events, depth)


def _items(events: Iterator[Any], depth: int) -> Iterator[Json]:
    while not isinstance(event := next(events), yaml.CollectionEndEvent):
        yield _node(event, events, depth - 1)


def _mapping(events: Iterator[Any], depth: int) -> dict[str, Json]:
    found: dict[str, Json] = {}
    while not isinstance(event := next(events), yaml.CollectionEndEvent):
        key = _node(event, events, depth - 1)
        if not isinstance(key, str):
            raise BadYaml(_line(event), say("has a name that is no text"))
        if key in found:
            raise BadYaml(_line(event), say("says “{name}” twice", name=key[:80]))
        found[key] = _node(next(events), events, depth - 1)
    return found
