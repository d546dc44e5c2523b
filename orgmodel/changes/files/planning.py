"""What differs between files and an organization, as one operation, or everything that is wrong with the files."""

from __future__ import annotations

import dataclasses
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop

from orgmodel.changes import jsonio
from orgmodel.changes.files.closing import close_missing, missing_of
from orgmodel.changes.files.layout import FILE_OF, HOME, PAIRS, identity_of, key_in, paired_name, unguard
from orgmodel.changes.files.matching import KEY, FreeKeys, covers, with_keys
from orgmodel.changes.files.reading import MISSING, Fault, Table, also_in_line
from orgmodel.changes.files.sources import by_kind, read_tables
from orgmodel.changes.jsonio import BadValue
from orgmodel.core import changes as core
from orgmodel.core.operations import ApplyChanges
from orgmodel.core.operations.base import noun, pair_id
from orgmodel.core.operations.guilds import guild_member_id
from orgmodel.core.operations.lineage import lineage_id
from orgmodel.core.operations.skills import skill_id
from orgmodel.core.operations.tribes import next_color
from orgmodel.core.org import Org, Ref
from orgmodel.core.phrases import Phrase, capital, names, say, within
from orgmodel.core.records import KINDS, Membership, Mission, Record, Role, Spec, specs_of, values_of
from orgmodel.core.rules.integrity import Problem, is_closed, new_problems

TRUE, FALSE = ("true", "yes", "1"), ("", "false", "no", "0")
COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class Row:
    """What an import does to one kind of record, in numbers."""

    kind: str
    new: int
    changed: int
    unchanged: int
    closed: int

    @property
    def label(self) -> str:
        return noun(KINDS[self.kind].PLURAL)

    @property
    def title(self) -> Phrase:
        return capital(self.label)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one row: it is new, changed or unchanged."""

    file: str
    line: int
    kind: str
    key: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. There is an operation where there is something to change and nothing is wrong.

    Notices are worth a look and stop nothing.
    """

    operation: ApplyChanges | None
    rows: tuple[Row, ...] = ()
    errors: tuple[Fault, ...] = ()
    notices: tuple[Fault, ...] = ()
    moved: int = 0  # people whose home is another squad
    unknown_squads: tuple[str, ...] = ()
    places: Mapping[Ref, tuple[str, int, str]] = field(default_factory=dict)
    after: Org = field(default_factory=Org.empty)

    def outcomes(self) -> Iterator[Outcome]:
        """Yield what becomes of each row. A person's row tells of their home squad as well."""
        changes = {change.ref: change for change in self.operation.changes} if self.operation else {}
        homes = {
            (file, line)
            for ref, (file, line, column) in self.places.items()
            if column in HOME and ref in changes
        }
        for ref, (file, line, column) in self.places.items():
            if column:
                continue  # what a row of something else brought along
            kind, id_ = ref
            change = changes.get(ref)
            key = getattr(self.after.get(kind, id_), "key", "")
            if change is not None:
                yield Outcome(file, line, kind, key, "new" if change.before is None else "changed")
            else:
                changed = kind == "person" and (file, line) in homes
                yield Outcome(file, line, kind, key, "changed" if changed else "unchanged")


@dataclass(frozen=True, slots=True)
class Terms:
    """How an import goes about it: by what people are told apart, and what happens to what files do not say.

    `missing` is keep, close or error. `columns` maps the columns of a file of people to our fields. A squad that is not
    here is an error, unless people are to stay where they are then.
    """

    match: str = KEY
    missing: str = "keep"
    columns: Mapping[str, str] | None = None
    skips_unknown_squads: bool = False


