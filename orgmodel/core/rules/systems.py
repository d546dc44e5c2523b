"""Rules about systems and who answers for them: SY-01 to SY-03."""

from __future__ import annotations

from collections.abc import Iterator

from orgmodel.core.org import Org
from orgmodel.core.phrases import names
from orgmodel.core.records import Mission, System
from orgmodel.core.rules.base import Alarm, Limits, View, rule
from orgmodel.core.scope import is_here, is_open

SKILLED = ("working", "expert")


def orphan(view: View, system: System, limits: Limits) -> Iterator[Alarm]:
    """A system has an owner squad and somebody who answers for it, where the organization names any people who do.

    Why: Reorganizations leave systems behind, and nobody mends them at night.
    Try: Name a squad, and in it a developer and somebody from operations.
    Source: K12, BS2.
    """
    org = view.org
    unowned = not is_open(org, "squad", system.squad)
    nobody = org.uses("system_owner", "system") and not _owners(org, system)
    if unowned or nobody:
        severity = "critical" if system.critical else "high"
        lacks = " and ".join(
            what
            for what, is_so in (("no owner squad", unowned), ("nobody who answers for it", nobody))
            if is_so
        )
        kind = "critical system" if system.critical else "system"
        yield Alarm(severity, f"The {kind} {system.name} has {lacks}.", 0, 1, _people(view, system))


def single_owner(view: View, system: System, limits: Limits) -> Iterator[Alarm]:
    """A system does not hang on one person: two answer for it, and two have the skill that it needs. A system that
    nobody answers for is an orphan first.

    Why: A developer and somebody from operations see more than either, and one of them is always there.
    Try: Pair the owner with somebody who can take over.
    Source: K12, BF.
    """
    org = view.org
    owners = _owners(org, system)
    skilled = _skilled(org, system)
    if not owners:
        return
    alone = []
    if len(owners) < limits["owners_least"]:
        alone.append(f"has one owner, {org.people[owners[0]].name}")
    if skilled is not None and len(skilled) == 1:
        alone.append(f"needs {system.skill}, which only {skilled[0]} has")
    if alone:
        kind = "critical system" if system.critical else "system"
        message = f"The {kind} {system.name} {', and '.join(alone)}."
        yield Alarm(
            "high" if system.critical else "low", message, 1, limits["owners_least"], _people(view, system)
        )


def contested(view: View, record: System | Mission, limits: Limits) -> Iterator[Alarm]:
    """A system and a mission belong to one squad.

    Why: Two owners do the work twice, or escalate for ever.
    Try: Agree who owns it, and what the other one needs from them.
    Source: JL, TT.
    """
    org = view.org
    if isinstance(record, Mission):
        squads = org.squads_on(record.id)
        claims = [squad.name for squad in squads]
        what = f"The mission “{record.statement[:80]}”"
    else:
        ids = [id_ for id_ in (record.squad, record.claimed_by) if is_open(org, "squad", id_)]
        squads = [org.squads[id_] for id_ in ids if id_]
        claims = [squad.name for squad in squads]
        what = f"The system {record.name}"
    if len(claims) > 1:
        people = sum(view.size_of(squad.id) for squad in squads)
        message = f"{what} is claimed by {len(claims)} squads: {names(claims)}."
        yield Alarm("medium", message, len(claims), 1, people)


def _owners(org: Org, system: System) -> list[str]:
    return [owner.person for owner in org.owners_in(system.id) if is_here(org, owner.person)]


def _skilled(org: Org, system: System) -> list[str] | None:
    """Return who can take care of a system by name, or None where nobody says what it needs."""
    if not system.skill:
        return None
    return [person.name for person, how in org.people_with_skill(system.skill) if how in SKILLED]


def _people(view: View, system: System) -> int:
    return max(1, view.size_of(system.squad)) if system.squad else 1


RULES = (
    rule("SY-01", "system", "critical", orphan),
    rule("SY-02", "system", "high", single_owner, owners_least=2),
    rule("SY-03", "system mission", "medium", contested),
)
