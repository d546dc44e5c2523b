"""The chart of the history page: people in each tribe over the last twelve months, from the log."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import headcount as module
from orgmodel.changes import services, store
from orgmodel.changes.headcount import Headcount, headcount
from orgmodel.changes.models import ChangeSet
from orgmodel.core.operations import (
    CreateTribe,
    JoinSquad,
    LeaveSquad,
    MovePeople,
    MoveSquad,
    Operation,
    SetShare,
    SetTribeLead,
)
from tests.build import an_org, chapter, id_of, person, save, squad, tribe

pytestmark = pytest.mark.django_db


def ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def day(days: int) -> date:
    return timezone.localdate(ago(days))


def live(*operations: Operation, days: int, effective: int | None = None) -> ChangeSet:
    return services.commit(
        operations,
        actor=services.Actor("Rikard Nord"),
        message="As agreed.",
        source="web",
        at=ago(days),
        effective_on=day(effective) if effective is not None else None,
    )


@pytest.fixture(autouse=True)
def _org() -> None:
    listen = tribe("Listen", squad("Search", "Ana", "Ben", shares={"Ana": 60}), squad("Radio", "Cleo", "Dan"))
    save(
        an_org(listen, tribe("Ads", squad("Brand", "Hal"), chapter("Design", "Ida")), person("Joe")),
        at=ago(400),
    )


def found() -> Headcount:
    result = headcount(store.head(), timezone.localdate())
    assert result is not None
    return result


def told(result: Headcount) -> dict[str, list[int | None]]:
    return {series.tribe.name: list(series.people) for series in result.series}


def test_every_number_is_that_of_the_organization_on_that_day() -> None:
    live(MovePeople(people=(id_of("Cleo"),), to=id_of("Brand")), days=300)
    live(JoinSquad(id=id_of("Ana", "Brand"), person=id_of("Ana"), squad=id_of("Brand"), share=40), days=250)
    live(SetShare(person=id_of("Ana"), squad=id_of("Search"), share=30), days=200)  # her home is Brand now
    live(SetTribeLead(tribe=id_of("Listen"), person=id_of("Joe")), days=150)
    live(CreateTribe(id=id_of("Platform"), values={"name": "Platform"}), days=100)
    live(MoveSquad(squad=id_of("Radio"), tribe=id_of("Platform")), days=100)
    live(LeaveSquad(person=id_of("Hal"), squad=id_of("Brand")), days=20, effective=120)
    result = found()
    for place, on in enumerate(result.days):
        org = services.org_as_of(on)
        for series in result.series:
            known = series.tribe.id in org.tribes
            people = len(org.people_in_tribe(series.tribe.id)) if known else None
            assert (on, series.tribe.name, series.people[place]) == (on, series.tribe.name, people)
    assert result.days == (*(day(n) for n in (365, 300, 250, 200, 150, 120, 100)), day(0))
    assert told(result)["Platform"] == [None] * 6 + [1, 1]


def test_the_day_on_which_most_happened_is_marked_and_an_undo_is_told_with_it() -> None:
    moved = live(MovePeople(people=(id_of("Ana"), id_of("Ben")), to=id_of("Brand")), days=30)
    services.undo(moved, actor=services.Actor("Rikard Nord"), message="", at=ago(20))
    markers = found().markers
    assert [(marker.on, marker.version, marker.undone_after) for marker in markers] == [(day(30), 2, 10)]
    assert markers[0].title == "Move Ana and Ben from Search to Brand"


def test_a_young_organization_begins_with_its_first_day() -> None:
    ChangeSet.objects.update(effective_on=day(40))
    assert found().days == (day(40), day(0))


def test_an_organization_of_today_has_no_chart_yet(as_role: Any) -> None:
    ChangeSet.objects.update(effective_on=day(0))
    assert headcount(store.head(), timezone.localdate()) is None
    assert as_role("viewer").get("/history/").context["chart"] is None


def test_a_busy_year_is_told_by_weeks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STEPS", 3)
    for number in range(21):
        to = "Brand" if number % 2 == 0 else "Radio"
        live(MovePeople(people=(id_of("Dan"),), to=id_of(to)), days=30 - number)
    result = found()
    weeks = {on - timedelta(days=on.weekday()) for on in result.days[1:-1]}
    assert len(weeks) == len(result.days) - 2
    for on, people in zip(result.days, result.series[0].people, strict=True):
        assert people == len(services.org_as_of(on).people_in_tribe(id_of("Ads")))


def test_no_more_of_the_log_is_read_than_a_chart_is_worth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SETS", 2)
    for number in range(4):
        to = "Brand" if number % 2 == 0 else "Radio"
        live(MovePeople(people=(id_of("Dan"),), to=id_of(to)), days=100 - 10 * number)
    result = found()
    assert result.days == (day(90), day(80), day(70), day(0))
    assert told(result)["Ads"] == [2, 3, 2, 2]


def test_of_many_tribes_those_in_which_most_happened_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TRIBES", 1)
    live(SetTribeLead(tribe=id_of("Listen"), person=id_of("Joe")), days=5)
    result = found()
    assert (list(told(result)), result.tribes) == (["Listen"], 2)


# The page


def test_the_page_shows_the_chart_with_its_table(as_role: Any) -> None:
    live(MovePeople(people=(id_of("Ana"), id_of("Ben"), id_of("Dan")), to=id_of("Brand")), days=30)
    page = as_role("viewer").get("/history/")
    assert page.context["chart"].title == "Ads took 3 people out of Listen"
    body = page.content.decode()
    assert "Move Ana, Ben and Dan to Brand" in body
    assert f'<a href="/history/?as_of={day(30)}">' in body


def test_the_chart_is_left_out_where_one_looks_for_something(as_role: Any) -> None:
    viewer = as_role("viewer")
    for query in ("?q=move", "?kind=squad&key=search", "?before=5"):
        assert viewer.get(f"/history/{query}").context["chart"] is None


def test_the_day_one_looks_at_is_marked(as_role: Any) -> None:
    chosen = day(30)
    body = as_role("viewer").get(f"/history/?as_of={chosen}").content.decode()
    assert f">{chosen.day} {chosen:%B}</text>" in body
    assert 'class="later"' in body


def test_the_chart_is_worked_out_once_for_each_version(as_role: Any, django_assert_num_queries: Any) -> None:
    viewer = as_role("viewer")
    viewer.get("/history/")
    with django_assert_num_queries(6):  # session, user, head, saved views, change sets, what undoes them
        viewer.get("/history/")