def plan_import(files: Mapping[str, bytes], org: Org, *, today: date, terms: Terms | None = None) -> Plan:
    """Return the difference between files and an organization.

    A column that is absent leaves the field as it is; an empty cell empties it. Where what is missing is closed, what
    the files of a kind do not name ends today: units close, people are offboarded, members leave, vacancies are
    cancelled.
    """
    terms = terms or Terms()
    faults: list[Fault] = []
    tables = by_kind(read_tables(files, faults), terms.match, terms.columns, faults)
    tables = with_keys(tables, org, terms.match, faults)
    base = org.settle(org.version)
    work = _Import(base, tables, faults, terms, today)
    now = base.change(work.records())
    if terms.missing != "keep" and not faults:
        now = _without_missing(work, now, today)
    faults += [
        fault for problem in new_problems(now, base) if (fault := work.place(now, problem)) is not None
    ]
    changes = core.touched(now)
    told: dict[str, Any] = {
        "moved": sum(change.kind == "membership" and _moves(change) for change in changes),
        "unknown_squads": tuple(sorted(work.unknown_squads)),
        "rows": tuple(_counts(base, now, changes, work.present())),
        "notices": tuple(work.notices()),
    }
    if faults:
        return Plan(None, errors=tuple(sorted(set(faults))), **told)
    operation = ApplyChanges(title=_title(told["rows"]), changes=tuple(changes)) if changes else None
    return Plan(operation, **told, places=work.places, after=now)


def _without_missing(work: _Import, now: Org, today: date) -> Org:
    """Return the organization without what the files lack, or with that as faults."""

    def is_expected(record: Record) -> bool:
        return covers(work.terms.match, record)

    if work.terms.missing == "close":
        now, refused = close_missing(now, work.present(), is_expected, today)
        work.faults += [_not_closed(now, *each) for each in refused]
    else:
        lacking = missing_of(now, work.present(), is_expected)
        work.faults += [
            Fault(
                FILE_OF[each.KIND],
                1,
                identity_of(each.KIND)[0],
                say("“{row}” is not in the file", row=_told(now, each)),
            )
            for each in lacking
        ]
    return now


def _told(org: Org, record: Record) -> str:
    """Return a record as its row would name it."""
    parts = []
    for name in identity_of(record.KIND):
        value, target = getattr(record, name), specs_of(record.KIND)[name].target
        other = org.get(target, value) if target else None
        parts.append(getattr(other, "key", None) or str(value))
    return ", ".join(parts)


def _moves(change: core.Change) -> bool:
    return change.before is not None and change.after is not None and "squad" in change.after


def _not_closed(org: Org, kind: str, id_: str, message: str) -> Fault:
    key = getattr(org.get(kind, id_), "key", "")
    words = say("“{key}” is not in the file and cannot be closed: {reason}", key=key, reason=message)
    return Fault(FILE_OF[kind], 1, "key", words)


def _counts(
    base: Org, now: Org, changes: list[core.Change], present: Mapping[str, set[str]]
) -> Iterator[Row]:
    for kind in FILE_OF:
        own = [change for change in changes if change.kind == kind]
        if kind not in present and not own:
            continue
        new = sum(change.before is None for change in own)
        closed = sum(_closes(base, now, change) for change in own)
        unchanged = len(present.get(kind, set()) - {change.id for change in own})
        yield Row(kind, new, len(own) - new - closed, unchanged, closed)


def _closes(base: Org, now: Org, change: core.Change) -> bool:
    was, is_ = base.get(change.kind, change.id), now.get(change.kind, change.id)
    return was is not None and (is_ is None or (is_closed(is_) and not is_closed(was)))


def _title(rows: tuple[Row, ...]) -> Phrase:
    counts = [(row, row.new + row.changed + row.closed) for row in rows]
    parts = [
        say("{n:,} {records}", n=count, records=row.label if count > 1 else noun(row.kind))
        for row, count in counts
        if count
    ]
    return say("Import {records}", records=names(parts, limit=len(KINDS)))


class _Memo(dict[str, Any]):
    """Converts each different cell of a column once; equal cells become one object."""

    def __init__(self, convert: Callable[[str], Any]) -> None:
        self.convert = convert

    def __missing__(self, text: str) -> Any:
        value = self[text] = self.convert(text)
        return value


