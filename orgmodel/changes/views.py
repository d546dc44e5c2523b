"""Pages about drafts and the log: list, read, publish, discard, look back, take back."""

from __future__ import annotations

import dataclasses
from collections.abc import Container
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timesince import timesince
from django.views.decorators.http import require_POST

from orgmodel.access import roles
from orgmodel.changes import queries, services, wording
from orgmodel.changes.faces import actor_of
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.changes.page_forms import (
    VERSION_LIMIT,
    DraftForm,
    HistoryForm,
    NewDraftForm,
    PublishForm,
    ReasonForm,
)
from orgmodel.changes.pages import can_change, see_other, steps_back
from orgmodel.changes.wording import OBJECTIONS
from orgmodel.core.changes import Conflict
from orgmodel.core.operations import Refused
from orgmodel.core.operations.base import names
from orgmodel.core.records import KINDS
from orgmodel.core.replay import Replay

# Drafts


def drafts(request: Any) -> HttpResponse:
    if not roles.can_plan(request.user):
        raise PermissionDenied("Your role reads only. Ask an org designer to let you plan.")
    form = NewDraftForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = _empty_draft_of(request, form.cleaned_data["name"]) or services.create_draft(
                form.cleaned_data["name"],
                owner_id=request.user.pk,
                at=timezone.now(),
                id_=form.cleaned_data["id"],
            )
        except Refused as refusal:
            form.add_error("name", refusal.message)
        else:
            if not draft.is_open:
                return _closed(request, draft)
            messages.success(
                request, f"Draft “{draft.name}” started from today. Nothing is live until you publish."
            )
            return _go(request, f"{reverse('tribes')}?{urlencode({'draft': draft.key})}")
    return _drafts_page(request, form, status=422 if form.errors else 200)


def _empty_draft_of(request: Any, name: str) -> Draft | None:
    """Return the draft of this name that this user has just started: a form sent twice starts one."""
    open_ = Draft.objects.filter(owner=request.user, state=Draft.State.OPEN)
    return open_.filter(name=" ".join(name.split()), revision=0).first()


def _drafts_page(request: Any, form: DraftForm, status: int) -> HttpResponse:
    visible = queries.visible_drafts(request.user)
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


def _draft_or_404(request: Any, key: str) -> Draft:
    """Return a draft that this user may see. An open one becomes what the rest of the page reads."""
    draft = queries.visible_drafts(request.user).filter(key=key).first()
    if draft is None:
        raise Http404("There is no such draft.")
    request.reality.draft = draft if draft.is_open else None
    return draft


def _closed(request: Any, draft: Draft) -> HttpResponse:
    """Answer who would change a draft that was published or discarded meanwhile, or by the first of two clicks."""
    messages.info(request, f"The draft “{draft.name}” is {draft.state} already.")
    return _go(request, _address_of(draft))


def _address_of(draft: Draft) -> str:
    if draft.change_set is not None:
        return reverse("change_set", args=[draft.change_set.version])
    return reverse("draft_changes", args=[draft.key])


def draft_board(request: Any, key: str) -> HttpResponse:
    draft = _draft_or_404(request, key)
    if not draft.is_open:
        return see_other(reverse("draft_changes", args=[draft.key]))
    planned = services.replay_draft(draft)
    touched = queries.tribes_touched(planned.changes, planned.before, planned.after)
    page = reverse("tribe", args=[touched[0].key]) if touched else reverse("tribes")
    return see_other(f"{page}?{urlencode({'draft': draft.key})}")


def draft(request: Any, key: str) -> HttpResponse:
    return see_other(reverse("draft_changes", args=[_draft_or_404(request, key).key]))


def draft_changes(request: Any, key: str) -> HttpResponse:
    draft = _draft_or_404(request, key)
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
    positions, planned = services.numbered_replay(draft)
    if draft.is_open:
        request.reality.replay = planned
    can_edit = roles.can_edit_draft(request.user, draft)
    chosen = _chosen(request, positions)
    if chosen is not None:
        step = planned.steps[positions.index(chosen)]
        page: Page[Any] = Paginator(step.changes, queries.LONG_PAGE).get_page(request.GET.get("page"))
        entries = [queries.Intent(step.sentence, queries.draft_facts(planned, step, _start(page)), chosen)]
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
    draft: Draft, positions: list[int], planned: Replay, page: Page[Any], *, can_edit: bool
) -> list[queries.Intent]:
    def with_links(intent: queries.Intent) -> queries.Intent:
        more_url = f"{reverse('draft_changes', args=[draft.key])}?intent={intent.position}"
        action_url = reverse("draft_remove", args=[draft.key, intent.position]) if can_edit else ""
        return dataclasses.replace(intent, more_url=more_url, action="Remove", action_url=action_url)

    return [with_links(intent) for intent in queries.draft_intents(planned, positions, _start(page))]


