"""Pages of one draft: its board, its changes, and what can be done to a single change."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from orgmodel.access import roles
from orgmodel.changes import drafts as planning
from orgmodel.changes import plans, queries
from orgmodel.changes.draft_pages import address_of, draft_or_404, draft_to_edit, may_publish, plan_for
from orgmodel.changes.draft_rows import published_parts, rows
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.changes.page_forms import VERSION_LIMIT, NoteForm
from orgmodel.changes.pages import (
    back,
    can_change,
    chosen_intent,
    go,
    post_only,
    see_other,
    start_of,
    steps_back,
)
from orgmodel.core.operations import Refused
from orgmodel.core.phrases import names, said, say


def draft(request: Any, key: str) -> HttpResponse:
    return see_other(reverse("draft_changes", args=[draft_or_404(request, key).key]))


def draft_board(request: Any, key: str) -> HttpResponse:
    draft = draft_or_404(request, key)
    if not draft.is_planned:
        return see_other(reverse("draft_changes", args=[draft.key]))
    planned = plan_for(request, draft).replay
    touched = queries.tribes_touched(planned.changes, planned.before, planned.after)
    page = reverse("tribe", args=[touched[0].key]) if touched else reverse("tribes")
    return see_other(f"{page}?{urlencode({'draft': draft.key})}")


# The changes


def draft_changes(request: Any, key: str) -> HttpResponse:
    draft = draft_or_404(request, key)
    if draft.state == Draft.State.PUBLISHED and draft.change_set is not None:
        return _published_page(request, draft, draft.change_set)
    return _changes_page(request, draft)


def _published_page(request: Any, draft: Draft, published: ChangeSet) -> HttpResponse:
    """Show what a draft did when it went live, from the log."""
    page = Paginator(range(len(published.sentences)), queries.PAGE).get_page(request.GET.get("page"))
    intents = queries.intents_of(published, request.reality.live, list(page.object_list))
    log_url = reverse("change_set", args=[published.version])
    context = {
        "draft": draft,
        "published": published,
        "undone_by": published.undoing,
        "parts": [part for part in published_parts(draft) if part.change_set != published],
        "left": draft.operations.filter(state=plans.PARKED).count(),
        "chosen": None,
        "page": page,
        "count": len(published.sentences),
        "entries": [dataclasses.replace(i, more_url=f"{log_url}?intent={i.position}") for i in intents],
        "can_plan": roles.can_plan(request.user),
        "copy_id": uuid.uuid4(),
    }
    return render(request, "changes/draft_changes.html", context)


def _changes_page(
    request: Any,
    draft: Draft,
    *,
    alert: str = "",
    question: planning.HasDependents | None = None,
    note_form: NoteForm | None = None,
    note_at: int | None = None,
    status: int = 200,
) -> HttpResponse:
    plan = plan_for(request, draft)
    if draft.is_planned:
        request.reality.plan = plan
    user = request.user
    can_edit = roles.can_edit_draft(user, draft)
    chosen = chosen_intent(request, plan.positions)
    note_at = note_at or chosen_intent(request, (*plan.positions, *dict(plan.parked)), name="note")
    if chosen is not None:
        step = plan.step(chosen)
        page: Page[Any] = Paginator(step.changes, queries.LONG_PAGE).get_page(request.GET.get("page"))
        facts = queries.draft_facts(plan.replay, step, start_of(page))
        entries: Sequence[queries.Intent] = [queries.Intent(step.sentence, facts, chosen)]
    else:
        listed = (*plan.positions, *dict(plan.parked))
        page = Paginator(listed, queries.PAGE).get_page(request.GET.get("page"))
        here = reverse("draft_changes", args=[draft.key])
        entries = [
            dataclasses.replace(row, more_url=f"{here}?intent={row.position}")
            for row in rows(
                draft, plan, list(page.object_list), today=timezone.localdate(), can_edit=can_edit
            )
        ]
        if note_at is not None and note_form is None:
            texts = {row.position: row.note for row in entries}  # type: ignore[attr-defined]
            note_form = NoteForm(initial={"note": texts.get(note_at, "")})
    context = {
        "draft": draft,
        "page": page,
        "entries": entries,
        "chosen": chosen,
        "summary": queries.summary(plan.replay),
        "count": len(plan.positions),
        "parked": len(plan.parked),
        "misfits": len(plan.replay.misfits),
        "parts": published_parts(draft) if draft.change_set_id is not None else [],
        "boards": queries.tribes_touched(plan.replay.changes, plan.replay.before, plan.replay.after),
        "can_edit": can_edit,
        "can_edit_all": roles.can_edit_whole_draft(user, draft),
        "can_comment": roles.can_comment_draft(user, draft),
        "can_plan": roles.can_plan(user),
        "is_own": roles.can_own_draft(user, draft),
        "can_publish": may_publish(user, draft, plan),
        "steps_back": steps_back(request) if can_change(request) else None,
        "alert": alert,
        "question": question,
        "asked_at": request.path,
        "also": request.POST.getlist("also"),
        "note_at": note_at if can_edit else None,
        "note_form": note_form,
        "copy_id": uuid.uuid4(),
    }
    return render(request, "changes/draft_changes.html", context, status=status)


# Steps back


@post_only
def draft_undo(request: Any, key: str) -> HttpResponse:
    return _step(
        request, key, planning.undo, lambda changes: say("Undone in the draft: {changes}.", changes=changes)
    )


@post_only
def draft_redo(request: Any, key: str) -> HttpResponse:
    return _step(
        request, key, planning.redo, lambda changes: say("Redone in the draft: {changes}.", changes=changes)
    )


def _step(request: Any, key: str, act: Callable[..., list[str]], done: Callable[[str], str]) -> HttpResponse:
    draft = draft_to_edit(request, key)
    read = request.POST.get("revision", "")
    seen = int(read) if read.isascii() and read.isdecimal() and len(read) < 10 else None
    try:
        sentences = act(draft, at=timezone.now(), part=_part(request, draft), seen=seen)
    except planning.EditedMeanwhile as refusal:
        return _changes_page(request, draft_or_404(request, key), alert=refusal.message, status=409)
    except Refused as refusal:
        messages.info(request, said(refusal.message))
    else:
        messages.success(request, said(done(names(sentences, limit=2))))
    return go(request, back(request, address_of(draft)))


def _part(request: Any, draft: Draft) -> str | None:
    return roles.editable_part_of(request.user, draft)


# One change


@post_only
def draft_remove(request: Any, key: str, position: int) -> HttpResponse:
    return _set_aside(
        request,
        key,
        position,
        planning.remove,
        lambda changes: say("Removed from the draft: {changes}.", changes=changes),
    )


@post_only
def draft_park(request: Any, key: str, position: int) -> HttpResponse:
    return _set_aside(
        request, key, position, planning.park, lambda changes: say("Parked: {changes}.", changes=changes)
    )


def _set_aside(
    request: Any, key: str, position: int, act: Callable[..., list[str]], done: Callable[[str], str]
) -> HttpResponse:
    """Take a change, and those that a toast names with it, out of what the draft does.

    Where others build on it, ask: all of them, or none.
    """
    draft = draft_to_edit(request, key)
    also = [text for text in request.POST.getlist("also") if text.isascii() and text.isdecimal()]
    positions = [min(int(text[:12]), VERSION_LIMIT) for text in (str(position)[:12], *also)]
    try:
        sentences = act(
            draft,
            *positions,
            at=timezone.now(),
            with_dependents=request.POST.get("dependents") == "all",
            part=_part(request, draft),
        )
    except planning.HasDependents as question:
        return _changes_page(request, draft, question=question, status=422)
    except Refused as refusal:
        return _changes_page(request, draft, alert=refusal.message, status=422)
    messages.success(request, said(done(names(sentences, limit=2))))
    return go(request, back(request, address_of(draft)))


@post_only
def draft_take_up(request: Any, key: str, position: int) -> HttpResponse:
    def take_up(draft: Draft) -> str:
        sentences = planning.unpark(draft, min(position, VERSION_LIMIT), at=timezone.now())
        return say("Taken up again: {changes}.", changes=names(sentences, limit=2))

    return _mend(request, key, take_up)


@post_only
def draft_redo_on_today(request: Any, key: str, position: int) -> HttpResponse:
    def redo_on_today(draft: Draft) -> str:
        sentence = planning.redo_on_today(draft, min(position, VERSION_LIMIT), at=timezone.now())
        return say("Redone on today's organization: {change}.", change=sentence)

    return _mend(request, key, redo_on_today)


def _mend(request: Any, key: str, act: Callable[[Draft], str]) -> HttpResponse:
    """Do something to a change that did not stand or fit, and say what was done or why not."""
    draft = draft_to_edit(request, key, whole=True)
    try:
        done = act(draft)
    except Refused as refusal:
        return _changes_page(request, draft, alert=refusal.message, status=422)
    messages.success(request, said(done))
    return go(request, back(request, address_of(draft)))


@post_only
def draft_note(request: Any, key: str, position: int) -> HttpResponse:
    draft = draft_to_edit(request, key)
    if not plan_for(request, draft).sentences([position]):
        raise Http404(_("There is no such change in this draft."))
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            planning.note(draft, position, form.cleaned_data["note"], at=timezone.now())
        except Refused as refusal:
            return _changes_page(request, draft, alert=refusal.message, status=422)
        return go(request, f"{back(request, address_of(draft))}#change-{position}")
    return _changes_page(request, draft, note_form=form, note_at=position, status=422)
