"""Pages of dependencies, and what squads and people say of systems, coaches and skills; who leads since when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from orgmodel.changes import drafts, services
from orgmodel.changes.reverse import reverse_draft
from orgmodel.core.operations import CreateSquad, CreateTribe, RecordDependency, SolveDependency
from squads.dependencies import LARGEST
from tests.build import (
    an_org,
    chapter,
    coaching,
    domain,
    id_of,
    needs,
    person,
    save,
    skills,
    squad,
    system,
    tribe,
)
from tests.web.sketches import a_draft
from tests.web.test_operation_forms import fields_of

pytestmark = pytest.mark.django_db


def build() -> None:
    month_ago = timezone.localdate() - timedelta(days=30)
    save(
        an_org(
            person("Ana", leaves_on=date(2026, 12, 31), away_since=date(2026, 11, 1)),
            tribe(
                "Payments", squad("Phoenix", "Ana"), squad("Hydra"), chapter("Backend", "Ana"), lead="Boss"
            ),
            tribe("Search", squad("Index")),
            person("Boss"),
            needs("Phoenix", "Index", level="blocking", since=month_ago, mitigation="They pair."),
            needs("Hydra", "Phoenix", level="slowing"),
            needs("Phoenix", "Hydra", level="none"),
            system("Ledger", {"Ana": "developer"}, squad="Phoenix", critical=True),
            domain("Payouts", squad="Phoenix", complexity="complex"),
            coaching("Cleo", "Phoenix"),
            skills("Ana", Go="expert"),
        )
    )


def main_of(page: Any) -> str:
    return str(page.content.decode().partition("<main")[2].partition("</main>")[0])


FOUND = [
    (
        "",
        "3, 1 blocks, 1 across tribes",
        ["phoenix/needs/index", "hydra/needs/phoenix", "phoenix/needs/hydra"],
    ),
    ("?level=blocking", "1 found", ["phoenix/needs/index"]),
    ("?level=slowing", "1 found", ["hydra/needs/phoenix"]),
    ("?between=tribes", "1 found", ["phoenix/needs/index"]),
    ("?between=within", "2 found", ["hydra/needs/phoenix", "phoenix/needs/hydra"]),
    ("?tribe=search", "1 found", ["phoenix/needs/index"]),
    ("?q=IND", "1 found", ["phoenix/needs/index"]),
    ("?level=nope", "Nothing matches", []),
    ("?between=nope", "There is no reach “nope”.", []),
    ("?tribe=nope", 'There is no tribe “nope”. <a class="link" href="?">Leave it out</a>', []),
]


@pytest.mark.parametrize(("query", "words", "urls"), FOUND)
def test_the_list_and_the_matrix_show_what_is_asked_for(
    as_role: Any, query: str, words: str, urls: list[str]
) -> None:
    build()
    main = main_of(as_role("viewer").get(f"/dependencies/{query}"))
    assert words in main
    every = [url for _, _, found in FOUND for url in found]
    assert {url for url in every if f'href="/squads/{url}/"' in main} == set(urls)
    assert all(main.count(f'href="/squads/{url}/"') == 3 for url in urls)  # list, matrix, arcs


def test_the_matrix_says_how_badly_since_when_and_what_crosses_tribes(as_role: Any) -> None:
    build()
    main = main_of(as_role("viewer").get("/dependencies/"))
    cell = main.partition('<a class="btn" href="/squads/phoenix/needs/index/">')[2].partition("</a>")[0]
    assert cell == (
        '<span class="danger">blocks</span><span class="m xs">30 d</span><span class="vh">, across tribes</span>'
    )
    assert (
        '<a class="btn bare" href="/squads/hydra/needs/phoenix/"><span class="warn">slows</span></a>' in main
    )
    assert '<th scope="rowgroup"' in main
    assert "/dependencies/new/" not in main


def test_a_large_organization_is_shown_by_tribe_and_its_list_in_pages(as_role: Any) -> None:
    many = [squad(f"Squad {n}") for n in range(LARGEST)]
    waiting = [needs(f"Squad {n}", "Index", level="blocking") for n in range(LARGEST)]
    save(an_org(tribe("Payments", *many), tribe("Search", squad("Index")), *waiting))
    main = main_of(as_role("viewer").get("/dependencies/"))
    assert f'<span class="danger">{LARGEST} block</span>' in main
    assert 'href="/dependencies/?tribe=payments"' in main
    assert main.count("/needs/index/") == 50
    assert "page=2" in main


def test_a_dependency_has_a_page(as_role: Any) -> None:
    build()
    main = main_of(as_role("viewer").get("/squads/phoenix/needs/index/"))
    for words in ("Phoenix needs Index", "blocks, 30 days", "across tribes", "They pair.", "Collaboration"):
        assert words in main
    assert "/solve/" not in main
    assert "/squads/phoenix/needs/index/solve/" in main_of(
        as_role("editor").get("/squads/phoenix/needs/index/")
    )


def test_solved_in_a_draft_it_is_there_live(as_role: Any) -> None:
    build()
    planner = as_role("planner")
    solve = SolveDependency(id=id_of("Phoenix", "Index"))
    drafts.create_draft("Plan", owner_id=planner.user.pk, at=timezone.now(), operations=[solve])
    assert planner.get("/squads/phoenix/needs/index/").status_code == 200
    assert planner.get("/squads/phoenix/needs/index/edit/?draft=plan").status_code == 404
    assert '<span class="tag">solved</span>' in main_of(planner.get("/squads/phoenix/?draft=plan"))
    assert 'href="/squads/hydra/needs/phoenix/?draft=plan"' in main_of(
        planner.get("/dependencies/?draft=plan")
    )


def test_days_are_counted_to_the_day_one_looks_at(as_role: Any) -> None:
    save(an_org(squad("A"), squad("B"), needs("A", "B", since=timezone.localdate() - timedelta(days=1))))
    viewer = as_role("viewer")
    assert "slows, 1 day<" in main_of(viewer.get(f"/squads/a/needs/b/?as_of={timezone.localdate()}"))


def test_a_pair_is_recorded_once(as_role: Any) -> None:
    build()
    editor = as_role("editor")
    url = "/dependencies/new/?squad=phoenix&needs=index"
    answer = editor.post(url, fields_of(editor.get(url)))
    assert answer.status_code == 422
    assert "Phoenix needs Index already. Edit that dependency instead." in answer.content.decode()
    again = editor.post(url, fields_of(editor.get(url)) | {"needs": "phoenix"})
    assert "Phoenix cannot need itself." in again.content.decode()


def test_a_form_sent_twice_records_once(as_role: Any) -> None:
    build()
    editor = as_role("editor")
    url = "/dependencies/new/?squad=index"
    sent = fields_of(editor.get(url)) | {"needs": "hydra"}
    assert [editor.post(url, sent)["Location"] for _ in range(2)] == ["/squads/index/", "/dependencies/"]
    assert len(services.current().dependencies) == 4


def test_a_squad_says_what_it_owns_whom_it_needs_and_who_needs_it(as_role: Any) -> None:
    build()
    main = main_of(as_role("viewer").get("/squads/phoenix/"))
    owns, needed, needed_by = (
        main.partition(f'id="{id_}"')[2].partition("</section>")[0] for id_ in ("owns", "needs", "needed-by")
    )
    for words in ("Ledger", "critical", "Ana", "Payouts", "complex"):
        assert words in owns
    assert needed.index("blocks, 30 days") < needed.index("needs</span>")
    assert "Hydra" in needed_by
    assert "slows" in needed_by
    assert "Cleo" in main
    assert "/coaches/" not in main
    assert "No system and no domain." in main_of(as_role("viewer", "other").get("/squads/index/"))


def test_a_person_says_skills_systems_squads_coached_and_when_they_are_away(as_role: Any) -> None:
    build()
    viewer = as_role("viewer")
    ana = main_of(viewer.get("/people/ana/"))
    for words in ("Answers for", "Ledger", "Go", "expert", "31 Dec 2026", "since 1 Nov 2026"):
        assert words in ana
    assert "/people/ana/skills/" not in ana
    assert "Phoenix" in main_of(viewer.get("/people/cleo/")).partition('id="coaching"')[2]


def lead(client: Any, url: str, **values: str) -> Any:
    return client.post(url, fields_of(client.get(url)) | values)


def test_a_new_lead_leads_from_today_or_from_the_day_that_is_said(as_role: Any) -> None:
    build()
    editor, today = as_role("editor"), timezone.localdate()
    assert lead(editor, "/tribes/payments/leads/", lead="Ana").status_code == 303
    payments = services.current().tribes[id_of("Payments")]
    assert (payments.lead, payments.lead_since) == (id_of("Ana"), today)
    lead(editor, "/tribes/payments/leads/", lead_since="2026-01-05")
    assert services.current().tribes[id_of("Payments")].lead_since == date(2026, 1, 5)
    lead(editor, "/tribes/payments/leads/", lead="boss", lead_since="2026-02-01", design_lead="Cleo")
    payments = services.current().tribes[id_of("Payments")]
    assert (payments.lead, payments.lead_since) == (id_of("Boss"), date(2026, 2, 1))
    assert payments.design_lead == id_of("Cleo")
    page = main_of(editor.get("/tribes/payments/about/"))
    assert "since 1 Feb 2026" in page
    lead(editor, "/tribes/payments/leads/", lead="")
    payments = services.current().tribes[id_of("Payments")]
    assert (payments.lead, payments.lead_since) == (None, None)


def test_who_stands_in_does_so_until_somebody_leads(as_role: Any) -> None:
    build()
    editor, url = as_role("editor"), "/chapters/backend/lead/"
    assert lead(editor, url, interim_lead="Ana", interim_since="2026-03-01").status_code == 303
    backend = services.current().chapters[id_of("Backend")]
    assert (backend.interim_lead, backend.interim_since) == (id_of("Ana"), date(2026, 3, 1))
    page = main_of(editor.get("/chapters/backend/"))
    assert "Interim chapter lead" in page
    assert "since 1 Mar 2026" in page
    assert lead(editor, url, lead="Ana", interim_lead="", interim_since="").status_code == 303
    backend = services.current().chapters[id_of("Backend")]
    assert (backend.lead, backend.interim_lead, backend.interim_since) == (id_of("Ana"), None, None)


def test_skills_that_do_not_read_as_such_are_refused_at_the_field(as_role: Any) -> None:
    build()
    editor, url = as_role("editor"), "/people/ana/skills/"
    for text, words in (
        ("Go", "does not read like “Go: expert”"),
        ("Go: guru", "Go must be one of working, learning"),
    ):
        answer = editor.post(url, fields_of(editor.get(url)) | {"skills": text})
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_a_skill_that_somebody_added_meanwhile_is_not_taken_away_in_silence(as_role: Any) -> None:
    build()
    editor, url = as_role("editor"), "/people/ana/skills/"
    mine = fields_of(editor.get(url)) | {"skills": "Go: working"}
    assert (
        editor.post(url, fields_of(editor.get(url)) | {"skills": "Go: expert\nKafka: learning"}).status_code
        == 303
    )
    answer = editor.post(url, mine)
    assert answer.status_code == 409
    assert "Kafka of Ana exists already." in answer.content.decode()
    assert editor.post(url, fields_of(answer)).status_code == 303
    held = services.current().skills_of(id_of("Ana"))
    assert [(each.skill, each.proficiency) for each in held] == [("Go", "working")]


def test_queries_do_not_grow(as_role: Any, django_assert_num_queries: Any) -> None:
    build()
    viewer = as_role("viewer")
    viewer.get("/dependencies/")
    with django_assert_num_queries(4):  # session, user, head, saved views
        viewer.get("/dependencies/")


def test_the_page_draws_arcs_and_a_squad_draws_those_around_it(as_role: Any) -> None:
    build()
    viewer = as_role("viewer")
    assert "<title>Phoenix needs Index, blocks, 30 days</title>" in main_of(viewer.get("/dependencies/"))
    assert "Hydra needs Phoenix" not in main_of(viewer.get("/dependencies/?level=blocking"))
    around = main_of(viewer.get("/squads/index/"))
    assert "<title>Phoenix needs Index, blocks, 30 days</title>" in around
    assert "Hydra" not in around
    svg = viewer.get("/dependencies/?format=svg").content.decode()
    assert svg.count('color="#b3261e"') == 1


def test_a_draft_shows_what_it_solves_and_what_was_before(as_role: Any) -> None:
    build()
    planner = as_role("planner")
    key = a_draft(planner, SolveDependency(id=id_of("Phoenix", "Index"))).key
    after = main_of(planner.get(f"/dependencies/?draft={key}"))
    assert "2, 0 block, 0 across tribes, 1 solved in this draft" in after
    assert "<title>Phoenix needs Index, blocks, 30 days, solved in this draft</title>" in after
    url = f"/squads/phoenix/needs/index/?draft={key}"
    assert after.count(f'href="{url}"') == 3  # list, matrix, arcs
    assert '<span class="tag">solved</span>' in main_of(planner.get(url))
    assert "Mark as solved" not in main_of(planner.get(url))
    assert "solved in this draft" in main_of(planner.get(f"/squads/index/?draft={key}"))
    before = main_of(planner.get(f"/dependencies/?draft={key}&level=blocking&side=before"))
    assert "<title>Phoenix needs Index, blocks, 30 days</title>" in before
    assert "solved" not in before
    assert f'href="/dependencies/?draft={key}&amp;level=blocking"' in before
    assert '<input type="hidden" name="side" value="before">' in before


def test_a_draft_that_takes_a_squad_back_shows_who_waited_for_it(as_role: Any) -> None:
    build()
    made = services.commit(
        [
            CreateTribe(id=id_of("Lab"), values={"name": "Lab"}),
            CreateSquad(id=id_of("Probe"), values={"name": "Probe", "tribe": id_of("Lab")}),
            RecordDependency(
                id=id_of("Index", "Probe"),
                values={"squad": id_of("Index"), "needs": id_of("Probe"), "level": "blocking"},
            ),
        ],
        actor=services.Actor("Eve"),
        message="",
        source="web",
        at=timezone.now(),
    )
    planner = as_role("planner")
    draft = reverse_draft(made, owner_id=planner.user.pk, at=timezone.now()).key
    for page in ("/dependencies/", "/squads/index/", "/dependencies/?between=tribes&q=probe"):
        text = main_of(planner.get(f"{page}{'&' if '?' in page else '?'}draft={draft}"))
        assert "<title>Index needs Probe, blocks, solved in this draft</title>" in text
    assert "Lab" in text
    text = main_of(planner.get(f"/dependencies/?between=within&draft={draft}"))
    assert "Probe" not in text


def test_of_too_many_squads_the_page_says_what_to_choose(as_role: Any) -> None:
    names = [f"S{number:02}" for number in range(LARGEST + 1)]
    save(an_org(tribe("Big", *map(squad, names)), *(needs("S00", name) for name in names[1:])))
    page = main_of(as_role("viewer").get("/dependencies/"))
    assert "Arcs show at most 60 squads. Choose a tribe to see them." in page
