"""How sentences are put together, for whatever speaks of more than one thing."""

from __future__ import annotations

from collections.abc import Iterable


def names(parts: Iterable[str], limit: int = 4) -> str:
    """Join names for a sentence: "Ana, Ben and Cleo", or "Ana, Ben, Cleo and 9 more"."""
    parts = list(parts)
    if len(parts) > limit:
        parts = [*parts[: limit - 1], f"{len(parts) - limit + 1} more"]
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)
