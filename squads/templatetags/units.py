"""How fields of records read on a page, and links that fill in a form."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from orgmodel.changes.pages import address
from orgmodel.core.phrases import said
from orgmodel.core.records import Record, specs_of

register = template.Library()


@register.filter
def choice(record: Record, field: str) -> str:
    """`{{ squad|choice:"type" }}`: Stream-aligned"""
    return said(dict(specs_of(record.KIND)[field].choices).get(getattr(record, field), ""))


@register.simple_tag(takes_context=True)
def with_query(context: Context, name: str, *args: str, **query: Any) -> str:
    """`{% with_query "vacancy_new" squad=squad.key %}`: a link to half a form, which the address fills in."""
    return address(context["request"], name, *args, **query)
