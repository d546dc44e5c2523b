"""What the pages about findings show: findings as rows, rows by unit, units worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import NoReverseMatch

from orgmodel.changes.pages import address
from orgmodel.core.operations.base import noun
from orgmodel.core.org import Org, Ref
from orgmodel.core.phrases import said, say
from orgmodel.core.records import Waiver
from orgmodel.core.rules.base import SEVERITIES, Finding
from orgmodel.core.rules.findings import Judged, priority
from orgmodel.core.rules.lines import tribe_of as tribe_of_person
from orgmodel.core.rules.settings import RULES
from orgmodel.core.rules.terms import SQUAD_FIELDS
from orgmodel.findings import services
from orgmodel.findings.services import Named
from orgmodel.findings.wording import measure_of, title_of

WORST_FIRST = SEVERITIES[::-1]


def unit_of(org: Org, ref: Ref) -> Ref:
    """Return what a record is counted with: its squad, where it belongs to one, or itself."""
    squad = getattr(org.get(*ref), SQUAD_FIELDS[ref[0]], None) if ref[0] in SQUAD_FIELDS else None
    return ("squad", squad) if squad is not None else ref


def tribe_of(org: Org, unit: Ref) -> Any:
    """Return the tribe that a unit belongs to, or None."""
    kind, id_ = unit
    record: Any = org.get(kind, id_)
    if record is None or kind == "tribe":
        return record
    tribe = tribe_of_person(org, id_) if kind == "person" else getattr(record, "tribe", None)
    return org.tribes.get(tribe) if tribe else None


PAGES = {"tribe": "tribe_about", "domain": "domains"}


def page_of(request: Any, kind: str, id_: str) -> str:
    """Return the address of the page about a record; "" where it has none."""
    org: Org = request.reality.org
    record: Any = org.get(kind, id_)
    if record is None:
        return ""
    keys = [] if kind == "domain" else [getattr(record, "key", "")]
    if kind == "dependency":
        keys = [org.squads[record.squad].key, org.squads[record.needs].key]
    try:
        return address(request, PAGES.get(kind, kind), *keys)
    except NoReverseMatch:
        return ""


def name_of(org: Org, kind: str, id_: str) -> str:
    record: Any = org.get(kind, id_)
    if kind == "dependency" and record is not None:
        return say(
            "{squad} on {needs}", squad=org.squads[record.squad].name, needs=org.squads[record.needs].name
        )
    return str(getattr(record, "name", "")) if record is not None else ""


# A finding as a row


@dataclass(frozen=True, slots=True)
class Row:
    """A finding on a page: what it says, since when, what was said about it and which drafts would do away with it."""

    finding: Finding
    state: str
    waiver: Waiver | None
    since: date | None
    weight: float
    url: str
    drafts: tuple[Named, ...]

    @property
    def why(self) -> str:
        return RULES[self.finding.rule].why

    @property
    def title(self) -> str:
        return title_of(self.finding.rule)

    @property
    def mark(self) -> str:
        """Return what was said about it in a word, "" where nothing was."""
        return {"acknowledged": say("acknowledged"), "waived": say("waived")}.get(self.state, "")

    @property
    def measure(self) -> str:
        """Return the value against its threshold: "12 people, limit 9"; "" where there is nothing to measure."""
        return measure_of(self.finding.code, self.finding.value, self.finding.threshold)


def rows_of(
    request: Any, found: Iterable[Judged], since: Mapping[str, date], addressed: services.Addressed
) -> list[Row]:
    """Return findings as rows, what presses most first."""
    today = services.day_of(request.reality)
    before, _, after = address(request, "finding", "-key-").partition("-key-")
    rows = []
    for each in found:
        finding = each.finding
        began = since.get(finding.key)
        weight = priority(finding, (today - began).days if began is not None else 0)
        url, drafts = f"{before}{finding.key}{after}", addressed.get(finding.key, ())
        rows.append(Row(finding, each.state, each.waiver, began, weight, url, drafts))
    return sorted(
        rows, key=lambda row: (-SEVERITIES.index(row.finding.severity), -row.weight, row.finding.key)
    )


# Rows by unit


@dataclass(slots=True)
class Unit:
    """A unit with its findings; `weight` is what all of them press together."""

    ref: Ref
    name: str
    url: str
    tribe: Any
    rows: list[Row] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return noun(self.ref[0])

    @property
    def weight(self) -> float:
        return sum(row.weight for row in self.rows)

    @property
    def counts(self) -> list[tuple[str, int]]:
        return counts_of(row.finding for row in self.rows)

    @property
    def story(self) -> str:
        """Return the worst in a few words, to be read after the name."""
        message = said(self.rows[0].finding.message)
        return message.removeprefix(f"{self.name} ").removesuffix(".")

    @property
    def eased(self) -> int:
        """Return how many of the findings a draft would do away with."""
        return sum(bool(row.drafts) for row in self.rows)

    @property
    def drafts(self) -> list[Named]:
        """Return the drafts that would do away with any of the findings, the one with most of them first."""
        return [draft for draft, _ in Counter(d for row in self.rows for d in row.drafts).most_common()]

    @property
    def addressed(self) -> str:
        if not self.eased:
            return say("Nobody is on it")
        return say("Addressed") if self.eased == len(self.rows) else say("Partly addressed")


def units_of(request: Any, rows: Sequence[Row]) -> list[Unit]:
    """Return units with their rows, the unit that presses most first."""
    org: Org = request.reality.org
    found: dict[Ref, Unit] = {}
    for row in rows:
        ref = unit_of(org, row.finding.ref)
        if ref not in found:
            found[ref] = Unit(ref, name_of(org, *ref), page_of(request, *ref), tribe_of(org, ref))
        found[ref].rows.append(row)
    return sorted(found.values(), key=lambda unit: (-unit.weight, unit.name.casefold(), unit.ref))


def counts_of(findings: Iterable[Finding]) -> list[tuple[str, int]]:
    """Return how many findings there are of each severity that there are any of, worst first."""
    found = Counter(finding.severity for finding in findings)
    return [(severity, found[severity]) for severity in WORST_FIRST if found[severity]]


def refs_of_unit(org: Org, ref: Ref) -> Iterator[Ref]:
    """Yield what is counted with a unit: itself and, of a squad, what it owns, hires for and holds others up with."""
    yield ref
    if ref[0] != "squad":
        return
    for kind, name in SQUAD_FIELDS.items():
        for id_ in org.pointing(kind, name, ref[1]):
            yield kind, id_
