"""Pages on which a draft is talked about: its header, guests, comments, reviews and briefings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orgmodel.access import roles
from orgmodel.changes import drafts, plans, publishing, queries, sharing
from orgmodel.changes.draft_pages import closed, draft_or_404, draft_to_edit, own_draft, plan_for
from orgmodel.changes.models import Draft, DraftComment
from orgmodel.changes.pages import back, go, post_only, start_of
from orgmodel.changes.review_forms import BriefingForm, CommentForm, HeaderForm, ShareForm, VisibilityForm
from orgmodel.core.operations import Refused
from orgmodel.core.phrases import said

# Review


def draft_review(request: Any, key: str) -> HttpResponse:
    return _review_page(request, draft_or_404(request, key))


def _review_page(
    request: Any,
    draft: Draft,
    *,
    form: CommentForm | None = None,
    about: int | None = None,
    status: int = 200,
) -> HttpResponse:
    plan = plan_for(request, draft)
    request.reality.plan = plan
    today, user = timezone.localdate(), request.user
    checks = publishing.checks(draft, plan, today) if draft.is_planned else []
    reviews = sharing.reviews_of(draft)
    is_part = roles.part_of(user, draft) is not None
    context = {
        "draft": draft,
        "tab": "review",
        "checks": checks,
        "missing": publishing.missing(draft) if draft.is_planned else [],
        "header": [] if is_part else _header(draft),
        "reviews": reviews,
        "own_review": next((share for share in reviews.shares if share.user_id == user.pk), None),
        "threads": _threads(draft, plan, about, form),
        "form": form if form is not None and about is None else CommentForm(),
        "may_comment": roles.can_comment_draft(user, draft),
        "may_edit": roles.can_edit_whole_draft(user, draft),
        "may_share": roles.can_own_draft(user, draft),
        "affected": len(sharing.affected(plan, timezone.localdate())),
        "briefed": draft.briefings.count(),
        "guests": draft.shares.count(),
        "misfits": plan.replay.misfits,
        "to_settle": len(checks) + len(plan.replay.misfits),
    }
    return render(request, "changes/draft_review.html", context, status=status)


def _header(draft: Draft) -> list[tuple[str, Any]]:
    """Return what a draft says about itself, by label; "" where it says nothing."""
    return [(drafts.header_label(name), getattr(draft, name) or "") for name in drafts.HEADER]


def _threads(
    draft: Draft, plan: plans.Planned, about: int | None, form: CommentForm | None
) -> list[dict[str, Any]]:
    """Return what was said: about the draft, then about each change of which something was said or may be said now."""
    said: dict[int | None, list[DraftComment]] = {None: []}
    rows = draft.comments.select_related("author", "operation").order_by("written_at", "pk")
    for row in rows:
        said.setdefault(row.operation.position if row.operation else None, []).append(row)
    steps = dict(zip(plan.positions, (step.sentence for step in plan.replay.steps), strict=True))
    parked = {position: operation.describe(plan.replay.after) for position, operation in plan.parked}
    sentences = steps | parked
    about_changes = [
        {
            "position": position,
            "sentence": sentences[position],
            "is_parked": position in parked,
            "comments": said.get(position, []),
            "form": form if position == about else None,
        }
        for position in sorted(position for position in {*said, about} if position is not None)
        if position in sentences  # of a change that was removed, or is in another part, nothing is shown
    ]
    return [{"position": None, "sentence": "", "comments": said[None]}, *about_changes]


def _comment(request: Any, key: str, position: int | None) -> HttpResponse:
    draft = draft_or_404(request, key)
    if not roles.can_comment_draft(request.user, draft):
        words = _("You may look at the draft “{draft}”, not comment on it.")
        raise PermissionDenied(words.format(draft=draft.name))
    if position is not None and not plan_for(request, draft).sentences([position]):
        raise Http404(_("There is no such change in this draft."))
    form = CommentForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _review_page(request, draft, form=form, about=position)
    if not form.is_valid():
        return _review_page(request, draft, form=form, about=position, status=422)
    try:
        made = sharing.comment(
            draft,
            form.cleaned_data["body"],
            author_id=request.user.pk,
            at=timezone.now(),
            position=position,
        )
    except Refused as refusal:
        form.add_error("body", said(refusal.message))
        return _review_page(request, draft, form=form, about=position, status=422)
    unreached = sharing.unreached(draft, made)
    if unreached:
        words = _("Not invited to this draft, so they will not see it: {people}.")
        messages.info(request, words.format(people=", ".join(unreached)))
    return go(request, f"{reverse('draft_review', args=[draft.key])}#comment-{made.pk}")


@post_only
def draft_comment(request: Any, key: str) -> HttpResponse:
    return _comment(request, key, None)


def draft_comment_on(request: Any, key: str, position: int) -> HttpResponse:
    return _comment(request, key, position)


@post_only
def draft_approve(request: Any, key: str) -> HttpResponse:
    draft = draft_or_404(request, key)
    read = request.POST.get("revision", "")
    revision = int(read) if read.isascii() and read.isdecimal() and len(read) < 10 else None
    try:
        sharing.approve(draft, request.user.pk, revision=revision)
    except Refused as refusal:
        messages.error(request, said(refusal.message))
    else:
        messages.success(request, _("Approved.") if revision is not None else _("Approval taken back."))
    return go(request, reverse("draft_review", args=[draft.key]))


# Header


def draft_edit(request: Any, key: str) -> HttpResponse:
    draft = draft_to_edit(request, key, whole=True)
    if not draft.is_open:
        return closed(request, draft)
    form = HeaderForm(
        request.POST if request.method == "POST" else None, draft=draft, org=_org(request, draft)
    )
    if request.method == "POST" and form.is_valid():
        try:
            drafts.rename_draft(draft, form.cleaned_data["name"], at=timezone.now())
            drafts.describe(draft, form.values(), at=timezone.now())
        except Refused as refusal:
            form.add_error(refusal.field or None, said(refusal.message))
        else:
            messages.success(request, _("Saved what “{draft}” is for.").format(draft=draft.name))
            return go(request, back(request, reverse("draft_review", args=[draft.key])))
    status = 422 if form.errors else 200
    return render(request, "changes/draft_edit.html", {"draft": draft, "form": form}, status=status)


def _org(request: Any, draft: Draft) -> Any:
    return plan_for(request, draft).replay.after


# Guests


def draft_share(request: Any, key: str) -> HttpResponse:
    draft = own_draft(request, key)
    form = ShareForm(request.POST if request.method == "POST" else None, org=_org(request, draft))
    if request.method == "POST" and form.is_valid():
        try:
            share = sharing.invite(draft, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field or None, said(refusal.message))
        else:
            words = _("{who} may {do} it now.")
            messages.success(request, words.format(who=roles.name_of(share.user), do=share.get_can_display()))
            return go(request, reverse("draft_share", args=[draft.key]))
    tribes = _org(request, draft).tribes
    guests = [
        {"share": share, "part": tribes[share.tribe].name if share.tribe in tribes else ""}
        for share in draft.shares.select_related("user").order_by("user__username")
    ]
    context = {
        "draft": draft,
        "form": form,
        "guests": guests,
        "visibility": VisibilityForm(initial={"visibility": draft.visibility}),
    }
    return render(request, "changes/draft_share.html", context, status=422 if form.errors else 200)


@post_only
def draft_uninvite(request: Any, key: str, user_id: int) -> HttpResponse:
    draft = own_draft(request, key)
    sharing.uninvite(draft, min(user_id, 2**31 - 1))
    messages.success(request, _("Invitation taken back."))
    return go(request, reverse("draft_share", args=[draft.key]))


@post_only
def draft_visibility(request: Any, key: str) -> HttpResponse:
    draft = own_draft(request, key)
    try:
        sharing.show(draft, request.POST.get("visibility", ""), at=timezone.now())
    except Refused as refusal:
        messages.error(request, said(refusal.message))
    else:
        everyone = draft.visibility == Draft.Visibility.EVERYONE
        messages.success(
            request, _("Everyone sees it now.") if everyone else _("Private: only those invited see it.")
        )
    return go(request, reverse("draft_share", args=[draft.key]))


# Briefings


def draft_briefings(request: Any, key: str) -> HttpResponse:
    draft = draft_or_404(request, key)
    plan = plan_for(request, draft)
    request.reality.plan = plan
    may_edit = roles.can_edit_whole_draft(request.user, draft)
    affected = sharing.affected(plan, timezone.localdate())
    form = BriefingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied(_("The draft “{name}” is not yours to change.").format(name=draft.name))
        if form.is_valid():
            count = _brief(draft, plan, form, request.POST.getlist("person"), affected)
            words = ngettext("{n} briefing planned.", "{n} briefings planned.", count).format(n=count)
            messages.success(request, words if count else _("Choose someone."))
            return go(request, reverse("draft_briefings", args=[draft.key]))
    page = Paginator(affected, queries.LONG_PAGE).get_page(request.GET.get("page"))
    people, planned = plan.replay.after.people, sharing.briefings_of(draft)
    rows = [
        {
            "person": people[id_],
            "manager": people.get(people[id_].manager or ""),
            "briefing": planned.get(id_),
            "by": people.get(planned[id_].by or "") if id_ in planned else None,
        }
        for id_ in affected[start_of(page) : start_of(page) + queries.LONG_PAGE]
    ]
    context = {
        "draft": draft,
        "form": form,
        "rows": rows,
        "page": page,
        "count": len(affected),
        "may_edit": may_edit,
    }
    return render(request, "changes/draft_briefings.html", context, status=422 if form.errors else 200)


def _brief(
    draft: Draft, plan: plans.Planned, form: BriefingForm, chosen: Sequence[str], affected: Sequence[str]
) -> int:
    """Plan briefings with those chosen, by their own managers of today unless everyone is briefed by one person."""
    people = set(affected) if form.cleaned_data["all"] else set(affected) & set(chosen)
    return sharing.brief_by_managers(draft, plan.replay.before, people, on=form.cleaned_data["on"])
