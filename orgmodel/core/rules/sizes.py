"""The sizes that an organization's own rules allow: what boards, figures, pictures and collisions hold units against.

A limit is where the rule turns high. None says that there is none: the rule is off, or the unit is exempt from it.
"""

from __future__ import annotations

from typing import Any

from orgmodel.core.org import Org
from orgmodel.core.records import Squad, Tribe
from orgmodel.core.rules.base import Number
from orgmodel.core.rules.lines import manages_managers, reports_of
from orgmodel.core.rules.settings import settings_of
from orgmodel.core.rules.terms import limit_of


def squad_most(org: Org, squad: Squad) -> Number | None:
    """Return the most people that a squad may have."""
    return _limit(org, "SQ-01", "high_above", squad)


def squad_least(org: Org, squad: Squad) -> Number | None:
    """Return the least people that a squad may have. One that is proposed, forming or winding down may be small."""
    return _limit(org, "SQ-02", "high_below", squad) if squad.state == "active" else None


def tribe_most(org: Org, tribe: Tribe) -> Number | None:
    """Return the most people that a tribe may have."""
    return _limit(org, "TR-01", "high_above", tribe)


def span_most(org: Org, manager: str) -> Number | None:
    """Return the most direct reports that someone may have: fewer for who manages managers."""
    code = "SP-01" if manages_managers(org, reports_of(org, manager)) else "CH-01"
    return _limit(org, code, "high_above", org.people[manager])


def is_beyond(size: int, most: Number | None) -> bool:
    """Say whether a size is over a limit, where there is one."""
    return most is not None and size > most


def is_out_of_range(org: Org, squad: Squad) -> bool:
    """Say whether an open squad is too large or too small."""
    if squad.closed_on is not None:
        return False
    size, least = org.size_of(squad.id), squad_least(org, squad)
    return is_beyond(size, squad_most(org, squad)) or (least is not None and size < least)


def _limit(org: Org, code: str, name: str, record: Any) -> Number | None:
    return limit_of(settings_of(org).terms[code], name, org, record)
