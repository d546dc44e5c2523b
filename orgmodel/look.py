"""How pages look to a reader, which a cookie keeps for each choice: theme, density, shortcuts, language, time zone."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_noop

OTHER_CLOCKS = ("Etc/", "SystemV/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/")  # old names of zones
ZONES = sorted(name for name in available_timezones() if "/" in name and not name.startswith(OTHER_CLOCKS))
LOOK = {
    "theme": (gettext_noop("system"), gettext_noop("light"), gettext_noop("dark")),
    "density": (gettext_noop("compact"), gettext_noop("cozy")),
    "shortcuts": (gettext_noop("on"), gettext_noop("off")),
    "language": ("browser", *(code for code, _ in settings.LANGUAGES)),
    "zone": tuple(
        dict.fromkeys([settings.TIME_ZONE, "UTC", *ZONES])
    ),  # of times of day; days are those of all
}
"""The choices of each cookie, with the default first, which needs none."""


def look_of(request: HttpRequest) -> dict[str, Any]:
    """Return theme, density, shortcuts, language and time zone, as the cookies say."""
    found = {}
    for name, choices in LOOK.items():
        chosen = request.COOKIES.get(name)
        found[name] = chosen if chosen in choices else choices[0]
    return found
