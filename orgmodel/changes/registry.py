"""Which table holds which kind of record. Apps announce theirs in `AppConfig.ready`, so nothing imports upward."""

from __future__ import annotations

from orgmodel.changes.models import RecordModel
from orgmodel.core.records import Record

_models: dict[str, type[RecordModel]] = {}


def register(record: type[Record], model: type[RecordModel]) -> None:
    _models[record.KIND] = model


def model_of(kind: str) -> type[RecordModel]:
    """Return the table of a kind of record."""
    return _models[kind]


def registered() -> dict[str, type[RecordModel]]:
    return dict(_models)
