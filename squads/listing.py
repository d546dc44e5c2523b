"""Searchable lists: what their GET form offers, and one page of what it finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from orgmodel.changes.pages import can_change, unknown_value
from orgmodel.core.org import Org, by_name
from orgmodel.core.phrases import say
from orgmodel.core.records import specs_of
from squads import queries
from squads.queries import Filter

OFFERED = 200

Option = tuple[str, str]
"""A value of an address, and the words for it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing a list can be narrowed to. `means` turns a chosen value into a filter."""

    name: str
    label: str
    options: Sequence[Option]
    means: Callable[[str], Filter]
    empty: str = say("All")
    always: bool = False  # whether leaving it alone narrows the list too


def options_of(kind: str, field: str) -> list[Option]:
    return [(value, words) for value, words in specs_of(kind)[field].choices if value]


def record_options(records: Any) -> list[Option]:
    """Return what to choose from among records; the value is the key, as everywhere in addresses."""
    return [(record.key, record.name) for record in by_name(records)[:OFFERED]]


def tribe_options(org: Org) -> list[Option]:
    return record_options(tribe for tribe in org.tribes.values() if tribe.closed_on is None)


def id_of(org: Org, kind: str, key: str) -> str:
    """Return the id that a key in an address stands for; "" for one that does not exist."""
    record = org.find(kind, key)
    return record.id if record is not None else ""


def in_tribe(org: Org) -> Choice:
    """Narrow units to those of a tribe."""

    def means(key: str) -> Filter:
        id_ = id_of(org, "tribe", key)
        return queries.equals("tribe", id_) if id_ else queries.nothing()

    return Choice("tribe", _("Tribe"), tribe_options(org), means)


def of_squad_in_tribe(org: Org) -> Choice:
    """Narrow what belongs to squads to that of a tribe's squads."""

    def means(key: str) -> Filter:
        id_ = id_of(org, "tribe", key)
        if not id_:
            return queries.nothing()
        return Filter(
            Q(squad__tribe=id_),
            lambda org, record: bool(record.squad) and org.squads[record.squad].tribe == id_,
        )

    return Choice("tribe", _("Tribe"), tribe_options(org), means)


def state_of(kind: str, field: str, label: str) -> Choice:
    """Narrow records to those with one of a field's choices."""
    options = options_of(kind, field)

    def means(value: str) -> Filter:
        return queries.equals(field, value) if value in dict(options) else queries.nothing()

    return Choice(field, label, options, means)


def _of_closed(value: str) -> Filter:
    shown = {"": queries.is_open, "yes": queries.is_closed, "all": queries.everything}
    return shown.get(value, queries.nothing)()


CLOSED = Choice(
    "closed",
    say("Show"),
    [("yes", say("Closed")), ("all", say("All"))],
    _of_closed,
    empty=say("Open"),
    always=True,
)


def listing(
    request: Any,
    kind: str,
    *,
    search: Sequence[str],
    filters: Sequence[Choice],
    always: Sequence[Filter] = (),
    order: str = "name",
) -> dict[str, Any]:
    """Return one page of records with the form that finds them."""
    asked, chosen = narrowing(request, filters)
    conditions = [*always, *queries.words(asked["q"], search), *chosen]
    return {**asked, "page": queries.page_of(request, kind, conditions, order=order)}


def narrowing(request: Any, filters: Sequence[Choice]) -> tuple[dict[str, Any], list[Filter]]:
    """Return the form that narrows a list, as the address fills it in, and what that chooses besides the text."""
    text = request.GET.get("q", "").strip()[:200]
    chosen = {each.name: request.GET.get(each.name, "") for each in filters}
    form = {
        "q": text,
        "filters": [_shown(request.GET, each, chosen[each.name]) for each in filters],
        "keep": [{"name": n, "value": request.GET[n]} for n in ("draft", "as_of") if request.GET.get(n)],
        "narrowed_by": sum(map(bool, chosen.values())),
        "is_narrowed": bool(text) or any(chosen.values()),
        "may_change": can_change(request),
    }
    return form, [each.means(chosen[each.name]) for each in filters if chosen[each.name] or each.always]


def _shown(query: QueryDict, choice: Choice, chosen: str) -> dict[str, Any]:
    options = [{"value": "", "label": choice.empty, "selected": not chosen}]
    options += [
        {"value": value, "label": words, "selected": value == chosen} for value, words in choice.options
    ]
    is_other = bool(chosen) and chosen not in dict(choice.options)
    if is_other:
        options.append({"value": chosen, "label": chosen, "selected": True})
    unknown = (
        chosen if is_other and len(choice.options) < OFFERED else ""
    )  # where not all are offered, it may be one
    return {
        "name": choice.name,
        "label": choice.label,
        "options": options,
        **unknown_value(query, choice.name, unknown),
    }
