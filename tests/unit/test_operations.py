"""Every operation: what it says, what it changes, and when it refuses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from orgmodel.core.changes import Conflict
from orgmodel.core.operations import (
    AssignMission,
    ChangeChapter,
    CloseChapter,
    CloseGuild,
    CloseSquad,
    CloseTribe,
    CloseVacancy,
    CreateChapter,
    CreateGuild,
    CreateMission,
    CreateRole,
    CreateSquad,
    CreateTribe,
    EditChapter,
    EditGuild,
    EditGuildMember,
    EditMembership,
    EditMission,
    EditPerson,
    EditRole,
    EditSquad,
    EditTribe,
    EditVacancy,
    FillVacancy,
    HandOverMission,
    HirePerson,
    JoinGuild,
    JoinSquad,
    LeaveGuild,
    LeaveSquad,
    MovePeople,
    MoveSquad,
    OffboardPerson,
    OpenVacancy,
    Operation,
    Refused,
    ReinstatePerson,
    RemoveRole,
    RenameChapter,
    RenameGuild,
    RenamePerson,
    RenameSquad,
    RenameTribe,
    ReopenChapter,
    ReopenGuild,
    ReopenMission,
    ReopenSquad,
    ReopenTribe,
    ReopenVacancy,
    RetireMission,
    RewordMission,
    SetChapterLead,
    SetGuildCoordinator,
    SetShare,
    SetSquadLead,
    SetTribeLead,
)
from orgmodel.core.org import Org
from orgmodel.core.replay import carry_out
from orgmodel.core.rules.integrity import RuleViolation
from tests.build import an_org, chapter, guild, id_of, mission, person, role, squad, tribe, vacancy

TODAY = date(2026, 11, 20)
NEW = "11111111-1111-4111-8111-111111111111"


def kestrel() -> Org:
    return an_org(
        role("Product owner", leads=True, craft="Product"),
        role("Engineer"),
        mission("Find it"),
        mission("Play it", parent="Find it"),
        tribe(
            "Listening",
            squad(
                "Search", "Ana", "Ben", roles={"Ana": "Product owner", "Ben": "Engineer"}, mission="Find it"
            ),
            squad("Playback", "Cleo", "Ben", shares={"Cleo": 100, "Ben": 40}),
            chapter("Backend", "Ben", "Cleo", lead="Ben"),
            lead="Eve",
        ),
        tribe("Creators", squad("Studio")),
        guild("Web", "Ana", "Cleo", coordinator="Ana"),
        person("Eve"),
        person("Dan", manager="Ana"),
        person("Ana", manager="Eve"),
        vacancy("Tester", squad="Playback", chapter="Backend"),
    )


def after(org: Org, *operations: Operation) -> Org:
    return carry_out(org, operations, on=TODAY).after


def refusal(org: Org, operation: Operation) -> str:
    with pytest.raises(Refused) as caught:
        operation.dated(TODAY).apply(org)
    return caught.value.message


def said(operation: Operation, org: Org | None = None) -> str:
    return operation.describe(org or kestrel())


# Creating, renaming, editing: every noun


@pytest.mark.parametrize(
    ("operation", "kind", "key", "sentence"),
    [
        (
            CreateTribe(id=NEW, values={"name": "Platform & Data"}),
            "tribe",
            "platform-data",
            "Create tribe Platform & Data",
        ),
        (CreateSquad(id=NEW, values={"name": "Search"}), "squad", "search-2", "Create squad Search"),
        (CreateChapter(id=NEW, values={"name": "Döner ß"}), "chapter", "doner", "Create chapter Döner ß"),
        (CreateGuild(id=NEW, values={"name": "日本"}), "guild", "guild", "Create guild 日本"),
        (
            CreateMission(id=NEW, values={"statement": "Sell it"}),
            "mission",
            "sell-it",
            "Create mission Sell it",
        ),
        (CreateRole(id=NEW, values={"name": "Coach"}), "role", "coach", "Create role Coach"),
        (HirePerson(id=NEW, values={"name": "Ana"}), "person", "ana-2", "Hire Ana"),
        (
            OpenVacancy(id=NEW, values={"title": "Designer", "squad": id_of("Search")}),
            "vacancy",
            "designer",
            "Open vacancy Designer in Search",
        ),
    ],
)
def test_create(operation: Any, kind: str, key: str, sentence: str) -> None:
    record: Any = after(kestrel(), operation).get(kind, NEW)
    assert (record.key, said(operation)) == (key, sentence)


def test_a_new_tribe_gets_a_color_that_few_others_have() -> None:
    org = an_org(tribe("A", color="1"), tribe("B", color="2"), tribe("C", color="1"))
    org = after(org, CreateTribe(id=NEW, values={"name": "D"}))
    assert org.tribes[NEW].color == "3"
    chosen = after(org, CreateTribe(id=id_of("E"), values={"name": "E", "color": "1"}))
    assert chosen.tribes[id_of("E")].color == "1"


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (CreateTribe(id=NEW, values={}), "Name is missing."),
        (CreateTribe(id=NEW, values={"name": "X", "size": 9}), "A tribe has no size."),
        (CreateTribe(id=id_of("Listening"), values={"name": "X"}), "This tribe exists already."),
        (RenameTribe(id=id_of("Listening"), name="Listening"), "Tribe Listening is called that already."),
        (RenameTribe(id=NEW, name="X"), "There is no such tribe."),
        (RenameTribe(id=id_of("Listening"), name=" "), "Name is missing."),
        (EditTribe(id=id_of("Listening"), values={}), "Nothing to change."),
        (EditTribe(id=id_of("Listening"), values={"key": "x"}), "Key cannot be changed here."),
        (
            EditPerson(id=id_of("Ana"), values={"status": "left"}),
            "Offboard the person instead, so that their squads and roles are settled.",
        ),
        (EditVacancy(id=id_of("Tester"), values={"state": "filled"}), "Fill or close the vacancy instead."),
    ],
)
def test_refused(operation: Operation, message: str) -> None:
    assert refusal(kestrel(), operation) == message


def test_a_taken_name_breaks_a_rule() -> None:
    with pytest.raises(RuleViolation) as caught:
        carry_out(
            kestrel(), [CreateSquad(id=NEW, values={"name": "search", "tribe": id_of("Listening")})], on=TODAY
        )
    assert [p.message for p in caught.value.problems] == ["There is already a squad “search” in Listening"]


@pytest.mark.parametrize(
    ("operation", "kind", "name", "sentence"),
    [
        (
            RenameTribe(id=id_of("Listening"), name="Listen"),
            "tribe",
            "Listening",
            "Rename tribe Listening to Listen",
        ),
        (RenameSquad(id=id_of("Search"), name="Find"), "squad", "Search", "Rename squad Search to Find"),
        (RenameChapter(id=id_of("Backend"), name="BE"), "chapter", "Backend", "Rename chapter Backend to BE"),
        (RenameGuild(id=id_of("Web"), name="Net"), "guild", "Web", "Rename guild Web to Net"),
        (RenamePerson(id=id_of("Ana"), name="Anna"), "person", "Ana", "Rename person Ana to Anna"),
        (
            RewordMission(id=id_of("Find it"), name="Find all"),
            "mission",
            "Find it",
            "Reword mission “Find it”",
        ),
    ],
)
def test_rename_keeps_the_key(operation: Any, kind: str, name: str, sentence: str) -> None:
    old: Any = kestrel().get(kind, id_of(name))
    new: Any = after(kestrel(), operation).get(kind, id_of(name))
    assert (new.name, new.key, said(operation)) == (operation.name, old.key, sentence)


@pytest.mark.parametrize(
    ("operation", "kind", "name", "field", "value", "sentence"),
    [
        (
            EditTribe(id=id_of("Listening"), values={"purpose": "Ears"}),
            "tribe",
            "Listening",
            "purpose",
            "Ears",
            "Edit tribe Listening: purpose",
        ),
        (
            EditSquad(id=id_of("Search"), values={"type": "platform"}),
            "squad",
            "Search",
            "type",
            "platform",
            "Edit squad Search: type",
        ),
        (
            EditChapter(id=id_of("Backend"), values={"competency": "Go"}),
            "chapter",
            "Backend",
            "competency",
            "Go",
            "Edit chapter Backend: competency",
        ),
        (
            EditGuild(id=id_of("Web"), values={"last_session_on": TODAY}),
            "guild",
            "Web",
            "last_session_on",
            TODAY,
            "Edit guild Web: last session on",
        ),
        (
            EditMission(id=id_of("Find it"), values={"target": Decimal(5)}),
            "mission",
            "Find it",
            "target",
            Decimal(5),
            "Edit mission Find it: target",
        ),
        (
            EditPerson(id=id_of("Ana"), values={"level": "I3"}),
            "person",
            "Ana",
            "level",
            "I3",
            "Edit person Ana: level",
        ),
        (
            EditRole(id=id_of("Engineer"), values={"craft": "Tech"}),
            "role",
            "Engineer",
            "craft",
            "Tech",
            "Edit role Engineer: craft",
        ),
        (
            EditVacancy(id=id_of("Tester"), values={"level": "I1"}),
            "vacancy",
            "Tester",
            "level",
            "I1",
            "Edit vacancy Tester: level",
        ),
    ],
)
def test_edit(operation: Any, kind: str, name: str, field: str, value: Any, sentence: str) -> None:
    assert getattr(after(kestrel(), operation).get(kind, id_of(name)), field) == value
    assert said(operation) == sentence


def test_an_edit_conflicts_where_its_editor_saw_something_else() -> None:
    stale = EditPerson(id=id_of("Ana"), values={"level": "I4"}, seen={"level": "I2"})
    with pytest.raises(Conflict) as caught:
        stale.apply(kestrel())
    conflict = caught.value.conflicts[0]
    assert (conflict.field, conflict.expected, conflict.found, conflict.wanted) == ("level", "I2", "", "I4")


def test_an_edit_to_what_is_there_already_is_no_conflict() -> None:
    org = after(kestrel(), EditPerson(id=id_of("Ana"), values={"level": "I4"}))
    again = EditPerson(id=id_of("Ana"), values={"level": "I4"}, seen={"level": ""})
    assert again.apply(org).people[id_of("Ana")].level == "I4"


# Closing and reopening


@pytest.mark.parametrize(
    ("close", "reopen", "kind", "name"),
    [
        (CloseSquad, ReopenSquad, "squad", "Studio"),
        (CloseGuild, ReopenGuild, "guild", "Web"),
        (RetireMission, ReopenMission, "mission", "Play it"),
    ],
)
def test_close_and_reopen(close: Any, reopen: Any, kind: str, name: str) -> None:
    closed = after(kestrel(), close(id=id_of(name)))
    assert closed.get(kind, id_of(name)).closed_on == TODAY  # type: ignore[union-attr]
    assert "is closed already" in refusal(closed, close(id=id_of(name))) or kind == "mission"
    opened = after(closed, reopen(id=id_of(name)))
    assert opened.get(kind, id_of(name)).closed_on is None  # type: ignore[union-attr]
    assert refusal(opened, reopen(id=id_of(name))) == f"{name} is open."


def test_closing_a_squad_that_holds_people_says_who() -> None:
    close = CloseSquad(id=id_of("Playback"))
    assert refusal(kestrel(), close) == (
        "Playback still has 2 people (Ben and Cleo) and 1 open vacancy (Tester). Move them first."
    )
    with pytest.raises(Refused) as caught:
        close.apply(kestrel())
    assert sorted(caught.value.blockers) == sorted(
        [("person", id_of("Ben")), ("person", id_of("Cleo")), ("vacancy", id_of("Tester"))]
    )


def test_closing_a_tribe_and_a_chapter_that_hold_something_says_what() -> None:
    assert refusal(kestrel(), CloseTribe(id=id_of("Listening"))) == (
        "Listening still has Playback, Search and Backend. Move or close them first."
    )
    assert refusal(kestrel(), CloseChapter(id=id_of("Backend"))) == (
        "Backend still has Ben, Cleo and Tester. Move them first."
    )


def test_an_empty_tribe_and_chapter_close() -> None:
    org = an_org(tribe("Empty"), chapter("Alone"))
    org = after(org, CloseTribe(id=id_of("Empty")), CloseChapter(id=id_of("Alone")))
    assert (org.tribes[id_of("Empty")].closed_on, org.chapters[id_of("Alone")].closed_on) == (TODAY, TODAY)
    org = after(org, ReopenTribe(id=id_of("Empty")), ReopenChapter(id=id_of("Alone")))
    assert (org.tribes[id_of("Empty")].closed_on, org.chapters[id_of("Alone")].closed_on) == (None, None)


def test_closing_a_guild_lets_everyone_go() -> None:
    close = CloseGuild(id=id_of("Web"))
    assert said(close) == "Close guild Web, 2 members leave"
    assert after(kestrel(), close).guild_members_in(id_of("Web")) == []


def test_retiring_a_mission_leaves_its_squads_without_one() -> None:
    org = after(kestrel(), EditMission(id=id_of("Play it"), values={"parent": None}))
    retire = RetireMission(id=id_of("Find it"))
    assert retire.describe(org) == "Retire mission “Find it”, which leaves Search without one"
    assert after(org, retire).squads[id_of("Search")].mission is None
    assert (
        refusal(kestrel(), retire)
        == "Missions still serve this one: Play it. Retire them or move them first."
    )


# Squads


def test_move_squad_takes_everyone_along() -> None:
    move = MoveSquad(squad=id_of("Search"), tribe=id_of("Creators"))
    assert said(move) == "Move squad Search from Listening to Creators"
    org = after(kestrel(), move)
    assert org.squads[id_of("Search")].tribe == id_of("Creators")
    assert {m.person for m in org.memberships_in(id_of("Search"))} == {id_of("Ana"), id_of("Ben")}
    assert refusal(org, move) == "Search is in Creators already."


def test_set_and_clear_the_product_owner() -> None:
    owner = id_of("Product owner")
    appoint = SetSquadLead(squad=id_of("Search"), role=owner, person=id_of("Ben"))
    assert said(appoint) == "Make Ben product owner of Search"
    org = after(kestrel(), appoint)
    assert org.holder(id_of("Search"), "product-owner") == org.people[id_of("Ben")]
    assert org.memberships[id_of("Ana", "Search")].role is None
    clear = SetSquadLead(squad=id_of("Search"), role=owner, person=None)
    assert said(clear) == "Leave Search without a product owner"
    assert after(org, clear).holder(id_of("Search"), "product-owner") is None
    outsider = SetSquadLead(squad=id_of("Search"), role=owner, person=id_of("Cleo"))
    assert refusal(kestrel(), outsider) == "Cleo is not in Search. Add them to the squad first."


@pytest.mark.parametrize(
    ("operation", "clear", "kind", "unit", "field", "sentence"),
    [
        (
            SetTribeLead(tribe=id_of("Listening"), seat="product_lead", person=id_of("Ana")),
            SetTribeLead(tribe=id_of("Listening"), seat="product_lead", person=None),
            "tribe",
            "Listening",
            "product_lead",
            "Make Ana product lead of Listening",
        ),
        (
            SetChapterLead(chapter=id_of("Backend"), person=id_of("Cleo")),
            SetChapterLead(chapter=id_of("Backend"), person=None),
            "chapter",
            "Backend",
            "lead",
            "Make Cleo chapter lead of Backend",
        ),
        (
            SetGuildCoordinator(guild=id_of("Web"), person=id_of("Cleo")),
            SetGuildCoordinator(guild=id_of("Web"), person=None),
            "guild",
            "Web",
            "coordinator",
            "Make Cleo coordinator of Web",
        ),
    ],
)
def test_set_and_clear_leads(
    operation: Any, clear: Any, kind: str, unit: str, field: str, sentence: str
) -> None:
    org = after(kestrel(), operation)
    assert getattr(org.get(kind, id_of(unit)), field) == operation.person
    assert said(operation) == sentence
    assert refusal(org, operation) == f"That is so already in {unit}."
    assert getattr(after(org, clear).get(kind, id_of(unit)), field) is None
    assert clear.describe(org).startswith(f"Leave {unit} without a ")


# Memberships


def test_move_keeps_role_share_and_since_but_not_a_leading_role() -> None:
    org = kestrel()
    org = org.edit(org.memberships[id_of("Ben", "Search")], share=60, since=TODAY).settle(0)
    moved = after(org, MovePeople(people=(id_of("Ben"),), to=id_of("Studio"), source=id_of("Search")))
    ben = moved.membership(id_of("Ben"), id_of("Studio"))
    assert ben is not None
    assert (ben.role, ben.share, ben.since) == (id_of("Engineer"), 60, TODAY)
    ana = after(org, MovePeople(people=(id_of("Ana"),), to=id_of("Studio")))
    assert [m.role for m in ana.memberships_of(id_of("Ana"))] == [None]


def test_move_may_set_role_share_and_since() -> None:
    move = MovePeople(
        people=(id_of("Ana"),), to=id_of("Studio"), role=id_of("Engineer"), share=50, since=TODAY
    )
    assert said(move) == "Move Ana from Search to Studio as engineer at 50 %"
    moved = after(kestrel(), move).membership(id_of("Ana"), id_of("Studio"))
    assert moved is not None
    assert (moved.role, moved.share, moved.since) == (id_of("Engineer"), 50, TODAY)


def test_moving_many_is_one_sentence() -> None:
    move = MovePeople(people=(id_of("Ana"), id_of("Ben"), id_of("Cleo")), to=id_of("Studio"))
    assert said(move) == "Move Ana, Ben and Cleo to Studio"
    assert after(kestrel(), move).size_of(id_of("Studio")) == 3


def test_moving_to_where_someone_is_already_adds_the_shares() -> None:
    org = kestrel()
    org = org.edit(org.memberships[id_of("Ben", "Search")], share=50).settle(0)
    moved = after(org, MovePeople(people=(id_of("Ben"),), to=id_of("Playback"), source=id_of("Search")))
    assert [(m.squad, m.share) for m in moved.memberships_of(id_of("Ben"))] == [(id_of("Playback"), 90)]


def test_moving_someone_whom_another_has_moved_meanwhile_is_a_conflict_with_both_values() -> None:
    move = MovePeople(people=(id_of("Ana"),), to=id_of("Studio"), source=id_of("Search"))
    org = after(kestrel(), MovePeople(people=(id_of("Ana"),), to=id_of("Playback")))
    with pytest.raises(Conflict) as caught:
        move.apply(org)
    conflict = caught.value.conflicts[0]
    assert (conflict.expected, conflict.found, conflict.wanted) == (
        id_of("Search"),
        id_of("Playback"),
        id_of("Studio"),
    )


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (MovePeople(people=(), to=id_of("Studio")), "Choose at least one person."),
        (
            MovePeople(people=(id_of("Eve"),), to=id_of("Studio")),
            "Eve is in no squad. Add them to Studio instead.",
        ),
        (MovePeople(people=(id_of("Ana"),), to=id_of("Search")), "Ana is in Search already."),
        (MovePeople(people=(id_of("Ana"),), to=NEW), "There is no such squad."),
        (JoinSquad(id=NEW, person=id_of("Ana"), squad=id_of("Search")), "Ana is in Search already."),
        (LeaveSquad(person=id_of("Ana"), squad=id_of("Studio")), "Ana is not in Studio."),
        (SetShare(person=id_of("Cleo"), squad=id_of("Playback"), share=100), "That is their share already."),
        (
            EditMembership(person=id_of("Ana"), squad=id_of("Search"), values={"squad": NEW}),
            "Squad cannot be changed here.",
        ),
    ],
)
def test_memberships_refuse(operation: Operation, message: str) -> None:
    assert refusal(kestrel(), operation) == message


def test_join_leave_share_edit() -> None:
    join = JoinSquad(id=NEW, person=id_of("Eve"), squad=id_of("Studio"), role=id_of("Engineer"), share=20)
    assert said(join) == "Add Eve to Studio as engineer at 20 %"
    org = after(kestrel(), join)
    set_share = SetShare(person=id_of("Eve"), squad=id_of("Studio"), share=None)
    assert set_share.describe(org) == "Leave open how much of Eve is in Studio"
    org = after(
        org, set_share, EditMembership(person=id_of("Eve"), squad=id_of("Studio"), values={"kind": "loan"})
    )
    membership = org.memberships[NEW]
    assert (membership.share, membership.kind) == (None, "loan")
    leave = LeaveSquad(person=id_of("Eve"), squad=id_of("Studio"))
    assert leave.describe(org) == "Take Eve out of Studio"
    assert after(org, leave).memberships_of(id_of("Eve")) == []


# People


def test_offboarding_ends_everything_and_names_what_stands_empty() -> None:
    leave = OffboardPerson(person=id_of("Ana"))
    assert (
        said(leave)
        == "Offboard Ana, which leaves empty: guild coordinator of Web and product owner of Search"
    )
    org = after(kestrel(), leave)
    assert org.people[id_of("Ana")].status == "left"
    assert org.memberships_of(id_of("Ana")) == []
    assert org.guild_members_of(id_of("Ana")) == []
    assert org.guilds[id_of("Web")].coordinator is None
    assert org.people[id_of("Dan")].manager == id_of("Eve")  # reports go to the manager's manager
    assert refusal(org, leave) == "Ana has left."


def test_offboarding_may_name_who_takes_the_reports() -> None:
    org = after(kestrel(), OffboardPerson(person=id_of("Ana"), successor=id_of("Ben")))
    assert org.people[id_of("Dan")].manager == id_of("Ben")
    heir = after(kestrel(), OffboardPerson(person=id_of("Ana"), successor=id_of("Dan")))
    assert heir.people[id_of("Dan")].manager is None  # nobody answers to themselves


def test_reinstating_brings_back_the_person_alone() -> None:
    org = after(kestrel(), OffboardPerson(person=id_of("Ana")))
    back = after(org, ReinstatePerson(person=id_of("Ana")))
    assert (back.people[id_of("Ana")].status, back.memberships_of(id_of("Ana"))) == ("active", [])
    assert refusal(back, ReinstatePerson(person=id_of("Ana"))) == "Ana is here."


def test_someone_who_has_left_can_do_nothing() -> None:
    org = after(kestrel(), OffboardPerson(person=id_of("Ana")))
    assert refusal(org, JoinSquad(id=NEW, person=id_of("Ana"), squad=id_of("Studio"))) == "Ana has left."
    assert (
        refusal(org, SetTribeLead(tribe=id_of("Creators"), seat="lead", person=id_of("Ana")))
        == "Ana has left."
    )
    assert refusal(org, EditPerson(id=id_of("Ben"), values={"manager": id_of("Ana")})) == "Ana has left."


# Chapters and guilds


def test_change_chapter() -> None:
    org = kestrel()
    org = org.put(an_org(chapter("Mobile")).chapters[id_of("Mobile")]).settle(0)
    change = ChangeChapter(people=(id_of("Ben"), id_of("Eve")), chapter=id_of("Mobile"))
    assert change.describe(org) == "Move Ben and Eve from chapter Backend to chapter Mobile"
    moved = after(org, change)
    assert {m.person for m in moved.chapter_members_in(id_of("Mobile"))} == {id_of("Ben"), id_of("Eve")}
    leave = ChangeChapter(people=(id_of("Ben"),), chapter=None)
    assert leave.describe(moved) == "Take Ben out of chapter Mobile"
    assert after(moved, leave).chapter_of(id_of("Ben")) is None
    assert refusal(moved, change) == "Ben is in Mobile already."
    assert refusal(kestrel(), ChangeChapter(people=(id_of("Eve"),), chapter=None)) == "Eve is in no chapter."


def test_join_and_leave_a_guild() -> None:
    join = JoinGuild(people=(id_of("Ben"), id_of("Eve")), guild=id_of("Web"), role="speaker")
    assert said(join) == "Add Ben and Eve to guild Web"
    org = after(kestrel(), join)
    assert sorted(m.role for m in org.guild_members_in(id_of("Web"))) == ["", "", "speaker", "speaker"]
    assert refusal(org, join) == "Ben is in Web already."
    leave = LeaveGuild(people=(id_of("Ben"),), guild=id_of("Web"))
    assert leave.describe(org) == "Take Ben out of guild Web"
    assert len(after(org, leave).guild_members_in(id_of("Web"))) == 3
    assert refusal(kestrel(), leave) == "Ben is not in Web."


def test_edit_what_someone_does_in_a_guild() -> None:
    org = after(kestrel(), JoinGuild(people=(id_of("Ben"),), guild=id_of("Web"), role="speaker"))
    ben, web = id_of("Ben"), id_of("Web")
    edit = EditGuildMember(person=ben, guild=web, values={"role": "scribe"}, seen={"role": "speaker"})
    assert edit.describe(org) == "Make Ben scribe in guild Web"
    edited = after(org, edit).guild_member(ben, web)
    assert edited is not None
    assert edited.role == "scribe"
    clear = EditGuildMember(person=ben, guild=web, values={"role": ""})
    assert clear.describe(org) == "Leave Ben without a role in guild Web"
    assert refusal(kestrel(), edit) == "Ben is not in Web."
    assert refusal(org, EditGuildMember(person=ben, guild=web, values={})) == "Nothing to change."
    other = EditGuildMember(person=ben, guild=web, values={"person": NEW})
    assert refusal(org, other) == "Person cannot be changed here."
    with pytest.raises(Conflict):
        after(org, EditGuildMember(person=ben, guild=web, values={"role": "host"}, seen={"role": ""}))


# Missions, vacancies, roles


def test_assign_and_hand_over_a_mission() -> None:
    assign = AssignMission(squad=id_of("Playback"), mission=id_of("Play it"))
    assert said(assign) == "Give Playback the mission “Play it”"
    assert after(kestrel(), assign).squads[id_of("Playback")].mission == id_of("Play it")
    assert (
        refusal(kestrel(), AssignMission(squad=id_of("Search"), mission=id_of("Find it")))
        == "That is the mission of Search already."
    )
    hand_over = HandOverMission(source=id_of("Search"), to=id_of("Studio"))
    assert said(hand_over) == "Hand the mission “Find it” over from Search to Studio"
    org = after(kestrel(), hand_over)
    assert (org.squads[id_of("Search")].mission, org.squads[id_of("Studio")].mission) == (
        None,
        id_of("Find it"),
    )
    assert refusal(org, hand_over) == "Search has no mission to hand over."


def test_fill_a_vacancy() -> None:
    fill = FillVacancy(id=NEW, vacancy=id_of("Tester"), person=id_of("Eve"), share=100, since=TODAY)
    assert said(fill) == "Fill vacancy Tester with Eve"
    org = after(kestrel(), fill)
    filled = org.vacancies[id_of("Tester")]
    assert (filled.state, filled.filled_by) == ("filled", id_of("Eve"))
    joined = org.membership(id_of("Eve"), id_of("Playback"))
    assert joined is not None
    assert (joined.id, joined.share, joined.since) == (NEW, 100, TODAY)
    eve = org.chapter_of(id_of("Eve"))
    assert eve is not None
    assert eve.name == "Backend"
    assert refusal(org, fill) == "Tester is filled."
    reopened = after(org, ReopenVacancy(vacancy=id_of("Tester")))
    assert (reopened.vacancies[id_of("Tester")].is_open, reopened.vacancies[id_of("Tester")].filled_by) == (
        True,
        None,
    )


def test_close_a_vacancy() -> None:
    close = CloseVacancy(vacancy=id_of("Tester"))
    assert said(close) == "Close vacancy Tester"
    assert after(kestrel(), close).vacancies[id_of("Tester")].state == "cancelled"


def test_a_role_in_use_stays() -> None:
    assert refusal(kestrel(), RemoveRole(id=id_of("Engineer"))) == "Engineer is still held by Ben."
    org = after(kestrel(), CreateRole(id=NEW, values={"name": "Coach"}))
    assert RemoveRole(id=NEW).describe(org) == "Remove role Coach"
    assert NEW not in after(org, RemoveRole(id=NEW)).roles
