"""Files of every format: HR exports, JSON, workbooks; people matched by an id of another system or by email."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from orgmodel.changes.files.mapping import guesses, match_for
from orgmodel.changes.files.planning import Plan, Terms, plan_import
from orgmodel.changes.files.writing import write_files, write_xlsx
from orgmodel.core.org import Org
from orgmodel.demo.kestrel import organization
from tests.build import an_org, id_of, mission, person, role, squad, tribe

TODAY = date(2026, 11, 20)
BY_HR = Terms(match="external_id:hris")
HR = "external_id:hris,name,manager,fte,email,squad\n"


def plan(name: str, content: bytes | str, org: Org | None = None, terms: Terms | None = None) -> Plan:
    body = content if isinstance(content, bytes) else content.encode()
    return plan_import({name: body}, org or a_company(), today=TODAY, terms=terms)


def done(found: Plan, org: Org | None = None) -> Org:
    assert [str(error) for error in found.errors] == []
    assert found.operation is not None
    return found.operation.apply(org or a_company())


def errors(found: Plan) -> list[str]:
    assert found.operation is None
    return [str(error) for error in found.errors]


def part_of(org: Org, who: str, where: str) -> Any:
    """Return someone's membership, both named by key."""
    found: Any = org.find("person", who), org.find("squad", where)
    return org.membership(*(record.id for record in found))


def a_company() -> Org:
    return an_org(
        person("Ana", email="ana@example.org", external_ids=(("hris", "1"),)),
        person("Ben", email="ben@example.org", external_ids=(("hris", "2"),)),
        person("Cleo", email="cleo@example.org"),
        role("Product owner", leads=True),
        tribe("Payments", squad("Phoenix", "Ana", "Ben", roles={"Ana": "Product owner"}), squad("Raven")),
    )


# People by the id of another system


def test_an_hr_export_finds_people_by_their_employee_id_and_moves_them() -> None:
    rows = "1,Ana,,1,ana@example.org,Raven\n2,Ben,1,0.8,ben@example.org,Phoenix\n3,Dora,1,100%,,raven\n"
    found = plan("people.csv", HR + rows, terms=BY_HR)
    org = done(found)
    ana, ben, dora = (org.find("person", key) for key in ("ana", "ben", "dora"))
    assert found.moved == 1
    assert [(row.kind, row.new, row.changed, row.unchanged) for row in found.rows] == [
        ("person", 1, 1, 1),
        ("membership", 1, 2, 0),
    ]
    assert [(o.line, o.key, o.outcome) for o in found.outcomes()] == [
        (2, "ana", "changed"),
        (3, "ben", "changed"),
        (4, "dora", "new"),
    ]
    moved = part_of(org, "ana", "raven")
    assert (moved.since, moved.role, moved.share) == (TODAY, None, 100)
    assert (ben.manager, part_of(org, "ben", "phoenix").share) == (ana.id, 80)  # type: ignore[union-attr]
    assert org.primary_membership(dora.id).squad == id_of("Raven")  # type: ignore[union-attr]
    assert plan("people.csv", HR + rows, org, BY_HR).operation is None


def test_people_are_matched_by_email_whatever_its_case_and_keep_their_keys() -> None:
    found = plan(
        "people.csv", "email,name,manager\nBEN@example.org,Benno,Ana@example.org\n", terms=Terms("email")
    )
    ben: Any = done(found).find("person", "ben")
    assert (ben.name, ben.manager) == ("Benno", id_of("Ana"))


def test_the_first_file_of_an_hr_system_takes_on_who_is_here_by_email() -> None:
    rows = "7,Cleo,,,CLEO@example.org,\n8,Cleo B,,,cleo@example.org,\n9,Ana C,,,ana@example.org,\n"
    org = done(plan("people.csv", HR + rows, terms=BY_HR))
    by_id = {dict(p.external_ids)["hris"]: p.key for p in org.people.values() if p.external_ids}
    assert by_id == {"1": "ana", "2": "ben", "7": "cleo", "8": "cleo-b", "9": "ana-c"}


