"""Kestrel Audio as it is on the day it is loaded: 100 people who stream music, podcasts and audiobooks.

All names are invented, all dates count back from that day, so the demo never ages. The flaws are planted on purpose:
squads that are too big or too small, vacant seats, people without a home, a chapter lead with twelve reports.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from orgmodel.core.operations.guilds import guild_member_id
from orgmodel.core.operations.lineage import line
from orgmodel.core.org import Org
from orgmodel.core.records import (
    Chapter,
    ChapterMember,
    Guild,
    GuildMember,
    Lineage,
    Membership,
    Mission,
    Person,
    Record,
    Role,
    Squad,
    Tribe,
    Vacancy,
)
from orgmodel.demo.ids import days_before, id_of, key_of, maybe, names_in, person_id
from orgmodel.demo.kestrel_work import ERIK_LEAVES, INTERIM, READ, REVIEWED, loop_of, work

FOUNDED = 700  # days ago
SPLIT = 620  # days ago: Search off what was Find & Browse
PD_TRIBE = 150  # days ago: Platform & Data became a tribe
MERGED = 312  # days ago: Tax Tools into Monetization & Payouts
TAX_TOOLS = "Tax Tools"

# Words

CRAFTS = {
    "PO": ("Product", "product-owner"),
    "DE": ("Design", "designer"),
    "BE": ("Backend", "engineer"),
    "MO": ("Mobile", "engineer"),
    "WE": ("Web", "engineer"),
    "DS": ("Data & ML", "data-scientist"),
    "DA": ("Data engineering", "data-engineer"),
    "QA": ("Quality", "tester"),
    "PE": ("Platform", "engineer"),
}
"""A discipline's craft, and the role that its people have in a squad."""

OCCUPATIONS = {
    "PO": "product owner",
    "DE": "product designer",
    "BE": "backend engineer",
    "MO": "mobile engineer",
    "WE": "web engineer",
    "DS": "data scientist",
    "DA": "data engineer",
    "QA": "test engineer",
    "PE": "platform engineer",
}
SENIORITY = {"I1": "Junior ", "I2": "", "I3": "Senior ", "I4": "Staff ", "I5": "Senior staff "}
MANAGERS = {"M1": "Engineering manager", "M2": "Engineering manager", "M3": "Senior engineering manager"}

ROLES = (
    # key, name, leads a squad, craft it stands for
    ("product-owner", "Product owner", True, "Product"),
    ("engineering-lead", "Engineering lead", True, ""),
    ("agile-coach", "Agile coach", False, ""),
    ("designer", "Designer", False, "Design"),
    ("engineer", "Engineer", False, ""),
    ("data-scientist", "Data scientist", False, "Data & ML"),
    ("data-engineer", "Data engineer", False, "Data engineering"),
    ("tester", "Tester", False, "Quality"),
)

TIME_ZONES = {
    "Stockholm": "Europe/Stockholm",
    "Berlin": "Europe/Berlin",
    "London": "Europe/London",
    "Lisbon": "Europe/Lisbon",
    "New York": "America/New_York",
    "Singapore": "Asia/Singapore",
}

# Leaders, coaches and people without a squad: name, level, city, title, craft

LEADERS = (
    ("Ingrid Solberg", "M5", "Stockholm", "CTO", ""),
    ("Marcus Adeyemi", "M5", "London", "CPO", "Product"),
    ("Hana Kobayashi", "M5", "Stockholm", "VP Design", "Design"),
    ("Rikard Nord", "M4", "Stockholm", "Director of engineering", ""),
    ("Alice Moreau", "M4", "Stockholm", "Director of product", "Product"),
    ("Dag Persson", "M3", "Stockholm", "Senior design manager", "Design"),
    ("Victoria Lane", "M4", "New York", "Director of engineering", ""),
    ("Sebastian Kurz", "M4", "Stockholm", "Director of product", "Product"),
    ("Amy Fong", "M3", "New York", "Senior design manager", "Design"),
    ("Lars Hedman", "M4", "Stockholm", "Director of engineering", "Platform"),
    ("Malin Rosen", "I4", "Stockholm", "Agile coach", ""),
    ("George Pell", "I3", "London", "Agile coach", ""),
    ("Grace Oduya", "M2", "London", "Engineering manager", "Web"),
    ("Leo Martins", "I4", "Lisbon", "Staff platform engineer", "Platform"),
    ("Yuki Tan", "I2", "Stockholm", "Backend engineer", "Backend"),
)

