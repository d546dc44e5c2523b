"""The change feed: every change once, in the order of commit, from a cursor that stays good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orgmodel.changes import services, store
from orgmodel.changes.models import Change
from orgmodel.core.operations import MovePeople
from orgmodel.integrations.feed import Place
from tests.api.conftest import problem
from tests.build import an_org, id_of, save, squad, tribe

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def path_of(address: str) -> str:
    return address.partition("/api/v1/")[2]


def follow(caller: Any, path: str) -> list[dict[str, Any]]:
    """Return what the feed tells from an address to its end."""
    found: list[dict[str, Any]] = []
    while path:
        answer = caller.get(path)
        assert answer.status_code == 200, answer.content
        found += answer.json()["results"]
        path = path_of(answer.json()["next"] or "")
    return found


@pytest.mark.usefixtures("payments")
def test_a_change_says_what_when_from_when_and_why(editor: Any) -> None:
    editor.patch("people/ana/", {"title": "Head", "effective_on": "2026-01-05", "message": "Late entry"})
    last = follow(editor, "changes/")[-1]
    assert datetime.fromisoformat(last.pop("recorded_at")).year >= 2026
    assert last == {
        "kind": "person",
        "id": id_of("Ana"),
        "key": "ana",
        "version": 2,
        "effective_on": "2026-01-05",
        "source": "api",
        "actor": "editor",
        "sentence": "Edit person Ana: title",
        "before": {"title": ""},
        "after": {"title": "Head"},
    }


@pytest.mark.usefixtures("payments")
def test_what_is_removed_is_told_with_nothing_after(editor: Any) -> None:
    cursor = editor.get("changes/?since=end").json()["cursor"]
    editor.delete("memberships/" + id_of("Cleo", "Comet") + "/")
    (gone,) = follow(editor, f"changes/?since={cursor}")
    assert (gone["kind"], gone["key"], gone["after"]) == ("membership", None, None)
    assert gone["before"]["share"] == 50


@pytest.mark.usefixtures("payments")
def test_following_tells_everything_once_in_order(editor: Any) -> None:
    for title in ("a", "b", "c"):
        editor.patch("people/ana/", {"title": title})
    whole = follow(editor, "changes/?since=0")
    assert len(whole) == Change.objects.count()
    assert [change["version"] for change in whole[-4:]] == [1, 2, 3, 4]
    assert follow(editor, "changes/?since=0&limit=3") == whole
    first = editor.get("changes/?limit=5").json()
    assert follow(editor, f"changes/?limit=200&since={first['cursor']}") == whole[5:]


@pytest.mark.usefixtures("payments")
def test_the_end_has_a_cursor_and_no_next(editor: Any) -> None:
    end = editor.get("changes/?since=end").json()
    assert (end["results"], end["next"]) == ([], None)
    assert editor.get(f"changes/?since={end['cursor']}").json() == end
    editor.patch("people/ana/", {"title": "Head"})
    assert [c["after"] for c in follow(editor, f"changes/?since={end['cursor']}")] == [{"title": "Head"}]


def test_before_there_is_anything(editor: Any) -> None:
    start = editor.get("changes/").json()
    assert (start["results"], start["next"]) == ([], None)
    save(an_org(tribe("Payments")), at=NOW)
    assert [c["key"] for c in follow(editor, f"changes/?since={start['cursor']}")] == ["payments"]


@pytest.mark.usefixtures("payments")
def test_some_kinds_only(editor: Any) -> None:
    kinds = [change["kind"] for change in follow(editor, "changes/?kind=squad,tribe&limit=1")]
    assert kinds == ["tribe", "tribe", "squad", "squad"]
    nothing = editor.get("changes/?kind=waiver").json()
    assert nothing["results"] == []
    assert nothing["cursor"] == editor.get("changes/?since=end").json()["cursor"]
    problem(editor.get("changes/?kind=squad,team"), 400, ("kind", "invalid"))


@pytest.mark.parametrize("cursor", ["x", "-1", "1", "MS4y", "%C3%A9", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5LjEuMQ"])
def test_nonsense_for_a_cursor(editor: Any, cursor: str) -> None:
    problem(editor.get(f"changes/?since={cursor}"), 400, ("since", "invalid"))


@pytest.mark.parametrize("limit", ["0", "201", "x"])
def test_limits(editor: Any, limit: str) -> None:
    problem(editor.get(f"changes/?limit={limit}"), 400, ("limit", "invalid"))
    problem(editor.get("changes/?offset=3"), 400, ("offset", "unknown_parameter"))


@pytest.mark.usefixtures("payments")
def test_a_poll_that_finds_nothing_new_costs_nothing_to_read(editor: Any) -> None:
    cursor = editor.get("changes/?since=end").json()["cursor"]
    tag = editor.get(f"changes/?since={cursor}")["ETag"]
    assert editor.get(f"changes/?since={cursor}", **{"If-None-Match": tag}).status_code == 304
    editor.patch("people/ana/", {"title": "Head"})
    assert editor.get(f"changes/?since={cursor}", **{"If-None-Match": tag}).status_code == 200


@pytest.mark.usefixtures("payments")
def test_a_cursor_that_is_too_old_says_how_to_start_over(editor: Any, settings: Any) -> None:
    last = Change.objects.latest("pk")
    place, today = Place(1, last.pk), datetime.now(UTC).date()
    kept = place.cursor(today - timedelta(days=settings.FEED_RETENTION_DAYS))
    assert editor.get(f"changes/?since={kept}").json()["results"] == []
    old = place.cursor(today - timedelta(days=settings.FEED_RETENTION_DAYS + 1))
    found = problem(editor.get(f"changes/?since={old}"), 410, ("since", "expired"))
    assert f"follow changes/?since={found['cursor']}" in found["detail"]
    assert editor.get(f"changes/?since={found['cursor']}").json()["results"] == []


def test_the_cursor_of_another_log_is_refused(editor: Any) -> None:
    save(an_org(tribe("Payments")), at=NOW)
    cursor = editor.get("changes/").json()["cursor"]
    store.erase()
    store.forget()
    save(an_org(tribe("Search")), at=NOW)
    problem(editor.get(f"changes/?since={cursor}"), 410, ("since", "expired"))


@pytest.mark.parametrize("people", [1, 300])
def test_a_page_costs_the_same_whatever_the_log_holds(editor: Any, people: int) -> None:
    names = [f"Person {number}" for number in range(people)]
    save(an_org(tribe("Listening", squad("Search", *names), squad("Playback"))), at=NOW)
    move = MovePeople(people=tuple(map(id_of, names)), to=id_of("Playback"))
    actor = services.Actor("Ana")
    services.commit([move], actor=actor, message="", source="api", at=NOW)
    cursor = editor.get("changes/?limit=1").json()["cursor"]
    editor.get("org/")  # the process keeps the organization
    with CaptureQueriesContext(connection) as queries:
        assert editor.get(f"changes/?since={cursor}&limit=200").status_code == 200
    assert len(queries) == 7, [query["sql"] for query in queries]