def _start(page: Page[Any]) -> int:
    return max(0, page.start_index() - 1)


def _chosen(request: Any, positions: Container[int]) -> int | None:
    """Return which intent the address asks to see in full."""
    text = request.GET.get("intent", "")
    chosen = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    return chosen if chosen is not None and chosen in positions else None


def draft_rename(request: Any, key: str) -> HttpResponse:
    draft = _draft_or_404(request, key)
    if not draft.is_open:
        return _closed(request, draft)
    form = DraftForm(request.POST if request.method == "POST" else None, initial={"name": draft.name})
    if request.method == "POST" and form.is_valid():
        try:
            services.rename_draft(draft, form.cleaned_data["name"], at=timezone.now())
        except Refused as refusal:
            form.add_error("name", refusal.message)
        else:
            messages.success(request, f"The draft is called “{draft.name}” now.")
            return _go(request, _address_of(draft))
    return render(
        request,
        "changes/draft_rename.html",
        {"draft": draft, "form": form},
        status=422 if form.errors else 200,
    )


@require_POST
def draft_undo_last(request: Any, key: str) -> HttpResponse:
    draft = _draft_or_404(request, key)
    try:
        sentences = services.remove_last(draft, at=timezone.now())
    except Refused as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, f"Undone in the draft: {names(sentences, limit=2)}.")
    return _go(request, _back(request, _address_of(draft)))


@require_POST
def draft_redo(request: Any, key: str) -> HttpResponse:
    draft = _draft_or_404(request, key)
    try:
        sentences = services.redo(draft, at=timezone.now())
    except Refused as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, f"Redone in the draft: {names(sentences, limit=2)}.")
    return _go(request, _back(request, _address_of(draft)))


@require_POST
def draft_remove(request: Any, key: str, position: int) -> HttpResponse:
    draft = _draft_or_404(request, key)
    also = [text for text in request.POST.getlist("also") if text.isascii() and text.isdecimal()]
    positions = [min(int(text[:12]), VERSION_LIMIT) for text in (str(position)[:12], *also)]
    try:
        services.remove(draft, *positions, at=timezone.now())
    except Refused as refusal:
        return _changes_page(request, draft, alert=refusal.message, status=422)
    messages.success(request, "Removed from the draft.")
    return _go(request, _back(request, _address_of(draft)))


def draft_publish(request: Any, key: str) -> HttpResponse:
    draft = _draft_or_404(request, key)
    if not draft.is_open:
        return _closed(request, draft)
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
        published = services.publish(
            draft,
            actor=actor_of(request.user),
            message=form.cleaned_data["reason"],
            at=timezone.now(),
            effective_on=form.cleaned_data["effective_on"],
            expected_changes=form.cleaned_data["expected"],
        )
    except OBJECTIONS as objection:
        draft = _draft_or_404(request, key)
        if draft.state != Draft.State.OPEN:
            return _closed(request, draft)
        form.add_error(None, wording.in_short(objection, services.current()))
        stale = isinstance(objection, (Conflict, services.StaleDraft))
        return _publish_page(request, draft, form, status=409 if stale else 422)
    count = len(published.sentences)
    messages.success(
        request, f"Published {count} change{'' if count == 1 else 's'}: “{draft.name}” is live now."
    )
    return _go(request, _address_of(draft))


def _publish_page(request: Any, draft: Draft, form: PublishForm, status: int = 200) -> HttpResponse:
    positions, planned = services.numbered_replay(draft)
    request.reality.replay = planned
    fingerprint = services.fingerprint(planned)
    if form.is_bound:
        form.data = {
            **request.POST.dict(),
            "expected": fingerprint,
        }  # sent again, it publishes what is shown now
    else:
        form.initial = {"expected": fingerprint, "effective_on": timezone.localdate()}
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
    draft = _draft_or_404(request, key)
    if not draft.is_open:
        return _closed(request, draft)
    if request.method == "POST":
        try:
            services.discard(draft, at=timezone.now())
        except Refused:
            return _closed(request, _draft_or_404(request, key))
        messages.success(request, f"Draft “{draft.name}” discarded. Its changes can still be read here.")
        return _go(request, f"{reverse('drafts')}?state={Draft.State.DISCARDED}")
    planned = services.replay_draft(draft)
    request.reality.replay = planned
    return render(request, "changes/draft_discard.html", {"draft": draft, "count": len(planned.steps)})


