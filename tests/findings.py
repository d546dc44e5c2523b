"""What rules say of an organization in a test: `told("SQ-01", squad("Search", *crew(10)))`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from orgmodel.core.org import Org, Ref
from orgmodel.core.phrases import Phrase
from orgmodel.core.rules.findings import evaluate
from tests.build import Part, an_org, person

TODAY = date(2026, 11, 20)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def crew(number: int, first: int = 1) -> list[str]:
    """Return so many names."""
    return [f"P{index}" for index in range(first, first + number)]


def all_of(names: list[str], **fields: Any) -> Part:
    """People who have everything in common but the name."""
    return Part(tuple(record for name in names for record in person(name, **fields).records))


def told(rule: str, *parts: Part | Org, since: dict[Ref, date] | None = None) -> list[str]:
    """Return what a rule says, worst first: how severe, and the message."""
    org = parts[0] if isinstance(parts[0], Org) else an_org(*(p for p in parts if isinstance(p, Part)))
    found = [f for f in evaluate(org, TODAY, since=since) if f.rule == rule]
    return [f"{finding.severity}: {as_phrase(finding.message)}" for finding in found]


def as_phrase(text: str) -> str:
    """Return what a phrase says, having made sure that it is one: it can be said in every language."""
    assert isinstance(text, Phrase), text
    return text.said()
