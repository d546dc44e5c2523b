"""Rules about chapters and line managers: CH-01 to CH-06 and SP-01."""

from __future__ import annotations

from collections.abc import Iterator

from orgmodel.core.phrases import count, names, say
from orgmodel.core.records import Chapter, Person
from orgmodel.core.rules.base import Alarm, Limits, View, above, below, rule, without_lead
from orgmodel.core.rules.lines import (
    TRIBE_SEATS,
    home_tribe,
    is_manager,
    leads_company,
    manages_managers,
    reports_of,
    steps_from_top,
    units_of,
)


def span_too_wide(view: View, person: Person, limits: Limits) -> Iterator[Alarm]:
    """A line manager has no more direct reports than they have time for. Managers of managers have a limit of their
    own.

    Why: Beyond eight or nine people, a manager is only a safety net.
    Try: Split the chapter, or let another lead take some of the people.
    Source: LS, MS.
    """
    reports = reports_of(view.org, person.id) if is_manager(view.org, person.id) else []
    if (found := above(limits, len(reports))) and not manages_managers(view.org, reports):
        severity, most = found
        reporting = count(reports, "direct report", "direct reports")
        message = say(
            "{person} has {reports}; the limit is {most}.", person=person.name, reports=reporting, most=most
        )
        yield Alarm(severity, message, len(reports), most, len(reports))


def chapter_too_small(view: View, chapter: Chapter, limits: Limits) -> Iterator[Alarm]:
    """A chapter has enough members to learn from one another.

    Why: Without peers there is nobody to learn from, and the lead is a technical lead only.
    Try: Merge it with a chapter of a craft close by, or hire.
    Source: LS, AB.
    """
    size = len(view.org.chapter_members_in(chapter.id))
    if found := below(limits, size):
        severity, least = found
        members = count(size, "member", "members")
        message = say(
            "{chapter} has {members}; the least is {least}.",
            chapter=chapter.name,
            members=members,
            least=least,
        )
        yield Alarm(severity, message, size, least, size)


def no_chapter_lead(view: View, chapter: Chapter, limits: Limits) -> Iterator[Alarm]:
    """A chapter has a lead. While one is missing, someone stands in.

    Why: Without a lead nobody manages the people and helps them grow.
    Try: Name a chapter lead, or open a vacancy for one.
    Source: K12.
    """
    if chapter.lead is None:
        size = len(view.org.chapter_members_in(chapter.id))
        acting = view.org.people.get(chapter.interim_lead) if chapter.interim_lead else None
        yield Alarm("medium" if acting else "high", without_lead(chapter, acting), 0, 1, size)


def chapter_crosses_tribes(view: View, chapter: Chapter, limits: Limits) -> Iterator[Alarm]:
    """The members of a chapter work in one tribe.

    Why: Chapters are local; what people of several tribes share is a guild.
    Try: Give the members in other tribes a chapter there, and keep in touch in a guild.
    Source: K12.
    """
    members = view.org.chapter_members_in(chapter.id)
    tribes = {tribe for m in members if (tribe := home_tribe(view.org, m.person)) is not None}
    if len(tribes) > limits["tribes_most"]:
        several = count(tribes, "tribe", "tribes")
        message = say("{chapter} has members in {tribes}.", chapter=chapter.name, tribes=several)
        yield Alarm("medium", message, len(tribes), limits["tribes_most"], len(members))


def lead_in_no_squad(view: View, person: Person, limits: Limits) -> Iterator[Alarm]:
    """A chapter lead works in a squad as well, unless they lead a tribe.

    Why: It keeps managers in touch with the work.
    Try: Find a squad that they can work in, for a part of their time at least.
    Source: K12.
    """
    org = view.org
    if not org.is_named("chapter", "lead", person.id) or org.is_named("membership", "person", person.id):
        return
    led = [
        c for id_ in org.pointing("chapter", "lead", person.id) if (c := org.chapters[id_]).closed_on is None
    ]
    if led and not units_of(org, person.id, TRIBE_SEATS):
        members = sum(len(org.chapter_members_in(chapter.id)) for chapter in led)
        where = names(sorted(chapter.name for chapter in led))
        message = say("{person} leads {chapters} and is in no squad.", person=person.name, chapters=where)
        yield Alarm("medium", message, 0, 1, members)


def manager_is_not_the_lead(view: View, person: Person, limits: Limits) -> Iterator[Alarm]:
    """The line manager of a chapter member is the chapter's lead, or whoever stands in for them.

    Why: Two bosses make the path of growth unclear.
    Try: Let the person report to their chapter lead, or move them to the chapter of their manager.
    Source: K12, JL.
    """
    org = view.org
    chapter = org.chapter_of(person.id) if person.manager is not None else None
    if chapter is None or {person.id, person.manager} & {chapter.lead, chapter.interim_lead}:
        return
    lead = org.people.get(chapter.lead or chapter.interim_lead or "")
    manager = org.people.get(person.manager or "")
    if lead and manager:
        message = say(
            "{person} reports to {manager}; {lead} leads their chapter, {chapter}.",
            person=person.name,
            manager=manager.name,
            lead=lead.name,
            chapter=chapter.name,
        )
        yield Alarm("medium", message, 0, 1)


def shape_of_management(view: View, person: Person, limits: Limits) -> Iterator[Alarm]:
    """Whoever manages managers has few direct reports, nobody manages only one or two people, and few layers lie
    between the top and everybody else. Who leads the company is free to manage a few.

    Why: Four to six managers are what one can manage well; tiny teams breed micromanagement.
    Try: Merge teams that are too small to need a manager, and share managers out evenly.
    Source: LS, MS, AB, TF.
    """
    org = view.org
    reports = reports_of(org, person.id) if is_manager(org, person.id) else []
    if not reports:
        return
    span = len(reports)
    if (found := above(limits, span)) and manages_managers(org, reports):
        severity, most = found
        message = say(
            "{person} manages managers and has {n} direct reports; the limit is {most}.",
            person=person.name,
            n=span,
            most=most,
        )
        yield Alarm(severity, message, span, most, span, "a")
    steps = steps_from_top(org, person) + 1
    if steps > (most := limits["steps_most"]):
        message = say(
            "The direct reports of {person} are {n} steps from the top; the limit is {most}.",
            person=person.name,
            n=steps,
            most=most,
        )
        advice = say("Take a layer out: let some of the managers in between share a level.")
        yield Alarm("medium", message, steps, most, span, "b", advice)
    if span < (least := limits["reports_least"]) and not leads_company(org, person):
        people = count(span, "person", "people")
        message = say("{person} manages only {people}.", person=person.name, people=people)
        yield Alarm("low", message, span, least, span, "c")


RULES = (
    rule("CH-01", "person", "high", span_too_wide, medium_above=8, high_above=10),
    rule("CH-02", "chapter", "medium", chapter_too_small, low_below=4, medium_below=3),
    rule("CH-03", "chapter", "high", no_chapter_lead),
    rule("CH-04", "chapter", "medium", chapter_crosses_tribes, tribes_most=1),
    rule("CH-05", "person", "medium", lead_in_no_squad),
    rule("CH-06", "person", "medium", manager_is_not_the_lead),
    rule(
        "SP-01",
        "person",
        "high",
        shape_of_management,
        "abc",
        medium_above=6,
        high_above=8,
        steps_most=5,
        reports_least=3,
    ),
)
