"""Who was where when, over the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import services
from orgmodel.core.operations import MovePeople
from tests.api.conftest import problem
from tests.build import id_of

pytestmark = pytest.mark.django_db


def test_periods_of_a_person_and_of_a_squad(editor: Any, payments: Any) -> None:
    services.commit(
        [MovePeople(people=(id_of("Cleo"),), to=id_of("Phoenix"))],
        actor=services.Actor("Eve"),
        message="",
        source="web",
        at=timezone.now() + timedelta(days=3),
    )
    moved_on = (timezone.localdate() + timedelta(days=3)).isoformat()

    of_cleo = editor.get("people/cleo/periods/").json()["results"]
    of_phoenix = editor.get("squads/phoenix/periods/").json()["results"]

    phoenix = {"id": id_of("Phoenix"), "key": "phoenix", "name": "Phoenix"}
    assert of_cleo[0] == {
        "kind": "squad", "place": phoenix, "role": "", "since": moved_on, "until": None,
        "began": 2, "ended": None, "is_undone": False,
    }  # fmt: skip
    assert [(p["place"]["key"], p["since"], p["until"]) for p in of_cleo] == [
        ("phoenix", moved_on, None), ("comet", None, moved_on),
    ]  # fmt: skip
    assert [(p["place"]["key"], p["role"], p["since"]) for p in of_phoenix] == [
        ("cleo", "", moved_on), ("ana", "Product owner", None), ("ben", "Engineer", None),
    ]  # fmt: skip


def test_periods_as_of_a_day(editor: Any, payments: Any) -> None:
    today = timezone.localdate()
    assert len(editor.get(f"people/ana/periods/?as_of={today}").json()["results"]) == 4
    problem(editor.get("people/ana/periods/?as_of=2000-01-01"), 404)
    problem(editor.get("people/nobody/periods/"), 404)
    problem(editor.get("people/ana/periods/?limit=3"), 400, ("limit", "unknown_parameter"))
