"""What drafts are held against: live, another draft, a day or a snapshot; and several drafts side by side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from orgmodel.access import roles
from orgmodel.changes import publishing, services
from orgmodel.changes.future import outlook
from orgmodel.changes.models import Draft, Head, Snapshot
from orgmodel.changes.pictures.alluvial import Side
from orgmodel.changes.pictures.drawing import number
from orgmodel.changes.plans import Planned, plan_of
from orgmodel.changes.whole_figures import figures_on
from orgmodel.core import changes as core
from orgmodel.core.comparison import Comparison, compare
from orgmodel.core.comparison import rows_of as changes_of
from orgmodel.core.figures import Figures, rows_of
from orgmodel.core.impact import Impact, impact_of
from orgmodel.core.org import Org
from orgmodel.core.phrases import Phrase, count, day_in_words, joined, nonzero, say
from orgmodel.core.rules.base import Finding
from orgmodel.core.rules.findings import Difference, difference_made
from orgmodel.core.rules.reorganization import Check

LIVE = "live"
SNAPSHOT = "snapshot:"  # before its key, which might be that of a draft as well
OFFERED = 50  # drafts and snapshots to choose from
MOST = 6  # drafts side by side

PLANNED = (Draft.State.OPEN, Draft.State.FAILED, Draft.State.SCHEDULED)


# One draft against something


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a draft is held against. `key` differs wherever the organization may."""

    value: str  # as it stands in the address
    side: Side
    key: Hashable
    head: Head
    live: Org

    def figures_on(self, org: Org) -> Figures:
        return figures_on(org, self.head, self.live)


@dataclass(frozen=True, slots=True)
class Compared:
    """A draft held against something: both sides, and what differs between them."""

    baseline: Baseline
    after: Side
    comparison: Comparison
    impact: Impact
    figures: tuple[Figures, Figures]
    difference: Difference  # what it does to findings

    @property
    def before(self) -> Side:
        return self.baseline.side

    @property
    def settled(self) -> list[Finding]:
        return list(self.difference.fixed)

    @property
    def new(self) -> list[Finding]:
        return [*self.difference.new, *(now for _, now in self.difference.worse)]


def baseline(text: str, *, user: Any, head: Head, live: Org, today: date) -> Baseline:
    """Return what an address asks to compare with. Raises Http404 or BadRequest, saying what there is none of."""
    if text in ("", LIVE):
        side = Side(live, say("Live, {day}", day=day_in_words(today)))
        return Baseline(LIVE, side, (LIVE, head.version, head.change_set), head, live)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return day_as_baseline(text, user=user, head=head, live=live, today=today)
    if text.startswith(SNAPSHOT):
        return _snapshot_as_baseline(text, head, live)
    draft = planned_drafts(user).filter(key=text).first() if "\x00" not in text else None
    if draft is None:
        raise Http404(_("There is no draft “{name}” to compare with.").format(name=text[:100]))
    planned = plan_of(draft, head, part=roles.part_of(user, draft))
    return Baseline(draft.key, side_of(draft, planned), planned.key, head, live)


def day_as_baseline(text: str, *, user: Any, head: Head, live: Org, today: date) -> Baseline:
    """Return the organization at the end of a day, or as it is planned for one to come. Raises BadRequest."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        message = _("“{text}” is no day of the calendar. A day looks like 2026-06-30.")
        raise BadRequest(message.format(text=text[:40])) from None
    value = day.isoformat()
    if day > today:
        planned = outlook(day, user, head)
        side = Side(planned.org, say("Planned for {day}", day=day_in_words(day)), f"as_of={value}")
        drafts = tuple((draft.pk, draft.revision) for draft in planned.drafts)
        return Baseline(value, side, ("on", drafts, head.version, head.change_set), head, live)
    side = Side(services.org_as_of(day), say("As of {day}", day=day_in_words(day)), f"as_of={value}")
    return Baseline(value, side, ("day", day, head.version, head.change_set), head, live)


def _snapshot_as_baseline(text: str, head: Head, live: Org) -> Baseline:
    name = text.removeprefix(SNAPSHOT)
    found = Snapshot.objects.filter(key=name).first() if "\x00" not in name else None
    if found is None:
        raise Http404(_("There is no snapshot “{name}” to compare with.").format(name=name[:100]))
    side = Side(services.org_at_version(found.version), found.name)
    key = ("snapshot", found.version, head.version, head.change_set)
    return Baseline(text, side, key, head, live)


def compared(base: Baseline, draft: Draft, planned: Planned, today: date) -> Compared:
    """Return a draft held against something, kept for as long as neither changes."""
    return services.kept(
        ("compared", base.key, planned.key, today), lambda: _compared(base, draft, planned, today)
    )


def _compared(base: Baseline, draft: Draft, planned: Planned, today: date) -> Compared:
    after = side_of(draft, planned)
    changes = core.between(base.side.org, after.org)  # both count what they touched from live
    return Compared(
        base,
        after,
        compare(base.side.org, after.org, changes),
        impact_of(base.side.org, after.org, changes, today=today),
        (base.figures_on(base.side.org), base.figures_on(after.org)),
        difference_made(base.side.org, after.org, changes, today),
    )


def side_of(draft: Draft, planned: Planned) -> Side:
    """Return a draft as one side of a picture, with addresses that stay in it where it can be opened."""
    day = draft.scheduled_on or draft.effective_on
    title = joined(", ", (draft.name, day_in_words(day))) if day is not None else draft.name
    return Side(planned.replay.after, title, f"draft={draft.key}" if draft.is_open else "")


def planned_drafts(user: Any) -> QuerySet[Draft]:
    """Return the drafts that a user sees and that still may come, the last edited first."""
    return roles.visible_drafts(user).filter(state__in=PLANNED).order_by("-updated_at", "pk")


def choices(user: Any, draft: Draft) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what a draft can be held against, in groups; a day is asked for besides."""
    drafts = planned_drafts(user).exclude(pk=draft.pk).values_list("key", "name")[:OFFERED]
    snapshots = Snapshot.objects.order_by("-version", "pk").values_list("key", "name")[:OFFERED]
    groups = [
        (_("Organization"), [(LIVE, _("Live"))]),
        (_("Drafts"), list(drafts)),
        (_("Snapshots"), [(f"{SNAPSHOT}{key}", name) for key, name in snapshots]),
    ]
    return [(label, options) for label, options in groups if options]


