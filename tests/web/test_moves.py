"""Moving people: by the board's form and by a page of their own; granted, refused, in conflict, taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from orgmodel import spoken
from orgmodel.changes import drafts, plans, services
from orgmodel.changes.models import ChangeSet, Draft, DraftOperation
from orgmodel.core.operations import MovePeople
from tests.build import an_org, chapter, id_of, person, save, squad, tribe
from tests.web.texts import Bracketed, data_of, untranslated

HTMX = {"HX-Request": "true"}


@pytest.fixture
def org(db: None) -> Any:
    org = an_org(
        person("Dora"),
        tribe(
            "Payments",
            squad("Phoenix", "Ana", "Ben"),
            squad("Dragon", "Cleo"),
            chapter("Backend", "Ana", "Ben", "Cleo"),
        ),
        tribe("Growth", squad("Hydra", "Emil")),
    )
    save(org)
    return org


@pytest.fixture
def direct(settings: Any) -> None:
    settings.LIVE_EDITING = "direct"


def member(name: str, squad: str, seen: str | None = None) -> str:
    return f"{id_of(name, squad)}:{seen or squad.lower()}"


def squad_of(name: str, org: Any = None) -> str:
    org = org or services.current()
    return str(org.squads[org.primary_membership(id_of(name)).squad].name)


def draft_for(client: Any, *operations: Any) -> Draft:
    return drafts.create_draft("Plan", owner_id=client.user.pk, at=timezone.now(), operations=operations)


def test_a_move_in_a_draft_answers_with_fresh_cells(as_role: Any, org: Any) -> None:
    planner = as_role("planner")
    draft = draft_for(planner)
    answer = planner.post(
        "/moves/?draft=plan&tribe=payments",
        {"person": member("Ana", "Phoenix"), "to": "dragon"},
        headers=HTMX,
    )
    html = answer.content.decode()
    assert answer.status_code == 200
    cell = f'id="c-{id_of("Backend")}-{id_of("Dragon")}" data-squad="dragon" data-n="2"'
    assert f'{cell} hx-swap-oob="outerMorph"' in html
    assert f'id="c-{id_of("Backend")}-{id_of("Phoenix")}"' in html
    assert f'id="n-{id_of("Dragon")}"' in html
    assert "Ana moved to Dragon." in html
    assert 'action="/drafts/plan/operations/1/remove/"' in html
    assert squad_of("Ana") == "Phoenix"
    assert squad_of("Ana", plans.replay_draft(Draft.objects.get(pk=draft.pk)).after) == "Dragon"


@pytest.mark.parametrize("to", ["dragon", "phoenix", "nowhere", ""])
def test_the_answer_to_a_move_is_told_in_the_readers_language(
    as_role: Any, org: Any, direct: None, monkeypatch: Any, to: str
) -> None:
    """Granted, needless or refused."""
    monkeypatch.setattr(spoken, "Spoken", Bracketed)
    sent = {"person": member("Ana", "Phoenix"), "to": to}
    answer = as_role("editor").post("/moves/?tribe=payments", sent, headers=HTMX)
    assert untranslated(answer.content.decode(), ["nowhere", *data_of(org)]) == []


def test_what_a_field_says_of_itself_is_text_whatever_a_squad_is_called(as_role: Any, db: None) -> None:
    save(an_org(tribe("Payments", squad("<b>Bold</b>", "Ana"), squad("Dragon"))))
    html = as_role("editor").get("/people/ana/move/").content.decode()
    assert "Now in &lt;b&gt;Bold&lt;/b&gt;." in html
    assert "<b>Bold" not in html


def test_marks_of_findings_are_fresh_after_a_move(as_role: Any, db: None) -> None:
    people = [f"P{n}" for n in range(9)]
    save(
        an_org(
            person("Lea"),
            tribe(
                "Payments",
                squad("Phoenix", *people),
                squad("Dragon", "Ana", *(f"D{n}" for n in range(5)), shares={"Ana": 80}),
                squad("Hydra", "Ana", *(f"H{n}" for n in range(5)), shares={"Ana": 40}),
                lead="Lea",
            ),
        )
    )
    editor = as_role("editor")
    mark = f'<a id="k-{id_of("Phoenix")}"'
    over = "2 findings, medium: Ana is planned for 120 % of their time; the limit is 100 %."
    board = editor.get("/tribes/payments/").content.decode()
    assert f'{mark} class="state sm warn" href="/squads/phoenix/#findings-h"' in board
    assert board.count(f'<span class="warn" title="{over}">') == 2
    assert board.count('<span class="vh">, 2 findings, medium</span>') == 2
    assert f'<a id="k-{id_of("Dragon")}" hidden></a>' in board
    assert '<a class="n" href="/findings/?tribe=payments">1 finding</a>' in board
    draft_for(editor)
    moved = {"person": member("P0", "Phoenix"), "to": "dragon"}
    html = editor.post("/moves/?draft=plan&tribe=payments", moved, headers=HTMX).content.decode()
    assert f'{mark} hx-swap-oob="outerMorph" hidden></a>' in html
    share = {"person": member("Ana", "Hydra"), "to": "phoenix"}
    html = editor.post("/moves/?draft=plan&tribe=payments", share, headers=HTMX).content.decode()
    assert html.count(f'<span class="warn" title="{over}">') == 2  # where Ana came to, and where else she is


def test_an_answer_costs_what_was_touched(as_role: Any, org: Any) -> None:
    planner = as_role("planner")
    draft_for(planner)
    answer = planner.post(
        "/moves/?draft=plan&tribe=payments",
        {"person": member("Ana", "Phoenix"), "to": "dragon"},
        headers=HTMX,
    )
    assert answer.content.decode().count('<ul class="cell"') == 2


def test_a_move_on_the_live_board_starts_a_draft(as_role: Any, org: Any) -> None:
    editor = as_role("editor")
    answer = editor.post(
        "/moves/?tribe=payments", {"person": member("Ana", "Phoenix"), "to": "dragon"}, headers=HTMX
    )
    draft = Draft.objects.get()
    assert answer.headers["HX-Redirect"] == f"/tribes/payments/?draft={draft.key}"
    assert squad_of("Ana") == "Phoenix"
    page = editor.get(answer.headers["HX-Redirect"]).content.decode()
    assert "Draft started from today; nothing is live until you publish." in page
    assert f'<a href="/drafts/{draft.key}/publish/">Publish…</a>' in page


def test_a_draft_that_a_move_starts_is_named_in_english_for_readers_of_every_language(
    as_role: Any, org: Any
) -> None:
    move = {"person": member("Ana", "Phoenix"), "to": "dragon"}
    as_role("editor").post("/moves/?tribe=payments", move, headers={"accept-language": "sv"})
    assert Draft.objects.get().name == f"{timezone.localdate():%-d %B}: Ana moved to Dragon"


def test_the_first_move_can_be_undone_and_leaves_the_draft_open(as_role: Any, org: Any) -> None:
    editor = as_role("editor")
    started = editor.post("/moves/?tribe=payments", {"person": member("Ana", "Phoenix"), "to": "dragon"})
    page = editor.get(started.headers["Location"]).content.decode()
    draft = Draft.objects.get()
    undo = f'<form method="post" action="/drafts/{draft.key}/operations/1/remove/" data-undo>'
    assert 0 < page.index(undo) < page.index("Publish…")
    answer = editor.post(f"/drafts/{draft.key}/operations/1/remove/", {"next": started.headers["Location"]})
    assert answer.headers["Location"] == started.headers["Location"]
    draft.refresh_from_db()
    assert (draft.state, plans.plan_of(draft).positions) == ("open", ())


def test_a_planner_may_start_a_draft_but_not_publish_it(as_role: Any, org: Any) -> None:
    planner = as_role("planner")
    answer = planner.post("/moves/?tribe=payments", {"person": member("Ana", "Phoenix"), "to": "dragon"})
    assert "Publish…" not in planner.get(answer.headers["Location"]).content.decode()


@pytest.mark.usefixtures("direct")
def test_direct_editing_commits_and_offers_undo(as_role: Any, org: Any) -> None:
    editor = as_role("editor")
    answer = editor.post(
        "/moves/?tribe=payments", {"person": member("Ana", "Phoenix"), "to": "dragon"}, headers=HTMX
    )
    assert 'action="/history/2/undo/"' in answer.content.decode()
    assert squad_of("Ana") == "Dragon"
    editor.post("/history/2/undo/")
    assert squad_of("Ana") == "Phoenix"


@pytest.mark.usefixtures("direct")
def test_a_bulk_move_is_one_change_set(as_role: Any, org: Any) -> None:
    people = [member("Ana", "Phoenix"), member("Cleo", "Dragon"), "dora"]
    answer = as_role("editor").post("/moves/?tribe=payments", {"person": people, "to": "hydra"})
    assert answer.status_code == 303
    assert ChangeSet.objects.count() == 2
    assert {squad_of(name) for name in ("Ana", "Cleo", "Dora")} == {"Hydra"}


def test_undoing_a_bulk_move_in_a_draft_takes_all_of_it_back(as_role: Any, org: Any) -> None:
    planner = as_role("planner")
    draft = draft_for(planner)
    for person_, to in (
        (member("Emil", "Hydra"), "dragon"),
        ([member("Ana", "Phoenix"), member("Cleo", "Dragon")], "hydra"),
    ):
        planner.post("/moves/?draft=plan&tribe=payments", {"person": person_, "to": to})
    assert DraftOperation.objects.filter(draft=draft).count() == 3
    planner.post("/drafts/plan/operations/2/remove/", {"also": ["3", "x", "9" * 50]})
    draft.refresh_from_db()
    assert plans.plan_of(draft).positions == (1,)


def test_share_since_and_role_go_along(as_role: Any, org: Any) -> None:
    planner = as_role("planner")
    draft_for(planner)
    fields = {"person": member("Ana", "Phoenix"), "to": "dragon", "share": "60", "since": "2026-11-01"}
    planner.post("/moves/?draft=plan&tribe=payments", fields)
    membership = plans.replay_draft(Draft.objects.get()).after.memberships[id_of("Ana", "Phoenix")]
    assert (membership.share, str(membership.since)) == (60, "2026-11-01")


def test_those_who_are_there_already_are_left_out(as_role: Any, org: Any) -> None:
    planner = as_role("planner")
    draft_for(planner)
    people = [member("Ana", "Phoenix"), member("Cleo", "Dragon")]
    assert (
        planner.post("/moves/?draft=plan&tribe=payments", {"person": people, "to": "dragon"}).status_code
        == 303
    )
    assert DraftOperation.objects.count() == 1


def test_a_refused_move_says_why_and_shows_what_is_there(as_role: Any, org: Any) -> None:
    planner = as_role("planner")
    draft_for(planner)
    fields = {"person": member("Ana", "Phoenix"), "to": "phoenix"}
    answer = planner.post("/moves/?draft=plan&tribe=payments", fields, headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Ana is in Phoenix already." in html
    assert f'id="c-{id_of("Backend")}-{id_of("Phoenix")}"' in html
    page = planner.post("/moves/?draft=plan&tribe=payments", fields)
    assert page.status_code == 422
    assert "Ana is in Phoenix already." in page.content.decode()


def test_a_move_of_someone_who_has_moved_on_is_a_conflict(as_role: Any, org: Any) -> None:
    planner = as_role("planner")
    draft_for(planner, MovePeople(people=(id_of("Ana"),), source=id_of("Phoenix"), to=id_of("Hydra")))
    answer = planner.post(
        "/moves/?draft=plan&tribe=payments",
        {"person": member("Ana", "Phoenix"), "to": "dragon"},
        headers=HTMX,
    )
    assert answer.status_code == 409
    assert "Ana is in Hydra now, not in Phoenix any more." in answer.content.decode()
    assert f'id="c-{id_of("Backend")}-{id_of("Phoenix")}"' in answer.content.decode()


@pytest.mark.usefixtures("direct")
def test_two_who_move_the_same_person_do_not_overrule_each_other(as_role: Any, org: Any) -> None:
    fields = {"person": member("Ana", "Phoenix")}
    first = as_role("editor").post("/moves/?tribe=payments", fields | {"to": "dragon"}, headers=HTMX)
    second = as_role("editor", "other").post("/moves/?tribe=payments", fields | {"to": "hydra"}, headers=HTMX)
    assert (first.status_code, second.status_code) == (200, 409)
    assert squad_of("Ana") == "Dragon"


def test_a_viewer_may_not_move_anyone(as_role: Any, org: Any) -> None:
    answer = as_role("viewer").post(
        "/moves/?tribe=payments", {"person": member("Ana", "Phoenix"), "to": "dragon"}, headers=HTMX
    )
    assert answer.status_code == 403
    assert "Your role reads only." in answer.content.decode()
    assert f'id="c-{id_of("Backend")}-{id_of("Phoenix")}"' in answer.content.decode()


def test_the_past_cannot_be_changed(as_role: Any, org: Any) -> None:
    url = f"/moves/?as_of={timezone.localdate()}&tribe=payments"
    answer = as_role("editor").post(url, {"person": member("Ana", "Phoenix"), "to": "dragon"}, headers=HTMX)
    assert answer.status_code == 422


BAD: list[dict[str, Any]] = [
    {},
    {"to": "dragon"},
    {"person": "nobody", "to": "dragon"},
    {"person": "\x00", "to": "dragon"},
    {"person": "\ud800".encode("utf-8", "surrogatepass"), "to": "dragon"},
    {"person": member("Ana", "Phoenix"), "to": ""},
    {"person": member("Ana", "Phoenix"), "to": "\x00"},
    {"person": member("Ana", "Phoenix"), "to": "unknown"},
    {"person": member("Ana", "Phoenix"), "to": "x" * 1_000_000},
    {"person": member("Ana", "Phoenix"), "to": "dragon", "share": "300"},
    {"person": member("Ana", "Phoenix"), "to": "dragon", "since": "yesterday"},
    {"person": member("Ana", "Phoenix"), "to": "dragon", "role": "unknown"},
    {"person": [member("Ana", "Phoenix")] + [f"p{n}" for n in range(2000)], "to": "dragon"},
    {"person": f"{id_of('nobody')}:phoenix", "to": "dragon"},
]


@pytest.mark.parametrize("fields", BAD)
@pytest.mark.parametrize("headers", [HTMX, {}])
def test_bad_input_is_refused(
    as_role: Any, org: Any, fields: dict[str, Any], headers: dict[str, str]
) -> None:
    answer = as_role("editor").post("/moves/?tribe=payments", fields, headers=headers)
    assert answer.status_code == 422
    assert Draft.objects.count() == 0


def test_a_move_from_an_unknown_board_still_says_why(as_role: Any, org: Any) -> None:
    answer = as_role("editor").post("/moves/?tribe=gone", {"person": "nobody", "to": "dragon"}, headers=HTMX)
    assert answer.status_code == 422
    assert "There is nobody" in answer.content.decode()


def test_targets_are_searched(as_role: Any, org: Any) -> None:
    html = as_role("editor").get("/moves/targets/?q=dra").content.decode()
    assert '<option value="dragon">Dragon (1)</option>' in html
    assert "phoenix" not in html


class TestPage:
    def test_it_asks_where_to(self, as_role: Any, org: Any) -> None:
        page = as_role("editor").get("/people/ana/move/")
        assert page.status_code == 200
        assert '<option value="dragon">Dragon (1)</option>' in page.content.decode()

    def test_an_editor_moves_someone_live(self, as_role: Any, org: Any) -> None:
        answer = as_role("editor").post(
            "/people/ana/move/", {"source": "phoenix", "to": "dragon", "share": "80"}
        )
        assert (answer.status_code, answer.headers["Location"]) == (303, "/people/ana/")
        assert squad_of("Ana") == "Dragon"

    def test_someone_without_a_squad_joins_one(self, as_role: Any, org: Any) -> None:
        as_role("editor").post("/people/dora/move/", {"to": "dragon"})
        assert squad_of("Dora") == "Dragon"

    def test_a_form_that_is_out_of_date_is_a_conflict(self, as_role: Any, org: Any) -> None:
        editor = as_role("editor")
        editor.post("/people/ana/move/", {"source": "phoenix", "to": "dragon"})
        answer = editor.post("/people/ana/move/", {"source": "phoenix", "to": "hydra"})
        assert answer.status_code == 409
        assert "Ana is in Dragon now, not in Phoenix any more." in answer.content.decode()

    @pytest.mark.parametrize(
        "fields",
        [{}, {"to": "unknown"}, {"source": "unknown", "to": "dragon"}, {"source": "phoenix", "to": "\x00"}],
    )
    def test_bad_input_is_shown_at_its_field(self, as_role: Any, org: Any, fields: dict[str, str]) -> None:
        assert as_role("editor").post("/people/ana/move/", fields).status_code == 422

    def test_a_viewer_may_not(self, as_role: Any, org: Any) -> None:
        assert as_role("viewer").get("/people/ana/move/").status_code == 403

    def test_an_unknown_person_is_not_found(self, as_role: Any, org: Any) -> None:
        assert as_role("editor").get("/people/nobody/move/").status_code == 404
