"""Changes and refusals in words for people: the facts of a diff, and what is in the way of an operation.

One wording for pages, API, admin and import, so that all of them say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from orgmodel.changes.services import StaleVersion
from orgmodel.core.changes import Change, Conflict, FieldConflict
from orgmodel.core.operations import Refused
from orgmodel.core.operations.base import name_of, noun, short, subject_of
from orgmodel.core.org import Org
from orgmodel.core.phrases import day_in_words, joined, say
from orgmodel.core.records import label_of, specs_of
from orgmodel.core.replay import Replay
from orgmodel.core.rules.integrity import RuleViolation

Objection = Refused | RuleViolation | Conflict | StaleVersion
"""Everything that may be in the way of a change: `except OBJECTIONS` catches them all."""
OBJECTIONS = (Refused, RuleViolation, Conflict, StaleVersion)

QUIET = frozenset({"key", "person", "chapter", "guild", "squad", "predecessor", "successor", "needs"})
QUIET_IN = {
    "system": frozenset({"key"}),
    "domain": frozenset({"key"}),
    "system_owner": frozenset({"system", "person"}),
    "person_skill": frozenset({"person", "skill"}),
}
"""What the subject of a new record says already, or the sentence; by kind where it is not the same for all."""

# Where each of these puts a person.
PLACES = {"membership": "squad", "chapter_member": "chapter", "guild_member": "guild"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One field's difference in words. `before` and `after` are "" where there was or is nothing."""

    kind: str
    id: str
    subject: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One intent of a diff page: the sentence, the facts beneath it, and why it does not fit where it does not."""

    sentence: str
    facts: tuple[Fact, ...]
    reason: str = ""
    position: int = 0

    @property
    def fits(self) -> bool:
        return not self.reason


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is in the way: where, a code, and a sentence. Values only where something has changed since.

    `position` is that of the operation it is about, where several are carried out together.
    """

    field: str
    code: str
    message: str
    expected: Any = None
    found: Any = None
    position: int | None = None


# Facts


def facts(changes: Iterable[Change], before: Org, after: Org) -> tuple[Fact, ...]:
    """Return what changes say, field by field. References are told by the name they have in either organization."""
    return tuple(fact for change in changes for fact in _facts_of(change, before, after))


def _facts_of(change: Change, before: Org, after: Org) -> list[Fact]:
    record = after.get(change.kind, change.id) or before.get(change.kind, change.id)
    org = after if after.get(change.kind, change.id) is not None else before
    subject = subject_of(org, record) if record is not None else _subject_of_lost(change)
    if change.before is None:
        shown = [
            (n, v)
            for n, v in (change.after or {}).items()
            if n not in QUIET_IN.get(change.kind, QUIET) and not _is_default(change.kind, n, v)
        ]
        named = [Fact(change.kind, change.id, subject, "", "", say("new"))]
        return named + [
            Fact(
                change.kind,
                change.id,
                subject,
                label_of(change.kind, n),
                "",
                in_words(after, change.kind, n, v),
            )
            for n, v in shown
            if n not in ("name", "statement", "title")
        ]
    if change.after is None:
        return [Fact(change.kind, change.id, subject, "", say("there"), "")]
    if change.kind in PLACES and PLACES[change.kind] in change.after and record is not None:
        subject = name_of(org, "person", record.person)  # type: ignore[attr-defined]
    return [
        Fact(
            change.kind,
            change.id,
            subject,
            label_of(change.kind, name),
            in_words(before, change.kind, name, value),
            in_words(after, change.kind, name, change.after[name]),
        )
        for name, value in change.before.items()
    ]


def _is_default(kind: str, field: str, value: Any) -> bool:
    spec = specs_of(kind)[field]
    return value in (None, "", (), False) or (spec.kind == "choice" and value == spec.choices[0][0])


def _subject_of_lost(change: Change) -> str:
    values = change.before or change.after or {}
    name = values.get("name") or values.get("title") or values.get("statement")
    return short(str(name)) if name else noun(change.kind)


