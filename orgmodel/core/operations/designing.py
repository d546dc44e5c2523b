"""What org designers decide, whoever may publish otherwise: the rules, and the organization's words for its units."""

from __future__ import annotations

from orgmodel.core.operations.apply_changes import ApplyChanges
from orgmodel.core.operations.base import Operation
from orgmodel.core.operations.findings import ChangeRule, ResetRule
from orgmodel.core.operations.vocabulary import ChangeWord, ResetWord
from orgmodel.core.records import RuleSetting, Word

DESIGNED = frozenset({RuleSetting.KIND, Word.KIND})
"""The kinds of record that only org designers change live."""


def is_for_designers(operation: Operation) -> bool:
    """Say whether an operation changes what only org designers do, be it as an import or an undo."""
    if isinstance(operation, ApplyChanges):
        return any(change.kind in DESIGNED for change in operation.changes)
    return isinstance(operation, (ChangeRule, ResetRule, ChangeWord, ResetWord))
