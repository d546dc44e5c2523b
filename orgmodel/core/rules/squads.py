"""Rules about squads: SQ-01 to SQ-11."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator

from immutables import Map

from orgmodel.core.hours import hours, in_words, shared, working_day
from orgmodel.core.org import Org, Same
from orgmodel.core.phrases import count, either, say
from orgmodel.core.records import Membership, Mission, Person, Role, Squad
from orgmodel.core.rules.base import Alarm, Limits, View, above, below, rule
from orgmodel.core.rules.words import DESIGN, ENGINEERING, JUNIOR, OWNER, PRODUCT, SENIOR, STAFF


def too_large(view: View, squad: Squad, limits: Limits) -> Iterator[Alarm]:
    """A squad has no more people than can trust and coordinate with one another. Guests with a known share elsewhere
    count there.

    Why: Trust and coordination decay as a squad grows, so split it early.
    Try: Split it in two along its mission, or move people to squads that need them.
    Source: S-D, EC1, TT, LS.
    """
    size = view.size_of(squad.id)
    if found := above(limits, size):
        severity, most = found
        people = count(size, "person", "people")
        message = say(
            "{squad} has {people}; the limit is {most}.", squad=squad.name, people=people, most=most
        )
        yield Alarm(severity, message, size, most, size)


def too_small(view: View, squad: Squad, limits: Limits) -> Iterator[Alarm]:
    """A squad has enough people to be a team. One that is forming has time to grow; one that is proposed or winding
    down is no team yet or no longer.

    Why: Fewer than four people are individuals rather than a team, with no slack when one is away.
    Try: Hire, move people in, or merge it into a squad with a mission close by.
    Source: LS, AB.
    """
    size = view.size_of(squad.id)
    found = below(limits, size) if squad.state in ("active", "forming") else None
    if found:
        severity, least = found
        if squad.state == "forming" and _days_in_state(view, squad) <= limits["forming_days"]:
            severity = "low"
        people = count(size, "person", "people")
        message = say(
            "{squad} has {people}; the least is {least}.", squad=squad.name, people=people, least=least
        )
        yield Alarm(severity, message, size, least, size)


def no_product_owner(view: View, squad: Squad, limits: Limits) -> Iterator[Alarm]:
    """A squad has a product owner, where the organization knows such a role.

    Why: Without one, nobody prioritizes the work of the squad.
    Try: Name a product owner, or open a vacancy for one.
    Source: K12.
    """
    org = view.org
    if _works(squad) and org.find("role", OWNER) is not None and org.holder(squad.id, OWNER) is None:
        message = say("{squad} has no product owner.", squad=squad.name)
        yield Alarm("high", message, 0, 1, view.size_of(squad.id))


def no_mission(view: View, squad: Squad, limits: Limits) -> Iterator[Alarm]:
    """A squad has a mission, and looks at it again from time to time. A mission that was never reviewed is new.

    Why: A long-lived mission is what gives autonomy its direction.
    Try: Write down why the squad exists and for whom.
    Source: K12, S-D.
    """
    mission = _mission_of(view.org, squad)
    size = view.size_of(squad.id)
    if mission is None:
        if _works(squad) and view.org.uses("squad", "mission"):
            yield Alarm("high", say("{squad} has no mission.", squad=squad.name), 0, 1, size, "a")
        return
    days, most = view.days_since(mission.reviewed_on), limits["review_days"]
    if days > most:
        message = say(
            "The mission of {squad} was reviewed {days} ago; the limit is {most}.",
            squad=squad.name,
            days=count(days, "day", "days"),
            most=most,
        )
        yield Alarm("low", message, days, most, size, "b", say("Read it with the squad: is it still true?"))


def no_metric(view: View, squad: Squad, limits: Limits) -> Iterator[Alarm]:
    """A mission has a North Star metric that is read from time to time, where the organization has any. A squad
    without mission lacks that first.

    Why: A metric of the outcome keeps work aligned and tells drift early.
    Try: Agree on the one number that tells whether the mission succeeds.
    Source: S-D, NS.
    """
    mission = _mission_of(view.org, squad)
    if mission is None:
        return
    size = view.size_of(squad.id)
    days, most = view.days_since(mission.read_on), limits["reading_days"]
    if not mission.metric and knows_metrics(view.org):
        yield Alarm("medium", say("{squad} has no North Star metric.", squad=squad.name), 0, 1, size, "a")
    elif mission.metric and days > most:
        message = say(
            "The metric of {squad} was last read {days} ago; the limit is {most}.",
            squad=squad.name,
            days=count(days, "day", "days"),
            most=most,
        )
        yield Alarm("low", message, days, most, size, "b", say("Take a reading and write it down."))


def knows_metrics(org: Org) -> bool:
    """Say whether the organization writes metrics down. Worked out once for each table of missions."""
    return _knows_metrics(Same(org.missions))


@functools.lru_cache(maxsize=16)
def _knows_metrics(same: Same) -> bool:
    return any(mission.metric for mission in same.table.values())


def not_cross_functional(view: View, squad: Squad, limits: Limits) -> Iterator[Alarm]:
    """A user-facing squad has product, design and engineering, even if for a part of their time; no squad of some size
    has people of one craft only. Where someone's craft is not known, theirs may be the one that lacks.

    Why: A squad that owns something end to end needs all the skills for it.
    Try: Move someone with the missing craft in, or share one with a squad close by.
    Source: S-D, K12.
    """
    memberships = view.org.memberships_in(squad.id)
    found = {_discipline(view, membership) for membership in memberships}
    if not found or None in found:
        return
    size = view.size_of(squad.id)
    crafts = {view.org.people[membership.person].craft.casefold() for membership in memberships}
    if len(memberships) > limits["one_craft_most"] and len(crafts) == 1:
        craft = view.org.people[memberships[0].person].craft
        message = say(
            "All {n} people of {squad} are of one craft, {craft}.",
            n=len(memberships),
            squad=squad.name,
            craft=craft,
        )
        yield Alarm("high", message, 1, 2, size, "b")
    elif squad.user_facing and _works(squad):
        missing = [name for name, discipline in _NEEDED if discipline not in found]
        if missing:
            message = say(
                "{squad} faces users and has nobody for {crafts}.", squad=squad.name, crafts=either(missing)
            )
            yield Alarm("medium", message, len(_NEEDED) - len(missing), len(_NEEDED), size, "a")


_NEEDED = ((say("product"), PRODUCT), (say("design"), DESIGN), (say("engineering"), ENGINEERING))


def no_engineering_counterpart(view: View, squad: Squad, limits: Limits) -> Iterator[Alarm]:
    """Somebody answers for engineering in a squad that is known to have engineers, where the organization knows such
    a role: one that leads a squad and is not the product owner.

    Why: Without one, a product owner has to chase the managers of all engineers: the core failure of the matrix.
    Try: Name an engineering lead among the engineers of the squad.
    Source: JL, DL.
    """
    org = view.org
    roles = _counterparts(org.roles)
    memberships = org.memberships_in(squad.id)
    if not roles or not _works(squad) or any(m.role in roles for m in memberships):
        return
    engineers = _engineers(view, squad)
    if not engineers:
        return
    managers = {engineer.manager for engineer in engineers if engineer.manager}
    is_torn = len(managers) >= limits["managers"]
    yield Alarm(
        "high" if is_torn else "medium",
        say(
            "{squad} has no engineering lead; its engineers report to {n} managers.",
            squad=squad.name,
            n=len(managers),
        )
        if len(managers) > 1
        else say("{squad} has no engineering lead.", squad=squad.name),
        len(managers) if is_torn else 0,
        limits["managers"] if is_torn else 1,
        view.size_of(squad.id),
    )


def few_shared_hours(view: View, squad: Squad, limits: Limits) -> Iterator[Alarm]:
    """The people of a squad work at the same time for some hours a day, as far as time zones are known. Where working
    hours are not known, they are taken to be nine to five.

    Why: Without hours in common there is no talking in real time, and decisions get slow.
    Try: Move hours or people, so that everybody overlaps.
    Source: TZ.
    """
    day = [working_day(p.time_zone, p.working_hours, view.today) for p in _members(view, squad)]
    known = [quarters for quarters in day if quarters is not None]
    if len(known) < 2:
        return
    hours_a_day = hours(shared(known))
    if found := below(limits, hours_a_day):
        severity, least = found
        message = say(
            "The people of {squad} share {hours} of work a day; the least is {least}.",
            squad=squad.name,
            hours=in_words(hours_a_day),
            least=least,
        )
        yield Alarm(severity, message, hours_a_day, least, len(day))


def churn(view: View, squad: Squad, limits: Limits) -> Iterator[Alarm]:
    """Most people of a squad have been in it for a while, unless it is forming. Who left is not counted: a rule sees
    the organization as it is, and that tells who came and not who went.

    Why: Every change restarts the forming of the team.
    Try: Let the squad settle before anybody else joins or leaves.
    Source: TS, HH.
    """
    if squad.state == "forming":
        return
    members = view.members(squad.id)
    new = sum(m.since is not None and view.days_since(m.since) <= limits["days"] for m in members)
    share = 100 * new / len(members) if members else 0
    if found := above(limits, share):
        severity, most = found
        message = say(
            "{new} of {people} joined {squad} within {days} days ({share:.0f} %); the limit is {most} %.",
            new=new,
            people=count(members, "person", "people"),
            squad=squad.name,
            days=limits["days"],
            share=share,
            most=most,
        )
        yield Alarm(severity, message, round(share), most, len(members))


def cognitive_load(view: View, squad: Squad, limits: Limits) -> Iterator[Alarm]:
    """A squad has at most one domain that is hard to understand, and few in all.

    Why: One hard domain fills the heads of a team.
    Try: Hand a domain over to a squad that has none.
    Source: TT.
    """
    domains = view.org.domains_of(squad.id)
    hard = [domain for domain in domains if domain.complexity != "simple"]
    size = view.size_of(squad.id) if domains else 0
    if len(hard) > (most := limits["hard_most"]):
        what = count(hard, "complicated or complex domain", "complicated or complex domains")
        message = say(
            "{squad} has {domains}; the limit is {most}.", squad=squad.name, domains=what, most=most
        )
        yield Alarm("high", message, len(hard), most, size, "a")
    elif len(domains) > (most := limits["domains_most"]):
        what = count(domains, "domain", "domains")
        message = say(
            "{squad} has {domains}; the limit is {most}.", squad=squad.name, domains=what, most=most
        )
        yield Alarm("medium", message, len(domains), most, size, "b")


def level_mix(view: View, squad: Squad, limits: Limits) -> Iterator[Alarm]:
    """The engineers of a squad are of several levels. Only the worst cases are told, and only what known levels prove.

    Why: Without seniors nobody decides or teaches; without anybody else there is no room to grow.
    Try: Swap engineers with a squad whose mix is the other way round.
    Source: LM, HH.
    """
    engineers = _engineers(view, squad)
    total = len(engineers)
    if total < limits["engineers_least"]:
        return
    rungs = Counter(view.words.rung(engineer.level) for engineer in engineers)
    size, seniors, staff, juniors = (
        view.size_of(squad.id),
        rungs[SENIOR] + rungs[STAFF],
        rungs[STAFF],
        rungs[JUNIOR],
    )
    if not seniors and not rungs[None]:
        message = say("None of the {n} engineers of {squad} is senior.", n=total, squad=squad.name)
        yield Alarm("high", message, 0, 1, size, "a")
    elif 100 * juniors > limits["junior_above"] * total:
        share, most = round(100 * juniors / total), limits["junior_above"]
        message = say(
            "{juniors} of {n} engineers of {squad} are junior ({share} %); the limit is {most} %.",
            juniors=juniors,
            n=total,
            squad=squad.name,
            share=share,
            most=most,
        )
        yield Alarm("medium", message, share, most, size, "b")
    elif seniors == total and 100 * staff >= limits["staff_share"] * total:
        message = say(
            "All {n} engineers of {squad} are senior, and {staff} of them staff or above.",
            n=total,
            squad=squad.name,
            staff=staff,
        )
        share = round(100 * staff / total)
        yield Alarm("low", message, share, limits["staff_share"], size, "c")


# What the rules ask


def could_find(view: View, squad: Squad) -> dict[str, bool]:
    """Return of the rules that say nothing of some squads whether they could find anything about this one, by code."""
    org, members, engineers = view.org, _members(view, squad), _engineers(view, squad)
    works, is_settled = _works(squad), squad.state != "forming"
    disciplines = {_discipline(view, membership) for membership in org.memberships_in(squad.id)}
    days = (working_day(p.time_zone, p.working_hours, view.today) for p in members)
    rungs = [view.words.rung(engineer.level) for engineer in engineers]
    engineers_least = view.terms["SQ-11"].thresholds["engineers_least"]
    return {
        "SQ-02": squad.state == "active",
        "SQ-03": works and org.find("role", OWNER) is not None,
        "SQ-04": squad.mission is not None or (works and org.uses("squad", "mission")),
        "SQ-05": squad.mission is not None and knows_metrics(org),
        "SQ-06": works and squad.user_facing and bool(disciplines) and None not in disciplines,
        "SQ-07": works and bool(engineers) and bool(_counterparts(org.roles)),
        "SQ-08": sum(day is not None for day in days) > 1,
        "SQ-09": is_settled and any(member.since is not None for member in view.members(squad.id)),
        "SQ-10": bool(org.domains_of(squad.id)),
        "SQ-11": len(rungs) >= engineers_least and any(rung is not None for rung in rungs),
    }


def _works(squad: Squad) -> bool:
    """Say whether a squad is more than a proposal."""
    return squad.state != "proposed"


def _days_in_state(view: View, squad: Squad) -> int:
    """Return for how many days a squad has been forming: as long as anybody has been in it, if nobody knows better."""
    known = view.since.get(("squad", squad.id))
    joined = [m.since for m in view.org.memberships_in(squad.id) if m.since is not None]
    return view.days_since(known or min(joined, default=None))


def _mission_of(org: Org, squad: Squad) -> Mission | None:
    return org.missions.get(squad.mission) if squad.mission else None


def _members(view: View, squad: Squad) -> list[Person]:
    """Return the people who count as a squad's."""
    return [view.org.people[m.person] for m in view.members(squad.id)]


