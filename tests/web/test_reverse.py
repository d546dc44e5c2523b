"""The way back by a draft: item by item on today's organization, with what was overtaken parked in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orgmodel.changes import drafts, plans, publishing, queries, reverse, services
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.changes.services import Actor
from orgmodel.core.operations import (
    EditVacancy,
    MergeSquads,
    MovePeople,
    Operation,
    Refused,
    RenameSquad,
    SplitSquad,
)
from orgmodel.core.phrases import kept
from orgmodel.core.records import KINDS
from tests.build import an_org, id_of, save, squad, tribe, vacancy

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
EVE = Actor("Eve")


@pytest.fixture(autouse=True)
def _org(db: None) -> None:
    save(
        an_org(
            tribe("Listen", squad("Search", "Ana", "Ben"), squad("Radio", "Cleo"), squad("Ads")),
            vacancy("Designer", squad="Search"),
        ),
        at=NOW - timedelta(days=9),
    )


def live(*operations: Operation) -> ChangeSet:
    return services.commit(operations, actor=EVE, message="", source="web", at=NOW - timedelta(days=5))


def move(*people: str, to: str) -> MovePeople:
    return MovePeople(people=tuple(id_of(name) for name in people), to=id_of(to))


def publish(draft: Draft, **options: Any) -> ChangeSet:
    return publishing.publish(draft, actor=EVE, message="", at=NOW, despite="A test.", **options)


def squad_of(name: str) -> str:
    org = services.current()
    membership = org.primary_membership(id_of(name))
    return org.squads[membership.squad].name if membership is not None else ""


def tables() -> dict[str, Any]:
    org = services.current()
    return {kind: dict(org.table(kind)) for kind in KINDS}


def test_each_sentence_is_taken_back_on_its_own_the_last_first(as_role: Any) -> None:
    published = live(move("Ana", to="Radio"), RenameSquad(id=id_of("Ads"), name="Adverts"))
    draft = reverse.reverse_draft(published, owner_id=as_role("planner").user.pk, at=NOW)

    assert draft.name == "Undo: Move Ana from Search to Radio, and 1 more"
    assert [step.sentence for step in plans.replay_draft(draft).steps] == [
        "Take back: Rename squad Ads to Adverts",
        "Take back: Move Ana from Search to Radio",
    ]


def test_what_was_overtaken_is_parked_with_the_reason(as_role: Any) -> None:
    published = live(move("Ana", "Ben", to="Radio"))
    live(move("Ana", to="Ads"))
    planner = as_role("planner")
    draft = reverse.reverse_draft(published, owner_id=planner.user.pk, at=NOW)

    [(position, parked)] = plans.plan_of(draft).parked
    assert parked.describe(services.current()) == "Take back: Ana to Search"
    assert [step.sentence for step in plans.replay_draft(draft).steps] == ["Take back: Ben to Search"]
    assert draft.operations.get(position=position).note == "Ana is in Ads now, not in Radio any more."
    page = planner.get(f"/drafts/{draft.key}/changes/", headers={"accept-language": "sv"}).content.decode()
    assert '<p class="note">Ana är nu i Ads, inte längre i Radio.</p>' in page
    publish(draft)
    assert (squad_of("Ana"), squad_of("Ben")) == ("Ads", "Search")


def test_what_is_taken_back_remembers_what_it_was_made_of(as_role: Any) -> None:
    published = live(move("Ana", "Ben", to="Radio"))
    draft = reverse.reverse_draft(published, owner_id=as_role("planner").user.pk, at=NOW)

    first = plans.replay_draft(draft).steps[0].sentence
    assert kept(first) == [
        "Take back: Ana to Search",
        "Take back: {person} to {squad}",
        "",
        {"person": "Ana", "squad": "Search"},
    ]


def test_what_was_redone_on_today_and_undone_remembers_it_too(as_role: Any) -> None:
    published = live(MergeSquads(squads=(id_of("Search"),), into=id_of("Radio"), name="Both"))
    draft = reverse.reverse_draft(published, owner_id=as_role("planner").user.pk, at=NOW)
    live(EditVacancy(id=id_of("Designer"), values={"squad": id_of("Ads")}))
    before = [kept(step.sentence) for step in plans.replay_draft(draft).steps]
    [position] = drafts.redone(plans.plan_of(draft))
    drafts.redo_on_today(draft, position, at=NOW)
    drafts.undo(draft, at=NOW)
    assert [kept(step.sentence) for step in plans.replay_draft(draft).steps] == before


def test_a_merge_comes_apart_exactly_and_the_history_says_it_was_taken_back(as_role: Any) -> None:
    before = tables()
    merged = live(MergeSquads(squads=(id_of("Search"),), into=id_of("Radio"), name="Search and Radio"))
    draft = reverse.reverse_draft(merged, owner_id=as_role("planner").user.pk, at=NOW)
    undoing = publish(draft, learning="Two missions stay two squads.")

    assert tables() == before
    merged.refresh_from_db()
    assert (merged.undoing, merged.stood_for) == (undoing, 5)
    page = as_role("viewer").get(f"/history/{merged.version}/").content.decode()
    assert "undone after 5 days" in page
    assert "Learned: Two missions stay two squads." in page


def test_a_part_of_a_reverse_draft_does_not_count_as_undoing(as_role: Any) -> None:
    published = live(move("Ana", to="Radio"), RenameSquad(id=id_of("Ads"), name="Adverts"))
    draft = reverse.reverse_draft(published, owner_id=as_role("planner").user.pk, at=NOW)
    publish(draft, positions=[1])
    assert published.undoing is None
    assert services.current().squads[id_of("Ads")].name == "Ads"
    assert squad_of("Ana") == "Radio"


def test_what_is_undone_or_wholly_overtaken_cannot_be_reversed(as_role: Any) -> None:
    owner = as_role("planner").user.pk
    published = live(move("Ana", to="Radio"))
    live(move("Ana", to="Ads"))
    with pytest.raises(Refused, match="All of this has been overtaken since"):
        reverse.reverse_draft(published, owner_id=owner, at=NOW)
    other = live(move("Ben", to="Radio"))
    services.undo(other, actor=EVE, message="", at=NOW)
    with pytest.raises(Refused, match="This change is undone already"):
        reverse.reverse_draft(other, owner_id=owner, at=NOW)
    assert not Draft.objects.exists()


def test_the_button_starts_one_draft_however_often_it_is_pressed(as_role: Any) -> None:
    published = live(move("Ana", to="Radio"))
    planner = as_role("planner")
    assert as_role("viewer").post(f"/history/{published.version}/reverse/").status_code == 403
    for _ in range(2):
        answer = planner.post(f"/history/{published.version}/reverse/", headers={"accept-language": "sv"})
        assert (answer.status_code, answer["Location"]) == (
            303,
            "/drafts/undo-move-ana-from-search-to-radio/changes/",
        )
    assert Draft.objects.count() == 1
    assert planner.get(f"/history/{published.version}/reverse/").status_code == 405


def test_undoing_keeps_what_was_learned(as_role: Any) -> None:
    published = live(move("Ana", to="Radio"))
    as_role("editor").post(
        f"/history/{published.version}/undo/",
        {"reason": "Waiting doubled.", "learning": "Ana knows the index."},
    )
    undoing = ChangeSet.objects.get(undoes=published)
    assert (undoing.message, undoing.learning) == ("Waiting doubled.", "Ana knows the index.")


# Person by person


def merged() -> ChangeSet:
    return live(MergeSquads(squads=(id_of("Search"),), into=id_of("Radio"), name="Both"))


def sentences(draft: Draft) -> list[str]:
    return [step.sentence for step in plans.replay_draft(draft).steps]


def test_a_merge_comes_apart_person_by_person_into_squads_that_are_open_again(as_role: Any) -> None:
    draft = reverse.reverse_draft(merged(), owner_id=as_role("planner").user.pk, at=NOW)

    assert sentences(draft) == [
        "Take back: Search opens again",
        "Take back: Ana to Search",
        "Take back: Ben to Search",
    ]
    publish(draft, positions=[1, 2])
    assert (squad_of("Ana"), squad_of("Ben")) == ("Search", "Radio")


def test_who_went_to_a_new_squad_leaves_it_before_it_goes(as_role: Any) -> None:
    split = SplitSquad(squad=id_of("Search"), id=id_of("Ranking"), name="Ranking", people=(id_of("Ana"),))
    draft = reverse.reverse_draft(live(split), owner_id=as_role("planner").user.pk, at=NOW)

    assert sentences(draft) == ["Take back: Ana to Search", "Take back: the new Ranking"]


def test_what_is_parked_stays_open_when_the_rest_goes_live(as_role: Any) -> None:
    moved = live(move("Ana", "Ben", to="Radio"))
    live(move("Ana", to="Ads"))
    editor = as_role("editor")
    draft = reverse.reverse_draft(moved, owner_id=editor.user.pk, at=NOW)

    undoing = publish(draft)

    assert (draft.state, [position for position, _ in plans.plan_of(draft).parked]) == ("open", [2])
    assert undoing.undoes == moved
    html = editor.get(f"/history/{moved.version}/").content.decode()
    assert "1 change was left as it is." in html
    page = editor.get(f"/drafts/{draft.key}/changes/")
    assert [entry.sentence for entry in page.context["entries"]] == ["Take back: Ana to Search"]


def test_what_is_taken_back_is_no_import(as_role: Any) -> None:
    draft = reverse.reverse_draft(merged(), owner_id=as_role("planner").user.pk, at=NOW)

    assert queries.summary(plans.replay_draft(draft)) == "3 taken back"
    assert queries.summaries([draft]) == {draft.pk: "3 taken back"}
