"""Short names for the columns that record tables are made of, so that a model reads like its record."""

from __future__ import annotations

from typing import Any

from django.db import models

from orgmodel.core.records import specs_of


def text(limit: int, **options: Any) -> models.CharField[str, str]:
    return models.CharField(max_length=limit, blank=True, default="", **options)


def long_text() -> models.TextField[str, str]:
    return models.TextField(blank=True, default="")


def choice(kind: str, field: str) -> models.CharField[str, str]:
    """A column whose choices are those of the record's field."""
    options = specs_of(kind)[field].choices
    return models.CharField(max_length=30, choices=options, default=options[0][0], blank=options[0][0] == "")


def ref(target: str, *, required: bool = False, related_name: str = "+", **options: Any) -> Any:
    """A reference that is never followed by a cascade: what must go along is planned by the operation."""
    return models.ForeignKey(
        target,
        on_delete=models.PROTECT,
        null=not required,
        blank=not required,
        related_name=related_name,
        **options,
    )


def day(*, required: bool = False, **options: Any) -> models.DateField[Any, Any]:
    return models.DateField(null=not required, blank=not required, **options)


def number() -> models.DecimalField[Any, Any]:
    return models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
