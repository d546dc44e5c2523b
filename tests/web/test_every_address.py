"""Every address there is: strangers are sent away, every role is answered, nothing that anyone sends makes a 500."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from orgmodel.access.roles import ROLES
from orgmodel.changes import services
from orgmodel.changes.reverse import reverse_draft
from orgmodel.core.operations import (
    CreateChapter,
    CreateSquad,
    CreateTribe,
    HirePerson,
    JoinSquad,
    MovePeople,
    RecordDependency,
)
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
    squad,
    system,
    tribe,
    vacancy,
)

OPEN = {"/login/", "/healthz", "/readyz"}
# Keys for addresses, real and hostile. A slash cannot be in one, so it is not here.
HOSTILE = [
    "%00",
    "%ED%A0%80",
    "%F0%9F%A6%85",
    "..",
    "-" * 300,
    "'%22%3E%3Cscript%3E",
    "%E2%80%AE",
    "0",
    "None",
    "search",
]
NASTY_TEXTS = [
    "",
    "\x00",
    "\ud800",
    "a" * 20_000,
    "<script>alert(1)</script>",
    "=1+1",
    "99999999999999999999",
    "-1",
    "2026-02-30",
    "null",
]


FIELDS = """
name statement title key email status level squad tribe chapter guild mission person people to from
role share since until kind seat on closed_on message reason effective_on id position expected
version action color type values seen into theme density files missing draft manager lead
external_ids target baseline current started_on last_session_on
key reason until preset thresholds severity is_on note people
leaves_on away_since read_on reviewed_on loop skills shown needs level mode mitigation complexity
developers operations critical claimed_by domain docs skill lead_since interim_lead interim_since
""".split()  # noqa: SIM905 - what forms and endpoints read, and some that none does


def patterns(resolver: Any, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route


def addresses(value: str = "search", *, admin: bool = True) -> list[str]:
    """Return every address, with this value in the place of each argument."""
    found = []
    for route in patterns(get_resolver()):
        plain = route.replace("^", "").replace("$", "").replace("\\Z", "")
        plain = re.sub(r"\(\?P<[^>]+>(?:[^()]|\([^()]*\))*\)|\(\?:[^()]*\)\?|<[^>]+>", value, plain)
        if re.search(r"[\\()*+\[\]]", plain):
            continue
        found.append("/" + plain)
    return sorted({address for address in found if admin or not address.startswith("/admin/")})


def organization() -> Any:
    return an_org(
        role("Product owner", leads=True),
        mission("Find it", key="search"),
        tribe(
            "Listening",
            squad("Search", "Ana", "Ben"),
            squad("Playback"),
            chapter("Backend", "Ana", key="search"),
            key="search",
        ),
        guild("Web", "Ana", key="search"),
        person("Cleo", key="search"),
        vacancy("Tester", squad="Search", key="search"),
        domain("Finding", squad="Search", key="search"),
        system("Index", {"Ana": "both"}, squad="Search", domain="Finding", key="search"),
        needs("Playback", "Search", level="blocking"),
        coaching("Cleo", "Search"),
    )


@pytest.mark.django_db
def test_strangers_see_the_login_page_only() -> None:
    save(organization())
    stranger = Client()
    answered = {}
    for address in addresses():
        answer = stranger.get(address)
        if answer.status_code not in (301, 302, 401, 403, 404, 405):
            answered[address] = answer.status_code
        elif answer.status_code == 302 and "/login/" not in answer["Location"]:
            answered[address] = answer["Location"]
    assert set(answered) <= OPEN, answered


@pytest.mark.django_db
@pytest.mark.parametrize("role_name", ROLES)
def test_every_page_answers_every_role(as_role: Any, role_name: str) -> None:
    save(organization())
    browser = as_role(role_name)
    failed = {a: s for a in addresses() if (s := browser.get(a).status_code) >= 500}
    assert failed == {}


@pytest.mark.django_db
@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_addresses_are_answered(as_role: Any, value: str) -> None:
    save(organization())
    browser = as_role("org designer")
    failed = {a: s for a in addresses(value) if (s := browser.get(a).status_code) >= 500}
    assert failed == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["\x00", "\ud800", "a" * 3000, "-1", "9" * 40, id_of("nobody"), "0001-01-01", "9999-12-31"]
)
def test_hostile_questions_are_answered(as_role: Any, text: str) -> None:
    save(organization())
    browser = as_role("editor")
    value = text.encode("utf-8", "surrogatepass")
    asked = dict.fromkeys(
        (
            "q",
            "page",
            "after",
            "before",
            "cursor",
            "limit",
            "tribe",
            "person",
            "to",
            "from",
            "state",
            "since",
        ),
        value,
    )
    failed = {}
    for address in addresses(admin=False):
        for question in (asked, {"draft": value}, {"as_of": value}):
            status = browser.get(address, question).status_code
            if status >= 500:
                failed[address, *question] = status
    assert failed == {}


@pytest.mark.django_db
@pytest.mark.parametrize("text", NASTY_TEXTS, ids=range(len(NASTY_TEXTS)))
def test_hostile_forms_are_answered(as_role: Any, text: str) -> None:
    org = save(organization())
    browser = as_role("org designer")
    body = urlencode({name: text.encode("utf-8", "surrogatepass") for name in FIELDS})
    failed = {}
    for address in addresses(admin=False):
        if address == "/logout/":
            continue
        status = browser.post(address, body, content_type="application/x-www-form-urlencoded").status_code
        if status >= 500:
            failed[address] = status
    assert failed == {}
    assert org.version >= 1


@pytest.mark.django_db
@pytest.mark.parametrize("as_of", ["2020-01-01", "2026-11-20", "2031-01-01", "0001-01-01", "9999-12-31"])
def test_every_page_can_be_read_on_any_day(as_role: Any, as_of: str) -> None:
    save(organization())
    browser = as_role("editor")
    failed = {
        a: s for a in addresses(admin=False) if (s := browser.get(a, {"as_of": as_of}).status_code) >= 500
    }
    assert failed == {}


@pytest.mark.django_db
def test_every_page_can_be_read_in_a_draft_that_takes_back_what_was_made(as_role: Any) -> None:
    save(organization())
    late = id_of("Late")
    operations = [
        CreateTribe(id=id_of("Later"), values={"name": "Later"}),
        CreateSquad(id=late, values={"name": "Late", "tribe": id_of("Later")}),
        CreateChapter(id=id_of("Web"), values={"name": "Web", "tribe": id_of("Later")}),
        HirePerson(id=id_of("Dan"), values={"name": "Dan"}),
        JoinSquad(id=id_of("Dan", "Late"), person=id_of("Dan"), squad=late),
        MovePeople(people=(id_of("Ana"),), to=late),
        RecordDependency(
            id=id_of("in"), values={"squad": id_of("Search"), "needs": late, "level": "slowing"}
        ),
        RecordDependency(
            id=id_of("out"), values={"squad": late, "needs": id_of("Playback"), "level": "none"}
        ),
    ]
    made = services.commit(
        operations, actor=services.Actor("Eve"), message="", source="web", at=timezone.now()
    )
    browser = as_role("editor")
    asked = {"draft": reverse_draft(made, owner_id=browser.user.pk, at=timezone.now()).key}
    failed = {a: s for a in addresses(admin=False) if (s := browser.get(a, asked).status_code) >= 500}
    assert failed == {}


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "status"), [("/api/v1/people/", 401), ("/api/v1/none/", 404)])
def test_programs_get_problems_behind_a_path_prefix_too(address: str, status: int) -> None:
    answer = Client().get(address, SCRIPT_NAME="/org")
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
