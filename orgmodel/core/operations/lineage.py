"""How operations on whole units record which unit came of which."""

from __future__ import annotations

import uuid
from datetime import date

from orgmodel.core.records import ChapterLineage, Lineage, SquadLineage, TribeLineage

LINEAGES: dict[str, type[Lineage]] = {"squad": SquadLineage, "tribe": TribeLineage, "chapter": ChapterLineage}
"""The kind of line between units of each kind that has a family."""


def lineage_id(predecessor: str, successor: str, on: date) -> str:
    """Return the id of a line between two units: worked out, so that doing the same again is the same line."""
    return str(uuid.uuid5(uuid.UUID(predecessor), f"{successor} {on}"))


def line(kind: str, predecessor: str, successor: str, *, how: str, on: date) -> Lineage:
    """Return the record that says which unit of a kind came of which."""
    id_ = lineage_id(predecessor, successor, on)
    return LINEAGES[kind](id=id_, predecessor=predecessor, successor=successor, on=on, how=how)
