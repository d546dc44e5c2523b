"""Problems: what an organization must never be. One function per rule; what a table can hold is a constraint there too.

A rule is asked about the records that a commit touched, so a commit is checked at the cost of what it touched. So it
speaks of the kind of record whose change breaks it: that a squad has nobody twice is a rule of memberships, since
joining a squad writes a membership and leaves the squad's own record as it is. See `_reach` for what else is asked.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from orgmodel.core.operations.base import noun
from orgmodel.core.org import UNIQUE_NAMES, Org, Ref
from orgmodel.core.phrases import capital, say
from orgmodel.core.records import (
    KINDS,
    RESERVED_KEYS,
    ChapterMember,
    Dependency,
    GuildMember,
    Lineage,
    Membership,
    Person,
    Record,
    RuleSetting,
    Spec,
    System,
    Vacancy,
    Waiver,
    Word,
    label_of,
    references_to,
    specs_of,
)
from orgmodel.core.rules.settings import RULES as RULES_OF_HEALTH
from orgmodel.core.rules.settings import WORD_SETTINGS, faults_in, rule_of
from orgmodel.core.vocabulary import TERMS
from orgmodel.core.vocabulary import faults_in as faults_in_word

KEY_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
FINDING_KEY_CHARACTERS = KEY_CHARACTERS | {":"}  # a finding's key names a rule, a kind and an id
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
    """A change would add problems; nothing was written. `positions` says which operation touched a record last."""

    def __init__(self, problems: Iterable[Problem], positions: Mapping[Ref, int] | None = None) -> None:
        self.problems = tuple(problems)
        self.positions = positions or {}
        super().__init__("; ".join(problem.message for problem in self.problems))


def field_fits(org: Org, record: Record) -> Iterator[Problem]:
    """Every field holds a value of its own shape: length, choice, range, characters a database can store."""
    for name, spec, fault_in in _checks_of(record.KIND):
        fault = fault_in(spec, getattr(record, name))
        if fault:
            message = say("{field} {fault}", field=label_of(record.KIND, name), fault=fault)
            yield _problem("field_fits", record, message, name)


def _text_fault(spec: Spec, value: Any) -> str:
    if not isinstance(value, str):
        return say("is not text")
    if not storable(value):
        return say("holds characters that cannot be stored")
    if spec.required and not value.strip():
        return say("is missing")
    if len(value) > spec.limit:
        return say("is longer than {n} characters", n=spec.limit)
    if spec.is_email and value and not is_email(value):
        return say("must be an address such as {example}", example="ana@example.org")
    return ""


def _choice_fault(spec: Spec, value: Any) -> str:
    if not isinstance(value, str):
        return say("is not text")
    if not storable(value):
        return say("holds characters that cannot be stored")
    if any(value == option for option, _ in spec.choices):
        return ""
    return say("must be one of {values}", values=", ".join(option for option, _ in spec.choices if option))


def _ref_fault(spec: Spec, value: Any) -> str:
    return say("is missing") if spec.required and not value else ""


def _percent_fault(spec: Spec, value: Any) -> str:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 100):
        return ""
    return say("must be a whole number from 1 to 100")


def _number_fault(spec: Spec, value: Any) -> str:
    if value is None or (isinstance(value, Decimal) and value.is_finite() and abs(value) < NUMBER_LIMIT):
        return ""
    return say("must be a number below a trillion")


def _date_fault(spec: Spec, value: Any) -> str:
    if value is None:
        return say("is missing") if spec.required else ""
    return "" if isinstance(value, date) else say("is not a date")


def _flag_fault(spec: Spec, value: Any) -> str:
    return "" if isinstance(value, bool) else say("must be true or false")


def _ids_fault(spec: Spec, value: Any) -> str:
    if not all(storable(part) and 0 < len(part) <= 200 for pair in value for part in pair):
        return say("must name a source and a value, 200 characters each at most")
    return say("names a source twice") if len({source for source, _ in value}) != len(value) else ""


_FAULTS: dict[str, Callable[[Spec, Any], str]] = {
    "text": _text_fault,
    "choice": _choice_fault,
    "ref": _ref_fault,
    "percent": _percent_fault,
    "number": _number_fault,
    "date": _date_fault,
    "flag": _flag_fault,
    "ids": _ids_fault,
}


@functools.cache
def _checks_of(kind: str) -> tuple[tuple[str, Spec, Callable[[Spec, Any], str]], ...]:
    return tuple((name, spec, _FAULTS[spec.kind]) for name, spec in specs_of(kind).items())


def storable(text: str) -> bool:
    """Say whether every database can keep this text: no NUL, no lone surrogate."""
    if "\x00" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_email(text: str) -> bool:
    """Say whether a text has the shape of an email address. Whether mail arrives there is not for us to know."""
    name, at, host = text.partition("@")
    if not (name and at) or "@" in host or any(character.isspace() for character in text):
        return False
    return host == "localhost" or ("." in host and all(host.split(".")))


def reference_exists(org: Org, record: Record) -> Iterator[Problem]:
    """What a record refers to is there."""
    for name, target in _references_of(record.KIND):
        value = getattr(record, name)
        if value and org.get(target, value) is None:
            message = say(
                "{field} refers to a {noun} that does not exist",
                field=label_of(record.KIND, name),
                noun=noun(target),
            )
            yield _problem("reference_exists", record, message, name)


@functools.cache
def _references_of(kind: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, spec.target) for name, spec in specs_of(kind).items() if spec.kind == "ref")


def key_unique(org: Org, record: Record) -> Iterator[Problem]:
    """Two records of one kind have different keys, and a key can stand in an address."""
    key = getattr(record, "key", None)
    if key is None:
        return
    allowed = FINDING_KEY_CHARACTERS if isinstance(record, Waiver) else KEY_CHARACTERS
    if not set(key) <= allowed or key.startswith("."):
        message = say("key may hold letters, digits, dots, dashes and underscores only")
        yield _problem("key_unique", record, message, "key")
    if key in RESERVED_KEYS:
        yield _problem("key_unique", record, say("key “{key}” is reserved", key=key), "key")
    if len(org.keyed(record.KIND, key)) > 1:
        message = say("key “{key}” is taken by another {noun}", key=key, noun=noun(record.KIND))
        yield _problem("key_unique", record, message, "key")


def external_id_unique(org: Org, record: Record) -> Iterator[Problem]:
    """An id in another system belongs to one record."""
    for source, value in getattr(record, "external_ids", ()):
        if len(org.with_external_id(record.KIND, source, value)) > 1:
            told = {"noun": noun(record.KIND), "id": value, "source": source}
            message = say("another {noun} has the id “{id}” in “{source}”", **told)
            yield _problem("external_id_unique", record, message, "external_ids")


def name_unique(org: Org, record: Record) -> Iterator[Problem]:
    """Open units of one kind have different names within their tribe, whatever the case of the letters."""
    if record.KIND not in UNIQUE_NAMES or getattr(record, "closed_on", None):
        return
    tribe = getattr(record, "tribe", None)
    if len(org.named(record.KIND, record.name, tribe)) > 1:  # type: ignore[attr-defined]
        told = {"noun": noun(record.KIND), "name": _name(record)}
        message = (
            say("there is already a {noun} “{name}” in {tribe}", **told, tribe=_unit(org, "tribe", tribe))
            if tribe
            else say("there is already a {noun} “{name}”", **told)
        )
        yield _problem("name_unique", record, message, "name")


def one_membership(org: Org, record: Record) -> Iterator[Problem]:
    """A person is in a squad once, and in a guild once."""
    match record:
        case Membership():
            unit, field = record.squad, "squad"
            count = sum(m.squad == unit for m in org.memberships_of(record.person))
        case GuildMember():
            unit, field = record.guild, "guild"
            count = sum(m.guild == unit for m in org.guild_members_of(record.person))
        case _:
            return
    if count > 1:
        told = {"person": _person(org, record.person), "unit": _unit(org, field, unit)}
        message = say("{person} is in {unit} twice", **told)
        yield _problem("one_membership", record, message, field)


def one_chapter(org: Org, record: Record) -> Iterator[Problem]:
    """A person is in at most one chapter."""
    if isinstance(record, ChapterMember) and len(org.pointing("chapter_member", "person", record.person)) > 1:
        message = say("{person} is in more than one chapter", person=_person(org, record.person))
        yield _problem("one_chapter", record, message, "chapter")


def one_of_each(org: Org, record: Record) -> Iterator[Problem]:
    """A person owns a system once, has a skill once and coaches a squad once; a squad needs another one once."""
    if record.KIND not in ONCE:
        return
    index, *others = ONCE[record.KIND]
    siblings = org.pointing(record.KIND, index, getattr(record, index))
    identities = [[_plain(getattr(org.get(record.KIND, id_), name)) for name in others] for id_ in siblings]
    if identities.count([_plain(getattr(record, name)) for name in others]) > 1:
        message = say("this {noun} is there already", noun=noun(record.KIND))
        yield _problem("one_of_each", record, message, others[0])


ONCE = {
    "system_owner": ("system", "person"),
    "person_skill": ("person", "skill"),
    "dependency": ("squad", "needs"),
    "coaching": ("squad", "person"),
}
"""What tells records without a key from one another; the first field is a reference that is indexed."""


def _plain(value: str) -> str:
    return value.casefold()


def two_squads(org: Org, record: Record) -> Iterator[Problem]:
    """No squad needs itself, or claims a system that it owns."""
    match record:
        case Dependency() if record.squad == record.needs:
            message = say("{squad} cannot need itself", squad=_unit(org, "squad", record.squad))
            yield _problem("two_squads", record, message, "needs")
        case System() if record.squad is not None and record.squad == record.claimed_by:
            owner = _unit(org, "squad", record.squad)
            message = say("{squad} owns {system} already", squad=owner, system=record.name)
            yield _problem("two_squads", record, message, "claimed_by")


def two_units(org: Org, record: Record) -> Iterator[Problem]:
    """A line leads from one unit to another, and is drawn once for a day."""
    if not isinstance(record, Lineage):
        return
    unit = specs_of(record.KIND)["successor"].target
    if record.predecessor == record.successor:
        message = say("{unit} cannot come of itself", unit=_unit(org, unit, record.successor))
        yield _problem("two_units", record, message, "successor")
    line = (record.predecessor, record.successor, record.on)
    siblings: list[Any] = [
        org.get(record.KIND, id_) for id_ in org.pointing(record.KIND, "successor", record.successor)
    ]
    if [(s.predecessor, s.successor, s.on) for s in siblings].count(line) > 1:
        one, other = _unit(org, unit, record.successor), _unit(org, unit, record.predecessor)
        message = say("{one} comes of {other} twice on one day", one=one, other=other)
        yield _problem("two_units", record, message, "successor")


def until_after_since(org: Org, record: Record) -> Iterator[Problem]:
    """A membership does not end before it starts, and nobody is back before they went away."""
    match record:
        case Membership(since=since, until=until) if since and until and until < since:
            who = _person(org, record.person)
            message = say(
                "{person} would leave on {until} before joining on {since}",
                person=who,
                until=until.isoformat(),
                since=since.isoformat(),
            )
            yield _problem("until_after_since", record, message, "until")
        case Person(away_since=since, away_until=until) if since and until and until < since:
            message = say(
                "{person} would be back on {until} before going away on {since}",
                person=record.name,
                until=until.isoformat(),
                since=since.isoformat(),
            )
            yield _problem("until_after_since", record, message, "away_until")


def setting_fits(org: Org, record: Record) -> Iterator[Problem]:
    """What is set for a rule are thresholds that it has, and exemptions of what there is."""
    if isinstance(record, RuleSetting):
        for field, fault in faults_in(org, record):
            yield _problem("setting_fits", record, fault, field)


def word_fits(org: Org, record: Record) -> Iterator[Problem]:
    """An organization renames what has a name of ours, with words that fit into a sentence and mean one thing."""
    if isinstance(record, Word):
        if record.key not in TERMS:
            yield _problem("word_fits", record, say("there is no term “{term}”", term=record.key[:80]), "key")
            return
        for field, fault in faults_in_word(org, record):
            yield _problem("word_fits", record, fault, field)


def rule_known(org: Org, record: Record) -> Iterator[Problem]:
    """What is set, and what is said about a finding, names a rule that there is."""
    match record:
        case RuleSetting(key=code) if code not in RULES_OF_HEALTH and code not in WORD_SETTINGS:
            yield _problem("rule_known", record, say("there is no rule “{rule}”", rule=code), "key")
        case Waiver(key=key) if rule_of(code := key.partition(":")[0]) is None:
            yield _problem("rule_known", record, say("there is no rule “{rule}”", rule=code), "key")


def waiver_ends(org: Org, record: Record) -> Iterator[Problem]:
    """A finding is not waived for ever."""
    if isinstance(record, Waiver) and record.state == "waived" and record.until is None:
        yield _problem("waiver_ends", record, say("say until when the finding is waived"), "until")


def no_cycle(org: Org, record: Record) -> Iterator[Problem]:
    """Nobody is their own manager, and no mission part of itself, at any remove."""
    if record.KIND in LINES and record.id in _cyclic(org, record.KIND, [record.id]):
        yield _cycle_problem(record)


LINES = {"person": "manager", "mission": "parent"}
"""The field that leads one step up, of the kinds of record that form lines."""


def _cycle_problem(record: Any) -> Problem:
    if isinstance(record, Person):
        message = say("{person} would answer to themselves", person=record.name)
        return _problem("no_cycle", record, message, "manager")
    message = say("the mission “{mission}” would be part of itself", mission=record.statement[:80])
    return _problem("no_cycle", record, message, "parent")


def _cyclic(org: Org, kind: str, starts: Iterable[str]) -> set[str]:
    """Return the records on the circles that lines up from `starts` run into, walking no record twice."""
    table, field = org.table(kind), LINES[kind]
    found: set[str] = set()
    walked: set[str] = set()
    for start in starts:
        path: dict[str, int] = {}
        step: str | None = start
        while step is not None and step not in walked:
            if step in path:
                found.update(list(path)[path[step] :])
                break
            path[step] = len(path)
            record = table.get(step)
            step = getattr(record, field) if record is not None else None
        walked.update(path)
    return found


CLOSED_HOLDS = {
    # A closed unit of the first kind may not be named by these fields of open records.
    "tribe": (("squad", "tribe"), ("chapter", "tribe")),
    "squad": (("membership", "squad"), ("coaching", "squad"), ("system", "claimed_by")),
    "chapter": (("chapter_member", "chapter"), ("vacancy", "chapter")),
    "guild": (("guild_member", "guild"),),
    "mission": (("squad", "mission"), ("tribe", "mission"), ("mission", "parent")),
    "domain": (("system", "domain"),),
    "system": (("system_owner", "system"),),
    "person": (
        ("membership", "person"),
        ("system_owner", "person"),
        ("coaching", "person"),
        ("chapter_member", "person"),
        ("guild_member", "person"),
        ("tribe", "lead"),
        ("tribe", "product_lead"),
        ("tribe", "design_lead"),
        ("tribe", "interim_lead"),
        ("chapter", "lead"),
        ("chapter", "interim_lead"),
        ("guild", "coordinator"),
        ("guild", "sponsor"),
        ("vacancy", "hiring_manager"),
        ("person", "manager"),
    ),
}


def closed_holds_nobody(org: Org, record: Record) -> Iterator[Problem]:
    """Closed units hold nobody and nothing open; someone who has left belongs and leads nowhere.

    What a closed squad leaves behind is no problem of the organization but of the reorganization that closes it.
    """
    if not is_closed(record):
        for field, kind in _held_by(record.KIND):
            unit = org.get(kind, getattr(record, field))
            if unit is not None and is_closed(unit):
                message = (
                    say("{person} has left", person=_name(unit))
                    if kind == "person"
                    else say("{unit} is closed", unit=_name(unit))
                )
                yield _problem("closed_holds_nobody", record, message, field)


@functools.cache
def _held_by(holder: str) -> tuple[tuple[str, str], ...]:
    """Return the fields by which a record is held, each with the kind of unit that holds it."""
    return tuple(
        (field, kind) for kind, pairs in CLOSED_HOLDS.items() for other, field in pairs if other == holder
    )


def is_closed(record: Record) -> bool:
    """Say whether a unit is closed, a person gone, a vacancy settled."""
    if isinstance(record, Person):
        return not record.is_here
    if isinstance(record, Vacancy):
        return not record.is_open
    return getattr(record, "closed_on", None) is not None


Rule = Callable[[Org, Record], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    field_fits,
    reference_exists,
    key_unique,
    external_id_unique,
    name_unique,
    one_membership,
    one_chapter,
    one_of_each,
    two_squads,
    two_units,
    until_after_since,
    setting_fits,
    word_fits,
    rule_known,
    waiver_ends,
    no_cycle,
    closed_holds_nobody,
)

CONCERNS: dict[Rule, frozenset[str]] = {
    key_unique: frozenset(kind for kind in KINDS if "key" in specs_of(kind)),
    external_id_unique: frozenset(kind for kind in KINDS if "external_ids" in specs_of(kind)),
    name_unique: UNIQUE_NAMES,
    one_membership: frozenset({"membership", "guild_member"}),
    one_chapter: frozenset({"chapter_member"}),
    one_of_each: frozenset(ONCE),
    two_squads: frozenset({"dependency", "system"}),
    two_units: frozenset({"squad_lineage", "tribe_lineage", "chapter_lineage"}),
    until_after_since: frozenset({"membership", "person"}),
    setting_fits: frozenset({"rule_setting"}),
    word_fits: frozenset({"word"}),
    rule_known: frozenset({"rule_setting", "waiver"}),
    waiver_ends: frozenset({"waiver"}),
    no_cycle: frozenset(LINES),
}
"""The kinds of record that a rule is about, where it is not about all."""


@functools.cache
def rules_of(kind: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in RULES if rule not in CONCERNS or kind in CONCERNS[rule])


def problems_of(org: Org, record: Record) -> Iterator[Problem]:
    for rule in rules_of(record.KIND):
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
    """Return the problems that the records within `_reach` have now and did not have in `base`.

    A commit is blocked only by what it adds: an old flaw must not freeze unrelated edits.
    """
    found: dict[Problem, None] = {}
    reach = list(_reach(org))
    cyclic = {kind: _cyclic(org, kind, [id_ for other, id_ in reach if other == kind]) for kind in LINES}
    for kind, id_ in reach:
        now, was = org.get(kind, id_), base.get(kind, id_)
        if now is None or (now == was and (kind, id_) in org.origins):
            continue
        new = [problem for rule in rules_of(kind) if rule is not no_cycle for problem in rule(org, now)]
        if kind in LINES and id_ in cyclic[kind]:
            new.append(_cycle_problem(now))
        if new:
            old = set(problems_of(base, was)) if was is not None else set()
            found.update(dict.fromkeys(problem for problem in new if problem not in old))
    return list(found)


def _reach(org: Org) -> Iterator[Ref]:
    """Yield the touched records, those that point to one which was removed or closed, and all words where one was.

    What a touched record points to is not among them. A rule of that would be asked too often: who leaves a squad that
    is too large already would be told of it as of something new, as soon as the message counts those who are left.
    """
    for kind, id_ in org.origins:
        yield kind, id_
        if kind == "word":  # resetting one takes back a word that another may bear meanwhile
            yield from ((kind, other) for other in org.table(kind))
        record = org.get(kind, id_)
        if record is None or is_closed(record):
            for other, field in references_to(kind):
                for pointer in org.pointing(other, field, id_):
                    if (other, pointer) not in org.origins:
                        yield other, pointer


def _problem(code: str, record: Record, message: str, field: str) -> Problem:
    return Problem(code, record.KIND, record.id, capital(message), field)


def _name(record: Any) -> str:
    return str(getattr(record, "name", record.id))


def _person(org: Org, id_: str) -> str:
    return org.people[id_].name if id_ in org.people else say("someone unknown")


def _unit(org: Org, kind: str, id_: str) -> str:
    unit = org.get(kind, id_)
    return _name(unit) if unit is not None else say("an unknown {noun}", noun=noun(kind))