# People who have left and were not replaced: name, level, city, title, craft

FORMER = (
    ("Matteo Ricci", "I4", "Berlin", "Staff backend engineer", "Backend"),
    ("Katja Lindner", "I3", "Stockholm", "Senior product owner", "Product"),
)

# Tribes: name, color slot, tribe lead, product lead, design lead, purpose

TRIBES = (
    (
        "Listening Experience",
        "1",
        "Rikard Nord",
        "Alice Moreau",
        "Dag Persson",
        "Everything between opening the app and hearing something you love.",
    ),
    (
        "Creators & Marketplace",
        "2",
        "Victoria Lane",
        "Sebastian Kurz",
        "Amy Fong",
        "The people who make audio, and the money that reaches them.",
    ),
    (
        "Platform & Data",
        "3",
        "Lars Hedman",
        None,
        None,
        "What every other squad stands on: delivery, events, accounts, ingestion.",
    ),
)

COMPANY_MISSION = "Audio that people are glad they chose"


@dataclass(frozen=True, slots=True)
class Cast:
    """One squad: its tribe, mission and North Star, who leads its engineering, and its people.

    A line of people reads "name, discipline, level, city".
    """

    name: str
    tribe: str
    mission: str
    metric: str
    unit: str
    engineering_lead: str
    people: str


