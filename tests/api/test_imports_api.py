"""Imports and batches: a draft with the outcome of each row, errors with their place, and nothing half done."""

from __future__ import annotations

import io
import uuid
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from orgmodel.changes import plans, services
from orgmodel.changes.files.writing import write_xlsx
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.integrations import tokens
from orgmodel.integrations.import_forms import DAMAGED, ConfirmForm
from orgmodel.integrations.models import ColumnMapping, Integration
from tests.api.conftest import Caller, id_of, problem

CSV = "text/csv"
HR = b"external_id:hris,name,manager,fte,squad\n4711,Ana,,0.5,Comet\n4712,Dora,4711,1,Phoenix\n"
BY_HR = "imports/?match_on=external_id:hris"


def send(
    caller: Caller, body: Any, kind: str = "application/json", path: str = "imports/", **headers: str
) -> Any:
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    return caller.post(
        path, content, **{"Content-Type": kind, "Idempotency-Key": uuid.uuid4().hex, **headers}
    )


def outcomes(answer: Any) -> list[tuple[str, int, str, str]]:
    return [(row["file"], row["line"], row["key"], row["outcome"]) for row in answer.json()["rows"]]


def test_an_hr_export_becomes_a_draft_with_the_outcome_of_each_row(payments: Any, editor: Caller) -> None:
    answer = send(editor, HR, CSV, f"{BY_HR}&name=Nightly+sync")
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert outcomes(answer) == [("people.csv", 2, "ana", "changed"), ("people.csv", 3, "dora", "new")]
    assert (body["moved"], body["unknown_squads"], body["notices"]) == (1, [], [])
    assert body["counts"][0] == {"record": "person", "new": 1, "changed": 0, "unchanged": 1, "closed": 0}
    assert (body["draft"]["key"], body["draft"]["state"]) == ("nightly-sync", "open")
    assert answer["Location"].endswith("/api/v1/drafts/nightly-sync/")
    assert services.current().find("person", "dora") is None


def test_the_command_line_uses_what_an_integration_has_kept(payments: Any, tmp_path: Path) -> None:
    integration = tokens.integration_of("HR sync", at=timezone.now())
    columns = {"Employee #": "external_id:hris", "Who": "name", "Team": "squad"}
    ColumnMapping.objects.create(
        integration=integration, name="HR", columns=columns, updated_at=timezone.now()
    )
    (tmp_path / "export.csv").write_text("Employee #,Who,Team\n4711,Ana,Comet\n4712,Dora,Nowhere\n")

    def run(mapping: str) -> None:
        call_command(
            "import_org",
            tmp_path / "export.csv",
            mapping=mapping,
            unknown_squads="skip",
            stdout=io.StringIO(),
        )

    run("hr-sync:HR")
    org = services.current()
    assert org.membership(id_of("Ana"), id_of("Comet")) is not None
    assert org.find("person", "dora") is not None
    with pytest.raises(CommandError, match=r"no mapping “HR”\. There are: hr-sync:HR\."):
        run("HR")


def test_published_the_same_file_changes_nothing(payments: Any, editor: Caller) -> None:
    key = send(editor, HR, CSV, BY_HR).json()["draft"]["key"]
    published = editor.post(f"drafts/{key}/publish/", {"despite": "A sync."})
    assert published.status_code == 200, published.content
    again = send(editor, HR, CSV, BY_HR)
    assert (again.status_code, again.json()["draft"]) == (200, None)
    assert {row["outcome"] for row in again.json()["rows"]} == {"unchanged"}
    assert Draft.objects.count() == 1


def test_json_has_pointers_to_what_is_wrong(payments: Any, editor: Caller) -> None:
    body = {"people": [{"key": "ana", "manager": "nobody"}], "units": [{"record": "squad", "key": "x"}]}
    found = problem(send(editor, body), 422, ("/people/0/manager", "invalid"), ("/units/0/name", "invalid"))
    assert found["error_count"] == 2
    assert found["detail"] == "2 errors, the first: people:1: manager: there is no person “nobody”."
    assert found["errors"][0] | {"code": ""} == {
        "pointer": "/people/0/manager",
        "code": "",
        "detail": "There is no person “nobody”",
        "file": "people",
        "line": 1,
        "column": "manager",
    }


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"people": [{"key": "dora", "name": "Dora", "email": ""}]}'),
        ("application/x-ndjson", b'{"key": "dora", "name": "Dora", "email": ""}\n'),
        ("text/csv; charset=utf-8", b"key,name,email\ndora,Dora,\n"),
        (
            "application/yaml",
            b"apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: dora}\n"
            b"spec: {profile: {displayName: Dora}}\n",
        ),
    ],
)
def test_formats(payments: Any, editor: Caller, kind: str, body: bytes) -> None:
    answer = send(editor, body, kind)
    assert answer.status_code == 201, answer.content
    assert [(row["key"], row["outcome"]) for row in answer.json()["rows"]] == [("dora", "new")]


