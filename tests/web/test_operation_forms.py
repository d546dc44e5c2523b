"""Every operation through its form: live, in a draft, refused, in conflict, sent twice, hostile."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from orgmodel.changes import drafts, services
from orgmodel.changes.models import ChangeSet, Draft, DraftOperation
from orgmodel.core.changes import Change, Conflict
from orgmodel.core.operations import RenameSquad
from tests.build import (
    an_org,
    chapter,
    coaching,
    domain,
    guild,
    id_of,
    mission,
    needs,
    person,
    role,
    save,
    skills,
    squad,
    system,
    tribe,
    vacancy,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Any:
    save(
        an_org(
            role("Product owner", leads=True),
            role("Engineer"),
            role("Nobody's role"),
            mission("Pay people on time", metric="On time", unit="%"),
            mission("Be found"),
            mission("Taken back", closed_on=timezone.localdate()),
            person("Ana", title="Engineer"),
            person("Gone", status="left"),
            person("Boss"),
            tribe(
                "Payments",
                squad("Phoenix", "Ana", "Ben", roles={"Ana": "Engineer"}, mission="Pay people on time"),
                squad("Hydra"),
                chapter("Backend", "Ana", lead="Ben"),
                chapter("Empty chapter"),
            ),
            tribe("Search", lead="Boss"),
            tribe("Old tribe", closed_on=timezone.localdate()),
            squad("Old squad", closed_on=timezone.localdate()),
            squad("Scouts", "Zoe"),
            chapter("Old chapter", closed_on=timezone.localdate()),
            guild("Quality", "Ana"),
            guild("Old guild", closed_on=timezone.localdate()),
            vacancy("Designer", squad="Phoenix"),
            vacancy("Writer", state="cancelled"),
            domain("Payouts", squad="Phoenix"),
            domain("Old domain", closed_on=timezone.localdate()),
            system("Ledger", {"Ana": "developer"}, squad="Phoenix", domain="Payouts"),
            system("Old system", closed_on=timezone.localdate()),
            skills("Ana", Go="expert"),
            needs("Phoenix", "Hydra", level="blocking"),
            coaching("Zoe", "Phoenix"),
        )
    )
    return services.current


def fields_of(page: Any) -> dict[str, str]:
    """Return what a browser would send back: the values in the form as it was shown."""
    text = page.content.decode()
    form = text[re.search(r'<form class="form (duo )?split-top"', text).start() :]  # type: ignore[union-attr]
    form = form[: form.index("</form>")]
    found = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag:
            found[name[1]] = html.unescape(value[1]) if value else ""
    for name, body in re.findall(r'<textarea name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        found[name] = html.unescape(body)
    for name, body in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = html.unescape(chosen[1]) if chosen else ""
    found.pop("csrfmiddlewaretoken", None)
    return found


def send(browser: Any, url: str, /, **values: Any) -> Any:
    """Open a form, fill some of it in, and send it."""
    page = browser.get(url)
    assert page.status_code == 200, page.content
    return browser.post(url, fields_of(page) | values)


FORMS = [
    ("HirePerson", "/people/new/", {"name": "Cleo", "status": "active"}),
    ("RenamePerson", "/people/ana/edit/", {"name": "Ana Maria"}),
    ("EditPerson", "/people/ana/edit/", {"title": "Senior engineer", "manager": "Boss"}),
    ("OffboardPerson", "/people/ana/offboard/", {}),
    ("ReinstatePerson", "/people/gone/reinstate/", {}),
    ("JoinSquad", "/squads/hydra/add/", {"person": "ana", "role": "engineer", "share": "40"}),
    ("JoinSquad", "/people/ana/join/", {"squad": "Hydra"}),
    ("LeaveSquad", "/squads/phoenix/people/ana/leave/", {}),
    ("EditMembership", "/squads/phoenix/people/ana/", {"share": "60", "since": "2026-01-01"}),
    ("MovePeople", "/moves/new/?person=ana&person=ben&source=phoenix", {"to": "hydra"}),
    ("SetShare", "/shares/?person=ana&person=ben", {"share": "50"}),
    ("CreateSquad", "/squads/new/", {"name": "Griffin", "tribe": "payments"}),
    ("RenameSquad", "/squads/hydra/edit/", {"name": "Medusa"}),
    ("EditSquad", "/squads/hydra/edit/", {"type": "platform"}),
    ("CloseSquad", "/squads/hydra/close/", {"to": "Phoenix"}),
    ("SplitSquad", "/squads/phoenix/split/", {"name": "Griffin", "people": "ben", "vacancies": "designer"}),
    ("MergeSquads", "/squads/phoenix/merge/", {"squads": "hydra", "stays": "phoenix"}),
    ("FormSquad", "/squads/form/?person=boss&person=ben", {"name": "Griffin", "tribe": "search"}),
    ("RotatePeople", "/rotations/new/?person=ana&person=zoe", {}),
    ("ReopenSquad", "/squads/old-squad/reopen/", {}),
    ("MoveSquad", "/squads/hydra/tribe/", {"tribe": "search"}),
    ("SetSquadLead", "/squads/phoenix/lead/", {"role": "product-owner", "person": "Ben"}),
    ("CreateTribe", "/tribes/new/", {"name": "Growth", "lead": "Ben"}),
    ("RenameTribe", "/tribes/search/edit/", {"name": "Discovery"}),
    ("EditTribe", "/tribes/search/edit/", {"purpose": "Find things", "color": "3"}),
    ("CloseTribe", "/tribes/search/close/", {}),
    ("SplitTribe", "/tribes/payments/split/", {"name": "Ledgers", "squads": "hydra"}),
    ("MergeTribes", "/tribes/payments/merge/", {"tribes": "search", "stays": "payments"}),
    ("ReopenTribe", "/tribes/old-tribe/reopen/", {}),
    ("SetTribeLead", "/tribes/search/leads/", {"lead": "", "product_lead": "ben"}),
    ("CreateMission", "/missions/new/", {"statement": "Be calm", "baseline": "1.5", "target": "3"}),
    ("RewordMission", "/missions/be-found/edit/", {"statement": "Be found first"}),
    ("EditMission", "/missions/be-found/edit/", {"metric": "Found", "current": "97.4"}),
    ("AssignMission", "/squads/hydra/mission/", {"mission": "Be found"}),
    ("HandOverMission", "/squads/phoenix/hand-over/", {"to": "hydra"}),
    ("RetireMission", "/missions/pay-people-on-time/retire/", {}),
    ("ReopenMission", "/missions/taken-back/reopen/", {}),
    ("OpenVacancy", "/vacancies/new/?squad=hydra", {"title": "Engineer"}),
    ("EditVacancy", "/vacancies/designer/edit/", {"level": "I3", "state": "offer"}),
    ("FillVacancy", "/vacancies/designer/fill/", {"person": "Boss"}),
    ("CloseVacancy", "/vacancies/designer/close/", {}),
    ("ReopenVacancy", "/vacancies/writer/reopen/", {}),
    ("CreateChapter", "/chapters/new/", {"name": "Web", "tribe": "payments"}),
    ("RenameChapter", "/chapters/backend/edit/", {"name": "Servers"}),
    ("EditChapter", "/chapters/backend/edit/", {"competency": "Go"}),
    ("CloseChapter", "/chapters/empty-chapter/close/", {}),
    ("MoveChapter", "/chapters/backend/tribe/", {"tribe": "search"}),
    ("MergeChapters", "/chapters/backend/merge/", {"chapters": "empty-chapter", "stays": "backend"}),
    ("ReopenChapter", "/chapters/old-chapter/reopen/", {}),
    ("SetChapterLead", "/chapters/backend/lead/", {"lead": "Ana"}),
    ("ChangeChapter", "/chapters/change/?person=ben", {"chapter": "Backend"}),
    ("CreateGuild", "/guilds/new/", {"name": "Web", "purpose": "Talk"}),
    ("RenameGuild", "/guilds/quality/edit/", {"name": "Better quality"}),
    ("EditGuild", "/guilds/quality/edit/", {"kind": "capability"}),
    ("CloseGuild", "/guilds/quality/close/", {}),
    ("ReopenGuild", "/guilds/old-guild/reopen/", {}),
    ("SetGuildCoordinator", "/guilds/quality/coordinator/", {"coordinator": "ben"}),
    ("JoinGuild", "/guilds/add/?person=ben&guild=quality", {"role": "scribe"}),
    ("EditGuildMember", "/guilds/quality/people/ana/", {"role": "scribe"}),
    ("LeaveGuild", "/guilds/quality/leave/?person=ana", {}),
    ("CreateSystem", "/systems/new/?squad=phoenix", {"name": "Tax"}),
    ("EditSystem", "/systems/ledger/edit/", {"critical": "on", "skill": "Go", "squad": "Hydra"}),
    ("SetSystemOwners", "/systems/ledger/owners/", {"developers": "ben\nana", "operations": "Ana"}),
    ("RetireSystem", "/systems/ledger/retire/", {}),
    ("ReopenSystem", "/systems/old-system/reopen/", {}),
    ("CreateDomain", "/domains/new/", {"name": "Tax", "squad": "hydra", "complexity": "complex"}),
    ("EditDomain", "/domains/payouts/edit/", {"complexity": "complicated"}),
    ("CloseDomain", "/domains/payouts/close/", {}),
    ("ReopenDomain", "/domains/old-domain/reopen/", {}),
    ("SetSkills", "/people/ana/skills/", {"skills": "Go: Working\nKafka: learning"}),
    ("RecordDependency", "/dependencies/new/?squad=hydra", {"needs": "Phoenix", "level": "slowing"}),
    ("EditDependency", "/squads/phoenix/needs/hydra/edit/", {"mitigation": "They pair on Tuesdays."}),
    ("SolveDependency", "/squads/phoenix/needs/hydra/solve/", {}),
    ("AssignCoach", "/squads/hydra/coaches/new/", {"person": "Zoe"}),
    ("EndCoaching", "/squads/phoenix/coaches/zoe/end/", {}),
    ("CreateRole", "/roles/new/", {"name": "Designer"}),
    ("EditRole", "/roles/engineer/edit/", {"craft": "Engineering"}),
    ("RemoveRole", "/roles/nobody-s-role/remove/", {}),
]


ELSEWHERE = {"ChangeRule", "ResetRule", "Waive", "EndWaiver", "ChangeWord", "ResetWord"}


@pytest.mark.parametrize(("operation", "url", "values"), FORMS)
def test_every_form_goes_live(
    as_role: Any, org: Any, operation: str, url: str, values: dict[str, str]
) -> None:
    before = org()
    answer = send(as_role("editor"), url, **values, reason="Because.")
    assert answer.status_code == 303, answer.content.decode()
    change_set = ChangeSet.objects.get(version=before.version + 1)
    assert (change_set.message, change_set.source) == ("Because.", "web")


def test_every_form_appends_its_operation_to_an_open_draft(as_role: Any, org: Any) -> None:
    planner = as_role("planner")
    for operation, url, values in FORMS:
        draft = drafts.create_draft("Plan", owner_id=planner.user.pk, at=timezone.now())
        answer = send(planner, in_reality(url, f"draft={draft.key}"), **values)
        assert answer.status_code == 303, (operation, answer.content.decode())
        assert f"draft={draft.key}" in answer["Location"]
        assert {body["operation"] for body in draft.operations.values_list("body", flat=True)} == {operation}
    assert org().version == 1


def test_every_operation_has_a_form() -> None:
    from orgmodel.core.operations import OPERATIONS

    assert set(OPERATIONS) - {name for name, _, _ in FORMS} == {"ApplyChanges", *ELSEWHERE}


URLS = sorted({url for _, url, _ in FORMS})


def in_reality(url: str, query: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{query}"


def test_viewers_and_strangers_are_refused(as_role: Any, client: Any, org: Any) -> None:
    viewer = as_role("viewer")
    for url in URLS:
        assert (url, viewer.get(url).status_code, viewer.post(url, {}).status_code) == (url, 403, 403)
        assert client.get(url)["Location"].startswith("/login/?next=")
    assert org().version == 1


def test_nothing_can_be_changed_in_the_past(as_role: Any, org: Any) -> None:
    day, browser = timezone.localdate().isoformat(), as_role("editor")
    for url in URLS:
        past = in_reality(url, f"as_of={day}")
        assert (url, browser.get(past).status_code, browser.post(past, {}).status_code) == (url, 403, 403)


HOSTILE = [
    "\x00",
    "a\x00b",
    "\ud800".encode("utf-8", "surrogatepass"),
    "x" * 300_000,
    "-1",
    "2026-02-31",
    "99999999999999999999",
    "NaN",
    "1e400",
    "' OR 1=1 --",
    "<script>",
    "{}",
    "\u202e",
    "0001-01-01",
    "9" * 5_000,
]


def test_hostile_input_is_never_a_500(as_role: Any, org: Any) -> None:
    """Every form gets hostile values in every field, and every value some field, each form in a draft of its own."""
    browser = as_role("editor")
    for number, url in enumerate(URLS):
        draft = drafts.create_draft("Plan", owner_id=browser.user.pk, at=timezone.now())
        page = in_reality(url, f"draft={draft.key}")
        fields = fields_of(browser.get(page))
        for turn in range(2):
            shift = number * 4 + turn * 7
            values = {name: HOSTILE[(at + shift) % len(HOSTILE)] for at, name in enumerate(fields)}
            if turn:  # the id and what was seen are as they should be, so that the other fields are reached
                values |= {name: fields[name] for name in ("id", "seen") if name in fields}
            assert (url, browser.post(page, values).status_code) in [
                (url, code) for code in (303, 404, 409, 422)
            ]
        assert browser.post(page, {}).status_code in (303, 404, 409, 422)


def test_hostile_addresses_are_never_a_500(as_role: Any, org: Any) -> None:
    browser = as_role("editor")
    for number, url in enumerate(URLS):
        path, value = url.partition("?")[0], ("%00", "%ED%A0%80", "x" * 5_000, "'", "phoenix")[number % 5]
        names = ("person", "squad", "role", "to", "source", "people", "id", "seen")
        assert (url, browser.get(f"{path}?{'&'.join(f'{n}={value}' for n in names)}").status_code) == (
            url,
            200,
        )
        assert browser.get(f"{path}?draft=%00").status_code == 404
        assert browser.get(f"{path}?as_of=yesterday").status_code == 400


UNKNOWN = [
    "/squads/-/edit/",
    "/people/nobody/edit/",
    "/tribes/-/leads/",
    "/missions/-/edit/",
    "/vacancies/-/fill/",
    "/roles/-/edit/",
    "/chapters/-/edit/",
    "/guilds/-/edit/",
    "/systems/-/owners/",
    "/domains/-/close/",
    "/people/nobody/skills/",
    "/squads/hydra/needs/phoenix/",
    "/squads/hydra/needs/phoenix/solve/",
    "/squads/hydra/coaches/zoe/end/",
    "/squads/phoenix/people/boss/",
    "/squads/%00/edit/",
]


@pytest.mark.parametrize("url", UNKNOWN)
def test_unknown_records_are_not_found(as_role: Any, org: Any, url: str) -> None:
    assert as_role("editor").get(url).status_code == 404


def test_the_message_names_the_object_and_offers_to_undo(as_role: Any, org: Any) -> None:
    browser = as_role("editor")
    answer = send(browser, "/squads/hydra/edit/", name="Medusa")
    assert answer["Location"] == "/squads/hydra/"
    page = browser.get("/squads/hydra/").content.decode()
    assert "Rename squad Hydra to Medusa." in page
    assert 'action="/history/2/undo/"' in page


def test_a_message_cannot_smuggle_markup(as_role: Any, org: Any) -> None:
    browser = as_role("editor")
    send(browser, "/squads/hydra/edit/", name="<b>Bold</b>")
    assert "<b>Bold</b>" not in browser.get("/squads/hydra/").content.decode()


def test_an_editor_may_save_in_a_new_draft(as_role: Any, org: Any) -> None:
    editor = as_role("editor")
    editor.cookies["language"] = "sv"
    answer = send(editor, "/squads/hydra/edit/", name="Medusa", into="draft")
    draft = Draft.objects.get()
    assert draft.name == f"{timezone.localdate():%-d %B}: Rename squad Hydra to Medusa"
    assert answer["Location"] == f"/squads/hydra/?draft={draft.key}"
    assert org().version == 1


def test_a_planner_gets_a_draft(as_role: Any, org: Any) -> None:
    planner = as_role("planner")
    assert "Reason" not in planner.get("/squads/new/").content.decode()
    answer = send(planner, "/squads/new/", name="Griffin")
    draft = Draft.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/squads/griffin/?draft={draft.key}")
    assert planner.get(answer["Location"]).status_code == 200


def test_a_form_sent_twice_creates_once(as_role: Any, org: Any) -> None:
    browser = as_role("editor")
    sent = fields_of(browser.get("/squads/new/")) | {"name": "Griffin"}
    answers = [browser.post("/squads/new/", sent) for _ in range(2)]
    assert [answer["Location"] for answer in answers] == ["/squads/griffin/", "/squads/griffin/"]
    assert [s.name for s in org().squads.values()].count("Griffin") == 1


def test_a_form_sent_twice_starts_one_draft(as_role: Any, org: Any) -> None:
    browser = as_role("planner")
    sent = fields_of(browser.get("/people/new/")) | {"name": "Cleo"}
    first, second = (browser.post("/people/new/", sent) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert (Draft.objects.count(), DraftOperation.objects.count()) == (1, 1)


def test_two_people_at_once_see_both_values_and_choose(as_role: Any, org: Any) -> None:
    browser = as_role("editor")
    url = "/people/ana/edit/"
    mine = fields_of(browser.get(url)) | {"title": "My title", "city": "Oslo"}
    assert send(browser, url, title="Their title").status_code == 303
    answer = browser.post(url, mine)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody changed the title of Ana meanwhile: it was Engineer, it is Their title now." in page
    assert 'value="My title"' in page
    again = fields_of(answer)
    assert browser.post(url, again | {"keep": "title"}).status_code == 303
    ana = org().people[id_of("Ana")]
    assert (ana.title, ana.city) == ("Their title", "Oslo")
    assert browser.post(url, again).status_code == 303
    assert org().people[id_of("Ana")].title == "My title"


def test_keeping_theirs_with_nothing_else_changed_goes_back(as_role: Any, org: Any) -> None:
    browser = as_role("editor")
    mine = fields_of(browser.get("/people/ana/edit/")) | {"title": "My title"}
    send(browser, "/people/ana/edit/", title="Their title")
    answer = browser.post(
        "/people/ana/edit/", fields_of(browser.post("/people/ana/edit/", mine)) | {"keep": "title"}
    )
    assert (answer.status_code, answer["Location"]) == (303, "/people/ana/")
    assert org().people[id_of("Ana")].title == "Their title"


def test_a_stale_rename_and_a_stale_lead_are_conflicts(as_role: Any, org: Any) -> None:
    browser = as_role("editor")
    name, lead = (
        fields_of(browser.get("/squads/hydra/edit/")),
        fields_of(browser.get("/tribes/search/leads/")),
    )
    send(browser, "/squads/hydra/edit/", name="Medusa")
    send(browser, "/tribes/search/leads/", lead="Ben")
    assert browser.post("/squads/hydra/edit/", name | {"name": "Gorgon"}).status_code == 409
    assert browser.post("/tribes/search/leads/", lead | {"lead": "Ana"}).status_code == 409


def test_an_edit_keeps_what_somebody_else_changed_in_other_fields(as_role: Any, org: Any) -> None:
    browser = as_role("editor")
    mine = fields_of(browser.get("/people/ana/edit/")) | {"city": "Oslo"}
    send(browser, "/people/ana/edit/", title="Their title")
    assert browser.post("/people/ana/edit/", mine).status_code == 303
    assert org().people[id_of("Ana")].title == "Their title"


def test_rename_and_edit_are_one_change_set(as_role: Any, org: Any) -> None:
    send(as_role("editor"), "/squads/hydra/edit/", name="Medusa", type="platform")
    change_set = ChangeSet.objects.get(version=2)
    assert len(change_set.sentences) == 2


def test_an_untouched_form_changes_nothing(as_role: Any, org: Any) -> None:
    answer = send(as_role("editor"), "/people/ana/edit/")
    assert (answer.status_code, answer["Location"], org().version) == (303, "/people/ana/", 1)
    assert [str(message) for message in get_messages(answer.wsgi_request)] == ["Nothing changed."]


def test_what_a_field_cannot_hold_is_said_at_the_field(as_role: Any, org: Any) -> None:
    editor = as_role("editor")
    answer = send(editor, "/people/ana/edit/", email="ana at example.org")
    assert (answer.status_code, org().version) == (422, 1)
    assert "Email must be an address such as ana@example.org" in answer.content.decode()
    for share in ("300", "0", "half"):
        page = send(editor, "/squads/phoenix/people/ana/", share=share).content.decode()
        assert "Must be a whole number from 1 to 100." in page


def test_the_first_field_with_an_error_gets_the_focus(as_role: Any, org: Any) -> None:
    editor = as_role("editor")
    assert "autofocus" not in editor.get("/people/ana/edit/").content.decode()
    sent = {
        "name": "Ana",
        "employment": "employee",
        "status": "active",
        "manager": "Nobody",
        "external_ids": "?",
    }
    page = editor.post("/people/ana/edit/", sent).content.decode()
    assert re.findall('name="([^"]+)"[^>]* autofocus', page) == ["manager"]


def test_a_damaged_form_says_so(as_role: Any, org: Any) -> None:
    editor = as_role("editor")
    for seen in ("", "[]", "{", json.dumps({"nope": 1}), json.dumps({"title": "\ud800"})):
        assert send(editor, "/people/ana/edit/", seen=seen).status_code == 422


def test_a_refusal_stands_at_its_field(as_role: Any, org: Any) -> None:
    answer = send(as_role("editor"), "/squads/new/", name="PHOENIX", tribe="payments")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert re.search(r"id_name_error.*There is already a squad “PHOENIX” in Payments", page, re.DOTALL)


def test_closing_a_squad_with_people_says_who_and_how_to_move_them(as_role: Any, org: Any) -> None:
    browser = as_role("editor")
    page = browser.get("/squads/phoenix/close/").content.decode()
    assert 'href="/moves/new/?person=ana&amp;person=ben&amp;source=phoenix&amp;then=close"' in page
    answer = send(browser, "/squads/phoenix/close/")
    assert answer.status_code == 422
    assert "Phoenix still has 2 people, 1 open vacancy, 1 system and 1 domain." in page
    assert (
        "Phoenix still has 2 people (Ana and Ben), 1 open vacancy (Designer), 1 system (Ledger) and 1 domain (Payouts)"
        in answer.content.decode()
    )


def test_people_are_found_by_key_name_beginning_and_title(as_role: Any, org: Any) -> None:
    browser = as_role("editor")
    for text in ("boss", "BOSS", "bo", "Boss (boss)"):
        assert send(browser, "/guilds/quality/coordinator/", coordinator=text).status_code == 303
        assert org().guilds[id_of("Quality")].coordinator == id_of("Boss")
        assert send(browser, "/guilds/quality/coordinator/", coordinator="").status_code == 303


def test_namesakes_are_listed_and_never_guessed(as_role: Any) -> None:
    people = [person(f"Kim Lee {n}", key=f"kim-{n}") for n in range(7)]
    save(an_org(guild("Quality"), *people))
    answer = send(as_role("editor"), "/guilds/quality/coordinator/", coordinator="Kim")
    assert answer.status_code == 422
    assert "Kim Lee 4 (kim-4); and 2 more. Choose one." in answer.content.decode()


def test_moving_people_first_comes_back_to_closing(as_role: Any, org: Any) -> None:
    browser = as_role("editor")
    url = "/moves/new/?person=ana&person=ben&source=phoenix&then=close"
    answer = send(browser, url, to="hydra")
    assert answer["Location"] == "/squads/phoenix/close/"
    assert "people first…" not in browser.get(answer["Location"]).content.decode()


def test_moving_people_in_a_new_draft_comes_back_to_closing_in_it(as_role: Any, org: Any) -> None:
    url = "/moves/new/?person=ana&person=ben&source=phoenix&then=close"
    answer = send(as_role("planner"), url, to="hydra")
    draft = Draft.objects.get()
    assert answer["Location"] == f"/squads/phoenix/close/?draft={draft.key}"


def test_a_published_draft_cannot_be_changed(as_role: Any, org: Any) -> None:
    editor = as_role("editor")
    draft = drafts.create_draft("Plan", owner_id=editor.user.pk, at=timezone.now())
    drafts.archive(draft, at=timezone.now())
    assert editor.get("/squads/new/?draft=plan")["Location"] == "/drafts/plan/changes/"
    assert editor.post("/squads/new/?draft=plan", {"name": "Late"}).status_code == 403


def test_a_name_that_is_part_of_addresses_gets_another_key(as_role: Any, org: Any) -> None:
    assert send(as_role("editor"), "/squads/new/", name="New")["Location"] == "/squads/new-2/"


# Two people at once

STALE = [
    ("/chapters/backend/lead/", {"lead": "Ana"}, {"lead": "Boss"}, "chapter lead"),
    ("/guilds/quality/coordinator/", {"coordinator": "ana"}, {"coordinator": "ben"}, "coordinator"),
    ("/tribes/search/leads/", {"lead": "ana"}, {"lead": "ben"}, "tribe lead"),
    ("/squads/hydra/edit/", {"name": "Medusa"}, {"name": "Gorgon"}, "name"),
    ("/systems/ledger/owners/", {"operations": "ana"}, {"developers": "ben"}, "perspective"),
    ("/people/ana/skills/", {"skills": "Go: working"}, {"skills": "Go: learning"}, "proficiency"),
    ("/domains/payouts/edit/", {"complexity": "complex"}, {"complexity": "complicated"}, "complexity"),
    ("/squads/phoenix/needs/hydra/edit/", {"level": "none"}, {"level": "slowing"}, "level"),
    ("/guilds/quality/people/ana/", {"role": "scribe"}, {"role": "host"}, "role"),
]


@pytest.mark.parametrize(("url", "first", "second", "label"), STALE)
def test_who_comes_second_is_shown_what_is_there_now(
    as_role: Any, org: Any, url: str, first: dict[str, str], second: dict[str, str], label: str
) -> None:
    editor = as_role("editor")
    shown = fields_of(editor.get(url))
    assert editor.post(url, shown | first).status_code == 303

    answer = editor.post(url, shown | second)

    assert answer.status_code == 409
    assert f"Somebody changed the {label} of" in html.unescape(answer.content.decode())
    overwrite = fields_of(answer) | second
    assert editor.post(url, overwrite).status_code == 303


def test_whoever_was_made_lead_of_a_squad_meanwhile_is_not_overruled_in_silence(
    as_role: Any, org: Any
) -> None:
    editor, url = as_role("editor"), "/squads/phoenix/lead/"
    shown = fields_of(editor.get(url))
    assert editor.post(url, shown | {"role": "product-owner", "person": "Ben"}).status_code == 303

    answer = editor.post(url, shown | {"role": "product-owner", "person": "Ana"})

    assert answer.status_code == 409
    assert "it is Product owner now" in answer.content.decode()
    again = fields_of(answer) | {"role": "product-owner", "person": "Ana"}
    assert editor.post(url, again).status_code == 303


def test_what_a_form_showed_is_checked_once_more_under_the_lock(org: Any) -> None:
    squad_ = org().find("squad", "hydra")
    seen = [Change("squad", squad_.id, {"name": "Hydra"}, {"name": "Medusa"})]

    def rename(name: str, seen: Any) -> None:
        rename_ = RenameSquad(id=squad_.id, name=name)
        services.commit(
            [rename_], actor=services.Actor("Eve"), message="", source="web", at=timezone.now(), seen=seen
        )

    rename("Gorgon", seen)
    with pytest.raises(Conflict) as conflict:
        rename("Medusa", seen)
    assert [(c.expected, c.found) for c in conflict.value.conflicts] == [("Hydra", "Gorgon")]
