"""`/api/v1/people/`: list, read, write, refuse, conflict, as of, draft."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import services
from orgmodel.changes.models import ChangeSet
from orgmodel.core.operations import HirePerson, RenamePerson
from tests.api.conftest import problem
from tests.build import id_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("payments")]


def names(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [person["name"] for person in response.json()["results"]]


def test_list_holds_memberships_chapter_and_guilds(editor: Any) -> None:
    ana = editor.get("people/?key=ana").json()["results"][0]
    assert ana["email"] == "ana@example.org"
    assert ana["external_ids"] == {"hris": "4711"}
    assert ana["memberships"] == [
        {
            "id": id_of("Ana", "Phoenix"),
            "squad": {"id": id_of("Phoenix"), "key": "phoenix", "name": "Phoenix"},
            "role": {"id": id_of("Product owner"), "key": "product-owner", "name": "Product owner"},
            "share": None,
            "kind": "permanent",
            "since": None,
            "until": None,
        }
    ]
    assert ana["chapter"] == {"id": id_of("Backend"), "key": "backend", "name": "Backend"}
    assert ana["guilds"] == [{"id": id_of("Testing"), "key": "testing", "name": "Testing"}]
    assert ana["manager"] is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Ana", "Ben", "Cleo"]),
        ("q=E", ["Ben", "Cleo"]),
        ("squad=phoenix", ["Ana", "Ben"]),
        (f"squad={id_of('Comet')}", ["Cleo"]),
        ("tribe=payments", ["Ana", "Ben", "Cleo"]),
        ("tribe=search", []),
        ("chapter=backend&guild=testing", ["Ana"]),
        ("role=engineer", ["Ben"]),
        ("craft=backend", ["Ana"]),
        ("external_id=hris:4711", ["Ana"]),
        ("external_id=hris:4712", []),
        ("external_id=a__contains:x", []),
        ("status=left", []),
        ("manager=", ["Ana", "Ben", "Cleo"]),
        ("squad=phoenix&q=b", ["Ben"]),
    ],
)
@pytest.mark.parametrize("reality", ["", "&as_of=2999-01-01"])
def test_filters_say_the_same_from_tables_and_from_the_value(
    editor: Any, query: str, reality: str, found: list[str]
) -> None:
    assert names(editor.get(f"people/?{query}{reality}")) == found


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("colour=red", "colour"),
        ("squad=", "squad"),
        ("status=gone", "status"),
        ("external_id=4711", "external_id"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=abc", "limit"),
        ("limit=²", "limit"),
        ("cursor=%00", "cursor"),
        ("cursor=AA", "cursor"),
        ("q=a%00b", "q"),
        ("q=a&q=b", "q"),
    ],
)
def test_a_filter_that_means_nothing_is_named(editor: Any, query: str, place: str) -> None:
    assert problem(editor.get(f"people/?{query}"), 400, *[(place, code_of(query))])


def test_a_filter_that_names_nothing_is_refused(editor: Any) -> None:
    for query in ("squad=nowhere", "manager=nobody"):
        place, _, _ = query.partition("=")
        problem(editor.get(f"people/?{query}"), 422, (place, "unknown_reference"))


def code_of(query: str) -> str:
    return "unknown_parameter" if query.startswith("colour") else "invalid"


def test_a_bad_day_and_two_realities_are_refused(editor: Any) -> None:
    problem(editor.get("people/?as_of=yesterday"), 400, ("as_of", "invalid"))
    problem(editor.get("people/?as_of=2026-01-01&draft=x"), 400, ("as_of", "invalid"))


def test_pages_follow_their_cursor(editor: Any) -> None:
    for reality in ("", "&as_of=2999-01-01", "&squad=phoenix"):
        seen, address = [], f"people/?limit=1{reality}"
        while address:
            response = editor.get(address)
            seen += names(response)
            following = response.json()["next"]
            assert response.headers.get("Link") == (f'<{following}>; rel="next"' if following else None)
            address = following.partition("/api/v1/")[2] if following else ""
        assert seen == (["Ana", "Ben"] if "squad" in reality else ["Ana", "Ben", "Cleo"])


def test_detail_by_id_and_by_key(editor: Any) -> None:
    by_key = editor.get("people/ana/")
    assert by_key.status_code == 200
    assert by_key.json() == editor.get(f"people/{id_of('Ana')}/").json()
    for unknown in ("people/zoe/", "people/%00/", f"people/{id_of('Zoe')}/", "people/0/"):
        problem(editor.get(unknown), 404)


def test_create_hires(editor: Any) -> None:
    response = editor.post("people/", {"name": "Zoe", "manager": "ana", "message": "She is good"})
    assert response.status_code == 201, response.content
    zoe = response.json()
    assert (zoe["key"], zoe["manager"]["name"]) == ("zoe", "Ana")
    assert response["Location"].endswith(f"/api/v1/people/{zoe['id']}/")
    change_set = ChangeSet.objects.get(version=int(response["Change-Set"]))
    assert change_set.sentences == ["Hire Zoe"]
    assert (change_set.message, change_set.source, change_set.actor_name) == (
        "She is good",
        "api",
        "editor",
    )


def test_bad_bodies_name_every_place(editor: Any) -> None:
    body = {"nmae": "Zoe", "status": "asleep", "started_on": "tomorrow", "external_ids": ["x"]}
    response = editor.post("people/", body)
    found = problem(
        response,
        400,
        ("/nmae", "unknown_field"),
        ("/name", "required"),
        ("/status", "invalid"),
        ("/started_on", "invalid"),
        ("/external_ids", "invalid"),
    )
    assert found["type"] == "/api/v1/problems/malformed/"
    assert found["instance"] == "/api/v1/people/"
    assert found["detail"].endswith(".")
    assert re.search(r"[.;]{2}", found["detail"]) is None


def test_an_unknown_reference_is_422(editor: Any) -> None:
    problem(
        editor.post("people/", {"name": "Zoe", "manager": "zeus"}), 422, ("/manager", "unknown_reference")
    )


def test_a_rule_that_would_break_is_422(editor: Any) -> None:
    editor.patch("people/ben/", {"manager": "ana"})
    found = problem(editor.patch("people/ana/", {"manager": "ben"}), 422, ("/manager", "no_cycle"))
    assert found["detail"] == "Ana would answer to themselves."


def test_patch_renames_and_edits_in_words(editor: Any) -> None:
    response = editor.patch("people/ana/", {"name": "Anna", "title": "Head", "email": "ana@example.org"})
    assert (response.json()["name"], response.json()["key"]) == ("Anna", "ana")
    change_set = ChangeSet.objects.get(version=int(response["Change-Set"]))
    assert change_set.sentences == ["Rename person Ana to Anna", "Edit person Anna: title"]


def test_the_same_patch_again_changes_nothing(editor: Any) -> None:
    assert editor.patch("people/ana/", {"title": "Head"}).headers["Change-Set"] == "2"
    again = editor.patch("people/ana/", {"title": "Head"})
    assert again.status_code == 200
    assert "Change-Set" not in again.headers


def test_what_was_seen_and_has_changed_is_a_conflict_with_both_values(editor: Any) -> None:
    editor.patch("people/ana/", {"title": "Head"})
    response = editor.patch("people/ana/", {"title": "Chief", "seen": {"title": "Engineer"}})
    found = problem(response, 409, ("/title", "conflict"))
    assert (found["errors"][0]["expected"], found["errors"][0]["found"]) == ("Engineer", "Head")
    assert editor.patch("people/ana/", {"name": "Anna", "seen": {"name": "Ana"}}).status_code == 200
    problem(
        editor.patch("people/ana/", {"name": "Annie", "seen": {"name": "Ana"}}), 409, ("/name", "conflict")
    )


def test_a_version_that_has_passed_is_a_conflict(editor: Any) -> None:
    editor.patch("people/ana/", {"title": "Head", "expected_version": 1})
    response = editor.patch("people/ana/", {"title": "Chief", "expected_version": 1})
    found = problem(response, 409, ("", "stale_version"))
    assert (found["errors"][0]["expected"], found["errors"][0]["found"]) == (1, 2)


def test_move(editor: Any) -> None:
    response = editor.post("people/ben/move/", {"to": "comet", "share": 60, "message": "Comet needs him"})
    assert response.status_code == 200, response.content
    (membership,) = response.json()["memberships"]
    assert (membership["squad"]["key"], membership["share"], membership["role"]["key"]) == (
        "comet",
        60,
        "engineer",
    )
    change_set = ChangeSet.objects.get(version=2)
    assert change_set.sentences == ["Move Ben from Phoenix to Comet at 60 %"]


def test_two_move_the_same_person(editor: Any) -> None:
    assert editor.post("people/ben/move/", {"from": "phoenix", "to": "comet"}).status_code == 200
    response = editor.post("people/ben/move/", {"from": "phoenix", "to": "comet"})
    found = problem(response, 409, ("/from", "conflict"))
    assert (found["errors"][0]["expected"], found["errors"][0]["found"]) == ("Phoenix", "Comet")


def test_refused_moves(editor: Any) -> None:
    problem(editor.post("people/ben/move/", {"to": "phoenix"}), 422, ("/to", "refused"))
    problem(editor.post("people/ben/move/", {}), 400, ("/to", "required"))
    problem(editor.post("people/ben/move/", {"to": "comet", "share": 300}), 400, ("/share", "invalid"))
    problem(
        editor.post("people/ben/move/", {"to": "comet", "people": ["ana"]}), 400, ("/people", "unknown_field")
    )
    problem(editor.post("people/nobody/move/", {"to": "comet"}), 404)


def test_bulk_move_is_one_change_set(editor: Any) -> None:
    moves = [{"people": ["ana", "ben"], "to": "comet"}, {"people": ["cleo"], "to": "phoenix"}]
    response = editor.post("moves/", {"moves": moves, "message": "Swap"})
    assert response.status_code == 200, response.content
    homes = {p["key"]: [m["squad"]["key"] for m in p["memberships"]] for p in response.json()["people"]}
    assert homes == {"ana": ["comet"], "ben": ["comet"], "cleo": ["phoenix"]}
    assert response["Change-Set"] == "2"
    problem(editor.post("moves/", {"moves": []}), 400, ("/moves", "required"))
    problem(
        editor.post("moves/", {"moves": [{"people": ["ana"], "to": "x"}, 7, {"people": "ana"}]}),
        400,
        ("/moves/1", "invalid"),
        ("/moves/2/to", "required"),
        ("/moves/2/people", "invalid"),
    )
    assert ChangeSet.objects.count() == 2


def test_chapter_offboard_reinstate(editor: Any) -> None:
    assert editor.post("people/cleo/chapter/", {"chapter": "backend"}).json()["chapter"]["key"] == "backend"
    assert editor.post("people/cleo/chapter/", {"chapter": None}).json()["chapter"] is None
    told = {"successor": "ben", "effective_on": "2026-01-31", "message": "Told late."}
    gone = editor.post("people/ana/offboard/", told)
    assert (gone.json()["status"], gone.json()["memberships"]) == ("left", [])
    assert ChangeSet.objects.get(version=4).effective_on == date(2026, 1, 31)
    problem(editor.post("people/ana/offboard/"), 422, ("", "refused"))
    assert editor.post("people/ana/reinstate/").json()["status"] == "active"


def test_as_of_reads_the_past_and_does_not_write_it(editor: Any) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    ChangeSet.objects.filter(version=1).update(effective_on=yesterday)
    editor.patch("people/ana/", {"name": "Anna"})
    assert editor.get(f"people/ana/?as_of={yesterday}").json()["name"] == "Ana"
    assert editor.get("people/ana/").json()["name"] == "Anna"
    problem(editor.patch(f"people/ana/?as_of={yesterday}", {"name": "Anne"}), 422, ("", "refused"))


def test_a_draft_is_read_and_written_without_touching_live(editor: Any) -> None:
    editor.post("drafts/", {"name": "Later"})
    response = editor.post("people/ben/move/?draft=later", {"to": "comet", "message": "why not"})
    assert response.status_code == 200, response.content
    assert response["Draft-Revision"] == "1"
    assert "Change-Set" not in response.headers
    assert names(editor.get("people/?squad=comet&draft=later")) == ["Ben", "Cleo"]
    assert names(editor.get("people/?draft=later")) == ["Ana", "Ben", "Cleo"]
    assert names(editor.get("people/?squad=comet")) == ["Cleo"]
    problem(
        editor.patch("people/ben/?draft=later", {"title": "x", "expected_version": 1}),
        422,
        ("/effective_on", "refused"),
    )


@pytest.mark.parametrize("count", [1, 300])
def test_queries_do_not_grow(count: int, editor: Any, django_assert_num_queries: Any) -> None:
    people = [f"Person {number}" for number in range(count)]
    actor = services.Actor("Test")
    hires = [HirePerson(id=id_of(name), values={"name": name}) for name in people]
    services.commit(hires, actor=actor, message="", source="api", at=timezone.now())
    editor.get("people/?limit=200")
    with django_assert_num_queries(4):  # token with user and roles, its count, head, the page's ids
        editor.get("people/?limit=200")
    with django_assert_num_queries(3):
        editor.get("people/ana/")
    with django_assert_num_queries(3):
        editor.get("people/?squad=phoenix")


def test_a_rename_between_two_pages_does_not_repeat_anyone(editor: Any) -> None:
    first = editor.get("people/?limit=2").json()
    rename = RenamePerson(id=id_of("Ana"), name="Zara")
    services.commit([rename], actor=services.Actor("Test"), message="", source="api", at=timezone.now())
    rest = editor.get(first["next"].partition("/api/v1/")[2])
    assert names(rest) == ["Cleo"]