def test_a_workbook_and_a_zip(payments: Any, editor: Caller) -> None:
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert send(editor, write_xlsx(services.current()), sheet).status_code == 200
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("squads.csv", "key,name\nowl,Owl\n")
    assert outcomes(send(editor, packed.getvalue(), "application/zip")) == [("squads.csv", 2, "owl", "new")]


def test_several_files_at_once(payments: Any, editor: Caller) -> None:
    lines = [
        b"--x",
        b'Content-Disposition: form-data; name="a"; filename="people.csv"',
        b"",
        b"key,name,email\ndora,Dora,\n",
        b"--x",
        b'Content-Disposition: form-data; name="a"; filename="memberships.csv"',
        b"",
        b"person,squad\ndora,phoenix\n",
        b"--x--",
        b"",
    ]
    answer = send(editor, b"\r\n".join(lines), "multipart/form-data; boundary=x")
    assert outcomes(answer) == [("people.csv", 2, "dora", "new"), ("memberships.csv", 2, "", "new")]


def test_rows_of_one_csv_may_be_something_else(payments: Any, editor: Caller) -> None:
    answer = send(editor, b"key,name\nowl,Owl\n", CSV, "imports/?of=squads")
    assert outcomes(answer) == [("squads.csv", 2, "owl", "new")]


def test_a_saved_mapping(payments: Any, editor: Caller) -> None:
    columns = {"Employee #": "external_id:hris", "First": "name", "Last": "name", "Team": "squad"}
    integration = Integration.objects.get(key="editor")
    ColumnMapping.objects.create(
        integration=integration, name="HR", columns=columns, updated_at=timezone.now()
    )
    content = b"Employee #,First,Last,Shoe size,Team\n4711,Ana,Aalto,38,Comet\n"
    answer = send(editor, content, CSV, "imports/?mapping=HR")
    assert (outcomes(answer), answer.json()["moved"]) == ([("people.csv", 2, "ana", "changed")], 1)
    problem(send(editor, content, CSV, "imports/?mapping=other"), 422, ("mapping", "unknown_reference"))


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("match_on=name", "match_on"),
        ("match_on=external_id:", "match_on"),
        ("missing=delete", "missing"),
        ("unknown_squads=no", "unknown_squads"),
        ("of=planets", "of"),
    ],
)
def test_parameters_that_are_wrong(payments: Any, editor: Caller, query: str, place: str) -> None:
    problem(send(editor, HR, CSV, f"imports/?{query}"), 400, (place, "invalid"))


def test_missing_closes_or_is_an_error(payments: Any, editor: Caller) -> None:
    rows = b"key,name,email\nana,Ana,ana@example.org\n"
    closed = send(editor, rows, CSV, "imports/?missing=close").json()
    assert closed["counts"][0]["closed"] == 2
    found = send(editor, rows, CSV, "imports/?missing=error").json()
    assert [error["detail"] for error in found["errors"]] == [
        "“ben” is not in the file",
        "“cleo” is not in the file",
    ]


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (CSV, b"", 400),
        ("image/png", b"\x89PNG", 415),
        ("application/zip", b"PK\x03\x04 broken", 422),
        ("application/json", b"{", 422),
        ("multipart/form-data", b"x", 400),
        (CSV, b"key,name,email\n\x00,b,c\n", 422),
    ],
)
def test_bodies_that_are_wrong(payments: Any, editor: Caller, kind: str, body: bytes, status: int) -> None:
    answer = send(editor, body, kind)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert not Draft.objects.exists()


def test_a_key_is_required_and_a_repeat_makes_no_second_draft(payments: Any, editor: Caller) -> None:
    problem(send(editor, HR, CSV, BY_HR, **{"Idempotency-Key": ""}), 400, ("Idempotency-Key", "required"))
    first = send(editor, HR, CSV, BY_HR, **{"Idempotency-Key": "k1"})
    again = send(editor, HR, CSV, BY_HR, **{"Idempotency-Key": "k1"})
    assert (again.status_code, again["Idempotent-Replayed"]) == (201, "true")
    assert (again.json(), Draft.objects.count()) == (first.json(), 1)


def test_who_may_import(payments: Any, calling: Any) -> None:
    assert send(calling("viewer"), HR, CSV, BY_HR).status_code == 403
    assert send(calling("planner"), HR, CSV, BY_HR).status_code == 201


