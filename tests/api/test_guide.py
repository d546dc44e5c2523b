"""docs/api.md works as it is written: every call in it is made, in its order, on the demo organization."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import services
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.demo import loading
from orgmodel.integrations.document import KEYS
from tests.api.conftest import Caller

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api.md"


@pytest.fixture
def demo(db: None, settings: Any) -> None:
    settings.DEBUG = True
    loading.load_demo(at=timezone.now())


def calls() -> list[tuple[str, str, str | None]]:
    """Return method, address and body of every call in the guide."""
    blocks = re.findall(r"```(?:console|sh)\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    written = [call for block in blocks for call in re.split(r"^(?:\$ )?api ", block, flags=re.MULTILINE)[1:]]
    return [_read(shlex.split(call.replace("\\\n", " ").split("\n$ ")[0], comments=True)) for call in written]


def _read(words: list[str]) -> tuple[str, str, str | None]:
    body = words[words.index("-d") + 1] if "-d" in words else None
    method = words[words.index("-X") + 1] if "-X" in words else "GET" if body is None else "POST"
    [address] = [word for word in words if word.startswith("$ORGMODEL/")]
    return method, address.removeprefix("$ORGMODEL/"), body


def test_examples_name_records_that_the_demo_has(demo: None) -> None:
    org = services.current()
    for kind, key in KEYS.items():
        found = Draft.objects.filter(key=key).first() if kind == "draft" else org.find(kind, key)
        assert found is not None, key


def test_every_call_of_the_guide_works(calling: Any, demo: None) -> None:
    editor: Caller = calling("editor")
    found = calls()
    assert len(found) == 31
    for method, address, body in found:
        newest = ChangeSet.objects.order_by("-version")[0].version
        answer = editor(method, address.replace("$VERSION", str(newest)), body)
        assert answer.status_code in (200, 201), (method, address, answer.content)
