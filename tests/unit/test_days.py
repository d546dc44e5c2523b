"""How pages write days, in each language."""

from __future__ import annotations

from datetime import date

import pytest
from django.template import Context, Template
from django.utils.formats import date_format
from django.utils.translation import override

from orgmodel.changes.pictures.drawing import day_of

LAST_YEAR = date(2024, 11, 3)


@pytest.mark.parametrize(("language", "said"), [("en", "3 Nov 2024"), ("sv", "3 nov 2024")])
def test_months_begin_as_the_language_writes_them(language: str, said: str) -> None:
    page = Template('{% load orgmodel_ui %}{{ on|day }}, {{ on|date:"j M Y" }}')
    with override(language):
        assert page.render(Context({"on": LAST_YEAR})) == f"{said}, {said}"
        assert day_of(LAST_YEAR) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("M", "nov"),
        ("M y", "nov 24"),
        ("j M", "3 nov"),
        ("D j M", "sön 3 nov"),
        ("j F Y", "3 november 2024"),
        ("MONTH_DAY_FORMAT", "3 november"),
        ("DATE_FORMAT", "3 november 2024"),
    ],
)
def test_swedish_writes_no_day_with_a_capital(name: str, said: str) -> None:
    with override("sv"):
        assert date_format(LAST_YEAR, name) == said