@pytest.mark.parametrize(
    "terms",
    [
        '["key", "keep", ["name"], true]',
        '["key", "keep", "name", true]',
        '[7, "keep", {}, true]',
        "[" * 9_999,
    ],
)
def test_a_preview_sent_back_with_terms_that_none_has_is_damaged(terms: str) -> None:
    assert ConfirmForm({"terms": terms}).errors["terms"] == [DAMAGED]


# Batches


def batch(caller: Caller, *items: Any, path: str = "people/batch/", **rest: Any) -> Any:
    return caller.post(path, {"items": [*items], **rest})


def test_a_batch_is_one_change_set(payments: Any, editor: Caller) -> None:
    answer = batch(
        editor,
        {"action": "create", "name": "Dora", "email": "dora@example.org"},
        {"action": "update", "person": "ben", "title": "Engineer", "manager": "dora"},
        {"action": "update", "person": "cleo", "name": "Cléo"},
        {"action": "move", "person": "cleo", "to": "phoenix", "share": 80},
        message="Autumn",
    )
    assert answer.status_code == 200, answer.content
    assert [person["name"] for person in answer.json()["people"]] == ["Dora", "Ben", "Cléo"]
    newest = ChangeSet.objects.latest("version")
    assert (answer["Change-Set"], newest.message) == (str(newest.version), "Autumn")
    org = services.current()
    assert org.people[id_of("Ben")].manager == org.find("person", "dora").id  # type: ignore[union-attr]
    assert org.primary_membership(id_of("Cleo")).share == 80  # type: ignore[union-attr]


def test_a_batch_may_go_into_a_draft(payments: Any, editor: Caller) -> None:
    key = editor.post("drafts/", {"name": "Hires"}).json()["key"]
    answer = batch(editor, {"action": "create", "name": "Dora"}, path=f"people/batch/?draft={key}")
    assert (answer.status_code, "Change-Set" in answer) == (200, False)
    assert plans.replay_draft(Draft.objects.get()).after.find("person", "dora") is not None


def test_every_item_that_is_wrong_is_named_and_nothing_is_done(payments: Any, editor: Caller) -> None:
    before = services.current().version
    problem(
        batch(
            editor,
            {"action": "create", "name": "Dora"},
            {"action": "update", "person": "nobody", "title": "x"},
            {"action": "move", "person": "ana", "to": "phoenix"},
            {"action": "move", "person": "ana", "from": "comet", "to": "phoenix"},
        ),
        422,
        ("/items/1/person", "unknown_reference"),
        ("/items/2/to", "refused"),
        ("/items/3/from", "conflict"),
    )
    problem(
        batch(editor, {"action": "hire"}, 7),
        400,
        ("/items/0/action", "invalid"),
        ("/items/1/action", "invalid"),
    )
    problem(
        batch(editor, {"action": "create", "name": "Dora", "titel": "x"}),
        400,
        ("/items/0/titel", "unknown_field"),
    )
    problem(
        batch(editor, {"action": "update", "person": "ana", "email": "no address"}),
        422,
        ("/items/0/email", "field_fits"),
    )
    problem(
        batch(editor, {"action": "create", "name": "Eve"}, {"action": "create", "name": "Ben", "key": "ben"}),
        422,
        ("/items/1/key", "key_unique"),
    )
    assert services.current().version == before


def test_what_two_callers_saw_differently_is_a_conflict(payments: Any, editor: Caller) -> None:
    item = {"action": "update", "person": "ana", "craft": "web", "seen": {"craft": "data"}}
    problem(batch(editor, item), 409, ("/items/0/craft", "conflict"))


@pytest.mark.parametrize("body", [None, [], {}, {"items": []}, {"items": {}}, {"items": [{}], "when": 1}])
def test_a_batch_without_items(payments: Any, editor: Caller, body: Any) -> None:
    assert editor.post("people/batch/", body).status_code == 400


def test_a_thousand_items_and_no_more(payments: Any, editor: Caller) -> None:
    items = [{"action": "create", "name": f"Person {number}"} for number in range(1000)]
    assert batch(editor, *items).status_code == 200
    assert len(services.current().people) == 1003
    problem(batch(editor, *items, items[0]), 400, ("/items", "too_many"))


def test_the_day_of_a_batch_is_that_of_its_change_set(payments: Any, editor: Caller) -> None:
    item = {"action": "move", "person": "ana", "to": "comet"}
    answer = batch(editor, item, effective_on="2020-01-31", message="Late news")
    assert answer.status_code == 200, answer.content
    assert services.current().primary_membership(id_of("Ana")).since == date(2020, 1, 31)  # type: ignore[union-attr]
