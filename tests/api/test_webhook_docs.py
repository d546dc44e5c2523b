"""docs/webhooks.md is right: its table lists every event, and its examples do what they say."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.integrations import tokens
from orgmodel.webhooks import delivery, signing
from orgmodel.webhooks.events import TYPES
from tests.build import an_org, save, squad, tribe

DOC = Path(__file__).resolve().parent.parent.parent / "docs" / "webhooks.md"
BODY = b'{"type": "person.moved"}'


def example(language: str, holding: str) -> str:
    found = re.findall(rf"```{language}\n(.*?)```", DOC.read_text(), re.DOTALL)
    return next(code for code in found if holding in code)


def signed(body: bytes = BODY) -> dict[str, str]:
    return dict(signing.headers("msg_1", body, [signing.secret_of("s1", 1)], timezone.now()))


def test_every_event_is_listed() -> None:
    rows = "\n".join(f"| `{type_}` | {about} |" for type_, about in TYPES.items())
    table = f"<!-- events -->\n| Event | What happened |\n| --- | --- |\n{rows}\n<!-- /events -->"
    assert table in DOC.read_text()


def test_the_schedule_is_the_one_that_is_described() -> None:
    assert delivery.SCHEDULE[1:] == (5, 5 * 60, 30 * 60, *(hours * 3600 for hours in (2, 5, 10, 14, 20, 24)))
    assert delivery.KEPT.days == 30


def test_verifying_in_python() -> None:
    names: dict[str, Any] = {}
    exec(example("python", "standardwebhooks"), names)
    assert names["receive"](BODY, signed(), signing.secret_of("s1", 1)) == {"type": "person.moved"}
    with pytest.raises(Exception, match="No matching signature"):
        names["receive"](b"{}", signed(), signing.secret_of("s1", 1))


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")
@pytest.mark.parametrize(("body", "says"), [(BODY, "person.moved"), (b"{}", "not signed by us")])
def test_verifying_in_javascript(body: bytes, says: str) -> None:
    given = json.dumps([body.decode(), signed(), signing.secret_of("s1", 1)])
    call = f"try {{ console.log(receive(...{given}).type) }} catch (error) {{ console.log(error.message) }}"
    script = example("javascript", "createHmac") + call
    done = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == says


@pytest.mark.django_db(transaction=True)
def test_following_the_feed(live_server: Any) -> None:
    save(an_org(tribe("Payments", squad("Phoenix", "Ana"))), at=timezone.now())
    names: dict[str, Any] = {}
    exec(example("python", "def follow"), names)
    token = tokens.issue("Warehouse", "viewer", at=timezone.now())
    found, cursor = names["follow"](live_server.url, token, "0")
    assert {change["kind"] for change in found} == {"person", "tribe", "squad", "membership"}
    assert names["follow"](live_server.url, token, cursor) == ([], cursor)
