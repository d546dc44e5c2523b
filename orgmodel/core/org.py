"""The organization as one immutable value: records by id, and indexes kept with every change.

Lookups live here. Nothing is computed twice for being asked in a draft, live or in the past: all three are an `Org`.
"""

from __future__ import annotations

import dataclasses
import functools
import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from immutables import Map

from orgmodel.core.phrases import say
from orgmodel.core.records import (
    KINDS,
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
    Squad,
    System,
    SystemOwner,
    Tribe,
    Vacancy,
    references_to,
    specs_of,
)

Ref = tuple[str, str]
"""A kind of record and an id."""

Ids = str | tuple[str, ...]
"""The ids in a group. One id stands for itself: most groups hold one, and a tuple around it takes 64 bytes more."""

Group = Map[Any, Ids]
"""One index: the ids of records by what they have in common."""


UNIQUE_NAMES = frozenset({"role", "tribe", "squad", "chapter", "guild", "domain", "system"})
"""Kinds whose open records have different names within their tribe, whatever the case of the letters."""


def _name_key(record: Any) -> tuple[str | None, str] | None:
    if getattr(record, "closed_on", None):
        return None
    return getattr(record, "tribe", None), record.name.casefold()


def is_gone(record: Any) -> bool | None:
    """Say True of a closed unit, a person who left and a settled vacancy; None keeps the others out of the index."""
    if isinstance(record, Person):
        return not record.is_here or None
    if isinstance(record, Vacancy):
        return not record.is_open or None
    return record.closed_on is not None or None


def _skill_key(record: Any) -> str:
    return str(record.skill.casefold())


def _email_key(record: Any) -> str | None:
    return record.email.casefold() or None


def _external_keys(record: Any) -> frozenset[tuple[str, str]] | None:
    return frozenset(record.external_ids) or None


def _indexes() -> dict[str, tuple[tuple[str, Callable[[Any], Any]], ...]]:
    found: dict[str, tuple[tuple[str, Callable[[Any], Any]], ...]] = {}
    for kind in KINDS:
        specs = specs_of(kind)
        own: list[tuple[str, Callable[[Any], Any]]] = [
            (name, operator.attrgetter(name))
            for name, spec in specs.items()
            if spec.kind == "ref" and spec.indexed
        ]
        if "key" in specs:
            own.append(("key", operator.attrgetter("key")))
        if kind in UNIQUE_NAMES:
            own.append(("name", _name_key))
        if "closed_on" in specs or kind in ("person", "vacancy"):
            own.append(("gone", is_gone))
        if kind == "person_skill":
            own.append(("skill", _skill_key))
        if kind == "person":
            own.append(("email", _email_key))
        if "external_ids" in specs:
            own.append(("external_id", _external_keys))
        found[kind] = tuple(own)
    return found


INDEXES = _indexes()


@dataclass(frozen=True, slots=True)
class Seat:
    """A lead role outside a squad: which record's field names the person."""

    kind: str
    field: str
    label: str


SEATS = (
    Seat("tribe", "lead", say("tribe lead")),
    Seat("tribe", "product_lead", say("product lead")),
    Seat("tribe", "design_lead", say("design lead")),
    Seat("tribe", "interim_lead", say("interim tribe lead")),
    Seat("chapter", "lead", say("chapter lead")),
    Seat("chapter", "interim_lead", say("interim chapter lead")),
    Seat("guild", "coordinator", say("guild coordinator")),
    Seat("guild", "sponsor", say("guild sponsor")),
)