# Several drafts side by side


@dataclass(frozen=True, slots=True)
class Column:
    """One of several organizations side by side."""

    name: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure, and how far it is from that of today."""

    text: str
    shift: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Some drafts, live and perhaps a day: what each asks of people, and what each leads to."""

    columns: tuple[Column, ...]
    parts: tuple[tuple[str, tuple[Line, ...]], ...]


def chosen_drafts(user: Any, keys: Sequence[str]) -> list[Draft]:
    """Return these drafts in the order asked for. Raises Http404 where there is one that the user may not see."""
    keys = list(dict.fromkeys(keys))
    if len(keys) > MOST:
        message = _("{most} drafts fit side by side, not {asked}. Choose fewer.")
        raise BadRequest(message.format(most=MOST, asked=len(keys)))
    known = [key for key in keys if "\x00" not in key]
    found = {draft.key: draft for draft in planned_drafts(user).filter(key__in=known)}
    missing = next((key for key in keys if key not in found), None)
    if missing is not None:
        raise Http404(_("There is no draft “{name}” to compare.").format(name=missing[:100]))
    drafts = [found[key] for key in keys]
    roles.read_shares(user, drafts)
    return drafts


def side_by_side(
    drafts: Sequence[Draft], past: Baseline | None, *, user: Any, head: Head, live: Org, today: date
) -> SideBySide:
    """Return drafts on today's organization next to it, and next to a day in the past."""
    now = baseline(LIVE, user=user, head=head, live=live, today=today)
    bases = [now] if past is None else [now, past]
    plans = [plan_of(draft, head, part=roles.part_of(user, draft)) for draft in drafts]
    both = list(zip(drafts, plans, strict=True))
    found = [compared(now, draft, planned, today) for draft, planned in both]
    checks = [publishing.checks(draft, planned, today) for draft, planned in both]
    columns = [_column(draft) for draft in drafts] + [Column(base.side.title) for base in bases]
    led_to = [one.figures[1] for one in found] + [base.figures_on(base.side.org) for base in bases]
    return SideBySide(
        tuple(columns),
        (
            (_("What it asks"), tuple(_asked(found, checks, blank=len(bases)))),
            (_("What it leads to"), tuple(_reached(led_to, len(drafts)))),
        ),
    )


def _column(draft: Draft) -> Column:
    return Column(draft.name, reverse("draft_compare", args=[draft.key]), roles.name_of(draft.owner))


def _asked(found: Sequence[Compared], checks: Sequence[Sequence[Check]], *, blank: int) -> Iterator[Line]:
    """Yield what each draft asks of people; live and a day, `blank` columns, ask nothing."""
    rows = [
        *((row.label, [*map(number, row.values)]) for row in changes_of([c.comparison for c in found])),
        (_("Human price"), [number(one.impact.price) for one in found]),
        (_("Checks open"), [open_checks(some) for some in checks]),
    ]
    for label, texts in rows:
        yield Line(label, (*(Cell(text) for text in texts), *[Cell("")] * blank))


def _reached(columns: Sequence[Figures], live: int) -> Iterator[Line]:
    """Yield the figures of each organization; `live` is the place of today's."""
    for row in rows_of(columns):
        today = row.values[live]
        yield Line(row.label, tuple(Cell(number(value), shift_of(today, value)) for value in row.values))


def shift_of(before: int, after: int) -> str:
    """Return how far a number is from another, with its sign; "" where they are the same."""
    if before == after:
        return ""
    sign = "+" if after > before else "\N{MINUS SIGN}"
    return joined("", (sign, number(abs(after - before))))


def open_checks(checks: Sequence[Check]) -> Phrase:
    """Return how many checks of each level are open, such as "1 blocker, 2 high"; "none" where none is."""
    levels = Counter(check.level for check in checks)
    counts = (
        count(levels["blocker"], "{n:,} blocker", "{n:,} blockers"),
        count(levels["high"], "{n:,} high", "{n:,} high"),
        count(levels["medium"], "{n:,} medium", "{n:,} medium"),
    )
    return joined(", ", nonzero(counts)) or say("none")
