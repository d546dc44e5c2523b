"""The working hours of a squad, seen from where its reader is."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from orgmodel.changes.pages import address
from squads.hours import Shift, Strip, strip_of

register = template.Library()


@register.simple_tag(takes_context=True)
def working_hours(context: Context, squad: Any) -> Strip | None:
    """`{% working_hours squad as strip %}`: in the reader's time zone, as their settings say."""
    request: Any = context["request"]
    today = request.reality.as_of or timezone.localdate()
    page = partial(_page, request, squad.key)
    return strip_of(request.reality.org, squad.id, today, context["zone"], page)


def _page(request: Any, squad: str, shift: Shift) -> str:
    """Return the page of one person, or the list of a squad's people."""
    if len(shift.people) == 1:
        return address(request, "person", shift.people[0].key)
    return address(request, "people", squad=squad)
