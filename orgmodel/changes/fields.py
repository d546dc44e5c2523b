"""Column types of our own: ids that read as text, as in records, JSON, rows and addresses; sentences; operations."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from orgmodel.core.phrases import Phrase, kept, recalled


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


class SentencesField(models.JSONField):
    """Sentences as they were told, each with what it was made of, so that it can be told in other languages."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        told = super().from_db_value(value, expression, connection)
        return [recalled(sentence) for sentence in told] if isinstance(told, list) else told

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        told = [kept(sentence) for sentence in value] if isinstance(value, list) else value
        return super().get_db_prep_value(told, connection, prepared)


class OperationField(models.JSONField):
    """An operation as JSON. What its title was made of stands beside it, so that it can be told in other languages."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        body = super().from_db_value(value, expression, connection)
        if isinstance(body, dict) and "told" in body:
            body["title"] = recalled(body.pop("told"))
        return body

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, dict) and isinstance(value.get("title"), Phrase):
            value = {**value, "told": kept(value["title"])}
        return super().get_db_prep_value(value, connection, prepared)