@dataclass(slots=True)
class _Import:
    """One import while it is worked out: what keys stand for, the records that come of the rows, and from where."""

    org: Org
    tables: dict[str, Table]
    faults: list[Fault]
    terms: Terms
    today: date
    ids: dict[str, dict[str, str]] = field(default_factory=dict)  # kind -> key -> id
    places: dict[Ref, tuple[str, int, str]] = field(
        default_factory=dict
    )  # file, line, and column where it is one's own
    puts: dict[Ref, Record] = field(default_factory=dict)
    unknown_squads: set[str] = field(default_factory=set)
    missions: dict[str, str] = field(default_factory=dict)  # statement -> id, of missions given as plain text
    roles: dict[str, str] = field(default_factory=dict)  # name in small letters -> id
    free_keys: dict[str, FreeKeys] = field(default_factory=dict)  # by kind
    here: tuple[str, int] = ("", 0)

    def records(self) -> Iterable[Record]:
        """Return the records that the rows make or change."""
        for kind in FILE_OF:
            self.ids[kind] = {}
            self.free_keys[kind] = FreeKeys(self.org, kind, self.ids[kind])
            if kind in self.tables and identity_of(kind) == ("key",):
                self._index(self.tables[kind])
        for kind in KINDS:
            if kind in self.tables:
                self._convert(self.tables[kind])
        if "guild_member" in self.tables:
            self._name_coordinators()
        if "person" in self.tables:
            self._settle_homes(self.tables["person"])
        return self.puts.values()

    def present(self) -> dict[str, set[str]]:
        """Return the ids that the files name, for each kind that has a file."""
        found: dict[str, set[str]] = {kind: set() for kind in self.tables}
        for kind, id_ in self.places:
            if kind in found:
                found[kind].add(id_)
        return found

    def notices(self) -> Iterator[Fault]:
        """Yield what looks like a slip, two people with one email address, and keys that had to be changed."""
        for table in self.tables.values():
            if "key" in table.columns and table.kind != "waiver":
                column = table.columns.index("key")
                for line, cells in table.rows:
                    given = cells[column] or ""
                    key = key_in(given)
                    if key != unguard(given.strip()):
                        message = say("“{given}” is kept as “{key}”", given=_cut(given), key=_cut(key))
                        yield Fault(table.file, line, "key", message)
        if "person" in self.tables:
            yield from self._shared_emails(self.tables["person"])

    def _shared_emails(self, table: Table) -> Iterator[Fault]:
        if "email" not in table.columns:
            return
        column, first = table.columns.index("email"), dict[str, int]()
        for line, cells in table.rows:
            email = (cells[column] or "").strip().casefold()
            if email and first.setdefault(email, line) != line:
                yield Fault(table.file, line, "email", also_in_line(cells[column] or "", first[email]))

    def place(self, org: Org, problem: Problem) -> Fault | None:
        """Return a broken rule as a fault of the row that breaks it."""
        if problem.code == "reference_exists" and self.faults:
            return None  # it refers to a row that has faults of its own
        ref = (problem.kind, problem.id)
        message = within(problem.message) if problem.code == "field_fits" else problem.message
        if ref not in self.places:
            subject = getattr(org.get(*ref), "name", noun(problem.kind))
            message = say("{subject}, which the file does not name: {fault}", subject=subject, fault=message)
            return Fault(FILE_OF[problem.kind], 1, problem.field, message)
        file, line, own_column = self.places[ref]
        pairs = PAIRS.get(problem.kind)
        column = pairs.prefix if pairs is not None and problem.field == pairs.field else problem.field
        return Fault(file, line, own_column or column, message)

    # Keys

    def _index(self, table: Table) -> None:
        """Give every key of a file an id: that of the record which has the key already, or a new one."""
        column, lines = table.columns.index("key"), dict[str, int]()
        known = self.ids[table.kind]
        for line, cells in table.rows:
            key = self._key_in(table.kind, cells[column] or "")
            if not key:
                continue  # its conversion says so
            if key in lines:
                self.faults.append(Fault(table.file, line, "key", also_in_line(key, lines[key])))
            else:
                lines[key] = line
                found = self.org.find(table.kind, key)
                known[key] = found.id if found is not None else _new_id()
                self.places[table.kind, known[key]] = (table.file, line, "")

    def _id(self, kind: str, key: str) -> str | None:
        """Return the id that a key stands for. Complete files may only refer to what they name themselves."""
        id_ = self.ids[kind].get(key)
        if id_ is not None:
            return id_
        found = self.org.find(kind, key)
        is_lacking = self.terms.missing == "close" and kind in self.tables
        if found is None or (is_lacking and covers(self.terms.match, found)):
            return None
        return found.id

    # Rows

    def _convert(self, table: Table) -> None:
        specs = specs_of(table.kind)
        readers = [
            (position, name, _Memo(self._converter(table.kind, name, specs[name])).__getitem__)
            for position, name in enumerate(table.columns)
            if name in specs
        ]
        paired = [
            (position, name)
            for position, column in enumerate(table.columns)
            if (name := paired_name(table.kind, column)) is not None
        ]
        seen: dict[tuple[str, ...], int] = {}
        for line, cells in table.rows:
            self.here = (table.file, line)
            values: dict[str, Any] = {}
            faults = [
                Fault(table.file, line, name, MISSING)
                for position, name, _ in readers
                if cells[position] is None and name in identity_of(table.kind)
            ]
            for position, name, read in readers:
                cell = cells[position]
                if cell is not None:
                    try:
                        values[name] = read(cell)
                    except BadValue as bad:
                        faults.append(Fault(table.file, line, name, bad.message))
            if faults:
                self.faults += faults
            else:
                pairs = {name: unguard(cell) for at, name in paired if (cell := cells[at]) is not None}
                self._take(table, line, values, pairs, seen)

    def _take(
        self,
        table: Table,
        line: int,
        values: dict[str, Any],
        pairs: dict[str, str],
        seen: dict[tuple[str, ...], int],
    ) -> None:
        """Turn one row into a record, unless it is the same as an earlier row or as what is there already."""
        kind = table.kind
        identity = _identity(kind, values)
        if identity in seen:
            if kind in _TWICE:
                column, words = _TWICE[kind]
                self.faults.append(Fault(table.file, line, column, say(words, line=seen[identity])))
            return
        seen[identity] = line
        old = self._existing(kind, values)
        if pairs:
            field = PAIRS[kind].field
            held = dict(getattr(old, field) if old is not None else ()) | pairs
            values[field] = tuple(sorted((name, value) for name, value in held.items() if value))
        id_ = old.id if old is not None else self._id_for(kind, values)
        self.places[kind, id_] = (table.file, line, "")
        if old is None:
            lacking = [name for name, spec in specs_of(kind).items() if spec.required and name not in values]
            if lacking:
                self.faults.append(Fault(table.file, line, lacking[0], MISSING))
                return
            if kind == "tribe" and "color" not in values:
                values["color"] = self._next_color()
            self.puts[kind, id_] = KINDS[kind](id=id_, **values)
        elif any(getattr(old, name) != value for name, value in values.items()):
            self.puts[kind, id_] = dataclasses.replace(old, **values)

    def _next_color(self) -> str:
        new: list[Any] = [record for (kind, _), record in self.puts.items() if kind == "tribe"]
        return next_color(tribe.color for tribe in (*self.org.tribes.values(), *new))

    def _existing(self, kind: str, values: Mapping[str, Any]) -> Any:
        match kind:
            case "membership":
                return self.org.membership(values["person"], values["squad"])
            case "chapter_member":
                return self.org.chapter_member_of(values["person"])
            case "guild_member":
                return self.org.guild_member(values["person"], values["guild"])
            case "squad_lineage" | "tribe_lineage" | "chapter_lineage":
                return self.org.get(kind, self._id_for(kind, values))
            case "system_owner" | "person_skill" | "dependency" | "coaching":
                return self._joined(kind, values)
        return self.org.get(kind, self.ids[kind].get(values["key"]))

    def _joined(self, kind: str, values: Mapping[str, Any]) -> Any:
        """Return the record that joins the two that a row names, where there is one."""
        first = identity_of(kind)[0]
        joined: list[Any] = [self.org.get(kind, id_) for id_ in self.org.pointing(kind, first, values[first])]
        wanted = _identity(kind, values)
        return next((record for record in joined if _identity(kind, values_of(record)) == wanted), None)

    def _id_for(self, kind: str, values: Mapping[str, Any]) -> str:
        match kind:
            case "membership" | "dependency":
                return _new_id()
            case "system_owner":
                return pair_id(values["system"], values["person"])
            case "person_skill":
                return skill_id(values["person"], values["skill"])
            case "coaching":
                return pair_id(values["squad"], values["person"])
            case "chapter_member":  # as the operation that changes chapters does
                return str(values["person"])
            case "guild_member":
                return guild_member_id(values["person"], values["guild"])
            case "squad_lineage" | "tribe_lineage" | "chapter_lineage":
                return lineage_id(values["predecessor"], values["successor"], values["on"])
        return self.ids[kind][values["key"]]

    # Cells

    def _converter(self, kind: str, name: str, spec: Spec) -> Callable[[str], Any]:
        """Return what turns a cell of this column into a value, raising BadValue."""
        if name == "key":
            return lambda text: self._key(kind, text)
        if spec.kind == "ref":
            if spec.target == "role":
                return self._role
            if kind in ("tribe", "squad") and spec.target == "mission":
                return self._mission
            return lambda text: self._reference(spec, text)
        return lambda text: _value(spec, text)

    def _key(self, kind: str, text: str) -> str:
        key = self._key_in(kind, text)
        if not key:
            raise BadValue("", MISSING)
        return key

    def _key_in(self, kind: str, cell: str) -> str:
        """Return the key that a cell stands for. A finding's holds the id of what it is about, for which a file may
        give the key."""
        if kind != "waiver":
            return key_in(cell)
        text = unguard(cell.strip())
        rule, subject, key = parts if len(parts := text.split(":")) == 3 else ("", "", "")
        id_ = self._id(subject, key) if subject in KINDS and "key" in specs_of(subject) else None
        return f"{rule}:{subject}:{id_}" if id_ is not None else text

    def _reference(self, spec: Spec, text: str) -> str | None:
        key = key_in(text)
        if not key:
            if spec.required:
                raise BadValue("", MISSING)
            return None
        id_ = self._id(spec.target, key)
        if id_ is None:
            raise BadValue("", say("there is no {kind} “{name}”", kind=noun(spec.target), name=_cut(key)))
        return id_

    def _role(self, text: str) -> str | None:
        """Return the role that a key or name stands for; a word that is new becomes a role."""
        word = unguard(text.strip())
        if not word:
            return None
        id_ = self._id("role", key_in(text)) or self._role_named(word)
        if id_ is not None:
            return id_
        name = word.replace("-", " ").replace("_", " ")
        name = name[0].upper() + name[1:]
        last = name.casefold().split()[-1:]
        leads = last in (["lead"], ["leader"]) or name.casefold() == "product owner"
        key = self.free_keys["role"].beside(word)
        id_ = self._add(Role(id=_new_id(), key=key, name=name, leads=leads), "role")
        self.roles.setdefault(name.casefold(), id_)
        return id_

    def _role_named(self, word: str) -> str | None:
        if not self.roles:
            self._know_roles()
        return self.roles.get(word.casefold())

    def _know_roles(self) -> None:
        added = (record for (kind, _), record in self.puts.items() if kind == "role")
        known = (record for id_, record in self.org.roles.items() if ("role", id_) not in self.puts)
        for role in (*added, *known):
            self.roles.setdefault(role.name.casefold(), role.id)  # type: ignore[attr-defined]

    def _mission(self, text: str) -> str | None:
        """Return the mission that a key stands for, or plain text; a text that is new becomes a mission."""
        if not text.strip():
            return None
        id_ = self._id("mission", key_in(text)) if len(text.split()) == 1 else None  # a key is one word
        if id_ is not None:
            return id_
        statement = unguard(text)
        if not self.missions:
            self._know_missions()
        if statement not in self.missions:
            new = Mission(
                id=_new_id(), key=self.free_keys["mission"].beside(statement[:60]), statement=statement
            )
            self.missions[statement] = self._add(new, "mission")
        self.places.setdefault(("mission", self.missions[statement]), (*self.here, "mission"))
        return self.missions[statement]

    def _know_missions(self) -> None:
        for id_, mission in self.org.missions.items():
            now = self.puts.get(("mission", id_), mission)
            if not is_closed(now):
                self.missions.setdefault(now.statement, id_)  # type: ignore[attr-defined]
        for (kind, id_), record in self.puts.items():
            if kind == "mission" and not is_closed(record):
                self.missions.setdefault(record.statement, id_)  # type: ignore[attr-defined]

    def _add(self, record: Role | Mission, column: str) -> str:
        """Take in a record that no file of its own names."""
        self.ids[record.KIND][record.key] = record.id
        self.puts[record.KIND, record.id] = record
        self.places[record.KIND, record.id] = (*self.here, column)
        return record.id

    # Coordinators

    def _name_coordinators(self) -> None:
        """Let the first one whom a file newly calls coordinator coordinate a guild that has nobody for it.

        Where guilds.csv has a column for it, that column alone decides.
        """
        guilds = self.tables.get("guild")
        if guilds is not None and COORDINATOR in guilds.columns:
            return
        for record in [record for (kind, _), record in self.puts.items() if kind == "guild_member"]:
            if record.role.strip().casefold() != COORDINATOR:  # type: ignore[attr-defined]
                continue
            ref = ("guild", record.guild)  # type: ignore[attr-defined]
            guild: Any = self.puts.get(ref) or self.org.get(*ref)
            if guild is not None and guild.coordinator is None:
                self.puts[ref] = dataclasses.replace(guild, coordinator=record.person)  # type: ignore[attr-defined]
                self.places.setdefault(ref, (*self.places[record.KIND, record.id][:2], "role"))

    # Home squads

    def _settle_homes(self, table: Table) -> None:
        """Let everyone be at home where a file of people says: an empty squad leaves them where they are."""
        places = {name: table.columns.index(name) for name in HOME if name in table.columns}
        if not places:
            return
        by_name = _UnitsByName(self)
        keys = table.columns.index("key")
        for line, cells in table.rows:
            person = self.ids["person"].get(key_in(cells[keys] or ""))
            if person is not None:
                self.here = (table.file, line)
                said = {name: (cells[place] or "").strip() for name, place in places.items()}
                try:
                    self._settle_home(person, said, by_name)
                except BadHome as bad:
                    self.faults.append(Fault(table.file, line, bad.column, bad.message))

    def _settle_home(self, person: str, said: Mapping[str, str], by_name: _UnitsByName) -> None:
        home = self.org.primary_membership(person)
        squad = self._squad(said.get("squad", ""), by_name) or (home.squad if home is not None else None)
        if squad is None:
            return
        held = self.org.memberships_of(person)
        there = self.org.membership(person, squad)
        if there is None and home is None:
            there = Membership(id=_new_id(), person=person, squad=squad)
            self._put_home(there)
        values: dict[str, Any] = {}
        if there is None:
            there, values["squad"] = home, squad
            assert there is not None
            values |= {"since": self.today, "until": None}
            values |= {"role": None} if self._leads(there) else {}
        if said.get("fte") and len(held) <= 1:
            values["share"] = _share(said["fte"])
        if said.get("role"):
            values["role"] = self._role(said["role"])
        if any(getattr(there, name) != value for name, value in values.items()):
            self._put_home(dataclasses.replace(there, **values))
        else:
            self.places.setdefault(("membership", there.id), (*self.here, "squad"))

    def _put_home(self, membership: Membership) -> None:
        ref = ("membership", membership.id)
        if ref in self.places and self.places[ref][:2] != self.here:
            file, line, _ = self.places[ref]
            raise BadHome(
                "squad", say("their memberships are in {file}, line {line}, as well", file=file, line=line)
            )
        self.puts[ref] = membership
        self.places[ref] = (*self.here, "squad")

    def _leads(self, membership: Membership) -> bool:
        role = self.org.roles.get(membership.role or "")
        return role is not None and role.leads

    def _squad(self, text: str, by_name: _UnitsByName) -> str | None:
        word = unguard(text)
        if not word:
            return None
        found = self._id("squad", key_in(text)) or by_name.find(word)
        if found is None:
            self.unknown_squads.add(word)
            if not self.terms.skips_unknown_squads:
                raise BadHome("squad", say("there is no squad “{name}”", name=_cut(word)))
        return found


