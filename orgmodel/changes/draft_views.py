"""Pages of drafts: list, read, edit, publish, put away."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.views.decorators.http import require_POST

from orgmodel.access import roles
from orgmodel.changes import drafts as planning
from orgmodel.changes import publishing, queries, services, wording
from orgmodel.changes.draft_pages import address_of, closed, draft_or_404, draft_to_edit, own_draft, plan_for
from orgmodel.changes.drafts import create_draft, fingerprint
from orgmodel.changes.faces import actor_of
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.changes.page_forms import VERSION_LIMIT, DraftForm, NewDraftForm, PublishForm
from orgmodel.changes.pages import back, can_change, chosen_intent, go, see_other, start_of, steps_back
from orgmodel.changes.wording import OBJECTIONS
from orgmodel.core.changes import Conflict
from orgmodel.core.operations import Refused
from orgmodel.core.operations.base import names
from orgmodel.core.replay import Replay


def drafts(request: Any) -> HttpResponse:
    if not roles.canplan_for(request.user):
        raise PermissionDenied("Your role reads only. Ask an org designer to let you plan.")
    form = NewDraftForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = _empty_draft_of(request, form.cleaned_data["name"]) or create_draft(
                form.cleaned_data["name"],
                owner_id=request.user.pk,
                at=timezone.now(),
                id_=form.cleaned_data["id"],
            )
        except Refused as refusal:
            form.add_error("name", refusal.message)
        else:
            if not draft.is_open:
                return closed(request, draft)
            messages.success(
                request, f"Draft “{draft.name}” started from today. Nothing is live until you publish."
            )
            return go(request, f"{reverse('tribes')}?{urlencode({'draft': draft.key})}")
    return _drafts_page(request, form, status=422 if form.errors else 200)


def _empty_draft_of(request: Any, name: str) -> Draft | None:
    """Return the draft of this name that this user has just started: a form sent twice starts one."""
    open_ = Draft.objects.filter(owner=request.user, state=Draft.State.OPEN)
    return open_.filter(name=" ".join(name.split()), revision=0).first()


def _drafts_page(request: Any, form: DraftForm, status: int) -> HttpResponse:
    visible = roles.visible_drafts(request.user)
    counts = dict(visible.values_list("state").annotate(count=Count("pk")).order_by())
    state = request.GET.get("state")
    state = state if state in Draft.State.values else Draft.State.OPEN
    found = visible.filter(state=state).order_by("-updated_at", "-pk")
    paginator = Paginator(found, queries.PAGE)
    paginator.count = counts.get(state, 0)
    page = paginator.get_page(request.GET.get("page"))
    shown = list(page.object_list)
    lines = queries.summaries(shown)
    rows = [
        {
            "draft": draft,
            "summary": lines[draft.pk],
            "age": _age(draft),
            "is_mine": draft.owner_id == request.user.pk,
        }
        for draft in shown
    ]
    tabs = [
        {
            "name": f"{Draft.State(value).label.capitalize()}",
            "url": f"{reverse('drafts')}?state={value}",
            "count": counts.get(value, 0),
            "current": value == state,
        }
        for value in Draft.State.values
    ]
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "tabs": tabs,
        "state": state,
        "total": sum(counts.values()),
    }
    return render(request, "changes/drafts.html", context, status=status)


def _age(draft: Draft) -> str:
    since = timesince(draft.updated_at, depth=1)
    return "just now" if since.startswith("0") else f"{since} ago"


def draft_board(request: Any, key: str) -> HttpResponse:
    draft = draft_or_404(request, key)
    if not draft.is_open:
        return see_other(reverse("draft_changes", args=[draft.key]))
    planned = plan_for(request, draft).replay
    touched = queries.tribes_touched(planned.changes, planned.before, planned.after)
    page = reverse("tribe", args=[touched[0].key]) if touched else reverse("tribes")
    return see_other(f"{page}?{urlencode({'draft': draft.key})}")


def draft(request: Any, key: str) -> HttpResponse:
    return see_other(reverse("draft_changes", args=[draft_or_404(request, key).key]))


def draft_changes(request: Any, key: str) -> HttpResponse:
    draft = draft_or_404(request, key)
    if draft.change_set is not None:
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
        "undone_by": published.undone_by.first(),
        "chosen": None,
        "page": page,
        "count": len(published.sentences),
        "entries": [dataclasses.replace(i, more_url=f"{log_url}?intent={i.position}") for i in intents],
    }
    return render(request, "changes/draft_changes.html", context)


def _changes_page(request: Any, draft: Draft, *, alert: str = "", status: int = 200) -> HttpResponse:
    plan = plan_for(request, draft)
    positions, planned = plan.positions, plan.replay
    if draft.is_open:
        request.reality.plan = plan
    can_edit = roles.can_edit_draft(request.user, draft)
    chosen = chosen_intent(request, positions)
    if chosen is not None:
        step = planned.steps[positions.index(chosen)]
        page: Page[Any] = Paginator(step.changes, queries.LONG_PAGE).get_page(request.GET.get("page"))
        entries = [queries.Intent(step.sentence, queries.draft_facts(planned, step, start_of(page)), chosen)]
    else:
        page = Paginator(planned.steps, queries.PAGE).get_page(request.GET.get("page"))
        entries = _draft_entries(draft, positions, planned, page, can_edit=can_edit)
    context = {
        "draft": draft,
        "page": page,
        "entries": entries,
        "chosen": chosen,
        "summary": queries.summary(planned),
        "count": len(planned.steps),
        "misfits": len(planned.misfits),
        "boards": queries.tribes_touched(planned.changes, planned.before, planned.after),
        "can_edit": can_edit,
        "steps_back": steps_back(request) if can_change(request) else None,
        "alert": alert,
    }
    return render(request, "changes/draft_changes.html", context, status=status)


def _draft_entries(
    draft: Draft, positions: Sequence[int], planned: Replay, page: Page[Any], *, can_edit: bool
) -> list[queries.Intent]:
    def with_links(intent: queries.Intent) -> queries.Intent:
        more_url = f"{reverse('draft_changes', args=[draft.key])}?intent={intent.position}"
        action_url = reverse("draft_remove", args=[draft.key, intent.position]) if can_edit else ""
        return dataclasses.replace(intent, more_url=more_url, action="Remove", action_url=action_url)

    return [with_links(intent) for intent in queries.draft_intents(planned, positions, start_of(page))]


def draft_rename(request: Any, key: str) -> HttpResponse:
    draft = draft_to_edit(request, key, whole=True)
    if not draft.is_open:
        return closed(request, draft)
    form = DraftForm(request.POST if request.method == "POST" else None, initial={"name": draft.name})
    if request.method == "POST" and form.is_valid():
        try:
            planning.rename_draft(draft, form.cleaned_data["name"], at=timezone.now())
        except Refused as refusal:
            form.add_error("name", refusal.message)
        else:
            messages.success(request, f"The draft is called “{draft.name}” now.")
            return go(request, address_of(draft))
    return render(
        request,
        "changes/draft_rename.html",
        {"draft": draft, "form": form},
        status=422 if form.errors else 200,
    )


def _part(request: Any, draft: Draft) -> str | None:
    return roles.editable_part_of(request.user, draft)


@require_POST
def draft_undo(request: Any, key: str) -> HttpResponse:
    draft = draft_to_edit(request, key)
    try:
        sentences = planning.undo(draft, at=timezone.now(), part=_part(request, draft))
    except Refused as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, f"Undone in the draft: {names(sentences, limit=2)}.")
    return go(request, back(request, address_of(draft)))


@require_POST
def draft_redo(request: Any, key: str) -> HttpResponse:
    draft = draft_to_edit(request, key)
    try:
        sentences = planning.redo(draft, at=timezone.now(), part=_part(request, draft))
    except Refused as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, f"Redone in the draft: {names(sentences, limit=2)}.")
    return go(request, back(request, address_of(draft)))


@require_POST
def draft_remove(request: Any, key: str, position: int) -> HttpResponse:
    draft = draft_to_edit(request, key)
    also = [text for text in request.POST.getlist("also") if text.isascii() and text.isdecimal()]
    positions = [min(int(text[:12]), VERSION_LIMIT) for text in (str(position)[:12], *also)]
    try:
        planning.remove(draft, *positions, at=timezone.now(), part=_part(request, draft))
    except Refused as refusal:
        return _changes_page(request, draft, alert=refusal.message, status=422)
    messages.success(request, "Removed from the draft.")
    return go(request, back(request, address_of(draft)))


def draft_publish(request: Any, key: str) -> HttpResponse:
    draft = draft_or_404(request, key)
    if not draft.is_open:
        return closed(request, draft)
    form = PublishForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _publish_page(request, draft, form)
    if not roles.can_publish_draft(request.user, draft):
        raise PermissionDenied(
            "Only editors and org designers publish. Ask one of them to look at your draft."
        )
    if not form.is_valid():
        return _publish_page(request, draft, form, status=422)
    try:
        published = publishing.publish(
            draft,
            actor=actor_of(request.user),
            message=form.cleaned_data["reason"],
            at=timezone.now(),
            effective_on=form.cleaned_data["effective_on"],
            expected_changes=form.cleaned_data["expected"],
        )
    except OBJECTIONS as objection:
        draft = draft_or_404(request, key)
        if draft.state != Draft.State.OPEN:
            return closed(request, draft)
        form.add_error(None, wording.in_short(objection, services.current()))
        stale = isinstance(objection, (Conflict, publishing.StaleDraft))
        return _publish_page(request, draft, form, status=409 if stale else 422)
    count = len(published.sentences)
    messages.success(
        request, f"Published {count} change{'' if count == 1 else 's'}: “{draft.name}” is live now."
    )
    return go(request, address_of(draft))


def _publish_page(request: Any, draft: Draft, form: PublishForm, status: int = 200) -> HttpResponse:
    plan = plan_for(request, draft)
    positions, planned = plan.positions, plan.replay
    request.reality.plan = plan
    read = fingerprint(planned)
    if form.is_bound:
        form.data = {
            **request.POST.dict(),
            "expected": read,
        }  # sent again, it publishes what is shown now
    else:
        form.initial = {"expected": read, "effective_on": timezone.localdate()}
    page = Paginator(planned.steps, queries.PAGE).get_page(request.GET.get("page"))
    can_publish = roles.can_publish_draft(request.user, draft)
    context = {
        "draft": draft,
        "form": form,
        "page": page,
        "count": len(planned.steps),
        "misfits": planned.misfits,
        "summary": queries.summary(planned),
        "entries": _draft_entries(draft, positions, planned, page, can_edit=False),
        "can_publish": can_publish,
        "publishers": [] if can_publish else queries.publishers(),
    }
    return render(request, "changes/draft_publish.html", context, status=status)


def draft_discard(request: Any, key: str) -> HttpResponse:
    draft = own_draft(request, key)
    if not draft.is_open:
        return closed(request, draft)
    if request.method == "POST":
        try:
            planning.archive(draft, at=timezone.now())
        except Refused:
            return closed(request, draft_or_404(request, key))
        messages.success(request, f"Draft “{draft.name}” discarded. Its changes can still be read here.")
        return go(request, f"{reverse('drafts')}?state={Draft.State.ARCHIVED}")
    plan = plan_for(request, draft)
    planned, request.reality.plan = plan.replay, plan
    return render(request, "changes/draft_discard.html", {"draft": draft, "count": len(planned.steps)})
