"""A change set that something has overtaken is taken back by a draft on today's organization, item by item."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from orgmodel.changes import drafts, jsonio, services, wording
from orgmodel.changes.models import Change as ChangeRow
from orgmodel.changes.models import ChangeSet, Draft
from orgmodel.core import changes as core
from orgmodel.core.changes import Change, Conflict
from orgmodel.core.operations import ApplyChanges, Operation, Refused
from orgmodel.core.operations.base import name_of, short
from orgmodel.core.org import Org
from orgmodel.core.phrases import count, names, say
from orgmodel.core.replay import replay

TAKE_BACK = "Take back: "
PERSONAL = frozenset({"person", "membership", "chapter_member", "guild_member", "person_skill"})
UNITS = frozenset({"squad", "tribe", "chapter"})
AT_MOST = 300  # people in one sentence up to which each is taken back on their own


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is taken back on its own: what of it still fits, and what has been overtaken."""

    title: str
    fitting: tuple[Change, ...]
    overtaken: tuple[Change, ...]

    @property
    def operation(self) -> Operation:
        return ApplyChanges(title=self.title, changes=self.fitting)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What takes back one sentence of a change set, on the organization that the ones before it leave."""

    title: str
    changes: tuple[Change, ...]
    before: Org
    after: Org

    @property
    def whole(self) -> Item:
        return self.item(self.title, self.changes)

    def item(self, title: str, changes: Sequence[Change]) -> Item:
        fitting = tuple(core.touched(core.fold(self.before, changes)))
        overtaken = tuple(change for change in changes if core.conflicts(self.before, [change]))
        return Item(short(title, 490), fitting, overtaken)


def reverse_draft(change_set: ChangeSet, *, owner_id: int, at: datetime) -> Draft:
    """Start a draft that takes a change set back, the last sentence first: each person on their own, and the units.

    What has been overtaken since is parked in it, with a note that says by what. Raises Refused where the change set is
    undone already, or where nothing of it is left to take back.
    """
    services.check_not_undone(change_set)
    live = services.current()
    items = _items(change_set, live, timezone.localdate(at))
    operations = _operations(items)
    if not operations:
        raise Refused(say("All of this has been overtaken since; there is nothing left to take back."))
    name = f"Undo: {short(change_set.title, 180)}"
    draft = drafts.create_draft(name, owner_id=owner_id, at=at, operations=operations, reverses=change_set)
    for item in items:
        if item.overtaken:
            conflict = Conflict(core.conflicts(live, item.overtaken))
            title = say("{change}, the rest", change=item.title) if item.fitting else item.title
            operation = ApplyChanges(title=title, changes=item.overtaken)
            note = short(wording.in_short(conflict, live), services.MESSAGE_LIMIT)
            drafts.add_parked(draft, operation, note=note, author_id=owner_id, at=at)
    return draft


def _operations(items: Iterable[Item]) -> list[Operation]:
    return [item.operation for item in items if item.fitting]


def _items(change_set: ChangeSet, live: Org, on: date) -> list[Item]:
    """Return what is taken back each on its own: people and units, else whole sentences, else everything at once."""
    sentences = _sentences(change_set, live)
    parts = [item for sentence in sentences for item in _parts(sentence, on)]
    wholes = [sentence.whole for sentence in sentences]
    for items in (parts, wholes):
        if not replay(live, _operations(items), on=on).misfits:
            return items
    org = live.settle(live.version)
    inverse = tuple(core.invert(services.changes_of(change_set)))
    everything = Sentence(_take_back(change_set.title), inverse, org, core.fold(org, inverse))
    return [everything.whole]


def _sentences(change_set: ChangeSet, live: Org) -> list[Sentence]:
    rows = ChangeRow.objects.filter(change_set=change_set).order_by("-operation", "pk")
    found, org = [], live.settle(live.version)
    for number, group in itertools.groupby(rows, key=lambda row: row.operation):
        inverse = tuple(core.invert([_change(row) for row in group]))
        after = core.fold(org, inverse)
        found.append(Sentence(_title(change_set, number), inverse, org, after))
        org = after.settle(live.version)
    return found


def _change(row: ChangeRow) -> Change:
    return jsonio.load_change({"kind": row.kind, "id": row.record, "before": row.before, "after": row.after})


def _title(change_set: ChangeSet, number: int) -> str:
    sentences = change_set.sentences
    return _take_back(sentences[number] if number < len(sentences) else change_set.title)


def _take_back(what: str) -> str:
    return say("Take back: {what}", what=short(what, 450))


def _parts(sentence: Sentence, on: date) -> list[Item]:
    """Return a sentence by person, with the units before or after the people, or whole where it holds only together.

    What opens again is there before its people come back; what goes again is left by its people first.
    """
    of_people: dict[str, list[Change]] = {}
    others: list[Change] = []
    for change in sentence.changes:
        person = _person_of(change, sentence)
        (others if person is None else of_people.setdefault(person, [])).append(change)
    if len(of_people) > AT_MOST or len(of_people) + bool(others) < 2:
        return [sentence.whole]
    people = [sentence.item(_about(person, own, sentence), own) for person, own in of_people.items()]
    units = [sentence.item(_about_units(others, sentence), others)] if others else []
    for items in ([*units, *people], [*people, *units]):
        if not replay(sentence.before, _operations(items), on=on).misfits:
            return items
    return [sentence.whole]


def _person_of(change: Change, sentence: Sentence) -> str | None:
    """Return whom a change is about; None for what is about units, or about nobody who is known any more."""
    if change.kind not in PERSONAL:
        return None
    if change.kind == "person":
        return change.id
    values = {**(change.before or {}), **(change.after or {})}
    record = sentence.before.get(*change.ref)
    found = values.get("person") or getattr(record, "person", None)
    return str(found) if found is not None else None


def _about(person: str, changes: Sequence[Change], sentence: Sentence) -> str:
    """Return what is taken back for one person: "Take back: Ana Ruiz to Search"."""
    org = sentence.after if sentence.after.get("person", person) is not None else sentence.before
    who = name_of(org, "person", person)
    memberships = [change for change in changes if change.kind == "membership"]
    to = next((c.after["squad"] for c in memberships if c.after and "squad" in c.after), None)
    left = next((c.before["squad"] for c in memberships if c.before and c.after is None), None)
    if org is sentence.before:
        return say("Take back: {person} as a new colleague", person=who)
    if to is not None:
        return say("Take back: {person} to {squad}", person=who, squad=name_of(sentence.after, "squad", to))
    if left is not None:
        squad = name_of(sentence.before, "squad", left)
        return say("Take back: {person} out of {squad}", person=who, squad=squad)
    return say("Take back: {person} as before", person=who)


def _about_units(changes: Sequence[Change], sentence: Sentence) -> str:
    """Return what is taken back for the units: "Take back: Offline & Downloads opens again", else the sentence."""
    of_units = [change for change in changes if change.kind in UNITS]
    opened = [c for c in of_units if c.before and c.after and c.after.get("closed_on", 0) is None]
    gone = [c for c in of_units if c.after is None]
    if opened:
        units = names(name_of(sentence.after, *change.ref) for change in opened)
        return count(opened, "Take back: {units} opens again", "Take back: {units} open again", units=units)
    if gone:
        units = names(name_of(sentence.before, *change.ref) for change in gone)
        return say("Take back: the new {units}", units=units)
    return sentence.title
