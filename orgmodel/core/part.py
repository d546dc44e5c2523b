"""One tribe as an organization of its own: what an integration sees and may change that is limited to that tribe.

The part is an `Org` like any other, so whoever reads it cannot name what is outside: it is not there. It costs what
the tribe weighs, not the organization.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from orgmodel.core.changes import Conflict
from orgmodel.core.operations.base import Operation, Refused
from orgmodel.core.org import SEATS, Org, Ref
from orgmodel.core.records import KINDS, Record, specs_of
from orgmodel.core.replay import Replay, carry_out
from orgmodel.core.rules.base import parts_of_key
from orgmodel.core.rules.integrity import RuleViolation
from orgmodel.core.rules.reorganization import left_behind

Ids = dict[str, set[str]]

OF_EVERYONE = frozenset({"role", "rule_setting", "word"})
"""Kinds that belong to the whole organization: every part sees all of them and changes none."""
SHARED = frozenset({"guild"})
"""Kinds that a part sees where its people take part, and never changes."""

HOLDERS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "person": (
        ("membership", "person"),
        ("chapter_member", "person"),
        *((seat.kind, seat.field) for seat in SEATS if seat.kind != "guild"),
    ),
    "mission": (("tribe", "mission"), ("squad", "mission"), ("mission", "parent")),
}
"""What holds people and missions in a part: where such a record is outside, they are not the part's alone."""

OUTSIDE = "This token is limited to one tribe, and this would change what is not that tribe's alone."
BLOCKED = "Something outside of the tribe that this token is limited to stands in the way of this."


@functools.lru_cache(maxsize=32)
def part_of_org(org: Org, tribe: str) -> Org:
    """Return the organization reduced to a tribe: its squads, chapters and people, and what belongs to those.

    References that point outside are None, and records that need such a reference are left out. Without such a tribe
    only what is everyone's is left.
    """
    ids = _ids_in(org, tribe)
    records = (_cut(org.table(kind)[id_], ids) for kind in KINDS for id_ in ids[kind])
    return Org.build((record for record in records if record is not None), org.version)


def carry_out_in_part(org: Org, operations: Sequence[Operation], *, on: date, tribe: str | None) -> Replay:
    """Carry out operations as `carry_out` does, for someone who may change only what is one tribe's alone.

    They are tried on the part first, so that a refusal speaks of nothing else; on the whole it is told without names.
    """
    if tribe is None:
        return carry_out(org, operations, on=on)
    carry_out(part_of_org(org, tribe), operations, on=on)
    try:
        done = carry_out(org, operations, on=on)
    except (Refused, RuleViolation, Conflict):
        raise Refused(BLOCKED) from None
    before, after = part_of_org(done.before, tribe), part_of_org(done.after, tribe)
    if not all(
        _owns(*orgs, change.ref) for change in done.changes for orgs in ((before, org), (after, done.after))
    ):
        raise Refused(OUTSIDE)
    if any(after.get(orphan.kind, orphan.id) is None for orphan in left_behind(done.before, done.after)):
        raise Refused(BLOCKED)
    return done


def _ids_in(org: Org, tribe: str) -> Ids:
    ids: Ids = {kind: set() for kind in KINDS}
    ids["tribe"] = {tribe} if org.get("tribe", tribe) is not None else set()
    for kind in OF_EVERYONE:
        ids[kind] = {*org.table(kind)}
    for kind in ("squad", "chapter"):
        ids[kind] = _pointing(org, kind, "tribe", ids["tribe"])
    ids["membership"] = _pointing(org, "membership", "squad", ids["squad"])
    ids["chapter_member"] = _pointing(org, "chapter_member", "chapter", ids["chapter"])
    ids["person"] = {*_people_in(org, ids)}
    ids["person"] |= {*_without_a_place(org, _pointing(org, "person", "manager", ids["person"]))}
    ids["mission"] = _named(org, ids, "mission", ("tribe", "squad"))
    for kind in ("guild_member", "person_skill"):
        ids[kind] = _pointing(org, kind, "person", ids["person"])
    ids["guild"] = _named(org, ids, "guild", ("guild_member",))
    for kind in ("squad", "chapter"):
        ids["vacancy"] |= _pointing(org, "vacancy", kind, ids[kind])
        ids[f"{kind}_lineage"] = _pointing(org, f"{kind}_lineage", "successor", ids[kind])
    for kind in ("domain", "system", "dependency", "coaching"):
        ids[kind] = _pointing(org, kind, "squad", ids["squad"])
    ids["system_owner"] = _pointing(org, "system_owner", "system", ids["system"])
    ids["waiver"] = {waiver.id for waiver in org.table("waiver").values() if _is_about(waiver, ids)}
    return ids


def _pointing(org: Org, kind: str, field: str, targets: Iterable[str]) -> set[str]:
    return {id_ for target in targets for id_ in org.pointing(kind, field, target)}


def _named(org: Org, ids: Ids, field: str, kinds: Iterable[str]) -> set[str]:
    """Return the ids that records of the part name in a field."""
    found = {getattr(org.table(kind)[id_], field) for kind in kinds for id_ in ids[kind]}
    return found - {None}


def _people_in(org: Org, ids: Ids) -> Iterator[str]:
    """Yield who is in the squads and chapters, and who leads the tribe or a chapter."""
    yield from _named(org, ids, "person", ("membership", "chapter_member"))
    for seat in SEATS:
        if seat.kind in ("tribe", "chapter"):
            yield from _named(org, ids, seat.field, (seat.kind,))


def _without_a_place(org: Org, people: Iterable[str]) -> Iterator[str]:
    """Yield who is in no squad and no chapter: those belong where their manager does, such as someone just hired."""
    return (
        person
        for person in people
        if not any(org.pointing(kind, "person", person) for kind in ("membership", "chapter_member"))
    )


def _is_about(waiver: Any, ids: Ids) -> bool:
    """Say whether a waiver is about one of these records, which the key of its finding says."""
    _, kind, id_ = parts_of_key(waiver.key)
    return id_ in ids.get(kind, ())


def _cut(record: Record, ids: Ids) -> Record | None:
    """Return a record without references that point outside, or None where it cannot be without."""
    lost: dict[str, None] = {}
    for name, spec in specs_of(record.KIND).items():
        if spec.kind == "ref" and (target := getattr(record, name)) is not None:
            if target in ids[spec.target]:
                continue
            if spec.required:
                return None
            lost[name] = None
    return dataclasses.replace(record, **lost) if lost else record  # type: ignore[arg-type]


def _owns(part: Org, org: Org, ref: Ref) -> bool:
    """Say whether a record is the part's alone, or not there: it is seen in the part, and nothing outside holds it."""
    kind, id_ = ref
    if org.get(kind, id_) is None:
        return True
    if part.get(kind, id_) is None or kind in OF_EVERYONE | SHARED:
        return False
    holders = (
        (holder, held) for holder, field in HOLDERS.get(kind, ()) for held in org.pointing(holder, field, id_)
    )
    return all(part.get(*holder) is not None for holder in holders)
