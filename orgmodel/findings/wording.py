"""Short names: of rules, for lists and filters, and of the conditions that they stand for, for a scorecard."""

from __future__ import annotations

from collections.abc import Mapping

from orgmodel.core.hours import in_words
from orgmodel.core.phrases import count, say

FAMILIES: Mapping[str, str] = {
    "SQ": say("Squads"),
    "TR": say("Tribes"),
    "CH": say("Chapters and their leads"),
    "SP": say("Management"),
    "GU": say("Guilds"),
    "PE": say("People"),
    "RO": say("Roles"),
    "DE": say("Dependencies"),
    "SY": say("Systems"),
    "HI": say("Hiring"),
}

TITLES: Mapping[str, str] = {
    "SQ-01": say("Squad too large"),
    "SQ-02": say("Squad too small"),
    "SQ-03": say("Squad without product owner"),
    "SQ-04": say("No mission, or not reviewed"),
    "SQ-05": say("No North Star metric, or not read"),
    "SQ-06": say("Squad not cross-functional"),
    "SQ-07": say("No engineering counterpart"),
    "SQ-08": say("Few shared working hours"),
    "SQ-09": say("Many people new to a squad"),
    "SQ-10": say("Too much to understand"),
    "SQ-11": say("Mix of levels"),
    "TR-01": say("Tribe out of range"),
    "TR-02": say("Tribe without lead"),
    "TR-03": say("Trio incomplete"),
    "CH-01": say("Too many direct reports"),
    "CH-02": say("Chapter too small"),
    "CH-03": say("Chapter without lead"),
    "CH-04": say("Chapter crosses tribes"),
    "CH-05": say("Chapter lead in no squad"),
    "CH-06": say("Line manager is not the chapter lead"),
    "SP-01": say("Shape of management"),
    "GU-01": say("Guild without coordinator"),
    "GU-02": say("Guild inactive"),
    "GU-03": say("Guild not cross-cutting"),
    "PE-01": say("Person in no squad"),
    "PE-02": say("Person without manager or chapter"),
    "PE-03": say("More than full time"),
    "PE-04": say("Time in several squads"),
    "PE-05": say("Too many leading roles"),
    "RO-01": say("Product owner of several squads"),
    "RO-02": say("Coaching"),
    "RO-03": say("Holder of a role is going or stands in"),
    "DE-01": say("Blocking dependency"),
    "DE-02": say("Many wait for one squad"),
    "DE-03": say("Squads wait in a circle"),
    "SY-01": say("System without owner"),
    "SY-02": say("System with one owner"),
    "SY-03": say("Owned twice"),
    "HI-01": say("Vacancy aged or incomplete"),
}

CONDITIONS: Mapping[str, str] = {
    "SQ-01": say("No larger than people can trust one another in"),
    "SQ-02": say("Large enough to be a team"),
    "SQ-03": say("Has a product owner"),
    "SQ-04": say("Has a mission, and looks at it again"),
    "SQ-05": say("Has a North Star metric, and reads it"),
    "SQ-06": say("Has product, design and engineering"),
    "SQ-07": say("Has somebody who answers for engineering"),
    "SQ-08": say("Works at the same time of day"),
    "SQ-09": say("Has mostly been together for a while"),
    "SQ-10": say("Has no more to understand than it can"),
    "SQ-11": say("Has engineers of several levels"),
    "DE-01": say("Blocks no other squad"),
    "DE-02": say("Is no bottleneck for others"),
    "DE-03": say("Waits in no circle"),
    "SY-01": say("Has an owner for every system"),
    "SY-02": say("Has two who know each system"),
    "HI-01": say("Has no vacancy that is aged or incomplete"),
    "RO-02": say("Has a coach"),
}
"""What holds for a squad where a rule finds nothing about it, or about what it owns."""


