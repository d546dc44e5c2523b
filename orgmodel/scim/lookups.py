"""Which users and groups a filter can be about at all, by index, so that nothing is read that is not shown.

Only the columns by which identity providers look things up are here. What else a filter says is asked of the users or
groups that are left.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q
from scim2_models import ScimFilter
from scim2_models.path import CompareOperator, Comparison, LogicalExpr, LogicalOperator, ValuePath

from orgmodel.core.org import Org
from orgmodel.scim.mapping import exact, folded
from orgmodel.scim.models import ScimEmail, ScimMember

Lookups = Mapping[tuple[str, str], Callable[[str], Q]]
"""For an attribute and its sub-attribute, in lower case: the condition for a value that it equals."""

CORE = "urn:ietf:params:scim:schemas:core:2.0:"


def of_users(org: Org) -> Lookups:
    def by_email(value: str) -> Q:
        # What a user was sent with, or what the organization has put in its place.
        sent = ScimEmail.objects.filter(value=folded(value)).values("user")
        return Q(person__in=sent) | Q(person__in=[person.id for person in org.people_with_email(value)])

    return {
        ("id", ""): lambda value: Q(person__in=_ids(value)),
        ("username", ""): lambda value: Q(user_name=folded(value)),
        ("externalid", ""): lambda value: Q(external_id=exact(value)),
        ("emails", ""): by_email,
        ("emails", "value"): by_email,
    }


def _with_member(value: str) -> Q:
    return Q(id__in=ScimMember.objects.filter(person__in=_ids(value)).values("group"))


GROUPS: Lookups = {
    ("id", ""): lambda value: Q(id__in=_ids(value)),
    ("displayname", ""): lambda value: Q(name_key=folded(value)),
    ("externalid", ""): lambda value: Q(external_id=exact(value)),
    ("members", ""): _with_member,
    ("members", "value"): _with_member,
}


def narrowed(scim_filter: ScimFilter[Any] | None, lookups: Lookups) -> Q | None:
    """Return a condition that holds for all that a filter keeps, or None where no index helps."""
    return _condition(scim_filter.ast, lookups) if scim_filter is not None else None


KEYS = {("id", ""), ("username", ""), ("externalid", ""), ("displayname", "")}
"""Attributes that are kept as filters compare them: what an index finds by one needs no second look."""


def keyed(scim_filter: ScimFilter[Any], lookups: Lookups) -> Q | None:
    """Return the condition of a filter that asks for one key and nothing else, or None for any other filter."""
    node = scim_filter.ast
    is_key = isinstance(node, Comparison) and bool(node.value) and _attribute(node.attr_path, "") in KEYS
    return _condition(node, lookups) if is_key else None


def _condition(node: Any, lookups: Lookups, within: str = "") -> Q | None:
    match node:
        case Comparison(op=CompareOperator.eq, value=str(value)):
            lookup = lookups.get(_attribute(node.attr_path, within))
            return lookup(value) if lookup is not None else None
        case ValuePath():
            return _condition(node.val_filter, lookups, within=node.attr_path.attr.lower())
        case LogicalExpr():
            found = [_condition(term, lookups, within) for term in node.terms]
            known = [condition for condition in found if condition is not None]
            if node.op == LogicalOperator.and_:
                return known[0] if known else None
            return _any_of(known) if len(known) == len(found) else None
    return None


def _any_of(conditions: list[Q]) -> Q:
    first, *others = conditions
    for other in others:
        first |= other
    return first


def _attribute(path: Any, within: str) -> tuple[str, str]:
    """Return the attribute and sub-attribute that a path of a filter names."""
    if within:
        return within, path.attr.lower()
    if path.uri is not None and not path.uri.lower().startswith(CORE.lower()):
        return "", ""
    return path.attr.lower(), (path.sub_attr or "").lower()


def _ids(value: str) -> list[str]:
    """Return an id as a list to look for: none where the text is no id, which nothing has then."""
    try:
        return [str(uuid.UUID(value))]
    except ValueError:
        return []