SQUADS = (
    Cast(
        "Home & Browse",
        "Listening Experience",
        "Something worth playing within seconds",
        "Starts from Home per weekly user",
        "starts",
        "Tomasz Wojcik",
        """
        Astrid Holm PO I3 Stockholm
        Noor Haddad DE I3 Stockholm
        Tomasz Wojcik BE M2 Stockholm
        Jonas Ek BE I2 Stockholm
        Maja Lindqvist MO I3 Stockholm
        Oskar Nyberg MO I2 Stockholm
        Sara Almeida WE I2 Lisbon
        """,
    ),
    Cast(
        "Playback",
        "Listening Experience",
        "Audio never stops",
        "Interruption-free hours",
        "hours",
        "Karin Sjoberg",
        """
        Priya Raman PO I4 Stockholm
        Karin Sjoberg BE I4 Stockholm
        Emil Dahl BE I2 Stockholm
        Lucia Moretti MO M2 Stockholm
        Viktor Strand MO I3 Stockholm
        Per Hallberg QA I3 Stockholm
        Felix Brandt DE I2 Berlin
        Aisha Bello MO I2 London
        """,
    ),
    Cast(
        "Search",
        "Listening Experience",
        "Find it in one try",
        "Successful searches",
        "%",
        "Mikael Borg",
        """
        Rebecka Lund PO I3 Stockholm
        Mikael Borg BE I3 Stockholm
        Hanna Virtanen BE I2 Stockholm
        Elif Kaya DE I3 Berlin
        Daniela Costa DS I3 Lisbon
        Samuel Osei WE I3 London
        """,
    ),
    Cast(
        "Offline & Downloads",
        "Listening Experience",
        "Listen anywhere",
        "Offline hours",
        "hours",
        "Gustav Ahl",
        """
        Gustav Ahl MO I3 Stockholm
        Anton Kjell BE I2 Stockholm
        Ines Ferreira MO I1 Lisbon
        """,
    ),
    Cast(
        "Personal Recommendations",
        "Listening Experience",
        "The next favorite",
        "Saved tracks from recommendations",
        "tracks",
        "Ylva Bergman",
        """
        Beatrice Fournier PO I4 Stockholm
        Ylva Bergman BE I4 Stockholm
        Petra Sand BE I2 Stockholm
        Johanna Vik DS M2 Stockholm
        Wei Zhang DS I3 Stockholm
        Lina Hedlund DS I2 Stockholm
        Nils Akerman WE I2 Stockholm
        Milan Novak DE I2 Berlin
        Arjun Mehta DS I2 Berlin
        David Mensah BE I3 London
        Kofi Annor BE I2 London
        Daniel Okafor DS I4 London
        """,
    ),
    Cast(
        "Creator Studio",
        "Creators & Marketplace",
        "Publish in minutes",
        "Weekly publishing creators",
        "creators",
        "Simon Carter",
        """
        Thea Jansen PO I3 Stockholm
        Jakob Friis WE I2 Stockholm
        Freja Holst BE I2 Stockholm
        Carlos Ruiz DE I3 New York
        Mei Tanaka WE I4 New York
        Olivia Grant WE I2 New York
        Simon Carter BE M1 New York
        """,
    ),
    Cast(
        "Monetization & Payouts",
        "Creators & Marketplace",
        "Paid right, on time",
        "Payouts on time",
        "%",
        "Sofia Reyes",
        """
        Henrik Aas PO I4 Stockholm
        Ulrika Boman QA M1 Stockholm
        Sofia Reyes BE M2 London
        Ravi Iyer WE I2 London
        Adam Nowak BE I3 Berlin
        Clara Weiss BE I2 Berlin
        """,
    ),
    Cast(
        "Rights & Licensing",
        "Creators & Marketplace",
        "Legal to play everywhere",
        "Rights conflicts open",
        "conflicts",
        "Bo Lindqvist",
        """
        Ebba Stenmark PO I3 Stockholm
        Bo Lindqvist BE I4 Stockholm
        Filip Oberg DS I2 Stockholm
        Tova Rask WE I2 Stockholm
        Marta Kowal BE I2 Berlin
        """,
    ),
    Cast(
        "Ads Insertion",
        "Creators & Marketplace",
        "Ads people accept",
        "Ad revenue per free hour",
        "USD",
        "",
        """
        Gabriel Stone PO I3 New York
        Ethan Wright BE I3 New York
        Amara Diallo DS I3 New York
        Nina Petrov BE I3 Stockholm
        Kasper Lie MO I2 Stockholm
        Lim Hui BE I2 Singapore
        Teo Wen DS I2 Singapore
        """,
    ),
    Cast(
        "Audiobooks Launch",
        "Creators & Marketplace",
        "First 10,000 finished books",
        "Finished books per week",
        "books",
        "",
        """
        Anders Moe MO I1 Stockholm
        Julia Vogel DE I2 Berlin
        Fatima Zahra BE I1 London
        Pedro Lima WE I1 Lisbon
        """,
    ),
    Cast(
        "Developer Platform",
        "Platform & Data",
        "Ship without asking",
        "",
        "",
        "Magnus Rydell",
        """
        Hugo Sandell PO I3 Stockholm
        Magnus Rydell PE M2 Stockholm
        Irina Popova PE I5 Stockholm
        Eva Lindgren PE I4 Stockholm
        Liam Byrne PE I4 London
        """,
    ),
    Cast(
        "Event Pipeline",
        "Platform & Data",
        "Every event once, fast",
        "Events on time",
        "%",
        "Stefan Krause",
        """
        Moa Strom DA I3 Stockholm
        Ola Frisk PE I3 Stockholm
        Camille Roux PO I3 London
        Stefan Krause DA M1 Berlin
        Yusuf Demir DA I2 Berlin
        """,
    ),
    Cast(
        "Identity & Accounts",
        "Platform & Data",
        "One account, zero friction",
        "Successful sign-ins",
        "%",
        "Erik Thorn",
        """
        Nadia Karim PO I3 Stockholm
        Erik Thorn BE M2 Stockholm
        Selma Idris BE I3 Stockholm
        Tim Hagen BE I2 Berlin
        Joanna Reid PE I3 London
        """,
    ),
    Cast(
        "Content Ingestion",
        "Platform & Data",
        "",  # no mission recorded
        "",
        "",
        "",
        """
        Patrik Lunde BE I3 Stockholm
        Linnea Ost BE I1 Stockholm
        Jens Falk PE I2 Stockholm
        Anja Keller BE I3 Berlin
        Omar Saleh BE I2 London
        """,
    ),
)

