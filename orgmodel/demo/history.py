"""How Kestrel Audio came about: what it was at its founding, every change since, and the drafts still open.

The founding is worked out backward from today's organization; the changes then lead forward to exactly that.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from orgmodel.core.operations import (
    AssignCoach,
    ChangeChapter,
    CreateChapter,
    CreateMission,
    CreateSquad,
    CreateTribe,
    EditChapter,
    EditGuild,
    EditMembership,
    EditMission,
    EditPerson,
    EditSquad,
    EditSystem,
    HirePerson,
    JoinGuild,
    JoinSquad,
    LeaveSquad,
    MergeSquads,
    MovePeople,
    MoveSquad,
    OffboardPerson,
    OpenVacancy,
    Operation,
    RecordDependency,
    RenameChapter,
    RenameSquad,
    RewordMission,
    SetChapterLead,
    SetGuildCoordinator,
    SetShare,
    SolveDependency,
    SplitSquad,
)
from orgmodel.core.org import Org
from orgmodel.core.records import ChapterMember, Dependency, Membership, Record, values_of
from orgmodel.demo.ids import days_before, id_of, names_in, person_id
from orgmodel.demo.kestrel import (
    EXTRA_MEMBERSHIPS,
    GUILDS,
    HIRED,
    MERGED,
    PD_TRIBE,
    SPLIT,
    SQUADS,
    TAX_TOOLS,
    VACANCIES,
    members_of,
)
from orgmodel.demo.kestrel_work import (
    CLAIMED,
    COACHES,
    ERIK_LEAVES,
    INTERIM,
    READ,
    REVIEWED,
    SOLVED,
    SOLVED_DAYS,
    SURVEY,
    WAITS,
    coaching,
    dependency,
    owner,
)


@dataclass(frozen=True, slots=True)
class Event:
    """One commit of the past: how many days ago, by whom, why, and what was done.

    `taken_back` is the reason of whoever undid it, `undone_after` days later, and `learned` what came of it.
    """

    days: int
    actor: str
    message: str
    operations: Sequence[Operation]
    source: str = "web"
    taken_back: str = ""
    learned: str = ""
    undone_after: int = 0


@dataclass(frozen=True, slots=True)
class Sketch:
    """A draft that is still open: its steps fit on the day it was made. Notes and what is parked go by step."""

    name: str
    days: int
    operations: Sequence[Operation]
    header: Mapping[str, Any] = field(default_factory=dict)
    notes: Mapping[int, str] = field(default_factory=dict)
    parked: Sequence[int] = ()
    comments: Sequence[tuple[str, int | None, str]] = ()  # login, step, words
    reviewers: Sequence[str] = ()  # logins


PD = "Platform & Data"
CM = "Creators & Marketplace"
LX = "Listening Experience"
PD_SQUADS = {
    "Developer Platform": LX,
    "Event Pipeline": LX,
    "Identity & Accounts": CM,
    "Content Ingestion": CM,
}
"""The squads of Platform & Data, and the tribe each was in before."""
PD_CHAPTERS = {
    "PD Backend": (CM, "Account Services"),
    "PD Platform Engineering": (LX, "Platform Engineering"),
    "PD Data Engineering": (LX, "Data Engineering"),
}
PD_MANAGERS = {
    "Erik Thorn": "Victoria Lane",
    "Magnus Rydell": "Rikard Nord",
    "Stefan Krause": "Rikard Nord",
    "George Pell": "Ingrid Solberg",
}
PD_PRODUCT = {
    "Hugo Sandell": ("LX Product", "Alice Moreau"),
    "Camille Roux": ("LX Product", "Alice Moreau"),
    "Nadia Karim": ("CM Product", "Sebastian Kurz"),
    "Katja Lindner": ("CM Product", "Sebastian Kurz"),
}
LED_BY_DANIEL = ("Filip Oberg", "Amara Diallo", "Teo Wen")  # CM Data, until a lead of its own was looked for
LED_BY_GRACE = ("Sara Almeida", "Nils Akerman")  # LX Web, until she gave it up
FORMER_PLACES = {
    # Who has left: squad, role and chapter at the founding
    "Matteo Ricci": ("Content Ingestion", "engineer", "PD Backend"),
    "Katja Lindner": ("Content Ingestion", "product-owner", "CM Product"),
}
IN_TAX_TOOLS = ("Adam Nowak", "Ravi Iyer")  # until the two squads became one
FIRST_WORDS_OF_HOME = "A start page for everyone"

# The founding


def founding(final: Org, today: date) -> Org:
    """Return the organization as it was first written down, worked out backward from today's."""
    late = {person_id(name) for name in HIRED}
    gone = {("squad", id_of("squad", name)) for name in ("Audiobooks Launch", "Search")}
    gone |= {("tribe", id_of("tribe", PD))}
    gone |= {
        ("chapter", id_of("chapter", "PD Product")),
        ("mission", id_of("mission", _mission("Audiobooks Launch"))),
    }
    gone |= {("membership", id_of("membership", name, where)) for name, where, *_ in EXTRA_MEMBERSHIPS}
    gone |= {("coaching", coaching(_coach_of("Search"), "Search").id)}
    edits = _as_it_was(final, today)
    records: list[Record] = []
    for kind in ("role", "person", "mission", "tribe", "squad", "membership"):
        records += _kept(final, kind, gone, late, edits)
    for kind in ("chapter", "chapter_member", "guild", "guild_member"):
        records += _kept(final, kind, gone, late, edits)
    for kind in ("domain", "system", "system_owner", "person_skill", "coaching"):
        records += _kept(final, kind, gone, late, edits)
    return Org.build([*records, *_former_places(final)])


