"""What a search answers with: links in groups."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """A link with what stands beside it."""

    name: str
    note: str
    url: str
    color: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind. `more` are not shown; `url` lists them all."""

    label: str
    hits: list[Hit]
    more: int = 0
    url: str = ""