FORMING = "Audiobooks Launch"

EXTRA_MEMBERSHIPS = (
    # person, squad, role, share, days ago
    ("Daniel Okafor", "Ads Insertion", "data-scientist", 40, 130),
    ("Daniel Okafor", "Search", "data-scientist", 30, 95),
    ("Elif Kaya", "Monetization & Payouts", "designer", 30, 220),
    ("Elif Kaya", "Rights & Licensing", "designer", 30, 220),
    ("Priya Raman", "Offline & Downloads", "product-owner", 50, 160),
)
HOME_SHARES = {"Daniel Okafor": 60, "Elif Kaya": 40, "Priya Raman": 50}

MOVED_IN = {"Nina Petrov": 70, "Anders Moe": 40, "Julia Vogel": 40}
"""Days since people who changed squads joined the one they are in."""

HIRED = {
    "Hanna Virtanen": 590,
    "Olivia Grant": 555,
    "Freja Holst": 515,
    "Samuel Osei": 480,
    "Oskar Nyberg": 455,
    "Kofi Annor": 412,
    "Clara Weiss": 360,
    "Marta Kowal": 345,
    "Petra Sand": 330,
    "Aisha Bello": 285,
    "Lina Hedlund": 265,
    "Tim Hagen": 240,
    "Jens Falk": 230,
    "Ines Ferreira": 205,
    "Arjun Mehta": 190,
    "Lars Hedman": 172,
    "Omar Saleh": 145,
    "Anders Moe": 128,
    "Linnea Ost": 118,
    "Yusuf Demir": 88,
    "Teo Wen": 77,
    "Kasper Lie": 58,
    "Yuki Tan": 45,
    "Fatima Zahra": 40,
    "Pedro Lima": 40,
}
"""Days since people started who came after the founding."""

# Chapters: name, competency, tribe, lead, members besides the lead (listed so that the counts can be read off)

