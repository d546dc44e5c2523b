"""How pages write days, in each language."""

from __future__ import annotations

from datetime import date

import pytest
from django.template import Context, Template
from django.utils.translation import override

from orgmodel.changes.pictures.drawing import day_of

LAST_YEAR = date(2024, 11, 3)


@pytest.mark.parametrize(("language", "said"), [("en", "3 Nov 2024"), ("sv", "3 nov 2024")])
def test_months_begin_as_the_language_writes_them(language: str, said: str) -> None:
    page = Template('{% load orgmodel_ui %}{{ on|day }}, {{ on|date:"j M Y" }}')
    with override(language):
        assert page.render(Context({"on": LAST_YEAR})) == f"{said}, {said}"
        assert day_of(LAST_YEAR) == said
