"""The one column type of our own: a UUID that reads as text, so that records, JSON, rows and addresses agree."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models


class IdField(models.UUIDField):  # type: ignore[type-arg]
    """A native UUID column whose Python value is its canonical text."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return str(value) if value is not None else None

    def to_python(self, value: Any) -> Any:
        try:
            return str(uuid.UUID(str(value))) if value is not None else None
        except ValueError as error:
            raise ValidationError(f"“{value}” is not an id.", code="invalid") from error

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        return super().get_db_prep_value(uuid.UUID(str(value)), connection, prepared)
