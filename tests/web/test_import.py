"""import_org: what a folder of files makes of an organization, and what is said about files that are wrong."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from orgmodel.changes import plans, store
from orgmodel.changes.files.planning import Plan, Terms, plan_import
from orgmodel.changes.files.sources import ENDINGS
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.core.operations.lineage import lineage_id
from orgmodel.core.org import Org
from orgmodel.core.records import Membership
from tests.build import an_org, chapter, guild, id_of, mission, person, role, save, squad, tribe, vacancy

TODAY = date(2026, 11, 20)

PEOPLE = "key,name,email\np1,Ana,ana@example.org\np2,Ben,ben@example.org\n"
TRIBES = "key,name,lead\npayments,Payments,p1\n"
SQUADS = "key,name,tribe,mission\nphoenix,Phoenix,payments,Paid on time\nraven,Raven,payments,Paid on time\n"
MEMBERSHIPS = "person,squad,role\np1,phoenix,lead\np2,phoenix,member\n"


def plan(org: Org | None = None, *, close: bool = False, **files: str | bytes) -> Plan:
    """Plan the import of files named without their ending."""
    contents = {
        f"{name}.csv": text if isinstance(text, bytes) else text.encode() for name, text in files.items()
    }
    return plan_import(
        contents, org or Org.empty(), today=TODAY, terms=Terms(missing="close" if close else "keep")
    )


def errors(org: Org | None = None, *, close: bool = False, **files: str | bytes) -> list[str]:
    found = plan(org, close=close, **files)
    assert found.operation is None or not found.errors
    return [str(error) for error in found.errors]


def imported(org: Org | None = None, *, close: bool = False, **files: str | bytes) -> Org:
    found = plan(org, close=close, **files)
    assert found.errors == ()
    assert found.operation is not None
    return found.operation.apply(org or Org.empty())


def folder(path: Path, **files: str | bytes) -> str:
    for name, text in files.items():
        (path / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def found(org: Org, kind: str, key: str) -> Any:
    record = org.find(kind, key)
    assert record is not None
    return record


# What comes of it


def test_a_folder_becomes_an_organization() -> None:
    org = imported(people=PEOPLE, tribes=TRIBES, squads=SQUADS, memberships=MEMBERSHIPS)
    phoenix = found(org, "squad", "phoenix")
    assert found(org, "tribe", "payments").lead == found(org, "person", "p1").id
    assert phoenix.tribe == found(org, "tribe", "payments").id
    assert [(r.name, p.name) for r, p in org.squad_leads(phoenix.id)] == [("Lead", "Ana")]
    assert {(r.key, r.name, r.leads) for r in org.roles.values()} == {
        ("lead", "Lead", True),
        ("member", "Member", False),
    }


def test_equal_mission_texts_are_one_mission_with_a_key_made_from_the_text() -> None:
    org = imported(tribes="key,name\npayments,Payments\n", squads=SQUADS)
    assert [(m.key, m.statement) for m in org.missions.values()] == [("paid-on-time", "Paid on time")]
    again = plan(org, tribes="key,name\npayments,Payments\n", squads=SQUADS)
    assert (again.operation, again.errors) == (None, ())


def test_a_mission_may_be_named_by_its_key() -> None:
    org = an_org(mission("Paid on time"), squad("Phoenix"))
    after = imported(org, squads="key,name,mission\nphoenix,Phoenix,paid-on-time\n")
    assert len(after.missions) == 1
    assert found(after, "squad", "phoenix").mission == found(org, "mission", "paid-on-time").id


def test_every_kind_of_file_is_read() -> None:
    org = imported(
        people=PEOPLE,
        tribes=TRIBES,
        squads=SQUADS,
        memberships="person,squad,role,share,kind,since,until\np1,phoenix,po,60,loan,2026-01-01,2026-12-31\n",
        chapters="key,name,competency,tribe,lead\nbackend,Backend,Backend,payments,p1\n",
        chapter_members="person,chapter\np2,backend\n",
        guilds="key,name,purpose,kind,last_session_on\nweb,Web,All things web,capability,2026-10-01\n",
        guild_members="person,guild,role\np2,web,speaker\n",
        missions="key,statement,metric,target\npaid,Paid on time,Payouts on time,99.5\n",
        vacancies="key,title,squad,chapter,hiring_manager,opened_on,state\n"
        "v1,Engineer,phoenix,backend,p1,2026-09-01,on hold\n",
        roles="key,name,leads,craft\npo,Product owner,yes,Product\n",
    )
    assert [
        len(org.table(kind))
        for kind in ("chapter", "chapter_member", "guild", "guild_member", "vacancy", "role")
    ] == [1] * 6
    (membership,) = org.memberships.values()
    assert (membership.share, membership.kind, membership.since) == (60, "loan", date(2026, 1, 1))
    assert found(org, "vacancy", "v1").state == "on_hold"
    assert str(found(org, "mission", "paid").target) == "99.5"
    assert found(org, "role", "po").leads is True


def test_which_squad_came_of_which_is_read_once_and_needs_two_squads_and_a_day() -> None:
    org = an_org(squad("Search"), squad("Ranking"))
    rows = "predecessor,successor,on,how\nsearch,ranking,2026-05-01,split\n"
    now = imported(org, squad_lineage=rows)
    assert [*now.table("squad_lineage")] == [lineage_id(id_of("Search"), id_of("Ranking"), date(2026, 5, 1))]
    assert plan(now, squad_lineage=rows).operation is None
    assert errors(org, squad_lineage=f"{rows}search,ranking,2026-05-01,merge\n") == [
        "squad_lineage.csv:3: successor: this line is in the file already, in line 2"
    ]
    assert errors(org, squad_lineage="predecessor,successor,on\nsearch,search,2026-05-01\n") == [
        "squad_lineage.csv:2: successor: Search cannot come of itself"
    ]
    assert errors(org, squad_lineage="predecessor,successor,on\nsearch,ranking,\n") == [
        "squad_lineage.csv:2: on: day is missing"
    ]


def test_an_absent_column_leaves_the_field_and_an_empty_cell_empties_it() -> None:
    org = an_org(person("Ana", email="ana@example.org", city="Berlin", title="Engineer"))
    after = imported(org, people="key,name,email,title\nana,Ana,ana@example.org,\n")
    assert (found(after, "person", "ana").city, found(after, "person", "ana").title) == ("Berlin", "")


def test_external_ids_have_a_column_for_each_source() -> None:
    org = imported(people="key,name,email,external_id:hris,external_id:git\np1,Ana,,4711,\n")
    assert found(org, "person", "p1").external_ids == (("hris", "4711"),)
    after = imported(org, people="key,name,email,external_id:git\np1,Ana,,ana\n")
    assert found(after, "person", "p1").external_ids == (("git", "ana"), ("hris", "4711"))
    emptied = imported(after, people="key,name,email,external_id:hris\np1,Ana,,\n")
    assert found(emptied, "person", "p1").external_ids == (("git", "ana"),)


def test_roles_are_found_by_key_or_by_name_whatever_the_case() -> None:
    org = an_org(role("Product owner", leads=True), person("Ana"), person("Ben"), squad("Phoenix"))
    after = imported(
        org, memberships="person,squad,role\nana,phoenix,PRODUCT OWNER\nben,phoenix,product-owner\n"
    )
    assert len(after.roles) == 1
    assert {m.role for m in after.memberships.values()} == set(org.roles)


def test_the_first_coordinator_named_coordinates_a_guild_that_has_none() -> None:
    members = "person,guild,role\np2,web,coordinator\np1,web,coordinator\n"
    org = imported(people=PEOPLE, guilds="key,name\nweb,Web\n", guild_members=members)
    assert found(org, "guild", "web").coordinator == found(org, "person", "p2").id
    assert plan(org, guild_members=members).operation is None
    decided = imported(people=PEOPLE, guilds="key,name,coordinator\nweb,Web,\n", guild_members=members)
    assert found(decided, "guild", "web").coordinator is None


def test_keys_that_cannot_stand_in_an_address_are_kept_in_another_form() -> None:
    made = plan(
        squads="key,name\nk8s/sig-apps,Apps\n",
        people="key,name,email\na@b.org,Ana,\n",
        memberships="person,squad\na@b.org,k8s/sig-apps\n",
    )
    assert made.operation is not None
    org = made.operation.apply(Org.empty())
    assert (
        org.membership(found(org, "person", "a-b.org").id, found(org, "squad", "k8s-sig-apps").id) is not None
    )
    assert [str(notice) for notice in made.notices] == [
        "squads.csv:2: key: “k8s/sig-apps” is kept as “k8s-sig-apps”",
        "people.csv:2: key: “a@b.org” is kept as “a-b.org”",
    ]


def test_two_people_with_one_email_address_are_worth_a_note() -> None:
    made = plan(people="key,name,email\np1,Ana,a@example.org\np2,Ben,A@example.org\n")
    assert [str(notice) for notice in made.notices] == [
        "people.csv:3: email: “A@example.org” is also in line 2"
    ]


def test_spreadsheets_in_other_countries_write_semicolons_and_a_bom() -> None:
    org = imported(people=b"\xef\xbb\xbfkey;name;email\r\np1;Ana, the first;a@example.org\r\n")
    assert found(org, "person", "p1").name == "Ana, the first"


def test_lines_may_end_in_any_way_and_be_empty() -> None:
    org = imported(people=b"key,name,email\r\np1,Ana,\r\n\r\np2,Ben,\n,,\np3,Cleo,\rp4,Dan,")
    assert sorted(p.name for p in org.people.values()) == ["Ana", "Ben", "Cleo", "Dan"]


def test_exactly_one_guard_against_formulas_is_taken_off() -> None:
    people = "key,name,email\np1,'=Ana,\np2,''=Ben,\np3,'Cleo,\np4,=Dan,\n"
    org = imported(people=people)
    assert [found(org, "person", f"p{n}").name for n in range(1, 5)] == ["=Ana", "'=Ben", "'Cleo", "=Dan"]


def test_a_first_line_alone_means_no_rows() -> None:
    made = plan(people="key,name,email\n")
    assert (made.operation, made.errors, [row.label for row in made.rows]) == (None, (), ["people"])


def test_counts_tell_new_changed_unchanged_and_closed() -> None:
    org = imported(people=PEOPLE, tribes=TRIBES, squads=SQUADS, memberships=MEMBERSHIPS)
    made = plan(
        org,
        close=True,
        squads="key,name,tribe,closed_on\nphoenix,Phoenix,payments,\nraven,Raven Two,payments,\nowl,Owl,payments,\n",
        memberships="person,squad,role\np1,phoenix,lead\n",
    )
    assert made.operation is not None
    assert made.operation.title == "Import 2 squads and 1 membership"
    assert [(r.label, r.new, r.changed, r.unchanged, r.closed) for r in made.rows] == [
        ("squads", 1, 1, 1, 0),
        ("memberships", 0, 0, 1, 1),
    ]


# Closing what is missing


def a_company() -> Org:
    return an_org(
        tribe("Payments", squad("Phoenix", "Ana", "Ben"), squad("Raven"), lead="Ana"),
        chapter("Backend", "Ben", lead="Ana"),
        chapter("Old chapter"),
        guild("Web", "Ben"),
        mission("Paid on time"),
        mission("Part", parent="Paid on time"),
        vacancy("Engineer", squad="Phoenix"),
        person("Cleo", manager="Ben"),
        role("Unused"),
    )


def test_by_default_what_the_files_lack_stays() -> None:
    made = plan(a_company(), people="key,name,email\nana,Ana,\n", squads="key,name\nraven,Raven\n")
    assert made.operation is None


def test_missing_people_are_offboarded_and_their_reports_go_up() -> None:
    org = imported(a_company(), close=True, people="key,name,email\nana,Ana,\ncleo,Cleo,\n")
    ben = found(org, "person", "ben")
    assert (ben.status, org.memberships_of(ben.id), org.chapter_of(ben.id), org.guild_members_of(ben.id)) == (
        "left",
        [],
        None,
        [],
    )
    assert found(org, "person", "cleo").manager is None


def test_missing_units_close_today_vacancies_are_cancelled_and_roles_stay() -> None:
    org = imported(
        a_company(),
        close=True,
        squads="key,name\nphoenix,Phoenix\n",
        chapters="key,name\nbackend,Backend\n",
        guilds="key,name\n",
        missions="key,statement\n",
        vacancies="key,title\n",
        roles="key,name\n",
    )
    closed = [
        ("squad", "raven"),
        ("chapter", "old-chapter"),
        ("guild", "web"),
        ("mission", "part"),
        ("mission", "paid-on-time"),
    ]
    assert [found(org, kind, key).closed_on for kind, key in closed] == [TODAY] * 5
    assert found(org, "vacancy", "engineer").state == "cancelled"
    assert found(org, "role", "unused").name == "Unused"


def test_a_unit_that_still_holds_people_is_not_closed_behind_their_backs() -> None:
    assert errors(a_company(), close=True, squads="key,name\nraven,Raven\n") == [
        "squads.csv:1: key: “phoenix” is not in the file and cannot be closed: "
        "Phoenix still has 2 people (Ana and Ben) and 1 open vacancy (Engineer). Move them first."
    ]


def test_complete_files_may_refer_only_to_what_they_name() -> None:
    files = {"people": "key,name,email\nana,Ana,\n", "memberships": "person,squad\nben,phoenix\n"}
    assert errors(a_company(), close=True, **files) == ["memberships.csv:2: person: there is no person “ben”"]
    assert errors(a_company(), **files) == []


# What is wrong


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "people.csv:1: is empty; its first line must name the columns"),
        (b"\xef\xbb\xbf\n\n", "people.csv:1: is empty; its first line must name the columns"),
        ("key,name,email\n".encode("utf-16"), "people.csv:1: is UTF-16; save it as CSV in UTF-8"),
        (
            "key,name,email\n".encode("utf-16-le"),
            "people.csv:1: holds a NUL character; save it as CSV in UTF-8",
        ),
        (
            b"key,name,email\np1,Ana,\np2,J\xf6rg,\n",
            "people.csv:3: is not UTF-8 (byte 0xf6); save it as CSV in UTF-8",
        ),
        (b"key,name,email\np1,A\x00na,\n", "people.csv:2: holds a NUL character; save it as CSV in UTF-8"),
        (b"PK\x03\x04rest", "people.csv:1: is a spreadsheet or zip file; save it as CSV in UTF-8"),
        (b"\x89PNG\r\n\x1a\n", "people.csv:1: is not UTF-8 (byte 0x89); save it as CSV in UTF-8"),
        (b'key,name,email\np1,"Ana,\np2,Ben,\n', "people.csv:2: opens a quote that is never closed"),
        (
            b'key,name,email\np1,"Ana" B,\n',
            "people.csv:2: has text after a closing quote; a quote inside a cell is written twice",
        ),
        (
            b"key,name,email\np1," + b"x" * 10_000_000 + b",\n",
            "people.csv:2: has a cell of more than 131,072 characters; is a quote never closed?",
        ),
        (b"key,name,email\np1,Ana\n", "people.csv:2: has 2 cells where the first line names 3 columns"),
        (b"key,name,email\np1,Ana,,x\n", "people.csv:2: has 4 cells where the first line names 3 columns"),
        (b"key,name,email,name\np1,Ana,,x\n", "people.csv:1: name: is named twice"),
        (b"key,name\np1,Ana\n", "people.csv:1: email: is missing"),
        (b"key,name,email,titel\n", "people.csv:1: titel: is not a column of people.csv; do you mean title?"),
        (
            b"key,name,email,external_id:\n",
            "people.csv:1: external_id:: must name a source after the colon, such as external_id:hris",
        ),
        (b"key,name,email" + b",x" * 300 + b"\n", "people.csv:1: names 303 columns; 64 are allowed"),
        (b"key,name,email\n,Ana,\n", "people.csv:2: key: is missing"),
        (b"key,name,email\np1,,\n", "people.csv:2: name: name is missing"),
        (b"key,name,email\np1,Ana,\np1,Ben,\n", "people.csv:3: key: “p1” is also in line 2"),
        (
            "key,name,email\nåsa,Åsa,\n".encode(),
            "people.csv:2: key: Key may hold letters, digits, dots, dashes and underscores only",
        ),
        (
            b"key,name,email\np1," + b"x" * 201 + b",\n",
            "people.csv:2: name: name is longer than 200 characters",
        ),
        (
            b"key,name,email,started_on\np1,Ana,,31.12.2026\n",
            "people.csv:2: started_on: must be a date such as 2026-11-20",
        ),
        (
            b"key,name,email,started_on\np1,Ana,,2026-02-30\n",
            "people.csv:2: started_on: must be a date such as 2026-11-20",
        ),
        (
            b"key,name,email,employment\np1,Ana,,boss\n",
            "people.csv:2: employment: must be one of employee, contractor, intern, other",
        ),
        (b"key,name,email,manager\np1,Ana,,p9\n", "people.csv:2: manager: there is no person “p9”"),
        (b"key,name,email,manager\np1,Ana,,p1\n", "people.csv:2: manager: Ana would answer to themselves"),
    ],
)
def test_a_file_of_people_that_is_wrong(content: bytes, message: str) -> None:
    assert errors(people=content) == [message]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("p9,phoenix,,,,", "memberships.csv:2: person: there is no person “p9”"),
        (",phoenix,,,,", "memberships.csv:2: person: is missing"),
        ("p1,nowhere,,,,", "memberships.csv:2: squad: there is no squad “nowhere”"),
        ("p1,phoenix,300,,,", "memberships.csv:2: share: must be a whole number from 1 to 100"),
        ("p1,phoenix,0,,,", "memberships.csv:2: share: must be a whole number from 1 to 100"),
        ("p1,phoenix,half,,,", "memberships.csv:2: share: must be a whole number from 1 to 100"),
        (
            "p1,phoenix,,now and then,,",
            "memberships.csv:2: kind: must be one of permanent, loan, rotation, trial",
        ),
        (
            "p1,phoenix,,,2026-05-01,2026-04-30",
            "memberships.csv:2: until: Ana would leave on 2026-04-30 before joining on 2026-05-01",
        ),
        (
            "p1,phoenix,,,,\np1,phoenix,,,,",
            "memberships.csv:3: squad: this person is in this squad already, in line 2",
        ),
    ],
)
def test_a_file_of_memberships_that_is_wrong(rows: str, message: str) -> None:
    header = "person,squad,share,kind,since,until\n"
    assert errors(people=PEOPLE, squads="key,name\nphoenix,Phoenix\n", memberships=header + rows + "\n") == [
        message
    ]


def test_one_person_in_two_chapters_or_twice_in_a_guild() -> None:
    assert errors(
        people=PEOPLE,
        chapters="key,name\nbackend,Backend\nweb,Web\n",
        chapter_members="person,chapter\np1,backend\np1,web\n",
        guilds="key,name\nweb,Web\n",
        guild_members="person,guild\np1,web\np1,web\n",
    ) == [
        "chapter_members.csv:3: person: this person is in a chapter already, in line 2; one has one chapter at most",
        "guild_members.csv:3: guild: this person is in this guild already, in line 2",
    ]


def test_names_taken_twice_in_a_tribe() -> None:
    squads = "key,name,tribe\ns1,Phoenix,payments\ns2,PHOENIX,payments\ns3,Phoenix,\n"
    assert errors(tribes="key,name\npayments,Payments\n", squads=squads) == [
        "squads.csv:2: name: There is already a squad “Phoenix” in Payments",
        "squads.csv:3: name: There is already a squad “PHOENIX” in Payments",
    ]


def test_managers_in_a_circle() -> None:
    people = "key,name,email,manager\np1,Ana,,p2\np2,Ben,,p1\np3,Cleo,,p2\n"
    assert errors(people=people) == [
        "people.csv:2: manager: Ana would answer to themselves",
        "people.csv:3: manager: Ben would answer to themselves",
    ]


def test_a_line_of_managers_as_long_as_the_file_is_no_trouble() -> None:
    rows = "".join(f"p{n},Person {n},,p{n + 1}\n" for n in range(20_000))
    assert errors(people=f"key,name,email,manager\n{rows}p20000,The top,,\n") == []


def test_a_closed_unit_holds_nobody() -> None:
    squads = "key,name,closed_on\nphoenix,Phoenix,2026-01-01\n"
    assert errors(people=PEOPLE, squads=squads, memberships="person,squad\np1,phoenix\n") == [
        "memberships.csv:2: squad: Phoenix is closed"
    ]


def test_a_problem_with_a_record_that_no_file_names_says_whom() -> None:
    org = an_org(squad("Phoenix", "Ana"))
    assert errors(org, squads="key,name,closed_on\nphoenix,Phoenix,2026-01-01\n") == [
        "memberships.csv:1: squad: membership, which the file does not name: Phoenix is closed"
    ]


def test_a_mission_text_that_is_too_long_is_the_squads_fault() -> None:
    assert errors(squads="key,name,mission\nphoenix,Phoenix," + "long " * 500 + "\n") == [
        "squads.csv:2: mission: statement is longer than 2000 characters"
    ]


def test_a_file_of_another_name() -> None:
    assert errors(persons="key,name,email\n", squads="key,name\n")[0].startswith(
        "persons.csv:1: is none of the files"
    )
    assert errors(peoples="key,name,email\n") == [
        "peoples.csv:1: is none of the files of an organization; do you mean people.csv?"
    ]


def test_all_errors_come_at_once_in_order() -> None:
    assert errors(
        people="key,name,email,started_on\np1,Ana,,soon\np2,,,\np1,Cleo,,\n",
        squads="key,name\nphoenix\n",
        memberships="person,squad,share\np1,phoenix,300\np9,phoenix,1\n",
    ) == [
        "memberships.csv:2: share: must be a whole number from 1 to 100",
        "memberships.csv:2: squad: there is no squad “phoenix”",
        "memberships.csv:3: person: there is no person “p9”",
        "memberships.csv:3: squad: there is no squad “phoenix”",
        "people.csv:2: started_on: must be a date such as 2026-11-20",
        "people.csv:3: name: name is missing",
        "people.csv:4: key: “p1” is also in line 2",
        "squads.csv:2: has 1 cell where the first line names 2 columns",
    ]


def test_two_hundred_thousand_bad_lines_are_all_told() -> None:
    rows = "p1\n" * 200_000
    assert len(errors(people="key,name,email\n" + rows)) == 200_000


# The command


@pytest.mark.django_db
def test_the_command_writes_one_change_set_and_a_second_run_nothing(tmp_path: Path) -> None:
    directory = folder(tmp_path, people=PEOPLE, tribes=TRIBES, squads=SQUADS, memberships=MEMBERSHIPS)
    out, again = StringIO(), StringIO()
    call_command("import_org", directory, message="From HR.", stdout=out)
    assert out.getvalue().splitlines() == [
        "                       new   changed  unchanged    closed",
        "people                   2         0          0         0",
        "tribes                   1         0          0         0",
        "squads                   2         0          0         0",
        "memberships              2         0          0         0",
        "missions                 1         0          0         0",
        "roles                    2         0          0         0",
        "Version 1: Import 2 people, 1 tribe, 2 squads, 2 memberships, 1 mission and 2 roles",
    ]
    change_set = ChangeSet.objects.get()
    assert (change_set.source, change_set.message, change_set.actor_name) == (
        "import",
        "From HR.",
        "Command line",
    )
    call_command("import_org", directory, stdout=again)
    assert again.getvalue().splitlines()[-1] == "Nothing to change."
    assert ChangeSet.objects.count() == 1
    call_command("verify_log", stdout=StringIO())


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    out = StringIO()
    call_command("import_org", folder(tmp_path, people=PEOPLE), dry_run=True, stdout=out)
    assert out.getvalue().splitlines()[-1] == "This was a dry run; nothing is written."
    assert store.head().version == 0


@pytest.mark.django_db
def test_errors_are_printed_and_nothing_is_written(tmp_path: Path) -> None:
    complaints = StringIO()
    with pytest.raises(CommandError) as failure:
        call_command(
            "import_org", folder(tmp_path, people="key,name,email\np1,,\n,Ben,\n"), stderr=complaints
        )
    assert complaints.getvalue().splitlines() == [
        "people.csv:2: name: name is missing",
        "people.csv:3: key: is missing",
    ]
    assert (str(failure.value), failure.value.returncode) == ("2 errors; nothing is written.", 1)
    assert store.head().version == 0


@pytest.mark.django_db
def test_a_draft_is_not_live(tmp_path: Path) -> None:
    get_user_model().objects.create_superuser("root", password="a long password")
    out = StringIO()
    call_command("import_org", folder(tmp_path, people=PEOPLE), draft="From HR", stdout=out)
    assert out.getvalue().splitlines()[-1] == "Draft “From HR” of root: Import 2 people"
    assert store.head().version == 0
    assert len(plans.replay_draft(Draft.objects.get()).after.people) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("owner", [None, "nobody"])
def test_a_draft_needs_an_owner(tmp_path: Path, owner: str | None) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command(
            "import_org", folder(tmp_path, people=PEOPLE), draft="From HR", owner=owner, stdout=StringIO()
        )
    assert (
        str(refusal.value)
        == "A draft needs an owner. Name a login with --owner, or make one with createsuperuser."
    )


def test_a_folder_that_is_none_or_holds_no_files(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as missing:
        call_command("import_org", str(tmp_path / "nowhere"))
    assert (
        str(missing.value)
        == f"{tmp_path / 'nowhere'} is not a folder, nor a file that ends in {', '.join(ENDINGS)}."
    )
    with pytest.raises(CommandError) as empty:
        call_command("import_org", str(tmp_path))
    assert str(empty.value).startswith(
        f"There is no CSV file in {tmp_path}. Expected are people.csv, tribes.csv"
    )


@pytest.mark.django_db
def test_closing_is_asked_for(tmp_path: Path) -> None:
    save(an_org(squad("Phoenix", "Ana", "Ben")))
    out = StringIO()
    files = folder(tmp_path, memberships="person,squad\nana,phoenix\n")
    call_command("import_org", files, missing="close", stdout=out)
    assert out.getvalue().splitlines()[1:] == [
        "memberships              0         0          1         1",
        "Version 2: Import 1 membership",
    ]
    assert [type(m) for m in store.current().memberships.values()] == [Membership]
