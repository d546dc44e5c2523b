"""Rules about vacancies: HI-01."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from orgmodel.core.org import Org, Same
from orgmodel.core.phrases import count, say
from orgmodel.core.records import Vacancy, label_of
from orgmodel.core.rules.base import Alarm, Limits, View, nor, rule
from orgmodel.core.rules.terms import limit_of
from orgmodel.core.rules.words import is_key_role


def vacancy(view: View, vacancy: Vacancy, limits: Limits) -> Iterator[Alarm]:
    """A vacancy is filled in time, says what it needs, and makes no squad larger than SQ-01 allows. Owners and leads
    are filled first.

    Why: Know the level before the interviews, and hire to the structure that you want.
    Try: Decide whether it is still needed, and what stands in its way.
    Source: S-C, LS.
    """
    yield from _aged(view, vacancy, limits)
    if missing := _missing(view.org, vacancy):
        message = say("The vacancy {vacancy} has no {lacking}.", vacancy=vacancy.title, lacking=nor(missing))
        yield Alarm("medium", message, 0, 1, 1, "b", say("Complete it before anybody is interviewed."))
    yield from _too_many(view, vacancy)


def _aged(view: View, vacancy: Vacancy, limits: Limits) -> Iterator[Alarm]:
    is_key = is_key_role(vacancy.title)
    days, most = view.days_since(vacancy.opened_on), limits["key_role_days" if is_key else "days"]
    if days > most:
        message = say(
            "The vacancy {vacancy} has been open for {days}; the limit is {most}.",
            vacancy=vacancy.title,
            days=count(days, "day", "days"),
            most=most,
        )
        affected = view.size_of(vacancy.squad) if vacancy.squad else 1
        yield Alarm("high" if is_key else "medium", message, days, most, max(1, affected), "a")


def _missing(org: Org, vacancy: Vacancy) -> list[str]:
    """Return what a vacancy leaves open. Interview loops are asked for only where some vacancy has one."""
    if vacancy.state == "draft":
        return []
    needed = {
        "level": vacancy.level,
        "loop": vacancy.loop or not knows_loops(org),
        "hiring_manager": vacancy.hiring_manager,
    }
    return [label_of("vacancy", field) for field, value in needed.items() if not value]


def knows_loops(org: Org) -> bool:
    """Say whether the organization writes interview loops down. Worked out once for each table of vacancies."""
    return _knows_loops(Same(org.vacancies))


@functools.lru_cache(maxsize=16)
def _knows_loops(same: Same) -> bool:
    return any(vacancy.loop for vacancy in same.table.values())


def _too_many(view: View, vacancy: Vacancy) -> Iterator[Alarm]:
    if vacancy.squad is None:
        return
    squad = view.org.squads[vacancy.squad]
    most = limit_of(view.terms.get("SQ-01"), "high_above", view.org, squad)
    total = view.size_of(squad.id) + len(view.org.vacancies_in("squad", squad.id))
    if most is not None and total > most:
        message = say(
            "With its vacancies, {squad} would have {n} people; the limit is {most}.",
            squad=squad.name,
            n=total,
            most=most,
        )
        advice = say("Split the squad first, or hire for another one.")
        yield Alarm("medium", message, total, most, view.size_of(squad.id), "c", advice)


RULES = (rule("HI-01", "vacancy", "high", vacancy, "abc", key_role_days=60, days=90),)
