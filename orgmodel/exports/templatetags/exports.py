"""What the Share menu of a page offers. Each page says in its block "files" what there is to take along."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgmodel.changes.models import Draft
from orgmodel.exports import links
from orgmodel.exports.pack import can_make_pdf
from orgmodel.exports.pictures import can_draw_png

register = template.Library()

FORMATS = {
    "table": (("csv", "CSV"), ("xlsx", gettext_lazy("Excel (XLSX)")), ("json", "JSON")),
    "list": (("csv", "CSV"), ("json", "JSON")),  # of a page that writes its files itself
    "picture": (("svg", gettext_lazy("Picture (SVG)")), ("png", gettext_lazy("Picture (PNG)"))),
}


@register.inclusion_tag("exports/_files.html", takes_context=True)
def files(context: Context, *kinds: str) -> dict[str, Any]:
    """`{% files "table" "picture" %}`: links to this page, as it is shown, in formats of these kinds."""
    request = context["request"]
    query = request.GET.copy()
    query.pop("page", None)
    found = []
    for kind in kinds:
        for name, words in FORMATS[kind]:
            if name != "png" or can_draw_png():
                query["format"] = name
                found.append({"words": words, "url": f"{request.path}?{query.urlencode()}"})
    return {"files": found}


@register.inclusion_tag("exports/_files.html")
def drawn(url: str) -> dict[str, Any]:
    """`{% drawn url %}`: links to a picture that a view draws whole, and to the same as PNG."""
    svg, png = (words for _name, words in FORMATS["picture"])
    found = [{"words": svg, "url": url}]
    if can_draw_png():
        found.append({"words": png, "url": f"{url}{'&' if '?' in url else '?'}format=png"})
    return {"files": found}


@register.inclusion_tag("exports/_links.html", takes_context=True)
def share_links(context: Context, draft: Draft) -> dict[str, Any]:
    """`{% share_links draft %}`: the links that show a draft to those who were not invited, and a form for another."""
    request = context["request"]
    found = [
        {"link": link, "url": request.build_absolute_uri(link.get_absolute_url())}
        for link in links.valid(draft, at=timezone.now())
    ]
    return {"request": request, "draft": draft, "links": found, "days": links.DAYS, "zone": context["zone"]}


@register.inclusion_tag("exports/_files.html")
def pack(draft: Draft) -> dict[str, Any]:
    """`{% pack draft %}`: the link to a draft's pack, where this installation makes PDF files."""
    address = reverse("draft_pack", args=[draft.key])
    return {"files": [{"words": _("Reorganization pack (PDF)"), "url": address}] if can_make_pdf() else []}
