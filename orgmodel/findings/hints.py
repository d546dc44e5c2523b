"""Where most of an organization breaks a rule, it may be the rule that does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from orgmodel.core.operations.base import noun
from orgmodel.core.org import Org
from orgmodel.core.phrases import say
from orgmodel.core.records import KINDS
from orgmodel.core.rules.base import Finding
from orgmodel.core.rules.settings import settings_of
from orgmodel.findings.wording import title_of

FEWEST = 10  # records of a kind; among fewer, most of them are a handful


@dataclass(frozen=True, slots=True)
class Hint:
    """A rule that most records of a kind break, and how many do."""

    rule: str
    story: str

    @property
    def title(self) -> str:
        return title_of(self.rule)


def hints_of(org: Org, findings: Iterable[Finding]) -> list[Hint]:
    """Return the rules that more than half of the records they are about break."""
    grouped: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        grouped.setdefault((finding.code, finding.kind), []).append(finding)
    return list(_hints(org, grouped.values()))


def _hints(org: Org, groups: Iterable[Sequence[Finding]]) -> Iterator[Hint]:
    for found in groups:
        first, many = found[0], len({finding.id for finding in found})
        among = org.count(first.kind)
        if among >= FEWEST and many > among / 2:
            yield Hint(first.rule, _story(org, found, many, among))


def _story(org: Org, found: Sequence[Finding], many: int, among: int) -> str:
    """Say on which side of a limit these findings of one rule are, where the rule has one that they share."""
    told = {"n": many, "all": among, "kinds": noun(KINDS[found[0].kind].PLURAL)}
    settable = settings_of(org).terms[found[0].rule].thresholds.values()
    if all(finding.threshold in settable for finding in found):
        if all(finding.value < finding.threshold for finding in found):
            limit = max(finding.threshold for finding in found)
            return say(
                "{n:,} of {all:,} {kinds} are under the limit of {limit:g}: perhaps the limit should change.",
                **told,
                limit=limit,
            )
        if all(finding.value > finding.threshold for finding in found):
            limit = min(finding.threshold for finding in found)
            return say(
                "{n:,} of {all:,} {kinds} are over the limit of {limit:g}: perhaps the limit should change.",
                **told,
                limit=limit,
            )
    return say("{n:,} of {all:,} {kinds} break it: perhaps it is not a rule for this organization.", **told)