class BadHome(Exception):
    """What a row says of someone's home squad cannot be."""

    def __init__(self, column: str, message: Phrase) -> None:
        super().__init__(message)
        self.column = column
        self.message = message


class _UnitsByName:
    """Open squads by their names, whatever the case; one whose name several have must be named by its key."""

    def __init__(self, work: _Import) -> None:
        self._found: dict[str, set[str]] = {}
        added = (record for (kind, _), record in work.puts.items() if kind == "squad")
        known = (record for id_, record in work.org.squads.items() if ("squad", id_) not in work.puts)
        for squad in (*added, *known):
            if not is_closed(squad):
                self._found.setdefault(squad.name.casefold(), set()).add(squad.id)  # type: ignore[attr-defined]

    def find(self, name: str) -> str | None:
        ids = self._found.get(name.casefold(), set())
        if len(ids) > 1:
            message = say("“{name}” is the name of {n} squads; give the key", name=_cut(name), n=len(ids))
            raise BadHome("squad", message)
        return next(iter(ids), None)


def _share(text: str) -> int:
    """Return the share in percent that a cell means: "0.8", "80" and "80 %" are one."""
    number = text.removesuffix("%").strip().replace(",", ".")
    value = float(number) if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", number) else 0.0
    share = round(value * 100) if value <= 1 and "%" not in text else round(value)
    if not 1 <= share <= 100:
        raise BadHome("fte", say("must be a share such as 0.8 or 80%"))
    return share