class Org:
    """An organization at one moment. Every change returns another `Org` that shares all that stayed the same."""

    __slots__ = ("_groups", "_origins", "_tables", "version")

    def __init__(
        self,
        tables: dict[str, Map[str, Any]],
        groups: dict[Ref, Group],
        origins: Map[Ref, Record | None],
        version: int,
    ) -> None:
        self._tables = tables
        self._groups = groups
        self._origins = origins
        self.version = version

    # Building and changing

    @classmethod
    def empty(cls, version: int = 0) -> Org:
        groups: dict[Ref, Group] = {(kind, name): Map() for kind, own in INDEXES.items() for name, _ in own}
        return cls({kind: Map() for kind in KINDS}, groups, Map(), version)

    @classmethod
    def build(cls, records: Iterable[Record], version: int = 0) -> Org:
        """Return an organization of these records, as if it had always been so: nothing counts as touched."""
        tables: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
        for record in records:
            tables[record.KIND][record.id] = record
        groups = {
            (kind, name): _grouped(tables[kind], key_of)
            for kind, own in INDEXES.items()
            for name, key_of in own
        }
        return cls({kind: Map(table) for kind, table in tables.items()}, groups, Map(), version)

    def put(self, record: Record) -> Org:
        """Return the organization with this record added, or replaced where one of its kind has the same id."""
        return self.change((record,))

    def edit(self, record: Record, **values: object) -> Org:
        """Return the organization with some fields of a record set to other values."""
        return self.change((dataclasses.replace(record, **values),))  # type: ignore[arg-type]

    def remove(self, record: Record) -> Org:
        return self.change((), (record,))

    def change(self, puts: Iterable[Record], removals: Iterable[Record] = ()) -> Org:
        """Return the organization with many records put and others removed, in one go."""
        edits: dict[str, dict[str, Record | None]] = {}
        for record in puts:
            edits.setdefault(record.KIND, {})[record.id] = record
        for record in removals:
            edits.setdefault(record.KIND, {})[record.id] = None
        tables, groups = dict(self._tables), dict(self._groups)
        origins = self._origins.mutate()
        for kind, news in edits.items():
            table = tables[kind]
            moves: dict[str, dict[Any, tuple[set[str], list[str]]]] = {}
            with table.mutate() as rows:
                for id_, new in news.items():
                    old = table.get(id_)
                    if (kind, id_) not in origins:
                        origins[kind, id_] = old
                    if new is not None:
                        rows[id_] = new
                    elif old is not None:
                        del rows[id_]
                    _collect_moves(kind, id_, old, new, moves)
                tables[kind] = rows.finish()
            for name, changed in moves.items():
                groups[kind, name] = regrouped(groups[kind, name], changed)
        return Org(tables, groups, origins.finish(), self.version)

    def settle(self, version: int) -> Org:
        """Return the same organization as a new starting point: nothing counts as touched any more."""
        return Org(self._tables, self._groups, Map(), version)

    def since(self, origins: Map[Ref, Record | None]) -> Org:
        """Return the same organization, with what it touched counted from an earlier starting point."""
        return Org(self._tables, self._groups, origins, self.version)

    @property
    def origins(self) -> Map[Ref, Record | None]:
        """What every record touched since the last `settle` was before; None where it did not exist."""
        return self._origins

    # Records

    def table(self, kind: str) -> Map[str, Record]:
        return self._tables[kind]

    def get(self, kind: str, id_: str | None) -> Record | None:
        return self._tables[kind].get(id_) if id_ is not None else None

    def find(self, kind: str, key: str) -> Record | None:
        """Return the record of this kind with this key, the stable handle in addresses and CSV files."""
        ids = self._ids(kind, "key", key)
        return self._tables[kind][ids[0]] if ids else None

    def pointing(self, kind: str, field: str, target: str) -> tuple[str, ...]:
        """Return the ids of the records of a kind whose field refers to this one."""
        if (kind, field) not in self._groups:  # rarely asked, so not indexed
            return tuple(
                id_ for id_, record in self._tables[kind].items() if getattr(record, field) == target
            )
        return self._ids(kind, field, target)

    def _ids(self, kind: str, name: str, key: object) -> tuple[str, ...]:
        return unpacked(self._groups[kind, name].get(key, ()))

    def referrers(self, kind: str, id_: str) -> Iterator[tuple[Record, str]]:
        """Yield every record that refers to this one, with the field in which it does."""
        for other, field in references_to(kind):
            for pointer in self.pointing(other, field, id_):
                yield self._tables[other][pointer], field

    def named(self, kind: str, name: str, tribe: str | None = None) -> tuple[str, ...]:
        """Return the ids of the open records of a kind that bear this name (any case) within this tribe."""
        return self._ids(kind, "name", (tribe, name.casefold()))

    def count(self, kind: str) -> int:
        """Return how many records of a kind are open, here or unfilled, whatever the size of the organization."""
        gone = self._ids(kind, "gone", key=True) if (kind, "gone") in self._groups else ()
        return len(self._tables[kind]) - len(gone)

    def is_named(self, kind: str, field: str, target: str) -> bool:
        """Say whether any record of a kind refers to this one in a field, which is one that is indexed."""
        return target in self._groups[kind, field]

    def uses(self, kind: str, field: str) -> bool:
        """Say whether any record of a kind fills in this field, which is one that is indexed."""
        return len(self._groups[kind, field]) > 0

    def count_in_squads(self) -> int:
        """Return how many people are in at least one squad."""
        return len(self._groups["membership", "person"])

    def keyed(self, kind: str, key: str) -> tuple[str, ...]:
        return self._ids(kind, "key", key)

    def _pointing_records(self, kind: str, field: str, target: str) -> list[Any]:
        table, ids = self._tables[kind], self._groups[kind, field].get(target, ())
        return [table[ids]] if isinstance(ids, str) else [table[id_] for id_ in ids]

    @property
    def roles(self) -> Map[str, Role]:
        return self._tables["role"]

    @property
    def people(self) -> Map[str, Person]:
        return self._tables["person"]

    @property
    def missions(self) -> Map[str, Mission]:
        return self._tables["mission"]

    @property
    def tribes(self) -> Map[str, Tribe]:
        return self._tables["tribe"]

    @property
    def squads(self) -> Map[str, Squad]:
        return self._tables["squad"]

    @property
    def memberships(self) -> Map[str, Membership]:
        return self._tables["membership"]

    @property
    def chapters(self) -> Map[str, Chapter]:
        return self._tables["chapter"]

    @property
    def chapter_members(self) -> Map[str, ChapterMember]:
        return self._tables["chapter_member"]

    @property
    def guilds(self) -> Map[str, Guild]:
        return self._tables["guild"]

    @property
    def guild_members(self) -> Map[str, GuildMember]:
        return self._tables["guild_member"]

    @property
    def vacancies(self) -> Map[str, Vacancy]:
        return self._tables["vacancy"]

    @property
    def domains(self) -> Map[str, Domain]:
        return self._tables["domain"]

    @property
    def systems(self) -> Map[str, System]:
        return self._tables["system"]

    @property
    def dependencies(self) -> Map[str, Dependency]:
        return self._tables["dependency"]

    # Who belongs where

    def tribes_by_name(self) -> tuple[Tribe, ...]:
        """Return the open tribes by name. Every page lists them, so they are sorted once for each table of tribes."""
        return _tribes_by_name(Same(self.tribes))

    def squads_of(self, tribe: str) -> list[Squad]:
        """Return the open squads of a tribe by name."""
        return by_name(s for s in self._pointing_records("squad", "tribe", tribe) if s.closed_on is None)

    def chapters_of(self, tribe: str) -> list[Chapter]:
        """Return the open chapters of a tribe by name."""
        return by_name(c for c in self._pointing_records("chapter", "tribe", tribe) if c.closed_on is None)

    def memberships_in(self, squad: str) -> list[Membership]:
        return self._pointing_records("membership", "squad", squad)

    def memberships_of(self, person: str) -> list[Membership]:
        return self._pointing_records("membership", "person", person)

    def membership(self, person: str, squad: str) -> Membership | None:
        return next((m for m in self.memberships_of(person) if m.squad == squad), None)

    def primary_membership(self, person: str) -> Membership | None:
        """Return the membership that is someone's home: the largest share, then the one held longest.

        An unknown share counts as a whole one, an unknown start as the longest ago.
        """
        memberships = self.memberships_of(person)
        if len(memberships) < 2:
            return memberships[0] if memberships else None
        return min(
            memberships, key=lambda m: (-(m.share or 100), m.since.toordinal() if m.since else 0, m.id)
        )

    def is_primary(self, membership: Membership) -> bool:
        primary = self.primary_membership(membership.person)
        return primary is not None and primary.id == membership.id

    def size_of(self, squad: str) -> int:
        """Return how many people count as this squad's: guests with a known share elsewhere count there."""
        return sum(map(self.counts, self.memberships_in(squad)))

    def counts(self, membership: Membership) -> bool:
        """Say whether someone counts where they are a member: at home, and wherever nobody knows their share."""
        if membership.share is None:
            return True
        only = isinstance(self._groups["membership", "person"].get(membership.person), str)
        return only or self.is_primary(membership)

    def counted_memberships(self) -> Iterator[Membership]:
        """Yield all memberships that count, person by person: most people have one, of whom nothing need be asked."""
        table = self.memberships
        for person, ids in self._groups["membership", "person"].items():
            if isinstance(ids, str):
                yield table[ids]
            else:
                home = self.primary_membership(person)
                yield from (m for id_ in ids if (m := table[id_]) is home or m.share is None)

    def chapter_member_of(self, person: str) -> ChapterMember | None:
        found = self._pointing_records("chapter_member", "person", person)
        return found[0] if found else None

    def chapter_of(self, person: str) -> Chapter | None:
        member = self.chapter_member_of(person)
        return self.chapters.get(member.chapter) if member else None

    def chapter_members_in(self, chapter: str) -> list[ChapterMember]:
        return self._pointing_records("chapter_member", "chapter", chapter)

    def guild_members_in(self, guild: str) -> list[GuildMember]:
        return self._pointing_records("guild_member", "guild", guild)

    def guild_members_of(self, person: str) -> list[GuildMember]:
        return self._pointing_records("guild_member", "person", person)

    def guild_member(self, person: str, guild: str) -> GuildMember | None:
        return next((m for m in self.guild_members_of(person) if m.guild == guild), None)

    def people_in_tribe(self, tribe: str) -> set[str]:
        """Return the ids of all who belong to a tribe: in its squads, leading it, or in a chapter only."""
        record = self.tribes[tribe]
        found = {lead for lead in (record.lead, record.product_lead, record.design_lead) if lead is not None}
        for squad in self.squads_of(tribe):
            found.update(m.person for m in self.memberships_in(squad.id) if self.counts(m))
        for chapter in self.chapters_of(tribe):
            found.update(
                m.person
                for m in self.chapter_members_in(chapter.id)
                if not self.is_named("membership", "person", m.person)
            )
        return found

    # Who leads what, who answers to whom

    def reports_of(self, manager: str) -> list[Person]:
        """Return the people here whose line manager this is, by name."""
        return by_name(p for p in self._pointing_records("person", "manager", manager) if p.is_here)

    def seats_of(self, person: str) -> list[tuple[Seat, Any]]:
        """Return the lead roles someone holds outside squads, each with its tribe, chapter or guild."""
        return [
            (seat, unit)
            for seat in SEATS
            for unit in self._pointing_records(seat.kind, seat.field, person)
            if unit.closed_on is None
        ]

    def squad_leads(self, squad: str) -> list[tuple[Role, Person]]:
        """Return who leads a squad, in the organization's own words for it."""
        found = []
        for membership in self.memberships_in(squad):
            role = self.roles.get(membership.role) if membership.role else None
            if role is not None and role.leads:
                found.append((role, self.people[membership.person]))
        return sorted(found, key=lambda pair: (pair[0].name.casefold(), pair[1].name.casefold(), pair[1].id))

    def holder(self, squad: str, role_key: str) -> Person | None:
        """Return who holds a role, such as "product-owner", in a squad."""
        role = self.find("role", role_key)
        for membership in self.memberships_in(squad):
            if role is not None and membership.role == role.id:
                return self.people[membership.person]
        return None

    def people_with_email(self, email: str) -> list[Person]:
        """Return who has an email address, in any case of its letters, those who have left included, by name."""
        return by_name(self._pointing_records("person", "email", email.casefold()))

    def with_external_id(self, kind: str, source: str, value: str) -> tuple[str, ...]:
        """Return the ids of the records of a kind that another system knows by this id."""
        return self._ids(kind, "external_id", (source, value))

    # Missions and vacancies

    def squads_on(self, mission: str) -> list[Squad]:
        return by_name(s for s in self._pointing_records("squad", "mission", mission) if s.closed_on is None)

    def tribes_on(self, mission: str) -> list[Tribe]:
        return by_name(t for t in self._pointing_records("tribe", "mission", mission) if t.closed_on is None)

    def vacancies_in(self, kind: str, unit: str) -> list[Vacancy]:
        """Return the open vacancies of a squad or chapter (`kind`), by title."""
        return by_name(v for v in self._pointing_records("vacancy", kind, unit) if v.is_open)

    # Who owns what, who can do what

    def systems_of(self, squad: str) -> list[System]:
        """Return the systems in use that a squad owns, by name."""
        return by_name(s for s in self._pointing_records("system", "squad", squad) if s.closed_on is None)

    def systems_claimed_by(self, squad: str) -> list[System]:
        """Return the systems in use that a squad claims as well as another, by name."""
        return by_name(
            s for s in self._pointing_records("system", "claimed_by", squad) if s.closed_on is None
        )

    def systems_in(self, domain: str) -> list[System]:
        """Return the systems in use of a domain, by name."""
        return by_name(s for s in self._pointing_records("system", "domain", domain) if s.closed_on is None)

    def domains_of(self, squad: str) -> list[Domain]:
        """Return the open domains of a squad, by name."""
        return by_name(d for d in self._pointing_records("domain", "squad", squad) if d.closed_on is None)

    def owners_in(self, system: str) -> list[SystemOwner]:
        return self._pointing_records("system_owner", "system", system)

    def owners_of(self, system: str) -> list[tuple[Person, str]]:
        """Return who answers for a system, by name, each with their perspective."""
        return _by_person((self.people[o.person], o.perspective) for o in self.owners_in(system))

    def systems_owned_by(self, person: str) -> list[System]:
        """Return the systems that someone answers for, by name."""
        return by_name(
            self.systems[o.system] for o in self._pointing_records("system_owner", "person", person)
        )

    def skills_of(self, person: str) -> list[PersonSkill]:
        """Return what someone can do, by the name of the skill."""
        skills: list[PersonSkill] = self._pointing_records("person_skill", "person", person)
        return sorted(skills, key=lambda s: (s.skill.casefold(), s.id))

    def people_with_skill(self, skill: str) -> list[tuple[Person, str]]:
        """Return who is here and has a skill, in any case of its letters, by name, each with their proficiency."""
        held = self._pointing_records("person_skill", "skill", skill.casefold())
        return _by_person((person, s.proficiency) for s in held if (person := self.people[s.person]).is_here)

    # Who needs whom, who coaches whom

    def needs_of(self, squad: str) -> list[Dependency]:
        """Return the dependencies of a squad that waits for others."""
        return self._pointing_records("dependency", "squad", squad)

    def needed_by(self, squad: str) -> list[Dependency]:
        """Return the dependencies of others that wait for this squad."""
        return self._pointing_records("dependency", "needs", squad)

    def dependencies_of(self, squad: str) -> list[Dependency]:
        """Return a squad's dependencies both ways: what it waits for first."""
        return [*self.needs_of(squad), *self.needed_by(squad)]

    def dependency(self, squad: str, needs: str) -> Dependency | None:
        """Return the dependency of one squad on another."""
        return next((d for d in self.needs_of(squad) if d.needs == needs), None)

    def coachings_in(self, squad: str) -> list[Coaching]:
        return self._pointing_records("coaching", "squad", squad)

    def coaches_of(self, squad: str) -> list[Person]:
        """Return who coaches a squad, by name."""
        return by_name(self.people[c.person] for c in self.coachings_in(squad))

    def squads_coached_by(self, person: str) -> list[Squad]:
        """Return the squads that someone coaches, by name."""
        return by_name(self.squads[c.squad] for c in self._pointing_records("coaching", "person", person))


