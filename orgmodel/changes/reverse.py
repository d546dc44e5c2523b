"""A change set that something has overtaken is taken back by a draft on today's organization, item by item."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from orgmodel.changes import drafts, jsonio, services, wording
from orgmodel.changes.models import Change as ChangeRow
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.core import changes as core
from orgmodel.core.changes import Change, Conflict
from orgmodel.core.operations import ApplyChanges, Operation, Refused
from orgmodel.core.operations.base import short
from orgmodel.core.org import Org
from orgmodel.core.replay import replay


@dataclass(frozen=True, slots=True)
class Item:
    """What one sentence of a change set takes to be taken back: what still fits, and what has been overtaken."""

    title: str
    fitting: tuple[Change, ...]
    overtaken: tuple[Change, ...]


def reverse_draft(change_set: ChangeSet, *, owner_id: int, at: datetime) -> Draft:
    """Start a draft that takes a change set back: one operation for each of its sentences, the last one first.

    What has been overtaken since is parked in it, with a note that says by what. Raises Refused where the change set is
    undone already, or where nothing of it is left to take back.
    """
    services.check_not_undone(change_set)
    live = services.current()
    items = _items(change_set, live)
    operations = _fitting_together(live, items, change_set, timezone.localdate(at))
    if not operations:
        raise Refused("All of this has been overtaken since; there is nothing left to take back.")
    name = f"Undo: {short(change_set.title, 180)}"
    draft = drafts.create_draft(name, owner_id=owner_id, at=at, operations=operations, reverses=change_set)
    for item in items:
        if item.overtaken:
            conflict = Conflict(core.conflicts(live, item.overtaken))
            operation = ApplyChanges(title=f"{item.title}, the rest", changes=item.overtaken)
            note = short(wording.in_short(conflict, live), services.MESSAGE_LIMIT)
            drafts.add_parked(draft, operation, note=note, author_id=owner_id, at=at)
    return draft


def _items(change_set: ChangeSet, live: Org) -> list[Item]:
    """Return what takes back each sentence of a change set, on the organization that the ones before it leave."""
    rows = ChangeRow.objects.filter(change_set=change_set).order_by("-operation", "pk")
    found, org = [], live.settle(live.version)
    for number, group in itertools.groupby(rows, key=lambda row: row.operation):
        changes = [_change(row) for row in group]
        inverse = core.invert(changes)
        after = core.fold(org, inverse)
        fitting = tuple(core.touched(after))
        overtaken = tuple(change for change in inverse if core.conflicts(org, [change]))
        found.append(Item(_title(change_set, number), fitting, overtaken))
        org = after.settle(live.version)
    return found


def _change(row: ChangeRow) -> Change:
    return jsonio.load_change({"kind": row.kind, "id": row.record, "before": row.before, "after": row.after})


def _title(change_set: ChangeSet, number: int) -> str:
    sentences = change_set.sentences
    sentence = str(sentences[number]) if number < len(sentences) else change_set.title
    return f"Take back: {short(sentence, 450)}"


def _fitting_together(live: Org, items: Sequence[Item], change_set: ChangeSet, on: date) -> list[Operation]:
    """Return an operation for each item, or one for all where they hold only together."""
    found: list[Operation] = [ApplyChanges(title=i.title, changes=i.fitting) for i in items if i.fitting]
    if not replay(live, found, on=on).misfits:
        return found
    together = tuple(
        core.touched(core.fold(live.settle(live.version), core.invert(services.changes_of(change_set))))
    )
    return [ApplyChanges(title=f"Take back: {short(change_set.title, 450)}", changes=together)]
