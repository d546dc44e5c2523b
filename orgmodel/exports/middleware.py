"""Any page as a file: `?format=csv` and its like give the tables or the picture of a page instead of the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from orgmodel import errors
from orgmodel.changes.file_views import XLSX
from orgmodel.changes.pictures.flat import Title, moment_of
from orgmodel.exports import formats, pictures
from orgmodel.exports.pictures import NoFile
from orgmodel.exports.tables import tables_of, title_of

TABLES: dict[str, tuple[Callable[..., bytes], str]] = {
    "csv": (formats.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (formats.as_xlsx, XLSX),
    "json": (formats.as_json, "application/json"),
}
PICTURES = {"svg": "image/svg+xml", "png": "image/png"}


class FileMiddleware:
    """Asks the view for its page, then hands out what is on it. A view that makes the file itself is left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        wanted = request.GET.get("format", "") if request.method == "GET" else ""
        request.as_file = wanted in TABLES
        response = self.get_response(request)
        try:
            if wanted and _is_page(request, response):
                return _file(request, response.content.decode(), wanted)
            if wanted == "png" and response.headers.get("Content-Type") == PICTURES["svg"]:
                return _drawn(response)
        except NoFile as error:
            return errors.page(request, 400, str(error))
        return response


def _is_page(request: Any, response: HttpResponse) -> bool:
    if (
        response.status_code != 200
        or response.streaming
        or request.path_info.startswith(("/api/", "/admin/"))
    ):
        return False
    return response.headers.get("Content-Type", "").startswith("text/html")


def _file(request: Any, html: str, wanted: str) -> HttpResponse:
    if wanted in TABLES:
        write, content_type = TABLES[wanted]
        tables = tables_of(html)
        if not tables:
            raise NoFile(_("This page has no table to take along."))
        return _answer(_name_of(html), write(tables), wanted, content_type)
    if wanted in PICTURES:
        address = request.build_absolute_uri(request.path)
        svg = pictures.standalone(_picture(request, html), address=address, title=_title(request, html))
        content = pictures.as_png(svg) if wanted == "png" else svg
        return _answer(_name_of(html), content, wanted, PICTURES[wanted])
    possible = ", ".join([*TABLES, *PICTURES])
    text = _("“{format}” is no format for files. Possible are {possible}.")
    return errors.page(request, 400, text.format(format=wanted[:20], possible=possible))


def _drawn(response: HttpResponse) -> HttpResponse:
    """Return what a view has drawn whole, such as the map, as PNG."""
    name = response.headers["Content-Disposition"].partition('"')[2].removesuffix('.svg"')
    return _answer(name, pictures.as_png(response.content), "png", PICTURES["png"])


def _picture(request: Any, html: str) -> str:
    """Return the picture that `?picture=` asks for by its place on the page; the first where it asks for none."""
    found, number = pictures.pictures_of(html), request.GET.get("picture", "1")
    if not (number.isdecimal() and len(number) < 4 and 0 < int(number) <= len(found)):
        raise NoFile(_("There is no such picture on this page."))
    return found[int(number) - 1]


def _title(request: Any, html: str) -> Title:
    reality = request.reality
    moment = moment_of(reality, reality.as_of or timezone.localdate())
    return Title(title_of(html), f"{reality.head.name}, {moment}")


def _name_of(html: str) -> str:
    """Return what a file of a page is called."""
    return slugify(title_of(html))[:80] or "orgmodel"


def _answer(name: str, content: bytes, ending: str, content_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
