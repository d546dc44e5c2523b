"""Pictures of a page as files of their own: SVG that needs no style sheet, and PNG where Cairo is there.

On a page the style sheet colors a picture, light or dark. A file goes into slides and wikis, so it is always light and
carries its colors itself, as presentation attributes.
"""

from __future__ import annotations

import copy
import functools
import importlib
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree as Xml

from django.conf import settings
from django.utils.translation import gettext as _

from orgmodel.changes.pictures.flat import ATTRIBUTES, HUES, INK, MARGIN, PAPER, TITLE, Title, heading, xml_of
from orgmodel.templatetags.orgmodel_ui import slot

SVG = "http://www.w3.org/2000/svg"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
PIXELS = 64_000_000  # of a PNG; larger ones are refused rather than half drawn

_PICTURE = re.compile(r'<svg class="chart\b')
_TAG = re.compile(r"<svg\b|</svg>")


class NoFile(Exception):
    """Why there is no such file, in words for people."""


def pictures_of(html: str) -> list[str]:
    """Return the pictures of a page, each as its markup."""
    return [html[found.start() : _end(html, found.start())] for found in _PICTURE.finditer(html)]


def _end(html: str, start: int) -> int:
    depth = 0
    for tag in _TAG.finditer(html, start):
        depth += 1 if tag[0] == "<svg" else -1
        if not depth:
            return tag.end()
    return len(html)


def standalone(markup: str, *, address: str, title: Title | None = None) -> bytes:
    """Return a picture as an SVG file. Its links lead to the page they are from, which was read at `address`."""
    root = Xml.fromstring(xml_of(markup))  # noqa: S314 - this application's own markup
    _paint(root)
    _make_links_whole(root, address)
    x, y, width, height = map(float, root.attrib["viewBox"].split())
    if title is not None:
        y, height = y - TITLE, height + TITLE
        width = max(width, 11 * len(title.name) + 7 * len(title.note))
        root.insert(0, Xml.fromstring(xml_of(heading(title, x, y))))  # noqa: S314 - as above
    root.attrib |= {
        "xmlns": SVG,
        "viewBox": f"{x - MARGIN:g} {y - MARGIN:g} {width + 2 * MARGIN:g} {height + 2 * MARGIN:g}",
        "width": f"{width + 2 * MARGIN:g}",
        "height": f"{height + 2 * MARGIN:g}",
        "font-family": FONT,
        "font-size": "12",
        "fill": INK,
        "color": HUES[0],
    }
    paper = {
        "x": f"{x - MARGIN:g}",
        "y": f"{y - MARGIN:g}",
        "width": "100%",
        "height": "100%",
        "fill": PAPER,
    }
    root.insert(0, Xml.Element("rect", paper))
    found: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return found


def _paint(element: Xml.Element) -> None:
    """Turn classes into attributes. What an element says of itself stays."""
    color = element.attrib.pop("data-color", "")
    if color.isdigit():
        element.attrib["color"] = HUES[slot(color)]
    for name in element.attrib.pop("class", "").split():
        element.attrib = {**ATTRIBUTES.get(name, {}), **element.attrib}
    for name in [name for name in element.attrib if name.startswith(("data-", "aria-", "tabindex"))]:
        del element.attrib[name]
    for use in element.findall("use"):
        element.remove(use)
        element.extend(_symbol(use.attrib["href"].rpartition("#")[2]))
        element.attrib.setdefault("viewBox", "0 0 10 10")
    for child in element:
        _paint(child)


@functools.cache
def _symbols() -> Mapping[str, Xml.Element]:
    text = (Path(settings.BASE_DIR) / "static" / "icons.svg").read_text().replace(f' xmlns="{SVG}"', "")
    return {symbol.attrib["id"]: symbol for symbol in Xml.fromstring(text).iter("symbol")}  # noqa: S314 - a file of ours


def _symbol(name: str) -> list[Xml.Element]:
    symbol = _symbols().get(name)
    return [copy.deepcopy(part) for part in symbol] if symbol is not None else []


def _make_links_whole(root: Xml.Element, address: str) -> None:
    for link in root.iter("a"):
        link.attrib["href"] = urljoin(address, link.attrib.get("href", ""))


def can_draw_png() -> bool:
    """Say whether this installation has what PNG files need: the optional packages, and Cairo itself."""
    return _converter() is not None


@functools.cache
def _converter() -> object | None:
    try:
        return importlib.import_module("cairosvg")
    except (ImportError, OSError):  # OSError: the package is there, the system library is not
        return None


def as_png(svg: bytes, *, scale: float = 2.0) -> bytes:
    """Return an SVG file as PNG, at twice its size. Raises NoFile where that cannot be done."""
    converter = _converter()
    if converter is None:
        raise NoFile(_("This installation makes no PNG files. Take the SVG, or see docs/hosting.md."))
    root = Xml.fromstring(svg)  # noqa: S314 - made above
    width, height = (float(root.attrib[name]) for name in ("width", "height"))
    if width * height * scale**2 > PIXELS:
        raise NoFile(_("This picture is too large for a PNG file. Take the SVG, or one tribe of it."))
    _join_aligned_texts(root)
    drawn: bytes = converter.svg2png(bytestring=Xml.tostring(root), scale=scale)  # type: ignore[attr-defined]
    return drawn


def _join_aligned_texts(root: Xml.Element) -> None:
    """Make one part of each text that ends or centers at a point: Cairo aligns every part of it by itself."""
    for text in root.iter(f"{{{SVG}}}text"):
        if "text-anchor" in text.attrib:
            words = "".join(text.itertext())
            for part in list(text):
                text.remove(part)
            text.text = words
