"""People: the list, the page of one, and every form that changes one or several."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from orgmodel.changes import periods
from orgmodel.changes.forms import CreateForm, EditForm, OperationForm
from orgmodel.changes.pages import address, board_or, can_change, operation_page, page_or_peek, record_or_404
from orgmodel.core.operations import (
    EditPerson,
    HirePerson,
    JoinSquad,
    MovePeople,
    ReinstatePerson,
    RenamePerson,
)
from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import say
from orgmodel.scim import accounts
from squads import forms, queries
from squads.listing import Choice, id_of, listing, options_of, record_options, tribe_options
from squads.models import Membership
from squads.queries import Filter

WITHOUT_SQUAD = "none"
EVERYONE = "all"  # those who have left as well
DEACTIVATED = "deactivated"  # those here whose account an identity provider switched off


def people(request: Any) -> HttpResponse:
    org = request.reality.org
    page = listing(
        request, "person", search=("name", "title", "email", "key"), filters=_filters(request.reality)
    )
    rows = [_row(org, person) for person in page["page"]]
    return render(request, "squads/people.html", {**page, "rows": rows})


def _row(org: Org, person: Any) -> dict[str, Any]:
    home = org.primary_membership(person.id)
    squad = org.squads[home.squad] if home is not None else None
    return {
        "person": person,
        "squad": squad,
        "others": max(0, len(org.memberships_of(person.id)) - 1),
        "tribe": org.tribes.get(squad.tribe) if squad is not None and squad.tribe else None,
        "role": org.roles.get(home.role) if home is not None and home.role else None,
        "share": queries.share_sum(org, person.id),
        "chapter": org.chapter_of(person.id),
    }


def _filters(reality: Any) -> list[Choice]:
    org: Org = reality.org
    squads, chapters, guilds = (
        record_options(record for record in table.values() if record.closed_on is None)
        for table in (org.squads, org.chapters, org.guilds)
    )
    without_squad = (WITHOUT_SQUAD, _("Without a squad"))
    return [
        Choice("tribe", _("Tribe"), tribe_options(org), lambda key: _in_tribe(id_of(org, "tribe", key))),
        Choice("squad", _("Squad"), [without_squad, *squads], lambda key: _in_squad(org, key)),
        Choice("chapter", _("Chapter"), chapters, lambda key: _in_chapter(id_of(org, "chapter", key))),
        Choice("guild", _("Guild"), guilds, lambda key: _in_guild(id_of(org, "guild", key))),
        Choice("craft", _("Craft"), _texts(reality, "craft"), lambda value: queries.equals("craft", value)),
        Choice("level", _("Level"), _texts(reality, "level"), lambda value: queries.equals("level", value)),
        Choice("status", _("Status"), _statuses(), _of_status, empty=_("Here"), always=True),
    ]


def _texts(reality: Any, field: str) -> list[tuple[str, str]]:
    return [(text, text) for text in queries.different(reality, "person", field)]


def _statuses() -> list[tuple[str, str]]:
    return [*options_of("person", "status"), (DEACTIVATED, _("Account deactivated")), (EVERYONE, _("All"))]


def _with_account_off() -> Filter:
    here = ~Q(status="left") & Q(pk__in=accounts.deactivated().values("pk"))
    ids = SimpleLazyObject(lambda: frozenset(accounts.deactivated().values_list("pk", flat=True)))
    return Filter(here, lambda org, person: person.is_here and person.id in ids)


def _of_status(value: str) -> Filter:
    if not value:
        return Filter(~Q(status="left"), lambda org, person: person.is_here)
    if value == DEACTIVATED:
        return _with_account_off()
    if value == EVERYONE:
        return queries.everything()
    return queries.equals("status", value) if value in dict(_statuses()) else queries.nothing()


def _in_tribe(tribe: str) -> Filter:
    if not tribe:
        return queries.nothing()
    members = Membership.objects.filter(Q(squad__tribe=tribe)).values("person")
    return Filter(
        Q(pk__in=members),
        lambda org, person: any(org.squads[m.squad].tribe == tribe for m in org.memberships_of(person.id)),
    )


def _in_squad(org: Org, key: str) -> Filter:
    if key == WITHOUT_SQUAD:
        return Filter(
            Q(~Exists(Membership.objects.filter(person=OuterRef("pk")))),
            lambda org, person: not org.memberships_of(person.id),
        )
    squad = id_of(org, "squad", key)
    if not squad:
        return queries.nothing()
    return Filter(
        Q(pk__in=Membership.objects.filter(Q(squad=squad)).values("person")),
        lambda org, person: org.membership(person.id, squad) is not None,
    )


def _in_chapter(chapter: str) -> Filter:
    if not chapter:
        return queries.nothing()

    def is_member(org: Org, person: Any) -> bool:
        member = org.chapter_member_of(person.id)
        return member is not None and member.chapter == chapter

    return Filter(Q(chapter_members__chapter=chapter), is_member)


def _in_guild(guild: str) -> Filter:
    if not guild:
        return queries.nothing()
    return Filter(
        Q(guild_members__guild=guild),
        lambda org, person: any(member.guild == guild for member in org.guild_members_of(person.id)),
    )


def person(request: Any, key: str) -> HttpResponse:
    org, person = request.reality.org, record_or_404(request, "person", key)
    members = [queries.member_of(org, membership) for membership in org.memberships_of(person.id)]
    places = [(member, org.squads[member.membership.squad]) for member in members]
    home = org.primary_membership(person.id)
    tribe = org.squads[home.squad].tribe if home is not None else None
    chapter = org.chapter_of(person.id)
    return page_or_peek(
        request,
        "squads/person.html",
        {
            "person": person,
            "color": org.tribes[tribe].color if tribe else "",
            "places": sorted(places, key=lambda place: (not place[0].is_home, place[1].name.casefold())),
            "share": queries.share_sum(org, person.id),
            "chapter": chapter,
            "chapter_lead": org.people.get(chapter.lead) if chapter is not None and chapter.lead else None,
            "manager": org.people.get(person.manager) if person.manager else None,
            "reports": org.reports_of(person.id),
            "leads": queries.leads_of(org, person.id),
            "guilds": sorted(
                ((org.guilds[m.guild], m) for m in org.guild_members_of(person.id)),
                key=lambda pair: pair[0].name.casefold(),
            ),
            "hiring": by_name(v for v in _vacancies_of(org, person.id) if v.is_open),
            "systems": org.systems_owned_by(person.id),
            "coaching": org.squads_coached_by(person.id),
            "skills": org.skills_of(person.id),
            "timeline": queries.timeline(request.reality, "person", person.id),
            "periods": periods.without_repeats(
                periods.of_person(
                    request.reality.live,
                    person.id,
                    until=request.reality.as_of,
                    planned=request.reality.outlook,
                )
            ),
            "account": accounts.notice_about(org, person) if not request.reality.is_another_day else None,
            "may_change": can_change(request),
        },
    )


def _vacancies_of(org: Org, person: str) -> list[Any]:
    return [org.vacancies[id_] for id_ in org.pointing("vacancy", "hiring_manager", person)]


def person_new(request: Any) -> HttpResponse:
    form = CreateForm(
        request,
        HirePerson,
        asks=forms.PERSON,
        options=forms.HERE,
        initial={"started_on": timezone.localdate()},
    )
    return operation_page(
        request, form, title=_("New person"), verb=_("Hire"), done=("created",), crumbs=_crumbs(request)
    )


def person_edit(request: Any, key: str) -> HttpResponse:
    person = record_or_404(request, "person", key)
    left = (
        {}
        if person.is_here
        else {"status": {"without": ("active", "prehire", "onboarding", "on_leave", "notice")}}
    )
    form = EditForm(
        request, EditPerson, person, rename=RenamePerson, asks=forms.PERSON, options=left or forms.HERE
    )
    return _page(request, person, form, say("Edit {person}", person=person.name), _("Save"))


def person_skills(request: Any, key: str) -> HttpResponse:
    person = record_or_404(request, "person", key)
    form = forms.SkillsForm(request, person)
    title = say("What {person} can do", person=person.name)
    return _page(request, person, form, title, _("Set skills"))


def person_offboard(request: Any, key: str) -> HttpResponse:
    """Names every membership that ends and every lead role left empty, and asks who takes the reports."""
    org, person = request.reality.org, record_or_404(request, "person", key)
    title = say("Offboard {person}", person=person.name)
    return _page(
        request,
        person,
        forms.OffboardForm(request, person.id),
        title,
        title,
        template="squads/person_offboard.html",
        kind="stop",
        person=person,
        squads=by_name(org.squads[m.squad] for m in org.memberships_of(person.id)),
        chapter=org.chapter_of(person.id),
        guilds=by_name(org.guilds[m.guild] for m in org.guild_members_of(person.id)),
        leads=queries.leads_of(org, person.id),
        reports=org.reports_of(person.id),
        hiring=by_name(v for v in _vacancies_of(org, person.id) if v.is_open),
    )


def person_reinstate(request: Any, key: str) -> HttpResponse:
    person = record_or_404(request, "person", key)
    form = OperationForm(request, ReinstatePerson, person=person.id)
    title = say("Reinstate {person}", person=person.name)
    intro = _("They come back without squad, chapter, guild or role.")
    return _page(request, person, form, title, _("Reinstate"), intro=intro)


def person_join(request: Any, key: str) -> HttpResponse:
    person = record_or_404(request, "person", key)
    form = OperationForm(
        request,
        JoinSquad,
        asks=("id", "squad", *forms.MEMBERSHIP),
        initial={"kind": "permanent", "since": timezone.localdate()},
        person=person.id,
    )
    title = say("Add {person} to a squad", person=person.name)
    return _page(request, person, form, title, _("Add to squad"))


def people_move(request: Any) -> HttpResponse:
    """Move several people at once: `person` in the address, repeated, chooses them, `source` the squad they leave.

    `then=close` goes on to closing that squad.
    """
    org = request.reality.org
    source: Any = org.find("squad", request.GET.get("source", ""))
    options = {
        "people": {"help_text": _("Keys or names, one to a line.")},
        "to": {"label": _("To squad")},
        "role": {"help_text": _("None: as it is now.")},
        "share": {"label": _("Share in percent"), "help_text": _("Empty: as it is now.")},
        "since": {"help_text": _("Empty: the day of the change.")},
    }
    form = OperationForm(
        request,
        MovePeople,
        asks=("people", "to", "role", "share", "since"),
        options=options,
        source=source.id if source is not None else None,
    )
    done = ("people",) if source is None else ("squad", source.key)
    if source is not None and request.GET.get("then") == "close":
        done = ("squad_close", source.key)
    intro = (
        say("Everyone named here moves out of {squad}, all at once or none.", squad=source.name)
        if source is not None
        else _("Everyone named here moves out of the squad that is each person's home, all at once or none.")
    )
    return operation_page(
        request,
        form,
        title=_("Move people"),
        verb=_("Move people"),
        done=done,
        crumbs=_crumbs(request),
        intro=intro,
    )


def shares(request: Any) -> HttpResponse:
    """Set the share of several people at once; `person` in the address, repeated, chooses them."""
    form = forms.SharesForm(request)
    return operation_page(
        request,
        form,
        title=_("Set share"),
        verb=_("Set share"),
        done=board_or(request, "people"),
        crumbs=_crumbs(request),
        intro=say("Of {people}.", people=form.whom)
        if form.places
        else _("How much of someone's time a squad has, in percent."),
    )


def _page(
    request: Any, unit: Any, form: OperationForm, title: str, verb: str, **context: Any
) -> HttpResponse:
    crumbs = [*_crumbs(request), (unit.name, address(request, "person", unit.key))]
    return operation_page(
        request, form, title=title, verb=verb, done=("person", unit.key), crumbs=crumbs, **context
    )


def _crumbs(request: Any) -> list[tuple[str, str]]:
    return [(_("People"), address(request, "people"))]
