"""What becomes of records that a complete set of files no longer names: the same operations that a person would use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from orgmodel.core.operations import (
    CloseChapter,
    CloseDomain,
    CloseGuild,
    CloseSquad,
    CloseTribe,
    CloseVacancy,
    OffboardPerson,
    Operation,
    Refused,
    RetireMission,
    RetireSystem,
)
from orgmodel.core.org import Org
from orgmodel.core.records import Record
from orgmodel.core.rules.integrity import is_closed

MEMBERS = (
    "membership",
    "chapter_member",
    "guild_member",
    "system_owner",
    "person_skill",
    "dependency",
    "coaching",
    "rule_setting",
    "waiver",
    "word",
)  # what is not closed but goes
ORDER = (
    "vacancy",
    "system",
    "domain",
    "person",
    "squad",
    "chapter",
    "guild",
    "tribe",
    "mission",
)  # what holds nothing any more comes first


Expects = Callable[[Record], bool]


def close_missing(
    org: Org, present: Mapping[str, set[str]], is_expected: Expects, today: date
) -> tuple[Org, list[tuple[str, str, str]]]:
    """Return the organization without what is missing, and what could not be closed: kind, id and reason.

    `present` names the ids that are in the files, for each kind whose file is there; what is not expected to be in
    them stays. Roles stay as well: they are words.
    """
    for kind in MEMBERS:
        if kind in present:
            org = org.change((), list(_missing(org, kind, present[kind])))
    refused = []
    for kind in ORDER:
        for id_ in _in_order(org, kind, present, is_expected):
            try:
                org = _closing(kind, id_).dated(today).apply(org)
            except Refused as reason:
                refused.append((kind, id_, reason.message))
    return org, refused


def missing_of(org: Org, present: Mapping[str, set[str]], is_expected: Expects) -> Iterator[Record]:
    """Yield what complete files would name and these do not."""
    for kind in (*MEMBERS, *ORDER):
        if kind in present:
            yield from (record for record in _missing(org, kind, present[kind]) if is_expected(record))


def _missing(org: Org, kind: str, present: set[str]) -> Iterator[Record]:
    return (record for id_, record in org.table(kind).items() if id_ not in present and not is_closed(record))


def _in_order(org: Org, kind: str, present: Mapping[str, set[str]], is_expected: Expects) -> list[str]:
    """Return the ids to close: for missions the parts before what they are part of."""
    if kind not in present:
        return []
    ids = [record.id for record in _missing(org, kind, present[kind]) if is_expected(record)]
    return sorted(ids, key=lambda id_: -_depth(org, id_)) if kind == "mission" else ids


def _depth(org: Org, mission: str) -> int:
    depth, seen = 0, set[str]()
    step: str | None = mission
    while step is not None and step not in seen:
        seen.add(step)
        record = org.missions.get(step)
        step, depth = record.parent if record is not None else None, depth + 1
    return depth


def _closing(kind: str, id_: str) -> Operation:
    match kind:
        case "vacancy":
            return CloseVacancy(vacancy=id_)
        case "system":
            return RetireSystem(id=id_)
        case "domain":
            return CloseDomain(id=id_)
        case "person":
            return OffboardPerson(person=id_)
        case "squad":
            return CloseSquad(id=id_)
        case "chapter":
            return CloseChapter(id=id_)
        case "guild":
            return CloseGuild(id=id_)
        case "tribe":
            return CloseTribe(id=id_)
    return RetireMission(id=id_)