def _engineers(view: View, squad: Squad) -> list[Person]:
    return [p for p in _members(view, squad) if view.words.discipline(p.craft) == ENGINEERING]


def _discipline(view: View, membership: Membership) -> int | None:
    """Return what someone stands for in a squad: their craft; where they have none, that of their role."""
    role = view.org.roles.get(membership.role) if membership.role else None
    if role is not None and role.key == OWNER:
        return PRODUCT
    own = view.words.discipline(view.org.people[membership.person].craft)
    return own if own is not None or role is None else view.words.discipline(role.craft)


@functools.lru_cache(maxsize=64)
def _counterparts(roles: Map[str, Role]) -> frozenset[str]:
    """Return the roles that lead a squad, save the product owner's."""
    return frozenset(role.id for role in roles.values() if role.leads and role.key != OWNER)


RULES = (
    rule("SQ-01", "squad", "high", too_large, medium_above=8, high_above=9),
    rule("SQ-02", "squad", "high", too_small, medium_below=5, high_below=4, forming_days=90),
    rule("SQ-03", "squad", "high", no_product_owner),
    rule("SQ-04", "squad", "high", no_mission, "ab", review_days=365),
    rule("SQ-05", "squad", "medium", no_metric, "ab", reading_days=60),
    rule("SQ-06", "squad", "high", not_cross_functional, "ab", one_craft_most=3),
    rule("SQ-07", "squad", "high", no_engineering_counterpart, managers=3),
    rule("SQ-08", "squad", "high", few_shared_hours, medium_below=4, high_below=2),
    rule("SQ-09", "squad", "high", churn, medium_above=30, high_above=50, days=90),
    rule("SQ-10", "squad", "high", cognitive_load, "ab", hard_most=1, domains_most=3),
    rule("SQ-11", "squad", "high", level_mix, "abc", engineers_least=3, junior_above=60, staff_share=50),
)
