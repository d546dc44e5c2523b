"""Reads settings from the environment. What a setting cannot be is refused in one sentence that names it.

A variable that is empty counts as not set, as it is where a container is handed one that has no value outside.
"""

from __future__ import annotations

import ipaddress
import os
import re
import warnings
import zoneinfo
from collections.abc import Sequence
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

YES = frozenset({"true", "yes", "on", "1"})
NO = frozenset({"false", "no", "off", "0"})
HOST = re.compile(r"[^\s/:]+|[^\s/]*:[^\s/]*:[^\s/]*")  # with two colons it is an address of IPv6
DATABASES = ("django.db.backends.postgresql", "django.db.backends.sqlite3")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def texts(name: str) -> list[str]:
    """Return what stands between commas."""
    return [each for part in text(name).split(",") if (each := part.strip())]


def flag(name: str, *, default: bool) -> bool:
    given = text(name).lower()
    if given and given not in YES | NO:
        raise ImproperlyConfigured(f"{name} must be true or false, not “{given}”.")
    return given in YES if given else default


def number(name: str, default: int, *, least: int = 0) -> int:
    given = text(name, str(default))
    if re.fullmatch("[0-9]{1,9}", given) is None or int(given) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number, {least} or more, not “{given}”.")
    return int(given)


def choice(name: str, choices: Sequence[str]) -> str:
    """Return one of some words, the first where none is given."""
    given = text(name, choices[0])
    if given not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not “{given}”.")
    return given


def time_zone(name: str, default: str) -> str:
    given = text(name, default)
    try:
        zoneinfo.ZoneInfo(given)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ImproperlyConfigured(
            f"{name} must be a zone such as Europe/Stockholm, not “{given}”."
        ) from None
    return given


def hosts(name: str) -> list[str]:
    found = [host.lower() for host in texts(name)]
    for host in found:
        if HOST.fullmatch(host) is None:
            example = "such as org.example.com: without https://, port or path"
            raise ImproperlyConfigured(f"{name} must name hosts, {example}; “{host}” is none.")
    return found


def origins(name: str) -> list[str]:
    found = texts(name)
    for origin in found:
        scheme, _, host = origin.partition("://")
        if scheme not in ("http", "https") or not host or "/" in host:
            raise ImproperlyConfigured(
                f"{name} must name origins such as https://org.example.com; “{origin}” is none."
            )
    return found


def networks(name: str) -> list[str]:
    found = texts(name)
    for network in found:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            raise ImproperlyConfigured(
                f"{name} must name networks such as 10.0.0.0/8 or 192.0.2.7; “{network}” is none."
            ) from None
    return found


def database(name: str, default: str) -> dict[str, Any]:
    """Return the database that an address names, as Django takes it. The address is not told: it holds a password."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that the kind is not known is refused below
            found: dict[str, Any] = environ.Env.db_url_config(text(name, default))
    except ValueError:
        found = {}
    if found.get("ENGINE") not in DATABASES or not found["NAME"]:
        raise ImproperlyConfigured(
            f"{name} must be postgres://user:password@host:5432/name, or empty for a SQLite file."
        )
    return found


def check_random(name: str, keys: Sequence[str]) -> None:
    """Refuse keys that could be guessed. They are not told."""
    if not all(len(key) >= 50 and len(set(key)) >= 5 for key in keys):
        raise ImproperlyConfigured(f"{name} must be random text of 50 characters or more.")
