"""Pages as files: what the Share menu offers is there, holds what the page shows, and all of it."""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import Any
from xml.etree import ElementTree as Xml

import openpyxl
import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape

from orgmodel.changes.middleware import Reality
from orgmodel.changes.models import Draft
from orgmodel.demo import loading
from orgmodel.exports import pack
from orgmodel.exports.pictures import as_png, can_draw_png
from tests.build import an_org, chapter, person, save, squad, tribe

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"
FEW = 2  # pages of which every kind of file is asked for
PAGES = (
    "/",
    "/people/",
    "/people/bo-lindqvist/",
    "/squads/",
    "/squads/search/",
    "/tribes/platform-data/",
    "/chapters/",
    "/chapters/cm-web/",
    "/guilds/web/",
    "/missions/",
    "/systems/",
    "/dependencies/",
    "/findings/",
    "/findings/rules/",
    "/findings/decisions/",
    "/findings/leaders/",
    "/findings/resilience/",
    "/history/",
    "/drafts/compare/?draft=unblock-ingestion",
    "/drafts/unblock-ingestion/compare/",
    "/drafts/unblock-ingestion/impact/",
)


@pytest.fixture
def reader(as_role: Any) -> Any:
    designer = as_role("org designer")
    loading.load_demo(at=timezone.now(), owner_id=designer.user.pk)
    Draft.objects.update(visibility=Draft.Visibility.EVERYONE)
    return designer


def offered(browser: Any, page: str) -> list[str]:
    """Return what the Share menu of a page offers, as addresses."""
    response = browser.get(page)
    assert response.status_code == 200, page
    return [
        found.replace("&amp;", "&")
        for found in re.findall(r'href="([^"]*)" download', response.content.decode())
    ]


def test_what_the_menu_of_a_page_offers_is_there(reader: Any) -> None:
    seen: Counter[str] = Counter()
    for page in PAGES:
        addresses = offered(reader, page)
        assert addresses, page
        for address in addresses:
            ending = address.rpartition("format=")[2].rpartition(".")[2]
            seen[ending] += 1
            if address != addresses[0] and seen[ending] > FEW:
                continue  # drawing and printing every page takes long, and all go the same way
            response = reader.get(address)
            assert response.status_code == 200, address
            assert response["Content-Disposition"].endswith(f'.{ending}"'), address
            assert len(response.content) > 40, address


def test_a_file_holds_all_of_a_list_as_it_is_narrowed(as_role: Any) -> None:
    save(an_org(*[person(f"Ana {number:03}") for number in range(120)], person("Ben")))
    table = as_role("viewer").get("/people/?format=csv&q=ana&page=2").content.decode("utf-8-sig")
    names = [line.split(",")[0] for line in table.splitlines()]
    assert names == ["Person", *[f"Ana {number:03}" for number in range(120)]]


def test_a_board_is_a_matrix_in_a_workbook(as_role: Any) -> None:
    phoenix, comet = squad("Phoenix", "Ana", "Ben"), squad("Comet", "Cleo")
    save(an_org(tribe("Payments", phoenix, comet, chapter("Backend", "Ana", "Ben", "Cleo"))))
    response = as_role("viewer").get("/tribes/payments/?format=xlsx")
    assert response.status_code == 200, response.content
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert response["Content-Disposition"] == 'attachment; filename="payments.xlsx"'
    assert [row[1:] for row in cells if row[1:] != [None, None]][-1] == ["Cleo", "Ana; Ben"]


def test_a_board_gives_the_picture_of_its_tribe_for_a_wiki(reader: Any) -> None:
    assert "/tribes/platform-data/map.svg" in offered(reader, "/tribes/platform-data/")
    draft = "?draft=unblock-ingestion"
    assert f"/tribes/platform-data/map.svg{draft}" in offered(reader, f"/tribes/platform-data/{draft}")
    response = reader.get(f"/tribes/platform-data/map.svg{draft}")
    assert response["Content-Disposition"] == 'inline; filename="draft-platform-data.svg"'


def test_a_picture_stands_on_its_own(reader: Any) -> None:
    response = reader.get("/history/?format=svg")
    root = Xml.fromstring(response.content)
    assert response["Content-Type"] == "image/svg+xml"
    assert root.find(f"{SVG}rect").attrib["fill"] == "#ffffff"
    assert not [element for element in root.iter() if "class" in element.attrib or element.tag == f"{SVG}use"]
    links = [link.attrib["href"] for link in root.iter(f"{SVG}a")]
    assert links
    assert all(link.startswith("http://testserver/history/") for link in links)
    assert {"#2f9c7d", "#b07ba9", "#0c3f6a"} <= {e.attrib.get("color") for e in root.iter()}


def test_a_picture_says_what_it_shows_and_when(reader: Any) -> None:
    day = date_format(timezone.localdate(), "j M Y")
    for url, words in (
        ("/dependencies/?format=svg", f"Dependencies Kestrel Audio, {day}"),
        ("/circles/?format=svg&as_of=2026-01-31", "Circles Kestrel Audio, 31 Jan 2026"),
        (
            "/circles/?format=svg&draft=unblock-ingestion",
            f"Draft: Circles Kestrel Audio, draft “Unblock ingestion”, {day}",
        ),
    ):
        texts = Xml.fromstring(reader.get(url).content).iter(f"{SVG}text")
        assert "".join(next(texts).itertext()) == words


