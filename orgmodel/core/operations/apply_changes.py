"""The operation that carries changes as they are: an import, an undo, a day of the past copied into a draft."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from orgmodel.core import changes
from orgmodel.core.changes import Change
from orgmodel.core.operations.base import Operation
from orgmodel.core.org import Org
from orgmodel.core.records import Spec, text


@dataclass(frozen=True, slots=True)
class ApplyChanges(Operation):
    """Make changes that were worked out beforehand, such as those of an import or an undo.

    Raises Conflict where a field no longer holds what the changes set out from.
    """

    title: str = text(500, required=True)
    changes: tuple[Change, ...] = dataclasses.field(default=(), metadata={"spec": Spec("changes")})

    def apply(self, org: Org) -> Org:
        return changes.apply(org, self.changes)

    def redone(self, org: Org) -> Operation | None:
        """Make the changes that still fit."""
        left = tuple(changes.fitting(org, self.changes))
        return dataclasses.replace(self, changes=left) if left and left != self.changes else None

    def describe(self, org: Org) -> str:
        return self.title