def test_a_new_person_gets_the_key_of_the_file_or_one_made_from_the_name() -> None:
    rows = "external_id:hris,name,key\n7,Ana,\n8,Ana,\n9,Eve,evelyn\n"
    org = done(plan("people.csv", rows, terms=BY_HR))
    assert sorted(p.key for p in org.people.values()) == ["ana", "ana-2", "ana-3", "ben", "cleo", "evelyn"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (",Ana,,,,", "people.csv:2: external_id:hris: is missing, and rows are matched by it"),
        ("1,Ana,,,,\n1,Ben,,,,", "people.csv:3: external_id:hris: “1” is also in line 2"),
        ("1,Ana,99,,,", "people.csv:2: manager: there is no person “99”"),
        ("1,Ana,2,,,\n2,Ben,1,,,", "people.csv:2: manager: Ana would answer to themselves"),
        ("1,Ana,,lots,,", "people.csv:2: fte: must be a share such as 0.8 or 80%"),
        ("1,Ana,,,,Ranking", "people.csv:2: squad: there is no squad “Ranking”"),
    ],
)
def test_rows_of_an_hr_export_that_are_wrong(rows: str, message: str) -> None:
    assert message in errors(plan("people.csv", f"{HR}{rows}\n", terms=BY_HR))


def test_an_email_that_two_people_have_says_nothing() -> None:
    org = an_org(person("Ana", email="x@example.org"), person("Ben", email="x@example.org"))
    assert errors(plan("people.csv", "email,name\nx@example.org,Ana\n", org, Terms("email"))) == [
        "people.csv:2: email: “x@example.org” is said of several people"
    ]


def test_unknown_squads_may_be_passed_over() -> None:
    found = plan(
        "people.csv",
        f"{HR}1,Ana,,,ana@example.org,Ranking\n3,Dora,,,,Ranking\n",
        terms=Terms("external_id:hris", skips_unknown_squads=True),
    )
    assert found.unknown_squads == ("Ranking",)
    assert done(found).primary_membership(id_of("Ana")).squad == id_of("Phoenix")  # type: ignore[union-attr]


def test_someone_moved_by_two_files_at_once_is_an_error() -> None:
    files = {
        "people.csv": b"key,name,email,squad\nana,Ana,ana@example.org,raven\n",
        "memberships.csv": b"person,squad,share\nana,phoenix,50\n",
    }
    assert errors(plan_import(files, a_company(), today=TODAY)) == [
        "people.csv:2: squad: their memberships are in memberships.csv, line 2, as well"
    ]


def test_only_people_of_the_source_are_missing() -> None:
    rows = "external_id:hris,name\n1,Ana\n"
    org = done(plan("people.csv", rows, terms=Terms("external_id:hris", "close")))
    assert {p.key: p.status for p in org.people.values()} == {
        "ana": "active",
        "ben": "left",
        "cleo": "active",
    }
    assert errors(plan("people.csv", rows, terms=Terms("external_id:hris", "error"))) == [
        "people.csv:1: key: “ben” is not in the file"
    ]


# Columns of other systems


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        (
            "ID,First name,Last name,Email,Position,Team,Supervisor ID,FTE,Hire date",
            "external_id:hris name name email title squad manager fte started_on",
        ),
        (
            "Employee #,First Name,Last Name,Work Email,Job Title,Location,Supervisor EID,Hire Date",
            "external_id:hris name name email title city manager started_on",
        ),
        (
            "Employee ID,Worker,Email - Primary Work,Business Title,Worker's Manager,FTE %,Management Level",
            "external_id:hris name email title manager fte level",
        ),
        ("Personalnummer,Vorname,Nachname,E-Mail,Vorgesetzte", "external_id:hris name name email manager"),
        ("key,name,email,external_id:git,craft", "key name email external_id:git craft"),
    ],
    ids=["Personio", "BambooHR", "Workday", "German", "ours"],
)
def test_columns_are_guessed(header: str, fields: str) -> None:
    assert list(guesses(header.split(",")).values()) == fields.split()


def test_what_a_mapping_makes_of_a_file() -> None:
    header = ["Employee #", "First Name", "Last Name", "Work Email", "Shoe size", "Team"]
    columns = guesses(header)
    content = ",".join(header) + "\n2,Ben,Berg,ben@example.org,44,Raven\n"
    found = plan("export-2026.csv", content, terms=Terms(match_for(columns.values()), columns=columns))
    org = done(found)
    assert org.people[id_of("Ben")].name == "Ben Berg"
    assert found.moved == 1


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"ID": "external_id:hris", "Name": "name", "Mail": "email"}, "export.csv:1: Mail: is missing"),
        (
            {"ID": "email", "Name": "name", "Team": "email"},
            "export.csv:1: Team: is “email” as another column is",
        ),
    ],
)
def test_a_mapping_that_does_not_fit(columns: dict[str, str], message: str) -> None:
    content = "ID,Name,Team\n1,Ana,Raven\n"
    assert message in errors(plan("export.csv", content, terms=Terms("email", columns=columns)))


