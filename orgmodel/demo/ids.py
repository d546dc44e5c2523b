"""What the demo's modules share: ids that follow from names, and days that count back from the day it is loaded."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from orgmodel.core.operations.base import free_key
from orgmodel.core.org import Org


def id_of(kind: str, *names: str) -> str:
    """Return the id of a demo record: it follows from its name, so that history can speak of it."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"kestrel-audio/{kind}/{'/'.join(names)}"))


def person_id(name: str) -> str:
    return id_of("person", name)


def maybe(kind: str, name: str | None) -> str | None:
    return id_of(kind, name) if name else None


def key_of(kind: str, name: str) -> str:
    return free_key(Org.empty(), kind, name)


def days_before(today: date, days: int) -> date:
    return today - timedelta(days=days)


def names_in(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
