"""Findings in other pages: marks of severity, and what the rules find about the unit of a page."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from orgmodel.core.phrases import count
from orgmodel.core.rules.base import Rule
from orgmodel.core.rules.sources import cited
from orgmodel.findings import about
from orgmodel.templatetags.orgmodel_ui import COLORS, icon

register = template.Library()


@register.simple_tag
def severity(level: str, number: int | None = None) -> SafeString:
    """`{% severity "high" %}`: icon and word; `{% severity "high" 3 %}`: icon and number."""
    if number is None:
        return _severity(level, "", _(level.capitalize()))
    counted = count(number, level, level).said()
    return _severity(level, str(number), counted.removeprefix(str(number)))


@lru_cache(maxsize=256)
def _severity(level: str, number: str, name: str) -> SafeString:
    if number:
        words = format_html('<span>{}<span class="vh">{}</span></span>', number, name)
    else:
        words = format_html("<span>{}</span>", name)
    return format_html('<span class="state {}">{}{}</span>', COLORS[level], icon(level, "i s"), words)


@register.filter
def sources(rule: Rule) -> list[tuple[str, str]]:
    """`{% for title, url in rule|sources %}`: where a rule comes from; "" where there is nothing to link to."""
    return cited(rule.sources)


@register.simple_tag(takes_context=True)
def findings_of(context: Context, kind: str, id_: str) -> about.About:
    """`{% findings_of "squad" squad.id as health %}`: what the rules find about a unit and what belongs to it."""
    return about.unit(context["request"], (kind, id_))


@register.simple_tag(takes_context=True)
def findings_in_tribe(context: Context, tribe: Any) -> about.About:
    """`{% findings_in_tribe tribe as health %}`: what the rules find about all units of a tribe."""
    return about.tribe(context["request"], tribe)


@register.simple_tag(takes_context=True)
def scorecard(context: Context, squad: Any) -> list[about.Condition]:
    """`{% scorecard squad as conditions %}`: what makes a good squad, and whether it holds."""
    return about.scorecard(context["request"], squad)


@register.simple_tag(takes_context=True)
def tribe_scorecard(context: Context, tribe: Any) -> list[about.Summed]:
    """`{% tribe_scorecard tribe as sums %}`: of how many squads in a tribe each condition holds."""
    return about.tribe_scorecard(context["request"], tribe)


@register.simple_tag(takes_context=True)
def worst_findings(context: Context) -> about.About:
    """`{% worst_findings as health %}`: the units that press most, for the overview."""
    return about.organization(context["request"])


@register.simple_tag(takes_context=True)
def draft_findings(context: Context, draft: Any) -> about.Between:
    """`{% draft_findings draft as between %}`: what a draft fixes, and what it makes new, worse or better."""
    return about.between(context["request"], draft)


@register.simple_tag(takes_context=True)
def finding_count(context: Context) -> int:
    """`{% finding_count as count %}`: how many findings stand, without those that are waived; for the rail."""
    return about.standing_count(context["request"])
