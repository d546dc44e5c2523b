"""Pages speak the reader's language with the organization's words, and programs are spoken to in plain English.

Every text can be translated: a page in a language of brackets says nothing outside of them but data.
"""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import get_language, gettext, ngettext, trans_real

from orgmodel import spoken
from orgmodel.changes import services, store
from orgmodel.core.operations.memberships import MovePeople
from orgmodel.core.rules.settings import RULES
from orgmodel.core.vocabulary import vocabulary_of
from orgmodel.language.middleware import LanguageMiddleware
from tests.build import an_org, coaching, id_of, needs, role, save, squad, tribe, vacancy, word
from tests.web.test_every_address import addresses, organization
from tests.web.texts import Bracketed, Texts, data_of, untranslated

PROGRAMS = ("/api/", "/scim/v2", "/healthz", "/readyz")  # speak English to programs
NAMES: tuple[str, ...] = (
    "orgmodel",
    "My organization",
    "Found the organization",
    "The beginning.",
    "Founder",
    "True",  # how Django's admin calls its ticks
    "False",
    "English",
    "Svenska",
    "CSV",
    "XLSX",
    "JSON",
    "NDJSON",
    "SVG",
    "PNG",
    "PDF",
    "YAML",
    "SCIM",
    "API",
)
NAMES = (*NAMES, "REST", "Kestrel Audio", "designer", "Backstage", "UTC", "Ctrl", "Esc", "Enter", "webhook")


def pages(*, admin: bool) -> list[str]:
    return [
        address
        for address in addresses(admin=admin)
        if not address.startswith(PROGRAMS) and address.startswith("/admin/") == admin
    ]


def leftovers(client: Any, asked: list[str]) -> dict[str, list[str]]:
    """Return what each page says untranslated."""
    data = [*NAMES, *RULES, *data_of(store.current())]
    found = {}
    for address in asked:
        answer = client.get(address, follow=False)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            left = untranslated(answer.content.decode(), data)
            if left:
                found[address] = left
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("admin", [False, True])
def test_every_text_of_every_page_can_be_translated(as_role: Any, monkeypatch: Any, *, admin: bool) -> None:
    save(organization())
    designer = as_role("org designer", "designer")
    monkeypatch.setattr(spoken, "Spoken", Bracketed)
    assert leftovers(designer, pages(admin=admin)) == {}


# The reader's language


AREA = word(
    "tribe",
    "area",
    "areas",
    {"sv:one": "område", "sv:the_one": "området", "sv:many": "områden", "sv:article": "ett"},
)


def html(client: Any, url: str, **options: Any) -> str:
    answer = client.get(url, **options)
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.django_db
def test_a_page_speaks_the_language_that_the_browser_asks_for(as_role: Any) -> None:
    save(an_org(tribe("Listening", squad("Search", "Ana", "Ben"))))
    page = html(as_role("viewer"), "/", headers={"accept-language": "sv-SE,sv;q=0.9,en;q=0.8"})
    assert '<html lang="sv"' in page
    assert "2\xa0personer arbetar i 1\xa0squad." in page
    assert "<h1" in page
    assert "people work" not in page


@pytest.mark.django_db
def test_a_language_that_is_not_there_is_english(as_role: Any) -> None:
    save(an_org(tribe("Listening", squad("Search", "Ana", "Ben"))))
    page = html(as_role("viewer"), "/", headers={"accept-language": "fi"})
    assert '<html lang="en"' in page
    assert "2\xa0people work in 1\xa0squad." in page


@pytest.mark.django_db
def test_a_language_is_chosen_in_settings_and_stays(as_role: Any) -> None:
    save(an_org(squad("Search", "Ana")))
    viewer = as_role("viewer")
    assert viewer.post("/settings/", {"language": "sv"}).status_code == 303
    page = html(viewer, "/settings/", headers={"accept-language": "en"})
    assert "<h1>Inställningar</h1>" in page
    assert '<option value="sv" lang="sv" selected>Svenska</option>' in page
    viewer.post("/settings/", {"language": "browser"})
    assert "<h1>Settings</h1>" in html(viewer, "/settings/", headers={"accept-language": "en"})


