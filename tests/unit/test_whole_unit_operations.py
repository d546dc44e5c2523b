"""Splits, merges, handovers and rotations: what they say, what they change, when they refuse."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from orgmodel.core import changes
from orgmodel.core.changes import Change
from orgmodel.core.operations import (
    ApplyChanges,
    ChangeChapter,
    CloseChapter,
    CloseSquad,
    CloseTribe,
    EditMembership,
    EditPerson,
    FormSquad,
    MergeChapters,
    MergeSquads,
    MergeTribes,
    MoveChapter,
    MovePeople,
    OffboardPerson,
    Operation,
    Refused,
    RenameSquad,
    RotatePeople,
    SplitSquad,
    SplitTribe,
)
from orgmodel.core.operations.lineage import lineage_id
from orgmodel.core.operations.memberships import membership_id
from orgmodel.core.org import Org
from orgmodel.core.replay import carry_out
from orgmodel.core.rules.integrity import RuleViolation
from tests.build import an_org, chapter, id_of, mission, person, role, squad, tribe, vacancy

DAY = date(2026, 12, 1)
ANOTHER_DAY = (
    "This happens on the day on which the change takes effect. Leave the day out, or date the change."
)
NEW = "11111111-1111-4111-8111-111111111111"


def streaming() -> Org:
    """Recommendations with four people, two small squads, two tribes with chapters of backend engineers."""
    return an_org(
        role("Product owner", leads=True),
        role("Engineer"),
        mission("Recommend"),
        mission("Play"),
        mission("Rank"),
        tribe(
            "Personal",
            squad(
                "Recommendations",
                "Ana",
                "Ben",
                "Cleo",
                "Dan",
                roles={"Ana": "Product owner", "Ben": "Engineer"},
                shares={"Ben": 60},
                mission="Recommend",
                type="platform",
                user_facing=True,
            ),
            chapter("Backend", "Ben", "Cleo", lead="Cleo"),
            lead="Eve",
        ),
        tribe(
            "Listening",
            squad("Playback", "Fay", "Gil", roles={"Fay": "Product owner"}, shares={"Gil": 80}),
            squad(
                "Offline",
                "Hal",
                "Gil",
                "Ivo",
                roles={"Hal": "Product owner", "Ivo": "Engineer"},
                shares={"Gil": 40},
                mission="Play",
            ),
            chapter("Player", "Gil", "Ivo", lead="Gil"),
        ),
        person("Eve"),
        person("Joe"),
        vacancy("Tester", squad="Offline", chapter="Player"),
        vacancy("Ranker", squad="Recommendations"),
        vacancy("Old", squad="Offline", state="cancelled"),
    )


def after(org: Org, *operations: Operation) -> Org:
    return carry_out(org, operations, on=DAY).after


def refusal(operation: Operation, org: Org | None = None) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        operation.dated(DAY).apply(org or streaming())
    return caught.value.message, caught.value.field


def said(operation: Operation) -> str:
    return operation.describe(streaming())


def ids(*names: str) -> tuple[str, ...]:
    return tuple(id_of(name) for name in names)


def members(org: Org, squad_id: str) -> dict[str, tuple[str | None, int | None]]:
    """Return who is in a squad, each with role and share."""
    return {
        org.people[m.person].name: (org.roles[m.role].name if m.role else None, m.share)
        for m in org.memberships_in(squad_id)
    }


def lines(org: Org, kind: str) -> list[tuple[Any, ...]]:
    """Return day, how, predecessor and successor of every line between units of a kind."""
    records: Any = org.table(f"{kind}_lineage").values()
    return sorted((r.on, r.how, r.predecessor, r.successor) for r in records)


def restores(org: Org, operation: Operation) -> bool:
    """Say whether taking an operation back gives the very organization it was done to, ids included."""
    done = carry_out(org, [operation], on=DAY)
    undone = changes.apply(done.after, changes.invert(done.changes))
    return changes.diff(org, undone) == []


# Split a squad


def a_split(**fields: Any) -> SplitSquad:
    given: dict[str, Any] = {
        "squad": id_of("Recommendations"),
        "id": NEW,
        "name": "Discovery",
        "people": ids("Ben", "Cleo"),
        "on": DAY,
    }
    return SplitSquad(**(given | fields))


def test_a_split_makes_a_squad_like_the_old_one_of_those_who_go() -> None:
    org = after(streaming(), a_split())
    discovery, rest = org.squads[NEW], org.squads[id_of("Recommendations")]
    assert (discovery.key, discovery.tribe, discovery.type, discovery.user_facing, discovery.mission) == (
        "discovery",
        id_of("Personal"),
        "platform",
        True,
        None,
    )
    assert (rest.name, rest.mission, rest.closed_on) == ("Recommendations", id_of("Recommend"), None)
    assert members(org, NEW) == {"Ben": ("Engineer", 60), "Cleo": (None, None)}
    assert members(org, rest.id) == {"Ana": ("Product owner", None), "Dan": (None, None)}
    assert org.memberships[id_of("Ben", "Recommendations")].squad == NEW
    assert lines(org, "squad") == [(DAY, "split", rest.id, NEW)]
    assert [*org.table("squad_lineage")] == [lineage_id(rest.id, NEW, DAY)]
    assert restores(streaming(), a_split())


def test_a_split_may_name_both_share_out_missions_and_vacancies_and_name_a_product_owner() -> None:
    split = a_split(
        stays_as="Home Ranking",
        mission=id_of("Rank"),
        keeps_mission=False,
        people=ids("Ana", "Ben"),
        product_owner=id_of("Ben"),
        vacancies=ids("Ranker"),
    )
    org = after(streaming(), split)
    rest = org.squads[id_of("Recommendations")]
    assert (rest.name, rest.key, rest.mission) == ("Home Ranking", "recommendations", None)
    assert org.squads[NEW].mission == id_of("Rank")
    assert members(org, NEW) == {"Ana": (None, None), "Ben": ("Product owner", 60)}
    assert org.vacancies[id_of("Ranker")].squad == NEW
    assert restores(streaming(), split)


def test_a_product_owner_who_goes_may_stay_product_owner() -> None:
    split = a_split(people=ids("Ana"), product_owner=id_of("Ana"))
    assert members(after(streaming(), split), NEW) == {"Ana": ("Product owner", None)}


def test_what_stays_may_give_its_name_away() -> None:
    org = after(streaming(), a_split(name="Recommendations", stays_as="Home Ranking"))
    assert (org.squads[NEW].name, org.squads[NEW].key) == ("Recommendations", "recommendations-2")


def test_a_split_in_words() -> None:
    assert said(a_split()) == "Split Discovery off Recommendations with Ben and Cleo"
    assert (
        said(a_split(stays_as="Home Ranking"))
        == "Split Recommendations into Home Ranking and Discovery with Ben and Cleo"
    )


@pytest.mark.parametrize(
    ("fields", "message", "field"),
    [
        ({"people": ()}, "Choose who goes to the new squad.", "people"),
        (
            {"people": ids("Ana", "Ben", "Cleo", "Dan")},
            "Nobody would stay in Recommendations. Rename it instead.",
            "people",
        ),
        ({"people": ids("Ben", "Hal")}, "Hal is not in Recommendations.", "people"),
        ({"people": (NEW,)}, "There is no such person.", "people"),
        ({"vacancies": ids("Tester")}, "Tester is no open vacancy of Recommendations.", "vacancies"),
        ({"vacancies": (NEW,)}, "There is no such vacancy.", "vacancies"),
        (
            {"product_owner": id_of("Ana")},
            "Ana is not in Discovery, so cannot be its product owner.",
            "product_owner",
        ),
        ({"on": DAY - timedelta(1)}, ANOTHER_DAY, "on"),
        ({"mission": NEW}, "There is no such mission.", "mission"),
        ({"squad": NEW}, "There is no such squad.", "squad"),
        ({"id": id_of("Offline")}, "This squad exists already.", ""),
        ({"name": ""}, "Name is missing.", "name"),
    ],
)
def test_a_split_is_refused(fields: dict[str, Any], message: str, field: str) -> None:
    assert refusal(a_split(**fields)) == (message, field)


def test_a_split_with_a_taken_name_breaks_a_rule() -> None:
    with pytest.raises(RuleViolation) as caught:
        carry_out(streaming(), [a_split(name="recommendations")], on=DAY)
    assert {p.code for p in caught.value.problems} == {"name_unique"}


def test_a_product_owner_needs_the_role() -> None:
    org = an_org(squad("Search", "Ana", "Ben"))
    split = SplitSquad(squad=id_of("Search"), id=NEW, name="X", people=ids("Ana"), product_owner=id_of("Ana"))
    assert refusal(split, org) == (
        "There is no role with the key product-owner. Create it first.",
        "product_owner",
    )


# Merge squads


def a_merge(**fields: Any) -> MergeSquads:
    given: dict[str, Any] = {"squads": ids("Offline"), "into": id_of("Playback"), "on": DAY}
    return MergeSquads(**(given | fields))


def test_a_merge_takes_people_vacancies_and_a_mission_along() -> None:
    org = after(streaming(), a_merge())
    assert org.squads[id_of("Offline")].closed_on == DAY
    assert members(org, id_of("Playback")) == {
        "Fay": ("Product owner", None),
        "Gil": (None, 100),  # 80 and 40, and one membership
        "Hal": (None, None),  # product owner of what closed
        "Ivo": ("Engineer", None),
    }
    assert org.memberships_in(id_of("Offline")) == []
    assert org.squads[id_of("Playback")].mission == id_of("Play")
    assert org.vacancies[id_of("Tester")].squad == id_of("Playback")
    assert org.vacancies[id_of("Old")].squad == id_of("Offline")
    assert lines(org, "squad") == [(DAY, "merge", id_of("Offline"), id_of("Playback"))]
    assert restores(streaming(), a_merge())


def test_a_merge_may_take_the_name_of_what_closes_and_another_mission_and_product_owner() -> None:
    merge = a_merge(name="Offline", mission=id_of("Rank"), product_owner=id_of("Hal"))
    org = after(streaming(), merge)
    playback = org.squads[id_of("Playback")]
    assert (playback.name, playback.key, playback.mission) == ("Offline", "playback", id_of("Rank"))
    assert members(org, playback.id)["Hal"] == ("Product owner", None)
    assert members(org, playback.id)["Fay"] == (None, None)
    assert restores(streaming(), merge)


def test_several_merge_into_one_and_someone_in_two_of_them_is_there_once() -> None:
    merge = a_merge(squads=ids("Offline", "Playback"), into=id_of("Recommendations"))
    org = after(streaming(), merge)
    merged = members(org, id_of("Recommendations"))
    assert (len(merged), merged["Gil"]) == (8, (None, 100))
    assert org.squads[id_of("Recommendations")].mission == id_of("Recommend")
    assert {line[2] for line in lines(org, "squad")} == {id_of("Offline"), id_of("Playback")}
    assert restores(streaming(), merge)


def test_a_merge_may_leave_vacancies_behind() -> None:
    org = after(streaming(), a_merge(hands_over=False))
    assert [v.title for v in org.vacancies_in("squad", id_of("Offline"))] == ["Tester"]


def test_a_merge_in_words() -> None:
    assert said(a_merge()) == "Merge squad Offline into Playback"
    assert (
        said(a_merge(squads=ids("Offline", "Recommendations"), name="Listen"))
        == "Merge squads Offline and Recommendations into Playback as Listen"
    )


@pytest.mark.parametrize(
    ("fields", "message", "field"),
    [
        ({"squads": ()}, "Choose at least one squad to merge into Playback.", "squads"),
        ({"squads": ids("Playback")}, "Playback cannot merge into itself.", "squads"),
        ({"squads": (NEW,)}, "There is no such squad.", "squads"),
        ({"into": NEW}, "There is no such squad.", "into"),
        ({"on": DAY - timedelta(1)}, ANOTHER_DAY, "on"),
        ({"mission": NEW}, "There is no such mission.", "mission"),
        (
            {"product_owner": id_of("Ana")},
            "Ana is not in Playback, so cannot be its product owner.",
            "product_owner",
        ),
    ],
)
def test_a_merge_is_refused(fields: dict[str, Any], message: str, field: str) -> None:
    assert refusal(a_merge(**fields)) == (message, field)


def test_what_is_closed_merges_no_more() -> None:
    assert refusal(a_merge(), after(streaming(), a_merge())) == ("Offline is closed.", "squads")


# Close with a handover


def test_a_squad_hands_over_what_it_holds() -> None:
    close = CloseSquad(id=id_of("Offline"), to=id_of("Recommendations"))
    org = after(streaming(), close)
    assert org.squads[id_of("Offline")].closed_on == DAY
    assert members(org, id_of("Recommendations"))["Gil"] == (None, 40)
    assert org.squads[id_of("Recommendations")].mission == id_of("Recommend")
    assert org.vacancies[id_of("Tester")].squad == id_of("Recommendations")
    assert org.squads[id_of("Offline")].mission is None
    assert lines(org, "squad") == [(DAY, "merge", id_of("Offline"), id_of("Recommendations"))]
    assert said(close) == (
        "Close squad Offline, everything it holds goes to Recommendations; "
        "its mission “Play” is left without a squad"
    )
    assert restores(streaming(), close)


def test_a_chapter_hands_over_members_and_vacancies() -> None:
    close = CloseChapter(id=id_of("Player"), to=id_of("Backend"))
    org = after(streaming(), close)
    assert {org.people[m.person].name for m in org.chapter_members_in(id_of("Backend"))} == {
        "Ben",
        "Cleo",
        "Gil",
        "Ivo",
    }
    assert org.vacancies[id_of("Tester")].chapter == id_of("Backend")
    assert said(close) == "Close chapter Player, everything it holds goes to Backend"


def test_a_tribe_hands_over_squads_chapters_and_mission() -> None:
    org = streaming()
    org = org.edit(org.tribes[id_of("Listening")], mission=id_of("Play"))
    close = CloseTribe(id=id_of("Listening"), to=id_of("Personal"))
    done = after(org, close)
    assert [s.name for s in done.squads_of(id_of("Personal"))] == ["Offline", "Playback", "Recommendations"]
    assert [c.name for c in done.chapters_of(id_of("Personal"))] == ["Backend", "Player"]
    assert done.tribes[id_of("Personal")].mission == id_of("Play")
    assert done.tribes[id_of("Listening")].closed_on == DAY
    assert said(close) == "Close tribe Listening, everything it holds goes to Personal"


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (CloseSquad(id=id_of("Offline"), to=id_of("Offline")), "Offline cannot hand over to itself."),
        (CloseSquad(id=id_of("Offline"), to=NEW), "There is no such squad."),
        (CloseChapter(id=id_of("Player"), to=NEW), "There is no such chapter."),
        (CloseTribe(id=id_of("Personal"), to=NEW), "There is no such tribe."),
    ],
)
def test_a_handover_is_refused(operation: Operation, message: str) -> None:
    assert refusal(operation) == (message, "to")


# Form a squad, rotate people


def test_a_squad_is_formed_of_people_from_anywhere() -> None:
    form = FormSquad(
        id=NEW,
        name="Radio",
        people=ids("Ana", "Gil", "Joe"),
        tribe=id_of("Listening"),
        mission=id_of("Rank"),
        product_owner=id_of("Joe"),
    )
    org = after(streaming(), form)
    radio = org.squads[NEW]
    assert (radio.name, radio.tribe, radio.mission) == ("Radio", id_of("Listening"), id_of("Rank"))
    assert members(org, NEW) == {"Ana": (None, None), "Gil": (None, 80), "Joe": ("Product owner", None)}
    assert org.membership(id_of("Gil"), id_of("Offline")) is not None
    assert org.membership(id_of("Joe"), NEW) == org.memberships[membership_id(id_of("Joe"), NEW)]
    assert {m.since for m in org.memberships_in(NEW)} == {DAY}
    assert lines(org, "squad") == []
    assert said(form) == "Form squad Radio with Ana, Gil and Joe"
    assert restores(streaming(), form)


def test_a_squad_formed_from_one_squad_came_of_it() -> None:
    org = after(streaming(), FormSquad(id=NEW, name="Radio", people=ids("Ana", "Ben")))
    assert lines(org, "squad") == [(DAY, "split", id_of("Recommendations"), NEW)]


def test_a_mission_that_the_receiver_has_no_room_for_is_left_without_a_squad() -> None:
    close = CloseSquad(id=id_of("Recommendations"), to=id_of("Offline"))
    org = after(streaming(), close)
    assert org.squads[id_of("Recommendations")].mission is None
    assert org.squads[id_of("Offline")].mission == id_of("Play")
    assert org.squads_on(id_of("Recommend")) == []
    assert said(close) == (
        "Close squad Recommendations, everything it holds goes to Offline; "
        "its mission “Recommend” is left without a squad"
    )
    assert restores(streaming(), close)


# The day


def test_whoever_changes_squad_is_there_since_that_day() -> None:
    since = date(2020, 1, 1)
    org = streaming()
    ben = org.membership(id_of("Ben"), id_of("Recommendations"))
    assert ben is not None
    org = org.edit(ben, since=since, until=date(2026, 6, 1)).settle(1)

    def terms(*operations: Operation) -> tuple[date | None, date | None]:
        home = after(org, *operations).primary_membership(id_of("Ben"))
        assert home is not None
        return home.since, home.until

    assert terms(MovePeople(people=ids("Ben"), to=id_of("Offline"))) == (DAY, None)
    assert terms(RotatePeople(people=ids("Ben", "Fay"))) == (DAY, None)
    earlier = date(2026, 1, 1)
    assert terms(MovePeople(people=ids("Ben"), to=id_of("Offline"), since=earlier)) == (
        earlier,
        date(2026, 6, 1),
    )
    split = a_split(people=ids("Ben"), product_owner=None)
    assert terms(split) == (since, date(2026, 6, 1))


def test_a_day_that_was_said_is_left_to_the_change_when_it_is_redone() -> None:
    close = CloseSquad(id=id_of("Offline"), to=id_of("Playback"), on=DAY - timedelta(1))
    assert refusal(close) == (ANOTHER_DAY, "on")
    assert close.redone(streaming()) == CloseSquad(id=id_of("Offline"), to=id_of("Playback"))


def test_a_planned_move_says_from_where() -> None:
    move = MovePeople(people=ids("Ben", "Fay", "Ana"), to=id_of("Offline"))
    assert move.pinned(streaming()) == (
        MovePeople(people=ids("Ben", "Ana"), source=id_of("Recommendations"), to=id_of("Offline")),
        MovePeople(people=ids("Fay"), source=id_of("Playback"), to=id_of("Offline")),
    )


@pytest.mark.parametrize(
    ("fields", "message", "field"),
    [
        ({"people": ()}, "Choose at least one person.", "people"),
        ({"people": (NEW,)}, "There is no such person.", "people"),
        ({"tribe": NEW}, "There is no such tribe.", "tribe"),
        (
            {"product_owner": id_of("Ben")},
            "Ben is not in Radio, so cannot be its product owner.",
            "product_owner",
        ),
    ],
)
def test_forming_a_squad_is_refused(fields: dict[str, Any], message: str, field: str) -> None:
    given: dict[str, Any] = {"id": NEW, "name": "Radio", "people": ids("Ana")}
    assert refusal(FormSquad(**(given | fields))) == (message, field)


def test_two_people_swap() -> None:
    swap = RotatePeople(people=ids("Ben", "Fay"))
    org = after(streaming(), swap)
    assert members(org, id_of("Playback"))["Ben"] == ("Engineer", 60)
    assert members(org, id_of("Recommendations"))["Fay"] == (None, None)
    assert said(swap) == "Swap Ben and Fay"
    assert restores(streaming(), swap)


def test_three_people_rotate() -> None:
    turn = RotatePeople(people=ids("Ben", "Fay", "Ivo"))
    org = after(streaming(), turn)
    homes = {name: org.primary_membership(id_of(name)) for name in ("Ben", "Fay", "Ivo")}
    assert {name: org.squads[home.squad].name for name, home in homes.items() if home} == {
        "Ben": "Playback",
        "Fay": "Offline",
        "Ivo": "Recommendations",
    }
    assert said(turn) == "Rotate Ben, Fay and Ivo, each into the home squad of the next"


@pytest.mark.parametrize(
    ("people", "message"),
    [
        (ids("Ben"), "Choose at least two people."),
        (ids("Ben", "Ben"), "Choose at least two people."),
        (ids("Ben", "Cleo"), "Two of them have Recommendations as their home squad."),
        (ids("Gil", "Hal"), "Gil is in Offline already."),
        (ids("Ben", "Joe"), "Joe is in no squad."),
    ],
)
def test_a_rotation_is_refused(people: tuple[str, ...], message: str) -> None:
    assert refusal(RotatePeople(people=people)) == (message, "people")


# Tribes


def test_a_tribe_splits_by_squads_and_chapters() -> None:
    split = SplitTribe(
        tribe=id_of("Listening"),
        id=NEW,
        name="Offline",
        squads=ids("Offline"),
        chapters=ids("Player"),
        lead=id_of("Joe"),
    )
    org = after(streaming(), split)
    assert (org.tribes[NEW].lead, org.tribes[NEW].key) == (id_of("Joe"), "offline")
    assert [s.name for s in org.squads_of(NEW)] == ["Offline"]
    assert [c.name for c in org.chapters_of(NEW)] == ["Player"]
    assert [s.name for s in org.squads_of(id_of("Listening"))] == ["Playback"]
    assert lines(org, "tribe") == [(DAY, "split", id_of("Listening"), NEW)]
    assert said(split) == "Split tribe Offline off Listening with Offline"
    assert restores(streaming(), split)


@pytest.mark.parametrize(
    ("fields", "message", "field"),
    [
        ({"squads": ()}, "Choose which squads go to the new tribe.", "squads"),
        (
            {"squads": ids("Offline", "Playback")},
            "No squad would stay in Listening. Rename it instead.",
            "squads",
        ),
        ({"squads": ids("Recommendations")}, "Recommendations is not in Listening.", "squads"),
        ({"chapters": ids("Backend")}, "Backend is not in Listening.", "chapters"),
        ({"lead": NEW}, "There is no such person.", "lead"),
        ({"on": DAY - timedelta(1)}, ANOTHER_DAY, "on"),
    ],
)
def test_splitting_a_tribe_is_refused(fields: dict[str, Any], message: str, field: str) -> None:
    given: dict[str, Any] = {
        "tribe": id_of("Listening"),
        "id": NEW,
        "name": "X",
        "squads": ids("Offline"),
        "on": DAY,
    }
    assert refusal(SplitTribe(**(given | fields))) == (message, field)


def test_tribes_merge_with_all_they_hold() -> None:
    merge = MergeTribes(tribes=ids("Listening"), into=id_of("Personal"), name="Audio", lead=id_of("Joe"))
    org = after(streaming(), merge)
    audio = org.tribes[id_of("Personal")]
    assert (audio.name, audio.key, audio.lead) == ("Audio", "personal", id_of("Joe"))
    assert [s.name for s in org.squads_of(audio.id)] == ["Offline", "Playback", "Recommendations"]
    assert [c.name for c in org.chapters_of(audio.id)] == ["Backend", "Player"]
    assert org.tribes[id_of("Listening")].closed_on == DAY
    assert lines(org, "tribe") == [(DAY, "merge", id_of("Listening"), audio.id)]
    assert said(merge) == "Merge tribe Listening into Personal as Audio"
    assert restores(streaming(), merge)


def test_a_merged_tribe_keeps_its_name_and_lead() -> None:
    org = after(streaming(), MergeTribes(tribes=ids("Listening"), into=id_of("Personal")))
    assert (org.tribes[id_of("Personal")].name, org.tribes[id_of("Personal")].lead) == (
        "Personal",
        id_of("Eve"),
    )


# Chapters


def test_a_chapter_moves_to_another_tribe() -> None:
    move = MoveChapter(chapter=id_of("Player"), tribe=id_of("Personal"))
    org = after(streaming(), move)
    assert [c.name for c in org.chapters_of(id_of("Personal"))] == ["Backend", "Player"]
    assert said(move) == "Move chapter Player from Listening to Personal"
    assert refusal(move, org) == ("Player is in Personal already.", "tribe")


def test_chapters_merge_and_line_managers_stay() -> None:
    merge = MergeChapters(chapters=ids("Player"), into=id_of("Backend"))
    org = after(streaming(), merge)
    assert {org.people[m.person].name for m in org.chapter_members_in(id_of("Backend"))} == {
        "Ben",
        "Cleo",
        "Gil",
        "Ivo",
    }
    assert org.people[id_of("Gil")].manager is None
    assert org.chapters[id_of("Player")].closed_on == DAY
    assert org.vacancies[id_of("Tester")].chapter == id_of("Backend")
    assert lines(org, "chapter") == [(DAY, "merge", id_of("Player"), id_of("Backend"))]
    assert said(merge) == "Merge chapter Player into Backend"
    assert restores(streaming(), merge)


def test_a_merged_chapter_may_report_to_its_lead() -> None:
    merge = MergeChapters(
        chapters=ids("Player"),
        into=id_of("Backend"),
        name="Engineering",
        lead=id_of("Gil"),
        reports_to_lead=True,
    )
    org = after(streaming(), merge)
    engineering = org.chapters[id_of("Backend")]
    assert (engineering.name, engineering.lead) == ("Engineering", id_of("Gil"))
    assert [p.name for p in org.reports_of(id_of("Gil"))] == ["Ben", "Cleo", "Ivo"]
    assert org.people[id_of("Gil")].manager is None
    assert said(merge) == "Merge chapter Player into Backend as Engineering, everyone reporting to its lead"


def test_changing_chapter_may_change_the_line_manager() -> None:
    change = ChangeChapter(people=ids("Ivo", "Cleo"), chapter=id_of("Backend"), reports_to_lead=True)
    org = streaming()
    org = org.remove(org.chapter_members[id_of("Cleo")])
    done = after(org, change)
    assert [p.name for p in done.reports_of(id_of("Cleo"))] == ["Ivo"]
    assert done.people[id_of("Cleo")].manager is None
    assert said(ChangeChapter(people=ids("Ivo"), chapter=id_of("Backend"), reports_to_lead=True)) == (
        "Move Ivo from chapter Player to chapter Backend, reporting to its lead"
    )


def test_without_a_lead_nobody_can_report_to_one() -> None:
    org = streaming()
    org = org.edit(org.chapters[id_of("Backend")], lead=None)
    join = ChangeChapter(people=ids("Ivo"), chapter=id_of("Backend"), reports_to_lead=True)
    assert refusal(join, org) == ("Backend has no lead to report to.", "reports_to_lead")
    leave = ChangeChapter(people=ids("Ivo"), chapter=None, reports_to_lead=True)
    assert refusal(leave) == ("Without a chapter there is no lead to report to.", "reports_to_lead")
    merge = MergeChapters(chapters=ids("Player"), into=id_of("Backend"), reports_to_lead=True)
    assert refusal(merge, org) == ("Backend has no lead to report to.", "reports_to_lead")


# The same intent on another organization


def test_a_move_is_redone_from_where_people_are_now() -> None:
    move = MovePeople(
        people=ids("Ben", "Cleo", "Dan"), source=id_of("Recommendations"), to=id_of("Playback"), share=50
    )
    org = after(
        streaming(),
        MovePeople(people=ids("Ben"), to=id_of("Offline")),
        MovePeople(people=ids("Cleo"), to=id_of("Playback")),
        OffboardPerson(person=id_of("Dan")),
    )
    again = move.redone(org)
    assert again == MovePeople(people=ids("Ben"), source=id_of("Offline"), to=id_of("Playback"), share=50)
    assert members(after(org, again), id_of("Playback"))["Ben"] == ("Engineer", 50)


def test_a_move_that_is_done_or_has_nowhere_to_go_is_not_redone() -> None:
    move = MovePeople(people=ids("Ben"), source=id_of("Recommendations"), to=id_of("Offline"))
    assert move.redone(after(streaming(), move)) is None
    assert move.redone(after(streaming(), a_merge())) is None
    assert MovePeople(people=ids("Ben"), to=id_of("Offline")).redone(streaming()) is None


def test_an_edit_is_redone_with_what_is_there_now_as_seen() -> None:
    edit = EditPerson(id=id_of("Ana"), values={"level": "I4"}, seen={"level": "I2"})
    again = edit.redone(streaming())
    assert again == EditPerson(id=id_of("Ana"), values={"level": "I4"}, seen={"level": ""})
    assert again is not None
    assert again.redone(streaming()) is None
    assert EditPerson(id=NEW, values={"level": "I4"}, seen={"level": "I2"}).redone(streaming()) is None
    share = EditMembership(
        person=id_of("Ben"), squad=id_of("Recommendations"), values={"share": 50}, seen={"share": 80}
    )
    assert getattr(share.redone(streaming()), "seen", None) == {"share": 60}


def test_changes_are_redone_as_far_as_they_fit() -> None:
    ana, squad_id = id_of("Ana"), id_of("Offline")
    stale = Change("person", ana, {"level": "I2", "city": ""}, {"level": "I3", "city": "Oslo"})
    gone = Change("squad", squad_id, {"name": "Off"}, {"name": "On"})
    again = ApplyChanges(title="Import", changes=(stale, gone)).redone(streaming())
    assert again == ApplyChanges(
        title="Import", changes=(Change("person", ana, {"city": ""}, {"city": "Oslo"}),)
    )
    assert again is not None
    assert again.redone(streaming()) is None
    assert ApplyChanges(title="Import", changes=(gone,)).redone(streaming()) is None


def test_most_operations_have_no_other_way_to_be_said() -> None:
    assert RenameSquad(id=id_of("Offline"), name="Offline").redone(streaming()) is None
