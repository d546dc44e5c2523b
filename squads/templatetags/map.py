"""The signs of the map's legend."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

from squads.board import Tone
from squads.matrix.drawing import swatch

register = template.Library()


@register.simple_tag
def map_swatch(tone: Tone) -> SafeString:
    """`{% map_swatch tone %}`: the dot of a tone, in a picture of its own."""
    return mark_safe(swatch(tone))  # noqa: S308 - shapes and numbers only