_LINE_TWICE = ("successor", gettext_noop("this line is in the file already, in line {line}"))
_TWICE = {
    "membership": ("squad", gettext_noop("this person is in this squad already, in line {line}")),
    "chapter_member": (
        "person",
        gettext_noop("this person is in a chapter already, in line {line}; one has one chapter at most"),
    ),
    "guild_member": ("guild", gettext_noop("this person is in this guild already, in line {line}")),
    "squad_lineage": _LINE_TWICE,
    "tribe_lineage": _LINE_TWICE,
    "chapter_lineage": _LINE_TWICE,
    "system_owner": ("person", gettext_noop("this person owns this system already, in line {line}")),
    "person_skill": ("skill", gettext_noop("this person has this skill already, in line {line}")),
    "dependency": ("needs", gettext_noop("this dependency is in the file already, in line {line}")),
    "coaching": ("person", gettext_noop("this person coaches this squad already, in line {line}")),
}


def _identity(kind: str, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what tells a row from others; a skill does whatever the case of its letters."""
    return tuple(
        values[name].casefold() if (kind, name) == ("person_skill", "skill") else values[name]
        for name in identity_of(kind)
    )


def _value(spec: Spec, text: str) -> Any:
    if spec.kind == "text":
        return unguard(text)
    text = text.strip()
    match spec.kind:
        case "choice":
            return _choice(spec, text)
        case "flag":
            return _flag(text)
        case "percent":
            digits = text.removesuffix("%").strip()
            return jsonio.load_value(spec, int(digits) if digits.isdecimal() and len(digits) < 9 else text)
    return jsonio.load_value(spec, text)


def _choice(spec: Spec, text: str) -> str:
    word = text.lower().replace(" ", "_").replace("-", "_")
    if not word:
        return spec.choices[0][0]
    return str(jsonio.load_value(spec, word))


def _flag(text: str) -> bool:
    word = text.lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise BadValue("", say("must be true or false"))


def _cut(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


def _new_id() -> str:
    return str(uuid.uuid4())