CHAPTERS = (
    (
        "LX Backend",
        "Backend",
        "Listening Experience",
        "Tomasz Wojcik",
        "Jonas Ek, Karin Sjoberg, Emil Dahl, Mikael Borg, Hanna Virtanen, Anton Kjell, Ylva Bergman, Petra Sand,"
        " David Mensah, Kofi Annor",
    ),
    ("LX Web", "Web", "Listening Experience", "", "Sara Almeida, Samuel Osei, Nils Akerman"),
    (
        "Mobile",
        "Mobile",
        "Listening Experience",
        "Lucia Moretti",
        "Maja Lindqvist, Oskar Nyberg, Viktor Strand, Aisha Bello, Gustav Ahl, Ines Ferreira, Kasper Lie, Anders Moe",
    ),
    (
        "LX Data & ML",
        "Data & ML",
        "Listening Experience",
        "Johanna Vik",
        "Daniela Costa, Wei Zhang, Lina Hedlund, Arjun Mehta, Daniel Okafor",
    ),
    (
        "LX Product",
        "Product",
        "Listening Experience",
        "Alice Moreau",
        "Astrid Holm, Priya Raman, Rebecka Lund, Beatrice Fournier",
    ),
    (
        "LX Design",
        "Design",
        "Listening Experience",
        "Dag Persson",
        "Noor Haddad, Felix Brandt, Elif Kaya, Milan Novak",
    ),
    ("Quality", "Quality", "Creators & Marketplace", "Ulrika Boman", "Per Hallberg"),
    (
        "CM Backend Money",
        "Backend",
        "Creators & Marketplace",
        "Sofia Reyes",
        "Adam Nowak, Clara Weiss, Bo Lindqvist, Marta Kowal",
    ),
    (
        "CM Backend Creator",
        "Backend",
        "Creators & Marketplace",
        "Simon Carter",
        "Freja Holst, Ethan Wright, Nina Petrov, Lim Hui, Fatima Zahra",
    ),
    (
        "CM Web",
        "Web",
        "Creators & Marketplace",
        "Grace Oduya",
        "Jakob Friis, Mei Tanaka, Olivia Grant, Ravi Iyer, Tova Rask, Pedro Lima",
    ),
    ("CM Data", "Data & ML", "Creators & Marketplace", "", "Filip Oberg, Amara Diallo, Teo Wen"),
    (
        "CM Product",
        "Product",
        "Creators & Marketplace",
        "Sebastian Kurz",
        "Thea Jansen, Henrik Aas, Ebba Stenmark, Gabriel Stone",
    ),
    ("CM Design", "Design", "Creators & Marketplace", "Amy Fong", "Carlos Ruiz, Julia Vogel"),
    (
        "PD Backend",
        "Backend",
        "Platform & Data",
        "Erik Thorn",
        "Selma Idris, Tim Hagen, Patrik Lunde, Linnea Ost, Anja Keller, Omar Saleh",
    ),
    (
        "PD Platform Engineering",
        "Platform",
        "Platform & Data",
        "Magnus Rydell",
        "Irina Popova, Eva Lindgren, Liam Byrne, Ola Frisk, Joanna Reid, Jens Falk, Leo Martins",
    ),
    ("PD Data Engineering", "Data engineering", "Platform & Data", "Stefan Krause", "Moa Strom, Yusuf Demir"),
    ("PD Product", "Product", "Platform & Data", "", "Hugo Sandell, Camille Roux, Nadia Karim"),
)

OTHER_MANAGERS = {
    # Who does not answer to the lead of their chapter. The company trio, and Yuki Tan, answer to nobody.
    "Rikard Nord": "Ingrid Solberg",
    "Victoria Lane": "Ingrid Solberg",
    "Lars Hedman": "Ingrid Solberg",
    "Alice Moreau": "Marcus Adeyemi",
    "Sebastian Kurz": "Marcus Adeyemi",
    "Dag Persson": "Hana Kobayashi",
    "Amy Fong": "Hana Kobayashi",
    "Tomasz Wojcik": "Rikard Nord",
    "Lucia Moretti": "Rikard Nord",
    "Johanna Vik": "Rikard Nord",
    "Malin Rosen": "Rikard Nord",
    "Sofia Reyes": "Victoria Lane",
    "Simon Carter": "Victoria Lane",
    "Grace Oduya": "Victoria Lane",
    "Ulrika Boman": "Victoria Lane",
    "Filip Oberg": "Victoria Lane",
    "Amara Diallo": "Victoria Lane",
    "Teo Wen": "Victoria Lane",
    "Erik Thorn": "Lars Hedman",
    "Magnus Rydell": "Lars Hedman",
    "Stefan Krause": "Lars Hedman",
    "Hugo Sandell": "Lars Hedman",
    "Camille Roux": "Lars Hedman",
    "Nadia Karim": "Lars Hedman",
    "George Pell": "Lars Hedman",
    "Samuel Osei": "Grace Oduya",
    "Sara Almeida": "Tomasz Wojcik",
    "Nils Akerman": "Tomasz Wojcik",
    "Matteo Ricci": "Erik Thorn",
    "Katja Lindner": "Lars Hedman",
}

