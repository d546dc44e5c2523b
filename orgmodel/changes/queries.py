"""What the pages about drafts and the log read. A page of the log costs what it shows, whatever the log weighs."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import operator
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from orgmodel.access import roles
from orgmodel.changes import jsonio, services, wording
from orgmodel.changes.models import Change as ChangeRow
from orgmodel.changes.models import ChangeSet, Draft, DraftOperation, Mention, undoings
from orgmodel.changes.reverse import TAKE_BACK
from orgmodel.changes.services import UndoPlan
from orgmodel.changes.telling import ways_to_seek
from orgmodel.changes.wording import Fact
from orgmodel.core import changes as core
from orgmodel.core.changes import Change
from orgmodel.core.operations import OPERATIONS, ApplyChanges, MovePeople
from orgmodel.core.org import Org, Ref, by_name
from orgmodel.core.phrases import Phrase, count, joined, say
from orgmodel.core.reach import tribes_of
from orgmodel.core.records import KINDS, Record, Tribe, specs_of
from orgmodel.core.replay import Replay, Step
from orgmodel.core.vocabulary import STANDARD, Vocabulary

PAGE = 30  # change sets, drafts or intents on a page
LONG_PAGE = 100  # changes of one intent on a page of its own
SHOWN = 12  # changes beneath an intent before "and 300 more"
LATER = 5  # change sets shown above the day that one is looking at


# The log


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some change sets, newest first, and where the next and previous ones begin; None where there are none."""

    change_sets: list[ChangeSet]
    older: int | None
    newer: int | None