# JSON


def test_json_names_lists_and_leaves_what_it_does_not_say() -> None:
    body = {
        "people": [
            {"key": "ana", "title": "=Lead"},
            {"key": "dora", "name": "Dora", "email": "dora@example.org", "external_ids": {"hris": "9"}},
        ],
        "units": [{"record": "squad", "key": "owl", "name": "Owl", "tribe": "payments", "user_facing": True}],
        "memberships": [{"person": "dora", "squad": "owl", "share": 60}],
    }
    found = plan("import.json", orjson.dumps(body))
    org = done(found)
    ana, dora = org.find("person", "ana"), org.find("person", "dora")
    assert (ana.title, ana.email) == ("=Lead", "ana@example.org")  # type: ignore[union-attr]
    assert dora.external_ids == (("hris", "9"),)  # type: ignore[union-attr]
    assert part_of(org, "dora", "owl").share == 60
    assert [(o.file, o.line, o.outcome) for o in found.outcomes()] == [
        ("people", 1, "changed"),
        ("people", 2, "new"),
        ("units", 1, "new"),
        ("memberships", 1, "new"),
    ]


def test_ndjson_has_a_record_on_each_line() -> None:
    lines = '{"key":"dora","name":"Dora","email":""}\n\n{"record":"squad","key":"owl","name":"Owl"}\n'
    org = done(plan("import.ndjson", lines))
    assert org.find("person", "dora") is not None
    assert org.find("squad", "owl") is not None


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("i.json", "[]", "i.json:1: must be an object with lists, such as people, units, memberships"),
        ("i.json", '{"people": {}}', "people:1: must be a list of objects"),
        ("i.json", '{"people": [1]}', "people:1: must be an object"),
        ("i.json", '{"people": [{"name": "Ana"}]}', "people:1: key: is missing"),
        ("i.json", '{"people": [{"key": "dora"}]}', "people:1: name: is missing"),
        ("i.json", '{"people": [{"key": "ana", "title": []}]}', None),
        (
            "i.json",
            '{"units": [{"record": "planet"}]}',
            "units:1: record: must be one of tribe, squad, chapter, guild",
        ),
        ("i.ndjson", '{"key":"a","name":"A","email":""}\n{"key"', None),
        (
            "i.ndjson",
            '{"key":"ana","titel":"x"}',
            "i.ndjson:1: titel: is not a column of i.ndjson; do you mean title?",
        ),
    ],
)
def test_json_that_is_wrong(name: str, content: str, message: str | None) -> None:
    found = errors(plan(name, content))
    if message is None:
        assert len(found) >= 1
    else:
        assert message in found


# Workbooks


def a_workbook(**sheets: list[list[Any]]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_workbook_has_a_sheet_for_each_kind() -> None:
    content = a_workbook(
        People=[
            ["key", "name", "email", "started_on", "external_id:hris"],
            ["dora", "Dora", None, TODAY, 4711.0],
        ],
        Memberships=[["person", "squad", "share"], ["dora", "raven", 40]],
    )
    org = done(plan("export.xlsx", content))
    dora: Any = org.find("person", "dora")
    assert (dora.started_on, dora.external_ids) == (TODAY, (("hris", "4711"),))
    assert part_of(org, "dora", "raven").share == 40


def test_a_workbook_of_the_demo_organization_comes_back_as_it_was() -> None:
    org = organization(TODAY)
    again = done(plan("orgmodel.xlsx", write_xlsx(org), Org.empty()), Org.empty())
    assert write_files(again) == write_files(org)


letters = st.characters(codec="utf-8", exclude_characters="\x00")
texts = st.one_of(
    st.text(letters, min_size=1, max_size=30),
    st.lists(st.sampled_from(["'", "=", "+", "\t", "\r", "\n", "_x000D_", "\x0b", " ", "7", "\ufffe"])).map(
        "".join
    ),
)


@settings(deadline=None, max_examples=60)
@given(title=texts, statement=texts.filter(lambda text: text.strip() != ""))
def test_no_text_is_lost_in_a_workbook(title: str, statement: str) -> None:
    org = an_org(person("Ana"), mission("M"))
    org = org.edit(org.people[id_of("Ana")], title=title)
    org = org.edit(org.missions[id_of("M")], statement=statement)
    again = done(plan("orgmodel.xlsx", write_xlsx(org), Org.empty()), Org.empty())
    assert write_files(again) == write_files(org)