class Same:
    """Makes a table the key of a cache by which table it is, rather than by what is in it."""

    __slots__ = ("table",)

    def __init__(self, table: Map[str, Any]) -> None:
        self.table = table

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.table is other.table

    def __hash__(self) -> int:
        return id(self.table)


@functools.lru_cache(maxsize=32)
def _tribes_by_name(same: Same) -> tuple[Tribe, ...]:
    return tuple(by_name(tribe for tribe in same.table.values() if tribe.closed_on is None))


def by_name(records: Iterable[Any]) -> list[Any]:
    """Sort records by name, whatever the case of the letters; equal names by id, so that the order is stable."""
    return sorted(records, key=lambda record: (record.name.casefold(), record.id))


def _by_person(pairs: Iterable[tuple[Person, str]]) -> list[tuple[Person, str]]:
    return sorted(pairs, key=lambda pair: (pair[0].name.casefold(), pair[0].id))


def _grouped(table: dict[str, Any], key_of: Callable[[Any], Any]) -> Group:
    """Return an index of a whole table."""
    found: dict[Any, list[str]] = {}
    for id_, key in zip(table, map(key_of, table.values()), strict=True):
        if key is not None:
            for each in _each(key):
                found.setdefault(each, []).append(id_)
    return Map({key: packed(ids) for key, ids in found.items()})


