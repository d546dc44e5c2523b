"""Chapters and guilds: their lists, the page of one, and every form that changes one or who is in it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guilds import forms
from guilds.queries import absent_tribes, members_by_squad, members_by_tribe
from orgmodel.changes.forms import CreateForm, EditForm, OperationForm, SeatForm
from orgmodel.changes.pages import address, board_or, can_change, operation_page, record_or_404
from orgmodel.changes.pictures.family_tree import ancestry_of
from orgmodel.core.operations import (
    CloseChapter,
    CloseGuild,
    CreateChapter,
    CreateGuild,
    EditChapter,
    EditGuild,
    JoinGuild,
    LeaveGuild,
    MoveChapter,
    RenameChapter,
    RenameGuild,
    ReopenChapter,
    ReopenGuild,
    SetChapterLead,
    SetGuildCoordinator,
)
from orgmodel.core.org import by_name
from orgmodel.core.phrases import count, say
from squads.forms import LeadsForm
from squads.listing import CLOSED, in_tribe, listing, state_of
from squads.queries import timeline
from squads.reorganizing_forms import ReorganizingForm, closing_form
from squads.views.reorganizing import merge_page, reorganizing_page

# Chapters


def chapters(request: Any) -> HttpResponse:
    org = request.reality.org
    page = listing(request, "chapter", search=("name", "competency", "key"), filters=[in_tribe(org), CLOSED])
    rows = [
        {
            "chapter": chapter,
            "tribe": org.tribes.get(chapter.tribe) if chapter.tribe else None,
            "lead": org.people.get(chapter.lead) if chapter.lead else None,
            "size": len(org.chapter_members_in(chapter.id)),
        }
        for chapter in page["page"]
    ]
    return render(request, "guilds/chapters.html", {**page, "rows": rows})


def chapter(request: Any, key: str) -> HttpResponse:
    org, chapter = request.reality.org, record_or_404(request, "chapter", key)
    return render(
        request,
        "guilds/chapter.html",
        {
            "chapter": chapter,
            "tribe": org.tribes.get(chapter.tribe) if chapter.tribe else None,
            "lead": org.people.get(chapter.lead) if chapter.lead else None,
            "interim_lead": org.people.get(chapter.interim_lead) if chapter.interim_lead else None,
            "size": len(org.chapter_members_in(chapter.id)),
            "groups": members_by_squad(org, chapter.id),
            "vacancies": org.vacancies_in("chapter", chapter.id),
            "ancestry": ancestry_of(request, chapter, size=len(org.chapter_members_in(chapter.id))),
            "timeline": timeline(request.reality, "chapter", chapter.id),
            "may_change": can_change(request),
        },
    )


def chapter_new(request: Any) -> HttpResponse:
    form = CreateForm(request, CreateChapter, asks=(*forms.CHAPTER, "lead"))
    return operation_page(
        request,
        form,
        title=_("New chapter"),
        verb=_("Create chapter"),
        done=("created",),
        crumbs=[(_("Chapters"), address(request, "chapters"))],
    )


def chapter_edit(request: Any, key: str) -> HttpResponse:
    chapter = record_or_404(request, "chapter", key)
    form = EditForm(request, EditChapter, chapter, rename=RenameChapter, asks=forms.CHAPTER)
    return _page(request, chapter, form, say("Edit {name}", name=chapter.name), _("Save"))


def chapter_lead(request: Any, key: str) -> HttpResponse:
    chapter = record_or_404(request, "chapter", key)
    form = LeadsForm(request, SetChapterLead, chapter, edit=EditChapter)
    title, intro = say("Who leads {name}", name=chapter.name), _("Line managers stay as they are.")
    return _page(request, chapter, form, title, _("Set chapter lead"), intro=intro)


def chapter_close(request: Any, key: str) -> HttpResponse:
    org, chapter = request.reality.org, record_or_404(request, "chapter", key)
    people = by_name(org.people[m.person] for m in org.chapter_members_in(chapter.id))
    vacancies = org.vacancies_in("chapter", chapter.id)
    return reorganizing_page(
        request,
        closing_form(request, CloseChapter, chapter, holds=bool(people or vacancies)),
        **_place(request, chapter),
        title=say("Close {name}", name=chapter.name),
        verb=_("Close chapter"),
        template="guilds/chapter_close.html",
        kind="stop",
        people=people,
        vacancies=vacancies,
        move_url=address(request, "chapter_change", person=[p.key for p in people]) if people else "",
    )


def chapter_move(request: Any, key: str) -> HttpResponse:
    chapter = record_or_404(request, "chapter", key)
    form = ReorganizingForm(request, MoveChapter, shows="tribe", asks=("tribe",), chapter=chapter.id)
    return reorganizing_page(
        request,
        form,
        **_place(request, chapter),
        title=say("Move {name} to another tribe", name=chapter.name),
        verb=_("Move chapter"),
        intro=_("Its members stay in their squads, and line managers as they are."),
    )


def chapter_merge(request: Any, key: str) -> HttpResponse:
    """Merge a chapter with others by MergeChapters."""
    chapter = record_or_404(request, "chapter", key)
    intro = _("One chapter stays and takes over the members of the others, which close.")
    return merge_page(request, chapter, **_place(request, chapter), intro=intro)


def chapter_reopen(request: Any, key: str) -> HttpResponse:
    chapter = record_or_404(request, "chapter", key)
    form = OperationForm(request, ReopenChapter, id=chapter.id)
    title, intro = say("Reopen {name}", name=chapter.name), _("It comes back without members.")
    return _page(request, chapter, form, title, _("Reopen chapter"), intro=intro)


def chapter_change(request: Any) -> HttpResponse:
    """Put people into a chapter, out of the one they were in; `person` in the address, repeated, chooses them."""
    keys = request.GET.getlist("person")
    is_one = len(keys) == 1 and request.reality.org.find("person", keys[0]) is not None
    done = ("person", keys[0]) if is_one else ("chapters",)
    return operation_page(
        request,
        forms.ChangeChapterForm(request),
        title=_("Change chapter"),
        verb=_("Change chapter"),
        done=board_or(request, *done),
        crumbs=[(_("Chapters"), address(request, "chapters"))],
        intro=_("A person is in one chapter at most: they leave the one they are in."),
    )


# Guilds


def guilds(request: Any) -> HttpResponse:
    org = request.reality.org
    page = listing(
        request,
        "guild",
        search=("name", "purpose", "key"),
        filters=[state_of("guild", "kind", _("Kind")), CLOSED],
    )
    rows = [
        {
            "guild": guild,
            "coordinator": org.people.get(guild.coordinator) if guild.coordinator else None,
            "size": len(org.guild_members_in(guild.id)),
        }
        for guild in page["page"]
    ]
    return render(request, "guilds/guilds.html", {**page, "rows": rows})


def guild(request: Any, key: str) -> HttpResponse:
    org, guild = request.reality.org, record_or_404(request, "guild", key)
    groups = members_by_tribe(org, guild.id)
    return render(
        request,
        "guilds/guild.html",
        {
            "guild": guild,
            "coordinator": org.people.get(guild.coordinator) if guild.coordinator else None,
            "sponsor": org.people.get(guild.sponsor) if guild.sponsor else None,
            "size": len(org.guild_members_in(guild.id)),
            "groups": groups,
            "absent": absent_tribes(org, groups),
            "timeline": timeline(request.reality, "guild", guild.id),
            "may_change": can_change(request),
        },
    )


def guild_new(request: Any) -> HttpResponse:
    form = CreateForm(request, CreateGuild, asks=(*forms.GUILD, "coordinator"))
    return operation_page(
        request,
        form,
        title=_("New guild"),
        verb=_("Create guild"),
        done=("created",),
        crumbs=[(_("Guilds"), address(request, "guilds"))],
    )


def guild_edit(request: Any, key: str) -> HttpResponse:
    guild = record_or_404(request, "guild", key)
    form = EditForm(request, EditGuild, guild, rename=RenameGuild, asks=forms.GUILD)
    return _page(request, guild, form, say("Edit {name}", name=guild.name), _("Save"))


def guild_coordinator(request: Any, key: str) -> HttpResponse:
    guild = record_or_404(request, "guild", key)
    options = {"coordinator": {"help_text": _("Empty: nobody coordinates it.")}}
    form = SeatForm(request, SetGuildCoordinator, guild, asks=("coordinator",), options=options)
    title = say("Who coordinates {name}", name=guild.name)
    return _page(request, guild, form, title, _("Set coordinator"))


def guild_close(request: Any, key: str) -> HttpResponse:
    org, guild = request.reality.org, record_or_404(request, "guild", key)
    form = OperationForm(request, CloseGuild, id=guild.id)
    members = org.guild_members_in(guild.id)
    leave = count(members, "{n} member leaves it.", "{n} members leave it.")
    intro = leave if members else _("Nobody is in it.")
    title = say("Close {name}", name=guild.name)
    return _page(request, guild, form, title, _("Close guild"), intro=intro, kind="stop")


def guild_reopen(request: Any, key: str) -> HttpResponse:
    guild = record_or_404(request, "guild", key)
    form = OperationForm(request, ReopenGuild, id=guild.id)
    title, intro = say("Reopen {name}", name=guild.name), _("It comes back without members.")
    return _page(request, guild, form, title, _("Reopen guild"), intro=intro)


def guild_add_people(request: Any) -> HttpResponse:
    """Add people to a guild; `person` in the address, repeated, chooses them, `guild` says which."""
    org = request.reality.org
    options: dict[str, dict[str, Any]] = {
        "people": {"help_text": _("Keys or names, one to a line.")},
        "guild": {"suggestions": by_name(guild for guild in org.guilds.values() if guild.closed_on is None)},
        "role": {"help_text": _("The guild's own word, such as “facilitator”.")},
    }
    form = OperationForm(request, JoinGuild, asks=("people", "guild", "role"), options=options)
    chosen = org.find("guild", request.GET.get("guild", ""))
    return operation_page(
        request,
        form,
        title=_("Add people to a guild"),
        verb=_("Add to guild"),
        done=("guild", chosen.key) if chosen is not None else board_or(request, "guilds"),
        crumbs=[(_("Guilds"), address(request, "guilds"))],
    )


def guild_member(request: Any, key: str, person_key: str) -> HttpResponse:
    """What someone does in a guild, in the guild's own word."""
    guild, person = record_or_404(request, "guild", key), record_or_404(request, "person", person_key)
    member = request.reality.org.guild_member(person.id, guild.id)
    if member is None:
        raise Http404(_("{person} is not in {guild}.").format(person=person.name, guild=guild.name))
    form = forms.EditGuildMemberForm(request, member)
    title = say("{person} in {guild}", person=person.name, guild=guild.name)
    return _page(request, guild, form, title, _("Save"))


def guild_leave(request: Any, key: str) -> HttpResponse:
    """Take people out of a guild; `person` in the address, repeated, chooses them."""
    guild = record_or_404(request, "guild", key)
    options = {"people": {"help_text": _("Keys or names, one to a line.")}}
    form = OperationForm(request, LeaveGuild, asks=("people",), options=options, guild=guild.id)
    title = say("Take people out of {name}", name=guild.name)
    return _page(request, guild, form, title, _("Take out"), kind="stop")


def _page(
    request: Any, unit: Any, form: OperationForm, title: str, verb: str, **context: Any
) -> HttpResponse:
    """Show the form of an operation on a chapter or guild."""
    return operation_page(request, form, title=title, verb=verb, **_place(request, unit), **context)


def _place(request: Any, unit: Any) -> dict[str, Any]:
    """Return where the page of a form about a chapter or guild stands, and where it goes on to."""
    list_name = _("Chapters") if unit.KIND == "chapter" else _("Guilds")
    crumbs = [
        (list_name, address(request, f"{unit.KIND}s")),
        (unit.name, address(request, unit.KIND, unit.key)),
    ]
    return {"done": (unit.KIND, unit.key), "crumbs": crumbs}
