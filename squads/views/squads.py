"""Squads: the list, the page of one, and every form that changes one or who is in it."""

from __future__ import annotations

from functools import partial
from operator import methodcaller
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from orgmodel.changes import periods
from orgmodel.changes.forms import CreateForm, EditForm, OperationForm
from orgmodel.changes.pages import address, board_or, can_change, operation_page, page_or_peek, record_or_404
from orgmodel.changes.pictures.family_tree import ancestry_of
from orgmodel.core.operations import (
    AssignCoach,
    AssignMission,
    CloseSquad,
    CreateSquad,
    EditMembership,
    EditSquad,
    EndCoaching,
    HandOverMission,
    JoinSquad,
    LeaveSquad,
    MoveSquad,
    RenameSquad,
    ReopenSquad,
)
from orgmodel.core.org import by_name
from orgmodel.core.phrases import count, names, say
from orgmodel.look import look_of
from squads import forms, queries
from squads.arcs import arcs, around
from squads.dependencies import needs_in, worst_first
from squads.hours import Shift, strip_of
from squads.listing import CLOSED, in_tribe, listing, state_of
from squads.reorganizing_forms import ReorganizingForm, closing_form
from squads.views.chosen import orgs_of
from squads.views.reorganizing import reorganizing_page


def squads(request: Any) -> HttpResponse:
    org = request.reality.org
    page = listing(
        request,
        "squad",
        search=("name", "key"),
        filters=[
            in_tribe(org),
            state_of("squad", "type", _("Type")),
            state_of("squad", "state", _("State")),
            CLOSED,
        ],
    )
    rows = [
        {
            "squad": squad,
            "tribe": org.tribes.get(squad.tribe) if squad.tribe else None,
            "mission": org.missions.get(squad.mission) if squad.mission else None,
            "size": org.size_of(squad.id),
            "guests": queries.guests_in(org, squad.id),
            "leads": org.squad_leads(squad.id)[:2],
            "vacancies": len(org.vacancies_in("squad", squad.id)),
        }
        for squad in page["page"]
    ]
    return render(request, "squads/squads.html", {**page, "rows": rows})


def squad(request: Any, key: str) -> HttpResponse:
    squad = record_or_404(request, "squad", key)
    org, before = orgs_of(request, "after")
    mission = org.missions.get(squad.mission) if squad.mission else None
    today = request.reality.as_of or timezone.localdate()
    return page_or_peek(
        request,
        "squads/squad.html",
        {
            "squad": squad,
            "tribe": org.tribes.get(squad.tribe) if squad.tribe else None,
            "mission": mission,
            "progress": queries.progress_of(mission) if mission is not None else None,
            "size": org.size_of(squad.id),
            "guests": queries.guests_in(org, squad.id),
            "groups": queries.members_by_chapter(org, squad.id),
            "vacancies": org.vacancies_in("squad", squad.id),
            "systems": [(system, org.owners_of(system.id)) for system in org.systems_of(squad.id)],
            "claimed": org.systems_claimed_by(squad.id),
            "domains": org.domains_of(squad.id),
            "needs": worst_first(needs_in(org, methodcaller("needs_of", squad.id), today, before)),
            "needed_by": worst_first(needs_in(org, methodcaller("needed_by", squad.id), today, before)),
            "arcs": arcs(around(org, squad.id, today, before), partial(address, request)),
            "strip": strip_of(
                org, squad.id, today, look_of(request)["zone"], partial(_working, request, squad.key)
            ),
            "coaches": org.coaches_of(squad.id),
            "decisions": queries.who_decides(org, squad),
            "ancestry": ancestry_of(request, squad, size=org.size_of(squad.id)),
            "timeline": queries.timeline(request.reality, "squad", squad.id),
            "periods": periods.of_squad(
                request.reality.live,
                squad.id,
                until=request.reality.as_of,
                planned=request.reality.outlook,
            ),
            "may_change": can_change(request),
        },
    )


def _working(request: Any, squad: str, shift: Shift) -> str:
    """Return the page of the one person who works then, or the list of the squad's people."""
    if len(shift.people) == 1:
        return address(request, "person", shift.people[0].key)
    return address(request, "people", squad=squad)