@pytest.mark.django_db
def test_strangers_and_errors_are_answered_in_their_language(as_role: Any, client: Any) -> None:
    swedish = {"accept-language": "sv"}
    assert "<h1>Logga in</h1>" in html(client, "/login/", headers=swedish)
    missing = as_role("viewer").get("/squads/none/", headers=swedish)
    assert missing.status_code == 404
    assert "<h1>Den sidan finns inte</h1>" in missing.content.decode()


@pytest.mark.django_db
def test_numbers_are_written_as_the_language_writes_them(as_role: Any) -> None:
    save(an_org(squad("Search", *(f"P{number}" for number in range(1_200)))))
    viewer = as_role("viewer")
    assert "1,200\xa0people work" in html(viewer, "/")
    assert "1\xa0200\xa0personer arbetar" in html(viewer, "/", headers={"accept-language": "sv"})


@pytest.mark.django_db
def test_a_vacancy_is_open_otherwise_than_many_squads_are(as_role: Any) -> None:
    save(an_org(tribe("Listening", squad("Search", "Ana")), vacancy("Tester", squad="Search")))
    viewer, swedish = as_role("viewer"), {"accept-language": "sv"}
    assert '<td class="opt m">Öppen</td>' in html(viewer, "/vacancies/", headers=swedish)
    assert '<option value="open">Öppen</option>' in html(viewer, "/vacancies/", headers=swedish)
    assert '<option value="" selected>Öppna</option>' in html(viewer, "/squads/", headers=swedish)
    assert '<td class="opt m">Open</td>' in html(viewer, "/vacancies/")


@pytest.mark.django_db
def test_findings_are_counted_as_the_language_counts_them(as_role: Any) -> None:
    owner = role("Product owner", leads=True)
    listening = tribe("Listening", squad("Search", "Ana"), squad("Radio"))
    save(an_org(owner, listening, needs("Radio", "Search", level="blocking"), coaching("Zoe", "Radio")))
    viewer, swedish = as_role("viewer"), {"accept-language": "sv"}
    assert "<span>2 höga av 4<" in html(viewer, "/tribes/listening/", headers=swedish)
    assert "<span>2 high of 4<" in html(viewer, "/tribes/listening/")


@pytest.mark.django_db
def test_what_was_done_is_told_in_the_language_of_whoever_reads_it(as_role: Any) -> None:
    save(an_org(squad("Search", "Ana"), squad("Playback")))
    services.commit(
        [MovePeople(people=(id_of("Ana"),), to=id_of("Playback"))],
        actor=services.Actor("Eve"),
        message="",
        source="web",
        at=timezone.now(),
    )
    editor = as_role("editor")
    assert "Move Ana from Search to Playback" in html(editor, "/history/")
    assert "Flytta Ana från Search till Playback" in html(
        editor, "/history/", headers={"accept-language": "sv"}
    )


@pytest.mark.django_db
def test_the_api_speaks_english_with_the_standard_words(as_role: Any) -> None:
    save(an_org(tribe("Listening", squad("Search", "Ana")), AREA))
    answer = as_role("viewer").get("/api/v1/squads/none/", headers={"accept-language": "sv"})
    assert answer.status_code == 404
    assert answer.json()["title"] == "There is nothing here"


# The organization's words


@pytest.mark.django_db
def test_headings_help_and_files_follow_the_words_of_the_organization(as_role: Any) -> None:
    save(an_org(tribe("Tribe zero", squad("Search", "Ana")), AREA))
    viewer = as_role("viewer")
    page = html(viewer, "/tribes/")
    assert "<h1>Areas</h1>" in page
    assert [text for text in Texts(page).found if "tribe" in text.lower()] == ["Tribe zero", "Tribe zero"]
    assert viewer.get("/squads/?format=csv").content.decode().splitlines()[0].split(",")[1] == "Area"
    assert '<label for="id_tribe">Area <span class="m reg">optional</span></label>' in html(
        as_role("editor"), "/squads/new/"
    )
    swedish = html(viewer, "/tribes/", headers={"accept-language": "sv"})
    assert "<h1>Områden</h1>" in swedish


@pytest.mark.django_db
def test_the_admin_follows_the_words_of_the_organization(as_role: Any) -> None:
    save(an_org(tribe("Listening"), AREA))
    index = html(as_role("org designer"), "/admin/")
    assert ">Areas</a>" in index
    assert ">Tribes</a>" not in index


