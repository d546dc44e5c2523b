"""Rules about squads: SQ-01 to SQ-11."""

from __future__ import annotations

from collections.abc import Iterator

from orgmodel.core.records import Squad
from orgmodel.core.rules.base import Alarm, Limits, View, above, below, people, rule


def too_large(view: View, squad: Squad, limits: Limits) -> Iterator[Alarm]:
    """A squad has no more people than can trust and coordinate with one another. Guests with a known share elsewhere
    count there.

    Why: Trust and coordination decay as a squad grows, so split it early.
    Try: Split it in two along its mission, or move people to squads that need them.
    Source: S-D, EC1, TT, LS.
    """
    size = view.org.size_of(squad.id)
    if found := above(limits, size):
        severity, most = found
        yield Alarm(severity, f"{squad.name} has {people(size)}; the limit is {most}.", size, most, size)


RULES = (
    rule("SQ-01", "squad", too_large, medium_above=8, high_above=9),
)
