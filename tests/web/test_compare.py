"""A draft held against live, another draft, a day or a snapshot; and several drafts side by side."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orgmodel.changes import drafts, publishing, services, store
from orgmodel.changes.models import Draft, DraftShare, Snapshot
from orgmodel.changes.whole_figures import figures_on, figures_today
from orgmodel.core.figures import figures_of
from orgmodel.core.operations import CloseSquad, MergeSquads, MovePeople, Operation, RenameSquad, SplitSquad
from tests.build import an_org, id_of, save, squad, tribe

pytestmark = pytest.mark.django_db

DAY = timezone.localdate()
FIGURES = [
    "People",
    "Tribes",
    "Squads",
    "Chapters",
    "Vacancies",
    "Squads out of range",
    "Squads without product owner",
    "People without squad",
    "People without manager",
    "Managers with too many reports",
]


@pytest.fixture(autouse=True)
def _org() -> None:
    save(
        an_org(
            tribe(
                "Listen",
                squad("Search", "Ana", "Ben", "Cleo", "Dan", "Eve"),
                squad("Radio", "Fay", "Gus", "Hal"),
                squad("Podcasts", "Ida", "Jon", "Kim", "Lea"),
            ),
            tribe("Create", squad("Ads", "Max", "Ned", "Ola", "Pia")),
        ),
        at=timezone.now() - timedelta(days=30),
    )


def a_draft(owner: Any, name: str, *operations: Operation) -> Draft:
    return drafts.create_draft(name, owner_id=owner.user.pk, at=timezone.now(), operations=operations)


def move(*people: str, to: str) -> MovePeople:
    return MovePeople(people=tuple(id_of(name) for name in people), to=id_of(to))


def merge(squad: str, into: str) -> MergeSquads:
    return MergeSquads(squads=(id_of(squad),), into=id_of(into))


def live(operation: Operation) -> None:
    services.commit([operation], actor=services.Actor("Eve"), message="", source="web", at=timezone.now())


def figures(page: Any) -> dict[str, tuple[str, str, str]]:
    return {row.label: (row.before, row.after, row.shift) for row in page.context["figures"]}


# Held against live


def test_it_is_said_in_one_sentence_and_in_numbers(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, "Merge", merge("Radio", into="Search"))

    page = planner.get("/drafts/merge/compare/")

    assert page.status_code == 200
    assert page.context["sentence"] == "Radio merges into Search, 3 people change squad."
    assert page.context["numbers"] == [
        "3 people change squad or tribe, 13 do not.",
        "1 squad is back in range.",
    ]


def test_what_it_asks_of_people_has_a_square_for_each(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, "Merge", merge("Radio", into="Search"))

    asks = planner.get("/drafts/merge/compare/").context["asks"]

    assert asks.people_per_square == 1
    assert [(row.label, row.count, row.whom) for row in asks.rows] == [
        ("Change squad", 3, "3 from Radio"),
        ("Change tribe, keep their squad", 0, ""),
        ("New teammates only", 5, "5 in Search"),
        ("Change manager", 0, ""),
    ]
    assert asks.rows[0].squares == "M0 0h7v7h-7zM9 0h7v7h-7zM18 0h7v7h-7z"


def test_squads_and_figures_stand_before_and_after(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, "Merge", merge("Radio", into="Search"))

    page = planner.get("/drafts/merge/compare/")

    assert [(r.squad.name, r.before, r.after, r.remark, r.stayed) for r in page.context["squads"]] == [
        ("Radio", 3, 0, "closes", 0),
        ("Search", 5, 8, "", 5),
    ]
    found = figures(page)
    assert list(found) == FIGURES
    assert found["Squads"] == ("4", "3", "\N{MINUS SIGN}1")
    assert found["Squads out of range"] == ("1", "0", "\N{MINUS SIGN}1")
    assert found["People"] == ("16", "16", "")


def test_the_picture_has_a_table_that_says_the_same_and_unchanged_squads_are_folded(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, "Merge", merge("Radio", into="Search"))

    page = planner.get("/drafts/merge/compare/")
    html = page.content.decode()

    assert [(row.people, row.source, row.target, row.what) for row in page.context["rows"]] == [
        (3, "Radio", "Search", "move"),
        (5, "Search", "Search", "stay"),
    ]
    assert page.context["rows"][0].target_url == "/squads/search/?draft=merge"
    assert "4 people in Podcasts: unchanged" in html
    assert "1 other tribe unchanged" in html
    assert "Ads" not in html.split('id="main"')[1].split("</svg>")[0]


def test_a_draft_without_changes_differs_in_nothing(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, "Empty")

    page = planner.get("/drafts/empty/compare/")

    assert page.context["sentence"] == "Nothing differs."
    assert page.context["picture"] == ""
    assert "Nobody goes to another squad." in page.content.decode()


def test_what_no_longer_fits_is_said(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, "Late", MovePeople(people=(id_of("Ana"),), to=id_of("Ads"), source=id_of("Search")))
    live(move("Ana", to="Radio"))

    assert (
        '<a href="/drafts/late/changes/" class="danger">1 change no longer fits, which blocks publishing.</a>'
        in planner.get("/drafts/late/compare/").content.decode()
    )


# Held against something else


def test_with_another_draft_both_stand_on_today(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, "One", move("Ana", to="Radio"), move("Ben", to="Ads"))
    a_draft(planner, "Other", move("Ana", to="Ads"), move("Ben", to="Ads"))
    live(RenameSquad(id=id_of("Radio"), name="Stations"))

    page = planner.get("/drafts/one/compare/?with=other")

    assert page.context["sentence"] == "1 person changes squad."
    assert [(row.people, row.source, row.target) for row in page.context["rows"][:1]] == [
        (1, "Ads", "Stations")
    ]
    assert page.context["base"].value == "other"


def test_with_a_day_it_is_what_differs_since_then(as_role: Any) -> None:
    planner = as_role("planner")
    live(move("Max", to="Radio"))
    a_draft(planner, "One", move("Ana", to="Ads"))
    yesterday = (DAY - timedelta(days=1)).isoformat()

    page = planner.get(f"/drafts/one/compare/?with={yesterday}")
    same = planner.get(f"/drafts/one/compare/?with=live&day={yesterday}")

    assert page.context["sentence"] == same.context["sentence"] == "2 people change squad."
    assert [(row.people, row.source, row.target) for row in page.context["rows"][:2]] == [
        (1, "Ads", "Radio"),
        (1, "Search", "Ads"),
    ]


def test_with_a_snapshot_it_is_what_differs_since_that_version(as_role: Any) -> None:
    planner = as_role("planner")
    Snapshot.objects.create(key="start", name="The start", version=1, created_at=timezone.now())
    live(move("Max", to="Radio"))
    a_draft(planner, "One", move("Ana", to="Ads"))

    page = planner.get("/drafts/one/compare/?with=snapshot:start")

    assert page.context["sentence"] == "2 people change squad."
    assert page.context["base"].side.title == "The start"


def test_with_a_day_to_come_it_is_what_differs_from_what_is_scheduled(as_role: Any) -> None:
    editor = as_role("editor")
    due = a_draft(editor, "Due", move("Max", to="Radio"))
    on = DAY + timedelta(days=9)
    publishing.schedule(due, on=on, by_id=editor.user.pk, message="", at=timezone.now(), despite="A test.")
    a_draft(editor, "One", move("Ana", to="Ads"))

    before = editor.get(f"/drafts/one/compare/?with={(on - timedelta(days=1)).isoformat()}")
    after = editor.get(f"/drafts/one/compare/?with={on.isoformat()}")

    assert before.context["sentence"] == "1 person changes squad."
    assert after.context["sentence"] == "2 people change squad."
    assert [(row.people, row.source, row.target) for row in after.context["rows"][:2]] == [
        (1, "Radio", "Ads"),
        (1, "Search", "Ads"),
    ]


def test_what_to_compare_with_is_offered(as_role: Any) -> None:
    planner, stranger = as_role("planner"), as_role("planner", "ines")
    a_draft(planner, "One")
    a_draft(planner, "Other")
    a_draft(stranger, "Secret")
    drafts.archive(a_draft(planner, "Old"), at=timezone.now())
    Snapshot.objects.create(key="start", name="The start", version=1, created_at=timezone.now())

    assert planner.get("/drafts/one/compare/").context["choices"] == [
        ("Organization", [("live", "Live")]),
        ("Drafts", [("other", "Other")]),
        ("Snapshots", [("snapshot:start", "The start")]),
    ]


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("with=nonsense", 404, "There is no such page"),
        ("with=secret", 404, "There is no such page"),
        ("with=%00", 404, "There is no such page"),
        ("with=snapshot:%00", 404, "There is no such page"),
        ("with=snapshot:none", 404, "There is no such page"),
        ("with=2026-02-30", 400, "“2026-02-30” is no day of the calendar."),
        ("day=tomorrow", 400, "“tomorrow” is no day of the calendar."),
        ("day=%00", 400, "is no day of the calendar."),
    ],
)
def test_what_is_not_there_is_said(as_role: Any, query: str, status: int, words: str) -> None:
    planner = as_role("planner")
    a_draft(planner, "One", move("Ana", to="Radio"))
    a_draft(as_role("planner", "ines"), "Secret")

    page = planner.get(f"/drafts/one/compare/?{query}")

    assert page.status_code == status
    assert words in page.content.decode()


# Who sees it


def test_only_those_who_see_the_draft_see_its_pages(as_role: Any, client: Any) -> None:
    owner, other, viewer = as_role("planner"), as_role("editor"), as_role("viewer")
    draft = a_draft(owner, "One", move("Ana", to="Radio"))

    for page in ("/drafts/one/compare/", "/drafts/compare/?draft=one"):
        assert other.get(page).status_code == 404
        assert viewer.get(page).status_code == 404
        assert client.get(page).status_code == 302

    DraftShare.objects.create(draft=draft, user=viewer.user, can="view")
    assert viewer.get("/drafts/one/compare/").status_code == 200
    assert viewer.get("/drafts/compare/?draft=one").status_code == 200


def test_with_a_part_only_that_part_is_compared(as_role: Any) -> None:
    owner, guest = as_role("planner"), as_role("planner", "guest")
    draft = a_draft(owner, "One", move("Ana", to="Radio"), RenameSquad(id=id_of("Ads"), name="Adverts"))
    DraftShare.objects.create(draft=draft, user=guest.user, can="edit", tribe=id_of("Create"))

    assert guest.get("/drafts/one/compare/").context["sentence"] == "Ads becomes Adverts."
    [line] = _lines(guest.get("/drafts/compare/?draft=one"), "People who change squad")
    assert line == ["0", ""]


def test_a_draft_that_is_put_away_is_read_elsewhere(as_role: Any) -> None:
    planner = as_role("planner")
    drafts.archive(a_draft(planner, "Old"), at=timezone.now())

    for page in ("compare", "impact"):
        response = planner.get(f"/drafts/old/{page}/")
        assert (response.status_code, response["Location"]) == (303, "/drafts/old/changes/")


# Side by side


def _lines(page: Any, label: str) -> list[list[str]]:
    return [
        [cell.text for cell in line.cells]
        for _, lines in page.context["table"].parts
        for line in lines
        if line.label == label
    ]


def test_three_drafts_stand_beside_live(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, "Nobody")
    a_draft(planner, "Merge", merge("Radio", into="Search"))
    a_draft(
        planner,
        "Split",
        SplitSquad(squad=id_of("Search"), id=id_of("Find"), name="Find", people=(id_of("Ana"), id_of("Ben"))),
    )

    page = planner.get("/drafts/compare/?draft=nobody&draft=merge&draft=split")
    html = page.content.decode()

    assert [column.name for column in page.context["table"].columns][:3] == ["Nobody", "Merge", "Split"]
    assert page.context["table"].columns[3].name.startswith("Live, ")
    assert _lines(page, "People who change squad") == [["0", "3", "2", ""]]
    assert _lines(page, "Squads created") == [["0", "0", "1", ""]]
    assert _lines(page, "Squads closed") == [["0", "1", "0", ""]]
    assert _lines(page, "Squads out of range") == [["1", "0", "3", "1"]]
    # Nobody knows since when they are together: 12 months for each of the six pairs, 3 for each who changes squad.
    assert _lines(page, "Human price") == [["0", "9", "78", ""]]
    assert _lines(page, "Checks open") == [["1 medium", "1 high, 1 medium", "2 high, 1 medium", ""]]
    assert 'class="blueprint"' not in html  # several drafts are none
    assert 'href="/drafts/merge/compare/"' in html


def test_a_day_may_stand_beside_them(as_role: Any) -> None:
    planner = as_role("planner")
    yesterday = (DAY - timedelta(days=1)).isoformat()
    live(CloseSquad(id=id_of("Radio"), to=id_of("Search")))
    a_draft(planner, "Nobody")

    page = planner.get(f"/drafts/compare/?draft=nobody&day={yesterday}")

    [squads] = [line for _, lines in page.context["table"].parts for line in lines if line.label == "Squads"]
    assert [(cell.text, cell.shift) for cell in squads.cells] == [("3", ""), ("3", ""), ("4", "+1")]


def test_drafts_are_chosen_from_those_one_sees(as_role: Any) -> None:
    planner = as_role("planner")
    a_draft(planner, "One")
    a_draft(planner, "Other")
    a_draft(as_role("planner", "ines"), "Secret")

    page = planner.get("/drafts/compare/?draft=one")

    assert [draft.name for draft in page.context["drafts"]] == ["Other", "One"]
    assert page.context["chosen"] == {"one"}
    assert planner.get("/drafts/compare/").context["table"] is None


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("draft=one&draft=none", 404, "There is no such page"),
        ("draft=one&draft=%00", 404, "There is no such page"),
        ("draft=one&day=2026-13-01", 400, "“2026-13-01” is no day of the calendar."),
        ("&".join(f"draft=d{number}" for number in range(7)), 400, "6 drafts fit side by side, not 7."),
    ],
)
def test_what_cannot_stand_side_by_side_is_said(as_role: Any, query: str, status: int, words: str) -> None:
    planner = as_role("planner")
    a_draft(planner, "One")

    page = planner.get(f"/drafts/compare/?{query}")

    assert page.status_code == status
    assert words in page.content.decode()


# What they cost


def test_figures_are_moved_forward_by_the_log_and_back_to_a_day() -> None:
    figures_today(store.head(), store.current())

    live(move("Ana", "Ben", to="Radio"))
    live(CloseSquad(id=id_of("Ads"), to=id_of("Podcasts")))

    past = services.org_as_of(DAY - timedelta(days=1))
    with CaptureQueriesContext(connection) as captured:
        assert figures_today(store.head(), store.current()) == figures_of(store.current())
    assert len(captured) == 5  # the head three times, change sets, changes
    assert figures_on(past, store.head(), store.current()) == figures_of(past)


def test_figures_of_another_log_are_counted_anew() -> None:
    figures_today(store.head(), store.current())

    store.erase()

    assert figures_today(store.head(), store.current()) == figures_of(store.current())


def _queries(browser: Any, url: str) -> int:
    browser.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("count", [1, 40])
def test_queries_do_not_grow_with_the_draft(as_role: Any, count: int) -> None:
    planner = as_role("planner")
    renames = [RenameSquad(id=id_of("Ads"), name=f"Ads {number}") for number in range(count)]
    a_draft(planner, "One", *renames)
    a_draft(planner, "Other", move("Ana", to="Radio"))

    assert _queries(planner, "/drafts/one/compare/") == 9
    assert _queries(planner, "/drafts/one/compare/?with=other") == 10
    assert _queries(planner, "/drafts/compare/?draft=one&draft=other") == 11
