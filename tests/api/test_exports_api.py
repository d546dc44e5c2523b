"""Exports: everything in one answer, in formats that imports read again."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import orjson
import pytest
from django.utils import timezone

from orgmodel.changes import services, store
from orgmodel.changes.files.planning import plan_import
from orgmodel.changes.files.writing import write_files
from orgmodel.core.org import Org
from orgmodel.core.records import KINDS
from orgmodel.demo.kestrel import organization
from orgmodel.integrations.models import Token
from tests.api.conftest import Caller, problem
from tests.build import save

TODAY = timezone.localdate()


def lines(answer: Any) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in answer.getvalue().splitlines()]


def test_json_lines_hold_every_record_with_keys_for_references(payments: Any, editor: Caller) -> None:
    answer = editor.get("exports/")
    found = lines(answer)
    org = services.current()
    assert answer["Content-Type"] == "application/x-ndjson"
    assert answer.streaming
    assert len(found) == sum(org.count(kind) for kind in KINDS)
    [ana] = [row for row in found if row.get("key") == "ana"]
    assert (ana["record"], ana["name"], ana["external_ids"], ana["manager"]) == (
        "person",
        "Ana",
        {"hris": "4711"},
        None,
    )
    squads = {row["key"]: row["tribe"] for row in found if row["record"] == "squad"}
    assert squads == {"phoenix": "payments", "comet": "payments"}


@pytest.mark.parametrize("name", ["ndjson", "csv", "xlsx"])
def test_what_goes_out_comes_back_as_it_was(calling: Any, name: str) -> None:
    save(organization(TODAY))
    ending = "zip" if name == "csv" else name
    content = calling("editor").get(f"exports/?format={name}").getvalue()
    files = {f"orgmodel.{ending}": content}
    if name == "csv":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {entry: archive.read(entry) for entry in archive.namelist()}
    plan = plan_import(files, Org.empty(), today=TODAY)
    assert [str(error) for error in plan.errors] == []
    assert plan.operation is not None
    assert write_files(plan.operation.apply(Org.empty())) == write_files(services.current())
    assert plan_import(files, services.current(), today=TODAY).operation is None


def test_drafts_and_days_and_bad_parameters(payments: Any, editor: Caller) -> None:
    key = editor.post("drafts/", {"name": "Hires"}).json()["key"]
    editor.post(f"people/?draft={key}", {"name": "Dora"})
    assert any(row.get("key") == "dora" for row in lines(editor.get(f"exports/?draft={key}")))
    assert lines(editor.get("exports/?as_of=2001-01-01")) == []
    problem(editor.get("exports/?format=pdf"), 400, ("format", "invalid"))
    problem(editor.get("exports/?kind=person"), 400, ("kind", "unknown_parameter"))


def test_a_token_must_read_people_and_units(payments: Any, calling: Any) -> None:
    caller = calling("viewer")
    for scope in ("people:read", "units:read"):
        Token.objects.update(scopes=[scope])
        assert caller.get("exports/").status_code == 403
    Token.objects.update(scopes=["people:read", "units:read"])
    assert caller.get("exports/").status_code == 200


def test_an_empty_organization(calling: Any) -> None:
    store.erase()
    for name in ("ndjson", "csv", "xlsx", "backstage"):
        assert calling("viewer", name).get(f"exports/?format={name}").status_code == 200
