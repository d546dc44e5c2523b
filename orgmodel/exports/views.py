"""The pack of a draft, and links that show a draft to those who were not invited."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from orgmodel import errors
from orgmodel.access import roles
from orgmodel.changes import comparing
from orgmodel.changes.compare_views import comparison, reader_of
from orgmodel.changes.draft_pages import address_of, draft_or_404, own_draft, plan_for
from orgmodel.changes.pages import go, post_only, see_other
from orgmodel.changes.plans import plan_of
from orgmodel.changes.services import Refused
from orgmodel.core.phrases import day_in_words, said
from orgmodel.exports import links, pack
from orgmodel.exports.pictures import NoFile


@require_safe
def draft_pack(request: Any, key: str) -> HttpResponse:
    draft = draft_or_404(request, key)
    if not draft.is_planned:
        return see_other(address_of(draft))
    plan = plan_for(request, draft)
    request.reality.plan = plan
    try:
        content = pack.pdf(request, draft, plan)
    except NoFile as error:
        return errors.page(request, 400, str(error))
    name = slugify(draft.name)[:80] or draft.key
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


# Links


@post_only
def link_make(request: Any, key: str) -> HttpResponse:
    draft = own_draft(request, key)
    try:
        link = links.make(draft, request.POST.get("days", ""), by=request.user.pk, at=timezone.now())
    except Refused as refusal:
        messages.error(request, said(refusal.message))
    else:
        text = _("Whoever has the link reads the draft until {day}.")
        messages.success(request, text.format(day=said(day_in_words(link.expires_at))))
    return go(request, reverse("draft_share", args=[draft.key]))


@post_only
def link_revoke(request: Any, key: str, link_id: int) -> HttpResponse:
    draft = own_draft(request, key)
    links.revoke(draft, min(link_id, 2**31 - 1), at=timezone.now())
    messages.success(request, _("The link shows nothing any more."))
    return go(request, reverse("draft_share", args=[draft.key]))


@require_safe
def shared(request: Any, key: str) -> HttpResponse:
    """What a draft changes, for whoever was sent a link and has a login; nothing else of the draft."""
    link = links.opened(key, by=request.user.pk, at=timezone.now())
    if link is None:
        return render(request, "exports/ended.html", status=404)
    draft = link.draft
    plan = plan_of(draft, request.reality.head)
    base = comparing.baseline(comparing.LIVE, **reader_of(request, timezone.localdate()))
    context = {
        **comparison(request, draft, plan, base, has_pages=False),
        "link": link,
        "sender": roles.name_of(link.made_by) if link.made_by is not None else "",
    }
    return render(request, "exports/shared.html", context)
