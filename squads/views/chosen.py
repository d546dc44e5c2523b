"""What the addresses of pictures ask for, and the links that ask for something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

from orgmodel.changes.pages import address
from orgmodel.core.org import Org
from orgmodel.core.phrases import say

SIDES = {"after": say("After"), "before": say("Before")}


@dataclass(frozen=True, slots=True)
class Option:
    label: str
    url: str
    is_chosen: bool


def one_of(value: str, name: str, choices: Mapping[str, str]) -> str:
    """Return a value of the address; raise BadRequest, naming what there is, where it is none of the choices."""
    if value not in choices:
        raise BadRequest(
            _("“{value}” is nothing that {name} can be in the address: {choices}.").format(
                value=value[:40], name=name, choices=", ".join(choices)
            )
        )
    return value


def side_of(request: Any) -> str:
    return one_of(request.GET.get("side") or "after", "side", SIDES)


def orgs_of(request: Any, side: str) -> tuple[Org, Org | None]:
    """Return the organization to draw, and the one that it is drawn against: what a draft sets out from."""
    replay = request.reality.replay
    if replay is None:
        return request.reality.org, None
    return (replay.before, None) if side == "before" else (request.reality.org, replay.before)


def side_options(request: Any, name: str, chosen: str, **query: Any) -> list[Option]:
    """Return the switch between what a draft sets out from and what it makes of it."""
    if request.reality.kind != "draft":
        return []
    queries = {"before": {**query, "side": "before"}, "after": query}
    return [
        Option(SIDES[side], address(request, name, **asked), chosen == side)
        for side, asked in queries.items()
    ]