STATUS = {"Erik Thorn": "notice", "Matteo Ricci": "left", "Katja Lindner": "left"}

# Guilds: name, kind, coordinator, sponsor, days since the last session, purpose, members

GUILDS = (
    (
        "Web",
        "capability",
        "Mei Tanaka",
        "Rikard Nord",
        21,
        "One way to build for the browser.",
        "Mei Tanaka, Sara Almeida, Samuel Osei, Nils Akerman, Jakob Friis, Olivia Grant, Ravi Iyer, Tova Rask,"
        " Pedro Lima, Grace Oduya, Noor Haddad, Elif Kaya",
    ),
    (
        "Reliability",
        "capability",
        "Irina Popova",
        "",
        14,
        "Sleep at night: alerts, incidents, capacity.",
        "Irina Popova, Eva Lindgren, Liam Byrne, Magnus Rydell, Leo Martins, Ola Frisk, Joanna Reid, Jens Falk,"
        " Karin Sjoberg, Emil Dahl, Jonas Ek, Bo Lindqvist, Adam Nowak, Ethan Wright, Selma Idris, Tim Hagen,"
        " Patrik Lunde, Anja Keller",
    ),
    (
        "Data & ML",
        "capability",
        "Daniel Okafor",
        "",
        30,
        "Models, metrics and the data beneath them.",
        "Daniel Okafor, Johanna Vik, Wei Zhang, Lina Hedlund, Arjun Mehta, Daniela Costa, Filip Oberg, Amara Diallo,"
        " Teo Wen, Moa Strom, Stefan Krause, Yusuf Demir",
    ),
    (
        "Agile & Facilitation",
        "interest",
        "Malin Rosen",
        "",
        28,
        "Retrospectives, health checks and meetings worth going to.",
        "Malin Rosen, George Pell, Astrid Holm, Rebecka Lund, Thea Jansen, Camille Roux",
    ),
    (
        "Accessibility",
        "interest",
        "",
        "",
        190,
        "Audio for everyone, whatever they can see, hear or press.",
        "Felix Brandt, Noor Haddad, Carlos Ruiz, Olivia Grant, Oskar Nyberg",
    ),
    (
        "Mobile",
        "capability",
        "Lucia Moretti",
        "",
        18,
        "iOS and Android, together.",
        "Lucia Moretti, Maja Lindqvist, Oskar Nyberg, Viktor Strand, Aisha Bello, Gustav Ahl, Ines Ferreira,"
        " Kasper Lie, Anders Moe",
    ),
)

# Vacancies: title, craft, level, squad, chapter, hiring manager, days open

VACANCIES = (
    ("Product lead", "Product", "M4", "", "PD Product", "Marcus Adeyemi", 140),
    (
        "Product owner, Content Ingestion",
        "Product",
        "I3",
        "Content Ingestion",
        "PD Product",
        "Lars Hedman",
        95,
    ),
    (
        "Product owner, Audiobooks Launch",
        "Product",
        "I3",
        "Audiobooks Launch",
        "CM Product",
        "Sebastian Kurz",
        62,
    ),
    ("Chapter lead, CM Data", "Data & ML", "M2", "", "CM Data", "Victoria Lane", 75),
    ("Senior backend engineer", "Backend", "I3", "Offline & Downloads", "LX Backend", "Tomasz Wojcik", 30),
    ("Senior mobile engineer", "Mobile", "", "Audiobooks Launch", "Mobile", "Lucia Moretti", 45),
    (
        "Platform engineer",
        "Platform",
        "I2",
        "Developer Platform",
        "PD Platform Engineering",
        "Magnus Rydell",
        20,
    ),
    ("Product designer", "Design", "I3", "Monetization & Payouts", "CM Design", "", 120),
    ("Staff ML engineer", "Data & ML", "I4", "Personal Recommendations", "LX Data & ML", "Johanna Vik", 10),
)


# Records


