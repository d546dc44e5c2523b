"""Files that are more than the page they are asked for from."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from orgmodel import errors
from orgmodel.changes.draft_pages import address_of, draft_or_404, plan_for
from orgmodel.changes.pages import see_other
from orgmodel.exports import pack
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
