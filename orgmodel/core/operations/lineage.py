"""How operations on whole units record which unit came of which."""

from __future__ import annotations

import uuid
from datetime import date


def lineage_id(predecessor: str, successor: str, on: date) -> str:
    """Return the id of a line between two units: worked out, so that doing the same again is the same line."""
    return str(uuid.uuid5(uuid.UUID(predecessor), f"{successor} {on}"))