def history(
    *,
    text: str = "",
    words: Vocabulary = STANDARD,
    who: str = "",
    source: str = "",
    kind: str = "",
    record: Ref | None = None,
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[ChangeSet]:
    """Return the change sets that match, in no order.

    `text` is sought in reasons and sentences, in any case and language and in the organization's own words.
    """
    found = ChangeSet.objects.select_related("undoes").defer("told", "undoes__told")
    if text:
        told = (Q(told__contains=way) for way in ways_to_seek(text, words))
        found = found.filter(functools.reduce(operator.or_, told, Q(message__icontains=text)))
    if who:
        found = found.filter(actor_name__icontains=who)
    if source:
        found = found.filter(source=source)
    if kind:
        found = found.filter(pk__in=ChangeRow.objects.filter(kind=kind).values("change_set"))
    if record is not None:
        found = found.filter(version__in=_mentions(record).values("version"))
    if since is not None:
        found = found.filter(effective_on__gte=since)
    if until is not None:
        found = found.filter(effective_on__lte=until)
    return found


def _mentions(record: Ref) -> QuerySet[Mention]:
    kind, id_ = record
    return Mention.objects.filter(kind=kind, record=id_)


def log_page(found: QuerySet[ChangeSet], *, before: int | None = None, after: int | None = None) -> LogPage:
    """Return the change sets just before or just after a version, or the newest ones."""
    if after is not None:
        rows = list(found.filter(version__gt=after).order_by("version")[: PAGE + 1])
        more, shown = len(rows) > PAGE, rows[:PAGE][::-1]
        know_undoing(shown)
        return LogPage(shown, shown[-1].version if shown else None, shown[0].version if more else None)
    rows = list(
        (found.filter(version__lt=before) if before is not None else found).order_by("-version")[: PAGE + 1]
    )
    shown = rows[:PAGE]
    know_undoing(shown)
    older = shown[-1].version if len(rows) > PAGE else None
    return LogPage(shown, older, shown[0].version if before is not None and shown else None)


def know_undoing(change_sets: Sequence[ChangeSet]) -> None:
    """Let each of these change sets know what took it back, without asking once for each."""
    undoing = undoings(change_sets)
    for change_set in change_sets:
        change_set.undoing = undoing.get(change_set.pk)


def start_near(found: QuerySet[ChangeSet], day: date) -> int | None:
    """Return the version before which a page shows the last change of a day, with a few later ones above it."""
    at = (
        found.filter(effective_on__lte=day).order_by("-version").values_list("version", flat=True).first()
        or 0
    )
    above = (
        found.filter(version__gt=at).order_by("version").values_list("version", flat=True)[LATER : LATER + 1]
    )
    return next(iter(above), None)


def first_day() -> date | None:
    """Return the day that the record begins on."""
    return ChangeSet.objects.order_by("effective_on").values_list("effective_on", flat=True).first()


@dataclass(frozen=True, slots=True)
class Row:
    """A change set on the page. `is_later` than the day one is looking at; `divides` is the first that is not."""

    change_set: ChangeSet
    is_later: bool = False
    divides: bool = False


def divided(change_sets: Sequence[ChangeSet], day: date | None) -> list[Row]:
    """Return change sets as rows, those after a day marked, and where that day begins."""
    if day is None:
        return [Row(change_set) for change_set in change_sets]
    later = [change_set.effective_on > day for change_set in change_sets]
    first = later.index(False) if False in later else None
    return [Row(found, later[number], number == first) for number, found in enumerate(change_sets)]


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to one person or unit: one intent of a change set."""

    change_set: ChangeSet
    sentence: str


def record_changes(kind: str, id_: str, limit: int = 10, *, until: date | None = None) -> list[Event]:
    """Return the latest that happened to a person or unit, also through others: who joined, moved or left a squad.

    `until` leaves out what took effect after that day.
    """
    found_in = _mentions((kind, id_))
    if until is not None:
        found_in = found_in.filter(
            version__in=ChangeSet.objects.filter(effective_on__lte=until).values("version")
        )
    mentions = list(found_in.order_by("-version").values_list("version", "operation")[:limit])
    found = ChangeSet.objects.in_bulk([version for version, _ in mentions], field_name="version")
    return [
        Event(change_set, sentence_of(change_set, operation))
        for version, operation in mentions
        if (change_set := found.get(version)) is not None
    ]


def sentence_of(change_set: ChangeSet, operation: int) -> str:
    sentences = change_set.sentences
    return sentences[operation] if operation < len(sentences) else change_set.title


# What a change set changed


@dataclass(frozen=True, slots=True)
class Intent:
    """One intent of a change set or draft as a page shows it; `more` changes are left out."""

    sentence: str
    facts: tuple[Fact, ...]
    position: int
    more: int = 0
    more_url: str = ""
    reason: str = ""
    action: str = ""
    action_url: str = ""

    @property
    def status(self) -> str:
        return say("does not fit") if self.reason else ""

    @property
    def icon(self) -> str:
        return ICONS.get(self.sentence.partition(" ")[0].rstrip(":"), "edit")


ICONS = {
    "Add": "plus",
    "Close": "x",
    "Create": "plus",
    "Form": "plus",
    "Found": "plus",
    "Hire": "plus",
    "Import": "io",
    "Merge": "move",
    "Move": "move",
    "Open": "vacancy",
    "Reopen": "plus",
    "Rotate": "move",
    "Split": "move",
    "Swap": "move",
    "Take": "x",
    "Undo": "undo",
}


def intents_of(change_set: ChangeSet, live: Org, positions: Sequence[int]) -> list[Intent]:
    """Return these intents of a change set, each with its first changes."""
    return intents_of_all({change_set: positions}, live)[change_set.pk]


def intents_of_all(wanted: Mapping[ChangeSet, Sequence[int]], live: Org) -> dict[str, list[Intent]]:
    """Return some intents of several change sets, by the id of the change set, each with its first changes."""
    of_intent = [F("change_set"), F("operation")]
    chosen = Q(pk__in=())
    for change_set, positions in wanted.items():
        chosen |= Q(change_set=change_set, operation__in=positions)
    rows = ChangeRow.objects.filter(chosen).annotate(
        nth=Window(RowNumber(), partition_by=of_intent, order_by=F("pk").asc()),
        count=Window(Count("pk"), partition_by=of_intent),
    )
    columns = ("change_set", "operation", "count", "kind", "record", "before", "after")
    shown: Any = rows.filter(nth__lte=SHOWN).order_by("change_set", "operation", "pk").values_list(*columns)
    told = [(pk, operation, size, _change(*rest)) for pk, operation, size, *rest in shown]
    names = Names(live, [change for *_, change in told])
    found: dict[tuple[Any, int], list[Fact]] = {}
    counts: dict[tuple[Any, int], int] = {}
    for pk, operation, size, change in told:
        found.setdefault((pk, operation), []).extend(names.facts_of(change))
        counts[pk, operation] = size
    return {
        change_set.pk: [
            Intent(
                sentence_of(change_set, position),
                tuple(found.get((change_set.pk, position), ())),
                position,
                more=max(0, counts.get((change_set.pk, position), 0) - SHOWN),
            )
            for position in positions
        ]
        for change_set, positions in wanted.items()
    }


def facts_of(change_set: ChangeSet, live: Org, position: int, start: int) -> tuple[Fact, ...]:
    """Return a page of what one intent of a change set changed."""
    rows = ChangeRow.objects.filter(change_set=change_set, operation=position).order_by("pk")
    changes = [change for _, change in _changes(rows[start : start + LONG_PAGE])]
    names = Names(live, changes)
    return tuple(fact for change in changes for fact in names.facts_of(change))


def facts_of_rows(rows: Sequence[ChangeRow], live: Org) -> list[tuple[Fact, ...]]:
    """Return what each of these rows of the log changed."""
    changes = [_change(row.kind, row.record, row.before, row.after) for row in rows]
    names = Names(live, changes)
    return [names.facts_of(change) for change in changes]


def change_count(change_set: ChangeSet, position: int) -> int:
    """Return how many changes belong to one intent of a change set."""
    return ChangeRow.objects.filter(change_set=change_set, operation=position).count()


def _changes(rows: QuerySet[ChangeRow]) -> list[tuple[int, Change]]:
    found: Any = rows.values_list("operation", "kind", "record", "before", "after")
    return [(operation, _change(*rest)) for operation, *rest in found]


def _change(kind: str, id_: str, before: Any, after: Any) -> Change:
    return jsonio.load_change({"kind": kind, "id": id_, "before": before, "after": after})


class Names:
    """Two small organizations that hold just what some logged changes need to be told: before them and after them.

    A record that is there no more is taken from its deletion in the log, which has all of its fields.
    """

    def __init__(self, live: Org, changes: Sequence[Change]) -> None:
        self._live = live
        self._lost: dict[Ref, Record] = {}
        edited = [change.ref for change in changes if change.before is not None and change.after is not None]
        self._find(edited)
        before = [self._side(change, change.before) for change in changes]
        after = [self._side(change, change.after) for change in changes]
        sides = [record for record in (*before, *after) if record is not None]
        named = {ref for record in sides for ref in _references(record)}
        self._find(named)
        others = [record for ref in named if (record := self._known(ref)) is not None]
        self.before, self.after = _small([*others, *before]), _small([*others, *after])

    def facts_of(self, change: Change) -> tuple[Fact, ...]:
        return wording.facts([change], self.before, self.after)

    def _known(self, ref: Ref) -> Record | None:
        return self._live.get(*ref) or self._lost.get(ref)

    def _side(self, change: Change, values: Mapping[str, Any] | None) -> Record | None:
        if values is None:
            return None
        if change.before is None or change.after is None:
            return KINDS[change.kind](id=change.id, **values)
        known = self._known(change.ref)
        return dataclasses.replace(known, **values) if known is not None else None

    def _find(self, refs: Iterable[Ref]) -> None:
        self._lost |= lost(ref for ref in refs if self._known(ref) is None)


def _small(records: Iterable[Record | None]) -> Org:
    """Return an organization of these records, each as it is named last."""
    return Org.build({(each.KIND, each.id): each for each in records if each is not None}.values())


def lost(refs: Iterable[Ref]) -> dict[Ref, Record]:
    """Return records that are there no more as they were last, from their deletion in the log."""
    missing = {id_: kind for kind, id_ in refs}
    if not missing:
        return {}
    deletions = ChangeRow.objects.filter(
        kind__in=set(missing.values()), record__in=missing, after__isnull=True
    )
    return {
        change.ref: KINDS[change.kind](id=change.id, **change.before)
        for _, change in _changes(deletions.order_by("pk"))
        if change.before is not None
    }


def _references(record: Record) -> Iterable[Ref]:
    for name, spec in specs_of(record.KIND).items():
        if spec.kind == "ref" and (id_ := getattr(record, name)) is not None:
            yield spec.target, id_


# Undo


def undo_intent(plan: UndoPlan, live: Org) -> Intent:
    """Return what undoing would change today."""
    changes = plan.operation.changes
    facts = wording.facts(changes[:SHOWN], live, core.fold(live, changes))
    return Intent(plan.operation.title, facts, 0, more=max(0, len(changes) - SHOWN))


def objection_to(plan: UndoPlan) -> wording.Objection | None:
    """Return what is in the way of undoing what still fits, if anything is."""
    try:
        services.preview([plan.operation])
    except wording.OBJECTIONS as objection:
        return objection
    return None


# Drafts


def latest_of(user: Any, *, among: int = 50) -> ChangeSet | None:
    """Return the latest change set of this user that is not undone and no undo itself.

    What was redone is not taken back twice: the redo is the latest, and stands for it.
    """
    own = list(
        ChangeSet.objects.filter(actor=user).select_related("undoes__undoes").order_by("-version")[:among]
    )
    undone = undoings({first_of(found) for found in own} | {*own})
    stands = (found for found in own if not {found.pk, first_of(found).pk} & undone.keys())
    return next((found for found in stands if not found.takes_back), None)


def first_of(change_set: ChangeSet) -> ChangeSet:
    """Return what a redo brought back, else the change set itself."""
    undone = change_set.undoes
    return undone.undoes if undone is not None and undone.undoes is not None else change_set


def left_by(undoing: ChangeSet) -> int:
    """Return how many changes the draft that took something back still keeps parked: those were left as they are."""
    published = DraftOperation.objects.filter(change_set=undoing).values("draft")
    return DraftOperation.objects.filter(draft__in=published, state=DraftOperation.State.PARKED).count()


def earlier_moves(people: Sequence[str], since: date) -> dict[str, tuple[date, ...]]:
    """Return for each of these people the days since then on which their squad or line manager changed.

    From the log, without what was undone; joining a first squad and getting a first manager do not count.
    """
    live = services.current()
    person_of = {m.id: person for person in people for m in live.memberships_of(person)}
    moves = ChangeRow.objects.filter(kind="membership", after__has_key="squad", before__has_key="squad")
    managers = ChangeRow.objects.filter(
        kind="person", after__has_key="manager", before__has_key="manager"
    ).exclude(before__manager=None)
    found: dict[str, set[date]] = {}
    for rows, owner in ((moves, person_of), (managers, {person: person for person in people})):
        made = rows.filter(change_set__effective_on__gte=since, change_set__undoes=None)
        ids = list(owner)
        for start in range(0, len(ids), 1_000):
            some = list(made.filter(record__in=ids[start : start + 1_000]).select_related("change_set"))
            undone = undoings({row.change_set for row in some})
            for row in some:
                if row.change_set_id not in undone:
                    found.setdefault(owner[row.record], set()).add(row.change_set.effective_on)
    return {person: tuple(sorted(days)) for person, days in found.items()}


def users_of(*held: str, limit: int = 6) -> list[str]:
    """Return the names of some users of these roles."""
    users = get_user_model().objects.filter(is_active=True, groups__name__in=held)
    return [roles.name_of(user) for user in users.order_by("pk").distinct()[:limit]]


def summaries(drafts: Sequence[Draft]) -> dict[str, Phrase]:
    """Return each draft in one line, such as "7 moves, 1 new squad", from its operations' names alone."""
    operations = DraftOperation.objects.filter(
        draft__in=drafts, state__in=(DraftOperation.State.STANDING, DraftOperation.State.PUBLISHED)
    ).order_by("draft", "position")
    rows = operations.values_list("draft_id", "body__operation", "body__people", "body__title")
    by_draft = itertools.groupby(rows, key=lambda row: row[0])
    found: dict[Any, Phrase] = {
        draft: in_one_line((_counted(name, title), len(people or ())) for _, name, people, title in group)
        for draft, group in by_draft
    }
    return {draft.pk: found.get(draft.pk, in_one_line(())) for draft in drafts}


def summary(planned: Replay) -> Phrase:
    """Return a draft in one line, such as "7 moves, 1 new squad"."""
    operations = [step.operation for step in planned.steps]
    return in_one_line(
        (
            _counted(type(operation).__name__, getattr(operation, "title", "")),
            len(getattr(operation, "people", ())),
        )
        for operation in operations
    )


def _counted(name: str, title: str | None) -> str:
    """Return what an operation counts as: changes that take something back are no import."""
    is_back = name == ApplyChanges.__name__ and (title or "").startswith(TAKE_BACK)
    return TAKEN_BACK if is_back else name


def draft_facts(planned: Replay, step: Step, start: int) -> tuple[Fact, ...]:
    """Return a page of what one intent of a draft changes."""
    return wording.facts(step.changes[start : start + LONG_PAGE], planned.before, planned.after)


TAKEN_BACK = "TakeBack"
VERBS = {
    "Hire": ("hire", "hires"),
    TAKEN_BACK: ("taken back", "taken back"),
    "Offboard": ("departure", "departures"),
    "Join": ("new member", "new members"),
    "Leave": ("member less", "members less"),
    "Rename": ("rename", "renames"),
    "Reword": ("new wording", "new wordings"),
    "MoveChapter": ("chapter to another tribe", "chapters to other tribes"),
    "Move": ("squad to another tribe", "squads to other tribes"),
    "Split": ("split", "splits"),
    "Merge": ("merge", "merges"),
    "Rotate": ("rotation", "rotations"),
    "Fill": ("vacancy filled", "vacancies filled"),
    "Open": ("vacancy opened", "vacancies opened"),
    "SetSystemOwners": ("change of owners", "changes of owners"),
    "SetSkills": ("skill set", "skill sets"),
    "Set": ("role or share", "roles or shares"),
    "AssignCoach": ("new coach", "new coaches"),
    "EndCoaching": ("coach less", "coaches less"),
    "Record": ("new dependency", "new dependencies"),
    "Solve": ("dependency solved", "dependencies solved"),
    "ChangeRule": ("change of a rule", "changes of rules"),
    "ResetRule": ("rule reset", "rules reset"),
    "ChangeWord": ("change of a word", "changes of words"),
    "ResetWord": ("word reset", "words reset"),
    "Waive": ("waiver", "waivers"),
    "EndWaiver": ("waiver ended", "waivers ended"),
    "Assign": ("mission assigned", "missions assigned"),
    "HandOver": ("mission handed over", "missions handed over"),
    "Reinstate": ("return", "returns"),
    "Change": ("change of chapter", "changes of chapter"),
}
UNIT_VERBS = {
    "Create": "new",
    "Form": "new",
    "Close": "closed",
    "Retire": "retired",
    "Reopen": "reopened",
    "Remove": "removed",
}


AS_ONE = frozenset({"SplitSquad", "FormSquad", "RotatePeople"})
"""Operations that count once, however many people they name."""


def in_one_line(operations: Iterable[tuple[str, int]]) -> Phrase:
    """Return a generated line for operations, given their names and how many people each names."""
    counts: Counter[tuple[str, str]] = Counter()
    for name, people in operations:
        counts[_words(name)] += 1 if name in AS_ONE else people or 1
    parts = (count(number, *words) for words, number in counts.most_common())
    return joined(", ", parts) or say("Nothing changed yet")


def counted_words() -> set[tuple[str, str]]:
    """Return all that such a line may count, once and several times."""
    return {_words(name) for name in (*OPERATIONS, TAKEN_BACK)}


def _words(name: str) -> tuple[str, str]:
    """Return what to call an operation, once and several times."""
    if name == MovePeople.__name__:
        return "move", "moves"
    if name == ApplyChanges.__name__:
        return "import", "imports"
    for verb, adjective in UNIT_VERBS.items():
        if name.startswith(verb):
            kind = name.removeprefix(verb).lower()
            return f"{adjective} {kind}", f"{adjective} {KINDS[kind].PLURAL}"
    return next((words for verb, words in VERBS.items() if name.startswith(verb)), ("edit", "edits"))


def tribes_touched(changes: Iterable[Change], before: Org, after: Org) -> list[Tribe]:
    """Return the open tribes whose boards show some of these changes, by name."""
    reached = (after.tribes.get(id_) for id_ in tribes_of(changes, before, after))
    return by_name(tribe for tribe in reached if tribe is not None and tribe.closed_on is None)
