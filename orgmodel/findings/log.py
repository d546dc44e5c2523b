"""What the log knows about findings and rows do not tell: since when something is as it is."""

from __future__ import annotations

import bisect
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from orgmodel.changes import jsonio
from orgmodel.changes.models import Change as ChangeRow
from orgmodel.changes.models import ChangeSet, Mention
from orgmodel.core import changes as core
from orgmodel.core.org import Org, Ref
from orgmodel.core.records import specs_of
from orgmodel.core.rules.base import Finding
from orgmodel.core.rules.findings import Findings, evaluate

ASKED = 1_000  # people or squads; of more the log is asked nothing, and rules make do with what rows tell
WALKED = 20_000  # changes that are taken back at most to see when a finding began
A_DAY = timedelta(days=1)


def days_before(org: Org, today: date) -> dict[Ref, date]:
    """Return since when people have no squad, and since when squads are in a state that is to pass."""
    idle = [
        person.id
        for person in org.people.values()
        if person.is_here and not org.pointing("membership", "person", person.id)
    ]
    forming = [squad.id for squad in org.squads.values() if squad.state == "forming"]
    return {
        **{("person", id_): day for id_, day in _left_on(idle, today).items()},
        **{("squad", id_): day for id_, day in _entered_on(forming, today).items()},
    }


def _left_on(people: Collection[str], today: date) -> dict[str, date]:
    """Return when people were last taken out of a squad, where they ever were in one."""
    if not 0 < len(people) <= ASKED:
        return {}
    versions = Mention.objects.filter(kind="person", record__in=people).values("version")
    rows = ChangeRow.objects.filter(
        kind="membership",
        before__isnull=False,
        after__isnull=True,
        change_set__version__in=versions,
        change_set__effective_on__lte=today,
    )
    columns: Any = rows.values_list("before", "change_set__effective_on")
    found: dict[str, date] = {}
    for before, day in columns:
        who = before["person"]
        found[who] = max(found.get(who, day), day)
    wanted = set(people)
    return {who: day for who, day in found.items() if who in wanted}


def _entered_on(squads: Collection[str], today: date) -> dict[str, date]:
    """Return when squads entered the state that they are in."""
    if not 0 < len(squads) <= ASKED:
        return {}
    rows = ChangeRow.objects.filter(
        kind="squad", record__in=squads, after__isnull=False, change_set__effective_on__lte=today
    )
    columns: Any = rows.order_by("pk").values_list("record", "after", "change_set__effective_on")
    return {id_: day for id_, after, day in columns if "state" in after}


# Since when a finding is there


@dataclass(slots=True)
class _Search:
    """What is still sought: for each finding, the earliest day on which it is known to be there."""

    among: Findings
    there: dict[str, date]
    refs: dict[str, Ref]
    began: dict[str, date]

    def look_back(self, org: Org, earlier: Org, day: date, key: str) -> None:
        """Look across a day on which a subject changed; `earlier` is the organization before that."""
        ref = self.refs[key]
        if self.find(org, day, key) is None or day == date.min:
            self.settle(org, day, key)
            return
        self.there[key] = day
        if earlier.get(*ref) is None:
            own = _own_day(org, ref) if self.counts_days(org, day, key) else None
            self.settle(org, min(own or day, day), key)
        elif self.find(earlier, day - A_DAY, key) is None:
            self.began[key] = self.there.pop(key)
        else:
            self.there[key] = day - A_DAY

    def find(self, org: Org, day: date, key: str) -> Finding | None:
        found = evaluate(org, day, self.among.settings, since=self.among.since, subjects=[self.refs[key]])
        return found.get(key)

    def counts_days(self, org: Org, day: date, key: str) -> bool:
        """Say whether a finding is about how long something lasts, so that it may be older than its record."""
        now, before = self.find(org, day, key), self.find(org, day - A_DAY, key)
        return now is not None and (before is None or now.value != before.value)

    def settle(self, org: Org, first: date, key: str) -> None:
        """Find the day on which something began, in a time from `first` on in which its subject did not change."""
        days = (self.there.pop(key) - first).days
        later = bisect.bisect_left(
            range(days), 1, key=lambda n: int(self.find(org, first + n * A_DAY, key) is not None)
        )
        self.began[key] = first + later * A_DAY


