"""The map in a browser: zoomed by button, key and wheel, moved by dragging, folded, printed one tribe a sheet."""

from __future__ import annotations

import re
from typing import Any

import pytest

CANVAS = "document.querySelector('[data-canvas]')"
SCALE = f"{CANVAS}.getBoundingClientRect().width / {CANVAS}.offsetWidth"
EMPTY = """([x, y]) => {
  while (document.elementFromPoint(x, y).closest("a")) y += 1;
  return y;
}"""


@pytest.fixture
def the_map(sign_in: Any) -> Any:
    page = sign_in("editor")
    page.goto("/map/")
    return page


def scale(page: Any) -> float:
    return float(round(page.evaluate(SCALE), 2))


def test_it_is_found_in_the_rail_and_by_key(sign_in: Any) -> None:
    page = sign_in("viewer")
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("/map/")
    assert page.locator("nav.rail [aria-current=page]").first.inner_text().strip() == "Map"


def test_keys_and_buttons_zoom_and_go_back(the_map: Any) -> None:
    for key in ("+", "+", "-"):
        the_map.keyboard.press(key)
    assert scale(the_map) == 1.25
    the_map.get_by_role("button", name="Zoom in").click()
    assert scale(the_map) == 1.56
    assert the_map.locator("[data-scale]").inner_text() == "156 %"
    the_map.keyboard.press("0")
    assert scale(the_map) == 1


def test_single_keys_rest_where_they_are_switched_off(the_map: Any) -> None:
    the_map.evaluate("document.body.dataset.shortcuts = 'off'")
    the_map.keyboard.press("+")
    assert scale(the_map) == 1


def test_the_wheel_zooms_with_ctrl_around_the_pointer(the_map: Any) -> None:
    name = the_map.get_by_text("Hanna Virtanen", exact=True).first
    name.scroll_into_view_if_needed()
    before = name.bounding_box()
    the_map.mouse.move(before["x"], before["y"])
    the_map.mouse.wheel(0, -120)
    assert scale(the_map) == 1
    before = name.bounding_box()
    the_map.mouse.move(before["x"], before["y"])
    the_map.keyboard.down("Control")
    the_map.mouse.wheel(0, -120)
    the_map.keyboard.up("Control")
    the_map.wait_for_function(f"{SCALE} > 1.4")
    assert abs(name.bounding_box()["x"] - before["x"]) < 8


def test_dragging_moves_what_is_zoomed(the_map: Any) -> None:
    for _ in range(4):
        the_map.keyboard.press("+")
    frame = the_map.locator("[data-panzoom]")
    left = frame.evaluate("frame => frame.scrollLeft")
    box = frame.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    y = the_map.evaluate(EMPTY, [x, y])
    the_map.mouse.move(x, y)
    the_map.mouse.down()
    the_map.mouse.move(x - 80, y, steps=4)
    the_map.mouse.up()
    assert frame.evaluate("frame => frame.scrollLeft") == pytest.approx(left + 80, abs=2)


def test_a_folded_tribe_keeps_its_numbers(the_map: Any) -> None:
    section = the_map.locator("section.tribe").first
    section.locator("details.drawn > summary").click()
    assert not section.locator("svg.matrix").is_visible()
    assert re.search(r"\d+ people", section.inner_text())


def test_it_works_without_javascript_and_scrolls(sign_in: Any) -> None:
    page = sign_in("viewer", java_script_enabled=False, viewport={"width": 320, "height": 640})
    page.goto("/map/")
    page.get_by_text("Color by").click()
    page.get_by_role("link", name="Level", exact=True).click()
    assert page.locator(".legend").get_by_text("Staff and above").is_visible()
    assert not page.get_by_role("button", name="Zoom in").is_visible()
    page.get_by_text("Show as table").first.click()
    assert page.get_by_role("table").first.is_visible()


def test_it_prints_one_tribe_a_sheet(the_map: Any) -> None:
    the_map.emulate_media(media="print")
    sheets = the_map.pdf(format="A4", landscape=True).count(b"/Type /Page\n")
    assert sheets == 3
