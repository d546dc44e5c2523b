"""Splitting, merging, forming and closing whole units over REST, and people who change places."""

from __future__ import annotations

from typing import Any

import pytest

from orgmodel.changes import services
from orgmodel.changes.models import ChangeSet
from tests.api.conftest import problem
from tests.build import id_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("payments")]


def sentences() -> list[str]:
    found: list[str] = ChangeSet.objects.latest("version").sentences
    return found


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        (
            "squads/phoenix/split/",
            {"name": "Griffin", "people": ["ben"], "product_owner": "ben", "vacancies": ["data-engineer"]},
            "Split Griffin off Phoenix with Ben",
        ),
        ("squads/phoenix/merge/", {"squads": ["comet"]}, "Merge squad Comet into Phoenix"),
        (
            "squads/phoenix/close/",
            {"to": "comet"},
            "Close squad Phoenix, everything it holds goes to Comet",
        ),
        (
            "tribes/payments/split/",
            {"name": "Ledgers", "squads": ["comet"], "lead": "cleo"},
            "Split tribe Ledgers off Payments with Comet",
        ),
        ("tribes/payments/merge/", {"tribes": ["search"]}, "Merge tribe Search into Payments"),
    ],
)
def test_units_are_reorganized(editor: Any, path: str, body: Any, sentence: str) -> None:
    response = editor.post(path, body)
    assert response.status_code == 200, response.content
    assert response.json()["key"] == path.split("/")[1]
    assert sentences() == [sentence]


def test_chapters_merge_and_move(editor: Any) -> None:
    assert editor.post("chapters/", {"name": "Web", "tribe": "payments"}).status_code == 201
    assert editor.patch("chapters/web/", {"tribe": "search"}).json()["tribe"]["key"] == "search"
    assert sentences() == ["Move chapter Web from Payments to Search"]
    merged = editor.post("chapters/web/merge/", {"chapters": ["backend"], "lead": "ana"})
    assert [m["person"]["name"] for m in merged.json()["members"]] == ["Ana", "Ben"]
    assert sentences() == ["Merge chapter Backend into Web"]


def test_a_squad_is_formed_from_people(editor: Any) -> None:
    response = editor.post("squads/form/", {"name": "Griffin", "people": ["ben", "cleo"], "tribe": "search"})
    assert response.status_code == 201, response.content
    assert [m["person"]["name"] for m in response.json()["memberships"]] == ["Ben", "Cleo"]
    assert sentences() == ["Form squad Griffin with Ben and Cleo"]


def test_people_change_places(editor: Any) -> None:
    response = editor.post("rotations/", {"people": ["ben", "cleo"]})
    squads = {p["name"]: [m["squad"]["key"] for m in p["memberships"]] for p in response.json()["people"]}
    assert squads == {"Ben": ["comet"], "Cleo": ["phoenix"]}
    assert sentences() == ["Swap Ben and Cleo"]


@pytest.mark.parametrize(
    ("path", "body", "place"),
    [
        ("squads/phoenix/split/", {"name": "Griffin", "people": ["ana", "ben"]}, "/people"),
        ("squads/phoenix/merge/", {"squads": ["phoenix"]}, "/squads"),
        ("squads/phoenix/close/", {"to": "phoenix"}, "/to"),
        ("rotations/", {"people": ["ana", "ben"]}, "/people"),
        ("chapters/backend/merge/", {"chapters": ["backend"]}, "/chapters"),
    ],
)
def test_refusals_name_the_place(editor: Any, path: str, body: Any, place: str) -> None:
    problem(editor.post(path, body), 422, (place, "refused"))
    assert services.current().version == 1


def test_nothing_is_open_to_viewers(calling: Any) -> None:
    for path in ("squads/phoenix/split/", "squads/phoenix/merge/", "squads/form/", "rotations/"):
        assert calling("viewer", path).post(path, {}).status_code == 403


def test_a_split_stays_in_its_draft(editor: Any) -> None:
    key = editor.post("drafts/", {"name": "Plan"}).json()["key"]
    response = editor.post(f"squads/phoenix/split/?draft={key}", {"name": "Griffin", "people": ["ben"]})
    assert response.status_code == 200
    assert editor.get(f"squads/griffin/?draft={key}").status_code == 200
    assert len(services.current().memberships_in(id_of("Phoenix"))) == 2
