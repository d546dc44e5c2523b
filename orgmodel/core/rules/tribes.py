"""Rules about tribes: TR-01 to TR-03."""

from __future__ import annotations

from collections.abc import Iterator

from orgmodel.core.org import Org
from orgmodel.core.phrases import count, say
from orgmodel.core.records import Tribe, label_of
from orgmodel.core.rules.base import Alarm, Limits, View, above, nor, rule, without_lead


def out_of_range(view: View, tribe: Tribe, limits: Limits) -> Iterator[Alarm]:
    """A tribe has few enough people to know one another, and several squads to share them between.

    Why: Beyond about a hundred people come rules, politics and layers.
    Try: Split the tribe along its squads, or merge it with one close by.
    Source: K12, ING, TF.
    """
    size = view.tribe_size(tribe.id)
    if found := above(limits, size):
        severity, most = found
        told = {"tribe": tribe.name, "people": count(size, "person", "people")}
        message = (
            say("{tribe} has {people} and approaches the limit of {most}.", **told, most=limits["high_above"])
            if severity == "low"
            else say("{tribe} has {people} and exceeds the limit of {most}.", **told, most=most)
        )
        yield Alarm(severity, message, size, most, size, "a")
    squads = len(view.org.squads_of(tribe.id))
    least, most = limits["squads_least"], limits["squads_most"]
    if not least <= squads <= most:
        bound = least if squads < least else most
        message = say(
            "{tribe} has {squads}; {least} to {most} work well.",
            tribe=tribe.name,
            squads=count(squads, "squad", "squads"),
            least=least,
            most=most,
        )
        yield Alarm("medium", message, squads, bound, size, "b")


def no_tribe_lead(view: View, tribe: Tribe, limits: Limits) -> Iterator[Alarm]:
    """A tribe has a lead. While one is missing, someone stands in.

    Why: The lead provides the habitat for the squads; tribes break down without one.
    Try: Name a tribe lead, or someone who stands in until there is one.
    Source: K12, C21.
    """
    if tribe.lead is None:
        acting = view.org.people.get(tribe.interim_lead) if tribe.interim_lead else None
        size = view.tribe_size(tribe.id)
        yield Alarm("medium" if acting else "critical", without_lead(tribe, acting), 0, 1, size)


def trio_incomplete(view: View, tribe: Tribe, limits: Limits) -> Iterator[Alarm]:
    """A tribe is led by one person each for technology, product and design, where the organization works like that.
    A tribe of platforms can do without design; a tribe without any lead lacks that first.

    Why: Three crafts lead together, and each answers for a part of the outcome.
    Try: Name who leads the missing craft, or open a vacancy for it.
    Source: HN14.
    """
    org = view.org
    if not (org.uses("tribe", "product_lead") or org.uses("tribe", "design_lead")):
        return
    needed = ["product_lead", "design_lead"] if needs_design(org, tribe) else ["product_lead"]
    missing = [label_of("tribe", seat) for seat in needed if getattr(tribe, seat) is None]
    if missing:
        message = say("{tribe} has no {lacking}.", tribe=tribe.name, lacking=nor(missing))
        size = view.tribe_size(tribe.id)
        seats = 1 + len(needed)
        yield Alarm("medium", message, seats - len(missing), seats, size)


def needs_design(org: Org, tribe: Tribe) -> bool:
    """Say whether a tribe needs a design lead: unless all its squads are other than stream-aligned."""
    squads = org.squads_of(tribe.id)
    return not squads or any(squad.type == "stream_aligned" for squad in squads)


RULES = (
    rule(
        "TR-01",
        "tribe",
        "critical",
        out_of_range,
        "ab",
        low_above=90,
        high_above=100,
        critical_above=150,
        squads_least=2,
        squads_most=12,
    ),
    rule("TR-02", "tribe", "critical", no_tribe_lead),
    rule("TR-03", "tribe", "medium", trio_incomplete),
)
