"""Rules about what squads need of one another: DE-01 to DE-03."""

from __future__ import annotations

import bisect
import functools
from collections.abc import Iterator, Mapping
from datetime import date

from orgmodel.core.org import Org, Same
from orgmodel.core.phrases import count, names, say
from orgmodel.core.records import Dependency, Squad
from orgmodel.core.rules.base import Alarm, Limits, View, rule
from orgmodel.core.scope import is_open

WAITING = ("slowing", "blocking")
"""The levels at which a squad waits for another one."""


def blocking(view: View, dependency: Dependency, limits: Limits) -> Iterator[Alarm]:
    """No squad is blocked by another one, least of all by one of another tribe or for long.

    Why: What blocks and crosses tribes is what to remove first.
    Try: Change what comes first, move the work or the people, or change the architecture.
    Source: K12.
    """
    org = view.org
    if dependency.level != "blocking" or not counts(org, dependency, view.today):
        return
    one, other = org.squads[dependency.squad], org.squads[dependency.needs]
    crosses = one.tribe != other.tribe
    days, most = view.days_since(dependency.since), limits["days"]
    severity = ("medium", "high", "critical")[crosses + (days > most)]
    by = say("{squad} of another tribe", squad=other.name) if crosses else other.name
    message = (
        say(
            "{squad} has been blocked by {other} for {days}; the limit is {most}.",
            squad=one.name,
            other=by,
            days=count(days, "day", "days"),
            most=most,
        )
        if days > most
        else say("{squad} is blocked by {other}.", squad=one.name, other=by)
    )
    yield Alarm(severity, message, days, most, view.size_of(one.id) + view.size_of(other.id))


def hot_spot(view: View, squad: Squad, limits: Limits) -> Iterator[Alarm]:
    """Few squads wait for one and the same.

    Why: A squad that many wait for is a bottleneck for all of them.
    Try: Give it people or take work off it, and let others help themselves.
    Source: K12.
    """
    org, today = view.org, view.today
    waiting = [d for d in org.needed_by(squad.id) if d.level in WAITING and counts(org, d, today)]
    blocked = [d for d in waiting if d.level == "blocking"]
    for found, least in ((blocked, limits["blocked_least"]), (waiting, limits["waiting_least"])):
        if len(found) >= least:
            who = sum(view.size_of(d.squad) for d in found) + view.size_of(squad.id)
            told = {"squad": squad.name, "squads": count(found, "squad", "squads"), "least": least}
            message = (
                say("{squad} blocks {squads}; from {least} on it is a bottleneck.", **told)
                if found is blocked
                else say("{squad} slows or blocks {squads}; from {least} on it is a bottleneck.", **told)
            )
            yield Alarm("high", message, len(found), least, who)
            return


def cycle(view: View, squad: Squad, limits: Limits) -> Iterator[Alarm]:
    """No squads wait for one another in a circle. One of them bears the finding for all.

    Why: None of them can finish alone.
    Try: Break the circle where it is weakest: one side goes first, or the work moves.
    Source: product default.
    """
    org = view.org
    if first_of_circle(org, squad.id, view.today) != squad.id:
        return
    squads = circle_of(org, squad.id, view.today)
    if len(squads) > 1:
        told = names(sorted(org.squads[id_].name for id_ in squads))
        message = say("{n} squads wait for one another: {squads}.", n=len(squads), squads=told)
        yield Alarm("high", message, len(squads), 0, sum(map(view.size_of, squads)))


def counts(org: Org, dependency: Dependency, today: date) -> bool:
    """Say whether a dependency has begun, and both squads are open."""
    both_open = is_open(org, "squad", dependency.squad) and is_open(org, "squad", dependency.needs)
    return both_open and _has_begun(dependency, today)


def _has_begun(dependency: Dependency, today: date) -> bool:
    return dependency.since is None or dependency.since <= today


def first_of_circle(org: Org, squad: str, today: date) -> str | None:
    """Return which open squad bears the finding of the circle that a squad is in."""
    return next(iter(circle_of(org, squad, today)), None)


def circle_of(org: Org, squad: str, today: date) -> list[str]:
    """Return the open squads of the circle that a squad is in, in the order of their ids."""
    same = Same(org.dependencies)
    beginnings = _beginnings(same)
    latest = beginnings[bisect.bisect_right(beginnings, today) - 1]
    return [id_ for id_ in _circles(same, latest).get(squad, ()) if is_open(org, "squad", id_)]


@functools.lru_cache(maxsize=16)
def _beginnings(same: Same) -> list[date]:
    """Return the days on which any dependency begins, after the first day of all. Between two, circles are the same."""
    return sorted({date.min, *(d.since for d in same.table.values() if d.since is not None)})


@functools.lru_cache(maxsize=64)
def _circles(same: Same, today: date) -> Mapping[str, tuple[str, ...]]:
    """Return for every squad in a circle all squads of it. Worked out once for each table of dependencies."""
    edges: dict[str, list[str]] = {}
    for dependency in same.table.values():
        if dependency.level in WAITING and _has_begun(dependency, today):
            edges.setdefault(dependency.squad, []).append(dependency.needs)
    return {
        squad: circle
        for component in _components(edges)
        if len(component) > 1
        for circle in (tuple(sorted(component)),)
        for squad in circle
    }


def _components(edges: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """Yield the strongly connected components of a graph: Tarjan's algorithm, without recursion."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for root in edges:
        walk = [(root, iter(edges[root]))] if root not in order else []
        while walk:
            node, targets = walk[-1]
            if node not in order:
                order[node] = lowest[node] = len(order)
                stack.append(node)
                on_stack.add(node)
            for target in targets:
                if target not in order:
                    walk.append((target, iter(edges.get(target, ()))))
                    break
                if target in on_stack:
                    lowest[node] = min(lowest[node], order[target])
            else:
                walk.pop()
                if walk:
                    parent = walk[-1][0]
                    lowest[parent] = min(lowest[parent], lowest[node])
                if lowest[node] == order[node]:
                    component = [stack.pop()]
                    while component[-1] != node:
                        component.append(stack.pop())
                    on_stack.difference_update(component)
                    yield component


RULES = (
    rule("DE-01", "dependency", "critical", blocking, days=30),
    rule("DE-02", "squad", "high", hot_spot, waiting_least=4, blocked_least=2),
    rule("DE-03", "squad", "high", cycle),
)