def _kept(
    final: Org,
    kind: str,
    gone: set[tuple[str, str]],
    late: set[str],
    edits: dict[tuple[str, str], dict[str, Any]],
) -> Iterator[Record]:
    for record in final.table(kind).values():
        who = record.id if kind == "person" else getattr(record, "person", None)
        if who not in late and (kind, record.id) not in gone:
            yield dataclasses.replace(record, **edits.get((kind, record.id), {}))


def _as_it_was(final: Org, today: date) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the fields that were different at the founding, record by record."""
    edits: dict[tuple[str, str], dict[str, Any]] = {}

    def was(kind: str, id_: str, **fields: Any) -> None:
        edits.setdefault((kind, id_), {}).update(fields)

    for squad, tribe in PD_SQUADS.items():
        was("squad", id_of("squad", squad), tribe=id_of("tribe", tribe))
    for chapter, (tribe, name) in PD_CHAPTERS.items():
        was("chapter", id_of("chapter", chapter), tribe=id_of("tribe", tribe), name=name)
    for person, manager in PD_MANAGERS.items():
        was("person", person_id(person), manager=person_id(manager))
    for person, (chapter, manager) in PD_PRODUCT.items():
        was("person", person_id(person), manager=person_id(manager))
        was("chapter_member", person_id(person), chapter=id_of("chapter", chapter))
    for person in LED_BY_DANIEL:
        was("person", person_id(person), manager=person_id("Daniel Okafor"))
    for person in LED_BY_GRACE:
        was("person", person_id(person), manager=person_id("Grace Oduya"))
    for chapter, lead in (("CM Data", "Daniel Okafor"), ("LX Web", "Grace Oduya")):
        was(
            "chapter",
            id_of("chapter", chapter),
            lead=person_id(lead),
            lead_since=final.people[person_id(lead)].started_on,
            interim_lead=None,
            interim_since=None,
        )
    was("person", person_id("Erik Thorn"), status="active", leaves_on=None)
    for person in FORMER_PLACES:
        was("person", person_id(person), status="active")
    for mission in final.missions:
        was("mission", mission, reviewed_on=None, read_on=None)
    was("domain", id_of("domain", "Tax"), squad=id_of("squad", TAX_TOOLS))
    was("system", id_of("system", "search-index"), squad=id_of("squad", "Home & Browse"))
    was("system", id_of("system", "home-feed"), claimed_by=None)
    was("mission", id_of("mission", _mission("Home & Browse")), statement=FIRST_WORDS_OF_HOME)
    was("squad", id_of("squad", "Personal Recommendations"), name="Recommendations")
    was("squad", id_of("squad", "Home & Browse"), name="Find & Browse")
    was("squad", id_of("squad", TAX_TOOLS), closed_on=None)
    for name in IN_TAX_TOOLS:
        was(
            "membership", id_of("membership", name, "Monetization & Payouts"), squad=id_of("squad", TAX_TOOLS)
        )
    for membership in final.memberships_in(id_of("squad", "Search")):
        was("membership", membership.id, squad=id_of("squad", "Home & Browse"))
    for name, where in (("Nina Petrov", "Ads Insertion"), ("Julia Vogel", "Audiobooks Launch")):
        since = final.people[person_id(name)].started_on
        was(
            "membership",
            id_of("membership", name, where),
            squad=id_of("squad", "Creator Studio"),
            since=since,
        )
    for name, where in (
        ("Daniel Okafor", "Personal Recommendations"),
        ("Elif Kaya", "Search"),
        ("Priya Raman", "Playback"),
    ):
        was("membership", id_of("membership", name, where), share=100)
    was("membership", id_of("membership", "Lim Hui", "Ads Insertion"), share=80)
    for guild in final.guilds.values():
        was("guild", guild.id, last_session_on=None)
    was("guild", id_of("guild", "Accessibility"), coordinator=person_id("Felix Brandt"))
    return edits


def _former_places(final: Org) -> Iterator[Record]:
    """Yield where people were who are without a squad today, or have left, and what one of them answered for."""
    yield _place(final, "Grace Oduya", "Creator Studio", "engineer")
    yield _place(final, "Leo Martins", "Event Pipeline", "engineer")
    for name, (where, role, chapter) in FORMER_PLACES.items():
        yield _place(final, name, where, role)
        person = person_id(name)
        yield ChapterMember(id=person, person=person, chapter=id_of("chapter", chapter))
    yield owner("ingest-transcoder", "Matteo Ricci", "developer")


def _place(final: Org, name: str, where: str, role: str) -> Membership:
    return Membership(
        id=id_of("membership", name, where),
        person=person_id(name),
        squad=id_of("squad", where),
        role=id_of("role", role),
        share=100,
        since=final.people[person_id(name)].started_on,
    )


def _coach_of(squad: str) -> str:
    return next(coach for coach, squads in COACHES.items() if squad in names_in(squads))


def _mission(squad: str) -> str:
    return next(cast.mission for cast in SQUADS if cast.name == squad)


# What happened since


def events(final: Org, today: date) -> list[Event]:
    """Return every change since the founding, oldest first."""
    found = [
        *_hires(final),
        *_vacancies(final),
        *_sessions(today),
        *_reorganizations(final, today),
        *_moves(final, today),
        *_work(today),
        *_missions(final, today),
    ]
    return sorted(found, key=lambda event: -event.days)  # stable: what is listed first on a day happens first


def _hires(final: Org) -> Iterator[Event]:
    for name, days in HIRED.items():
        person = final.people[person_id(name)]
        values = values_of(person)
        if name in LED_BY_DANIEL:
            values["manager"] = person_id("Daniel Okafor")
        operations: list[Operation] = [HirePerson(id=person.id, values=values)]
        operations += [_joining(final, membership) for membership in final.memberships_of(person.id)]
        chapter = final.chapter_of(person.id)
        if chapter is not None:
            operations.append(ChangeChapter(people=(person.id,), chapter=chapter.id))
        operations += [
            JoinGuild(people=(person.id,), guild=m.guild) for m in final.guild_members_of(person.id)
        ]
        manager = final.people.get(values["manager"] or "")
        yield Event(days, manager.name if manager else "Ingrid Solberg", "First day.", operations)


def _joining(final: Org, membership: Membership) -> JoinSquad:
    fields = {field: getattr(membership, field) for field in ("person", "squad", "role", "share", "since")}
    if final.people[membership.person].name == "Anders Moe":  # who moved on later
        fields |= {"squad": id_of("squad", "Playback"), "since": final.people[membership.person].started_on}
    return JoinSquad(id=membership.id, **fields)


def _vacancies(final: Org) -> Iterator[Event]:
    for title, *_, squad, chapter, hiring_manager, days in VACANCIES:
        vacancy = final.vacancies[id_of("vacancy", title)]
        opening = OpenVacancy(id=vacancy.id, values=values_of(vacancy))
        reason = f"{squad or chapter} cannot do without." if days > 60 else "Budget approved."
        yield Event(days, hiring_manager or "Amy Fong", reason, [opening])


def _sessions(today: date) -> Iterator[Event]:
    for name, _, coordinator, _, days, _, _ in GUILDS:
        guild = id_of("guild", name)
        met = EditGuild(id=guild, values={"last_session_on": days_before(today, days)})
        yield Event(days, coordinator or "Felix Brandt", "We met.", [met])
    yield Event(
        185,
        "Felix Brandt",
        "I cannot do this beside Playback any more. Who would like to?",
        [SetGuildCoordinator(guild=id_of("guild", "Accessibility"), person=None)],
    )


def _reorganizations(final: Org, today: date) -> Iterator[Event]:
    central_qa = id_of("squad", "Central QA")
    people = tuple(person_id(name) for name in ("Per Hallberg", "Ulrika Boman", "Emil Dahl"))
    yield Event(
        300,
        "Victoria Lane",
        "Testing differs from squad to squad. One squad of testers gives us one standard.",
        [
            CreateSquad(
                id=central_qa,
                values={
                    "key": "central-qa",
                    "name": "Central QA",
                    "tribe": id_of("tribe", CM),
                    "type": "enabling",
                },
            ),
            MovePeople(people=people, to=central_qa),
        ],
        source="draft",
        taken_back=(
            "Within a week the wait for a tester was twice as long, and squads handed over instead of finishing. "
            "Testers go back to their squads."
        ),
        learned="A shared standard needs a chapter, not a queue. The Quality chapter keeps the standard.",
        undone_after=9,
    )
    home, search = id_of("squad", "Home & Browse"), id_of("squad", "Search")
    first = founding(final, today)
    searchers = [person_id(name) for cast in SQUADS if cast.name == "Search" for name, *_ in members_of(cast)]
    yield Event(
        SPLIT,
        "Alice Moreau",
        "Ten people could not agree on one start page. Who searches knows what they want: two missions, two squads.",
        [
            SplitSquad(
                squad=home,
                id=search,
                name="Search",
                people=tuple(person for person in searchers if first.membership(person, home)),
                stays_as="Home & Browse",
                mission=id_of("mission", _mission("Search")),
                systems=(id_of("system", "search-index"),),
            ),
            AssignCoach(person=person_id(_coach_of("Search")), squad=search),
        ],
        source="draft",
    )
    yield Event(
        MERGED,
        "Sebastian Kurz",
        "Both squads asked the same accountants and kept two ledgers. One squad, one ledger.",
        [
            MergeSquads(
                squads=(id_of("squad", TAX_TOOLS),),
                into=id_of("squad", "Monetization & Payouts"),
            )
        ],
        source="draft",
    )
    tribe = final.tribes[id_of("tribe", PD)]
    product = final.chapters[id_of("chapter", "PD Product")]
    lars = person_id("Lars Hedman")
    product_values = values_of(product) | {"interim_lead": None, "interim_since": None}
    yield Event(
        PD_TRIBE,
        "Ingrid Solberg",
        "Create Platform & Data tribe: four squads serve all others and compete with features for attention in their"
        " tribes. One tribe, one lead, one roadmap for what everyone stands on.",
        [
            CreateTribe(id=tribe.id, values=values_of(tribe)),
            *(MoveSquad(squad=id_of("squad", name), tribe=tribe.id) for name in PD_SQUADS),
            *(EditChapter(id=id_of("chapter", name), values={"tribe": tribe.id}) for name in PD_CHAPTERS),
            *(RenameChapter(id=id_of("chapter", name), name=name) for name in PD_CHAPTERS),
            CreateChapter(id=product.id, values=product_values),
            ChangeChapter(people=tuple(map(person_id, PD_PRODUCT)), chapter=product.id),
            *(EditPerson(id=person_id(name), values={"manager": lars}) for name in PD_MANAGERS),
        ],
        source="draft",
    )
    yield Event(
        140,
        "Lars Hedman",
        "Until there is a product lead, the product owners answer to me.",
        [
            _standing_in("PD Product", today),
            *(EditPerson(id=person_id(name), values={"manager": lars}) for name in PD_PRODUCT),
        ],
    )


def _standing_in(chapter: str, today: date) -> SetChapterLead:
    name, days = INTERIM[chapter]
    return SetChapterLead(
        chapter=id_of("chapter", chapter),
        person=person_id(name),
        interim=True,
        since=days_before(today, days),
    )


def _moves(final: Org, today: date) -> Iterator[Event]:
    recommendations = id_of("squad", "Personal Recommendations")
    home = id_of("mission", _mission("Home & Browse"))
    yield Event(
        610,
        "Alice Moreau",
        "It is about each listener, and the name should say so.",
        [RenameSquad(id=recommendations, name="Personal Recommendations")],
    )
    yield Event(
        402,
        "Astrid Holm",
        "Seconds are what listeners told us about, not pages.",
        [RewordMission(id=home, name=_mission("Home & Browse"))],
    )
    yield _shared(
        final,
        220,
        "Amy Fong",
        "Two squads without a designer are two too many.",
        name="Elif Kaya",
        home_share=40,
    )
    yield _shared(
        final,
        160,
        "Alice Moreau",
        "Offline needs a product owner now, not next year.",
        name="Priya Raman",
        home_share=50,
    )
    yield _shared(
        final,
        130,
        "Daniel Okafor",
        "Ad models need someone who has done this before.",
        name="Daniel Okafor",
        home_share=60,
    )
    yield _shared(final, 95, "Daniel Okafor", "Search asked for help with ranking.", name="Daniel Okafor")
    yield Event(
        90,
        "Victoria Lane",
        "Leads the web chapter full time for now.",
        [LeaveSquad(person=person_id("Grace Oduya"), squad=id_of("squad", "Creator Studio"))],
    )
    yield Event(
        75,
        "Victoria Lane",
        "Daniel goes back to models; I stand in until we have a lead for CM Data.",
        [
            SetChapterLead(chapter=id_of("chapter", "CM Data"), person=None),
            _standing_in("CM Data", today),
            *(
                EditPerson(id=person_id(name), values={"manager": person_id("Victoria Lane")})
                for name in LED_BY_DANIEL
            ),
        ],
    )
    yield Event(
        70,
        "Simon Carter",
        "Ads needs a senior engineer in Europe.",
        [
            MovePeople(
                people=(person_id("Nina Petrov"),),
                source=id_of("squad", "Creator Studio"),
                to=id_of("squad", "Ads Insertion"),
                since=days_before(today, 70),
            )
        ],
    )
    yield from _audiobooks(final, today)
    yield Event(
        60,
        "Grace Oduya",
        "Two web chapters are one too many for me. Tomasz stands in for LX Web.",
        [
            SetChapterLead(chapter=id_of("chapter", "LX Web"), person=None),
            _standing_in("LX Web", today),
            *(
                EditPerson(id=person_id(name), values={"manager": person_id("Tomasz Wojcik")})
                for name in LED_BY_GRACE
            ),
        ],
    )
    yield Event(
        60,
        "Stefan Krause",
        "The migration is done; the next home is not found yet.",
        [LeaveSquad(person=person_id("Leo Martins"), squad=id_of("squad", "Event Pipeline"))],
    )
    yield Event(
        20,
        "Lars Hedman",
        "Erik leaves us in six weeks.",
        [
            EditPerson(
                id=person_id("Erik Thorn"),
                values={"status": "notice", "leaves_on": days_before(today, ERIK_LEAVES)},
            )
        ],
    )
    yield Event(
        4,
        "Simon Carter",
        "Back from the language course.",
        [SetShare(person=person_id("Lim Hui"), squad=id_of("squad", "Ads Insertion"), share=100)],
    )


def _shared(
    final: Org, days: int, actor: str, message: str, *, name: str, home_share: int | None = None
) -> Event:
    """Return the day on which someone began to share their time between squads."""
    person = person_id(name)
    home = next(cast.name for cast in SQUADS if name in {member for member, *_ in members_of(cast)})
    operations: list[Operation] = []
    if home_share is not None:
        operations.append(SetShare(person=person, squad=id_of("squad", home), share=home_share))
    for who, where, *_, since in EXTRA_MEMBERSHIPS:
        if who == name and since == days:
            operations.append(_joining(final, final.memberships[id_of("membership", who, where)]))
    return Event(days, actor, message, operations)


def _audiobooks(final: Org, today: date) -> Iterator[Event]:
    squad = final.squads[id_of("squad", "Audiobooks Launch")]
    mission = final.missions[squad.mission or ""]
    yield Event(
        66,
        "Sebastian Kurz",
        "Fable House will give us their catalog if we are ready in time.",
        [
            CreateMission(id=mission.id, values=values_of(mission) | {"read_on": None}),
            CreateSquad(id=squad.id, values=values_of(squad) | {"state": "proposed"}),
        ],
    )
    since = days_before(today, 40)
    yield Event(
        40,
        "Sebastian Kurz",
        "Audiobooks Launch begins, with those we could free and two new colleagues.",
        [
            EditSquad(id=squad.id, values={"state": "forming"}),
            MovePeople(
                people=(person_id("Anders Moe"),), source=id_of("squad", "Playback"), to=squad.id, since=since
            ),
            MovePeople(
                people=(person_id("Julia Vogel"),),
                source=id_of("squad", "Creator Studio"),
                to=squad.id,
                since=since,
            ),
        ],
    )


def _work(today: date) -> Iterator[Event]:
    """Yield who began to wait for whom, and what happened to systems and those who knew them."""
    old = [wait for wait in (*WAITS, SOLVED) if wait.days > SURVEY]
    yield Event(
        SURVEY,
        "Malin Rosen",
        "We asked every squad whom it waits for, and how badly.",
        [_recording(dependency(wait, today)) for wait in old],
    )
    for wait in WAITS:
        if wait not in old:
            yield Event(wait.days, wait.actor, wait.message, [_recording(dependency(wait, today))])
    yield Event(
        SOLVED_DAYS,
        "Nadia Karim",
        "Search can ask for permissions by itself now.",
        [SolveDependency(id=dependency(SOLVED, today).id)],
    )
    yield Event(
        CLAIMED,
        "Beatrice Fournier",
        "The feed is ranking, and we rank.",
        [
            EditSystem(
                id=id_of("system", "home-feed"),
                values={"claimed_by": id_of("squad", "Personal Recommendations")},
            )
        ],
    )
    for days, actor, name, message in (
        (95, "Lars Hedman", "Katja Lindner", "Katja starts a company of her own. All the best!"),
        (
            70,
            "Erik Thorn",
            "Matteo Ricci",
            "Matteo goes home to Bologna. Thank you for three years of transcoding.",
        ),
    ):
        yield Event(days, actor, message, [OffboardPerson(person=person_id(name))])


def _recording(dependency: Dependency) -> RecordDependency:
    return RecordDependency(id=dependency.id, values=values_of(dependency))


def _missions(final: Org, today: date) -> Iterator[Event]:
    """Yield the day on which all squads looked at their missions, and the last on which they read their metrics."""
    for days, name, message in (
        (REVIEWED, "reviewed_on", "Every squad read its mission again: is it still true?"),
        (READ, "read_on", "Readings of the month."),
    ):
        day = days_before(today, days)
        edits = [
            EditMission(id=mission.id, values={name: day})
            for mission in final.missions.values()
            if getattr(mission, name) == day
        ]
        yield Event(days, "Marcus Adeyemi", message, edits)


# Drafts


def unblock_ingestion(today: date) -> Sketch:
    """Move Content Ingestion to the tribe it blocks, split the largest squad, and merge the smallest into Playback.

    It trades one problem for others: Playback grows past the limit, Discovery has no product owner, and the vacancy of
    Offline & Downloads is left behind, so that it cannot be published yet.
    """
    day = days_before(today, -21)
    discoverers = (
        "Arjun Mehta",
        "Daniel Okafor",
        "David Mensah",
        "Kofi Annor",
        "Lina Hedlund",
        "Milan Novak",
    )
    ingesters = ("Patrik Lunde", "Anja Keller", "Omar Saleh", "Linnea Ost")
    recommendations = id_of("squad", "Personal Recommendations")
    return Sketch(
        "Unblock ingestion",
        3,
        [
            MoveSquad(squad=id_of("squad", "Content Ingestion"), tribe=id_of("tribe", CM)),
            ChangeChapter(
                people=tuple(map(person_id, ingesters)),
                chapter=id_of("chapter", "CM Backend Creator"),
                reports_to_lead=True,
            ),
            SplitSquad(
                squad=recommendations,
                id=id_of("squad", "Discovery"),
                name="Discovery",
                people=tuple(map(person_id, discoverers)),
                stays_as="Home Ranking",
                vacancies=(id_of("vacancy", "Staff ML engineer"),),
            ),
            MergeSquads(
                squads=(id_of("squad", "Offline & Downloads"),),
                into=id_of("squad", "Playback"),
                hands_over=False,
            ),
        ],
        header={
            "problem": "Creator Studio has waited for Content Ingestion for 48 days, Audiobooks Launch for 33. Its "
            "work is planned in another tribe, and it has neither a product owner nor a mission.",
            "intent": "Whoever waits for ingestion shares a tribe and a roadmap with it.",
            "trade_offs": "Platform & Data gives up a squad and its view of the whole pipeline. Playback grows past "
            "its limit until summer.",
            "success": "Days that creators wait for ingestion: from 48 to under 10 by the end of next quarter.",
            "effective_on": day,
            "announce_on": days_before(today, -10),
            "review_on": days_before(today, -111),
            "visibility": "everyone",
        },
        notes={
            1: "Seat ingestion beside the people it blocks.",
            2: "Wait until Erik's successor is named.",
            3: "Two recommendation squads with one job each.",
            4: "One squad for playing anywhere.",
        },
        parked=(2,),
        comments=(
            (
                "designer",
                1,
                "Agreed with Lars. I want the order of work for December settled first, @planner?",
            ),
            ("planner", 4, "Playback would have 11 people. Is that the price, or do we split it in spring?"),
        ),
        reviewers=("planner", "designer"),
    )


def ads_to_new_york(today: date) -> Sketch:
    """Gather Ads in one city. Someone has touched Lim Hui's membership since, so that its first step is overtaken."""
    ads = id_of("squad", "Ads Insertion")
    return Sketch(
        "Ads to New York",
        12,
        [
            EditMembership(
                person=person_id("Lim Hui"),
                squad=ads,
                values={"share": 40, "until": days_before(today, -60)},
                seen={"share": 80, "until": None},
            ),
            MovePeople(people=(person_id("Kasper Lie"),), source=ads, to=id_of("squad", "Playback")),
        ],
    )
