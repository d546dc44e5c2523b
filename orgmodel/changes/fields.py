"""Column types of our own: ids that read as text, as in records, JSON, rows and addresses; and sentences."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from orgmodel.core.phrases import kept, recalled


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


class SentenceField(models.TextField):  # type: ignore[type-arg]
    """A text as somebody wrote it, or a sentence with what it was made of, so that it can be told in other languages.

    It is JSON in its column; an empty text is empty there too.
    """

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return recalled(json.loads(value)) if value else value

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return json.dumps(kept(text)) if text else text


class SentencesField(models.JSONField):
    """Sentences as they were told, each with what it was made of, so that it can be told in other languages."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        told = super().from_db_value(value, expression, connection)
        return [recalled(sentence) for sentence in told] if isinstance(told, list) else told

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        told = [kept(sentence) for sentence in value] if isinstance(value, list) else value
        return super().get_db_prep_value(told, connection, prepared)
