"""Kestrel Audio: as its description says, with a past that leads exactly there, and gone without a trace."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command

from orgmodel.changes import plans, publishing, services, store
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.core.changes import diff
from orgmodel.core.comparison import compare
from orgmodel.core.operations import CreateTribe, Refused
from orgmodel.core.org import Org
from orgmodel.core.rules.integrity import problems
from orgmodel.demo import loading
from orgmodel.demo.kestrel import organization

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def demo(db: None, settings: Any) -> Org:
    settings.DEBUG = True
    loading.load_demo(at=NOW)
    return store.current()


def named(org: Org, kind: str, name: str) -> Any:
    return next(record for record in org.table(kind).values() if record.name == name)  # type: ignore[attr-defined]


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


# What is


def test_it_has_as_many_of_everything_as_its_description_says() -> None:
    org = organization(TODAY)
    kinds = ("person", "tribe", "squad", "chapter", "guild", "vacancy")
    assert [org.count(kind) for kind in kinds] == [100, 3, 14, 17, 6, 9]
    assert problems(org) == []


def test_everyone_is_a_squad_member_a_leader_a_coach_or_without_a_squad() -> None:
    org = organization(TODAY)
    without = sorted(p.name for p in org.people.values() if p.is_here and not org.memberships_of(p.id))
    assert sum(org.size_of(squad) for squad in org.squads) == 85
    assert without == [
        "Alice Moreau",
        "Amy Fong",
        "Dag Persson",
        "George Pell",
        "Grace Oduya",
        "Hana Kobayashi",
        "Ingrid Solberg",
        "Lars Hedman",
        "Leo Martins",
        "Malin Rosen",
        "Marcus Adeyemi",
        "Rikard Nord",
        "Sebastian Kurz",
        "Victoria Lane",
        "Yuki Tan",
    ]


def test_sizes_of_squads_and_tribes() -> None:
    org = organization(TODAY)
    open_squads = [squad for squad in org.squads.values() if squad.closed_on is None]
    assert {squad.name: org.size_of(squad.id) for squad in open_squads} == {
        "Home & Browse": 7,
        "Playback": 8,
        "Search": 6,
        "Offline & Downloads": 3,
        "Personal Recommendations": 12,
        "Creator Studio": 7,
        "Monetization & Payouts": 6,
        "Rights & Licensing": 5,
        "Ads Insertion": 7,
        "Audiobooks Launch": 4,
        "Developer Platform": 5,
        "Event Pipeline": 5,
        "Identity & Accounts": 5,
        "Content Ingestion": 5,
    }
    tribes = {
        t.name: (len(org.people_in_tribe(t.id)), len(org.squads_of(t.id)), t.color)
        for t in org.tribes.values()
    }
    assert tribes == {
        "Listening Experience": (39, 5, "1"),
        "Creators & Marketplace": (33, 5, "2"),
        "Platform & Data": (22, 4, "3"),
    }


def test_sizes_of_chapters_and_guilds() -> None:
    org = organization(TODAY)
    assert {c.name: len(org.chapter_members_in(c.id)) for c in org.chapters.values()} == {
        "LX Backend": 11,
        "LX Web": 3,
        "Mobile": 9,
        "LX Data & ML": 6,
        "LX Product": 5,
        "LX Design": 5,
        "Quality": 2,
        "CM Backend Money": 5,
        "CM Backend Creator": 6,
        "CM Web": 7,
        "CM Data": 3,
        "CM Product": 5,
        "CM Design": 3,
        "PD Backend": 7,
        "PD Platform Engineering": 8,
        "PD Data Engineering": 3,
        "PD Product": 3,
    }
    assert {g.name: len(org.guild_members_in(g.id)) for g in org.guilds.values()} == {
        "Web": 12,
        "Reliability": 18,
        "Data & ML": 12,
        "Agile & Facilitation": 6,
        "Accessibility": 5,
        "Mobile": 9,
    }


def test_chapter_members_share_its_competency() -> None:
    org = organization(TODAY)
    strangers = [
        (person.name, chapter.name)
        for person in org.people.values()
        if (chapter := org.chapter_of(person.id)) is not None and person.craft != chapter.competency
    ]
    assert strangers == []


def test_direct_reports() -> None:
    org = organization(TODAY)
    spans = {p.name: len(org.reports_of(p.id)) for p in org.people.values()}
    wanted = {"Tomasz Wojcik": 12, "Lucia Moretti": 8, "Victoria Lane": 7, "Lars Hedman": 7, "Rikard Nord": 4}
    wanted |= {
        "Grace Oduya": 7,
        "Ingrid Solberg": 3,
        "Marcus Adeyemi": 2,
        "Hana Kobayashi": 2,
        "Ulrika Boman": 1,
    }
    assert {name: spans[name] for name in wanted} == wanted
    assert sorted(p.name for p in org.people.values() if p.manager is None) == [
        "Hana Kobayashi",
        "Ingrid Solberg",
        "Marcus Adeyemi",
        "Yuki Tan",
    ]


def test_shares_over_several_squads() -> None:
    org = organization(TODAY)
    shares = {
        p.name: {org.squads[m.squad].name: m.share for m in org.memberships_of(p.id)}
        for p in org.people.values()
        if len(org.memberships_of(p.id)) > 1
    }
    assert shares == {
        "Daniel Okafor": {"Personal Recommendations": 60, "Ads Insertion": 40, "Search": 30},
        "Elif Kaya": {"Search": 40, "Monetization & Payouts": 30, "Rights & Licensing": 30},
        "Priya Raman": {"Playback": 50, "Offline & Downloads": 50},
    }


def test_who_is_missing_is_missing() -> None:
    org = organization(TODAY)
    squads = [squad for squad in org.squads.values() if squad.closed_on is None]
    leads = {s.name: {role.key for role, _ in org.squad_leads(s.id)} for s in squads}
    both = {"product-owner", "engineering-lead"}
    assert {name: found for name, found in leads.items() if found != both} == {
        "Ads Insertion": {"product-owner"},
        "Audiobooks Launch": set(),
        "Content Ingestion": set(),
    }
    assert [s.name for s in squads if s.mission is None] == ["Content Ingestion"]
    assert [s.name for s in squads if s.mission and not org.missions[s.mission].metric] == [
        "Developer Platform"
    ]
    assert {c.name for c in org.chapters.values() if c.lead is None} == {"LX Web", "CM Data", "PD Product"}
    assert [g.name for g in org.guilds.values() if g.coordinator is None] == ["Accessibility"]
    assert {v.title: (TODAY - v.opened_on).days for v in org.vacancies.values()} == {  # type: ignore[operator]
        "Product lead": 140,
        "Product owner, Content Ingestion": 95,
        "Product owner, Audiobooks Launch": 62,
        "Chapter lead, CM Data": 75,
        "Senior backend engineer": 30,
        "Senior mobile engineer": 45,
        "Platform engineer": 20,
        "Product designer": 120,
        "Staff ML engineer": 10,
    }


# How it came about


def test_the_past_leads_to_exactly_what_is(demo: Org) -> None:
    assert diff(demo, organization(TODAY)) == []


def test_the_log_and_the_tables_agree(demo: Org) -> None:
    call_command("verify_log", stdout=StringIO())


def test_changes_are_recorded_in_order_and_by_people_of_the_organization(demo: Org) -> None:
    rows = list(ChangeSet.objects.order_by("version"))
    assert [row.recorded_at for row in rows] == sorted(row.recorded_at for row in rows)
    assert rows[-1].recorded_at < NOW
    assert {row.actor_name for row in rows} <= {person.name for person in demo.people.values()}
    assert {row.actor_id for row in rows} == {None}


def test_the_platform_tribe_is_there_from_its_day_on(demo: Org) -> None:
    before, after = services.org_as_of(ago(151)), services.org_as_of(ago(150))
    assert sorted(t.name for t in before.tribes.values()) == [
        "Creators & Marketplace",
        "Listening Experience",
    ]
    assert len(after.tribes) == 3
    assert len(after.squads_of(named(after, "tribe", "Platform & Data").id)) == 4


def test_central_qa_came_and_went(demo: Org) -> None:
    before, during, after = (services.org_as_of(ago(days)) for days in (301, 295, 291))
    central = named(during, "squad", "Central QA")
    assert sorted(during.people[m.person].name for m in during.memberships_in(central.id)) == [
        "Emil Dahl",
        "Per Hallberg",
        "Ulrika Boman",
    ]
    assert diff(before, after) == []
    undo = ChangeSet.objects.get(source="undo")
    assert undo.effective_on == ago(291)
    assert "the wait for a tester was twice as long" in undo.message
    assert undo.learning.startswith("A shared standard needs a chapter")


def test_the_launch_squad_was_formed_forty_days_ago(demo: Org) -> None:
    before, after = services.org_as_of(ago(41)), services.org_as_of(ago(40))
    launch = named(after, "squad", "Audiobooks Launch")
    assert before.memberships_in(launch.id) == []
    assert len(after.memberships_in(launch.id)) == 4
    assert (before.squads[launch.id].state, after.squads[launch.id].state) == ("proposed", "forming")


def test_squads_came_of_others(demo: Org) -> None:
    before, after = services.org_as_of(ago(621)), services.org_as_of(ago(620))
    assert sorted(s.name for s in before.squads.values() if s.closed_on is None and "Browse" in s.name) == [
        "Find & Browse"
    ]
    search = named(after, "squad", "Search")
    assert [
        before.squads[m.squad].name for m in before.memberships_of(after.memberships_in(search.id)[0].person)
    ] == ["Find & Browse"]
    table: Any = demo.table("squad_lineage")
    lines = {
        (
            demo.squads[line.predecessor].name,
            line.how,
            demo.squads[line.successor].name,
            (TODAY - line.on).days,
        )
        for line in table.values()
    }
    assert lines == {
        ("Home & Browse", "split", "Search", 620),
        ("Tax Tools", "merge", "Monetization & Payouts", 312),
    }


def test_the_draft_trades_one_problem_for_others(demo: Org) -> None:
    draft = Draft.objects.get(name="Unblock ingestion")
    found = publishing.checks(draft, plans.plan_of(draft), TODAY)
    assert [(check.code, check.level, check.message) for check in found if check.level == "blocker"] == [
        (
            "RG-03",
            "blocker",
            "Offline & Downloads closes but still holds the vacancy Senior backend engineer and the system"
            " offline-sync.",
        )
    ]
    done = plans.replay_draft(draft)
    sizes = compare(done.before, done.after, done.changes).out_of_range
    fixed, new = ({demo.squads[id_].name for id_ in ids} for ids in (sizes.fixed, sizes.new))
    assert (fixed, new) == ({"Offline & Downloads", "Personal Recommendations"}, {"Playback"})
    with pytest.raises(Refused, match="still holds the vacancy"):
        publishing.publish(draft, actor=services.Actor("Rikard Nord"), message="", at=NOW, despite="Anyway.")
    assert [row.note for row in draft.operations.filter(state="parked")] == [
        "Wait until Erik's successor is named."
    ]


def test_one_draft_fits_and_one_has_been_overtaken(demo: Org) -> None:
    fits = {
        draft.name: [step.fits for step in plans.replay_draft(draft).steps]
        for draft in Draft.objects.order_by("created_at")
    }
    assert fits == {"Ads to New York": [False, True], "Unblock ingestion": [True] * 3}
    assert {draft.owner.get_full_name() for draft in Draft.objects.all()} == {"Rikard Nord"}
    after = plans.replay_draft(Draft.objects.get(name="Unblock ingestion")).after
    sizes = {s.name: after.size_of(s.id) for s in after.squads.values() if s.closed_on is None}
    assert (sizes["Home Ranking"], sizes["Discovery"], sizes["Playback"]) == (6, 6, 11)


# Loading and removing


@pytest.mark.django_db
def test_it_is_refused_where_an_organization_is(settings: Any) -> None:
    tribe = CreateTribe(id="00000000-0000-4000-8000-000000000001", values={"name": "Payments"})
    services.commit([tribe], actor=services.Actor("Ana"), message="", source="web", at=NOW)
    with pytest.raises(CommandError) as refusal:
        call_command("load_demo")
    assert str(refusal.value) == "There is an organization here already. The demo is for an empty database."
    out = StringIO()
    call_command("load_demo", if_empty=True, stdout=out)
    assert out.getvalue() == ""
    with pytest.raises(CommandError) as kept:
        call_command("remove_demo")
    assert str(kept.value) == "This is not the demo organization, so it is not removed."


@pytest.mark.django_db
def test_loading_prints_the_logins_and_they_work(settings: Any) -> None:
    settings.DEBUG = True
    out, again = StringIO(), StringIO()
    call_command("load_demo", stdout=out)
    assert out.getvalue().splitlines() == [
        "Kestrel Audio is loaded: 100 people in 14 squads.",
        "  viewer     try-kestrel-audio   viewer, as Astrid Holm",
        "  planner    try-kestrel-audio   planner, as Tomasz Wojcik",
        "  editor     try-kestrel-audio   editor, as Rikard Nord",
        "  designer   try-kestrel-audio   org designer, as Ingrid Solberg",
    ]
    call_command("load_demo", if_empty=True, stdout=again)
    assert again.getvalue().splitlines() == out.getvalue().splitlines()[1:]
    assert authenticate(username="editor", password="try-kestrel-audio") is not None
    assert store.head().name == "Kestrel Audio"


@pytest.mark.django_db
def test_in_production_there_are_no_logins_and_earlier_ones_are_refused(settings: Any, client: Any) -> None:
    settings.DEBUG = True
    loading.load_demo(at=NOW)
    client.force_login(get_user_model().objects.get(username="editor"))
    assert client.get("/styleguide/").status_code == 200
    settings.DEBUG = False
    assert client.get("/styleguide/").status_code == 302
    assert authenticate(username="editor", password="try-kestrel-audio") is None
    assert loading.demo_logins() == []


@pytest.mark.django_db
def test_in_production_it_loads_without_logins(settings: Any) -> None:
    settings.DEBUG = False
    out = StringIO()
    call_command("load_demo", stdout=out)
    assert out.getvalue().splitlines() == [
        "Kestrel Audio is loaded: 100 people in 14 squads.",
        "DEBUG is off, so there are no demo logins; make your own with createsuperuser.",
    ]
    assert get_user_model().objects.count() == 0
    assert Draft.objects.count() == 0


@pytest.mark.django_db
def test_somebodys_own_login_named_editor_stays_theirs(settings: Any) -> None:
    settings.DEBUG = True
    get_user_model().objects.create_user("editor", password="a password of their own")
    loading.load_demo(at=NOW)
    assert authenticate(username="editor", password="a password of their own") is not None
    assert [login.username for login in loading.demo_logins()] == ["viewer", "planner", "designer"]


@pytest.mark.django_db(transaction=True)
def test_removing_leaves_an_empty_organization_and_the_logins(settings: Any) -> None:
    settings.DEBUG = True
    loading.load_demo(at=NOW)
    loading.remove_demo()
    head = store.head()
    assert (head.version, head.name, head.is_demo) == (0, "My organization", False)
    assert [len(store.current().people), ChangeSet.objects.count(), Draft.objects.count()] == [0, 0, 0]
    assert authenticate(username="designer", password="try-kestrel-audio") is not None
    with pytest.raises(Refused):
        loading.remove_demo()
    loading.load_demo(at=NOW)
    assert store.current().count("person") == 100