def organization(today: date) -> Org:
    """Return Kestrel Audio as of its last day."""
    people = list(_people(today))
    records: list[Record] = [
        *_roles(),
        *people,
        *_missions(today),
        *_tribes(people, today),
        *_squads(),
        *_memberships(people, today),
    ]
    records += [*_former(today), *_chapters(people, today), *_guilds(today), *_vacancies(today), *work(today)]
    return Org.build(records)


def _former(today: date) -> Iterator[Squad | Lineage]:
    """Yield the squad that is no more, and which squads came of which."""
    tax_tools, merged = id_of("squad", TAX_TOOLS), days_before(today, MERGED)
    yield Squad(
        id=tax_tools,
        key=key_of("squad", TAX_TOOLS),
        name=TAX_TOOLS,
        tribe=id_of("tribe", "Creators & Marketplace"),
        closed_on=merged,
    )
    yield line("squad", tax_tools, id_of("squad", "Monetization & Payouts"), how="merge", on=merged)
    home, search = id_of("squad", "Home & Browse"), id_of("squad", "Search")
    yield line("squad", home, search, how="split", on=days_before(today, SPLIT))


def _roles() -> Iterator[Role]:
    for key, name, leads, craft in ROLES:
        yield Role(id=id_of("role", key), key=key, name=name, leads=leads, craft=craft)


def _people(today: date) -> Iterator[Person]:
    managers = _managers()
    everyone = [(name, level, city, title, craft) for name, level, city, title, craft in LEADERS]
    everyone += [
        (name, level, city, _title(code, level), CRAFTS[code][0])
        for squad in SQUADS
        for name, code, level, city in members_of(squad)
    ]
    everyone += FORMER
    for position, (name, level, city, title, craft) in enumerate(everyone):
        # Whoever was there at the founding had started at some time in the three years before it.
        started = HIRED.get(name, FOUNDED + 20 + position * 379 % 1100)
        yield Person(
            id=person_id(name),
            key=key_of("person", name),
            name=name,
            email=f"{name.lower().replace(' ', '.')}@kestrelaudio.example",
            title=title,
            craft=craft,
            level=level,
            city=city,
            time_zone=TIME_ZONES[city],
            working_hours="09:00-17:00",
            status=STATUS.get(name, "active"),
            started_on=days_before(today, started),
            manager=maybe("person", managers.get(name)),
            leaves_on=days_before(today, ERIK_LEAVES) if name == "Erik Thorn" else None,
        )


def members_of(squad: Cast) -> Iterator[tuple[str, str, str, str]]:
    """Yield name, discipline, level and city of the people whose home a squad is."""
    for row in squad.people.strip().splitlines():
        first, last, code, level, city = row.split(maxsplit=4)
        yield f"{first} {last}", code, level, city


def _title(code: str, level: str) -> str:
    title = MANAGERS.get(level) or SENIORITY[level] + OCCUPATIONS[code]
    return title[0].upper() + title[1:]


def _managers() -> dict[str, str]:
    led = {name: lead for _, _, _, lead, members in CHAPTERS if lead for name in names_in(members)}
    return led | OTHER_MANAGERS


def _missions(today: date) -> Iterator[Mission]:
    company = id_of("mission", COMPANY_MISSION)
    yield Mission(
        id=company,
        key="kestrel-audio",
        statement=COMPANY_MISSION,
        metric="Weekly hours people chose to listen",
        unit="hours",
    )
    for squad in SQUADS:
        if squad.mission:
            yield Mission(
                id=id_of("mission", squad.mission),
                key=key_of("mission", squad.mission),
                statement=squad.mission,
                parent=company,
                metric=squad.metric,
                unit=squad.unit,
                reviewed_on=days_before(today, REVIEWED) if squad.name != FORMING else None,
                read_on=days_before(today, READ) if squad.metric else None,
            )


