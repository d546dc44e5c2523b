"""Pages about findings: the list, one finding, what is said about it, the rules, and findings on other pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from orgmodel.changes import drafts, services, store
from orgmodel.changes.models import Draft
from orgmodel.core.operations import (
    ChangeRule,
    HirePerson,
    JoinSquad,
    LeaveSquad,
    Operation,
    SetSystemOwners,
    SolveDependency,
    Waive,
)
from orgmodel.findings import services as findings
from orgmodel.findings.wording import CONDITIONS
from tests.build import an_org, id_of, mission, needs, person, role, save, squad, system, tribe, vacancy

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
LARGE = f"SQ-01:squad:{id_of('Phoenix')}"
OWNERLESS = f"SQ-03:squad:{id_of('Hydra')}"


def build() -> None:
    """Phoenix has twelve people, Hydra five and no product owner; every other rule about squads is left out."""
    save(
        an_org(
            role("Product owner", leads=True),
            person("Lea"),
            tribe(
                "Payments",
                squad("Phoenix", "Ana", *(f"Person {n}" for n in range(11)), roles={"Ana": "Product owner"}),
                squad("Hydra", *(f"Hand {n}" for n in range(5))),
                lead="Lea",
            ),
        ),
        at=timezone.now() - timedelta(days=40),
    )


def commit(*operations: Operation, days_ago: int = 0) -> None:
    services.commit(
        list(operations),
        actor=services.Actor("Eve Editor"),
        message="Because",
        source="web",
        at=timezone.now(),
        effective_on=TODAY - timedelta(days=days_ago),
    )


def waive(**fields: Any) -> Waive:
    given = {"key": LARGE, "reason": "It splits in spring", "until": TODAY + timedelta(days=30)}
    return Waive(**{**given, **fields})


def text_of(browser: Any, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200
    return str(answer.content.decode())


# The list


def test_it_begins_with_the_unit_that_presses_most(as_role: Any) -> None:
    build()
    page = text_of(as_role("viewer"), "/findings/")
    assert "2 findings in 2 places. Start with Phoenix." in page
    assert page.index("Phoenix has 12 people; the limit is 9.") < page.index("Hydra has no product owner.")
    for words in (
        "12 people, limit 9",
        "Trust and coordination decay as a squad grows",
        "Split it in two along its mission",
    ):
        assert words in page


def test_severity_is_a_word_beside_its_icon(as_role: Any) -> None:
    build()
    page = text_of(as_role("viewer"), "/findings/")
    assert '#high"/></svg><span>High</span>' in page
    assert '#high"/></svg><span>2<span class="vh"> high</span></span>' in page


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("rule=SQ-01", "Phoenix has 12", "Hydra has no"),
        ("family=SQ&q=hydra", "Hydra has no", "Phoenix has 12"),
        ("severity=low", "Nothing matches", "Phoenix has 12"),
        ("tribe=payments", "Phoenix has 12", "Nothing matches"),
        ("tribe=nope", "There is no tribe “nope”. <a", "Phoenix has 12"),
        (
            "severity=low&rule=XX-01",
            'There is no rule “XX-01”. <a class="link" href="?severity=low">Leave',
            "Phoenix has 12",
        ),
        ("rule=SQ-01a", "There is no rule “SQ-01a”.", "Phoenix has 12"),
        ("rule=SQ-04a", "Nothing matches", "There is no"),
        ("state=waived", "Hydra has no", "Phoenix has 12"),
        ("addressed=no&page=99", "Phoenix has 12", "Nothing matches"),
        ("q=%00", "Nothing matches", "Phoenix has 12"),
    ],
)
def test_it_is_narrowed_by_the_address(as_role: Any, query: str, shown: str, hidden: str) -> None:
    build()
    commit(waive(key=OWNERLESS)) if "waived" in query else None
    page = text_of(as_role("viewer"), f"/findings/?{query}").split('role="search"')[1]
    assert shown in page
    assert hidden not in page


def test_what_is_waived_is_left_out_and_can_be_asked_for(as_role: Any) -> None:
    build()
    commit(waive())
    browser = as_role("viewer")
    assert "1 finding in 1 place. Start with Hydra." in text_of(browser, "/findings/")
    assert ">1 waived</a>" in text_of(browser, "/findings/")
    assert "Phoenix has 12 people" in text_of(browser, "/findings/?state=waived")


def test_what_was_waived_until_yesterday_is_open_again(as_role: Any) -> None:
    build()
    commit(waive(until=TODAY - timedelta(days=1)), days_ago=1)
    assert "2 findings in 2 places" in text_of(as_role("viewer"), "/findings/")


def test_a_system_and_a_dependency_count_with_the_squad_that_has_to_act(as_role: Any) -> None:
    save(
        an_org(
            tribe("T", squad("Waits", *"ABCDE"), squad("Holds up", *"FGHIJ"), lead="A"),
            system("ledger", squad="Holds up", critical=True),
            system("wiki", {"A": "both", "B": "both"}, squad="Waits"),
            needs("Waits", "Holds up", level="blocking", since=TODAY - timedelta(days=40)),
        )
    )
    browser = as_role("viewer")
    rows = browser.get("/findings/?format=json").json()["findings"]
    assert {(row["rule"], row["unit"]) for row in rows if row["kind"] != "tribe"} == {
        ("DE-01", "Holds up"),
        ("SY-01", "Holds up"),
    }


def test_it_comes_as_csv_and_json(as_role: Any) -> None:
    build()
    browser = as_role("viewer")
    csv = browser.get("/findings/?format=csv")
    assert csv["Content-Disposition"] == 'attachment; filename="findings.csv"'
    assert (
        csv.content.decode()
        .splitlines()[1]
        .startswith(f"{LARGE},SQ-01,high,open,squad,Phoenix,Phoenix,Payments,")
    )
    [first, _] = browser.get("/findings/?format=json").json()["findings"]
    assert (first["key"], first["value"], first["threshold"]) == (LARGE, 12, 9)
    assert browser.get("/findings/?format=xml").status_code == 400


def test_a_name_that_reads_like_a_formula_is_marked_in_csv(as_role: Any) -> None:
    save(an_org(tribe("T", squad("=cmd()", *(f"P{n}" for n in range(12))))))
    assert ",'=cmd()," in as_role("viewer").get("/findings/?format=csv").content.decode()


@pytest.mark.parametrize("squads", [1, 30])
def test_queries_do_not_grow_with_what_is_found(
    as_role: Any, squads: int, django_assert_num_queries: Any
) -> None:
    save(an_org(tribe("T", *(squad(f"S{n}", *(f"P{n}-{m}" for m in range(12))) for n in range(squads)))))
    browser = as_role("viewer")
    browser.get("/findings/")
    with django_assert_num_queries(5):  # session, user, head, open drafts, saved views
        browser.get("/findings/")


def test_after_a_change_only_the_log_is_read(as_role: Any, django_assert_num_queries: Any) -> None:
    build()
    head, org = store.head(), store.current()
    assert findings.live(head, org).get(LARGE) is not None
    commit(*(LeaveSquad(person=id_of(f"Person {n}"), squad=id_of("Phoenix")) for n in range(4)))
    head, org = store.head(), store.current()
    with django_assert_num_queries(3):  # the same log, how much, the changes
        assert findings.live(head, org).get(LARGE) is None


# Since when


def hire(name: str, days_ago: int) -> None:
    commit(
        HirePerson(id=id_of(name), values={"name": name}),
        JoinSquad(id=id_of(name, "Core"), person=id_of(name), squad=id_of("Core")),
        days_ago=days_ago,
    )


def test_since_is_the_day_on_which_a_squad_got_too_large(as_role: Any) -> None:
    save(
        an_org(tribe("T", squad("Core", *(f"P{n}" for n in range(7))))),
        at=timezone.now() - timedelta(days=90),
    )
    hire("Eighth", 60)
    hire("Ninth", 30)
    hire("Tenth", 10)
    [row] = as_role("viewer").get("/findings/?format=json&rule=SQ-01").json()["findings"]
    assert row["value"] == 10
    assert row["since"] == (TODAY - timedelta(days=30)).isoformat()


def test_what_passes_a_threshold_by_waiting_began_when_it_did(as_role: Any) -> None:
    opened = TODAY - timedelta(days=100)
    save(an_org(tribe("T", squad("Core", *"ABCDE")), vacancy("Designer", squad="Core", opened_on=opened)))
    [row] = as_role("viewer").get("/findings/?format=json&rule=HI-01a").json()["findings"]
    assert (row["value"], row["since"]) == (100, (opened + timedelta(days=91)).isoformat())


def test_a_finding_on_a_past_day_is_that_days(as_role: Any) -> None:
    build()
    commit(*(LeaveSquad(person=id_of(f"Person {n}"), squad=id_of("Phoenix")) for n in range(4)), days_ago=5)
    browser, day = as_role("viewer"), TODAY - timedelta(days=10)
    assert "Phoenix has 12 people" in text_of(browser, f"/findings/?as_of={day}")
    assert "Phoenix has" not in text_of(browser, "/findings/")


def test_the_months_before_are_read_from_the_log(as_role: Any) -> None:
    save(
        an_org(tribe("T", squad("Core", *(f"P{n}" for n in range(12))), lead="P0")),
        at=timezone.now() - timedelta(days=80),
    )
    commit(*(LeaveSquad(person=id_of(f"P{n}"), squad=id_of("Core")) for n in range(1, 5)))
    viewer = as_role("viewer")
    months = viewer.get("/findings/").context["months"]
    assert [month.grave for month in months[-3:]] == [1, 1, 0]
    assert months[-1].day == TODAY
    assert f"?as_of={months[-2].day}" in text_of(viewer, "/findings/")


def test_the_months_count_what_the_headline_counts(as_role: Any) -> None:
    build()
    commit(waive())
    context = as_role("viewer").get("/findings/").context
    assert context["headline"] == "1 finding in 1 place. Start with Hydra."
    assert [(month.total, month.grave) for month in context["months"][-2:]] == [(2, 2), (1, 1)]


# In a draft


def start_draft(owner: Any, *operations: Operation) -> Draft:
    return drafts.create_draft("Plan", owner_id=owner.pk, at=timezone.now(), operations=operations)


def leaves(count: int) -> list[Operation]:
    return [LeaveSquad(person=id_of(f"Person {n}"), squad=id_of("Phoenix")) for n in range(count)]


def test_a_draft_has_findings_of_its_own_and_live_knows_that_it_helps(as_role: Any) -> None:
    build()
    planner = as_role("planner")
    start_draft(planner.user, *leaves(4))
    assert "Phoenix has" not in text_of(planner, "/findings/?draft=plan")
    page = text_of(planner, "/findings/")
    assert "Addressed" in page
    assert '<a class="n" href="/drafts/plan/changes/">Plan</a>' in page
    assert "Settled by" in text_of(planner, f"/findings/{LARGE}/")


def test_drafts_that_someone_may_not_see_are_not_named(as_role: Any) -> None:
    build()
    start_draft(as_role("planner").user, *leaves(4))
    assert "Plan</a>" not in text_of(as_role("viewer"), "/findings/")


def test_the_impact_of_a_draft_says_what_it_fixes_and_adds(as_role: Any) -> None:
    build()
    planner = as_role("planner")
    start_draft(planner.user, *leaves(10))
    section = text_of(planner, "/drafts/plan/impact/").split('id="findings-title"')[1].split("</section>")[0]
    assert f'href="/findings/SQ-02:squad:{id_of("Phoenix")}/?draft=plan"' in section
    assert "Phoenix has 2 people; the least is 4." in section
    assert "SQ-01 \N{MINUS SIGN}1" in section
    assert "SQ-02 +1" in section


# One finding


def test_the_page_of_a_finding_says_why_what_to_try_and_where_it_comes_from(as_role: Any) -> None:
    build()
    page = text_of(as_role("viewer"), f"/findings/{LARGE}/")
    for words in (
        "Phoenix has 12 people; the limit is 9.",
        "12 people, limit 9",
        "No open draft settles it",
        "Team Topologies",
    ):
        assert words in page
    assert "Acknowledge" not in page


@pytest.mark.parametrize(
    "key",
    [
        "nope",
        "SQ-01:squad:nope",
        f"SQ-01:tribe:{id_of('Payments')}",
        "XX-99:squad:x",
        "%00",
        ":::",
        "x" * 3_000,
    ],
)
def test_what_can_be_no_finding_is_not_found(as_role: Any, key: str) -> None:
    build()
    editor = as_role("editor")
    for page in ("", "say/", "reopen/"):
        assert editor.get(f"/findings/{key}/{page}").status_code == 404
    assert editor.post(f"/findings/{key}/fix/").status_code == 404


def test_what_is_settled_says_so(as_role: Any) -> None:
    build()
    assert "Squad too small: settled" in text_of(
        as_role("viewer"), f"/findings/SQ-02:squad:{id_of('Hydra')}/"
    )


def test_an_editor_waives_live_and_opens_again(as_role: Any) -> None:
    build()
    editor = as_role("editor")
    said = {"state": "waived", "reason": "It splits in spring", "until": TODAY + timedelta(days=30)}
    assert editor.post(f"/findings/{LARGE}/say/", said)["Location"] == f"/findings/{LARGE}/"
    page = text_of(editor, f"/findings/{LARGE}/")
    assert "It splits in spring" in page
    assert "Waive SQ-01 for squad Phoenix until" in page
    assert editor.post(f"/findings/{LARGE}/reopen/", {}).status_code == 303
    assert len(store.current().table("waiver")) == 0
    assert "It splits in spring" not in text_of(editor, f"/findings/{LARGE}/").split("What was said")[0]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"state": "waived", "reason": "", "until": "2999-01-01"}, "This field is required."),
        ({"state": "waived", "reason": "Fine"}, "Say until when"),
        ({"state": "waived", "reason": "Fine", "until": "2020-01-01"}, "1 January 2020 is over by"),
        ({"state": "gone", "reason": "Fine"}, "Select a valid choice"),
        ({"state": "acknowledged", "reason": "Fine", "draft": "nope"}, "Select a valid choice"),
        ({"state": "acknowledged", "reason": "x" * 2_001}, "at most 2000 characters"),
        ({"state": "acknowledged", "reason": "a\ud800".encode("utf-8", "surrogatepass")}, "required"),
    ],
)
def test_what_is_said_needs_a_reason_and_an_end(as_role: Any, sent: dict[str, Any], words: str) -> None:
    build()
    answer = as_role("editor").post(f"/findings/{LARGE}/say/", sent)
    if words == "required" and answer.status_code == 303:
        return  # the browser's bytes were mended on the way in
    assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_a_draft_that_was_named_is_linked_for_those_who_see_it(as_role: Any) -> None:
    build()
    planner = as_role("planner")
    start_draft(planner.user)
    commit(waive(state="acknowledged", draft="plan"), waive(key=OWNERLESS, draft="no such/draft"))
    assert 'href="/drafts/plan/changes/">Plan</a> addresses it' in text_of(planner, f"/findings/{LARGE}/")
    assert "addresses it" not in text_of(as_role("viewer"), f"/findings/{LARGE}/")
    assert "addresses it" not in text_of(planner, f"/findings/{OWNERLESS}/")


def leave_phoenix(*people: int) -> list[Operation]:
    return [LeaveSquad(person=id_of(f"Person {n}"), squad=id_of("Phoenix")) for n in people]


def test_what_changes_settled_is_told_with_when_and_by_which(as_role: Any) -> None:
    build()
    commit(*leave_phoenix(*range(4)), days_ago=5)
    browser, version = as_role("viewer"), store.head().version
    page = text_of(browser, "/findings/?state=resolved")
    assert "1 finding settled in the last 90 days." in page
    assert (
        '<th scope="row">Phoenix has 12 people; the limit is 9. <span class="m sm nw">SQ-01</span></th>'
        in page
    )
    assert f'<a class="n" href="/history/{version}/">Take Person 0 out of Phoenix, and 3 more</a>' in page
    [row] = browser.get("/findings/?state=resolved&format=json").json()["findings"]
    day = (TODAY - timedelta(days=5)).isoformat()
    assert (row["key"], row["state"], row["unit"], row["tribe"]) == (LARGE, "resolved", "Phoenix", "Payments")
    assert (row["settled_on"], row["settled_by"], row["since"]) == (day, version, None)
    assert "Nothing matches" in text_of(browser, "/findings/?state=resolved&q=hydra")
    assert "Phoenix has 12" in text_of(browser, "/findings/?state=resolved&tribe=payments&family=SQ")


def test_what_became_graver_is_not_settled(as_role: Any) -> None:
    people = [f"Person {n}" for n in range(6)]
    both = {"Person 1": "developer", "Person 2": "operations"}
    systems = [
        system("ledger", {"Person 0": "both"}, squad="Phoenix"),
        system("payouts", both, squad="Phoenix"),
    ]
    save(an_org(tribe("T", squad("Phoenix", *people)), *systems))
    commit(SetSystemOwners(system=id_of("ledger")))
    viewer = as_role("viewer")
    assert "The system ledger has nobody who answers for it." in text_of(viewer, "/findings/")
    assert viewer.get("/findings/?state=resolved&format=json").json()["findings"] == []


def test_what_came_back_is_not_told(as_role: Any) -> None:
    build()
    commit(*leave_phoenix(0, 1, 2), days_ago=30)
    commit(
        *(
            JoinSquad(id=id_of(f"again {n}"), person=id_of(f"Person {n}"), squad=id_of("Phoenix"))
            for n in (0, 1, 2)
        )
    )
    page = as_role("viewer").get("/findings/?state=resolved").context["page"]
    assert [found.finding.code for found in page] == ["PE-01", "PE-01", "PE-01"]  # who waited, but not SQ-01


def test_what_was_settled_more_than_ninety_days_ago_is_not_told(as_role: Any) -> None:
    save(
        an_org(tribe("Payments", squad("Phoenix", *(f"Person {n}" for n in range(12))))),
        at=timezone.now() - timedelta(days=200),
    )
    commit(*leave_phoenix(*range(4)), days_ago=90)
    commit(*leave_phoenix(*range(4, 7)), days_ago=89)
    assert [
        found.finding.code for found in as_role("viewer").get("/findings/?state=resolved").context["page"]
    ] == []


def test_a_dependency_that_is_solved_keeps_its_names_and_its_tribe(as_role: Any) -> None:
    people = iter("abcdefghijklmnopqrst")
    squads = [squad(name, *(next(people) for _ in range(5))) for name in ("Waits", "Holds")]
    save(an_org(tribe("T", *squads), needs("Waits", "Holds", level="blocking", since=TODAY)))
    commit(SolveDependency(id=id_of("Waits", "Holds")))
    browser = as_role("viewer")
    [row] = browser.get("/findings/?state=resolved&tribe=t&format=json").json()["findings"]
    assert (row["rule"], row["name"], row["unit"]) == ("DE-01", "Waits on Holds", "Holds")


@pytest.mark.parametrize("squads", [1, 30])
def test_queries_do_not_grow_with_what_was_settled(
    as_role: Any, squads: int, django_assert_num_queries: Any
) -> None:
    save(an_org(tribe("T", *(squad(f"S{n}", *(f"P{n}-{m}" for m in range(12))) for n in range(squads)))))
    commit(
        *(
            LeaveSquad(person=id_of(f"P{n}-{m}"), squad=id_of(f"S{n}"))
            for n in range(squads)
            for m in range(4)
        )
    )
    browser = as_role("viewer")
    browser.get("/findings/")
    with django_assert_num_queries(6):  # session, user, head, saved views, change sets, their changes
        browser.get("/findings/?state=resolved")


def test_a_planner_acknowledges_in_a_draft(as_role: Any) -> None:
    build()
    planner = as_role("planner")
    answer = planner.post(f"/findings/{LARGE}/say/", {"state": "acknowledged", "reason": "Known"})
    draft = Draft.objects.get()
    assert answer["Location"] == f"/findings/{LARGE}/?draft={draft.key}"
    assert len(store.current().table("waiver")) == 0
    assert "acknowledged" in text_of(planner, f"/findings/{LARGE}/?draft={draft.key}")


def test_a_viewer_changes_nothing(as_role: Any) -> None:
    build()
    viewer = as_role("viewer")
    assert viewer.post(f"/findings/{LARGE}/say/", {"state": "acknowledged", "reason": "x"}).status_code == 403
    assert viewer.post(f"/findings/{LARGE}/fix/").status_code == 403
    assert viewer.post("/findings/rules/preset/", {"preset": "Bank"}).status_code == 403


def test_fixing_starts_a_draft_named_after_the_finding_at_the_right_place(as_role: Any) -> None:
    build()
    planner = as_role("planner")
    first = planner.post(f"/findings/{LARGE}/fix/")["Location"]
    assert first == "/tribes/payments/?draft=fix-phoenix-has-12-people-the-limit-is-9#sq-phoenix"
    second = planner.post(f"/findings/{OWNERLESS}/fix/")["Location"]
    assert second == "/squads/hydra/lead/?draft=fix-hydra-has-no-product-owner"
    assert planner.get(first).status_code == planner.get(second).status_code == 200
    assert (
        planner.post(f"/findings/{OWNERLESS}/fix/?draft=fix-hydra-has-no-product-owner")["Location"] == second
    )
    assert Draft.objects.count() == 2


def test_fixing_again_opens_the_draft_that_was_started(as_role: Any) -> None:
    build()
    planner = as_role("planner")
    first, again = (
        planner.post(f"/findings/{LARGE}/fix/", headers={"accept-language": language})["Location"]
        for language in ("sv", "en")
    )
    assert first == again == "/tribes/payments/?draft=fix-phoenix-has-12-people-the-limit-is-9#sq-phoenix"
    page = text_of(planner, again)
    assert "Draft “Fix: Phoenix has 12 people; the limit is 9” was there already." in page
    assert as_role("editor").post(f"/findings/{LARGE}/fix/")["Location"] == first.replace("#", "-2#")
    Draft.objects.filter(owner=planner.user).update(state=Draft.State.ARCHIVED)
    assert planner.post(f"/findings/{LARGE}/fix/")["Location"] == first.replace("#", "-3#")
    assert Draft.objects.count() == 3


# The rules


def test_each_rule_is_told_with_reason_source_and_threshold(as_role: Any) -> None:
    build()
    page = text_of(as_role("planner"), "/findings/rules/")
    assert '<dt class="m">high above</dt><dd>9</dd>' in page
    for words in ("Squad too large", "Trust and coordination decay", "Team Topologies"):
        assert words in page
    assert "/findings/rules/SQ-01/" not in page


def test_org_designers_change_a_rule_and_it_shows_at_once(as_role: Any) -> None:
    build()
    designer = as_role("org designer")
    form = designer.get("/findings/rules/SQ-01/").context["form"]
    sent = {"is_on": "on", "severity": "low", "note": "We are large", "seen": form.initial["seen"]}
    sent["thresholds"] = "high_above: 9\nmedium_above: 7"
    assert designer.post("/findings/rules/SQ-01/", sent)["Location"] == "/findings/rules/"
    setting: Any = next(iter(store.current().table("rule_setting").values()))
    assert (setting.key, setting.thresholds) == ("SQ-01", (("medium_above", "7"),))
    page = text_of(designer, "/findings/rules/")
    assert "Why we differ: We are large" in page
    assert "On, low at worst" in page
    [row] = designer.get("/findings/?format=json&rule=SQ-01").json()["findings"]
    assert row["severity"] == "low"
    assert designer.post("/findings/rules/SQ-01/reset/", {}).status_code == 303
    assert len(store.current().table("rule_setting")) == 0


@pytest.mark.parametrize(
    "thresholds",
    ["high_above: many", "nope: 3", "high_above", "high_above: -1", "high_above: nan", "high_above: 7"],
)
def test_thresholds_are_known_numbers(as_role: Any, thresholds: str) -> None:
    build()
    designer = as_role("org designer")
    form = designer.get("/findings/rules/SQ-01/").context["form"]
    sent = {"is_on": "on", "severity": "", "thresholds": thresholds, "seen": form.initial["seen"]}
    assert designer.post("/findings/rules/SQ-01/", sent).status_code == 422


def hints(browser: Any) -> dict[str, str]:
    """Return what the list says about rules as a whole, by rule."""
    return {hint.rule: hint.story for hint in browser.get("/findings/").context["hints"]}


def with_pairs(count: int) -> None:
    """Ten squads without product owner, some of them of two people and the others of five."""
    small = [squad(f"Pair {n}", f"Left {n}", f"Right {n}") for n in range(count)]
    large = [crew(f"Crew {n}") for n in range(10 - count)]
    save(an_org(role("Product owner", leads=True), tribe("Payments", *small, *large)))


def crew(name: str) -> Any:
    return squad(name, *(f"{name} {n}" for n in range(5)))


def test_a_rule_that_most_break_is_itself_in_question(as_role: Any) -> None:
    with_pairs(6)
    viewer = as_role("viewer")
    found = hints(viewer)
    assert found["SQ-02"] == "6 of 10 squads are under the limit of 4: perhaps the limit should change."
    assert found["SQ-03"] == "10 of 10 squads break it: perhaps it is not a rule for this organization."
    assert "SQ-01" not in found
    assert '<a href="/findings/rules/#SQ-02">SQ-02 Squad too small</a>: 6 of 10' in text_of(
        viewer, "/findings/"
    )


def test_a_rule_that_half_of_them_break_is_not(as_role: Any) -> None:
    with_pairs(5)
    assert "SQ-02" not in hints(as_role("viewer"))


def test_a_handful_questions_no_rule(as_role: Any) -> None:
    build()
    assert hints(as_role("viewer")) == {}


def test_only_org_designers_change_rules(as_role: Any) -> None:
    build()
    editor = as_role("editor")
    assert editor.get("/findings/rules/SQ-01/").status_code == 403
    assert editor.post("/findings/rules/SQ-01/reset/").status_code == 403
    assert editor.post("/findings/rules/preset/", {"preset": "Bank"}).status_code == 403
    assert as_role("org designer").get("/findings/rules/XX-01/").status_code == 404


def test_a_way_of_working_is_one_change(as_role: Any) -> None:
    build()
    designer, before = as_role("org designer"), store.head().version
    designer.post("/findings/rules/preset/", {"preset": "Bank"})
    assert store.head().version == before + 1
    assert set_rules() == {
        "SQ-01": (True, "high_above 10, medium_above 9"),
        "SQ-07": (False, ""),
        "TR-01": (True, "critical_above 200, high_above 150, low_above 135, squads_most 17"),
        "TR-03": (False, ""),
    }
    assert (
        "set as in “Bank” already"
        in designer.post("/findings/rules/preset/", {"preset": "Bank"}, follow=True).content.decode()
    )
    assert designer.post("/findings/rules/preset/", {"preset": "nope"}).status_code == 404


def test_the_admin_exempts_as_well(as_role: Any) -> None:
    build()
    designer = as_role("org designer")
    url = "/admin/findings/rulesetting/add/"
    assert "Does not apply to" in text_of(designer, url)
    sent = {"key": "SQ-01", "is_on": "on", "severity": "", "thresholds": "", "note": ""}
    sent |= {"reason": "Because", "new_id": str(uuid4())}
    refused = designer.post(url, {**sent, "exempt": "squad nope: Why"})
    assert "There is no squad “nope”." in str(refused.context["adminform"].form.errors)
    assert designer.post(url, {**sent, "exempt": "squad phoenix: On call"}).status_code == 302
    [setting] = store.current().table("rule_setting").values()
    assert setting.exempt == "squad phoenix: On call"  # type: ignore[attr-defined]


def set_rules() -> dict[str, tuple[bool, str]]:
    settings: Any = store.current().table("rule_setting").values()
    return {s.key: (s.is_on, ", ".join(f"{name} {value}" for name, value in s.thresholds)) for s in settings}


def test_a_way_of_working_says_first_what_it_would_change(as_role: Any) -> None:
    build()
    designer = as_role("org designer")
    commit(ChangeRule(rule="SQ-02", values={"severity": "low", "thresholds": (("medium_below", "4"),)}))
    answer = designer.get("/findings/rules/preset/?preset=Bank")
    assert answer.context["rows"] == [
        ("SQ-01", "Squad too large", "as by default", "high above 10, medium above 9"),
        ("SQ-02", "Squad too small", "low at worst, medium below 4", "as by default"),
        ("SQ-07", "No engineering counterpart", "as by default", "off"),
        (
            "TR-01",
            "Tribe out of range",
            "as by default",
            "critical above 200, high above 150, low above 135, squads most 17",
        ),
        ("TR-03", "Trio incomplete", "as by default", "off"),
    ]
    assert "ING and other banks: squads of nine" in answer.content.decode()
    assert "Change 5 rules</button>" in answer.content.decode()
    assert list(set_rules()) == ["SQ-02"]  # nothing has changed yet
    assert designer.get("/findings/rules/preset/?preset=nope%00").status_code == 404
    assert as_role("editor").get("/findings/rules/preset/?preset=Bank").status_code == 403


def test_the_defaults_take_back_what_a_way_of_working_set_and_keep_what_is_ours(as_role: Any) -> None:
    build()
    designer = as_role("org designer")
    ours = {"note": "We are young", "exempt": "squad hydra: New in May"}
    commit(ChangeRule(rule="SQ-07", values=ours))
    designer.post("/findings/rules/preset/", {"preset": "2012 paper"})
    assert set_rules()["SQ-07"] == set_rules()["SQ-11"] == (False, "")
    assert len(set_rules()) == 20
    designer.post("/findings/rules/preset/", {"preset": "Defaults"})
    assert set_rules() == {"SQ-07": (True, "")}
    [kept] = store.current().table("rule_setting").values()
    assert (kept.note, kept.exempt) == (ours["note"], ours["exempt"])  # type: ignore[attr-defined]


def test_an_org_designer_exempts_a_unit_and_says_why(as_role: Any) -> None:
    build()
    designer = as_role("org designer")
    form = designer.get("/findings/rules/SQ-01/").context["form"]
    sent = {"is_on": "on", "severity": "", "thresholds": "", "note": "", "seen": form.initial["seen"]}
    refused = designer.post("/findings/rules/SQ-01/", {**sent, "exempt": "squad nope: Why"})
    assert refused.status_code == 422
    assert "There is no squad “nope”." in refused.content.decode()
    saved = designer.post("/findings/rules/SQ-01/", {**sent, "exempt": "squad phoenix: On call\r\n"})
    assert saved["Location"] == "/findings/rules/"
    assert "Not for squad Phoenix: On call" in text_of(designer, "/findings/rules/")
    rows = designer.get("/findings/?format=json").json()["findings"]
    assert [row["key"] for row in rows] == [OWNERLESS]
    assert "does not apply to" in text_of(designer, f"/history/{store.head().version}/").lower()


def test_a_rule_that_is_off_finds_nothing(as_role: Any) -> None:
    build()
    designer = as_role("org designer")
    designer.patch(
        "/api/v1/rules/SQ-01/",
        {"is_on": False},
        content_type="application/json",
        headers={"If-Match": "*"},
    )
    assert "Phoenix has" not in text_of(designer, "/findings/")


# Other pages


def test_a_squad_shows_its_findings_and_how_it_scores(as_role: Any) -> None:
    build()
    page = text_of(as_role("viewer"), "/squads/phoenix/")
    assert (
        f'href="/findings/{LARGE}/">Phoenix has 12 people; the limit is 9.'
        in page.split('id="findings-h"')[1]
    )
    card = page.split('id="scorecard-h"')[1].split("</section>")[0]
    assert card.count("<span>No</span>") == 1
    assert f'href="/findings/{LARGE}/">No larger than people can trust one another in' in card
    assert "Has a coach" not in card


def test_the_scorecard_leads_those_who_may_to_the_form_that_mends_it(as_role: Any) -> None:
    build()
    card = text_of(as_role("editor"), "/squads/hydra/").split('id="scorecard-h"')[1].split("</section>")[0]
    assert '<a class="grow" href="/squads/hydra/lead/">Has a product owner</a>' in card
    card = text_of(as_role("viewer"), "/squads/hydra/").split('id="scorecard-h"')[1].split("</section>")[0]
    assert f'<a class="grow" href="/findings/{OWNERLESS}/">Has a product owner</a>' in card


def test_what_mends_a_finding_is_there(as_role: Any) -> None:
    services_of = {"Ana": "Product owner"}
    squads = [
        squad("Core", "Ana", mission="Listen", user_facing=True, roles=services_of),
        squad("Edge", *(f"P{n}" for n in range(10))),
    ]
    long_ago = TODAY - timedelta(days=800)
    save(
        an_org(
            role("Product owner", leads=True),
            role("Engineering lead", leads=True),
            mission("Listen", reviewed_on=long_ago, metric="Minutes", read_on=long_ago),
            mission("Sell", metric="Sales"),
            person("Ana", craft="Product"),
            *(person(f"P{n}", craft="Backend") for n in range(10)),
            tribe("Payments", *squads),
            system("ledger", squad="Core"),
            system("wiki", {"Ana": "both"}, squad="Core"),
            vacancy("Designer", squad="Core"),
        )
    )
    editor = as_role("editor")
    links = {
        condition.code: condition.url
        for key in ("core", "edge")
        for condition in editor.get(f"/squads/{key}/").context["conditions"]
        if not condition.holds
    }
    assert links == {
        "SQ-01": "/squads/edge/split/",
        "SQ-02": "/squads/core/add/",
        "SQ-03": "/squads/edge/lead/",
        "SQ-04": "/squads/edge/mission/",
        "SQ-05": "/missions/listen/edit/",
        "SQ-06": f"/findings/SQ-06b:squad:{id_of('Edge')}/",
        "SQ-07": "/squads/edge/lead/",
        "SY-01": "/systems/ledger/edit/",
        "SY-02": "/systems/wiki/owners/",
        "HI-01": "/vacancies/designer/edit/",
    }
    assert {editor.get(url).status_code for url in links.values()} == {200}


def test_a_tribe_sums_up_the_scorecards_of_its_squads(as_role: Any) -> None:
    build()
    page = text_of(as_role("viewer"), "/tribes/payments/about/")
    card = page.split('id="scorecard-h"')[1].split("</section>")[0]
    assert "<b>1 of 2</b> squads have a product owner" in card
    assert 'Not <a class="n" href="/squads/hydra/#scorecard-h">Hydra</a>' in card
    assert "<b>1 of 2</b> squads are no larger than people can trust one another in" in card
    assert "<b>2 of 2</b> squads are large enough to be a team" in card


def test_every_squad_of_a_circle_has_it_on_its_scorecard(as_role: Any) -> None:
    circle = [needs(one, other, level="slowing") for one, other in ("AB", "BC", "CA")]
    people = iter("abcdefghijklmnopqrst")
    squads = [squad(name, *(next(people) for _ in range(5))) for name in "ABCD"]
    save(an_org(tribe("T", *squads), *circle))
    viewer = as_role("viewer")
    for key, holds in (("a", False), ("b", False), ("c", False), ("d", True)):
        card = {c.code: c.holds for c in viewer.get(f"/squads/{key}/").context["conditions"]}
        assert card["DE-03"] is holds


def test_who_is_exempt_is_not_asked(as_role: Any) -> None:
    build()
    commit(ChangeRule(rule="SQ-03", values={"exempt": "squad hydra: Lea decides there"}))
    viewer = as_role("viewer")
    assert conditions(viewer, "phoenix") - conditions(viewer, "hydra") == {CONDITIONS["SQ-03"]}
    assert "<b>1 of 1</b> squads have a product owner" in text_of(viewer, "/tribes/payments/about/")


def conditions(browser: Any, key: str) -> set[str]:
    """Return the conditions on the scorecard of a squad, by what they say."""
    card = text_of(browser, f"/squads/{key}/").split('id="scorecard-h"')[1].split("</section>")[0]
    return {words for words in CONDITIONS.values() if words in card}


@pytest.mark.parametrize(
    ("made", "told", "codes"),
    [
        ({}, {}, ["SQ-01", "SQ-02"]),
        ({"state": "forming"}, {}, ["SQ-01"]),
        ({"since": dict.fromkeys("AB", TODAY)}, {}, ["SQ-01", "SQ-02", "SQ-09"]),
        ({"since": dict.fromkeys("AB", TODAY), "state": "forming"}, {}, ["SQ-01"]),
        ({"user_facing": True}, {}, ["SQ-01", "SQ-02"]),
        ({"user_facing": True}, {"craft": "Backend"}, ["SQ-01", "SQ-02", "SQ-06"]),
        ({}, {"craft": "Backend", "level": "Senior"}, ["SQ-01", "SQ-02", "SQ-06", "SQ-11"]),
        ({}, {"time_zone": "Europe/Berlin"}, ["SQ-01", "SQ-02", "SQ-08"]),
    ],
)
def test_a_scorecard_asks_only_what_a_rule_could_find(
    as_role: Any, made: dict[str, Any], told: dict[str, Any], codes: list[str]
) -> None:
    people = [person(name, **told) for name in "ABCDE"]
    save(an_org(*people, tribe("T", squad("Core", *"ABCDE", **made), lead="A")))
    assert conditions(as_role("viewer"), "core") == {CONDITIONS[code] for code in codes}


def test_a_scorecard_asks_for_an_engineering_lead_where_engineers_are_known(as_role: Any) -> None:
    save(
        an_org(
            role("Engineering lead", leads=True),
            *(person(name, craft="Backend") for name in "AB"),
            tribe("T", squad("Core", *"ABCDE"), squad("Edge", *"FGHIJ"), lead="A"),
        )
    )
    viewer = as_role("viewer")
    assert conditions(viewer, "core") - conditions(viewer, "edge") == {CONDITIONS["SQ-07"]}


def test_a_scorecard_asks_for_two_owners_of_systems_that_have_one(as_role: Any) -> None:
    save(
        an_org(
            system("Index", {"A": "developer"}, squad="Core"),
            system("Tape", squad="Edge"),
            tribe("T", squad("Core", *"ABCDE"), squad("Edge", *"FGHIJ"), lead="A"),
        )
    )
    viewer = as_role("viewer")
    assert conditions(viewer, "core") - conditions(viewer, "edge") == {CONDITIONS["SY-02"]}
    assert CONDITIONS["SY-01"] in conditions(viewer, "edge")


def test_a_person_shows_findings_where_there_are_some(as_role: Any) -> None:
    save(an_org(person("Zed", started_on=date(2020, 1, 1)), tribe("T", squad("Core", *"ABCDE"), lead="A")))
    viewer = as_role("viewer")
    section = text_of(viewer, "/people/zed/").split('id="findings-h"')[1].split("</section>")[0]
    assert f'href="/findings/PE-01:person:{id_of("Zed")}/">Zed has been in no squad for' in section
    assert 'id="findings-h"' not in text_of(viewer, "/people/a/")


def test_board_overview_tribe_and_rail_count_findings(as_role: Any) -> None:
    build()
    viewer = as_role("viewer")
    assert '<span>1 high<span class="vh"> finding</span></span></a>' in text_of(viewer, "/tribes/payments/")
    overview = text_of(viewer, "/")
    assert "<b>Phoenix</b>" in overview
    assert "has 12 people; the limit is 9</a>" in overview
    assert 'Findings<span class="count">2</span>' in overview
    about = text_of(viewer, "/tribes/payments/about/")
    assert "<b>Hydra</b>" in about
    assert "has no product owner</a>" in about


def test_waived_findings_are_no_badges(as_role: Any) -> None:
    build()
    commit(waive())
    viewer = as_role("viewer")
    assert "1 high<span" not in text_of(viewer, "/tribes/payments/").split("Hydra")[0]
    assert 'Findings<span class="count">1</span>' in text_of(viewer, "/")


# Command


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("findings", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_lists_findings_in_three_shapes() -> None:
    build()
    assert run() == (
        "high      SQ-01  Phoenix has 12 people; the limit is 9.\n"
        "high      SQ-03  Hydra has no product owner.\n"
        "2 in all.\n"
    )
    assert [row["rule"] for row in json.loads(run("--format", "json"))] == ["SQ-01", "SQ-03"]
    assert len(run("--format", "csv").splitlines()) == 3


@pytest.mark.parametrize(("severity", "fails"), [("high", True), ("critical", False)])
def test_the_command_fails_on_a_severity(severity: str, fails: bool) -> None:
    build()
    ends: Callable[[], str] = lambda: run("--fail-on", severity)  # noqa: E731
    if fails:
        with pytest.raises(SystemExit) as exit_:
            ends()
        assert exit_.value.code == 1
    else:
        ends()


def test_the_command_reads_drafts_and_days(as_role: Any) -> None:
    build()
    start_draft(as_role("planner").user, *leaves(4))
    assert "Phoenix" not in run("--draft", "Plan")
    assert run("--as-of", (TODAY - timedelta(days=50)).isoformat()) == "Nothing found.\n"
    for bad in (("--draft", "nope"), ("--as-of", "soon")):
        with pytest.raises(CommandError) as error:
            run(*bad)
        assert error.value.returncode == 2


def test_the_command_dates_what_a_draft_leaves_and_adds(as_role: Any) -> None:
    build()
    start_draft(as_role("planner").user, *leaves(10))
    since = {row["rule"]: row["since"] for row in json.loads(run("--draft", "Plan", "--format", "json"))}
    assert since["SQ-02"] == TODAY.isoformat()
    assert since["SQ-03"] == (TODAY - timedelta(days=40)).isoformat()


def test_leaving_long_ago_counts_from_that_day(as_role: Any) -> None:
    save(
        an_org(person("Zed", started_on=date(2020, 1, 1)), tribe("T", squad("Core", *"ABCDE", "Zed"))),
        at=timezone.now() - timedelta(days=200),
    )
    commit(LeaveSquad(person=id_of("Zed"), squad=id_of("Core")), days_ago=50)
    [row] = as_role("viewer").get("/findings/?format=json&rule=PE-01").json()["findings"]
    assert (row["value"], row["since"]) == (50, (TODAY - timedelta(days=35)).isoformat())
