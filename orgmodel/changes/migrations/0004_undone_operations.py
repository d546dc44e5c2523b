"""Drafts keep what was taken back, so that it can be brought back, and know what was appended together."""

from typing import Any

from django.db import migrations, models


def each_on_its_own(apps: Any, schema_editor: Any) -> None:
    apps.get_model("changes", "DraftOperation").objects.update(batch=models.F("position"))


def drop_undone(apps: Any, schema_editor: Any) -> None:
    apps.get_model("changes", "DraftOperation").objects.exclude(undone=None).delete()


class Migration(migrations.Migration):
    dependencies = [("changes", "0003_mentions")]

    operations = [
        migrations.AddField(
            "draftoperation", "batch", models.PositiveIntegerField(default=0), preserve_default=False
        ),
        migrations.AddField("draftoperation", "undone", models.PositiveIntegerField(null=True)),
        migrations.RunPython(each_on_its_own, drop_undone),
    ]