CONDITIONS_OF_SEVERAL: Mapping[str, str] = {
    "SQ-01": say("are no larger than people can trust one another in"),
    "SQ-02": say("are large enough to be a team"),
    "SQ-03": say("have a product owner"),
    "SQ-04": say("have a mission, and look at it again"),
    "SQ-05": say("have a North Star metric, and read it"),
    "SQ-06": say("have product, design and engineering"),
    "SQ-07": say("have somebody who answers for engineering"),
    "SQ-08": say("work at the same time of day"),
    "SQ-09": say("have mostly been together for a while"),
    "SQ-10": say("have no more to understand than they can"),
    "SQ-11": say("have engineers of several levels"),
    "DE-01": say("block no other squad"),
    "DE-02": say("are no bottleneck for others"),
    "DE-03": say("wait in no circle"),
    "SY-01": say("have an owner for every system"),
    "SY-02": say("have two who know each system"),
    "HI-01": say("have no vacancy that is aged or incomplete"),
    "RO-02": say("have a coach"),
}
"""The same of several squads, after their number."""

DAYS, HOURS, PEOPLE, SQUADS = ("day", "days"), ("hour", "hours"), ("person", "people"), ("squad", "squads")
UNITS: Mapping[str, tuple[str, str]] = {
    "SQ-01": PEOPLE,
    "SQ-02": PEOPLE,
    "SQ-04b": DAYS,
    "SQ-05b": DAYS,
    "SQ-06": ("craft", "crafts"),
    "SQ-07": ("manager", "managers"),
    "SQ-08": HOURS,
    "SQ-09": ("%", "%"),
    "SQ-10": ("domain", "domains"),
    "SQ-11b": ("%", "%"),
    "SQ-11c": ("%", "%"),
    "TR-01a": PEOPLE,
    "TR-01b": SQUADS,
    "TR-03": ("lead", "leads"),
    "CH-01": ("report", "reports"),
    "CH-02": PEOPLE,
    "CH-04": ("tribe", "tribes"),
    "SP-01a": ("report", "reports"),
    "SP-01b": ("step", "steps"),
    "SP-01c": ("report", "reports"),
    "GU-02": DAYS,
    "GU-03": ("%", "%"),
    "PE-01": DAYS,
    "PE-03": ("%", "%"),
    "PE-04": SQUADS,
    "PE-05a": ("role", "roles"),
    "RO-01": SQUADS,
    "RO-02a": SQUADS,
    "RO-03": DAYS,
    "DE-01": DAYS,
    "DE-02": SQUADS,
    "DE-03": SQUADS,
    "SY-02": ("owner", "owners"),
    "SY-03": SQUADS,
    "HI-01a": DAYS,
    "HI-01c": PEOPLE,
}
"""What a rule, or a part of one, counts in, one and several. Those that only miss something count nothing."""

TOLD_FROM = frozenset({"SQ-07", "SQ-11c", "GU-03", "DE-02"})
"""The findings that begin on their threshold, not beyond it."""

TOLD_ANYHOW = frozenset({"DE-01", "DE-03", "RO-03a"})
"""The findings that need not be beyond their threshold, as it only makes them worse or is none."""

UNMEASURED = frozenset({"CH-06", "PE-05b", "HI-01b"})
"""The findings about what is one way and not the other; a number says nothing about them."""


def measure_of(code: str, value: float, threshold: float) -> str:
    """Return a value against its threshold: "12 people, limit 9", "none, needs 1", or "4 squads, told from 4"."""
    if code in UNMEASURED:
        return ""
    amount = _amount(code, value)
    if code in TOLD_ANYHOW and (value <= threshold or not threshold):
        return amount
    if value < threshold:
        return say("{amount}, needs {n:g}", amount=amount, n=threshold)
    if code in TOLD_FROM:
        return say("{amount}, told from {n:g}", amount=amount, n=threshold)
    return say("{amount}, limit {n:g}", amount=amount, n=threshold)


def _amount(code: str, value: float) -> str:
    unit = UNITS.get(code) or UNITS.get(code[:5])
    if not value:
        return say("none")
    if unit is None:
        return f"{value:g}"
    return in_words(value) if unit is HOURS else count(round(value), *unit)


def title_of(rule: str) -> str:
    return TITLES.get(rule, rule)