@pytest.mark.django_db
def test_strangers_read_the_standard_words(client: Any) -> None:
    save(an_org(tribe("Listening"), AREA))
    assert "area" not in html(client, "/login/")


# One request after the other, and one language within another


@pytest.mark.django_db
def test_a_request_leaves_no_language_and_no_words_behind(as_role: Any, settings: Any) -> None:
    save(an_org(tribe("Listening"), AREA))
    viewer = as_role("viewer")
    assert "<h1>Områden</h1>" in html(viewer, "/tribes/", headers={"accept-language": "sv"})
    assert (gettext("Tribes"), get_language()) == ("Tribes", "en")
    settings.SECURE_SSL_REDIRECT = True  # reads the host first of all
    broken = Client(headers={"host": "bad host", "accept-language": "en"}).get("/login/")
    assert (broken.status_code, broken["Content-Language"]) == (400, "en")
    assert '<html lang="en"' in broken.content.decode()
    broken = Client(headers={"host": "bad host", "accept-language": "sv"}).get("/login/")
    assert (broken.status_code, broken["Content-Language"]) == (400, "sv")
    assert '<html lang="sv"' in broken.content.decode()


def test_what_fails_leaves_no_language_behind(rf: Any) -> None:
    def fail(request: Any) -> HttpResponse:
        assert get_language() == "sv"
        raise ValueError("no answer")

    with pytest.raises(ValueError, match="no answer"):
        LanguageMiddleware(fail)(rf.get("/", headers={"accept-language": "sv"}))
    assert get_language() == "en"


@pytest.mark.django_db
def test_what_is_streamed_is_said_in_the_language_of_its_request(rf: Any) -> None:
    def stream(request: Any) -> StreamingHttpResponse:
        return StreamingHttpResponse(gettext(text) for text in ("Settings", "History"))

    answer: Any = LanguageMiddleware(stream)(rf.get("/", headers={"accept-language": "sv"}))
    assert get_language() == "en"
    assert b"".join(answer.streaming_content).decode() == "InställningarHistorik"
    assert get_language() == "en"
    answer = LanguageMiddleware(stream)(rf.get("/", headers={"accept-language": "sv"}))
    assert next(answer.streaming_content).decode() == "Inställningar"
    answer.close()
    assert get_language() == "en"


def test_another_language_within_a_request_has_the_words_and_leaves_them() -> None:
    renamed = vocabulary_of(an_org(AREA))
    with spoken.speaking("sv", lambda: renamed):
        assert gettext("Tribes") == "Områden"
        with translation.override("en"):
            assert gettext("Tribes") == "Areas"
        with translation.override(None):
            assert gettext("Tribes") == "Tribes"
        assert gettext("Tribes") == "Områden"
        assert copy.copy(trans_real.catalog()).gettext("Tribes") == "Områden"
    assert gettext("Tribes") == "Tribes"


def test_numbers_do_not_crowd_out_what_is_remembered_of_texts(monkeypatch: Any) -> None:
    monkeypatch.setattr(spoken, "REMEMBERED", 3)
    renamed = vocabulary_of(an_org(AREA))
    with spoken.speaking("en", lambda: renamed):
        told = [ngettext("{n} tribe", "{n} tribes", n).format(n=n) for n in range(5)]
        assert (told, gettext("Tribes")) == (["0 areas", "1 area", "2 areas", "3 areas", "4 areas"], "Areas")
    remembered = spoken._memory_of("en", renamed)
    assert len(remembered) <= 3
    assert remembered["Tribes"] == "Areas"


@pytest.mark.django_db
def test_programs_are_known_by_their_path_below_the_prefix_of_the_service(client: Any) -> None:
    swedish = {"accept-language": "sv"}
    told = client.get("/api/v1/none/", headers=swedish, SCRIPT_NAME="/org")
    assert "Content-Language" not in told.headers
    page = client.get("/login/", headers=swedish, SCRIPT_NAME="/org")
    assert page["Content-Language"] == "sv"
    assert {"Accept-Language", "Cookie"} <= set(page["Vary"].split(", "))


@pytest.mark.django_db
def test_styles_are_the_same_for_every_language(client: Any) -> None:
    answer = client.get("/static/css/base.css", headers={"accept-language": "sv"})
    assert answer.status_code == 200
    answer.close()
    assert "Content-Language" not in answer.headers
    assert "Accept-Language" not in answer.get("Vary", "")
