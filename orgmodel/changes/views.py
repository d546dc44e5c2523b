"""Pages about the log: look back, read a change set, take one back."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

from orgmodel.access import roles
from orgmodel.changes import queries, services, wording
from orgmodel.changes import reverse as reversing
from orgmodel.changes.faces import DESIGNERS_ONLY, actor_of
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.changes.page_forms import VERSION_LIMIT, HistoryForm, UndoForm
from orgmodel.changes.pages import address, back, chosen_intent, go, post_only, start_of
from orgmodel.changes.pictures.steps import step_chart
from orgmodel.changes.wording import OBJECTIONS
from orgmodel.core.changes import Conflict
from orgmodel.core.operations import Refused
from orgmodel.core.phrases import Phrase, count, joined, said, say
from orgmodel.core.vocabulary import vocabulary_of


def history(request: Any) -> HttpResponse:
    form = HistoryForm(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    unit = (
        request.reality.live.find(asked["kind"], asked["key"])
        if asked.get("kind") and asked.get("key")
        else None
    )
    found = queries.history(
        text=asked.get("q", ""),
        words=vocabulary_of(request.reality.live),
        who=asked.get("who", ""),
        source=asked.get("source", ""),
        kind=asked.get("kind", "") if unit is None else "",
        record=(unit.KIND, unit.id) if unit is not None else None,
        since=asked.get("since"),
        until=asked.get("until"),
    )
    day, before, after = request.reality.as_of, asked.get("before"), asked.get("after")
    if day is not None and before is None and after is None:
        before = queries.start_near(found, day)
    page = queries.log_page(found, before=before, after=after)
    is_filtered = any(asked.get(name) for name in ("q", "who", "source", "kind", "since", "until"))
    is_start = unit is None and not is_filtered and not ("before" in request.GET or "after" in request.GET)
    about: dict[str, Any] = {"unit": f"{unit.KIND}:{unit.key}"} if unit is not None else {}
    context = {
        "form": form,
        "chart": step_chart(request.reality.head, timezone.localdate(), day=day, history=request.path)
        if is_start
        else None,
        "page": page,
        "rows": queries.divided(page.change_sets, day),
        "unit": unit,
        "is_filtered": is_filtered,
        "between_url": address(request, "between", **about),
        "past": _past(request.reality) if day is not None else "",
        "today": timezone.localdate(),
    }
    return render(request, "changes/history.html", context, status=400 if form.errors else 200)


def _past(reality: Any) -> str:
    """Return a past day in words: which it was, how long ago, and how large the organization was."""
    weekday, size = formatted(reality.as_of, "l"), reality.org.count
    sizes = (
        count(size("person"), "{n:,} person", "{n:,} people"),
        count(size("squad"), "{n:,} squad", "{n:,} squads"),
        count(size("tribe"), "{n:,} tribe", "{n:,} tribes"),
    )
    return say(
        "A {weekday}, {ago}. {sizes}.", weekday=weekday, ago=_ago(reality.as_of), sizes=joined(", ", sizes)
    )


def _ago(day: date) -> Phrase:
    days = (timezone.localdate() - day).days
    if days in (0, 1):
        return say("yesterday") if days else say("today")
    return (
        count(days, "day ago", "days ago")
        if days > 0
        else count(-days, "{n} day to come", "{n} days to come")
    )


def change_set(request: Any, version: int) -> HttpResponse:
    found = _change_set_or_404(version)
    draft = found.drafts.first() if found.source == ChangeSet.Source.DRAFT else None
    chosen = chosen_intent(request, range(len(found.sentences)))
    live = request.reality.live
    if chosen is not None:
        numbers = range(queries.change_count(found, chosen))
        page = Paginator(numbers, queries.LONG_PAGE).get_page(request.GET.get("page"))
        facts = queries.facts_of(found, live, chosen, start_of(page))
        entries = [queries.Intent(queries.sentence_of(found, chosen), facts, chosen)]
    else:
        page = Paginator(range(len(found.sentences)), queries.PAGE).get_page(request.GET.get("page"))
        entries = [
            dataclasses.replace(intent, more_url=f"?intent={intent.position}")
            for intent in queries.intents_of(found, live, list(page.object_list))
        ]
    context = {
        "change_set": found,
        "undone_by": found.undoing,
        "left": queries.left_by(found.undoing) if found.undoing is not None else 0,
        "can_undo": roles.can_undo(request.user, found),
        "draft": draft,
        "may_see_draft": draft is not None and roles.can_see_draft(request.user, draft),
        "chosen": chosen,
        "page": page,
        "entries": entries,
    }
    return render(request, "changes/change_set.html", context)


def _change_set_or_404(version: int) -> ChangeSet:
    known = ChangeSet.objects.select_related("undoes__undoes")
    found = known.filter(version=version).first() if version <= VERSION_LIMIT else None
    if found is None:
        raise Http404(_("There is no such change in the history."))
    return found


def undo(request: Any, version: int) -> HttpResponse:
    found = _change_set_or_404(version)
    if not roles.can_publish(request.user):
        raise PermissionDenied(_("Only editors and org designers take back what is live."))
    if not roles.can_undo(request.user, found):
        raise PermissionDenied(DESIGNERS_ONLY)
    form = UndoForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _undo_page(request, found, form)
    if not form.is_valid():
        return _undo_page(request, found, form, status=422)
    try:
        done = services.undo(
            found,
            actor=actor_of(request.user),
            message=form.cleaned_data["reason"],
            learning=form.cleaned_data["learning"],
            at=timezone.now(),
            skip_overtaken="skip" in request.POST,
        )
    except OBJECTIONS as objection:
        return _undo_refused(request, found, form, objection)
    text = _("Redone: {what}.") if found.takes_back else _("Undone: {what}.")
    messages.success(request, text.format(what=said(found.undo_title.values["what"])))
    return go(request, back(request, reverse("change_set", args=[done.version])))


@post_only
def reverse_draft(request: Any, version: int) -> HttpResponse:
    """Start a draft that takes a change set back, or go to the one that this user has started for it."""
    found = _change_set_or_404(version)
    if not roles.can_plan(request.user):
        raise PermissionDenied(_("Your role reads only. Ask an org designer to let you plan."))
    started = Draft.objects.filter(owner=request.user, state=Draft.State.OPEN, reverses=found).first()
    try:
        draft = started or reversing.reverse_draft(found, owner_id=request.user.pk, at=timezone.now())
    except Refused as refusal:
        messages.error(request, said(refusal.message))
        return go(request, reverse("change_set", args=[found.version]))
    if started is None:
        text = _("Draft “{draft}” started. Nothing is live until you publish.").format(draft=draft.name)
        messages.success(request, text)
    return go(request, reverse("draft_changes", args=[draft.key]))


def _undo_refused(
    request: Any, found: ChangeSet, form: UndoForm, objection: wording.Objection
) -> HttpResponse:
    status = 409 if isinstance(objection, Conflict) else 422
    if request.htmx:
        toast = {
            "text": wording.in_short(objection, services.current()),
            "level": "bad",
            "href": reverse("undo", args=[found.version]),
            "href_label": _("See what still fits"),
        }
        return render(request, "changes/_toast.html", {"toast": toast}, status=status)
    if not isinstance(objection, Conflict):
        form.add_error(None, said(wording.in_short(objection, services.current())))
    return _undo_page(request, found, form, status=status)


def _undo_page(request: Any, found: ChangeSet, form: UndoForm, status: int = 200) -> HttpResponse:
    """Show what would be taken back, or where it has been already, so that a second click is harmless."""
    done = found.undoing
    if done is not None:
        text = _("This is undone already, by change {version}.").format(version=done.version)
        messages.info(request, text)
        return go(request, reverse("change_set", args=[found.version]))
    plan = services.plan_undo(found)
    objection = queries.objection_to(plan)
    live = services.current()
    context = {
        "change_set": found,
        "form": form,
        "entries": [queries.undo_intent(plan, live)] if plan.operation.changes else [],
        "count": len(plan.operation.changes),
        "overtaken": wording.explain(Conflict(plan.overtaken[: queries.LONG_PAGE]), live),
        "overtaken_more": max(0, len(plan.overtaken) - queries.LONG_PAGE),
        "objection": wording.in_short(objection, live) if objection is not None else "",
    }
    return render(request, "changes/undo.html", context, status=status)
