"""Columns of other systems' files: which of our fields each of them is, by what such systems usually call it."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from orgmodel.changes.files.layout import HOME, paired_name
from orgmodel.changes.files.matching import EMAIL, EXTERNAL_ID, KEY
from orgmodel.changes.files.reading import MISSING, Cell, Fault, Table
from orgmodel.core.phrases import Phrase, capital, say
from orgmodel.core.records import label_of, specs_of

HR = "hris"  # what the source of employee ids is called where nobody says otherwise
SOURCE = f"{EXTERNAL_ID}{HR}"

NAMES: Mapping[str, str] = {
    name: field
    for field, names in {
        SOURCE: "id, employee id, employee number, employee no, employee, personnel number, personalnummer, "
        "worker id, worker number, person id, user id, staff id, eid, emp id, payroll id",
        "name": "name, full name, employee name, display name, worker, legal name, preferred name, "
        "legal full name, first name, given name, preferred first name, last name, family name, surname, "
        "vorname, nachname",
        "email": "email, e mail, work email, email address, work email address, primary work email, "
        "email primary work, company email, business email, e mail geschaftlich, e mail adresse",
        "manager": "manager, manager id, manager employee id, manager email, supervisor, supervisor id, "
        "supervisor eid, supervisor email, reports to, reporting to, line manager, line manager id, "
        "workers manager, vorgesetzter, vorgesetzte",
        "fte": "fte, fte percent, full time equivalent, scheduled fte, allocation, workload, beschaftigungsgrad",
        "squad": "squad, team, agile team, squad name, team name, supervisory organization",
        "role": "squad role, team role, role",
        "title": "title, job title, position, position title, business title, job profile",
        "craft": "craft, discipline, job family, profession",
        "level": "level, job level, grade, management level, career level, seniority",
        "city": "city, location, office, work location, site, standort",
        "time_zone": "time zone, timezone",
        "started_on": "started on, start date, hire date, hired on, original hire date, eintrittsdatum",
        "leaves_on": "leaves on, termination date, contract end date, last working day, end date",
        "key": "key",
    }.items()
    for name in names.split(", ")
}
"""What systems such as Personio, BambooHR and Workday call a column, in plain words, and which field it is."""
JOINED = "name"  # first and last name make one


def field_choices() -> list[tuple[str, str]]:
    """Return the fields that a column may be, with words for people."""
    fields = [name for name, spec in specs_of("person").items() if spec.kind != "ids" and name != KEY]
    return [
        (SOURCE, say("Employee id")),
        *((name, capital(label_of("person", name))) for name in fields),
        ("squad", say("Home squad")),
        ("fte", say("Share (FTE)")),
        ("role", say("Role in the squad")),
        (KEY, say("Key")),
    ]


def guesses(columns: Iterable[str]) -> dict[str, str]:
    """Return the field of each column that can be guessed; only names may come in several columns."""
    found: dict[str, str] = {}
    for column in columns:
        field = NAMES.get(_plain(column), column if is_field(column) else "")
        if field and (field == JOINED or field not in found.values()):
            found[column] = field
    return found


def is_field(name: str) -> bool:
    """Say whether a file of people may have a column of this name."""
    specs = specs_of("person")
    return (name in specs and specs[name].kind != "ids") or name in HOME or bool(paired_name("person", name))


def match_for(fields: Iterable[str]) -> str:
    """Return what rows with these fields are best matched by."""
    named = set(fields)
    source = next((field for field in sorted(named) if field.startswith(EXTERNAL_ID)), "")
    return source or (KEY if KEY in named else EMAIL)


def mapped(table: Table, columns: Mapping[str, str], faults: list[Fault]) -> Table:
    """Return a table of people with the columns that a mapping names, under our names for them."""
    places: dict[str, list[int]] = {}
    for place, column in enumerate(table.columns):
        if (field := columns.get(column.strip())) is not None:
            places.setdefault(field, []).append(place)
    absent = [column for column in columns if column not in {name.strip() for name in table.columns}]
    faults += [Fault(table.file, table.line, column[:80], MISSING) for column in absent]
    faults += [
        Fault(table.file, table.line, table.columns[found[1]][:80], _twice(field))
        for field, found in places.items()
        if len(found) > 1 and field != JOINED
    ]
    rows = [(line, [_joined(cells, found) for found in places.values()]) for line, cells in table.rows]
    return dataclasses.replace(table, kind="person", columns=tuple(places), rows=rows)


def _twice(field: str) -> Phrase:
    return say("is “{field}” as another column is", field=field)


def _joined(cells: Sequence[Cell], places: Sequence[int]) -> Cell:
    if len(places) == 1:
        return cells[places[0]]
    return " ".join(cell.strip() for place in places if (cell := cells[place]))


def _plain(column: str) -> str:
    """Return a column's name without case, accents and punctuation: "Employee #" is "employee"."""
    plain = unicodedata.normalize("NFKD", column.casefold().replace("%", " percent"))
    letters = "".join(mark for mark in plain if not unicodedata.combining(mark) and mark not in "'\u2019")
    return " ".join(re.sub(r"[^a-z0-9]+", " ", letters).split())
