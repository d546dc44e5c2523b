"""Which tribes a change can be seen in: the boards it shows on, and who may make it where only a part is theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from orgmodel.core.changes import Change
from orgmodel.core.org import Org
from orgmodel.core.records import (
    Chapter,
    Coaching,
    Domain,
    Guild,
    GuildMember,
    Membership,
    Person,
    Record,
    Squad,
    System,
    SystemOwner,
    Tribe,
    specs_of,
)

ELSEWHERE = (Membership, SystemOwner, Coaching)
"""What people do for a unit, wherever their home is."""


def tribes_of(changes: Iterable[Change], before: Org, after: Org) -> set[str]:
    """Return the ids of the tribes that changes reach, as things were before and as they are after."""
    found: set[str] = set()
    for change in changes:
        for org in (before, after):
            record = org.get(change.kind, change.id)
            if record is not None:
                found.update(_tribes_of_record(org, record))
    return found


def _tribes_of_record(org: Org, record: Record) -> Iterator[str]:
    if isinstance(record, (Guild, GuildMember)):
        return  # guilds cut across tribes
    yield from _own_tribe(org, record)
    if isinstance(record, Person):
        return  # someone's manager may sit anywhere; where they work is what counts
    for name, spec in specs_of(record.KIND).items():
        target = org.get(spec.target, getattr(record, name)) if spec.kind == "ref" else None
        if target is not None and not (isinstance(target, Person) and isinstance(record, ELSEWHERE)):
            yield from _own_tribe(org, target)


def _own_tribe(org: Org, record: Record) -> Iterator[str]:
    match record:
        case Tribe():
            yield record.id
        case Squad() | Chapter():
            if record.tribe is not None:
                yield record.tribe
        case System() | Domain():
            if record.squad is not None:
                yield from _own_tribe(org, org.squads[record.squad])
        case Person():
            home = org.primary_membership(record.id)
            if home is not None:
                yield from _own_tribe(org, org.squads[home.squad])
