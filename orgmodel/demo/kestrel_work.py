"""What the squads of Kestrel Audio run, understand and wait for, who coaches them, and who stands in as a lead.

As everywhere in the demo, what is wrong is planted: systems that hang on one person or on nobody, squads that block
others, and one that has three hard domains.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from orgmodel.core.operations.base import pair_id
from orgmodel.core.operations.skills import skill_id
from orgmodel.core.records import Coaching, Dependency, Domain, PersonSkill, Record, System, SystemOwner
from orgmodel.demo.ids import days_before, id_of, key_of, maybe, names_in, person_id

# Domains: name, squad, complexity

DOMAINS = (
    ("Payouts", "Monetization & Payouts", "complicated"),
    ("Tax", "Monetization & Payouts", "complicated"),
    ("Fraud", "Monetization & Payouts", "complex"),
    ("Audio streaming", "Playback", "complicated"),
    ("Taste", "Personal Recommendations", "complex"),
    ("Publishing", "Creator Studio", "simple"),
    ("Licensing law", "Rights & Licensing", "complicated"),
    ("Ad auctions", "Ads Insertion", "complicated"),
    ("Event delivery", "Event Pipeline", "complicated"),
    ("Sign-in and trust", "Identity & Accounts", "complicated"),
    ("Audio ingestion", "Content Ingestion", "complicated"),
)

# Systems and who answers for them


@dataclass(frozen=True, slots=True)
class Running:
    """One system: its squad, domain and needed skill, and its owners as developers and in operations."""

    name: str
    squad: str
    developers: str
    operations: str = ""
    domain: str = ""
    skill: str = ""
    critical: bool = False
    claimed_by: str = ""


SYSTEMS = (
    Running("home-feed", "Home & Browse", "Jonas Ek, Sara Almeida", claimed_by="Personal Recommendations"),
    Running(
        "player-core",
        "Playback",
        "Karin Sjoberg",
        "Ola Frisk",
        "Audio streaming",
        "Audio codecs",
        critical=True,
    ),
    Running("search-index", "Search", "Mikael Borg", skill="Information retrieval"),
    Running("offline-sync", "Offline & Downloads", "Gustav Ahl", skill="Mobile storage", critical=True),
    Running(
        "recs-ranker",
        "Personal Recommendations",
        "Ylva Bergman, Daniel Okafor",
        "",
        "Taste",
        "Ranking models",
    ),
    Running("studio-web", "Creator Studio", "Mei Tanaka", domain="Publishing"),
    Running(
        "payout-ledger",
        "Monetization & Payouts",
        "Sofia Reyes",
        "Joanna Reid",
        "Payouts",
        "Double-entry ledgers",
        critical=True,
    ),
    Running(
        "rights-engine",
        "Rights & Licensing",
        "Bo Lindqvist",
        "",
        "Licensing law",
        "Rights modeling",
        critical=True,
    ),
    Running("ad-decisioner", "Ads Insertion", "Ethan Wright, Nina Petrov", "", "Ad auctions"),
    Running(
        "event-bus",
        "Event Pipeline",
        "Stefan Krause",
        "Ola Frisk",
        "Event delivery",
        "Event streaming",
        critical=True,
    ),
    Running(
        "identity-core",
        "Identity & Accounts",
        "Selma Idris",
        "Joanna Reid",
        "Sign-in and trust",
        "Applied cryptography",
        critical=True,
    ),
    Running(
        "ingest-transcoder",
        "Content Ingestion",
        "",  # its one owner has left
        "",
        "Audio ingestion",
        "Audio codecs",
        critical=True,
    ),
    Running("dev-portal", "Developer Platform", "Liam Byrne", "Eva Lindgren"),
)

CLAIMED = 83  # days since Personal Recommendations claimed home-feed

# Skills that systems need: who has them, and how well

SKILLS = (
    ("Audio codecs", "Karin Sjoberg", "expert"),
    ("Audio codecs", "Lucia Moretti", "working"),
    ("Audio codecs", "Patrik Lunde", "learning"),
    ("Audio codecs", "Matteo Ricci", "expert"),  # who has left
    ("Information retrieval", "Mikael Borg", "expert"),
    ("Information retrieval", "Daniela Costa", "working"),
    ("Mobile storage", "Gustav Ahl", "expert"),
    ("Mobile storage", "Viktor Strand", "working"),
    ("Ranking models", "Daniel Okafor", "expert"),
    ("Ranking models", "Ylva Bergman", "working"),
    ("Ranking models", "Johanna Vik", "working"),
    ("Double-entry ledgers", "Sofia Reyes", "expert"),
    ("Double-entry ledgers", "Adam Nowak", "working"),
    ("Double-entry ledgers", "Joanna Reid", "working"),
    ("Rights modeling", "Bo Lindqvist", "expert"),
    ("Rights modeling", "Filip Oberg", "learning"),
    ("Event streaming", "Stefan Krause", "expert"),
    ("Event streaming", "Ola Frisk", "expert"),
    ("Event streaming", "Moa Strom", "working"),
    ("Applied cryptography", "Selma Idris", "expert"),
    ("Applied cryptography", "Joanna Reid", "working"),
)

# Coaches and their squads

COACHES = {
    "Malin Rosen": "Home & Browse, Playback, Search, Personal Recommendations, Creator Studio, Monetization & Payouts",
    "George Pell": "Developer Platform, Event Pipeline, Identity & Accounts, Rights & Licensing",
}

# Dependencies

SURVEY = 110  # days since squads were first asked whom they wait for


@dataclass(frozen=True, slots=True)
class Wait:
    """One squad that waits for another: for how many days, who recorded it and in which words, and what is done.

    What is older than the survey was recorded with it, by whoever held it.
    """

    squad: str
    needs: str
    level: str
    kind: str
    mode: str
    days: int
    actor: str = "Malin Rosen"
    message: str = ""
    mitigation: str = ""


WAITS = (
    Wait("Home & Browse", "Personal Recommendations", "none", "data", "x_as_a_service", 300),
    Wait("Personal Recommendations", "Event Pipeline", "slowing", "data", "x_as_a_service", 190),
    Wait("Playback", "Identity & Accounts", "slowing", "tech", "collaboration", 160),
    Wait("Identity & Accounts", "Developer Platform", "none", "tech", "x_as_a_service", 150),
    Wait("Search", "Event Pipeline", "slowing", "data", "x_as_a_service", 145),
    Wait("Rights & Licensing", "Content Ingestion", "slowing", "data", "collaboration", 130),
    Wait("Home & Browse", "Event Pipeline", "slowing", "data", "x_as_a_service", 125),
    Wait("Content Ingestion", "Rights & Licensing", "slowing", "approval", "collaboration", 118),
    Wait(
        "Creator Studio",
        "Content Ingestion",
        "blocking",
        "tech",
        "collaboration",
        48,
        "Thea Jansen",
        "Uploads over two hours fail in the transcoder, and nobody there knows it any more.",
        "Long uploads are cut in two by hand.",
    ),
    Wait(
        "Audiobooks Launch",
        "Rights & Licensing",
        "slowing",
        "approval",
        "facilitating",
        36,
        "Sebastian Kurz",
        "Every title needs a look at its contract.",
        "Rights looks at twenty titles a week.",
    ),
    Wait(
        "Audiobooks Launch",
        "Content Ingestion",
        "blocking",
        "tech",
        "collaboration",
        33,
        "Sebastian Kurz",
        "Chapters of a book do not come through ingestion.",
    ),
    Wait(
        "Monetization & Payouts",
        "Identity & Accounts",
        "blocking",
        "tech",
        "collaboration",
        25,
        "Henrik Aas",
        "Instant payouts cannot go out before payees are verified.",
        "Selma Idris sits with Monetization two days a week.",
    ),
    Wait(
        "Offline & Downloads",
        "Playback",
        "blocking",
        "knowledge",
        "collaboration",
        20,
        "Gustav Ahl",
        "Smart sync needs the new cache, and only Playback knows it.",
        "Karin Sjoberg reviews the design on Thursdays.",
    ),
    Wait(
        "Ads Insertion",
        "Event Pipeline",
        "blocking",
        "data",
        "x_as_a_service",
        18,
        "Gabriel Stone",
        "Without impressions by country no ad can be billed.",
    ),
)
SOLVED = Wait("Search", "Identity & Accounts", "slowing", "approval", "x_as_a_service", 135)
SOLVED_DAYS = 72  # ago

# Who stands in as the lead of a chapter: person, days

INTERIM = {
    "LX Web": ("Tomasz Wojcik", 60),
    "CM Data": ("Victoria Lane", 75),
    "PD Product": ("Lars Hedman", 140),
}

ERIK_LEAVES = -25  # days ago: it is yet to come

# When missions were last looked at, and their metrics read

REVIEWED = 120  # days ago, all that were there
READ = 9  # days ago

# Interview loops by craft: who hires knows them before the first interview

LOOPS = {
    "Product": "Product sense, case, data, values",
    "Design": "Portfolio, whiteboard, collaboration, values",
    "Data & ML": "Case, modeling, coding, values",
    "Backend": "Debugging, coding, system design, values",
    "Platform": "Debugging, coding, system design, values",
    "Mobile": "Debugging, coding, app architecture, values",
}


def loop_of(craft: str, level: str) -> str:
    """Return the interviews of a vacancy; where its level is not settled, nobody has thought of them."""
    return LOOPS[craft] if level else ""


# Records


def work(today: date) -> Iterator[Record]:
    """Yield what the squads run, understand and wait for, and who coaches them."""
    for name, squad, complexity in DOMAINS:
        yield Domain(
            id=id_of("domain", name),
            key=key_of("domain", name),
            name=name,
            squad=id_of("squad", squad),
            complexity=complexity,
        )
    for running in SYSTEMS:
        yield _system(running)
        yield from _owners(running)
    for skill, name, proficiency in SKILLS:
        person = person_id(name)
        yield PersonSkill(id=skill_id(person, skill), person=person, skill=skill, proficiency=proficiency)
    for wait in WAITS:
        yield dependency(wait, today)
    for coach, squads in COACHES.items():
        yield from (coaching(coach, squad) for squad in names_in(squads))


def _system(running: Running) -> System:
    return System(
        id=id_of("system", running.name),
        key=key_of("system", running.name),
        name=running.name,
        squad=id_of("squad", running.squad),
        claimed_by=maybe("squad", running.claimed_by),
        domain=maybe("domain", running.domain),
        critical=running.critical,
        skill=running.skill,
        docs=f"https://docs.kestrelaudio.example/{running.name}",
    )


def _owners(running: Running) -> Iterator[SystemOwner]:
    for names, perspective in ((running.developers, "developer"), (running.operations, "operations")):
        yield from (owner(running.name, name, perspective) for name in names_in(names))


def owner(system: str, name: str, perspective: str) -> SystemOwner:
    """Return that someone answers for a system."""
    id_, person = id_of("system", system), person_id(name)
    return SystemOwner(id=pair_id(id_, person), system=id_, person=person, perspective=perspective)


def dependency(wait: Wait, today: date) -> Dependency:
    """Return that one squad waits for another."""
    return Dependency(
        id=id_of("dependency", wait.squad, wait.needs),
        squad=id_of("squad", wait.squad),
        needs=id_of("squad", wait.needs),
        level=wait.level,
        kind=wait.kind,
        mode=wait.mode,
        since=days_before(today, wait.days),
        mitigation=wait.mitigation,
    )


def coaching(coach: str, squad: str) -> Coaching:
    """Return that someone coaches a squad."""
    id_, person = id_of("squad", squad), person_id(coach)
    return Coaching(id=pair_id(id_, person), person=person, squad=id_)
