"""Why a draft stopped and what is noted of its changes remember what they were made of, as JSON."""

import json
from collections.abc import Callable
from typing import Any

from django.db import migrations

import orgmodel.changes.fields

COLUMNS = (("Draft", "failure"), ("DraftOperation", "note"))


def to_json(apps: Any, schema_editor: Any) -> None:
    _rewrite(apps, json.dumps)


def to_text(apps: Any, schema_editor: Any) -> None:
    _rewrite(apps, lambda kept: text if isinstance(text := json.loads(kept), str) else text[0])


def _rewrite(apps: Any, written: Callable[[str], str]) -> None:
    for model, column in COLUMNS:
        rows = apps.get_model("changes", model).objects
        for pk, text in rows.exclude(**{column: ""}).values_list("pk", column):
            rows.filter(pk=pk).update(**{column: written(text)})


class Migration(migrations.Migration):
    dependencies = [
        ("changes", "0012_told"),
    ]

    operations = [
        migrations.RunPython(to_json, to_text),
        migrations.AlterField("draft", "failure", orgmodel.changes.fields.SentenceField(blank=True)),
        migrations.AlterField("draftoperation", "note", orgmodel.changes.fields.SentenceField(blank=True)),
    ]