# The log


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
    context = {
        "form": form,
        "page": page,
        "rows": queries.divided(page.change_sets, day),
        "unit": unit,
        "is_filtered": any(asked.get(name) for name in ("q", "who", "source", "kind", "since", "until")),
        "past": _past(request.reality) if day is not None else "",
        "today": timezone.localdate(),
    }
    return render(request, "changes/history.html", context, status=400 if form.errors else 200)


def _past(reality: Any) -> str:
    """Return a past day in words: which it was, how long ago, and how large the organization was."""
    days = (timezone.localdate() - reality.as_of).days
    ago = {0: "today", 1: "yesterday"}.get(days, f"{days} days ago" if days > 0 else f"{-days} days to come")
    sizes = ((reality.org.count(kind), KINDS[kind]) for kind in ("person", "squad", "tribe"))
    words = ", ".join(f"{size:,} {kind.KIND if size == 1 else kind.PLURAL}" for size, kind in sizes)
    return f"A {reality.as_of:%A}, {ago}. {words}."


def change_set(request: Any, version: int) -> HttpResponse:
    found = _change_set_or_404(version)
    draft = found.drafts.first() if found.source == ChangeSet.Source.DRAFT else None
    chosen = _chosen(request, range(len(found.sentences)))
    live = request.reality.live
    if chosen is not None:
        numbers = range(queries.change_count(found, chosen))
        page = Paginator(numbers, queries.LONG_PAGE).get_page(request.GET.get("page"))
        facts = queries.facts_of(found, live, chosen, _start(page))
        entries = [queries.Intent(queries.sentence_of(found, chosen), facts, chosen)]
    else:
        page = Paginator(range(len(found.sentences)), queries.PAGE).get_page(request.GET.get("page"))
        entries = [
            dataclasses.replace(intent, more_url=f"?intent={intent.position}")
            for intent in queries.intents_of(found, live, list(page.object_list))
        ]
    context = {
        "change_set": found,
        "undone_by": found.undone_by.first(),
        "can_undo": roles.can_publish(request.user),
        "draft": draft,
        "may_see_draft": draft is not None and roles.can_see_draft(request.user, draft),
        "chosen": chosen,
        "page": page,
        "entries": entries,
    }
    return render(request, "changes/change_set.html", context)


def _change_set_or_404(version: int) -> ChangeSet:
    known = ChangeSet.objects.select_related("undoes")
    found = known.filter(version=version).first() if version <= VERSION_LIMIT else None
    if found is None:
        raise Http404("There is no such change in the history.")
    return found


def undo(request: Any, version: int) -> HttpResponse:
    found = _change_set_or_404(version)
    if not roles.can_publish(request.user):
        raise PermissionDenied("Only editors and org designers take back what is live.")
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _undo_page(request, found, form)
    if not form.is_valid():
        return _undo_page(request, found, form, status=422)
    try:
        done = services.undo(
            found,
            actor=actor_of(request.user),
            message=form.cleaned_data["reason"],
            at=timezone.now(),
            skip_overtaken="skip" in request.POST,
        )
    except OBJECTIONS as objection:
        return _undo_refused(request, found, form, objection)
    if found.undoes is not None and queries.takes_back(found):
        messages.success(request, f"Redone: {found.undoes.title}.")
    else:
        messages.success(request, f"Undone: {found.title}.")
    return _go(request, _back(request, reverse("change_set", args=[done.version])))


def _undo_refused(
    request: Any, found: ChangeSet, form: ReasonForm, objection: wording.Objection
) -> HttpResponse:
    status = 409 if isinstance(objection, Conflict) else 422
    if request.htmx:
        toast = {
            "text": wording.in_short(objection, services.current()),
            "level": "bad",
            "href": reverse("undo", args=[found.version]),
            "href_label": "See what still fits",
        }
        return render(request, "changes/_toast.html", {"toast": toast}, status=status)
    if not isinstance(objection, Conflict):
        form.add_error(None, wording.in_short(objection, services.current()))
    return _undo_page(request, found, form, status=status)


def _undo_page(request: Any, found: ChangeSet, form: ReasonForm, status: int = 200) -> HttpResponse:
    """Show what would be taken back, or where it has been already, so that a second click is harmless."""
    done = found.undone_by.first()
    if done is not None:
        messages.info(request, f"This is undone already, by change {done.version}.")
        return _go(request, reverse("change_set", args=[found.version]))
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


# Answers


def _go(request: Any, url: str) -> HttpResponse:
    """Answer what was carried out: read that page next."""
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": url})
    return see_other(url)


def _back(request: Any, otherwise: str) -> str:
    """Return where a button was pressed, if that is a page of ours that still makes sense afterwards."""
    asked = request.POST.get("next") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()):
        return otherwise
    parts = urlsplit(asked)
    if parts.path == request.path:
        return otherwise
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
