"""Systems, domains, skills, dependencies, coaches, leads who stand in: what is said, what changes, what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from orgmodel.core.changes import Conflict
from orgmodel.core.operations import (
    AssignCoach,
    ChangeRule,
    CloseDomain,
    CloseSquad,
    CreateDomain,
    CreateSystem,
    EditDependency,
    EditDomain,
    EditSystem,
    EndCoaching,
    EndWaiver,
    MergeChapters,
    MergeSquads,
    OffboardPerson,
    Operation,
    RecordDependency,
    Refused,
    ReopenDomain,
    ReopenSystem,
    ResetRule,
    RetireSystem,
    SetChapterLead,
    SetSkills,
    SetSystemOwners,
    SetTribeLead,
    SolveDependency,
    SplitSquad,
    SplitTribe,
    Waive,
)
from orgmodel.core.operations.handover import holdings_of
from orgmodel.core.org import Org
from orgmodel.core.replay import carry_out
from orgmodel.core.rules.integrity import RuleViolation, problems
from orgmodel.core.rules.reorganization import left_behind, left_behind_in_words
from tests.build import (
    an_org,
    chapter,
    coaching,
    domain,
    id_of,
    needs,
    person,
    skills,
    squad,
    system,
    tribe,
)

DAY = date(2026, 11, 20)
NEW = "11111111-1111-4111-8111-111111111111"


def streaming() -> Org:
    return an_org(
        tribe(
            "Listening",
            squad("Player", "Ana", "Ben"),
            squad("Search", "Cleo", "Dan"),
            chapter("Backend", "Ben", "Cleo", lead="Ben", lead_since=date(2024, 5, 1)),
            lead="Eve",
        ),
        tribe("Ads", squad("Billing", "Fay"), squad("Old", closed_on=date(2026, 1, 1))),
        person("Eve"),
        person("Joe", status="left"),
        domain("Playback", squad="Player", complexity="complicated"),
        system("Media API", {"Ana": "developer", "Ben": "operations"}, squad="Player", domain="Playback"),
        system("Index", {"Cleo": "both"}, squad="Search", claimed_by="Player"),
        system("Tape", squad="Player", closed_on=date(2025, 1, 1)),
        skills("Ana", Go="expert", Kafka="learning"),
        skills("Cleo", go="working"),
        needs("Player", "Search", level="blocking", since=date(2026, 1, 5)),
        needs("Search", "Billing"),
        needs("Player", "Billing", level="blocking", mitigation="A shared on-call."),
        coaching("Eve", "Player", "Search"),
    )


def after(org: Org, *operations: Operation) -> Org:
    return carry_out(org, operations, on=DAY).after


def refusal(operation: Operation, org: Org | None = None) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        operation.dated(DAY).apply(org or streaming())
    return caught.value.message, caught.value.field


def violation(operation: Operation, org: Org | None = None) -> list[tuple[str, str]]:
    with pytest.raises(RuleViolation) as caught:
        carry_out(org or streaming(), [operation], on=DAY)
    return [(problem.field, problem.message) for problem in caught.value.problems]


def said(operation: Operation, org: Org | None = None) -> str:
    return operation.describe(org or streaming())


def owners(org: Org, name: str) -> list[tuple[str, str]]:
    return [(who.name, perspective) for who, perspective in org.owners_of(id_of(name))]


def waits(org: Org) -> dict[tuple[str, str], str]:
    """Return how badly each squad waits for which other."""
    return {(org.squads[d.squad].name, org.squads[d.needs].name): d.level for d in org.dependencies.values()}


def test_the_organization_of_these_tests_is_sound() -> None:
    assert problems(streaming()) == []


# Systems


def test_create_a_system() -> None:
    create = CreateSystem(
        id=NEW, values={"name": "Ad Server", "squad": id_of("Billing"), "critical": True, "skill": "Go"}
    )
    made = after(streaming(), create).systems[NEW]
    assert (made.key, made.squad, made.critical, made.skill) == ("ad-server", id_of("Billing"), True, "Go")
    assert said(create) == "Create system Ad Server of Billing"
    assert said(CreateSystem(id=NEW, values={"name": "Ad Server"})) == "Create system Ad Server"


@pytest.mark.parametrize("kind", [CreateSystem, CreateDomain])
def test_a_closed_squad_gets_nothing_new(kind: Any) -> None:
    assert refusal(kind(id=NEW, values={"name": "X", "squad": id_of("Old")})) == ("Old is closed.", "squad")
    assert refusal(EditSystem(id=id_of("Index"), values={"squad": id_of("Old")})) == (
        "Old is closed.",
        "squad",
    )
    assert refusal(EditDomain(id=id_of("Playback"), values={"squad": id_of("Old")})) == (
        "Old is closed.",
        "squad",
    )


def test_edit_a_system() -> None:
    edit = EditSystem(id=id_of("Index"), values={"name": "Big Index", "squad": id_of("Billing")})
    org = after(streaming(), edit)
    assert (org.systems[id_of("Index")].name, org.systems_of(id_of("Search"))) == ("Big Index", [])
    assert said(edit) == "Edit system Index: name and owner squad"
    assert violation(EditSystem(id=id_of("Index"), values={"claimed_by": id_of("Search")})) == [
        ("claimed_by", "Search owns Index already")
    ]
    assert violation(EditSystem(id=id_of("Index"), values={"name": "MEDIA API"})) == [
        ("name", "There is already a system “MEDIA API”")
    ]


def test_a_retired_system_has_no_owners() -> None:
    retire = RetireSystem(id=id_of("Media API"))
    org = after(streaming(), retire)
    assert said(retire) == "Retire system Media API"
    assert (org.systems[id_of("Media API")].closed_on, owners(org, "Media API")) == (DAY, [])
    assert org.systems_of(id_of("Player")) == []
    back = after(org, ReopenSystem(id=id_of("Media API")))
    assert (back.systems[id_of("Media API")].closed_on, owners(back, "Media API")) == (None, [])
    assert refusal(ReopenSystem(id=id_of("Media API")), back)[0] == "Media API is open."


def test_a_system_of_a_closed_squad_is_not_taken_up_again() -> None:
    org = after(
        streaming(),
        RetireSystem(id=id_of("Media API")),
        CloseSquad(id=id_of("Player"), to=id_of("Search")),
    )
    assert refusal(ReopenSystem(id=id_of("Media API")), org)[0] == (
        "Player, which owned it, is closed. Give it to another squad first."
    )
    given = after(org, EditSystem(id=id_of("Media API"), values={"squad": id_of("Search")}))
    assert after(given, ReopenSystem(id=id_of("Media API"))).systems[id_of("Media API")].closed_on is None


def test_set_the_owners_of_a_system() -> None:
    swap = SetSystemOwners(
        system=id_of("Media API"), developers=(id_of("Ben"), id_of("Dan")), operations=(id_of("Ben"),)
    )
    org = after(streaming(), swap)
    assert said(swap) == "Make Ben and Dan owners of Media API"
    assert owners(org, "Media API") == [("Ben", "both"), ("Dan", "developer")]
    assert [system.name for system in org.systems_owned_by(id_of("Dan"))] == ["Media API"]
    assert refusal(swap, org) == ("That is so already for Media API.", "developers")
    clear = SetSystemOwners(system=id_of("Index"))
    assert (said(clear), owners(after(org, clear), "Index")) == ("Leave Index without owners", [])
    assert said(SetSystemOwners(system=id_of("Index"), operations=(id_of("Ana"),))) == (
        "Make Ana owner of Index"
    )
    assert refusal(SetSystemOwners(system=id_of("Tape"), developers=(id_of("Ana"),))) == (
        "Tape is closed.",
        "system",
    )
    assert refusal(SetSystemOwners(system=id_of("Index"), operations=(id_of("Joe"),))) == (
        "Joe has left.",
        "operations",
    )


# Domains


def test_create_edit_and_close_a_domain() -> None:
    create = CreateDomain(id=NEW, values={"name": "Payments", "complexity": "complex"})
    assert after(streaming(), create).domains[NEW].complexity == "complex"
    assert said(create) == "Create domain Payments"
    edit = EditDomain(id=id_of("Playback"), values={"squad": id_of("Search"), "complexity": "simple"})
    org = after(streaming(), edit)
    assert [d.name for d in org.domains_of(id_of("Search"))] == ["Playback"]
    assert said(edit) == "Edit domain Playback: squad and complexity"
    close = CloseDomain(id=id_of("Playback"))
    org = after(streaming(), close)
    assert said(close) == "Close domain Playback, which leaves Media API without one"
    assert (org.domains_of(id_of("Player")), org.systems[id_of("Media API")].domain) == ([], None)
    assert after(org, ReopenDomain(id=id_of("Playback"))).domains_of(id_of("Player")) != []


def test_a_domain_of_a_closed_squad_stays_closed() -> None:
    org = after(
        streaming(),
        CloseDomain(id=id_of("Playback")),
        CloseSquad(id=id_of("Player"), to=id_of("Search")),
    )
    assert refusal(ReopenDomain(id=id_of("Playback")), org)[0] == (
        "Player, which answered for it, is closed. Give it to another squad first."
    )


# Skills


def test_set_what_someone_can_do() -> None:
    learn = SetSkills(person=id_of("Ana"), skills=(("GO", "expert"), ("SQL", "working")))
    org = after(streaming(), learn)
    assert said(learn) == "Set the skills of Ana: GO and SQL"
    assert [(s.skill, s.proficiency) for s in org.skills_of(id_of("Ana"))] == [
        ("GO", "expert"),
        ("SQL", "working"),
    ]
    assert refusal(learn, org) == ("That is what Ana can do already.", "skills")
    none = SetSkills(person=id_of("Ana"))
    assert (said(none), after(org, none).skills_of(id_of("Ana"))) == ("Leave Ana without skills", [])
    assert refusal(SetSkills(person=id_of("Ana"), skills=(("Go", "guru"),))) == (
        "Go must be one of working, learning, expert.",
        "skills",
    )
    twice = SetSkills(person=id_of("Ana"), skills=(("Go", "expert"), ("go", "working")))
    assert refusal(twice) == ("A skill is named twice.", "skills")
    assert violation(SetSkills(person=id_of("Ana"), skills=(("x" * 101, "expert"),))) == [
        ("skill", "Skill is longer than 100 characters")
    ]


def test_who_has_a_skill_whatever_its_letters() -> None:
    def found(org: Org, skill: str) -> list[tuple[str, str]]:
        return [(who.name, proficiency) for who, proficiency in org.people_with_skill(skill)]

    assert found(streaming(), "GO") == [("Ana", "expert"), ("Cleo", "working")]
    gone = after(streaming(), OffboardPerson(person=id_of("Ana")))
    assert (found(gone, "go"), len(gone.skills_of(id_of("Ana")))) == ([("Cleo", "working")], 2)


# Dependencies


def test_record_edit_and_solve_a_dependency() -> None:
    record = RecordDependency(
        id=NEW, values={"squad": id_of("Billing"), "needs": id_of("Player"), "level": "blocking"}
    )
    org = after(streaming(), record)
    assert said(record) == "Record the dependency of Billing on Player"
    assert [d.id for d in org.needs_of(id_of("Billing"))] == [NEW]
    assert [d.id for d in org.needed_by(id_of("Player"))] == [NEW]
    assert [d.squad for d in org.dependencies_of(id_of("Player"))].count(id_of("Billing")) == 1
    edit = EditDependency(id=NEW, values={"level": "slowing", "kind": "approval"})
    assert said(edit, org) == "Edit the dependency of Billing on Player: level and kind"
    assert waits(after(org, edit))["Billing", "Player"] == "slowing"
    assert refusal(EditDependency(id=NEW, values={"needs": id_of("Search")}), org) == (
        "Squad it waits for cannot be changed here.",
        "needs",
    )
    solve = SolveDependency(id=NEW)
    assert said(solve, org) == "Solve the dependency of Billing on Player"
    assert after(org, solve).dependency(id_of("Billing"), id_of("Player")) is None
    assert refusal(solve)[0] == "There is no such dependency."


@pytest.mark.parametrize(
    ("squad_name", "other", "message"),
    [
        ("Player", "Player", "Player cannot need itself."),
        ("Player", "Search", "Player needs Search already. Edit that dependency instead."),
        ("Player", "Old", "Old is closed."),
        ("Player", "Nobody", "There is no such squad."),
    ],
)
def test_dependencies_refuse(squad_name: str, other: str, message: str) -> None:
    record = RecordDependency(id=NEW, values={"squad": id_of(squad_name), "needs": id_of(other)})
    assert refusal(record) == (message, "needs")


def test_a_dependency_names_two_squads() -> None:
    record = RecordDependency(id=NEW, values={"squad": id_of("Player")})
    assert refusal(record) == ("Squad it waits for is missing.", "needs")


# Coaches


def test_assign_and_end_coaching() -> None:
    assign = AssignCoach(person=id_of("Ben"), squad=id_of("Player"))
    org = after(streaming(), assign)
    assert said(assign) == "Make Ben coach of Player"
    assert [coach.name for coach in org.coaches_of(id_of("Player"))] == ["Ben", "Eve"]
    assert [s.name for s in org.squads_coached_by(id_of("Eve"))] == ["Player", "Search"]
    assert refusal(assign, org) == ("Ben coaches Player already.", "squad")
    assert refusal(AssignCoach(person=id_of("Joe"), squad=id_of("Player"))) == ("Joe has left.", "person")
    end = EndCoaching(person=id_of("Eve"), squad=id_of("Player"))
    assert said(end) == "Take Eve off the coaching of Player"
    assert [coach.name for coach in after(org, end).coaches_of(id_of("Player"))] == ["Ben"]
    assert refusal(EndCoaching(person=id_of("Ben"), squad=id_of("Search"))) == (
        "Ben does not coach Search.",
        "person",
    )


# Who stands in


def test_an_interim_lead_stands_in_until_a_lead_proper_comes() -> None:
    stand_in = SetChapterLead(
        chapter=id_of("Backend"), person=id_of("Cleo"), interim=True, since=date(2026, 9, 1)
    )
    org = after(streaming(), stand_in)
    backend = org.chapters[id_of("Backend")]
    assert said(stand_in) == "Make Cleo interim chapter lead of Backend"
    assert (backend.lead, backend.lead_since) == (id_of("Ben"), date(2024, 5, 1))
    assert (backend.interim_lead, backend.interim_since) == (id_of("Cleo"), date(2026, 9, 1))
    assert [seat.label for seat, _ in org.seats_of(id_of("Cleo"))] == ["interim chapter lead"]
    assert refusal(stand_in, org) == ("That is so already in Backend.", "person")
    proper = SetChapterLead(chapter=id_of("Backend"), person=id_of("Cleo"), since=DAY)
    led = after(org, proper).chapters[id_of("Backend")]
    assert (led.lead, led.lead_since, led.interim_lead, led.interim_since) == (
        id_of("Cleo"),
        DAY,
        None,
        None,
    )


def test_nobody_stands_in_for_themselves() -> None:
    itself = SetChapterLead(chapter=id_of("Backend"), person=id_of("Ben"), interim=True)
    assert refusal(itself) == ("That is so already in Backend.", "person")


def test_a_chapter_without_lead_keeps_who_stands_in() -> None:
    org = after(
        streaming(),
        SetChapterLead(chapter=id_of("Backend"), person=id_of("Cleo"), interim=True, since=DAY),
        SetChapterLead(chapter=id_of("Backend"), person=None),
    )
    backend = org.chapters[id_of("Backend")]
    assert (backend.lead, backend.lead_since, backend.interim_lead) == (None, None, id_of("Cleo"))
    clear = SetChapterLead(chapter=id_of("Backend"), person=None, interim=True)
    assert said(clear, org) == "Leave Backend without an interim chapter lead"
    cleared = after(org, clear).chapters[id_of("Backend")]
    assert (cleared.interim_lead, cleared.interim_since) == (None, None)


def test_only_the_tribe_lead_has_someone_who_stands_in() -> None:
    stand_in = SetTribeLead(
        tribe=id_of("Listening"), seat="lead", person=id_of("Ana"), interim=True, since=DAY
    )
    org = after(streaming(), stand_in)
    listening = org.tribes[id_of("Listening")]
    assert said(stand_in) == "Make Ana interim tribe lead of Listening"
    assert (listening.lead, listening.interim_lead) == (id_of("Eve"), id_of("Ana"))
    message = ("Only a tribe lead has a first day, or stands in.", "seat")
    for fields in ({"interim": True}, {"since": DAY}):
        wrong = SetTribeLead(tribe=id_of("Ads"), seat="product_lead", person=id_of("Ana"), **fields)  # type: ignore[arg-type]
        assert refusal(wrong) == message


def test_merges_and_splits_say_since_when_their_lead_leads() -> None:
    split = SplitTribe(
        tribe=id_of("Listening"),
        id=NEW,
        name="Finding",
        squads=(id_of("Search"),),
        lead=id_of("Cleo"),
    )
    assert after(streaming(), split).tribes[NEW].lead_since == DAY
    org = streaming().change(an_org(chapter("Web", "Ana")).chapters.values())
    stood_in = after(
        org, SetChapterLead(chapter=id_of("Backend"), person=id_of("Fay"), interim=True, since=DAY)
    )
    merge = MergeChapters(chapters=(id_of("Web"),), into=id_of("Backend"), lead=id_of("Cleo"))
    backend = after(stood_in, merge).chapters[id_of("Backend")]
    assert (backend.lead, backend.lead_since, backend.interim_lead) == (id_of("Cleo"), DAY, None)


# What leaves with people, and what goes along with squads


def test_offboarding_ends_ownership_and_coaching_and_empties_seats_with_their_days() -> None:
    stood_in = after(
        streaming(), SetChapterLead(chapter=id_of("Backend"), person=id_of("Ana"), interim=True, since=DAY)
    )
    leave = OffboardPerson(person=id_of("Ana"))
    assert said(leave, stood_in) == (
        "Offboard Ana, which leaves empty: interim chapter lead of Backend and owner of Media API"
    )
    org = after(stood_in, leave, OffboardPerson(person=id_of("Ben")), OffboardPerson(person=id_of("Eve")))
    backend = org.chapters[id_of("Backend")]
    assert (backend.lead, backend.lead_since, backend.interim_lead, backend.interim_since) == (
        None,
        None,
        None,
        None,
    )
    assert (owners(org, "Media API"), org.coaches_of(id_of("Player"))) == ([], [])
    assert problems(org) == []


def test_a_squad_that_owns_something_or_is_waited_for_does_not_close() -> None:
    org = an_org(
        squad("Player"),
        squad("Search"),
        system("Media API", squad="Player"),
        system("Index", squad="Player"),
        domain("Playback", squad="Player"),
        needs("Search", "Player"),
    )
    close = CloseSquad(id=id_of("Player"))
    with pytest.raises(Refused) as caught:
        close.apply(org)
    assert caught.value.message == (
        "Player still has 2 systems (Index and Media API), 1 domain (Playback) and 1 squad waiting for it (Search)."
        " Move them first."
    )
    assert caught.value.blockers == (
        ("system", id_of("Index")),
        ("system", id_of("Media API")),
        ("domain", id_of("Playback")),
        ("squad", id_of("Search")),
    )


def test_a_squad_that_closes_waits_for_nobody_and_claims_nothing() -> None:
    org = an_org(
        squad("Player"),
        squad("Search"),
        system("Index", squad="Search", claimed_by="Player"),
        needs("Player", "Search"),
        coaching("Eve", "Player"),
    )
    closed = after(org, CloseSquad(id=id_of("Player")))
    assert (waits(closed), closed.coaches_of(id_of("Player"))) == ({}, [])
    assert closed.systems[id_of("Index")].claimed_by is None


def test_what_a_squad_owns_goes_along_when_it_closes() -> None:
    org = after(streaming(), CloseSquad(id=id_of("Player"), to=id_of("Search")))
    assert [s.name for s in org.systems_of(id_of("Search"))] == ["Index", "Media API"]
    assert [d.name for d in org.domains_of(id_of("Search"))] == ["Playback"]
    assert org.systems[id_of("Index")].claimed_by is None  # who claimed it is one with who owns it
    assert [coach.name for coach in org.coaches_of(id_of("Search"))] == ["Eve"]
    # Of two dependencies on Billing the graver one in the place of the other; what they had of each other is solved.
    [kept] = org.needs_of(id_of("Search"))
    assert (kept.id, kept.level, kept.mitigation) == (
        id_of("Search", "Billing"),
        "blocking",
        "A shared on-call.",
    )
    assert waits(org) == {("Search", "Billing"): "blocking"}
    assert (holdings_of(org, id_of("Player")), problems(org)) == ([], [])


def test_of_two_dependencies_the_graver_one_stays() -> None:
    org = after(streaming(), MergeSquads(squads=(id_of("Search"),), into=id_of("Player")))
    [kept] = org.needs_of(id_of("Player"))
    assert (kept.id, kept.level) == (id_of("Player", "Billing"), "blocking")
    assert [s.name for s in org.systems_of(id_of("Player"))] == ["Index", "Media API"]


def test_who_waited_for_a_squad_waits_for_its_successor() -> None:
    org = after(streaming(), CloseSquad(id=id_of("Billing"), to=id_of("Search")))
    assert waits(org) == {("Player", "Search"): "blocking"}


def test_a_claim_goes_along_unless_the_successor_owns_the_system() -> None:
    claimed = after(streaming(), CloseSquad(id=id_of("Player"), to=id_of("Billing")))
    assert claimed.systems[id_of("Index")].claimed_by == id_of("Billing")


def test_a_merge_may_leave_systems_and_domains_behind() -> None:
    merge = MergeSquads(squads=(id_of("Player"),), into=id_of("Search"), hands_over=False)
    done = carry_out(streaming(), [merge], on=DAY)
    assert left_behind_in_words(done.after, left_behind(done.before, done.after)) == [
        "Player closes but still holds the system Media API and the domain Playback. Give them a home first."
    ]


def test_a_closed_squad_that_is_given_something_holds_it() -> None:
    org = streaming()
    given = org.put(
        an_org(needs("Search", "Old"), needs("Old", "Billing")).dependencies[id_of("Search", "Old")]
    ).edit(org.systems[id_of("Index")], squad=id_of("Old"))
    assert left_behind_in_words(given, left_behind(org, given)) == [
        "Old closes but still holds the system Index and the dependency of Search on Old. Give them a home first."
    ]


def test_systems_go_along_with_a_split() -> None:
    fields: dict[str, Any] = {
        "squad": id_of("Player"),
        "id": NEW,
        "name": "Media",
        "people": (id_of("Ana"),),
        "on": DAY,
    }
    org = after(streaming(), SplitSquad(**fields, systems=(id_of("Media API"),)))
    assert [s.name for s in org.systems_of(NEW)] == ["Media API"]
    assert org.systems_of(id_of("Player")) == []
    assert refusal(SplitSquad(**fields, systems=(id_of("Index"),))) == (
        "Index is no system of Player.",
        "systems",
    )
    assert refusal(SplitSquad(**fields, systems=(id_of("Tape"),))) == ("Tape is closed.", "systems")


# Rules and waivers


def test_change_and_reset_a_rule() -> None:
    change = ChangeRule(
        rule="SQ-01",
        values={
            "severity": "low",
            "thresholds": (("high_above", "12"), ("medium_above", "10")),
            "note": "We pair a lot.",
        },
    )
    org = after(streaming(), change)
    [setting] = org.table("rule_setting").values()
    assert said(change) == "Change rule SQ-01: severity, thresholds and why we differ"
    assert (setting.key, setting.is_on, setting.severity, setting.thresholds) == (
        "SQ-01",
        True,
        "low",
        (("high_above", "12"), ("medium_above", "10")),
    )
    off = after(org, ChangeRule(rule="SQ-01", values={"is_on": False}, seen={"is_on": True}))
    [again] = off.table("rule_setting").values()
    assert (again.id, again.is_on, again.severity) == (setting.id, False, "low")
    reset = ResetRule(rule="SQ-01")
    assert (said(reset), [*after(off, reset).table("rule_setting")]) == (
        "Reset rule SQ-01 to its defaults",
        [],
    )
    assert refusal(reset) == ("Rule SQ-01 has its defaults already.", "rule")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"is_on": False}, "Switch rule SQ-01 off"),
        ({"is_on": True}, "Switch rule SQ-01 on"),
        ({"thresholds": (), "severity": "low"}, "Change rule SQ-01: thresholds and severity"),
        ({"is_on": False, "note": "No"}, "Switch rule SQ-01 off, and change why we differ"),
    ],
)
def test_a_change_of_a_rule_says_what_happens(values: dict[str, Any], sentence: str) -> None:
    assert said(ChangeRule(rule="SQ-01", values=values)) == sentence


def test_changing_a_rule_refuses_and_conflicts() -> None:
    assert refusal(ChangeRule(rule="SQ-01", values={})) == ("Nothing to change.", "")
    assert refusal(ChangeRule(rule="SQ-01", values={"key": "X"})) == ("Rule cannot be changed here.", "key")
    stale = ChangeRule(rule="SQ-01", values={"severity": "low"}, seen={"severity": "high"})
    with pytest.raises(Conflict):
        stale.apply(streaming())
    assert stale.redone(streaming()) == ChangeRule(
        rule="SQ-01", values={"severity": "low"}, seen={"severity": ""}
    )


@pytest.mark.parametrize(
    ("rule", "thresholds", "message"),
    [
        ("SQ-01", {"high_above": "many"}, "The threshold high_above must be a number."),
        ("SQ-01", {"most": "9"}, "SQ-01 has no threshold most: it has medium_above and high_above."),
        ("SQ-03", {"most": "9"}, "SQ-03 has no threshold most: it has none."),
        (
            "SQ-01",
            {"medium_above": "10", "high_above": "9.5"},
            "The threshold medium_above (10) must not be more than high_above (9.5).",
        ),
        (
            "SQ-01",
            {"high_above": "7"},
            "The threshold medium_above (8) must not be more than high_above (7).",
        ),
        (
            "SQ-02",
            {"high_below": "6"},
            "The threshold medium_below (5) must not be less than high_below (6).",
        ),
    ],
)
def test_thresholds_are_those_of_the_rule_and_in_order(
    rule: str, thresholds: dict[str, str], message: str
) -> None:
    change = ChangeRule(rule=rule, values={"thresholds": tuple(thresholds.items())})
    assert refusal(change) == (message, "thresholds")


def test_thresholds_may_be_equal_and_words_are_no_rule() -> None:
    after(streaming(), ChangeRule(rule="SQ-01", values={"thresholds": (("medium_above", "9"),)}))
    after(streaming(), ChangeRule(rule="levels", values={"thresholds": (("L9", "2"),)}))
    assert refusal(ChangeRule(rule="XX-01", values={"is_on": False})) == ("There is no rule XX-01.", "rule")


def test_waive_acknowledge_and_end() -> None:
    key = f"SQ-01:squad:{id_of('Player')}"
    waive = Waive(key=key, reason="Splits in May.", until=date(2027, 5, 1), draft="split-player")
    org = after(streaming(), waive)
    waiver: Any = org.find("waiver", key)
    assert said(waive) == "Waive SQ-01 for squad Player until 1 May 2027"
    assert (waiver.state, waiver.reason, waiver.until, waiver.draft) == (
        "waived",
        "Splits in May.",
        date(2027, 5, 1),
        "split-player",
    )
    assert refusal(waive, org) == ("That is said already.", "reason")
    known = Waive(key=key, reason="We know.", state="acknowledged")
    assert said(known) == "Acknowledge SQ-01 for squad Player"
    acknowledged: Any = after(org, known).find("waiver", key)
    assert (acknowledged.id, acknowledged.state, acknowledged.until) == (waiver.id, "acknowledged", None)
    end = EndWaiver(key=key)
    assert said(end, org) == "End the waiver of SQ-01 for squad Player"
    assert after(org, end).find("waiver", key) is None
    assert refusal(end) == ("Nothing is said about this finding.", "key")


@pytest.mark.parametrize(
    ("key", "fields", "message"),
    [
        ("SQ-01", {}, "There is no such finding."),
        ("SQ-01:planet:x", {}, "There is no such finding."),
        (f"SQ-01:squad:{NEW}", {}, "There is no such squad."),
        (f"SQ-01:squad:{id_of('Player')}", {"reason": " "}, "Say why."),
        (f"XX-99:squad:{id_of('Player')}", {}, "There is no rule XX-99."),
        (f"SQ-01:person:{id_of('Ana')}", {}, "SQ-01 is about squads, not people."),
        (f"RO-02:tribe:{id_of('Ads')}", {}, "RO-02 is about people and squads, not tribes."),
    ],
)
def test_waivers_refuse(key: str, fields: dict[str, Any], message: str) -> None:
    assert refusal(Waive(**({"key": key, "reason": "Why.", "until": DAY} | fields)))[0] == message


def test_a_waiver_lasts_beyond_the_day_it_is_said_on() -> None:
    key = f"SQ-01:squad:{id_of('Player')}"
    assert refusal(Waive(key=key, reason="Why.", until=date(2026, 11, 19))) == (
        "19 November 2026 is over by 20 November 2026. Name a later day.",
        "until",
    )
    assert after(streaming(), Waive(key=key, reason="Why.", until=DAY)).find("waiver", key) is not None


def test_a_sub_code_can_be_waived() -> None:
    key = f"PE-02b:person:{id_of('Ana')}"
    assert after(streaming(), Waive(key=key, reason="Why.", until=DAY)).find("waiver", key) is not None


def test_a_waiver_ends() -> None:
    forever = Waive(key=f"SQ-01:squad:{id_of('Player')}", reason="It is fine.")
    assert violation(forever) == [("until", "Say until when the finding is waived")]
