"""docs/imports.md works as it is written: every call in it is made, in its order, on the demo organization."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import services
from orgmodel.changes.files.planning import plan_import
from orgmodel.demo import loading
from tests.api.conftest import Caller

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "imports.md").read_text()
[CSV] = re.findall(r"```csv\n(.*?)```", GUIDE, re.DOTALL)


def calls() -> list[list[str]]:
    """Return the words of every call in the guide."""
    blocks = re.findall(r"```console\n(.*?)```", GUIDE, re.DOTALL)
    written = [call for block in blocks for call in re.split(r"^\$ ", block, flags=re.MULTILINE)]
    return [shlex.split(call.replace("\\\n", " ")) for call in written if call.startswith("api ")]


def carried_out(caller: Caller, words: list[str]) -> Any:
    [address] = [word for word in words if word.startswith("$ORGMODEL/")]
    headers = dict(words[at + 1].split(": ") for at, word in enumerate(words) if word == "-H")
    body: Any = words[words.index("-d") + 1] if "-d" in words else None
    if "--data-binary" in words:
        assert words[words.index("--data-binary") + 1] == "@people.csv"
        body = CSV.encode()
    return caller("GET" if body is None else "POST", address.removeprefix("$ORGMODEL/"), body, **headers)


@pytest.fixture
def demo(db: None, settings: Any) -> None:
    settings.DEBUG = True
    loading.load_demo(at=timezone.now())


def test_every_call_of_the_guide_works(calling: Any, demo: None) -> None:
    editor = calling("editor")
    answers = [carried_out(editor, words) for words in calls()]
    assert [answer.status_code for answer in answers] == [201, 200, 200, 201, 200, 200, 200, 200, 200]
    org = services.current()
    jon: Any = org.find("person", "jon-berg")
    assert org.people[jon.manager].name == "Mira Sand"
    assert org.primary_membership(jon.id).share == 80  # type: ignore[union-attr]
    [ida] = [person for person in org.people.values() if person.email == "ida@example.org"]
    assert (ida.key, ida.title, org.people[ida.manager or ""].key) == ("ida-blom", "Engineer", "bo-lindqvist")
    again = plan_import({"orgmodel.ndjson": answers[5].getvalue()}, org, today=timezone.localdate())
    assert (again.operation, again.errors) == (None, ())
