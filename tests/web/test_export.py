"""export_org: the same bytes for the same organization, and nothing lost on the way out and in again."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from orgmodel.changes import drafts, services, snapshots, store
from orgmodel.changes.files.layout import KIND_OF
from orgmodel.changes.files.planning import Terms, plan_import
from orgmodel.changes.files.writing import finding_key, write_files
from orgmodel.changes.models import Draft
from orgmodel.core.operations import CreateSquad, HirePerson
from orgmodel.core.org import Org
from orgmodel.core.records import KINDS, Record, specs_of
from orgmodel.demo.kestrel import organization
from tests.build import an_org, id_of, mission, person, save, squad, tribe
from tests.property.strategies import TODAY, Program, founded, grown, programs

FOUNDED = founded()
texts = st.one_of(
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=30),
    st.lists(st.sampled_from(list("'=+-@\t\r\n,;\" xé\u2028\x85")), max_size=8).map("".join),
)
some_text = texts.filter(lambda text: text.strip() != "")


def read_back(files: dict[str, bytes], org: Org | None = None) -> Org:
    plan = plan_import(files, org or Org.empty(), today=TODAY)
    assert plan.errors == ()
    return plan.operation.apply(Org.empty()) if plan.operation is not None else Org.empty()


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def test_files_are_sorted_by_key_and_name_references_by_key() -> None:
    org = an_org(
        tribe(
            "Payments", squad("Raven", "Ben"), squad("Phoenix", "Ana", "Ben", shares={"Ben": 40}), lead="Ana"
        ),
        mission("Paid on time", target=None),
        person("Ana", external_ids=(("git", "ana"), ("hris", "1"))),
    )
    files = write_files(org)
    assert list(files) == list(KIND_OF)
    assert cells(files["squads.csv"]) == [
        ["key", "name", "tribe", "type", "user_facing", "mission", "state", "review_on", "closed_on"],
        ["phoenix", "Phoenix", "payments", "stream_aligned", "false", "", "active", "", ""],
        ["raven", "Raven", "payments", "stream_aligned", "false", "", "active", "", ""],
    ]
    assert files["memberships.csv"].decode() == (
        "person,squad,role,share,kind,since,until\n"
        "ana,phoenix,,,permanent,,\n"
        "ben,phoenix,,40,permanent,,\n"
        "ben,raven,,,permanent,,\n"
    )
    assert cells(files["people.csv"])[0][:5] == [
        "key",
        "name",
        "email",
        "external_id:git",
        "external_id:hris",
    ]
    assert cells(files["people.csv"])[1][3:5] == ["ana", "1"]
    assert files["guilds.csv"] == b"key,name,purpose,kind,coordinator,sponsor,last_session_on,closed_on\n"


def test_formulas_are_guarded_and_numbers_are_not() -> None:
    org = an_org(person("=cmd()", title="+1", city="'@x"), mission("Deficit", target=None))
    org = org.edit(org.missions[id_of("Deficit")], target=Decimal(-5))
    files = write_files(org)
    assert cells(files["people.csv"])[1][1:5] == ["'=cmd()", "", "'+1", ""]
    assert "''@x" in cells(files["people.csv"])[1]
    assert cells(files["missions.csv"])[1][7] == "-5"


def test_the_demo_organization_comes_back_as_it_was() -> None:
    files = write_files(organization(TODAY))
    assert write_files(read_back(files)) == files


def test_importing_an_export_changes_nothing() -> None:
    org = organization(TODAY)
    plan = plan_import(write_files(org), org, today=TODAY, terms=Terms(missing="close"))
    assert (plan.operation, plan.errors, plan.notices) == (None, (), ())


@settings(deadline=None, max_examples=60)
@given(name=some_text, title=texts, source=some_text, value=texts, statement=some_text)
def test_no_text_is_lost(name: str, title: str, source: str, value: str, statement: str) -> None:
    org = an_org(person("Ana"), person("Ben"), mission("M"), squad("Phoenix", "Ana"))
    ids = ((source, value),) if value else ()
    org = org.edit(org.people[id_of("Ana")], name=name, title=title, external_ids=ids)
    org = org.edit(org.missions[id_of("M")], statement=statement)
    files = write_files(org)
    again = read_back(files)
    ana: Any = again.find("person", "ana")
    assert (ana.name, ana.title, ana.external_ids) == (name, title, ids)
    assert write_files(again) == files


@settings(deadline=None, max_examples=40)
@given(programs)
def test_any_organization_comes_back_as_it_was(program: Program) -> None:
    org, _ = grown(FOUNDED, program)
    files = write_files(org)
    again = read_back(files)
    assert write_files(again) == files
    assert _contents(again) == _contents(org)


def _contents(org: Org) -> dict[str, list[str]]:
    """Return all records with keys in place of ids."""
    return {kind: sorted(repr(_named(org, r)) for r in org.table(kind).values()) for kind in KINDS}


def _named(org: Org, record: Record) -> dict[str, Any]:
    named = {
        name: _key(org, spec.target, getattr(record, name)) for name, spec in specs_of(record.KIND).items()
    }
    return named | {"key": finding_key(org, named["key"])} if record.KIND == "waiver" else named


def _key(org: Org, target: str, value: Any) -> Any:
    record: Any = org.get(target, value) if target else None
    return record.key if record is not None else value


# The command


@pytest.mark.django_db(transaction=True)
def test_export_import_into_an_empty_database_export(tmp_path: Path) -> None:
    save(organization(TODAY))
    first, second = tmp_path / "first", tmp_path / "deep" / "second"
    out = StringIO()
    call_command("export_org", str(first), stdout=out)
    assert out.getvalue() == f"100 people in 14 squads are written to {first}.\n"
    store.erase()
    call_command("import_org", str(first), stdout=StringIO())
    call_command("export_org", str(second), stdout=StringIO())
    assert {p.name: p.read_bytes() for p in first.iterdir()} == {
        p.name: p.read_bytes() for p in second.iterdir()
    }
    assert sorted(p.name for p in first.iterdir()) == sorted(KIND_OF)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "format_"), [("a.xlsx", "xlsx"), ("a.ndjson", "ndjson"), ("a.yaml", "backstage")]
)
def test_one_file_of_another_format(tmp_path: Path, name: str, format_: str) -> None:
    save(organization(TODAY))
    target, out = tmp_path / name, StringIO()
    call_command("export_org", str(target), format=format_, stdout=StringIO())
    call_command("import_org", str(target), stdout=out)
    assert out.getvalue().endswith("Nothing to change.\n")


@pytest.mark.django_db
def test_a_past_day_and_a_draft_can_be_exported(tmp_path: Path, as_role: Any) -> None:
    save(an_org(squad("Phoenix", "Ana")), at=datetime(2026, 1, 1, tzinfo=UTC))
    hire = HirePerson(id=id_of("Ben"), values={"name": "Ben"})
    services.commit(
        [hire], actor=services.Actor("Ana"), message="", source="web", at=datetime(2026, 6, 1, tzinfo=UTC)
    )
    raven = CreateSquad(id=id_of("Raven"), values={"name": "Raven"})
    drafts.create_draft(
        "Split up",
        owner_id=as_role("editor").user.pk,
        at=datetime(2026, 6, 2, tzinfo=UTC),
        operations=[raven],
    )
    call_command("export_org", str(tmp_path / "past"), as_of="2026-05-31", stdout=StringIO())
    call_command("export_org", str(tmp_path / "draft"), draft="Split up", stdout=StringIO())
    call_command("export_org", str(tmp_path / "key"), draft="split-up", stdout=StringIO())
    snapshots.take("At first", author_id=None, at=datetime(2026, 6, 3, tzinfo=UTC), version=1)
    call_command("export_org", str(tmp_path / "named"), as_of="at-first", stdout=StringIO())
    assert (tmp_path / "named" / "people.csv").read_bytes() == (tmp_path / "past" / "people.csv").read_bytes()
    Draft.objects.update(state=Draft.State.SCHEDULED, scheduled_on=date(2126, 6, 1))
    call_command("export_org", str(tmp_path / "planned"), as_of="2126-06-01", stdout=StringIO())
    assert (tmp_path / "planned" / "squads.csv").read_bytes() == (
        tmp_path / "key" / "squads.csv"
    ).read_bytes()
    people = [row[0] for row in cells((tmp_path / "past" / "people.csv").read_bytes())]
    squads = [row[0] for row in cells((tmp_path / "draft" / "squads.csv").read_bytes())]
    assert (people, squads) == (["key", "ana"], ["key", "phoenix", "raven"])
    assert (tmp_path / "key" / "squads.csv").read_bytes() == (tmp_path / "draft" / "squads.csv").read_bytes()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"as_of": "yesterday"},
            "“yesterday” is not a date such as 2026-06-30, and no snapshot has that key.",
        ),
        ({"draft": "nothing"}, "There is no open draft “nothing”."),
    ],
)
def test_a_day_or_draft_that_is_none(tmp_path: Path, options: dict[str, str], message: str) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("export_org", str(tmp_path / "out"), **options)
    assert str(refusal.value) == message
    assert not (tmp_path / "out").exists()


@pytest.mark.django_db
def test_only_an_earlier_export_is_overwritten(tmp_path: Path) -> None:
    call_command("export_org", str(tmp_path), stdout=StringIO())
    call_command("export_org", str(tmp_path), stdout=StringIO())
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(CommandError) as refusal:
        call_command("export_org", str(tmp_path))
    assert str(refusal.value) == (
        f"{tmp_path} holds notes.txt, which is not from an export. Choose an empty or new folder."
    )
    with pytest.raises(CommandError) as file:
        call_command("export_org", str(tmp_path / "notes.txt"))
    assert str(file.value) == f"{tmp_path / 'notes.txt'} is not a folder."
