"""Rules ask for nothing that an organization does not write down: what an import of names and teams is told."""

from __future__ import annotations

from orgmodel.core.org import Org
from orgmodel.core.rules.findings import evaluate
from tests.build import Part, an_org, chapter, guild, mission, person, role, squad, tribe
from tests.findings import TODAY, crew, told


def teams(*more: Part) -> Org:
    """Teams as a directory exports them: people by name, shares and crafts unknown, leads marked here and there."""
    return an_org(
        role("Member"),
        role("Lead", leads=True),
        tribe("Storage", lead="P1"),
        tribe("Network", lead="P6"),
        mission("Volumes for everyone"),
        squad("Drivers", *crew(5), tribe="Storage", mission="Volumes for everyone", roles={"P1": "Lead"}),
        squad("Snapshots", *crew(5, 11), tribe="Storage"),
        squad("Proxies", *crew(5, 6), tribe="Network", mission="Volumes for everyone"),
        squad("Gateways", *crew(5, 16), tribe="Network", mission="Volumes for everyone"),
        guild("Batch", *crew(3), "P11", "P16"),
        *more,
    )


def test_only_what_is_written_down_somewhere_is_asked_for() -> None:
    """Nobody has metrics, product owners, managers, chapters, coaches or coordinators, and that is no flaw."""
    assert [f"{f.rule} {f.severity}: {f.message}" for f in evaluate(teams(), TODAY)] == [
        "SQ-04 high: Snapshots has no mission.",
        "SY-03 medium: The mission “Volumes for everyone” is claimed by 3 squads: Drivers, Gateways and Proxies.",
    ]


def test_the_first_of_a_kind_makes_rules_ask_for_the_others() -> None:
    assert told("SQ-05", teams(mission("Uptime", metric="Hours"))) == [
        "medium: Drivers has no North Star metric.",
        "medium: Gateways has no North Star metric.",
        "medium: Proxies has no North Star metric.",
    ]
    assert len(told("SQ-03", teams(role("Product owner")))) == 4
    assert told("SQ-07", teams(person("P11", craft="Backend"))) == [
        "medium: Snapshots has no engineering lead."
    ]
    assert (
        len(told("PE-02", teams(chapter("Backend", "P11")))) == 17
    )  # all but its member and two tribe leads