def _tribes(people: list[Person], today: date) -> Iterator[Tribe]:
    started = _first_days(people)
    for name, color, lead, product_lead, design_lead, purpose in TRIBES:
        yield Tribe(
            id=id_of("tribe", name),
            key=key_of("tribe", name),
            name=name,
            purpose=purpose,
            lead=person_id(lead),
            product_lead=maybe("person", product_lead),
            design_lead=maybe("person", design_lead),
            color=color,
            lead_since=days_before(today, PD_TRIBE) if name == "Platform & Data" else started[lead],
        )


def _squads() -> Iterator[Squad]:
    for squad in SQUADS:
        platform = squad.tribe == "Platform & Data"
        yield Squad(
            id=id_of("squad", squad.name),
            key=key_of("squad", squad.name),
            name=squad.name,
            tribe=id_of("tribe", squad.tribe),
            type="platform" if platform else "stream_aligned",
            user_facing=not platform,
            mission=maybe("mission", squad.mission),
            state="forming" if squad.name == FORMING else "active",
        )


def _memberships(people: list[Person], today: date) -> Iterator[Membership]:
    started = _first_days(people)
    for squad in SQUADS:
        for name, code, _, _ in members_of(squad):
            moved = MOVED_IN.get(name)
            yield Membership(
                id=id_of("membership", name, squad.name),
                person=person_id(name),
                squad=id_of("squad", squad.name),
                role=id_of("role", "engineering-lead" if name == squad.engineering_lead else CRAFTS[code][1]),
                share=HOME_SHARES.get(name, 100),
                since=days_before(today, moved) if moved else started[name],
            )
    for name, where, role, share, days in EXTRA_MEMBERSHIPS:
        yield Membership(
            id=id_of("membership", name, where),
            person=person_id(name),
            squad=id_of("squad", where),
            role=id_of("role", role),
            share=share,
            since=days_before(today, days),
        )


def _first_days(people: list[Person]) -> dict[str, date]:
    """Return when people started, by name. Whoever led at the founding had done so from then on."""
    return {person.name: person.started_on for person in people if person.started_on is not None}


def _chapters(people: list[Person], today: date) -> Iterator[Chapter | ChapterMember]:
    started = _first_days(people)
    for name, competency, tribe, lead, members in CHAPTERS:
        chapter = id_of("chapter", name)
        acting, days = INTERIM.get(name, (None, 0))
        yield Chapter(
            id=chapter,
            key=key_of("chapter", name),
            name=name,
            competency=competency,
            tribe=id_of("tribe", tribe),
            lead=maybe("person", lead),
            lead_since=started.get(lead),
            interim_lead=maybe("person", acting),
            interim_since=days_before(today, days) if acting else None,
        )
        for member in [lead, *names_in(members)]:
            if member:
                yield ChapterMember(id=person_id(member), person=person_id(member), chapter=chapter)


def _guilds(today: date) -> Iterator[Guild | GuildMember]:
    for name, kind, coordinator, sponsor, days, purpose, members in GUILDS:
        guild = id_of("guild", name)
        yield Guild(
            id=guild,
            key=key_of("guild", name),
            name=name,
            purpose=purpose,
            kind=kind,
            coordinator=maybe("person", coordinator),
            sponsor=maybe("person", sponsor),
            last_session_on=days_before(today, days),
        )
        for member in names_in(members):
            person = person_id(member)
            yield GuildMember(id=guild_member_id(person, guild), person=person, guild=guild)


def _vacancies(today: date) -> Iterator[Vacancy]:
    for title, craft, level, squad, chapter, hiring_manager, days in VACANCIES:
        yield Vacancy(
            id=id_of("vacancy", title),
            key=key_of("vacancy", title),
            title=title,
            craft=craft,
            level=level,
            squad=maybe("squad", squad),
            chapter=maybe("chapter", chapter),
            hiring_manager=maybe("person", hiring_manager),
            opened_on=days_before(today, days),
            loop=loop_of(craft, level),
        )
