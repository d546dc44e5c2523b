"""docs/api.md works as it is written: every call in it is made, in its order, on the demo organization.

The README's call is made first, as by somebody who reads both.
"""

from __future__ import annotations

import itertools
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import services
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.core.operations import EditPerson
from orgmodel.demo import loading
from orgmodel.integrations import tokens
from orgmodel.integrations.document import KEYS
from orgmodel.integrations.problems import KINDS
from tests.api.conftest import Caller

ROOT = Path(__file__).resolve().parents[2]
GUIDE, README = ROOT / "docs" / "api.md", ROOT / "README.md"


@pytest.fixture
def demo(db: None, settings: Any) -> None:
    settings.DEBUG = True
    loading.load_demo(at=timezone.now())


def blocks(*languages: str) -> list[str]:
    return re.findall(rf"```(?:{'|'.join(languages)})\n(.*?)```", GUIDE.read_text(), re.DOTALL)


def calls() -> list[tuple[str, str, str | None, dict[str, str]]]:
    """Return method, address, body and headers of every call in the guide."""
    found = blocks("console", "sh")
    written = [call for block in found for call in re.split(r"^(?:\$ )?api ", block, flags=re.MULTILINE)[1:]]
    return [_read(shlex.split(call.replace("\\\n", " ").split("\n$ ")[0], comments=True)) for call in written]


def call_of_the_readme() -> tuple[str, str, str | None, dict[str, str]]:
    [call] = re.findall(r"  curl (.*?)```", README.read_text(), re.DOTALL)
    return _read(
        shlex.split(call.replace("\\\n", " ").replace("http://127.0.0.1:${PORT:-8000}/api/v1", "$ORGMODEL"))
    )


def _read(words: list[str]) -> tuple[str, str, str | None, dict[str, str]]:
    options = [*itertools.pairwise(words)]
    body = next((value for name, value in options if name == "-d"), None)
    method = next((value for name, value in options if name == "-X"), "GET" if body is None else "POST")
    headers = dict(value.split(": ", 1) for name, value in options if name == "-H")
    headers.pop("Authorization", None)  # the caller has a token
    [address] = [word for word in words if word.startswith("$ORGMODEL/")]
    return method, address.removeprefix("$ORGMODEL/"), body, headers


def test_examples_name_records_that_the_demo_has(demo: None) -> None:
    org = services.current()
    for kind, key in KEYS.items():
        found = Draft.objects.filter(key=key).first() if kind == "draft" else org.find(kind, key)
        assert found is not None, key


def test_every_call_of_the_guide_works(calling: Any, demo: None) -> None:
    editor: Caller = calling("editor")
    found = calls()
    assert len(found) == 32
    for method, address, body, headers in [call_of_the_readme(), *found]:
        newest = ChangeSet.objects.order_by("-version")[0].version
        answer = editor.exactly(method, address.replace("$VERSION", str(newest)), body, **headers)
        assert answer.status_code in (200, 201), (method, address, answer.content)


@pytest.mark.django_db(transaction=True)
def test_the_python_of_the_guide_works(
    live_server: Any, settings: Any, monkeypatch: Any, capsys: Any
) -> None:
    settings.DEBUG = True
    loading.load_demo(at=timezone.now())
    monkeypatch.setenv("ORGMODEL", f"{live_server.url}/api/v1")
    monkeypatch.setenv("TOKEN", tokens.issue("HR sync", "editor", at=timezone.now()))
    bo = services.current().find("person", "bo-lindqvist")
    assert bo is not None
    naming = EditPerson(id=bo.id, values={"external_ids": (("hris", "4711"),)})
    services.commit([naming], actor=services.Actor("HR"), message="", source="api", at=timezone.now())
    space: dict[str, Any] = {}
    for block in blocks("python"):
        exec(block, space)  # the examples are the test
    told = capsys.readouterr().out.split("\n")
    assert told[0].split()[-1] == str(services.current().count("person"))
    assert told[1] == "Principal engineer"
    assert int(told[2]) > 500
    assert re.fullmatch(r"published \d+ true", told[3])


def test_the_guide_lists_every_problem() -> None:
    table = GUIDE.read_text().partition("<!-- problems -->")[2].partition("\n\n")[0]
    listed = re.findall(r"^\| `([a-z-]+)` \| (\d+) ", table, re.MULTILINE)
    assert listed == [(kind.name, str(kind.status)) for kind in KINDS.values()]


def test_each_problem_has_a_page(as_role: Any, client: Any) -> None:
    viewer = as_role("viewer")
    for kind in KINDS.values():
        page = viewer.get(kind.address)
        html = page.content.decode()
        assert (page.status_code, kind.title in html, "`" in html) == (200, True, False)
    assert viewer.get("/api/v1/problems/none/").status_code == 404
    assert client.get("/api/v1/problems/stale/").status_code == 302
