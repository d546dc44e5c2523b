"""Another day: the past, the future, named points in time, and what changed between two days."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import drafts, future, services, snapshots
from orgmodel.changes.models import ChangeSet, Draft, DraftShare, Snapshot
from orgmodel.core.operations import CloseSquad, HirePerson, MovePeople, Operation, RenameSquad
from orgmodel.templatetags.orgmodel_ui import day as told_day
from tests.build import an_org, id_of, role, save, squad, tribe
from tests.factories import UserFactory
from tests.web.test_every_address import addresses, organization

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
MONDAY = date(2026, 6, 15)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def listen() -> None:
    save(
        an_org(
            tribe("Listen", squad("Search", "Ana", "Ben"), squad("Radio", "Cleo"), squad("Empty")),
            tribe("Create", squad("Studio", "Dan")),
        ),
        at=noon(date(2026, 6, 1)),
    )


def live(on: date, *operations: Operation, message: str = "Because.") -> ChangeSet:
    return services.commit(
        operations, actor=services.Actor("Eve"), message=message, source="web", at=noon(on)
    )


def move(who: str, to: str) -> MovePeople:
    return MovePeople(people=(id_of(who),), to=id_of(to))


def words(html: str) -> str:
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


# The future


def scheduled(name: str, on: date, *operations: Operation, owner: Any, **fields: Any) -> Draft:
    draft = drafts.create_draft(name, owner_id=owner.pk, at=timezone.now(), operations=operations)
    Draft.objects.filter(pk=draft.pk).update(state=Draft.State.SCHEDULED, scheduled_on=on, **fields)
    draft.refresh_from_db()
    return draft


def in_days(count: int) -> date:
    return TODAY + timedelta(days=count)


def test_a_day_to_come_is_live_with_what_is_scheduled_until_then(as_role: Any, listen: None) -> None:
    editor = as_role("editor")
    scheduled("First", in_days(10), move("Ana", "Radio"), owner=editor.user)
    scheduled("Second", in_days(20), move("Ben", "Studio"), owner=editor.user)

    def homes(day: date) -> list[str]:
        org = future.outlook(day, editor.user).org
        found = (org.primary_membership(id_of(name)) for name in ("Ana", "Ben"))
        return [org.squads[home.squad].name for home in found if home is not None]

    assert [homes(in_days(n)) for n in (9, 10, 19, 20, 400)] == [
        ["Search", "Search"],
        ["Radio", "Search"],
        ["Radio", "Search"],
        ["Radio", "Studio"],
        ["Radio", "Studio"],
    ]
    org = future.outlook(in_days(400), editor.user).org
    assert org.memberships[id_of("Ana", "Search")].since == in_days(10)
    assert org.memberships[id_of("Ben", "Search")].since == in_days(20)
    page = editor.get(f"/squads/radio/?as_of={in_days(12)}").content.decode()
    assert f"As planned for {in_days(12):%-d %b %Y}" in page
    assert "1 scheduled draft<" in page
    assert f'href="/people/ana/?as_of={in_days(12)}"' in page
    assert 'class="past-frame"' in page
    assert "/squads/radio/add/" not in page
    assert "2 scheduled drafts<" in editor.get(f"/?as_of={in_days(30)}").content.decode()


def test_who_was_where_counts_what_is_scheduled_until_then(as_role: Any, listen: None) -> None:
    editor = as_role("editor")
    scheduled("First", in_days(10), move("Ana", "Radio"), owner=editor.user)
    said = told_day(in_days(10))

    def periods(page: str, day: date) -> str:
        html = editor.get(f"{page}?as_of={day}").content.decode().partition('id="periods"')[2]
        section = html.partition("</section>")[0].partition("</h2>")[2]
        return " ".join(re.sub(r"<[^>]+>", " ", section).split())

    assert periods("/people/ana/", in_days(9)) == "Search squad since before the record"
    assert periods("/people/ana/", in_days(11)) == f"Radio squad since {said} Search squad until {said}"
    assert periods("/squads/radio/", in_days(11)) == f"Ana since {said} Cleo since before the record"
    assert f"Ana until {said}" in periods("/squads/search/", in_days(11))


def test_what_does_not_fit_then_is_left_out(as_role: Any, listen: None) -> None:
    editor = as_role("editor")
    scheduled("First", in_days(10), move("Ana", "Empty"), owner=editor.user)
    scheduled("Second", in_days(20), CloseSquad(id=id_of("Empty")), owner=editor.user)
    org = future.outlook(in_days(20), editor.user).org
    assert org.squads[id_of("Empty")].closed_on is None


def test_private_drafts_of_others_count_as_a_number_only(as_role: Any, listen: None) -> None:
    editor, viewer = as_role("editor"), as_role("viewer")
    scheduled("Secret", in_days(10), move("Ana", "Radio"), owner=editor.user)
    other = UserFactory(username="other", role="planner")
    part = scheduled("Part", in_days(10), move("Ben", "Radio"), owner=editor.user)
    DraftShare.objects.create(draft=part, user=other, tribe=id_of("Create"))
    whole = scheduled("Whole", in_days(10), move("Ben", "Studio"), owner=editor.user)
    DraftShare.objects.create(draft=whole, user=other)
    shown = scheduled("Open", in_days(10), move("Cleo", "Search"), owner=editor.user, visibility="everyone")

    day = in_days(11)
    assert [d.name for d in future.outlook(day, viewer.user).drafts] == ["Open"]
    assert [d.name for d in future.outlook(day, other).drafts] == ["Whole", "Open"]
    assert [future.outlook(day, user).others for user in (editor.user, other, viewer.user)] == [0, 2, 3]
    page = viewer.get(f"/squads/radio/?as_of={day}").content.decode()
    assert "1 scheduled draft and 3 of others" in page
    assert "Ana" not in page
    assert "Secret" not in page
    assert shown.name == "Open"


def test_with_nothing_scheduled_it_shows_live_and_says_so(as_role: Any, listen: None) -> None:
    page = as_role("viewer").get(f"/people/?as_of={in_days(300)}").content.decode()
    assert "nothing scheduled until then" in page
    assert "Ana" in page


def test_a_day_to_come_cannot_be_changed(as_role: Any, listen: None) -> None:
    editor = as_role("editor")
    answer = editor.post(
        f"/people/ana/move/?as_of={in_days(3)}", {"source": id_of("Search"), "to": id_of("Radio")}
    )
    assert answer.status_code == 403
    assert "another day, which cannot be changed" in answer.content.decode()
    assert 'href="/people/ana/move/">Show this page as it is today' in answer.content.decode()


# Points in time that have a name


def test_a_snapshot_is_read_wherever_a_day_is(as_role: Any, listen: None) -> None:
    editor = as_role("editor")
    assert editor.post("/snapshots/", {"name": "Before the merger"}).status_code == 303
    live(TODAY, RenameSquad(id=id_of("Search"), name="Discovery"))

    page = editor.get("/squads/?as_of=before-the-merger").content.decode()
    assert "Search" in words(page)
    assert "Discovery" not in words(page)
    assert "Before the merger, 1 June 2026" in page
    assert 'href="/squads/search/?as_of=before-the-merger"' in page
    listed = editor.get("/snapshots/").content.decode()
    assert '<a href="/?as_of=before-the-merger"><b>Before the merger</b></a>' in listed


def test_a_snapshot_stays_though_something_is_dated_back_behind_it(listen: None) -> None:
    taken = snapshots.take("Then", author_id=None, at=noon(date(2026, 6, 20)))
    services.commit(
        [move("Ana", "Radio")],
        actor=services.Actor("Eve"),
        message="Forgotten.",
        source="web",
        at=noon(date(2026, 6, 25)),
        effective_on=date(2026, 6, 2),
    )
    assert services.org_at_version(taken.version).membership(id_of("Ana"), id_of("Search")) is not None
    assert services.org_as_of(date(2026, 6, 20)).membership(id_of("Ana"), id_of("Search")) is None


def test_snapshots_are_renamed_and_removed_and_keep_their_key(as_role: Any, listen: None) -> None:
    editor = as_role("editor")
    editor.post("/snapshots/", {"name": "Before the merger"})
    editor.post("/snapshots/before-the-merger/rename/", {"name": "Before"})
    assert Snapshot.objects.get().name == "Before"
    assert "Before, 1 June 2026" in editor.get("/people/?as_of=before-the-merger").content.decode()
    for _ in range(2):  # a second click is harmless
        assert editor.post("/snapshots/before-the-merger/remove/").status_code == 303
    assert editor.get("/people/?as_of=before-the-merger").status_code == 400


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"name": " "}, "This field is required"),
        ({"name": "x" * 201}, "at most 200 characters"),
        ({"name": "a\x00b"}, "characters that cannot be stored"),
        ({"name": "Then", "version": "99"}, "There is no version 99 of the organization yet."),
        ({"name": "TAKEN", "version": "1"}, "“Taken” is the name of version 2 already."),
    ],
)
def test_a_name_that_cannot_be_is_refused(
    as_role: Any, listen: None, body: dict[str, str], said: str
) -> None:
    live(TODAY, move("Ana", "Radio"))
    editor = as_role("editor")
    editor.post("/snapshots/", {"name": "Taken"})
    answer = editor.post("/snapshots/", body)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_past_version_can_be_named_too(as_role: Any, listen: None) -> None:
    live(TODAY, move("Ana", "Radio"))
    editor = as_role("editor")
    assert 'href="/snapshots/?version=1"' in editor.get("/history/1/").content.decode()
    assert "Name version 1" in editor.get("/snapshots/?version=1").content.decode()
    editor.post("/snapshots/", {"name": "At first", "version": "1"})
    assert Snapshot.objects.get().version == 1
    assert "snapshots" not in as_role("viewer").get("/history/1/").content.decode().partition("<main")[2]


def test_a_name_that_reads_as_a_day_is_no_day(listen: None) -> None:
    assert snapshots.take("2026-06-30", author_id=None, at=timezone.now()).key == "snapshot-2026-06-30"
    again = snapshots.take("2026-06-30", author_id=None, at=timezone.now())
    assert again.pk == Snapshot.objects.get().pk


@pytest.mark.parametrize("role_name", ["viewer", "planner"])
def test_only_those_who_publish_name_points_in_time(as_role: Any, listen: None, role_name: str) -> None:
    browser = as_role(role_name)
    snapshots.take("Then", author_id=None, at=timezone.now())
    assert browser.post("/snapshots/", {"name": "Now"}).status_code == 403
    assert browser.post("/snapshots/then/remove/").status_code == 403
    page = browser.get("/snapshots/").content.decode()
    assert "Then" in page
    assert "/remove/" not in page


# Every page is ruled by the day


@pytest.mark.parametrize("when", ["2000-01-01", "in-the-beginning"])
def test_no_list_page_or_file_shows_what_was_not_there_yet(as_role: Any, when: str) -> None:
    save(an_org(role("First")), at=noon(date(2026, 1, 1)))
    snapshots.take("In the beginning", author_id=None, at=timezone.now())
    services.commit(
        [_everything()], actor=services.Actor("Eve"), message="", source="import", at=timezone.now()
    )
    editor = as_role("editor")
    told = {}
    for address in addresses(admin=False):
        answer = editor.get(address, {"as_of": when})
        content = b"".join(answer).decode(errors="replace") if answer.status_code == 200 else ""
        content = re.sub(r"\b[0-9A-Za-z]{64}\b", "", content)  # a token of a form may spell any name
        shown = [
            name for name in ("Ana", "Ben", "Listening", "Playback", "Find it", "Tester") if name in content
        ]
        if shown:
            told[address] = shown
    # The log tells everything, whatever the day, and marks what came later. Samples are of no organization.
    # Texts of ours hold names too: the sources of rules a Ben, the time zones an Ana.
    ours = {"/history/", "/styleguide/", "/findings/rules/", "/api/v1/rules/", "/settings/"}
    assert set(told) <= ours, told


def _everything() -> Operation:
    from orgmodel.core.changes import diff
    from orgmodel.core.operations import ApplyChanges

    org = services.current()
    return ApplyChanges(
        title="Import", changes=tuple(c for c in diff(org, organization()) if c.before is None)
    )


# The date control


def test_the_date_control_leads_to_the_days_around_and_keeps_the_rest(as_role: Any, listen: None) -> None:
    page = as_role("viewer").get("/people/?q=ana&as_of=2026-06-10").content.decode()
    top = page.partition('id="as-of"')
    for url in (
        "/people/?q=ana&amp;as_of=2026-06-03", "/people/?q=ana&amp;as_of=2026-06-09",
        "/people/?q=ana&amp;as_of=2026-06-11", "/people/?q=ana&amp;as_of=2026-06-17", "/people/?q=ana",
    ):  # fmt: skip
        assert f'href="{url}"' in top[2]
    assert '<input type="hidden" name="q" value="ana">' in top[0]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_date_control_stops_where_the_calendar_does(as_role: Any, listen: None, day: str) -> None:
    assert as_role("viewer").get(f"/people/?as_of={day}").status_code == 200


# What changed between two days


def busy_week() -> None:
    live(MONDAY, move("Ana", "Radio"), message="Radio needs her.")
    live(MONDAY + timedelta(days=1), move("Ben", "Radio"))
    live(MONDAY + timedelta(days=2), move("Ben", "Search"))
    live(MONDAY + timedelta(days=6), HirePerson(id=id_of("Eva"), values={"name": "Eva", "key": "eva"}))
    live(MONDAY + timedelta(days=6), CloseSquad(id=id_of("Empty")))
    live(MONDAY + timedelta(days=7), move("Dan", "Radio"))


def test_a_week_in_numbers_its_difference_and_how_it_came_about(as_role: Any, listen: None) -> None:
    busy_week()
    answer = as_role("viewer").get("/digest/2026-W25/")
    page = answer.content.decode()
    assert answer.context["numbers"] == "1 person moved, 1 hired, 1 squad closed"
    assert [entry.sentence for entry in answer.context["net"]] == ["1 person", "1 squad", "2 memberships"]
    assert [change_set.version for change_set, _ in answer.context["log"]] == [6, 5, 4, 3, 2]
    assert "15 June 2026 to 21 June 2026" in page
    assert "“Radio needs her.”" in page
    assert 'href="/digest/2026-24/' not in page
    assert 'href="/digest/2026-W24/"' in page
    assert 'href="/digest/2026-W26/"' in page


def test_this_week_has_no_week_after_it(as_role: Any, listen: None) -> None:
    viewer = as_role("viewer")
    year, week, _ = TODAY.isocalendar()
    assert viewer.get("/digest/")["Location"] == f"/digest/{year}-W{week}/"
    assert "Week after" not in viewer.get(f"/digest/{year}-W{week}/").content.decode()
    assert viewer.get("/digest/?as_of=2026-06-17")["Location"] == "/digest/2026-W25/?as_of=2026-06-17"


@pytest.mark.parametrize(
    "address", ["/digest/2026-W54/", "/digest/2026-W0/", "/digest/0-W1/", "/digest/99999-W1/"]
)
def test_a_week_that_is_none_is_not_there(as_role: Any, listen: None, address: str) -> None:
    assert as_role("viewer").get(address).status_code == 404


@pytest.mark.parametrize(
    ("query", "versions", "numbers"),
    [
        ("from=2026-06-15&to=2026-06-15", [2], "1 person moved"),
        ("from=2026-06-16&to=2026-06-17", [4, 3], ""),
        ("from=2026-06-15&to=2026-06-30&unit=squad:search", [4, 3, 2], "1 person moved"),
        ("from=2026-06-15&to=2026-06-30&unit=tribe:create", [7], "1 person moved"),
        ("from=2026-06-15&to=2026-06-30&unit=create", [7], "1 person moved"),
        ("from=2026-06-15&to=2026-06-30&unit=person:dan", [7], "1 person moved"),
        ("from=2026-06-02&to=2026-06-14", [], ""),
    ],
)
def test_what_changed_between_two_days(
    as_role: Any, listen: None, query: str, versions: list[int], numbers: str
) -> None:
    busy_week()
    answer = as_role("viewer").get(f"/changes/?{query}")
    assert [change_set.version for change_set, _ in answer.context["log"]] == versions
    assert answer.context["numbers"] == numbers
    if not versions:
        assert "Nothing changed." in answer.content.decode()


def test_it_reaches_into_the_future(as_role: Any, listen: None) -> None:
    editor = as_role("editor")
    scheduled("First", in_days(10), move("Ana", "Radio"), owner=editor.user)
    answer = editor.get(f"/changes/?from={in_days(1)}&to={in_days(20)}")
    assert answer.context["numbers"] == "1 person moved"
    assert "Scheduled until then" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("from=2026-06-20&to=2026-06-10", 400, "10 June 2026 is before 20 June 2026"),
        ("from=gestern", 400, "Enter a valid date."),
        ("unit=squad:nope", 404, ""),
        ("unit=nothing", 400, "One looks like squad:search."),
        ("unit=squad:%00", 400, "characters that cannot be stored"),
        ("from=0001-01-01&to=9999-12-31", 200, "31 December 9999"),
    ],
)
def test_days_and_units_that_make_no_sense_are_named(
    as_role: Any, listen: None, query: str, status: int, said: str
) -> None:
    answer = as_role("viewer").get(f"/changes/?{query}")
    assert answer.status_code == status
    assert said in answer.content.decode()


def test_all_that_differs_in_one_kind_has_a_page_of_its_own(as_role: Any) -> None:
    save(an_org(squad("Search", *(f"Person {number:03}" for number in range(130)))), at=noon(MONDAY))
    viewer = as_role("viewer")
    answer = viewer.get("/changes/?from=2026-06-15&to=2026-06-15")
    people = answer.context["net"][0]
    assert (people.sentence, people.more) == ("130 people", 118)
    assert people.more_url == "?from=2026-06-15&to=2026-06-15&kind=person"
    page = viewer.get(f"/changes/{people.more_url}&page=2").context
    assert len({fact.subject for fact in page["net"][0].facts}) == 30
    assert "log" not in page


@pytest.mark.parametrize("count", [1, 25])
def test_the_page_costs_the_same_however_much_changed(
    as_role: Any, listen: None, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        live(MONDAY, move("Ana", "Search" if number % 2 else "Radio"))
    viewer = as_role("viewer")
    viewer.get("/digest/2026-W25/")
    # session, user, saved views, head three times, how many change sets, what they changed, them, their changes
    with django_assert_num_queries(10):
        viewer.get("/digest/2026-W25/")


def test_a_large_import_is_counted_and_not_told(as_role: Any, monkeypatch: Any, listen: None) -> None:
    monkeypatch.setattr("orgmodel.changes.between.MANY", 3)
    monkeypatch.setattr("orgmodel.changes.between.LARGE", 3)
    answer = as_role("viewer").get("/changes/?from=2026-06-01&to=2026-06-01")
    assert answer.context["found"].changes is None
    assert "14 records changed." in answer.content.decode()
    assert "Found the organization" in answer.content.decode()


# Dating back


def test_a_day_before_today_asks_why(listen: None) -> None:
    options: dict[str, Any] = {"actor": services.Actor("Eve"), "source": "web", "at": noon(MONDAY)}
    with pytest.raises(services.Refused) as refused:
        services.commit(
            [move("Ana", "Radio")], message=" ", effective_on=MONDAY - timedelta(days=1), **options
        )
    assert refused.value.field == "message"
    assert "Say why" in refused.value.message
    services.commit([move("Ana", "Radio")], message="", effective_on=MONDAY, **options)
    services.commit(
        [move("Ana", "Search")], message="Late.", effective_on=MONDAY - timedelta(days=1), **options
    )
