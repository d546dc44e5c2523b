"""Problems: what an organization must never be. One function per rule; what a table can hold is a constraint there too.

A rule looks at one record and its neighbors, so a commit is checked at the cost of what it touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from orgmodel.core.org import UNIQUE_NAMES, Org, Ref
from orgmodel.core.records import (
    KINDS,
    ChapterMember,
    GuildMember,
    Membership,
    Mission,
    Person,
    Record,
    Vacancy,
    label_of,
    references_to,
    specs_of,
)

KEY_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
NUMBER_LIMIT = Decimal(10) ** 12  # 18 digits, 6 of them behind the point: what a column holds


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule broken by a record. Equal problems are one, so that a commit can be held to those that it adds."""

    code: str
    kind: str
    id: str
    message: str
    field: str = ""


class RuleViolation(Exception):
    """A change would add problems; nothing was written."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problem.message for problem in self.problems))


def field_fits(org: Org, record: Record) -> Iterator[Problem]:
    """Every field holds a value of its own shape: length, choice, range, characters a database can store."""
    for name, spec in specs_of(record.KIND).items():
        value = getattr(record, name)
        fault = _fault(spec, value)
        if fault:
            yield _problem("field_fits", record, f"{label_of(record.KIND, name)} {fault}", name)


def _fault(spec: Any, value: Any) -> str:
    match spec.kind:
        case "text" | "choice":
            if not isinstance(value, str):
                return "is not text"
            if not storable(value):
                return "holds characters that cannot be stored"
            if spec.required and not value.strip():
                return "is missing"
            if spec.kind == "choice" and value not in dict(spec.choices):
                return f"must be one of {', '.join(v for v, _ in spec.choices if v)}"
            if spec.kind == "text" and len(value) > spec.limit:
                return f"is longer than {spec.limit} characters"
        case "ref":
            if spec.required and not value:
                return "is missing"
        case "percent":
            if value is not None and (
                not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 100
            ):
                return "must be a whole number from 1 to 100"
        case "number":
            if value is not None and (
                not isinstance(value, Decimal) or not value.is_finite() or abs(value) >= NUMBER_LIMIT
            ):
                return "must be a number below a trillion"
        case "date":
            if value is not None and not isinstance(value, date):
                return "is not a date"
        case "flag":
            if not isinstance(value, bool):
                return "must be true or false"
        case "ids":
            if not all(storable(part) and 0 < len(part) <= 200 for pair in value for part in pair):
                return "must name a source and a value, 200 characters each at most"
            if len({source for source, _ in value}) != len(value):
                return "names a source twice"
    return ""


def storable(text: str) -> bool:
    """Say whether every database can keep this text: no NUL, no lone surrogate."""
    if "\x00" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def reference_exists(org: Org, record: Record) -> Iterator[Problem]:
    """What a record refers to is there."""
    for name, spec in specs_of(record.KIND).items():
        if spec.kind == "ref" and (value := getattr(record, name)) and org.get(spec.target, value) is None:
            message = f"{label_of(record.KIND, name)} refers to a {spec.target.replace('_', ' ')} that does not exist"
            yield _problem("reference_exists", record, message, name)


def key_unique(org: Org, record: Record) -> Iterator[Problem]:
    """Two records of one kind have different keys, and a key can stand in an address."""
    key = getattr(record, "key", None)
    if key is None:
        return
    if not set(key) <= KEY_CHARACTERS or key.startswith("."):
        yield _problem(
            "key_unique", record, "key may hold letters, digits, dots, dashes and underscores only", "key"
        )
    if len(org.keyed(record.KIND, key)) > 1:
        yield _problem("key_unique", record, f"key “{key}” is taken by another {_noun(record)}", "key")


def name_unique(org: Org, record: Record) -> Iterator[Problem]:
    """Open units of one kind have different names within their tribe, whatever the case of the letters."""
    if record.KIND not in UNIQUE_NAMES or getattr(record, "closed_on", None):
        return
    tribe = getattr(record, "tribe", None)
    if len(org.named(record.KIND, record.name, tribe)) > 1:  # type: ignore[attr-defined]
        where = f" in {_unit(org, 'tribe', tribe)}" if tribe else ""
        yield _problem(
            "name_unique", record, f"there is already a {_noun(record)} “{_name(record)}”{where}", "name"
        )


def one_membership(org: Org, record: Record) -> Iterator[Problem]:
    """A person is in a squad once, and in a guild once."""
    if isinstance(record, Membership):
        if sum(m.squad == record.squad for m in org.memberships_of(record.person)) > 1:
            message = f"{_person(org, record.person)} is in {_unit(org, 'squad', record.squad)} twice"
            yield _problem("one_membership", record, message, "squad")
    elif isinstance(record, GuildMember):
        if sum(m.guild == record.guild for m in org.guild_members_of(record.person)) > 1:
            message = f"{_person(org, record.person)} is in {_unit(org, 'guild', record.guild)} twice"
            yield _problem("one_membership", record, message, "guild")


def one_chapter(org: Org, record: Record) -> Iterator[Problem]:
    """A person is in at most one chapter."""
    if isinstance(record, ChapterMember) and len(org.pointing("chapter_member", "person", record.person)) > 1:
        yield _problem(
            "one_chapter", record, f"{_person(org, record.person)} is in more than one chapter", "chapter"
        )


def until_after_since(org: Org, record: Record) -> Iterator[Problem]:
    """A membership does not end before it starts."""
    if isinstance(record, Membership) and record.since and record.until and record.until < record.since:
        who = _person(org, record.person)
        yield _problem(
            "until_after_since",
            record,
            f"{who} would leave on {record.until} before joining on {record.since}",
            "until",
        )


def no_cycle(org: Org, record: Record) -> Iterator[Problem]:
    """Nobody is their own manager, and no mission part of itself, at any remove."""
    if isinstance(record, Person) and _in_cycle(org.people, record.id, "manager"):
        yield _problem("no_cycle", record, f"{record.name} would answer to themselves", "manager")
    if isinstance(record, Mission) and _in_cycle(org.missions, record.id, "parent"):
        yield _problem(
            "no_cycle", record, f"the mission “{record.statement[:80]}” would be part of itself", "parent"
        )


def _in_cycle(table: Mapping[str, Record], start: str, field: str) -> bool:
    seen = set()
    step = getattr(table[start], field)
    while step is not None and step not in seen:
        if step == start:
            return True
        seen.add(step)
        step = getattr(table.get(step), field, None)
    return False


CLOSED_HOLDS = {
    # A closed unit of the first kind may not be named by these fields of open records.
    "tribe": (("squad", "tribe"), ("chapter", "tribe")),
    "squad": (("membership", "squad"), ("vacancy", "squad")),
    "chapter": (("chapter_member", "chapter"), ("vacancy", "chapter")),
    "guild": (("guild_member", "guild"),),
    "mission": (("squad", "mission"), ("tribe", "mission"), ("mission", "parent")),
    "person": (
        ("membership", "person"),
        ("chapter_member", "person"),
        ("guild_member", "person"),
        ("tribe", "lead"),
        ("tribe", "product_lead"),
        ("tribe", "design_lead"),
        ("chapter", "lead"),
        ("guild", "coordinator"),
        ("guild", "sponsor"),
        ("vacancy", "hiring_manager"),
        ("person", "manager"),
    ),
}


def closed_holds_nobody(org: Org, record: Record) -> Iterator[Problem]:
    """Closed units hold nobody and nothing open; someone who has left belongs and leads nowhere."""
    if not is_closed(record):
        for kind, pairs in CLOSED_HOLDS.items():
            for holder_kind, field in pairs:
                if holder_kind != record.KIND:
                    continue
                unit = org.get(kind, getattr(record, field))
                if unit is not None and is_closed(unit):
                    verb = "has left" if kind == "person" else "is closed"
                    yield _problem("closed_holds_nobody", record, f"{_name(unit)} {verb}", field)


def is_closed(record: Record) -> bool:
    """Say whether a unit is closed, a person gone, a vacancy settled."""
    if isinstance(record, Person):
        return not record.is_here
    if isinstance(record, Vacancy):
        return not record.is_open
    return getattr(record, "closed_on", None) is not None


RULES: tuple[Callable[[Org, Record], Iterator[Problem]], ...] = (
    field_fits,
    reference_exists,
    key_unique,
    name_unique,
    one_membership,
    one_chapter,
    until_after_since,
    no_cycle,
    closed_holds_nobody,
)


def problems_of(org: Org, record: Record) -> Iterator[Problem]:
    for rule in RULES:
        yield from rule(org, record)


def problems(org: Org) -> list[Problem]:
    """Return every problem of an organization, at the cost of reading all of it."""
    return [
        problem
        for kind in KINDS
        for record in org.table(kind).values()
        for problem in problems_of(org, record)
    ]


def new_problems(org: Org, base: Org) -> list[Problem]:
    """Return the problems that the touched records and their neighbors have now and did not have in `base`.

    A commit is blocked only by what it adds: an old flaw must not freeze unrelated edits.
    """
    found: dict[Problem, None] = {}
    for kind, id_ in _reach(org):
        now, was = org.get(kind, id_), base.get(kind, id_)
        if now is None or now == was and (kind, id_) in org.origins:
            continue
        new = list(problems_of(org, now))
        if new:
            old = set(problems_of(base, was)) if was is not None else set()
            found.update(dict.fromkeys(problem for problem in new if problem not in old))
    return list(found)


def _reach(org: Org) -> Iterator[Ref]:
    """Yield the touched records, and those that point to one which was removed or closed."""
    for kind, id_ in org.origins:
        yield kind, id_
        record = org.get(kind, id_)
        if record is None or is_closed(record):
            for other, field in references_to(kind):
                for pointer in org.pointing(other, field, id_):
                    if (other, pointer) not in org.origins:
                        yield other, pointer


def _problem(code: str, record: Record, message: str, field: str) -> Problem:
    return Problem(code, record.KIND, record.id, message[0].upper() + message[1:], field)


def _noun(record: Record) -> str:
    return record.KIND.replace("_", " ")


def _name(record: Any) -> str:
    return str(getattr(record, "name", record.id))


def _person(org: Org, id_: str) -> str:
    return org.people[id_].name if id_ in org.people else "someone unknown"


def _unit(org: Org, kind: str, id_: str) -> str:
    unit = org.get(kind, id_)
    return _name(unit) if unit is not None else f"an unknown {kind}"
