"""The board of a tribe, and every way to move people: dragged, by key, in bulk, or on a page of their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from orgmodel.access import roles
from orgmodel.changes import drafts, faces, wording
from orgmodel.changes.faces import Outcome
from orgmodel.changes.middleware import Reality
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.changes.pages import (
    address,
    can_change,
    check_can_change,
    moves_are_live,
    operation_page,
    post_only,
    record_or_404,
    see_other,
    steps_back,
)
from orgmodel.changes.wording import OBJECTIONS
from orgmodel.core.changes import Conflict
from orgmodel.core.operations import Refused
from orgmodel.core.org import Org
from orgmodel.core.phrases import count, day_in_words, said, say
from orgmodel.core.records import Squad, Tribe
from orgmodel.findings.about import count_in_tribe, marks_of, worst_of
from squads import moves as moving
from squads.board import Board, Neighbor, find_targets, offers_all, targets_of, tribe_board
from squads.matrix import coloring
from squads.matrix.overview import people_on

PLAIN_COLOR = "tribe"  # everyone on a board is of one tribe
FOLDED = "folded"  # cookie that the page itself writes
NO_TRIBE = "-"  # stands for a tribe's key on the board of the squads that belong to none

# The board


@require_safe
def tribe(request: Any, key: str) -> HttpResponse:
    return _board_page(request, _tribe_or_404(request, key))


def _tribe_or_404(request: Any, key: str) -> Tribe | None:
    return None if key == NO_TRIBE else record_or_404(request, "tribe", key)


@require_safe
def tribe_live(request: Any, key: str) -> HttpResponse:
    """What has changed on a board since it was read; `since` is the version that its reader has."""
    unit, since = _tribe_or_404(request, key), request.GET.get("since", "")
    if since == version_of(request.reality):
        return HttpResponseNotModified()
    board = _whole_board(request, unit)
    context: dict[str, Any] = {"board": board, "whole": True}
    if board.can_move:
        context |= {"steps_back": steps_back(request), "here": board.url}
    news = _news(request, since)
    if news:
        context |= {"toast": {"text": news}, "status": news}
    return render(request, "board/_moved.html", context)


def version_of(reality: Any) -> str:
    """Return what differs whenever a board may: the version of the organization, and the revision of the draft."""
    revision = f".{reality.draft.revision}" if reality.draft is not None else ""
    return f"{reality.head.version}{revision}"


def _news(request: Any, since: str) -> str:
    """Return what somebody else has done meanwhile, in a sentence; "" where nobody else did."""
    known, reality = since.partition(".")[0], request.reality
    if reality.draft is not None and known == str(reality.head.version):
        last = reality.draft.operations.select_related("author").order_by("-added_at", "-position").first()
        if last is None or last.author is None or last.author == request.user:
            return ""
        return say("{person} changed this draft.", person=roles.name_of(last.author))
    change_set = ChangeSet.objects.filter(version=reality.head.version).exclude(actor=request.user).first()
    if change_set is None:
        return ""
    return say("{person}: {change}.", person=change_set.actor_name, change=change_set.title)


def _board_page(request: Any, unit: Tribe | None, status: int = 200) -> HttpResponse:
    board = _whole_board(request, unit)
    context = {"board": board, "steps_back": steps_back(request) if board.can_move else None}
    return render(request, "board/board.html", context, status=status)


def _whole_board(request: Any, unit: Tribe | None) -> Board:
    """Return the board with all that its page has around the people."""
    org, key, q = request.reality.org, unit.key if unit is not None else NO_TRIBE, request.GET.get("q", "")
    board = _board(request, unit)
    board.url = address(request, "tribe", key, **_shown(request))
    if not request.reality.is_another_day:
        board.version = version_of(request.reality)
        board.live_url = address(request, "tribe_live", key, **_shown(request))
    board.colors = [
        (label, address(request, "tribe", key, **_shown(request, color=color, q=q)), color == _color(request))
        for color, label in coloring.CHOICES.items()
    ]
    board.previous, board.next = _neighbors(request, org, unit)
    if board.can_move:
        board.move_url = address(request, "moves", tribe=key, **_shown(request))
        board.selection_urls = {page: address(request, "selection", page, tribe=key) for page in SELECTION}
        board.new_squad_url = address(request, "squad_new", tribe=key if unit is not None else "")
        board.targets = targets_of(org, unit)
        board.more_targets = "" if offers_all(org) else address(request, "targets")
        if request.reality.kind == "live":
            board.move_hint = (
                _("Moving someone is live at once.")
                if moves_are_live(request)
                else _("Moving someone starts a draft.")
            )
            board.reorganize_url = reverse("tribe_reorganize", args=[key])
    if request.reality.kind == "draft":
        asked = _shown(request, origins="" if board.shows_origins else "1", q=q)
        board.origins_url = address(request, "tribe", key, **asked)
    return board


def _shown(request: Any, **others: str) -> dict[str, Any]:
    """Return what an address needs to show a board as this one is shown, or otherwise in some respect."""
    origins = "1" if request.reality.draft is not None and request.GET.get("origins") else ""
    asked = {"origins": origins, "color": _color(request), **others}
    return {name: value for name, value in asked.items() if value not in ("", PLAIN_COLOR)}


def _color(request: Any) -> str:
    """Return what people are colored by, as the address says."""
    asked = request.GET.get("color", PLAIN_COLOR)
    return asked if asked in coloring.CHOICES else PLAIN_COLOR


def _board(request: Any, unit: Tribe | None) -> Board:
    """Return the board as the request reads it, for the page and for the answer to a move."""
    reality = request.reality
    shows_origins = reality.replay is not None and bool(request.GET.get("origins"))
    board = tribe_board(
        reality.org,
        unit,
        today=reality.as_of or timezone.localdate(),
        before=reality.replay.before if reality.replay is not None else None,
        show_origins=shows_origins,
        text=request.GET.get("q", ""),
    )
    board.can_move, board.shows_origins = can_change(request), shows_origins
    _mark(request, board)
    for other in board.elsewhere:
        other.url = address(request, "tribe", other.tribe.key, **_shown(request))
    _paint(request, board)
    _fold(request, board)
    return board


def _mark(request: Any, board: Board) -> None:
    """Say where findings are: about squads, chapters and people, and how many in all."""
    squads = marks_of(request, "squad", (column.key for column in board.columns))
    people = marks_of(request, "person", {card.person_key for card in board.cards() if not card.ghost})
    chapters = marks_of(request, "chapter", (row.key for row in board.rows if row.key))
    for column in board.columns:
        column.mark = squads.get(column.key)
    for row in board.rows:
        row.mark = chapters.get(row.key)
    for card in board.cards():
        mark = people.get(card.person_key)
        card.mark = mark if mark is not None and mark.severity != "low" else None  # cards stay calm
    if board.tribe is not None:
        board.finding_count = count_in_tribe(request, board.tribe)
        board.findings_url = address(request, "findings", tribe=board.tribe.key)


def _paint(request: Any, board: Board) -> None:
    """Give everyone the color of what the address asks for."""
    color = _color(request)
    board.color = said(coloring.CHOICES[color]).lower()
    if color == PLAIN_COLOR:
        return
    org = request.reality.org
    people = people_on(org, [board]) if color == "findings" else []
    worst = worst_of(request, [("person", id_) for id_ in people])
    colored = coloring.color(org, [board], color, worst)
    board.legend = colored.legend
    for card in board.cards():
        card.tone = colored.tones.get(card.id)


def _fold(request: Any, board: Board) -> None:
    """Fold the chapters that this browser keeps folded."""
    folded = request.COOKIES.get(FOLDED, "").split(".")
    for row in board.rows:
        row.folded = row.id in folded


def _neighbors(request: Any, org: Org, unit: Tribe | None) -> list[Neighbor | None]:
    """Return the tribes before and after this one, by name."""
    tribes, shown = org.tribes_by_name(), _shown(request)
    if unit is None or unit not in tribes:
        return [None, None]
    at = tribes.index(unit)
    return [
        Neighbor(tribes[position].name, address(request, "tribe", tribes[position].key, **shown))
        if 0 <= position < len(tribes)
        else None
        for position in (at - 1, at + 1)
    ]


@post_only
def tribe_reorganize(request: Any, key: str) -> HttpResponse:
    """Start an empty draft and show this board in it. A second click finds the draft that the first one started."""
    unit = _tribe_or_404(request, key)
    if not roles.can_plan(request.user):
        raise PermissionDenied(_("Your role reads only. Ask an org designer to let you plan."))
    name = f"Reorganize {unit.name if unit is not None else 'squads without a tribe'}"[:200]
    draft = Draft.objects.filter(owner=request.user, state=Draft.State.OPEN, name=name, revision=0).first()
    if draft is None:
        draft = drafts.create_draft(name, owner_id=request.user.pk, at=timezone.now())
        text = _("Draft “{draft}” started from today. Nothing is live until you publish.")
        messages.success(request, text.format(draft=draft.name))
    return see_other(address(request, "tribe", key, draft=draft))


# Moving


@require_safe
def targets(request: Any) -> HttpResponse:
    """The squads that match what someone types, for the list of the dialog."""
    found = find_targets(request.reality.org, request.GET.get("q", "")[:200])
    return render(request, "board/_targets.html", {"board": {"targets": found}})


@post_only
def moves(request: Any) -> HttpResponse:
    """Move people to a squad: those dragged, checked or chosen by key, all or none."""
    org = request.reality.org
    touched = _squads_named(org, request.POST)
    try:
        to = moving.target(org, request.POST.get("to", ""))
        people = [moving.chosen(org, value) for value in request.POST.getlist("person")[: moving.AT_MOST + 1]]
        touched |= {to.key, *(key for each in people for key in _squads_of(org, each.person.id))}
        operations = moving.move_operations(people, to, **moving.BoardForm(request.POST).options(org))
        sentence = moving.sentence(people, to)
        name = f"{day_in_words(timezone.localdate(), year=False)}: {sentence}"
        outcome = faces.perform(request, operations, live=settings.LIVE_EDITING == "direct", draft_name=name)
    except PermissionDenied as denied:
        return _refused(request, touched, str(denied), 403)
    except OBJECTIONS as objection:
        request.reality = Reality(
            request
        )  # somebody else may have moved on meanwhile: show what is there now
        text = said(wording.in_short(objection, request.reality.org))
        return _refused(request, touched, text, 409 if isinstance(objection, Conflict) else 422)
    if outcome.started and outcome.draft is not None:
        return _started(request, outcome, outcome.draft, to, sentence)
    request.reality = Reality(request)
    toast = {
        "text": say("{sentence}.", sentence=sentence),
        **_undo_of(outcome),
        "next": _board_address(request, to),
    }
    if request.htmx:
        return _fresh(request, touched, toast, status=_status(request.reality.org, to, sentence))
    messages.success(
        request, format_html("{} {}", toast["text"], _undo_button(request, outcome, toast["next"]))
    )
    return see_other(toast["next"])


SELECTION = {
    "guild": "guild_add_people",
    "share": "shares",
    "chapter": "chapter_change",
    "squad": "squad_form",
    "rotation": "rotation_new",
}
ADDRESS_LIMIT = 3_500  # what every server in between takes


@post_only
def selection(request: Any, page: str) -> HttpResponse:
    """Go on to a page about several people with those who are selected on a board."""
    check_can_change(request)
    if page not in SELECTION:
        raise Http404(_("There is no such page."))
    try:
        named = request.POST.getlist("person")[: moving.AT_MOST + 1]
        people = [moving.chosen(request.reality.org, value) for value in named]
        if not people:
            raise Refused(say("Choose at least one person."))
        values = [_value(each, with_squad=page == "share") for each in people]
        tribe = request.GET.get("tribe", NO_TRIBE)[:100]
        url = address(request, SELECTION[page], person=list(dict.fromkeys(values)), tribe=tribe)
        if len(url) > ADDRESS_LIMIT:
            raise Refused(say("These are too many people for one form. Choose fewer at a time."))
    except OBJECTIONS as objection:
        text = said(wording.in_short(objection, request.reality.org))
        return _refused(request, set(), text, 409 if isinstance(objection, Conflict) else 422)
    return see_other(url)


def _value(each: moving.Chosen, *, with_squad: bool) -> str:
    """Return what stands for someone in an address; a share is theirs in the squad that they were selected in."""
    if not with_squad:
        return each.person.key
    if each.source is None:
        raise Refused(say("{person} is in no squad, so there is no share to set.", person=each.person.name))
    return f"{each.person.key}:{each.source.key}"


def _squads_named(org: Org, sent: Any) -> set[str]:
    """Return the keys of the squads that a move names, whether or not it is possible."""
    named = {value.partition(":")[2] for value in sent.getlist("person")[: moving.AT_MOST]} | {
        sent.get("to", "")
    }
    ids = (value.partition(":")[0] for value in sent.getlist("person")[: moving.AT_MOST])
    now = {org.squads[m.squad].key for id_ in ids if (m := org.memberships.get(id_)) is not None}
    return {key for key in named if key and org.find("squad", key) is not None} | now | {""}


def _squads_of(org: Org, person: str) -> Iterable[str]:
    """Return the keys of all squads that someone is in: what is said of them may be another there too."""
    return (org.squads[membership.squad].key for membership in org.memberships_of(person))


def _undo_of(outcome: Outcome) -> dict[str, Any]:
    """Return what a toast needs to take back this move and no other."""
    if outcome.change_set is not None:
        return {"undo_url": reverse("undo", args=[outcome.change_set.version]), "also": ()}
    assert outcome.draft is not None
    first, *also = outcome.positions
    return {"undo_url": reverse("draft_remove", args=[outcome.draft.key, first]), "also": also}


def _undo_button(request: Any, outcome: Outcome, then: str) -> SafeString:
    """Return a form with the button that takes a move back, for a message."""
    undo = _undo_of(outcome)
    also = [("also", step) for step in undo["also"]]
    fields = [("csrfmiddlewaretoken", get_token(request)), ("next", then), *also]
    return format_html(
        '<form method="post" action="{}" data-undo>{}<button type="submit">{}</button></form>',
        undo["undo_url"],
        format_html_join("", '<input type="hidden" name="{}" value="{}">', fields),
        _("Undo"),
    )


def _status(org: Org, to: Squad, sentence: str) -> str:
    """Return what a screen reader says after a move."""
    return count(
        org.size_of(to.id),
        "{sentence}. {squad} has {n} person now. Undo is in the message.",
        "{sentence}. {squad} has {n} people now. Undo is in the message.",
        sentence=sentence,
        squad=to.name,
    )


def _started(request: Any, outcome: Outcome, draft: Draft, to: Squad, sentence: str) -> HttpResponse:
    """Go on in the draft that a move on the live board has started."""
    board_url = address(request, "tribe", _tribe_key(request, to), draft=draft)
    text = say("Draft started from today; nothing is live until you publish. {sentence}.", sentence=sentence)
    publish: SafeString | str = ""
    if roles.can_publish_draft(request.user, draft):
        url = reverse("draft_publish", args=[draft.key])
        publish = format_html('<a href="{}">{}</a>', url, _("Publish…"))
    undo = _undo_button(request, outcome, board_url)
    messages.success(request, format_html("{} {} {}", text, undo, publish))
    return HttpResponseClientRedirect(board_url) if request.htmx else see_other(board_url)


def _refused(request: Any, touched: set[str], text: str, status: int) -> HttpResponse:
    if request.htmx:
        return _fresh(request, touched, {"text": text, "level": "bad"}, code=status)
    messages.error(request, text)
    return _board_page(request, _tribe_or_404(request, request.GET.get("tribe", NO_TRIBE)), status)


def _fresh(
    request: Any, touched: set[str], toast: dict[str, Any], *, status: str = "", code: int = 200
) -> HttpResponse:
    """Answer with the cells and sizes of the squads that a move was about, as they are now."""
    context: dict[str, Any] = {"toast": toast, "status": status}
    try:
        board = _board(request, _tribe_or_404(request, request.GET.get("tribe", NO_TRIBE)))
    except Http404:  # the move came from elsewhere, or the tribe was closed meanwhile: say so without cells
        return render(request, "board/_moved.html", context, status=code)
    context |= {"board": board, "cells": board.cells_in(touched), "columns": board.columns}
    if board.can_move:
        key = board.tribe.key if board.tribe is not None else NO_TRIBE
        here = address(request, "tribe", key, **_shown(request))
        context |= {"steps_back": steps_back(request), "here": here}
    return render(request, "board/_moved.html", context, status=code)


def _board_address(request: Any, to: Squad) -> str:
    return address(request, "tribe", _tribe_key(request, to), **_shown(request))


def _tribe_key(request: Any, to: Squad) -> str:
    """Return the key of the tribe whose board the move came from, else of the squad it went to."""
    asked = request.GET.get("tribe", "")
    if asked == NO_TRIBE or request.reality.org.find("tribe", asked) is not None:
        return str(asked)
    tribe_ = request.reality.org.tribes.get(to.tribe or "")
    return tribe_.key if tribe_ is not None else NO_TRIBE


def person_move(request: Any, key: str) -> HttpResponse:
    check_can_change(request)
    person = record_or_404(request, "person", key)
    form = moving.MovePersonForm(request, person)
    crumbs = [(_("People"), address(request, "people")), (person.name, address(request, "person", key))]
    title = say("Move {person}", person=person.name)
    return operation_page(request, form, title=title, verb=_("Move"), done=("person", key), crumbs=crumbs)