def in_words(org: Org, kind: str, field: str, value: Any) -> str:
    """Return a field's value for people: a name for a reference, "60 %" for a share, "" for nothing."""
    spec = specs_of(kind)[field]
    if value is None or value in ("", ()):
        return ""
    match spec.kind:
        case "ref":
            return name_of(org, spec.target, value)
        case "choice":
            return dict(spec.choices).get(value, str(value))
        case "percent":
            return f"{value} %"
        case "flag":
            return say("yes") if value else say("no")
        case "ids":
            return ", ".join(f"{source} {id_}" for source, id_ in value)
    if isinstance(value, date):
        return day_in_words(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)


def entries(replayed: Replay, positions: Sequence[int] = ()) -> list[Entry]:
    """Return a draft or preview as a diff page shows it: intents with the facts beneath."""
    numbers = positions or range(1, len(replayed.steps) + 1)
    return [
        Entry(
            step.sentence,
            facts(step.changes, replayed.before, replayed.after),
            reason=in_short(step.error, replayed.after) if step.error is not None else "",
            position=position,
        )
        for position, step in zip(numbers, replayed.steps, strict=True)
    ]


# What is in the way


FieldKey = tuple[str, str, str]
"""The kind, the id and the field of a record."""


class LastSet(NamedTuple):
    """Who set a field last, and on which day, in words."""

    who: str
    day: str


UNKNOWN: Mapping[FieldKey, LastSet] = {}


def explain(objection: Objection, org: Org, last: Mapping[FieldKey, LastSet] = UNKNOWN) -> list[Complaint]:
    """Return everything that is in the way, in words, with the field that each belongs to.

    `last` says who set a field last and when, where that is known.
    """
    match objection:
        case Refused():
            return [Complaint(objection.field, "refused", objection.message, position=objection.position)]
        case RuleViolation(problems=problems, positions=touched):
            return [
                Complaint(p.field, p.code, _sentence(p.message), position=touched.get((p.kind, p.id)))
                for p in problems
            ]
        case Conflict():
            found = [_conflict_in_words(org, conflict, last) for conflict in objection.conflicts]
            return [replace(complaint, position=objection.position) for complaint in found]
        case StaleVersion():
            return [Complaint("", "stale_version", objection.message, objection.expected, objection.found)]


def _sentence(words: str) -> str:
    return words if words.endswith(".") else say("{words}.", words=words)


def _conflict_in_words(org: Org, conflict: FieldConflict, last: Mapping[FieldKey, LastSet]) -> Complaint:
    record = org.get(conflict.kind, conflict.id)
    if not conflict.field:
        message: str = (
            say("{subject} exists already.", subject=subject_of(org, record))
            if record is not None
            else say("This {kind} is not there any more.", kind=noun(conflict.kind))
        )
        return Complaint("", "conflict", message)
    expected = in_words(org, conflict.kind, conflict.field, conflict.expected)
    found = in_words(org, conflict.kind, conflict.field, conflict.found)
    if conflict.kind == "membership" and conflict.field == "squad" and record is not None:
        message = say(
            "{person} is in {squad} now, not in {expected} any more.",
            person=name_of(org, "person", record.person),  # type: ignore[attr-defined]
            squad=found or say("no squad"),
            expected=expected or say("no squad"),
        )
    else:
        message = _changed_in_words(org, conflict, last, expected or say("empty"), found or say("empty"))
    return Complaint(conflict.field, "conflict", message, expected, found)


def _changed_in_words(
    org: Org, conflict: FieldConflict, last: Mapping[FieldKey, LastSet], was: str, is_now: str
) -> str:
    record = org.get(conflict.kind, conflict.id)
    told = {
        "field": label_of(conflict.kind, conflict.field),
        "of": subject_of(org, record) if record is not None else say("this {kind}", kind=noun(conflict.kind)),
        "was": was,
        "now": is_now,
    }
    known = last.get((conflict.kind, conflict.id, conflict.field))
    if known is None:
        return say("Somebody changed the {field} of {of} meanwhile: it was {was}, it is {now} now.", **told)
    who, day = known
    return say(
        "{who} changed the {field} of {of} on {day}: it was {was}, it is {now} now.", **told, who=who, day=day
    )


def in_short(objection: Objection, org: Org, last: Mapping[FieldKey, LastSet] = UNKNOWN) -> str:
    """Return all that is in the way as one text, for a toast or a command line."""
    return joined(" ", [complaint.message for complaint in explain(objection, org, last)])
