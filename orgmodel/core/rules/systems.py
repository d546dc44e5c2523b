"""Rules about systems and who answers for them: SY-01 to SY-03."""

from __future__ import annotations

from collections.abc import Iterator

from orgmodel.core.org import Org
from orgmodel.core.phrases import names, say
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
        if unowned and nobody:
            message = say("{system} has no owner squad and nobody who answers for it.", system=_named(system))
        elif unowned:
            message = say("{system} has no owner squad.", system=_named(system))
        else:
            message = say("{system} has nobody who answers for it.", system=_named(system))
        yield Alarm(severity, message, 0, 1, _people(view, system))


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
    owner = org.people[owners[0]].name if len(owners) < limits["owners_least"] else ""
    only = skilled[0] if skilled is not None and len(skilled) == 1 else ""
    if owner or only:
        severity = "high" if system.critical else "low"
        message = _hanging_on_one(system, owner, only)
        yield Alarm(severity, message, 1, limits["owners_least"], _people(view, system))


def _hanging_on_one(system: System, owner: str, skilled: str) -> str:
    """Say who the one owner is, and the only one with the skill that is needed, where there is only one."""
    told = {"system": _named(system), "owner": owner, "skill": system.skill, "skilled": skilled}
    if owner and skilled:
        return say("{system} has one owner, {owner}, and needs {skill}, which only {skilled} has.", **told)
    if owner:
        return say("{system} has one owner, {owner}.", **told)
    return say("{system} needs {skill}, which only {skilled} has.", **told)


def contested(view: View, record: System | Mission, limits: Limits) -> Iterator[Alarm]:
    """A system and a mission belong to one squad.

    Why: Two owners do the work twice, or escalate for ever.
    Try: Agree who owns it, and what the other one needs from them.
    Source: JL, TT.
    """
    org = view.org
    if isinstance(record, Mission):
        squads = org.squads_on(record.id)
        what = say("The mission “{mission}”", mission=record.statement[:80])
    else:
        ids = [id_ for id_ in (record.squad, record.claimed_by) if is_open(org, "squad", id_)]
        squads = [org.squads[id_] for id_ in ids if id_]
        what = say("The system {system}", system=record.name)
    if len(squads) > 1:
        message = say(
            "{what} is claimed by {n} squads: {squads}.",
            what=what,
            n=len(squads),
            squads=names(squad.name for squad in squads),
        )
        yield Alarm("medium", message, len(squads), 1, sum(view.size_of(squad.id) for squad in squads))


def _named(system: System) -> str:
    if system.critical:
        return say("The critical system {system}", system=system.name)
    return say("The system {system}", system=system.name)


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