def since_of(org: Org, among: Findings, findings: Iterable[Finding]) -> dict[str, date]:
    """Return since when findings are there, by key, as today's rules see it.

    The organization is taken back change set by change set, and asked again wherever a subject changed. What began
    earlier than the log is read back to is dated by the earliest day on which it is known to have been there.
    """
    wanted = list(findings)
    search = _Search(among, {f.key: among.today for f in wanted}, {f.key: f.ref for f in wanted}, {})
    watched = {key: _watched(org, ref) for key, ref in search.refs.items()}
    mentioned = _mentions(ref for refs in watched.values() for ref in refs)
    passed: list[int] = []
    for day, versions in _days(among.today, mentioned):
        touched = {ref for version in versions for ref in mentioned.get(version, ())}
        keys = [key for key in search.there if watched[key] & touched]
        if not keys:
            passed += versions
            continue
        org = _without(org, passed)
        earlier = _without(org, versions)
        for key in keys:
            search.look_back(org, earlier, day, key)
        org, passed = earlier, []
        if not search.there:
            break
    return {**search.there, **search.began}


def found_on(org: Org, among: Findings, days: Iterable[date]) -> Iterator[tuple[Org, Findings]]:
    """Yield the organization at the end of earlier days and what today's rules find in it, the latest day first,
    walking back through the log once."""
    later = among.today
    for day in sorted(days, reverse=True):
        passed = ChangeSet.objects.filter(effective_on__gt=day, effective_on__lte=later)
        org, later = _without(org, list(passed.values_list("version", flat=True))), day
        yield org, evaluate(org, day, among.settings, since=days_before(org, day))


def mentioned_as(org: Org, ref: Ref) -> Ref:
    """Return what the log mentions where a record changes: of a dependency, the squad that waits."""
    record: Any = org.get(*ref)
    return ("squad", record.squad) if ref[0] == "dependency" and record is not None else ref


def _watched(org: Org, ref: Ref) -> set[Ref]:
    """Return whose changes may change what is said of a record: of a person, their chapter's too, for its lead."""
    chapter = org.chapter_of(ref[1]) if ref[0] == "person" else None
    return {mentioned_as(org, ref), *([("chapter", chapter.id)] if chapter is not None else [])}


def _mentions(refs: Iterable[Ref]) -> Mapping[int, set[Ref]]:
    wanted = set(refs)
    rows: Any = Mention.objects.filter(
        kind__in={kind for kind, _ in wanted}, record__in={id_ for _, id_ in wanted}
    )
    found: dict[int, set[Ref]] = {}
    for version, kind, id_ in rows.values_list("version", "kind", "record"):
        found.setdefault(version, set()).add((kind, id_))
    return found


def _days(today: date, mentioned: Mapping[int, Any]) -> Iterator[tuple[date, list[int]]]:
    """Yield the days back to the first mention, each with the versions that took effect on it, the newest first."""
    if not mentioned:
        return
    rows = ChangeSet.objects.filter(effective_on__lte=today).order_by("-effective_on", "-version")
    day: date | None = None
    versions: list[int] = []
    walked, left = 0, set(mentioned)
    for version, on, size in rows.values_list("version", "effective_on", "change_count").iterator():
        if day is not None and on != day:
            yield day, versions
            versions = []
            if not left or walked > WALKED:
                return
        day = on
        versions.append(version)
        walked += size
        left.discard(version)
    if day is not None and versions:
        yield day, versions


def _without(org: Org, versions: list[int]) -> Org:
    """Return the organization without these change sets."""
    if not versions:
        return org
    rows = ChangeRow.objects.filter(change_set__version__in=versions).order_by("-change_set__version", "pk")
    columns = rows.values_list("kind", "record", "before", "after")
    changes = (
        jsonio.load_change({"kind": kind, "id": id_, "before": before, "after": after})
        for kind, id_, before, after in columns.iterator()
    )
    return core.fold_back(org, changes).settle(org.version)


def _own_day(org: Org, ref: Ref) -> date | None:
    """Return the earliest day that a record itself tells of, which may be before it was recorded."""
    record = org.get(*ref)
    if record is None:
        return None
    days = (getattr(record, name) for name, spec in specs_of(ref[0]).items() if spec.kind == "date")
    return min((day for day in days if day is not None), default=None)
