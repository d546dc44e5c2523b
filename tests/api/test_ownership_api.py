"""Systems, domains, skills, dependencies, coaches and leads who stand in, over REST."""

from __future__ import annotations

from typing import Any

import pytest

from orgmodel.changes.models import ChangeSet
from tests.api.conftest import problem
from tests.build import (
    an_org,
    chapter,
    coaching,
    domain,
    id_of,
    needs,
    save,
    skills,
    squad,
    system,
    tribe,
)


@pytest.fixture
def owned(db: None) -> Any:
    return save(
        an_org(
            tribe("Listening", squad("Player", "Ana", "Ben"), chapter("Backend", "Ana", lead="Ben")),
            tribe("Ads", squad("Billing", "Cleo")),
            domain("Playback", squad="Player"),
            system("Media API", {"Ana": "developer", "Ben": "operations"}, squad="Player", domain="Playback"),
            skills("Ana", Go="expert"),
            needs("Player", "Billing", level="blocking"),
            coaching("Cleo", "Player"),
        )
    )


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("owned")]


def sentences() -> list[str]:
    found: list[str] = ChangeSet.objects.latest("version").sentences
    return found


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        ("systems/?squad=player", ["Media API"]),
        ("systems/?tribe=ads", []),
        ("systems/?owner=ben", ["Media API"]),
        ("systems/?owner=cleo", []),
        ("systems/?domain=playback&critical=false&closed=false", ["Media API"]),
        ("domains/?tribe=listening&complexity=simple", ["Playback"]),
        ("domains/?q=PLAY", ["Playback"]),
    ],
)
def test_lists_and_filters(editor: Any, path: str, ids: list[str]) -> None:
    found = editor.get(path)
    assert found.status_code == 200, found.content
    assert [record["name"] for record in found.json()["results"]] == ids


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("dependencies/?squad=player&level=blocking", 1),
        ("dependencies/?needs=player", 0),
        ("dependencies/?tribe=ads", 1),
        ("coachings/?person=cleo", 1),
        ("person-skills/?skill=Go&proficiency=expert", 1),
        ("person-skills/?skill=SQL", 0),
        ("system-owners/?person=ana&perspective=developer", 1),
        ("dependencies/?tribe=ads&as_of=2999-01-01", 1),
    ],
)
def test_lists_of_what_joins_two_records(editor: Any, path: str, count: int) -> None:
    assert len(editor.get(path).json()["results"]) == count


def test_a_squad_shows_what_it_owns_and_needs(editor: Any) -> None:
    player = editor.get("squads/player/").json()
    assert ([s["key"] for s in player["systems"]], [d["key"] for d in player["domains"]]) == (
        ["media-api"],
        ["playback"],
    )
    assert [(d["needs"]["key"], d["level"]) for d in player["needs"]] == [("billing", "blocking")]
    assert ([c["key"] for c in player["coaches"]], player["needed_by"]) == (["cleo"], [])
    billing = editor.get("squads/billing/").json()
    assert [d["squad"]["key"] for d in billing["needed_by"]] == ["player"]


def test_a_person_shows_what_they_can_do_own_and_coach(editor: Any) -> None:
    ana = editor.get("people/ana/").json()
    assert [(s["skill"], s["proficiency"]) for s in ana["skills"]] == [("Go", "expert")]
    assert [s["key"] for s in ana["systems"]] == ["media-api"]
    assert [s["key"] for s in editor.get("people/cleo/").json()["coaches"]] == ["player"]


def test_create_edit_retire_and_reopen_a_system(editor: Any) -> None:
    made = editor.post("systems/", {"name": "Ad Server", "squad": "billing", "critical": True})
    assert made.status_code == 201, made.content
    assert (made.json()["key"], made.json()["owners"]) == ("ad-server", [])
    assert sentences() == ["Create system Ad Server of Billing"]
    assert editor.get("systems/ad-server/").json() == made.json()
    owned = editor.post("systems/ad-server/owners/", {"developers": ["ana", "cleo"], "operations": ["cleo"]})
    assert [(o["person"]["key"], o["perspective"]) for o in owned.json()["owners"]] == [
        ("ana", "developer"),
        ("cleo", "both"),
    ]
    edited = editor.patch("systems/ad-server/", {"name": "Ads", "claimed_by": "player"})
    assert (edited.json()["name"], edited.json()["claimed_by"]["key"]) == ("Ads", "player")
    assert sentences() == ["Edit system Ad Server: name and also claimed by"]
    retired = editor.post(
        "systems/ad-server/close/", {"effective_on": "2026-06-30", "message": "Late."}
    ).json()
    assert (retired["closed_on"], retired["owners"]) == ("2026-06-30", [])
    assert editor.post("systems/ad-server/reopen/").json()["closed_on"] is None


