"""Rules about roles and who holds them: RO-01 to RO-03."""

from __future__ import annotations

from collections.abc import Iterator

from orgmodel.core.org import SEATS
from orgmodel.core.phrases import count, names, say
from orgmodel.core.records import Person, Squad
from orgmodel.core.rules.base import Alarm, Limits, View, above, rule
from orgmodel.core.rules.lines import INTERIM_SEATS, lead_roles_of, seats_in, squads_owned_by


def owner_of_several(view: View, person: Person, limits: Limits) -> Iterator[Alarm]:
    """A product owner has one squad.

    Why: A product owner who is there for the squad is the first thing squads ask for.
    Try: Name a product owner for each squad, or merge squads that one person can own.
    Source: K12.
    """
    squads = squads_owned_by(view.org, view.memberships_of(person.id))
    if found := above(limits, len(squads)):
        severity, most = found
        told = names(sorted(view.org.squads[squad].name for squad in squads))
        message = say(
            "{person} is product owner of {n} squads: {squads}.",
            person=person.name,
            n=len(squads),
            squads=told,
        )
        yield Alarm(severity, message, len(squads), most, sum(map(view.size_of, squads)))


def coaching(view: View, record: Person | Squad, limits: Limits) -> Iterator[Alarm]:
    """Every squad has a coach, where the organization has any, and no coach has more squads than they have time for.

    Why: Without coaches, teams get better only as fast as they happen to find out how.
    Try: Share the squads out among the coaches again, or train one more.
    Source: K12, JL.
    """
    org = view.org
    if isinstance(record, Squad):
        if record.state != "proposed" and org.uses("coaching", "squad") and not org.coachings_in(record.id):
            message = say("{squad} has no coach.", squad=record.name)
            yield Alarm("low", message, 0, 1, view.size_of(record.id), "b")
    elif org.is_named("coaching", "person", record.id):
        coached = org.squads_coached_by(record.id)
        if found := above(limits, len(coached)):
            severity, most = found
            message = say(
                "{person} coaches {n} squads; the limit is {most}.",
                person=record.name,
                n=len(coached),
                most=most,
            )
            coachees = sum(view.size_of(squad.id) for squad in coached)
            yield Alarm(severity, message, len(coached), most, coachees, "a")


def holder_is_going(view: View, person: Person, limits: Limits) -> Iterator[Alarm]:
    """Who holds a lead role stays for a while and is there, and nobody stands in for long.

    Why: Nobody will answer for what they lead, soon or already.
    Try: Name a successor while there is time to hand over.
    Source: product default.
    """
    if person.status in ("notice", "on_leave"):
        roles = lead_roles_of(view.org, person.id, view.memberships_of(person.id), SEATS)
        if roles:
            told = {"person": person.name, "roles": names(roles)}
            find = _leaves if person.status == "notice" else _is_away
            yield from find(view, person, limits, told)
    yield from _stands_in_for_long(view, person, limits["interim_days"])


def _leaves(view: View, person: Person, limits: Limits, told: dict[str, str]) -> Iterator[Alarm]:
    days = max(0, (person.leaves_on - view.today).days) if person.leaves_on else 0
    if days <= (most := limits["notice_days"]):
        message = (
            say("{person}, {roles}, leaves in {days}.", **told, days=count(days, "day", "days"))
            if person.leaves_on
            else say("{person}, {roles}, has given notice.", **told)
        )
        yield Alarm("high", message, days, most, part="a")


def _is_away(view: View, person: Person, limits: Limits, told: dict[str, str]) -> Iterator[Alarm]:
    if (days := _days_away(view, person)) > (most := limits["leave_days"]):
        away = count(days, "day", "days")
        message = say(
            "{person}, {roles}, is away for {days}; the limit is {most}.", **told, days=away, most=most
        )
        yield Alarm("high", message, days, most, part="b", what_to_try=say("Name someone who stands in."))


def _days_away(view: View, person: Person) -> int:
    """Return for how long someone is away in all, as far as that is known."""
    if person.away_since is None:
        return 0
    last = max(view.today, person.away_until) if person.away_until else view.today
    return (last - person.away_since).days


def _stands_in_for_long(view: View, person: Person, most: float) -> Iterator[Alarm]:
    found = []
    for seat, id_ in seats_in(view.org, person.id, INTERIM_SEATS):
        unit = view.org.get(seat.kind, id_)
        found.append((view.days_since(unit.interim_since), unit.name, seat.label))  # type: ignore[union-attr]
    if found and (longest := max(found))[0] > most:
        days, name, label = longest
        message = say(
            "{person} has been {role} of {unit} for {days}; the limit is {most}.",
            person=person.name,
            role=label,
            unit=name,
            days=count(days, "day", "days"),
            most=most,
        )
        advice = say("Make it permanent, or name someone else.")
        yield Alarm("medium", message, days, most, part="c", what_to_try=advice)


RULES = (
    rule("RO-01", "person", "high", owner_of_several, medium_above=1, high_above=2),
    rule("RO-02", "person squad", "medium", coaching, "ab", medium_above=4),
    rule("RO-03", "person", "high", holder_is_going, "abc", notice_days=30, leave_days=30, interim_days=90),
)
