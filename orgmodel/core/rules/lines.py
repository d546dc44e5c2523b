"""What rules about people ask of both lines: who leads what, who manages whom, where someone belongs."""

from __future__ import annotations

from orgmodel.core.org import SEATS, Org, Seat
from orgmodel.core.phrases import say
from orgmodel.core.records import Chapter, Membership, Person
from orgmodel.core.rules.words import OWNER
from orgmodel.core.scope import is_here

TRIBE_SEATS = tuple(seat for seat in SEATS if seat.kind == "tribe")
LEAD_SEATS = tuple(seat for seat in SEATS if seat.kind in ("tribe", "chapter"))
CHAPTER_SEATS = tuple(seat for seat in SEATS if seat.kind == "chapter")
INTERIM_SEATS = tuple(seat for seat in SEATS if seat.field == "interim_lead")


def units_of(org: Org, person: str, seats: tuple[Seat, ...]) -> list[str]:
    """Return the ids of the open units where someone has one of these seats."""
    return [unit for _, unit in seats_in(org, person, seats)]


def seats_in(org: Org, person: str, seats: tuple[Seat, ...]) -> list[tuple[Seat, str]]:
    """Return which of these seats someone has, each with the id of its open unit."""
    held = [seat for seat in seats if org.is_named(seat.kind, seat.field, person)]
    return [
        (seat, unit)
        for seat in held
        for unit in org.pointing(seat.kind, seat.field, person)
        if org.get(seat.kind, unit).closed_on is None  # type: ignore[union-attr]
    ]


def squads_led_by(org: Org, memberships: list[Membership]) -> list[tuple[str, str]]:
    """Return the squads that someone leads by their memberships, each with the name of the role."""
    return [
        (role.name, membership.squad)
        for membership in memberships
        if membership.role and (role := org.roles.get(membership.role)) is not None and role.leads
    ]


def squads_owned_by(org: Org, memberships: list[Membership]) -> list[str]:
    """Return the squads whose product owner someone is by their memberships."""
    return [
        m.squad
        for m in memberships
        if m.role and (role := org.roles.get(m.role)) is not None and role.key == OWNER
    ]


def lead_roles_of(
    org: Org, person: str, memberships: list[Membership], seats: tuple[Seat, ...] = LEAD_SEATS
) -> list[str]:
    """Return in words what someone leads: "chapter lead of Mobile", "product owner of Search"."""
    return [
        *(
            say("{role} of {unit}", role=seat.label, unit=_name(org, seat.kind, unit))
            for seat, unit in seats_in(org, person, seats)
        ),
        *(
            say("{role} of {unit}", role=role.lower(), unit=_name(org, "squad", squad))
            for role, squad in squads_led_by(org, memberships)
        ),
    ]


def _name(org: Org, kind: str, id_: str) -> str:
    return str(org.get(kind, id_).name)  # type: ignore[union-attr]


def leads_company(org: Org, person: Person) -> bool:
    """Say whether someone is at the top: people report to them, they to nobody, and no chapter is theirs."""
    return (
        person.manager is None
        and bool(org.pointing("person", "manager", person.id))
        and not units_of(org, person.id, CHAPTER_SEATS)
    )


def works_across(org: Org, person: Person) -> bool:
    """Say whether someone works for several squads by their role: leads the company or a tribe, or coaches."""
    return (
        bool(org.pointing("coaching", "person", person.id))
        or bool(units_of(org, person.id, TRIBE_SEATS))
        or leads_company(org, person)
    )


def is_manager(org: Org, person: str) -> bool:
    """Say whether anybody reports, or reported until they left, to someone."""
    return org.is_named("person", "manager", person)


def reports_of(org: Org, manager: str) -> list[str]:
    """Return the ids of the people here who report to a manager."""
    return [person for person in org.pointing("person", "manager", manager) if is_here(org, person)]


def manages_managers(org: Org, reports: list[str]) -> bool:
    """Say whether people report to one of these."""
    return any(is_manager(org, person) and reports_of(org, person) for person in reports)


def steps_from_top(org: Org, person: Person) -> int:
    """Return how many managers stand above someone. No chain is followed for ever, even where it closes in a circle."""
    steps, seen = 0, {person.id}
    step = org.people.get(person.manager) if person.manager else None
    while step is not None and step.id not in seen:
        seen.add(step.id)
        steps += 1
        step = org.people.get(step.manager) if step.manager else None
    return steps


def home_tribe(org: Org, person: str) -> str | None:
    """Return the tribe of someone's home squad."""
    home = org.primary_membership(person)
    return org.squads[home.squad].tribe if home is not None else None


def tribe_of(org: Org, person: str) -> str | None:
    """Return where someone belongs: the tribe of their home squad or, without one, that of their chapter."""
    tribe = home_tribe(org, person)
    if tribe is None and (chapter := org.chapter_of(person)) is not None:
        return chapter.tribe
    return tribe


def leads_of(chapter: Chapter) -> tuple[str, ...]:
    """Return who may answer for the people of a chapter: its lead, and whoever stands in."""
    return tuple(person for person in (chapter.lead, chapter.interim_lead) if person)
