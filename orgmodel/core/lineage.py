"""Which unit came of which: the splits and mergers that led to a unit, and those that led on from it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from orgmodel.core.org import Org
from orgmodel.core.records import Lineage

LONGEST = 60  # lines; of a larger family the nearest are told


@dataclass(frozen=True, slots=True)
class Family:
    """A unit and its kin: ids of units, itself first, and the lines between them in order of time."""

    kind: str
    id: str
    nodes: tuple[str, ...]
    edges: tuple[Lineage, ...]


def family(org: Org, kind: str, id_: str) -> Family:
    """Return where a squad, tribe or chapter came from and what became of it, also of what it became.

    What joined an ancestor only after the unit had left it is no kin of it, and neither is what left a descendant
    before.
    """
    edges = _followed(org, kind, id_, "successor", "predecessor")
    edges |= _followed(org, kind, id_, "predecessor", "successor")
    in_order = sorted(edges.values(), key=lambda edge: (edge.on, edge.how, edge.id))
    kin = [end for edge in in_order for end in (edge.predecessor, edge.successor)]
    return Family(kind, id_, tuple(dict.fromkeys((id_, *kin))), tuple(in_order))


def _followed(org: Org, kind: str, id_: str, here: str, there: str) -> dict[str, Lineage]:
    """Return the lines that lead from a unit into the past (from successor to predecessor) or into the future."""
    found: dict[str, Lineage] = {}
    ahead: deque[tuple[str, date | None]] = deque([(id_, None)])
    while ahead and len(found) < LONGEST:
        unit, bound = ahead.popleft()
        for edge in _lines(org, kind, here, unit):
            if edge.id in found or not _is_on_the_way(edge.on, bound, into_the_past=here == "successor"):
                continue
            found[edge.id] = edge
            ahead.append((getattr(edge, there), edge.on))
    return found


def _lines(org: Org, kind: str, field: str, unit: str) -> Iterator[Lineage]:
    table = org.table(f"{kind}_lineage")
    for id_ in org.pointing(f"{kind}_lineage", field, unit):
        edge = table[id_]
        assert isinstance(edge, Lineage)
        yield edge


def _is_on_the_way(on: date, bound: date | None, *, into_the_past: bool) -> bool:
    return bound is None or (on <= bound if into_the_past else on >= bound)
