"""The figures of the whole organization. They cost reading all of it, so they are kept and moved forward by the log."""

from __future__ import annotations

from typing import Any

from orgmodel.changes.models import Change as ChangeRow
from orgmodel.changes.models import ChangeSet, Head
from orgmodel.core import changes as core
from orgmodel.core.figures import Figures, figures_between, figures_of
from orgmodel.core.org import Org

LIMIT = 5_000  # changes; where there are more since, counting anew is as fast

_known: tuple[Any, Org, Figures] | None = None


def figures_on(org: Org, head: Head, live: Org) -> Figures:
    """Return the figures of an organization that counts what it touched from live, such as a draft or a past day."""
    return figures_between(figures_today(head, live), live, org, core.touched(org))


def figures_today(head: Head, live: Org) -> Figures:
    """Return the figures of the live organization, at the price of what has changed since they were asked last."""
    global _known  # noqa: PLW0603 - what this process keeps, and the one place that sets it
    before = _known
    if before is not None and (before[0], before[1].version) == (head.change_set, live.version):
        return before[2]
    figures = _moved_forward(*before, live) if before is not None else None
    _known = (head.change_set, live, figures or figures_of(live))
    return _known[2]


def _moved_forward(change_set: Any, org: Org, figures: Figures, live: Org) -> Figures | None:
    """Return figures after what has changed since a version; None for one of another log, or much earlier."""
    since = ChangeSet.objects.filter(version__range=(org.version, live.version))
    sizes: dict[Any, int] = dict(since.values_list("pk", "change_count"))
    if sizes.pop(change_set, None) is None or sum(sizes.values()) > LIMIT:
        return None
    rows = ChangeRow.objects.filter(change_set__in=list(sizes)).values_list("kind", "record")
    refs = {(str(kind), str(id_)) for kind, id_ in rows}
    changes = core.in_order(core.change_between(org.get(*ref), live.get(*ref)) for ref in refs)
    return figures_between(figures, org, live, changes)