def test_systems_refuse(editor: Any) -> None:
    problem(editor.post("systems/", {"name": "X", "squad": "nowhere"}), 422, ("/squad", "unknown_reference"))
    problem(editor.patch("systems/media-api/", {"claimed_by": "player"}), 422, ("/claimed_by", "two_squads"))
    problem(editor.post("systems/", {"name": "MEDIA API"}), 422, ("/name", "name_unique"))
    problem(editor.post("systems/media-api/owners/", {"owner": "ana"}), 400, ("/owner", "unknown_field"))


def test_domains(editor: Any) -> None:
    assert editor.post("domains/", {"name": "Payments", "complexity": "complex"}).status_code == 201
    assert editor.patch("domains/payments/", {"squad": "billing"}).json()["squad"]["key"] == "billing"
    assert editor.post("domains/playback/close/").json()["closed_on"] is not None
    assert editor.get("systems/media-api/").json()["domain"] is None
    assert editor.post("domains/playback/reopen/").json()["closed_on"] is None


def test_skills_are_set_as_a_whole(editor: Any) -> None:
    known = editor.post("people/ana/skills/", {"skills": {"Kafka": "learning", "go": "expert"}}).json()
    assert [(s["skill"], s["proficiency"]) for s in known["skills"]] == [
        ("go", "expert"),
        ("Kafka", "learning"),
    ]
    assert sentences() == ["Set the skills of Ana: Kafka and go"]
    problem(editor.post("people/ana/skills/", {"skills": {"Go": "guru"}}), 422, ("/skills", "refused"))
    problem(editor.post("people/ana/skills/", {"skills": ["Go"]}), 400, ("/skills", "invalid"))
    assert editor.post("people/ana/skills/", {"skills": {}}).json()["skills"] == []


def test_record_edit_and_solve_a_dependency(editor: Any) -> None:
    made = editor.post("dependencies/", {"squad": "billing", "needs": "player", "since": "2026-01-05"})
    assert made.status_code == 201, made.content
    place = f"dependencies/{made.json()['id']}/"
    assert sentences() == ["Record the dependency of Billing on Player"]
    assert editor.patch(place, {"mode": "x_as_a_service"}).json()["mode"] == "x_as_a_service"
    problem(editor.patch(place, {"squad": "player"}), 400, ("/squad", "unknown_field"))
    problem(
        editor.post("dependencies/", {"squad": "billing", "needs": "billing"}), 422, ("/needs", "refused")
    )
    problem(editor.post("dependencies/", {"squad": "billing"}), 400, ("/needs", "required"))
    assert editor.delete(f"{place}?message=solved").status_code == 204
    assert sentences() == ["Solve the dependency of Billing on Player"]
    problem(editor.get(place), 404)


def test_assign_and_end_coaching(editor: Any) -> None:
    made = editor.post("coachings/", {"person": "ana", "squad": "billing"})
    assert (made.status_code, sentences()) == (201, ["Make Ana coach of Billing"])
    problem(editor.post("coachings/", {"person": "ana", "squad": "billing"}), 422, ("/squad", "refused"))
    assert editor.delete(f"coachings/{made.json()['id']}/").status_code == 204
    assert editor.get("squads/billing/").json()["coaches"] == []


def test_someone_stands_in(editor: Any) -> None:
    body = {"person": "ana", "interim": True, "since": "2026-09-01"}
    backend = editor.post("chapters/backend/lead/", body).json()
    assert (backend["lead"]["key"], backend["interim_lead"]["key"], backend["interim_since"]) == (
        "ben",
        "ana",
        "2026-09-01",
    )
    listening = editor.post("tribes/listening/lead/", {"person": "ana", "since": "2026-10-01"}).json()
    assert (listening["lead"]["id"], listening["lead_since"]) == (id_of("Ana"), "2026-10-01")
    problem(
        editor.post("tribes/listening/lead/", {"seat": "design_lead", "person": "ana", "interim": True}),
        422,
        ("/seat", "refused"),
    )


def test_what_the_rules_need_goes_into_a_draft(calling: Any) -> None:
    planner = calling("planner")
    planner.post("drafts/", {"name": "Ads"})
    made = planner.post("systems/?draft=ads", {"name": "Ad Server", "squad": "billing"})
    assert made.status_code == 201, made.content
    assert [s["name"] for s in planner.get("systems/?draft=ads&squad=billing").json()["results"]] == [
        "Ad Server"
    ]
    assert planner.get("systems/?squad=billing").json()["results"] == []


@pytest.mark.parametrize("path", ["systems/?limit=200", "squads/player/", "dependencies/", "people/ana/"])
def test_queries(editor: Any, path: str, django_assert_max_num_queries: Any) -> None:
    editor.get(path)
    with django_assert_max_num_queries(4):
        editor.get(path)