def squad_new(request: Any) -> HttpResponse:
    form = CreateForm(request, CreateSquad, asks=("name", "tribe", "mission", *forms.SQUAD[1:]))
    return operation_page(
        request,
        form,
        title=_("New squad"),
        verb=_("Create squad"),
        done=("created",),
        crumbs=_crumbs(request),
    )


def squad_edit(request: Any, key: str) -> HttpResponse:
    squad = record_or_404(request, "squad", key)
    form = EditForm(request, EditSquad, squad, rename=RenameSquad, asks=forms.SQUAD)
    return _page(request, squad, form, say("Edit {squad}", squad=squad.name), _("Save"))


def squad_close(request: Any, key: str) -> HttpResponse:
    """The form, and whoever is in the way with the pages that move them first."""
    org, squad = request.reality.org, record_or_404(request, "squad", key)
    people = by_name(org.people[m.person] for m in org.memberships_in(squad.id))
    vacancies, systems = org.vacancies_in("squad", squad.id), org.systems_of(squad.id)
    domains = org.domains_of(squad.id)
    waiting = by_name(org.squads[d.squad] for d in org.needed_by(squad.id))
    held: list[tuple[list[Any], str]] = [
        (people, count(people, "person", "people")),
        (vacancies, count(vacancies, "open vacancy", "open vacancies")),
        (systems, count(systems, "system", "systems")),
        (domains, count(domains, "domain", "domains")),
        (waiting, count(waiting, "squad waiting", "squads waiting")),
    ]
    holds = [words for found, words in held if found]
    return reorganizing_page(
        request,
        closing_form(request, CloseSquad, squad, holds=bool(holds)),
        **_place(request, squad),
        title=say("Close {squad}", squad=squad.name),
        verb=_("Close squad"),
        template="squads/squad_close.html",
        kind="stop",
        squad=squad,
        holds=names(holds, limit=len(held)),
        people=people,
        others=[*vacancies, *systems, *domains, *waiting],
        move_url=address(
            request, "people_move", person=[p.key for p in people], source=squad.key, then="close"
        )
        if people
        else "",
    )


def squad_reopen(request: Any, key: str) -> HttpResponse:
    squad = record_or_404(request, "squad", key)
    form = OperationForm(request, ReopenSquad, id=squad.id)
    title = say("Reopen {squad}", squad=squad.name)
    intro = _("It comes back empty, with its name, mission and history.")
    return _page(request, squad, form, title, _("Reopen squad"), intro=intro)


def squad_move(request: Any, key: str) -> HttpResponse:
    squad = record_or_404(request, "squad", key)
    return reorganizing_page(
        request,
        ReorganizingForm(request, MoveSquad, shows="tribe", asks=("tribe",), squad=squad.id),
        **_place(request, squad),
        title=say("Move {squad} to another tribe", squad=squad.name),
        verb=_("Move squad"),
        intro=_("Everyone in it moves along; chapters and line managers stay as they are."),
    )


def squad_lead(request: Any, key: str) -> HttpResponse:
    """Set or clear a role that leads: product owner, engineering lead, or whatever leads here."""
    org, squad = request.reality.org, record_or_404(request, "squad", key)
    members = by_name(org.people[m.person] for m in org.memberships_in(squad.id))
    form = forms.SquadLeadForm(request, squad, members)
    title = say("Who leads {squad}", squad=squad.name)
    intro = _("Whoever held the role stays in the squad without it.")
    return _page(request, squad, form, title, _("Set lead"), intro=intro)


def squad_mission(request: Any, key: str) -> HttpResponse:
    squad = record_or_404(request, "squad", key)
    options = {"mission": {"help_text": _("Empty: no mission.")}}
    initial = {"mission": squad.mission}
    form = OperationForm(
        request, AssignMission, asks=("mission",), options=options, initial=initial, squad=squad.id
    )
    title = say("Mission of {squad}", squad=squad.name)
    return _page(request, squad, form, title, _("Set mission"))