def test_a_picture_bears_any_name(as_role: Any) -> None:
    odd = "A\x0b<b>&\ufffe"
    save(an_org(tribe(odd, squad(odd, "Ana", key="odd"), key="odd")))
    response = as_role("viewer").get("/map/?format=svg")
    assert (response.status_code, Xml.fromstring(response.content).tag) == (200, f"{SVG}svg")


def test_a_picture_may_be_a_png(reader: Any) -> None:
    response = reader.get("/history/?format=png")
    if not can_draw_png():
        assert (response.status_code, b"Take the SVG" in response.content) == (400, True)
        return
    assert response["Content-Type"] == "image/png"
    assert response.content[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.skipif(not can_draw_png(), reason="needs Cairo")
def test_words_that_end_at_a_point_stay_together_in_a_png() -> None:
    def drawn(words: str) -> bytes:
        text = f'<text x="90" y="20" text-anchor="end">{words}</text>'
        return as_png(f'<svg xmlns="{SVG[1:-1]}" width="100" height="30">{text}</svg>'.encode())

    assert drawn("Search <tspan>7</tspan>, new") == drawn("Search 7, new")


def test_the_whole_map_is_one_png(reader: Any) -> None:
    response = reader.get("/map.svg?format=png")
    if not can_draw_png():
        assert (response.status_code, b"Take the SVG" in response.content) == (400, True)
        return
    assert response["Content-Disposition"] == 'attachment; filename="map.png"'
    root = Xml.fromstring(reader.get("/map.svg").content)
    width, height = int.from_bytes(response.content[16:20]), int.from_bytes(response.content[20:24])
    assert (width, height) == (2 * int(root.attrib["width"]), 2 * int(root.attrib["height"]))


REFUSED = (
    ("/people/?format=zip", "“zip” is no format for files. Possible are csv, xlsx, json, svg, png."),
    ("/people/?format=%00", "is no format for files."),
    ("/people/?format=svg", "There is no such picture on this page."),
    ("/history/?format=svg&picture=9", "There is no such picture on this page."),
    ("/history/?format=svg&picture=x", "There is no such picture on this page."),
    ("/settings/?format=csv", "This page has no table to take along."),
)


def test_what_cannot_be_a_file_says_so(reader: Any) -> None:
    for address, words in REFUSED:
        response = reader.get(address)
        assert response.status_code == 400, address
        assert escape(words) in response.content.decode()


def test_files_need_a_login(client: Any) -> None:
    assert client.get("/people/?format=csv").status_code == 302


def test_a_draft_has_a_pack_to_hand_round(reader: Any) -> None:
    is_offered = "/drafts/unblock-ingestion/pack.pdf" in offered(reader, "/drafts/unblock-ingestion/compare/")
    assert is_offered == pack.can_make_pdf()
    response = reader.get("/drafts/unblock-ingestion/pack.pdf")
    if not is_offered:
        assert (response.status_code, b"makes no PDF files" in response.content) == (400, True)
        return
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["Content-Disposition"] == 'attachment; filename="unblock-ingestion.pdf"'
    assert response.content[:5] == b"%PDF-"


def pack_of(reader: Any, rf: Any) -> tuple[Any, dict[str, Any]]:
    """Return a request for the pack of the demo's draft, and what the pack tells."""
    draft = Draft.objects.get(key="unblock-ingestion")
    request = rf.get("/drafts/unblock-ingestion/pack.pdf")
    request.user, request.as_file = reader.user, False
    request.reality = Reality(request)
    request.reality.draft = draft
    return request, pack.contents(request, draft, request.reality.plan)


def test_a_pack_tells_what_the_draft_does(reader: Any, rf: Any) -> None:
    _, told = pack_of(reader, rf)
    assert told["summary"] == "1 squad to another tribe, 1 split, 1 merge"
    assert [entry.position for entry in told["entries"]] == [1, 3, 4, 2]
    assert len(told["people"]) == 15
    assert [each["tribe"].name for each in told["tribes"]] == [
        "Creators & Marketplace",
        "Listening Experience",
        "Platform & Data",
    ]


def test_in_a_pack_nobody_stays_in_a_new_squad_and_who_goes_where_has_a_wide_page(
    reader: Any, rf: Any
) -> None:
    request, told = pack_of(reader, rf)
    html = render_to_string("exports/pack.html", told, request=request)
    (discovery,) = re.findall(r'<th scope="row">Discovery</th>(.*?)<td class="m">new', html)
    assert re.findall(r">([^<]*)</td>", discovery) == ["0", "6", "", ""]
    assert '<section class="sheet" title="Who goes where">' in html


def test_a_pack_loads_nothing_from_anywhere(reader: Any, settings: Any) -> None:
    Draft.objects.filter(key="unblock-ingestion").update(
        problem='<img src="http://169.254.169.254/"><link rel="attachment" href="file:///etc/passwd">'
    )
    expected = 200 if pack.can_make_pdf() else 400
    assert reader.get("/drafts/unblock-ingestion/pack.pdf").status_code == expected


def test_a_private_draft_has_no_pack_for_others(as_role: Any, reader: Any) -> None:
    Draft.objects.update(visibility=Draft.Visibility.PRIVATE)
    assert as_role("editor").get("/drafts/unblock-ingestion/pack.pdf").status_code == 404
