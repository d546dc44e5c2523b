"""Template tags and filters the pages share. They draw; they never look anything up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@lru_cache(maxsize=1)
def _sprite() -> str:
    """The address of the icon sprite; it is the same for the life of the process."""
    return static("icons.svg")


@register.simple_tag
def icon(name: str, css: str = "i") -> SafeString:
    """`{% icon "people" %}`: a decorative icon; the words beside it carry the meaning."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', css, _sprite(), name
    )


@register.simple_tag
def glyph(color: int | str | None) -> SafeString:
    """`{% glyph tribe.color %}`: the tribe's shape in its colour; slots beyond eight start over."""
    slot = (int(color or 0) - 1) % 8 + 1
    return format_html(
        '<svg class="glyph" data-color="{}" aria-hidden="true"><use href="{}#g{}"/></svg>',
        slot,
        _sprite(),
        slot,
    )


def _in_reality(context: Context, url: str) -> str:
    request = context.get("request")
    query = getattr(request, "reality_query", "")
    return f"{url}?{query}" if query else url


@register.simple_tag(takes_context=True)
def link(context: Context, name: str, *args: Any) -> str:
    """`{% link "squad" squad.key %}`: like `url`, but stays in the draft or on the day one is looking at."""
    return _in_reality(context, reverse(name, args=args))


@register.inclusion_tag("components/rail_item.html", takes_context=True)
def rail_item(
    context: Context, name: str, label: str, icon_name: str, **options: Any
) -> dict[str, Any]:
    """One entry of the rail. It is left out while no page of that name exists."""
    rail = context.get("rail") or {}
    try:
        url = _in_reality(context, reverse(options.get("url_name", name)))
    except NoReverseMatch:
        url = ""
    return {
        "url": url,
        "label": label,
        "icon_name": icon_name,
        "current": rail.get("current") == name if isinstance(rail, Mapping) else False,
        "count": options.get("count"),
        "go": options.get("go", ""),
        "css": options.get("css", ""),
    }


@register.filter
def initials(name: str) -> str:
    """Ada King Lovelace -> AL."""
    words = str(name).split()
    if not words:
        return ""
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.filter
def percent(value: int | str | None) -> str:
    """50 -> 50 %, with a space that does not break; nothing stays nothing."""
    return "" if value in (None, "") else f"{value}\u00a0%"


@register.filter
def slot(color: int | str | None) -> int:
    """The palette slot, 1 to 8, of any tribe colour number."""
    return (int(color or 0) - 1) % 8 + 1


@register.filter
def cells_of(
    rows: Iterable[Mapping[str, Any]], squad_key: str
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """The (row, cell) pairs of one squad: a board read by column instead of by row."""
    for row in rows:
        for cell in row["cells"]:
            if cell["squad_key"] == squad_key:
                yield row, cell
