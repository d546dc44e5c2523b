"""Rules about single people: PE-01 to PE-05."""

from __future__ import annotations

from collections.abc import Iterator

from orgmodel.core.org import Org
from orgmodel.core.phrases import count, names, say
from orgmodel.core.records import Membership, Person
from orgmodel.core.rules.base import Alarm, Limits, View, above, rule
from orgmodel.core.rules.lines import CHAPTER_SEATS, lead_roles_of, squads_owned_by, units_of, works_across


def in_no_squad(view: View, person: Person, limits: Limits) -> Iterator[Alarm]:
    """Everybody who is at work is in a squad, a while after they started. Leads of the company and of tribes and
    coaches are free not to be. It weighs little where nobody knows since when.

    Why: The squad is someone's home.
    Try: Ask where they want to work, and which squad needs them.
    Source: K12.
    """
    org = view.org
    if (
        person.status != "active"
        or org.is_named("membership", "person", person.id)
        or works_across(org, person)
    ):
        return
    since = view.since.get(("person", person.id)) or person.started_on
    if since is None:
        yield Alarm("low", say("{person} is in no squad.", person=person.name), 0, 1)
        return
    days = view.days_since(since)
    if found := above(limits, days):
        severity, most = found
        message = say(
            "{person} has been in no squad for {days}; the limit is {most}.",
            person=person.name,
            days=count(days, "day", "days"),
            most=most,
        )
        yield Alarm(severity, message, days, most)


def no_manager_or_chapter(view: View, person: Person, limits: Limits) -> Iterator[Alarm]:
    """Everybody has a line manager and a chapter, where the organization has any. Leads of the company and of tribes
    and coaches are free not to.

    Why: Without them nobody helps a person grow, and nobody answers for their salary.
    Try: Name a line manager, or find a chapter of their craft.
    Source: K12.
    """
    org = view.org
    has_chapter = org.is_named("chapter_member", "person", person.id)
    if (person.manager is not None and has_chapter) or works_across(org, person):
        return
    if person.manager is None and org.uses("person", "manager"):
        yield Alarm("high", say("{person} has no line manager.", person=person.name), 0, 1, part="a")
    elif not has_chapter and org.uses("chapter_member", "chapter"):
        yield Alarm("medium", say("{person} is in no chapter.", person=person.name), 0, 1, part="b")


def over_allocated(view: View, person: Person, limits: Limits) -> Iterator[Alarm]:
    """The known shares of someone's time add up to no more than all of it.

    Why: Each further effort costs about a fifth of the time in switching.
    Try: Agree which squad gets less.
    Source: WB.
    """
    total = sum(membership.share or 0 for membership in view.memberships_of(person.id))
    if found := above(limits, total):
        severity, most = found
        message = say(
            "{person} is planned for {share} % of their time; the limit is {most} %.",
            person=person.name,
            share=total,
            most=most,
        )
        yield Alarm(severity, message, total, most)


def fragmented(view: View, person: Person, limits: Limits) -> Iterator[Alarm]:
    """A person works in one squad.

    Why: People in parts are in none: they miss what is decided, and switch all day.
    Try: Choose one home, and let the other squads ask for help when they need it.
    Source: HH, WB, TF.
    """
    squads = len(view.memberships_of(person.id))
    if found := above(limits, squads):
        severity, most = found
        several = count(squads, "squad", "squads")
        message = say("{person} is in {squads}.", person=person.name, squads=several)
        yield Alarm(severity, message, squads, most)


def role_overload(view: View, person: Person, limits: Limits) -> Iterator[Alarm]:
    """Nobody has many lead roles at once, or decides what people build as well as how.

    Why: The tension between what and how gets lost, and all hangs on one person.
    Try: Hand one of the roles to somebody who can grow into it.
    Source: K12.
    """
    org = view.org
    memberships = view.memberships_of(person.id)
    if conflict := _own_people_as_owner(org, person.id, memberships):
        squad, chapter = conflict
        message = say(
            "{person} is product owner of {squad} and leads the chapter of people in it, {chapter}.",
            person=person.name,
            squad=squad,
            chapter=chapter,
        )
        yield Alarm("high", message, 1, 0, part="b")
    roles = lead_roles_of(org, person.id, memberships)
    if found := above(limits, len(roles)):
        severity, most = found
        message = say(
            "{person} has {n} lead roles: {roles}.", person=person.name, n=len(roles), roles=names(roles)
        )
        yield Alarm(severity, message, len(roles), most, part="a")


def _own_people_as_owner(org: Org, person: str, memberships: list[Membership]) -> tuple[str, str] | None:
    """Return the squad that someone owns and the chapter that they lead where both have the same person."""
    owned = squads_owned_by(org, memberships)
    led = units_of(org, person, CHAPTER_SEATS) if owned else []
    for squad in owned if led else ():
        for membership in org.memberships_in(squad):
            chapter = org.chapter_of(membership.person)
            if chapter is not None and chapter.id in led and membership.person != person:
                return org.squads[squad].name, chapter.name
    return None


RULES = (
    rule("PE-01", "person", "high", in_no_squad, medium_above=14, high_above=45),
    rule("PE-02", "person", "high", no_manager_or_chapter, "ab"),
    rule("PE-03", "person", "high", over_allocated, medium_above=100, high_above=120),
    rule("PE-04", "person", "medium", fragmented, low_above=1, medium_above=2),
    rule("PE-05", "person", "high", role_overload, "ab", medium_above=2),
)
