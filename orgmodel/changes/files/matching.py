"""Which person a row is about where files do not know our keys: told by an id of another system, or by email address.

Rows get the key of who they are about, or a new one, before anything is planned; so do the cells that name people.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from itertools import count

from orgmodel.changes.files.layout import key_in, unguard
from orgmodel.changes.files.reading import Cell, Fault, Table, also_in_line
from orgmodel.core.operations.base import free_key
from orgmodel.core.org import Org
from orgmodel.core.phrases import Phrase, say
from orgmodel.core.records import Person, Record, specs_of

KEY, EMAIL, EXTERNAL_ID = "key", "email", "external_id:"
AMBIGUOUS = ""  # in place of a key: several people have it

Tables = Mapping[str, Table]


def is_match(text: str) -> bool:
    """Say whether rows can be matched by this: a key, an email address, or the id of a source."""
    return text in (KEY, EMAIL) or (text.startswith(EXTERNAL_ID) and bool(text[len(EXTERNAL_ID) :].strip()))


def covers(match: str, record: Record) -> bool:
    """Say whether complete files that are matched like this would name a record: people of their own source only."""
    if isinstance(record, Person) and match.startswith(EXTERNAL_ID):
        return match.removeprefix(EXTERNAL_ID) in dict(record.external_ids)
    return True


def with_keys(tables: Tables, org: Org, match: str, faults: list[Fault]) -> dict[str, Table]:
    """Return tables in which people are named by their keys."""
    if match == KEY:
        return dict(tables)
    keys = _keys(org, match)
    named = dict(tables)
    if "person" in named:
        named["person"] = _with_own_keys(named["person"], org, match, keys, faults)
    return {kind: _with_references(table, match, keys) for kind, table in named.items()}


def _keys(org: Org, match: str) -> dict[str, str]:
    """Return the key of everyone by what rows say of them."""
    found: dict[str, str] = {}
    for person in org.people.values():
        value = _of(person, match)
        if value:
            found[value] = AMBIGUOUS if value in found else person.key
    return found


def _of(person: Person, match: str) -> str:
    if match == EMAIL:
        return person.email.casefold()
    return dict(person.external_ids).get(match.removeprefix(EXTERNAL_ID), "")


def _said(cell: Cell, match: str) -> str:
    text = unguard((cell or "").strip())
    return text.casefold() if match == EMAIL else text


def _with_own_keys(table: Table, org: Org, match: str, keys: dict[str, str], faults: list[Fault]) -> Table:
    """Return the table of people with a column of keys; `keys` learns those of new people."""
    columns = table.columns if KEY in table.columns else (*table.columns, KEY)
    by, name, key = (columns.index(column) for column in (match, "name", KEY))
    new_key, here, lines = _keys_for_new(org), _keys_by_email(org, match, columns), dict[str, int]()
    rows: list[tuple[int, list[Cell]]] = []
    for line, cells in table.rows:
        said = _said(cells[by], match)
        message = _objection(said, keys, lines)
        if message:
            faults.append(Fault(table.file, line, match, message))
            continue
        lines[said] = line
        row = [*cells, None][: len(columns)]
        if said not in keys:
            keys[said] = here(row) or new_key(key_in(row[key] or ""), row[name] or "")
        row[key] = keys[said]
        rows.append((line, row))
    return dataclasses.replace(table, columns=columns, rows=rows)


def _keys_by_email(org: Org, match: str, columns: Sequence[str]) -> Callable[[Sequence[Cell]], str]:
    """Return what finds the key of the only person here with a row's email, where the source knows them by no id yet.

    Without it, the first file of an HR system would hire everyone a second time.
    """
    taken: set[str] = set()
    place = columns.index(EMAIL) if EMAIL in columns and match != EMAIL else None

    def key_of(row: Sequence[Cell]) -> str:
        email = _said(row[place], EMAIL) if place is not None else ""
        found = [person for person in org.people_with_email(email) if person.is_here] if email else []
        if len(found) != 1 or _of(found[0], match) or found[0].key in taken:
            return ""
        taken.add(found[0].key)
        return found[0].key

    return key_of


def _objection(said: str, keys: Mapping[str, str], lines: Mapping[str, int]) -> Phrase | None:
    if not said:
        return say("is missing, and rows are matched by it")
    if said in lines:
        return also_in_line(said, lines[said])
    if keys.get(said) == AMBIGUOUS:
        return say("“{text}” is said of several people", text=said[:80])
    return None


def _keys_for_new(org: Org) -> Callable[[str, str], str]:
    taken: set[str] = set()
    free = FreeKeys(org, "person", taken)

    def new_key(wanted: str, name: str) -> str:
        key = wanted if wanted and not free.is_taken(wanted) else free.beside(wanted or name)
        taken.add(key)
        return key

    return new_key


class FreeKeys:
    """Keys for new records that neither the organization nor `taken` has, which only grows.

    None is tried twice: thousands may share a name, or have one without a letter that keys have.
    """

    def __init__(self, org: Org, kind: str, taken: Container[str]) -> None:
        self._org, self._kind, self._taken = org, kind, taken
        self._untried: dict[str, Iterator[str]] = {}

    def is_taken(self, key: str) -> bool:
        return key in self._taken or self._org.find(self._kind, key) is not None

    def beside(self, name: str) -> str:
        """Return "search", then "search-2"."""
        stem = free_key(Org.empty(), self._kind, name)
        untried = self._untried.setdefault(stem, _numbered(stem))
        return next(key for key in untried if not self.is_taken(key))


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    yield from (f"{stem}-{number}" for number in count(2))


def _with_references(table: Table, match: str, keys: Mapping[str, str]) -> Table:
    """Return a table whose references to people are keys. A cell that is no id of theirs may be a key as it is."""
    specs = specs_of(table.kind)
    places = [
        place
        for place, column in enumerate(table.columns)
        if column in specs and specs[column].target == "person"
    ]
    if not places:
        return table
    rows = []
    for line, cells in table.rows:
        row = [*cells]
        for place in places:
            row[place] = keys.get(_said(row[place], match)) or row[place]
        rows.append((line, row))
    return dataclasses.replace(table, rows=rows)
