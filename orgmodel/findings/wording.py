"""Short names: of rules, for lists and filters, and of the conditions that they stand for, for a scorecard."""

from __future__ import annotations

from collections.abc import Mapping

FAMILIES: Mapping[str, str] = {
    "SQ": "Squads",
    "TR": "Tribes",
    "CH": "Chapters and their leads",
    "SP": "Management",
    "GU": "Guilds",
    "PE": "People",
    "RO": "Roles",
    "DE": "Dependencies",
    "SY": "Systems",
    "HI": "Hiring",
}

TITLES: Mapping[str, str] = {
    "SQ-01": "Squad too large",
    "SQ-02": "Squad too small",
    "SQ-03": "Squad without product owner",
    "SQ-04": "No mission, or not reviewed",
    "SQ-05": "No North Star metric, or not read",
    "SQ-06": "Squad not cross-functional",
    "SQ-07": "No engineering counterpart",
    "SQ-08": "Few shared working hours",
    "SQ-09": "Many people new to a squad",
    "SQ-10": "Too much to understand",
    "SQ-11": "Mix of levels",
    "TR-01": "Tribe out of range",
    "TR-02": "Tribe without lead",
    "TR-03": "Trio incomplete",
    "CH-01": "Too many direct reports",
    "CH-02": "Chapter too small",
    "CH-03": "Chapter without lead",
    "CH-04": "Chapter crosses tribes",
    "CH-05": "Chapter lead in no squad",
    "CH-06": "Line manager is not the chapter lead",
    "SP-01": "Shape of management",
    "GU-01": "Guild without coordinator",
    "GU-02": "Guild inactive",
    "GU-03": "Guild not cross-cutting",
    "PE-01": "Person in no squad",
    "PE-02": "Person without manager or chapter",
    "PE-03": "More than full time",
    "PE-04": "Time in several squads",
    "PE-05": "Too many leading roles",
    "RO-01": "Product owner of several squads",
    "RO-02": "Coaching",
    "RO-03": "Holder of a role is going or stands in",
    "DE-01": "Blocking dependency",
    "DE-02": "Many wait for one squad",
    "DE-03": "Squads wait in a circle",
    "SY-01": "System without owner",
    "SY-02": "System with one owner",
    "SY-03": "Owned twice",
    "HI-01": "Vacancy aged or incomplete",
}

CONDITIONS: Mapping[str, str] = {
    "SQ-01": "No larger than people can trust one another in",
    "SQ-02": "Large enough to be a team",
    "SQ-03": "Has a product owner",
    "SQ-04": "Has a mission, and looks at it again",
    "SQ-05": "Has a North Star metric, and reads it",
    "SQ-06": "Has product, design and engineering",
    "SQ-07": "Has somebody who answers for engineering",
    "SQ-08": "Works at the same time of day",
    "SQ-09": "Has mostly been together for a while",
    "SQ-10": "Has no more to understand than it can",
    "SQ-11": "Has engineers of several levels",
    "DE-01": "Blocks no other squad",
    "DE-02": "Is no bottleneck for others",
    "DE-03": "Waits in no circle",
    "SY-01": "Has an owner for every system",
    "SY-02": "Has two who know each system",
    "HI-01": "Has no vacancy that is aged or incomplete",
    "RO-02": "Has a coach",
}
"""What holds for a squad where a rule finds nothing about it, or about what it owns."""


CONDITIONS_OF_SEVERAL: Mapping[str, str] = {
    "SQ-01": "are no larger than people can trust one another in",
    "SQ-02": "are large enough to be a team",
    "SQ-03": "have a product owner",
    "SQ-04": "have a mission, and look at it again",
    "SQ-05": "have a North Star metric, and read it",
    "SQ-06": "have product, design and engineering",
    "SQ-07": "have somebody who answers for engineering",
    "SQ-08": "work at the same time of day",
    "SQ-09": "have mostly been together for a while",
    "SQ-10": "have no more to understand than they can",
    "SQ-11": "have engineers of several levels",
    "DE-01": "block no other squad",
    "DE-02": "are no bottleneck for others",
    "DE-03": "wait in no circle",
    "SY-01": "have an owner for every system",
    "SY-02": "have two who know each system",
    "HI-01": "have no vacancy that is aged or incomplete",
    "RO-02": "have a coach",
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
    one, many = UNITS.get(code) or UNITS.get(code[:5], ("", ""))
    amount = f"{value:g} {one if value == 1 else many}".rstrip() if value else "none"
    if code in TOLD_ANYHOW and (value <= threshold or not threshold):
        return amount
    if value < threshold:
        return f"{amount}, needs {threshold:g}"
    return f"{amount}, {'told from' if code in TOLD_FROM else 'limit'} {threshold:g}"


def title_of(rule: str) -> str:
    return TITLES.get(rule, rule)
