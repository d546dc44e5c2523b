"""The list of drafts, and what happens to a draft as a whole: start, rename, copy, put away, erase."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Count, Q, When
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from orgmodel.access import roles
from orgmodel.changes import drafts as planning
from orgmodel.changes import queries
from orgmodel.changes.draft_pages import address_of, closed, draft_or_404, draft_to_edit, own_draft, plan_for
from orgmodel.changes.models import Draft, DraftOperation
from orgmodel.changes.page_forms import CopyForm, DraftForm, NewDraftForm
from orgmodel.changes.pages import go, post_only
from orgmodel.core.operations import Refused
from orgmodel.core.phrases import said

TABS = {
    Draft.State.OPEN: (Draft.State.OPEN, Draft.State.FAILED),
    Draft.State.SCHEDULED: (Draft.State.SCHEDULED,),
    Draft.State.PUBLISHED: (Draft.State.PUBLISHED,),
    Draft.State.ARCHIVED: (Draft.State.ARCHIVED,),
}
"""The tabs of the list, and which states each shows. One that failed on its day is open again."""


def drafts(request: Any) -> HttpResponse:
    if not roles.can_plan(request.user):
        raise PermissionDenied(_("Your role reads only. Ask an org designer to let you plan."))
    named = {"name": request.GET.get("name", "")[:200]}
    form = NewDraftForm(request.POST if request.method == "POST" else None, initial=named)
    if request.method == "POST" and form.is_valid():
        try:
            draft = _empty_draft_of(request, form.cleaned_data["name"]) or planning.create_draft(
                form.cleaned_data["name"],
                owner_id=request.user.pk,
                at=timezone.now(),
                id_=form.cleaned_data["id"],
            )
        except Refused as refusal:
            form.add_error("name", said(refusal.message))
        else:
            if not draft.is_open:
                return closed(request, draft)
            text = _("Draft “{draft}” started from today. Nothing is live until you publish.")
            messages.success(request, text.format(draft=draft.name))
            return go(request, f"{reverse('tribes')}?{urlencode({'draft': draft.key})}")
    return _drafts_page(request, form, status=422 if form.errors else 200)


def _empty_draft_of(request: Any, name: str) -> Draft | None:
    """Return the draft of this name that this user has just started: a form sent twice starts one."""
    open_ = Draft.objects.filter(owner=request.user, state=Draft.State.OPEN)
    return open_.filter(name=" ".join(name.split()), revision=0).first()


def _drafts_page(request: Any, form: DraftForm, status: int) -> HttpResponse:
    visible = roles.visible_drafts(request.user)
    by_state = dict(visible.values_list("state").annotate(count=Count("pk")).order_by())
    counts = {tab: sum(by_state.get(state, 0) for state in states) for tab, states in TABS.items()}
    tab = next((tab for tab in TABS if tab == request.GET.get("state")), Draft.State.OPEN)
    failed_first = Case(When(state=Draft.State.FAILED, then=0), default=1)
    found = visible.filter(state__in=TABS[tab]).order_by(failed_first, "-updated_at", "-pk")
    paginator = Paginator(found, queries.PAGE)
    paginator.count = counts[tab]
    page = paginator.get_page(request.GET.get("page"))
    shown = list(page.object_list)
    lines = queries.summaries(shown)
    context = {
        "form": form,
        "page": page,
        "rows": [
            {
                "draft": draft,
                "summary": lines[draft.pk],
                "age": _age(draft),
                "is_mine": draft.owner_id == request.user.pk,
            }
            for draft in shown
        ],
        "tabs": [
            {
                "name": capfirst(tab_.label),
                "url": f"{reverse('drafts')}?state={tab_}",
                "count": counts[tab_],
                "current": tab_ == tab,
            }
            for tab_ in TABS
        ],
        "state": tab,
        "total": sum(counts.values()),
    }
    return render(request, "changes/drafts.html", context, status=status)


def _age(draft: Draft) -> str:
    since = timesince(draft.updated_at, depth=1)
    return _("just now") if since.startswith("0") else _("{time} ago").format(time=since)


def draft_rename(request: Any, key: str) -> HttpResponse:
    draft = draft_to_edit(request, key, whole=True)
    if not draft.is_open:
        return closed(request, draft)
    form = DraftForm(request.POST if request.method == "POST" else None, initial={"name": draft.name})
    if request.method == "POST" and form.is_valid():
        try:
            planning.rename_draft(draft, form.cleaned_data["name"], at=timezone.now())
        except Refused as refusal:
            form.add_error("name", said(refusal.message))
        else:
            messages.success(request, _("The draft is called “{name}” now.").format(name=draft.name))
            return go(request, address_of(draft))
    context = {"draft": draft, "form": form}
    return render(request, "changes/draft_rename.html", context, status=422 if form.errors else 200)


@post_only
def draft_duplicate(request: Any, key: str) -> HttpResponse:
    """Start a draft of one's own that plans the same. A second click finds the copy that the first one made."""
    draft = draft_or_404(request, key)
    if not roles.can_plan(request.user):
        raise PermissionDenied(_("Your role reads only. Ask an org designer to let you plan."))
    form = CopyForm(request.POST)
    try:
        copy = planning.duplicate(
            draft,
            owner_id=request.user.pk,
            at=timezone.now(),
            part=roles.part_of(request.user, draft),
            id_=str(form.cleaned_data["id"]) if form.is_valid() and form.cleaned_data["id"] else None,
        )
    except Refused as refusal:
        messages.error(request, said(refusal.message))
        return go(request, address_of(draft))
    text = _("“{draft}” is a draft of your own now. Nothing of it is live.")
    messages.success(request, text.format(draft=copy.name))
    return go(request, address_of(copy))


def draft_archive(request: Any, key: str) -> HttpResponse:
    draft = own_draft(request, key)
    if not draft.is_open:
        return closed(request, draft)
    if request.method == "POST":
        try:
            planning.archive(draft, at=timezone.now())
        except Refused:
            return closed(request, draft_or_404(request, key))
        text = _("Draft “{draft}” archived. It can be reopened from here.")
        messages.success(request, text.format(draft=draft.name))
        return go(request, f"{reverse('drafts')}?state={Draft.State.ARCHIVED}")
    plan = plan_for(request, draft)
    request.reality.plan = plan
    count = len(plan.positions) + len(plan.parked)
    return render(request, "changes/draft_archive.html", {"draft": draft, "count": count})


@post_only
def draft_reopen(request: Any, key: str) -> HttpResponse:
    draft = own_draft(request, key)
    try:
        planning.reopen(draft, at=timezone.now())
    except Refused as refusal:
        messages.info(request, said(refusal.message))
    else:
        text = _("Draft “{draft}” is open again, on today's organization.")
        messages.success(request, text.format(draft=draft.name))
    return go(request, address_of(draft))


def draft_delete(request: Any, key: str) -> HttpResponse:
    draft = own_draft(request, key)
    if request.method == "POST":
        try:
            planning.delete(draft)
        except Refused as refusal:
            messages.error(request, said(refusal.message))
            return go(request, address_of(draft))
        messages.success(request, _("Draft “{draft}” deleted.").format(draft=draft.name))
        return go(request, reverse("drafts"))
    lost = draft.operations.exclude(state=DraftOperation.State.REMOVED).aggregate(
        changes=Count("pk"), notes=Count("pk", filter=~Q(note=""))
    )
    lost |= {
        "comments": draft.comments.count(),
        "guests": draft.shares.count(),
        "talks": draft.briefings.count(),
    }
    return render(request, "changes/draft_delete.html", {"draft": draft, "lost": lost})