def packed(ids: Sequence[str]) -> Ids:
    return ids[0] if len(ids) == 1 else tuple(ids)


def unpacked(ids: Ids) -> tuple[str, ...]:
    return (ids,) if isinstance(ids, str) else ids


def _collect_moves(
    kind: str,
    id_: str,
    old: Record | None,
    new: Record | None,
    moves: dict[str, dict[Any, tuple[set[str], list[str]]]],
) -> None:
    """Note which groups of each index a record leaves and which it enters."""
    for name, key_of in INDEXES[kind]:
        was = key_of(old) if old is not None else None
        is_ = key_of(new) if new is not None else None
        if was == is_:
            continue
        changed = moves.setdefault(name, {})
        for key in _each(was):
            changed.setdefault(key, (set(), []))[0].add(id_)
        for key in _each(is_):
            changed.setdefault(key, (set(), []))[1].append(id_)


def _each(key: Any) -> Iterable[Any]:
    """Return the groups that a record is in by the key of an index: none, one, or several."""
    if key is None:
        return ()
    return key if isinstance(key, frozenset) else (key,)


def regrouped(group: Group, changed: dict[Any, tuple[set[str], list[str]]]) -> Group:
    rows = group.mutate()
    for key, (left, entered) in changed.items():
        ids = unpacked(group.get(key, ()))
        kept = tuple(id_ for id_ in ids if id_ not in left) if left else ids
        if kept or entered:
            rows[key] = packed((*kept, *entered))
        elif ids:
            del rows[key]
    return rows.finish()