def squad_hand_over(request: Any, key: str) -> HttpResponse:
    squad = record_or_404(request, "squad", key)
    form = OperationForm(
        request, HandOverMission, asks=("to",), options={"to": {"label": _("To squad")}}, source=squad.id
    )
    title = say("Hand over the mission of {squad}", squad=squad.name)
    intro = say("{squad} is left without a mission.", squad=squad.name)
    return _page(request, squad, form, title, _("Hand over"), intro=intro)


def squad_coach(request: Any, key: str) -> HttpResponse:
    squad = record_or_404(request, "squad", key)
    form = OperationForm(request, AssignCoach, asks=("person",), squad=squad.id)
    coaches = ", ".join(person.name for person in request.reality.org.coaches_of(squad.id))
    intro = (
        say("Next to {people}. A coach need not belong to the squad.", people=coaches)
        if coaches
        else _("A coach need not belong to the squad.")
    )
    title = say("Coach of {squad}", squad=squad.name)
    return _page(request, squad, form, title, _("Assign coach"), intro=intro)


def coaching_end(request: Any, key: str, person_key: str) -> HttpResponse:
    squad, coach = record_or_404(request, "squad", key), record_or_404(request, "person", person_key)
    if coach not in request.reality.org.coaches_of(squad.id):
        raise Http404(_("{person} does not coach {squad}.").format(person=coach.name, squad=squad.name))
    form = OperationForm(request, EndCoaching, person=coach.id, squad=squad.id)
    title = say("{person} does not coach {squad} any more", person=coach.name, squad=squad.name)
    return _page(request, squad, form, title, _("End coaching"), kind="stop")


def squad_add_person(request: Any, key: str) -> HttpResponse:
    squad = record_or_404(request, "squad", key)
    form = OperationForm(
        request,
        JoinSquad,
        asks=("id", "person", *forms.MEMBERSHIP),
        initial={"kind": "permanent", "since": timezone.localdate()},
        squad=squad.id,
    )
    title = say("Add a person to {squad}", squad=squad.name)
    return _page(request, squad, form, title, _("Add person"))


def membership_edit(request: Any, key: str, person_key: str) -> HttpResponse:
    """Role, share, kind and dates of a person in a squad; from here to moving them or taking them out."""
    org, squad = request.reality.org, record_or_404(request, "squad", key)
    person = record_or_404(request, "person", person_key)
    membership = org.membership(person.id, squad.id)
    if membership is None:
        return render(request, "squads/not_member.html", {"squad": squad, "person": person}, status=404)
    form = forms.EditMembershipForm(request, EditMembership, membership, asks=forms.MEMBERSHIP)
    return _page(
        request,
        squad,
        form,
        say("{person} in {squad}", person=person.name, squad=squad.name),
        _("Save"),
        template="squads/membership.html",
        squad=squad,
        person=person,
    )


def membership_leave(request: Any, key: str, person_key: str) -> HttpResponse:
    org, squad = request.reality.org, record_or_404(request, "squad", key)
    person = record_or_404(request, "person", person_key)
    form = OperationForm(request, LeaveSquad, person=person.id, squad=squad.id)
    others = by_name(org.squads[m.squad] for m in org.memberships_of(person.id) if m.squad != squad.id)
    intro = (
        say(
            "{person} stays in the organization and stays in {squads}.",
            person=person.name,
            squads=", ".join(other.name for other in others),
        )
        if others
        else say("{person} stays in the organization and is then in no squad.", person=person.name)
    )
    title = say("Take {person} out of {squad}", person=person.name, squad=squad.name)
    return _page(request, squad, form, title, _("Take out"), intro=intro, kind="stop")


def _page(
    request: Any, unit: Any, form: OperationForm, title: str, verb: str, **context: Any
) -> HttpResponse:
    return operation_page(request, form, title=title, verb=verb, **_place(request, unit), **context)


def _place(request: Any, squad: Any) -> dict[str, Any]:
    """Return where the page of a form about a squad stands, and where it goes on to."""
    crumbs = [*_crumbs(request), (squad.name, address(request, "squad", squad.key))]
    return {"done": board_or(request, "squad", squad.key), "crumbs": crumbs}


def _crumbs(request: Any) -> list[tuple[str, str]]:
    return [(_("Squads"), address(request, "squads"))]
