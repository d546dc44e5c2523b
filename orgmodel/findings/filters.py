"""What narrows the list of findings: the fields of its GET form, as the address fills them in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orgmodel.changes.pages import unknown_value
from orgmodel.core.org import Org
from orgmodel.core.phrases import joined, said
from orgmodel.core.rules.base import Finding
from orgmodel.core.rules.findings import Judged
from orgmodel.core.rules.settings import RULES, rule_of
from orgmodel.findings.queries import WORST_FIRST, name_of, tribe_of, unit_of
from orgmodel.findings.services import Addressed
from orgmodel.findings.settled import org_of
from orgmodel.findings.wording import FAMILIES, title_of

Option = tuple[str, Any]  # value and label


@dataclass(frozen=True, slots=True)
class Filter:
    """One thing the list can be narrowed to; `fits` asks whether a finding goes with the value chosen."""

    name: str
    label: str
    empty: str
    options: Sequence[Option]
    fits: Callable[[Judged, str], bool]


def filters_of(org: Org, addressed: Addressed) -> list[Filter]:
    """Return what a list of findings can be narrowed to."""

    def is_in_tribe(found: Judged, key: str) -> bool:
        own = org_of(found, org)
        tribe = tribe_of(own, unit_of(own, found.finding.ref))
        return tribe is not None and tribe.key == key

    return [
        Filter(
            "severity", _("Severity"), _("All"), [(s, _(s.capitalize())) for s in WORST_FIRST], _is_severe
        ),
        Filter(
            "family", _("Kind"), _("All"), [*FAMILIES.items()], lambda f, value: f.finding.rule[:2] == value
        ),
        Filter("rule", _("Rule"), _("All"), [(c, joined(" ", (c, title_of(c)))) for c in RULES], _is_of_rule),
        Filter("tribe", _("Tribe"), _("All"), [(t.key, t.name) for t in org.tribes_by_name()], is_in_tribe),
        Filter("state", _("State"), _("Open"), STATES, _is_in_state),
        Filter(
            "addressed",
            _("Addressed"),
            _("Any"),
            ADDRESSED,
            lambda f, v: _is(bool(addressed.get(f.finding.key)), v),
        ),
    ]


STATES = [
    ("acknowledged", gettext_lazy("Acknowledged")),
    ("waived", gettext_lazy("Waived")),
    ("all", gettext_lazy("All")),
    ("resolved", gettext_lazy("Resolved")),
]
ADDRESSED = [("yes", gettext_lazy("By a draft")), ("no", gettext_lazy("Not yet"))]


def _is_severe(found: Judged, value: str) -> bool:
    return found.finding.severity == value


def _is_of_rule(found: Judged, value: str) -> bool:
    return value in (found.finding.rule, found.finding.code)


def _is_in_state(found: Judged, value: str) -> bool:
    """What is waived counts as settled, so it is shown to those who ask for it."""
    return value in ("all", found.state) if value else found.state != "waived"


def _is(fact: bool, value: str) -> bool:
    return value == ("yes" if fact else "no")


def narrow(
    found: Sequence[Judged], filters: Sequence[Filter], query: Mapping[str, Any], org: Org
) -> list[Judged]:
    """Return the findings that go with everything chosen. Without a choice of state, what is waived is left out."""
    chosen = [(f, query.get(f.name, "")) for f in filters]
    kept = [each for each in found if all(f.fits(each, v) for f, v in chosen if v or f.name == "state")]
    text = query.get("q", "").strip().casefold()[:200]
    return [each for each in kept if text in _words(org_of(each, org), each.finding)] if text else kept


def _words(org: Org, finding: Finding) -> str:
    place = name_of(org, *unit_of(org, finding.ref))
    words = (said(finding.message), said(place), finding.code, said(title_of(finding.rule)))
    return " ".join(words).casefold()


def form_of(filters: Sequence[Filter], query: QueryDict) -> dict[str, Any]:
    """Return the form that narrows the list, for its template."""
    chosen = [query.get(f.name, "") for f in filters]
    return {
        "q": query.get("q", "").strip()[:200],
        "filters": [_field(query, f, value) for f, value in zip(filters, chosen, strict=True)],
        "keep": [{"name": n, "value": query[n]} for n in ("draft", "as_of") if query.get(n)],
        "narrowed_by": sum(map(bool, chosen)),
        "is_narrowed": any(chosen) or bool(query.get("q")),
    }


def _field(query: QueryDict, of: Filter, chosen: str) -> dict[str, Any]:
    options = [("", of.empty), *of.options]
    is_other = chosen not in dict(options)
    if is_other:
        options.append((chosen, chosen[:40]))
    unknown = chosen if is_other and not (of.name == "rule" and rule_of(chosen)) else ""
    return {
        **unknown_value(query, of.name, unknown),
        "name": of.name,
        "label": of.label,
        "options": [{"value": v, "label": words, "selected": v == chosen} for v, words in options],
    }
